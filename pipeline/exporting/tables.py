"""`export TABLE`: a table of schema main as CSV, JSON or Parquet, people also as vCards."""

from pathlib import Path

from pipeline import outfile
from pipeline.errors import UsageError
from pipeline.looking.spreadsheet import as_csv
from pipeline.printing import json_text, say, show_text
from pipeline.session import Session
from pipeline.sqlgraph import quoted
from pipeline.text import count

ENDINGS = {".csv": "csv", ".json": "json", ".parquet": "parquet", ".vcf": "vcard"}


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
            "End the file with .csv, .json, .parquet or .vcf, or say --format.",
        )
    if exact and wanted != "csv":
        raise UsageError("--exact goes with CSV.", "The other formats have every text as it is.")
    if wanted == "vcard" and table != "people":
        raise UsageError("Only people can be vCards.", "kithbook export people people.vcf")
    if to:
        outfile.check(to, force=force)
    if wanted == "parquet" and to:
        rows = _parquet(session, _checked(session, table), to, force=force)
    else:
        text, rows = _text(session, _checked(session, table), wanted, exact=exact)
        _write(text, to, force=force)
    if to:
        noun = ("card", "cards") if wanted == "vcard" else ("row", "rows")
        say(f"{count(rows, *noun)} written to {to}.")


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


def _text(session: Session, table: str, form: str, *, exact: bool) -> tuple[str, int]:
    if form == "vcard":
        from pipeline.exporting.vcards import people_cards

        cards = people_cards(session)
        return "".join(cards), len(cards)
    with session.looking() as connection:
        found = connection.execute(f'select * from main."{table}"')
        names = [column[0] for column in found.description or []]
        rows = found.fetchall()
    if form == "csv":
        return as_csv(names, rows, exact=exact), len(rows)
    dicts = [dict(zip(names, row, strict=True)) for row in rows]
    return json_text(dicts) + "\n", len(rows)


def _parquet(session: Session, table: str, to: Path, *, force: bool) -> int:
    with (
        outfile.written_whole(to, force=force) as draft,
        session.looking({"allowed_paths": f"[{quoted(str(draft))}]"}) as connection,
    ):
        options = "format parquet, use_tmp_file false"  # the draft is what it may write
        connection.execute(f'copy main."{table}" to {quoted(str(draft))} ({options})')
        row = connection.execute(f'select count(*) from main."{table}"').fetchone()
    return int(row[0]) if row else 0


def _write(text: str, to: Path | None, *, force: bool) -> None:
    if not to:
        show_text(text)
        return
    with outfile.written_whole(to, force=force) as draft:
        draft.write_text(text, "utf-8", newline="")
