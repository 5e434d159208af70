-- One row per record and e-mail address, of cards and attendees alike.
-- key: record_id, email
-- record_id: the card, or the attendee's address
-- email: the address in lower case
-- match_key: the address for matching: no +tag, and for Gmail neither dots nor googlemail
-- local_part: what stands before the @ of the match key
-- domain: what stands behind it
-- ordinal: its place in the card, from 1; preferred ones first
select
    card_emails.record_id,
    card_emails.email,
    card_emails.match_key,
    card_emails.local_part,
    card_emails.domain,
    row_number() over (
        partition by card_emails.record_id
        order by card_emails.is_preferred desc, card_emails.ordinal asc
    ) as ordinal
from staging.card_emails
union all
select
    attendees.record_id,
    attendees.email,
    attendees.match_key,
    attendees.local_part,
    attendees.domain,
    1 as ordinal
from staging.attendees
