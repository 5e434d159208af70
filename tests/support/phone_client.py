"""Apps on a phone: how a task is read and changed there, as VTODO, all-day event or Google task.

An app changes what its user touched and leaves the rest of the body as it was.
"""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Protocol

from connectors.contract import TASK_UID_PREFIX, Task
from connectors.google import task_format as google_task
from connectors.ical.task_format import read_task

OWN_LINE = "X-APP-COLOR:7"
TICKS = ("✓ {}", "{} ✓", "Done: {}", "{} done")
"""How people tick an event, for which their app has no box."""


class App(Protocol):
    """One kind of task list."""

    cannot: frozenset[str]
    """Deeds that it has no button for."""

    def read(self, body: bytes) -> Task | None:
        """The task in a body, ours or not; None when it is something else."""
        ...

    def new(self, uid: str, title: str) -> bytes:
        """A task of the user's own."""
        ...

    def edit(self, body: bytes, day: date, **fields: Any) -> bytes:
        """Change fields of a `Task`; notes of None are taken away.

        :param day: today, on which a task is ticked.
        """
        ...

    def tick_one(self, body: bytes, day: date) -> bytes:
        """Tick one instance of a task that repeats, as Thunderbird does: an exception of it."""
        ...


class TodoApp:
    """Tasks as VTODO."""

    component = "VTODO"
    cannot: frozenset[str] = frozenset({"unmark", "clear"})

    def read(self, body: bytes) -> Task | None:
        return read_task(body) if b"BEGIN:VTODO" in body else None

    def new(self, uid: str, title: str) -> bytes:
        return self._calendar(uid, f"SUMMARY:{title}", "STATUS:NEEDS-ACTION")

    def edit(self, body: bytes, day: date, **fields: Any) -> bytes:
        for name, value in fields.items():
            body = self._set(body, day, name, value)
        return body

    def _set(self, body: bytes, day: date, name: str, value: Any) -> bytes:
        if name == "status":
            done = value == "completed"
            return self._lines(
                body,
                STATUS=f":{value.upper()}",
                COMPLETED=f":{day:%Y%m%d}T100000Z" if done else None,
                PERCENT_COMPLETE=":100" if done else None,
            )
        if name == "due_date":
            return self._lines(body, DUE=f";VALUE=DATE:{value:%Y%m%d}")
        return self._texts(body, name, value)

    def tick_one(self, body: bytes, day: date) -> bytes:
        alone = self.edit(self._lines(body, RRULE=None), day, status="completed")
        alone = self._lines(alone, RECURRENCE_ID=f";VALUE=DATE:{day:%Y%m%d}")
        start, end = f"BEGIN:{self.component}", f"END:{self.component}\r\n"
        text = alone.decode()
        instance = text[text.index(start) : text.index(end) + len(end)]
        return body.decode().replace(end, end + instance, 1).encode()

    def _texts(self, body: bytes, name: str, value: Any) -> bytes:
        if name == "colour":
            return self._lines(body, X_APP_COLOR=":7")
        if name == "repeats":
            return self._lines(body, RRULE=":FREQ=MONTHLY")
        line = {"title": "SUMMARY", "notes": "DESCRIPTION", "priority": "PRIORITY"}[name]
        said = None if value is None else ":" + str(value).replace("\n", "\\n")
        return self._lines(body, **{line: said})

    def _calendar(self, uid: str, *lines: str) -> bytes:
        inner = [f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines]
        whole = [
            *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//phone//EN", f"BEGIN:{self.component}"),
            *(*inner, f"END:{self.component}", "END:VCALENDAR", ""),
        ]
        return "\r\n".join(whole).encode()

    def _lines(self, body: bytes, **lines: str | None) -> bytes:
        """Set or take away properties; the others stay as they are."""
        text = body.decode()
        for name, line in lines.items():
            wanted = name.replace("_", "-")
            text = re.sub(rf"(?m)^{wanted}[;:].*\r?\n(?:[ \t].*\r?\n)*", "", text)
            if line is not None:
                end = f"END:{self.component}"
                text = text.replace(end, f"{wanted}{line}\r\n{end}")
        return text.encode()


