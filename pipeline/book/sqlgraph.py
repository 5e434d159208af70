"""The files of sql/ as a graph: what each makes, what it reads, in which order they run.

Folder = schema, file name = table name, one file = one SELECT. A file begins with a comment:
line 1 is the table's description (the grain and the rule), further lines up to the key continue it.
`-- key: a, b` names the columns that tell its rows apart, and each `-- column: text` describes one.
"""

import atexit
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.errors import InvariantError

if TYPE_CHECKING:
    import duckdb

LAYERS = ("staging", "identity", "history", "judgement", "main")
SCHEMAS = frozenset({"raw", *LAYERS})
KEY_LINE = re.compile(r"^key: ([a-z_0-9, ]+)$")
COLUMN_LINE = re.compile(r"^([a-z_][a-z0-9_]*): (.+)$")

TOKEN = re.compile(
    rf"""
    --[^\n]* | '[^']*' | "[^"]*"        # nothing in these is a table
    | (?:{"|".join(sorted(SCHEMAS))}) [.] (?P<table> [a-z_][a-z_0-9]* | "[^".]*" )
      (?P<more> [.] | \s*[(] )?     # a column of it, or a macro
    """,
    re.VERBOSE,
)
"""Each alternative begins with letters of its own: so it is looked for in a sixth of the time."""

PARSED: "dict[tuple[str, str], SqlFile]" = {}
"""What was read in this process: a sync reads the graph twice."""

STATEMENTS: "dict[str, duckdb.Statement]" = {}
"""Text → the statement as DuckDB parsed it: a sixth of a small book's build is parsing."""
atexit.register(STATEMENTS.clear)  # what outlives DuckDB's module it reports on stderr


@dataclass(frozen=True, slots=True)
class SqlFile:
    """One SELECT and what its leading comment says of it."""

    schema: str
    name: str
    text: str
    description: str
    columns: dict[str, str]
    reads: frozenset[str]
    """`schema.table` of every table it reads."""
    key: tuple[str, ...] = ()
    """The columns that tell its rows apart; a null is a value like others. Checks have none."""

    @property
    def table(self) -> str:
        """`schema.name`, the table that it makes."""
        return f"{self.schema}.{self.name}"

    @property
    def place(self) -> str:
        """Where it stands, for people."""
        return f"sql/{self.schema}/{self.name}.sql"


def sql_folder() -> Path:
    """Where the SQL files stand: beside `pipeline`, in a checkout and where it is installed."""
    return Path(__file__).parents[2] / "sql"


def version() -> str:
    """What tells one version of the tables from another: a digest of all files of sql/.

    A sync asks three times: the files are read again only if one of them was written since.
    """
    files = [(name, sql_folder() / name) for name in ("macros.sql", "words.tsv")]
    for folder in (*LAYERS, "raw", "checks/stop", "checks/warn"):
        found = (entry for entry in (sql_folder() / folder).iterdir() if entry.suffix == ".sql")
        files += ((f"{folder}/{entry.name}", entry) for entry in sorted(found))
    return _digest(tuple((name, path, path.stat().st_mtime_ns) for name, path in files))


@lru_cache(maxsize=1)
def _digest(files: tuple[tuple[str, Path, int], ...]) -> str:
    """Of the files' names and contents: name, path and when it was written, of each."""
    found = sha256()
    for name, path, _ in files:
        found.update(b"%b\0%b\0" % (name.encode(), path.read_bytes()))
    return found.hexdigest()[:12]


def read_layers() -> list[SqlFile]:
    """All table files, each after the files whose tables it reads.

    :raises InvariantError: a file reads a table that no file makes, or files read in a circle.
    """
    return in_order([file for layer in LAYERS for file in read_folder(layer)])


def read_folder(folder: str) -> list[SqlFile]:
    """The files of one folder (`main`, `checks/stop`), by name; its last part is the schema."""
    place = sql_folder() / folder
    texts = {
        entry.name.removesuffix(".sql"): entry.read_text("utf-8")
        for entry in sorted(place.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".sql")
    }
    return parse(folder.rpartition("/")[2], texts)


def parse(schema: str, texts: dict[str, str]) -> list[SqlFile]:
    """Texts by file name → what each makes, says and reads, in the same order."""
    for name, text in texts.items():
        known = PARSED.get((schema, name))
        if known is None or known.text != text:
            description, columns, key = read_comment(text)
            reads = frozenset(table for table, _ in walk_tables(text))
            PARSED[schema, name] = SqlFile(schema, name, text, description, columns, reads, key)
    return [PARSED[schema, name] for name in texts]


def read_comment(text: str) -> tuple[str, dict[str, str], tuple[str, ...]]:
    """The leading comment → the table's description, each column's, and the key's columns."""
    description: list[str] = []
    columns: dict[str, str] = {}
    key: tuple[str, ...] = ()
    last = ""
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        words = line.removeprefix("--").strip()
        named = COLUMN_LINE.match(words)
        if keyed := KEY_LINE.match(words):
            key = tuple(keyed[1].split(", "))
        elif named:
            last = named[1]
            columns[last] = named[2]
        elif last:
            columns[last] += " " + words
        else:
            description.append(words)
    return " ".join(description), columns, key


