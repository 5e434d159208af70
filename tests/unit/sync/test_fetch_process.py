"""Long files read in a process of their own: the same rows, and what becomes of it in trouble."""

import io
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.contract import Filed
from connectors.errors import SourceError
from connectors.file_source import ENTRIES_PER_PAGE, size_of
from connectors.vcard.source import VcardOptions
from pipeline import config
from pipeline.book import state_file
from pipeline.book.folder import Folder
from pipeline.config import Config, Source
from pipeline.sync import fetch_process, pull, source_thread
from pipeline.sync.fetch import Delivery, connect
from pipeline.sync.pull_outcome import Outcome
from tests.unit.sync.test_pull import CONFIG, NOW, card, event


@pytest.fixture
def settings(tmp_path: Path) -> Config:
    (tmp_path / "cards").mkdir()
    (tmp_path / "meetings" / "work").mkdir(parents=True)
    (tmp_path / "config.toml").write_text(CONFIG)
    photo = "PHOTO;ENCODING=b;TYPE=JPEG:" + "A" * 40_000
    many = "".join(card(f"Person {n}", f"p{n}@example.org") for n in range(3000))
    odd = card("Odd").replace("END:", f"{photo}\r\nno colon here\r\nBDAY:1980-02-30\r\nEND:")
    (tmp_path / "cards" / "a.vcf").write_text(many + odd + "BEGIN:VCARD\r\nEND:VCARD\r\n")
    (tmp_path / "meetings" / "work" / "m.ics").write_text(
        event("m", "20260801T090000Z", "ATTENDEE;CN=Ana:mailto:ana@example.org")
    )
    return config.load(tmp_path / "config.toml")


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Every file is long enough; the processes that were started."""
    started: list[subprocess.Popen[bytes]] = []
    start = fetch_process._child

    def noted() -> "subprocess.Popen[bytes]":
        started.append(start())
        return started[-1]

    monkeypatch.setattr(fetch_process, "_child", noted)
    monkeypatch.setattr(source_thread, "APART_FROM", 0)
    yield started
    assert all(child.poll() is not None for child in started)


def pulled(settings: Config, folder: Path) -> tuple[list[Outcome], list[list[tuple[Any, ...]]]]:
    """What came of it, and the rows of the raw tables; one source at a time, for equal numbers."""
    connection = state_file.open_state(Folder(folder))
    outcomes = [pull.pull(connection, settings, [one], NOW)[0] for one in settings.sources]
    tables = [
        connection.execute(f"select * from raw.{table} order by all").fetchall()
        for table in ("items", "contacts", "meetings", "rejects", "blobs")
    ]
    connection.close()
    return outcomes, tables


def test_read_apart_a_file_gives_the_same_rows(
    settings: Config, tmp_path: Path, children: list["subprocess.Popen[bytes]"]
) -> None:
    told, rows = pulled(settings, tmp_path / "apart")
    assert len(children) == 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source_thread, "APART_FROM", 1 << 60)
        assert pulled(settings, tmp_path / "here") == (told, rows)
    assert len(children) == 2
    assert [(one.changed, one.rejected, one.warned, one.error) for one in told] == [
        (3001, 1, 2, None),
        (1, 0, 0, None),
    ]


def test_a_file_that_is_as_it_was_is_not_told_again(
    settings: Config, tmp_path: Path, children: list["subprocess.Popen[bytes]"]
) -> None:
    pulled(settings, tmp_path / "book")
    (tmp_path / "cards" / "b.vcf").write_text(card("New"))
    told, _ = pulled(settings, tmp_path / "book")
    assert [(one.changed, one.unchanged) for one in told] == [(1, 3001), (0, 0)]
    assert len(children) == 4


@pytest.mark.usefixtures("children")
def test_an_error_comes_as_it_was_raised(settings: Config, tmp_path: Path) -> None:
    (tmp_path / "cards" / "a.vcf").unlink()
    told, _ = pulled(settings, tmp_path / "book")
    error = told[0].error
    assert isinstance(error, SourceError)
    assert str(error) == f"There is no .vcf file in {tmp_path / 'cards'}. Nothing was changed."
    assert error.hint == f"Look what is there: ls -a {tmp_path / 'cards'}"
    assert told[1].error is None


def test_a_process_that_is_killed_is_named(
    settings: Config,
    children: list["subprocess.Popen[bytes]"],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetch_process, "PIPE_BYTES", 4096)  # the second page waits for us
    said = fetch_process.deliveries_apart(settings.sources[0], settings, {})
    assert next(said).listing
    assert len(next(said).items) == ENTRIES_PER_PAGE
    children[0].kill()
    (last,) = said
    assert isinstance(last.error, SourceError)
    assert str(last.error).startswith("cards: the process that reads it was stopped by SIGKILL.")
    assert last.finished


def test_who_listens_no_more_ends_the_process(
    settings: Config, children: list["subprocess.Popen[bytes]"]
) -> None:
    said = fetch_process.deliveries_apart(settings.sources[0], settings, {})
    assert next(said).listing
    said.close()
    assert children[0].poll() == -signal.SIGKILL


def test_a_bug_brings_its_traceback() -> None:
    class Foreign(Exception):
        def __init__(self, one: str, other: str) -> None:
            super().__init__(f"{one} {other}")

    for error, kind in ((ValueError("odd"), ValueError), (Foreign("so", "odd"), RuntimeError)):
        out = io.BytesIO()
        try:
            raise error
        except (ValueError, Foreign) as raised:
            fetch_process._tell(Delivery("cards", error=raised, finished=True), out)
        told = pickle.loads(out.getvalue()).error
        assert type(told) is kind
        assert "odd" in str(told)
        assert "test_a_bug_brings_its_traceback" in told.__notes__[0]


INTERRUPTED = "kithbook: interrupted; what was published before stays."


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_when_we_end_the_process_ends_too(tmp_path: Path, sent: signal.Signals) -> None:
    path = tmp_path / "long.vcf"
    photo = "PHOTO;ENCODING=b:" + "A" * 40_000
    with path.open("w") as file:
        for n in range(1000):
            file.write(card(f"Person {n}").replace("END:", f"{photo}\r\nEND:"))
    assert path.stat().st_size > source_thread.APART_FROM
    book = ["--data", str(tmp_path / "book")]
    command = [sys.executable, "-m", "pipeline.cli", *book, "import", str(path)]
    command += ["--me", "me@example.org"]
    # Where a shell runs us in the background, Ctrl-C is ignored, by what we start as well.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ours:
        grandchild = wait_for(lambda: children_of(ours.pid))[0]
        wait_for((tmp_path / "book" / "state.duckdb").exists)
        ours.send_signal(sent)
        _, said = ours.communicate()
    assert ours.returncode == (130 if sent == signal.SIGINT else -sent)
    assert said.decode().split() == (INTERRUPTED.split() if sent == signal.SIGINT else [])
    wait_for(lambda: not is_alive(grandchild))
    again = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "1,000 people" in again.stdout
    with duckdb.connect(str(tmp_path / "book" / "kithbook.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from people").fetchone() == (1000,)


def wait_for(what: Any, seconds: float = 500) -> Any:
    """What it gives as soon as it gives something."""
    until = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < until
        time.sleep(0.01)
    return found


def children_of(process: int) -> list[int]:
    """The processes that any thread of this one started."""
    found = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(FileNotFoundError):  # the thread is over
            found += [int(text) for text in path.read_text().split()]
    return found


def is_alive(process: int) -> bool:
    """Whether it runs still; one that nobody has waited for does not."""
    try:
        return ") Z" not in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False


def test_the_size_of_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "one").write_bytes(b"123")
    (tmp_path / "a" / "b" / "two").write_bytes(b"4567")
    os.mkfifo(tmp_path / "a" / "pipe")
    found = [size_of(tmp_path / name) for name in ("a", "a/one", "a/pipe", "missing")]
    assert found == [7, 3, 0, 0]


def test_an_address_has_no_size_that_could_be_seen(settings: Config) -> None:
    options = VcardOptions(url="https://example.org/cards.vcf")
    connector = connect(Source("cards", "vcard", options), settings)
    assert isinstance(connector, Filed)
    assert connector.size() == 0
