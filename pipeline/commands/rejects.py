"""`kithbook rejects`: what could not be read, where and why."""

from typing import Annotated

import typer

from connectors.errors import UsageError
from pipeline.book.queries import query
from pipeline.command_session import Session
from pipeline.commands.options import Csv, Exact, Json
from pipeline.commands.query import form_of, print_rows
from pipeline.config import IMPORT_PREFIX
from pipeline.terminal.printing import say, show_table
from pipeline.terminal.terminal_text import count, plain


def command(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
    as_json: Json = False,
    as_csv: Csv = False,
    exact: Exact = False,
) -> None:
    """What could not be read, where and why.

    Example: kithbook rejects
    """
    show_rejects(context.obj, source, form=form_of(as_json=as_json, as_csv=as_csv, exact=exact))


def show_rejects(session: Session, source: str | None, *, form: str = "table") -> None:
    """Print the rejects of the last build in a form of `query.form_of`.

    :raises UsageError: no source is called so.
    """
    with session.looking() as connection:
        known = {row[0] for row in connection.execute("select source from main.runs").fetchall()}
        if source not in known and f"{IMPORT_PREFIX}{source}" in known:
            source = f"{IMPORT_PREFIX}{source}"  # as `import --list` calls it
        found = connection.execute(query("rejects_list"), [source])
        names = [column[0] for column in found.description or []]
        rows = found.fetchall()
    if source and source not in known:
        raise UsageError(
            f"There is no source {plain(source)}.",
            "There are: " + ", ".join(sorted(plain(one) for one in known)) + ".",
        )
    if form != "table":
        print_rows(names, rows, form)
        return
    if not rows:
        say("Everything was read.")
        return
    show_table(
        ("source", "item", "place", "what", "why"),
        [
            (of, item or "", place or "", "a line" if is_warning else "whole", why)
            for of, _, item, place, why, is_warning, _ in rows
        ],
    )
    lost = sum(not row[5] for row in rows)
    say(
        f"{count(lost, 'item')} did not come in; "
        f"{count(len(rows) - lost, 'note')} on what came in. "
        "The bytes of each are kept in state.duckdb, raw.rejects."
    )
