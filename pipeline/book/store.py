"""The data folder: opened for a build, and published by atomic swap.

    state.duckdb      see state_file.py
    decisions.jsonl   see decisions.py
    kithbook.duckdb   published: nothing ever opens it for writing, each build replaces it whole
    kept/             the published file of each of the last seven days
    lock              who is running, see run_lock.py

DuckDB lets one process write and then no other read, and one open reader blocks a writer. So a
build writes `kithbook.duckdb.next`, and `os.replace` swaps it in: a reader that holds the old file
keeps its snapshot.
"""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from connectors import file_modes_and_fsync
from connectors.errors import StorageError
from pipeline.book import duckdb_instances, run_lock, sqlgraph
from pipeline.book.folder import (
    Folder,
    wal,
)

if TYPE_CHECKING:
    import duckdb

STORAGE_VERSION = "v1.2.0"
"""The oldest DuckDB that must be able to open the published file (README)."""

KEPT_DAYS = 7

ROW_GROUP = 30_720
"""Rows that stand together in the published file. A full group goes to disk compressed as soon as
it is made; with DuckDB's own 122,880 a book of 100,000 cards waits in memory for the end."""

ONE_THREAD_ROWS = 150_000
"""Cards and meetings up to which one thread builds: a second one takes a fifth more CPU."""

UNPLANNED_ROWS = 10_000
"""Cards and meetings up to which statements run as they are written: of a build of a hundred and
thirty, planning takes more than the better plans save, up to twice as many. To publish so little
takes half as long where texts are not tried for a better compression, and no more room."""

UNLOGGED = "recovery_mode 'no_wal_writes'"
"""How to attach a file that nobody wants back after a crash: what is committed costs no log."""

SIZES = f"block_size {duckdb_instances.BLOCK_BYTES}, row_group_size {ROW_GROUP}, {UNLOGGED}"
"""How what a build writes is laid out."""

BUILD_PATH = ("kithbook.main", "layers.raw", *(f"layers.{one}" for one in sqlgraph.LAYERS[:-1]))
"""Where a build finds the schemas that sql/ names: the published file has `main` alone."""


def open_next(folder: Folder, zone: str, layers: Path | None = None) -> "duckdb.DuckDBPyConnection":
    """An instance that makes `main` in a fresh `kithbook.duckdb.next`, from the state.

    The state is attached read-only. The layers between the two stand in memory, from where they
    spill, or in the file `layers` when somebody wants to keep them.
    """
    for stale in (folder.next, wal(folder.next)):
        stale.unlink(missing_ok=True)
    connection = open_layers(folder, zone, layers)
    duckdb_instances.attach(
        connection, folder.next, "kithbook", f"storage_version '{STORAGE_VERSION}', {SIZES}"
    )
    file_modes_and_fsync.keep_private(folder.next)
    use_build(connection)
    return connection


def open_layers(
    folder: Folder, zone: str, layers: Path | None = None
) -> "duckdb.DuckDBPyConnection":
    """An instance with the state attached read-only and room for the layers, without a `main`."""
    connection = duckdb_instances.open_instance(folder, zone, [layers] if layers else [])
    duckdb_instances.attach(connection, folder.state, "state", "read_only")
    if layers:
        layers.unlink(missing_ok=True)  # DuckDB takes no empty file for a new one
        duckdb_instances.attach(connection, layers, "layers", SIZES)
        file_modes_and_fsync.keep_private(layers)
    else:
        connection.execute("attach ':memory:' as layers")
        connection.execute("set variable holds_layers = true")
    for schema in ("raw", *sqlgraph.LAYERS):
        connection.execute(f"create schema if not exists layers.{schema}")
    connection.execute("use layers")
    rows = _rows_in_state(connection)
    if rows <= ONE_THREAD_ROWS:
        connection.execute("set threads = 1")
    if rows <= UNPLANNED_ROWS:
        connection.execute("set enable_optimizer = false")
        connection.execute("set force_compression = 'dictionary'")
    return connection


