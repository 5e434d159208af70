-- One row per company that gives mailboxes to everybody: its domains name no employer.
-- key: label
-- label: the name in the domain, without what stands behind the last dots
select distinct word as label
from raw.words
where list = 'mail_providers'
