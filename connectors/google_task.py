"""A task of the Google Tasks API ↔ a Task. Pure.

The UID of a task of ours is a line of its own in the notes; what the user writes around it stays.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from pipeline.records import TASK_UID_PREFIX, Task, TaskDraft

LARGEST_NOTES = 8192
LARGEST_TITLE = 1024
"""Characters (schema Task in the tasks.v1 discovery document)."""

WITHDRAWN = "withdrawn"
_MARK = re.compile(
    rf"^[ \t]*({re.escape(TASK_UID_PREFIX)}\S+)(?:[ \t]+({WITHDRAWN}))?[ \t\r]*$", re.MULTILINE
)

Fields = Mapping[str, Any]


def read(task: Fields) -> Task:
    """What a task says. Of `due` only the date has a meaning.

    :raises ValueError: a time in it cannot be read.
    """
    completed = task.get("completed")
    return Task(
        uid=mark_of(task) or str(task["id"]),
        title=str(task.get("title") or ""),
        notes=_MARK.sub("", str(task.get("notes") or "")).strip(),
        due_date=_due(task),
        status="completed" if task.get("status") == "completed" else "needs-action",
        completed_at=datetime.fromisoformat(completed).astimezone(UTC) if completed else None,
    )


def mark_of(task: Fields) -> str | None:
    """The UID in the notes; the last one, should a user have quoted another."""
    found = _MARK.findall(str(task.get("notes") or ""))
    return found[-1][0] if found else None


def is_withdrawn(task: Fields) -> bool:
    """Whether we took it away ourselves."""
    found = _MARK.findall(str(task.get("notes") or ""))
    return bool(found and found[-1][1])


def body(draft: TaskDraft) -> dict[str, str]:
    """A new task. There is no priority, and a cancelled one is a completed one."""
    return {
        "title": draft.title[:LARGEST_TITLE],
        "notes": _notes(draft.notes, draft.uid),
        "due": f"{draft.due_date.isoformat()}T00:00:00.000Z",
        "status": "completed" if draft.status in {"completed", "cancelled"} else "needsAction",
    }


def changes(task: Fields, draft: TaskDraft) -> dict[str, str]:
    """The fields in which a task does not say what the draft says."""
    wanted = body(draft)
    now = read(task)
    if now.due_date == draft.due_date:
        del wanted["due"]
    if now.uid == draft.uid and now.notes == _cut(draft.notes, draft.uid):
        del wanted["notes"]
    return {key: value for key, value in wanted.items() if value != task.get(key)}


def withdraw(task: Fields) -> str:
    """The notes of a task that we are about to delete."""
    notes = str(task.get("notes") or "")
    return _MARK.sub(rf"\1 {WITHDRAWN}", notes)


def _notes(notes: str, uid: str) -> str:
    cut = _cut(notes, uid)
    return f"{cut}\n\n{uid}" if cut else uid


def _cut(notes: str, uid: str) -> str:
    notes = notes.strip()
    room = LARGEST_NOTES - len(uid) - len(WITHDRAWN) - 3
    return notes if len(notes) <= room else notes[: room - 1].rstrip() + "…"


def _due(task: Fields) -> date | None:
    due = task.get("due")
    return date.fromisoformat(str(due)[:10]) if due else None
