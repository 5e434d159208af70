"""Other users of the machine: links, pipes and folders that they may have laid."""

import json
import os
from pathlib import Path

import pytest

from tests.support.demo_commands import Hand


@pytest.mark.parametrize("force", [(), ("--force",)])
@pytest.mark.parametrize("command", [["export", "people"], ["backup"]])
def test_what_we_write_follows_no_link(
    hand: Hand, tmp_path: Path, command: list[str], force: tuple[str, ...]
) -> None:
    victim, name = tmp_path / "victim", tmp_path / "out.csv"
    victim.write_text("mine")
    name.symlink_to(victim)
    said = hand.kithbook(*command, str(name), *force)
    assert victim.read_text() == "mine"
    if force:
        assert said.code == 0
        assert not name.is_symlink()
        assert name.stat().st_mode & 0o077 == 0
    else:
        assert said.code == 2
        assert "is there already" in said.err
        assert name.is_symlink()


def test_a_link_to_nowhere_is_not_filled(hand: Hand, tmp_path: Path) -> None:
    name = tmp_path / "out.csv"
    name.symlink_to(tmp_path / "planted")
    assert hand.kithbook("export", "people", str(name)).code == 2
    assert not (tmp_path / "planted").exists()


@pytest.mark.parametrize("command", [["export", "people"], ["backup"]])
@pytest.mark.parametrize("force", [(), ("--force",)])
def test_no_pipe_is_written_into(
    hand: Hand, tmp_path: Path, command: list[str], force: tuple[str, ...]
) -> None:
    pipe = tmp_path / "out.csv"
    os.mkfifo(pipe)
    said = hand.kithbook(*command, str(pipe), *force)
    assert said.code == 2
    assert "is not a file" in said.err


def test_a_line_of_its_own_means_the_screen(hand: Hand) -> None:
    assert hand.ok("export", "people", "-").out == hand.ok("export", "people").out


def test_a_name_taken_meanwhile_is_left_alone(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.terminal import output_file

    name = tmp_path / "out.csv"
    original = output_file._take_name

    def take(draft: Path, path: Path, *, force: bool) -> None:
        name.write_text("theirs")
        original(draft, path, force=force)

    monkeypatch.setattr(output_file, "_take_name", take)
    said = hand.kithbook("export", "people", str(name))
    assert said.code == 2
    assert name.read_text() == "theirs"
    assert [path.name for path in tmp_path.glob(".out*")] == []


def test_a_disk_without_hard_links_takes_exports_too(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("pipeline.terminal.output_file.os.link", refuse)
    hand.ok("export", "people", str(tmp_path / "out.csv"))
    assert (tmp_path / "out.csv").read_text()
    assert hand.kithbook("export", "people", str(tmp_path / "out.csv")).code == 2


@pytest.mark.parametrize("mode", [0o770, 0o777, 0o722])
@pytest.mark.parametrize("command", [["due"], ["build"], ["mute", "hanna"], ["sync"]])
def test_a_data_folder_that_others_may_write_into_is_refused(
    hand: Hand, mode: int, command: list[str]
) -> None:
    hand.folder.chmod(mode)
    said = hand.kithbook(*command)
    hand.folder.chmod(0o700)
    assert said.code == 2
    assert "Others may write into the data folder" in said.err
    assert "chmod go-w" in said.err


@pytest.mark.parametrize("name", ["lock", "state.duckdb", "kithbook.duckdb.next"])
def test_a_link_in_place_of_a_file_of_ours_is_refused(
    hand: Hand, tmp_path: Path, name: str
) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (hand.folder / name).unlink(missing_ok=True)
    (hand.folder / name).symlink_to(victim)
    said = hand.kithbook("build")
    assert said.code == 5
    assert "not a plain file of yours" in said.err
    assert victim.read_text() == "mine"


def test_kept_books_go_through_no_link(hand: Hand, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    kept = hand.folder / "kept"
    if kept.is_dir():
        kept.rename(tmp_path / "kept")
    kept.symlink_to(tmp_path / "theirs")
    said = hand.kithbook("build")
    assert said.code == 5
    assert list((tmp_path / "theirs").iterdir()) == []


def test_what_a_killed_run_spilled_is_dropped_but_not_what_a_link_leads_to(
    hand: Hand, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "file").write_text("mine")
    (hand.folder / "spill-999999999").symlink_to(theirs)
    hand.ok("build")
    assert (theirs / "file").read_text() == "mine"
    assert not (hand.folder / "spill-999999999").is_symlink()


@pytest.mark.parametrize(
    "holder",
    [
        {"command": "x\nkithbook: all is well\x1b[2J", "pid": 1, "since": "2026-11-27T00:00Z"},
        {"command": ["x"], "pid": {}, "since": 7},
        {"command": "x" * 100_000, "pid": 1, "since": "now"},
        [],
    ],
)
def test_the_words_of_a_lock_are_one_line(hand: Hand, holder: object) -> None:
    import fcntl

    lock = hand.folder / "lock"
    lock.write_text(json.dumps(holder))
    with lock.open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        said = hand.kithbook("build")
    assert said.code == 75
    assert len(said.err.splitlines()) == 2
    assert "\x1b" not in said.err
    assert len(said.err) < 1500


def test_links_that_lead_out_of_an_imported_folder_are_not_followed(
    hand: Hand, tmp_path: Path
) -> None:
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{0}\r\nEMAIL:{1}@example.org\r\nEND:VCARD\r\n"
    folder, outside = tmp_path / "folder", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (folder / "a.vcf").write_text(card.format("Zoe Inside", "zoe"))
    (outside / "b.vcf").write_text(card.format("Max Outside", "max"))
    (folder / "b.vcf").symlink_to(outside / "b.vcf")
    (folder / "c.vcf").symlink_to(folder / "a.vcf")
    (folder / "sub").symlink_to(outside)
    said = hand.ok("import", str(folder))
    names = [name for (name,) in hand.rows("select display_name from people")]
    assert "Zoe Inside" in names
    assert "Max Outside" not in names
    assert "rejects" in said.out
    told = hand.ok("rejects", "--source", "import/folder").out
    assert told.count("leads elsewhere") == 2
