"""Who might like to know each other, by what they share, and who knows each other already."""

from typing import Any

import pytest

from tests.support.ties_builder import TieBook, attendee


@pytest.fixture
def book() -> TieBook:
    return TieBook()


def friend(book: TieBook, name: str, **columns: Any) -> int:
    """Somebody met alone three times this summer."""
    person = book.person(name, **columns)
    for month in (6, 7, 8):
        book.meeting(f"2026-0{month}-{person + 1:02}", person)
    return person


def introductions(book: TieBook) -> list[tuple[str, str, str]]:
    book.build("main.introductions")
    return [
        (str(one), str(other), str(reason))
        for one, other, reason in book.rows(
            "select display_name, other_name, reason from main.introductions order by all"
        )
    ]


def in_porto(book: TieBook, *names: str, **columns: Any) -> list[int]:
    return [friend(book, name, city="Porto", **columns) for name in names]


TOGETHER = [("Ana Lima", "Rui Costa", "both in Porto")]


def test_two_of_one_city_may_like_to_know_each_other(book: TieBook) -> None:
    in_porto(book, "Ana Lima", "Rui Costa")
    assert introductions(book) == TOGETHER


def test_who_was_asked_to_one_meeting_knows_each_other_though_the_owner_stayed_away(
    book: TieBook,
) -> None:
    ana, rui = in_porto(book, "Ana Lima", "Rui Costa")
    guests = [attendee(1, "declined", is_owner=True), attendee(ana), attendee(rui)]
    book.meeting("2026-05-05", attendees=guests, organizer=attendee(ana))
    assert introductions(book) == []


def test_a_meeting_to_come_introduces_them(book: TieBook) -> None:
    ana, rui = in_porto(book, "Ana Lima", "Rui Costa")
    book.meeting("2026-09-20", ana, rui)
    assert introductions(book) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ana Lima", "Rui Lima"), ("Ana Lima", "Rui Costa-Lima"), ("Ana LIMA (Porto)", "Rui Lima")],
)
def test_two_of_one_family_name_know_each_other(book: TieBook, one: str, other: str) -> None:
    in_porto(book, one, other)
    assert introductions(book) == []


@pytest.mark.parametrize("names_the_other", ["Ana Lima", "Rui Costa"])
def test_whom_a_card_names_its_owner_knows(book: TieBook, names_the_other: str) -> None:
    people = dict(
        zip(("Ana Lima", "Rui Costa"), in_porto(book, "Ana Lima", "Rui Costa"), strict=True)
    )
    other = {"Ana Lima": "rui costa", "Rui Costa": "ANA LIMA"}[names_the_other]
    card = {"item_id": 900, "record_id": people[names_the_other], "full_name": names_the_other}
    book.insert("raw.contacts", card | {"related": [{"name": other, "label": "spouse"}]})
    assert introductions(book) == []


def lives(book: TieBook, person: int, street: str, city: str = "Porto") -> None:
    address = {"street": street, "city": city}
    card = {"item_id": 900 + person, "record_id": person, "full_name": "Any Body"}
    book.insert("raw.contacts", card | {"addresses": [address]})


def test_two_who_live_in_one_house_know_each_other(book: TieBook) -> None:
    ana, rui = in_porto(book, "Ana Lima", "Rui Costa")
    lives(book, ana, "Rua do Almada 4, 2.º")
    assert introductions(book) == TOGETHER
    lives(book, rui, "Rua do Almada 4 - 2º")
    assert introductions(book) == []


def test_the_same_street_in_another_town_is_another_house(book: TieBook) -> None:
    ana, rui = in_porto(book, "Ana Lima", "Rui Costa")
    lives(book, ana, "Main Street 1")
    lives(book, rui, "Main Street 1", "Braga")
    assert introductions(book) == TOGETHER


def test_who_lives_with_the_owner_needs_no_introducing(book: TieBook) -> None:
    ana, _ = in_porto(book, "Ana Lima", "Rui Costa")
    lives(book, ana, "Rua do Almada 4")
    lives(book, 1, "Rua do Almada 4")
    assert introductions(book) == []


def test_colleagues_of_one_employer_know_each_other(book: TieBook) -> None:
    in_porto(book, "Ana Lima", "Rui Costa", organization="Granite Ltd")
    assert introductions(book) == []


def test_the_owners_family_needs_no_introducing(book: TieBook) -> None:
    in_porto(book, "Leo Mota", "Rui Costa")  # the owner is Eva Mota
    assert introductions(book) == []


@pytest.mark.parametrize("name", ["family", "Família", "Семья"])
def test_who_is_in_a_circle_of_the_family_needs_no_introducing(book: TieBook, name: str) -> None:
    people = in_porto(book, "Ana Lima", "Rui Costa")
    book.circle(name, *people)
    assert introductions(book) == []


def test_whom_the_owners_card_names_is_family(book: TieBook) -> None:
    in_porto(book, "Ana Lima", "Rui Costa")
    card = {"item_id": 900, "record_id": 1, "full_name": "Eva Mota"}
    book.insert("raw.contacts", card | {"related": [{"name": "Rui Costa", "label": "partner"}]})
    assert introductions(book) == []


def test_a_circle_of_whom_many_have_met_is_no_reason(book: TieBook) -> None:
    people = [friend(book, name) for name in ("Ana Lima", "Rui Costa", "Tom Berg")]
    book.circle("choir", *people)
    assert len(introductions(book)) == 3
    book.meeting("2026-05-05", *people[:2])
    assert introductions(book) == []


def test_a_circle_that_is_in_touch_anyway_is_no_reason(book: TieBook) -> None:
    people = [friend(book, name) for name in ("Ana Lima", "Rui Costa")]
    book.circle("team", *people, is_in_touch=True)
    assert introductions(book) == []


def test_a_city_where_most_of_them_live_is_no_reason(book: TieBook) -> None:
    families = ["Lima", "Costa", "Berg", "Haas", "Reis", "Melo", "Nunes", "Vaz"]
    in_porto(book, *(f"Ana {family}" for family in families))
    found = introductions(book)
    assert found
    assert max(sum(name in pair for pair in found) for name in (f"Ana {x}" for x in families)) <= 6
    in_porto(book, "Ana Cruz")
    assert introductions(book) == []
