"""A decision is noted, and told with what follows of it; for every command that takes one.

Nothing here takes the run lock. The person is looked up in the published file; the decision names
them by the keys of their records, and the next build reads it.
"""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connectors.errors import UsageError
from pipeline import people
from pipeline.book import decisions
from pipeline.book.decisions import Decision, Who
from pipeline.command_session import Session
from pipeline.terminal import printing
from pipeline.terminal.terminal_text import count, plain

if TYPE_CHECKING:
    import duckdb


def say(session: Session, said: Decision, *lines: str) -> Decision:
    """Note a decision and tell what follows; words, so on stderr."""
    # A line that cannot be read stops every build: say so before another stands behind it.
    list(decisions.read(session.folder.path))
    stamped = decisions.append(session.folder.path, said, clock(session))
    printing.say(
        *lines,
        "Noted; the next sync (or `kithbook build`) applies it, "
        f"`kithbook undo {stamped.decision_id}` takes it back.",
    )
    return stamped


def of_one(session: Session, verb: str, person: str, words: str) -> Decision:
    """Note what needs no more than a person; `{}` in the words is their name."""
    with session.published() as connection:
        who = whom(connection, person)
    return say(session, Decision(verb, who=who), words.format(plain(who.name)))


def noted(answers: int) -> list[str]:
    """What follows when several things were said one after the other."""
    if not answers:
        return ["Nothing was noted."]
    them = "it" if answers == 1 else "them"
    said = f"{count(answers, 'answer')} noted; the next sync (or `kithbook build`) applies {them}, "
    return [said + "`kithbook undo` takes back the last."]


def whom(connection: "duckdb.DuckDBPyConnection", text: str) -> Who:
    """Whom the text means, as a decision names them."""
    return people.who(connection, people.find(connection, text))


def two_people(session: Session, person: str, other: str) -> tuple[Who, Who]:
    """Both, as a decision names them.

    :raises UsageError: no such person, or both are one entry.
    """
    with session.published() as connection:
        ids = [people.find(connection, text) for text in (person, other)]
        if ids[0] == ids[1]:
            raise UsageError(
                f'"{plain(person)}" and "{plain(other)}" are the same entry.',
                "Nothing was changed; give the ids to be exact.",
            )
        return people.who(connection, ids[0]), people.who(connection, ids[1])


def today_of(session: Session, connection: "duckdb.DuckDBPyConnection") -> date:
    """Today where the owner is, by the clock or --as-of; the config need not be read for it."""
    zone = _zone_of(connection)
    return session.now(zone).astimezone(zone).date()


def clock(session: Session) -> datetime:
    """When it is said: now; with --as-of this time on that day, so that the later word wins."""
    now = datetime.now(UTC)
    day = session.day()
    if day is None:
        return now
    with session.published() as connection:
        here = now.astimezone(_zone_of(connection))
    return here.replace(year=day.year, month=day.month, day=day.day).astimezone(UTC)


def _zone_of(connection: "duckdb.DuckDBPyConnection") -> ZoneInfo:
    """Where the owner is, by the published file."""
    row = connection.execute("select time_zone from main.settings").fetchone()
    return ZoneInfo(str(row[0])) if row else ZoneInfo("UTC")
