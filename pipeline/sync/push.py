"""main.task_changes → the task list → raw.task_links. Carries the plan out and decides nothing.

What a change intends is written down before the request is sent, and what came of it after: a
crash between the two is settled by the next run, which finds the task by its UID (push_recovery).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from connectors.contract import Item, TaskDraft, TaskForm, TaskStatus
from connectors.errors import (
    ItemConflict,
    ItemGone,
    KithbookError,
    LoginError,
    PartlyDone,
    SourceError,
    SourceUnreachable,
)
from pipeline.book import book_id, duckdb_instances
from pipeline.book.queries import query
from pipeline.config import Config
from pipeline.sync import load, push_recovery
from pipeline.sync.find_task_list import OpenList, open_list
from pipeline.sync.raw_rows import received
from pipeline.sync.source_bugs import told_as_bug

if TYPE_CHECKING:
    import duckdb

MARGIN = 10
"""How many more changes than open_at_most + per_week one run may make without --yes."""

OUTSIDE = frozenset({"create", "update", "tick", "withdraw"})
"""Actions that write to the list; `close` only notes that a cycle is over."""

LEFT_OVER = frozenset({"twin", "cleared"})
"""Why a task is taken away with which no cycle ends (main.task_changes)."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row of main.task_changes."""

    uid: str
    owner_id: str
    person_id: int | None
    kind: str
    cycle: str
    action: str
    reason: str
    collection: str | None
    """The list that it stands in; None for a new one."""
    href: str | None
    etag: str | None
    title: str
    notes: str
    due_date: date | None
    priority: int | None
    status: str
    form: str
    theirs: list[str]
    """The fields that the user changed: sent as they stand, and not taken for our own words."""
    record_id: int | None
    """Of a new one: the record by whose key it is named."""
    mark: str

    @property
    def is_left_over(self) -> bool:
        """A second copy, or one of an earlier withdrawal: taken away, and no cycle ends with it."""
        return self.reason in LEFT_OVER

    @property
    def is_unseen(self) -> bool:
        """Nothing of it is seen by the user: it is no change that a run has too many of."""
        return self.reason in ("shared", "cleared")


@dataclass(slots=True)
class Pushed:
    """What came of a push."""

    made: dict[str, int] = field(default_factory=dict)
    """Action → how many; of what no user sees its reason."""
    later: list[str] = field(default_factory=list)
    """Titles that somebody changed meanwhile: read again in the next run."""
    errors: list[KithbookError] = field(default_factory=list)
    """What could not be carried out: one task that is refused leaves the others to be done."""

    @property
    def count(self) -> int:
        """How many changes were carried out."""
        return sum(self.made.values())


def plan(connection: "duckdb.DuckDBPyConnection") -> list[Change]:
    """The changes to make, from the build."""
    rows = connection.execute(query("push_plan")).fetchall()
    return [Change(*row) for row in rows]


def push(
    connection: "duckdb.DuckDBPyConnection",
    config: Config,
    changes: Sequence[Change],
    now: datetime,
    *,
    yes: bool = False,
) -> Pushed:
    """Carry the changes out; the connection uses the state (`store.state_for_writing`).

    :raises PartlyDone: more changes than the caps plus a margin, and `yes` is false.
    """
    tasks = config.tasks
    pushed = Pushed()
    if not changes or not tasks:
        return pushed
    outside = sum(change.action in OUTSIDE and not change.is_unseen for change in changes)
    at_most = tasks.open_at_most + tasks.per_week + MARGIN
    if outside > at_most and not yes:
        raise PartlyDone(
            f"{outside} changes to the task list {tasks.list_name} are more than one run should "
            f"need ({at_most}); none was made.",
            "Look at them with `kithbook push --dry-run`; `kithbook push --yes` makes them.",
        )
    book_id.keep(config.data)
    carrying = Carrying(connection, config, now)
    for change in changes:
        try:
            carrying.carry_out(change, pushed)
        except (SourceUnreachable, LoginError) as error:
            pushed.errors.append(error)
            break
        except SourceError as error:
            pushed.errors.append(error)
            if not carrying.is_open:
                break
    return pushed


