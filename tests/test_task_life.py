"""The life of a task under all that a user and the world may do: a state machine and a model.

After each quiet sync what stands in the list is what the model says, no edit of the user's is lost,
no task stands twice, nothing of anybody else's was touched, and another sync writes nothing.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from connectors.ical_file import IcalFile
from pipeline import push, store
from pipeline.errors import SourceUnreachable
from pipeline.records import Task
from tests.pocket import FolderPlace, Place, Pocket, email_of
from tests.taskmodel import Model, Said, differences

NAMES = ["Ana Lima", "Rui Costa", "Eva Mota", "Tom Reis"]
START = date(2026, 9, 1)
CADENCE = 30
MOST_NIGHTS = 4
"""After so many syncs at one moment there has to be nothing left to do."""
OWN_LINE = "X-APP-COLOR:7"

EDITS: dict[str, dict[str, str | None]] = {
    "retitle": {"SUMMARY": ":Ring about the boat"},
    "annotate": {"DESCRIPTION": ":her garden"},
    "empty": {"DESCRIPTION": None},
    "prioritise": {"PRIORITY": ":1"},
    "unprioritise": {"PRIORITY": None},
    "cancel": {"STATUS": ":CANCELLED"},
    "start": {"STATUS": ":IN-PROCESS"},
}
DEEDS = ["tick", "tick", "untick", "postpone", "delete", "delete", "move", "colour", *EDITS]
VERBS = ["mute", "rest", "wake", "wake", "never", "in_touch", "not_now", "every", "every"]
VERBS += ["log", "snooze", "pause", "merge", "merge", "split"]

names = st.sampled_from(NAMES)
any_task = st.integers(0, 20)


class Cut(BaseException):
    """The run dies here, as by kill -9: nothing catches it."""


class TaskLife(RuleBasedStateMachine):
    """One person's list, on a folder."""

    connector: ClassVar[type[Any]] = IcalFile

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self.pocket = Pocket(self.make_place(self._stack, self.folder), START)
        self.model = Model(NAMES)
        self.removed: dict[str, bytes] = {}
        """Our tasks that the user deleted: path → what stood there."""
        self.marked: set[str] = set()
        """UIDs of our tasks to which an app added a line of its own."""
        self.count = 0

    def make_place(self, stack: ExitStack, folder: Path) -> Place:
        """Where this machine lives."""
        del stack
        return FolderPlace(folder)

    def teardown(self) -> None:
        self._stack.close()

    # --- the beginning --------------------------------------------------------------------

    @initialize()
    def begin(self) -> None:
        """Four people met in spring; a cadence is given to each; two of them are due."""
        for number, name in enumerate(NAMES):
            self.pocket.add_card(name, f"EMAIL:{email_of(name)}")
            for month in (4, 5, 6):
                self._meet(name, date(2026, month, 10 + number))
        for name in NAMES[2:]:
            self._meet(name, date(2026, 8, 20))
        self.pocket.add_task("notes", "Water the plants", folder=self.pocket.place.private)
        self.pocket.sync()
        for name in NAMES:
            self.decide("every", name, every_days=CADENCE)
        self.settle()

    def _meet(self, name: str, day: date) -> str:
        self.count += 1
        uid = f"m{self.count}"
        self.pocket.add_meeting(uid, day, email_of(name))
        self.model.meetings[uid] = (name, day)
        return uid

    def decide(self, verb: str, *who: str, **columns: Any) -> None:
        """Say it to kithbook and to the model."""
        self.pocket.say(verb, *who, **columns)
        day = columns.get("from_date") or self.pocket.today
        name, other = (*who, "", "")[:2]
        days, until = columns.get("every_days", 0), columns.get("until_date", date.min)
        self.model.said.append(Said(verb, day, name, other, days, until))

    # --- the user and the phone -----------------------------------------------------------------

    @rule(deed=st.sampled_from(DEEDS), number=any_task, days=st.integers(-3, 40))
    def on_phone(self, deed: str, number: int, days: int) -> None:
        """The user does something to one of our tasks."""
        statuses = {"untick": ["completed", "cancelled"], "delete": [], "move": []}
        chosen = self.pick(number, *statuses.get(deed, ["needs-action", "in-process"]))
        if not chosen:
            return
        path, task = chosen
        body = self.pocket.place.read_all()[path]
        if deed == "tick":
            self.pocket.tick(path)
        elif deed == "untick":
            self.pocket.untick(path)
        elif deed == "postpone":
            day = self.pocket.today + timedelta(days=days)
            self.pocket.edit(path, DUE=f";VALUE=DATE:{day:%Y%m%d}")
        elif deed == "delete":
            self.removed[path] = body
            self.marked.discard(task.uid)
            self.pocket.place.remove(path)
        elif deed == "move":  # an app keeps the same task under another name
            self.count += 1
            self.pocket.place.remove(path)
            self.pocket.place.write(f"{self.pocket.place.tasks()}moved-{self.count}.ics", body)
        elif deed == "colour":  # an app keeps a line of its own in the task
            self.pocket.edit(path, X_APP_COLOR=":7")
            self.marked.add(task.uid)
        else:
            self.pocket.edit(path, **EDITS[deed])

    def pick(self, number: int, *statuses: str) -> tuple[str, Task] | None:
        """One of our tasks that has such a status, or any."""
        found = [
            one
            for _, one in sorted(self.pocket.ours().items())
            if not statuses or one[1].status in statuses
        ]
        return found[number % len(found)] if found else None

    @precondition(lambda self: self.removed)
    @rule(number=any_task)
    def bring_back(self, number: int) -> None:
        """Undo a deletion, as apps do: the same bytes under the same name."""
        path = sorted(self.removed)[number % len(self.removed)]
        self.pocket.place.write(path, self.removed.pop(path))

    @precondition(lambda self: self.pocket.ours())
    @rule()
    def add_own_task(self) -> None:
        self.count += 1
        path = self.pocket.add_task(f"own-{self.count}", "Water the plants")
        if self.count % 2:
            self.pocket.tick(path)

    # --- the world ------------------------------------------------------------------------------

    @rule(
        what=st.sampled_from(["meet", "meet", "move", "cancel", "delete"]),
        name=names,
        number=any_task,
        days=st.integers(-4, 20),
    )
    def calendar(self, what: str, name: str, number: int, days: int) -> None:
        """Meetings come, move, are cancelled or deleted."""
        day = self.pocket.today + timedelta(days=days)
        late = [uid for uid, (_, day) in self.model.meetings.items() if day >= START]
        if what == "meet" or not late:
            self._meet(name, day)
            return
        uid = late[number % len(late)]
        name, old = self.model.meetings.pop(uid)
        if what == "move":
            self.pocket.add_meeting(uid, day, email_of(name))
            self.model.meetings[uid] = (name, day)
        elif what == "cancel":
            self.pocket.add_meeting(uid, old, email_of(name), status="CANCELLED")
        else:
            self.pocket.place.remove(f"{self.pocket.place.meetings}{uid}.ics")

    # --- decisions and the config ---------------------------------------------------------------

    @rule(verb=st.sampled_from(VERBS), name=names, days=st.integers(0, 40))
    def say(self, verb: str, name: str, days: int) -> None:
        """Something typed at the command."""
        today = self.pocket.today
        if verb == "every":
            self.decide(verb, name, every_days=20 + days)
        elif verb == "log":
            self.decide(verb, name, from_date=today - timedelta(days=days % 6))
        elif verb == "snooze":
            self.decide(verb, name, until_date=today + timedelta(days=days))
        elif verb == "pause":
            self.decide(verb, until_date=today + timedelta(days=days))
        elif verb in ("merge", "split"):
            other = NAMES[(NAMES.index(name) + 1 + days % 3) % len(NAMES)]
            self.decide(verb, *sorted([name, other]))
        else:
            self.decide(verb, name)

    @rule(detail=st.sampled_from(["none", "ways"]))
    def reconfigure(self, detail: str) -> None:
        config = self.pocket.config
        assert config.tasks
        self.pocket.config = replace(config, tasks=replace(config.tasks, detail=detail))
        self.model.detail = detail

    # --- nights ---------------------------------------------------------------------------------

    @rule(days=st.sampled_from([1, 3, 10]))
    def sleep(self, days: int) -> None:
        self.pocket.today += timedelta(days=days)
        self.settle()

    @rule(days=st.sampled_from([21, 31]))
    def travel(self, days: int) -> None:
        """No night for weeks."""
        self.sleep(days)

    @rule(
        days=st.sampled_from([1, 3, 25]),
        where=st.sampled_from(["before put", "after put", "after delete", "publish", "offline"]),
        number=st.integers(0, 2),
    )
    def die(self, days: int, where: str, number: int) -> None:
        """A run is cut off, or cannot reach the list, and the next one takes up."""
        self.pocket.today += timedelta(days=days)
        before = self._before()
        with self.cut(where, number), suppress(Cut):
            self.pocket.sync()
        self.settle(before)

    @contextmanager
    def cut(self, where: str, number: int) -> Iterator[None]:
        """Let the run die at the so-many-th time that it comes to this place."""
        left = [number]

        def once(real: Callable[..., Any], *, first: bool, error: BaseException) -> Any:
            def call(*arguments: Any, **named: Any) -> Any:
                left[0] -= 1
                if left[0] < 0 and first:
                    raise error
                result = real(*arguments, **named)
                if left[0] < 0:
                    raise error
                return result

            return call

        when, _, method = where.partition(" ")
        owner: Any = self.connector
        if where == "publish":
            owner, method, left[0] = store, "publish", 0
        if where == "offline":
            method = "put"
        error = SourceUnreachable("gone", "") if where == "offline" else Cut()
        real = getattr(owner, method)
        with patch.object(owner, method, once(real, first=when != "after", error=error)):
            yield

    def _before(self) -> dict[str, Task]:
        return {uid: task for uid, (_, task) in self.pocket.ours().items()}

    def settle(self, before: dict[str, Task] | None = None) -> None:
        """Sync until nothing is left to do, and hold what stands there against the model."""
        before = self._before() if before is None else before
        theirs = self._not_ours()
        for _ in range(MOST_NIGHTS):
            all_now = self.pocket.place.read_all()
            if not (changes := self._quiet_sync()):
                break
        assert changes == [], "never quiet"
        assert self.pocket.place.read_all() == all_now, "a sync with nothing to do wrote"
        assert self._not_ours() == theirs, "something not ours was touched"
        wanted = self.model.night(before, self.pocket.today)
        after = self._before()
        assert list(differences(after, wanted)) == []
        self.model.wrote(after, self.pocket.today)
        for uid in self.marked & after.keys():
            assert OWN_LINE.encode() in all_now[self.pocket.ours()[uid][0]]

    def _quiet_sync(self) -> list[push.Change]:
        ran = self.pocket.sync()
        assert not ran.trouble, ran.trouble
        return ran.changes

    def _not_ours(self) -> dict[str, bytes]:
        return {
            path: body
            for path, body in self.pocket.place.read_all().items()
            if b"UID:kithbook-" not in body
        }

    @invariant()
    def no_attendee_is_ever_written(self) -> None:
        for _, body, task in self.pocket.standing():
            if task.uid.startswith("kithbook-"):
                assert b"ATTENDEE" not in body
                assert b"ORGANIZER" not in body


def test_the_life_of_a_task_on_a_folder() -> None:
    run_state_machine_as_test(
        TaskLife,
        settings=settings(
            max_examples=4,
            stateful_step_count=14,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
