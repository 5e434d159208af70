-- One row per group card and member: its name is a category of its members (RFC 6350 6.6.5).
-- key: source, category, member_uid
-- member_uid: whom it lists, as a UID: without urn:uuid:, in lower case
-- member_email: the same as an e-mail address, null where it is none
-- member_digits: the last nine digits, where it is a phone number

-- Evolution's lists have their members as e-mail addresses of the list.
with members as (
    select
        contacts.source,
        contacts.full_name as category,
        unnest(
            list_concat(
                coalesce(contacts.members, []),
                list_transform(
                    coalesce(contacts.emails, []), lambda email: 'mailto:' || email.value
                )
            )
        ) as member
    from raw.contacts
    where contacts.kind = 'group' and contacts.gone_at is null and contacts.full_name is not null
)

select distinct
    members.source,
    members.category,
    lower(regexp_replace(members.member, '^(urn:uuid:)+', '', 'i')) as member_uid,
    lower(
        nullif(
            regexp_extract(url_decode(members.member), '^(?:mailto:)?([^@:\s]+@[^@:\s?]+)', 1, 'i'),
            ''
        )
    ) as member_email,
    case
        when members.member ilike 'tel:%'
            then right(regexp_replace(split_part(members.member, ';', 1), '[^0-9]', '', 'g'), 9)
    end as member_digits
from members
