"""Strength v2 and cadence v1 through the project's own SQL, on any list of events.

    bench/ties.py --events events.csv --as-of 2026-09-01
    bench/ties.py

Events: owner, person, happened_at (ISO 8601, UTC where no zone is given, or seconds since 1970)
and n_people (all who were there, the owner included). Prints a CSV of owner, person, strength,
typical_days and due_after_days, from the events up to that day.

Without events it generates a book of 500 people and 20,000 meetings, takes it through all of the
SQL from raw.meetings on, and compares with a plain computation in Python of the same formulas.
The last line is one JSON object: how many ties, seconds, and for the generated book the largest
difference (goal: at most 1e-9).
"""

import argparse
import csv
import json
import math
import random
import sys
import time
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.book.bulk_insert import append
from tests.support.sql_tables import SqlBook
from tests.support.ties_builder import OWNER, TieBook, attendee

AS_OF = date(2026, 9, 1)
EPOCH = date(1970, 1, 1)
WANTED = ("judgement.strengths", "judgement.cadences")

GIVEN = {
    "history.interactions": "select * from given_interactions",
    "history.occasions": "select 1 as item_id, false as is_recurring, true as is_over,"
    " '' as excluded_reason, date '2026-01-01' as start_date where false",
    "history.reminded_days": "select '' as owner_id, 1 as person_id, date '2026-01-01' as"
    " contact_date, false as is_while_open, false as is_first_since where false",
    "judgement.person_decisions": "select '' as owner_id, 1 as person_id, 1 as every_days,"
    " date '2026-01-01' as every_date, '' as choice, date '2026-01-01' as choice_date"
    " where false",
    "judgement.circle_wishes": "select '' as owner_id, 1 as person_id, 1 as every_days where false",
    "judgement.wishes": "select owner_id, person_id, false as is_in_touch from given_ties",
    "judgement.bookings": "select '' as owner_id, 1 as person_id, false as is_near where false",
    "identity.judged_people": "select owner_id, person_id, false as is_deceased_hint,"
    " null::date as first_seen_date from given_ties",
}
"""Tables that the events stand for: what counts is given, and nobody decided anything."""

EVENTS = """
create table events as
select
    owner::varchar as owner_id,
    person::varchar as person,
    coalesce(
        try_cast(happened_at as timestamptz), to_timestamp(try_cast(happened_at as double))
    )::date as interaction_date,
    coalesce(try_cast(n_people as integer), 2) as n_people
from read_csv($path, header = true, all_varchar = true)
"""

TIES = """
create table given_ties as
select owner_id, person, row_number() over (order by owner_id, person) as person_id
from (select distinct owner_id, person from events)
"""

INTERACTIONS = """
create table given_interactions as
select
    events.owner_id, given_ties.person_id, 'meeting' as kind, events.interaction_date,
    null::bigint as meeting_id, null::bigint as item_id, null::varchar as source, events.n_people,
    1.0::double / sqrt(greatest(events.n_people - 1, 1)) as weight,
    null::varchar as initiated_by, false as is_recurring, null::varchar as excluded_reason
from events
inner join given_ties using (owner_id, person)
"""

RESULT = """
select given_ties.owner_id, given_ties.person, strength, typical_days,
    cadences.due_after_days
from judgement.strengths
inner join judgement.cadences using (owner_id, person_id)
inner join given_ties using (owner_id, person_id)
order by all
"""


class EventBook(SqlBook):
    """A book of nothing but what counts."""

    given = frozenset(GIVEN)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=Path)
    parser.add_argument("--as-of", type=date.fromisoformat, default=AS_OF)
    options = parser.parse_args(arguments)
    if options.events:
        print(json.dumps(from_events(options.events, options.as_of)))
    else:
        print(json.dumps(generated()))


def from_events(path: Path, as_of: date) -> dict[str, Any]:
    """Print the ties of a CSV of events."""
    started = time.perf_counter()
    book = EventBook(as_of=as_of.isoformat(), time_zone="UTC")
    book.connection.execute("pragma enable_optimizer")  # the tests' few rows need none
    run = book.connection.execute
    run(EVENTS, {"path": str(path)})
    if book.rows("select 1 from events where interaction_date is null"):
        raise SystemExit("happened_at is an ISO date or time, or seconds since 1970.")
    run("delete from events where interaction_date > $1", [as_of])
    run(TIES)
    run(INTERACTIONS)
    run("delete from raw.owners")
    run("insert into raw.owners (owner_id) select distinct owner_id from given_ties")
    for table, select in GIVEN.items():
        run(f"create table {table} as {select}")
    book.build(*WANTED)
    rows = book.rows(RESULT)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("owner", "person", "strength", "typical_days", "due_after_days"))
    writer.writerows(
        (*names, *map(repr, values)) for *names, a, b, c in rows for values in [(a, b, c)]
    )
    return {"ties": len(rows), "seconds": round(time.perf_counter() - started, 3)}


