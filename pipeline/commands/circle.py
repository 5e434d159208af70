"""`kithbook circle`: somebody belongs to a circle."""

import re
from typing import Annotated

import typer

from connectors.errors import UsageError
from pipeline.book.decisions import Decision
from pipeline.command_session import Session
from pipeline.commands import record_decision
from pipeline.commands.options import Person
from pipeline.terminal.terminal_text import plain

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
"""What TOML takes for a key without quotes."""


def command(
    context: typer.Context,
    person: Person,
    name: Annotated[list[str], typer.Argument(help="The circle's name.")],
) -> None:
    """Put somebody into a circle.

    Example: kithbook circle ana mentors
    """
    session: Session = context.obj
    wanted = plain(" ".join(name)).strip()
    if not wanted:
        raise UsageError("Which circle?", "Example: kithbook circle ana mentors")
    with session.published() as connection:
        who = record_decision.whom(connection, person)
        known = connection.execute(
            "select circle, every_days, is_in_touch from main.circles where lower(circle) = $1",
            [wanted.lower()],
        ).fetchone()
    circle, cadence, in_touch = known or (wanted, None, False)  # spelt as it is known already
    lines = [f"{plain(who.name)} is in the circle {plain(circle)}."]
    if not cadence and not in_touch:
        key = plain(circle) if BARE_KEY.fullmatch(plain(circle)) else f'"{plain(circle)}"'
        lines.append(
            f'No cadence yet: write `every = "3 months"` under [circle.{key}] in the config.'
        )
    record_decision.say(session, Decision("circle", who=who, value=circle), *lines)
