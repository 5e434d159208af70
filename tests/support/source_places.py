"""Where somebody's cards, meetings and tasks stand: folders, a DAV server, the local Google.

A path stands for one item, and everything outside kithbook's own folder can be read at once: so
that a test sees what was touched, and does what other programs do.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from connectors.google.options import GoogleOptions
from connectors.ical.source import IcalOptions
from connectors.vcard.source import VcardOptions
from pipeline import config as configs
from pipeline.config import Config, Owner, Source, Tasks
from tests.support.caldav_account import Account
from tests.support.fake_google.server import GoogleServer
from tests.support.phone_client import App, EventApp, GoogleApp, TodoApp

ME = "me@example.org"
LIST = "Follow-ups"
PROPPATCH = (
    '<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:"><D:set><D:prop>'
    "<D:displayname>{name}</D:displayname></D:prop></D:set></D:propertyupdate>"
)


class Place(Protocol):
    """Where cards, meetings and tasks stand."""

    config: Config
    app: App
    private: str
    """Another list of the user's, that kithbook was not told of."""

    def tasks(self) -> str:
        """The task list, which is there after the first night that wrote."""
        ...

    def rename_list(self, name: str) -> None:
        """The user gives the task list another name."""
        ...

    def delete_list(self) -> None:
        """The user deletes the task list."""
        ...

    def read_all(self) -> dict[str, bytes]:
        """path → bytes of every item, ours and not ours."""
        ...

    def write(self, path: str, body: bytes) -> None: ...

    def remove(self, path: str) -> None: ...

    def put_card(self, uid: str, name: str, lines: Sequence[str]) -> None:
        """A card, or another in its place; the lines are as in a vCard."""
        ...

    def put_meeting(
        self, uid: str, day: date, people: dict[str, str | None], title: str, status: str
    ) -> None:
        """An hour at noon that all accepted, or another in its place; e-mail → name or None."""
        ...

    def remove_meeting(self, uid: str) -> None: ...


class IcalPlace:
    """Cards and calendars as text."""

    cards: str
    meetings: str

    def write(self, path: str, body: bytes) -> None:
        raise NotImplementedError

    def remove(self, path: str) -> None:
        raise NotImplementedError

    def put_card(self, uid: str, name: str, lines: Sequence[str]) -> None:
        given, _, family = name.rpartition(" ")
        inner = [f"UID:{uid}", f"FN:{name}", f"N:{family};{given};;;", *lines]
        text = "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *inner, "END:VCARD", ""])
        self.write(f"{self.cards}{uid}.vcf", text.encode())

    def put_meeting(
        self, uid: str, day: date, people: dict[str, str | None], title: str, status: str
    ) -> None:
        guests = [
            f"ATTENDEE;PARTSTAT=ACCEPTED{f';CN={name}' if name else ''}:mailto:{email}"
            for email, name in {ME: None, **people}.items()
        ]
        lines = [
            *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//phone//EN", "BEGIN:VEVENT"),
            *(f"UID:{uid}", "DTSTAMP:20260101T000000Z", f"DTSTART:{day:%Y%m%d}T120000Z"),
            *("DURATION:PT1H", f"SUMMARY:{title}", f"STATUS:{status}"),
            *([f"ORGANIZER:mailto:{ME}", *guests] if people else []),
            *("END:VEVENT", "END:VCALENDAR", ""),
        ]
        self.write(f"{self.meetings}{uid}.ics", "\r\n".join(lines).encode())

    def remove_meeting(self, uid: str) -> None:
        self.remove(f"{self.meetings}{uid}.ics")


class FolderPlace(IcalPlace):
    """A vdir and a folder of cards, as khal, todoman and vdirsyncer keep them."""

    def __init__(self, folder: Path, form: str = "task") -> None:
        self._folder = folder
        self.app: App = app_for(form)
        self._list = LIST
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
            tasks=Tasks("home", LIST, form=form),
        )

    def tasks(self) -> str:
        return f"{self._folder}/home/{self._list}/"

    def rename_list(self, name: str) -> None:
        """As `mv` does, with the name that is shown."""
        old = Path(self.tasks())
        self._list = name
        old.rename(self.tasks())
        (Path(self.tasks()) / "displayname").write_text(f"{name}\n")

    def delete_list(self) -> None:
        shutil.rmtree(self.tasks())

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