# --- the generated book -----------------------------------------------------------------

Event = tuple[date, tuple[int, ...]]


def generated(people: int = 500, meetings: int = 20_000) -> dict[str, Any]:
    """The SQL from raw.meetings on against plain Python, on a book made up."""
    events = make_events(people, meetings)
    book = TieBook(as_of=AS_OF.isoformat(), time_zone="UTC")
    for number in range(people):
        book.person(f"Given{number} Family{number}")
    fill(book, events)
    started = time.perf_counter()
    book.build(*WANTED)
    seconds = time.perf_counter() - started
    ours = {
        person: values
        for person, *values in book.rows(
            "select person_id, strength, typical_days, due_after_days"
            " from judgement.strengths inner join judgement.cadences using (owner_id, person_id)"
        )
    }
    plain = plainly(events)
    if ours.keys() != plain.keys():
        raise SystemExit("The two do not even know the same people.")
    differences = [
        abs(one - other)
        for person, values in plain.items()
        for one, other in zip(ours[person], values, strict=True)
    ]
    return {
        "people": people,
        "meetings": meetings,
        "ties": len(plain),
        "seconds": round(seconds, 3),
        "largest_difference": max(differences),
        "is_equal": max(differences) <= 1e-9,
    }


def make_events(people: int, meetings: int) -> list[Event]:
    """Three years of meetings of 2 to 12, some people met far more often than others."""
    draw = random.Random(20260901)
    return [
        (
            AS_OF - timedelta(days=draw.randrange(1, 1096)),
            tuple(
                {
                    OWNER + 1 + int(people * draw.random() ** 2)
                    for _ in range(draw.choice((1, 1, 1, 2, 3, 5, 11)))
                }
            ),
        )
        for _ in range(meetings)
    ]


def fill(book: TieBook, events: list[Event]) -> None:
    """The events as rows of raw.meetings."""
    columns = [
        row[0]
        for row in book.rows(
            "select column_name from duckdb_columns() where schema_name = 'raw'"
            " and table_name = 'meetings' order by column_index"
        )
    ]
    rows = []
    for number, (day, people) in enumerate(events):
        start = datetime(day.year, day.month, day.day, number % 20, number % 60, tzinfo=UTC)
        row: dict[str, Any] = {
            "item_id": number,
            "meeting_id": number,
            "source": "home",
            "collection": "calendar",
            "uid": f"event-{number}",
            "recurrence_id": "",
            "starts_at": start,
            "ends_at": start + timedelta(minutes=30),
            "is_all_day": False,
            "is_recurring": False,
            "summary": "Meeting",
            "status": "confirmed",
            "visibility": "public",
            "event_type": "default",
            "organizer": attendee(OWNER),
            "attendees": [attendee(OWNER), *(attendee(person) for person in people)],
        }
        rows.append(tuple(row.get(column) for column in columns))
    append(book.connection, "raw.meetings", rows)


def plainly(events: list[Event]) -> dict[int, list[float]]:
    """Person → strength, typical and due-after days, by DESIGN section 11 and nothing else."""
    weights: dict[int, dict[int, float]] = defaultdict(dict)
    for day, people in events:
        n_people = len(people) + 1
        weight = 1 / math.sqrt(max(n_people - 1, 1))
        for person in people:
            number = (day - EPOCH).days
            weights[person][number] = max(weights[person].get(number, 0.0), weight)
    today = (AS_OF - EPOCH).days
    gaps = {
        person: [
            math.log(later - earlier)
            for earlier, later in zip(sorted(days), sorted(days)[1:], strict=False)
            if later - earlier <= 365
        ]
        for person, days in weights.items()
    }
    known = {person: logs for person, logs in gaps.items() if logs}
    means = {person: math.fsum(logs) / len(logs) for person, logs in known.items()}
    mu0 = (math.fsum(means.values()) + 3 * math.log(30)) / (len(known) + 3)
    within = math.fsum((log - means[person]) ** 2 for person, logs in known.items() for log in logs)
    freedom = sum(len(logs) - 1 for logs in known.values())
    s2 = (within + 20 * 1.5) / (freedom + 20)
    found = {}
    for person, days in weights.items():
        count = len(gaps[person])
        mu = (3 * mu0 + math.fsum(gaps[person])) / (3 + count)
        warmth = math.fsum(
            weight / (0.3 * math.exp(mu0) + max(today - day, 1)) ** 0.7
            for day, weight in days.items()
        )
        strength = math.log(1 + len({day // 30 for day in days})) * warmth
        strength /= math.sqrt(1 + max(today - max(days), 1) / math.exp(mu))
        deviation = math.sqrt(s2 * (1 + 1 / (3 + count)))
        found[person] = [strength, math.exp(mu), math.exp(mu + 0.8416 * deviation)]
    return found


if __name__ == "__main__":
    main()
