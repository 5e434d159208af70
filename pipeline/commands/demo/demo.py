"""`kithbook demo`: the main job on the bundled fictional book, in a folder of its own."""

import shutil
import sys
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from pipeline.command_session import Session, rows_as_dicts
from pipeline.commands.backtest import ROWS
from pipeline.commands.backtest_words import Replay, verdict
from pipeline.commands.demo import demo_book
from pipeline.commands.due_list import show_due
from pipeline.commands.options import path_named
from pipeline.commands.report.pictures import INSTALL, can_draw
from pipeline.commands.report.read_report import read_report
from pipeline.commands.report.report import write_page
from pipeline.sync import run, run_report
from pipeline.terminal.printing import say, show
from pipeline.terminal.terminal_text import count

CLOSEST = """\
select display_name, layer, trend, last_contact_date
  from ties order by strength_rank limit 10"""
LONGEST_SILENT = """\
select display_name, last_contact_date, state
  from ties where best_layer_size <= 15 order by last_contact_date limit 10"""
NOT_COUNTED = """\
select excluded_reason, count(*) as times, any_value(title) as for_example
  from meetings where excluded_reason is not null group by all order by times desc"""
QUERIES = (CLOSEST, LONGEST_SILENT, NOT_COUNTED)


def command(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Option(help="Where to put it.", parser=path_named, metavar="<path>")
    ] = Path("demo"),
) -> None:
    """Try kithbook on a made-up book: no server, no account.

    Example: kithbook demo
    """
    run_demo(folder, context.obj.as_of)


def run_demo(folder: Path, as_of: str | None) -> None:
    """Lay the book out, sync it, print the due list, and say where everything is.

    The data folder is the demo's own whatever KITHBOOK_DATA says: nothing invented gets into
    somebody's real book.
    """
    session = Session(folder / "config.toml", data=folder, as_of=as_of)
    demo_book.write(folder, session.now(ZoneInfo("Europe/Berlin")).date())
    config = session.config()
    say(
        f"The made-up book of one Nora Keller, in {folder}; nothing outside that folder is touched."
    )
    ran = run.sync(config, session.now(config.owner.zone), command="demo")
    run_report.tell(ran, config)
    show_due(session)
    tasks = sorted((folder / "tasks").rglob("*.ics"))
    written = f"{count(len(tasks), 'task')} in {folder / 'tasks'}"
    _report(session)
    show("", f"The book is {session.folder.published}; {written}.", "Three things to ask it:")
    show(*(f'  {_command()} --data {folder} query "{query}"' for query in QUERIES))
    show("The rules, tried on that book's own past:")
    show(*(f"  {line}" for line in _tried(session)))
    show(f"  {_command()} --config {folder / 'config.toml'} backtest")
    ran.raise_trouble()


def _tried(session: Session) -> list[str]:
    """What `backtest` says in the end, by the rows that were published."""
    with session.looking() as connection:
        months = rows_as_dicts(connection.execute(ROWS))
    return verdict(Replay(months, {}))


def _report(session: Session) -> None:
    """The page with the pictures, made anew, and where it is; without its libraries, how to."""
    if can_draw():
        target = session.folder.report
        write_page(read_report(session), target, force=True)
        show("", f"The report, to open in a browser: {target.resolve().as_uri()}")
    else:
        show("", f"`kithbook report` has pictures too, once two libraries are there: {INSTALL}")


def _command() -> str:
    """How to call us again: from a checkout, `kithbook` alone is not found."""
    return "kithbook" if shutil.which("kithbook") else sys.argv[0]
