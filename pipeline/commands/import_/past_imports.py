"""What was imported, as raw.imports has it: names, days, and which of them somebody means.

Each import is a source of its own, `import/NAME`, named after its file; where that name is taken,
with a number. One whose place another took is set aside as `replaced/NUMBER/NAME`: it stays in the
state file, in no build, until `import --undo NAME` brings it back.
"""

import os
import re
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connectors.errors import UsageError
from pipeline.book import body_store
from pipeline.book.bulk_insert import append
from pipeline.book.queries import query
from pipeline.config import IMPORT_PREFIX
from pipeline.terminal.terminal_text import count, day, plain

if TYPE_CHECKING:
    import duckdb

SOURCE_TABLES = (
    "items",
    "contacts",
    "meetings",
    "tasks",
    "rejects",
    "cursors",
    "open_items",
    "collections",
    "runs",
    "ways",
    "task_lists",
)
"""The raw tables that say of each row which source it is from; record_ids stay for good."""


@dataclass(frozen=True, slots=True)
class Import:
    """One row of raw.imports."""

    source: str
    file: str
    """As the file or folder is called."""
    path: str | None
    """Where it lay; None for those of earlier versions."""
    options: tuple[str, ...]
    """What else it was read with."""
    digest: str | None
    """Of its content; None for those of earlier versions."""
    began_at: datetime
    finished_at: datetime | None = None
    """None when it was interrupted, or part of it could not be read."""
    replaced: str | None = None
    """The source that is set aside for it."""

    @property
    def name(self) -> str:
        """What people call it."""
        return self.source.removeprefix(IMPORT_PREFIX)

    def day(self, zone: ZoneInfo, today: date) -> str:
        """The day on which it came in, in words."""
        return day(self.began_at.astimezone(zone).date(), today)


def read(state: "duckdb.DuckDBPyConnection") -> list[Import]:
    """All imports that count, in the order in which they came."""
    rows = state.execute(query("import_table"), [IMPORT_PREFIX]).fetchall()
    return [
        Import(source, file, path, tuple(options), digest, _utc(began), end and _utc(end), replaced)
        for source, file, path, options, digest, began, end, replaced in rows
    ]


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def names_in_use(state: "duckdb.DuckDBPyConnection") -> set[str]:
    """The sources whose name no other import may get.

    These are the imports, and the names under which a card that is here was known before its
    import took another's place: its keys begin with them.
    """
    rows = state.execute(query("import_names_in_use"), [IMPORT_PREFIX]).fetchall()
    return {row[0] for row in rows}


def note(state: "duckdb.DuckDBPyConnection", begun: Import) -> None:
    """Write down that it begins, or begins again. An import is there from here on."""
    state.execute("delete from raw.imports where source = $1", [begun.source])
    row = list(astuple(begun))
    row[3] = list(begun.options)
    append(state, "raw.imports", [tuple(row)])


def finish(state: "duckdb.DuckDBPyConnection", source: str, now: datetime) -> None:
    """Write down that all of it is in."""
    state.execute("update raw.imports set finished_at = $2 where source = $1", [source, now])


def drop(state: "duckdb.DuckDBPyConnection", source: str) -> int:
    """Take away all that a source brought in; how many items went. Call it in a transaction."""
    row = state.execute(query("import_items"), [source]).fetchone()
    for table in (*SOURCE_TABLES, "imports"):
        state.execute(f"delete from raw.{table} where source = $1", [source])
    body_store.drop_unnamed(state)
    return int(row[0]) if row else 0


def name_of(path: Path) -> str:
    """What a file or folder is called, also when it was named as "." or ".."."""
    return printable(path.resolve().name if path.name in ("", "..") else path.name)


def full_path(path: Path) -> str:
    """Where it lies. Links are kept: one may lead to a newer export each month."""
    return printable(os.path.abspath(path.expanduser()))  # noqa: PTH100 (absolute() keeps "..")


def printable(name: str) -> str:
    """A name that is no UTF-8 with its odd bytes written out: DuckDB takes no other text."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def stem(name: str) -> str:
    """What an import is called that is named so: one word, in lower case."""
    return (re.sub(r"[^\w.-]+", "-", name).strip("-.") or "file").casefold()


def free_name(wanted: str, taken: Collection[str]) -> str:
    """The source for an import called so: with a number where others have the name.

    :param taken: the sources there are.
    """
    return numbered(IMPORT_PREFIX + stem(wanted), taken)


def numbered(first: str, taken: Collection[str]) -> str:
    """A name that is not taken: this one, or the same with the least number that makes it free."""
    name, number = first, 1
    while name in taken:
        number += 1
        name = f"{first}-{number}"
    return name


def find(imports: Sequence[Import], name: str) -> Import:
    """The import that is meant: by its name, else by its file's name or path.

    :raises UsageError: there is none, or there are several.
    """
    bare = name.removeprefix(IMPORT_PREFIX)
    for one in imports:
        if one.name in (bare, stem(bare)):
            return one
    path = full_path(Path(name))
    found = [one for one in imports if one.file == printable(name) or one.path == path]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"{count(len(found), 'import')} came from files called {plain(name)}.",
            f"Say which: {_names(found)}. `kithbook import --list` shows them.",
        )
    raise UsageError(
        f"There is no import named {plain(bare)}. Nothing was changed.",
        f"There are: {_names(imports)}." if imports else "Nothing has been imported yet.",
    )


def _names(imports: Sequence[Import]) -> str:
    return ", ".join(plain(one.name) for one in imports)
