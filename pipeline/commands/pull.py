"""`kithbook pull` with options: fetch what changed, and no more."""

from typing import Annotated

import typer

from pipeline.commands.options import AllowEmpty, Quiet, Wait
from pipeline.commands.pull_and_sync import pull


def command(
    context: typer.Context,
    source: Annotated[list[str] | None, typer.Option(help="Only this source.")] = None,
    quiet: Quiet = False,
    wait: Wait = False,
    allow_empty: AllowEmpty = False,
) -> None:
    """Fetch what changed; what you query stays as it is until a build.

    Example: kithbook pull --source home
    """
    pull(context.obj, source=source or (), quiet=quiet, wait=wait, allow_empty=allow_empty)
