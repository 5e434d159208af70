"""Copies of a card in other imports, files and sources: what unites, and what does not."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from tests.support.identity_builder import PersonBook

A, B, C = "import/a.vcf", "import/b.vcf", "import/c.vcf"


@pytest.fixture
def book() -> PersonBook:
    found = PersonBook()
    found.imports("a.vcf", "b.vcf", "c.vcf")
    return found


# --- what unites --------------------------------------------------------------------------


def test_one_name_in_two_imports_is_one_card(book: PersonBook) -> None:
    book.card(A, uid=None, full_name="Ana Lima", phones=["+351912000000"], birthday=(1980, 5, 1))
    book.card(B, uid=None, full_name="Lima, Ana", emails=["ana.lima@mail.example"], note="friend")
    assert book.people() == [{1, 2}]
    assert book.reason(2) == "copy of the card in a.vcf: same name"
    book.build("main.people")
    (person,) = book.rows("select phones, emails, birthday.year from main.people")
    assert person == (["+351912000000"], ["ana.lima@mail.example"], 1980)


def test_one_name_in_an_import_and_in_a_source_is_one_card(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", phones=["+351912000000"])
    book.card(A, uid=None, full_name="Ana Lima", emails=["ana.lima@mail.example"])
    assert book.people() == [{1, 2}]
    assert book.reason(2) == "copy of the card in home: same name"


def test_one_name_and_another_employer_in_an_import_is_asked_about(book: PersonBook) -> None:
    book.card(full_name="Rui Lima", phones=["+351912000000"], organization="Fjord Labs")
    book.card(A, uid=None, full_name="Rui Lima", organization="Ember Media")
    book.card(full_name="Grazyna Jablonak", organization="Fjord Labs")
    book.card(A, uid=None, full_name="Grazyna Jablonak", organization="Fjord Labs GmbH")
    assert book.people() == [{1}, {2}, {3, 4}]
    assert book.waiting() == [(1, 2)]


def test_one_name_in_two_files_of_one_folder_is_one_card(book: PersonBook) -> None:
    book.card(A, uid=None, file="phone.vcf", full_name="Ana Lima", phones=["+351912000000"])
    book.card(A, uid=None, file="web.vcf", full_name="Ana Lima", emails=["ana@mail.example"])
    assert book.people() == [{1, 2}]
    assert book.reason(2) == "copy of the card in phone.vcf: same name"


def test_files_of_a_folder_that_is_a_source_unite_too(book: PersonBook) -> None:
    book.insert("raw.sources", {"source": "cards", "type": "vcard", "is_import": False})
    for href in ("phone.vcf#name:ana lima", "old/web.vcf#name:ana lima"):
        number = book.card("cards", uid=None, full_name="Ana Lima", note=href, etag=href)
        book.connection.execute("update raw.items set href = $1 where item_id = $2", [href, number])
        book.card("cards", uid=None, full_name=f"Rui {href[:3]} Costa", etag=f"{href}-2")
        book.connection.execute(
            "update raw.items set href = $1 where item_id = $2", [f"{href}-2", number + 1]
        )
    assert book.people()[0] == {1, 3}


@pytest.mark.parametrize(
    "fields",
    [
        {"full_name": "Mama"},
        {"full_name": None, "emails": ["kiosk@mail.example"]},
        {"full_name": None, "organization": "Kiosk"},
    ],
)
def test_the_same_bytes_are_one_card_whatever_they_say(
    book: PersonBook, fields: dict[str, Any]
) -> None:
    for source in (A, B, C):
        book.card(source, uid=None, etag="0123", **fields)
    assert book.people() == [{1, 2, 3}]
    assert book.reason(3) == "copy of the card in a.vcf: same bytes"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana Lima", "Ana Lima"),
        ("Ana Lima", "Ana"),
        ("Ana Lima", "A. Lima"),
        ("Ana Lima", "Ana Maria Lima"),
        ("Robert Young", "Bob Young"),
        ("Jürgen Müller", "Juergen Mueller"),
        ("Ana Lima", "Ana Costa"),
    ],
)
@pytest.mark.parametrize("sources", [(A, B), (A, "home"), ("google", "home")])
def test_one_uid_and_a_name_that_fits_are_one_card(
    book: PersonBook, one: str, other: str, sources: tuple[str, str]
) -> None:
    uid = "9d1f3a52-7c1b-4a57-8a39-d6f0c2b8a7e1"
    book.card(sources[0], uid=uid, full_name=one, phones=["+351912000001"], note="old")
    book.card(sources[1], uid=uid, full_name=other, phones=["+351912000002"])
    assert book.people() == [{1, 2}]
    assert book.reason(2).endswith(": same UID")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ana Lima", "Rui Lima"), ("Ana Lima", "Paulo Nunes"), ("Ana Lima", "Ana Costa")],
)
def test_one_number_as_uid_of_two_vendors_is_no_copy(
    book: PersonBook, one: str, other: str
) -> None:
    book.card(A, uid="17", full_name=one)
    book.card(B, uid="17", full_name=other)
    assert book.people() == [{1}, {2}]


@pytest.mark.parametrize(
    "known",
    [
        {"note": "My mother"},
        {"birthday": (1950, 3, 1)},
        {"phones": ["912 000 000"]},
        {"emails": ["mama@mail.example"]},
    ],
)
def test_one_word_and_one_thing_more_are_one_card(book: PersonBook, known: dict[str, Any]) -> None:
    book.card(A, uid=None, full_name="Mama", title="old", **known)
    book.card(B, uid=None, full_name="Mama", **known)
    assert book.people() == [{1, 2}]
    assert book.reason(2).startswith("copy of the card in a.vcf: same name and ")


# --- what does not ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Anna", "A. L."])
def test_one_word_alone_is_no_name(book: PersonBook, name: str) -> None:
    book.card(A, uid=None, full_name=name, note="from the choir", etag="1")
    book.card(B, uid=None, full_name=name, etag="2")
    assert book.people() == [{1}, {2}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"phones": ["+351912000001"]}, {"phones": ["+351912000002"]}),
        ({"emails": ["al@gmail.com"]}, {"emails": ["ana1980@outlook.com"]}),
        ({"birthday": (1950, 3, 1)}, {"birthday": (1980, 7, 9)}),
        ({"birthday": (1950, 3, 1)}, {"birthday": (1980, 3, 1)}),
        ({"city": "Porto"}, {"city": "Oslo"}),
        ({}, {"full_name": "Ana Lima jr."}),
    ],
)
def test_what_speaks_against_one_name(
    book: PersonBook, one: dict[str, Any], other: dict[str, Any]
) -> None:
    book.card(A, uid=None, **{"full_name": "Ana Lima", **one})
    book.card(B, uid=None, **{"full_name": "Ana Lima", **other})
    assert book.people() == [{1}, {2}]


@pytest.mark.parametrize(
    "known",
    [{"birthday": (1950, 3, 1)}, {"full_name": "Rui Lima", "birthday": (1950, 3, 2)}],
)
def test_another_birthday_speaks_against_one_uid(book: PersonBook, known: dict[str, Any]) -> None:
    book.card(A, uid="u-1", full_name="Rui Lima", birthday=(1980, 7, 9))
    book.card(B, uid="u-1", **{"full_name": "Rui Lima", **known})
    assert book.people() == [{1}, {2}]


def test_a_name_that_one_side_holds_twice_tells_nobody(book: PersonBook) -> None:
    book.card(A, uid=None, full_name="Ana Lima", note="Porto")
    book.card(A, uid=None, full_name="Ana Lima", note="Oslo")
    book.card(B, uid=None, full_name="Ana Lima", phones=["+351912000000"])
    assert book.people() == [{1}, {2}, {3}]


def test_a_name_that_a_source_holds_in_two_of_its_books_tells_nobody(book: PersonBook) -> None:
    book.card("home", collection="private", full_name="Ana Lima", city="Porto")
    book.card("home", collection="work", full_name="Ana Lima", city="Oslo")
    book.card(A, uid=None, full_name="Ana Lima", phones=["+351912000000"])
    assert book.people() == [{1}, {2}, {3}]


def test_whoever_could_be_either_of_two_is_left_to_be_asked(book: PersonBook) -> None:
    book.card(A, uid=None, full_name="Ana Lima", phones=["+351912000001"])
    book.card(B, uid=None, full_name="Ana Lima", phones=["+351912000002"])
    book.card(C, uid=None, full_name="Ana Lima", note="which?")
    assert book.people() == [{1}, {2}, {3}]


def test_two_accounts_are_compared_as_ever(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", phones=["+351912000000"])
    book.card("google", full_name="Ana Lima", phones=["+351912000001"])
    assert book.people() == [{1}, {2}]
    assert book.waiting() == [(1, 2)]


def test_a_folder_of_cards_is_one_book(book: PersonBook) -> None:
    book.card(A, uid="u-1", file="cards/1.vcf", full_name="Ana Lima", note="Porto")
    book.card(A, uid="u-2", file="cards/2.vcf", full_name="Ana Lima", note="Oslo")
    assert book.people() == [{1}, {2}]


# --- three imports of one book ------------------------------------------------------------

ALIKE: list[list[dict[str, Any]]] = [
    [{"note": "met in Porto"}, {"note": "met in Oslo"}],
    [{"note": "met in Porto"}, {}],
    [{}, {}],
    [{"phones": ["+351912000001"]}, {"phones": ["+351912000002"]}],
    [{"emails": ["ana@mail.example"]}, {"emails": ["ana@mail.example"]}],
    [{"organization": "Fjord Labs"}, {"organization": "Granite"}, {"city": "Oslo"}],
]
"""Cards of one name that stand in one book."""


def said(book: PersonBook) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    book.reckon("main.people", "main.merge_candidates")
    people = book.rows(
        "select display_name, organization, city, phones, emails, birthday from main.people"
        " order by person_id"
    )
    waiting = book.rows(
        "select person_name, other_name, confidence, reason from main.merge_candidates"
        " order by person_id, other_id"
    )
    return people, waiting


@pytest.mark.parametrize("namesakes", ALIKE)
@pytest.mark.parametrize("told_by", ["uid", "etag", "content"])
def test_each_copy_joins_its_own_twin(namesakes: list[dict[str, Any]], told_by: str) -> None:
    def imported(times: int) -> PersonBook:
        book = PersonBook()
        for time in range(times):
            book.imports(f"{time}.vcf")
            # the second export is in another order
            order: Sequence[int] = range(len(namesakes))
            for number in reversed(order) if time == 1 and told_by == "uid" else order:
                book.card(
                    f"import/{time}.vcf",
                    uid=f"u-{number}" if told_by == "uid" else None,
                    etag=f"{number}" if told_by == "etag" else f"{time}-{number}",
                    revised_at=None if told_by == "etag" else f"2026010{time + 1}T000000Z",
                    full_name="Ana Lima",
                    **namesakes[number],
                )
        return book

    once, thrice = imported(1), imported(3)
    assert said(thrice) == said(once)
    assert sorted(len(one) for one in thrice.people()) == sorted(
        3 * len(one) for one in once.people()
    )


def book_of_200() -> PersonBook:
    """Every second of them has nothing but a name and a note."""
    book = PersonBook()
    book.imports("0.vcf", "1.vcf", "2.vcf")
    given = ["Ana", "Rui", "Eva", "Max", "Uli", "Lia", "Ida", "Jon", "Kai", "Mia"]
    families = (
        *("Lima", "Costa", "Klein", "Kurz", "Lang", "Brito", "Nunes", "Melo", "Silva", "Smith"),
        *("Jablonak", "Torsvik", "Nordby", "Albers", "Ashworth", "Sivachari", "Bennett", "Harper"),
        *("Holm", "Okafor"),
    )
    for number, (first, last) in enumerate(product(given, families)):
        known: dict[str, Any] = {"note": f"met at place {number}"}
        if number % 2:
            known = {"phones": [f"+3519120{number:05}"]}
        if number % 10 == 1:
            known |= {"emails": [f"p{number}@mail.example"], "city": "Porto"}
        book.card("import/0.vcf", etag=str(number), full_name=f"{first} {last}", **known)
    return book


@pytest.mark.parametrize(
    ("uid", "etag", "note"),
    [
        ("uid", "etag", "note"),
        ("uid", "etag || $1", "concat(note, $1)"),
        ("null", "etag", "note"),
        ("null", "etag || $1", "note"),
        ("null", "etag || $1", "concat(note, $1)"),
    ],
    ids=["same bytes", "changed", "no UID", "no UID, revised", "no UID, changed"],
)
def test_three_imports_of_one_book_give_the_people_and_the_queue_of_one(
    uid: str, etag: str, note: str
) -> None:
    book = book_of_200()
    book.connection.execute(f"update raw.contacts set uid = {uid}")
    once = said(book)
    assert len(once[0]) == 200
    for time in (1, 2):
        shift = f"item_id + {1000 * time} as item_id"
        book.connection.execute(
            f"insert into raw.contacts select * replace ({shift}, record_id + {1000 * time} as"
            f" record_id, 'import/{time}.vcf' as source, $1 as collection, {note} as note)"
            " from raw.contacts where item_id < 1000",
            [str(time)],
        )
        book.connection.execute(
            f"insert into raw.items select * replace ({shift}, {etag} as etag)"
            " from raw.items where item_id < 1000 and $1 is not null",
            [str(time)],
        )
        assert said(book) == once


def test_copies_are_no_namesakes_of_each_other(book: PersonBook) -> None:
    for number, source in enumerate((A, B, C)):
        book.card(
            source,
            uid=None,
            full_name="Grazyna Jablonak",
            phones=["+351912345678"],
            etag=f"{number}",
        )
    book.invited("gj@mail.example", name="Grazyna Jablonak")
    assert book.people() == [{1, 2, 3, 4}]


def test_a_number_that_a_hundred_copies_have_is_still_personal(book: PersonBook) -> None:
    names = [f"{number}.csv" for number in range(100)]
    book.imports(*names)
    for name in names:
        book.card(f"import/{name}", uid=None, full_name="Ana Lima", phones=["+351912345678"])
    book.card(full_name="A. Lima", phones=["+351912345678"], emails=["ana.lima@mail.example"])
    assert len(book.people()) == 1


# --- which values stand first --------------------------------------------------------------

OLD, NEW = {"organization": "Granite"}, {"organization": "Fjord Labs"}


@pytest.mark.parametrize(
    ("one", "other", "first"),
    [
        ({"revised_at": "20200101T000000Z"}, {"revised_at": "2024-01-01T00:00:00Z"}, 2),
        ({"revised_at": "2024-01-01"}, {"revised_at": "20200101"}, 1),
        ({"received_at": datetime(2026, 3, 1, tzinfo=UTC)}, {"revised_at": "20200101"}, 1),
        (
            {"received_at": datetime(2026, 3, 1, tzinfo=UTC)},
            {"received_at": datetime(2026, 4, 1, tzinfo=UTC)},
            2,
        ),
        # a clock gone wrong, and no date at all
        ({"revised_at": "20990101", "received_at": datetime(2026, 3, 1, tzinfo=UTC)}, {}, 1),
        ({"revised_at": "20250101"}, {"revised_at": "yesterday"}, 2),
    ],
)
def test_the_later_export_counts_where_copies_disagree(
    book: PersonBook, one: dict[str, Any], other: dict[str, Any], first: int
) -> None:
    early = datetime(2026, 1, 1, tzinfo=UTC)
    values: list[dict[str, Any]] = [
        {"organization": "Granite", "city": "Porto", "phones": ["+351912000001"]},
        {"organization": "Fjord Labs", "city": "Oslo", "phones": ["+351912000002"]},
    ]
    for source, dated, said_there in zip((A, B), (one, other), values, strict=True):
        book.card(
            source,
            uid="u-1",
            full_name="Ana Lima",
            emails=["ana@mail.example"],
            **{"received_at": early, **dated},
            **said_there,
        )
    book.reckon("main.people", "main.field_conflicts")
    newest, oldest = values[first - 1], values[2 - first]
    assert book.rows("select organization, city, phones from main.people") == [
        (newest["organization"], newest["city"], newest["phones"] + oldest["phones"])
    ]
    conflicts = dict(book.rows("select field, said_values from main.field_conflicts"))
    assert conflicts["organization"] == [newest["organization"], oldest["organization"]]
    assert conflicts["city"] == [newest["city"], oldest["city"]]


def test_a_new_name_of_a_copy_is_what_they_are_called(book: PersonBook) -> None:
    uid = "9d1f3a52-7c1b-4a57-8a39-d6f0c2b8a7e1"
    book.card(A, uid=uid, full_name="Priya Sivachari", revised_at="20200101")
    book.card(B, uid=uid, full_name="Priya Rao", revised_at="20250101")
    book.reckon("main.people")
    assert book.rows("select display_name from main.people") == [("Priya Rao",)]


# --- what the user says ---------------------------------------------------------------------


def three_copies(book: PersonBook) -> None:
    for source in (A, B, C):
        book.card(source, uid="u-1", full_name="Ana Lima", phones=["+351912000000"], etag="1")


def test_a_copy_that_was_split_stays_away(book: PersonBook) -> None:
    three_copies(book)
    book.decide("split", 2, 1)
    assert book.people() == [{1, 3}, {2}]
    assert book.people() == [{1, 3}, {2}]


def test_the_first_of_the_copies_can_be_split_as_well(book: PersonBook) -> None:
    three_copies(book)
    split = book.decide("split", 1, 3)
    assert book.people() == [{1}, {2, 3}]
    book.undo(split)
    assert book.people() == [{1, 2, 3}]


def test_two_that_were_split_one_after_the_other_stay_together(book: PersonBook) -> None:
    three_copies(book)
    book.decide("split", 2, 1)
    book.decide("split", 3, 1)
    assert book.people() == [{1}, {2, 3}]
    assert book.reason(3) == "copy of the card in b.vcf"


def test_a_later_copy_follows_the_card_that_was_split_from_somebody(book: PersonBook) -> None:
    card: dict[str, Any] = {"uid": "u-1", "full_name": "Ana Lima", "emails": ["al@mail.example"]}
    book.card(full_name="A. Lima", emails=["al@mail.example"])
    book.card(A, etag="1", **card)
    assert book.people() == [{1, 2}]
    book.decide("split", 2, 1)
    book.card(B, etag="1", first_seen_at=datetime(2026, 7, 1, tzinfo=UTC), **card)
    assert book.people() == [{1}, {2, 3}]


def test_a_later_copy_joins_those_that_stayed(book: PersonBook) -> None:
    three_copies(book)
    book.decide("split", 2, 1)
    later = datetime(2026, 7, 1, tzinfo=UTC)
    book.imports("d.vcf")
    book.card(
        "import/d.vcf",
        uid="u-1",
        full_name="Ana Lima",
        phones=["+351912000000"],
        etag="1",
        first_seen_at=later,
    )
    assert book.people() == [{1, 3, 4}, {2}]


def test_never_the_same_parts_copies(book: PersonBook) -> None:
    three_copies(book)
    book.decide("never_same", 1, 3)
    assert book.people() == [{1, 2}, {3}]
    assert book.waiting() == []


def test_a_merge_joins_what_is_no_copy(book: PersonBook) -> None:
    book.card(A, uid=None, full_name="Ana Lima", phones=["+351912000001"])
    book.card(B, uid=None, full_name="Ana Lima", phones=["+351912000002"])
    book.card(C, uid=None, full_name="Ana Lima", phones=["+351912000002"], etag="1")
    book.decide("merge", 1, 2)
    assert book.people() == [{1, 2, 3}]


def test_what_is_said_of_one_copy_is_said_of_all(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", phones=["+351912000000"])
    book.card(A, uid="u-1", full_name="A. Lima", phones=["+351912000000"], etag="1")
    book.card(B, uid="u-1", full_name="A. Lima", phones=["+351912000000"], etag="1")
    book.decide("never_same", 1, 3)
    assert book.people() == [{1}, {2, 3}]
    assert book.waiting() == []


# --- as days go by ---------------------------------------------------------------------------


def test_a_copy_that_goes_leaves_the_person_as_it_was(book: PersonBook) -> None:
    gone = datetime(2026, 5, 1, tzinfo=UTC)
    book.card("google", full_name="Ana Lima", phones=["+351912000000"], gone_at=gone)
    book.card(A, uid=None, full_name="Ana Lima", emails=["ana@mail.example"])
    assert book.people() == [{1, 2}]


def test_a_card_that_took_the_place_of_one_that_is_gone_is_not_two(book: PersonBook) -> None:
    gone = datetime(2026, 5, 1, tzinfo=UTC)
    book.card("google", full_name="Ana Lima", phones=["+351912000000"], gone_at=gone)
    book.card("google", full_name="Ana Lima", phones=["+351912000000"])
    book.card(A, uid=None, full_name="Ana Lima", emails=["ana@mail.example"])
    assert book.people() == [{1, 2, 3}]


def test_what_is_current_of_an_import_is_what_has_no_copy_in_a_later_one(book: PersonBook) -> None:
    """One human's second card is no copy of the first, and a copy may bear another name."""
    for day, source in enumerate((A, B), 1):
        came_in = datetime(2026, 3, day, tzinfo=UTC)
        book.insert("raw.imports", {"source": source, "began_at": came_in})
    book.card(A, uid="u1", full_name="Ana Lima", emails=["ana@mail.example"])
    book.card(A, uid="u2", full_name="Rui Costa", emails=["rui@mail.example"])
    book.card(B, uid="u1", full_name="A. Lima", emails=["ana@mail.example"])
    book.card(
        B, uid="u3", full_name="Rui Costa", emails=["rui@mail.example"], birthday=(1980, 5, 1)
    )
    book.card(
        B, uid="u4", full_name="Rui Costa", emails=["rui@mail.example"], birthday=(1990, 5, 1)
    )
    book.reckon("main.imports")
    assert book.rows("select name, cards, current_cards from main.imports order by name") == [
        ("a.vcf", 2, 1),
        ("b.vcf", 3, 3),
    ]
