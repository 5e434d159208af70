"""`kithbook near PLACE`: who lives or works there, by the addresses of their cards."""

from datetime import date

from connectors.errors import UsageError
from pipeline.session import Session, rows_as_dicts
from pipeline.terminal.printing import FIRST, say, say_more, show_json, show_table
from pipeline.terminal.terminal_text import count, day, plain

NEAR = """
with
wanted as (
    select strip_accents(lower(trim($1))) as place
),

cities as (
    select people.person_id, people.city as city from main.people
    union
    select contact_details.person_id, contact_details.value as city
    from main.contact_details
    where contact_details.field = 'city' and not contact_details.is_gone
),

there as (
    select cities.person_id, min(cities.city) as city
    from cities cross join wanted
    where
        starts_with(strip_accents(lower(cities.city)), wanted.place)
        or contains(strip_accents(lower(cities.city)), ' ' || wanted.place)
    group by cities.person_id
)

select
    people.person_id, people.display_name, there.city, people.organization, ties.layer,
    ties.last_contact_date, people.phones[1] as phone, people.emails[1] as email
from there
inner join main.people on there.person_id = people.person_id
left join main.ties on there.person_id = ties.person_id
where not people.is_owner and people.kind = 'person' and not people.is_deceased_hint
order by ties.strength_rank nulls last, people.display_name, people.person_id
"""

CITIES = """
select city from main.people where city is not null and not is_owner
group by city order by count(*) desc, city limit 8
"""


def show_near(session: Session, place: str, *, as_json: bool = False) -> None:
    """Print the people of a place, the closest first.

    :raises UsageError: no place is named.
    """
    if not place.strip():
        raise UsageError("Near which place?", "Example: kithbook near Lisbon")
    with session.looking() as connection:
        found = rows_as_dicts(connection.execute(NEAR, [place]))
        cities = [row[0] for row in connection.execute(CITIES).fetchall()]
        row = connection.execute("select as_of_date from main.settings").fetchone()
    if as_json:
        show_json(found)
        return
    if not found:
        known = f" Known places: {', '.join(plain(one) for one in cities)}." if cities else ""
        say(f"No card has an address in {plain(place)}.{known}")
        return
    today = row[0] if row else date.max
    rows = [
        (
            one["display_name"],
            one["city"],
            one["layer"] or "",
            day(one["last_contact_date"], today),
            one["phone"] or one["email"] or "",
        )
        for one in found[:FIRST]
    ]
    show_table(("who", "where", "layer", "last in touch", "reach them"), rows)
    say_more(len(found), f"near {plain(place)}")
    say(count(len(found), "person", "people"))
