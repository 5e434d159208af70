"""A backup from somebody else: judged whole before anything takes its place."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.support.demo_commands import Hand

STAMPED = b'{"decided_at": "2026-11-18T12:00:00+00:00", "verb": %b}\n'

STRANGE = """
data = "/somewhere/else"

[owner.me]
emails = ["ana@example.org"]
time_zone = "Europe/Lisbon"

[source.home]
type = "caldav"
url = "https://dav.stranger.example/"
username = "ana"
password_command = ["sh", "-c", "touch {mark}"]
"""


@pytest.fixture
def mine(hand: Hand, tmp_path: Path) -> Path:
    """A backup of one's own book."""
    path = tmp_path / "mine.tar.gz"
    hand.ok("backup", str(path))
    return path


@pytest.fixture
def elsewhere(hand: Hand, tmp_path: Path) -> Hand:
    """An empty home."""
    return Hand(tmp_path / "elsewhere", hand.capture, hand.patch)


def restored(home: Hand, backup: Path, *more: str, typed: list[str] | None = None) -> str:
    said = home.kithbook("--data", str(home.folder), "restore", str(backup), *more, typed=typed)
    return f"{said.code}: {said.err}"


def altered(backup: Path, target: Path, change: Callable[[Path], None]) -> Path:
    """The backup with its members changed by `change`, which is given their folder."""
    folder = target.with_suffix(".d")
    with tarfile.open(backup) as archive:
        archive.extractall(folder, filter="data")
    change(folder)
    with tarfile.open(target, "w:gz") as archive:
        for path in sorted(folder.iterdir()):
            archive.add(path, path.name)
    return target


def writes(name: str, content: bytes) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return change


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and path.name != "lock"
    }


def test_a_config_is_never_put_in_place_unasked(
    mine: Path, elsewhere: Hand, tmp_path: Path
) -> None:
    mark = tmp_path / "was-run"
    strange = STRANGE.format(mark=mark)
    backup = altered(
        mine,
        tmp_path / "theirs.tar.gz",
        writes("config.toml", strange.encode()),
    )
    said = restored(elsewhere, backup, "--yes")
    assert said.startswith("0:")
    assert not (elsewhere.folder / "config.toml").exists()
    beside = elsewhere.folder / "config.toml.restored"
    assert beside.read_text() == strange
    assert beside.stat().st_mode & 0o077 == 0
    assert "which commands are run" in said
    elsewhere.kithbook("--data", str(elsewhere.folder), "sync")
    assert not mark.exists()


@pytest.mark.parametrize(("answer", "is_there"), [("n", False), ("", False), ("y", True)])
def test_on_a_terminal_its_commands_and_addresses_are_shown_first(
    mine: Path, elsewhere: Hand, tmp_path: Path, answer: str, is_there: bool
) -> None:
    strange = STRANGE.format(mark=tmp_path / "x")
    backup = altered(
        mine,
        tmp_path / "theirs.tar.gz",
        writes("config.toml", strange.encode()),
    )
    said = restored(elsewhere, backup, typed=[answer])
    assert "password_command = sh -c touch" in said
    assert "url = https://dav.stranger.example/" in said
    assert "data = /somewhere/else" in said
    assert (elsewhere.folder / "config.toml").exists() == is_there


def forge(statement: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        with duckdb.connect(str(folder / "state.duckdb")) as connection:
            connection.execute(statement)

    return change


@pytest.mark.parametrize(
    "statement",
    [
        "create view raw.more as select * from read_text('/etc/hostname')",
        "drop table raw.contacts; create view raw.contacts as from read_text('/etc/hostname')",
        "create macro raw.lower(x) as 'x'",
        "create macro main.strip_accents(x) as 'x'",
        "create type raw.kind as enum ('a')",
        "create table raw.more as select 1 as one",
        "create schema identity",
        "create table main.people as select 1 as one",
        "alter table raw.items add column more varchar",
        "alter table raw.items alter column uid set default ('x' || current_setting('TimeZone'))",
        "create index odd on raw.items (uid)",
        "create sequence raw.more",
        "drop table raw.runs",
        "drop table raw.migrations",
        "insert into raw.migrations values ('999_tomorrow.sql', now())",
        "insert into raw.migrations values ('../../outside.sql', now())",
    ],
)
def test_a_state_that_holds_anything_else_is_refused(
    mine: Path, hand: Hand, tmp_path: Path, statement: str
) -> None:
    backup = altered(mine, tmp_path / "theirs.tar.gz", forge(statement))
    before = files_of(hand.folder)
    said = restored(hand, backup, "--yes")
    assert said.startswith("2:")
    assert "Nothing was changed" in said
    assert files_of(hand.folder) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("decisions.jsonl", b"{no json\n{}\n"),
        ("decisions.jsonl", b'{"verb": "mute"}\n{"verb": "mute"}\n'),
        ("decisions.jsonl", STAMPED % b"7" + STAMPED % b'"mute"'),
        ("decisions.jsonl", STAMPED % b'"mute", "who": {"name": "x", "keys": "y"}' * 2),
        ("decisions.jsonl", STAMPED % b'"every", "every_days": "z"' * 2),
        ("decisions.jsonl", STAMPED % b'"pause", "until_date": "tomorrow"' * 2),
        ("decisions.jsonl", b"\xff\xfe\n{}\n"),
        ("state.duckdb", b"no database"),
        ("state.duckdb", b""),
    ],
)
def test_members_that_cannot_be_read_are_refused(
    mine: Path, hand: Hand, tmp_path: Path, name: str, content: bytes
) -> None:
    backup = altered(mine, tmp_path / "theirs.tar.gz", writes(name, content))
    before = files_of(hand.folder)
    said = restored(hand, backup, "--yes")
    assert said.startswith("2:")
    assert files_of(hand.folder) == before


def test_a_bomb_is_refused_before_it_fills_the_disk(hand: Hand, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.tar.gz"
    size = 600 * 2**20
    with tarfile.open(bomb, "w:gz") as archive:
        entry = tarfile.TarInfo("state.duckdb")
        entry.size = size
        archive.addfile(entry, Zeros(size))
    assert bomb.stat().st_size < 2 * 2**20
    said = restored(hand, bomb, "--yes")
    assert said.startswith("2:")
    assert "unpacks to more than" in said
    assert not list(hand.folder.glob("restore-*"))


class Zeros(io.RawIOBase):
    """So many bytes of nothing."""

    def __init__(self, left: int) -> None:
        self.left = left

    def read(self, size: int = -1) -> bytes:
        size = self.left if size < 0 else min(size, self.left)
        self.left -= size
        return bytes(size)


def test_one_s_own_backup_comes_back_also_after_a_forget(
    hand: Hand, elsewhere: Hand, tmp_path: Path
) -> None:
    """The file that `forget` writes anew has the same tables."""
    hand.ok("forget", "omar", "--yes")
    backup = tmp_path / "after.tar.gz"
    hand.ok("backup", str(backup))
    assert restored(elsewhere, backup).startswith("0:")
    lines = (elsewhere.folder / "decisions.jsonl").read_text().splitlines()
    assert all(json.loads(line) for line in lines)
