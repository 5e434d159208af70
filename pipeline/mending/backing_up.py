"""`kithbook backup` and `restore`: decisions, config and state in one file, 0600.

What can be worked out again (the published file) and what opens an account (tokens, passwords) is
not in it. `restore` takes members of these exact names and nothing else from the archive.
"""

import os
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from uuid import uuid4

from pipeline import decisions, outfile, store
from pipeline.errors import DISK_ERRORS, ConfigError, StorageError, UsageError
from pipeline.folder import Folder, read_toml
from pipeline.mending import state_layout
from pipeline.printing import ask, confirm, say
from pipeline.session import Session
from pipeline.text import plain, size

STATE = "state.duckdb"
CONFIG = "config.toml"
MEMBERS = (decisions.FILE_NAME, CONFIG, STATE)

MOST_BYTES = 64 * 2**30
"""More than that is no state file of a person's book."""

MOST_TIMES = 50
"""A file that unpacks to more than so many times the backup, and to more than a small book, is a
bomb: books were seen to pack to a third or a tenth."""

SMALL_BOOK = 32 * 2**20


def backup(session: Session, path: Path, *, force: bool = False, wait: bool = False) -> None:
    """Write the backup; with `force` an older one is replaced when the new one is whole.

    :raises UsageError: there is nothing to back up, or a file of that name.
    :raises LockHeld: a run is working. :raises StorageError: the file cannot be written.
    """
    folder = session.folder
    sources = _sources(session, folder)
    if not sources:
        raise UsageError(f"There is nothing in {folder.path} to back up.", "`kithbook status`")
    outfile.check(path, force=force)
    try:
        with store.run_lock(folder, "backup", wait):
            _settle(folder)
            with (
                outfile.written_whole(path, force=force) as draft,
                tarfile.open(draft, mode="w:gz", compresslevel=6) as archive,
            ):
                for name, source in sources.items():
                    archive.add(source, name, recursive=False)
    except OSError as error:
        raise StorageError(
            f"The backup {path} could not be written: {error.strerror}.",
            "Nothing else was changed; name a file in a folder that you may write to.",
        ) from error
    holds = f"{size(path.stat().st_size)}: {', '.join(sources)}"
    say(
        f"Written: {path} ({holds}). It holds your whole book and no password; keep it as you "
        "would keep a diary.",
        f"`kithbook restore {path}` brings it back.",
    )


def restore(session: Session, path: Path, *, yes: bool = False, wait: bool = False) -> None:
    """Bring a backup back; what stood there is kept beside it. An existing config stays.

    It may be somebody else's: what it holds is judged before anything takes its place, and its
    config, which runs commands, comes back only when its owner was shown what is in it.

    :raises UsageError: it is no backup of ours, or nobody said yes.
    """
    folder = session.folder
    if not path.is_file():
        raise UsageError(f"There is no file {path}.", "Name what `kithbook backup` wrote.")
    folder.make()
    with tempfile.TemporaryDirectory(prefix="restore-", dir=folder.path) as place:
        found = _unpack(path, Path(place))
        _judge(found, Path(place))
        _ask(folder, path, found, yes=yes)
        with store.run_lock(folder, "restore", wait):
            told = [_lay(source, _target(session, name)) for name, source in found.items()]
    say(*told, "Next: `kithbook build` works everything out again, then `kithbook sync`.")


def _sources(session: Session, folder: Folder) -> dict[str, Path]:
    places = {
        decisions.FILE_NAME: folder.path / decisions.FILE_NAME,
        CONFIG: session.config_path,
        STATE: folder.state,
    }
    return {name: place for name, place in places.items() if place.is_file()}


def _settle(folder: Folder) -> None:
    """Opened and closed, the state file holds what a killed run left in its log."""
    if folder.state.exists():
        state = store.open_state(folder)
        try:
            state.execute("checkpoint state")
        finally:
            state.close()


def _unpack(path: Path, place: Path) -> dict[str, Path]:
    """The members of our names, as files of a private folder."""
    found: dict[str, Path] = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isreg() else None
                if member.name not in MEMBERS or content is None or member.size > MOST_BYTES:
                    raise UsageError(
                        f'{path} is no backup of kithbook: it holds "{plain(member.name)}".',
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
        raise UsageError(f"{path} holds nothing of a book.", "Nothing was changed.")
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
                    f"{archive} is no backup of kithbook: {target.name} unpacks to more than "
                    f"{size(most)}.",
                    "Nothing was changed.",
                )
            file.write(piece)


def _judge(found: Mapping[str, Path], place: Path) -> None:
    """What somebody gave us is what it says it is, before anything takes its place.

    :raises UsageError: the state or the decisions are not kithbook's.
    """
    if STATE in found:
        state_layout.check(found[STATE])
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


def _lay_config(source: Path, target: Path) -> str:
    """A config runs commands and names addresses: it takes its place only when somebody says so."""
    if target.exists() and target.read_bytes() == source.read_bytes():
        return f"{target} is the same as in the backup."
    if not target.exists() and _is_wanted(source):
        _replace(source, target)
        return f"{target} is back; look whether its folders are still right."
    beside = target.with_name(target.name + ".restored")
    _replace(source, beside)
    if target.exists():
        return f"{target} stays; the backup's is beside it: {beside.name}."
    return (
        f"The backup's config is in {beside}. It says which commands are run and which addresses "
        f"are asked: read it, then mv {beside} {target}"
    )


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


QUIET_SECTIONS = ("owner", "circle", "tasks", "rules")
"""What they say runs nothing and asks nobody."""


def _joined(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _replace(source: Path, target: Path) -> None:
    """A copy in the very place, whatever has the name: no link is followed."""
    draft = target.with_name(f".{target.name}.{uuid4().hex[:8]}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(source.read_bytes())
    draft.replace(target)


def _target(session: Session, name: str) -> Path:
    return session.config_path if name == CONFIG else session.folder.path / name


def _lay(source: Path, target: Path) -> str:
    """Put a file in its place, the old one beside it; the config only where none is."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = target.with_name(f"{target.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    source.chmod(0o600)
    if source.name == CONFIG:
        return _lay_config(source, target)
    log = target.with_name(target.name + ".wal")
    if log.exists():
        log.replace(log.with_name(f"{log.name}.before"))
    kept = ""
    if target.exists():
        target.replace(aside)
        kept = f" (what was there: {aside.name})"
    source.replace(target)
    return f"{target} is back{kept}."
