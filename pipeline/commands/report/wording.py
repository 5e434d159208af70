"""The report's sentences: plain, whole, the good news first, no number without a name beside it.

Pure: what was read → what is said. The page and the terminal say the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from pipeline.commands.due_list import nobody_lines, waiting_lines
from pipeline.commands.report.read_report import Person, Report
from pipeline.terminal import parse_durations
from pipeline.terminal.terminal_text import count, day, plain

NUMBERS = [
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
]

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
LONG_THREAD = 365
"""Days of an unbroken rhythm that are told of."""
FEWEST_MONTHS = 6
FEWEST_TIES = 10
"""With less there is no stream to draw."""


def number(whole: int) -> str:
    """A number as people write it: to twelve as a word."""
    return NUMBERS[whole] if 0 <= whole < len(NUMBERS) else f"{whole:,}"


def counted(whole: int, one: str, many: str = "") -> str:
    """A number with its noun: three people, 1,204 meetings."""
    return f"{number(whole)} {one if whole == 1 else many or one + 's'}"


def listed(names: Iterable[str]) -> str:
    """Names side by side: "Ana, Lena and Rui"."""
    *before, last = [*names] or [""]
    return f"{', '.join(before)} and {last}" if before else last


def capital(text: str) -> str:
    """With a capital at its beginning, as a sentence has."""
    return text[:1].upper() + text[1:]


def first_names(people: Sequence[Person]) -> list[str]:
    """Given names, whole where two of them have the same."""
    firsts = [one.first_name for one in people]
    return [
        one.first_name if firsts.count(one.first_name) == 1 else one.full_name for one in people
    ]


# At the head of the page.


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


# Today.


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


# The rings.


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


# The threads.


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


# The stream.


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


# The year.


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


# New faces, balance, favours.


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


# Birthdays.


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


# A paragraph a person.


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


# At the foot.


def freshness(report: Report) -> list[str]:
    """What was read, and when."""
    lines = []
    for one in report.freshness:
        name = plain(one["collection_name"]) or plain(one["source"])
        if not one["pulled_at"]:
            lines.append(f"{name}: not read yet.")
            continue
        ago = (report.today - one["pulled_at"].date()).days
        when = "today" if ago <= 0 else "yesterday" if ago == 1 else f"{number(ago)} days ago"
        verb = "came in" if one["status"] == "import" else "read"
        trouble = " It could not be read since." if one["error"] else ""
        lines.append(f"{name}: {count(one['items'], 'entry', 'entries')}, {verb} {when}.{trouble}")
    return lines


def could_not_read(report: Report) -> str:
    """What could not be read."""
    rejects, problems = report.rejects["rejects"], report.rejects["problems"]
    said = (
        f"{capital(counted(rejects, 'entry', 'entries'))} could not be read: `kithbook rejects`."
        if rejects
        else "Everything could be read; nothing was set aside."
    )
    looks = (
        f" {capital(counted(problems, 'thing needs', 'things need'))} a look: `kithbook status`."
        if problems
        else ""
    )
    return said + looks


def not_counted(report: Report) -> list[str]:
    """Which meetings did not count, and by which rule."""
    if not report.left_out:
        return ["Every meeting counts as being in touch."]
    first = report.left_out[0]
    rules = [
        f"{plain(one['words'])} ({one['meetings']:,})" for one in report.left_out if one["words"]
    ]
    return [
        f"Of {first['n_meetings']:,} calendar entries {first['n_counted']:,} count.",
        f"Left out, and why: {', '.join(rules)}.",
    ]


LEFT_OUT = (
    "Left out of this page: people at rest, people who died, titles of private events, phone "
    "numbers and addresses. What is left out here is still in your book."
)
