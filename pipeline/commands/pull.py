"""`kithbook pull`: fetch what changed, and no more."""

from typing import Annotated

import typer

from pipeline.command_session import Session
from pipeline.commands.options import AllowEmpty, Quiet, Wait
from pipeline.sync import run, run_report


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
    session: Session = context.obj
    config = session.config()
    wanted = [config.source(name) for name in source] if source else None
    now = session.now(config.owner.zone)
    ran = run.pull_only(config, now, sources=wanted, wait=wait, allow_empty=allow_empty)
    if not quiet:
        run_report.tell(ran, config)
    ran.raise_trouble()
