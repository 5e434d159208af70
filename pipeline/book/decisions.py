"""decisions.jsonl: what the user told us, one JSON object a line, appended and fsynced.

The only data that nobody could fetch again, so it is plain text that a person can read, diff and
back up. People are named by durable keys (the card's source, collection and UID; the attendee's
e-mail), not by numbers of the state file, which could be rebuilt. Its own short lock: `log`,
`mute` and their like never wait for a run.
"""

import errno
import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from connectors.errors import StorageError

FILE_NAME = "decisions.jsonl"

FINGERPRINT = "sha256 "
"""Begins a key that is the SHA-256 of a record key: what `forget` keeps of somebody."""


END_OF_PAUSE = "off"
"""The value of a pause that ends one."""


@dataclass(frozen=True, slots=True)
class Who:
    """A person as a decision names them: for reading, and by the keys of their records."""

    name: str
    keys: tuple[str, ...]
    """Record keys, the most durable first: `email ana@example.org`, `card home /book/ UID`."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing the user told us. `verb` is a word of raw.decisions (docs/schema.md)."""

    verb: str
    decision_id: str = ""
    decided_at: str = ""
    owner_id: str = "me"
    who: Who | None = None
    other: Who | None = None
    every_days: int | None = None
    from_date: date | None = None
    until_date: date | None = None
    value: str | None = None
    note: str | None = None
    undoes: str | None = None
    task: str | None = None
    """UID of the task that a run heard it from; with its kind and cycle (`remembering`)."""
    kind: str | None = None
    cycle: str | None = None


def append(folder: Path, decision: Decision, now: datetime | None = None) -> Decision:
    """Write one decision down, durably, and return it with its id and time.

    :raises StorageError: the file cannot be written; it is then as it was.
    """
    return append_all(folder, [decision], now)[0]


def append_all(
    folder: Path, said: Sequence[Decision], now: datetime | None = None
) -> list[Decision]:
    """The same for several: all of them or none."""
    stamped = [_stamped(decision, now or datetime.now(UTC)) for decision in said]
    path = folder / FILE_NAME
    if not stamped:
        return []
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = _locked(path)
        try:
            _write_lines(descriptor, b"".join(map(_line, stamped)))
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StorageError(
            f"The decision could not be written to {path}: {error.strerror}.",
            "Nothing was changed; free some space or fix the permissions, and try again.",
        ) from error
    return stamped


def read(folder: Path) -> Iterator[Decision]:
    """All decisions, oldest first. A line that a crash cut short is passed over: it was not said.

    :raises StorageError: it cannot be read, or a whole line is no decision; it names the line.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise StorageError(
            f"{path} cannot be read: {error.strerror}.",
            f"Nothing was published; look at it: ls -ld {path}",
        ) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _parse(json.loads(line))
        except (ValueError, TypeError, KeyError) as error:
            if number == len(lines):
                return
            is_json = not isinstance(error, json.JSONDecodeError | UnicodeDecodeError)
            why = "a field is missing or wrong" if is_json else "it is not JSON"
            raise StorageError(
                f"Line {number} of {path} is not a decision: {why}.",
                "Nothing was published; fix that line, or delete it: "
                f"`sed -i.bak {number}d {path}`",
            ) from error


def after(folder: Path, decision_id: str | None) -> list[Decision]:
    """What was said after that decision: what a book that ends with it does not know of yet.

    Nothing, where that line is gone: who takes lines out builds anew.
    """
    said = list(read(folder))
    if decision_id is None:
        return said
    ids = [one.decision_id for one in said]
    return said[ids.index(decision_id) + 1 :] if decision_id in ids else []


def unapplied(folder: Path, decision_id: str | None) -> list[Decision]:
    """What stands now and did not at that decision, or the other way round; no undos.

    What was said since and taken back again is none of it.
    """
    said = list(read(folder))
    since = {one.decision_id for one in after(folder, decision_id)}
    now = standing(said)
    then = standing(one for one in said if one.decision_id not in since)
    return [one for one in said if one.verb != "undo" and one.decision_id in now ^ then]


def take_out(folder: Path, is_unwanted: Callable[[Decision], bool]) -> int:
    """Rewrite the file without these decisions and their undos; how many lines went.

    The one time that a line leaves the file. The new file is put in the place of the old one while
    its lock is held; who waits for that lock meanwhile looks again (`_locked`).
    """
    path = folder / FILE_NAME
    if not path.exists():
        return 0
    descriptor = _locked(path)
    try:
        kept: list[Decision] = []
        gone: set[str | None] = set()
        for one in read(folder):
            if is_unwanted(one) or (one.verb == "undo" and one.undoes in gone):
                gone.add(one.decision_id)
            else:
                kept.append(one)
        draft = path.with_name(path.name + ".new")
        fresh = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fresh, "wb") as file:
            file.writelines(_line(one) for one in kept)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        os.close(descriptor)
    return len(gone)


def fingerprint(key: str) -> str:
    """A record key that names nobody: it fits the record it was made of and tells no other."""
    return FINGERPRINT + sha256(key.encode()).hexdigest()


def end_of_chain(said: Iterable[Decision], decision_id: str) -> str:
    """The last in the chain of undos that begins with this decision; itself if never undone."""
    undone_by = {one.undoes: one.decision_id for one in said if one.verb == "undo"}
    last = decision_id
    while last in undone_by:
        last = undone_by.pop(last)
    return last


def standing(said: Iterable[Decision]) -> set[str]:
    """The ids of those that were not undone, or whose undo was undone (staging.decisions says so).

    Each undo names the end of the chain, so that there is one chain a decision.
    """
    known = list(said)
    undone_by = {one.undoes: one.decision_id for one in known if one.verb == "undo"}
    undos: dict[str, int] = {}
    for one in known:
        chain = {one.decision_id: None}
        last = one.decision_id
        while (later := undone_by.get(last)) and later not in undos and later not in chain:
            chain[later] = None
            last = later
        times = undos.get(undone_by.get(last, ""), -1)
        for decision_id in reversed(chain):
            times += 1
            undos.setdefault(decision_id, times)
    return {decision_id for decision_id, times in undos.items() if times % 2 == 0}


def _locked(path: Path) -> int:
    """The file opened for appending, with its lock; anew when it was replaced while we waited."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if _is_still(descriptor, path):
            return descriptor
        os.close(descriptor)


