"""`export birthdays FILE.ics`: birthdays as a calendar (RFC 5545), to be subscribed to or imported.

An event a person, every year, with an alarm some days before and one on the day. No year is made
up: the series begins with the next birthday, and a year of birth stands in the notes where a card
has one. 29 February is the last day of February in plain years. Nobody who died is in it.
"""

from collections.abc import Iterator
from typing import Any

from connectors.ical.line_writer import escaped, folded
from pipeline.book.queries import query
from pipeline.command_session import Session, rows_as_dicts
from pipeline.terminal.terminal_text import plain

MORNING = "PT9H"
"""When the alarm of the day itself rings, from its beginning."""


def birthday_calendar(session: Session) -> Iterator[tuple[str, int]]:
    """The file piece by piece, each with how many birthdays are in it."""
    with session.looking() as connection:
        rows = rows_as_dicts(connection.execute(query("export_birthdays")))
    yield _lines("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//kithbook//birthdays//EN"), 0
    yield from ((_lines(*_event(row)), 1) for row in rows)
    yield _lines("END:VCALENDAR"), 0


def _event(row: dict[str, Any]) -> Iterator[str]:
    name = plain(row["display_name"])
    day = f"{row['next_date']:%Y%m%d}"
    yield "BEGIN:VEVENT"
    yield f"UID:birthday-{row['person_id']}@kithbook"
    yield f"DTSTAMP:{row['stamp']}"
    yield f"DTSTART;VALUE=DATE:{day}"
    yield f"SUMMARY:{escaped(f'Birthday: {name}')}"
    if row["birth_year"]:
        yield f"DESCRIPTION:Born in {row['birth_year']}."
    yield (
        "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1" if row["is_leap_day"] else "RRULE:FREQ=YEARLY"
    )
    yield "CATEGORIES:Birthday"
    yield "TRANSP:TRANSPARENT"
    for trigger in (f"-P{row['lead_days']}D", MORNING):
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:{trigger}")
        yield f"DESCRIPTION:{escaped(f'Birthday: {name}')}"
        yield "END:VALARM"
    yield "END:VEVENT"


def _lines(*lines: str) -> str:
    return b"".join(folded(line, b"\r\n") for line in lines).decode()
