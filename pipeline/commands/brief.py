"""`kithbook brief`: the next meetings, and what one likes to know of the people in them."""

from datetime import date, datetime, time
from itertools import groupby
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from pipeline.book.queries import query
from pipeline.command_session import Session, rows_as_dicts
from pipeline.commands.options import Json
from pipeline.terminal.printing import FIRST, say_more, show_json, show_wrapped
from pipeline.terminal.terminal_text import count, day, plain

MOST_NAMED = 8
"""People of one meeting of whom a line is written."""


def command(
    context: typer.Context,
    days: Annotated[int, typer.Option(help="How many days ahead.", min=0, max=3660)] = 7,
    as_json: Json = False,
) -> None:
    """The next meetings: who comes, when you last met, whom you both know.

    Example: kithbook brief --days 2
    """
    show_brief(context.obj, days, as_json=as_json)


def show_brief(session: Session, days: int, *, as_json: bool = False) -> None:
    """Print the meetings of the next days."""
    with session.looking() as connection:
        row = connection.execute("select time_zone, as_of_date from main.settings").fetchone()
        zone = ZoneInfo(str(row[0]) if row else "UTC")
        now = session.now(zone)
        today = now.astimezone(zone).date()
        asked = [now.isoformat(), today, days]
        found = rows_as_dicts(connection.execute(query("brief_meetings"), asked))
        ids = [one["person_id"] for one in found]
        titles = dict(connection.execute(query("brief_last_titles"), [ids]).fetchall())
    for one in found:
        one["last_title"] = titles.get(one["person_id"])
    if as_json:
        show_json(found)
        return
    meetings = [list(rows) for _, rows in groupby(found, lambda one: one["meeting_id"])]
    show_wrapped(brief_lines(meetings[:FIRST], today, days))
    say_more(len(meetings), f"brief --days {days}")


def brief_lines(meetings: list[list[dict[str, Any]]], today: date, days: int) -> list[str]:
    """The meetings, each the rows of its people, as text, a paragraph each."""
    if not meetings:
        span = "today" if days == 0 else f"in the next {count(days, 'day')}"
        return [f"No meeting with anybody {span}."]
    lines: list[str] = []
    for people in meetings:
        lines += [*([""] if lines else []), _head(people[0], today)]
        for one in people[:MOST_NAMED]:
            lines += _person(one, today)
        if len(people) > MOST_NAMED:
            lines.append(f"  … and {count(len(people) - MOST_NAMED, 'other')}")
    return lines


def _head(one: dict[str, Any], today: date) -> str:
    starts: datetime | None = one["local_start"]
    at = "" if one["is_all_day"] or not starts else f", {time(starts.hour, starts.minute):%H:%M}"
    near = {0: "Today", 1: "Tomorrow"}.get((one["start_date"] - today).days)
    when = near or f"{one['start_date']:%A} {day(one['start_date'], today)}"
    place = f" ({plain(one['location'])})" if one["location"] else ""
    return f"{when}{at}  {plain(one['title']) or 'a private appointment'}{place}"


def _person(one: dict[str, Any], today: date) -> list[str]:
    name = plain(one["display_name"])
    work = f", {plain(one['organization'])}" if one["organization"] else ""
    if not one["last_contact_date"]:
        met = "new to you"
    elif one["first_contact_date"] == one["last_contact_date"]:
        met = f"met once, on {day(one['last_contact_date'], today)}"
    else:
        first, last = one["first_contact_date"], one["last_contact_date"]
        met = f"{plain(one['layer'])}; first met {day(first, today)}, last {day(last, today)}"
    about = f" (“{plain(one['last_title'])}”)" if one["last_title"] else ""
    lines = [f"  {name}{work}: {met}{about}"]
    if one["common_friends"]:
        lines.append(f"      you both know {', '.join(map(plain, one['common_friends']))}")
    return lines