def _is_still(descriptor: int, path: Path) -> bool:
    """Whether this file stands there, and was neither replaced nor taken away."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _line(decision: Decision) -> bytes:
    return (json.dumps(_plain(decision), ensure_ascii=False) + "\n").encode()


def _write_lines(descriptor: int, lines: bytes) -> None:
    """Append lines whole or not at all; a line that a crash cut short is closed first."""
    end = os.lseek(descriptor, 0, os.SEEK_END)
    if end and os.pread(descriptor, 1, end - 1) != b"\n":
        os.ftruncate(descriptor, _last_line_end(descriptor, end))
        end = os.lseek(descriptor, 0, os.SEEK_END)
    try:
        written = os.write(descriptor, lines)
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, end)
        raise
    if written != len(lines):
        os.ftruncate(descriptor, end)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _last_line_end(descriptor: int, end: int) -> int:
    return os.pread(descriptor, end, 0).rfind(b"\n") + 1


def _stamped(decision: Decision, now: datetime) -> Decision:
    values = {name: getattr(decision, name) for name in Decision.__slots__}
    values["decision_id"] = decision.decision_id or secrets.token_hex(6)
    values["decided_at"] = decision.decided_at or now.astimezone(UTC).isoformat("T")
    return Decision(**values)


def _plain(decision: Decision) -> dict[str, Any]:
    kept = {key: value for key, value in asdict(decision).items() if value is not None}
    return {
        key: value.isoformat() if isinstance(value, date) else value for key, value in kept.items()
    }


TEXTS = (
    "verb",
    "decision_id",
    "decided_at",
    "owner_id",
    "value",
    "note",
    "undoes",
    "task",
    "kind",
    "cycle",
)


def _parse(line: dict[str, Any]) -> Decision:
    """One line's decision; each field is what it is written as, for a person may have edited it.

    :raises ValueError, TypeError, KeyError: it is not.
    """
    values = dict(line)
    for key in ("who", "other"):
        if key in values:
            name, keys = values[key]["name"], values[key]["keys"]
            if not isinstance(keys, list) or not all(isinstance(one, str) for one in (name, *keys)):
                raise TypeError(f"{key} names nobody")
            values[key] = Who(name, tuple(keys))
    for key in ("from_date", "until_date"):
        if key in values:
            values[key] = date.fromisoformat(values[key])
    for key in TEXTS:
        if not isinstance(values.get(key, ""), str):
            raise TypeError(f"{key} is not a text")
    if type(values.get("every_days", 1)) is not int:
        raise TypeError("every_days is not a whole number")
    datetime.fromisoformat(values["decided_at"])
    return Decision(**values)


def first_known(who: Who | None, record_ids: dict[str, int]) -> int | None:
    """The record that a decision's person has now, by the first of their keys still known."""
    keys: Iterable[str] = who.keys if who else ()
    return next((record_ids[key] for key in keys if key in record_ids), None)
