"""`kithbook demo` from end to end: what somebody sees who tries it before trusting it.

The golden lists (golden/demo_*.json) say who is due and who is who; they were not worked out by
the pipeline.
"""

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from pipeline.commands.demo.demo import QUERIES
from pipeline.commands.demo.demo_book import PRESENT
from tests.support import demo_expected as reckoning
from tests.support import published_tables
from tests.support.paths import GOLDEN, ROOT

EXPECTED: dict[str, Any] = json.loads((GOLDEN / "demo_due.json").read_text("utf-8"))
COMMAND = [sys.executable, "-c", "from pipeline.cli import main; main()"]
AS_OF = "2026-11-18"


class Demo(NamedTuple):
    """A folder in which the demo ran, and what it said."""

    folder: Path
    stdout: str
    stderr: str


def kithbook(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("KITHBOOK_")}
    return subprocess.run(
        [*COMMAND, *arguments],
        env=clean | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def run_demo(folder: Path, as_of: str = AS_OF, **environment: str) -> Demo:
    done = kithbook("--as-of", as_of, "demo", "--folder", str(folder), **environment)
    assert done.returncode == 0, done.stderr
    return Demo(folder, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo on the machine of somebody whose real book would be in `real`."""
    folder = tmp_path_factory.mktemp("first")
    return run_demo(folder / "demo", KITHBOOK_DATA=str(folder / "real"))


@pytest.fixture(scope="module")
def book(first: Demo) -> Iterator[duckdb.DuckDBPyConnection]:
    with published_tables.looking(first.folder) as connection:
        yield connection


@pytest.fixture(scope="module")
def person_ids(book: duckdb.DuckDBPyConnection) -> dict[str, set[int]]:
    """Name in the golden list → the persons that the pipeline made of their cards and addresses."""
    by_email = dict(
        book.execute(
            "select record_ids.key, records.person_id from main.records"
            " join raw.record_ids using (record_id) where record_ids.kind = 'email'"
        ).fetchall()
    )
    cards = book.execute(
        "select records.person_id, contacts.source, contacts.full_name,"
        " list_transform(contacts.emails, lambda one: one.value)"
        " from raw.contacts join main.records using (record_id)"
    ).fetchall()
    by_card: dict[tuple[str, str], set[int]] = {}
    for person, source, name, emails in cards:
        for key in (name, *emails):
            by_card.setdefault((source, key), set()).add(person)
    found: dict[str, set[int]] = {}
    for one in reckoning.people():
        own = [email for email in one["emails"] if not email.startswith("info@")]
        ids = {by_email[email] for email in own if email in by_email}
        for source in ("family", "work"):
            for key in own or one[f"{source}_cards"]:
                ids |= by_card.get((source, key), set())
        found[one["name"]] = ids
    return found


def names(person_ids: dict[str, set[int]], wanted: set[int]) -> set[str]:
    return {name for name, ids in person_ids.items() if ids & wanted}


def tasks(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in (folder / "tasks").rglob("*.ics")}


def test_the_first_screen_is_a_short_due_list(
    first: Demo, book: duckdb.DuckDBPyConnection, person_ids: dict[str, set[int]]
) -> None:
    shown = book.execute(
        "select person_id, display_name, kind from main.follow_ups where is_open"
    ).fetchall()
    check_ins = {person for person, _, kind in shown if kind == "check_in"}
    capped = [kind for _, _, kind in shown if kind in {"check_in", "first_follow_up"}]
    assert len(capped) == 5  # open_at_most
    assert names(person_ids, check_ins) <= {one["person"] for one in EXPECTED["overdue"]}
    for _, name, _ in shown:
        assert name in first.stdout
    for word in ("never met", "you have not", "failed", "Traceback", "neglect"):
        assert word not in first.stdout


def test_who_is_due_is_who_the_golden_list_says(
    book: duckdb.DuckDBPyConnection, person_ids: dict[str, set[int]]
) -> None:
    wanted = book.execute(
        "select person_id from main.follow_ups where kind = 'check_in'"
        " and (is_open or starts_with(why_not, 'cap_') or why_not = 'another_open')"
    ).fetchall()
    assert names(person_ids, {row[0] for row in wanted}) == {
        one["person"] for one in EXPECTED["overdue"]
    }
    booked = book.execute(
        "select person_id from main.follow_ups where kind = 'check_in' and why_not = 'booked'"
    ).fetchall()
    assert names(person_ids, {row[0] for row in booked}) >= {
        one["person"] for one in EXPECTED["booked"]
    }


def test_last_contacts_and_states_are_those_reckoned_by_hand(
    book: duckdb.DuckDBPyConnection, person_ids: dict[str, set[int]]
) -> None:
    said = {
        person: (last.isoformat(), state)
        for person, last, state in book.execute(
            "select person_id, last_contact_date, state from main.ties"
            " where last_contact_date is not null"
        ).fetchall()
    }
    by_name = {
        name: said[person] for name, ids in person_ids.items() for person in ids if person in said
    }
    for one in EXPECTED["overdue"] + EXPECTED["booked"]:
        assert by_name[one["person"]] == (one["last_contact"], "overdue"), one["person"]
    for state, key in (("on track", "on_track"), ("dormant", "dormant"), ("lapsed", "lapsed")):
        for name in EXPECTED[key]:
            assert by_name[name][1] == state, name
    calendar = (ROOT / "pipeline/commands/demo/calendar.ics").read_bytes()
    reckoned = reckoning.standings(calendar, PRESENT.replace(day=18))
    assert {one.name: one.last.isoformat() for one in reckoned} == {
        name: last for name, (last, _) in by_name.items()
    }


def test_one_person_each_and_nobody_merged_with_a_cousin(
    person_ids: dict[str, set[int]],
) -> None:
    for one in reckoning.people():
        if not one.get("is_hard"):
            assert len(person_ids[one["name"]]) == 1, one["name"]
    for name, other in itertools.combinations(person_ids, 2):
        assert not person_ids[name] & person_ids[other], (name, other)


def test_what_was_no_contact_says_why(book: duckdb.DuckDBPyConnection) -> None:
    for one in EXPECTED["no_contact"]:
        counted = book.execute(
            "select count(*) from main.interactions"
            " join main.meetings using (meeting_id) where meetings.title = $1"
            " and interactions.is_counted and ($2 is null or meetings.start_date = $2)",
            [one["summary"], one.get("on")],
        ).fetchone()
        assert counted == (0,), one


def test_april_planning_is_no_meeting_with_april(
    book: duckdb.DuckDBPyConnection, person_ids: dict[str, set[int]]
) -> None:
    met = book.execute(
        "select person_id from main.interactions join main.meetings using (meeting_id)"
        " where meetings.title = 'April planning' and is_counted"
    ).fetchall()
    assert names(person_ids, {row[0] for row in met}) == {"Inês Ferreira", "Bảo Trần"}


def test_the_dead_and_the_owner_are_never_suggested(
    first: Demo, book: duckdb.DuckDBPyConnection, person_ids: dict[str, set[int]]
) -> None:
    silent = {person for name in EXPECTED["silent"] for person in person_ids[name]}
    assert len(silent) == 2
    for table in ("follow_ups", "ties", "dormant_ties"):
        ids = {row[0] for row in book.execute(f"select person_id from main.{table}").fetchall()}
        assert ids.isdisjoint(silent), table
    assert "Wilhelm" not in first.stdout


def test_private_titles_appear_nowhere(first: Demo, book: duckdb.DuckDBPyConnection) -> None:
    written = first.stdout + "".join(tasks(first.folder).values())
    for table in ("meetings", "upcoming", "follow_ups", "last_contacts"):
        written += str(book.execute(f"select * from main.{table}").fetchall())
    assert [title for title in EXPECTED["private_titles"] if title in written] == []


def test_tasks_are_written_as_a_vdir_holds_them(
    first: Demo, book: duckdb.DuckDBPyConnection
) -> None:
    written = tasks(first.folder)
    titles = {re.search(r"SUMMARY:(.*)", text)[1].strip() for text in written.values()}  # type: ignore[index]
    assert titles == {
        row[0] for row in book.execute("select title from main.follow_ups where is_open").fetchall()
    }
    for name, text in written.items():
        assert name.startswith("kithbook-")
        assert text.count("BEGIN:VTODO") == 1
        assert "ATTENDEE" not in text
        assert "ORGANIZER" not in text
    assert (first.folder / "tasks" / "Follow-ups").is_dir()


def test_the_last_lines_say_where_it_is_and_what_to_ask(first: Demo) -> None:
    lines = first.stdout.strip().splitlines()
    assert any(str(first.folder / "kithbook.duckdb") in line for line in lines[-12:])
    assert len([line for line in lines[-10:] if " query " in line]) == 3
    assert any(line.startswith("  Verdict: ") for line in lines[-3:])
    for query in QUERIES:
        assert query in first.stdout
        asked = kithbook("--data", str(first.folder), "query", query)
        assert asked.returncode == 0, asked.stderr
        assert len(asked.stdout.splitlines()) > 3


def test_the_readme_shows_what_it_really_prints(first: Demo) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = readme.partition("$ kithbook due\n")[2].partition("```")[0]
    pieces = [piece.strip("\n") for piece in shown.split("…\n")]
    assert len(pieces) == 3
    assert [piece for piece in pieces if piece not in first.stdout] == []


def test_the_queries_of_the_readme_run(book: duckdb.DuckDBPyConnection) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = re.findall(r"```sql\n(.*?)```", readme, re.DOTALL)
    queries = [query for block in shown for query in block.split(";") if query.strip()]
    assert len(queries) == 2
    for query in queries:
        assert len(book.execute(query).fetchall()) >= 3, query


def test_a_second_run_says_that_nothing_changed(first: Demo, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(first.folder, folder)
    again = run_demo(folder)
    assert "Nothing changed" in again.stderr
    assert "new or changed" not in again.stderr
    assert tasks(folder) == tasks(first.folder)
    assert again.stdout.replace(str(folder), str(first.folder)) == first.stdout


@pytest.mark.parametrize(
    ("as_of", "environment"),
    [
        ("2028-02-29", {"TZ": "Pacific/Kiritimati", "LANG": "C", "LC_ALL": "C"}),
        ("2027-03-28", {"TZ": "America/St_Johns", "LANG": "tr_TR.UTF-8"}),  # the clocks go forward
        ("2024-12-31", {"TZ": "", "LANG": ""}),
    ],
)
def test_the_same_people_are_due_wherever_and_whenever_it_runs(
    tmp_path: Path, as_of: str, environment: dict[str, str]
) -> None:
    demo = run_demo(tmp_path / "demo", as_of, **environment)
    with duckdb.connect(str(demo.folder / "kithbook.duckdb"), read_only=True) as book:
        overdue = book.execute(
            "select title from main.follow_ups where kind = 'check_in'"
            " and (is_open or starts_with(why_not, 'cap_') or why_not = 'another_open')"
        ).fetchall()
    assert len(overdue) == len(EXPECTED["overdue"])
    assert any("Omar Haddad" in row[0] for row in overdue)


def test_nothing_invented_gets_into_a_real_book(first: Demo) -> None:
    assert (first.folder / "kithbook.duckdb").exists()
    assert not (first.folder.parent / "real").exists()


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("chapter one", "utf-8")
    done = kithbook("demo", "--folder", str(tmp_path))
    assert done.returncode == 2
    assert "holds something else" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
