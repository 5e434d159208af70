"""A host on which an account's server keeps a part of it: asked about, and noted in the config.

The password goes there from then on, so that only the user can say so: a server could name anybody.
"""

import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from connectors import file_modes_and_fsync
from connectors.errors import OtherHost
from pipeline.command_session import Session
from pipeline.commands.init.config_writer import first_saying
from pipeline.config import Config, Source
from pipeline.terminal.printing import ask, say
from pipeline.terminal.terminal_text import plain

HOSTS_AT_MOST = 5
"""An account lies on two or three."""

Found = TypeVar("Found")


def reach(session: Session, source: Source, look: Callable[[Source, Config], Found]) -> Found:
    """What `look` finds, tried again after each host that the user allows.

    :raises OtherHost: a host is in the way that the user did not allow, or nobody could be asked.
    """
    for _ in range(HOSTS_AT_MOST):
        try:
            return look(source, session.config())
        except OtherHost as error:
            if not _allowed(session.config_path, error):
                raise
            source = session.reread().source(source.name)
    return look(source, session.config())


def _allowed(path: Path, error: OtherHost) -> bool:
    """Whether the user says yes, and the line stands in the config."""
    if not sys.stdin.isatty():
        return False
    text = path.read_bytes().decode("utf-8")
    changed = with_key(text, error.source, "hosts", list(error.hosts), error.line)
    if changed is None:
        return False  # a section written in a way of its own: the error says the line
    say(f"{plain(str(error))}.")
    question = f"Is that host your provider's too, and may {error.line} be written? [y/N] "
    try:
        answer = ask(plain(question))
    except EOFError:
        return False
    if answer.lower() not in {"y", "yes"}:
        return False
    write_config(path, changed)
    say(f"Written into [source.{plain(error.source)}] of {path}: {error.line}")
    return True


def with_key(text: str, source: str, key: str, value: Any, line: str) -> str | None:
    """The config with this line in the source's section; None where that cannot be done safely.

    All else stays as it is, comments too: what the TOML says before and after is compared.
    """
    wanted = tomllib.loads(text)
    wanted["source"][source][key] = value
    lines = text.splitlines(keepends=True)
    start = next((n for n, one in enumerate(lines) if _is_header(one, source)), None)
    if start is None:
        return None
    after = (n for n in range(start + 1, len(lines)) if lines[n].lstrip().startswith("["))
    end = next(after, len(lines))
    old = [n for n in range(start, end) if re.match(rf"\s*{re.escape(key)}\s*=", lines[n])]
    url = [n for n in range(start, end) if re.match(r"\s*url\s*=", lines[n])]
    newline = "\r\n" if lines[start].endswith("\r\n") else "\n"

    def put(place: int) -> str:
        kept = lines[:place] if place in old else lines[: place + 1]
        if kept and not kept[-1].endswith("\n"):
            kept = [*kept[:-1], kept[-1] + newline]
        return "".join([*kept, line + newline, *lines[place + 1 :]])

    return first_saying(wanted, map(put, (*old, *url, start)))


def _is_header(line: str, source: str) -> bool:
    """The line that begins the source's section, however its name is quoted."""
    if not line.lstrip().startswith("["):
        return False
    try:
        said = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return False
    return said == {"source": {source: {}}}


def write_config(path: Path, text: str) -> None:
    """The whole config or what was there before, for its owner alone; a link to it stays one."""
    real = path.resolve()
    real.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = real.with_name(real.name + ".new")
    draft.write_bytes(text.encode("utf-8"))
    file_modes_and_fsync.keep_private(draft)
    draft.replace(real)
