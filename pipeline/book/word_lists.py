"""The word lists of sql/words → raw.words: what SQL knows of names, trades and addresses.

sql/words.tsv holds them all, each word as names are spelled: `make docs` makes it of the lists, so
that no build spells thirty thousand words again. Its lines are list, language, value, words and
spellings; the last two are joined by `|`, and a spelling is empty where it is the word in lower
case.
"""

from typing import TYPE_CHECKING

from pipeline.book import sqlgraph
from pipeline.book.queries import query

if TYPE_CHECKING:
    import duckdb


def write(connection: "duckdb.DuckDBPyConnection") -> None:
    """Every word list as rows of raw.words, which is there and empty."""
    connection.execute(query("build_words"), [read_all().rstrip("\n")])


def read_all() -> str:
    """All lists, in one read, in Python, so that DuckDB need open no files."""
    return (sqlgraph.sql_folder() / "words.tsv").read_text("utf-8")