class EventApp(TodoApp):
    """Tasks as all-day events, in a calendar: a tick is a mark in the title."""

    component = "VEVENT"
    cannot: frozenset[str] = frozenset({"unmark", "start", "give away", "clear"})

    def read(self, body: bytes) -> Task | None:
        is_ours = f"UID:{TASK_UID_PREFIX}".encode() in body
        return read_task(body) if is_ours and b"BEGIN:VEVENT" in body else None

    def new(self, uid: str, title: str) -> bytes:
        return self._calendar(uid, f"SUMMARY:{title}", "DTSTART;VALUE=DATE:20260901")

    def edit(self, body: bytes, day: date, **fields: Any) -> bytes:
        body = super().edit(body, day, **fields)
        return self._lines(body, LAST_MODIFIED=f":{day:%Y%m%d}T100000Z")

    def _set(self, body: bytes, day: date, name: str, value: Any) -> bytes:
        if name == "due_date":
            return self._lines(
                body,
                DTSTART=f";VALUE=DATE:{value:%Y%m%d}",
                DTEND=f";VALUE=DATE:{value + timedelta(days=1):%Y%m%d}",
            )
        if name == "status":
            task = self.read(body)
            title = task.title if task else ""
            if value == "completed":
                title = TICKS[day.toordinal() % len(TICKS)].format(title)
            gone = ":CANCELLED" if value == "cancelled" else None
            return self._lines(body, SUMMARY=f":{title}", STATUS=gone)
        return self._texts(body, name, value)


class GoogleApp:
    """Google Tasks, of which a body is the JSON of the API."""

    cannot: frozenset[str] = frozenset(
        {"move", "colour", "prioritise", "unprioritise", "cancel", "start", "repeat"}
    )

    def __init__(self) -> None:
        self.marks: dict[str, str] = {}
        """Google's id → UID, of tasks that were ever seen with our mark."""

    def read(self, body: bytes) -> Task | None:
        """With the UID that it had, even when the user deleted our mark since."""
        fields = json.loads(body)
        if fields.get("kind") != "tasks#task":
            return None
        if mark := google_task.mark_of(fields):
            self.marks[fields["id"]] = mark
        read = google_task.read(fields)
        return replace(read, uid=self.marks.get(fields["id"], read.uid))

    def new(self, uid: str, title: str) -> bytes:
        task = {"kind": "tasks#task", "id": uid, "title": title, "status": "needsAction"}
        return json.dumps(task).encode()

    def edit(self, body: bytes, day: date, **fields: Any) -> bytes:
        task = json.loads(body)
        for name, value in fields.items():
            task |= self._change(task, day, name, value)
        return json.dumps(task).encode()

    def tick_one(self, body: bytes, day: date) -> bytes:
        return self.edit(body, day, status="completed")  # the API knows no tasks that repeat

    def _change(self, task: dict[str, Any], day: date, name: str, value: Any) -> dict[str, Any]:
        mark = self._mark_line(task)
        if name == "notes" and value is not None:
            return {"notes": "\n\n".join(part for part in (value, mark) if part)}
        if name == "unmark":
            return {"notes": str(task.get("notes") or "").replace(mark, "").rstrip()}
        if name == "due_date":
            return {"due": f"{value}T00:00:00.000Z"}
        if name == "status":
            done = value == "completed"
            completed = f"{day}T10:00:00.000Z" if done else None
            return {"completed": completed, "status": "completed" if done else "needsAction"}
        return {name: value}

    def _mark_line(self, task: dict[str, Any]) -> str:
        lines = str(task.get("notes") or "").splitlines()
        return next((line for line in lines if line.startswith(TASK_UID_PREFIX)), "")
