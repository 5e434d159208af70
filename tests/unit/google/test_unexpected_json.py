"""Whatever stands in Google's JSON, a body comes in or is a reject: no crash."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.contract import Item, Window
from connectors.google import contacts as google_contacts
from connectors.google import error_answers as google_refusal
from connectors.google import person_parser as google_person
from connectors.google import task_format as google_task
from connectors.google.event_parser import expand
from connectors.google.paging import Sheet

LISBON = ZoneInfo("Europe/Lisbon")
WINDOW = Window(datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
MOMENTS = st.sampled_from(
    [
        {"dateTime": "2026-03-02T10:00:00Z", "timeZone": "Europe/Lisbon"},
        {"dateTime": "0001-01-01T00:00:00+14:00"},
        {"dateTime": "9999-12-31T23:59:59-11:00"},
        {"dateTime": "2026-03-02T10:00:00", "timeZone": "Nowhere/Land"},
        {"date": "9999-12-31"},
        {"date": "0001-01-01"},
        {"date": None, "dateTime": None},
    ]
)
RULES = st.lists(
    st.sampled_from(
        [
            "RRULE:FREQ=WEEKLY;COUNT=3",
            "RRULE:FREQ=DAILY",
            "RRULE:FREQ=SECONDLY",
            "RRULE:",
            "EXDATE:nonsense",
            "RDATE;VALUE=DATE:20260401",
        ]
    ),
    max_size=3,
)
EVENT_KEYS = ("iCalUID", "organizer", "creator", "summary", "eventType", "kithbookCalendar")
PERSON_KEYS = tuple(google_contacts.PERSON_FIELDS.split(","))


EVENTS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(EVENT_KEYS, JSON),
        "id": st.sampled_from(["e1", "e2"]) | JSON,
        "status": st.sampled_from(["confirmed", "cancelled"]) | JSON,
        "recurringEventId": st.sampled_from(["e1", "e2"]) | JSON,
        "start": MOMENTS | JSON,
        "end": MOMENTS | JSON,
        "originalStartTime": MOMENTS | JSON,
        "recurrence": RULES | JSON,
        "attendees": st.lists(st.dictionaries(st.sampled_from(["email", "self"]), JSON)) | JSON,
    },
)


@settings(max_examples=100, deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=4))
@example([{"id": [], "start": {"date": "2026-01-01"}}])
@example([{"id": "e1", "start": {"date": "9999-12-31"}}])
def test_any_events_expand_or_are_rejected(events: list[dict[str, Any]]) -> None:
    found = expand([json.dumps(one).encode() for one in events], WINDOW, LISBON)
    assert all(reject.reason for reject in found.rejects)
    for meeting in found.meetings:
        assert meeting.is_all_day == (meeting.starts_at is None) == (meeting.start_date is not None)


@settings(max_examples=100, deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(PERSON_KEYS, JSON)))
def test_any_person_is_a_contact_or_a_reject(person: dict[str, Any]) -> None:
    sheet = Sheet({}, is_full=True)

    def make(href: str, etag: str, body: bytes) -> Item:
        contact = google_person.read(person, {})
        return Item(href, contact.uid, "contact", etag, "", body, contact=contact)

    sheet.take(person, "people/c1", make)
    assert len(sheet.items) + len(sheet.rejects) == 1


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["title", "notes", "due", "status", "completed"]), JSON))
def test_any_task_is_a_task_or_a_reject(task: dict[str, Any]) -> None:
    sheet = Sheet({}, is_full=True)

    def make(href: str, etag: str, body: bytes) -> Item:
        read = google_task.read({"id": "t1", **task})
        return Item(href, read.uid, "task", etag, "", body, task=read)

    sheet.take(task, "t1", make)
    assert len(sheet.items) + len(sheet.rejects) == 1


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=40) | JSON.map(lambda one: json.dumps({"error": one}).encode()))
def test_any_refusal_can_be_read(content: bytes) -> None:
    refusal = google_refusal.read(
        {"retry-after": content[:9].decode("latin-1")}, 403, "No", content
    )
    assert refusal.status == 403


@pytest.mark.parametrize("size", [3_999_000, 4_100_000])
def test_too_large_a_body_is_a_reject(size: int) -> None:
    sheet = Sheet({}, is_full=True)
    sheet.take({"note": "x" * size}, "x", lambda h, e, b: Item(h, h, "contact", e, "", b))
    assert len(sheet.rejects) == (size > 4_000_000)
