"""`kithbook pause`: all reminders are on hold."""

from typing import Annotated

import typer

from pipeline.book.decisions import END_OF_PAUSE, Decision
from pipeline.commands import note_decision
from pipeline.session import Session
from pipeline.terminal import days
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
        today = note_decision.today_of(session, connection)
    if wanted.lower() == "off":
        # A pause until today holds nothing back, and the newest one counts.
        over = Decision("pause", until_date=today, value=END_OF_PAUSE)
        note_decision.say(session, over, "The pause is over; reminders come back one by one.")
        return
    until = days.coming(wanted, today)
    note_decision.say(
        session,
        Decision("pause", until_date=until),
        f"On hold until {day(until, today)}: no new reminders, and untouched tasks are taken back.",
        "`kithbook pause off` ends it sooner.",
    )
