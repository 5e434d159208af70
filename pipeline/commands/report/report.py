"""`kithbook report`: how one is doing with one's people, as a page of pictures or as plain text."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.command_session import Session
from pipeline.commands.options import Force, path_named
from pipeline.commands.report.read_report import Report, read_report
from pipeline.commands.report.text_report import text_lines
from pipeline.terminal import output_file
from pipeline.terminal.printing import say, show_wrapped


def command(
    context: typer.Context,
    html: Annotated[
        Path | None,
        typer.Option(
            help="Write the page, with its pictures, to this file.",
            parser=path_named,
            metavar="<path>",
        ),
    ] = None,
    open_it: Annotated[
        bool, typer.Option("--open", help="Write the page and open it in the browser.")
    ] = False,
    force: Force = False,
) -> None:
    """How you are doing with your people: one page, or plain text.

    The page is one file: no script, nothing fetched; it opens from disk and prints on A4. With
    --open alone it is made anew in the data folder.

    Example: kithbook report --html report.html --open
    """
    session: Session = context.obj
    if not html and not open_it:
        show_wrapped(text_lines(read_report(session)))
        return
    target = html or session.folder.report
    force = force or not html
    output_file.check(target, force=force)
    write_page(read_report(session), target, force=force)
    say(f"The report is {target}.")
    if open_it and not _opened(target):
        say("No browser was found to open it with.")


def write_page(report: Report, target: Path, *, force: bool) -> None:
    """Draw the page and write it, for its owner only.

    :raises UsageError: a library is missing, or the file cannot be written.
    """
    from pipeline.commands.report.page import page
    from pipeline.commands.report.pictures import draw

    text = page(report, draw(report))
    with output_file.written_whole(target, force=force) as draft:
        draft.write_text(text, "utf-8")


def _opened(target: Path) -> bool:
    import webbrowser

    return webbrowser.open(target.resolve().as_uri())
