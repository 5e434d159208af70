"""`kithbook digest`: what the last sync had to tell, as the command of [notify] got it."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from pipeline.command_session import Session
from pipeline.commands.options import Json
from pipeline.sync import digest
from pipeline.terminal.printing import say, show, show_json
from pipeline.terminal.terminal_text import day, plain


def command(
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
    show_digest(context.obj, last=last, as_json=as_json)


def show_digest(session: Session, *, last: bool = False, as_json: bool = False) -> None:
    """Print it; nothing where nothing was new."""
    memory = digest.recall(session.folder)
    found = memory.newest if last else memory.last
    if as_json:
        show_json(found)
    elif found:
        show(*digest.lines(found))
    else:
        say(_nothing(memory))
    if memory.undelivered:
        say(f"It could not be sent: {plain(memory.undelivered)}.")


def _nothing(memory: digest.Memory) -> str:
    if not memory.newest:
        return "Nothing to tell yet."
    at = datetime.fromisoformat(memory.newest["at"])
    when = at.astimezone(ZoneInfo(memory.newest["zone"])).date()
    since = day(when, datetime.now(at.tzinfo).date())
    return f"Nothing new since {since}: `kithbook digest --last` shows what was new then."
