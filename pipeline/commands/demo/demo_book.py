"""A fictional book to try kithbook on: two exports of contacts, a calendar, a config.

Nora Keller lives in Berlin with Jonas, designs harbour software and sings alto. family.vcf is what
her phone exports (vCard 3.0), work.vcf what her office program exports (vCard 2.1), calendar.ics
three years of her calendar up to the week of `PRESENT` and a few weeks beyond. Everybody is
invented; all domains are reserved (RFC 2606, RFC 6761), all numbers set aside for fiction.
"""

import re
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from connectors import file_modes_and_fsync
from connectors.errors import UsageError

PRESENT = date(2026, 11, 16)
"""The Monday of the week in which the bundled calendar's "now" lies."""

LOCAL_TIMES = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE", "DTSTAMP"})
MOMENT = re.compile(r"(?<!\d)(\d{8})(?=T\d{6}|\D|$)")
UNTIL = re.compile(r"(?<=UNTIL=)(\d{8})")
FIRST_START = re.compile(r"\nDTSTART;TZID=[^:]*:(\d{8})")
EVENT = re.compile(r"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", re.DOTALL)


def write(folder: Path, today: date) -> None:
    """Lay the book out in a folder as if the present of its calendar were this week.

    What is there stays, so that somebody can try things out in it; only a calendar that nobody
    edited moves on with the weeks.

    :raises UsageError: the folder holds something else.
    """
    _make(folder)
    for name in ("family.vcf", "work.vcf", "config.toml"):
        if not (folder / name).exists():
            (folder / name).write_bytes(_bundled(name))
            file_modes_and_fsync.keep_private(folder / name)
    bundled = _bundled("calendar.ics").decode()
    moved = shifted(bundled, weeks_between(PRESENT, today)).encode()
    calendar = folder / "calendar.ics"
    there = calendar.read_bytes() if calendar.exists() else b""
    if there != moved and (not there or _is_unedited(there, bundled)):
        calendar.write_bytes(moved)
        file_modes_and_fsync.keep_private(calendar)
    (folder / "tasks").mkdir(mode=0o700, exist_ok=True)


def weeks_between(present: date, today: date) -> int:
    """Whole weeks to move `present` by, so that it is the Monday of the week of `today`."""
    return (today - present).days // 7


def shifted(calendar: str, weeks: int) -> str:
    """The calendar moved by whole weeks, so that weekdays and wall-clock times stay.

    Every date of an event moves: start, end, exceptions, moved instances, UNTIL. Time zones do
    not, nor do yearly events: a birthday is a date, not a distance from today. A rule that ends
    does so at the end of a day, so that no change of the clocks cuts its last meeting off.
    """
    return EVENT.sub(lambda event: _shifted_event(event[0], timedelta(weeks=weeks)), calendar)


def _shifted_event(event: str, by: timedelta) -> str:
    if "RRULE:FREQ=YEARLY" in event:
        return event
    lines = event.split("\r\n")
    for number, line in enumerate(lines):
        name_and_parameters, _, value = line.partition(":")
        name = name_and_parameters.partition(";")[0]
        if name in LOCAL_TIMES:
            moved = MOMENT.sub(lambda found: _moved(found[1], by), value)
            lines[number] = f"{name_and_parameters}:{moved}"
        elif name == "RRULE":
            lines[number] = UNTIL.sub(lambda found: _moved(found[1], by), line)
    return "\r\n".join(lines)


def _moved(day: str, by: timedelta) -> str:
    """19870223 → the day that lies `by` later, in the same form."""
    return f"{datetime.strptime(day, '%Y%m%d').date() + by:%Y%m%d}"  # noqa: DTZ007 (no clock in it)


def _is_unedited(there: bytes, bundled: str) -> bool:
    """Whether it is the bundled calendar, moved by however many weeks."""
    begins = FIRST_START.search(there.decode(errors="replace"))
    began = FIRST_START.search(bundled)
    if not begins or not began:
        return False
    days = (date.fromisoformat(begins[1]) - date.fromisoformat(began[1])).days
    return shifted(bundled, days // 7).encode() == there


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_strange = any(folder.iterdir()) and not (folder / "family.vcf").exists()
    except OSError as error:
        raise UsageError(
            f"The demo cannot be laid out in {folder}: {error.strerror}. Nothing was written.",
            "Name another folder: `kithbook demo --folder DIR`.",
        ) from error
    if is_strange:
        raise UsageError(
            f"{folder} holds something else than a demo; nothing was written there.",
            "Name a new or empty folder: `kithbook demo --folder DIR`.",
        )


def _bundled(name: str) -> bytes:
    return files(__package__).joinpath(name).read_bytes()
