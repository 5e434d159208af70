"""Where things are: the config, the data folder and the files in it. Light: `due` needs no more."""

import os
import resource
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.errors import (
    ConfigError,
    FileHeld,
    KithbookError,
    NoBookYet,
    StorageError,
    machine_error,
)
from pipeline.terminal.terminal_text import size

if TYPE_CHECKING:
    import duckdb

ADDRESS_SPACE = 1_000_000_000
"""What DuckDB, its threads and what they allocate from take of addresses for a book of four."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The data folder and the names in it."""

    path: Path

    @property
    def state(self) -> Path:
        """The private state file."""
        return self.path / "state.duckdb"

    @property
    def fresh_state(self) -> Path:
        """Where the state file is written anew before it takes the old one's place."""
        return self.path / "state.duckdb.next"

    @property
    def published(self) -> Path:
        """What people query."""
        return self.path / "kithbook.duckdb"

    @property
    def next(self) -> Path:
        """The build under way."""
        return self.path / "kithbook.duckdb.next"

    @property
    def report(self) -> Path:
        """The page about one's people, where nobody named another place for it."""
        return self.path / "report.html"

    @property
    def lock(self) -> Path:
        """Held by the one run that works."""
        return self.path / "lock"

    def make(self) -> None:
        """Create the folder, for its owner only.

        :raises ConfigError: it cannot be made there. :raises StorageError: the disk is full.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            if (full := machine_error(error)) and not isinstance(error, PermissionError):
                raise full from error
            raise ConfigError(
                f"The data folder {self.path} cannot be made: {error.strerror}.",
                "Choose another with --data, KITHBOOK_DATA or `data = …` in the config.",
            ) from error


def refuse_little_address_space() -> None:
    """Where `ulimit -v` allows too little, DuckDB would end the process without a word.

    :raises StorageError: it does.
    """
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < ADDRESS_SPACE:
        raise StorageError(
            f"`ulimit -v` allows {size(limit)} of addresses, and DuckDB needs more than that to "
            "begin with, though little of it is memory. Nothing was done.",
            "`ulimit -v unlimited` first; what bounds memory itself is a control group: "
            "`systemd-run --user --scope -p MemoryMax=512M kithbook …`",
        )


def refuse_others(folder: Folder) -> None:
    """A folder that others write into could hold a book, a lock or a link of theirs.

    :raises ConfigError: others may write into it, or it is somebody else's.
    """
    try:
        found = folder.path.stat()
    except OSError:
        return  # whoever opens something in it says why not
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ConfigError(
            f"Others may write into the data folder {folder.path}. Nothing was done.",
            f"`chmod go-w {folder.path}`; on a disk that keeps no modes, mount it with umask=077.",
        )
    if found.st_uid not in (os.geteuid(), 0) and os.geteuid() != 0:
        raise ConfigError(
            f"The data folder {folder.path} belongs to another user. Nothing was done.",
            "Choose one of your own with --data, KITHBOOK_DATA or `data = …` in the config.",
        )


def user_name(number: int | None = None) -> str:
    """A user of this machine by name, oneself without a number; the number where it has no name."""
    import pwd

    wanted = os.geteuid() if number is None else number
    try:
        return pwd.getpwuid(wanted).pw_name
    except KeyError:
        return f"#{wanted}"  # as sudo takes it


def refuse_link(path: Path) -> None:
    """A file of ours is a plain file with no other name to lead elsewhere.

    :raises StorageError: a link, a pipe, a folder or somebody else's file has its name.
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    is_ours = found.st_uid == os.geteuid() or os.geteuid() == 0
    if not stat.S_ISREG(found.st_mode) or not is_ours:
        raise StorageError(
            f"{path} is not a plain file of yours. Nothing was done.",
            f"Look at it and move it away: `ls -ld {path}`",
        )


def wal(path: Path) -> Path:
    """Where DuckDB keeps the write-ahead log of a file."""
    return path.with_name(path.name + ".wal")


def open_published(
    folder: Folder, settings: Mapping[str, str] | None = None, *, in_owner_zone: bool = False
) -> "duckdb.DuckDBPyConnection":
    """The published file, read-only, for the commands that only look.

    Whatever stands in it opens no other file and no address: external access is off for good, and
    the configuration is locked. `settings` are DuckDB's, name → SQL text, set before, as is the
    owner's time zone where times are shown as they are stored.

    :raises NoBookYet: nothing has been published. :raises FileHeld: a program has it for itself.
    :raises StorageError: it may not be opened, or is damaged.
    """
    import duckdb

    refuse_others(folder)
    refuse_little_address_space()
    if not folder.published.exists():
        raise NoBookYet(
            f"There is no {folder.published.name} in {folder.path} yet.",
            "Make one with `kithbook import FILE`, `kithbook sync` or `kithbook demo`.",
        )
    try:
        connection = duckdb.connect(str(folder.published), read_only=True)
    except duckdb.Error as error:
        raise cannot_open(error, folder.published) from error
    shut(connection, settings, in_owner_zone=in_owner_zone)
    return connection


