"""DuckDB instances: each opens the databases it is given and nothing else of this machine."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.book.folder import Folder, cannot_open, refuse_little_address_space
from pipeline.book.sqlgraph import quoted

if TYPE_CHECKING:
    import duckdb


@contextlib.contextmanager
def transaction(connection: "duckdb.DuckDBPyConnection") -> Iterator[None]:
    """All of it or nothing."""
    connection.execute("begin")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


BLOCK_BYTES = 65536
"""A quarter of DuckDB's own: a hundred small tables in a book of a few people fill 6 MB, not 21,
and the many short row groups of the state two thirds of what they took."""

DATABASE_SUFFIXES = ("", ".wal", ".wal.checkpoint", ".wal.recovery", ".tmp")
"""A database file and what DuckDB lays beside it."""


def open_instance(
    folder: Folder, zone: str, also: Sequence[Path] = ()
) -> "duckdb.DuckDBPyConnection":
    """An in-memory instance that spills into the data folder, in the owner's zone.

    It can open the databases of this folder and `also` these, and nothing else of this machine or
    the network, whatever stands in them: a view in a file from somebody reads no other file.

    It checkpoints seldom, for each one costs; and not too seldom, for what waits for one lies in
    memory that cannot be let go of. Of the small row groups that a pull leaves it merges a few at
    a time: all at once took 1.4 GB in a book of 100,000 cards.
    """
    import duckdb

    folder.make()
    refuse_little_address_space()
    spill = folder.path / f"spill-{os.getpid()}"  # made when first needed, gone at the end
    if spill.is_symlink():
        spill.unlink()
    connection = duckdb.connect(":memory:", config={"temp_directory": str(spill)})
    connection.execute("set checkpoint_threshold = '32MB'")
    connection.execute("set max_vacuum_tasks = 1")
    connection.execute(f"set TimeZone = {quoted(zone)}")
    _shut_off(connection, (folder.state, folder.fresh_state, folder.next, folder.published, *also))
    return connection


@contextlib.contextmanager
def only_these(paths: Sequence[Path]) -> Iterator["duckdb.DuckDBPyConnection"]:
    """An in-memory instance that can open these databases and no other file, and spills nothing."""
    import duckdb

    with duckdb.connect(":memory:", config={"temp_directory": ""}) as connection:
        _shut_off(connection, paths)
        yield connection


def _shut_off(connection: "duckdb.DuckDBPyConnection", paths: Sequence[Path]) -> None:
    """Let it open these databases alone, for good, and set only what a build has to."""
    names = [f"{path}{suffix}" for path in paths for suffix in DATABASE_SUFFIXES]
    allowed = ", ".join(quoted(name) for name in names)
    connection.execute(f"set allowed_paths = [{allowed}]")
    connection.execute("set enable_external_access = false")
    connection.execute(
        "set allowed_configs = ['memory_limit', 'threads', 'search_path', 'enable_optimizer',"
        " 'force_compression']"
    )
    connection.execute("set lock_configuration = true")


def attach(connection: "duckdb.DuckDBPyConnection", path: Path, name: str, options: str) -> None:
    """Attach a database file under a name, with options as in ATTACH.

    :raises StorageError: it is damaged. :raises FileHeld: another process has it open.
    """
    import duckdb

    bracket = f" ({options})" if options else ""
    try:
        connection.execute(f"attach {quoted(str(path))} as {name}{bracket}")
    except duckdb.Error as error:
        raise cannot_open(error, path) from error
