"""`kithbook due` with options; without any the parser is never loaded (`cli.PLAIN`)."""

import typer

from pipeline.commands.due_list import show_due
from pipeline.commands.options import Json


def command(context: typer.Context, as_json: Json = False) -> None:
    """Who is due, and why.

    Example: kithbook due
    """
    show_due(context.obj, as_json=as_json)
