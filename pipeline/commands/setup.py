"""Commands for setting up, and for one step of a run at a time."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.daily import AllowEmpty, DryRun, Quiet, Wait, Yes
from pipeline.commands.path_option import path_named
from pipeline.session import Session

AUTH = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    help="Log in where a password is not enough.",
    epilog="Example: kithbook auth google",
)


def import_(
    context: typer.Context,
    files: Annotated[list[str] | None, typer.Argument(help="Files, folders or archives.")] = None,
    me: Annotated[str | None, typer.Option(help="Your e-mail address.")] = None,
    name: Annotated[str | None, typer.Option(help="What to call this import.")] = None,
    mapping: Annotated[
        list[str] | None, typer.Option("--map", help='For other CSV files: "Column=field".')
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would come in or go, and who would join.")
    ] = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="With --dry-run: what was read, a line a thing; with --list."),
    ] = False,
    first: Annotated[
        str | None, typer.Option("--from", help="With --json: meetings from this day on.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", help="With --json: meetings before this day.")
    ] = None,
    replace: Annotated[
        str | None,
        typer.Option(
            help="Let the file take the place of the import of that name; its people keep "
            "what you said about them."
        ),
    ] = None,
    undo: Annotated[str | None, typer.Option(help="Take the import of that name back.")] = None,
    listed: Annotated[
        bool, typer.Option("--list", help="Show what was imported, and how much is still current.")
    ] = False,
    wait: Wait = False,
) -> None:
    """Bring in an old address book or calendar of any kind.

    Each file, folder or archive becomes an import of its own, called as it is; nothing that one
    import brought in is removed or changed by another. In --list a card or event is current while
    no later import and no source of the config has it as well.

    Example: kithbook import contacts.vcf calendar.ics
    """
    from connectors.errors import UsageError
    from pipeline.commands.import_ import (
        import_files,
        import_plan,
        list_imports,
        preview_import,
        print_parsed,
        undo_import,
    )

    session: Session = context.obj
    if (listed or undo is not None) and (files or replace is not None or name is not None):
        option = "--list" if listed else "--undo"
        raise UsageError(
            f"{option} takes no files. Nothing was changed.", "Example: kithbook import --list"
        )
    if listed:
        list_imports.show_imports(session, as_json=as_json)
        return
    if undo is not None and dry_run:
        preview_import.preview_undo(session, undo, wait=wait)
        return
    if undo is not None:
        undo_import.undo(session, undo, wait=wait)
        return
    wanted = import_plan.Wanted.of(files or [], me, name, tuple(mapping or ()), replace, wait)
    if as_json and not dry_run:
        raise UsageError(
            "--json goes with --dry-run or --list.", "kithbook import --dry-run --json FILE"
        )
    if as_json:
        config = session.config_or_guess()
        now = session.now(config.owner.zone)
        print_parsed.print_as_read(config, import_plan.sources_of(wanted), now, first, last)
    elif dry_run:
        preview_import.preview(session, wanted)
    else:
        import_files.import_files(session, wanted).raise_trouble()


def init(
    context: typer.Context,
    email: Annotated[str | None, typer.Option(help="Your addresses, commas between.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Like Europe/Lisbon.")] = None,
    phone_region: Annotated[
        str | None, typer.Option(help="Like PT, or none; of the time zone's country if left out.")
    ] = None,
    url: Annotated[str | None, typer.Option(help="A CalDAV/CardDAV server.")] = None,
    username: Annotated[str | None, typer.Option(help="Your name there.")] = None,
    password_command: Annotated[
        str | None, typer.Option(help="A command that prints the password.")
    ] = None,
    password_env: Annotated[
        str | None, typer.Option(help="An environment variable that holds it.")
    ] = None,
    google: Annotated[bool, typer.Option("--google", help="A Google account.")] = False,
    google_client: Annotated[
        str | None, typer.Option(help="Its client file (`kithbook auth google --guide`).")
    ] = None,
    path: Annotated[
        str | None, typer.Option(help="A file or folder to read at each sync: .vcf, .ics, a vdir.")
    ] = None,
    web: Annotated[
        str | None, typer.Option(help="A calendar or address book at a web address.")
    ] = None,
    web_env: Annotated[
        str | None, typer.Option(help="A variable that holds such an address, if it is a secret.")
    ] = None,
    files: Annotated[
        list[str] | None, typer.Option("--import", help="A file to bring in once; repeatable.")
    ] = None,
    task_list: Annotated[
        str | None, typer.Option("--list", help="For the follow-ups; an account's: Follow-ups.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="What to call the source.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the config.")] = False,
) -> None:
    """Write the config, each source tried at once; again to add a source.

    On a terminal it asks for what no option says. Without one every answer is an option.

    Example: kithbook init
    """
    from pipeline.commands.init import init as setting_up

    given = {
        "email": email,
        "time_zone": time_zone,
        "phone_region": phone_region,
        "url": url,
        "username": username,
        "password_command": password_command,
        "password_env": password_env,
        "google": google,
        "google_client": google_client,
        "path": path,
        "web": web,
        "web_env": web_env,
        "files": files,
        "task_list": task_list,
        "name": name,
    }
    setting_up.init(context.obj, given, force=force)


def pull(
    context: typer.Context,
    source: Annotated[list[str] | None, typer.Option(help="Only this source.")] = None,
    quiet: Quiet = False,
    wait: Wait = False,
    allow_empty: AllowEmpty = False,
) -> None:
    """Fetch what changed; what you query stays as it is until a build.

    Example: kithbook pull --source home
    """
    from pipeline.sync import run, run_report

    session: Session = context.obj
    config = session.config()
    wanted = [config.source(name) for name in source] if source else None
    now = session.now(config.owner.zone)
    ran = run.pull_only(config, now, sources=wanted, wait=wait, allow_empty=allow_empty)
    if not quiet:
        run_report.tell(ran, config)
    ran.raise_trouble()


def build(
    context: typer.Context,
    layers: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Keep every table between what was received and what is published.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file of that name.")] = False,
    wait: Wait = False,
) -> None:
    """Work it all out again from what was pulled, and publish it.

    Example: kithbook build
    """
    from pipeline.sync import run
    from pipeline.terminal import output_file
    from pipeline.terminal.printing import say

    session: Session = context.obj
    config = session.config_or_guess()
    now = session.now(config.owner.zone)
    if layers is None:
        run.rebuild(config, now, wait=wait)
    else:
        path = path_named(layers)
        output_file.check(path, force=force)
        with output_file.written_whole(path, force=force) as draft:
            run.rebuild(config, now, wait=wait, layers=draft)
        say(f"The layers are in {path}; sql/ says what each table is.")
    say(f"Published {session.folder.published}.")


def push(
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
    from pipeline.commands import adopt_tasks
    from pipeline.sync import run, run_report

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


def schedule(
    context: typer.Context,
    at: Annotated[str, typer.Option(help="The time of day, like 5:17.")] = "5:17",
    systemd: Annotated[bool, typer.Option("--systemd", help="A user's service and timer.")] = False,
    launchd: Annotated[bool, typer.Option("--launchd", help="An agent of macOS.")] = False,
    cron: Annotated[bool, typer.Option("--cron", help="A line in the crontab.")] = False,
    prints: Annotated[
        bool, typer.Option("--print", help="Show what would be written, and where; write nothing.")
    ] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Take away what was written.")] = False,
) -> None:
    """Run `kithbook sync` every night, by what this machine starts things with.

    Without a choice it is systemd or launchd where they run, else cron.

    Example: kithbook schedule --at 6:30
    """
    from connectors.errors import UsageError
    from pipeline.commands import schedule as scheduling

    asked = {scheduling.SYSTEMD: systemd, scheduling.LAUNCHD: launchd, scheduling.CRON: cron}
    kinds = [kind for kind, is_wanted in asked.items() if is_wanted]
    if len(kinds) > 1 or (prints and remove):
        raise UsageError(
            "These options exclude each other. Nothing was written.",
            "Example: kithbook schedule --cron --print",
        )
    kind = kinds[0] if kinds else None
    scheduling.schedule(context.obj, kind, at, prints=prints, removes=remove)


@AUTH.callback()
def auth() -> None:
    """A group, also while it has one command."""


@AUTH.command("google")
def auth_google(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(help="Which source, if there are several.")] = None,
    browser: Annotated[
        bool | None, typer.Option("--browser/--no-browser", help="Open a browser here.")
    ] = None,
    guide: Annotated[bool, typer.Option("--guide", help="Show how it is done, and end.")] = False,
) -> None:
    """Log in at Google, with or without a browser on this machine.

    Example: kithbook auth google
    """
    from pipeline.commands import auth

    if guide:
        auth.show_guide()
        return
    auth.sign_in(context.obj, source, open_browser=browser)


def demo(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Option(help="Where to put it.", parser=path_named, metavar="<path>")
    ] = Path("demo"),
) -> None:
    """Try kithbook on a made-up book: no server, no account.

    Example: kithbook demo
    """
    from pipeline.commands.demo.demo import run_demo

    run_demo(folder, context.obj.as_of)
