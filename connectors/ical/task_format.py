"""A task as iCalendar text: a VTODO, or an all-day VEVENT for accounts without tasks.

Reading and writing are each other's inverse for the fields of a draft. Of an existing body only
those lines change that must: what the user or another program put there stays byte for byte.
"""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from connectors.contract import Task, TaskDraft, TaskStatus
from connectors.errors import ItemConflict
from connectors.ical.components import Block, calendars, plain
from connectors.ical.event_series import moment_of
from connectors.ical.line_writer import edited, escaped, folded, said
from connectors.ical.property_values import Moment, Properties, properties, text_of, word_of
from connectors.ical.time_zones import Zones

_STATUSES: dict[str, TaskStatus] = {
    "NEEDS-ACTION": "needs-action",
    "IN-PROCESS": "in-process",
    "COMPLETED": "completed",
    "CANCELLED": "cancelled",
    "CANCELED": "cancelled",
}
_TICK_FIRST = re.compile(r"(?:[✓✔✅☑]\ufe0f?|done\b[:!.]?)", re.IGNORECASE)
_TICK_LAST = re.compile(r"(?:[✓✔✅☑]\ufe0f?|\bdone[:!.]?)$", re.IGNORECASE)
_LONGEST_TICK = 10
LONG_AGO = datetime.min.replace(tzinfo=UTC)
_REFUSED = ("ATTENDEE", "ORGANIZER")
_MARK = "X-KITHBOOK-MARK"
"""Our digests of what we wrote: no app shows it, servers and apps keep it (RFC 5545 3.8.8.2)."""


class NoTask(ValueError):
    """There is no task in a body, or none that says what it is."""


def read_task(body: bytes, zone: tzinfo = UTC) -> Task:
    """The task in a body.

    :param zone: the owner's: on whose day a DUE with a time falls.
    :raises NoTask: there is no VTODO or VEVENT with a UID.
    """
    block = _task_block(body)
    if block is None:
        raise NoTask("there is no task in it")
    uid = block.uid
    if uid is None:
        raise NoTask("it has no UID")
    read = _read_event if block.name == "VEVENT" else _read_todo
    task = read(uid, properties(block.own)[0], zone)
    if not task.is_recurring or task.status == "completed":
        return task
    # Made to repeat, it is ticked an instance at a time (Thunderbird): each is an exception of it.
    instances = [read(uid, properties(one.own)[0], zone) for one in _blocks(body, uid)]
    ticked = [one for one in instances if one.status == "completed"]
    last = max(ticked, key=lambda one: one.completed_at or LONG_AGO, default=None)
    return replace(task, status="completed", completed_at=last.completed_at) if last else task


def write_task(draft: TaskDraft, existing: bytes | None, now: datetime | None = None) -> bytes:
    """The body that says what the draft says.

    :param existing: what stands there; everything in it but the draft's fields stays.
    :param now: for DTSTAMP, LAST-MODIFIED and COMPLETED; None is the clock's.
    :raises ItemConflict: what stands there is no task, or has attendees, who would be sent mail.
    """
    now = now or datetime.now(UTC)
    if existing is None:
        return _new_body(draft, now)
    body = plain(existing)
    block = _task_block(body, draft.uid)
    if block is None or not block.is_closed:
        raise ItemConflict(
            f"What is now in the place of task {draft.uid} is not a task of ours. It was left as"
            " it is.",
            hint="Look at it in the calendar and delete it there if it is not needed.",
        )
    found, _ = properties(block.own)
    if any(name in found for name in _REFUSED):
        raise ItemConflict(
            f"The task {draft.uid} has an organizer or attendees by now: a change would send "
            "them mail. It was left alone.",
            hint="Remove them from the task in the calendar, or delete it there.",
        )
    changes = (_event_changes if block.name == "VEVENT" else _todo_changes)(draft, found, now)
    if not changes and draft.mark in ("", text_of(found, _MARK)):
        return existing
    stamp = _utc(now)
    sequence = int(word_of(found, "SEQUENCE")) if _has_number(found, "SEQUENCE") else 0
    changes |= {
        "SEQUENCE": f"SEQUENCE:{sequence + 1}",
        "DTSTAMP": f"DTSTAMP:{stamp}",
        "LAST-MODIFIED": f"LAST-MODIFIED:{stamp}",
    }
    if draft.mark:
        changes[_MARK] = f"{_MARK}:{draft.mark}"
    return body.replace(block.whole, edited(block.whole, changes), 1)


