"""`kithbook mute`: no reminders about somebody."""

import typer

from pipeline.command_session import Session
from pipeline.commands import record_decision
from pipeline.commands.options import Whole


def command(context: typer.Context, person: Whole) -> None:
    """No reminders about somebody, until `wake`.

    They stay in every list; `rest` takes them out of those too.

    Example: kithbook mute ana
    """
    session: Session = context.obj
    record_decision.of_one(
        session,
        "mute",
        " ".join(person),
        "No more reminders about {}; `kithbook wake` undoes that.",
    )
