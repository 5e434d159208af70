"""`kithbook sync`: pull, build and push, the command of every night."""

import typer

from pipeline.command_session import Session
from pipeline.commands.options import AllowEmpty, DryRun, Quiet, Wait, Yes
from pipeline.sync import notify, run, run_report


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
    session: Session = context.obj
    config = session.config()
    now = session.now(config.owner.zone)
    with notify.news(session, now, is_told=not dry_run) as news:
        ran = news.ran = run.sync(
            config,
            now,
            wait=wait,
            allow_empty=allow_empty,
            write_tasks=not dry_run,
            yes=yes,
        )
        if quiet:
            run_report.tell_once(ran)
        else:
            run_report.tell(ran, config, dry_run=dry_run)
        ran.raise_trouble()
