-- One row per group card and member: its name is a category of its members (RFC 6350 6.6.5).
-- key: source, category, member_uid
-- source: the source that has both
-- category: the group's name
-- member_uid: the member's UID, without urn:uuid:
with contacts as (
    select * from raw.contacts
),

members as (
    select
        contacts.source,
        contacts.full_name as category,
        unnest(contacts.members) as member
    from contacts
    where contacts.kind = 'group' and contacts.gone_at is null
),

final as (
    select distinct
        members.source,
        members.category,
        regexp_replace(members.member, '^(urn:uuid:|mailto:)', '', 'i') as member_uid
    from members
    where members.category is not null
)

select * from final
