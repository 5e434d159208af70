"""The upgrade night: a book that an earlier version made, its decisions and its open tasks.

Each archive of tests/golden/upgrade is named after the commit that made it; make_book.sh says how.
"""

import shutil
import tarfile
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from connectors import READERS
from pipeline.book.folder import Folder
from pipeline.book.state_file import open_state
from pipeline.sync.reparse_stored import read_again
from tests.support.demo_commands import Hand
from tests.support.new_user import Kithbook, card
from tests.support.paths import GOLDEN

BOOKS = GOLDEN / "upgrade"
OLDEST, BEFORE_ADOPTION = "a2a8c20", "7c6c46e"
"""Commits: everything is tried on the first; on the second what its rules of tasks left behind."""
NIGHT = "2026-11-27"
PER_WEEK = 5


@dataclass
class Night:
    """The book of an earlier version, and what stood in it before the first sync of this one."""

    hand: Hand
    people: dict[int, str] = field(default_factory=dict)
    contacts: dict[int, Any] = field(default_factory=dict)
    tasks: dict[str, str] = field(default_factory=dict)
    said: str = ""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.hand.rows(query)

    def read_tasks(self) -> dict[str, str]:
        """File name → text of every task in the list."""
        folder = self.hand.folder / "tasks" / "Follow-ups"
        return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.ics"))}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("upgrade")
    for commit in (OLDEST, BEFORE_ADOPTION):
        with tarfile.open(BOOKS / f"{commit}.tar.xz") as packed:
            packed.extractall(folder / commit, filter="data")
    return folder


