"""Faults put into a whole book, one at a time: what `doctor` says, and that its fix works."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipeline.book import run_lock
from pipeline.book.folder import Folder
from tests.support.demo_commands import Hand
from tests.support.namespaces import run_script


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to the book, what `doctor` says of it, and which fix it names.

    BOOK stands for the folder. `mend` is what is typed where the fix is words and no command.
    """

    name: str
    put_in: Callable[[Hand], object]
    says: str
    fix: str
    mend: str | Callable[[Hand], object] = ""
    code: int = 5
    is_content: bool = True
    """Whether the fix is all that is to be done."""


def damage(path: Path) -> None:
    """A block in the middle of it says something else."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xa5" * 300_000)


def link(path: Path) -> None:
    """A link in its place, which leads nowhere."""
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    path.symlink_to("elsewhere")


def own_copy(hand: Hand) -> Path:
    """The published file as one that may be written: copies of the book share it."""
    path = hand.folder / "kithbook.duckdb"
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content)
    path.chmod(0o600)
    return path


def in_state(hand: Hand, statement: str) -> None:
    with duckdb.connect(str(hand.folder / "state.duckdb")) as state:
        state.execute(statement)


def in_config(hand: Hand, before: str, after: str) -> None:
    path = hand.folder / "config.toml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def add_source(hand: Hand, text: str) -> None:
    in_config(hand, "[tasks]", f"{text}\n[tasks]")


def write_decision(hand: Hand, line: str) -> None:
    hand.ok("mute", "hanna")
    path = hand.folder / "decisions.jsonl"
    path.write_text(line + path.read_text("utf-8"), "utf-8")


def lose_decisions(hand: Hand) -> None:
    """Said and built; then the file is lost, of which there is a backup."""
    hand.ok("mute", "hanna")
    hand.build()
    hand.ok("backup", str(hand.folder.parent / "book.tar.gz"))
    (hand.folder / "decisions.jsonl").unlink()


def lose_state(hand: Hand) -> None:
    hand.ok("backup", str(hand.folder.parent / "book.tar.gz"))
    (hand.folder / "state.duckdb").unlink()


def damage_state(hand: Hand) -> None:
    hand.ok("backup", str(hand.folder.parent / "book.tar.gz"))
    damage(hand.folder / "state.duckdb")


def leave_config_beside(hand: Hand) -> None:
    """As `restore` does, where no --config names the place."""
    (hand.folder / "config.toml").rename(hand.folder / "config.toml.restored")
    hand.patch.setattr(Hand, "place", property(lambda _: []))
    hand.patch.setenv("KITHBOOK_CONFIG", str(hand.folder / "config.toml"))
    hand.patch.setenv("KITHBOOK_DATA", str(hand.folder))


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


UNREACHABLE = """[source.home]
type = "caldav"
url = "http://127.0.0.1:{port}/"
username = "nora"
{password}
"""

RESTORE = "kithbook restore BOOK/../book.tar.gz --yes"

FAULTS = [
    Fault(
        "others may look in",
        lambda hand: hand.folder.chmod(0o755),
        "others may look into BOOK.",
        "chmod 700 BOOK",
    ),
    Fault(
        "others may write",
        lambda hand: hand.folder.chmod(0o770),
        "Others may write into the data folder BOOK.",
        "chmod go-w BOOK",
        mend="chmod go-wrx BOOK",
        code=2,
    ),
    Fault(
        "others may read a file",
        lambda hand: (hand.folder / "state.duckdb").chmod(0o644),
        "others may read BOOK/state.duckdb.",
        "chmod 600 BOOK/state.duckdb",
    ),
    Fault(
        "a link in the place of the lock",
        lambda hand: link(hand.folder / "lock"),
        "BOOK/lock is not a plain file of yours.",
        "Look at it and move it away: `ls -ld BOOK/lock`",
        mend="rm BOOK/lock",
    ),
    Fault(
        "the kept books are a link",
        lambda hand: link(hand.folder / "kept"),
        "BOOK/kept is a link.",
        "Look at it and move it away: `ls -ld BOOK/kept`",
        mend="rm BOOK/kept",
    ),
    Fault(
        "the state is damaged",
        damage_state,
        "BOOK/state.duckdb cannot be opened; it seems to be damaged",
        "`kithbook restore FILE` brings back a backup",
        mend=RESTORE,
    ),
    Fault(
        "the state is no database",
        lambda hand: (hand.folder / "state.duckdb").write_bytes(b"x" * 5000),
        "BOOK/state.duckdb cannot be opened; it seems to be damaged",
        "or move it away and sync again",
        mend="mv BOOK/state.duckdb BOOK/../old && kithbook sync",
    ),
    Fault(
        "the state is missing",
        lose_state,
        "There is no BOOK/state.duckdb, from which the book was made.",
        "`kithbook restore FILE` brings back a backup; without one `kithbook sync`.",
        mend=RESTORE,
    ),
    Fault(
        "the state was a newer kithbook's",
        lambda hand: in_state(
            hand, "insert into raw.migrations values ('999_tomorrow.sql', now())"
        ),
        "was used by a newer kithbook, which knows 999_tomorrow.sql.",
        "Use that version, or a newer one",
        mend=lambda hand: in_state(hand, "delete from raw.migrations where name > '9'"),
    ),
    Fault(
        "the state is open elsewhere",
        lambda hand: None,  # see `opened`
        "BOOK/state.duckdb is open in process",
        "Close it there and run it again.",
        code=75,
    ),
    Fault(
        "the book is damaged in the middle",
        lambda hand: damage(own_copy(hand)),
        "BOOK/kithbook.duckdb cannot be opened; it seems to be damaged",
        "`kithbook build` makes it again; older ones are in BOOK/kept.",
        mend="kithbook build",
    ),
    Fault(
        "the book is missing",
        lambda hand: (hand.folder / "kithbook.duckdb").unlink(),
        "There is no kithbook.duckdb in BOOK yet.",
        "`kithbook build` makes it from what was fetched and imported.",
        mend="kithbook build",
    ),
    Fault(
        "a line of the decisions is damaged",
        lambda hand: write_decision(hand, "{no json\n"),
        "Line 1 of BOOK/decisions.jsonl is not a decision",
        "fix that line, or delete it: `sed -i.bak 1d BOOK/decisions.jsonl`",
        mend="sed -i.bak 1d BOOK/decisions.jsonl",
    ),
    Fault(
        "the decisions are missing",
        lose_decisions,
        "BOOK/decisions.jsonl lacks what the book knows that you said.",
        "`kithbook restore FILE` brings back a backup",
        mend=RESTORE,
    ),
    Fault(
        "the clock went back",
        lambda hand: in_state(hand, "update raw.runs set ended_at = ended_at + interval 9 year"),
        "which is to come.",
        "Set the clock; if it is right: `kithbook sync`",
        mend=lambda hand: in_state(
            hand, "update raw.runs set ended_at = ended_at - interval 9 year"
        ),
    ),
    Fault(
        "an unknown key in the config",
        lambda hand: in_config(hand, "open_at_most", "open_at_moust"),
        "unknown key open_at_moust.",
        "Did you mean open_at_most?",
        mend=lambda hand: in_config(hand, "open_at_moust", "open_at_most"),
        code=2,
    ),
    Fault(
        "the config is no TOML",
        lambda hand: in_config(hand, 'data = "."', "data = .."),
        "The config BOOK/config.toml cannot be read",
        "fix the file",
        mend=lambda hand: in_config(hand, "data = ..", 'data = "."'),
        code=2,
    ),
    Fault(
        "others may write the config",
        lambda hand: (hand.folder / "config.toml").chmod(0o622),
        "others may write BOOK/config.toml.",
        "chmod 600 BOOK/config.toml",
        code=2,
    ),
    Fault(
        "the config waits beside",
        leave_config_beside,
        "there is none at BOOK/config.toml; `restore` laid the backup's beside it.",
        "mv BOOK/config.toml.restored BOOK/config.toml",
        code=2,
    ),
    Fault(
        "a file of a source is gone",
        lambda hand: (hand.folder / "family.vcf").rename(hand.folder.parent / "family.vcf"),
        "There is no file BOOK/family.vcf.",
        "Check its name: ls BOOK",
        mend="mv BOOK/../family.vcf BOOK/family.vcf",
        code=4,
    ),
    Fault(
        "a password is missing",
        lambda hand: add_source(
            hand, UNREACHABLE.format(port=9, password='password_env = "NO_SUCH_VARIABLE"')
        ),
        "NO_SUCH_VARIABLE is not set",
        "NO_SUCH_VARIABLE",
        mend=lambda hand: in_config(hand, '[source.home]\ntype = "caldav"', "[source.family2]"),
        code=3,
        is_content=False,
    ),
    Fault(
        "a server does not answer",
        lambda hand: add_source(
            hand, UNREACHABLE.format(port=free_port(), password='password_command = ["echo", "x"]')
        ),
        "source home: ",
        "",
        code=4,
        is_content=False,
    ),
    Fault(
        "the list of the follow-ups is gone",
        lambda hand: next((hand.folder / "tasks").iterdir()).rename(hand.folder.parent / "list"),
        "open follow-ups stand in it, and it is missing.",
        '`kithbook sync --yes` makes "Follow-ups" again',
        mend="mv BOOK/../list BOOK/tasks/follow-ups",
        code=4,
    ),
    Fault(
        "the nightly run has stopped",
        lambda hand: None,  # the demo's day is long past: see `aged`
        "the nightly run has not run since 18 November",
        "`kithbook sync`",
        code=6,
        is_content=False,
    ),
    Fault(
        "something was left by a command cut off",
        lambda hand: (hand.folder / "what-if-x1").mkdir(),
        "a command that was cut off left something behind.",
        "rm -r BOOK/what-if-x1",
        code=0,
    ),
]


def typed(hand: Hand, command: str) -> None:
    """The fix as somebody types it; `kithbook` is the book's own."""
    for one in command.replace("BOOK", str(hand.folder)).split(" && "):
        words = shlex.split(one)
        if words[0] == "kithbook":
            hand.ok(*words[1:])
        else:
            subprocess.run(words, check=True)


