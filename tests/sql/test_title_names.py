"""The name finder of meetings without guests is right or silent (tests/golden/titles.csv)."""

import csv
from typing import NamedTuple

import pytest

from tests.support.paths import GOLDEN
from tests.support.ties_builder import OWNER, TieBook, attendee

TITLES = GOLDEN / "titles.csv"
PEOPLE = (
    ("Ana", "Lima"),
    ("Rui", "Costa"),
    ("Tomás", "Novák"),
    ("Ingrid", "Bergström"),
    ("Mark", "Weber"),
    ("April", "Jones"),
    ("Will", "Hart"),
    ("Hope", "Adler"),
    ("Max", "Stein"),
    ("Grant", "Hall"),
    ("Rose", "Quinn"),
    ("Paris", "Delgado"),
    ("May", "Chen"),
    ("Jo", "Lund"),
    ("Jo", "Marsh"),
    ("Maja", "Kowalska"),
    ("Priya", "Nair"),
    ("Heike", "Brandt"),
    ("Camille", "Dubois"),
    ("Yuna", "Sato"),
    ("Piotr", "Zieliński"),
    ("Anna", "Kowalczyk"),
    ("Katarzyna", "Wójcik"),
    ("Robert", "Fischer"),
    ("Elizabeth", "Moore"),
    ("Lucía", "Ortega"),
    ("Javier", "Ruiz"),
    ("João", "Pereira"),
    ("Beatriz", "Sousa"),
    ("Giulia", "Romano"),
    ("Marco", "Bianchi"),
    ("Sanne", "de Vries"),
    ("Joost", "Bakker"),
    ("Astrid", "Holm"),
    ("Mikkel", "Jensen"),
    ("Kenji", "Tanaka"),
    ("Petr", "Dvořák"),
    ("Jana", "Svobodová"),
    ("Ayşe", "Demir"),
    ("Mehmet", "Kaya"),
    ("Ольга", "Иванова"),
    ("芳", "王"),
    ("美咲", "佐藤"),
    ("דנה", "לוי"),
    ("Harry", "Cole"),
    ("Florence", "Martin"),
    ("Clara", "Vogel"),
    ("Katrin", "Müller"),
    ("Thomas", "Müller"),
    ("Sophie", "Lambert"),
    ("Sophie", "Marchand"),
)


class Title(NamedTuple):
    """A line of the golden list; names is empty where it is to name nobody."""

    title: str
    names: frozenset[str]
    half: str


def golden() -> list[Title]:
    """The list: half of it was written, and left alone, before the rules were."""
    with TITLES.open(encoding="utf-8", newline="") as lines:
        return [
            Title(
                row["title"],
                frozenset(name for name in row["names"].split(", ") if name),
                row["half"],
            )
            for row in csv.DictReader(lines)
        ]


@pytest.fixture(scope="module", params=[False, True], ids=["synced", "imported"])
def found(request: pytest.FixtureRequest) -> dict[str, frozenset[str]]:
    """Title → whom it names, for all titles of the golden list, both ways in."""
    book = TieBook(as_of="2026-09-01")
    for given, family in PEOPLE:
        is_eastern = given in ("芳", "美咲")
        name = family + given if is_eastern else f"{given} {family}"
        person = book.person(name, is_import_only=request.param)
        book.insert(
            "raw.contacts",
            {
                "item_id": person,
                "record_id": person,
                "source": "home",
                "full_name": name,
                "given": given,
                "family": family,
            },
        )
    book.person("Pizza Milano", kind="organization", is_import_only=request.param)
    for line in golden():
        book.meeting("2026-08-03", summary=line.title)
    book.build("history.title_names")
    return {
        title: frozenset(names)
        for title, names in book.rows(
            "select title, list(display_name) from history.title_names"
            " inner join identity.persons using (person_id) group by title"
        )
    }


def test_the_golden_list_is_long_and_full_of_traps() -> None:
    lines = golden()
    assert len(lines) >= 270
    assert sum(not line.names for line in lines) >= 120
    assert sum(line.half == "held out" for line in lines) >= 190