@pytest.fixture
def night(
    request: pytest.FixtureRequest,
    unpacked: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Night:
    commit = getattr(request, "param", OLDEST)
    for name in ("KITHBOOK_CONFIG", "KITHBOOK_DATA"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(unpacked / commit / "book", tmp_path / "book")
    night = Night(Hand(tmp_path / "book", capsys, monkeypatch, NIGHT))
    night.people = dict(night.rows("select person_id, display_name from main.people"))
    night.contacts = dict(night.rows("select person_id, last_contact_date from main.last_contacts"))
    night.tasks = night.read_tasks()
    return night


def status(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("STATUS:"))


def open_titles(night: Night) -> Counter[str]:
    return Counter(
        line
        for text in night.read_tasks().values()
        if status(text) == "STATUS:NEEDS-ACTION"
        for line in text.splitlines()
        if line.startswith("SUMMARY:")
    )


def test_nobody_is_lost_without_a_word(night: Night) -> None:
    said = night.hand.ok("sync").err
    now = dict(night.rows("select person_id, display_name from main.people"))
    persons = dict(night.rows("select record_id, person_id from main.records"))
    for person_id, name in night.people.items():
        assert persons.get(person_id, person_id) in now or name in said
    (line,) = [line for line in said.splitlines() if line.startswith("The first book that")]
    assert line.startswith(f"The first book that this version made: {len(now)} entries; ")
    assert night.rows("select problem from main.problems where name = 'new_version'") == [(line,)]


def test_nobody_is_seen_less(night: Night) -> None:
    night.hand.ok("sync")
    persons = dict(night.rows("select record_id, person_id from main.records"))
    now = dict(night.rows("select person_id, last_contact_date from main.last_contacts"))
    names = dict(night.rows("select person_id, display_name from main.people"))
    for person_id, day in night.contacts.items():
        if night.people[person_id] in ("wanda", "Wanda Reiter"):
            continue
        assert now[persons[person_id]] >= day, names[persons[person_id]]
    # What was no address stood on two guests: the later of their days was another Wanda's.
    wanda = next(one for one, name in names.items() if name == "Wanda Reiter")
    assert now[wanda] == date(2026, 9, 1)
    faces = night.rows("select display_name from main.new_faces where person_id is null")
    assert faces == [("Wanda Other",)]


@pytest.mark.parametrize("night", [OLDEST, BEFORE_ADOPTION], indirect=True)
def test_no_task_is_doubled_and_none_that_was_touched_is_withdrawn(night: Night) -> None:
    night.hand.ok("sync")
    after = night.read_tasks()
    assert max(open_titles(night).values()) == 1
    touched = [
        name
        for name, text in night.tasks.items()
        if "DUE;VALUE=DATE:20261224" in text or "SUMMARY:Ring about the boat" in text
    ]
    assert len(touched) == 2
    for name in touched:
        assert after[name] == night.tasks[name]
    for name, text in night.tasks.items():
        if status(text) == "STATUS:COMPLETED":
            assert after[name] == text


@pytest.mark.parametrize("night", [BEFORE_ADOPTION], indirect=True)
def test_after_a_loss_tasks_of_the_earlier_rule_wait_for_a_word(night: Night) -> None:
    hand = night.hand
    (hand.folder / "state.duckdb").unlink()
    titles = open_titles(night)
    said = hand.ok("sync").err
    assert "left alone; `kithbook status` lists them" in said
    assert "The first book" not in said  # with the numbers of before nobody can be compared
    assert "`kithbook push --adopt` takes it up for" in hand.ok("status").out
    assert all(number == 1 for number in open_titles(night).values())
    shown = hand.ok("push", "--adopt", "--dry-run").out
    for title in titles:  # one that has another title by now is known by an address in its notes
        assert title.removeprefix("SUMMARY:").strip() in shown
    assert hand.kithbook("push", "--adopt").code == 2  # nobody is there to say yes
    said = hand.ok("push", "--adopt", "--yes").err
    assert "found there and adopted" in said
    assert "left alone" not in said
    assert all(number == 1 for number in open_titles(night).values())


def test_changes_keep_to_the_caps(night: Night) -> None:
    night.hand.ok("sync")
    after = night.read_tasks()
    new = [text for name, text in after.items() if name not in night.tasks]
    assert len(new) <= PER_WEEK
    withdrawn = [name for name in night.tasks if name not in after]
    assert len(withdrawn) <= 1


def test_the_night_after_is_quiet(night: Night) -> None:
    night.hand.ok("sync")
    tasks = night.read_tasks()
    people = night.rows("select person_id, display_name from main.people order by all")
    said = night.hand.ok("sync").err
    assert "The first book" not in said
    assert night.read_tasks() == tasks
    assert night.rows("select person_id, display_name from main.people order by all") == people
    assert night.rows("select * from main.problems where name = 'new_version'") == []


def test_what_was_said_still_holds(night: Night) -> None:
    night.hand.ok("sync")
    people = dict(night.rows("select display_name, is_muted from main.people"))
    assert people["Person05 Oldphone"] is True
    assert "Person09 Oldphone" not in people  # at rest
    assert ("Person10 Oldphone" in people) != ("Person11 Oldphone" in people)  # merged
    every = dict(night.rows("select display_name, cadence_days from main.ties"))
    assert every["Wanda Reiter"] in (60, 61)
    assert every["Person08 Oldphone"] == 21


def test_commands_that_look_work_before_the_first_sync_or_say_what_to_do(night: Night) -> None:
    for command in (
        ["due"],
        ["status"],
        ["show", "Wanda Reiter"],
        ["brief"],
        ["review"],
        ["rules"],
        ["import", "--list"],
        ["doctor"],
        ["export", "people"],
        ["rejects"],
    ):
        said = replace(night.hand, as_of="2026-11-26").kithbook(*command)
        assert "a bug" not in said.err, (command, said.err)
        assert said.code == 0 or "`kithbook build`" in said.err or command == ["doctor"], said.err
    assert night.hand.kithbook("build").code == 0
    assert night.hand.kithbook("due").code == 0


def test_an_older_program_says_that_the_book_is_a_newer_ones(night: Night) -> None:
    folder = Folder(night.hand.folder)
    state = open_state(folder)
    state.execute("insert into raw.migrations values ('999_tomorrow.sql', now())")
    state.close()
    for command in ("sync", "build"):
        said = night.hand.kithbook(command)
        assert said.code == 5
        assert "used by a newer kithbook, which knows 999_tomorrow.sql" in said.err
        assert "kithbook --version" in said.err


def test_a_book_made_by_another_version_is_told_from_a_bug(night: Night) -> None:
    said = night.hand.kithbook("query", "select 1")
    assert (said.code, "made by another version" in said.err) == (5, True), said.err
    night.hand.ok("build")
    path = night.hand.folder / "kithbook.duckdb"
    other = path.with_name("other.duckdb")
    shutil.copy2(path, other)
    with duckdb.connect(str(other)) as connection:
        connection.execute("drop table main.follow_ups")
    other.replace(path)
    assert "a bug" in night.hand.kithbook("due").err
    with duckdb.connect(str(path)) as connection:
        connection.execute("update main.settings set sql_version = 'another'")
    said = night.hand.kithbook("due")
    assert said.code == 5
    assert "made by another version" in said.err
    assert "`kithbook build`" in said.err


def test_what_an_earlier_version_imported_is_known_and_brings_no_twins(night: Night) -> None:
    """One of them had taken an older one's place: it is told by its newest content."""
    hand = night.hand
    hand.ok("build")
    everybody = night.rows("select person_id, display_name from people order by all")
    cards = night.rows("select source, href, record_id from raw.contacts order by all")
    inbox = hand.folder / "inbox"
    mapping = ("Name=full_name", "E-mail Address=email", "Phone=phone")
    options = [word for one in mapping for word in ("--map", one)]
    for file, name in (
        ("phone-2025.vcf", "phone.vcf"),
        ("contacts.vcf", "contacts.vcf"),
        ("old.ics", "old.ics"),
        ("web.csv", "web.csv"),
    ):
        said = hand.ok("import", str(inbox / file), *(options if file == "web.csv" else ())).out
        assert said == f"{file}: already imported on 18 November as {name}; nothing changed\n"
    assert night.rows("select person_id, display_name from people order by all") == everybody
    assert night.rows("select source, href, record_id from raw.contacts order by all") == cards
    shown = night.rows("select name, is_finished, cards, events from imports order by all")
    assert shown == [
        ("contacts.vcf", True, 9, 0),
        ("old.ics", True, 0, 9),
        ("phone.vcf", True, 12, 0),
        ("web.csv", True, 2, 0),
    ]
    # From now on by the content itself; and what was replaced then comes in beside it.
    (hand.folder / "copy.vcf").write_bytes((inbox / "phone-2025.vcf").read_bytes())
    assert "as phone.vcf; nothing changed" in hand.ok("import", str(hand.folder / "copy.vcf")).out
    assert "this one is phone.vcf-2" in hand.ok("import", str(inbox / "phone.vcf")).out
    assert night.rows(
        "select full_name from raw.contacts where source = 'import/phone.vcf-2'"
        " and full_name like 'Person01%'"
    ) == [("Person01 Oldphone",)]
    hand.ok("import", "--undo", "phone.vcf-2")
    assert night.rows("select source, href, record_id from raw.contacts order by all") == cards


BETTER = (
    "select full_name, phones, record_id, first_seen_at from raw.contacts"
    " where gone_at is null order by item_id"
)
READ = "select summary, starts_at, meeting_id from raw.meetings where gone_at is null order by all"


def test_what_is_stored_is_read_again_once_by_better_readers(night: Night) -> None:
    """As if the version before had read no phone and no title: nothing is fetched for it."""
    folder = Folder(night.hand.folder)
    for path in night.hand.folder.glob("*.vcf"):
        path.write_bytes(b"")  # what the sources say by now does not matter
    with open_state(folder) as state:
        contacts, meetings = state.execute(BETTER).fetchall(), state.execute(READ).fetchall()
        state.execute("update raw.contacts set phones = null")
        state.execute("update raw.meetings set summary = null")
    night.hand.ok("build")
    with open_state(folder) as state:
        assert state.execute(BETTER).fetchall() == contacts
        # Series are expanded further ahead at that.
        assert [one for one in state.execute(READ).fetchall() if one in meetings] == meetings
        assert any(phones for _, phones, *_ in contacts)
        state.execute("update raw.contacts set phones = null where gone_at is null")
        read_again(state, datetime(2026, 11, 28, tzinfo=UTC), ZoneInfo("UTC"))
        assert not any(phones for _, phones, *_ in state.execute(BETTER).fetchall())
        assert state.execute("select version from raw.readers").fetchall() == [(READERS,)]


def test_a_card_within_a_card_of_a_file_comes_in_when_it_is_read_again(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    inner = "AGENT:BEGIN:VCARD\\nFN:Rui Costa\\nTEL:912 345 671\\nEND:VCARD\\n"
    (tmp_path / "c.vcf").write_text(card("Ana Lima", inner))
    kithbook("import", str(tmp_path / "c.vcf"))
    all_of_it = "select href, record_id, full_name from raw.contacts order by item_id"
    with open_state(Folder(tmp_path / "book")) as state:
        before = state.execute(all_of_it).fetchall()
        assert [name for *_, name in before] == ["Ana Lima", "Rui Costa"]
        for table in ("raw.items", "raw.contacts"):
            state.execute(f"delete from {table} where starts_with(href, 'agent:')")
        state.execute("delete from raw.readers")
        read_again(state, datetime(2026, 9, 2, tzinfo=UTC), ZoneInfo("UTC"))
        assert state.execute(all_of_it).fetchall() == before
