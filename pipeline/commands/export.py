"""`export TABLE`: a table of schema main as CSV, JSON or Parquet.

People also as vCards, and birthdays as a calendar.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from connectors.errors import UsageError
from pipeline.book.sqlgraph import quoted
from pipeline.command_session import Session
from pipeline.commands.options import Exact, Force
from pipeline.terminal import output_file
from pipeline.terminal.printing import json_text, say, show_text
from pipeline.terminal.spreadsheet_csv import as_csv, csv_rows
from pipeline.terminal.terminal_text import count

PAGE_ROWS = 2000

FilePage = tuple[str, int]
"""A piece of the file, and how many rows it has."""

ENDINGS = {
    ".csv": "csv",
    ".json": "json",
    ".parquet": "parquet",
    ".vcf": "vcard",
    ".ics": "icalendar",
}

NOUNS = {"vcard": "card", "icalendar": "birthday"}
"""What a format has of what is a row elsewhere."""


def command(
    context: typer.Context,
    table: Annotated[str, typer.Argument(help="A table of schema main.")],
    to: Annotated[
        Path | None, typer.Argument(help="A file; without one, or with -, the screen.")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="csv, json, parquet, vcard (people), icalendar (birthdays); by the file's ending.",
        ),
    ] = None,
    force: Force = False,
    exact: Exact = False,
) -> None:
    """Write a table to a file; people also as vCards, birthdays as a calendar.

    Example: kithbook export birthdays birthdays.ics
    """
    target = to.expanduser() if to and str(to) != "-" else None
    export(context.obj, table, target, form, force=force, exact=exact)


def export(
    session: Session,
    table: str,
    to: Path | None,
    form: str | None,
    *,
    force: bool = False,
    exact: bool = False,
) -> None:
    """Write the table to a file, for its owner only, or to stdout.

    `exact`: CSV with each text as it is, also what a spreadsheet would take for a formula.

    :raises UsageError: no such table, a format that cannot be, a file that is there already.
    """
    by_ending = ENDINGS.get(to.suffix.lower(), "") if to else "csv"
    wanted = form or by_ending
    if to and form in ENDINGS.values() and by_ending and form != by_ending:
        raise UsageError(
            f"{to.name} ends like {by_ending}, and --format says {form}.",
            "Nothing was written; give it the ending that says what is in it.",
        )
    if wanted == "parquet" and not to:
        raise UsageError(
            "Parquet is for programs: it goes to a file.",
            f"kithbook export {table} {table}.parquet",
        )
    if wanted not in ENDINGS.values():
        raise UsageError(
            f"{to.name if to else wanted}: what format?",
            "End the file with .csv, .json, .parquet, .vcf or .ics, or say --format.",
        )
    if exact and wanted != "csv":
        raise UsageError("--exact goes with CSV.", "The other formats have every text as it is.")
    if wanted == "vcard" and table != "people":
        raise UsageError("Only people can be vCards.", "kithbook export people people.vcf")
    if wanted == "icalendar" and table != "birthdays":
        raise UsageError(
            "Only birthdays can be a calendar.", "kithbook export birthdays birthdays.ics"
        )
    if to:
        output_file.check(to, force=force)
    if wanted == "parquet" and to:
        rows = _parquet(session, _checked(session, table), to, force=force)
    else:
        pages = _pages(session, _checked(session, table), wanted, exact=exact)
        rows = _write(pages, to, force=force)
    if to:
        say(f"{count(rows, NOUNS.get(wanted, 'row'))} written to {to}.")


def _checked(session: Session, table: str) -> str:
    with session.looking() as connection:
        rows = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'main'"
            " order by table_name"
        ).fetchall()
    tables = [row[0] for row in rows]
    if table not in tables:
        raise UsageError(f"There is no table {table}.", "Take one of: " + ", ".join(tables))
    return table


def _pages(session: Session, table: str, form: str, *, exact: bool) -> Iterator[FilePage]:
    """The file piece by piece: no more of a big book stands in memory at once."""
    if form == "vcard":
        from pipeline.commands.export_vcards import people_cards

        yield from ((card, 1) for card in people_cards(session))
        return
    if form == "icalendar":
        from pipeline.commands.export_birthdays import birthday_calendar

        yield from birthday_calendar(session)
        return
    with session.looking() as connection:
        found = connection.execute(f'select * from main."{table}"')
        names = [column[0] for column in found.description or []]
        pages = iter(partial(found.fetchmany, PAGE_ROWS), [])
        if form == "csv":
            yield as_csv(names, [], exact=exact), 0
            yield from ((csv_rows(rows, exact=exact), len(rows)) for rows in pages)
        else:
            yield from _json_pages(names, pages)


def _json_pages(
    names: Sequence[str], pages: Iterable[Sequence[Sequence[object]]]
) -> Iterator[FilePage]:
    """One list of objects, as `json_text` would write the whole."""
    before = "[\n"
    for rows in pages:
        text = json_text([dict(zip(names, row, strict=True)) for row in rows])
        yield before + text.removeprefix("[\n").removesuffix("\n]"), len(rows)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n", 0


def _parquet(session: Session, table: str, to: Path, *, force: bool) -> int:
    with (
        output_file.written_whole(to, force=force) as draft,
        session.looking({"allowed_paths": f"[{quoted(str(draft))}]"}) as connection,
    ):
        options = "format parquet, use_tmp_file false"  # the draft is what it may write
        connection.execute(f'copy main."{table}" to {quoted(str(draft))} ({options})')
        row = connection.execute(f'select count(*) from main."{table}"').fetchone()
    return int(row[0]) if row else 0


def _write(pages: Iterable[FilePage], to: Path | None, *, force: bool) -> int:
    """Write them all; returns the number of rows."""
    total = 0
    if not to:
        for text, rows in pages:
            show_text(text)
            total += rows
        return total
    with (
        output_file.written_whole(to, force=force) as draft,
        draft.open("w", encoding="utf-8", newline="") as file,
    ):
        for text, rows in pages:
            file.write(text)
            total += rows
    return total
