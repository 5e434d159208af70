"""The state file: made, brought up to date by the numbered files of sql/raw, written anew.

Private; written in place under the run lock, one short transaction a page.
"""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from connectors import file_modes_and_fsync
from connectors.errors import StorageError
from pipeline.book import sqlgraph
from pipeline.book.duckdb_instances import BLOCK_BYTES, attach, open_instance, transaction
from pipeline.book.folder import Folder, wal
from pipeline.book.memory_bounds import in_little_memory, little_memory

if TYPE_CHECKING:
    import duckdb

STATE_ROW_GROUP = 2048
"""The same for the state file: DuckDB's least, and what a page of a long file holds. Such a page
goes to disk compressed and in place as it comes, and the log only says where."""


def open_state(folder: Folder, zone: str = "UTC") -> "duckdb.DuckDBPyConnection":
    """An in-memory instance with the state file attached for writing, as `state`, and in use.

    Call it under the run lock. Schema raw is brought up to date by the numbered files of sql/raw.
    """
    connection = open_instance(folder, zone)
    attach(connection, folder.state, "state", f"row_group_size {STATE_ROW_GROUP}{_blocks(folder)}")
    file_modes_and_fsync.keep_private(folder.state)
    connection.execute("use state")
    migrate(connection)
    return connection


def _blocks(folder: Folder) -> str:
    """The size of blocks, which is given once: to a file that is not there yet."""
    return "" if folder.state.exists() else f", block_size {BLOCK_BYTES}"


def migrate(connection: "duckdb.DuckDBPyConnection") -> None:
    """Run the numbered files of sql/raw that the current database has not had yet."""
    begin_migrations(connection)
    applied = refuse_newer(connection, "state")
    for entry in _migrations():
        if entry.name in applied:
            continue
        with transaction(connection):
            connection.execute(entry.read_text("utf-8"))
            connection.execute("insert into raw.migrations values (?, now())", [entry.name])


def refuse_newer(connection: "duckdb.DuckDBPyConnection", database: str) -> set[str]:
    """The migrations that an attached state has had.

    :raises StorageError: a newer version made some of them.
    """
    rows = connection.execute(f"select name from {database}.raw.migrations").fetchall()
    applied = {str(row[0]) for row in rows}
    if unknown := sorted(applied - {entry.name for entry in _migrations()}):
        raise StorageError(
            f"The data folder was used by a newer kithbook, which knows {unknown[-1]}. "
            "Nothing was read or changed.",
            "Use that version, or a newer one: `kithbook --version` says which this is.",
        )
    return applied


def _migrations() -> list[Path]:
    """The numbered files of sql/raw, in their order."""
    folder = sqlgraph.sql_folder() / "raw"
    entries = [entry for entry in folder.iterdir() if entry.name[:1].isdigit()]
    return sorted(entries, key=lambda entry: entry.name)


def begin_migrations(connection: "duckdb.DuckDBPyConnection") -> None:
    """Schema raw and the list of the migrations that it has had."""
    connection.execute("create schema if not exists raw")
    connection.execute(
        "create table if not exists raw.migrations (name varchar, applied_at timestamptz)"
    )


def rewrite_state(folder: Folder) -> None:
    """Write the state file anew, so that nothing deleted lingers in its free blocks.

    Call it under the run lock.
    """
    fresh = folder.fresh_state
    for stale in (fresh, wal(fresh)):
        stale.unlink(missing_ok=True)
    connection = open_instance(folder, "UTC")
    try:
        attach(connection, folder.state, "state", "")
        attach(connection, fresh, "fresh", f"block_size {BLOCK_BYTES}")
        file_modes_and_fsync.keep_private(fresh)
        copying = partial(connection.execute, "copy from database state to fresh")
        with little_memory(connection):
            in_little_memory(connection, copying)
        connection.execute("checkpoint state")
        connection.execute("checkpoint fresh")
    finally:
        connection.close()
    file_modes_and_fsync.sync_file(fresh)
    fresh.replace(folder.state)
    file_modes_and_fsync.sync_folder(folder.path)