class ServerPlace(IcalPlace):
    """An account on a real server."""

    def __init__(self, account: Account, form: str = "task") -> None:
        self._account = account
        self.app: App = app_for(form)
        self.cards, self.meetings = account.book, account.calendar
        self.private = account.server.make_calendar("Private", "VTODO")
        config = configs.load(account.config)
        assert config.tasks
        self.config = replace(config, tasks=replace(config.tasks, form=form))
        self._list = ""

    def tasks(self) -> str:
        if not self._list:
            paths = self._account.list_paths()
            made = next(path for path in paths if not path.startswith(self.private))
            self._list = made.rpartition("/")[0] + "/"
        return self._list

    def rename_list(self, name: str) -> None:
        status, _, answer = self._account.server.request(
            "PROPPATCH",
            self.tasks(),
            PROPPATCH.format(name=name).encode(),
            {"Content-Type": "application/xml"},
        )
        assert status == 207, answer

    def delete_list(self) -> None:
        self._account.server.delete(self.tasks())
        self._list = ""

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


class GooglePlace:
    """A Google account: contacts, a calendar and Google Tasks."""

    def __init__(self, google: GoogleServer, folder: Path) -> None:
        self.account = google.account
        self.app: App = GoogleApp()
        self.private = f"tasks/{self.account.add_task_list('My Tasks')}/"
        options = GoogleOptions(api_endpoint=google.url, token_file=str(google.token_file(folder)))
        self.config = Config(
            data=folder / "book",
            owner=Owner("me", (ME,), time_zone="Europe/Lisbon", phone_region="PT"),
            sources=(Source("google", "google", options),),
            tasks=Tasks("google", LIST),
        )

    def tasks(self) -> str:
        lists = [f"tasks/{key}/" for key in self.account.task_lists]
        return next(one for one in lists if one != self.private)

    def rename_list(self, name: str) -> None:
        key = self.tasks().split("/")[1]
        renamed = {**self.account.task_lists[key], "title": name, "etag": f'"{name}"'}
        self.account.task_lists[key] = renamed

    def delete_list(self) -> None:
        key = self.tasks().split("/")[1]
        del self.account.task_lists[key], self.account.tasks[key]

    def read_all(self) -> dict[str, bytes]:
        live: dict[str, Any] = {
            f"tasks/{key}/{one['id']}": one
            for key, tasks in self.account.tasks.items()
            for one in tasks.values()
            if not one.get("deleted")
        }
        live |= {f"events/{key}": one for key, one in self._events().live.items()}
        live |= dict(self.account.people.live)
        return {path: json.dumps(one).encode() for path, one in live.items()}

    def _events(self) -> Any:
        return self.account.events[self.account.email]

    def write(self, path: str, body: bytes) -> None:
        """A task as the app left it; one that was deleted is brought back."""
        _, task_list, key = path.split("/")
        fields = {"deleted": None, **json.loads(body)}
        if key in self.account.tasks[task_list]:
            now = self.account.tasks[task_list][key]
            fields |= dict.fromkeys(now.keys() - fields.keys())
            self.account.change_task(task_list, key, **fields)
        else:
            self.account.put_task(task_list, {**fields, "id": key, "deleted": False})

    def remove(self, path: str) -> None:
        _, task_list, key = path.split("/")
        self.account.change_task(task_list, key, deleted=True)

    def put_card(self, uid: str, name: str, lines: Sequence[str]) -> None:
        given, _, family = name.rpartition(" ")
        fields = {
            "names": [{"displayName": name, "givenName": given, "familyName": family}],
            "emailAddresses": [
                {"value": line.partition(":")[2]} for line in lines if line.startswith("EMAIL:")
            ],
        }
        if f"people/{uid}" in self.account.people.live:
            self.account.change_person(f"people/{uid}", **fields)
        else:
            self.account.add_person(uid, **fields)

    def put_meeting(
        self, uid: str, day: date, people: dict[str, str | None], title: str, status: str
    ) -> None:
        me = {"email": ME, "self": True, "responseStatus": "accepted"}
        guests = [{"email": email, "responseStatus": "accepted"} for email in people]
        fields: dict[str, Any] = {
            "summary": title,
            "start": {"dateTime": f"{day}T12:00:00Z"},
            "end": {"dateTime": f"{day}T13:00:00Z"},
            "organizer": {"email": ME, "self": True},
            "attendees": [me, *guests],
            "status": status.lower(),
        }
        if uid in self._events().live:
            self.account.change_event(uid, **fields)
        else:
            self.account.add_event(uid, **fields)

    def remove_meeting(self, uid: str) -> None:
        self.account.delete_event(uid)


def app_for(form: str) -> App:
    """The app for tasks, or for all-day events."""
    return EventApp() if form == "event" else TodoApp()
