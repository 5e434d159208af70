"""What the report says of people one by one: new faces, who asks whom, birthdays, a paragraph each.

In plain, whole sentences: no score, no blame, no age where no year is known.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from pipeline.commands.report.number_words import capital, counted, first_names, listed, number
from pipeline.commands.report.read_report import Person, Report
from pipeline.terminal import parse_durations
from pipeline.terminal.terminal_text import day, plain

BINS = (
    "they nearly always",
    "they, more often",
    "about evenly",
    "you, more often",
    "you nearly always",
)
"""Who asks whom, from one end to the other."""

NAMES_A_BIN = 12
READY_YES = 0.8
"""Who says yes as often as this says it nearly always."""


def faces_lede(report: Report) -> str:
    """How many are new, and who of them was seen again."""
    if not report.faces:
        return ""
    first = report.faces[0]
    new, again = first["n_faces"], first["n_again"]
    met = f"You met {counted(new, 'new person', 'new people')} this year"
    if new == 1:
        return f"{met}{', and again since' if again else ', once so far'}."
    if again == new:
        return f"{met}, and every one of them again."
    return (
        f"{met}, and {number(again) if again else 'none'} of them again{'' if again else ' yet'}."
    )


def face_words(face: Mapping[str, Any], today: date) -> str:
    """When somebody was met, and whether again."""
    met = f"met {day(face['first_contact_date'], today)}"
    more = len(face["days"]) - 1
    if not more:
        return f"{met}, once so far"
    last = day(face["last_contact_date"], today)
    if more == 1:
        return f"{met}, seen again on {last}"
    return f"{met}, seen again on {number(more)} more days, the last {last}"


def balance_bins(report: Report) -> list[tuple[str, list[Person], int]]:
    """From "they nearly always" to "you nearly always": the names, and how many more there are."""
    found = []
    for place, words in enumerate(BINS):
        those = [one for one in report.balance if one["bin"] == place]
        people = [report.people[one["person_id"]] for one in those]
        found.append((words, people[:NAMES_A_BIN], max(len(people) - NAMES_A_BIN, 0)))
    return found


def balance_lede(report: Report) -> str:
    """Who calls the meetings, on the whole."""
    you = sum(one["bin"] > 2 for one in report.balance)
    they = sum(one["bin"] < 2 for one in report.balance)
    evenly = len(report.balance) - you - they
    asks = "Somebody has to be the one who asks"
    if you > len(report.balance) / 2:
        said = f"{asks}, and with most people that is you."
    elif they > len(report.balance) / 2:
        said = f"{asks}, and most of these people ask you."
    else:
        said = f"{asks}, and here it goes both ways."
    turns = f" With the {number(evenly)} in the middle you take turns." if evenly > 1 else ""
    return said + turns


def answers(report: Report) -> list[str]:
    """Who answers, and how the owner does."""
    ready = [
        report.people[one["person_id"]]
        for one in report.balance
        if one["times_asked"] >= 4 and one["times_yes"] >= READY_YES * one["times_asked"]
    ]
    lines = []
    if ready:
        names = first_names(ready[:5])
        more = len(ready) - len(names)
        whom = listed([*names, f"{number(more)} more"] if more > 0 else names)
        verb = "say" if len(ready) > 1 else "says"
        lines.append(f"When you ask, {whom} nearly always {verb} yes.")
    asked = sum(one["owner_times_asked"] for one in report.balance)
    yes = sum(one["owner_times_yes"] for one in report.balance)
    if asked >= 4:
        how = "nearly always do, too" if yes >= READY_YES * asked else "often do"
        lines.append(f"Of {number(asked)} times that they asked, you said yes {number(yes)} times.")
        if ready:
            lines[-1] = f"You {how}: {number(yes)} of the {number(asked)} times that they asked."
    return lines


def favours(report: Report) -> str:
    """What went either way; never a balance."""
    gave = [plain(one["display_name"]) for one in report.favours if one["gave"]]
    got = [plain(one["display_name"]) for one in report.favours if one["asked"]]
    parts = [
        f"you helped {listed(gave)}" if gave else "",
        f"{listed(got)} helped you" if got else "",
    ]
    said = "; ".join(part for part in parts if part)
    return f"Favours you noted: {said}. Nobody keeps score, least of all this page." if said else ""


def birthdays_title(report: Report) -> str:
    """Until when they go."""
    return f"Birthdays until {day(report.today + timedelta(60), report.today)}"


def birthday_day(one: Mapping[str, Any]) -> str:
    """The day; within two months nobody needs its year."""
    return day(one["next_date"], one["next_date"])


def birthday_words(one: Mapping[str, Any]) -> str:
    """The age they reach, where a year is known; 29 February where there is none this year."""
    turns = one["turns"]
    parts = [
        f"turns {turns}{', a round one' if turns % 10 == 0 else ''}" if turns else "",
        "born on 29 February" if one["is_leap_day"] else "",
    ]
    return ", ".join(part for part in parts if part)


def more_birthdays(report: Report) -> str:
    """How many are not listed, and where they are."""
    more = report.birthdays[0]["n_birthdays"] - len(report.birthdays) if report.birthdays else 0
    if not more:
        return ""
    return (
        f"{capital(counted(more, 'more person has', 'more people have'))} one; "
        "`kithbook export birthdays birthdays.ics` has them all."
    )


def paragraph(person: Person, friends: Sequence[Person], today: date) -> str:
    """What is known of somebody, in a few sentences."""
    row = person.row
    parts = [_last_time(row, today), _how_often(row, today)]
    if row["cadence_source"] in {"given", "circle"} and row["cadence_days"]:
        parts.append(f"You asked for every {parse_durations.every(round(row['cadence_days']))}.")
    if row["next_date"]:
        when = "today" if row["next_date"] == today else day(row["next_date"], today)
        parts.append(f"Next: {when}.")
    if friends:
        parts.append(f"Also meets {listed(one.full_name for one in friends[:3])}.")
    if row["birth_month"] and row["birth_day"]:
        parts.append(f"Birthday {row['birth_day']} {date(2000, row['birth_month'], 1):%B}.")
    return " ".join(part for part in parts if part)


def _last_time(row: Mapping[str, Any], today: date) -> str:
    if not row["last_contact_date"]:
        return "No contact known yet."
    title = plain(row["last_title"])
    seen = "Last in touch" if row["is_told"] else "Last seen"
    return f"{seen} {day(row['last_contact_date'], today)}{f', “{title}”' if title else ''}."


def _how_often(row: Mapping[str, Any], today: date) -> str:
    days = row["contact_day_count"] or 0
    if days <= 1:
        return "Met once so far." if days else ""
    share = row["one_to_one_share"]
    company = (
        ""
        if share is None
        else ", just the two of you"
        if share >= 0.9
        else ", mostly the two of you"
        if share >= 0.5
        else ", mostly with others"
        if share > 0.1
        else ", always with others"
    )
    words = plain(row["usual_words"])
    often = (
        f"You usually meet {words.removeprefix('usually ')}"
        if words.startswith("usually ")
        else "You have met"
    )
    since = row["first_contact_date"]
    month = f"{since:%B}" if since.year == today.year else f"{since:%B %Y}"
    return f"{often}{company}: {counted(days, 'day')} since {month}."


def standing(person: Person) -> str:
    """Where somebody works or lives, and their circles, on one line."""
    row = person.row
    parts = [
        *(plain(row[name]) for name in ("organization", "city") if row[name]),
        *(plain(circle) for circle in row["circles"]),
    ]
    return " · ".join(dict.fromkeys(parts)) or (
        "" if row["has_card"] else "known from the calendar"
    )
