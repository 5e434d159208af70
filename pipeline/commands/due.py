"""`kithbook due` with options; without any the parser is never loaded (`cli.PLAIN`)."""

from typing import Annotated

import typer

from pipeline.commands.due_list import show_due
from pipeline.commands.options import Json
from pipeline.terminal import parse_durations


def command(
    context: typer.Context,
    ahead: Annotated[
        str | None,
        typer.Option(help='Like "30 days": also whose time comes until then, and birthdays.'),
    ] = None,
    as_json: Json = False,
) -> None:
    """Who is due, and why.

    Example: kithbook due --ahead "30 days"
    """
    show_due(context.obj, as_json=as_json, ahead=parse_durations.days(ahead) if ahead else 0)
