"""Google keeps the contract of every connector, for contacts, events and tasks."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.contract import Collection, Connector, Item
from connectors.google.options import GoogleOptions, Limits
from connectors.google.source import Google
from tests.contract.connector_contract import (
    SEED,
    AccountContract,
    AccountDriver,
    Fault,
    NetworkDriver,
    TaskDriver,
    TaskTargetContract,
    access,
)
from tests.support.fake_google.server import GoogleServer, Trouble

LIMITS = Limits(
    timeout_seconds=NetworkDriver.TIMEOUT_SECONDS,
    tries=2,
    first_wait_seconds=0.01,
    longest_wait_seconds=NetworkDriver.LONGEST_WAIT_SECONDS,
    largest_page=3,
)


@pytest.fixture
def google() -> Iterator[GoogleServer]:
    with GoogleServer() as server:
        yield server


class GoogleDriver(AccountDriver):
    """What contacts and events have in common."""

    another: str
    """The methods by which the collection beside the one under test is read."""

    def __init__(self, google: GoogleServer, folder: Path) -> None:
        self.google = google
        self.folder = folder
        self.token_file = google.token_file(folder)
        self.limits = LIMITS
        for uid, title in SEED.items():
            self.add(uid, title)

    def connector(self) -> Google:
        return Google(self._options(), access(self.folder), self.limits)

    def _options(self) -> GoogleOptions:
        return GoogleOptions(api_endpoint=self.google.url, token_file=str(self.token_file))

    def give_up_soon(self) -> None:
        self.limits = replace(LIMITS, timeout_seconds=1.0)

    def fail(self, fault: Fault) -> None:
        self.google.trouble(
            Trouble(
                status=fault.status,
                headers=fault.headers,
                delay_seconds=fault.delay_seconds,
                cut_after_bytes=fault.cut_after_bytes,
                times=fault.times,
            )
        )

    def heal(self) -> None:
        self.google.heal()

    def refuse_another(self, status: int) -> None:
        trouble = Trouble(status=status, reason="notFound", only=self.another, times=None)
        self.google.trouble(trouble)

    def count_requests(self) -> int:
        return len(self.google.requests)

    def expire_cursors(self) -> None:
        self.google.account.lists.expire_sync_tokens()

    def connector_with_password(self, password: str) -> Google:
        kept = json.loads(self.token_file.read_text())
        path = self.folder / "wrong.json"
        path.write_text(json.dumps({**kept, "token": password, "refresh_token": password}))
        options = replace(self._options(), token_file=str(path))
        return Google(options, access(self.folder), LIMITS)

    def connector_to_nowhere(self) -> Google:
        options = replace(self._options(), api_endpoint="http://127.0.0.1:9")
        return Google(options, access(self.folder), LIMITS)


class ContactsDriver(GoogleDriver):
    another = "calendar.events"

    def collection(self, connector: Connector) -> Collection:
        return next(one for one in connector.collections() if one.href == "people/me")

    def add(self, uid: str, title: str) -> None:
        self.google.account.add_person(uid, names=[{"displayName": title}])

    def edit(self, uid: str, title: str) -> None:
        self.google.account.change_person(f"people/{uid}", names=[{"displayName": title}])

    def delete(self, uid: str) -> None:
        self.google.account.delete_person(f"people/{uid}")

    def break_item(self, uid: str) -> None:
        self.google.account.change_person(f"people/{uid}", names=["no object"])
        self.google.expects_violations = True

    def mend_item(self, uid: str, title: str) -> None:
        self.edit(uid, title)

    def empty(self) -> None:
        for name in list(self.google.account.people.live):
            self.google.account.delete_person(name)

    def title(self, item: Item) -> str:
        assert item.contact is not None
        return item.contact.full_name or ""


class EventsDriver(GoogleDriver):
    another = "people.people"

    def collection(self, connector: Connector) -> Collection:
        return next(one for one in connector.collections() if one.kinds == {"event"})

    def add(self, uid: str, title: str) -> None:
        self.google.account.add_event(
            f"{uid}x{len(self.google.account.events[self.google.account.email].log)}",
            iCalUID=uid,
            summary=title,
            start={"dateTime": "2026-01-15T10:00:00Z"},
            end={"dateTime": "2026-01-15T11:00:00Z"},
        )

    def edit(self, uid: str, title: str) -> None:
        self.google.account.change_event(
            self._key(uid), summary=title, start={"dateTime": "2026-01-15T10:00:00Z"}
        )

    def delete(self, uid: str) -> None:
        self.google.account.delete_event(self._key(uid))

    def break_item(self, uid: str) -> None:
        """As seen in the wild: a year that no calendar has."""
        self.google.account.change_event(self._key(uid), start={"date": "0000-12-30"})
        self.google.expects_violations = True

    def mend_item(self, uid: str, title: str) -> None:
        self.edit(uid, title)

    def empty(self) -> None:
        for key in list(self.google.account.events[self.google.account.email].live):
            self.google.account.delete_event(key)

    def title(self, item: Item) -> str:
        title: str = json.loads(item.body)["summary"]
        return title

    def _key(self, uid: str) -> str:
        live = self.google.account.events[self.google.account.email].live
        return next(key for key, event in live.items() if event["iCalUID"] == uid)


class GoogleTasksDriver(TaskDriver):
    def __init__(self, google: GoogleServer, folder: Path) -> None:
        self.google = google
        self.folder = folder
        self.token_file = google.token_file(folder)
        google.account.add_task_list("My Tasks")

    def connector(self) -> Google:
        options = GoogleOptions(api_endpoint=self.google.url, token_file=str(self.token_file))
        return Google(options, access(self.folder, task_list=self.list_name), LIMITS)

    def target(self) -> Google:
        return self.connector()

    def user_adds_property(self, item: Item) -> bytes:
        link = {"type": "email", "description": "the mail", "link": "https://mail.example/1"}
        self._change(item, links=[link])
        return b"https://mail.example/1"

    def user_renames(self, item: Item, title: str) -> None:
        self._change(item, title=title)

    def user_ticks(self, item: Item) -> None:
        """In Google's own app, where the ticked are then cleared away."""
        self._change(item, status="completed", hidden=True)

    def user_deletes(self, item: Item) -> None:
        self._change(item, deleted=True)

    def _change(self, item: Item, **fields: Any) -> None:
        account = self.google.account
        (task_list,) = (key for key, tasks in account.tasks.items() if item.href in tasks)
        account.change_task(task_list, item.href, **fields)


class TestGoogleContacts(AccountContract):
    @pytest.fixture
    def driver(self, google: GoogleServer, tmp_path: Path) -> AccountDriver:
        return ContactsDriver(google, tmp_path)


class TestGoogleEvents(AccountContract):
    @pytest.fixture
    def driver(self, google: GoogleServer, tmp_path: Path) -> AccountDriver:
        return EventsDriver(google, tmp_path)


class TestGoogleTasks(TaskTargetContract):
    @pytest.fixture
    def driver(self, google: GoogleServer, tmp_path: Path) -> TaskDriver:
        return GoogleTasksDriver(google, tmp_path)
