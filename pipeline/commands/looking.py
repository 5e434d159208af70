"""Commands that only look: queries, places, rules, what would follow from another number."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.daily import Json

Csv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
Exact = Annotated[bool, typer.Option("--exact", help="CSV with each text as it is, formulas too.")]


def query(
    context: typer.Context,
    sql: Annotated[str, typer.Argument(help="One SELECT; tables of schema main need no prefix.")],
    as_json: Json = False,
    as_csv: Csv = False,
    exact: Exact = False,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long it may take.")] = 60.0,
    memory: Annotated[str, typer.Option(help="How much memory it may take.")] = "1GB",
) -> None:
    """Ask the published file in SQL: read-only, with access to nothing else.

    Example: kithbook query "select display_name, last_contact_date from last_contacts"
    """
    from pipeline.commands.query import Bounds, form_of, run_query

    form = form_of(as_json=as_json, as_csv=as_csv, exact=exact)
    run_query(context.obj, sql, form=form, bounds=Bounds(seconds, memory))


def export(
    context: typer.Context,
    table: Annotated[str, typer.Argument(help="A table of schema main.")],
    to: Annotated[
        Path | None, typer.Argument(help="A file; without one, or with -, the screen.")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", help="csv, json, parquet, vcard (people); by the file's ending."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file of that name.")] = False,
    exact: Exact = False,
) -> None:
    """Write a table to a file; people also as vCards.

    Example: kithbook export people people.vcf
    """
    from pipeline.commands.export import export as write

    target = to.expanduser() if to and str(to) != "-" else None
    write(context.obj, table, target, form, force=force, exact=exact)


def near(
    context: typer.Context,
    place: Annotated[list[str], typer.Argument(help="A city, or the beginning of one.")],
    as_json: Json = False,
) -> None:
    """Who lives or works in a place, the closest first.

    Example: kithbook near Lisbon
    """
    from pipeline.commands.near import show_near

    show_near(context.obj, " ".join(place), as_json=as_json)


def what_if(
    context: typer.Context,
    changes: Annotated[
        list[str] | None, typer.Option("--set", help="KEY=VALUE of the config; may be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Who would be overdue with other rules; nothing is written.

    Without --set: what the config as it stands now would change.

    Example: kithbook what-if --set rules.max_attendees=6 --set circle.friends.every="4 weeks"
    """
    from pipeline.commands.what_if import show_what_if

    show_what_if(context.obj, changes or (), as_json=as_json)


def status(
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
    from pipeline.commands.status_report import show_status

    show_status(context.obj, max_age=max_age, as_json=as_json)


def runs(
    context: typer.Context,
    last: Annotated[int, typer.Option(help="How many.", min=1, max=2000)] = 30,
    as_json: Json = False,
) -> None:
    """The last runs: each source, what came of it, how long it took, what went wrong.

    Example: kithbook runs --last 7
    """
    from pipeline.commands.runs import show_runs

    show_runs(context.obj, last, as_json=as_json)


def digest(
    context: typer.Context,
    last: Annotated[
        bool, typer.Option("--last", help="The last one that had something new in it.")
    ] = False,
    as_json: Json = False,
) -> None:
    """What was new in the last sync: who is due, birthdays, trouble; nothing where nothing was.

    Each thing is told once. The command of [notify] in the config gets the same after a sync.

    Example: kithbook digest
    """
    from pipeline.commands.digest import show_digest

    show_digest(context.obj, last=last, as_json=as_json)


def rules(context: typer.Context, as_json: Json = False) -> None:
    """What counts as contact: each rule, and how many meetings it decided.

    Example: kithbook rules
    """
    from pipeline.commands.rules import show_rules

    show_rules(context.obj, as_json=as_json)


def rejects(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
    as_json: Json = False,
    as_csv: Csv = False,
    exact: Exact = False,
) -> None:
    """What could not be read, where and why.

    Example: kithbook rejects
    """
    from pipeline.commands.query import form_of
    from pipeline.commands.rejects import show_rejects

    show_rejects(context.obj, source, form=form_of(as_json=as_json, as_csv=as_csv, exact=exact))