def test_no_title_names_a_wrong_person(found: dict[str, frozenset[str]]) -> None:
    wrong = {
        line.title: set(found[line.title] - line.names)
        for line in golden()
        if found.get(line.title, frozenset()) - line.names
    }
    assert wrong == {}


@pytest.mark.parametrize(("half", "least"), [("tuned", 0.95), ("held out", 0.75)])
def test_most_of_whom_titles_name_are_found(
    half: str, least: float, found: dict[str, frozenset[str]]
) -> None:
    lines = [line for line in golden() if line.half == half]
    right = sum(len(line.names & found.get(line.title, frozenset())) for line in lines)
    assert right / sum(len(line.names) for line in lines) >= least


def test_a_nickname_on_a_card_names_its_bearer() -> None:
    book = TieBook(as_of="2026-09-01")
    person = book.person("Magdalena Kowalska")
    book.insert(
        "raw.contacts",
        {"item_id": 1, "record_id": person, "source": "home", "nicknames": ["Maja"]},
    )
    book.meeting("2026-08-03", summary="Beers with Maja")
    book.build("history.title_names")
    assert book.rows("select person_id from history.title_names") == [(person,)]


def test_a_meeting_with_guests_is_not_read_by_its_title() -> None:
    book = TieBook(as_of="2026-09-01")
    book.person("Ana Lima")
    rui = book.person("Rui Costa")
    book.meeting("2026-08-03", rui, summary="Coffee with Ana")
    book.build("history.interactions")
    assert book.rows("select person_id, kind from history.interactions") == [(rui, "meeting")]


def test_the_owner_alone_on_the_guest_list_is_no_guest() -> None:
    book = TieBook(as_of="2026-09-01")
    ana = book.person("Ana Lima")
    owner = attendee(OWNER, is_owner=True)
    book.meeting("2026-08-03", summary="Coffee with Ana", organizer=owner, attendees=[owner])
    book.build("history.interactions")
    assert book.rows("select person_id, kind, weight from history.interactions") == [
        (ana, "title", 0.5)
    ]


def test_two_people_in_a_title_share_the_meeting() -> None:
    book = TieBook(as_of="2026-09-01")
    ana, rui = book.person("Ana Lima"), book.person("Rui Costa")
    book.meeting("2026-08-03", summary="Coffee with Ana and Rui")
    book.meeting("2026-09-04", summary="Dinner with Ana & Rui")
    book.build("main.upcoming")
    rows = book.rows(
        "select person_id, kind, n_people, round(weight, 3) from history.interactions order by all"
    )
    assert rows == [(ana, "title", 3, 0.354), (rui, "title", 3, 0.354)]
    assert book.rows("select person_id, n_people from main.upcoming order by all") == [
        (ana, 3),
        (rui, 3),
    ]


@pytest.mark.parametrize(
    ("title", "is_named"),
    [
        ("Send Ana the licence", True),
        ("Call Ana", True),
        ("Write to Ana Lima about the flat", True),
        ("Thank Ana", True),
        ("Email Ana re: budget", True),
        ("Gift for Ana", False),
        ("Call Ana's school", False),
        ("Send Ana and Rui the draft", False),
        ("Send April report", False),
        ("Send Ana Lima, Rui Costa the draft", False),
        ("Call the plumber", False),
        ("Research Ana Lima", False),
    ],
)
def test_a_task_of_the_users_own_names_one_person_or_nobody(title: str, is_named: bool) -> None:
    book = TieBook(as_of="2026-09-01")
    ana = book.person("Ana Lima")
    book.person("Rui Costa")
    book.person("April Jones")
    book.insert(
        "raw.tasks",
        {
            "item_id": 900,
            "source": "home",
            "collection": "list",
            "uid": "own",
            "title": title,
            "status": "completed",
            "completed_at": "2026-08-10 10:00:00+00",
        },
    )
    book.build("history.task_names")
    assert book.rows("select person_id from history.task_names") == ([(ana,)] if is_named else [])
