"""The whole graph of sql/ beside the least that anybody would compute, and beside dbt-duckdb.

    bench/build.py [--size small|middle|large|larger] [--rounds 3] [--dbt COMMAND] [--files]

A generated book: middle is 5,000 people, 100,000 meetings and 300,000 attendances over three
years, a tenth of them in weekly series, some declined, some without guests; small is a hundredth
of it, large and larger are four and ten times as much. Each side is a process of its own, run in
turn and equally often; the least of its rounds counts. Ratios are of CPU seconds, of all threads.

ours        from the state to the published file, with all checks
reference   the floor: joins attendees to people by e-mail, computes last contact and strength and
            writes them to a file; no local dates, no rules, no identity, no follow-ups
dbt         `dbt run` on the same SELECTs, the raw tables laid in its file before; no comments, no
            checks, nothing published. It is not a dependency: install dbt-duckdb anywhere and name
            it, as --dbt ~/venv/bin/dbt. Its rows of main are compared with ours.

`--files` lists the slowest files of sql/ instead. Prints one JSON object as its last line.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import dbt_project
from pipeline.book import build, sqlgraph, state_file, store
from pipeline.book.folder import Folder
from pipeline.config import Config, Owner
from pipeline.sync import normalise

if TYPE_CHECKING:
    import duckdb

NOW = datetime(2026, 9, 1, 6, tzinfo=UTC)
ZONE = "Europe/Lisbon"
SLOWEST = 12

SIZES = {
    "small": (50, 1_000),
    "middle": (5_000, 100_000),
    "large": (20_000, 400_000),
    "larger": (50_000, 1_000_000),
}
"""People and meetings."""

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


class Cost(NamedTuple):
    """What one run of a side took."""

    cpu: float
    wall: float
    peak_mb: int


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", choices=SIZES, default="middle")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dbt", help="the command to compare with")
    parser.add_argument("--files", action="store_true", help="list the slowest files of sql/")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        SIDES[options.side](Folder(options.folder))
        return
    people, meetings = SIZES[options.size]
    with tempfile.TemporaryDirectory() as place:
        folder = Folder(Path(place))
        attendances = generate(folder, people, meetings)
        if options.files:
            list_slowest()
            make_ours(folder)
            return
        figures = compare(folder, options.rounds, options.dbt)
    print(
        json.dumps({"people": people, "meetings": meetings, "attendances": attendances} | figures)
    )


def compare(folder: Folder, rounds: int, dbt: str | None) -> dict[str, float | list[str]]:
    """Run each side in turn."""
    sides = {
        side: partial(cost, [sys.executable, __file__, "--side", side, "--folder", folder.path])
        for side in SIDES
    }
    if dbt:
        book = folder.path / "dbt" / "book.duckdb"
        dbt_project.lay(book.parent, ZONE)
        connection = store.open_next(folder, ZONE, book)
        build.write_raw_schema(connection, settings(folder), folder, NOW)
        build.keep_raw(connection)
        connection.close()
        sides["dbt"] = partial(cost, [dbt, *dbt_project.RUN], book.parent)
    costs: dict[str, list[Cost]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side, run in sides.items():
            costs[side].append(run())
    figures: dict[str, float | list[str]] = {
        "published_mb": round(folder.published.stat().st_size / 1e6, 1)
    }
    least = {side: min(one.cpu for one in found) for side, found in costs.items()}
    for side, found in costs.items():
        figures[f"{side}_cpu"] = round(least[side], 2)
        figures[f"{side}_wall"] = round(min(one.wall for one in found), 2)
        figures[f"{side}_peak_mb"] = max(one.peak_mb for one in found)
        if side != "ours":
            figures[f"ratio_to_{side}"] = round(least["ours"] / least[side], 3)
    if dbt:
        figures["tables_unlike_dbt"] = dbt_project.unlike(book, folder.published)
    return figures


def cost(command: list[str | Path], place: Path | None = None) -> Cost:
    """Run a command in a process of its own, as a night does: nothing is parsed before."""
    began = time.perf_counter()
    child = subprocess.Popen(command, cwd=place, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{command[0]} ended with {child.returncode}")
    wall = time.perf_counter() - began
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss // 1024)


def generate(folder: Folder, people: int, meetings: int) -> int:
    """Fill a state file; returns the number of attendances."""
    connection = state_file.open_state(folder)
    connection.execute(CONTACTS, {"people": people})
    connection.execute(MEETINGS, {"people": people, "meetings": meetings})
    normalise.give_keys(connection, "PT")
    row = connection.execute("select sum(len(attendees)) from raw.meetings").fetchone()
    connection.execute("checkpoint")
    connection.close()
    return int(row[0]) if row else 0


def make_reference(folder: Folder) -> None:
    """The reference query, written to a file of its own as ours is."""
    connection = store.open_next(folder, ZONE)
    connection.execute("create schema reference")
    connection.execute(REFERENCE, {"now": NOW})
    connection.close()


def make_ours(folder: Folder) -> None:
    """The whole build with its checks, published."""
    connection = store.open_next(folder, ZONE)
    build.build(connection, settings(folder), folder, NOW)
    store.publish(connection, folder)


SIDES: dict[str, Callable[[Folder], None]] = {"reference": make_reference, "ours": make_ours}


def settings(folder: Folder) -> Config:
    """An owner, and all else as in a config that says nothing."""
    return Config(data=folder.path, owner=Owner("me", ("me@example.org",), (), ZONE, "PT"))


def list_slowest() -> None:
    """Time each file by itself from now on and list the slowest on leaving the build."""
    seconds: dict[str, float] = {}
    create = sqlgraph.create

    def timed(connection: "duckdb.DuckDBPyConnection", file: sqlgraph.SqlFile) -> int:
        started = time.process_time()
        rows = create(connection, file)
        seconds[file.table] = time.process_time() - started
        return rows

    def check(connection: "duckdb.DuckDBPyConnection", made: "Iterable[build.MadeTable]") -> None:
        started = time.process_time()
        checks(connection, made)
        seconds["checks"] = time.process_time() - started
        for table in sorted(seconds, key=lambda table: -seconds[table])[:SLOWEST]:
            print(f"{seconds[table]:8.3f} s  {table}")
        print(f"{sum(seconds.values()):8.3f} s  all {len(seconds)}")

    checks = build.check
    sqlgraph.create = timed
    build.check = check


if __name__ == "__main__":
    main()
