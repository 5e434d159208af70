"""`kithbook pause`: all reminders are on hold."""

from typing import Annotated

import typer

from pipeline.book.decisions import END_OF_PAUSE, Decision
from pipeline.command_session import Session
from pipeline.commands import record_decision
from pipeline.terminal import parse_days
from pipeline.terminal.terminal_text import day


def command(
    context: typer.Context,
    span: Annotated[list[str], typer.Argument(help="A span or a day; or off.")],
) -> None:
    """Put all reminders on hold for a while.

    Untouched tasks are taken back, and no flood follows. `pause off` ends it sooner.

    Example: kithbook pause 3 weeks
    """
    session: Session = context.obj
    wanted = " ".join(span).strip()
    with session.published() as connection:
        today = record_decision.today_of(session, connection)
    if wanted.lower() == "off":
        # A pause until today holds nothing back, and the newest one counts.
        over = Decision("pause", until_date=today, value=END_OF_PAUSE)
        record_decision.say(session, over, "The pause is over; reminders come back one by one.")
        return
    until = parse_days.coming(wanted, today)
    record_decision.say(
        session,
        Decision("pause", until_date=until),
        f"On hold until {day(until, today)}: no new reminders, and untouched tasks are taken back.",
        "`kithbook pause off` ends it sooner.",
    )
