"""`kithbook introduce`: two people whom you want to bring together."""

import typer

from pipeline.book.decisions import Decision
from pipeline.command_session import Session
from pipeline.commands import record_decision
from pipeline.commands.options import Person
from pipeline.commands.record_decision import two_people
from pipeline.terminal.terminal_text import plain


def command(context: typer.Context, person: Person, other: Person) -> None:
    """Introduce two people to each other: it becomes a follow-up.

    Example: kithbook introduce ana omar
    """
    session: Session = context.obj
    one, another = two_people(session, person, other)
    record_decision.say(
        session,
        Decision("introduce", who=one, other=another),
        f"To do: introduce {plain(one.name)} and {plain(another.name)} to each other.",
    )
