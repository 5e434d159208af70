"""The state machine of test_task_life.py at depth, on a folder and on real servers."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from connectors.dav.caldav import CalDav
from tests.account import run_account
from tests.pocket import Place, ServerPlace
from tests.test_task_life import TaskLife

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]


class OnRadicale(TaskLife):
    """The same list on a server; each life has a server of its own."""

    connector: ClassVar[type[Any]] = CalDav
    server = "radicale"

    def make_place(self, stack: ExitStack, folder: Path) -> Place:
        return ServerPlace(stack.enter_context(run_account(self.server, folder)))


class OnXandikos(OnRadicale):
    server = "xandikos"


@pytest.mark.parametrize(
    ("machine", "lives", "steps"),
    [(TaskLife, 60, 50), (OnRadicale, 12, 40), (OnXandikos, 12, 40)],
)
def test_the_life_of_a_task_at_depth(
    machine: type[RuleBasedStateMachine], lives: int, steps: int
) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
