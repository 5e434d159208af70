"""The lock that one run holds: who is running, and what a run that was killed left behind."""

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.errors import LockHeld, StorageError
from pipeline.book.folder import Folder, refuse_link, refuse_others
from pipeline.terminal.terminal_text import count, plain

HOLDER_BYTES = 1000
"""More than that no run of ours says of itself."""


@contextlib.contextmanager
def acquire(folder: Folder, command: str, wait: bool = False) -> Iterator[None]:
    """Hold the run lock. The kernel lets go of it when the process ends, however it ends.

    :raises LockHeld: another run holds it and `wait` is false.
    """
    folder.make()
    refuse_others(folder)
    for path in (folder.lock, folder.state, folder.next):
        refuse_link(path)
    descriptor = os.open(folder.lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        _take(descriptor, folder, wait)
        os.ftruncate(descriptor, 0)
        holder = {"pid": os.getpid(), "command": command, "since": datetime.now(UTC).isoformat()}
        os.pwrite(descriptor, json.dumps(holder).encode(), 0)
        _drop_spill(folder)
        yield
    finally:
        os.close(descriptor)


def held_by(folder: Folder) -> str | None:
    """Which run works now, in words; None when none does. Nothing is written."""
    try:
        descriptor = os.open(folder.lock, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None  # no lock, or none of ours: who takes it says so
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(folder)
    except OSError:
        return None  # this disk has no locks: who takes it says so
    else:
        return None
    finally:
        os.close(descriptor)


def _take(descriptor: int, folder: Folder, wait: bool) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not wait:
                raise LockHeld(
                    f"Another run is working in {folder.path}: {_holder(folder)}.",
                    "Nothing was done. Try again later, or with --wait.",
                ) from None
            time.sleep(0.2)
        except OSError as error:
            raise StorageError(
                f"{folder.lock} cannot be locked: {error.strerror}. Nothing was done.",
                "Choose a data folder on a disk of this machine: --data, or `data = …`.",
            ) from error
        else:
            return


def _drop_spill(folder: Folder) -> None:
    """Drop what killed runs had spilled; a `what-if` that works beside us keeps its own."""
    for spill in folder.path.glob("spill-*"):
        number = spill.name.removeprefix("spill-")
        if number.isdecimal() and not _is_alive(int(number)):
            _drop(spill)


def _drop(spill: Path) -> None:
    """Away with it; what a link leads to is not ours."""
    if spill.is_symlink() or spill.is_file():
        spill.unlink()
    elif spill.exists():
        shutil.rmtree(spill)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True


def _holder(folder: Folder) -> str:
    try:
        with folder.lock.open("rb") as file:
            holder = json.loads(file.read(HOLDER_BYTES))
        since = datetime.now(UTC) - datetime.fromisoformat(holder["since"])
        words = f"`{holder['command']}`, process {holder['pid']}, for {_lasting(since)}"
    except (ValueError, KeyError, TypeError, OSError):
        return "it has not said which"
    return " ".join(plain(words).split())


def _lasting(span: timedelta) -> str:
    """40 seconds, 12 minutes, 3 hours, 2 days; so that nobody asks in which zone."""
    seconds = max(int(span.total_seconds()), 1)
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * length:
            return count(seconds // length, unit)
    return count(seconds, "second")
