"""A published book of as many people as wanted, its rows made in SQL: for tests of what is shown.

Nothing is pulled or judged: the tables of an existing book are emptied and filled with rows that
agree with each other. The same numbers make the same book.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

FIRST = """
    Ada Bruno Cleo Dario Elif Farah Goran Hilde Ivo Jasmin Kofi Liv Marta Nuno Olga Pavel
"""
LAST = """
    Almeida Berg Castell Demirtaş Eriksen Fontaine Gruber Halvorsen Ivanova Jakobsen Kowalski
    Lindqvist Marchetti Ndiaye Oyelaran Papadakis Quist Rasmussen Silva Tanaka Urquhart Vogel
"""

HOSTILE = [
    "<script>alert('Dora')</script> Dee",
    "Eve</style></svg><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "{{ 7 * 7 }} {% raw %}",
    "Fay \u202egnorw\u202c Moss",
    "Bob \x1b[31m\x07 Ross",
    "Ida " + "x" * 300,
    "W" * 60,
    "\u0645\u062d\u0645\u062f \u0628\u0646 \u0639\u0628\u062f \u0627\u0644\u0644\u0647",
    "\u05d3\u05d5\u05d3 \u05dc\u05d5\u05d9",
    "\u5c71\u7530\u592a\u90ce\u5c71\u7530\u592a\u90ce\u5c71\u7530",
    "Zoe\u0308 Be\u0301atrice Mu\u0308ller-Lu\u0308denscheidt",
    "Jo \U0001f469\u200d\U0001f4bb\U0001f469\u200d\U0001f4bb Kay",
    "\u0928\u092e\u0938\u094d\u0924\u0947 \u0936\u0930\u094d\u092e\u093e",
    "\u0e2a\u0e21\u0e0a\u0e32\u0e22 \u0e43\u0e08\u0e14\u0e35\u0e21\u0e32\u0e01\u0e21\u0e32\u0e22",
    "https://example.org/#p1",
    "&amp; &lt;b&gt; & < > ' \"",
    "A",
    "Maximiliana Wolkenstein-Trostburg",
    "\u0416\u0435\u043d\u044f \u041f\u0440\u0435\u043e\u0431\u0440\u0430\u0436\u0435\u043d",
]
"""What strangers put into names: markup, templates, directions, and names that are hard to set."""

EMPTIED = (
    *("people", "ties", "interactions", "ties_by_month", "last_contacts", "birthdays", "replies"),
    *("follow_ups", "upcoming", "meetings", "introductions", "favours"),
)

PEOPLE = """
create temp table made as
select
    one as person_id,
    one - 1 as strength_rank,
    $1[(one - 2) % len($1) + 1] as display_name,
    case
        when one - 1 <= 5 then 5 when one - 1 <= 15 then 15 when one - 1 <= 50 then 50
        when one - 1 <= 150 then 150
    end as layer_size,
    [5, 7, 14, 30, 45, 90][one % 6 + 1] as due_after_days,
    ['on track', 'overdue', 'on track', 'due soon', 'overdue', 'lapsed', 'new'][one % 7 + 1]
        as state,
    case when one - 1 <= 50 then $2 when one - 1 <= 150 then $2 // 2 else $3 end as n_days
