"""Each picture of the report as a sentence or two, with names beside its numbers."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from pipeline.commands.report.number_words import capital, counted, first_names, listed, number
from pipeline.commands.report.read_report import Person, Report
from pipeline.terminal import parse_durations
from pipeline.terminal.terminal_text import day, plain

RINGS = {
    1: "Closest five",
    2: "Closest fifteen",
    3: "Closest fifty",
    4: "The wider ring",
    5: "Named beside",
}
"""What the page calls a ring."""

WITHIN = {1: "the closest five", 2: "the closest fifteen", 3: "the closest fifty"}

LOOKS = {
    "near": "in touch",
    "soon": "due soon",
    "while": "it has been a while",
    "quiet": "long quiet",
    "new": "new this season",
}
"""How it stands, in the order of the key."""

LONG_THREAD = 365
"""Days of an unbroken rhythm that are told of."""

FEWEST_MONTHS = 6
FEWEST_TIES = 10
"""With less there is no stream to draw."""


def rings_caption(report: Report) -> list[str]:
    """The picture of the rings in words."""
    by_ring = [sum(one.ring == ring for one in report.people.values()) for ring in range(6)]
    inner, wider = sum(by_ring[1:4]), by_ring[4]
    lines = [
        capital(counted(inner, "person", "people"))
        + (
            f" in the three inner rings and {number(wider)} in the wider one."
            if wider
            else " around you."
        )
    ]
    if report.n_ties > inner + wider:
        beyond = report.n_ties - inner - wider
        lines.append(f"{capital(counted(beyond, 'more stands', 'more stand'))} further out.")
    circles = list(
        dict.fromkeys(plain(one.row["circles"][0]) for one in report.closest if one.row["circles"])
    )
    if len(circles) > 1:
        lines.append(f"Who shares a circle stands together: {listed(sorted(circles))}.")
    known = [
        pair for pair in report.pairs if {pair["person_id"], pair["other_id"]} <= {*report.people}
    ]
    if known:
        most = known[0]
        two = [report.people[most["person_id"]], report.people[most["other_id"]]]
        families = {one.name.split()[-1] for one in two}
        names = (
            f"{two[0].first_name} and {two[1].name}"
            if len(families) == 1 and not two[1].place
            else listed(one.full_name for one in two)
        )
        lines.append(f"{names} meet most, {number(most['shared'])} times in your company.")
    return lines


def friends_of(report: Report) -> dict[int, list[Person]]:
    """Whom each of the closest fifty meets in the owner's company, the oftenest first."""
    found: dict[int, list[Person]] = {}
    for pair in report.pairs:
        one, other = pair["person_id"], pair["other_id"]
        if one in report.people and other in report.people:
            found.setdefault(one, []).append(report.people[other])
            found.setdefault(other, []).append(report.people[one])
    return found


def last_seen(person: Person, today: date) -> str:
    """The day one was last in touch."""
    return day(person.row["last_contact_date"], today)


def rhythm(person: Person) -> str:
    """How often one means to meet, or does: "every 2 months", "about every 3 weeks"."""
    row = person.row
    if row["cadence_source"] in {"given", "circle"} and row["cadence_days"]:
        return f"every {parse_durations.every(round(row['cadence_days']))}"
    words = plain(row["usual_words"])
    return words.removeprefix("usually ") if words.startswith("usually ") else ""


def threads_caption(report: Report) -> list[str]:
    """The picture of the threads in words: who kept it longest, and whose ended of late."""
    kept, ended = [], []
    for thread in report.threads:
        person = report.people.get(thread["person_id"])
        if person is None or not thread["stretches"]:
            continue
        begin, end = thread["stretches"][-1]
        begin = max(begin, 0)
        if end >= 1096 and 1096 - begin > LONG_THREAD:
            kept.append((begin, person))
        elif thread["quiet_from"] is not None and 0 < end < 1096 and end - begin > LONG_THREAD:
            ended.append((-end, person))
    lines = []
    if kept:
        kept.sort(key=lambda one: (one[0], one[1].row["strength_rank"]))
        names = first_names([person for _, person in kept[:3]])
        years = (1096 - kept[: len(names)][-1][0]) / 365.25
        span = "three years" if years > 2.9 else "over two years" if years > 2 else "over a year"
        noun = "thread is" if len(names) == 1 else "threads are"
        lines.append(f"The longest unbroken {noun} with {listed(names)}: {span}.")
    if ended:
        ended.sort(key=lambda one: (one[0], one[1].row["strength_rank"]))
        said: dict[str, list[str]] = {}
        for (end, _), name in zip(
            ended[:2], first_names([one for _, one in ended[:2]]), strict=True
        ):
            when = _month(report.today - timedelta(1096 + int(end)), report.today)
            said.setdefault(when, []).append(f"{name}\u2019s")
        rests = listed(f"{listed(names)} in {when}" for when, names in said.items())
        lines.append(f"Long ones came to rest, {rests}; one meeting takes them up again.")
    return lines


def _month(when: date, today: date) -> str:
    return f"{when:%B}" if when.year == today.year else f"{when:%B %Y}"


def has_stream(report: Report) -> bool:
    """Whether there is enough of it to draw."""
    return len(report.stream) >= FEWEST_MONTHS and report.n_ties >= FEWEST_TIES


def stream_caption(report: Report) -> list[str]:
    """The picture of the stream in words."""
    last = report.stream[-1]
    lines = []
    if len(report.stream) > 12:
        before = report.stream[-13]["n_all"]
        lines.append(
            f"{capital(counted(last['n_all'], 'tie'))} in all, {number(before)} a year ago."
        )
    else:
        lines.append(f"{capital(counted(last['n_all'], 'tie'))} in all.")
    fullest = max(report.stream[-12:], key=lambda one: one["n5"])
    if fullest["n5"] > last["n5"] + 1:
        when = _month(fullest["month_date"], report.today)
        lines.append(
            f"In {when} {number(fullest['n5'])} people were as close as your closest five are now."
        )
    if last["n_all"] > last["n150"]:
        lines.append("The 150 closest are drawn.")
    lines.append("Means of three months.")
    return lines


def moved(move: Mapping[str, Any], today: date) -> str:
    """Where somebody came from and where they are: "from the closest fifteen into …"."""
    now, before = _ring(move["strength_rank"]), _ring(move["rank_before"])
    if not move["is_closer"]:
        last = f"last seen {day(move['last_contact_date'], today)}"
        return f"among {WITHIN[before]} a year ago, {last}" if before < min(now, 4) else last
    if now == before:
        return f"within {WITHIN[now]}, nearer the middle"
    return f"from {WITHIN.get(before, 'further out')} into {WITHIN[now]}"


def _ring(rank: int) -> int:
    return 1 + sum(rank > last for last in (5, 15, 50))


def year_caption(report: Report) -> list[str]:
    """The calendar in words."""
    seen = [one for one in report.year if one["people"] is not None]
    full = [one for one in seen if one["people"]]
    if not full:
        return []
    most = max(full, key=lambda one: (one["people"], one["date"]))
    whom = counted(most["people"], "person", "people")
    return [
        f"In touch with somebody on {number(len(full))} of the last {counted(len(seen), 'day')}.",
        f"The fullest was {day(most['date'], report.today)}, with {whom}.",
        "The small dots are quiet days, and there is nothing wrong with those.",
    ]