class Carrying:
    """One run's writes to the task list."""

    def __init__(
        self,
        connection: "duckdb.DuckDBPyConnection",
        config: Config,
        now: datetime,
    ) -> None:
        self._connection = connection
        self._now = now
        self._config = config
        self._opened: OpenList | None = None

    @property
    def is_open(self) -> bool:
        """The list was found: what goes wrong after that is about one task."""
        return self._opened is not None

    def carry_out(self, change: Change, pushed: Pushed) -> None:
        """One change: intent, request, outcome.

        :raises SourceError: the list cannot be reached or written.
        """
        done = change.reason if change.is_unseen else change.action
        if change.action in OUTSIDE:
            tasks = self._open()
            if not change.is_left_over:
                self._intend(change)
            try:
                self._request(tasks, change)
            except (ItemConflict, ItemGone) as error:
                if change.action != "create" or isinstance(error, ItemConflict):
                    self._forget_intent(change)
                    pushed.later.append(change.title)
                    return
                # A run that never heard so had written it, and the user deleted it since.
                self._dismiss(change)
                done = "close"
        else:
            self._close(change)
        pushed.made[done] = pushed.made.get(done, 0) + 1

    def _open(self) -> OpenList:
        """Find or make the list, once and only when something is to be written."""
        tasks = self._config.tasks
        if tasks and not self._opened:
            self._opened = open_list(self._connection, self._config, tasks, self._now)
        if not self._opened:
            raise SourceError("The config has no [tasks] section.", "Nothing was written.")
        return self._opened

    def _request(self, tasks: OpenList, change: Change) -> None:
        collection = tasks.at(change.collection)
        if change.action == "withdraw" and not change.mark:
            if change.href and change.etag:
                with told_as_bug(self._where(tasks)):
                    tasks.target.delete(collection, change.href, change.etag)
            self._record_withdrawal(tasks, change, None)
            return
        draft = TaskDraft(
            uid=change.uid,
            title=change.title,
            notes=change.notes,
            due_date=change.due_date,
            status=cast("TaskStatus", change.status),
            priority=change.priority,
            form=cast("TaskForm", change.form),
            mark=change.mark,
        )
        if change.action == "withdraw" and change.href and change.etag:
            with told_as_bug(self._where(tasks)):
                left = tasks.target.withdraw(collection, draft, change.href, change.etag)
            self._record_withdrawal(tasks, change, left)
            return
        with told_as_bug(self._where(tasks)):
            item = tasks.target.put(collection, draft, change.href, change.etag)
        self._record(tasks, change, item)

    def _where(self, tasks: OpenList) -> str:
        return f"{tasks.source}: {tasks.collection.name}"

    def _intend(self, change: Change) -> None:
        """Write down what we are about to do; a new follow-up gets its link here."""
        with duckdb_instances.transaction(self._connection):
            known = self._connection.execute(
                "select 1 from raw.task_links where uid = $1", [change.uid]
            ).fetchone()
            if not known:
                self._connection.execute(
                    query("push_open_link"),
                    [
                        change.uid,
                        change.owner_id,
                        change.record_id,
                        change.kind,
                        change.cycle,
                        self._now,
                    ],
                )
            self._connection.execute(
                query("push_intend"),
                [
                    change.uid,
                    change.action,
                    change.title,
                    change.notes,
                    change.due_date,
                    change.priority,
                    change.status,
                    self._now,
                    change.theirs,
                    change.reason,
                ],
            )

    def _record(self, tasks: OpenList, change: Change, item: Item) -> None:
        """Note what stands there now: the item as read back, and the link."""
        collection = tasks.at(change.collection)
        with duckdb_instances.transaction(self._connection):
            tasks.writer(collection).write(load.Write(items=[received(item)]))
            self._connection.execute(
                query("push_note_written"),
                [change.uid, tasks.source, collection.href, item.href, item.etag, self._now],
            )
            push_recovery.restore_uids(self._connection)
            self._clear_intent(change)
            if change.action == "tick":
                self._mark_closed(change)

    def _record_withdrawal(self, tasks: OpenList, change: Change, left: Item | None) -> None:
        with duckdb_instances.transaction(self._connection):
            writer = tasks.writer(tasks.at(change.collection))
            if left:
                writer.write(load.Write(items=[received(left)]))
                push_recovery.restore_uids(self._connection)
            elif change.href:
                writer.write(load.Write(gone=[change.href]))
            if not change.is_left_over:
                self._clear_intent(change)
                self._mark_closed(change)

    def _close(self, change: Change) -> None:
        with duckdb_instances.transaction(self._connection):
            self._mark_closed(change)

    def _dismiss(self, change: Change) -> None:
        with duckdb_instances.transaction(self._connection):
            self._clear_intent(change)
            self._mark_closed(replace(change, reason="dismissed"))

    def _forget_intent(self, change: Change) -> None:
        with duckdb_instances.transaction(self._connection):
            self._clear_intent(change)

    def _clear_intent(self, change: Change) -> None:
        self._connection.execute(
            query("push_clear_intent"),
            [change.uid],
        )

    def _mark_closed(self, change: Change) -> None:
        self._connection.execute(
            "update raw.task_links set closed_at = $2, close_reason = $3 where uid = $1",
            [change.uid, self._now, change.reason],
        )
