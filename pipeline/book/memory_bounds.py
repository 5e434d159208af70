"""How much memory DuckDB may take while it builds and pulls: what is over it spills to the disk."""

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from pipeline.book import free_memory
from pipeline.book.duckdb_instances import transaction

if TYPE_CHECKING:
    import duckdb

MadeT = TypeVar("MadeT")

LITTLE_MB = 160

LITTLE_MEMORY = f"{LITTLE_MB}MB"
"""What DuckDB may take where it is to take little; the rest it spills. All tables of a book of
200,000 cards are made so, and all but one or two of one of 400,000. A third of the time is the
price in a large book, and an eighth in one of 5,000 people."""

MORE_MEMORY = "320MB"
"""What it may take for a table that is too large for that; the last resort is all that there is."""

BUILD_SHARE = 4
"""A build takes a quarter of what is free, where that is more."""

KEPT_MEMORY = "16MB"
"""What DuckDB keeps in memory of the state from page to page; the rest it can read again. It is
no limit while it works: one card with a long note must not break a page."""


def release_memory(connection: "duckdb.DuckDBPyConnection") -> None:
    """Give back the memory of what is on disk by now, so that it does not grow with a pull.

    For what was written by a page, and for what was looked through to find a few rows. Where the
    layers of a build lie in memory it keeps all: what a push looks up is little beside them, and
    they would go to the disk for it and come back.
    """
    if connection.execute("select getvariable('holds_layers')").fetchone() == (True,):
        return
    _bound(connection, KEPT_MEMORY)
    connection.execute("reset memory_limit")


def build_memory() -> str:
    """What DuckDB may take to make one table of a build: it follows the machine."""
    share = (free_memory.free_bytes() or 0) // BUILD_SHARE // 1_000_000
    return f"{max(share, LITTLE_MB)}MB"


@contextlib.contextmanager
def little_memory(
    connection: "duckdb.DuckDBPyConnection", bound: str = LITTLE_MEMORY
) -> Iterator[None]:
    """Within, DuckDB takes so much at most, but for what `in_little_memory` finds too large."""
    connection.execute(f"set variable memory_bound = '{bound}'")  # what it says itself is rounded
    _bound(connection, bound)
    try:
        yield
    finally:
        connection.execute("reset memory_limit")


def in_little_memory(
    connection: "duckdb.DuckDBPyConnection",
    make: Callable[[], MadeT],
    *,
    is_one_statement: bool = False,
) -> MadeT:
    """Make it in one transaction within `little_memory`'s bound if that is enough, or else in more.

    What one transaction writes stays in memory until its end: hence one a table. `make` may be
    called again; what it wrote before is then gone. One statement is a transaction by itself, and
    to say so costs a small table as much as to make it.
    """
    import duckdb

    bound, left = "", list[str]()
    while True:
        try:
            with contextlib.nullcontext() if is_one_statement else transaction(connection):
                made = make()
            break
        except (duckdb.OutOfMemoryException, duckdb.TransactionException):  # the latter in a commit
            if not bound:
                bound, left = _bound_and_more(connection)
            if not left:
                raise
            connection.execute(left.pop())
    if bound:  # to set it each time would cost as much as most tables
        _bound(connection, bound)
    return made


def _bound_and_more(connection: "duckdb.DuckDBPyConnection") -> tuple[str, list[str]]:
    """The limit of `little_memory`, and what sets larger ones, the last resort first."""
    query = (
        "select getvariable('memory_bound') as bound,"
        " parse_formatted_bytes(bound) < parse_formatted_bytes($1)"
    )
    bound, is_less = connection.execute(query, [MORE_MEMORY]).fetchall()[0]
    more = [f"set memory_limit = '{MORE_MEMORY}'"] if is_less else []
    return str(bound), ["reset memory_limit", *more]


def _bound(connection: "duckdb.DuckDBPyConnection", limit: str) -> None:
    """Set the limit. Where more is in use, what can be is given back and the old one stays."""
    import duckdb

    with contextlib.suppress(duckdb.OutOfMemoryException):
        connection.execute(f"set memory_limit = '{limit}'")
