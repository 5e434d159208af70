"""Noticed when it stops: what is noted of each run, and what a monitor is told by it."""

import contextlib
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import InvariantError, LockHeld, LoginError, SourceError, UsageError
from pipeline import cli
from pipeline.book import run_log
from pipeline.book.folder import Folder
from pipeline.book.run_log import Line, SourceLine
from pipeline.sync.pull_outcome import Outcome
from pipeline.sync.run import RunResult
from pipeline.sync.status_alarms import Alarm, alarms, max_age, with_ages
from tests.support.sql_tables import SqlBook

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
TWO_DAYS = timedelta(days=2)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def run(hours_ago: float, code: int = 0, *sources: SourceLine, **more: Any) -> Line:
    line = Line("sync", NOW - timedelta(hours=hours_ago), 1.0, code, True, True, sources=sources)
    return replace(line, **more)


def source(name: str, **more: Any) -> SourceLine:
    return replace(SourceLine(name, 0, 0, 0, 1.0), **more)


def noted(
    folder: Folder, error: BaseException | None = None, ran: RunResult | None = None
) -> Line | None:
    """The line of a sync that ended so."""
    before = len(run_log.read(folder))
    ending = pytest.raises(type(error)) if error else contextlib.nullcontext()
    with ending, run_log.noted(folder, "sync", NOW, ran or RunResult(), writes_tasks=True):
        if error:
            raise error
    return next(iter(run_log.read(folder)[before:]), None)


# --- what is noted --------------------------------------------------------------------------


def test_a_run_is_noted_with_its_sources_and_how_it_ended(folder: Folder) -> None:
    ran = RunResult(outcomes=[Outcome("home", changed=3, gone=1), Outcome("work")])
    ran.outcomes[1].troubles.append(LoginError("work: the password was refused.", "check it"))
    ran.trouble += ran.outcomes[1].troubles
    line = noted(folder, ran=ran)
    assert line is not None
    assert (line.exit_code, line.is_good, line.started_at) == (6, False, NOW)
    home, work = line.sources
    assert (home.source, home.changed, home.gone, home.trouble) == ("home", 3, 1, None)
    assert (work.kind, work.trouble, work.hint) == (
        "login",
        "work: the password was refused.",
        "check it",
    )
    assert run_log.path(folder).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvariantError("the check failed"), 5),
        (SourceError("no answer"), 4),
        (OSError(28, "No space left on device"), 5),
        (TypeError("of ana@private.example"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_a_run_that_did_not_get_through_is_noted_too(
    folder: Folder, error: BaseException, code: int
) -> None:
    line = noted(folder, error)
    assert line is not None
    assert line.exit_code == code
    assert line.trouble
    assert "private" not in line.trouble


def test_a_run_that_another_one_keeps_from_beginning_is_none(folder: Folder) -> None:
    assert noted(folder, LockHeld("another run")) is None


def test_only_a_whole_run_is_a_good_one() -> None:
    assert run(1).is_good
    assert run(1, command="push").is_good
    assert not run(1, 6).is_good
    assert not run(1, command="import").is_good
    assert not run(1, wrote_tasks=False).is_good


def test_a_line_that_a_crash_cut_off_hides_no_other(folder: Folder) -> None:
    noted(folder)
    with run_log.path(folder).open("a") as file:
        file.write('[]\n{"command": "sync"}\n{"command": "sy')
    noted(folder)
    assert len(run_log.read(folder)) == 2


def test_the_lines_of_many_years_are_shortened(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_log, "LINES_AT_MOST", 4)
    for _ in range(5):
        noted(folder)
    assert len(run_log.read(folder)) == 2
    assert run_log.path(folder).stat().st_mode & 0o777 == 0o600


def test_the_runs_of_a_year_stand_in_the_book() -> None:
    book = SqlBook(as_of="2026-11-27")
    for number, day in enumerate(("2025-11-01", "2025-12-01", "2026-11-26"), 1):
        began, ended = f"{day} 05:00:00+00", f"{day} 05:00:12.5+00"
        book.insert(
            "raw.runs",
            {"run_id": number, "source": "home", "started_at": began}
            | ({"ended_at": ended, "status": "done", "command": "sync"} if number == 2 else {}),
        )
    book.build("main.runs")
    assert book.rows("select run_id, command, seconds, status from main.runs order by 1") == [
        (2, "sync", 12.5, "done"),
        (3, None, None, "broken off"),
    ]


# --- what a monitor is told -----------------------------------------------------------------


def told(*lines: Line, fresh: list[dict[str, Any]] | None = None, **more: Any) -> list[Alarm]:
    rows = with_ages(fresh or [], lines)
    return alarms(lines, rows, more.get("problems", []), TWO_DAYS, NOW)


def test_nothing_is_amiss_while_the_nights_get_through() -> None:
    assert told(run(24 + 9), run(9)) == []
    assert told(run(33), run(9, 6)) == []


def test_no_good_run_for_two_days_is_told_with_how_the_last_one_ended() -> None:
    (one,) = told(run(72), run(48.5))
    assert (one.what, one.message) == ("run", "The last successful sync was 2 days ago.")
    (one,) = told(run(80), run(9, 5, trouble="The disk is full.\nmore", hint="make room"))
    assert one.message.endswith("3 days ago. The last run ended with 5: The disk is full.")
    assert one.hint == "make room"
    (one,) = alarms([run(20)], [], [], timedelta(hours=12), NOW)
    assert one.message == "The last successful sync was 20 hours ago."
    (one,) = told()
    assert one.message == "No sync has succeeded yet."


def test_a_refused_login_is_told_at_once_and_no_more_when_its_source_left_the_config() -> None:
    refused = source("home", kind="login", trouble="home: the password was refused.")
    (one,) = told(run(33), run(9, 6, refused))
    assert (one.what, one.place) == ("login", "home")
    assert told(run(33, 6, refused), run(9, 0, source("work"))) == []


def test_the_missing_task_list_is_told() -> None:
    row = {"name": "task_list_missing", "place": "home", "problem": "it is missing", "hint": "look"}
    (one,) = told(run(9), problems=[row])
    assert (one.what, one.message) == ("list", "home: it is missing.")


def collection(name: str, days_ago: int, status: str = "fresh", **more: Any) -> dict[str, Any]:
    row = {"source": "home", "collection_name": name, "status": status, "error": None, "hint": None}
    at = (NOW - timedelta(days=days_ago)).replace(tzinfo=None)
    return {**row, "pulled_at": at, **more}


def test_a_collection_that_was_not_read_for_two_days_is_told() -> None:
    rows = [
        collection("Team", 3, "stale", error="the server failed"),
        collection("Own", 0),
        collection("Shared", 90, "refused"),
        collection("old.vcf", 900, "import"),
    ]
    (one,) = told(run(9), fresh=rows)
    assert (one.what, one.message) == (
        "source",
        "home, Team: last read 3 days ago: the server failed",
    )


def test_a_night_that_found_nothing_new_counts_though_nothing_was_published() -> None:
    """The published file is of three days ago; the runs since then read the source."""
    rows = [collection("Own", 3), collection("Team", 3)]
    assert told(run(33, 0, source("home")), run(9, 0, source("home")), fresh=rows) == []
    found = told(run(9, 0, source("home", unread=("Team",))), fresh=rows)
    assert [one.place for one in found] == ["home, Team"]


@pytest.mark.parametrize(
    ("text", "hours"),
    [("2 days", 48), ("2d", 48), ("36 hours", 36), ("36h", 36), ("1 week", 168), ("1h", 1)],
)
def test_an_age_is_typed_as_people_say_it(text: str, hours: int) -> None:
    assert max_age(text) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "soon", "two", "-1 days"])
