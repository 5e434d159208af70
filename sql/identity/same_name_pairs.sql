-- One row per pair of point components whose names may be one human's: what agrees, what not.
-- key: component_a, component_b
-- component_a: the lesser component
-- component_b: the greater component
-- record_a: the record of either that speaks for the two: the one whose names are most alike
-- record_b: the other such record, greater than record_a
-- name_relation: how the names of these two compare, as in identity.comparisons
-- n_expected: how many people of that name a book of this size would hold by chance; of part of a
-- name, how many names it has with that part
-- is_common: very many people have that family name
-- is_other_name: other names of the two are different
-- middle_relation: same, other or unknown, as in identity.comparisons
-- employer_relation: same, other or unknown
-- city_relation: same, other or unknown
-- birthday_relation: as raw.birthday_agreement tells, or unknown
-- is_other_mailbox: both have an address at one employer, and not the same
-- is_other_point: both have a private mailbox, or both a phone, and not the same
-- has_common_point: they share an address or a number, though others use it too
-- has_local_part: their addresses at two domains are alike before the @, number included
-- is_one_junior: as in identity.comparisons, of each pair of their cards
-- is_together: both were invited to one meeting, each by an address of their own
-- is_one_source: both have a card in one address book
-- is_listed_twice: and that book hardly ever has two cards of one human
with joined as ( -- noqa: ST03
    select
        point_links.record_a as one,
        point_links.record_b as other
    from identity.point_links
    inner join raw.settings on point_links.confidence >= settings.merge_threshold
),

-- The records that share personal points, before names are looked at: each by the least of them.
components as materialized (
    select
        entry_facts.record_id,
        coalesce(reached.least_id, entry_facts.record_id) as component_id
    from identity.entry_facts
    left join raw.least_reached('joined') as reached on entry_facts.record_id = reached.id
),

related as (
    select
        comparisons.*,
        least(one.component_id, other.component_id) as component_a,
        greatest(one.component_id, other.component_id) as component_b,
        list_position(
            [
                'same', 'spelling', 'nickname', 'shorter', 'typo', 'initial', 'alike', 'part',
                'family_changed', 'different'
            ],
            comparisons.name_relation
        ) as relation_place
    from identity.comparisons
    inner join components as one on comparisons.record_a = one.record_id
    inner join components as other on comparisons.record_b = other.record_id
    inner join identity.entry_facts as one_facts on comparisons.record_a = one_facts.record_id
    inner join identity.entry_facts as other_facts on comparisons.record_b = other_facts.record_id
    where
        one.component_id <> other.component_id
        and comparisons.name_relation not in ('unknown', 'script')
        and not one_facts.is_office
        and not other_facts.is_office
),

pairs as (
    select
        related.component_a,
        related.component_b,
        arg_min(
            struct_pack(
                record_a := related.record_a,
                record_b := related.record_b,
                name_relation := related.name_relation
            ),
            row(related.relation_place, related.record_a, related.record_b)
        ) as speaking,
        max(related.relation_place) >= 9 as is_other_name,
        bool_or(related.middle_relation = 'same') as has_middle,
        bool_or(related.middle_relation = 'other') as is_other_middle,
        bool_or(related.is_one_source) as is_one_source,
        bool_and(related.is_one_junior) as is_one_junior
    from related
    group by related.component_a, related.component_b
    having not bool_or(related.generation_differs)
),

involved as (
    select pairs.component_a as component_id from pairs
    union
    select pairs.component_b as component_id from pairs
),

members as (
    select
        components.component_id,
        components.record_id
    from components
    semi join involved on components.component_id = involved.component_id
),

-- What is known of each component, in lists: an employer, city, birthday or mailbox each.
worked as (
    select
        members.component_id,
        employers.employer,
        employers.origin
    from members
    inner join identity.employers on members.record_id = employers.record_id
    group by members.component_id, employers.employer, employers.origin
),

employed as (
    select
        pairs.component_a,
        pairs.component_b,
        bool_or(raw.employer_agreement(one.employer, other.employer) > 0)
        and coalesce(
            bool_or(raw.employer_agreement(one.employer, other.employer) > 0) filter (
                where one.origin = 'organization' and other.origin = 'organization'
            ),
            true
        ) as has_employer
    from pairs
    inner join worked as one on pairs.component_a = one.component_id
    inner join worked as other on pairs.component_b = other.component_id
    group by pairs.component_a, pairs.component_b
),

