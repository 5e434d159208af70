"""`kithbook backup` and `restore`: decisions, config and state in one file, 0600.

What can be worked out again (the published file) and what opens an account (tokens, passwords) is
not in it. `restore` takes members of these exact names and nothing else from the archive.
"""

import shutil
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from pipeline import decisions, outfile, store
from pipeline.errors import DISK_ERRORS, StorageError, UsageError
from pipeline.folder import Folder
from pipeline.printing import confirm, say
from pipeline.session import Session
from pipeline.text import plain, size

STATE = "state.duckdb"
CONFIG = "config.toml"
MEMBERS = (decisions.FILE_NAME, CONFIG, STATE)

MOST_BYTES = 64 * 2**30
"""More than that is no state file of a person's book."""


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
                outfile.written_whole(path) as draft,
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

    :raises UsageError: it is no backup of ours, or nobody said yes.
    """
    folder = session.folder
    if not path.is_file():
        raise UsageError(f"There is no file {path}.", "Name what `kithbook backup` wrote.")
    folder.make()
    with tempfile.TemporaryDirectory(prefix="restore-", dir=folder.path) as place:
        found = _unpack(path, Path(place))
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
                with (place / member.name).open("wb") as file:
                    shutil.copyfileobj(content, file)
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


def _target(session: Session, name: str) -> Path:
    return session.config_path if name == CONFIG else session.folder.path / name


def _lay(source: Path, target: Path) -> str:
    """Put a file in its place, the old one beside it; the config only where none is."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = target.with_name(f"{target.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    source.chmod(0o600)
    if source.name == CONFIG:
        if target.exists():
            if target.read_bytes() == source.read_bytes():
                return f"{target} is the same as in the backup."
            beside = target.with_name(target.name + ".restored")
            shutil.copyfile(source, beside)
            beside.chmod(0o600)
            return f"{target} stays; the backup's is beside it: {beside.name}."
        shutil.copyfile(source, target)
        target.chmod(0o600)
        return f"{target} is back; look whether its folders are still right."
    log = target.with_name(target.name + ".wal")
    if log.exists():
        log.replace(log.with_name(f"{log.name}.before"))
    kept = ""
    if target.exists():
        target.replace(aside)
        kept = f" (what was there: {aside.name})"
    source.replace(target)
    return f"{target} is back{kept}."
