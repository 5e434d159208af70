"""Commands for setting up, repairing and looking deeper."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli_daily import AllowEmpty, DryRun, Json, Quiet, Wait, Yes
from pipeline.session import Session

NOW_AND_THEN = "Now and then"
SETTING_UP = "Setting up and repair"


def register(app: typer.Typer) -> None:
    """Add these commands to the app."""
    app.command("import", rich_help_panel=NOW_AND_THEN)(import_)
    app.command("query", rich_help_panel=NOW_AND_THEN)(query)
    app.command("export", rich_help_panel=NOW_AND_THEN)(export)
    app.command("init", rich_help_panel=SETTING_UP)(init)
    auth = typer.Typer(no_args_is_help=True, help="Log in where a password is not enough.")
    auth.command("google")(auth_google)
    app.add_typer(auth, name="auth", rich_help_panel=SETTING_UP)
    app.command("pull", rich_help_panel=SETTING_UP)(pull)
    app.command("build", rich_help_panel=SETTING_UP)(build)
    app.command("push", rich_help_panel=SETTING_UP)(push)
    app.command("status", rich_help_panel=SETTING_UP)(status)
    app.command("rejects", rich_help_panel=SETTING_UP)(rejects)
    app.command("demo", rich_help_panel=SETTING_UP)(demo)


def import_(
    context: typer.Context,
    files: Annotated[list[str] | None, typer.Argument(help="Files, folders or archives.")] = None,
    me: Annotated[str | None, typer.Option(help="Your e-mail address.")] = None,
    name: Annotated[str | None, typer.Option(help="What to call this import.")] = None,
    mapping: Annotated[
        list[str] | None, typer.Option("--map", help='For other CSV files: "Column=field".')
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would come in and who would join.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="With --dry-run: what was read, a line a thing.")
    ] = False,
    first: Annotated[
        str | None, typer.Option("--from", help="With --json: meetings from this day on.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", help="With --json: meetings before this day.")
    ] = None,
    undo: Annotated[str | None, typer.Option(help="Take the import of that name back.")] = None,
    allow_empty: AllowEmpty = False,
    wait: Wait = False,
) -> None:
    """Bring in an old address book or calendar, recognised by content.

    Example: kithbook import contacts.vcf calendar.ics
    """
    from pipeline import import_preview, importing, reading
    from pipeline.errors import UsageError
    from pipeline.text import count

    session: Session = context.obj
    if undo:
        gone = importing.undo(session, undo, wait=wait)
        print(f"{undo} is taken back: {count(gone, 'item')} went with it.")
        return
    if not files:
        raise UsageError("Which files?", "Example: kithbook import contacts.vcf calendar.ics")
    if as_json and not dry_run:
        raise UsageError("--json goes with --dry-run.", "kithbook import --dry-run --json FILE")
    paths = tuple(Path(one).expanduser() for one in files)
    wanted = importing.Wanted(paths, me, name, tuple(mapping or ()), allow_empty, wait)
    if as_json:
        config = session.config_or_guess()
        now = session.now(config.owner.zone)
        reading.print_as_read(config, importing.sources_of(wanted), now, first, last)
    elif dry_run:
        import_preview.preview(session, wanted)
    else:
        importing.import_files(session, wanted).raise_trouble()


def query(
    context: typer.Context,
    sql: Annotated[str, typer.Argument(help="One SELECT; tables of schema main need no prefix.")],
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Ask the published file in SQL: read-only, no access to anything else.

    Example: kithbook query "select display_name, last_contact_date from last_contacts"
    """
    from pipeline.querying import run_query

    run_query(context.obj, sql, form="json" if as_json else "csv" if as_csv else "table")


def export(
    context: typer.Context,
    table: Annotated[str, typer.Argument(help="A table of schema main.")],
    to: Annotated[Path, typer.Argument(help="A .csv, .json or .parquet file.")],
) -> None:
    """Write a table to a file.

    Example: kithbook export people people.csv
    """
    from pipeline.querying import export as write
    from pipeline.text import count

    print(f"{count(write(context.obj, table, to), 'row')} written to {to}.")