lived as (
    select distinct
        members.component_id,
        facts.city
    from members
    inner join identity.entry_facts as facts on members.record_id = facts.record_id
    where facts.city is not null
),

housed as (
    select
        pairs.component_a,
        pairs.component_b,
        bool_or(raw.is_same_city(one.city, other.city)) as has_city
    from pairs
    inner join lived as one on pairs.component_a = one.component_id
    inner join lived as other on pairs.component_b = other.component_id
    group by pairs.component_a, pairs.component_b
),

born as (
    select distinct
        members.component_id,
        facts.birthday
    from members
    inner join identity.entry_facts as facts on members.record_id = facts.record_id
    where facts.birthday.month is not null and facts.birthday.day is not null
),

birthdays as (
    select
        pairs.component_a,
        pairs.component_b,
        min(
            list_position(
                ['full', 'day', 'near', 'two', 'part', 'other'],
                raw.birthday_agreement(one.birthday, other.birthday)
            )
        ) as agreement_place
    from pairs
    inner join born as one on pairs.component_a = one.component_id
    inner join born as other on pairs.component_b = other.component_id
    group by pairs.component_a, pairs.component_b
),

mailboxes as (
    select distinct
        members.component_id,
        addresses.domain,
        addresses.local_part,
        addresses.is_provider
    from members
    inner join identity.record_entries on members.record_id = record_entries.entry_id
    inner join identity.addresses on record_entries.record_id = addresses.record_id
),

mailed as (
    select
        pairs.component_a,
        pairs.component_b,
        coalesce(
            not bool_or(one.local_part = other.local_part) filter (
                where one.domain = other.domain and not one.is_provider
            ),
            false
        ) as is_other_mailbox,
        bool_or(
            one.domain <> other.domain
            and one.local_part = other.local_part
            and regexp_matches(one.local_part, '[0-9]{2}')
        ) as has_local_part
    from pairs
    inner join mailboxes as one on pairs.component_a = one.component_id
    inner join mailboxes as other on pairs.component_b = other.component_id
    group by pairs.component_a, pairs.component_b
),

-- Whoever has one of each on both sides shares neither: else they were one component. What a
-- household shares is nobody's own.
private_mailboxes as (
    select distinct addresses.match_key
    from identity.addresses
    where addresses.is_provider
),

reached as (
    select
        members.component_id,
        bool_or(classified_points.kind = 'phone') as has_phone,
        bool_or(private_mailboxes.match_key is not null) as has_private_mailbox
    from members
    inner join identity.points on members.record_id = points.record_id
    inner join identity.classified_points using (point_id)
    left join private_mailboxes on classified_points.point = private_mailboxes.match_key
    where classified_points.is_personal
    group by members.component_id
),

-- A list of profiles has everybody once, an old address book has not: two cards of one name with
-- a point in common tell which it is.
listed as (
    select
        entry_facts.record_id,
        unnest(entry_facts.books) as book
    from identity.entry_facts
),

repeats as (
    select
        one.book,
        count(*) as n_repeats
    from joined
    inner join listed as one on joined.one = one.record_id
    inner join listed as other on joined.other = other.record_id and one.book = other.book
    group by one.book
),

-- Only cards with an address or number could have told, and a book that is all there is has its
-- copies within.
tidy_books as (
    select listed.book
    from listed
    left join repeats using (book)
    semi join identity.points on listed.record_id = points.record_id
    where (select count(distinct every_card.book) from listed as every_card) > 1
    group by listed.book
    having count(*) >= 30 and coalesce(any_value(repeats.n_repeats), 0) < count(*) / 50
),

-- In lists: joined by the book each would meet everybody else in it.
listed_components as (
    select
        members.component_id,
        list(distinct listed.book) as books
    from members
    inner join listed using (record_id)
    semi join tidy_books on listed.book = tidy_books.book
    group by members.component_id
),

-- Nobody but the absent-minded is invited twice to one meeting.
guests as (
    select distinct
        members.component_id,
        meeting_guests.meeting_id
    from members
    inner join identity.record_entries on members.record_id = record_entries.entry_id
    inner join staging.meeting_guests on record_entries.record_id = meeting_guests.record_id
),

together as (
    select distinct
        pairs.component_a,
        pairs.component_b
    from pairs
    inner join guests as one on pairs.component_a = one.component_id
    inner join guests as other
        on pairs.component_b = other.component_id and one.meeting_id = other.meeting_id
),

