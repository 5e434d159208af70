"""[notify]: a command of the user's gets the digest of a sync on its standard input.

It may mail it, ring a phone or post it. Nothing is started when nothing is new, nor by --dry-run.
What becomes of it changes nothing in the run: a failure is told, and the news kept for the next.
"""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.errors import FileHeld, KithbookError, LockHeld
from pipeline.command_session import Session
from pipeline.config import Config, Notify
from pipeline.passwords import environment
from pipeline.sync import digest
from pipeline.terminal.printing import json_text, say
from pipeline.terminal.terminal_text import plain

if TYPE_CHECKING:
    from pipeline.sync.run import RunResult

SECONDS = 60
"""How long the command may take."""

WORDS_BYTES = 4096
"""Of what it says on stderr, as much is looked at, from its end."""


@dataclass(slots=True)
class News:
    """What the sync within did, for the digest."""

    ran: "RunResult | None" = None


@contextmanager
def news(session: Session, now: datetime, *, is_told: bool) -> Iterator[News]:
    """Tell what is new when the sync within has ended, well or not."""
    found = News()
    try:
        yield found
    except KithbookError as error:
        is_anothers = isinstance(error, LockHeld) and not isinstance(error, FileHeld)
        if is_told and not is_anothers:
            _tell(session, now, found.ran, error)
        raise
    if is_told:
        _tell(session, now, found.ran, None)


def _tell(
    session: Session, now: datetime, ran: "RunResult | None", error: KithbookError | None
) -> None:
    """Whatever fails here is told, and changes nothing in how the run ends."""
    config, before = session.config(), digest.recall(session.folder)
    try:
        made, told = digest.make(session, before, now, ran, error)
    except KithbookError as failed:
        say(f"kithbook: what is new could not be determined: {plain(failed)}")
        return
    kept = digest.as_json(made) if made.is_news else None
    trouble = deliver(config, config.notify, kept) if kept and config.notify else ""
    # What was not delivered was not told: the next sync tries again, with its own news.
    after = replace(before, undelivered=trouble) if trouble else replace(told, undelivered="")
    after = replace(after, last=kept, newest=kept or before.newest)
    if trouble:
        say(f"kithbook: {trouble}.", "  → The news is kept: `kithbook digest` shows it.")
    try:
        digest.remember(session.folder, after)
    except FileNotFoundError:
        return  # no run has come so far that there is a data folder
    except OSError as failed:
        say(f"kithbook: digest.json could not be written: {failed.strerror}.")


def deliver(config: Config, notify: Notify, kept: Mapping[str, Any]) -> str:
    """Run the command; why it failed, empty when it went well.

    Files stand for the pipes: whatever the command leaves running, nothing is waited for but it.
    """
    text = json_text(kept) if notify.json else "\n".join(digest.lines(kept))
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
        given.write(f"{text}\n".encode())
        given.seek(0)
        name = f"the command of [notify], {plain(notify.command[0])},"
        try:
            process = subprocess.Popen(
                notify.command,
                stdin=given,
                stdout=subprocess.DEVNULL,
                stderr=said,
                env=environment(None, config),
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            return f"{name} could not be run: {getattr(error, 'strerror', None) or error}"
        try:
            code = process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            return f"{name} was ended: it took more than {SECONDS} seconds"
        finally:
            _end(process)
        if not code:
            return ""
        said.seek(max(0, said.seek(0, os.SEEK_END) - WORDS_BYTES))
        words = said.read().decode("utf-8", "replace").strip().splitlines()[-1:]
        return f"{name} ended with {code}" + "".join(f": {plain(word)}" for word in words)


def _end(process: subprocess.Popen[bytes]) -> None:
    """The command and all that it started and left in its group."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
