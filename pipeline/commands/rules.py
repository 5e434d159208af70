"""`kithbook rules`: what counts as contact, rule by rule, and how many meetings each decided."""

import typer

from pipeline.book.queries import query
from pipeline.command_session import Session, rows_as_dicts
from pipeline.commands.options import Json
from pipeline.terminal.printing import say, show_json, show_table


def command(context: typer.Context, as_json: Json = False) -> None:
    """What counts as contact: each rule, and how many meetings it decided.

    Example: kithbook rules
    """
    show_rules(context.obj, as_json=as_json)


def show_rules(session: Session, *, as_json: bool = False) -> None:
    """Print main.contact_rules."""
    with session.looking() as connection:
        found = rows_as_dicts(connection.execute(query("rules_list")))
    if as_json:
        show_json(found)
        return
    say("The first of these that fits a meeting decides:")
    rows = [(one["rule"], one["meetings"], _what(one)) for one in found]
    show_table(("rule", "meetings", "what it says"), rows)


def _what(one: dict[str, object]) -> str:
    said = str(one["description"])
    if one["number"] is not None:
        said = f"{said.removesuffix('.')} ({one['number']})."
    # A whole contact goes without saying.
    return said if one["weight"] in {None, 1.0} else f"{said} Counts {one['weight']:g}."
