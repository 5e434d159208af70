"""What commands ask and what they write down: sql/queries, one statement a file."""

from functools import cache

from pipeline.book.sqlgraph import sql_folder


@cache
def query(name: str) -> str:
    """The statement in sql/queries/NAME.sql; its leading comment says what it takes."""
    return (sql_folder() / "queries" / f"{name}.sql").read_text("utf-8")
