"""One API, one calendar or one answer of Google's that fails leaves the rest of a run alone."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import cli
from tests.support.caldav_account import Said
from tests.support.fake_google.server import GoogleServer, Reply, Trouble

CONFIG = """
data = "book"
[owner.me]
emails = ["me@example.org"]
time_zone = "Europe/Lisbon"
[source.google]
type = "google"
api_endpoint = "{url}"
token_file = "{token}"
[tasks]
source = "google"
list = "Follow-ups"
"""
OWN = "ana@example.org"


class Home:
    """The command with a config that names the local Google."""

    def __init__(self, google: GoogleServer, folder: Path) -> None:
        self.google, self.folder = google, folder
        token = google.token_file(folder)
        self.config = folder / "config.toml"
        self.config.write_text(CONFIG.format(url=google.url, token=token))

    def run(self, *arguments: str, day: str = "2026-09-01") -> Said:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.run(["--config", str(self.config), "--as-of", day, *arguments])
        return Said(code, out.getvalue(), err.getvalue())

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Of the published file."""
        with duckdb.connect(str(self.folder / "book" / "kithbook.duckdb"), read_only=True) as book:
            return book.execute(query).fetchall()

    def errors(self) -> dict[str, bool]:
        """Collection → whether an error is shown for it."""
        return dict(self.rows("select collection_name, error is not null from main.freshness"))

    def add_lunch(self, key: str, day: str, calendar: str | None = None) -> None:
        """With Rui, accepted by both."""
        people = ("me@example.org", "rui@example.org")
        self.google.account.add_event(
            key,
            calendar,
            summary="Lunch",
            start={"dateTime": f"{day}T12:00:00Z"},
            end={"dateTime": f"{day}T13:00:00Z"},
            organizer={"email": "me@example.org"},
            attendees=[{"email": one, "responseStatus": "accepted"} for one in people],
        )

    def tasks(self) -> list[str]:
        """Titles of all that stands in the lists."""
        return [
            one["title"] for tasks in self.google.account.tasks.values() for one in tasks.values()
        ]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setattr("time.sleep", lambda _: None)  # nothing is waited for
    with GoogleServer() as google:
        google.account.add_person(
            "c1",
            names=[{"displayName": "Rui Costa"}],
            emailAddresses=[{"value": "rui@example.org"}],
        )
        yield Home(google, tmp_path)


def test_the_tasks_api_switched_off(home: Home) -> None:
    home.google.trouble(
        Trouble(status=403, reason="accessNotConfigured", only="tasks.", times=None)
    )
    said = home.run("sync")
    assert said.code == 6
    assert "console.cloud.google.com/apis/library/tasks.googleapis.com" in said.err
    assert "except" not in said.err
    assert home.errors() == {"Contacts": False, "Follow-ups": True, OWN: False}


def test_one_calendar_that_is_refused(home: Home) -> None:
    assert home.run("sync").code == 0
    home.google.trouble(Trouble(status=404, reason="notFound", only="calendar.events", times=None))
    said = home.run("sync", day="2026-09-02")
    assert said.code == 6
    assert said.err.rstrip().endswith(
        f'→ To leave it out, write except = ["{OWN}"] into [source.google].'
    )
    assert home.errors() == {"Contacts": False, OWN: True}


def test_calendars_that_cannot_be_listed_are_read_all_the_same(home: Home) -> None:
    assert home.run("sync").code == 0
    home.google.trouble(
        Trouble(status=403, reason="forbidden", only="calendar.calendarList", times=None)
    )
    said = home.run("sync", day="2026-09-02")
    assert said.code == 6
    assert '"all calendars" could not be read' in said.err
    assert "except" not in said.err
    assert home.errors() == {"Contacts": False, OWN: False, "all calendars": True}