def init(
    context: typer.Context,
    email: Annotated[str | None, typer.Option(help="Your addresses, commas between.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Like Europe/Lisbon.")] = None,
    phone_region: Annotated[str | None, typer.Option(help="Like PT.")] = None,
    url: Annotated[str | None, typer.Option(help="Your CalDAV/CardDAV server.")] = None,
    username: Annotated[str | None, typer.Option(help="Your name there.")] = None,
    password_command: Annotated[
        str | None, typer.Option(help="A command that prints the password.")
    ] = None,
    password_env: Annotated[
        str | None, typer.Option(help="An environment variable that holds it.")
    ] = None,
    task_list: Annotated[str | None, typer.Option("--list", help="For the follow-ups.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write the config anew.")] = False,
) -> None:
    """Write the config and try the account.

    Example: kithbook init
    """
    from pipeline import setting_up

    given = {
        "email": email,
        "time_zone": time_zone,
        "phone_region": phone_region,
        "url": url,
        "username": username,
        "password_command": password_command,
        "password_env": password_env,
        "task_list": task_list,
    }
    setting_up.init(context.obj, given, force=force)


def pull(
    context: typer.Context,
    source: Annotated[list[str] | None, typer.Option(help="Only this source.")] = None,
    quiet: Quiet = False,
    wait: Wait = False,
    allow_empty: AllowEmpty = False,
) -> None:
    """Fetch what changed; what people query stays as it is until the next build.

    Example: kithbook pull --source home
    """
    from pipeline import run, telling

    session: Session = context.obj
    config = session.config()
    wanted = [config.source(name) for name in source] if source else None
    now = session.now(config.owner.zone)
    ran = run.pull_only(config, now, sources=wanted, wait=wait, allow_empty=allow_empty)
    if not quiet:
        telling.tell(ran, config)
    ran.raise_trouble()


def build(context: typer.Context, wait: Wait = False) -> None:
    """Work everything out again from what was pulled, and publish it.

    Example: kithbook build
    """
    from pipeline import run

    session: Session = context.obj
    config = session.config_or_guess()
    run.rebuild(config, session.now(config.owner.zone), wait=wait)
    print(f"Published {session.folder.published}.")


def push(
    context: typer.Context, dry_run: DryRun = False, yes: Yes = False, wait: Wait = False
) -> None:
    """Write the follow-ups into the task list, from what was pulled last.

    Example: kithbook push --dry-run
    """
    from pipeline import run, telling

    session: Session = context.obj
    config = session.config()
    now = session.now(config.owner.zone)
    ran = run.rebuild(config, now, wait=wait, write_tasks=not dry_run, yes=yes, command="push")
    telling.tell(ran, config, dry_run=dry_run)
    ran.raise_trouble()


def auth_google(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(help="Which source, if there are several.")] = None,
    browser: Annotated[
        bool | None, typer.Option("--browser/--no-browser", help="Open a browser here.")
    ] = None,
) -> None:
    """Log in at Google, with or without a browser on this machine; see docs/google.md.

    Example: kithbook auth google
    """
    from pipeline.signing_in import sign_in

    sign_in(context.obj, source, open_browser=browser)


def status(context: typer.Context, as_json: Json = False) -> None:
    """How fresh each source is, what is open, what needs a look.

    Example: kithbook status
    """
    from pipeline.status import show_status

    show_status(context.obj, as_json=as_json)


def rejects(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
    as_json: Json = False,
) -> None:
    """What could not be read, where and why.

    Example: kithbook rejects
    """
    from pipeline.rejects import show_rejects

    show_rejects(context.obj, source, as_json=as_json)


def demo(
    context: typer.Context,
    folder: Annotated[Path, typer.Option(help="Where to lay it out.")] = Path("demo"),
) -> None:
    """The whole of it on a fictional book: no server, no account.

    Example: kithbook demo
    """
    from pipeline.showcase import run_demo

    run_demo(folder, context.obj.as_of)
