"""`restore` puts a book where its config looks for it: an empty home, one in use, another's."""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.book import run_lock
from pipeline.book.folder import Folder
from tests.support.demo_commands import Hand
from tests.support.namespaces import NOBODY, as_nobody


def with_data(backup: Path, line: str) -> Path:
    """The backup of a book whose config has this line about its data."""
    folder = backup.with_suffix(".d")
    with tarfile.open(backup) as archive:
        archive.extractall(folder, filter="data")
    config = folder / "config.toml"
    said = [one for one in config.read_text("utf-8").splitlines() if not one.startswith("data =")]
    config.write_text("\n".join([line, *said]) + "\n", "utf-8")
    target = backup.with_name(f"other-{backup.name}")
    with tarfile.open(target, "w:gz") as archive:
        for path in sorted(folder.iterdir()):
            archive.add(path, path.name)
    return target


@pytest.fixture
def backup(hand: Hand, tmp_path: Path) -> Path:
    """A backup of the demo's book in which Hanna is muted."""
    hand.ok("mute", "hanna")
    path = tmp_path / "book.tar.gz"
    hand.ok("backup", str(path))
    return path


@pytest.fixture
def elsewhere(hand: Hand, tmp_path: Path) -> Hand:
    """An empty home, on another machine."""
    return Hand(tmp_path / "home", hand.capture, hand.patch)


def muted(folder: Path) -> list[str]:
    """Whom the decisions of a folder mute."""
    lines = (folder / "decisions.jsonl").read_text("utf-8").splitlines()
    return [one["who"]["name"] for one in map(json.loads, lines) if one["verb"] == "mute"]


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and path.name != "lock"
    }


def test_everything_goes_where_the_restored_config_says(elsewhere: Hand, backup: Path) -> None:
    said = elsewhere.ok("restore", str(with_data(backup, 'data = "deep/book"')), typed=["y"])
    book = elsewhere.folder / "deep" / "book"
    assert f"{book / 'decisions.jsonl'} is back" in said.err
    assert muted(book) == ["Hanna Brandt"]
    assert not list(elsewhere.folder.glob("*.duckdb"))
    assert not Path(os.environ["XDG_DATA_HOME"], "kithbook").exists()
    elsewhere.build()
    asked = "select display_name from people where is_muted"
    found = json.loads(elsewhere.ok("query", "--json", asked).out)
    assert found == [{"display_name": "Hanna Brandt"}]


def test_a_folder_that_its_config_names_needs_a_yes(elsewhere: Hand, backup: Path) -> None:
    """Without a terminal the config itself waits beside; `mv`, as told, finds the book."""
    theirs = str(with_data(backup, 'data = "book"'))
    refused = elsewhere.kithbook("restore", theirs)
    assert refused.code == 2
    assert f"has its data in {elsewhere.folder / 'book'}. Nothing was changed." in refused.err
    assert not elsewhere.folder.exists()
    said = elsewhere.ok("restore", theirs, "--yes")
    beside, config = elsewhere.folder / "config.toml.restored", elsewhere.folder / "config.toml"
    assert f"`mv {beside} {config}`" in said.err
    beside.rename(config)
    assert "decisions: " in elsewhere.kithbook("doctor").out
    assert muted(elsewhere.folder / "book") == ["Hanna Brandt"]


def test_a_config_that_was_not_wanted_decides_nothing(elsewhere: Hand, backup: Path) -> None:
    said = elsewhere.ok("restore", str(with_data(backup, 'data = "book"')), typed=["n"])
    default = Path(os.environ["XDG_DATA_HOME"], "kithbook")
    assert muted(default) == ["Hanna Brandt"]
    assert not (elsewhere.folder / "book").exists()
    assert f'  write data = "{default}" into it' in said.err


def test_a_folder_that_was_named_is_taken_and_the_line_for_it_told(
    elsewhere: Hand, backup: Path, tmp_path: Path
) -> None:
    theirs = with_data(backup, 'data = "book"')
    said = elsewhere.ok("--data", str(tmp_path / "mine"), "restore", str(theirs), typed=["y"])
    assert muted(tmp_path / "mine") == ["Hanna Brandt"]
    assert (elsewhere.folder / "config.toml").exists()
    assert f'  write data = "{tmp_path / "mine"}" into it' in said.err


