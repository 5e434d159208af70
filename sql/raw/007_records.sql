-- An occurrence has a number of its own, which it keeps when it is moved.
create sequence raw.meeting_id_sequence;

alter table raw.meetings
add column meeting_id bigint default nextval('raw.meeting_id_sequence');

-- Somebody may be invited by phone.
-- (sqlfluff does not know the clauses.)
alter table raw.meetings add column organizer.phone varchar;  -- noqa: PRS

alter table raw.meetings add column attendees.element.phone varchar;  -- noqa: PRS

-- What is no address was taken for one: a word is a name, and has no number.
update raw.meetings
set
    organizer = struct_update(
        organizer,
        record_id := null::bigint,
        email := null::varchar,
        "name" := coalesce(organizer.name, organizer.email)
    )
where not regexp_full_match(organizer.email, '[^@\s]+@[^@\s]+');

update raw.meetings
set
    attendees = list_transform(
        attendees,
        lambda one: case
            when regexp_full_match(coalesce(one.email, 'a@b'), '[^@\s]+@[^@\s]+') then one
            else struct_update(
                one,
                record_id := null::bigint,
                email := null::varchar,
                "name" := coalesce(one.name, one.email)
            )
        end
    )
where len(
    list_filter(
        attendees, lambda one: not regexp_full_match(one.email, '[^@\s]+@[^@\s]+')
    )
) > 0;

-- Whoever was invited by phone was passed over: their events are read again.
update raw.items
set expanded_until = timestamptz '1970-01-01 00:00:00+00'
where
    kind = 'event'
    and superseded_at is null
    and gone_at is null
    and contains(lower(body::varchar), 'tel:');
