"""`kithbook push`: the follow-ups into the task list."""

from typing import Annotated

import typer

from pipeline.command_session import Session
from pipeline.commands import adopt_tasks
from pipeline.commands.options import DryRun, Wait, Yes
from pipeline.sync import run, run_report


def command(
    context: typer.Context,
    dry_run: DryRun = False,
    yes: Yes = False,
    wait: Wait = False,
    adopt: Annotated[
        bool,
        typer.Option("--adopt", help="Adopt tasks of ours that fit one person by name alone."),
    ] = False,
) -> None:
    """Write the follow-ups into the task list, by the last pull.

    After a lost disk --adopt shows the tasks that an earlier version wrote, and whose they would
    be, and asks.

    Example: kithbook push --dry-run
    """
    session: Session = context.obj
    config = session.config()
    now = session.now(config.owner.zone)
    taken_up = adopt_tasks.choose(session, yes=yes, dry_run=dry_run) if adopt else {}
    ran = run.rebuild(
        config,
        now,
        wait=wait,
        write_tasks=not dry_run,
        yes=yes,
        command="push",
        taken_up=taken_up,
    )
    run_report.tell(ran, config, dry_run=dry_run)
    ran.raise_trouble()
