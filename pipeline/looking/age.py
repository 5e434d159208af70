"""How old the book is: the one place that says so."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipeline.session import Session
from pipeline.text import day

if TYPE_CHECKING:
    import duckdb

OLD = timedelta(days=2)
"""A nightly run may fail once."""

UNITS = (("year", 365.25, 730), ("month", 30.4375, 61), ("week", 7, 14))
"""Each with its days, and from how many days on it is the unit that people would take."""


def book_age(session: Session, connection: "duckdb.DuckDBPyConnection") -> timedelta:
    """From the instant of which the book tells until now; none for who asks for another day."""
    now = datetime.now(UTC)
    row = connection.execute("select epoch_us(as_of) from main.settings").fetchone()
    if session.day() is not None or not row:
        return timedelta()
    return max(now - datetime.fromtimestamp(row[0] / 1e6, UTC), timedelta())


def stale_line(session: Session, connection: "duckdb.DuckDBPyConnection") -> str:
    """What to know before one reads on in a book older than two days; else empty."""
    age = book_age(session, connection)
    if age < OLD:
        return ""
    row = connection.execute("select as_of_date, time_zone from main.settings").fetchone()
    since = day(row[0], datetime.now(ZoneInfo(row[1])).date()) if row else ""
    if session.config_path.exists():
        return f"As of {ago(age)}: the nightly run has not run since {since} (`kithbook sync`)."
    return f"As of {ago(age)}, {since}: `kithbook build` makes it today's."


def ago(age: timedelta) -> str:
    """An age as people say it: 3 days ago, 2 weeks ago, 5 months ago, 2 years ago."""
    for unit, length, least in UNITS:
        if age.days >= least:
            return f"{int(age.days / length)} {unit}s ago"
    return "today" if age.days < 1 else "yesterday" if age.days == 1 else f"{age.days} days ago"