def _task_block(body: bytes, uid: str | None = None) -> Block | None:
    blocks = _blocks(body, uid)
    # An exception of a recurring task comes after the task it is one of.
    blocks.sort(key=lambda block: (block.name == "VEVENT", b"RECURRENCE-ID" in block.own.upper()))
    return blocks[0] if blocks else None


def _blocks(body: bytes, uid: str | None) -> list[Block]:
    return [
        block
        for calendar in calendars(body)
        for block in calendar.blocks
        if block.name in ("VTODO", "VEVENT") and (uid is None or block.uid == uid)
    ]


# --- reading ------------------------------------------------------------------------------


def _read_todo(uid: str, found: Properties, zone: tzinfo) -> Task:
    completed = _moment(found, "COMPLETED", zone)
    return Task(
        uid=uid,
        title=text_of(found, "SUMMARY") or "",
        notes=text_of(found, "DESCRIPTION") or "",
        due_date=_due(found, zone),
        status=_todo_status(found),
        completed_at=completed.to_utc() if completed else None,
        priority=_priority(found),
        is_recurring="RRULE" in found or "RDATE" in found,
        mark=text_of(found, _MARK) or "",
    )


def _read_event(uid: str, found: Properties, zone: tzinfo) -> Task:
    title = text_of(found, "SUMMARY") or ""
    is_ticked = _is_ticked(title)
    modified = _moment(found, "LAST-MODIFIED", zone) if is_ticked else None
    start = _moment(found, "DTSTART", zone)
    status: TaskStatus = "completed" if is_ticked else "needs-action"
    if word_of(found, "STATUS") in ("CANCELLED", "CANCELED"):
        status = "cancelled"
    return Task(
        uid=uid,
        title=_unticked(title),
        notes=text_of(found, "DESCRIPTION") or "",
        due_date=_day(start, zone),
        status=status,
        completed_at=modified.to_utc() if modified else None,
        priority=_priority(found),
        is_recurring="RRULE" in found or "RDATE" in found,
        mark=text_of(found, _MARK) or "",
    )


def _todo_status(found: Properties) -> TaskStatus:
    """STATUS; where it is missing, what COMPLETED or PERCENT-COMPLETE say."""
    if status := _STATUSES.get(word_of(found, "STATUS")):
        return status
    is_done = "COMPLETED" in found or word_of(found, "PERCENT-COMPLETE") == "100"
    return "completed" if is_done else "needs-action"


def _is_ticked(title: str) -> bool:
    return _unticked(title) != title


def _unticked(title: str) -> str:
    """Without the tick at its beginning or end: the title stays the one we wrote."""
    start, end = title.lstrip(), title.rstrip()
    if found := _TICK_FIRST.match(start):
        return start[found.end() :].lstrip()
    # Only the last characters are searched: a title may be very long.
    if found := _TICK_LAST.search(end[-_LONGEST_TICK:]):
        return end[: len(end) - len(found[0])].rstrip()
    return title


def _moment(found: Properties, name: str, zone: tzinfo) -> Moment | None:
    for line in found.get(name, ())[:1]:
        try:
            moment = moment_of(line, Zones([], zone))
            moment.to_utc(), moment.at_zone(zone)
        except (ValueError, OverflowError):
            return None
        return moment
    return None


def _day(moment: Moment | None, zone: tzinfo) -> date | None:
    """The day on the owner's calendar."""
    if moment is None:
        return None
    return moment.local.date() if moment.is_date else moment.at_zone(zone).date()


def _due(found: Properties, zone: tzinfo) -> date | None:
    return _day(_moment(found, "DUE", zone), zone)


def _has_number(found: Properties, name: str) -> bool:
    text = word_of(found, name)
    return text.isascii() and text.isdecimal() and len(text) < 10


def _priority(found: Properties) -> int | None:
    if not _has_number(found, "PRIORITY"):
        return None
    number = int(word_of(found, "PRIORITY"))
    return number if 1 <= number <= 9 else None


# --- writing ------------------------------------------------------------------------------


