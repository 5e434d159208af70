"""The data folder: the run lock, the state file, and publishing by atomic swap.

    state.duckdb      private, written in place under the run lock, one short transaction a page
    decisions.jsonl   see decisions.py
    kithbook.duckdb   published: nothing ever opens it for writing, each build replaces it whole
    kept/             the published file of each of the last seven days
    lock              who is running

DuckDB lets one process write and then no other read, and one open reader blocks a writer. So a
build writes `kithbook.duckdb.next`, and `os.replace` swaps it in: a reader that holds the old file
keeps its snapshot.
"""

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from connectors import file_systems
from connectors.errors import LockHeld, StorageError
from pipeline.book import free_memory, sqlgraph
from pipeline.book.folder import (
    Folder,
    cannot_open,
    refuse_link,
    refuse_little_address_space,
    refuse_others,
    wal,
)
from pipeline.terminal.terminal_text import count, plain

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    import duckdb

Made = TypeVar("Made")

STORAGE_VERSION = "v1.2.0"
"""The oldest DuckDB that must be able to open the published file (README)."""

BLOCK_BYTES = 65536
"""A quarter of DuckDB's own: a hundred small tables in a book of a few people fill 6 MB, not 21,
and the many short row groups of the state two thirds of what they took."""

KEPT_DAYS = 7

ROW_GROUP = 30_720
"""Rows that stand together in the published file. A full group goes to disk compressed as soon as
it is made; with DuckDB's own 122,880 a book of 100,000 cards waits in memory for the end."""

STATE_ROW_GROUP = 2048
"""The same for the state file: DuckDB's least, and what a page of a long file holds. Such a page
goes to disk compressed and in place as it comes, and the log only says where."""

ONE_THREAD_ROWS = 150_000
"""Cards and meetings up to which one thread builds: a second one takes a fifth more CPU."""

UNLOGGED = "recovery_mode 'no_wal_writes'"
"""How to attach a file that nobody wants back after a crash: what is committed costs no log."""

SIZES = f"block_size {BLOCK_BYTES}, row_group_size {ROW_GROUP}, {UNLOGGED}"
"""How what a build writes is laid out."""

LITTLE_MB = 160

LITTLE_MEMORY = f"{LITTLE_MB}MB"
"""What DuckDB may take where it is to take little; the rest it spills. All tables of a book of
200,000 cards are made so, and all but one or two of one of 400,000. A third of the time is the
price in a large book, and an eighth in one of 5,000 people."""

MORE_MEMORY = "320MB"
"""What it may take for a table that is too large for that; the last resort is all that there is."""

BUILD_SHARE = 4
"""A build takes a quarter of what is free, where that is more."""

KEPT_MEMORY = "16MB"
"""What DuckDB keeps in memory of the state from page to page; the rest it can read again. It is
no limit while it works: one card with a long note must not break a page."""


