-- Everybody who has a paragraph, the closest first: the closest 150 and whom the page names beside.
-- How the tie stands, and its look in the pictures: near, soon, while, quiet or new.
-- $1: the ids of those named beside
-- on: book
with
next_meetings as (
    select
        upcoming.person_id,
        min(upcoming.start_date) as next_date
    from main.upcoming
    group by upcoming.person_id
),

told as (
    select
        people.person_id,
        people.display_name,
        people.organization,
        people.city,
        people.has_card,
        people.is_colleague,
        people.circles,
        people.birthday.month as birth_month, -- noqa: RF01
        people.birthday.day as birth_day, -- noqa: RF01
        ties.strength_rank,
        ties.layer_size,
        ties.state,
        ties.first_contact_date,
        ties.last_contact_date,
        ties.days_since_contact,
        ties.contact_day_count,
        ties.one_to_one_share,
        ties.usual_days,
        ties.usual_words,
        ties.cadence_source,
        ties.cadence_days,
        last_contacts.title as last_title,
        coalesce(last_contacts.is_told, false) as is_told,
        next_meetings.next_date
    from main.people
    left join main.ties on people.person_id = ties.person_id
    left join main.last_contacts on people.person_id = last_contacts.person_id
    left join next_meetings on people.person_id = next_meetings.person_id
    where
        not people.is_owner
        and not people.is_deceased_hint
        and (ties.strength_rank <= 150 or list_contains($1::bigint[], people.person_id))
),

bounds as (
    select
        min(ties.first_contact_date) as first_date,
        min(settings.as_of_date) as today
    from main.settings
    left join main.ties on true
)

select
    told.*,
    case
        -- in a book's own first months everybody would be
        when
            told.first_contact_date > greatest(bounds.today - 91, bounds.first_date + 90)
            and told.state in ('new', 'on track', 'due soon') then 'new'
        when told.state in ('in touch', 'on track') then 'near'
        when told.state = 'due soon' then 'soon'
        when told.state = 'overdue' then 'while'
        when told.state = 'new' and told.days_since_contact <= 365 then 'while'
        else 'quiet'
    end as look,
    count(*) over (partition by lower(told.display_name)) as namesakes
from told
cross join bounds
order by told.strength_rank asc nulls last, told.person_id asc
