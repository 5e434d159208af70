"""What the report opens with: the answer, good news first, and the few people of today.

Pure: what was read → what is said. The page and the terminal say the same.
"""

from typing import Any

from pipeline.commands.due_list import nobody_lines, waiting_lines
from pipeline.commands.report.number_words import (
    capital,
    counted,
    first_names,
    listed,
    number,
)
from pipeline.commands.report.read_report import Report
from pipeline.terminal.terminal_text import day


def title(report: Report) -> str:
    """What the page is called."""
    return f"{report.owner}, here are your people" if report.owner else "Here are your people"


def answer(report: Report) -> list[str]:
    """The answer to "how am I doing with my people?"; the good news first."""
    closest = report.closest
    if not closest:
        return [
            (
                "kithbook has seen nobody in your calendars yet. Bring in a calendar or an address "
                "book, and this page fills by itself: `kithbook import FILE`, or `kithbook init`."
            )
        ]
    looks = [one.look for one in closest]
    well = sum(look in {"near", "soon", "new"} for look in looks)
    apart = len(closest) - well
    whom = (
        f"your {number(len(closest)) if len(closest) != 50 else 'fifty'} closest"
        if len(closest) > 5
        else counted(len(closest), "person", "people") + " here"
    )
    lines = []
    if not apart:
        all_of = f"all {whom}" if len(closest) > 1 else whom
        lines.append(f"With {all_of} you are in your usual rhythm.")
    elif well:
        lines.append(f"With {number(well)} of {whom} you are in your usual rhythm.")
    if apart:
        those = number(apart) if well else f"all {whom}" if len(closest) > 1 else whom
        begin = _begin_with(report)
        lines.append(f"With {those} it has been a while, which is how life goes{begin}.")
    if with_whom := lately(report):
        lines.append(f"These last months you saw most of {listed(with_whom)}.")
    return lines


def _begin_with(report: Report) -> str:
    n_due = len(todays(report))
    if not n_due:
        return ", and nothing is asked of you today"
    return (
        f"; the {number(n_due)} below would be the ones to begin with"
        if n_due > 1
        else "; the one below would be the one to begin with"
    )


def lately(report: Report, most: int = 3) -> list[str]:
    """Whom the owner met oftenest, just the two of them, in the last three months."""
    met = []
    for thread in report.threads:
        person = report.people.get(thread["person_id"])
        times = sum(one > 1096 - 91 for one in thread["alone_days"])
        if person and times > 1 and not person.row["is_colleague"]:
            met.append((-times, person.ring, person))
    met.sort(key=lambda one: (one[0], one[1], one[2].person_id))
    return first_names([person for _, _, person in met[:most]])


def todays(report: Report) -> list[dict[str, Any]]:
    """The few to turn to today; birthdays stand by themselves."""
    return [one for one in report.due if one["kind"] != "birthday"]


def today_title(report: Report) -> str:
    """How many there are to think of."""
    few = len(todays(report))
    if few:
        return capital(f"{counted(few, 'person', 'people')} to think of")
    return "Nobody to think of today"


def today_lede(report: Report) -> list[str]:
    """What to make of it; when nobody is due, why, and "you are fine" only where that is true."""
    if todays(report):
        return ["A line is enough. None of it is urgent, and a snoozed one is not lost."]
    day_words = f"{report.today:%A} {day(report.today, report.today)}"
    waiting = {*waiting_lines(report.waiting)}
    return [line for line in nobody_lines(day_words, report.waiting) if line not in waiting]


def today_after(report: Report) -> list[str]:
    """Who waits, and for what."""
    return waiting_lines(report.waiting)


def birthdays_this_week(report: Report) -> list[dict[str, Any]]:
    """Of the list of birthdays those of the next seven days."""
    return [one for one in report.birthdays if one["days_until"] <= 7]
