"""`import --dry-run`: the import on a copy of the book: what would come, and who would join."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.book import decisions, run_lock, state_file, store
from pipeline.book.folder import Folder, wal
from pipeline.book.queries import query
from pipeline.command_session import Session
from pipeline.commands.import_.import_files import Intake
from pipeline.commands.import_.import_plan import Wanted
from pipeline.commands.import_.undo_import import undo
from pipeline.config import IMPORT_PREFIX
from pipeline.terminal.printing import say, show
from pipeline.terminal.terminal_text import count, plain

SHOWN = 20

REHEARSED = "Nothing was kept: this was a rehearsal."


def preview(session: Session, wanted: Wanted) -> None:
    """Print what the import would bring, and which cards would join whom. Nothing is kept."""
    with rehearsal(session, wait=wanted.wait) as shadow:
        here = _cards_here(shadow.folder)
        ran = Intake(shadow, shadow.config_or_guess(), wanted, is_rehearsal=True).bring_in()
        if ran.has_published:
            _print_joined(shadow, [outcome.source for outcome in ran.outcomes], here)
    say(REHEARSED + (" Without --dry-run it comes in." if ran.has_published else ""))


def preview_undo(session: Session, name: str, *, wait: bool = False) -> None:
    """Print what would be taken back, and what would come back. Nothing is changed.

    :raises UsageError: there is no import of that name, or several files were called so.
    """
    with rehearsal(session, wait=wait) as shadow:
        undo(shadow, name)
    say(REHEARSED)


@contextmanager
def rehearsal(session: Session, *, wait: bool) -> Iterator[Session]:
    """The same session on a copy of the book that is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="kithbook-") as name:
        shadow = Folder(Path(name))
        _copy(session.folder, shadow, wait=wait)
        yield Session(session.config_path, shadow.path, session.as_of)


def _copy(folder: Folder, shadow: Folder, *, wait: bool) -> None:
    """The state and the decisions, while nobody writes them."""
    if not folder.path.exists():
        return
    with run_lock.acquire(folder, "import --dry-run", wait):
        for path in (folder.state, wal(folder.state), folder.path / decisions.FILE_NAME):
            if path.exists():
                shutil.copy(path, shadow.path / path.name)


def _cards_here(shadow: Folder) -> list[int]:
    """The records of the cards that imports have brought already."""
    if not shadow.state.exists():
        return []
    state = state_file.open_state(shadow)
    try:
        rows = state.execute(query("import_records"), [IMPORT_PREFIX]).fetchall()
    finally:
        state.close()
    return [int(row[0]) for row in rows]


def _print_joined(rehearsal: Session, sources: list[str], here: list[int]) -> None:
    with store.published_with_state(rehearsal.folder, "import --dry-run") as connection:
        joined = connection.execute(query("import_joined"), [sources, here]).fetchall()
        row = connection.execute(query("import_cards"), [sources, here]).fetchone()
    cards, known = row or (0, 0)
    if not cards:
        return
    show(
        f"{count(cards, 'card')}: {f'{known:,} already in the book, ' if known else ''}"
        f"{len(joined):,} would join people the book has, "
        f"{cards - known - len(joined):,} would be new."
    )
    for name, card, why in joined[:SHOWN]:
        show(f"  {plain(card)} → {plain(name)} ({plain(why)})")
    if len(joined) > SHOWN:
        show(f"  … and {len(joined) - SHOWN:,} more")