def looked(hand: Hand, fault: Fault) -> tuple[int, list[dict[str, str]], str]:
    """The exit code, what is not as it should be, and all that was printed."""
    if "nightly" in fault.name:
        hand = Hand(hand.folder, hand.capture, hand.patch, datetime.now(UTC).date().isoformat())
        hand.patch.setattr("pipeline.command_session.Session.day", lambda _: None)
    said = hand.kithbook("doctor", "--json")
    found = [one for one in json.loads(said.out) if one["hint"]]
    return said.code, found, said.out + said.err


@pytest.fixture
def opened(hand: Hand) -> Iterator[None]:
    """Another program has the state open while `doctor` looks."""
    code = f"import duckdb; book = duckdb.connect({str(hand.folder / 'state.duckdb')!r})"
    with subprocess.Popen(
        [sys.executable, "-u", "-c", f"{code}; print(1); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as shell:
        assert shell.stdout
        shell.stdout.readline()
        yield
        shell.communicate(b"\n")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_is_named_with_the_fix_that_works(
    hand: Hand, fault: Fault, request: pytest.FixtureRequest
) -> None:
    if "open elsewhere" in fault.name:
        request.getfixturevalue("opened")
    fault.put_in(hand)
    code, found, said = looked(hand, fault)
    assert code == fault.code, said
    wanted = fault.says.replace("BOOK", str(hand.folder))
    told = [one for one in found if wanted in f"{one['subject']}: {one['text']}"]
    assert told, said
    assert any(fault.fix.replace("BOOK", str(hand.folder)) in one["hint"] for one in told), told
    assert all(one["hint"] for one in found if one["verdict"] != "ok")
    assert "kithbook doctor" not in said
    if not fault.is_content or "open elsewhere" in fault.name:
        return
    mend = fault.mend or fault.fix
    if isinstance(mend, str):
        typed(hand, mend)
    else:
        mend(hand)
    code, found, said = looked(hand, fault)
    assert code == 0, said
    assert wanted not in said


def test_other_commands_send_to_doctor_who_knows_which_file_is_damaged(hand: Hand) -> None:
    """The first and last blocks are whole, so that it opens; nearly all of its tables are not."""
    path = own_copy(hand)
    with path.open("r+b") as file:
        file.seek(3 * 65536)
        file.write(b"\xa5" * (path.stat().st_size - 4 * 65536))
    for command in (("due",), ("status",), ("export", "people", "--format", "csv")):
        said = hand.kithbook(*command)
        assert said.code == 5, said
        assert "damaged" in said.err
        assert "a bug" not in said.err


def test_a_run_at_work_is_named_and_disturbed_by_nothing(hand: Hand) -> None:
    with run_lock.acquire(Folder(hand.folder), "sync"):
        said = hand.ok("doctor").out
    assert re.search(rf"look  lock: a run is working: `sync`, process {os.getpid()}", said)
    assert "lock:" not in hand.ok("doctor").out


def test_a_disk_that_may_only_be_read_and_a_full_one(hand: Hand, tmp_path: Path) -> None:
    kithbook = f"{sys.executable} -m pipeline.cli --as-of {hand.as_of}"
    small = tmp_path / "small"
    small.mkdir()
    done = run_script(
        f"mount --bind {hand.folder} {hand.folder}\n"
        f"mount -o remount,ro,bind {hand.folder}\n"
        f"{kithbook} --config {hand.folder}/config.toml doctor || echo $?\n"
        f"mount -t tmpfs -o size=100m,mode=700 none {small}\n"
        f"cp -a {hand.folder}/. {small}\n"
        f"{kithbook} --config {small}/config.toml doctor || echo $?\n"
    )
    first, _, second = done.stdout.partition("\n5\n")
    assert f"wrong disk: {hand.folder} is on a disk that may only be read" in first
    assert f"`mount -o remount,rw {hand.folder}`;" in first
    assert "MB are free; a build needs" in second
    assert f"Free some space on the disk of {small}." in second
    assert second.endswith("5\n")
