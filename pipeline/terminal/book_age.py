"""How old the book is: the one place that says so."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipeline.book import run_log
from pipeline.command_session import Session
from pipeline.terminal.terminal_text import day

if TYPE_CHECKING:
    import duckdb

OLD = timedelta(days=2)
"""A nightly run may fail once."""

UNITS = (("year", 365.25, 730), ("month", 30.4375, 61), ("week", 7, 14))
"""Each with its days, and from how many days on it is the unit that people would take."""


def book_age(session: Session, connection: "duckdb.DuckDBPyConnection") -> timedelta:
    """From the instant of which the book tells until now; none for who asks for another day.

    A run that found nothing new publishes nothing: the book is then of that run's instant.
    """
    now = datetime.now(UTC)
    row = connection.execute("select epoch_us(as_of) from main.settings").fetchone()
    if session.day() is not None or not row:
        return timedelta()
    as_of = datetime.fromtimestamp(row[0] / 1e6, UTC)
    if now - as_of >= OLD:
        as_of = max(as_of, run_log.last_good_at(run_log.read(session.folder)) or as_of)
    return max(now - as_of, timedelta())


def stale_line(session: Session, connection: "duckdb.DuckDBPyConnection") -> str:
    """What to know before one reads on in a book older than two days; else empty."""
    age = book_age(session, connection)
    if age < OLD:
        return ""
    row = connection.execute("select time_zone from main.settings").fetchone()
    now = datetime.now(ZoneInfo(row[0] if row else "UTC"))
    since = day((now - age).date(), now.date())
    if has_run_since(session, now - age):
        return f"As of {ago(age)}: no run has succeeded since {since} (`kithbook status`)."
    if session.config_path.exists():
        return f"As of {ago(age)}: the nightly run has not run since {since} (`kithbook sync`)."
    return f"As of {ago(age)}, {since}: `kithbook build` makes it today's."


def has_run_since(session: Session, instant: datetime) -> bool:
    """Whether a run began a day and more after that instant, however it ended."""
    last = run_log.read(session.folder)[-1:]
    return any(line.started_at - instant > timedelta(days=1) for line in last)


def ago(age: timedelta) -> str:
    """An age as people say it: 3 days ago, 2 weeks ago, 5 months ago, 2 years ago."""
    for unit, length, least in UNITS:
        if age.days >= least:
            return f"{int(age.days / length)} {unit}s ago"
    return "today" if age.days < 1 else "yesterday" if age.days == 1 else f"{age.days} days ago"
