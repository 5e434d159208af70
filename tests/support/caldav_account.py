"""A person with an account: a server of their own, a config, and the command."""

import contextlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import cli
from tests.contract.connector_contract import PASSWORD
from tests.support import published_tables
from tests.support.dav_servers import USER, DavServer, run_radicale, run_xandikos
from tests.support.failing_proxy import Proxy, run_proxy
from tests.support.faulty_dav_server import Bendable, run_bendable

CONFIG = """
data = "book"

[owner.me]
emails = ["me@example.org"]
time_zone = "{zone}"
phone_region = "PT"

[source.home]
type = "caldav"
url = "{url}"
username = "{user}"
password_command = ["echo", "{password}"]
calendars = ["Meetings"]

[tasks]
source = "home"
list = "Follow-ups"
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What a call of the command printed, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(slots=True)
class Account:
    """The server, the folder with config and book, and what a phone would do."""

    server: DavServer | Bendable
    proxy: Proxy
    folder: Path
    calendar: str
    book: str
    as_of: str = "2026-09-01"

    def run(self, *arguments: str, as_of: str | None = None) -> Said:
        """`kithbook ARGUMENTS` in this process."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.run(
                ["--config", str(self.config), "--as-of", as_of or self.as_of, *arguments]
            )
        return Said(code, out.getvalue(), err.getvalue())

    def must(self, *arguments: str, as_of: str | None = None) -> Said:
        """The same, and it has to end well."""
        said = self.run(*arguments, as_of=as_of)
        assert said.code == 0, said
        return said

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def published(self) -> Path:
        return self.folder / "book" / "kithbook.duckdb"

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the published file; schema raw is the state's."""
        return published_tables.rows(self.published.parent, sql)

    def add_card(self, name: str, email: str) -> None:
        uid = email.partition("@")[0]
        given, _, family = name.rpartition(" ")
        self.server.put(
            f"{self.book}{uid}.vcf",
            (
                f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\nFN:{name}\r\n"
                f"N:{family};{given};;;\r\nEMAIL:{email}\r\nEND:VCARD\r\n"
            ).encode(),
        )

    def add_meeting(self, uid: str, start: str, *emails: str, title: str = "Lunch") -> None:
        """An accepted meeting of an hour; `start` as 20260101T120000."""
        people = "".join(
            f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{email}\r\n"
            for email in ("me@example.org", *emails)
        )
        self.server.put(
            f"{self.calendar}{uid}.ics",
            (
                "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//phone//EN\r\nBEGIN:VEVENT\r\n"
                f"UID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:{start}Z\r\nDURATION:PT1H\r\n"
                f"SUMMARY:{title}\r\nORGANIZER:mailto:me@example.org\r\n{people}"
                "END:VEVENT\r\nEND:VCALENDAR\r\n"
            ).encode(),
        )

    def tasks(self) -> dict[str, str]:
        """path → body of every task on the server."""
        found: dict[str, str] = {}
        for path in self.list_paths():
            if "BEGIN:VTODO" in (body := self.server.get(path).decode()):
                found[path] = body
        return found

    def list_paths(self) -> list[str]:
        """Every .ics outside the calendar of meetings."""
        paths: list[str] = []
        for collection in self.hrefs(self.server.calendar_home):
            if collection.rstrip("/") in {
                self.server.calendar_home.rstrip("/"),
                self.calendar.rstrip("/"),
            } or not collection.endswith("/"):
                continue
            paths += [one for one in self.hrefs(collection) if one.endswith(".ics")]
        return paths

    def hrefs(self, path: str) -> list[str]:
        """What a collection lists, itself included."""
        body = (
            b'<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/></D:prop>'
            b"</D:propfind>"
        )
        _, _, answer = self.server.request(
            "PROPFIND", path, body, {"Depth": "1", "Content-Type": "application/xml"}
        )
        return re.findall(r"<(?:\w+:)?href>([^<]+)</(?:\w+:)?href>", answer.decode())

    def change_task(self, path: str, *replacements: tuple[str, str]) -> None:
        """What an app on the phone does: read the task, change it, write it back."""
        body = self.server.get(path).decode()
        for pattern, replacement in replacements:
            body, times = re.subn(pattern, replacement, body)
            assert times, f"{pattern} is not in {body}"
        self.server.put(path, body.encode())

    def tick(self, path: str, day: str = "20260903") -> None:
        done = f"STATUS:COMPLETED\r\nCOMPLETED:{day}T100000Z\r\nPERCENT-COMPLETE:100\r\nEND:VTODO"
        body = re.sub(r"STATUS:[A-Z-]+\r\n", "", self.server.get(path).decode())
        self.server.put(path, body.replace("END:VTODO", done).encode())


@contextlib.contextmanager
def run_account(kind: str, folder: Path, zone: str = "Europe/Lisbon") -> Iterator[Account]:
    """An account on a fresh server of this kind, behind a proxy that counts and can fail."""
    with _run_server(kind, folder / "server") as server:
        credentials = None if server.asks_for_login else (USER, PASSWORD)
        with run_proxy(server.address, credentials) as proxy:
            calendar, book = server.make_calendar("Meetings", "VEVENT"), server.make_book("People")
            account = Account(server, proxy, folder, calendar, book)
            account.config.write_text(
                CONFIG.format(url=f"{proxy.url}/", user=USER, password=PASSWORD, zone=zone)
            )
            yield account


def _run_server(kind: str, folder: Path) -> contextlib.AbstractContextManager[DavServer | Bendable]:
    """A server of this kind; the bendable one needs no folder."""
    if kind == "bendable":
        return run_bendable()
    return {"radicale": run_radicale, "xandikos": run_xandikos}[kind](folder)
