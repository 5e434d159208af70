"""How deep a state machine is driven: a short way that is the same each time, or a long new one."""

from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


@dataclass(frozen=True, slots=True)
class Depth:
    """So many lives of so many steps; new ones each time, or the same."""

    lives: int
    steps: int
    is_new: bool = False


IN_SHORT = Depth(1, 14)
AT_DEPTH = Depth(12, 40, is_new=True)
"""What `make soak` runs: each life is shrunk to what fails."""


def live(machine: type[RuleBasedStateMachine], depth: Depth) -> None:
    """What is asserted stands in the machine: its rules and invariants."""
    phases = [Phase.generate, Phase.shrink] if depth.is_new else [Phase.generate]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=depth.lives,
            stateful_step_count=depth.steps,
            deadline=None,
            derandomize=not depth.is_new,
            database=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )
