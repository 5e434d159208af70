"""`kithbook sync` with options: pull, build and push, the command of every night."""

import typer

from pipeline.commands.options import AllowEmpty, DryRun, Quiet, Wait, Yes
from pipeline.commands.pull_and_sync import sync


def command(
    context: typer.Context,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    wait: Wait = False,
    allow_empty: AllowEmpty = False,
    yes: Yes = False,
) -> None:
    """Pull, build and push: what cron runs every night.

    Example: kithbook sync --quiet
    """
    sync(
        context.obj,
        dry_run=dry_run,
        quiet=quiet,
        wait=wait,
        allow_empty=allow_empty,
        yes=yes,
    )