def test_a_revoked_login_is_a_login_and_a_failing_token_endpoint_is_none(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert home.run("sync").code == 0
    home.google.expire_access_tokens()
    for answer in ((503, {"error": "server_error"}), (502, {})):
        with monkeypatch.context() as patched:
            patched.setattr(home.google.login, "token", lambda _, answer=answer: answer)
            said = home.run("sync", day="2026-09-02")
        assert said.code == 4, said
        assert "just now" in said.err
        assert "auth google" not in said.err
    home.google.login.is_revoked = True
    said = home.run("sync", day="2026-09-02")
    assert said.code == 3
    assert "kithbook auth google" in said.err


def test_what_nobody_expected_is_told_as_a_bug_and_the_rest_goes_on(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home.folder / "cards.vcf").write_text("BEGIN:VCARD\nFN:Ana Lima\nEND:VCARD\n")
    cards = '[source.cards]\ntype = "vcard"\npath = "cards.vcf"\n'
    home.config.write_text(home.config.read_text() + cards)

    def fails(*_: object, **__: object) -> None:
        raise TypeError("of ana@private.example")

    monkeypatch.setattr("connectors.google.contacts.pull", fails)
    said = home.run("sync")
    assert said.code == 6
    assert "a bug of kithbook's: TypeError in" in said.err
    assert "Please report" in said.err
    assert "private" not in said.err
    assert str(home.folder) not in said.err
    errors = home.errors()
    assert errors["Contacts"]
    assert not errors[OWN]
    assert not errors["cards.vcf"]


def test_a_bug_is_six_though_nothing_else_was_read(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home.google.login, "token", lambda _: (200, "<html>"))
    home.google.expire_access_tokens()
    said = home.run("sync")
    assert said.code == 6
    assert "Please report" in said.err


def test_a_calendar_unticked_in_the_sidebar_is_read_on(home: Home) -> None:
    home.google.account.add_calendar("team", selected=True, accessRole="owner")
    home.add_lunch("one", "2026-01-10", "team")
    assert home.run("sync").code == 0
    home.google.account.calendars["team"]["selected"] = False
    home.add_lunch("two", "2026-03-01", "team")
    assert home.run("sync", day="2026-09-02").code == 0
    assert home.rows("select count(*) from main.meetings") == [(2,)]
    assert home.errors()["team"] is False


@pytest.fixture
def due(home: Home) -> Home:
    """Rui is due, and the task is yet to be written."""
    home.add_lunch("one", "2026-01-10")
    home.add_lunch("two", "2026-03-01")
    return home


@pytest.mark.parametrize(("status", "was_written"), [(200, True), (204, False)])
def test_an_insert_that_is_answered_with_nothing_is_a_bug_and_makes_no_twin(
    due: Home, status: int, was_written: bool
) -> None:
    empty = Trouble(
        status=status,
        body=b"{}" if status == 200 else b"",
        only="tasks.tasks.insert",
        is_after_the_work=was_written,
        times=None,
    )
    due.google.trouble(empty)
    said = due.run("sync")
    assert said.code == 6
    assert "google: Follow-ups: a bug of kithbook's" in said.err
    assert "Please report" in said.err
    assert due.rows("select count(*) from main.meetings") == [(2,)]
    due.google.heal()
    assert due.run("sync", day="2026-09-02").code == 0
    assert due.tasks() == ["Rui Costa"]


def test_a_task_that_is_written_after_it_was_given_up_has_no_twin(
    due: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle, late = due.google.handle, list[tuple[Any, ...]]()

    def hold(method: str, target: str, *more: Any) -> Reply:
        if method == "POST" and target.startswith("/tasks/v1/lists/"):
            late.append((method, target, *more))
            return Reply(503, b"")
        return handle(method, target, *more)

    with monkeypatch.context() as patched:
        patched.setattr(due.google, "handle", hold)
        assert due.run("sync").code == 6
    assert due.tasks() == []
    assert handle(*late[0]).status == 200
    assert due.run("sync", day="2026-09-02").code == 0
    assert due.tasks() == ["Rui Costa"]
    ((is_open,),) = due.rows("select is_open from main.follow_ups where kind = 'check_in'")
    assert is_open
