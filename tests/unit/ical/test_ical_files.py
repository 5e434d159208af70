"""A .ics file and a vdir on the disk: what is refused, left alone, and written as tasks."""

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.contract import Collection
from connectors.errors import SourceError
from connectors.ical.source import IcalFile
from tests.contract.connector_contract import (
    Mirror,
    draft,
    pulled,
)
from tests.contract.test_ical_source import calendar, event, source

# --- folders of folders -------------------------------------------------------------------


@pytest.fixture
def vdir(tmp_path: Path) -> Path:
    """Two calendars, one with a name of its own, beside things that are none."""
    folder = tmp_path / "calendars"
    for name in ("work", "8f1c"):
        (folder / name).mkdir(parents=True)
        (folder / name / "one.ics").write_bytes(calendar(event(name, "Coffee")))
    (folder / "8f1c" / "displayname").write_text("Home\n", encoding="utf-8")
    (folder / ".git").mkdir()
    (folder / "photos").mkdir()
    (folder / "photos" / "one.jpg").write_bytes(b"x")
    return folder


def test_each_folder_with_items_is_a_collection_named_as_it_says(vdir: Path) -> None:
    found = source(vdir).collections()
    assert [(one.href, one.name) for one in found] == [("8f1c", "Home"), ("work", "work")]
    assert [item.uid for one in found for item in pulled(source(vdir), one)] == ["8f1c", "work"]


def test_only_the_chosen_calendars_are_read(vdir: Path) -> None:
    assert [one.href for one in source(vdir, "Home").collections()] == ["8f1c"]


def test_a_calendar_that_is_not_there_is_told_with_those_that_are(vdir: Path) -> None:
    with pytest.raises(
        SourceError, match=r"no calendar 'Hme'.*Home, work.*Nothing was changed"
    ) as e:
        source(vdir, "Hme").collections()
    assert "[source.test]" in e.value.hint


def test_unchanged_folder_is_not_read_again(vdir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in vdir.rglob("*.ics"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    mirror = Mirror()
    (home, _) = source(vdir).collections()
    mirror.pull(source(vdir), home)
    monkeypatch.setattr("connectors.ical.source.read_file", lambda path: pytest.fail("was read"))
    mirror.pull(source(vdir), home)
    assert len(mirror.pages) == 1
    assert set(mirror.uids()) == {"8f1c"}


def test_file_of_several_events_in_a_folder_gives_each_a_name(tmp_path: Path) -> None:
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / "old.ics").write_bytes(calendar(event("a", "A"), event("b", "B")))
    (root,) = source(tmp_path / "v").collections()
    assert [item.href for item in pulled(source(tmp_path / "v"), root)] == [
        "old.ics#a",
        "old.ics#b",
    ]


# --- what is no calendar ------------------------------------------------------------------


def refusal(path: Path) -> SourceError:
    """What is said of a path that cannot be a source."""
    connector = source(path)

    def pull_all() -> None:
        for collection in connector.collections():
            list(connector.pull(collection, None, {}))

    with pytest.raises(SourceError) as caught:
        pull_all()
    assert str(path) in str(caught.value)
    assert "Nothing was changed" in str(caught.value)
    assert caught.value.hint
    return caught.value


def test_missing_path(tmp_path: Path) -> None:
    assert "There is no file" in str(refusal(tmp_path / "nothing.ics"))


def test_empty_file(tmp_path: Path) -> None:
    (tmp_path / "x.ics").touch()
    assert "is empty" in str(refusal(tmp_path / "x.ics"))


def test_file_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "x.ics").write_bytes(b"Name,Mail\nAna,ana@example.org\n")
    assert "no calendar" in str(refusal(tmp_path / "x.ics"))


def test_folder_without_calendars(tmp_path: Path) -> None:
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / "readme.txt").write_bytes(b"x")
    assert "no .ics file" in str(refusal(tmp_path / "v"))


def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.ics")
    assert "pipe" in str(refusal(tmp_path / "x.ics"))


def test_pipe_in_a_folder_leaves_the_others_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.ics")
    (tmp_path / "y.ics").write_bytes(calendar(event("a", "A")))
    mirror = Mirror()
    (root,) = source(tmp_path).collections()
    mirror.pull(source(tmp_path), root)
    assert mirror.uids() == {"a"}
    assert [reject.href for reject in mirror.rejected()] == ["x.ics"]


