"""The life of a task under all that a user and the world may do: a state machine and a model.

After each quiet sync what stands in the list is what the model says, no edit of the user's is lost,
no task stands twice, nothing of anybody else's was touched, and another sync writes nothing.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from connectors.contract import Collection, Item, Page, Task
from connectors.errors import SourceError, SourceUnreachable
from connectors.google.source import Google
from connectors.ical.source import IcalFile
from pipeline import config as configs
from pipeline.book import store
from pipeline.sync import push, run
from tests.support.fake_google.account_data import Account
from tests.support.fake_google.server import GoogleServer
from tests.support.phone_client import OWN_LINE
from tests.support.phone_user import Pocket, email_of
from tests.support.source_places import LIST, ME, FolderPlace, GooglePlace, Place
from tests.support.state_machine_depth import IN_SHORT, Depth, live
from tests.support.task_model import Circle, Model, Said, differences

NAMES = ["Ana Lima", "Rui Costa", "Eva Mota", "Tom Reis"]
NEW_NAMES = [*NAMES, "Ana Lima", "Eva Reis"]
START = date(2026, 9, 1)
CADENCE = 30
MOST_NIGHTS = 5
"""After so many syncs at one moment there has to be nothing left to do."""
CIRCLE = "friends"

EDITS: dict[str, dict[str, Any]] = {
    "retitle": {"title": "Ring about the boat"},
    "rename never": {"title": "Never"},
    "annotate": {"notes": "her garden\nRing twice"},
    "empty": {"notes": None},
    "unmark": {"unmark": True},
    "prioritise": {"priority": 1},
    "unprioritise": {"priority": None},
    "cancel": {"status": "cancelled"},
    "start": {"status": "in-process"},
    "repeat": {"repeats": True},
}
WORDS = {"refuse": "never", "greet": "In touch", "slow": "every 6 weeks", "hasten": "every 9 days"}
DEEDS = ["tick", "tick", "untick", "postpone", "delete", "delete", "move", "give away", "colour"]
DEEDS += ["clear", "tick one", *EDITS, *WORDS]
OPEN = ("needs-action", "in-process")
STATUSES: dict[str, list[str]] = {"untick": ["completed", "cancelled"]}
"""Which tasks a deed is done to, where it is not the open ones; none: any."""
STATUSES |= {deed: [] for deed in ("delete", "move", "colour", *WORDS)}
VERBS = ["mute", "rest", "wake", "wake", "never", "in_touch", "not_now", "every", "every", "keep"]
VERBS += ["log", "snooze", "pause", "merge", "merge", "split"]

names = st.sampled_from(NAMES)
any_task = st.integers(0, 20)
CALLS = st.sampled_from(["put", "delete"])
CUTS = ["before put", "after put", "after delete", "publish", "no put", "lost put", "lost delete"]
"""Where a run is cut off; "no": the list cannot be reached; "lost": what was done is not heard."""


class Cut(BaseException):
    """The run dies here, as by kill -9: nothing catches it."""


class TaskLife(RuleBasedStateMachine):
    """One person's list, on a folder."""

    connector: ClassVar[type[Any]] = IcalFile
    form: ClassVar[str] = "task"
    finds_list_by_id: ClassVar[bool] = False
    """The list keeps its id under another name; a folder has no other."""
    has_folders: ClassVar[bool] = True
    """A task stands in a file of its own, that other programs rename and take away for a night."""
    takes_copies: ClassVar[bool] = True
    """A second item of the same UID can be put there."""

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self.pocket = Pocket(self.make_place(self._stack, self.folder), START)
        self.model = Model(NAMES, Circle({*NAMES[1::2]}, CADENCE), {name: name for name in NAMES})
        self.model.are_events = self.form == "event"
        self.removed: dict[str, bytes] = {}
        """Our tasks that the user deleted: name of the item → what stood there."""
        self.marked: set[str] = set()
        """UIDs of our tasks to which an app added a line of its own."""
        self.cleared: dict[str, Task] = {}
        """Our tasks that the user ticked and cleared before a night saw them; they stay ticked."""
        self.is_renamed = False
        """The user gave the list another name than the config has."""
        self.count = 0

    def make_place(self, stack: ExitStack, folder: Path) -> Place:
        """Where this machine lives."""
        del stack
        return FolderPlace(folder, self.form)

    def teardown(self) -> None:
        self._stack.close()

    # --- the beginning --------------------------------------------------------------------

    @initialize()
    def begin(self) -> None:
        """Four people met in spring; each has a cadence, its own or a circle's; two are due."""
        for number, name in enumerate(NAMES):
            self.pocket.add_card(name, f"EMAIL:{email_of(name)}")
            for month in (4, 5, 6):
                self._meet(name, date(2026, month, 10 + number))
        for name in NAMES[2:]:
            self._meet(name, date(2026, 8, 20))
        self.pocket.add_task("notes", "Water the plants", is_private=True)
        self.pocket.sync()
        self._configure()
        for name in NAMES[::2]:
            self.decide("keep", name, every_days=CADENCE)
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
        chosen = self.pick(number, *STATUSES.get(deed, OPEN), repeats=deed == "tick one")
        if not chosen or deed in self.pocket.app.cannot:
            return
        path, task = chosen
        folder = self.pocket.place.tasks()  # a server's is found by what stands in it
        if deed == "tick":
            self.pocket.tick(path)
        elif deed == "untick":
            self.pocket.untick(path)
        elif deed == "postpone":
            self.pocket.edit(path, due_date=self.pocket.today + timedelta(days=days))
        elif deed == "delete":
            self.removed[path.rpartition("/")[2]] = self.pocket.place.read_all()[path]
            self._take_away(path, task)
        elif deed == "clear":  # "delete all completed", before the night
            self.pocket.tick(path)
            self.cleared[task.uid] = self.pocket.ours()[task.uid][1]
            self._take_away(path, task)
        elif deed == "move":  # an app keeps the same task under another name
            self.count += 1
            body = self.pocket.place.read_all()[path]
            self.pocket.place.remove(path)
            self.model.moved.discard(task.uid)
            self.pocket.place.write(f"{folder}moved-{self.count}.ics", body)
        elif deed == "give away":  # into another list, where it is followed
            body = self.pocket.place.read_all()[path]
            self.pocket.place.remove(path)
            self.model.moved.add(task.uid)
            self.pocket.place.write(f"{self.pocket.place.private}{path.rpartition('/')[2]}", body)
        elif deed == "tick one":  # an instance of what was made to repeat
            body = self.pocket.place.read_all()[path]
            self.pocket.place.write(path, self.pocket.app.tick_one(body, self.pocket.today))
        elif deed == "colour":  # an app keeps a line of its own in the task
            self.pocket.edit(path, colour=7)
            self.marked.add(task.uid)
        elif deed in WORDS:
            self.pocket.edit(path, notes=f"{task.notes}\n{WORDS[deed]}".strip())
        else:
            self.pocket.edit(path, **EDITS[deed])

    def _take_away(self, path: str, task: Task) -> None:
        self.marked.discard(task.uid)
        self.model.moved.discard(task.uid)
        self.pocket.place.remove(path)

    def pick(self, number: int, *statuses: str, repeats: bool = False) -> tuple[str, Task] | None:
        """One of our tasks that has such a status, or any; of those in another list an open one.

        :param repeats: one that the user made to repeat, of which else nothing is done.
        """
        found = [
            one
            for _, one in sorted(self.pocket.ours().items())
            if (not statuses or one[1].status in statuses)
            and one[1].is_recurring == repeats
            and (one[1].status in OPEN or not one[0].startswith(self.pocket.place.private))
        ]
        return found[number % len(found)] if found else None

    @precondition(lambda self: self.removed)
    @rule(number=any_task)
    def bring_back(self, number: int) -> None:
        """Undo a deletion, as apps do: the same bytes under the same name."""
        name = sorted(self.removed)[number % len(self.removed)]
        self.pocket.place.write(f"{self.pocket.place.tasks()}{name}", self.removed.pop(name))

    @precondition(lambda self: self.pocket.ours())
    @rule()
    def add_own_task(self) -> None:
        self.count += 1
        path = self.pocket.add_task(f"own-{self.count}", "Water the plants")
        if self.count % 2 and self.form == "task":
            self.pocket.tick(path)

    @precondition(lambda self: self.pocket.ours())
    @rule()
    def rename_list(self) -> None:
        """The list gets another name than the config has, or its own again."""
        if self.finds_list_by_id:
            self.pocket.place.rename_list("Later")
            self.settle()
            self.pocket.place.rename_list(LIST)
            return
        self.is_renamed = not self.is_renamed
        self.pocket.place.rename_list("Later" if self.is_renamed else LIST)

    @precondition(lambda self: self.takes_copies and not self.is_renamed)
    @rule(number=any_task)
    def copy(self, number: int) -> None:
        """A task stands twice, as after a write whose answer was lost; one copy goes."""
        chosen = self.pick(number, *OPEN)
        if not chosen:
            return
        before = self._before()
        self.count += 1
        name, _, ending = chosen[0].rpartition("/")[2].rpartition(".")
        copy = f"copy-{self.count}" + (f".{ending}" if name else "")
        body = self.pocket.place.read_all()[chosen[0]]
        self.pocket.place.write(f"{self.pocket.place.tasks()}{copy}", body)
        self.settle(before)

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
            self.pocket.place.remove_meeting(uid)

    @rule(name=names, new=st.sampled_from(NEW_NAMES))
    def rename(self, name: str, new: str) -> None:
        """Somebody's card gets another name, maybe one that somebody else has."""
        self.pocket.add_card(new, f"EMAIL:{email_of(name)}", known_as=name)
        self.model.called[name] = new

    # --- decisions and the config ---------------------------------------------------------------

    @rule(verb=st.sampled_from(VERBS), name=names, days=st.integers(0, 40))
    def say(self, verb: str, name: str, days: int) -> None:
        """Something typed at the command."""
        today = self.pocket.today
        if verb in ("every", "keep"):
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

    @rule(detail=st.sampled_from(["none", "ways"]), open_at_most=st.sampled_from([1, 2, 5]))
    def reconfigure(self, detail: str, open_at_most: int) -> None:
        self.model.detail, self.model.open_at_most = detail, open_at_most
        self._configure()

    @rule(per_week=st.sampled_from([1, 2, 5]))
    def ask_for_fewer(self, per_week: int) -> None:
        self.model.per_week = per_week
        self._configure()

    @rule(name=names, every=st.sampled_from([15, CADENCE, 45]), in_touch=st.booleans())
    def change_circle(self, name: str, every: int, in_touch: bool) -> None:
        """Somebody comes into the circle or leaves it; its cadence changes; it is in touch."""
        members = self.model.circle.members ^ {name}
        self.model.circle = Circle(members, every, in_touch)
        self._configure()

    def _configure(self) -> None:
        """Write the model's numbers and circle into the config."""
        config, model = self.pocket.config, self.model
        assert config.tasks
        circle = configs.Circle(
            CIRCLE,
            every=f"{model.circle.every} days",
            in_touch=model.circle.in_touch,
            people=tuple(sorted(map(email_of, model.circle.members))),
        )
        tasks = replace(
            config.tasks,
            detail=model.detail,
            open_at_most=model.open_at_most,
            per_week=model.per_week,
        )
        self.pocket.config = replace(config, tasks=tasks, circles=(circle,))

    # --- nights ---------------------------------------------------------------------------------

    @rule(days=st.sampled_from([1, 3, 10]))
    def sleep(self, days: int) -> None:
        self.pocket.today += timedelta(days=days)
        if self.is_renamed:
            self.find_no_list()
        else:
            self.settle()

    @rule(days=st.sampled_from([21, 31]))
    def travel(self, days: int) -> None:
        """No night for weeks."""
        self.sleep(days)

    @precondition(lambda self: not self.is_renamed)
    @rule(
        days=st.sampled_from([1, 3, 25]),
        where=st.sampled_from(CUTS),
        number=st.integers(0, 2),
    )
    def die(self, days: int, where: str, number: int) -> None:
        """A run is cut off, or cannot reach the list, and the next one takes up."""
        self.pocket.today += timedelta(days=days)
        before = self._before()
        with self.cut(where, number), suppress(Cut):
            self.pocket.sync()
        self.settle(before)

    @precondition(lambda self: not self.is_renamed and self.is_marked())
    @rule(days=st.sampled_from([1, 3, 25]))
    def lose_state(self, days: int) -> None:
        """The state file is lost; what was said and the list are there."""
        (self.pocket.config.data / "state.duckdb").unlink()
        self.model.lose(self._before(), everything=False)
        self.pocket.today += timedelta(days=days)
        self.settle()

    @precondition(lambda self: not self.is_renamed and self.is_marked())
    @rule(days=st.sampled_from([1, 3, 25]))
    def lose_everything(self, days: int) -> None:
        """Nothing but the config is there, and the user chooses again."""
        shutil.rmtree(self.pocket.config.data)
        self.model.lose(self._before(), everything=True)
        for name in NAMES[::2]:
            self.decide("keep", name, every_days=CADENCE)
        self.pocket.today += timedelta(days=days)
        self.settle()

    @precondition(lambda self: not self.is_renamed and self.is_marked())
    @rule()
    def start_another_machine(self) -> None:
        """A new machine with the same accounts and decisions makes no twin and ends nothing."""
        self.settle()
        stood = self._before()
        own, data = self.pocket.config, self.folder / "another"
        data.mkdir(mode=0o700)
        shutil.copy(own.data / "decisions.jsonl", data)
        assert own.tasks
        self.pocket.config = replace(own, data=data, tasks=replace(own.tasks, per_week=0))
        self._quiet_sync()  # which tells this one that it looks after the tasks as well
        all_now = self.pocket.place.read_all()
        self._quiet_sync()
        self.pocket.config = own
        assert self.pocket.place.read_all() == all_now, "another machine is never quiet"
        after = self._before()
        unmarked = {uid: replace(task, mark="") for uid, task in after.items()}
        assert unmarked == {uid: replace(task, mark="") for uid, task in stood.items()}
        shutil.rmtree(data)
        self.settle()

    def is_marked(self) -> bool:
        """No task lost our mark in its notes, nor stands elsewhere: a lost book loses those."""
        return not (self.model.moved or self.cleared) and all(
            self.pocket.is_marked(path) and not task.is_recurring
            for path, task in self.pocket.ours().values()
        )

    @precondition(lambda self: not self.is_renamed)
    @rule(days=st.sampled_from([1, 3, 25]), number=any_task, is_all=st.booleans())
    def list_short(self, days: int, number: int, *, is_all: bool) -> None:
        """For one night the listing lacks some of our tasks, or all, which stand there."""
        self.pocket.today += timedelta(days=days)
        before = self._before()
        chosen = [path for _, (path, _) in sorted(self.pocket.ours().items())]
        left_out = {*chosen} if is_all else {*chosen[number % (len(chosen) or 1) :][:1]}
        with patch.object(self.connector, "pull", short(self.connector.pull, left_out)):
            self.conclude_nothing(before)
        self.settle(before)

    @precondition(lambda self: self.has_folders and not self.is_renamed)
    @rule(days=st.sampled_from([1, 3, 25]))
    def list_empty(self, days: int) -> None:
        """For one night the list is as empty as a disk that is not mounted."""
        self.pocket.today += timedelta(days=days)
        before = self._before()
        folder = self.pocket.place.tasks()
        bodies = self.pocket.place.read_all()
        away = {path: body for path, body in bodies.items() if path.startswith(folder)}
        for path in away:
            self.pocket.place.remove(path)
        self.conclude_nothing(before)
        for path, body in away.items():
            self.pocket.place.write(path, body)
        self.settle(before)

    def conclude_nothing(self, before: dict[str, Task]) -> None:
        """A night in which tasks are missing that stand there: nobody dismissed any of them."""
        closed = {change.uid for change in self._quiet_sync() if change.reason == "dismissed"}
        assert not closed & {uid for uid, task in before.items() if task.status in OPEN}, closed

    @precondition(lambda self: self.pocket.ours() and not self.is_renamed)
    @rule(days=st.sampled_from([1, 3, 25]))
    def delete_list(self, days: int) -> None:
        """The list is deleted: nothing is done until the user says so, then it is made again."""
        self.pocket.today += timedelta(days=days)
        self.pocket.place.delete_list()
        before = self._before()
        self.model.lose_list({*before}, self.pocket.today)
        for taken in (self.removed, self.marked):
            taken.clear()
        self.find_no_list()
        ran = run.sync(self.pocket.config, self.pocket.now(), yes=True)
        assert not ran.trouble, ran.trouble
        self.settle(before)

    @precondition(lambda self: not self.is_renamed)
    @rule(days=st.sampled_from([1, 3, 25]))
    def store_elsewhere(self, days: int) -> None:
        """What is written new stands under another name than it was sent to."""
        if not self.has_folders:
            return
        self.pocket.today += timedelta(days=days)
        before = self._before()
        real = self.connector.put

        def moved(connector: Any, place: Collection, draft: Any, href: Any, etag: Any) -> Item:
            item: Item = real(connector, place, draft, href, etag)
            if href is None:
                self.count += 1
                was = f"{self.pocket.place.tasks()}{item.href}"
                body = self.pocket.place.read_all()[was]
                self.pocket.place.remove(was)
                self.pocket.place.write(f"{self.pocket.place.tasks()}else-{self.count}.ics", body)
            return item

        with patch.object(self.connector, "put", moved):
            self._quiet_sync()
        self.settle(before)

    @precondition(lambda self: not self.is_renamed)
    @rule(days=st.sampled_from([1, 3, 25]), number=st.integers(0, 2), method=CALLS)
    def race(self, days: int, number: int, method: str) -> None:
        """The user changes a task just when a run is about to write to it."""
        self.pocket.today += timedelta(days=days)
        before = self._before()
        left = [number]
        real = getattr(self.connector, method)

        def overtaken(connector: Any, *arguments: Any) -> Any:
            left[0] -= 1
            href = arguments[2] if method == "put" else arguments[1]
            for uid, (path, _) in self.pocket.ours().items():
                if left[0] == -1 and href and path.endswith(href.rpartition("/")[2]):
                    self.pocket.edit(path, notes="her garden")
                    before[uid] = self._before()[uid]
            return real(connector, *arguments)

        with patch.object(self.connector, method, overtaken):
            self._quiet_sync()
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
        is_heard = when in ("no", "lost")
        error = SourceUnreachable("gone", "") if is_heard else Cut()
        is_first = when not in ("after", "lost")
        real = getattr(owner, method)
        with patch.object(owner, method, once(real, first=is_first, error=error)):
            yield

    def _before(self) -> dict[str, Task]:
        return self.cleared | {uid: task for uid, (_, task) in self.pocket.ours().items()}

    def settle(self, before: dict[str, Task] | None = None) -> None:
        """Sync until nothing is left to do, and hold what stands there against the model."""
        before = self._before() if before is None else before
        theirs = self.pocket.not_ours()
        for _ in range(MOST_NIGHTS):
            all_now = self.pocket.place.read_all()
            if not (changes := self._quiet_sync()):
                break
        assert changes == [], "never quiet"
        assert self.pocket.place.read_all() == all_now, "a sync with nothing to do wrote"
        assert self.pocket.not_ours() == theirs, "something not ours was touched"
        assert not self.pocket.are_twins(), "a task stands twice"
        self.model.repeats = {uid for uid, task in before.items() if task.is_recurring}
        night = self.model.night(before, self.pocket.today)
        after, whose = self._before(), self.pocket.whose(NAMES)
        wrong = list(differences(after, whose, night))
        assert not wrong, wrong
        self.model.wrote(after, whose, self.pocket.today)
        for uid in self.marked & after.keys():
            assert OWN_LINE.encode() in all_now[self.pocket.ours()[uid][0]]

    def find_no_list(self) -> None:
        """A night in which the list of the config is not there: nothing at all is written."""
        all_now = self.pocket.place.read_all()
        ran = self.pocket.sync()
        assert self.pocket.place.read_all() == all_now
        assert all(isinstance(error, SourceError) for error in ran.trouble), ran.trouble

    def _quiet_sync(self) -> list[push.Change]:
        ran = self.pocket.sync()
        assert not ran.trouble, ran.trouble
        return ran.changes

    @invariant()
    def no_attendee_is_ever_written(self) -> None:
        for path, _ in self.pocket.ours().values():
            body = self.pocket.place.read_all()[path]
            assert b"ATTENDEE" not in body
            assert b"ORGANIZER" not in body


