"""The state machine of test_task_life.py at depth, on folders, on real servers and at Google."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis.stateful import RuleBasedStateMachine

from connectors.dav.source import CalDav
from tests.journeys.test_task_life import AsEvents, AtGoogle, TaskLife
from tests.support.caldav_account import run_account
from tests.support.source_places import Place, ServerPlace
from tests.support.state_machine_depth import Depth, live

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]


class OnRadicale(TaskLife):
    """The same list on a server; each life has a server of its own."""

    connector: ClassVar[type[Any]] = CalDav
    server: ClassVar[str] = "radicale"
    finds_list_by_id: ClassVar[bool] = True
    takes_copies: ClassVar[bool] = False

    def make_place(self, stack: ExitStack, folder: Path) -> Place:
        return ServerPlace(stack.enter_context(run_account(self.server, folder)), self.form)


class OnXandikos(OnRadicale):
    server: ClassVar[str] = "xandikos"


class EventsOnRadicale(OnRadicale):
    form: ClassVar[str] = "event"


class EventsOnXandikos(OnXandikos):
    form: ClassVar[str] = "event"


@pytest.mark.parametrize(
    ("machine", "lives", "steps"),
    [
        (TaskLife, 60, 50),
        (AsEvents, 40, 50),
        (AtGoogle, 40, 50),
        (OnRadicale, 12, 40),
        (OnXandikos, 12, 40),
        (EventsOnRadicale, 12, 40),
        (EventsOnXandikos, 12, 40),
    ],
)
def test_the_life_of_a_task_at_depth(
    machine: type[RuleBasedStateMachine], lives: int, steps: int
) -> None:
    live(machine, Depth(lives, steps, is_new=True))
