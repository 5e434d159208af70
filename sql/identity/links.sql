-- One row per pair of records that may be one human: why, and how sure.
-- key: record_a, record_b
-- record_a: the lesser record_id
-- record_b: the greater record_id
-- reason: what speaks for it, in words, and what speaks against it
-- confidence: 0 to 1; from settings.merge_threshold on they join, from queue_threshold on they wait
-- is_joined: sure enough, and not refused by the user

-- One pair of records speaks for the two components: the one whose names are most alike.
with spoken_for as (
    select
        comparisons.record_a,
        comparisons.record_b,
        comparisons.name_relation,
        same_name_pairs.component_a,
        same_name_pairs.component_b
    from identity.comparisons
    inner join identity.point_components as one on comparisons.record_a = one.record_id
    inner join identity.point_components as other on comparisons.record_b = other.record_id
    inner join identity.same_name_pairs
        on
            least(one.component_id, other.component_id) = same_name_pairs.component_a
            and greatest(one.component_id, other.component_id) = same_name_pairs.component_b
    where
        comparisons.name_relation in (
            'same', 'spelling', 'nickname', 'shorter', 'typo', 'initial'
        )
    qualify row_number() over (
        partition by same_name_pairs.component_a, same_name_pairs.component_b
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

weighed as (
    select
        same_name_pairs.*,
        same_name_pairs.is_other_birthday
        or same_name_pairs.is_other_city
        or same_name_pairs.is_other_employer
        or same_name_pairs.is_other_mailbox
        or same_name_pairs.is_other_point as is_opposed,
        same_name_pairs.is_other_mailbox
        or (
            same_name_pairs.has_employer
            and (
                same_name_pairs.is_other_city
                or same_name_pairs.is_other_birthday
                or same_name_pairs.is_other_point
            )
        ) as is_opposed_at_work
    from identity.same_name_pairs
),

-- From either side.
neighbours as (
    select
        weighed.component_a,
        weighed.component_b,
        weighed.component_a as component_id,
        weighed.component_b as neighbour_id,
        weighed.is_opposed,
        weighed.is_opposed_at_work
    from weighed
    union all
    select
        weighed.component_a,
        weighed.component_b,
        weighed.component_b as component_id,
        weighed.component_a as neighbour_id,
        weighed.is_opposed,
        weighed.is_opposed_at_work
    from weighed
),

-- Two Ana Limas and a third who works elsewhere: any of them may be the other's namesake.
opposed as (
    select
        one.component_a,
        one.component_b,
        bool_or(other.is_opposed_at_work) as is_opposed_at_work
    from neighbours as one
    inner join neighbours as other
        on
            one.component_id = other.component_id
            and one.neighbour_id <> other.neighbour_id
            and other.is_opposed
    group by one.component_a, one.component_b
),

-- Sam Thornton is alike to Samuel and to Samantha, who are not alike: who is Sam?
torn as (
    select distinct
        one.component_a,
        one.component_b
    from neighbours as one
    inner join neighbours as other
        on one.component_id = other.component_id and one.neighbour_id <> other.neighbour_id
    anti join neighbours as third
        on one.neighbour_id = third.component_id and other.neighbour_id = third.neighbour_id
),

counted as (
    select
        neighbours.component_id,
        count(*) + 1 as n_namesakes
    from neighbours
    group by neighbours.component_id
),

judged as (
    select
        weighed.*,
        opposed.component_a is not null as is_opposed_by_others,
        coalesce(opposed.is_opposed_at_work, false) as is_opposed_at_work_by_others,
        torn.component_a is not null as is_torn,
        greatest(one_counted.n_namesakes, other_counted.n_namesakes) as n_namesakes
    from weighed
    left join opposed using (component_a, component_b)
    left join torn using (component_a, component_b)
    left join counted as one_counted on weighed.component_a = one_counted.component_id
    left join counted as other_counted on weighed.component_b = other_counted.component_id
),

-- How likely two point components of one name are one human.
name_links as (
    select
        judged.*,
        case
            when judged.is_other_birthday then 0.1
            when judged.is_other_city then 0.4
            when judged.is_other_mailbox then 0.5
            when judged.is_other_employer
                then case
                    when judged.is_opposed_by_others or judged.is_torn then 0.3
                    else 0.6
                end
            when judged.has_birthday then 0.97
            -- who else has the name matters little at work, unless they work there as well
            when judged.has_employer
                then case
                    when judged.is_opposed_at_work_by_others then 0.6
                    when judged.is_other_point then 0.8
                    when judged.has_city then 0.97
                    when judged.is_opposed_by_others then 0.91
                    when judged.name_rank < 3 then 0.93
                    else 0.96
                end
            when judged.is_other_point
                then case
                    when judged.has_city then 0.7
                    when judged.is_opposed_by_others or judged.is_torn then 0.3
                    else 0.5
                end
            when judged.is_opposed_by_others or judged.is_torn then 0.55
            when judged.name_rank < 3 then 0.7
            when judged.has_city then 0.95
            when
                judged.is_rare
                and judged.n_namesakes <= case when judged.is_one_source then 3 else 4 end
                then 0.91
            else 0.8
        end as confidence
    from judged
),

by_name as (
    select
        spoken_for.record_a,
        spoken_for.record_b,
        spoken_for.name_relation,
        name_links.confidence,
        case when name_links.has_employer then 'same organization' end as employer_words,
        case when name_links.has_city then 'same city' end as city_words,
        case when name_links.has_birthday then 'same birthday' end as birthday_words,
        case
            when name_links.is_other_city then 'but another city'
            when name_links.is_other_mailbox then 'but two mailboxes at one organization'
            when name_links.is_other_employer then 'but another organization'
            when name_links.is_opposed_by_others or name_links.is_torn
                then 'but others have that name'
        end as doubt_words
    from spoken_for
    inner join name_links using (component_a, component_b)
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
    inner join identity.comparisons using (record_a, record_b)
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
    worded.confidence::double as confidence,
    worded.confidence >= settings.merge_threshold and parted_entries.record_a is null as is_joined
from worded
inner join raw.settings on worded.confidence >= settings.queue_threshold
left join identity.parted_entries using (record_a, record_b)
-- a pair with a point in common may have a name link of its components besides
qualify row_number() over (
    partition by worded.record_a, worded.record_b
    order by
        worded.confidence desc,
        worded.point_words desc,
        worded.other_words asc,
        worded.name_relation asc
) = 1
