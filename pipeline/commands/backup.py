"""`kithbook backup`: decisions, config and state in one file, 0600.

What can be worked out again (the published file) and what opens an account (tokens, passwords) is
not in it. `restore` takes members of these exact names and nothing else from the archive.
"""

import tarfile
from pathlib import Path
from typing import Annotated

import typer

from connectors.errors import StorageError, UsageError
from pipeline.book import decisions, run_lock, state_file
from pipeline.book.folder import Folder
from pipeline.command_session import Session
from pipeline.commands.options import Force, Wait
from pipeline.terminal import output_file
from pipeline.terminal.printing import say
from pipeline.terminal.terminal_text import size

STATE = "state.duckdb"
CONFIG = "config.toml"
MEMBERS = (decisions.FILE_NAME, CONFIG, STATE)


def command(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A .tar.gz to write.")],
    force: Force = False,
    wait: Wait = False,
) -> None:
    """Decisions, config and state into one file, for you alone.

    Example: kithbook backup ~/kithbook.tar.gz
    """
    backup(context.obj, file.expanduser(), force=force, wait=wait)


def backup(session: Session, path: Path, *, force: bool = False, wait: bool = False) -> None:
    """Write the backup; with `force` an older one is replaced when the new one is whole.

    :raises UsageError: there is nothing to back up, or a file of that name.
    :raises LockHeld: a run is working. :raises StorageError: the file cannot be written.
    """
    folder = session.folder
    sources = _sources(session, folder)
    if not sources:
        raise UsageError(f"There is nothing in {folder.path} to back up.", "`kithbook status`")
    output_file.check(path, force=force)
    try:
        with run_lock.acquire(folder, "backup", wait):
            _settle(folder)
            with (
                output_file.written_whole(path, force=force) as draft,
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
        state = state_file.open_state(folder)
        try:
            state.execute("checkpoint state")
        finally:
            state.close()
