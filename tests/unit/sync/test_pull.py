"""Sources → raw: what changed, what went, what failed, what time does to a series."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from connectors.contract import Page
from connectors.errors import SourceEmpty, SourceError
from connectors.ical.source import IcalFile
from pipeline import config
from pipeline.book import body_store, state_file
from pipeline.book.folder import Folder
from pipeline.sync.pull import pull
from pipeline.sync.pull_outcome import Outcome

NOW = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)

CONFIG = """
data = "book"
[owner.me]
emails = ["me@example.org"]
time_zone = "Europe/Lisbon"
[source.cards]
type = "vcard"
path = "cards"
[source.meetings]
type = "ical"
path = "meetings"
"""

Pull = Callable[..., list[Outcome]]


def card(name: str, email: str = "") -> str:
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"UID:{name}", f"FN:{name}", f"N:{name};;;;"]
    return "\r\n".join([*lines, *([f"EMAIL:{email}"] if email else []), "END:VCARD", ""])


def event(uid: str, start: str, *lines: str) -> str:
    inner = [f"UID:{uid}", f"DTSTART:{start}", "DURATION:PT1H", f"SUMMARY:{uid}", *lines]
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:test",
            "BEGIN:VEVENT",
            *inner,
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "cards").mkdir()
    (tmp_path / "meetings" / "work").mkdir(parents=True)
    (tmp_path / "config.toml").write_text(CONFIG)
    (tmp_path / "cards" / "a.vcf").write_text(card("Ana Lima", "ana@example.org"))
    (tmp_path / "meetings" / "work" / "m.ics").write_text(event("m", "20260801T090000Z"))
    return tmp_path


@pytest.fixture
def state(book: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = state_file.open_state(Folder(book / "book"), "Europe/Lisbon")
    yield connection
    connection.close()


@pytest.fixture
def run(book: Path, state: duckdb.DuckDBPyConnection) -> Pull:
    def go(now: datetime = NOW, *, allow_empty: bool = False) -> list[Outcome]:
        loaded = config.load(book / "config.toml")
        return pull(state, loaded, loaded.sources, now, allow_empty=allow_empty)

    return go


def names(state: duckdb.DuckDBPyConnection) -> list[tuple[str, bool]]:
    return state.execute(
        "select full_name, gone_at is not null from raw.contacts order by full_name"
    ).fetchall()


def test_what_came_in_stands_in_raw_once(run: Pull, state: duckdb.DuckDBPyConnection) -> None:
    run()
    outcomes = run()
    assert names(state) == [("Ana Lima", False)]
    assert state.execute(
        "select uid, starts_at = $1 from raw.meetings", [datetime(2026, 8, 1, 9, tzinfo=UTC)]
    ).fetchall() == [("m", True)]
    assert [(one.changed, one.gone) for one in outcomes] == [(0, 0), (0, 0)]


def test_a_changed_card_is_one_card_and_its_old_body_is_kept(
    book: Path, run: Pull, state: duckdb.DuckDBPyConnection
) -> None:
    run()
    (book / "cards" / "a.vcf").write_text(card("Ana Lima", "ana@work.example"))
    run(NOW + timedelta(days=1))
    assert state.execute("select emails[1].value from raw.contacts").fetchall() == [
        ("ana@work.example",)
    ]
    bodies = state.execute(
        "select superseded_at is not null, contains(body::varchar, 'ana@example.org')"
        " from raw.items where kind = 'contact' order by received_at"
    ).fetchall()
    assert bodies == [(True, True), (False, False)]


def test_a_superseded_body_goes_after_ninety_days(
    book: Path, run: Pull, state: duckdb.DuckDBPyConnection
) -> None:
    run()
    (book / "cards" / "a.vcf").write_text(card("Ana Lima", "ana@work.example"))
    run(NOW + timedelta(days=1))
    run(NOW + timedelta(days=92))
    assert state.execute("select count(*) from raw.items where kind = 'contact'").fetchall() == [
        (1,)
    ]


def test_a_card_that_went_is_a_tombstone_and_comes_back_under_its_number(
    book: Path, run: Pull, state: duckdb.DuckDBPyConnection
) -> None:
    (book / "cards" / "b.vcf").write_text(card("Rui Costa"))
    run()
    before = state.execute("select full_name, record_id from raw.contacts order by 1").fetchall()
    (book / "cards" / "a.vcf").unlink()
    run()
    assert names(state) == [("Ana Lima", True), ("Rui Costa", False)]
    (book / "cards" / "a.vcf").write_text(card("Ana Lima"))
    run()
    assert names(state) == [("Ana Lima", False), ("Rui Costa", False)]
    after = state.execute("select full_name, record_id from raw.contacts order by 1").fetchall()
    assert after == before


def test_a_source_that_looks_empty_loses_nothing_until_the_user_says_so(
    book: Path, run: Pull, state: duckdb.DuckDBPyConnection
) -> None:
    for number in range(30):
        (book / "cards" / f"{number}.vcf").write_text(card(f"Person {number:02}"))
    run()
    for number in range(25):
        (book / "cards" / f"{number}.vcf").unlink()
    cards, meetings = run()
    assert isinstance(cards.error, SourceEmpty)
    assert "--allow-empty" in cards.error.hint
    assert meetings.error is None
    assert sum(gone for _, gone in names(state)) == 0
    cards, _ = run(allow_empty=True)
    assert cards.error is None
    assert sum(gone for _, gone in names(state)) == 25


def test_one_failing_source_does_not_stop_the_other(
    book: Path, run: Pull, state: duckdb.DuckDBPyConnection
) -> None:
    run()
    (book / "cards" / "a.vcf").unlink()
    (book / "cards").rmdir()
    (book / "meetings" / "work" / "n.ics").write_text(event("n", "20260802T090000Z"))
    cards, meetings = run()
    assert isinstance(cards.error, SourceError)
    assert "cards" in str(cards.error)
    assert (meetings.error, meetings.changed) == (None, 1)
    assert names(state) == [("Ana Lima", False)]
    runs = state.execute("select source, status from raw.runs order by run_id").fetchall()
    assert runs[2:] == [("cards", "failed"), ("meetings", "done")]


def test_a_series_goes_on_as_time_moves_without_being_fetched_again(
    book: Path, run: Pull, state: duckdb.DuckDBPyConnection
) -> None:
    body = event("weekly", "20260801T090000Z", "RRULE:FREQ=WEEKLY")
    (book / "meetings" / "work" / "w.ics").write_text(body)
    run()
    last = "select max(timezone('UTC', starts_at)) from raw.meetings where uid = 'weekly'"
    first_horizon = state.execute(last).fetchone()
    _, meetings = run(NOW + timedelta(days=365))
    later_horizon = state.execute(last).fetchone()
    assert first_horizon
    assert later_horizon
    assert later_horizon[0] - first_horizon[0] >= timedelta(days=360)
    assert later_horizon[0].replace(tzinfo=UTC) > NOW + timedelta(days=365 + 120)
    assert meetings.changed == 0


def test_a_reject_stands_until_its_item_can_be_read(
    book: Path, run: Pull, state: duckdb.DuckDBPyConnection
) -> None:
    bad = book / "meetings" / "work" / "bad.ics"
    bad.write_text("BEGIN:VCALENDAR\r\nnothing that is an event\r\nEND:VCALENDAR\r\n")
    _, meetings = run()
    assert meetings.rejected == 1
    rejects = "select source, href, reason <> '', octet_length(content) > 0 from raw.rejects"
    assert state.execute(rejects).fetchall() == [("meetings", "bad.ics", True, True)]
    run()
    assert state.execute("select count(*) from raw.rejects").fetchone() == (1,)
    bad.write_text(event("good", "20260803T090000Z"))
    run()
    assert state.execute(rejects).fetchall() == []


def test_a_page_that_cannot_be_written_leaves_the_state_as_it_was(
    book: Path, run: Pull, state: duckdb.DuckDBPyConnection
) -> None:
    run()
    (book / "cards" / "b.vcf").write_text(card("Rui Costa"))
    state.execute("alter table raw.cursors rename to elsewhere")
    state.execute("create view raw.cursors as select * from raw.elsewhere")
    with pytest.raises(duckdb.Error):
        run()
    state.execute("drop view raw.cursors")
    state.execute("alter table raw.elsewhere rename to cursors")
    assert names(state) == [("Ana Lima", False)]
    run()
    assert names(state) == [("Ana Lima", False), ("Rui Costa", False)]


def test_large_bodies_stand_once_whatever_their_versions(
    book: Path, run: Pull, state: duckdb.DuckDBPyConnection
) -> None:
    photo = "PHOTO;ENCODING=b;TYPE=JPEG:" + "A" * 40_000
    text = card("Ana Lima").replace("END:VCARD", f"{photo}\r\nEND:VCARD")
    (book / "cards" / "a.vcf").write_text(text)
    run()
    (row,) = state.execute(
        "select body, body_hash from raw.items where kind = 'contact'"
    ).fetchall()
    assert row[0] is None
    assert body_store.kept(state, [row[1]]) == {row[1]: text.strip().encode()}


def test_a_source_named_twice_keeps_its_collections_apart(
    book: Path, run: Pull, state: duckdb.DuckDBPyConnection
) -> None:
    (book / "meetings" / "home").mkdir()
    (book / "meetings" / "home" / "m.ics").write_text(event("m", "20260801T090000Z"))
    run()
    rows = state.execute(
        "select collection, count(*) from raw.items where kind = 'event' group by 1 order by 1"
    ).fetchall()
    assert rows == [("home", 1), ("work", 1)]


def test_an_unchosen_calendar_takes_its_meetings_with_it(
    book: Path, state: duckdb.DuckDBPyConnection
) -> None:
    (book / "meetings" / "home").mkdir()
    (book / "meetings" / "home" / "h.ics").write_text(event("h", "20260801T090000Z"))
    loaded = config.load(book / "config.toml")
    pull(state, loaded, loaded.sources, NOW)
    cards, meetings = loaded.sources
    chosen = replace(meetings, options=replace(meetings.options, calendars=("home",)))
    pull(state, loaded, [cards, chosen], NOW)
    rows = state.execute(
        "select uid, gone_at is not null from raw.meetings order by uid"
    ).fetchall()
    assert rows == [("h", False), ("m", True)]


TASKS = """
[tasks]
source = "meetings"
list = "Keep in touch"
"""


def test_a_folder_that_is_not_there_loses_no_meeting_though_tasks_go_there(
    book: Path, run: Pull, state: duckdb.DuckDBPyConnection
) -> None:
    (book / "config.toml").write_text(CONFIG + TASKS)
    run()
    (book / "meetings").rename(book / "unmounted")
    cards, meetings = run()
    assert cards.error is None
    assert isinstance(meetings.error, SourceEmpty)
    assert "meetings names no collection any more; it had work" in str(meetings.error)
    assert "mounted" in meetings.error.hint
    gone = "select uid, gone_at is not null from raw.meetings"
    assert state.execute(gone).fetchall() == [("m", False)]
    _, meetings = run(allow_empty=True)
    assert meetings.error is None
    assert state.execute(gone).fetchall() == [("m", True)]


def test_a_collection_that_is_back_as_it_was_is_read_again(
    book: Path, run: Pull, state: duckdb.DuckDBPyConnection
) -> None:
    (book / "meetings" / "home").mkdir()
    (book / "meetings" / "home" / "h.ics").write_text(event("h", "20260801T090000Z"))
    run()
    gone = "select uid, gone_at is not null from raw.meetings order by uid"
    for there, elsewhere in (("work", "../away"), ("../away", "work")):
        (book / "meetings" / there).rename(book / "meetings" / elsewhere)
        run()
        assert state.execute(gone).fetchall() == [("h", False), ("m", elsewhere != "work")]


def test_a_calendar_goes_only_when_the_rest_of_its_source_could_be_read(
    book: Path, run: Pull, state: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    (book / "meetings" / "home").mkdir()
    (book / "meetings" / "home" / "h.ics").write_text(event("h", "20260801T090000Z"))
    run()
    (book / "meetings" / "work").rename(book / "away")
    gone = "select uid, gone_at is not null from raw.meetings order by uid"

    def fails(*_: object) -> Iterator[Page]:
        raise SourceError("the disk fails")

    with monkeypatch.context() as patched:
        patched.setattr(IcalFile, "pull", fails)
        _, meetings = run()
    assert "the disk fails" in str(meetings.error)
    assert state.execute(gone).fetchall() == [("h", False), ("m", False)]
    run()
    assert state.execute(gone).fetchall() == [("h", False), ("m", True)]
