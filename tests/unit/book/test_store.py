"""The data folder: one writer, whole publications, nothing for other eyes."""

import errno
import os
import stat
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from connectors import file_modes_and_fsync
from connectors.errors import LockHeld, StorageError
from pipeline.book import duckdb_instances, run_lock, state_file, store
from pipeline.book.folder import Folder, open_published, wal
from pipeline.terminal import output_file


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def make_state(folder: Folder) -> None:
    state_file.open_state(folder).close()


def publish(folder: Folder, value: int) -> None:
    connection = store.open_next(folder, "UTC")
    connection.execute(f"create table numbers as select {value} as number")
    store.publish(connection, folder)


def number(folder: Folder) -> int:
    with open_published(folder) as connection:
        row = connection.execute("select number from numbers").fetchone()
    assert row
    return int(row[0])


def test_files_and_folder_are_for_their_owner_only(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "book")
    with run_lock.acquire(folder, "test"):
        make_state(folder)
        publish(folder, 1)
        publish(folder, 2)
    assert mode(folder.path) == 0o700
    for path in [folder.state, folder.published, folder.lock, *folder.path.glob("kept/*")]:
        assert mode(path) == 0o600, path


def test_a_second_run_says_who_holds_the_lock(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    with (
        run_lock.acquire(folder, "sync"),
        pytest.raises(LockHeld, match=rf"`sync`, process {os.getpid()}") as caught,
        run_lock.acquire(folder, "import"),
    ):
        raise AssertionError
    assert caught.value.exit_code == 75


def test_the_lock_goes_with_the_process_that_held_it(tmp_path: Path) -> None:
    code = textwrap.dedent(f"""
        import os
        from pathlib import Path
        from pipeline.book import run_lock
        from pipeline.book.folder import Folder
        with run_lock.acquire(Folder(Path({str(tmp_path)!r})), "sync"):
            os.kill(os.getpid(), 9)
    """)
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    with run_lock.acquire(Folder(tmp_path), "import"):
        pass


def test_what_a_killed_run_had_spilled_is_dropped(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(60)
    for process in (ended.pid, os.getppid()):
        (tmp_path / f"spill-{process}").mkdir()
        (tmp_path / f"spill-{process}" / "duckdb_temp_storage-0.tmp").write_bytes(b"rows")
    with run_lock.acquire(folder, "sync"):
        assert [path.name for path in tmp_path.glob("spill-*")] == [f"spill-{os.getppid()}"]


def test_rows_spill_into_the_data_folder_and_leave_nothing_there(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    connection = duckdb_instances.open_instance(folder, "UTC")
    connection.execute("set memory_limit = '40MB'")
    connection.execute(
        "create table wide as select md5(i::varchar) as one, md5((-i)::varchar) as other"
        " from range(1000000) as numbers (i)"
    )
    assert list(tmp_path.glob("spill-*/*"))
    connection.close()
    assert not list(tmp_path.glob("spill-*"))


def test_waiting_gets_the_lock_when_the_other_run_ends(tmp_path: Path) -> None:
    code = textwrap.dedent(f"""
        import time
        from pathlib import Path
        from pipeline.book import run_lock
        from pipeline.book.folder import Folder
        with run_lock.acquire(Folder(Path({str(tmp_path)!r})), "sync"):
            print("held", flush=True)
            time.sleep(1)
    """)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        with run_lock.acquire(Folder(tmp_path), "import", wait=True):
            assert other.wait() == 0


def test_a_reader_keeps_its_snapshot_and_blocks_nobody(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    make_state(folder)
    publish(folder, 1)
    code = textwrap.dedent(f"""
        import duckdb, sys
        connection = duckdb.connect({str(folder.published)!r}, read_only=True)
        print(connection.execute("select number from numbers").fetchone()[0], flush=True)
        sys.stdin.readline()
        print(connection.execute("select number from numbers").fetchone()[0], flush=True)
    """)
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdin
        assert reader.stdout
        assert reader.stdout.readline() == "1\n"
        publish(folder, 2)
        assert number(folder) == 2
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "1\n"
        assert reader.wait() == 0


def test_what_a_killed_build_left_behind_does_not_stop_the_next(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    make_state(folder)
    publish(folder, 1)
    folder.next.write_bytes(b"half a file")
    wal(folder.next).write_bytes(b"half a log")
    publish(folder, 2)
    assert number(folder) == 2


def test_a_log_that_a_user_left_beside_the_published_file_does_not_spoil_the_next(
    tmp_path: Path,
) -> None:
    folder = Folder(tmp_path)
    make_state(folder)
    publish(folder, 1)
    wal(folder.published).write_bytes(b"of another file")
    publish(folder, 2)
    assert number(folder) == 2


def test_the_last_file_of_each_of_seven_days_is_kept(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    make_state(folder)
    today = datetime.now(UTC)
    for days_ago in range(10, -1, -1):
        publish(folder, days_ago)
        made = (today - timedelta(days=days_ago)).timestamp()
        os.utime(folder.published, (made, made))
    publish(folder, 99)
    kept = sorted(path.name for path in (tmp_path / "kept").iterdir())
    expected = [
        f"kithbook-{(today - timedelta(days=n)).date().isoformat()}.duckdb"
        for n in range(store.KEPT_DAYS, -1, -1)
    ]
    assert kept == expected


@pytest.fixture(params=[errno.EPERM, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS])
def poor_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system without hard links, modes and lasting names, as FAT and SMB shares are."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(request.param, os.strerror(request.param))

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            refuse()

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(os, "chmod", refuse)
    monkeypatch.setattr(os, "fsync", fsync)


@pytest.mark.usefixtures("poor_disk")
def test_a_disk_without_links_and_modes_holds_a_book(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "book")
    with run_lock.acquire(folder, "test"):
        make_state(folder)
        for value in (1, 2, 3):
            publish(folder, value)
        state_file.rewrite_state(folder)
    assert number(folder) == 3
    (kept,) = folder.path.glob("kept/*")
    with duckdb.connect(str(kept), read_only=True) as connection:
        assert connection.execute("from numbers").fetchone() == (2,)
    out = tmp_path / "out.csv"
    with output_file.written_whole(out, force=False) as draft:
        draft.write_text("a")
    assert out.read_text() == "a"


def test_what_another_user_owns_is_not_made_private_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.duckdb"
    path.touch()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(path))

    monkeypatch.setattr(os, "chmod", refuse)
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    if path.stat().st_uid == 0:
        os.chown(path, 12345, -1)
        monkeypatch.setattr(os, "geteuid", lambda: 12346)
    with pytest.raises(PermissionError):
        file_modes_and_fsync.keep_private(path)


def test_a_disk_that_cannot_lock_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", refuse)
    with (
        pytest.raises(StorageError, match="lock cannot be locked") as caught,
        run_lock.acquire(Folder(tmp_path), "sync"),
    ):
        raise AssertionError
    assert "--data" in caught.value.hint


def test_the_published_file_is_written_for_older_readers(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    make_state(folder)
    publish(folder, 1)
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach '{folder.published}' as book (read_only)")
        row = connection.execute(
            "select tags['storage_version'] from duckdb_databases() where database_name = 'book'"
        ).fetchone()
    assert row
    assert row[0].startswith(("v1.2.0", "v1.2"))


def test_a_book_of_many_small_tables_stays_small(tmp_path: Path) -> None:
    """Eight files of it are kept: DuckDB's own blocks of 256 kB would make each a waste."""
    folder = Folder(tmp_path)
    make_state(folder)
    connection = store.open_next(folder, "UTC")
    for number in range(100):
        connection.execute(f"create table t{number} as select 1 as a, 'x' as b, 2.0 as c")
    store.publish(connection, folder)
    assert folder.published.stat().st_size < 100 * 2 * duckdb_instances.BLOCK_BYTES


def test_the_state_is_writable_within_a_build_and_read_only_around_it(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    make_state(folder)
    connection = store.open_next(folder, "UTC")
    with pytest.raises(duckdb.Error, match="read-only"):
        connection.execute("insert into state.raw.blobs values ('h', 'x', 0)")
    with store.state_for_writing(connection, folder):
        connection.execute("insert into raw.blobs values ('h', 'x', 0)")
    assert connection.execute("select count(*) from state.raw.blobs").fetchone() == (1,)
    store.publish(connection, folder)


def test_migrations_run_once(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    make_state(folder)
    connection = state_file.open_state(folder)
    rows = connection.execute("select name from raw.migrations order by name").fetchall()
    connection.close()
    assert rows[0] == ("001_state.sql",)
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize(("most", "planned"), [(0, "false"), (-1, "true")])
def test_statements_are_planned_where_there_is_much_to_go_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, planned: str
) -> None:
    monkeypatch.setattr(store, "UNPLANNED_ROWS", most)
    make_state(Folder(tmp_path))
    with store.open_next(Folder(tmp_path), "UTC") as connection:
        setting = connection.execute("select current_setting('enable_optimizer')::varchar")
        assert setting.fetchone() == (planned,)