def _new_body(draft: TaskDraft, now: datetime) -> bytes:
    name = "VEVENT" if draft.form == "event" else "VTODO"
    stamp = _utc(now)
    fields = (_event_changes if draft.form == "event" else _todo_changes)(draft, {}, now)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//kithbook//EN",
        f"BEGIN:{name}",
        f"UID:{escaped(draft.uid)}",
        f"DTSTAMP:{stamp}",
        f"CREATED:{stamp}",
        f"LAST-MODIFIED:{stamp}",
        "SEQUENCE:0",
        *(line for line in fields.values() if line is not None),
        *([f"{_MARK}:{draft.mark}"] if draft.mark else []),
    ]
    if draft.form == "event":
        lines += ["CLASS:PRIVATE", "TRANSP:TRANSPARENT"]
    lines += [f"END:{name}", "END:VCALENDAR"]
    return b"".join(folded(line, b"\r\n") for line in lines)


def _todo_changes(draft: TaskDraft, found: Properties, now: datetime) -> dict[str, str | None]:
    """Lines to write, by property; None takes a property away."""
    is_said = (text_of(found, "SUMMARY") or "") == said(draft.title)
    changes = _text_changes(draft, found, draft.title, is_said=is_said)
    if draft.due_date is not None and (
        _moment(found, "DUE", UTC) is None or _due_as_written(found, "DUE") != draft.due_date
    ):
        changes["DUE"] = f"DUE;VALUE=DATE:{draft.due_date:%Y%m%d}"
        if "DURATION" in found:  # beside DUE it is forbidden (RFC 5545 section 3.6.2)
            changes["DURATION"] = None
        start = _due_as_written(found, "DTSTART")
        if start is not None and start > draft.due_date:
            changes["DTSTART"] = f"DTSTART;VALUE=DATE:{draft.due_date:%Y%m%d}"
    if not found or _todo_status(found) != draft.status:
        changes["STATUS"] = f"STATUS:{draft.status.upper()}"
        changes |= {name: None for name in ("COMPLETED", "PERCENT-COMPLETE") if name in found}
        if draft.status == "completed":
            changes["PERCENT-COMPLETE"] = "PERCENT-COMPLETE:100"
        if draft.status in ("completed", "cancelled"):
            # apps that know no cancelled task take it for done by this, and none for open
            changes["COMPLETED"] = f"COMPLETED:{_utc(now)}"
    return changes


def _event_changes(draft: TaskDraft, found: Properties, _now: datetime) -> dict[str, str | None]:
    written = text_of(found, "SUMMARY") or ""
    is_done = draft.status == "completed"
    title = f"✓ {draft.title}" if is_done else draft.title
    is_said = _is_ticked(written) == is_done and _unticked(written) == said(draft.title)
    changes = _text_changes(draft, found, title, is_said=is_said)
    if draft.due_date is not None and _due_as_written(found, "DTSTART") != draft.due_date:
        changes["DTSTART"] = f"DTSTART;VALUE=DATE:{draft.due_date:%Y%m%d}"
        changes["DTEND"] = f"DTEND;VALUE=DATE:{draft.due_date + timedelta(days=1):%Y%m%d}"
        if "DURATION" in found:
            changes["DURATION"] = None
    is_cancelled = word_of(found, "STATUS") in ("CANCELLED", "CANCELED")
    if is_cancelled != (draft.status == "cancelled"):
        changes["STATUS"] = "STATUS:CONFIRMED" if is_cancelled else "STATUS:CANCELLED"
    return changes


def _text_changes(
    draft: TaskDraft, found: Properties, title: str, *, is_said: bool
) -> dict[str, str | None]:
    changes: dict[str, str | None] = {}
    if not is_said:
        changes["SUMMARY"] = f"SUMMARY:{escaped(title)}"
    notes = said(draft.notes)
    if (text_of(found, "DESCRIPTION") or "") != notes:
        changes["DESCRIPTION"] = f"DESCRIPTION:{escaped(notes)}" if notes else None
    if _priority(found) != draft.priority:
        changes["PRIORITY"] = f"PRIORITY:{draft.priority}" if draft.priority else None
    return changes


def _due_as_written(found: Properties, name: str) -> date | None:
    """The day that stands there, in whatever zone it was written."""
    moment = _moment(found, name, UTC)
    return moment.local.date() if moment else None


def _utc(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
