"""`kithbook restore`: what `backup` wrote, judged first, then put where the config has its data."""

import contextlib
import errno
import json
import os
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated
from uuid import uuid4

import typer

from connectors import file_modes_and_fsync
from connectors.errors import DISK_ERRORS, ConfigError, StorageError, UsageError
from pipeline.book import decisions, duckdb_instances, is_state_file, run_lock
from pipeline.book.folder import Folder, folder_said, read_toml, refuse_others, user_name, wal
from pipeline.command_session import Session
from pipeline.commands.backup import CONFIG, MEMBERS, STATE
from pipeline.commands.options import Sure, Wait
from pipeline.terminal.printing import ask, confirm, say
from pipeline.terminal.terminal_text import plain, size

MOST_BYTES = 64 * 2**30
"""More than that is no state file of a person's book."""

MOST_TIMES = 50
"""A file that unpacks to more than so many times the backup, and to more than a small book, is a
bomb: books were seen to pack to a third or a tenth."""

SMALL_BOOK = 32 * 2**20


def command(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="What `backup` wrote.", readable=False)],
    yes: Sure = False,
    wait: Wait = False,
) -> None:
    """Bring back what `backup` wrote; what stood there is kept beside it.

    Example: kithbook restore ~/kithbook.tar.gz
    """
    restore(context.obj, file.expanduser(), yes=yes, wait=wait)


def restore(session: Session, path: Path, *, yes: bool = False, wait: bool = False) -> None:
    """Bring a backup back; what stood there is kept beside it. An existing config stays.

    Everything goes where the config in force afterwards has its data: the one that is there, or
    the backup's. That may be somebody else's: what it holds is judged before anything takes its
    place, and it comes back only when its owner was shown what is in it.

    :raises UsageError: it is no backup of ours, or nobody said yes.
    :raises ConfigError: its place belongs to another user.
    """
    _see(path)
    with _staged(session.folder) as place:
        found = _unpack(path, place)
        _judge(found, place)
        plan = _plan(session, found, yes=yes)
        _refuse_foreign(plan.folder)
        _ask(plan.folder, path, found, yes=yes)
        with run_lock.acquire(plan.folder, "restore", wait):
            _refuse_held(plan.folder)
            told = [
                _lay(source, plan.folder.path / name)
                for name, source in found.items()
                if name != CONFIG
            ]
            if CONFIG in found:
                told += _write_config(found[CONFIG], session.config_path, plan)
    say(*told, "Next: `kithbook build` works everything out again, then `kithbook sync`.")


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """Where a backup goes."""

    folder: Folder
    takes_config: bool = False
    """Its config takes its place: none is there, and its owner saw it and said yes."""
    other_data: Path | None = None
    """Where the backup's config has its data, if that is not `folder`."""


def _plan(session: Session, found: Mapping[str, Path], *, yes: bool) -> RestorePlan:
    """Which config will be in force, and so which folder.

    :raises UsageError: the backup's config names a folder, and nobody said that it may.
    """
    here = session.folder
    if CONFIG not in found or session.config_path.exists():
        return RestorePlan(here)
    try:
        its_own = Folder(folder_said(read_toml(found[CONFIG]), session.config_path))
    except ConfigError:
        its_own = here  # it says nothing that could be followed
    is_named = session.data is not None or bool(os.environ.get("KITHBOOK_DATA", "").strip())
    takes_config = _is_wanted(found[CONFIG])
    is_elsewhere = not _is_same(its_own.path, here.path)
    if is_named or not is_elsewhere:
        return RestorePlan(here, takes_config, its_own.path if is_elsewhere else None)
    if takes_config or (yes and not sys.stdin.isatty()):
        return RestorePlan(its_own, takes_config)
    if sys.stdin.isatty():
        return RestorePlan(here, other_data=its_own.path)
    raise UsageError(
        f"The config in the backup has its data in {plain(its_own.path)}. Nothing was changed.",
        "Add --yes to restore it there, or name a folder: "
        "`kithbook --data FOLDER restore …`. What is there is kept beside it.",
    )


def _is_same(one: Path, other: Path) -> bool:
    return one.expanduser().resolve() == other.expanduser().resolve()


