"""DESIGN section 2 as a story at Google: a contact and meetings there become a task, and back."""

import contextlib
import io
import os
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import cli
from tests.support import published_tables
from tests.support.fake_google.discovery import Json
from tests.support.fake_google.server import GoogleServer, Trouble

CONFIG = """
data = "book"

[owner.me]
emails = ["ana@example.org"]
time_zone = "Europe/Lisbon"
phone_region = "PT"

[source.google]
type = "google"
api_endpoint = "{url}"
token_file = "{token_file}"
{more}

[tasks]
source = "google"
list = "Follow-ups"
"""

LUNCHES = ("04-01", "04-15", "04-29", "05-13", "05-27", "06-10")


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str


@dataclass(slots=True)
class Book:
    """Somebody's Google account, and the command on their machine."""

    google: GoogleServer
    folder: Path

    def write_config(self, more: str = "", *, logged_in: bool = True) -> None:
        token_file = self.folder / "token.json"
        if logged_in:
            self.google.token_file(self.folder)
        text = CONFIG.format(url=self.google.url, token_file=token_file, more=more)
        (self.folder / "config.toml").write_text(text)

    def run(
        self, *arguments: str, as_of: str = "2026-09-01", err: io.StringIO | None = None
    ) -> Said:
        out, err = io.StringIO(), err or io.StringIO()
        config = str(self.folder / "config.toml")
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.run(["--config", config, "--as-of", as_of, *arguments])
        return Said(code, out.getvalue(), err.getvalue())

    def must(self, *arguments: str, as_of: str = "2026-09-01") -> Said:
        said = self.run(*arguments, as_of=as_of)
        assert said.code == 0, said
        return said

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return published_tables.rows(self.folder / "book", sql)

    def add_lunch(self, key: str, day: str, **fields: Any) -> None:
        me = {"email": "ana@example.org", "self": True, "responseStatus": "accepted"}
        rui = {"email": "rui@example.net", "responseStatus": "accepted"}
        self.google.account.add_event(
            key,
            **{
                "summary": "Lunch",
                "start": {"dateTime": f"2026-{day}T12:00:00Z"},
                "end": {"dateTime": f"2026-{day}T13:00:00Z"},
                "organizer": {"email": "ana@example.org", "self": True},
                "attendees": [me, rui],
                **fields,
            },
        )

    def tasks(self) -> list[Json]:
        """What stands in the list in Google's own app."""
        lists = {one["title"]: key for key, one in self.google.account.task_lists.items()}
        found = self.google.account.tasks[lists["Follow-ups"]].values()
        return [task for task in found if not task.get("deleted")]

    def change_task(self, key: str, **fields: Any) -> None:
        for task_list, tasks in self.google.account.tasks.items():
            if key in tasks:
                self.google.account.change_task(task_list, key, **fields)

    def count_writes(self) -> int:
        words = (".insert", ".patch", ".update", ".delete")
        return sum(method.endswith(words) for method in self.google.requests)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with GoogleServer() as google:
        book = Book(google, tmp_path)
        book.write_config()
        google.account.add_task_list("My Tasks")
        google.account.add_person(
            "c1",
            names=[{"displayName": "Rui Costa", "givenName": "Rui", "familyName": "Costa"}],
            emailAddresses=[{"value": "rui@example.net"}],
        )
        for number, day in enumerate(LUNCHES):
            book.add_lunch(f"lunch{number}", day)
        yield book