def shut(
    connection: "duckdb.DuckDBPyConnection",
    settings: Mapping[str, str] | None = None,
    *,
    in_owner_zone: bool = False,
) -> None:
    """Let a connection to the published file open nothing else, for good."""
    is_locked = connection.execute("select current_setting('lock_configuration')").fetchone()
    if is_locked != (True,):  # two connections of one process share the settings
        connection.execute("set python_enable_replacements = false")  # no name is a variable here
        for name, text in (settings or {}).items():
            connection.execute(f"set {name} = {text}")
        if in_owner_zone:
            from pipeline.book.sqlgraph import quoted

            zone = connection.execute("select time_zone from main.settings").fetchone()
            connection.execute(f"set TimeZone = {quoted(str(zone[0] if zone else 'UTC'))}")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")


def not_ours(error: Exception, folder: Folder) -> StorageError | None:
    """What a command met that reads a file of this machine from within the published file."""
    if type(error).__name__ != "PermissionException":
        return None
    return StorageError(
        f"{folder.published} holds what kithbook never puts there: it tried to open another file.",
        "Nothing was opened. `kithbook build` makes it again from your own data.",
    )


def damaged(error: Exception, folder: Folder) -> StorageError | None:
    """What a command met in the midst of a file; DuckDB has no class for it."""
    said = str(error)
    if not type(error).__module__.startswith(("duckdb", "_duckdb")) or "Corrupt" not in said:
        return None
    return StorageError(
        f"A file of {folder.path} is damaged: {said.splitlines()[0]}",
        "Nothing was published. `kithbook doctor` says which, and what to do.",
    )


def cannot_open(error: Exception, path: Path) -> KithbookError:
    """What keeps DuckDB from opening one of the two files, and what to do; it has no classes."""
    import re

    said = str(error)
    is_published = path.name.startswith("kithbook")
    if "Could not set lock" in said:
        holder = re.search(r"PID (\d+)", said)
        how = " for writing" if is_published else ""
        return FileHeld(
            f"{path} is open{how} in {f'process {holder[1]}' if holder else 'another process'}.",
            "Close it there, or open it with `duckdb -readonly`."
            if is_published
            else "Nothing was changed. Close it there and run it again.",
        )
    if "Permission denied" in said:
        return StorageError(
            f"{path} may not be opened: permission denied.",
            "Nothing was changed; fix its owner or mode (`ls -l`).",
        )
    if told := machine_error(error):
        return told
    first = (said.splitlines() or [""])[0]
    return StorageError(
        f"{path} cannot be opened; it seems to be damaged: {first}",
        f"`kithbook build` makes it again; older ones are in {path.parent / 'kept'}."
        if is_published
        else "`kithbook restore FILE` brings back a backup; or move it away and sync again.",
    )


def default_path() -> Path:
    """KITHBOOK_CONFIG, or config.toml in the user's config folder (XDG base directories)."""
    if named := os.environ.get("KITHBOOK_CONFIG", "").strip():
        return Path(named).expanduser()
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "kithbook" / "config.toml"


def default_data() -> Path:
    """KITHBOOK_DATA, or the user's data folder (XDG base directories)."""
    if named := os.environ.get("KITHBOOK_DATA", "").strip():
        return Path(named).expanduser()
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "kithbook"


def data_folder(path: Path) -> Path:
    """Where the data stands; the rest is not checked, so that `due` stays instant.

    :raises ConfigError: the file is there and is not TOML.
    """
    if os.environ.get("KITHBOOK_DATA", "").strip() or not path.exists():
        return default_data()
    return folder_said(read_toml(path), path)


def folder_said(toml: Mapping[str, Any], path: Path) -> Path:
    """Where a config at `path` that says this has its data.

    :raises ConfigError: `data` names no folder.
    """
    written = toml.get("data")
    if written is None:
        return default_data()
    if not isinstance(written, str) or not written.strip():
        raise ConfigError(
            f"{path}: data is a folder's name in quotes. Nothing was done.",
            'Write it like data = "~/kithbook", or leave the line out.',
        )
    return path.parent / Path(written).expanduser()


def read_toml(path: Path) -> dict[str, Any]:
    """The config as TOML says it.

    :raises ConfigError: it cannot be read, or is not TOML.
    """
    import tomllib

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            f"The config {path} cannot be read: {error}.", "Nothing was done; fix the file."
        ) from error
