-- One row per thing that you said and did not take back, with whom it is about as of now; nothing
-- about the resting.
-- key: decision_id
-- decision_id: its id: `kithbook undo ID` takes it back
-- owner_id: whose it is
-- decided_at: when it was said; UTC
-- decided_date: the day, in the owner's zone
-- verb: keep, every, snooze, mute, rest, merge and so on
-- person_id: whom it is about; null where it is about nobody known
-- other_id: the other of two
-- every_days: the span that was said
-- from_date: the day of a contact
-- until_date: until when
-- value: a circle, or the direction of a favour
-- note: a line of one's own
with shown as (
    select
        record_persons.record_id,
        record_persons.person_id,
        coalesce(persons.is_resting, false) as is_resting
    from identity.record_persons
    inner join identity.persons on record_persons.person_id = persons.person_id
)

select
    decisions.decision_id,
    decisions.owner_id,
    decisions.decided_at,
    decisions.decided_date,
    decisions.verb,
    ones.person_id,
    others.person_id as other_id,
    decisions.every_days,
    decisions.from_date,
    decisions.until_date,
    decisions.value,
    decisions.note
from staging.decisions
left join shown as ones on decisions.person_id = ones.record_id
left join shown as others on decisions.other_id = others.record_id
where not coalesce(ones.is_resting, false) and not coalesce(others.is_resting, false)