from range(2, $4 + 2) as made (one)
"""

DAYS = """
create temp table days as
select
    made.person_id,
    made.strength_rank,
    settings.as_of_date - (
        1 + if(made.state in ('overdue', 'lapsed'), made.due_after_days + 5, 0)
        + number * (1000 // made.n_days) + hash(made.person_id * 7919 + number) % 2
    )::integer as date,
    hash(made.person_id + number * 31) % 3 = 0 as is_company,
    number
from made
cross join main.settings
cross join lateral (select unnest(range(0, made.n_days)) as number)
"""

FILLED = (
    """
    insert into main.people by name
    select
        'me' as owner_id, 1 as person_id, 'Nora Keller' as display_name, 'person' as kind,
        true as is_owner, false as is_deceased_hint, []::varchar[] as circles
    union all by name
    select
        'me' as owner_id, person_id, display_name, 'person' as kind, false as is_owner,
        false as is_colleague, false as is_deceased_hint, true as has_card,
        if(person_id % 5 = 0, [['friends', 'family', 'mentors'][person_id % 3 + 1]], []) as circles,
        'Company ' || person_id % 40 as organization,
        if(person_id % 3 = 0, 'Town ' || person_id % 9, null) as city,
        struct_pack("year" := null, "month" := 1 + person_id % 12, "day" := 1 + person_id % 28)
            as birthday
    from made
    """,
    """
    insert into main.interactions by name
    select
        'me' as owner_id, person_id, 'meeting' as interaction_kind, 'meeting' as kind, date
            as interaction_date,
        if(is_company, datediff('day', date '2000-01-01', date) * 100 + strength_rank // 4,
            1000000000 + person_id * 1000 + number) as meeting_id,
        if(is_company, 4, 2) as n_people, 1.0 as weight,
        if(hash(person_id * 13 + number) % 3 > 0, 'owner', 'person') as initiated_by,
        true as is_counted
    from days
    """,
    """
    insert into main.ties by name
    select
        'me' as owner_id, made.person_id, made.display_name, 100.0 / made.strength_rank as strength,
        made.strength_rank, 'closest ' || made.layer_size as layer, made.layer_size,
        count(days.date) as contact_day_count, min(days.date) as first_contact_date,
        max(days.date) as last_contact_date,
        datediff('day', max(days.date), any_value(settings.as_of_date)) as days_since_contact,
        0.7 as one_to_one_share, 30 as usual_days, 'usually about every month' as usual_words,
        'learned' as cadence_source, 30.0 as cadence_days, made.due_after_days, made.state,
        false as is_colleague, false as is_chosen, []::varchar[] as circles
    from made
    inner join days using (person_id)
    cross join main.settings
    group by all
    """,
    """
    insert into main.last_contacts by name
    select
        'me' as owner_id, person_id, display_name, last_contact_date, false as is_told,
        'Tea with ' || display_name as title
    from main.ties
    """,
    """
    insert into main.ties_by_month by name
    select
        'me' as owner_id, ties.person_id, months.month_date,
        ties.strength * (0.4 + months.number / 60)
            * (0.6 + hash(ties.person_id + epoch(months.month_date)) % 100 / 250) as strength,
        row_number() over (partition by months.month_date order by strength desc, ties.person_id)
            as strength_rank
    from main.ties
    cross join (
        select
            number,
            (date_trunc('month', settings.as_of_date) - to_months(35 - number))::date as month_date
        from main.settings
        cross join range(0, 36) as numbers (number)
    ) as months
    where ties.first_contact_date < months.month_date + 31
    """,
    """
    insert into main.birthdays by name
    select
        'me' as owner_id, person_id, display_name, 2 as birth_month, 29 as birth_day,
        settings.as_of_date + (person_id % 365)::integer as next_date,
        person_id % 365 as days_until, if(person_id % 2 = 0, 40, null) as turns
    from made
    cross join main.settings
    """,
    """
    insert into main.follow_ups by name
    select
        'me' as owner_id, person_id, display_name, 'check_in' as kind, 'u' || person_id as uid,
        settings.as_of_date as due_date, 'Last seen with ' || display_name || '.' as reason,
        '+491234567' as ways, true as opens_now, false as is_open, 1.0 / person_id as score,
        'About ' || display_name as talk_about
    from made
    cross join main.settings
    where state = 'overdue'
    order by person_id
    limit 5
    """,
    """
    insert into main.replies by name
    select
        'me' as owner_id, person_id, display_name, meeting_id, interaction_date as meeting_date,
        true as is_over, 2 as n_people, 'owner' as asked_by, 'accepted' as reply
    from main.interactions
    where n_people = 2
    """,
    """
    insert into main.introductions by name
    select
        'me' as owner_id, ones.person_id, ones.display_name, others.person_id as other_id,
        others.display_name as other_name, 'both in ' || ones.display_name as reason,
        1.0 / ones.person_id as score
    from made as ones
    inner join made as others on ones.person_id + 1 = others.person_id
    where ones.person_id < 8
    """,
    """
    insert into main.favours by name
    select
        'me' as owner_id, person_id, display_name, person_id % 2 as gave,
        1 - person_id % 2 as asked, settings.as_of_date as last_date
    from made
    cross join main.settings
    where person_id < 6
    """,
)


def names(number: int) -> list[str]:
    """So many names, no two of the first 352 the same."""
    first, last = FIRST.split(), LAST.split()
    return [
        f"{first[place % len(first)]} {last[(place // len(first) + place) % len(last)]}"
        for place in range(number)
    ]


def make_book(
    source: Path,
    target: Path,
    n_people: int,
    *,
    called: Sequence[str] = (),
    days: tuple[int, int] = (60, 4),
) -> Path:
    """The data folder `target` with a book of so many people, as `source` has its tables.

    :param called: their names, again from the first when all are used.
    :param days: how many days each of the closest 50 was met, and each beyond the closest 150.
    """
    target.mkdir(mode=0o700)
    shutil.copy(source / "config.toml", target / "config.toml")
    shutil.copy(source / "kithbook.duckdb", target / "kithbook.duckdb")
    with duckdb.connect(target / "kithbook.duckdb") as connection:
        for table in EMPTIED:
            connection.execute(f"delete from main.{table}")
        given = list(called) or names(max(n_people, 1))
        connection.execute(PEOPLE, [given, *days, n_people])
        connection.execute(DAYS)
        for statement in FILLED:
            connection.execute(statement)
    return target