def _see(path: Path) -> None:
    """See that there is a file that we may read.

    :raises UsageError: there is none, or it is another user's alone.
    """
    try:
        is_file = path.is_file()
    except PermissionError:
        is_file = True
    if not is_file:
        raise UsageError(f"There is no file {path}.", "Name what `kithbook backup` wrote.")
    if not os.access(path, os.R_OK):
        raise UsageError(
            f"{path} may not be read by you. Nothing was changed.",
            f"Let its owner copy it to a place of yours: `sudo install -m 600 -o {user_name()} "
            f"{path} {Path.home() / path.name}`",
        )


@contextlib.contextmanager
def _staged(folder: Folder) -> Iterator[Path]:
    """A private folder on the disk of the data folder; what had to be made for it goes again."""
    was_there = folder.path.exists()
    _refuse_foreign(folder)
    folder.make()
    try:
        with tempfile.TemporaryDirectory(prefix="restore-", dir=folder.path) as place:
            yield Path(place)
    finally:
        if not was_there:
            with contextlib.suppress(OSError):  # it holds the book by now
                folder.path.rmdir()


def _refuse_foreign(folder: Folder) -> None:
    """What one user restores into the folder of another neither of them could work with.

    :raises ConfigError: the folder, or what it holds, belongs to another user.
    """
    refuse_others(folder)
    for path in (folder.path, folder.state, folder.path / decisions.FILE_NAME, folder.lock):
        try:
            owner = path.lstat().st_uid
        except OSError:
            continue  # not there, or said when it is opened
        if owner != os.geteuid():
            name = user_name(owner)
            raise ConfigError(
                f"{path} belongs to {name}, and you are {user_name()}. Nothing was changed.",
                f"As that user: `sudo -u {name} kithbook restore FILE`; or into a folder of your "
                "own: `kithbook --data FOLDER restore FILE`",
            )


def _refuse_held(folder: Folder) -> None:
    """A program that has the state open would go on writing into what is put aside.

    :raises FileHeld: there is one.
    """
    if folder.state.exists():
        with contextlib.suppress(StorageError):  # damaged: that is why a backup is wanted
            connection = duckdb_instances.open_instance(folder, "UTC")
            try:
                duckdb_instances.attach(connection, folder.state, "state", "")
            finally:
                connection.close()