def walk_tables(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Every `schema.table` that the text names, and where: each is qualified, no alias is a schema.

    DuckDB's own parser finds the same (tests/unit/book/test_sqlgraph.py) and takes twenty times as
    long.
    """
    for token in TOKEN.finditer(text):
        table, before = token["table"], text[token.start() - 1 : token.start()]
        if table and not token["more"] and not (before.isalnum() or before in ("_", ".", '"')):
            yield token[0].replace('"', ""), token


def in_order(found: Iterable[SqlFile]) -> list[SqlFile]:
    """Each file after the files whose tables it reads; names break the tie."""
    by_table = {file.table: file for file in sorted(found, key=lambda file: file.table)}
    for file in by_table.values():
        missing = {t for t in file.reads if not t.startswith("raw.")} - by_table.keys()
        if missing:
            raise InvariantError(
                f"{file.place} reads {', '.join(sorted(missing))}, which no file makes.",
                "Nothing was published.",
            )
    graph = {table: sorted(file.reads & by_table.keys()) for table, file in by_table.items()}
    try:
        return [by_table[table] for table in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        raise InvariantError(
            f"These SQL files read each other in a circle: {' → '.join(error.args[1])}.",
            "Nothing was published.",
        ) from error


def upstream(ordered: Sequence[SqlFile], wanted: Iterable[str]) -> list[SqlFile]:
    """The files, in order, that make the `wanted` tables and all that those read."""
    needed = set(wanted)
    for file in reversed(ordered):
        if file.table in needed:
            needed |= file.reads
    return [file for file in ordered if file.table in needed]


def statement(connection: "duckdb.DuckDBPyConnection", text: str, place: str) -> "duckdb.Statement":
    """The text as DuckDB parsed it, once in a process.

    :raises InvariantError: what stands at this place is not one statement.
    """
    if text not in STATEMENTS:
        found = connection.extract_statements(text)
        if len(found) != 1:
            raise InvariantError(
                f"{place} is not one SELECT.", "Fix the file; nothing was published."
            )
        STATEMENTS[text] = found[0]
    return STATEMENTS[text]


def create(connection: "duckdb.DuckDBPyConnection", file: SqlFile) -> int:
    """Make the file's table anew; returns how many rows it has."""
    return _made_rows(
        connection, f'create or replace table {file.schema}."{file.name}" as {file.text}', file
    )


def fill(connection: "duckdb.DuckDBPyConnection", file: SqlFile) -> int:
    """Fill the file's table, which is there and empty; returns how many rows it has."""
    return _made_rows(connection, f'insert into {file.schema}."{file.name}" {file.text}', file)


def create_anew(connection: "duckdb.DuckDBPyConnection", file: SqlFile) -> int | None:
    """Make the file's table again; how many rows it has, or None if they are those it had.

    The one it had is set aside meanwhile, so that the statement is the one that `create` parsed,
    and then takes the rows, so that its comments stay.
    """
    table, before = (f'{file.schema}."{name}"' for name in (file.name, f"{file.name} before"))
    connection.execute(f'alter table {table} rename to "{file.name} before"')
    rows = create(connection, file)
    is_as_before = _has_rows_of(connection, table, before, rows)
    if not is_as_before:
        connection.execute(f"delete from {before}")
        connection.execute(f"insert into {before} from {table}")
    connection.execute(f"drop table {table}")
    connection.execute(f'alter table {before} rename to "{file.name}"')
    return None if is_as_before else rows


def _has_rows_of(
    connection: "duckdb.DuckDBPyConnection", table: str, before: str, rows: int
) -> bool:
    """Whether a table of so many rows has just those of the one before it, whose rows are unique.

    Where there are as many and none of those is missing, there is no other.
    """
    if connection.execute(f"select count(*) from {before}").fetchone() != (rows,):
        return False
    missing = f"from {before} as old anti join {table} as made on old is not distinct from made"
    return rows == 0 or not connection.execute(f"{missing} limit 1").fetchall()


def _made_rows(connection: "duckdb.DuckDBPyConnection", making: str, file: SqlFile) -> int:
    """Run what makes rows of a file; how many."""
    row = connection.execute(statement(connection, making, file.place)).fetchone()
    return int(row[0]) if row else 0


def describe(connection: "duckdb.DuckDBPyConnection", file: SqlFile) -> None:
    """Say of the file's table and its columns what its head says."""
    name = f'{file.schema}."{file.name}"'
    description = file.description
    if file.key:
        description += f" Key: {', '.join(file.key)}."
    comments = [f"comment on table {name} is {quoted(description)}"]
    comments += [
        f'comment on column {name}."{column}" is {quoted(text)}'
        for column, text in file.columns.items()
    ]
    connection.execute(";".join(comments))


def repeated(files: Iterable[SqlFile]) -> str:
    """A query for the tables, as `schema.name`, in which two rows have the same key."""
    return "\nunion all\n".join(
        f"(select '{file.table}' as name from {file.schema}.\"{file.name}\""
        f" group by {_key(file)} having count(*) > 1 limit 1)"
        for file in files
    )


def twins(file: SqlFile) -> str:
    """A query for the values of the file's key that stand in more than one row of its table."""
    return (
        f'select {_key(file)}, count(*) as n_rows from {file.schema}."{file.name}"'
        f" group by {_key(file)} having count(*) > 1"
    )


def _key(file: SqlFile) -> str:
    return ", ".join(f'"{column}"' for column in file.key)


def quoted(text: str) -> str:
    """An SQL text literal: COMMENT ON takes no parameters, and these texts are our own files."""
    return "'" + text.replace("'", "''") + "'"
