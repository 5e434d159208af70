"""The options of `kithbook import`, and which of its works each of them asks for."""

from typing import Annotated

import typer

from connectors.errors import UsageError
from pipeline.command_session import Session
from pipeline.commands.import_ import (
    import_files,
    import_plan,
    list_imports,
    preview_import,
    print_parsed,
    undo_import,
)
from pipeline.commands.options import Wait


def command(
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
