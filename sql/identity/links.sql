-- One row per pair of records that may be one human: why, and how sure.
-- key: record_a, record_b
-- reason: what speaks for it, in words, and what speaks against it
-- confidence: 0 to 1; from settings.merge_threshold on they join, from queue_threshold on they wait
-- is_joined: sure enough, and not refused by the user
with worded as (
    select
        point_links.record_a,
        point_links.record_b,
        concat_ws(
            ', ',
            case when point_links.has_office then 'same office address' end,
            case
                when point_links.has_email then 'same e-mail'
                when not point_links.has_phone and not point_links.has_office
                    then 'same shared e-mail'
            end,
            case when point_links.has_phone then 'same phone' end
        ) as point_words,
        comparisons.name_relation,
        concat_ws(
            ', ',
            case
                when comparisons.birthday_relation in ('part', 'other') then 'but another birthday'
            end,
            case
                when comparisons.generation_differs then 'but another generation'
                when comparisons.is_one_junior then 'but one is jr or sr'
            end
        ) as other_words,
        point_links.confidence
    from identity.point_links
    inner join identity.comparisons using (record_a, record_b)
    union all
    select
        name_links.record_a,
        name_links.record_b,
        '' as point_words,
        name_links.name_relation,
        concat_ws(
            ', ',
            case when name_links.has_common_point then 'a shared address or number' end,
            case when name_links.employer_relation = 'same' then 'same organization' end,
            case when name_links.city_relation = 'same' then 'same city' end,
            case name_links.birthday_relation
                when 'full' then 'same birthday'
                when 'day' then 'same birthday'
                when 'near' then 'nearly the same birthday'
                when 'two' then 'a birthday alike'
                when 'part' then 'but another birthday'
                when 'other' then 'but another birthday'
            end,
            case
                when name_links.city_relation = 'other' then 'but another city'
                when name_links.middle_relation = 'other' then 'but another middle name'
                when name_links.is_one_junior then 'but one is jr or sr'
                when name_links.is_together then 'but both in one meeting'
                when name_links.is_other_mailbox then 'but two mailboxes at one organization'
                when name_links.employer_relation = 'other' then 'but another organization'
                when name_links.is_other_point then 'but other addresses or numbers'
                when name_links.is_contested then 'but others have that name'
            end
        ) as other_words,
        name_links.odds / (1 + name_links.odds) as confidence
    from identity.name_links
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
            when 'script' then 'name in another script'
            when 'alike' then 'alike name'
        end,
        nullif(worded.other_words, '')
    ) as reason,
    round(worded.confidence::double, 3) as confidence,
    round(worded.confidence::double, 3) >= settings.merge_threshold
    and parted_entries.record_a is null as is_joined
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
