"""Commands of every day that look: sync, due, brief, show; and the options that many share."""

from typing import Annotated

import typer

from pipeline.session import Session

Json = Annotated[bool, typer.Option("--json", help="Print data as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing when all is well.")]
Wait = Annotated[bool, typer.Option("--wait", help="Wait for another run to end.")]
AllowEmpty = Annotated[
    bool, typer.Option("--allow-empty", help="Believe a source that lost most of its items.")
]
Yes = Annotated[
    bool, typer.Option("--yes", help="Make unusually many task changes, or a lost task list again.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show, write nothing outside.")]


def sync(
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
    from pipeline.sync import notify, run, run_report

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


def due(context: typer.Context, as_json: Json = False) -> None:
    """Who is due, and why.

    Example: kithbook due
    """
    from pipeline.commands.due_list import show_due

    show_due(context.obj, as_json=as_json)


def brief(
    context: typer.Context,
    days: Annotated[int, typer.Option(help="How many days ahead.", min=0, max=3660)] = 7,
    as_json: Json = False,
) -> None:
    """The next meetings: who comes, when you last met, whom you both know.

    Example: kithbook brief --days 2
    """
    from pipeline.commands.brief import show_brief

    show_brief(context.obj, days, as_json=as_json)


def show(
    context: typer.Context,
    person: Annotated[list[str], typer.Argument(help="Part of the name, an e-mail, or the id.")],
    as_json: Json = False,
) -> None:
    """Everything known of one person, and why.

    Example: kithbook show ana
    """
    from pipeline.commands.show import show_person

    show_person(context.obj, " ".join(person), as_json=as_json)
