"""`kithbook log`: you were in touch, and no calendar knows of it."""

from typing import Annotated

import typer

from connectors.errors import UsageError
from pipeline.book.decisions import Decision
from pipeline.command_session import Session
from pipeline.commands import record_decision
from pipeline.commands.options import Whole
from pipeline.terminal import parse_days
from pipeline.terminal.terminal_text import day, plain


def command(
    context: typer.Context,
    person: Whole,
    on: Annotated[str | None, typer.Option(help="The day, like 2026-11-20 or yesterday.")] = None,
    gave: Annotated[bool, typer.Option("--gave", help="You did them a favour.")] = False,
    asked: Annotated[bool, typer.Option("--asked", help="They did you a favour.")] = False,
    note: Annotated[str | None, typer.Option(help="A line for yourself.")] = None,
) -> None:
    """You were in touch: a call or a letter that no calendar knows of.

    Example: kithbook log ana --on yesterday --gave --note "proofread the application"
    """
    session: Session = context.obj
    if gave and asked:
        raise UsageError("--gave and --asked do not go together.", "Log them one after the other.")
    with session.published() as connection:
        who = record_decision.whom(connection, " ".join(person))
        today = record_decision.today_of(session, connection)
    when = parse_days.past(on, today) if on else today
    value = "gave" if gave else "asked" if asked else None
    favour = {"gave": ", you gave", "asked": ", you asked", None: ""}[value]
    said = Decision("log", who=who, from_date=when, value=value, note=note)
    record_decision.say(
        session, said, f"In touch with {plain(who.name)} on {day(when, today)}{favour}."
    )
