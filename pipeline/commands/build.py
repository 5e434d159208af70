"""`kithbook build`: everything worked out again from what was pulled."""

from typing import Annotated

import typer

from pipeline.command_session import Session
from pipeline.commands.options import Force, Wait, path_named
from pipeline.sync import run
from pipeline.terminal import output_file
from pipeline.terminal.printing import say


def command(
    context: typer.Context,
    layers: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Keep every table between what was received and what is published.",
        ),
    ] = None,
    force: Force = False,
    wait: Wait = False,
) -> None:
    """Work it all out again from what was pulled, and publish it.

    Example: kithbook build
    """
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