def open_beside(folder: Folder, zone: str) -> "duckdb.DuckDBPyConnection":
    """The same all in memory, with the published file attached read-only as `published`."""
    connection = open_layers(folder, zone)
    duckdb_instances.attach(connection, folder.published, "published", "read_only")
    connection.execute("attach ':memory:' as kithbook")
    use_build(connection)
    return connection


@contextlib.contextmanager
def published_with_state(folder: Folder, command: str) -> Iterator["duckdb.DuckDBPyConnection"]:
    """The published file in use and the state attached as `state`, both read-only, under the lock.

    :raises LockHeld: a run is working with the state.
    """
    with (
        run_lock.acquire(folder, command),
        contextlib.closing(duckdb_instances.open_instance(folder, "UTC")) as connection,
    ):
        duckdb_instances.attach(connection, folder.published, "kithbook", "read_only")
        duckdb_instances.attach(connection, folder.state, "state", "read_only")
        connection.execute("use kithbook")
        yield connection


def use_build(connection: "duckdb.DuckDBPyConnection") -> None:
    """Have the names of sql/ mean the tables of this build."""
    connection.execute(f"set search_path = '{','.join(BUILD_PATH)}'")


def _rows_in_state(connection: "duckdb.DuckDBPyConnection") -> int:
    """About how many cards and meetings there are."""
    row = connection.execute(
        "select sum(estimated_size) from duckdb_tables() where database_name = 'state'"
        " and schema_name = 'raw' and table_name in ('contacts', 'meetings')"
    ).fetchone()
    return int(row[0] or 0) if row else 0


@contextlib.contextmanager
def state_for_writing(connection: "duckdb.DuckDBPyConnection", folder: Folder) -> Iterator[None]:
    """Within: an instance of `open_next` uses the state, for writing; afterwards the build again.

    One instance holds both files: DuckDB's own file locks do not protect two instances of one
    process from each other.
    """
    connection.execute("detach state")
    duckdb_instances.attach(connection, folder.state, "state", "")
    connection.execute("use state")
    try:
        yield
    finally:
        use_build(connection)
        connection.execute("detach state")
        duckdb_instances.attach(connection, folder.state, "state", "read_only")


def publish(connection: "duckdb.DuckDBPyConnection", folder: Folder) -> None:
    """Close the finished build and swap it in. The connection is closed.

    :raises StorageError: the build left a write-ahead log; the published file is as it was.
    """
    connection.execute("use memory")
    connection.execute("checkpoint kithbook")
    connection.execute("detach kithbook")
    connection.close()
    if wal(folder.next).exists():
        raise StorageError(
            f"The build {folder.next} did not close cleanly.",
            "Nothing was published; run the command again.",
        )
    file_modes_and_fsync.sync_file(folder.next)
    _keep_published(folder)
    if wal(folder.published).exists():
        # Somebody opened the published file for writing: their log would make ours unopenable.
        wal(folder.published).replace(folder.published.with_suffix(".duckdb.wal.stale"))
    folder.next.replace(folder.published)
    file_modes_and_fsync.sync_folder(folder.path)


def _keep_published(folder: Folder) -> None:
    """Keep the outgoing file as kept/kithbook-DAY.duckdb and drop those older than seven days."""
    if not folder.published.exists():
        return
    kept = folder.path / "kept"
    if kept.is_symlink():
        raise StorageError(
            f"{kept} is a link. Nothing was published.",
            f"Look at it and move it away: ls -ld {kept}",
        )
    kept.mkdir(mode=0o700, exist_ok=True)
    made = datetime.fromtimestamp(folder.published.stat().st_mtime, UTC).date()
    linked = kept / f"kithbook-{made.isoformat()}.duckdb"
    fresh = linked.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    file_modes_and_fsync.give_second_name(folder.published, fresh)
    fresh.replace(linked)
    oldest = (datetime.now(UTC).date() - timedelta(days=KEPT_DAYS)).isoformat()
    for path in kept.glob("kithbook-*.duckdb"):
        if path.stem.removeprefix("kithbook-") < oldest:
            path.unlink()
