"""What the user says of one person: each function appends one decision and says what will follow.

Nothing here takes the run lock. The person is looked up in the published file; the decision names
them by the keys of their records, and the next build reads it.
"""

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connectors.errors import UsageError
from pipeline import people
from pipeline.book import decisions
from pipeline.book.decisions import Decision, Who
from pipeline.session import Session
from pipeline.terminal import days, durations, printing
from pipeline.terminal.terminal_text import count, day, plain

if TYPE_CHECKING:
    import duckdb

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
"""What TOML takes for a key without quotes."""

OFF = "off"
"""The value of a pause that ends one."""


def log(
    session: Session,
    person: str,
    *,
    on: str | None = None,
    gave: bool = False,
    asked: bool = False,
    note: str | None = None,
) -> Decision:
    """They were in touch on that day (today by default); a favour may have gone either way.

    :raises UsageError: both gave and asked, no such person, no such day.
    """
    if gave and asked:
        raise UsageError("--gave and --asked do not go together.", "Log them one after the other.")
    with session.published() as connection:
        who = whom(connection, person)
        today = today_of(session, connection)
    when = days.past(on, today) if on else today
    value = "gave" if gave else "asked" if asked else None
    favour = {"gave": ", you gave", "asked": ", you asked", None: ""}[value]
    said = Decision("log", who=who, from_date=when, value=value, note=note)
    return say(session, said, f"In touch with {plain(who.name)} on {day(when, today)}{favour}.")


def snooze(session: Session, person: str, until: str) -> Decision:
    """No reminder about them before that day."""
    with session.published() as connection:
        who = whom(connection, person)
        today = today_of(session, connection)
    when = days.coming(until, today)
    said = Decision("snooze", who=who, until_date=when)
    return say(session, said, f"No reminder about {plain(who.name)} before {day(when, today)}.")


def mute(session: Session, person: str) -> Decision:
    """No reminders about them."""
    return _of(session, "mute", person, "No more reminders about {}; `kithbook wake` undoes that.")


def rest(session: Session, person: str) -> Decision:
    """Out of every view."""
    return _of(
        session,
        "rest",
        person,
        "{} is out of every list from now on, their task goes with the next sync; `kithbook wake`"
        " brings them back. `kithbook query` shows the file, which follows with the next build.",
    )


def wake(session: Session, person: str) -> Decision:
    """Back from mute or rest."""
    from pipeline.book import resting_people

    who = resting_people.whom(session, person)
    words = f"{plain(who.name)} is back, with reminders."
    return say(session, Decision("wake", who=who), words)


def every(session: Session, person: str, span: str) -> Decision:
    """The cadence that the user wants."""
    wanted = durations.days(span)
    with session.published() as connection:
        who = whom(connection, person)
    said = Decision("every", who=who, every_days=wanted)
    return say(session, said, f"In touch with {plain(who.name)} every {durations.every(wanted)}.")


def circle(session: Session, person: str, name: str) -> Decision:
    """Into a circle, spelt as it is known already."""
    wanted = plain(name).strip()
    if not wanted:
        raise UsageError("Which circle?", "Example: kithbook circle ana mentors")
    with session.published() as connection:
        who = whom(connection, person)
        known = connection.execute(
            "select circle, every_days, is_in_touch from main.circles where lower(circle) = $1",
            [wanted.lower()],
        ).fetchone()
    name, cadence, in_touch = known or (wanted, None, False)
    lines = [f"{plain(who.name)} is in the circle {plain(name)}."]
    if not known or not (cadence or in_touch):
        key = plain(name) if BARE_KEY.fullmatch(plain(name)) else f'"{plain(name)}"'
        lines.append(
            f'No cadence yet: write `every = "3 months"` under [circle.{key}] in the config.'
        )
    return say(session, Decision("circle", who=who, value=name), *lines)


def pause(session: Session, span: str) -> Decision:
    """All on hold until a day, or `off`."""
    with session.published() as connection:
        today = today_of(session, connection)
    if span.strip().lower() == "off":
        # A pause until today holds nothing back, and the newest one counts.
        said = Decision("pause", until_date=today, value=OFF)
        return say(session, said, "The pause is over; reminders come back one by one.")
    until = days.coming(span, today)
    said = Decision("pause", until_date=until)
    return say(
        session,
        said,
        f"On hold until {day(until, today)}: no new reminders, and untouched tasks are taken back.",
        "`kithbook pause off` ends it sooner.",
    )


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


def _of(session: Session, verb: str, person: str, words: str) -> Decision:
    with session.published() as connection:
        who = whom(connection, person)
    return say(session, Decision(verb, who=who), words.format(plain(who.name)))
