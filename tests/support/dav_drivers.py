"""Hands on calendars, address books and task lists of real servers, for the contract."""

import re
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote
from uuid import uuid4

from connectors.contract import TASK_UID_PREFIX, Collection, Connector, Item, TaskForm
from connectors.dav.client import DavPatience
from connectors.dav.options import CalDavOptions
from connectors.dav.source import CalDav
from tests.contract.connector_contract import (
    PASSWORD,
    SEED,
    AccountDriver,
    Fault,
    NetworkDriver,
    TaskDriver,
    access,
)
from tests.support.dav_servers import USER, DavServer, free_port
from tests.support.failing_proxy import Proxy
from tests.support.faulty_dav_server import Bendable

AnyServer = DavServer | Bendable
BREAKING = "BREAKME"
CURSOR_TROUBLES = ("403", "412", "207 with everything", "207 without the deletions")
DELETED = re.compile(
    rb"<((?:\w+:)?)response><\1href>[^<]*</\1href><\1status>[^<]*404[^<]*</\1status></\1response>"
)
PATIENCE = DavPatience(
    timeout_seconds=NetworkDriver.TIMEOUT_SECONDS,
    longest_wait_seconds=NetworkDriver.LONGEST_WAIT_SECONDS,
    tries=2,
    batch=3,
)


def event(uid: str, title: str, extra: str = "") -> bytes:
    """One event as a server stores it."""
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260110T090000Z\r\n"
        f"DTEND:20260110T100000Z\r\nSUMMARY:{title}\r\n{extra}END:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def todo(uid: str, title: str, extra: str = "") -> bytes:
    """One task of the user's own."""
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VTODO\r\n"
        f"UID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:{title}\r\n{extra}"
        "END:VTODO\r\nEND:VCALENDAR\r\n"
    ).encode()


def card(uid: str, title: str) -> bytes:
    """One vCard."""
    given, _, family = title.partition(" ")
    return (
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\nFN:{title}\r\nN:{family};{given};;;\r\n"
        f"EMAIL:{uid}@example.org\r\nEND:VCARD\r\n"
    ).encode()


class DavDriver(AccountDriver):
    """A collection on a server behind a proxy, seeded over HTTP and deleted afterwards."""

    suffix: str
    block: bytes
    patience = PATIENCE

    def __init__(self, server: AnyServer, proxy: Proxy, folder: Path) -> None:
        self.server = server
        self.proxy = proxy
        self.folder = folder
        self.name = f"list-{uuid4().hex[:12]}"
        self.other = f"other-{self.name}"
        self.path = self.make(self.name)
        self.other_path = ""
        server.lay(
            self.path, {f"{uid}{self.suffix}": self.body(uid, title) for uid, title in SEED.items()}
        )

    @abstractmethod
    def make(self, name: str) -> str:
        """Make a collection of this name; its path."""

    @abstractmethod
    def body(self, uid: str, title: str) -> bytes:
        """An item."""

    @abstractmethod
    def options(self, url: str) -> CalDavOptions:
        """The collections of `names` alone."""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, self.other) if self.other_path else (self.name,)

    def collection(self, connector: Connector) -> Collection:
        (found,) = (one for one in connector.collections() if one.name == self.name)
        return found

    def close(self) -> None:
        self.proxy.reset()
        for path in filter(None, (self.path, self.other_path)):
            self.server.delete(path)

    def connector(self) -> CalDav:
        return self.connector_with_password(PASSWORD)

    def connector_with_password(self, password: str) -> CalDav:
        made = access(self.folder, password)
        return CalDav(self.options(self.proxy.url), made, self.patience)

    def connector_to_nowhere(self) -> Connector:
        return CalDav(
            self.options(f"http://127.0.0.1:{free_port()}/"), access(self.folder), PATIENCE
        )

    def give_up_soon(self) -> None:
        self.patience = replace(PATIENCE, timeout_seconds=1.0)

    def add(self, uid: str, title: str) -> None:
        self.server.put(self._item(uid), self.body(uid, title))

    def edit(self, uid: str, title: str) -> None:
        self.add(uid, title)

    def delete(self, uid: str) -> None:
        self.server.delete(self._item(uid))

    def break_item(self, uid: str) -> None:
        """Servers refuse what they cannot read, so one that does not is played by the proxy."""
        self.edit(uid, BREAKING)
        inside = rb"(?:(?!BEGIN:" + self.block + rb").)*?"
        pattern = rb"BEGIN:%b%b%b%bEND:%b" % (
            self.block,
            inside,
            BREAKING.encode(),
            inside,
            self.block,
        )
        self.proxy.rewrite_answers.append((re.compile(pattern, re.DOTALL), b"\x3f\x3f garbage"))

    def mend_item(self, uid: str, title: str) -> None:
        self.edit(uid, title)

    def empty(self) -> None:
        for uid in SEED:
            self.delete(uid)

    def fail(self, fault: Fault) -> None:
        self.proxy.fault = fault

    def heal(self) -> None:
        self.proxy.fault = None

    def refuse_another(self, status: int) -> None:
        self.other_path = self.make(self.other)
        self.proxy.answer_instead[self.other_path] = (status, {}, b"")

    def count_requests(self) -> int:
        return self.proxy.count()

    def expire_cursors(self) -> None:
        """The server refuses, in its own way, a token that it does not know."""
        token = re.compile(rb"<sync-token>[^<]+</sync-token>")
        self.proxy.rewrite_requests.append((token, b"<sync-token>long-ago</sync-token>"))

    def spoil_cursors(self, trouble: str) -> None:
        """As servers answer an old token: Radicale, Xandikos, DAViCal, sabre after a restore."""
        token = re.compile(rb"<sync-token>[^<]+</sync-token>")
        if trouble in ("403", "412"):
            self.expire_cursors()
            self.proxy.status_instead = {403: int(trouble), 412: int(trouble)}
        elif trouble == "207 with everything":
            self.proxy.rewrite_requests.append((token, b"<sync-token></sync-token>"))
        elif trouble == "207 without the deletions":
            self.proxy.rewrite_answers.append((DELETED, b""))

    def _item(self, uid: str) -> str:
        return f"{self.path}{uid}{self.suffix}"


