"""Attendees that a source left out of an event are not gone: those known from before stay.

Google hands out only the owner's own entry of very large meetings, and of some shared ones, and
says so (`attendeesOmitted`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from connectors.contract import Attendee, Meeting
from pipeline.book.queries import query

if TYPE_CHECKING:
    import duckdb

Occurrence = tuple[str, str]
"""UID and recurrence_id."""


def keep_known(
    connection: "duckdb.DuckDBPyConnection",
    meetings: Mapping[str, Sequence[Meeting]],
    item_ids: Sequence[int],
) -> Mapping[str, Sequence[Meeting]]:
    """The meetings of these items, with the attendees of before where some were left out.

    Call it before the old rows of raw.meetings are deleted.
    """
    if not any(one.are_attendees_omitted for some in meetings.values() for one in some):
        return meetings
    known: dict[Occurrence, list[Attendee]] = {}
    rows = connection.execute(query("events_known_guests"), [list(item_ids)]).fetchall()
    for uid, recurrence_id, *guest in rows:
        known.setdefault((uid, recurrence_id), []).append(Attendee(*guest))
    return {
        href: [_with(one, known.get((one.uid, one.recurrence_id), ())) for one in some]
        for href, some in meetings.items()
    }


def _with(meeting: Meeting, known: Sequence[Attendee]) -> Meeting:
    if not meeting.are_attendees_omitted:
        return meeting
    named = {attendee.email for attendee in meeting.attendees}
    missing = tuple(attendee for attendee in known if attendee.email not in named)
    return replace(meeting, attendees=meeting.attendees + missing)