def short(real: Callable[..., Iterator[Page]], left_out: set[str]) -> Callable[..., Any]:
    """A listing that lacks what stands at these paths."""

    def is_named(href: str) -> bool:
        return not any(path.endswith(f"/{href}") for path in left_out)

    def pull(
        connector: Any, collection: Collection, cursor: str | None, known: Mapping[str, str]
    ) -> Iterator[Page]:
        if "task" not in collection.kinds:
            yield from real(connector, collection, cursor, known)
            return
        for page in real(connector, collection, None, known):
            items = [item for item in page.items if is_named(item.href)]
            unchanged = [href for href in page.unchanged if is_named(href)]
            yield replace(page, items=items, unchanged=unchanged)

    return pull


class AsEvents(TaskLife):
    """The same, as all-day events."""

    form: ClassVar[str] = "event"


class AtGoogle(TaskLife):
    """The same, in Google Tasks."""

    connector: ClassVar[type[Any]] = Google
    finds_list_by_id: ClassVar[bool] = True
    has_folders: ClassVar[bool] = False

    def make_place(self, stack: ExitStack, folder: Path) -> Place:
        google = stack.enter_context(GoogleServer())
        google.account = Account(ME)
        return GooglePlace(google, folder)


@pytest.mark.parametrize(
    ("machine", "depth"),
    [
        pytest.param(TaskLife, Depth(2, 14), id="tasks"),
        pytest.param(AsEvents, IN_SHORT, id="events"),
        pytest.param(AtGoogle, IN_SHORT, id="google"),
    ],
)
def test_the_life_of_a_task(machine: type[RuleBasedStateMachine], depth: Depth) -> None:
    live(machine, depth)
