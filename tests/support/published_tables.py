"""What stands in a data folder, for tests to ask: the published tables, and the state beside them.

    rows(folder, "select display_name from people")        main is published
    rows(folder, "select close_reason from raw.task_links") raw is the state's

The layers between are kept by `kithbook build --layers FILE` alone; tests/sql has given rows.
"""

import atexit
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

FREE: defaultdict[str | None, list[duckdb.DuckDBPyConnection]] = defaultdict(list)
"""The machine's time zone → in-memory databases of it that look at nothing now.

To open one takes ten times as long as to ask.
"""
atexit.register(FREE.clear)  # what outlives DuckDB's module it reports on stderr

FILES = {"kithbook": "kithbook.duckdb", "state": "state.duckdb"}


@contextmanager
def looking(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published tables of a data folder, and schema raw as the state has it; read-only."""
    free = FREE[os.environ.get("TZ")]
    connection = free.pop() if free else duckdb.connect(":memory:")
    for name, file in FILES.items():
        connection.execute(f"attach '{folder / file}' as {name} (read_only)")
    connection.execute("set search_path = 'kithbook.main,state.raw'")
    try:
        yield connection
    except BaseException:
        connection.close()
        raise
    connection.execute("reset search_path")
    for name in FILES:
        connection.execute(f"detach {name}")
    free.append(connection)


def rows(folder: Path, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """The rows of a query on them."""
    with looking(folder) as connection:
        return connection.execute(query, list(values)).fetchall()
