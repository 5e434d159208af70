"""`kithbook merge`: two entries are one human."""

import typer

from pipeline.book.decisions import Decision
from pipeline.command_session import Session
from pipeline.commands import record_decision
from pipeline.commands.options import Person
from pipeline.commands.record_decision import two_people
from pipeline.terminal.terminal_text import plain


def command(context: typer.Context, person: Person, other: Person) -> None:
    """Two entries are the same person.

    Example: kithbook merge ana@example.org "ana lima"
    """
    session: Session = context.obj
    one, another = two_people(session, person, other)
    record_decision.say(
        session,
        Decision("merge", who=one, other=another),
        f"{plain(one.name)} and {plain(another.name)} are the same person.",
    )
