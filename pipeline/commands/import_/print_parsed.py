"""`import --dry-run`: what is in a file, as read, without writing anything down.

With --json a line for each card and, for calendars, each occurrence (DESIGN section 16).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from connectors.contract import Contact, Item, Meeting, PartialDate, Reject, Window
from connectors.errors import UsageError
from pipeline.config import Config, Source
from pipeline.sync import expand_series
from pipeline.sync.fetch import connect
from pipeline.terminal.printing import json_line, say, show

NAMELESS = "no-uid-"
"""Begins the name that connectors.ical gives an event without UID."""


def print_as_read(
    config: Config, sources: Sequence[Source], now: datetime, first: str | None, last: str | None
) -> int:
    """Print every card and occurrence as JSON, one a line; what could not be read on stderr.

    Occurrences from `first` on and before `last`: days or instants, all there are without.
    Returns how many whole items could not be read.
    """
    window = window_of(first, last, now, config.owner.zone)
    lost = 0
    for source in sources:
        for row in rows(config, source, window):
            if isinstance(row, Reject):
                lost += not row.is_warning
                say(json_line(reject_row(source, row)))
            else:
                show(json_line(row))
    return lost


def rows(config: Config, source: Source, window: Window) -> Iterator[dict[str, Any] | Reject]:
    """Cards, occurrences and rejects of a source, in the order in which they are read."""
    connector = connect(source, config)
    for collection in connector.collections():
        for page in connector.pull(collection, None, {}):
            yield from page.rejects
            for item in page.items:
                if item.contact:
                    yield card_row(item.contact)
                elif item.kind == "event":
                    yield from occurrence_rows(item, window, config.owner.zone)


def occurrence_rows(
    item: Item, window: Window, zone: ZoneInfo
) -> Iterator[dict[str, Any] | Reject]:
    """The occurrences of one event within the window, and what of it could not be read."""
    found = expand_series.expand_within([expand_series.stored(item)], window, zone)
    yield from found.rejects
    for meetings in found.meetings.values():
        yield from (meeting_row(meeting) for meeting in meetings)


def card_row(contact: Contact) -> dict[str, Any]:
    """A card in plain JSON."""
    return {
        "uid": contact.uid,
        "kind": contact.kind,
        "fn": contact.full_name,
        "given": contact.given,
        "family": contact.family,
        "middle": contact.middle,
        "prefix": contact.prefix,
        "suffix": contact.suffix,
        "nicknames": list(contact.nicknames),
        "emails": values(contact.emails),
        "phones": values(contact.phones),
        "extensions": [one.extension for one in contact.phones],
        "urls": values(contact.urls),
        "org": contact.organization,
        "department": contact.department,
        "title": contact.title,
        "role": contact.role,
        "birthday": date_text(contact.birthday),
        "anniversary": date_text(contact.anniversary),
        "categories": list(contact.categories),
        "members": list(contact.members),
        "note": contact.note,
        "related": [{"name": one.name, "label": one.label} for one in contact.related],
        "has_photo": contact.has_photo,
        "extra": [{"name": name, "value": value} for name, value in contact.extra],
    }


def meeting_row(meeting: Meeting) -> dict[str, Any]:
    """An occurrence in plain JSON: instants in UTC, days as days, the end exclusive."""
    return {
        "uid": None if meeting.uid.startswith(NAMELESS) else meeting.uid,
        "start": moment(meeting.starts_at, meeting.start_date),
        "end": moment(meeting.ends_at, meeting.end_date),
        "all_day": meeting.is_all_day,
        "summary": meeting.summary,
        "attendees": [one.email for one in meeting.attendees if one.email],
        "organizer": meeting.organizer.email if meeting.organizer else None,
        "status": meeting.status.upper(),
    }


def reject_row(source: Source, reject: Reject) -> dict[str, Any]:
    """What could not be read, in plain JSON."""
    return {
        "source": source.name,
        "item": reject.href,
        "place": reject.position,
        "reason": reject.reason,
        "is_warning": reject.is_warning,
    }


def values(points: Iterable[Any]) -> list[str]:
    """The bare values of contact points."""
    return [one.value for one in points]


def date_text(partial: PartialDate | None) -> str | None:
    """1985-04-12, --04-12, --04, ---12, 1985-04, 1985, or the card's own words."""
    if not partial:
        return None
    year, month, day = partial.year, partial.month, partial.day
    if year is None and month is None and day is None:
        return partial.text
    if year is None:
        return f"--{month:02}" + (f"-{day:02}" if day else "") if month else f"---{day:02}"
    return f"{year:04}" + (f"-{month:02}" + (f"-{day:02}" if day else "") if month else "")


def moment(instant: datetime | None, day: date | None) -> str | None:
    """An instant in UTC or a day, as ISO 8601."""
    if instant:
        return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return day.isoformat() if day else None


def window_of(first: str | None, last: str | None, now: datetime, zone: ZoneInfo) -> Window:
    """From `first` on and before `last`: days in the owner's zone, or instants.

    :raises UsageError: one of them is not a date.
    """
    try:
        start = instant_of(first, zone) if first else expand_series.EPOCH
        end = instant_of(last, zone) if last else now + expand_series.HORIZON
    except ValueError as error:
        raise UsageError(
            f"--from and --to are days, or instants of ISO 8601: {error}.",
            'Write them like "2026-09-01".',
        ) from error
    return Window(start, end)


def instant_of(text: str, zone: ZoneInfo) -> datetime:
    """A day (its beginning in the owner's zone) or an instant, in UTC."""
    found = datetime.fromisoformat(text)
    if len(text) == len("2026-09-01"):
        found = datetime.combine(found.date(), time(0), zone)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=zone).astimezone(UTC)
