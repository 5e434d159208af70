"""A year in the life of Eva Mota, and the diary that a good assistant would have kept of it.

    python -m tests.golden_year --regenerate

Each line of the story is a day and what happens on it; after each, and on every Monday, a night
passes. The diary says what was put into her list, what was taken out and why, and what stands in
it, whenever anything changed. tests/golden/year.txt is to be read by a human.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.tasklist import TaskList
from tests.tiebook import OWNER, attendee

DIARY = Path(__file__).parent / "golden" / "year.txt"
FIRST = date(2026, 1, 5)
LAST = date(2026, 12, 28)

WORDS = {
    "met": "you met",
    "ticked": "you ticked it",
    "dismissed": "you let it go",
    "expired": "three weeks untouched",
    "booked": "a meeting is booked",
    "paused": "all is on hold",
    "passed": "the birthday is over",
    "birthday": "the birthday comes first",
    "deceased": "a card says they died",
    "resting": "at rest",
    "never": "never again",
    "in_touch": "in touch anyway",
    "not_now": "not now",
    "not_due": "not yet due",
    "muted": "muted",
    "changed": "what it says has changed",
    "due": "due",
}
MARKS = {"create": "+", "tick": "✓", "close": "·", "withdraw": "-", "update": "~"}


class Year(TaskList):
    """The people of the story, and three years of meetings before it begins."""

    def __init__(self) -> None:
        super().__init__(as_of=FIRST.isoformat(), tasks_detail="full", open_at_most=4, per_week=3)
        self.ana = self.person("Ana Lima", city="Lisbon", birthday=born(6, 19, 1986))
        self.tomas = self.person("Tomás Novák", birthday=born(3, 2, 1949))
        self.ingrid = self.person("Ingrid Bergström", is_colleague=True)
        self.rui = self.person("Rui Costa", birthday=born(11, 8))
        self.jo = self.person("Jo Lund", city="Lisbon")
        self.paul = self.person("Paul Adler", birthday=born(2, 29, 1984))
        self.every(self.ana, 28, "Dinner")
        self.every(self.tomas, 91, "Tea")
        self.every(self.jo, 45, "Concert")
        self.series = self.every(self.ingrid, 7, "Weekly", is_recurring=True)
        self.every(self.rui, 10, "At home")
        for year in (2019, 2020, 2021):  # an old friend, not met for four years
            for month in range(1, 12):
                self.meeting(date(year, month, 8).isoformat(), self.paul, summary="Lunch")
        self.circle("household", self.rui, is_in_touch=True)
        self.circle("mentors", self.tomas, every_days=91, purpose="stay honest about the work")

    def every(self, person: int, days: int, title: str, **columns: Any) -> int:
        """Meetings in that rhythm for two years up to the first day; returns the last item."""
        day = FIRST - timedelta(days=days // 2)
        item = 0
        while day > FIRST - timedelta(days=730):
            same = {"item_id": item, "uid": f"series-{item}"} if columns and item else {}
            made = self.meeting(day.isoformat(), person, summary=title, **columns, **same)
            item = item or made
            day -= timedelta(days=days)
        return item

    def meet(self, person: int, title: str = "Dinner", ahead: int = 0) -> None:
        """A meeting that day, or so many days later."""
        day = self.as_of + timedelta(days=ahead)
        self.meeting(day.isoformat(), person, summary=title)

    def set_person(self, person: int, columns: str) -> None:
        """The address book says something else of somebody."""
        self.connection.execute(f"update identity.persons set {columns} where person_id = {person}")


def born(month: int, day: int, year: int | None = None) -> dict[str, int | None]:
    """A birthday."""
    return {"year": year, "month": month, "day": day}


def new_acquaintance(year: Year) -> None:
    """Somebody new invites her to a small meeting."""
    maja = year.person("Maja Kowalska", has_card=False, emails=["maja@example.org"])
    organizer = attendee(maja)
    year.meeting(
        year.as_of.isoformat(),
        maja,
        summary="Hello",
        organizer=organizer,
        attendees=[organizer, attendee(OWNER)],
    )


def leaves_her_job(year: Year) -> None:
    """The weekly with Ingrid is over, and so is being colleagues."""
    year.set_person(year.ingrid, "is_colleague = false")
    year.decide("keep", year.ingrid)


def chooses(year: Year) -> None:
    """`kithbook choose`, three keys."""
    for person in (year.ana, year.jo, year.paul):
        year.decide("keep", person)


def ana_moves(year: Year) -> None:
    """Another city, another rhythm."""
    year.set_person(year.ana, "city = 'Berlin'")
    year.decide("every", year.ana, every_days=91)


def rui_moves_out(year: Year) -> None:
    """No circle of the household any more, and no reminder of him."""
    year.connection.execute("delete from raw.circles where circle = 'household'")
    year.connection.execute(f"delete from identity.circle_members where person_id = {year.rui}")
    year.decide("never", year.rui)


def ticks(name: str) -> Callable[[Year], Any]:
    """The open task of that name is ticked."""
    return lambda year: year.tick(name)


Happening = tuple[str, str, Callable[[Year], Any]]

STORY: list[Happening] = [
    ("2026-01-09", "she rings Paul and ticks it", ticks("Paul Adler")),
    ("2026-01-20", "dinner with Ana", lambda year: year.meet(year.ana)),
    (
        "2026-02-02",
        "she writes Jo a recommendation, and logs it",
        lambda year: year.decide("log", year.jo, from_date="2026-02-02", value="gave"),
    ),
    ("2026-02-17", "dinner with Ana", lambda year: year.meet(year.ana)),
    ("2026-02-25", "she wishes Paul a happy birthday, early", ticks("Paul Adler")),
    ("2026-03-02", "she changes jobs, and wants to keep Ingrid", leaves_her_job),
    ("2026-03-03", "she chooses: Ana, Jo and Paul too", chooses),
    (
        "2026-03-10",
        "lunch with Ingrid, who is no colleague now",
        lambda year: year.meet(year.ingrid, "Lunch"),
    ),
    (
        "2026-03-17",
        "she puts Tomás off to the end of the month",
        lambda year: year.on_phone("Tomás Novák", "due_date = '2026-03-31'"),
    ),
    ("2026-03-31", "tea with Tomás", lambda year: year.meet(year.tomas, "Tea")),
    ("2026-04-07", "she deletes Jo's", lambda year: year.delete("Jo Lund")),
    ("2026-04-14", "Ana answers her message", ticks("Ana Lima")),
    (
        "2026-05-04",
        "a concert with Jo is booked",
        lambda year: year.meet(year.jo, "Concert", ahead=12),
    ),
    ("2026-05-18", "Ana moves to Berlin: three months will do", ana_moves),
    ("2026-06-09", "Maja says hello", new_acquaintance),
    ("2026-06-12", "she answers Maja", ticks("Maja Kowalska")),
    ("2026-06-19", "she rings Ana on her birthday", ticks("Ana Lima")),
    (
        "2026-07-06",
        "tea with Tomás is in the calendar for Thursday",
        lambda year: year.meet(year.tomas, "Tea", ahead=3),
    ),
    (
        "2026-07-27",
        "three weeks at the sea",
        lambda year: year.decide("pause", until_date="2026-08-17"),
    ),
    ("2026-08-20", "she writes to Jo", ticks("Jo Lund")),
    (
        "2026-09-14",
        "Tomás has died; his daughter's card says so",
        lambda year: year.set_person(year.tomas, "is_deceased_hint = true"),
    ),
    (
        "2026-09-16",
        "she lets him rest",
        lambda year: year.set_person(year.tomas, "is_resting = true"),
    ),
    ("2026-09-24", "a weekend in Berlin", lambda year: year.meet(year.ana, "Berlin", ahead=2)),
    ("2026-10-05", "Rui moves out; never a word of him, please", rui_moves_out),
    ("2026-10-19", "Jo has a baby; not now", lambda year: year.decide("not_now", year.jo)),
    ("2026-12-07", "Jo is back", lambda year: year.decide("every", year.jo, every_days=61)),
    ("2026-12-12", "a walk with Jo", lambda year: year.meet(year.jo, "Walk")),
]


def diary() -> Iterator[str]:
    """The lines of the year."""
    year = Year()
    happenings = {date.fromisoformat(day): (words, change) for day, words, change in STORY}
    day = FIRST
    while day <= LAST:
        if day in happenings or day.weekday() == 0 or day - timedelta(days=1) in happenings:
            year.go_to(day)
            words, change = happenings.get(day, ("", None))
            if change:
                change(year)
            yield from entry(year, words)
        day += timedelta(days=1)


def entry(year: Year, words: str) -> Iterator[str]:
    """One night: what happened that day, what was done, and what stands in the list."""
    done = year.night()
    if not done and not words:
        return
    yield ""
    yield f"{year.as_of:%A} {year.as_of.day} {year.as_of:%B}" + (f": {words}" if words else "")
    reasons = {}
    for name, kind, reason in year.rows(
        "select display_name, kind, reason from main.follow_ups where is_open or opens_now"
    ):
        reasons[name] = f"{kind.replace('_', ' ')}. {reason}"
    for action, name, why in done:
        said = reasons.get(name, "") if action == "create" else WORDS.get(why, why)
        yield f"  {MARKS[action]} {name}: {said}"
    standing = [f"{title} ({due.day} {due:%b})" for title, due, _ in year.open_tasks()]
    yield "    " + ("; ".join(standing) if standing else "Nothing to do: you are fine.")


if __name__ == "__main__":
    if sys.argv[1:] != ["--regenerate"]:
        sys.exit(__doc__)
    DIARY.write_text("\n".join(diary()).strip() + "\n", encoding="utf-8")
