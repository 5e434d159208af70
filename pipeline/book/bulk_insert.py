"""Bulk loading: DuckDB's Appender, numbers from sequences, and few pauses of the interpreter."""

import contextlib
import gc
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import duckdb
    from duckdb.sqltypes import DuckDBPyType

COLLECT_AFTER = 50_000
"""Objects; Python's own 700 is a fraction of one page."""


@contextlib.contextmanager
def seldom_collecting() -> Iterator[None]:
    """Let Python look seldom for garbage that refers to itself: there is none in pages.

    Each look went through all cards and meetings that wait to be written (a fifteenth of a large
    pull).
    """
    before = gc.get_threshold()
    gc.set_threshold(COLLECT_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def append(
    connection: "duckdb.DuckDBPyConnection", table: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Append rows, in the order of the table's columns, within the current transaction."""
    if rows:
        appender = connection.appender(table)
        appender.append_rows(rows)
        appender.flush()


def append_nested(
    connection: "duckdb.DuckDBPyConnection", table: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    """The same for a table with lists and structs, which the rows hold as JSON (`raw_rows`).

    The Appender takes a struct as a dict, value by value; as a text that DuckDB reads itself the
    same cell costs a fifth, and the reading needs no interpreter: a page is parsed meanwhile.
    """
    if not rows:
        return
    columns = [(f'"{name}"', kind) for name, kind, *_ in _columns(connection, table)]
    taken = ", ".join(f"{name} {'varchar' if _is_nested(kind) else kind}" for name, kind in columns)
    read = ", ".join(
        f"{name}::json::{kind}" if _is_nested(kind) else name for name, kind in columns
    )
    connection.execute(f"create or replace temp table page ({taken})")
    append(connection, "temp.page", rows)
    connection.execute(f"insert into {table} select {read} from temp.page")
    connection.execute("drop table temp.page")


def insert_json(
    connection: "duckdb.DuckDBPyConnection",
    table: str,
    objects: Sequence[str],
    columns: Mapping[str, Sequence[Any]],
    constants: Mapping[str, Any],
) -> None:
    """A row for each of these JSON objects, of whose members every one is a column of the table.

    `columns` are further cells, as many as there are objects; `constants` are the same in every
    row. The Appender takes 0.4 µs a cell and holds the interpreter; DuckDB's own reading takes
    half of that for the whole object, and another thread can parse meanwhile.
    """
    if not objects:
        return
    relation = connection.table(table)
    kinds = dict(zip(relation.columns, relation.types, strict=True))
    given = {*columns, *constants}
    shape = {name: _shape(kind) for name, kind in kinds.items() if name not in given}
    listed = [
        f'unnest(${number}::{kinds[name]}[]) as "{name}"' for number, name in enumerate(columns, 3)
    ]
    fixed = [
        f'${number}::{kinds[name]} as "{name}"'
        for number, name in enumerate(constants, 3 + len(columns))
    ]
    named = [f'"{name}"' if name in given else f'object."{name}"' for name in kinds]
    connection.execute(
        f"insert into {table} select {', '.join(named)} from (select"
        f" json_transform_strict(unnest($1::varchar[]), $2) as object,"
        f" {', '.join([*listed, *fixed])})",
        [objects, json.dumps(shape), *columns.values(), *constants.values()],
    )


def _shape(kind: "DuckDBPyType") -> Any:
    """A type as json_transform wants it: {"name": type, …}, [type], or the type's name."""
    if kind.id not in ("list", "struct"):
        return str(kind)
    inner = {name: _shape(cast("DuckDBPyType", child)) for name, child in kind.children}
    return inner if kind.id == "struct" else list(inner.values())


def _columns(connection: "duckdb.DuckDBPyConnection", table: str) -> list[tuple[Any, ...]]:
    return connection.execute(f"describe {table}").fetchall()


def _is_nested(kind: str) -> bool:
    return kind.startswith("STRUCT") or kind.endswith("]")


def take_numbers(connection: "duckdb.DuckDBPyConnection", sequence: str, count: int) -> list[int]:
    """The next `count` numbers of a sequence."""
    if not count:
        return []
    rows = connection.execute(f"select nextval('{sequence}') from range({count})").fetchall()
    return [row[0] for row in rows]
