"""The tables of main with their comments, empty, as the published file has them.

To comment on four hundred columns takes a twentieth of a small book's build, to copy what the last
one said of them next to nothing.
"""

from typing import TYPE_CHECKING

from connectors.errors import KithbookError
from pipeline.book import duckdb_instances, sqlgraph
from pipeline.book.folder import Folder

if TYPE_CHECKING:
    import duckdb


def lay(connection: "duckdb.DuckDBPyConnection", folder: Folder) -> frozenset[str]:
    """Lay the tables of main; `schema.name` of each: all, or none where another version made them.

    Whatever else is wrong with the file that is about to be replaced, it is not trusted.
    """
    import duckdb

    if not folder.published.exists():
        return frozenset()
    try:
        duckdb_instances.attach(connection, folder.published, "outgoing", "read_only")
    except KithbookError:
        return frozenset()
    files = sqlgraph.read_folder("main")
    try:
        with duckdb_instances.transaction(connection):
            _copy(connection, files)
    except (duckdb.Error, _UnlikeFilesError):
        return frozenset()
    finally:
        connection.execute("detach outgoing")
    return frozenset(file.table for file in files)


class _UnlikeFilesError(Exception):
    """Another version made it, or somebody changed it."""


def _copy(connection: "duckdb.DuckDBPyConnection", files: list[sqlgraph.SqlFile]) -> None:
    same = connection.execute(
        "select outgoing.sql_version = settings.sql_version"
        " from outgoing.main.settings as outgoing cross join raw.settings"
    ).fetchone()
    if same != (True,):
        raise _UnlikeFilesError
    connection.execute("copy from database outgoing to kithbook (schema)")
    found = connection.execute(
        "select table_name, column_name, comment from duckdb_columns()"
        " where database_name = 'kithbook'"
    ).fetchall()
    described = {(file.name, *column) for file in files for column in file.columns.items()}
    if set(found) != described:
        raise _UnlikeFilesError
