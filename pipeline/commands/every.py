"""`kithbook every`: how often you want to be in touch with somebody."""

from typing import Annotated

import typer

from pipeline.book.decisions import Decision
from pipeline.command_session import Session
from pipeline.commands import record_decision
from pipeline.commands.options import Person
from pipeline.terminal import parse_durations
from pipeline.terminal.terminal_text import plain


def command(
    context: typer.Context,
    person: Person,
    span: Annotated[list[str], typer.Argument(help="A span of time: 6 weeks, 2 months.")],
) -> None:
    """How often you want to be in touch with somebody.

    Example: kithbook every ana 2 months
    """
    session: Session = context.obj
    wanted = parse_durations.days(" ".join(span))
    with session.published() as connection:
        who = record_decision.whom(connection, person)
    said = Decision("every", who=who, every_days=wanted)
    record_decision.say(
        session, said, f"In touch with {plain(who.name)} every {parse_durations.every(wanted)}."
    )
