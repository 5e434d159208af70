-- One row per owner and person who is new: met for the first time in a small meeting, or newly in a
-- synced address book, within the last first_follow_up_days.
-- key: owner_id, person_id
-- arrival_date: the day of the first meeting, or the day the card appeared
-- is_by_meeting: they met; else the card is all there is

-- A card that came with the first complete pull of its book may be old as the hills; and a
-- directory of other people brings whoever joined the company.
with known as (
    select
        record_persons.person_id,
        min((cards.first_seen_at at time zone settings.time_zone)::date) as card_date,
        bool_or(
            coalesce(sources.is_import, false)
            or coalesce(collections.is_directory, false)
            or cards.first_seen_at <= coalesce(cursors.first_complete_at, cards.first_seen_at)
        ) as has_old_card
    from staging.cards
    cross join raw.settings
    left join raw.sources using (source)
    left join raw.cursors using (source, collection)
    left join raw.collections using (source, collection)
    inner join identity.record_persons on cards.record_id = record_persons.record_id
    group by record_persons.person_id
)

select distinct
    strengths.owner_id,
    strengths.person_id,
    strengths.first_contact_date as arrival_date,
    true as is_by_meeting
from judgement.strengths
inner join history.interactions
    on
        strengths.owner_id = interactions.owner_id
        and strengths.person_id = interactions.person_id
        and strengths.first_contact_date = interactions.interaction_date
cross join raw.settings
left join known on strengths.person_id = known.person_id
left join raw.sources using (source)
where
    strengths.first_contact_date >= settings.as_of_date - settings.first_follow_up_days
    and strengths.contact_day_count = 1
    and interactions.excluded_reason is null
    and not coalesce(sources.is_import, false)
    and interactions.kind in ('meeting', 'reply_kept')
    and interactions.n_people <= settings.first_follow_up_attendees
    and not coalesce(known.has_old_card, false)
    and coalesce(known.card_date >= strengths.first_contact_date, true)
union all
select
    judged_people.owner_id,
    judged_people.person_id,
    known.card_date as arrival_date,
    false as is_by_meeting
from known
inner join identity.judged_people on known.person_id = judged_people.person_id
cross join raw.settings
anti join judgement.strengths
    on judged_people.owner_id = strengths.owner_id and judged_people.person_id = strengths.person_id
where
    not known.has_old_card
    and known.card_date >= settings.as_of_date - settings.first_follow_up_days
    and judged_people.first_seen_date >= known.card_date
