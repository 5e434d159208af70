"""The name finder of meetings without guests is right or silent (tests/golden/titles.csv)."""

import csv

import pytest

from tests.support.paths import GOLDEN
from tests.support.ties_builder import OWNER, TieBook, attendee

TITLES = GOLDEN / "titles.csv"
PEOPLE = (
    "Ana Lima",
    "Rui Costa",
    "Tomás Novák",
    "Ingrid Bergström",
    "Mark Weber",
    "April Jones",
    "Will Hart",
    "Hope Adler",
    "Max Stein",
    "Grant Hall",
    "Rose Quinn",
    "Paris Delgado",
    "May Chen",
    "Jo Lund",
    "Jo Marsh",
)


def known_people() -> TieBook:
    """The people of the golden list, a nickname on a card, and an organisation."""
    book = TieBook(as_of="2026-09-01")
    for name in PEOPLE:
        book.person(name)
    maja = book.person("Magdalena Kowalska")
    book.connection.execute(
        "update identity.persons set display_name = 'Maja Kowalska' where person_id = $1", [maja]
    )
    book.person("Pizza Milano", kind="organization")
    return book


@pytest.fixture(scope="module")
def found() -> dict[str, str]:
    """Title → whom it names, for all titles of the golden list."""
    book = known_people()
    for title in golden():
        book.meeting("2026-08-03", summary=title)
    book.build("history.title_names")
    return dict(
        book.connection.execute(
            "select title, display_name from history.title_names"
            " inner join identity.persons using (person_id)"
        ).fetchall()
    )


def golden() -> dict[str, str]:
    """Title → whom it is to name, empty for nobody."""
    with TITLES.open(encoding="utf-8", newline="") as lines:
        return {row["title"]: row["names"] for row in csv.DictReader(lines)}


def test_the_golden_list_is_long_and_full_of_traps() -> None:
    names = golden()
    assert len(names) >= 80
    assert sum(not name for name in names.values()) >= 20


@pytest.mark.parametrize("title", golden())
def test_a_title_names_the_right_person_or_nobody(title: str, found: dict[str, str]) -> None:
    assert found.get(title, "") == golden()[title]


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


def test_a_given_name_known_only_from_an_import_names_nobody() -> None:
    book = TieBook(as_of="2026-09-01")
    person = book.person("Ana Lima", is_import_only=True)
    book.meeting("2026-08-03", summary="Coffee with Ana")
    book.meeting("2026-08-04", summary="Coffee with Ana Lima")
    book.build("history.title_names")
    assert book.rows("select title, person_id from history.title_names") == [
        ("Coffee with Ana Lima", person)
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
