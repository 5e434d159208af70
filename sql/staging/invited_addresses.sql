-- One row per e-mail address ever invited to a meeting, organisers included, rooms and lists not.
-- key: record_id
-- name: the name it is invited by most often
-- names: every name it was invited by
-- sources: where the meetings came from
-- is_owner: the source says that this is the account's owner
with invited as (
    select
        meetings.source,
        unnest(meetings.attendees) as invited
    from raw.meetings
),

-- Millions of invitations, thousands of addresses: group before anything else is asked.
seen as (
    select
        invited.source,
        invited.invited.record_id,
        invited.invited.name,
        invited.invited.kind,
        invited.invited.is_owner,
        min(invited.invited.email) as email,
        count(*) as times
    from invited
    group by all
    union all
    select
        meetings.source,
        meetings.organizer.record_id,
        meetings.organizer.name,
        meetings.organizer.kind,
        meetings.organizer.is_owner,
        min(meetings.organizer.email) as email,
        count(*) as times
    from raw.meetings
    group by all
),

addresses as (
    select
        seen.record_id,
        raw.email_address(min(seen.email)) as email,
        arg_max(seen.name, row(seen.times, seen.name)) as name,
        list_sort(list(distinct seen.name) filter (where seen.name is not null)) as names,
        list_sort(list(distinct seen.source)) as sources,
        coalesce(bool_or(seen.is_owner), false) as is_owner
    from seen
    where seen.record_id is not null and seen.email is not null
    group by seen.record_id
    having bool_or(coalesce(seen.kind, 'unknown') in ('individual', 'unknown'))
)

select
    addresses.record_id,
    addresses.email,
    raw.email_key(addresses.email) as match_key,
    raw.email_local_part(addresses.email) as local_part,
    raw.email_domain(addresses.email) as domain,
    addresses.name,
    coalesce(addresses.names, []) as names,
    addresses.sources,
    addresses.is_owner
from addresses
where addresses.email is not null