def test_an_age_that_is_none_is_an_error(text: str) -> None:
    with pytest.raises(UsageError, match="--max-age"):
        max_age(text)


# --- by hand --------------------------------------------------------------------------------

CONFIG = """
data = "book"
[owner.me]
emails = ["me@example.org"]
time_zone = "Europe/Lisbon"
[source.cards]
type = "vcard"
path = "cards.vcf"
"""


def test_status_ends_with_seven_when_the_last_good_run_is_too_long_ago(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    (tmp_path / "cards.vcf").write_text("BEGIN:VCARD\nFN:Ana Lima\nEND:VCARD\n")

    def kithbook(*arguments: str) -> int:
        capsys.readouterr()
        return cli.run(["--config", str(tmp_path / "config.toml"), *arguments])

    def asked() -> tuple[int, dict[str, Any]]:
        code = kithbook("status", "--max-age", "2 days", "--json")
        return code, json.loads(capsys.readouterr().out)

    assert kithbook("sync", "--quiet") == 0
    code, said = asked()
    assert (code, said["alarms"], said["last_run"]["exit_code"]) == (0, [], 0)
    log = run_log.path(Folder(tmp_path / "book"))
    old = datetime.now(UTC) - timedelta(days=5)
    log.write_text(re.sub(r'"started_at": "[^"]+"', f'"started_at": "{old}"', log.read_text()))
    code, said = asked()
    assert (code, [one["what"] for one in said["alarms"]]) == (7, ["run"])
    assert kithbook("status", "--max-age", "2 days") == 7
    shown = capsys.readouterr()
    assert re.search(r"Last run: `sync`, .* \(5 days ago\): all done\.", shown.out)
    assert "The last successful sync was 5 days ago." in shown.err
    assert kithbook("runs") == 0
    _, _, head, row = capsys.readouterr().out.splitlines()
    assert "(sync)" in head
    assert row.split()[:4] == ["cards", "1", "0", "0"]


def test_of_somebody_forgotten_no_trouble_tells(folder: Folder) -> None:
    noted(folder, SourceError("home: /ana-lima.vcf cannot be read"))
    run_log.drop_words(folder)
    (line,) = run_log.read(folder)
    assert (line.exit_code, line.trouble) == (4, None)
    assert "ana" not in run_log.path(folder).read_text()
