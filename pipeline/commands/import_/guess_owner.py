"""Whose book it is, before there is a config: the commonest attendee, or the user's word."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from connectors.errors import UsageError
from pipeline.book import decisions
from pipeline.book.queries import query
from pipeline.command_session import Session
from pipeline.config import EMAIL, REPLACED_PREFIX, Config
from pipeline.terminal.printing import ask, say
from pipeline.terminal.terminal_text import count, plain

if TYPE_CHECKING:
    import duckdb

SURE = 0.5
"""The commonest attendee is taken to be the owner, unasked, from this share of meetings on."""

NEARLY = 0.9
"""Who is in this share of the commonest attendee's meetings might be the owner as well."""

HINT = "`kithbook import FILE… --me ADDRESS`"


@dataclass(frozen=True, slots=True)
class Again:
    """What an error says that ends the command before it knows whose book it is."""

    command: str
    """As typed, and how to say it the next time."""
    is_kept: bool
    """What was read stays; in a rehearsal it does not."""

    def error(self, said: str) -> UsageError:
        """What is missing, what became of what was read, and what to type."""
        kept = "What was read is kept; nothing was published." if self.is_kept else ""
        return UsageError(f"{said} {kept}".strip(), f"Say which address is yours: {self.command}")


def with_owner(
    session: Session,
    state: "duckdb.DuckDBPyConnection",
    config: Config,
    me: str | None,
    again: Again,
) -> Config:
    """The config with an owner who has an e-mail: as said, configured, guessed or asked for."""
    if config.owner.emails and not me:
        return config
    email = address(me) if me else guess(state, again)
    if not email:
        return config
    decisions.append(session.folder.path, decisions.Decision("me", value=email))
    return replace(config, owner=replace(config.owner, emails=(email, *config.owner.emails)))


def address(me: str) -> str:
    """The address that the user says is theirs.

    :raises UsageError: it is none.
    """
    if not EMAIL.fullmatch(me.strip()):
        raise UsageError(f'"{plain(me)}" is not an e-mail address.', f"Say it again: {HINT}")
    return me.strip().lower()


def guess(state: "duckdb.DuckDBPyConnection", again: Again) -> str | None:
    """Who the owner probably is: the commonest attendee; asks on a terminal.

    :raises UsageError: not clear, and nobody to ask.
    """
    rows = state.execute(query("import_commonest"), [REPLACED_PREFIX]).fetchall()
    row = state.execute(query("import_met"), [REPLACED_PREFIX]).fetchone()
    met = int(row[0]) if row else 0
    if not rows:
        return None
    likely = [row for row in rows if row[1] >= rows[0][1] * NEARLY]
    # Two who are always together (a couple, a team) are told apart by who calls the meetings.
    organisers = [row for row in likely if row[2] > met * SURE]
    first = organisers[0] if len(likely) > 1 and organisers else rows[0]
    email, times = str(first[0]), int(first[1])
    is_sure = times > met * SURE and (len(likely) == 1 or bool(organisers))
    if sys.stdin.isatty():
        said = _seems(email, times, met) if is_sure else f"Whose book is this? {_most_met(rows)}"
        return _ask_owner(said, email if is_sure else None, again)
    if is_sure:
        say(f"{_seems(email, times, met)} If not, say who you are: {again.command}")
        return email
    raise again.error(f"Whose book is this? {_most_met(rows)}")


def _seems(email: str, times: int, met: int) -> str:
    """Who the owner probably is, and why."""
    return f"You seem to be {plain(email)}: in {times:,} of {count(met, 'meeting')}."


def _most_met(rows: Sequence[tuple[Any, ...]]) -> str:
    """Who is in most meetings, in a sentence."""
    first = rows[0][1]
    if all(row[1] == first for row in rows):
        names = ", ".join(plain(row[0]) for row in rows)
        if len(rows) == 1:
            return f"{names} is in {count(first, 'meeting')}."
        return f"No one is in more meetings than others: {names} ({count(first, 'meeting')} each)."
    names = ", ".join(f"{plain(row[0])} ({row[1]:,})" for row in rows)
    return f"In most meetings are {names}."


def _ask_owner(said: str, likely: str | None, again: Again) -> str:
    """The address typed in answer, or the likely one for Enter alone."""
    question = f"{said} Enter if so, or your address: " if likely else f"{said} Your address: "
    while True:
        try:
            answer = ask(question).lower()
        except EOFError as error:
            raise again.error(f"{said} Nobody said whose it is.") from error
        if likely and not answer:
            return likely
        if EMAIL.fullmatch(answer):
            return answer
        said_wrong = f'"{plain(answer)}" is not an e-mail address. ' if answer else ""
        question = f"{said_wrong}Your address: "
