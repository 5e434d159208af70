"""`kithbook import --list`: what was imported, when, and how much of it is still current."""

from typing import Any

from pipeline.book.queries import query
from pipeline.command_session import Session, rows_as_dicts
from pipeline.terminal.printing import say, show_json, show_table
from pipeline.terminal.terminal_text import day


def show_imports(session: Session, *, as_json: bool = False) -> None:
    """Print a row an import, in the order in which they came.

    :raises NoBookYet: nothing was published yet.
    """
    with session.published() as book:
        rows = rows_as_dicts(book.execute(query("import_list")))
    today = [row.pop("as_of_date") for row in rows]
    if as_json:
        show_json(rows)
        return
    if not rows:
        say("Nothing has been imported yet.", "Example: kithbook import contacts.vcf calendar.ics")
        return
    show_table(
        ("name", "file", "day", "cards", "events", "still current"),
        [
            (
                row["name"],
                row["file"],
                day(row["imported_date"], now),
                row["cards"],
                row["events"],
                _current(row),
            )
            for row, now in zip(rows, today, strict=True)
        ],
    )
    if unfinished := [row["name"] for row in rows if not row["is_finished"]]:
        say(
            f"Not all of {', '.join(unfinished)} is in: import the same file again for the rest, "
            "or take it back with `kithbook import --undo NAME`."
        )


def _current(row: dict[str, Any]) -> str:
    """All, nothing, or how much: 7 of 12 cards, 3 of 3 events."""
    kinds = [("cards", row["current_cards"]), ("events", row["current_events"])]
    held = [(kind, current) for kind, current in kinds if row[kind]]
    if all(current == row[kind] for kind, current in held):
        return "all"
    if not any(current for _, current in held):
        return "nothing"
    return ", ".join(f"{current:,} of {row[kind]:,} {kind}" for kind, current in held)
