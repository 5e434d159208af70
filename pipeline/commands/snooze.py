"""`kithbook snooze`: no reminder about somebody for a while."""

from typing import Annotated

import typer

from pipeline.book.decisions import Decision
from pipeline.command_session import Session
from pipeline.commands import record_decision
from pipeline.commands.options import Person
from pipeline.terminal import parse_days
from pipeline.terminal.terminal_text import day, plain


def command(
    context: typer.Context,
    person: Person,
    until: Annotated[list[str], typer.Argument(help="A span or a day: 3 weeks, 2026-12-24.")],
) -> None:
    """No reminder about somebody for a while.

    Example: kithbook snooze ana 3 weeks
    """
    session: Session = context.obj
    with session.published() as connection:
        who = record_decision.whom(connection, person)
        today = record_decision.today_of(session, connection)
    when = parse_days.coming(" ".join(until), today)
    said = Decision("snooze", who=who, until_date=when)
    record_decision.say(
        session, said, f"No reminder about {plain(who.name)} before {day(when, today)}."
    )