def _unpack(path: Path, place: Path) -> dict[str, Path]:
    """The members of our names, as files of a private folder."""
    found: dict[str, Path] = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isreg() else None
                if member.name not in MEMBERS or content is None or member.size > MOST_BYTES:
                    raise UsageError(
                        f'{path} is not a backup of kithbook: it holds "{plain(member.name)}".',
                        "Nothing was changed.",
                    )
                _copy(content, place / member.name, path)
                found[member.name] = place / member.name
    except (tarfile.TarError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno in DISK_ERRORS:
            raise
        raise UsageError(
            f"{path} cannot be read as a backup: {error}.", "Nothing was changed."
        ) from error
    if STATE not in found and decisions.FILE_NAME not in found:
        raise UsageError(f"{path} holds no book.", "Nothing was changed.")
    return found


def _copy(content: IO[bytes], target: Path, archive: Path) -> None:
    """One member, piece by piece, as long as it is no bomb.

    :raises UsageError: it unpacks to far more than a book can.
    """
    most = max(SMALL_BOOK, MOST_TIMES * archive.stat().st_size)
    written = 0
    with target.open("xb") as file:
        while piece := content.read(1 << 20):
            written += len(piece)
            if written > most:
                raise UsageError(
                    f"{archive} is not a backup of kithbook: {target.name} unpacks to more than "
                    f"{size(most)}.",
                    "Nothing was changed.",
                )
            file.write(piece)


def _judge(found: Mapping[str, Path], place: Path) -> None:
    """What somebody gave us is what it says it is, before anything takes its place.

    :raises UsageError: the state or the decisions are not kithbook's.
    """
    if STATE in found:
        is_state_file.check(found[STATE])
    if decisions.FILE_NAME in found:
        try:
            for _ in decisions.read(place):
                pass
        except StorageError as error:
            raise UsageError(
                f"The decisions in the backup cannot be read: {error}", "Nothing was changed."
            ) from error


def _ask(folder: Folder, path: Path, found: dict[str, Path], *, yes: bool) -> None:
    """Whether to put it in the place of what is there; not asked when nothing is."""
    there = [name for name in found if name != CONFIG and (folder.path / name).exists()]
    if yes or not there:
        return
    confirm(
        f"{folder.path} has {' and '.join(there)} already; what {path.name} holds takes their "
        "place, and they are kept beside it.",
        "Restore?",
    )


def _write_config(source: Path, target: Path, plan: RestorePlan) -> list[str]:
    """A config runs commands and names addresses: it takes its place only when somebody says so."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    elsewhere = _other_place(plan)
    if target.exists() and target.read_bytes() == source.read_bytes():
        return [f"{target} is the same as in the backup."]
    if plan.takes_config and not target.exists():
        _replace(source, target)
        return [f"{target} is back; check that its folders are still right.", *elsewhere]
    beside = target.with_name(target.name + ".restored")
    _replace(source, beside)
    if target.exists():
        return [f"{target} stays; the backup's is beside it: {beside.name}."]
    return [
        f"The backup's config is in {beside}.",
        "It says which commands are run and which addresses are asked: read it, then",
        f"  `mv {beside} {target}`",
        *elsewhere,
    ]


def _other_place(plan: RestorePlan) -> list[str]:
    """What to do where the backup's config would look for the book elsewhere than it is."""
    if not plan.other_data:
        return []
    line = f"data = {json.dumps(str(plan.folder.path.absolute()), ensure_ascii=False)}"
    return [
        f"It has its data in {plain(plan.other_data)}, but the book is in {plan.folder.path} now:",
        f"  write {plain(line)} into it, above the first section",
    ]


def _is_wanted(source: Path) -> bool:
    """Show the commands and addresses of the config and ask; no, where nobody can answer."""
    if not sys.stdin.isatty():
        return False
    say("The config in the backup has this in it:", *(f"  {line}" for line in reaches(source)))
    try:
        return ask("Put it in place? [y/N] ").lower() in {"y", "yes"}
    except EOFError:
        return False


def reaches(path: Path) -> list[str]:
    """What a config runs, asks and opens, a line each: everything in its sources and folders."""
    try:
        toml = read_toml(path)
    except ConfigError as error:
        return [plain(str(error))]
    lines = [f"data = {plain(str(toml['data']))}"] if "data" in toml else []
    for section, tables in toml.items():
        if section in QUIET_SECTIONS or not isinstance(tables, dict):
            continue
        for name, table in tables.items():
            if not isinstance(table, dict):
                lines.append(f"[{plain(section)}] {plain(name)} = {plain(str(table))}")
                continue
            lines += [
                f"[{plain(section)}.{plain(name)}] {plain(key)} = {plain(_joined(value))}"
                for key, value in table.items()
            ]
    return lines or ["no command and no address"]


QUIET_SECTIONS = ("owner", "circle", "tasks", "rules", "strength")
"""What they say runs nothing and asks nobody."""


def _joined(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _replace(source: Path, target: Path) -> None:
    """A copy in the very place, whatever has the name: no link is followed."""
    draft = target.with_name(f".{target.name}.{uuid4().hex[:8]}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(source.read_bytes())
    draft.replace(target)


def _lay(source: Path, target: Path) -> str:
    """Put a file in its place, the old one and what DuckDB keeps beside it under another name."""
    aside = target.with_name(f"{target.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    file_modes_and_fsync.keep_private(source)
    if wal(target).exists():
        wal(target).replace(wal(aside))
    kept = ""
    if target.exists():
        target.replace(aside)
        kept = f" (what was there: {aside.name})"
    _move(source, target)
    return f"{target} is back{kept}."


def _move(source: Path, target: Path) -> None:
    """Into its place, whole or not at all, also from another disk."""
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        draft = target.with_name(f".{target.name}.{uuid4().hex[:8]}.new")
        try:
            shutil.copyfile(source, draft)
            file_modes_and_fsync.keep_private(draft)
            file_modes_and_fsync.sync_file(draft)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