class CalendarDriver(DavDriver):
    """Events of one calendar."""

    suffix = ".ics"
    block = b"VCALENDAR"

    def __init__(
        self,
        server: AnyServer,
        proxy: Proxy,
        folder: Path,
        components: tuple[str, ...] = ("VEVENT",),
    ) -> None:
        self.components = components
        super().__init__(server, proxy, folder)

    def make(self, name: str) -> str:
        return self.server.make_calendar(name, *self.components)

    def body(self, uid: str, title: str) -> bytes:
        return event(uid, title)

    def options(self, url: str) -> CalDavOptions:
        return CalDavOptions(url, USER, calendars=self.names, address_books=())

    def title(self, item: Item) -> str:
        (line,) = re.findall(rb"SUMMARY:([^\r\n]*)", item.body)
        return bytes(line).decode()


class BookDriver(DavDriver):
    """Cards of one address book, with the calendars of the account left out by their kind."""

    suffix = ".vcf"
    block = b"VCARD"

    def make(self, name: str) -> str:
        return self.server.make_book(name)

    def body(self, uid: str, title: str) -> bytes:
        return card(uid, title)

    def options(self, url: str) -> CalDavOptions:
        return CalDavOptions(url, USER, address_books=self.names)

    def title(self, item: Item) -> str:
        assert item.contact is not None
        assert item.contact.full_name is not None
        return item.contact.full_name


class DavTaskDriver(TaskDriver):
    """The user's hands on a task list, past the proxy and past our own code."""

    def __init__(
        self, server: AnyServer, proxy: Proxy, folder: Path, form: TaskForm = "task"
    ) -> None:
        self.server = server
        self.proxy = proxy
        self.folder = folder
        self.form = form
        self.list_name = f"Ana’s list {uuid4().hex[:8]}"  # noqa: RUF001 -- as a phone types it

    def close(self) -> None:
        self.proxy.reset()
        for collection in self.connector().collections():
            if collection.name == self.list_name:
                self.server.delete(collection.href)

    def connector(self) -> CalDav:
        return self.target()

    def target(self) -> CalDav:
        options = CalDavOptions(self.proxy.url, USER, address_books=())
        return CalDav(options, access(self.folder, task_list=self.list_name), PATIENCE)

    def user_adds_property(self, item: Item) -> bytes:
        self._edit(item, lambda body: _before_end(body, b"LOCATION:Cafe Central"))
        return b"LOCATION:Cafe Central"

    def user_renames(self, item: Item, title: str) -> None:
        escaped = title.replace(",", "\\,").encode()
        self._edit(item, lambda body: re.sub(rb"SUMMARY:[^\r\n]*", b"SUMMARY:" + escaped, body))

    def user_ticks(self, item: Item) -> None:
        def tick(body: bytes) -> bytes:
            if self.form == "event":
                return re.sub(rb"SUMMARY:", "SUMMARY:✓ ".encode(), body)
            body = re.sub(rb"(?m)^(STATUS|PERCENT-COMPLETE|COMPLETED):[^\r\n]*\r?\n", b"", body)
            return _before_end(body, b"STATUS:COMPLETED\r\nCOMPLETED:20260301T080000Z")

        self._edit(item, tick)

    def user_deletes(self, item: Item) -> None:
        self.server.delete(item.href)

    def _edit(self, item: Item, change: Callable[[bytes], bytes]) -> None:
        before = self.server.get(item.href)
        after = change(before)
        assert after != before
        assert TASK_UID_PREFIX.encode() in after
        self.server.put(unquote(item.href), after)


def _before_end(body: bytes, line: bytes) -> bytes:
    """A property added to the task or event."""
    return re.sub(rb"END:(VTODO|VEVENT)", line + rb"\r\nEND:\1", body, count=1)
