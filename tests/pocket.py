"""A person with a phone: what they and their apps do to cards, meetings and tasks, and a night.

The account is a folder (a vdir of meetings and tasks, a folder of cards), or a real server; either
way a path stands for one item, and everything outside kithbook's own folder can be read at once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from connectors.ical_file import IcalOptions
from connectors.ical_task import read_task
from connectors.vcard_file import VcardOptions
from pipeline import config as configs
from pipeline import decisions, run
from pipeline.config import Config, Owner, Source, Tasks
from pipeline.decisions import Decision, Who
from pipeline.records import Task
from tests.account import Account

ME = "me@example.org"
LIST = "Follow-ups"


class Place(Protocol):
    """Where cards, meetings and tasks stand."""

    config: Config
    cards: str
    meetings: str
    private: str
    """Another list of the user's, that kithbook was not told of."""

    def tasks(self) -> str:
        """The task list, which is there after the first night that wrote."""
        ...

    def read_all(self) -> dict[str, bytes]:
        """path → bytes of every item, ours and not ours."""
        ...

    def write(self, path: str, body: bytes) -> None: ...

    def remove(self, path: str) -> None: ...


class FolderPlace:
    """A vdir and a folder of cards, as khal, todoman and vdirsyncer keep them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.cards, self.meetings = f"{folder}/cards/", f"{folder}/home/meetings/"
        self.private = f"{folder}/home/private/"
        for path in (self.cards, self.meetings, self.private):
            Path(path).mkdir(parents=True)
        self.config = Config(
            data=folder / "book",
            owner=Owner("me", (ME,), time_zone="Europe/Lisbon", phone_region="PT"),
            sources=(
                Source("cards", "vcard", VcardOptions(path=str(folder / "cards"))),
                Source("home", "ical", IcalOptions(path=str(folder / "home"))),
            ),
            tasks=Tasks("home", LIST),
        )

    def tasks(self) -> str:
        return f"{self._folder}/home/{LIST}/"

    def read_all(self) -> dict[str, bytes]:
        return {
            str(path): path.read_bytes()
            for folder in ("cards", "home")
            for path in sorted((self._folder / folder).glob("**/*"))
            if path.suffix in (".ics", ".vcf")
        }

    def write(self, path: str, body: bytes) -> None:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(body)

    def remove(self, path: str) -> None:
        Path(path).unlink()


class ServerPlace:
    """An account on a real server."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.cards, self.meetings = account.book, account.calendar
        self.private = account.server.make_calendar("Private", "VTODO")
        self.config = configs.load(account.config)
        self._list = ""

    def tasks(self) -> str:
        if not self._list:
            paths = self._account.list_paths()
            made = next(path for path in paths if not path.startswith(self.private))
            self._list = made.rpartition("/")[0] + "/"
        return self._list

    def read_all(self) -> dict[str, bytes]:
        server = self._account.server
        paths = [*self._account.list_paths(), *self._items(self.meetings), *self._items(self.cards)]
        return {path: server.get(path) for path in sorted(paths)}

    def _items(self, collection: str) -> list[str]:
        found = self._account.hrefs(collection)
        return [path for path in found if path.endswith((".ics", ".vcf"))]

    def write(self, path: str, body: bytes) -> None:
        self._account.server.put(path, body)

    def remove(self, path: str) -> None:
        self._account.server.delete(path)


