"""A .ics file and a vdir as sources, and the vdir as the place of our tasks."""

from pathlib import Path

import pytest

from connectors.contract import Connector, Item, TaskTarget
from connectors.ical.source import IcalFile, IcalOptions
from tests.contract.connector_contract import (
    SEED,
    ConnectorContract,
    Driver,
    TaskDriver,
    TaskTargetContract,
    access,
)


def event(uid: str, title: str) -> str:
    return (
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260105T090000Z\r\n"
        f"SUMMARY:{title}\r\nEND:VEVENT\r\n"
    )


def calendar(*events: str) -> bytes:
    text = "".join(events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{text}END:VCALENDAR\r\n".encode()


def summary(item: Item) -> str:
    line = next(line for line in item.body.decode().splitlines() if line.startswith("SUMMARY:"))
    return line.removeprefix("SUMMARY:")


def source(path: Path, *calendars: str, task_list: str | None = None) -> IcalFile:
    return IcalFile(IcalOptions(str(path), calendars), access(path.parent, task_list=task_list))


class VdirDriver(Driver):
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        for uid, title in SEED.items():
            self.add(uid, title)

    def connector(self) -> Connector:
        return source(self.folder)

    def add(self, uid: str, title: str) -> None:
        (self.folder / f"{uid}.ics").write_bytes(calendar(event(uid, title)))

    def edit(self, uid: str, title: str) -> None:
        self.add(uid, title)

    def delete(self, uid: str) -> None:
        (self.folder / f"{uid}.ics").unlink()

    def break_item(self, uid: str) -> None:
        (self.folder / f"{uid}.ics").write_bytes(b"\x00\xff this is no calendar")

    def mend_item(self, uid: str, title: str) -> None:
        self.add(uid, title)

    def empty(self) -> None:
        for path in self.folder.iterdir():
            path.unlink()

    def title(self, item: Item) -> str:
        return summary(item)


class TestVdir(ConnectorContract):
    @pytest.fixture
    def driver(self, tmp_path: Path) -> Driver:
        return VdirDriver(tmp_path / "vdir")


class IcsDriver(Driver):
    """All events in one file, written anew at each change as exports are."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.events = {uid: event(uid, title) for uid, title in SEED.items()}
        self.write()

    def write(self) -> None:
        self.path.write_bytes(calendar(*self.events.values()))

    def connector(self) -> Connector:
        return source(self.path)

    def add(self, uid: str, title: str) -> None:
        self.events[uid] = event(uid, title)
        self.write()

    def edit(self, uid: str, title: str) -> None:
        self.add(uid, title)

    def delete(self, uid: str) -> None:
        del self.events[uid]
        self.write()

    def break_item(self, uid: str) -> None:
        self.events[uid] = f"BEGIN:VEVENT\r\nUID:{uid}\r\nnothing else\r\n"
        self.write()

    def mend_item(self, uid: str, title: str) -> None:
        self.add(uid, title)

    def empty(self) -> None:
        self.events = {}
        self.write()

    def title(self, item: Item) -> str:
        return summary(item)


class TestIcsFile(ConnectorContract):
    @pytest.fixture
    def driver(self, tmp_path: Path) -> Driver:
        return IcsDriver(tmp_path / "calendar.ics")


class VdirTasks(TaskDriver):
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def target(self) -> TaskTarget:
        return source(self.folder, task_list=self.list_name)

    def connector(self) -> Connector:
        return source(self.folder, task_list=self.list_name)

    def path(self, item: Item) -> Path:
        return self.folder / self.list_name / item.href

    def change(self, item: Item, old: bytes, new: bytes) -> None:
        body = self.path(item).read_bytes()
        assert old in body
        self.path(item).write_bytes(body.replace(old, new, 1))

    def user_adds_property(self, item: Item) -> bytes:
        mark = b"X-MINE;P=1:keep me\r\nCATEGORIES:a,b\r\n"
        component = b"VEVENT" if self.form == "event" else b"VTODO"
        self.change(item, b"END:" + component, mark + b"END:" + component)
        return mark

    def user_renames(self, item: Item, title: str) -> None:
        self.change(item, b"SUMMARY:Ana Lima", b"SUMMARY:" + title.replace(",", "\\,").encode())

    def user_ticks(self, item: Item) -> None:
        if self.form == "event":
            self.change(item, b"SUMMARY:Ana Lima", "SUMMARY:✓ Ana Lima".encode())
        else:
            self.change(item, b"STATUS:NEEDS-ACTION", b"STATUS:COMPLETED")

    def user_deletes(self, item: Item) -> None:
        self.path(item).unlink()


class VdirEventTasks(VdirTasks):
    form = "event"


class TestVdirTasks(TaskTargetContract):
    @pytest.fixture
    def driver(self, tmp_path: Path) -> TaskDriver:
        return VdirTasks(tmp_path / "tasks")


class TestVdirEventTasks(TaskTargetContract):
    @pytest.fixture
    def driver(self, tmp_path: Path) -> TaskDriver:
        return VdirEventTasks(tmp_path / "tasks")
