-- One row per pair of records that may be one human: why, and how sure.
-- key: record_a, record_b
-- record_a: the lesser record_id
-- record_b: the greater record_id
-- reason: what speaks for it, in words, and what speaks against it
-- confidence: 0 to 1; from settings.merge_threshold on they join, from queue_threshold on they wait

-- One pair of records speaks for the two components: the one whose names are most alike.
with spoken_for as (
    select
        comparisons.record_a,
        comparisons.record_b,
        comparisons.name_relation,
        namesakes.component_a,
        namesakes.component_b
    from identity.comparisons
    inner join identity.point_components as one on comparisons.record_a = one.record_id
    inner join identity.point_components as other on comparisons.record_b = other.record_id
    inner join identity.namesakes
        on
            least(one.component_id, other.component_id) = namesakes.component_a
            and greatest(one.component_id, other.component_id) = namesakes.component_b
    where
        comparisons.name_relation in (
            'same', 'spelling', 'nickname', 'shorter', 'typo', 'initial'
        )
    qualify row_number() over (
        partition by namesakes.component_a, namesakes.component_b
        order by
            case comparisons.name_relation
                when 'same' then 1
                when 'spelling' then 2
                when 'nickname' then 3
                when 'shorter' then 4
                when 'typo' then 5
                else 6
            end,
            comparisons.record_a,
            comparisons.record_b
    ) = 1
),

by_name as (
    select
        spoken_for.record_a,
        spoken_for.record_b,
        spoken_for.name_relation,
        name_links.confidence,
        case when namesakes.has_employer then 'same organization' end as employer_words,
        case when namesakes.has_city then 'same city' end as city_words,
        case when namesakes.has_birthday then 'same birthday' end as birthday_words,
        case
            when namesakes.is_other_city then 'but another city'
            when namesakes.is_other_mailbox then 'but two mailboxes at one organization'
            when namesakes.is_other_employer then 'but another organization'
            when name_links.is_contested then 'but others have that name'
        end as doubt_words
    from spoken_for
    inner join identity.namesakes
        on
            spoken_for.component_a = namesakes.component_a
            and spoken_for.component_b = namesakes.component_b
    inner join identity.name_links
        on
            spoken_for.component_a = name_links.component_a
            and spoken_for.component_b = name_links.component_b
),

worded as (
    select
        point_links.record_a,
        point_links.record_b,
        concat_ws(
            ', ',
            case when point_links.has_office then 'same office address' end,
            case when point_links.has_email then 'same e-mail' end,
            case when point_links.has_phone then 'same phone' end
        ) as point_words,
        comparisons.name_relation,
        concat_ws(
            ', ',
            case when comparisons.is_other_birthday then 'but another birthday' end,
            case when comparisons.generation_differs then 'but another generation' end
        ) as other_words,
        point_links.confidence
    from identity.point_links
    inner join identity.comparisons
        on
            point_links.record_a = comparisons.record_a
            and point_links.record_b = comparisons.record_b
    union all
    select
        by_name.record_a,
        by_name.record_b,
        '' as point_words,
        by_name.name_relation,
        concat_ws(
            ', ',
            by_name.employer_words,
            by_name.city_words,
            by_name.birthday_words,
            by_name.doubt_words
        ) as other_words,
        by_name.confidence
    from by_name
    union all
    select
        one.record_id as record_a,
        other.record_id as record_b,
        'your own addresses' as point_words,
        'unknown' as name_relation,
        '' as other_words,
        1.0 as confidence
    from identity.owner_records as one
    inner join identity.owner_records as other
        on one.owner_id = other.owner_id and one.record_id < other.record_id
)

select
    worded.record_a,
    worded.record_b,
    concat_ws(
        ', ',
        nullif(worded.point_words, ''),
        case worded.name_relation
            when 'same' then 'same name'
            when 'nickname' then 'a short form of the name'
            when 'spelling' then 'same name spelled otherwise'
            when 'typo' then 'nearly the same name'
            when 'shorter' then 'same name, some of it left out'
            when 'initial' then 'same initial and family name'
            when 'part' then 'part of the name'
            when 'family_changed' then 'same given name'
        end,
        nullif(worded.other_words, '')
    ) as reason,
    worded.confidence::double as confidence
from worded
inner join raw.settings on worded.confidence >= settings.queue_threshold
-- a pair with a point in common may have a name link of its components besides
qualify row_number() over (
    partition by worded.record_a, worded.record_b
    order by
        worded.confidence desc,
        worded.point_words desc,
        worded.other_words asc,
        worded.name_relation asc
) = 1
