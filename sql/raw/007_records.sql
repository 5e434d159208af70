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

-- Cards of one address book and one UID were one record, whatever they said: the newest of them was
-- seen and keeps it, and each that tells something else is a record of its own.
create temp table second_cards as
with told as (
    select
        contacts.record_id,
        contacts.item_id,
        contacts.source,
        contacts.collection,
        contacts.uid || ' ' || contacts.href as record_key,
        to_json(
            struct_pack(
                full_name := contacts.full_name,
                given := contacts.given,
                family := contacts.family,
                emails := contacts.emails,
                phones := contacts.phones,
                organization := contacts.organization,
                birthday := contacts.birthday
            )
        )::varchar as content
    from raw.contacts
    where
        contacts.gone_at is null
        and contacts.uid is not null
        and contacts.record_id in (
            select twins.record_id
            from raw.contacts as twins
            where twins.gone_at is null
            group by twins.record_id
            having count(*) > 1
        )
),

newest as (
    select
        told.*,
        max(told.item_id) over (partition by told.record_id, told.content) as content_item_id,
        max(told.item_id) over (partition by told.record_id) as record_item_id
    from told
)

select newest.*
from newest
where newest.content_item_id <> newest.record_item_id;

insert into raw.record_ids
select
    nextval('raw.record_id_sequence') as record_id,
    'card' as kind,
    seconds.source,
    seconds.collection,
    seconds.record_key as "key",
    now() as given_at
from second_cards as seconds
where seconds.item_id = seconds.content_item_id;

update raw.contacts
set record_id = record_ids.record_id
from second_cards as seconds
inner join second_cards as firsts on seconds.content_item_id = firsts.item_id
inner join raw.record_ids
    on
        firsts.source = record_ids.source
        and firsts.collection = record_ids.collection
        and firsts.record_key = record_ids."key"
where contacts.item_id = seconds.item_id;

drop table second_cards;
