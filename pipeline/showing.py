"""`kithbook show PERSON`: everything known of one person, and why, on one screen."""

import json
from typing import Any

from pipeline import people
from pipeline.session import Session, rows_as_dicts
from pipeline.text import plain

PERSON = "select * from main.people where person_id = $1"
TIE = "select * from main.ties where person_id = $1"
DETAILS = "select * from main.contact_details where person_id = $1 order by all"
MEETINGS = """
select * from main.interactions where person_id = $1
order by interaction_date desc limit 8
"""
FOLLOW_UPS = "select * from main.follow_ups where person_id = $1"


def show_person(session: Session, text: str, *, as_json: bool = False) -> None:
    """Print one person's story."""
    with session.published() as connection:
        person_id = people.find(connection, text)
        found = {
            name: rows_as_dicts(connection.execute(query, [person_id]))
            for name, query in (
                ("person", PERSON),
                ("tie", TIE),
                ("contact_details", DETAILS),
                ("interactions", MEETINGS),
                ("follow_ups", FOLLOW_UPS),
            )
        }
    if as_json:
        print(json.dumps(found, default=str, ensure_ascii=False, indent=2))
        return
    for line in person_lines(found):
        print(line)


def person_lines(found: dict[str, list[dict[str, Any]]]) -> list[str]:
    """The same as text."""
    lines: list[str] = []
    for name, rows in found.items():
        lines.append(name)
        for row in rows:
            lines.extend(f"  {key}: {plain(value)}" for key, value in row.items() if value)
    return lines
