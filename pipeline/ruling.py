"""`kithbook rules`: what counts as contact, rule by rule, and how many meetings each decided."""

import json

from pipeline.session import Session, rows_as_dicts
from pipeline.text import table

RULES = """
select rule, effect, description, number, weight, meetings from main.contact_rules order by ordinal
"""


def show_rules(session: Session, *, as_json: bool = False) -> None:
    """Print main.contact_rules."""
    with session.looking() as connection:
        found = rows_as_dicts(connection.execute(RULES))
    if as_json:
        print(json.dumps(found, default=str, ensure_ascii=False, indent=2))
        return
    print("The first rule that a meeting meets decides:")
    rows = [(one["rule"], one["meetings"], _what(one)) for one in found]
    for line in table(("rule", "meetings", "what it says"), rows, most=80):
        print(line)


def _what(one: dict[str, object]) -> str:
    number = f" ({one['number']})" if one["number"] is not None else ""
    weight = f" Counts {one['weight']:g}." if one["effect"] == "counts" else ""
    return f"{one['description']}{number}{weight}"
