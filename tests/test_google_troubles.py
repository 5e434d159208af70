"""One API, one calendar or one answer of Google's that fails leaves the rest of a run alone."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline import cli
from tests.account import Said
from tests.fakes.google import GoogleServer, Trouble

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

    def errors(self) -> dict[str, bool]:
        """Collection → whether an error is shown for it."""
        with duckdb.connect(str(self.folder / "book" / "kithbook.duckdb"), read_only=True) as book:
            rows = book.execute("select collection_name, error is not null from main.freshness")
            return dict(rows.fetchall())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setattr("time.sleep", lambda _: None)  # nothing is waited for
    with GoogleServer() as google:
        google.account.add_person("c1", names=[{"displayName": "Rui Costa"}])
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
