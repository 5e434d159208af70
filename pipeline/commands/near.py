"""`kithbook near PLACE`: who lives or works there, by the addresses of their cards."""

from datetime import date
from typing import Annotated

import typer

from connectors.errors import UsageError
from pipeline.book.queries import query
from pipeline.command_session import Session, rows_as_dicts
from pipeline.commands.options import Json
from pipeline.terminal.printing import FIRST, say, say_more, show_json, show_table
from pipeline.terminal.terminal_text import count, day, plain


def command(
    context: typer.Context,
    place: Annotated[list[str], typer.Argument(help="A city, or the beginning of one.")],
    as_json: Json = False,
) -> None:
    """Who lives or works in a place, the closest first.

    Example: kithbook near Lisbon
    """
    show_near(context.obj, " ".join(place), as_json=as_json)


def show_near(session: Session, place: str, *, as_json: bool = False) -> None:
    """Print the people of a place, the closest first.

    :raises UsageError: no place is named.
    """
    if not place.strip():
        raise UsageError("Near which place?", "Example: kithbook near Lisbon")
    with session.looking() as connection:
        found = rows_as_dicts(connection.execute(query("near_people"), [place]))
        cities = [row[0] for row in connection.execute(query("near_places")).fetchall()]
        row = connection.execute("select as_of_date from main.settings").fetchone()
    if as_json:
        show_json(found)
        return
    if not found:
        known = f" Known places: {', '.join(plain(one) for one in cities)}." if cities else ""
        say(f"No card has an address in {plain(place)}.{known}")
        return
    today = row[0] if row else date.max
    rows = [
        (
            one["display_name"],
            one["city"],
            one["layer"] or "",
            day(one["last_contact_date"], today),
            one["phone"] or one["email"] or "",
        )
        for one in found[:FIRST]
    ]
    show_table(("who", "where", "layer", "last in touch", "reach them"), rows)
    say_more(len(found), f"near {plain(place)}")
    say(count(len(found), "person", "people"))