def test_a_login_and_then_the_first_sync(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The login is made on a machine without a screen; the address is opened elsewhere.
    (tmp_path / "token.json").unlink()
    client_file = book.google.client_file(tmp_path)
    book.write_config(f'client_secret_file = "{client_file}"', logged_in=False)
    refused = book.run("pull")
    assert refused.code == 3
    assert "kithbook auth google" in refused.err
    screen = io.StringIO()
    keyboard, hand = os.pipe()

    def open_elsewhere() -> None:
        while "Or paste the address" not in screen.getvalue():
            time.sleep(0.05)
        os.write(hand, land(screen.getvalue()).encode() + b"\n")

    threading.Thread(target=open_elsewhere, daemon=True).start()
    with os.fdopen(keyboard) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        said = book.run("auth", "google", "--no-browser", err=screen)
    os.close(hand)
    assert said.code == 0, screen.getvalue()
    assert "Logged in" in said.err
    assert "ana@example.org" in said.err
    book.must("sync")
    assert book.query("select display_name from people where not is_owner") == [("Rui Costa",)]


def land(words: str) -> str:
    """Where another browser ends that opens the address in these words."""
    address = next(word for word in words.split() if "/auth?" in word)

    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def http_error_302(self, _request: Any, fp: Any, *_: Any) -> Any:
            return fp

    with urllib.request.build_opener(NoRedirect).open(address, timeout=500) as answer:
        landed: str = answer.headers["Location"]
    return landed


def test_a_contact_and_meetings_become_a_task_and_its_tick_becomes_contact(book: Book) -> None:
    # Rui is in the contacts, and there was a lunch every other week, until June.
    said = book.must("sync")
    assert "Tasks in Follow-ups: 1 new" in said.err
    assert "Rui Costa" in book.must("due").out
    (task,) = book.tasks()
    assert task["title"] == "Rui Costa"
    assert task["due"].endswith("T00:00:00.000Z")
    assert task["notes"].splitlines()[-1].startswith("kithbook-")

    # The next night nothing has changed, and nothing is written.
    writes = book.count_writes()
    assert "Nothing changed" in book.must("sync").err
    assert book.count_writes() == writes

    # Collections go by the names that Google's own pages have for them.
    assert "google Contacts (" in book.must("show", "rui").out

    # Such a night takes six requests, and status says so.
    assert "google took 6 of the 3,000 requests" in book.must("status").out

    # On the third the task is ticked in Google's app, which then hides it.
    book.change_task(
        task["id"], status="completed", completed="2026-09-03T09:00:00.000Z", hidden=True
    )
    book.must("sync", as_of="2026-09-04")
    assert book.query("select display_name, last_contact_date::varchar from last_contacts") == [
        ("Rui Costa", "2026-09-03")
    ]
    assert "you are fine" in book.must("due", as_of="2026-09-04").out
    assert book.query("select close_reason from raw.task_links") == [("ticked",)]
    assert len(book.tasks()) == 1


def test_a_meeting_ticks_the_task(book: Book) -> None:
    book.must("sync")
    book.add_lunch("again", "09-02")
    book.must("sync", as_of="2026-09-03")
    (task,) = book.tasks()
    assert task["status"] == "completed"
    assert book.query("select close_reason from raw.task_links") == [("met",)]


def test_a_deleted_task_is_a_dismissal_and_is_not_written_again(book: Book) -> None:
    book.must("sync")
    (task,) = book.tasks()
    book.change_task(task["id"], deleted=True)
    book.must("sync", as_of="2026-09-02")
    assert book.tasks() == []
    assert book.query("select close_reason from raw.task_links") == [("dismissed",)]


def test_a_task_deleted_before_its_answer_was_read_is_a_dismissal_too(book: Book) -> None:
    # The task is written, the answer is lost, and the run can ask nothing more.
    book.google.trouble(Trouble(is_after_the_work=True, status=500, only="tasks.tasks.insert"))
    book.google.trouble(Trouble(only="tasks.tasks.list"))
    book.google.trouble(Trouble(status=400, only="tasks.tasks.list"))
    assert book.run("sync").code != 0
    book.google.heal()
    (task,) = book.tasks()
    book.change_task(task["id"], deleted=True)
    book.must("sync", as_of="2026-09-02")
    assert book.tasks() == []
    assert book.query("select close_reason from raw.task_links") == [("dismissed",)]


def test_attendees_that_google_leaves_out_are_not_forgotten(book: Book) -> None:
    book.must("pull")
    me = {"email": "ana@example.org", "self": True, "responseStatus": "declined"}
    book.google.account.change_event("lunch0", attendees=[me], attendeesOmitted=True)
    book.must("pull")
    book.must("pull")
    with duckdb.connect(str(book.folder / "book" / "state.duckdb"), read_only=True) as state:
        guests = state.execute(
            "select guest.email, guest.reply from (select unnest(attendees) as guest"
            " from raw.meetings where uid = 'lunch0@google.com') order by all"
        ).fetchall()
    assert guests == [("ana@example.org", "declined"), ("rui@example.net", "accepted")]


def test_what_the_user_changed_in_googles_app_stays(book: Book) -> None:
    book.must("sync")
    (task,) = book.tasks()
    book.change_task(task["id"], title="Ring Rui about the boat", due="2026-09-20T00:00:00.000Z")
    book.must("sync", as_of="2026-09-10")
    (task,) = book.tasks()
    assert (task["title"], task["due"][:10]) == ("Ring Rui about the boat", "2026-09-20")


def test_the_same_meeting_and_person_at_google_and_in_files_count_once(book: Book) -> None:
    calendar = "".join(
        "BEGIN:VEVENT\r\n"
        f"UID:lunch{number}@google.com\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Lunch\r\n"
        f"DTSTART:2026{day.replace('-', '')}T120000Z\r\nDURATION:PT1H\r\n"
        "ORGANIZER:mailto:ana@example.org\r\n"
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@example.org\r\n"
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:rui@example.net\r\nEND:VEVENT\r\n"
        for number, day in enumerate(LUNCHES)
    )
    (book.folder / "old.ics").write_bytes(
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{calendar}END:VCALENDAR\r\n".encode()
    )
    (book.folder / "old.vcf").write_bytes(
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Rui Costa\r\nN:Costa;Rui;;;\r\n"
        b"EMAIL:rui@example.net\r\nEND:VCARD\r\n"
    )
    with (book.folder / "config.toml").open("a") as config:
        config.write('\n[source.files]\ntype = "ical"\npath = "old.ics"\n')
        config.write('\n[source.cards]\ntype = "vcard"\npath = "old.vcf"\n')
    book.must("sync")
    assert book.query("select count(*) from raw.meetings") == [(12,)]
    assert book.query("select count(*) from people where display_name = 'Rui Costa'") == [(1,)]
    counted = book.query("select count(*) from main.interactions where is_counted")
    assert counted == [(len(LUNCHES),)]
