"""Whom no list names: those at rest, found by what was said of them or in the layers of a build.

The published file has nobody at rest. Whom the user put to rest stands in decisions.jsonl by name
and keys. Who rests otherwise (their last card was deleted) is found in the state, from which the
layers up to identity are made in memory; a run that works holds it, and then that has to wait.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline import people
from pipeline.book import build, run_lock, state_file, store
from pipeline.book.decisions import Who
from pipeline.book.decisions_since_build import put_to_rest
from pipeline.command_session import Session

if TYPE_CHECKING:
    import duckdb

TABLES = (people.LAYERS.people, people.LAYERS.records, people.LAYERS.ranks)


@contextmanager
def layers(
    session: Session, command: str, tables: Sequence[str], *, wait: bool = False
) -> Iterator["duckdb.DuckDBPyConnection"]:
    """These tables of the layers, made in memory; the state is let go of before they are read.

    :raises LockHeld: a run is working.
    """
    session.published().close()
    config, folder = session.config_or_guess(), session.folder
    with run_lock.acquire(folder, command, wait):
        state_file.open_state(
            folder, config.owner.time_zone
        ).close()  # in the layout of this version
        connection = store.open_layers(folder, config.owner.time_zone)
        try:
            build.build_layers(connection, config, folder, session.now(config.owner.zone), tables)
            connection.execute("detach state")
        except BaseException:
            connection.close()
            raise
    try:
        yield connection
    finally:
        connection.close()


def whom(session: Session, text: str) -> Who:
    """Whom the text means, muted or at rest.

    :raises UsageError: nobody, or several. :raises LockHeld: only the state can tell, and a run
        holds it.
    """
    said = [who for who in put_to_rest(session.folder.path) if is_meant(who, text)]
    with session.published() as connection:
        listed = people.matches(connection, text)
        if not said and len(listed) == 1 and people.is_muted(connection, listed[0][0]):
            return people.who(connection, listed[0][0])
    if len(said) == 1 and not listed:
        return said[0]
    with layers(session, "wake", TABLES) as connection:
        found = people.find(connection, text, people.LAYERS)
        return people.who(connection, found, people.LAYERS)


def is_meant(who: Who, text: str) -> bool:
    """By an e-mail, or by every word of the text as a word of the name."""
    wanted = text.strip().casefold()
    if f"email {wanted}" in who.keys:
        return True
    words = wanted.split()
    return bool(words) and set(words) <= set(who.name.casefold().split())