@dataclass
class Pocket:
    """The person: their day, what they do, and the nights between."""

    place: Place
    today: date
    config: Config = field(init=False)
    strangers: dict[str, str] = field(default_factory=dict)
    """Name → e-mail of those whom invitations name and no card."""
    _said: int = 0

    def __post_init__(self) -> None:
        self.config = self.place.config

    # --- nights ---------------------------------------------------------------------------

    def night(self, days: int = 1) -> run.Ran:
        """The sync at six in the morning, so many days later."""
        self.today += timedelta(days=days)
        return self.sync()

    def sync(self) -> run.Ran:
        now = datetime(self.today.year, self.today.month, self.today.day, 6, tzinfo=UTC)
        return run.sync(self.config, now)

    # --- what they and their apps do ---------------------------------------------------------

    def add_card(self, name: str, *lines: str) -> None:
        """A card under the name's first word, or another in its place."""
        given, _, family = name.rpartition(" ")
        uid = name.split(maxsplit=1)[0].lower()
        inner = [f"UID:{uid}", f"FN:{name}", f"N:{family};{given};;;", *lines]
        text = "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *inner, "END:VCARD", ""])
        self.place.write(f"{self.place.cards}{uid}.vcf", text.encode())

    def add_meeting(
        self, uid: str, day: date, *emails: str, title: str = "Lunch", status: str = "CONFIRMED"
    ) -> None:
        """An accepted meeting of an hour at noon, or another in its place."""
        names = {email: f";CN={name}" for name, email in self.strangers.items()}
        people = [f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{ME}"]
        people += [
            f"ATTENDEE;PARTSTAT=ACCEPTED{names.get(email, '')}:mailto:{email}" for email in emails
        ]
        lines = [
            *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//phone//EN", "BEGIN:VEVENT"),
            *(f"UID:{uid}", "DTSTAMP:20260101T000000Z", f"DTSTART:{day:%Y%m%d}T120000Z"),
            *("DURATION:PT1H", f"SUMMARY:{title}", f"STATUS:{status}"),
            *([f"ORGANIZER:mailto:{ME}", *people] if emails else []),
            *("END:VEVENT", "END:VCALENDAR", ""),
        ]
        self.place.write(f"{self.place.meetings}{uid}.ics", "\r\n".join(lines).encode())

    def add_task(self, uid: str, title: str, *, folder: str | None = None) -> str:
        """A task of the user's own; its path."""
        lines = [
            *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//phone//EN", "BEGIN:VTODO"),
            *(f"UID:{uid}", "DTSTAMP:20260101T000000Z", f"SUMMARY:{title}", "STATUS:NEEDS-ACTION"),
            *("END:VTODO", "END:VCALENDAR", ""),
        ]
        path = f"{folder or self.place.tasks()}{uid}.ics"
        self.place.write(path, "\r\n".join(lines).encode())
        return path

    def edit(self, path: str, **lines: str | None) -> None:
        """Set or take away properties of a task, as an app does: the others stay as they are."""
        body = self.place.read_all()[path].decode()
        for name, line in lines.items():
            wanted = name.replace("_", "-")
            body = re.sub(rf"(?m)^{wanted}[;:].*\r?\n(?:[ \t].*\r?\n)*", "", body)
            if line is not None:
                body = body.replace("END:VTODO", f"{wanted}{line}\r\nEND:VTODO")
        self.place.write(path, body.encode())

    def tick(self, path: str, day: date | None = None) -> None:
        done = f":{day or self.today:%Y%m%d}T100000Z"
        self.edit(path, STATUS=":COMPLETED", COMPLETED=done, PERCENT_COMPLETE=":100")

    def untick(self, path: str) -> None:
        self.edit(path, STATUS=":NEEDS-ACTION", COMPLETED=None, PERCENT_COMPLETE=None)

    def say(self, verb: str, *names: str, **columns: object) -> Decision:
        """A decision; the later word is the later one."""
        self._said += 1
        moment = datetime(self.today.year, self.today.month, self.today.day, 9, tzinfo=UTC)
        said = Decision(verb, **columns)  # type: ignore[arg-type]  # the fields of a decision
        who = [Who(name, self._keys_of(name)) for name in names]
        named = dict(zip(("who", "other"), who, strict=False))
        values = {one: getattr(said, one) for one in Decision.__slots__} | named
        return decisions.append(
            self.config.data, Decision(**values), moment + timedelta(seconds=self._said)
        )

    def _keys_of(self, name: str) -> tuple[str, ...]:
        """The address in the invitations, or the card."""
        uid = name.split(maxsplit=1)[0].lower()
        return (
            f"email {email_of(name)}",
            f"card cards cards {uid}",
            f"card home {self.place.cards} {uid}",
        )

    # --- what stands there -------------------------------------------------------------------

    def standing(self) -> Iterator[tuple[str, bytes, Task]]:
        """Path, body and task of every task, ours and theirs."""
        for path, body in self.place.read_all().items():
            if b"BEGIN:VTODO" in body:
                yield path, body, read_task(body)

    def ours(self) -> dict[str, tuple[str, Task]]:
        """uid → path and task of those that kithbook wrote; no UID stands twice."""
        found: dict[str, tuple[str, Task]] = {}
        for path, _, task in self.standing():
            if task.uid.startswith("kithbook-"):
                assert task.uid not in found, f"{task.uid} stands twice"
                found[task.uid] = (path, task)
        return found


def email_of(name: str) -> str:
    """ana@example.org."""
    return f"{name.split(maxsplit=1)[0].lower()}@example.org"
