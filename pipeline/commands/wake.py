"""`kithbook wake`: somebody who was muted or at rest is back."""

import typer

from pipeline.book import resting_people
from pipeline.book.decisions import Decision
from pipeline.command_session import Session
from pipeline.commands import record_decision
from pipeline.commands.options import Whole
from pipeline.terminal.terminal_text import plain


def command(context: typer.Context, person: Whole) -> None:
    """Bring back somebody who was muted or at rest.

    Example: kithbook wake ana
    """
    session: Session = context.obj
    who = resting_people.whom(session, " ".join(person))
    words = f"{plain(who.name)} is back, with reminders."
    record_decision.say(session, Decision("wake", who=who), words)
