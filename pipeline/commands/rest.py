"""`kithbook rest`: somebody is in no list any more."""

import typer

from pipeline.command_session import Session
from pipeline.commands import record_decision
from pipeline.commands.options import Whole


def command(context: typer.Context, person: Whole) -> None:
    """Let somebody rest: out of every list and export, until `wake`.

    Nothing is deleted; `forget` does that.

    Example: kithbook rest "wilhelm keller"
    """
    session: Session = context.obj
    record_decision.of_one(
        session,
        "rest",
        " ".join(person),
        "{} is out of every list from now on, their task goes with the next sync; `kithbook wake`"
        " brings them back. `kithbook query` shows the file, which follows with the next build.",
    )
