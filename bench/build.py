"""The whole graph of sql/ against the least that anybody would compute, on the same rows.

    bench/build.py [--large] [--files]

A generated book: 5,000 people, 100,000 meetings, 300,000 attendances (`--large`: 50,000, one
million and three million) over three years, a tenth of them in weekly series, some declined,
some without guests. The reference joins attendees to people by e-mail and computes last contact
and strength: no local dates, no rules, no identity, no follow-ups. `--files` lists the slowest
files of sql/. Prints one JSON object as its last line.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline import build, normalise, sqlgraph, store
from pipeline.config import Config, Owner
from pipeline.folder import Folder

if TYPE_CHECKING:
    import duckdb

NOW = datetime(2026, 9, 1, 6, tzinfo=UTC)
SLOWEST = 12

GUEST = """struct_pack(
    record_id := 1000000 + {number}, email := 'person' || {number} || '@firm' || {number} % 997
    || '.example', "name" := 'Given' || {number} % 1000 || ' Family' || {number} % 4999,
    reply := case {number} % 20 when 0 then 'declined' when 1 then 'needs-action' else 'accepted'
    end, "role" := 'required', kind := 'individual', is_owner := false
)"""

OWNER = """struct_pack(
    record_id := 999999, email := 'me@example.org', "name" := 'Me', reply := 'accepted',
    "role" := 'required', kind := 'individual', is_owner := true
)"""

CONTACTS = """
insert into raw.contacts by name
select
    i as item_id, i + 1 as record_id, 'home' as source, 'book' as collection, i || '.vcf' as href,
    'card-' || i as uid, 'individual' as kind,
    'Given' || i % 1000 || ' Family' || i % 4999 as full_name,
    'Given' || i % 1000 as given, 'Family' || i % 4999 as family, [] as nicknames,
    [struct_pack("value" := 'person' || i || '@firm' || i % 997 || '.example', label := 'work',
        is_preferred := true)] as emails,
    [struct_pack("value" := '+351 9' || lpad((10000000 + i)::varchar, 8, '0'), label := 'cell',
        is_preferred := true)] as phones,
    'Firm ' || i % 997 as organization, [] as categories, false as has_photo,
    timestamptz '2023-01-01 00:00:00+00' as first_seen_at
from range($people) as numbers (i)
"""

# A person is met the more often the lower their number: the square of a uniform number.
MEETINGS = f"""
insert into raw.meetings by name
with drawn as (
    select
        i,
        hash(i) % 1095 as days_ago,
        floor(pow((hash(i * 7 + 1) % 1000000) / 1000000.0, 2) * $people)::bigint as one,
        floor(pow((hash(i * 7 + 2) % 1000000) / 1000000.0, 2) * $people)::bigint as two,
        floor(pow((hash(i * 7 + 3) % 1000000) / 1000000.0, 2) * $people)::bigint as three,
        hash(i * 7 + 4) % 10 as guests
    from range($meetings) as numbers (i)
),

sized as (
    select
        *,
        case
            when guests = 0 then [{OWNER}]
            when guests < 4 then [{OWNER}, {GUEST.format(number="one")}]
            when guests < 6 then [
                {OWNER}, {GUEST.format(number="one")}, {GUEST.format(number="two")}
            ]
            else [
                {OWNER}, {GUEST.format(number="one")}, {GUEST.format(number="two")},
                {GUEST.format(number="three")}
            ]
        end as attendees
    from drawn
)

select
    case when i % 10 = 0 then i // 520 * 520 else i end as item_id,
    'home' as source,
    'calendar' as collection,
    case when i % 10 = 0 then 'series-' || i // 520 else 'event-' || i end as uid,
    i::varchar as recurrence_id,
    timestamptz '2026-09-20 08:00:00+00' - to_days(days_ago::integer)
    + to_minutes((i % 480)::integer) as starts_at,
    timestamptz '2026-09-20 09:00:00+00' - to_days(days_ago::integer)
    + to_minutes((i % 480)::integer) as ends_at,
    false as is_all_day, i % 10 = 0 as is_recurring,
    case when guests = 0 then 'Coffee with Given' || one % 1000 || ' Family' || one % 4999
        else 'Meeting ' || i end as summary,
    'confirmed' as status, 'public' as visibility, 'default' as event_type, [] as categories,
    attendees[1] as organizer, attendees
