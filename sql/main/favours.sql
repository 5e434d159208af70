-- One row per owner and person with whom help went either way (`kithbook log --gave`, `--asked`).
-- key: owner_id, person_id
-- owner_id: the owner
-- person_id: the person
-- display_name: their name
-- gave: how often the owner gave
-- asked: how often the owner asked
-- balance: gave less asked
-- last_date: the last time
select
    decisions.owner_id,
    persons.person_id,
    persons.display_name,
    count(*) filter (where decisions.value = 'gave') as gave,
    count(*) filter (where decisions.value = 'asked') as asked,
    count(*) filter (where decisions.value = 'gave')
    - count(*) filter (where decisions.value = 'asked') as balance,
    max(coalesce(decisions.from_date, decisions.decided_date)) as last_date
from staging.decisions
inner join identity.record_persons on decisions.person_id = record_persons.record_id
inner join identity.persons on record_persons.person_id = persons.person_id
where
    decisions.verb = 'log'
    and decisions.value in ('gave', 'asked')
    and not coalesce(persons.is_resting, false)
group by decisions.owner_id, persons.person_id, persons.display_name
