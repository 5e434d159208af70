"""Commands for when something is amiss or is to be gone: doctor, forget, backup, restore."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.daily import Json, Wait

Sure = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def doctor(context: typer.Context, as_json: Json = False) -> None:
    """Check everything: folder, passwords, sources, task list.

    Example: kithbook doctor
    """
    from pipeline.commands.doctor.doctor import examine

    examine(context.obj, as_json=as_json)


def forget(
    context: typer.Context,
    person: Annotated[list[str], typer.Argument(help="Part of the name, an e-mail, or the id.")],
    yes: Sure = False,
    wait: Wait = False,
) -> None:
    """Delete all that is kept of somebody, for good.

    `rest` only hides. Your address book and calendar are not changed; what they still send of
    them is kept out of every list.

    Example: kithbook forget ana@example.org
    """
    from pipeline.commands.forget.forget import forget as erase

    erase(context.obj, " ".join(person), yes=yes, wait=wait)


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A .tar.gz to write.")],
    force: Annotated[bool, typer.Option("--force", help="Write over a file of that name.")] = False,
    wait: Wait = False,
) -> None:
    """Decisions, config and state into one file, for you alone.

    Example: kithbook backup ~/kithbook.tar.gz
    """
    from pipeline.commands.backup import backup as write

    write(context.obj, file.expanduser(), force=force, wait=wait)


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="What `backup` wrote.", readable=False)],
    yes: Sure = False,
    wait: Wait = False,
) -> None:
    """Bring back what `backup` wrote; what stood there is kept beside it.

    Example: kithbook restore ~/kithbook.tar.gz
    """
    from pipeline.commands.restore import restore as read

    read(context.obj, file.expanduser(), yes=yes, wait=wait)