from sized
"""

REFERENCE = """
create table reference.ties as
with attendances as (
    select
        unnest(attendees).email as email,
        starts_at::date as day,
        len(attendees) as n_people
    from state.raw.meetings
    where starts_at <= $now
),

emails as (
    select record_id, lower(unnest(emails)."value") as email
    from state.raw.contacts
),

days as (
    select
        emails.record_id,
        attendances.day,
        max(1 / sqrt(greatest(attendances.n_people - 1, 1))) as weight
    from attendances
    inner join emails on lower(attendances.email) = emails.email
    group by all
)

select
    record_id,
    max(day) as last_contact_date,
    ln(1 + count(distinct (day - date '1970-01-01') // 30))
    * sum(weight / (1.5 + ($now::date - day))) as strength
from days
group by record_id
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--files", action="store_true", help="list the slowest files of sql/")
    options = parser.parse_args()
    people, meetings = (50_000, 1_000_000) if options.large else (5_000, 100_000)
    with tempfile.TemporaryDirectory() as place:
        folder = Folder(Path(place))
        attendances = generate(folder, people, meetings)
        before = peak_mb()
        reference = min(time_reference(folder) for _ in range(3))
        built, published = time_build(folder, list_files=options.files)
    print(
        json.dumps(
            {
                "people": people,
                "meetings": meetings,
                "attendances": attendances,
                "seconds": round(built, 2),
                "publish_seconds": round(published, 2),
                "reference_seconds": round(reference, 2),
                "ratio": round(built / reference, 2),
                "peak_mb": peak_mb(),
                "peak_mb_before": before,
            }
        )
    )


def peak_mb() -> int:
    """The most memory this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def generate(folder: Folder, people: int, meetings: int) -> int:
    """Fill a state file; returns the number of attendances."""
    connection = store.open_state(folder)
    connection.execute(CONTACTS, {"people": people})
    connection.execute(MEETINGS, {"people": people, "meetings": meetings})
    normalise.give_keys(connection, "PT")
    row = connection.execute("select sum(len(attendees)) from raw.meetings").fetchone()
    connection.execute("checkpoint")
    connection.close()
    return int(row[0]) if row else 0


def time_reference(folder: Folder) -> float:
    """Seconds of the reference query, written to a file of its own as ours is."""
    connection = store.open_next(folder, "Europe/Lisbon")
    connection.execute("create schema reference")
    started = time.perf_counter()
    connection.execute(REFERENCE, {"now": NOW})
    seconds = time.perf_counter() - started
    connection.close()
    return seconds


def time_build(folder: Folder, *, list_files: bool) -> tuple[float, float]:
    """Seconds of the whole build with its checks, and of publishing it."""
    connection = store.open_next(folder, "Europe/Lisbon")
    config = Config(
        data=folder.path,
        owner=Owner("me", ("me@example.org",), (), "Europe/Lisbon", "PT"),
    )
    if list_files:
        list_slowest()
    started = time.perf_counter()
    build.build(connection, config, folder, NOW)
    built = time.perf_counter()
    store.publish(connection, folder)
    return built - started, time.perf_counter() - built


def list_slowest() -> None:
    """Time each file by itself from now on and list the slowest on leaving the build."""
    seconds: dict[str, float] = {}
    create = sqlgraph.create

    def timed(connection: "duckdb.DuckDBPyConnection", file: sqlgraph.SqlFile) -> int:
        started = time.perf_counter()
        rows = create(connection, file)
        seconds[file.table] = time.perf_counter() - started
        return rows

    def check(connection: "duckdb.DuckDBPyConnection", made: "Iterable[build.Made]") -> None:
        started = time.perf_counter()
        checks(connection, made)
        seconds["checks"] = time.perf_counter() - started
        for table in sorted(seconds, key=lambda table: -seconds[table])[:SLOWEST]:
            print(f"{seconds[table]:8.3f} s  {table}")
        print(f"{sum(seconds.values()):8.3f} s  all {len(seconds)}")

    checks = build.check
    sqlgraph.create = timed
    build.check = check


if __name__ == "__main__":
    main()
