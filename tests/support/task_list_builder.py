"""A task list that stands in raw.tasks itself: nights pass, the plan is carried out, the user acts.

`night()` builds main.task_changes and does to raw.tasks and raw.task_links what `push` and the next
pull would do, without a server between: so that the life of a task can be told in a few lines.
"""

from datetime import date, timedelta
from typing import Any

from tests.support.ties_builder import TieBook

ADOPT = """
insert into raw.task_links by name
from history.written_tasks
where uid in (select uid from history.task_adoptions where left_alone is null)
"""
"""What a push does before anything else."""

DRAFT = ("title", "notes", "due_date", "priority", "status")


class TaskList(TieBook):
    """A book whose follow-ups are written into the list `list` of the source `home`."""

    def __init__(self, as_of: str = "2026-09-01", **settings: Any) -> None:
        super().__init__(as_of, tasks_source="home", tasks_list="list", **settings)
        self._etag = 0

    def night(self) -> list[tuple[str, str, str]]:
        """Plan and carry out; returns action, name and reason of each change."""
        self.build("main.task_changes")
        changes = self._changes()
        self.connection.execute(ADOPT)
        for change in changes:
            self._carry_out(change)
        names = dict(self.rows("select person_id, display_name from identity.persons"))
        return sorted(
            (change["action"], names.get(change["person_id"], "?"), change["reason"])
            for change in changes
        )

    def pass_days(self, days: int) -> list[tuple[str, str, str]]:
        """The nights of the first, the middle and the last of so many days; what was done."""
        done: list[tuple[str, str, str]] = []
        start = self.as_of
        for day in sorted({1, (days + 1) // 2, days}):
            self.go_to(start + timedelta(days=day))
            done += self.night()
        return done

    def go_to(self, day: date | str) -> None:
        """Set the clock to six in the morning of that day."""
        self.as_of = date.fromisoformat(day) if isinstance(day, str) else day
        self.connection.execute(
            "update raw.settings set as_of = $1::timestamptz, as_of_date = $2",
            [f"{self.as_of} 06:00:00+00", self.as_of],
        )

    def open_tasks(self) -> list[tuple[Any, ...]]:
        """Title, due date and notes of what stands open in the list, ours and theirs."""
        return self.rows(
            "select title, due_date, notes from raw.tasks"
            " where gone_at is null and status = 'needs-action' order by title, due_date"
        )

    def on_phone(self, title: str, change: str) -> None:
        """The user does something to the task of that title: the SET part of an UPDATE.

        Of several the open one is meant, then the latest.
        """
        found = self.rows(
            f"select item_id from raw.tasks where title = '{title}' and gone_at is null"
            " order by status <> 'needs-action', item_id desc"
        )
        assert found, title
        self.connection.execute(
            f"update raw.tasks set etag = etag || 'u', {change} where item_id = $1", [found[0][0]]
        )

    def tick(self, title: str) -> None:
        """The user ticks it at noon of the present day."""
        self.on_phone(title, f"status = 'completed', completed_at = '{self.as_of} 12:00:00+00'")

    def delete(self, title: str) -> None:
        """The user deletes it."""
        self.on_phone(title, f"gone_at = '{self.as_of} 12:00:00+00'")

    def lose_state(self) -> None:
        """Of what was written nothing is known any more but what stands in the list."""
        self.connection.execute("delete from raw.task_links")
        self.connection.execute("delete from raw.tasks where gone_at is not null")

    def _changes(self) -> list[dict[str, Any]]:
        cursor = self.connection.execute("from main.task_changes order by action, uid")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _carry_out(self, change: dict[str, Any]) -> None:
        now = f"{self.as_of} 06:00:00+00"
        uid = change["uid"]
        if change["action"] == "create":
            self.connection.execute("delete from raw.task_links where uid = $1", [uid])
            link = {key: change[key] for key in ("uid", "owner_id", "kind", "cycle")}
            link["person_id"] = change["record_id"]
            place = {"source": "home", "collection": "list", "opened_at": now}
            self.insert("raw.task_links", link | place)
            self._items += 1
            task = {"item_id": self._items, "source": "home", "collection": "list", "uid": uid}
            self.insert("raw.tasks", task | {"href": f"{uid}.ics", "first_seen_at": now})
        if change["action"] in ("create", "update", "tick"):
            self._etag += 1
            task = {field: change[field] for field in (*DRAFT, "mark")} | {"etag": str(self._etag)}
            if change["action"] == "tick":
                task["completed_at"] = now
            self._set("raw.tasks", uid, task)
            wrote = {f"wrote_{field}": change[field] for field in DRAFT}
            for field in change["theirs"]:
                del wrote[f"wrote_{field}"]
            self._set("raw.task_links", uid, wrote | {"wrote_at": now})
        if change["action"] == "withdraw" and change["mark"]:  # left standing for another machine
            left = {"status": change["status"], "mark": change["mark"], "etag": f"{now}w"}
            self._set("raw.tasks", uid, left)
        elif change["action"] == "withdraw":
            self.connection.execute(
                "update raw.tasks set gone_at = $1 where uid = $2 and href = $3",
                [now, uid, change["href"]],
            )
        is_left_over = change["reason"] in ("twin", "cleared")
        if change["action"] in ("tick", "withdraw", "close") and not is_left_over:
            closed = {"closed_at": now, "close_reason": change["reason"]}
            self._set("raw.task_links", uid, closed)

    def _set(self, table: str, uid: str, values: dict[str, Any]) -> None:
        columns = ", ".join(f"{column} = ?" for column in values)
        self.connection.execute(
            f"update {table} set {columns} where uid = ?", [*values.values(), uid]
        )
