"""The life of birthday tasks: a day comes once a year, and no reminder of it outlives it.

A state machine beside that of test_task_life.py, with rules that hold after each quiet night in
place of a model.
"""

import tempfile
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from connectors.contract import Task
from tests.support.phone_user import Pocket, email_of
from tests.support.source_places import FolderPlace
from tests.support.state_machine_depth import AT_DEPTH, Depth, live

LEAD = timedelta(days=7)
START = date(2026, 5, 20)
OPEN = ("needs-action", "in-process")
BORN = {
    "Ana Lima": ("1986", 5, 24),
    "Eva Mota": ("-", 6, 2),
    "Rui Costa": ("1604", 6, 9),  # no year, as some address books write it
    "Tom Reis": ("1990", 6, 20),
}
"""Name → year as the card has it, month and day."""
DEEDS = ["tick", "retitle", "annotate", "postpone", "delete", "cancel", "give away", "start"]


class BirthdayLife(RuleBasedStateMachine):
    """Four people, each met every month, whose birthdays are near."""

    form: ClassVar[str] = "task"

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self.pocket = Pocket(FolderPlace(folder, self.form), START)
        self.seen: dict[tuple[str, int], set[str]] = {}
        """Person and year → UIDs of every birthday task that ever stood there."""
        self.over: set[tuple[str, int]] = set()
        """Person and year of those that the user ticked, cancelled or deleted, or greeted."""

    def teardown(self) -> None:
        self._stack.close()

    @initialize()
    def begin(self) -> None:
        for number, (name, (year, _, _)) in enumerate(BORN.items()):
            self.write_card(name, year)
            for month in (2, 3, 4):
                self.pocket.add_meeting(
                    f"m{number}{month}", date(2026, month, 3 + number), email_of(name)
                )
            self.pocket.say("every", name, every_days=365)
        self.settle()

    @rule(deed=st.sampled_from(DEEDS), number=st.integers(0, 3), days=st.integers(1, 30))
    def on_phone(self, deed: str, number: int, days: int) -> None:
        found = sorted(self.standing().items())
        if not found or deed in self.pocket.app.cannot:
            return
        whose, (path, task) = found[number % len(found)]
        place = self.pocket.place
        if deed in ("tick", "cancel", "delete"):
            self.over.add(whose)
        if deed == "tick":
            self.pocket.tick(path)
        elif deed == "delete":
            place.remove(path)
        elif deed == "give away":
            body = place.read_all()[path]
            place.remove(path)
            place.write(f"{place.private}{path.rpartition('/')[2]}", body)
        else:
            due = (task.due_date or self.pocket.today) + timedelta(days=days)
            edits: dict[str, dict[str, Any]] = {
                "retitle": {"title": "A cake"},
                "annotate": {"notes": "a cake"},
                "postpone": {"due_date": due},
                "cancel": {"status": "cancelled"},
                "start": {"status": "in-process"},
            }
            self.pocket.edit(path, **edits[deed])

    @rule(name=st.sampled_from([*BORN]), year=st.sampled_from(["1977", "1850", "-"]))
    def correct(self, name: str, year: str) -> None:
        """The card gets another year of birth, or none; the day stays."""
        self.write_card(name, year)

    def write_card(self, name: str, year: str) -> None:
        _, month, day = BORN[name]
        born = f"--{month:02}{day:02}" if year == "-" else f"{year}-{month:02}-{day:02}"
        self.pocket.add_card(name, f"EMAIL:{email_of(name)}", f"BDAY:{born}")

    @rule(name=st.sampled_from([*BORN]))
    def call(self, name: str) -> None:
        """A word on the day, or after it, is what was asked for."""
        today = self.pocket.today
        self.pocket.say("log", name, from_date=today)
        if birthday(name, today.year) <= today:
            self.over.add((name, today.year))

    @rule(days=st.sampled_from([1, 2, 5, 9]))
    def sleep(self, days: int) -> None:
        self.pocket.today += timedelta(days=days)
        self.settle()

    @rule(days=st.sampled_from([3, 8]))
    def travel(self, days: int) -> None:
        """A day passes that nobody saw."""
        self.sleep(days)

    @rule(days=st.sampled_from([1, 4]))
    def lose_state(self, days: int) -> None:
        """A ticked one stands in the list, a deleted one in decisions.jsonl."""
        self.settle()
        (self.pocket.config.data / "state.duckdb").unlink()
        self.sleep(days)

    def standing(self) -> dict[tuple[str, int], tuple[str, Task]]:
        """Person and year → path and task of those that ask something."""
        names = self.pocket.whose([*BORN])
        return {
            (names[uid], year_of(uid)): one
            for uid, one in self.pocket.ours().items()
            if one[1].status in OPEN and "-birthday-" in uid
        }

    def settle(self) -> None:
        for _ in range(4):
            ran = self.pocket.sync()
            assert not ran.trouble, ran.trouble
            if not ran.changes:
                break
        assert not ran.changes, "never quiet"
        assert not self.pocket.are_twins()
        today, names = self.pocket.today, self.pocket.whose([*BORN])
        for uid in self.pocket.ours():
            if "-birthday-" in uid:
                self.seen.setdefault((names[uid], year_of(uid)), set()).add(uid)
        assert all(len(uids) == 1 for uids in self.seen.values()), self.seen
        standing = self.standing()
        for name in BORN:
            day, one = birthday(name, today.year), (name, today.year)
            is_wanted = day - LEAD <= today <= day and one not in self.over
            assert (one in standing) == is_wanted, (name, day, today)


def birthday(name: str, year: int) -> date:
    _, month, day = BORN[name]
    return date(year, month, day)


def year_of(uid: str) -> int:
    return int(uid.split("-birthday-")[1][:4])


class AsEvents(BirthdayLife):
    """The same, as all-day events."""

    form: ClassVar[str] = "event"


@pytest.mark.parametrize(
    ("machine", "depth"),
    [
        pytest.param(BirthdayLife, Depth(1, 8), id="tasks"),
        pytest.param(BirthdayLife, AT_DEPTH, id="tasks-at-depth", marks=pytest.mark.soak),
        pytest.param(AsEvents, AT_DEPTH, id="events-at-depth", marks=pytest.mark.soak),
    ],
)
def test_the_life_of_a_birthday(machine: type[RuleBasedStateMachine], depth: Depth) -> None:
    live(machine, depth)