def test_folder_that_cannot_be_read_is_not_taken_for_empty(
    vdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = Mirror()
    (_, work) = source(vdir).collections()
    mirror.pull(source(vdir), work)
    scan = os.scandir

    def refuse(path: Path) -> object:
        if path.name == "work":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(SourceError, match="work cannot be read: Permission denied"):
        mirror.pull(source(vdir), work, afresh=True)
    assert mirror.uids() == {"work"}


def test_disk_that_fails_half_way_leaves_the_item_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.ics").write_bytes(calendar(event("a", "A")))
    mirror = Mirror()
    (root,) = source(tmp_path).collections()
    mirror.pull(source(tmp_path), root)

    def refuse(path: Path) -> bytes:
        raise SourceError(f"{path} could not be read to its end")

    monkeypatch.setattr("connectors.ical.source.read_file", refuse)
    mirror.pull(source(tmp_path), root, afresh=True)
    assert mirror.uids() == {"a"}
    assert [reject.href for reject in mirror.rejected()] == ["one.ics"]


def test_file_name_that_is_no_utf8_gives_a_printable_href(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.ics"))
    path.write_bytes(calendar(event("a", "A")))
    (root,) = source(tmp_path).collections()
    assert [item.href for item in pulled(source(tmp_path), root)] == ["caf\\xe9.ics"]


# --- writing ------------------------------------------------------------------------------


@pytest.fixture
def tasks(tmp_path: Path) -> tuple[IcalFile, Collection]:
    target = source(tmp_path / "tasks", task_list="Follow-ups")
    return target, target.task_list("Follow-ups", "task")


def test_before_the_list_is_made_there_is_nothing_to_pull(tmp_path: Path) -> None:
    assert source(tmp_path / "tasks", task_list="Follow-ups").collections() == []


def test_tasks_are_readable_by_their_owner_alone(
    tasks: tuple[IcalFile, Collection], tmp_path: Path
) -> None:
    target, collection = tasks
    item = target.put(collection, draft(), None, None)
    path = tmp_path / "tasks" / "Follow-ups" / item.href
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    written = target.put(collection, draft(title="Ana"), item.href, item.etag)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(one.name for one in path.parent.iterdir()) == ["displayname", written.href]


def test_task_renamed_on_the_disk_is_adopted(
    tasks: tuple[IcalFile, Collection], tmp_path: Path
) -> None:
    target, collection = tasks
    item = target.put(collection, draft(), None, None)
    folder = tmp_path / "tasks" / "Follow-ups"
    (folder / item.href).rename(folder / "other.ics")
    again = target.put(collection, draft(title="Ana"), None, None)
    assert again.href == "other.ics"
    assert len(pulled(target, collection)) == 1


def test_list_keeps_its_name_when_the_folder_cannot_have_it(tmp_path: Path) -> None:
    target = source(tmp_path / "tasks", task_list="../Calls / Mails")
    made = target.task_list("../Calls / Mails", "task")
    assert made.name == "../Calls / Mails"
    assert (tmp_path / "tasks" / made.href).is_dir()
    assert target.task_list("../Calls / Mails", "task") == made


def test_file_system_without_links_is_written_too(
    tasks: tuple[IcalFile, Collection], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    target, collection = tasks
    item = target.put(collection, draft(), None, None)
    assert target.put(collection, draft(), None, None).etag == item.etag


def test_full_disk_leaves_the_task_as_it_was(
    tasks: tuple[IcalFile, Collection], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target, collection = tasks
    item = target.put(collection, draft(), None, None)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SourceError, match="No space left"):
        target.put(collection, draft(title="Ana"), item.href, item.etag)
    monkeypatch.undo()
    assert [one.etag for one in pulled(target, collection)] == [item.etag]
    assert len(list((tmp_path / "tasks" / "Follow-ups").iterdir())) == 2


def test_file_cannot_hold_tasks(tmp_path: Path) -> None:
    (tmp_path / "x.ics").write_bytes(calendar(event("a", "A")))
    with pytest.raises(SourceError, match="is a file; tasks need a folder"):
        source(tmp_path / "x.ics").task_list("Follow-ups", "task")


@pytest.mark.parametrize("href", ["..", "../other", "/etc", "sub/folder"])
def test_key_of_a_list_never_leads_out_of_the_vdir(
    tasks: tuple[IcalFile, Collection], href: str
) -> None:
    target, collection = tasks
    with pytest.raises(SourceError):
        target.put(replace(collection, href=href), draft(), None, None)


@pytest.mark.parametrize("href", ["../secret.ics", "/etc/passwd", "sub/one.ics", ".."])
def test_href_never_leads_out_of_the_list(
    tasks: tuple[IcalFile, Collection], tmp_path: Path, href: str
) -> None:
    target, collection = tasks
    (tmp_path / "tasks" / "secret.ics").write_bytes(b"x")
    target.delete(collection, href, "etag")
    assert (tmp_path / "tasks" / "secret.ics").exists()
