"""The files of sql/ as a graph: what each makes, what it reads, in which order they run.

Folder = schema, file name = table name, one file = one SELECT. A file begins with a comment:
line 1 is the table's description (the grain and the rule), further lines up to the key continue it.
`-- key: a, b` names the columns that tell its rows apart, and each `-- column: text` describes one.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

from pipeline.errors import InvariantError

if TYPE_CHECKING:
    import duckdb

LAYERS = ("staging", "identity", "history", "judgement", "main")
KEY_LINE = re.compile(r"^key: ([a-z_0-9, ]+)$")
COLUMN_LINE = re.compile(r"^([a-z_][a-z0-9_]*): (.+)$")

PARSED: "dict[tuple[str, str], SqlFile]" = {}
"""What was parsed in this process: a sync reads the graph twice."""


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


def sql_folder() -> Traversable:
    """Where the SQL files stand, in a checkout and in an installed wheel alike."""
    return files("sql")


def version() -> str:
    """What tells one version of the tables from another: a digest of all files of sql/."""
    found = sha256()
    for folder in (*LAYERS, "raw", "words"):
        place = sql_folder() / folder
        for entry in sorted(place.iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith((".sql", ".csv")):
                found.update(f"{folder}/{entry.name}\0{entry.read_text('utf-8')}\0".encode())
    return found.hexdigest()[:12]


def read_layers(connection: "duckdb.DuckDBPyConnection") -> list[SqlFile]:
    """All table files, each after the files whose tables it reads.

    :raises InvariantError: a file reads a table that no file makes, or files read in a circle.
    """
    found = [file for layer in LAYERS for file in read_folder(connection, layer)]
    return in_order(found)


def read_folder(connection: "duckdb.DuckDBPyConnection", folder: str) -> list[SqlFile]:
    """The files of one folder (`main`, `checks/stop`), by name; its last part is the schema."""
    place = sql_folder()
    for part in folder.split("/"):
        place = place / part
    texts = {
        entry.name.removesuffix(".sql"): entry.read_text("utf-8")
        for entry in sorted(place.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".sql")
    }
    return parse(connection, folder.rpartition("/")[2], texts)


def parse(
    connection: "duckdb.DuckDBPyConnection", schema: str, texts: dict[str, str]
) -> list[SqlFile]:
    """Texts by file name → what each makes, says and reads, in the same order."""
    new = {
        name: text
        for name, text in texts.items()
        if (known := PARSED.get((schema, name))) is None or known.text != text
    }
    # Many texts in one query take half as long as a query each.
    rows = connection.execute(
        "select json_serialize_sql(statement, skip_default := true, skip_empty := true,"
        " skip_null := true) from (select unnest($1::varchar[]) as statement)",
        [list(new.values())],
    ).fetchall()
    for (name, text), (serialised,) in zip(new.items(), rows, strict=True):
        tree = json.loads(serialised)
        if tree.get("error"):
            raise InvariantError(
                f"sql/{schema}/{name}.sql is not one SELECT: {tree.get('error_message')}.",
                "Mend the file; nothing was published.",
            )
        reads = frozenset(f"{schema}.{table}" for schema, table in walk_tables(tree))
        description, columns, key = read_comment(text)
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


def walk_tables(tree: Any) -> Iterator[tuple[str, str]]:
    """Every schema-qualified BASE_TABLE of a serialised statement; unqualified names are CTEs."""
    if isinstance(tree, dict):
        if tree.get("type") == "BASE_TABLE" and tree.get("schema_name"):
            yield tree["schema_name"], tree["table_name"]
        for value in tree.values():
            yield from walk_tables(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from walk_tables(value)


def in_order(found: Iterable[SqlFile]) -> list[SqlFile]:
    """Each file after the files whose tables it reads; names break the tie."""
    by_table = {file.table: file for file in sorted(found, key=lambda file: file.table)}
    for file in by_table.values():
        missing = {t for t in file.reads if not t.startswith("raw.")} - by_table.keys()
        if missing:
            raise InvariantError(
                f"sql/{file.schema}/{file.name}.sql reads {', '.join(sorted(missing))}, "
                "which no file makes.",
                "Nothing was published.",
            )
    graph = {table: file.reads & by_table.keys() for table, file in by_table.items()}
    try:
        return [by_table[table] for table in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        raise InvariantError(
            f"These SQL files read each other in a circle: {' → '.join(error.args[1])}.",
            "Nothing was published.",
        ) from error


def downstream(ordered: Iterable[SqlFile], changed: Iterable[str]) -> list[SqlFile]:
    """The files, in order, whose tables depend on one of the `changed` tables."""
    stale = set(changed)
    after: list[SqlFile] = []
    for file in ordered:
        if file.reads & stale:
            stale.add(file.table)
            after.append(file)
    return after


def create(connection: "duckdb.DuckDBPyConnection", file: SqlFile) -> None:
    """Make the file's table anew, with its comments."""
    name = f'{file.schema}."{file.name}"'
    connection.execute(f"create or replace table {name} as {file.text}")
    description = file.description
    if file.key:
        description += f" Key: {', '.join(file.key)}."
    comments = [f"comment on table {name} is {quoted(description)}"]
    comments += [
        f'comment on column {name}."{column}" is {quoted(text)}'
        for column, text in file.columns.items()
    ]
    connection.execute(";".join(comments))


def repeated(file: SqlFile) -> str:
    """A query for the values of the file's key that stand in more than one row of its table."""
    columns = ", ".join(f'"{column}"' for column in file.key)
    return (
        f'select {columns}, count(*) as n_rows from {file.schema}."{file.name}"'
        f" group by {columns} having count(*) > 1"
    )


def quoted(text: str) -> str:
    """An SQL text literal: COMMENT ON takes no parameters, and these texts are our own files."""
    return "'" + text.replace("'", "''") + "'"
