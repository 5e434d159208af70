"""A task of the Google Tasks API ↔ a Task. Pure.

The mark of a task of ours is a line of its own in the notes: its UID, its priority, for which
Google has no field, and the digests of what we wrote. What the user writes around it stays.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from connectors.contract import TASK_UID_PREFIX, Task, TaskDraft

LARGEST_NOTES = 8192
LARGEST_TITLE = 1024
"""Characters (schema Task in the tasks.v1 discovery document)."""

WITHDRAWN = "withdrawn"
_MARK = re.compile(
    rf"^[ \t]*({re.escape(TASK_UID_PREFIX)}\S+)"
    rf"(?:[ \t]+p([1-9]))?(?:[ \t]+([0-9]{{8}}[.][0-9a-z.]+))?(?:[ \t]+({WITHDRAWN}))?[ \t\r]*$",
    re.MULTILINE,
)
"""UID, priority and digests if it has any, and whether we took the task away ourselves."""

TaskFields = Mapping[str, Any]


def read(task: TaskFields) -> Task:
    """What a task says. Of `due` only the date has a meaning.

    :raises ValueError: a time in it cannot be read.
    """
    completed = task.get("completed")
    priority = _mark(task)[1]
    return Task(
        uid=mark_of(task) or str(task["id"]),
        title=str(task.get("title") or ""),
        notes=_MARK.sub("", str(task.get("notes") or "")).strip(),
        due_date=_due(task),
        status="completed" if task.get("status") == "completed" else "needs-action",
        completed_at=datetime.fromisoformat(completed).astimezone(UTC) if completed else None,
        priority=int(priority) if priority else None,
        mark=_mark(task)[2],
    )


def mark_of(task: TaskFields) -> str | None:
    """The UID in the notes."""
    return _mark(task)[0] or None


def is_withdrawn(task: TaskFields) -> bool:
    """Whether we took it away ourselves."""
    return bool(_mark(task)[3])


def body(draft: TaskDraft) -> dict[str, str]:
    """A new task. Google has two states only: a cancelled one is a completed one."""
    said = {
        "title": draft.title[:LARGEST_TITLE],
        "notes": _notes(draft),
        "status": "completed" if draft.status in {"completed", "cancelled"} else "needsAction",
    }
    if draft.due_date is not None:
        said["due"] = f"{draft.due_date.isoformat()}T00:00:00.000Z"
    return said


def changes(task: TaskFields, draft: TaskDraft) -> dict[str, str]:
    """The fields in which a task does not say what the draft says.

    A mark that the user deleted stays deleted.
    """
    wanted = body(draft)
    now = read(task)
    is_marked = mark_of(task) is not None
    if not is_marked:
        wanted["notes"] = _cut(draft)
    if now.due_date == draft.due_date:
        wanted.pop("due", None)
    is_same_mark = not is_marked or (now.uid, now.priority) == (draft.uid, draft.priority)
    if is_same_mark and now.notes == _cut(draft):
        del wanted["notes"]
    changed = {key: value for key, value in wanted.items() if value != task.get(key)}
    if is_marked and draft.mark and now.mark != draft.mark:
        changed["notes"] = _notes(draft)  # the digests are of what is written now
    return changed


def read_withdrawn(task: TaskFields) -> Task:
    """What a deleted task says that we took away: cancelled, as a mark elsewhere has it."""
    found = read(task)
    digests = [*found.mark.split(".")[:5], WITHDRAWN]
    return replace(found, status="cancelled", completed_at=None, mark=".".join(digests))


def withdraw(task: TaskFields) -> str:
    """The notes of a task that we are about to delete."""
    return _MARK.sub(
        lambda mark: mark[0] if mark[4] else f"{mark[0].rstrip()} {WITHDRAWN}",
        str(task.get("notes") or ""),
    )


def _notes(draft: TaskDraft) -> str:
    mark = [draft.uid, f"p{draft.priority}" if draft.priority else "", draft.mark]
    line = " ".join(word for word in mark if word)
    return "\n\n".join(part for part in (_cut(draft), line) if part)


def _cut(draft: TaskDraft) -> str:
    """The notes as far as there is room beside the longest mark."""
    notes = draft.notes.strip()
    room = LARGEST_NOTES - len(f"\n\n{draft.uid} p9 {draft.mark} {WITHDRAWN}")
    return notes if len(notes) <= room else notes[: room - 1].rstrip() + "…"


def _mark(task: TaskFields) -> tuple[str, str, str, str]:
    """The last mark in the notes, should a user have quoted another."""
    found: list[tuple[str, str, str, str]] = _MARK.findall(str(task.get("notes") or ""))
    return found[-1] if found else ("", "", "", "")


def _due(task: TaskFields) -> date | None:
    due = task.get("due")
    return date.fromisoformat(str(due)[:10]) if due else None
