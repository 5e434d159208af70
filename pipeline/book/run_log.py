"""What came of each run: a line of JSON a run in runs.jsonl, for whoever asks without waiting.

The published file cannot say how the run ended that published it, nor that a run ended before it
published anything; and the state is shut while a run works. These lines are read at any time:
`status`, `runs` and a monitor go by them.
"""

import contextlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from connectors.errors import (
    FileHeld,
    KithbookError,
    LockHeld,
    LoginError,
    SourceBug,
    machine_error,
)
from pipeline.terminal.printing import say
from pipeline.terminal.terminal_text import plain

if TYPE_CHECKING:
    from pipeline.book.folder import Folder
    from pipeline.sync.run import RunResult

LINES_AT_MOST = 2000
"""Five years of nights; above that the older half goes."""

BUG = 1
INTERRUPTED = 130

WHOLE = frozenset({"sync", "push"})
"""Commands at whose end all that was due is written: what a night has to come to."""

TroubleKind = Literal["login", "source", "bug"]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source in one run."""

    source: str
    changed: int
    gone: int
    rejected: int
    seconds: float
    unread: tuple[str, ...] = ()
    """Collections that could not be read to their end, by name."""
    kind: TroubleKind | None = None
    """Of the first trouble that was told."""
    trouble: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One run."""

    command: str
    started_at: datetime
    seconds: float
    exit_code: int
    published: bool
    wrote_tasks: bool
    """The task list was to be brought up to date, too: no --dry-run."""
    tasks: dict[str, int] = field(default_factory=dict)
    """Action → how many tasks."""
    sources: tuple[SourceLine, ...] = ()
    trouble: str | None = None
    """What was left undone, or why it all was."""
    hint: str | None = None

    @property
    def is_good(self) -> bool:
        """All was read, worked out and written."""
        return self.exit_code == 0 and self.wrote_tasks and self.command in WHOLE


def kind_of(error: BaseException) -> TroubleKind:
    """What kind of trouble it is, for those who act on it."""
    if isinstance(error, LoginError):
        return "login"
    return "bug" if isinstance(error, SourceBug) else "source"


@contextlib.contextmanager
def noted(
    folder: "Folder", command: str, now: datetime, ran: "RunResult", *, writes_tasks: bool
) -> Iterator[None]:
    """Note how the run within ends. One that another run keeps from beginning is none."""
    began = time.monotonic()

    def note(error: BaseException | None) -> None:
        if isinstance(error, LockHeld) and not isinstance(error, FileHeld):
            return
        line = _line(command, now, time.monotonic() - began, ran, error, writes_tasks=writes_tasks)
        try:
            _append(folder, line)
        except OSError as failed:  # the run's own end matters more
            say(f"kithbook: {path(folder)} could not be written: {failed.strerror}.")

    try:
        yield
    except BaseException as error:
        note(error)
        raise
    note(ran.error())


def read(folder: "Folder") -> list[Line]:
    """All runs that are kept, the oldest first. A line that a crash cut off is none."""
    try:
        text = path(folder).read_text("utf-8", "replace")
    except FileNotFoundError:
        return []
    found = (_parsed(line) for line in text.splitlines())
    return [line for line in found if line is not None]


def last_good_at(lines: Sequence[Line]) -> datetime | None:
    """When the last run began after which nothing was left undone."""
    return next((line.started_at for line in reversed(lines) if line.is_good), None)


def drop_words(folder: "Folder") -> None:
    """Keep of each run only numbers: what went wrong may have named somebody."""
    lines = read(folder)
    if lines:
        _rewrite(
            folder,
            [
                replace(
                    line,
                    trouble=None,
                    hint=None,
                    sources=tuple(replace(one, trouble=None, hint=None) for one in line.sources),
                )
                for line in lines
            ],
        )


def path(folder: "Folder") -> Path:
    """Where the lines stand."""
    return folder.path / "runs.jsonl"


def _line(
    command: str,
    now: datetime,
    seconds: float,
    ran: "RunResult",
    error: BaseException | None,
    *,
    writes_tasks: bool,
) -> Line:
    told = error
    if error is not None and not isinstance(error, KithbookError) and isinstance(error, Exception):
        told = machine_error(error) or error
    return Line(
        command=command,
        started_at=now.astimezone(UTC),
        seconds=round(seconds, 1),
        exit_code=_code(told),
        published=ran.has_published,
        wrote_tasks=writes_tasks,
        tasks=dict(ran.pushed.made),
        sources=tuple(
            SourceLine(
                source=one.source,
                changed=one.changed,
                gone=one.gone,
                rejected=one.rejected,
                seconds=round(one.seconds, 1),
                unread=tuple(sorted({of.name for of in one.unread})),
                kind=kind_of(one.error) if one.error else None,
                trouble=str(one.error) if one.error else None,
                hint=(one.error.hint or None) if one.error else None,
            )
            for one in ran.outcomes
        ),
        trouble=_words(told),
        hint=(told.hint or None) if isinstance(told, KithbookError) else None,
    )


def _code(error: BaseException | None) -> int:
    if error is None:
        return 0
    if isinstance(error, KithbookError):
        return error.exit_code
    return BUG if isinstance(error, Exception) else INTERRUPTED


def _words(error: BaseException | None) -> str | None:
    """A bug's own words may quote a card: its kind is told, as where it is printed."""
    if error is None:
        return None
    if isinstance(error, KithbookError):
        return str(error)
    return f"a bug: {type(error).__name__}" if isinstance(error, Exception) else "interrupted"


def _append(folder: "Folder", line: Line) -> None:
    """One write, so that a crash cuts off one line at most."""
    if not folder.path.is_dir():
        return
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
    descriptor = os.open(path(folder), flags, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        is_whole = path(folder).read_bytes()[-1:] in (b"", b"\n")
        file.write(_text(line) if is_whole else f"\n{_text(line)}")
    kept = read(folder)
    if len(kept) > LINES_AT_MOST:
        _rewrite(folder, kept[-LINES_AT_MOST // 2 :])


def _rewrite(folder: "Folder", lines: Sequence[Line]) -> None:
    fresh = path(folder).with_name("runs.jsonl.next")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(_text(line) for line in lines)
    fresh.replace(path(folder))


def _text(line: Line) -> str:
    return json.dumps(asdict(line), ensure_ascii=False, default=datetime.isoformat) + "\n"


def _parsed(text: str) -> Line | None:
    try:
        found: dict[str, Any] = json.loads(text)
        sources = tuple(
            SourceLine(**{**one, "unread": tuple(one["unread"])}) for one in found["sources"]
        )
        started_at = datetime.fromisoformat(found["started_at"])
        return Line(**{**found, "sources": sources, "started_at": started_at})
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def told(line: Line) -> str:
    """The first line of its trouble, harmless on a terminal; empty where there was none."""
    return plain((line.trouble or "").partition("\n")[0])