def test_live_files_of_another_home_are_replaced_only_with_a_yes(
    hand: Hand, elsewhere: Hand, backup: Path
) -> None:
    theirs = str(with_data(backup, f'data = "{hand.folder}"'))
    hand.ok("mute", "omar")
    before = files_of(hand.folder)
    for arguments, typed in (((), None), ((), ["y", "n"]), ((), ["y", ""])):
        said = elsewhere.kithbook("restore", theirs, *arguments, typed=typed)
        assert (said.code, files_of(hand.folder)) == (2, before)
        assert str(hand.folder) in said.err
        assert not (elsewhere.folder / "config.toml").exists()
    assert "decisions.jsonl and state.duckdb already" in said.err
    elsewhere.ok("restore", theirs, "--yes")
    assert muted(hand.folder) == ["Hanna Brandt"]
    (aside,) = hand.folder.glob("decisions.jsonl.before-*")
    assert aside.read_bytes() == before["decisions.jsonl"]


def test_a_home_in_use_is_left_alone(hand: Hand, backup: Path) -> None:
    hand.ok("mute", "omar")
    before = files_of(hand.folder)
    with run_lock.acquire(Folder(hand.folder), "sync"):
        said = hand.kithbook("restore", str(backup), "--yes")
    assert (said.code, "`sync`" in said.err) == (75, True)
    opened = (
        f"import duckdb; book = duckdb.connect({str(hand.folder / 'state.duckdb')!r}); print(1)"
    )
    code = f"{opened}; input()"
    with subprocess.Popen(
        [sys.executable, "-u", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as shell:
        assert shell.stdout
        assert shell.stdout.readline() == b"1\n"
        said = hand.kithbook("restore", str(backup), "--yes")
        assert (said.code, f"process {shell.pid}" in said.err) == (75, True)
        shell.communicate(b"\n")
    assert files_of(hand.folder) == before


def test_a_damaged_state_is_replaced_with_its_log(hand: Hand, backup: Path) -> None:
    state = hand.folder / "state.duckdb"
    state.write_bytes(b"damaged")
    state.with_name("state.duckdb.wal").write_bytes(b"log")
    hand.ok("restore", str(backup), "--yes")
    (aside,) = hand.folder.glob("state.duckdb.before-*Z")
    assert aside.read_bytes() == b"damaged"
    assert aside.with_name(f"{aside.name}.wal").read_bytes() == b"log"
    assert not state.with_name("state.duckdb.wal").exists()
    hand.build()


# --- another user -------------------------------------------------------------------------


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder in which another user may look around."""
    with tempfile.TemporaryDirectory(prefix="kithbook-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_another_user_is_told_what_is_not_theirs(hand: Hand, shared: Path) -> None:
    path = shared / "book.tar.gz"
    hand.ok("backup", str(path))
    theirs = shared / "nobody"
    done = as_nobody(theirs, "restore", str(path))
    assert done.returncode == 2, done
    assert f"{path} may not be read by you. Nothing was changed." in done.stderr
    assert "sudo install -m 600 -o nobody" in done.stderr

    roots = shared / "roots"
    roots.mkdir(mode=0o755)
    readable = with_data(path, f'data = "{roots}"')
    readable.chmod(0o644)
    done = as_nobody(theirs, "restore", str(readable), "--yes")
    assert done.returncode == 2, done
    assert f"{roots} belongs to root, and you are nobody" in done.stderr
    assert "--data" in done.stderr
    assert list(roots.iterdir()) == []

    done = as_nobody(theirs, "--data", str(theirs / "book"), "restore", str(readable))
    assert done.returncode == 0, done
    for found in (theirs / "book").iterdir():
        assert found.stat().st_uid == NOBODY


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can restore for somebody else")
def test_root_restores_nothing_into_the_folder_of_a_user(hand: Hand, shared: Path) -> None:
    path = shared / "book.tar.gz"
    hand.ok("backup", str(path))
    theirs = shared / "theirs"
    theirs.mkdir(mode=0o700)
    os.chown(theirs, NOBODY, NOBODY)
    said = hand.kithbook("--data", str(theirs), "restore", str(path), "--yes")
    assert said.code == 2
    assert f"{theirs} belongs to nobody, and you are root. Nothing was changed." in said.err
    assert "sudo -u nobody kithbook restore" in said.err
    assert list(theirs.iterdir()) == []
