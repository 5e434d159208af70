"""`kithbook pull` and `kithbook sync`: their work. Cron runs it as it stands (`cli.PLAIN`)."""

from collections.abc import Sequence

from pipeline.command_session import Session
from pipeline.sync import notify, run, run_report


def pull(
    session: Session,
    *,
    source: Sequence[str] = (),
    quiet: bool = False,
    wait: bool = False,
    allow_empty: bool = False,
) -> None:
    """Fetch what changed in these sources, in all without any."""
    config = session.config()
    wanted = [config.source(name) for name in source] or None
    now = session.now(config.owner.zone)
    ran = run.pull_only(config, now, sources=wanted, wait=wait, allow_empty=allow_empty)
    if not quiet:
        run_report.tell(ran, config)
    ran.raise_trouble()


def sync(
    session: Session,
    *,
    dry_run: bool = False,
    quiet: bool = False,
    wait: bool = False,
    allow_empty: bool = False,
    yes: bool = False,
) -> None:
    """Pull, build and push; quiet: only what went wrong, once."""
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
