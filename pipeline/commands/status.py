"""`kithbook status` with options; without any the parser is never loaded (`cli.PLAIN`)."""

from typing import Annotated

import typer

from pipeline.commands.options import Json
from pipeline.commands.status_report import show_status


def command(
    context: typer.Context,
    max_age: Annotated[
        str | None,
        typer.Option(
            help='Like "2 days": end with 7 when the last good run or a source is older, a login '
            "is refused, or the task list is missing."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """How fresh each source is, what is open, what needs a look.

    Ages count from now. A monitor asks with --max-age, and takes the exit code or --json.

    Example: kithbook status --max-age "2 days" --json
    """
    show_status(context.obj, max_age=max_age, as_json=as_json)
