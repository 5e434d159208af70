"""Tasks as iCalendar text: what we write is read back, and what others wrote stays."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.contract import TaskDraft, TaskForm, TaskStatus
from connectors.errors import ItemConflict
from connectors.ical import NoTask, read_task, write_task

LISBON = ZoneInfo("Europe/Lisbon")
NOW = datetime(2026, 2, 1, 8, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
FORMS: tuple[TaskForm, ...] = ("task", "event")


def draft(
    title: str = "Ana Lima",
    notes: str = "ana@example.org",
    *,
    status: TaskStatus = "needs-action",
    priority: int | None = None,
    form: TaskForm = "task",
) -> TaskDraft:
    return TaskDraft("kithbook-1", title, notes, date(2026, 2, 28), status, priority, form)


FOREIGN = b"""\
BEGIN:VCALENDAR
PRODID:-//Somebody//Else//EN
VERSION:2.0
X-WR-CALNAME:Mine
BEGIN:VTODO
DTSTAMP:20260101T000000Z
UID:kithbook-1
SEQUENCE:4
X-FOLDED;X-P=1:a long line that another program folded where it liked it becau
 se it could
SUMMARY;LANGUAGE=en:Ana Lima
DESCRIPTION:ana@exam
 ple.org
DUE;VALUE=DATE:20260228
STATUS:NEEDS-ACTION
x-lower:kept
BEGIN:VALARM
TRIGGER:-PT5M
SUMMARY:not the task's
DESCRIPTION:neither
END:VALARM
CATEGORIES:A,B
END:VTODO
END:VCALENDAR
""".replace(b"\n", b"\r\n")


def changed_lines(before: bytes, after: bytes) -> tuple[set[bytes], set[bytes]]:
    """The lines that were taken away and those that came."""
    old, new = before.split(b"\r\n"), after.split(b"\r\n")
    return {line for line in old if line not in new}, {line for line in new if line not in old}


# --- a new task ---------------------------------------------------------------------------


def test_new_task_as_text() -> None:
    assert write_task(draft(priority=5), None, NOW).decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//kithbook//EN",
        "BEGIN:VTODO",
        "UID:kithbook-1",
        "DTSTAMP:20260201T083000Z",
        "CREATED:20260201T083000Z",
        "LAST-MODIFIED:20260201T083000Z",
        "SEQUENCE:0",
        "SUMMARY:Ana Lima",
        "DESCRIPTION:ana@example.org",
        "PRIORITY:5",
        "DUE;VALUE=DATE:20260228",
        "STATUS:NEEDS-ACTION",
        "END:VTODO",
        "END:VCALENDAR",
        "",
    ]


def test_new_event_is_private_takes_no_time_and_a_whole_day() -> None:
    body = write_task(draft(form="event"), None, NOW)
    for line in (
        b"DTSTART;VALUE=DATE:20260228\r\n",
        b"DTEND;VALUE=DATE:20260301\r\n",
        b"CLASS:PRIVATE\r\n",
        b"TRANSP:TRANSPARENT\r\n",
    ):
        assert line in body
    assert b"DUE" not in body


@pytest.mark.parametrize("form", FORMS)
def test_same_draft_and_clock_give_the_same_bytes(form: TaskForm) -> None:
    assert write_task(draft(form=form), None, NOW) == write_task(draft(form=form), None, NOW)


def carried(text: str) -> str:
    """What iCalendar and the XML around it can carry of a text."""
    text = text.replace("\r\n", "\n")
    kept = "".join(c for c in text if (c >= " " and c not in "\x7f\ufffe\uffff") or c in "\n\t")
    return "" if kept.isspace() else kept


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
one_line = texts.map(lambda text: " ".join(text.split()))


@given(one_line, texts, st.sampled_from(FORMS), st.sampled_from([None, 1, 9]))
@settings(max_examples=80, deadline=None)
def test_what_is_written_is_read_back(
    title: str, notes: str, form: TaskForm, priority: int | None
) -> None:
    sent = draft(title, notes, form=form, priority=priority)
    body = write_task(sent, None, NOW)
    task = read_task(body)
    assert (task.uid, task.due_date, task.priority) == (sent.uid, sent.due_date, priority)
    assert (task.title, task.notes) == (carried(title), carried(notes))
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert icalendar.Calendar.from_ical(body).subcomponents[0]["UID"] == sent.uid
    assert write_task(sent, body, LATER) == body


# --- an existing task ---------------------------------------------------------------------


def test_nothing_to_change_leaves_every_byte() -> None:
    assert write_task(draft(), FOREIGN, NOW) == FOREIGN


def test_update_changes_the_drafts_lines_and_the_stamps_only() -> None:
    after = write_task(draft("Ana Costa"), FOREIGN, NOW)
    gone, come = changed_lines(FOREIGN, after)
    assert gone == {b"SUMMARY;LANGUAGE=en:Ana Lima", b"SEQUENCE:4", b"DTSTAMP:20260101T000000Z"}
    assert come == {
        b"SUMMARY:Ana Costa",
        b"SEQUENCE:5",
        b"DTSTAMP:20260201T083000Z",
        b"LAST-MODIFIED:20260201T083000Z",
    }
    assert b"SUMMARY:not the task's" in after


def test_folded_value_is_replaced_whole() -> None:
    after = write_task(draft(notes="new"), FOREIGN, NOW)
    assert b"DESCRIPTION:new\r\nDUE" in after
    assert b"ple.org" not in after
    assert b" se it could" in after


def test_what_is_added_never_stands_inside_a_folded_line() -> None:
    theirs = FOREIGN.replace(b"x-lower:kept\r\n", b"x-lower:\r\n kept\r\n")
    after = write_task(draft(priority=1), theirs, NOW)
    assert b"x-lower:\r\n kept\r\nPRIORITY:1\r\n" in after


@pytest.mark.parametrize(
    "lines",
    [
        b"END:DAYLIGHT\r\nBEGIN:STANDARD\r\nTZOFFSETTO:+0000\r\n",
        b"BEGIN:VALARM\r\nBEGIN:VALARM\r\nEND:VALARM\r\n",
        b"END:VALARM\r\nSUMMARY:second\r\n",
    ],
)
def test_unbalanced_components_inside_do_not_swallow_the_change(lines: bytes) -> None:
    theirs = FOREIGN.replace(b"x-lower:kept\r\n", lines)
    after = read_task(write_task(draft("Ana", "new", priority=1), theirs, NOW))
    assert (after.title, after.notes, after.priority) == ("Ana", "new", 1)


def test_notes_taken_away_leave_no_line() -> None:
    after = write_task(draft(notes=""), FOREIGN, NOW)
    assert after.count(b"DESCRIPTION") == 1
    assert b"DESCRIPTION:neither" in after


def test_completing_says_so_in_all_three_properties_and_reopening_takes_them_back() -> None:
    done = write_task(draft(status="completed"), FOREIGN, NOW)
    assert b"STATUS:COMPLETED" in done
    assert b"COMPLETED:20260201T083000Z" in done
    assert b"PERCENT-COMPLETE:100" in done
    task = read_task(done)
    assert (task.status, task.completed_at) == ("completed", NOW)
    again = write_task(draft(), done, LATER)
    assert read_task(again).status == "needs-action"
    assert b"COMPLETED:" not in again
    assert b"PERCENT-COMPLETE" not in again


def test_what_the_user_completed_keeps_their_time() -> None:
    theirs = FOREIGN.replace(
        b"STATUS:NEEDS-ACTION", b"STATUS:COMPLETED\r\nCOMPLETED:20260131T120000Z"
    )
    after = write_task(draft("Ana Costa", status="completed"), theirs, NOW)
    assert read_task(after).completed_at == datetime(2026, 1, 31, 12, tzinfo=UTC)


def test_new_due_date_keeps_the_task_valid() -> None:
    theirs = FOREIGN.replace(
        b"DUE;VALUE=DATE:20260228",
        b"DTSTART;TZID=Europe/Lisbon:20260310T090000\r\nDURATION:PT1H",
    )
    after = write_task(draft(), theirs, NOW)
    assert b"DUE;VALUE=DATE:20260228" in after
    assert b"DTSTART;VALUE=DATE:20260228" in after
    assert b"DURATION" not in after


def test_a_due_date_that_the_user_took_away_is_not_written_again() -> None:
    theirs = FOREIGN.replace(b"DUE;VALUE=DATE:20260228\r\n", b"")
    after = write_task(replace(draft(status="completed"), due_date=None), theirs, NOW)
    assert (read_task(after).status, read_task(after).due_date) == ("completed", None)


def test_due_time_of_the_same_day_is_left_as_the_user_set_it() -> None:
    theirs = FOREIGN.replace(b"DUE;VALUE=DATE:20260228", b"DUE:20260228T170000Z")
    assert write_task(draft(), theirs, NOW) == theirs


def test_line_ends_and_other_components_stay() -> None:
    other = b"BEGIN:VTODO\nUID:other\nSUMMARY:Ana Lima\nEND:VTODO\n"
    theirs = FOREIGN.replace(b"\r\n", b"\n").replace(b"BEGIN:VTODO\n", other + b"BEGIN:VTODO\n", 1)
    after = write_task(draft("Ana Costa"), theirs, NOW)
    assert b"\r" not in after
    assert other in after
    assert b"SUMMARY:Ana Costa\n" in after


@pytest.mark.parametrize("name", [b"ATTENDEE;CN=Rui", b"organizer"])
def test_task_that_would_send_mail_is_left_alone(name: bytes) -> None:
    theirs = FOREIGN.replace(b"STATUS:", name + b":mailto:rui@example.org\r\nSTATUS:")
    with pytest.raises(ItemConflict, match="mail") as caught:
        write_task(draft("Ana Costa"), theirs, NOW)
    assert caught.value.hint


@pytest.mark.parametrize("body", [b"", b"garbage", FOREIGN.replace(b"kithbook-1", b"other")])
def test_what_is_no_task_of_ours_is_not_written_over(body: bytes) -> None:
    with pytest.raises(ItemConflict, match="not a task of ours"):
        write_task(draft(), body, NOW)


def test_text_cannot_break_out_of_its_line() -> None:
    hostile = "x\r\nATTENDEE:mailto:a@example.org\r\nEND:VTODO\n\x00\x1b[31m"
    for form in FORMS:
        body = write_task(draft(hostile, hostile, form=form), None, NOW)
        assert not any(line.startswith((b"ATTENDEE", b"END:VTODO\n")) for line in body.split(b"\n"))
        assert b"\x1b" not in body
        component = icalendar.Calendar.from_ical(body).subcomponents[0]
        assert "ATTENDEE" not in component


# --- events -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "status", "shown"),
    [
        ("Ana Lima", "needs-action", "Ana Lima"),
        ("✓ Ana Lima", "completed", "Ana Lima"),
        ("✔️Ana Lima", "completed", "Ana Lima"),
        ("Ana Lima ✅", "completed", "Ana Lima"),
        ("Done: Ana Lima", "completed", "Ana Lima"),
        ("Ana Lima - done", "completed", "Ana Lima -"),
        ("done", "completed", ""),
        ("Donegal trip", "needs-action", "Donegal trip"),
        ("Ana Abandone", "needs-action", "Ana Abandone"),
        ("What is done is done by Ana", "needs-action", "What is done is done by Ana"),
    ],
)
def test_tick_in_the_title_of_an_event(title: str, status: TaskStatus, shown: str) -> None:
    body = write_task(draft(form="event"), None, NOW)
    task = read_task(body.replace(b"SUMMARY:Ana Lima", f"SUMMARY:{title}".encode()))
    assert (task.status, task.title) == (status, shown)


def test_ticking_and_unticking_an_event_ourselves() -> None:
    open_ = write_task(draft(form="event"), None, NOW)
    ticked = write_task(draft(form="event", status="completed"), open_, NOW)
    assert "SUMMARY:✓ Ana Lima".encode() in ticked
    task = read_task(ticked)
    assert (task.title, task.status, task.completed_at) == ("Ana Lima", "completed", NOW)
    assert write_task(draft(form="event", status="completed"), ticked, LATER) == ticked
    assert read_task(write_task(draft(form="event"), ticked, LATER)).status == "needs-action"


def test_tick_of_the_users_own_is_kept() -> None:
    theirs = write_task(draft(form="event"), None, NOW).replace(b"Ana Lima", b"Ana Lima done")
    assert write_task(draft(form="event", status="completed"), theirs, LATER) == theirs


def test_moved_event_is_due_on_its_new_day_in_the_owners_zone() -> None:
    body = write_task(draft(form="event"), None, NOW)
    moved = body.replace(b"DTSTART;VALUE=DATE:20260228", b"DTSTART:20260710T233000Z")
    assert read_task(moved).due_date == date(2026, 7, 10)
    assert read_task(moved, LISBON).due_date == date(2026, 7, 11)


# --- tasks of others ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([], "needs-action"),
        (["STATUS:IN-PROCESS"], "in-process"),
        (["STATUS:cancelled"], "cancelled"),
        (["STATUS:X-NEW", "COMPLETED:20260131T120000Z"], "completed"),
        (["PERCENT-COMPLETE:100"], "completed"),
        (["STATUS:NEEDS-ACTION", "PERCENT-COMPLETE:100"], "needs-action"),
        (["COMPLETED:soon"], "completed"),
    ],
)
def test_status_of_a_task(lines: list[str], status: TaskStatus) -> None:
    body = "\r\n".join(["BEGIN:VTODO", "UID:1", *lines, "END:VTODO"]).encode()
    assert read_task(body).status == status


def test_recurring_task_is_told_and_its_exceptions_are_not_it() -> None:
    body = (
        b"BEGIN:VTODO\nUID:1\nRECURRENCE-ID:20260101T000000Z\nSUMMARY:exception\nEND:VTODO\n"
        b"BEGIN:VTODO\nUID:1\nRRULE:FREQ=DAILY\nSUMMARY:task\nEND:VTODO\n"
    )
    task = read_task(body)
    assert (task.title, task.is_recurring) == ("task", True)


@pytest.mark.parametrize(
    "body", [b"", b"garbage", b"BEGIN:VTODO\nSUMMARY:x\nEND:VTODO", b"BEGIN:VJOURNAL\nUID:1"]
)
def test_what_is_no_task_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(NoTask):
        read_task(body)


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_no_bytes_make_reading_raise_anything_else(junk: bytes) -> None:
    for body in (junk, b"BEGIN:VTODO\nUID:1\nDUE:" + junk, b"BEGIN:VTODO\nUID:1\n" + junk):
        try:
            task = read_task(body, LISBON)
        except NoTask:
            continue
        assert task.uid


def test_long_titles_are_read_soon() -> None:
    for filler in (" ", "\t", "done ", "✓", "\\"):
        title = (filler * 1_000_000)[:1_000_000].encode()
        task = read_task(b"BEGIN:VEVENT\nUID:1\nSUMMARY:a" + title + b"b\nEND:VEVENT")
        assert task.title.startswith("a")


def test_draft_of_a_task_survives_a_change_of_form() -> None:
    body = write_task(draft(form="event"), None, NOW)
    after = write_task(replace(draft(), title="Ana Costa"), body, NOW)
    assert read_task(after).title == "Ana Costa"
    assert b"VTODO" not in after


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("due", ["99991231T235959Z", "00010101T000000Z"])
def test_a_due_time_beyond_the_calendar_of_the_owners_zone_is_none(zone: str, due: str) -> None:
    lines = ("BEGIN:VCALENDAR", "BEGIN:VTODO", "UID:u", f"DUE:{due}", "END:VTODO", "END:VCALENDAR")
    task = read_task("\r\n".join(lines).encode(), ZoneInfo(zone))
    assert task.uid == "u"
    assert (task.due_date is None) == ((due[0] == "9") == (zone == "Asia/Tokyo"))


def test_a_task_made_to_repeat_is_ticked_by_any_instance() -> None:
    # Thunderbird completes an instance as an exception beside the task.
    once = FOREIGN.replace(b"STATUS:", b"RRULE:FREQ=MONTHLY\r\nSTATUS:")
    assert read_task(once).status == "needs-action"
    instances = [
        (
            f"BEGIN:VTODO\r\nUID:kithbook-1\r\nRECURRENCE-ID;VALUE=DATE:2026{month}28\r\n"
            f"SUMMARY:Ana Lima\r\nSTATUS:COMPLETED\r\nCOMPLETED:2026{month}27T100000Z\r\n"
            "END:VTODO\r\n"
        ).encode()
        for month in ("03", "02")
    ]
    task = read_task(once.replace(b"END:VCALENDAR", b"".join(instances) + b"END:VCALENDAR"))
    assert (task.status, task.is_recurring) == ("completed", True)
    assert task.completed_at == datetime(2026, 3, 27, 10, tzinfo=UTC)


def test_an_event_made_to_repeat_is_ticked_by_any_instance() -> None:
    body = write_task(replace(draft(form="event")), None, NOW)
    body = body.replace(b"CLASS:", b"RRULE:FREQ=MONTHLY\r\nCLASS:")
    assert read_task(body).status == "needs-action"
    instance = (
        b"BEGIN:VEVENT\r\nUID:kithbook-1\r\nRECURRENCE-ID;VALUE=DATE:20260328\r\n"
        b"DTSTART;VALUE=DATE:20260328\r\nSUMMARY:Ana Lima done\r\nEND:VEVENT\r\n"
    )
    assert read_task(body.replace(b"END:VCALENDAR", instance + b"END:VCALENDAR")).status == (
        "completed"
    )
