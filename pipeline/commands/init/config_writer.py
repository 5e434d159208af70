"""The text of a config: the example with the owner's answers in it, and sections added to it.

All that stands in it stays as it is, comments too.
"""

import contextlib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.command_session import packaged

SECTION = re.compile(r"^(# )?\[([a-z]+)(?:\.([a-z]+))?\]")

KEPT_SECTIONS = frozenset({("owner", "me"), ("rules", None)})
"""Of the example; the others become comments that show how they are written."""


def example() -> str:
    """The config with every key explained beside it."""
    return packaged("config.example.toml")


def with_owner(owner: Mapping[str, Any]) -> str:
    """The example with these answers (`emails`, `time_zone`, `phone_region`), the rest as comments.

    What was not answered yet is a comment as well.
    """
    section: tuple[str, str | None] = ("", None)
    lines = []
    for line in example().splitlines():
        if found := SECTION.match(line):
            section = (found[2], found[3])
        elif line.startswith("# ---"):
            section = ("", None)
        is_kept = section[0] == "" or section in KEPT_SECTIONS
        lines.append(_owner_line(line, owner) if section[0] == "owner" else _line(line, is_kept))
    return "\n".join(lines) + "\n"


def _line(line: str, is_kept: bool) -> str:
    return line if is_kept or line.startswith("#") or not line else f"# {line}"


def _owner_line(line: str, owner: Mapping[str, Any]) -> str:
    key, equals, rest = line.partition(" = ")
    if not equals or key.startswith("#"):
        return line
    if not owner.get(key):
        return f"# {line}"
    comment = rest.partition("  #")[2]
    return f"{f'{key} = {_value(owner[key])}':<45}#{comment}"


def with_source(text: str, name: str, table: Mapping[str, Any]) -> str:
    """The config with a section [source.NAME] more."""
    return _with_section(text, ("source", name), table, before="# --- circles")


def with_tasks(text: str, table: Mapping[str, Any]) -> str:
    """The config with a section [tasks]."""
    return _with_section(text, ("tasks",), table, before="# --- rules")


def first_saying(wanted: Mapping[str, Any], texts: Iterable[str]) -> str | None:
    """The first of these texts that is TOML and says this."""
    for text in texts:
        with contextlib.suppress(tomllib.TOMLDecodeError):  # put into something of several lines
            if tomllib.loads(text) == wanted:
                return text
    return None


def _put(text: str, place: int, section: str) -> str:
    head, tail = text[:place].rstrip("\n"), text[place:]
    return f"{head}\n\n{section}{chr(10) if tail else ''}{tail}".lstrip("\n")


def _with_section(text: str, keys: Sequence[str], table: Mapping[str, Any], *, before: str) -> str:
    """The section in front of the line that begins so, or else at the end.

    That it says the same and this much more is seen from the TOML; where a config is written in a
    way of its own (inline tables), tomlkit finds the place.
    """
    import tomlkit

    wanted = tomllib.loads(text)
    inner = wanted
    for key in keys[:-1]:
        inner = inner.setdefault(key, {})
    inner[keys[-1]] = dict(table)
    lines = [f"[{'.'.join(_key(key) for key in keys)}]"]
    lines += [f"{_key(key)} = {_value(value)}" for key, value in table.items()]
    section = "\n".join(lines) + "\n"
    start = re.search(rf"(?m)^{re.escape(before)}", text)
    places = ([start.start()] if start else []) + [len(text)]
    changed = first_saying(wanted, (_put(text, place, section) for place in places))
    if changed is not None:
        return changed
    document = tomlkit.parse(text)
    target: Any = document
    for key in keys[:-1]:
        if key not in target:
            target[key] = tomlkit.table(is_super_table=True)
        target = target[key]
    target[keys[-1]] = dict(table)
    return tomlkit.dumps(document)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _value(name)


def _value(value: Any) -> str:
    """As TOML writes it: a text escaped, a list on one line."""
    import tomlkit

    return str(tomlkit.item(value).as_string())
