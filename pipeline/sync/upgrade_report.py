"""The first book that a new version makes: who is listed otherwise than before, and why.

Nobody leaves `main.people` without a word. The published file of before stands beside the new one
until it is replaced; the sentence is printed once, and stays in `main.problems` for that day.
"""

from typing import TYPE_CHECKING

from connectors.errors import KithbookError, NoBookYet, StorageError
from pipeline.book import duckdb_instances, sqlgraph
from pipeline.book.folder import Folder, damaged, open_published
from pipeline.book.queries import query
from pipeline.terminal.terminal_text import count, plain

if TYPE_CHECKING:
    import duckdb

SHOWN_NAMES = 5


def tell_changes(connection: "duckdb.DuckDBPyConnection", folder: Folder) -> str:
    """One sentence on who is listed otherwise than in the published file of another version.

    Empty when there is no such file, the same version made it, or the state was lost since, for
    then all have other numbers. The sentence is also noted in
    main.problems. The connection uses the file that is about to be published.
    """
    import duckdb

    if not folder.published.exists():
        return ""
    try:
        duckdb_instances.attach(connection, folder.published, "previous", "read_only")
    except KithbookError:
        return ""  # damaged or held: it is replaced all the same, and `doctor` looks at it
    try:
        if made_by(connection, "previous") == sqlgraph.version():
            return ""
        if _is_of_another_state(connection, settings_of(connection, "previous")):
            return ""
        sentence = _sentence(connection, settings_of(connection, "previous"))
    except duckdb.Error as error:
        if not damaged(error, folder):
            raise
        return ""
    finally:
        connection.execute("detach previous")
    connection.execute(
        "insert into main.problems values ('new_version', $1, 'upgrade', $2)",
        [sentence, "`kithbook show NAME` says why, `merge` and `split` change it"],
    )
    return sentence


def settings_of(connection: "duckdb.DuckDBPyConnection", database: str) -> str:
    """Where a published file keeps its settings: the first versions had them in schema raw."""
    row = connection.execute(
        "select min(schema_name) from duckdb_tables()"
        " where database_name = $1 and table_name = 'settings'",
        [database],
    ).fetchone()
    return f"{database}.{row[0] if row and row[0] else 'main'}.settings"


def made_by(connection: "duckdb.DuckDBPyConnection", database: str) -> str:
    """The version of sql/ that made a published file; empty before that was noted in it."""
    settings = settings_of(connection, database)
    if "sql_version" not in connection.table(settings).columns:
        return ""
    row = connection.execute(f"select sql_version from {settings}").fetchone()
    return str(row[0]) if row else ""


def other_version(error: Exception, folder: Folder) -> StorageError | None:
    """What a command met that knows other tables than the published file has; None otherwise.

    On the morning after an upgrade nothing was built yet, or the older of two programs looks.
    """
    if type(error).__name__ not in ("BinderException", "CatalogException"):
        return None
    try:
        with open_published(folder) as connection:
            name = connection.execute("select current_database()").fetchone()
            if made_by(connection, str(name[0]) if name else "") == sqlgraph.version():
                return None
    except (NoBookYet, StorageError):
        return None
    return StorageError(
        f"{folder.published} was made by another version of kithbook.",
        "`kithbook build` makes it again; nothing is fetched for that.",
    )


def _is_of_another_state(connection: "duckdb.DuckDBPyConnection", settings: str) -> bool:
    """Whether every record got its number after that book was made."""
    row = connection.execute(
        "select (select min(given_at) from raw.record_ids)"
        f" > (select as_of::timestamptz from {settings})"
    ).fetchone()
    return bool(row and row[0])


def _sentence(connection: "duckdb.DuckDBPyConnection", settings: str) -> str:
    row = connection.execute("select count(*) from main.people").fetchone()
    many = count(row[0] if row else 0, "entry", "entries")
    then = connection.execute(f"select as_of::varchar from {settings}").fetchone()
    said = []
    for change, names in connection.execute(query("upgrade_changes"), then).fetchall():
        shown = ", ".join(plain(name) for name in names[:SHOWN_NAMES])
        more = f", … and {len(names) - SHOWN_NAMES:,} more" if len(names) > SHOWN_NAMES else ""
        said.append(f"{len(names):,} {change}: {shown}{more}")
    told = "; ".join(said) or "everybody as before"
    return f"The first book that this version made: {many}; {told}."
