"""The word lists of sql/words → raw.words: what SQL knows of names, trades and addresses.

Each list is a CSV file (language, word, value) and is called as the file is; what its words and
values mean is said by the table of sql/ that reads it.
"""

import csv
from functools import cache
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from pipeline.book import sqlgraph
from pipeline.book.bulk_insert import append

if TYPE_CHECKING:
    import duckdb

Word = tuple[str, str, str, str | None]
"""List, language, word, value."""


def lay(connection: "duckdb.DuckDBPyConnection") -> None:
    """Every word list as rows of raw.words, within the current transaction."""
    append(connection, "raw.words", read_lists())


@cache
def read_lists() -> list[Word]:
    """All lists by name: read once in a process, in Python, so that DuckDB need open no files."""
    found = [entry for entry in (sqlgraph.sql_folder() / "words").iterdir() if is_list(entry)]
    return [word for entry in sorted(found, key=lambda entry: entry.name) for word in read(entry)]


def is_list(entry: Traversable) -> bool:
    """A word list, and not something that an editor left beside them."""
    return entry.name.endswith(".csv")


def read(entry: Traversable) -> list[Word]:
    """One list's words, in the order of the file."""
    name = entry.name.removesuffix(".csv")
    rows = csv.DictReader(entry.read_text("utf-8").splitlines())
    return [(name, row["language"], row["word"], row["value"] or None) for row in rows]
