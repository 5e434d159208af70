"""What `kithbook import` suggests: a command that replaces, a source that is read each night."""

import json
import re
import shlex
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipeline.commands.import_.past_imports import full_path, numbered, printable
from pipeline.config import Config
from pipeline.terminal.terminal_text import plain

if TYPE_CHECKING:
    from pipeline.commands.import_.import_plan import ImportPlan

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
"""What needs no quotes in TOML (1.0.0, keys)."""

MOST_FILES = 3
"""More are not repeated in a hint."""


def command(paths: Sequence[Path], *options: str) -> str:
    """The command that imports these files, as a shell takes it."""
    files = [shlex.quote(plain(printable(str(path)))) for path in paths]
    if len(files) > MOST_FILES:
        files = ["FILE…"]
    return f"`{' '.join(['kithbook import', *files, *options])}`"


def source_lines(plan: "ImportPlan", config: Config, config_path: Path, today: date) -> list[str]:
    """How to have a file read at each sync that was imported before and has changed since.

    Nothing where no source of the config could read it.
    """
    earlier, content = plan.earlier, plan.content
    if earlier is None or content is None or not content.source_types:
        return []
    path = full_path(plan.path)
    zone: ZoneInfo = config.owner.zone
    for source in config.sources:
        at = getattr(source.options, "path", None)
        if at and full_path(Path(at)) == path:
            return [f"  [source.{source.name}] of the config reads it at each sync already."]
    where = (
        f"write into {config_path}:"
        if config_path.exists()
        else "let `kithbook init` write a config and add to it:"
    )
    when = earlier.day(zone, today)
    lines = [
        f"  It was imported from here on {when} as well and has changed since.",
        f"  To have it read at each sync, {where}",
    ]
    taken = {source.name for source in config.sources}
    for kind in content.source_types:
        name = _section(plan.path, kind, taken)
        taken.add(name)
        lines += [
            f"    [source.{name if BARE_KEY.fullmatch(name) else _quoted(name)}]",
            f'    type = "{kind}"',
            f"    path = {_quoted(path)}",
        ]
    return lines


def _section(path: Path, kind: str, taken: set[str]) -> str:
    """A name for the section that no other has."""
    return numbered(plain(path.resolve().stem).replace("/", "-") or kind, taken)


def _quoted(text: str) -> str:
    """A basic string of TOML, which has the escapes of JSON."""
    return json.dumps(text, ensure_ascii=False)
