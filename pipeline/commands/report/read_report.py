"""What the report tells, read from the published file in one go: rows as the queries give them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.book.queries import query
from pipeline.command_session import Session, rows_as_dicts
from pipeline.commands.due_list import Waiting, read_waiting
from pipeline.terminal import book_age
from pipeline.terminal.terminal_text import plain

if TYPE_CHECKING:
    import duckdb

Rows = list[dict[str, Any]]

LONGEST = 80
"""Letters of a name that the page shows."""
LINES = 60
"""Lines between people that a picture of the rings has at most: the strongest."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has a paragraph on the page."""

    person_id: int
    name: str
    place: str
    """What tells them from a namesake; else empty."""
    look: str
    """near, soon, while, quiet or new: what they look like in the pictures."""
    ring: int
    """1 for the closest five, 2, 3 and 4 for the next layers, 5 for whoever is named beside."""
    row: Mapping[str, Any]
    """All that report_people tells of them."""

    @property
    def full_name(self) -> str:
        """The name, with the place where somebody else has it too."""
        return f"{self.name}, {self.place}" if self.place else self.name

    @property
    def first_name(self) -> str:
        """How one speaks of them among friends."""
        return self.name.split()[0] if self.name else ""


@dataclass(frozen=True, slots=True)
class RingLayout:
    """A picture of the rings: how far out each is, and how much room a name has there."""

    radii: tuple[int, ...]
    limits: tuple[int, ...]
    is_whole: bool = True
    """Whole rings; else their right halves, with the owner at the left edge."""


LAYOUTS = {
    "wide": RingLayout((76, 222, 342, 460), (120, 100, 98, 92)),
    "medium": RingLayout((76, 190, 300), (88, 88, 88)),
    "narrow": RingLayout((56, 156, 256), (78, 78, 78), is_whole=False),
}
"""By the width of the screen. A name, its moon and a little air fit between any two rings."""
ALONE = 120
"""How far out a ring is that is the only one."""


def layout_for(name: str, n_people: int) -> RingLayout:
    """The layout of that name with no more rings than these people fill."""
    whole = LAYOUTS[name]
    filled = sum(n_people > before for before in (0, 5, 15, 50))
    if filled <= 1:
        return RingLayout((ALONE,), whole.limits[:1], whole.is_whole)
    return RingLayout(whole.radii[:filled], whole.limits[:filled], whole.is_whole)


@dataclass(frozen=True, slots=True)
class Report:
    """All that the report tells."""

    today: date
    stale: str
    """What to know before one reads on in a book that is old; else empty."""
    owner: str
    """The owner's given name; empty where only an address is known."""
    n_ties: int
    people: dict[int, Person]
    """The closest first."""
    due: Rows
    waiting: Waiting
    pairs: Rows
    rings: dict[str, Rows]
    """The places of a layout, by its name."""
    threads: Rows
    stream: Rows
    moves: Rows
    year: Rows
    faces: Rows
    balance: Rows
    favours: Rows
    birthdays: Rows
    introductions: Rows
    freshness: Rows
    left_out: Rows
    rejects: dict[str, int]

    @property
    def closest(self) -> list[Person]:
        """The closest fifty, or as many as there are."""
        return [one for one in self.people.values() if one.ring <= 3]


def read_report(session: Session) -> Report:
    """Ask the published file.

    :raises UsageError: it was built as of another day than the one given with --as-of.
    :raises NoBookYet: there is none yet.
    """
    with session.looking() as connection:
        return _read(session, connection)


def _read(session: Session, connection: "duckdb.DuckDBPyConnection") -> Report:
    def rows(sql: str, *values: object) -> Rows:
        return rows_as_dicts(connection.execute(sql, [*values]))

    owner = rows(query("report_owner"))[0]
    due = rows(query("due_list"))
    faces = rows(query("report_faces"))
    introductions = rows(query("report_introductions"))
    moves = rows(query("report_moves"))
    named = {one["person_id"] for one in (*due, *faces, *moves, *introductions)}
    named |= {one["other_id"] for one in introductions}
    people = _people(rows(query("report_people"), sorted(named)))
    n_close = sum(one.ring <= 4 for one in people.values())
    pairs = rows(query("report_pairs"))
    lines = [[one["person_id"], one["other_id"], one["shared"]] for one in pairs[:LINES]]
    places = query("report_rings")
    rings = {}
    for name in LAYOUTS if n_close else ():
        shape = layout_for(name, n_close)
        rings[name] = rows(places, [*shape.radii], 2 if shape.is_whole else 1, lines)
    return Report(
        today=owner["today"],
        stale=book_age.stale_line(session, connection),
        owner=_given_name(owner["owner_name"]),
        n_ties=owner["ties"],
        people=people,
        # whose task stands a moment longer than they lived is not called upon
        due=[one for one in due if one["person_id"] in people],
        waiting=read_waiting(session, connection),
        pairs=pairs,
        rings=rings,
        threads=rows(query("report_threads")),
        stream=rows(query("report_stream")),
        moves=moves,
        year=rows(query("report_year")),
        faces=faces,
        balance=rows(query("report_balance")),
        favours=rows(query("report_favours")),
        birthdays=rows(query("report_birthdays")),
        introductions=introductions,
        freshness=rows(query("status_freshness")),
        left_out=rows(query("report_left_out")),
        rejects=rows(query("report_rejects"))[0],
    )


def _people(rows: Iterable[Mapping[str, Any]]) -> dict[int, Person]:
    found = {}
    for row in rows:
        rank = row["strength_rank"]
        ring = 5 if rank is None else 1 + sum(rank > last for last in (5, 15, 50, 150))
        place = row["city"] or row["organization"] if row["namesakes"] > 1 else ""
        found[row["person_id"]] = Person(
            row["person_id"], brief(row["display_name"]), brief(place), row["look"], ring, row
        )
    return found


def brief(name: str | None) -> str:
    """A name of one line, without what would act or hide; one that goes on for ever is cut."""
    text = plain(name)
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _given_name(name: str | None) -> str:
    """How the page speaks to the owner; an address or a number is no name."""
    first = plain(name).split()[:1]
    return first[0] if first and "@" not in first[0] and first[0][0].isalpha() else ""