@contextlib.contextmanager
def run_lock(folder: Folder, command: str, wait: bool = False) -> Iterator[None]:
    """Hold the run lock. The kernel lets go of it when the process ends, however it ends.

    :raises LockHeld: another run holds it and `wait` is false.
    """
    folder.make()
    refuse_others(folder)
    for path in (folder.lock, folder.state, folder.next):
        refuse_link(path)
    descriptor = os.open(folder.lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        _take(descriptor, folder, wait)
        os.ftruncate(descriptor, 0)
        holder = {"pid": os.getpid(), "command": command, "since": datetime.now(UTC).isoformat()}
        os.pwrite(descriptor, json.dumps(holder).encode(), 0)
        _drop_spill(folder)
        yield
    finally:
        os.close(descriptor)


def held_by(folder: Folder) -> str | None:
    """Which run works now, in words; None when none does. Nothing is written."""
    try:
        descriptor = os.open(folder.lock, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None  # no lock, or none of ours: who takes it says so
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(folder)
    except OSError:
        return None  # this disk has no locks: who takes it says so
    else:
        return None
    finally:
        os.close(descriptor)


def _take(descriptor: int, folder: Folder, wait: bool) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not wait:
                raise LockHeld(
                    f"Another run is working in {folder.path}: {_holder(folder)}.",
                    "Nothing was done. Try again later, or with --wait.",
                ) from None
            time.sleep(0.2)
        except OSError as error:
            raise StorageError(
                f"{folder.lock} cannot be locked: {error.strerror}. Nothing was done.",
                "Choose a data folder on a disk of this machine: --data, or `data = …`.",
            ) from error
        else:
            return


def _drop_spill(folder: Folder) -> None:
    """Drop what killed runs had spilled; a `what-if` that works beside us keeps its own."""
    for spill in folder.path.glob("spill-*"):
        number = spill.name.removeprefix("spill-")
        if number.isdecimal() and not _is_alive(int(number)):
            _drop(spill)


def _drop(spill: Path) -> None:
    """Away with it; what a link leads to is not ours."""
    if spill.is_symlink() or spill.is_file():
        spill.unlink()
    elif spill.exists():
        shutil.rmtree(spill)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True


HOLDER_BYTES = 1000
"""More than that no run of ours says of itself."""


def _holder(folder: Folder) -> str:
    try:
        with folder.lock.open("rb") as file:
            holder = json.loads(file.read(HOLDER_BYTES))
        since = datetime.now(UTC) - datetime.fromisoformat(holder["since"])
        words = f"`{holder['command']}`, process {holder['pid']}, for {_lasting(since)}"
    except (ValueError, KeyError, TypeError, OSError):
        return "it has not said which"
    return " ".join(plain(words).split())


def _lasting(span: timedelta) -> str:
    """40 seconds, 12 minutes, 3 hours, 2 days; so that nobody asks in which zone."""
    seconds = max(int(span.total_seconds()), 1)
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * length:
            return count(seconds // length, unit)
    return count(seconds, "second")


def open_state(folder: Folder, zone: str = "UTC") -> "duckdb.DuckDBPyConnection":
    """An in-memory instance with the state file attached for writing, as `state`, and in use.

    Call it under the run lock. Schema raw is brought up to date by the numbered files of sql/raw.
    """
    connection = open_instance(folder, zone)
    attach(connection, folder.state, "state", f"row_group_size {STATE_ROW_GROUP}{_blocks(folder)}")
    file_systems.keep_private(folder.state)
    connection.execute("use state")
    migrate(connection)
    return connection


def _blocks(folder: Folder) -> str:
    """The size of blocks, which is given once: to a file that is not there yet."""
    return "" if folder.state.exists() else f", block_size {BLOCK_BYTES}"


def release_memory(connection: "duckdb.DuckDBPyConnection") -> None:
    """Give back the memory of what is on disk by now, so that it does not grow with a pull.

    For what was written by a page, and for what was looked through to find a few rows.
    """
    _bound(connection, KEPT_MEMORY)
    connection.execute("reset memory_limit")


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


def _migrations() -> "list[Traversable]":
    """The numbered files of sql/raw, in their order."""
    folder = sqlgraph.sql_folder() / "raw"
    entries = [entry for entry in folder.iterdir() if entry.name[:1].isdigit()]
    return sorted(entries, key=lambda entry: entry.name)


def fresh_state(folder: Folder) -> Path:
    """Where the state file is written anew before it takes the old one's place."""
    return folder.state.with_name(folder.state.name + ".next")


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
    fresh = fresh_state(folder)
    for stale in (fresh, wal(fresh)):
        stale.unlink(missing_ok=True)
    connection = open_instance(folder, "UTC")
    try:
        attach(connection, folder.state, "state", "")
        attach(connection, fresh, "fresh", f"block_size {BLOCK_BYTES}")
        file_systems.keep_private(fresh)
        copying = partial(connection.execute, "copy from database state to fresh")
        with little_memory(connection):
            in_little_memory(connection, copying)
        connection.execute("checkpoint state")
        connection.execute("checkpoint fresh")
    finally:
        connection.close()
    file_systems.sync_file(fresh)
    fresh.replace(folder.state)
    file_systems.sync_folder(folder.path)


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
    attach(connection, folder.next, "kithbook", f"storage_version '{STORAGE_VERSION}', {SIZES}")
    file_systems.keep_private(folder.next)
    use_build(connection)
    return connection


def open_layers(
    folder: Folder, zone: str, layers: Path | None = None
) -> "duckdb.DuckDBPyConnection":
    """An instance with the state attached read-only and room for the layers, without a `main`."""
    connection = open_instance(folder, zone, [layers] if layers else [])
    attach(connection, folder.state, "state", "read_only")
    if layers:
        layers.unlink(missing_ok=True)  # DuckDB takes no empty file for a new one
        attach(connection, layers, "layers", SIZES)
        file_systems.keep_private(layers)
    else:
        connection.execute("attach ':memory:' as layers")
    for schema in ("raw", *sqlgraph.LAYERS):
        connection.execute(f"create schema if not exists layers.{schema}")
    connection.execute("use layers")
    if _rows_in_state(connection) <= ONE_THREAD_ROWS:
        connection.execute("set threads = 1")
    return connection


def open_beside(folder: Folder, zone: str) -> "duckdb.DuckDBPyConnection":
    """The same all in memory, with the published file attached read-only as `published`."""
    connection = open_layers(folder, zone)
    attach(connection, folder.published, "published", "read_only")
    connection.execute("attach ':memory:' as kithbook")
    use_build(connection)
    return connection


@contextlib.contextmanager
def published_with_state(folder: Folder, command: str) -> Iterator["duckdb.DuckDBPyConnection"]:
    """The published file in use and the state attached as `state`, both read-only, under the lock.

    :raises LockHeld: a run is working with the state.
    """
    with run_lock(folder, command), contextlib.closing(open_instance(folder, "UTC")) as connection:
        attach(connection, folder.published, "kithbook", "read_only")
        attach(connection, folder.state, "state", "read_only")
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


def build_memory() -> str:
    """What DuckDB may take to make one table of a build: it follows the machine."""
    share = (free_memory.free_bytes() or 0) // BUILD_SHARE // 1_000_000
    return f"{max(share, LITTLE_MB)}MB"


@contextlib.contextmanager
def little_memory(
    connection: "duckdb.DuckDBPyConnection", bound: str = LITTLE_MEMORY
) -> Iterator[None]:
    """Within, DuckDB takes so much at most, but for what `in_little_memory` finds too large."""
    connection.execute(f"set variable memory_bound = '{bound}'")  # what it says itself is rounded
    _bound(connection, bound)
    try:
        yield
    finally:
        connection.execute("reset memory_limit")


def in_little_memory(connection: "duckdb.DuckDBPyConnection", make: Callable[[], Made]) -> Made:
    """Make it in one transaction within `little_memory`'s bound if that is enough, or else in more.

    What one transaction writes stays in memory until its end: hence one a table. `make` may be
    called again; what it wrote before is then gone.
    """
    import duckdb

    bound, left = "", list[str]()
    while True:
        try:
            with transaction(connection):
                made = make()
            break
        except (duckdb.OutOfMemoryException, duckdb.TransactionException):  # the latter in a commit
            if not bound:
                bound, left = _bound_and_more(connection)
            if not left:
                raise
            connection.execute(left.pop())
    if bound:  # to set it each time would cost as much as most tables
        _bound(connection, bound)
    return made


def _bound_and_more(connection: "duckdb.DuckDBPyConnection") -> tuple[str, list[str]]:
    """The limit of `little_memory`, and what sets larger ones, the last resort first."""
    query = (
        "select getvariable('memory_bound') as bound,"
        " parse_formatted_bytes(bound) < parse_formatted_bytes($1)"
    )
    bound, is_less = connection.execute(query, [MORE_MEMORY]).fetchall()[0]
    more = [f"set memory_limit = '{MORE_MEMORY}'"] if is_less else []
    return str(bound), ["reset memory_limit", *more]


def _bound(connection: "duckdb.DuckDBPyConnection", limit: str) -> None:
    """Set the limit. Where more is in use, what can be is given back and the old one stays."""
    import duckdb

    with contextlib.suppress(duckdb.OutOfMemoryException):
        connection.execute(f"set memory_limit = '{limit}'")


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


@contextlib.contextmanager
def state_for_writing(connection: "duckdb.DuckDBPyConnection", folder: Folder) -> Iterator[None]:
    """Within: an instance of `open_next` uses the state, for writing; afterwards the build again.

    One instance holds both files: DuckDB's own file locks do not protect two instances of one
    process from each other.
    """
    connection.execute("detach state")
    attach(connection, folder.state, "state", "")
    connection.execute("use state")
    try:
        yield
    finally:
        use_build(connection)
        connection.execute("detach state")
        attach(connection, folder.state, "state", "read_only")


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
    file_systems.sync_file(folder.next)
    _keep_published(folder)
    if wal(folder.published).exists():
        # Somebody opened the published file for writing: their log would make ours unopenable.
        wal(folder.published).replace(folder.published.with_suffix(".duckdb.wal.stale"))
    folder.next.replace(folder.published)
    file_systems.sync_folder(folder.path)


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
    file_systems.give_second_name(folder.published, fresh)
    fresh.replace(linked)
    oldest = (datetime.now(UTC).date() - timedelta(days=KEPT_DAYS)).isoformat()
    for path in kept.glob("kithbook-*.duckdb"):
        if path.stem.removeprefix("kithbook-") < oldest:
            path.unlink()


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
    connection.execute(f"set TimeZone = {sqlgraph.quoted(zone)}")
    _shut_off(connection, (folder.state, fresh_state(folder), folder.next, folder.published, *also))
    return connection


@contextlib.contextmanager
def only_these(paths: Sequence[Path]) -> Iterator["duckdb.DuckDBPyConnection"]:
    """An in-memory instance that can open these databases and no other file, and spills nothing."""
    import duckdb

    with duckdb.connect(":memory:", config={"temp_directory": ""}) as connection:
        _shut_off(connection, paths)
        yield connection


def _shut_off(connection: "duckdb.DuckDBPyConnection", paths: Sequence[Path]) -> None:
    """Let it open these databases alone, for good, and set only memory, threads and search path."""
    names = [f"{path}{suffix}" for path in paths for suffix in DATABASE_SUFFIXES]
    allowed = ", ".join(sqlgraph.quoted(name) for name in names)
    connection.execute(f"set allowed_paths = [{allowed}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set allowed_configs = ['memory_limit', 'threads', 'search_path']")
    connection.execute("set lock_configuration = true")


def attach(connection: "duckdb.DuckDBPyConnection", path: Path, name: str, options: str) -> None:
    """Attach a database file under a name, with options as in ATTACH.

    :raises StorageError: it is damaged. :raises FileHeld: another process has it open.
    """
    import duckdb

    bracket = f" ({options})" if options else ""
    try:
        connection.execute(f"attach {sqlgraph.quoted(str(path))} as {name}{bracket}")
    except duckdb.Error as error:
        raise cannot_open(error, path) from error
