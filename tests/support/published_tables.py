"""What stands in a data folder, for tests to ask: the published tables, and the state beside them.

    rows(folder, "select display_name from people")        main is published
    rows(folder, "select close_reason from raw.task_links") raw is the state's

The layers between are kept by `kithbook build --layers FILE` alone; tests/sql has given rows.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb


@contextmanager
def looking(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published tables of a data folder, and schema raw as the state has it; read-only."""
    with duckdb.connect(":memory:") as connection:
        for name, file in (("kithbook", "kithbook.duckdb"), ("state", "state.duckdb")):
            connection.execute(f"attach '{folder / file}' as {name} (read_only)")
        connection.execute("set search_path = 'kithbook.main,state.raw'")
        yield connection


def rows(folder: Path, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """The rows of a query on them."""
    with looking(folder) as connection:
        return connection.execute(query, list(values)).fetchall()
