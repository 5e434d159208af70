"""A year of Nora's life, night by night through the whole pipeline, and the diary of her assistant.

    python -m tests.support.year_diary --regenerate

The story is what happens on a day; a night passes after each of them and every twenty days. What
was put into her list, what was taken out and why, and what then stands in it is the diary,
tests/golden/year.md: to be read by a human, as she would.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from pipeline.config import Circle
from tests.support.paths import GOLDEN
from tests.support.phone_user import Pocket, email_of
from tests.support.source_places import FolderPlace

DIARY = GOLDEN / "year.md"
FIRST, LAST = date(2026, 1, 5), date(2026, 12, 31)
OCTOBER = date(2026, 9, 28)
"""A night more, so that Eva's birthday is not slept through."""
WORDS = {
    "create": "written",
    "update": "changed",
    "tick": "ticked for her",
    "withdraw": "taken back",
    "close": "over",
}
TICKS = {"Ana Lima": 4, "Eva Mota": 9, "Sofia Nunes": 2, "Ingrid Berg": 3, "Paul Adler": 1}
"""Whom she writes to, and how many days she takes over it; the others' tasks she lets be."""


class Year:
    """Nora, her people, and what happens."""

    def __init__(self, folder: Path) -> None:
        self.pocket = Pocket(FolderPlace(folder), FIRST)
        self.pocket.strangers["Sofia Nunes"] = email_of("Sofia Nunes")
        config = self.pocket.config
        assert config.tasks
        self.pocket.config = replace(
            config,
            owner=replace(config.owner, own_domains=("work.example",)),
            tasks=replace(config.tasks, detail="full", open_at_most=4, per_week=3),
            circles=(
                Circle("household", people=("Rui Costa",), in_touch=True),
                Circle("mentors", "stay honest about the work", "3 months", people=("Jo Lund",)),
            ),
        )
        self._meetings = 0
        self._before_the_story()

    # --- before the story -----------------------------------------------------------------

    def _before_the_story(self) -> None:
        card = self.card
        card("Ana Lima", "BDAY:1986-06-19", "TEL:+351912345678")
        card("Rui Costa", "BDAY:--1108")
        card("Eva Mota", "BDAY:1990-10-02", "CATEGORIES:Family")
        card("Maria Mota", "BDAY:1938-05-20", "CATEGORIES:Family", "TEL:+351221234567")
        card("Jo Lund", "TITLE:Editor")
        card("Paul Adler", "BDAY:1984-02-29", "ADR:;;;Porto;;;")
        card("Miguel Sousa", "NOTE:downstairs")
        card("Ingrid Berg", mail="ingrid@work.example")
        card("Clara Dias", "BDAY:1985-07-07")
        self.met("Ana Lima", "Dinner", every=28, since=date(2024, 1, 9))
        self.met("Rui Costa", "Cinema", every=9, since=date(2025, 3, 1))
        self.met("Eva Mota", "Lunch", every=40, since=date(2024, 2, 1))
        self.met("Maria Mota", "Sunday lunch", every=21, since=date(2024, 6, 2))
        self.met("Jo Lund", "Talk", every=80, since=date(2024, 1, 15))
        self.met(
            "Paul Adler", "Climbing", every=12, since=date(2020, 9, 1), until=date(2021, 11, 10)
        )
        self.met("Miguel Sousa", "Running", every=8, since=date(2025, 2, 3))
        self.met(
            "Clara Dias", "Book club", every=35, since=date(2024, 3, 3), until=date(2025, 7, 1)
        )
        for day in days(date(2025, 1, 7), date(2026, 3, 31), 7):
            self.meet("ingrid@work.example", day, "Weekly")
        for day in days(date(2025, 2, 10), date(2026, 12, 1), 150):
            self.meet("termine@dentist.example", day, "Dentist")

    def card(self, name: str, *lines: str, mail: str = "") -> None:
        self.pocket.add_card(name, f"EMAIL:{mail or email_of(name)}", *lines)

    def met(self, name: str, title: str, *, every: int, since: date, until: date = FIRST) -> None:
        """A habit of the years before."""
        for day in days(since, until, every):
            self.meet(email_of(name), day, title)

    def meet(self, email: str, day: date, title: str) -> None:
        self._meetings += 1
        self.pocket.add_meeting(f"m{self._meetings}", day, email, title=title)

    # --- what happens ---------------------------------------------------------------------

    def story(self) -> dict[date, tuple[str, Callable[[], Any]]]:
        """Day → what happens on it."""
        say, today = self.pocket.say, self._on
        return {
            date(2026, 1, 8): (
                "she goes through the list of people: yes to Ana, Eva, Miguel and grandmother",
                lambda: [
                    say("keep", name)
                    for name in ("Ana Lima", "Eva Mota", "Miguel Sousa", "Maria Mota")
                ],
            ),
            date(2026, 1, 22): ("dinner with Ana", today("Ana Lima", "Dinner")),
            date(2026, 2, 20): ("dinner with Ana", today("Ana Lima", "Dinner")),
            date(2026, 3, 12): (
                "grandmother dies; Eva writes a cross into the card",
                lambda: self.card("Maria Mota †", "BDAY:1938-05-20", "TEL:+351221234567"),
            ),
            date(2026, 3, 15): ("the funeral; she sees Eva", today("Eva Mota", "Maria")),
            date(2026, 4, 1): ("a new job: the old colleagues are people now", self._new_job),
            date(2026, 4, 9): (
                "first coffee with Sofia, whom she met at the new job's open day",
                today("Sofia Nunes", "Coffee"),
            ),
            date(2026, 5, 4): (
                "Ana has a baby: not before July, she says, and snoozes her",
                lambda: say("snooze", "Ana Lima", until_date=date(2026, 7, 1)),
            ),
            date(2026, 5, 25): (
                "she and Rui separate: she takes him out of the household and mutes him",
                self._divorce,
            ),
            date(2026, 6, 27): ("running with Miguel", today("Miguel Sousa", "Running")),
            date(2026, 7, 6): ("she visits Ana and the baby", today("Ana Lima", "Baby visit")),
            date(2026, 8, 1): (
                "holidays: all on hold for three weeks",
                lambda: say("pause", until_date=date(2026, 8, 22)),
            ),
            date(2026, 9, 5): (
                "she moves to Porto, where Paul lives; a farewell with Miguel",
                today("Miguel Sousa", "Farewell"),
            ),
            date(2026, 9, 12): (
                "Paul again after five years, as if it had been yesterday",
                today("Paul Adler", "Beer"),
            ),
            date(2026, 10, 3): (
                "the divorce is final; she puts Rui to rest",
                lambda: say("rest", "Rui Costa"),
            ),
            date(2026, 11, 11): (
                "Miguel is far away now: she says not now",
                lambda: say("not_now", "Miguel Sousa"),
            ),
            date(2026, 11, 20): ("lunch with Eva", today("Eva Mota", "Lunch")),
        }

    def _on(self, name: str, title: str) -> Callable[[], None]:
        return lambda: self.meet(email_of(name), self.pocket.today, title)

    def _new_job(self) -> None:
        config = self.pocket.config
        self.pocket.config = replace(
            config, owner=replace(config.owner, own_domains=("press.example",))
        )
        self.pocket.say("every", "Ingrid Berg", every_days=60)

    def _divorce(self) -> None:
        config = self.pocket.config
        circles = tuple(one for one in config.circles if one.name != "household")
        self.pocket.config = replace(config, circles=circles)
        self.pocket.say("mute", "Rui Costa")

    # --- nights ---------------------------------------------------------------------------

    def diary(self) -> Iterator[str]:
        """The lines of the diary."""
        story = self.story()
        mornings = sorted({*days(FIRST, LAST, 20), *(day + timedelta(1) for day in story), OCTOBER})
        stood: dict[str, date] = {}
        for day in mornings:
            happened = [one for one in sorted(story) if self.pocket.today <= one < day]
            self.pocket.today = day - timedelta(days=1)
            self._react(stood)
            for one in happened:
                self.pocket.today = one
                story[one][1]()
            self.pocket.today = day
            ran = self.pocket.sync()
            assert not ran.trouble
            lines = [f"*{story[one][0]}*" for one in happened]
            lines += self._changes(ran.changes)
            standing = self._standing()
            stood = {title: stood.get(title, day) for title in standing}
            if lines:
                lines.append(f"- stands: {'; '.join(standing.values()) or 'nothing'}")
                yield f"\n## {day:%A} {day.day} {day:%B}\n\n" + "\n".join(lines)

    def _react(self, stood: dict[str, date]) -> None:
        """She ticks what she has done about it."""
        for path, task in self.pocket.ours().values():
            begun = stood.get(task.title)
            if task.status != "needs-action" or begun is None or task.title not in TICKS:
                continue
            day = begun + timedelta(days=TICKS[task.title])
            if day <= self.pocket.today:
                self.pocket.tick(path, day)

    def _changes(self, changes: list[Any]) -> Iterator[str]:
        for change in sorted(changes, key=lambda one: (one.action, one.title)):
            kind = change.kind.replace("_", " ")
            words = f"- {WORDS[change.action]}: **{change.title}** ({kind}"
            if change.action == "create":
                yield f"{words}, due {change.due_date.day} {change.due_date:%B})"
                yield from (f"  > {line}" for line in change.notes.splitlines())
            else:
                yield f"{words}, {change.reason.replace('_', ' ')})"

    def _standing(self) -> dict[str, str]:
        found = [task for _, task in self.pocket.ours().values() if task.status == "needs-action"]
        found.sort(key=lambda task: (task.due_date or date.max, task.title))
        return {
            task.title: f"{task.title} ({task.due_date.day} {task.due_date:%b})"
            for task in found
            if task.due_date
        }

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the published file."""
        path = self.pocket.config.data / "kithbook.duckdb"
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def days(first: date, last: date, every: int) -> Iterator[date]:
    """Every so many days, from the first to the last."""
    while first <= last:
        yield first
        first += timedelta(days=every)


def told(year: Year) -> str:
    """The whole diary."""
    return "# A year of Nora's list\n" + "\n".join(year.diary()) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        written = told(Year(Path(temporary)))
    if "--regenerate" in sys.argv:
        DIARY.write_text(written, "utf-8")
    else:
        sys.stdout.write(written)