shared as (
    select distinct
        least(one_members.component_id, other_members.component_id) as component_a,
        greatest(one_members.component_id, other_members.component_id) as component_b
    from identity.classified_points
    inner join identity.points as one using (point_id)
    inner join identity.points as other
        on one.point_id = other.point_id and one.record_id < other.record_id
    inner join members as one_members on one.record_id = one_members.record_id
    inner join members as other_members on other.record_id = other_members.record_id
    where
        classified_points.n_records <= 20
        and coalesce(classified_points.reason, 'shared') = 'shared'
        and one_members.component_id <> other_members.component_id
),

-- Each name once, so that many records of one human do not make it a common one.
book_names as (
    select distinct
        entry_facts.first_word,
        entry_facts.last_word
    from identity.entry_facts
    where entry_facts.last_word is not null
),

shares as (
    select
        words.word,
        count(*) filter (where words.is_first) as n_first,
        count(*) filter (where not words.is_first) as n_last
    from (
        select
            book_names.first_word as word,
            true as is_first
        from book_names
        union all
        select
            book_names.last_word as word,
            false as is_first
        from book_names
        union all
        select
            left(book_names.first_word, 1) as word,
            true as is_first
        from book_names
        where length(book_names.first_word) > 1
    ) as words
    group by words.word
),

sizes as (
    select greatest(count(*), 100) as n_names from book_names
),

expected as (
    select
        entry_facts.record_id,
        greatest(coalesce(firsts.n_first, 0), 1)
        * greatest(
            if(entry_facts.last_word is null, firsts.n_last, lasts.n_last),
            1,
            if(common_families.word is null, 0, sizes.n_names / 200)
        )
        / sizes.n_names as n_expected,
        greatest(firsts.n_first, firsts.n_last, 1) as n_with_part,
        common_families.word is not null as is_common
    from identity.entry_facts
    cross join sizes
    left join shares as firsts on entry_facts.first_word = firsts.word
    left join shares as lasts on entry_facts.last_word = lasts.word
    left join raw.listed('common_families') as common_families
        on entry_facts.last_word = common_families.word
    where entry_facts.first_word is not null
)

select
    pairs.component_a,
    pairs.component_b,
    pairs.speaking.record_a,
    pairs.speaking.record_b,
    pairs.speaking.name_relation,
    case
        when pairs.speaking.name_relation in ('part', 'family_changed')
            then greatest(one_expected.n_with_part, other_expected.n_with_part)
        else greatest(one_expected.n_expected, other_expected.n_expected)
    end as n_expected,
    coalesce(one_expected.is_common and other_expected.is_common, false) as is_common,
    pairs.is_other_name,
    case
        when pairs.is_other_middle then 'other'
        when pairs.has_middle then 'same'
        else 'unknown'
    end as middle_relation,
    case employed.has_employer when true then 'same' when false then 'other' else 'unknown' end
        as employer_relation,
    case housed.has_city when true then 'same' when false then 'other' else 'unknown' end
        as city_relation,
    coalesce(['full', 'day', 'near', 'two', 'part', 'other'][birthdays.agreement_place], 'unknown')
        as birthday_relation,
    coalesce(mailed.is_other_mailbox, false) as is_other_mailbox,
    coalesce(
        (one_reached.has_phone and other_reached.has_phone)
        or (one_reached.has_private_mailbox and other_reached.has_private_mailbox),
        false
    ) as is_other_point,
    shared.component_a is not null as has_common_point,
    coalesce(mailed.has_local_part, false) as has_local_part,
    pairs.is_one_junior,
    together.component_a is not null as is_together,
    pairs.is_one_source,
    coalesce(list_has_any(one_listed.books, other_listed.books), false) as is_listed_twice
from pairs
left join employed using (component_a, component_b)
left join housed using (component_a, component_b)
left join birthdays using (component_a, component_b)
left join mailed using (component_a, component_b)
left join shared using (component_a, component_b)
left join together using (component_a, component_b)
left join listed_components as one_listed on pairs.component_a = one_listed.component_id
left join listed_components as other_listed on pairs.component_b = other_listed.component_id
left join reached as one_reached on pairs.component_a = one_reached.component_id
left join reached as other_reached on pairs.component_b = other_reached.component_id
left join expected as one_expected on pairs.speaking.record_a = one_expected.record_id
left join expected as other_expected on pairs.speaking.record_b = other_expected.record_id
