"""Humans are humans, shops are not: what a name, a card and the user's word say."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bench import kinds
from tests.support.identity_builder import PersonBook


@pytest.fixture
def book() -> PersonBook:
    return PersonBook()


def people(book: PersonBook) -> list[tuple[str, str, str | None]]:
    book.reckon("main.people")
    return [
        (name, kind, reason)
        for name, kind, reason in book.rows(
            "select display_name, kind, kind_reason from main.people order by person_id"
        )
    ]


def meet(book: PersonBook, email: str, times: int = 1, **fields: Any) -> None:
    """Meetings of two that the owner organised and the other accepted."""
    record_id = book.invited(email, **fields)
    [person] = book.rows(
        f"select attendees[1] from raw.meetings where item_id = {1000 + record_id}"
    )
    book.connection.execute("delete from raw.meetings where item_id = $1", [1000 + record_id])
    me = {**person[0], "record_id": 9999, "email": "me@example.org", "name": None}
    for number in range(times):
        start = datetime(2026, 3, number + 1, 10, tzinfo=UTC)
        book.insert(
            "raw.meetings",
            {
                "item_id": 2000 + 100 * record_id + number,
                "source": "home",
                "uid": f"tea-{record_id}-{number}",
                "starts_at": start,
                "ends_at": start,
                "organizer": me,
                "attendees": [me, person[0]],
            },
        )


# --- the golden list ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def golden() -> list[tuple[kinds.Card, str]]:
    cards = kinds.read(kinds.GOLDEN)
    return [(card, kind) for card, (kind, _) in zip(cards, kinds.kinds_of(cards), strict=True)]


@pytest.mark.parametrize("half", ["tuned", "held"])
def test_humans_and_others_of_the_golden_list_are_told_apart(
    golden: list[tuple[kinds.Card, str]], half: str
) -> None:
    part = [(card, kind) for card, kind in golden if card["half"] == half]
    figures = kinds.figures([card for card, _ in part], [kind for _, kind in part])
    assert figures["cards"] > 150
    assert figures["person_precision"] >= 0.95
    assert figures["person_recall"] >= 0.97
    assert figures["none_recall"] >= 0.95


def test_no_class_of_the_golden_list_is_lost(golden: list[tuple[kinds.Card, str]]) -> None:
    by_class: dict[str, list[bool]] = {}
    for card, kind in golden:
        right = (kind == "person") == (card["kind"] == "person")
        by_class.setdefault(card["class"], []).append(right)
    assert len(by_class) > 20
    assert {name for name, right in by_class.items() if sum(right) < 0.9 * len(right)} == set()


# --- names --------------------------------------------------------------------------------


NAMES = {
    "Friseur Müller": "organization",
    "Bakkerij Jansen": "organization",
    "Officina Rossetti": "organization",
    "Salon Anita": "organization",
    "Praxis Dr. Weber": "organization",
    "Dr. Weber Zahnarzt": "organization",
    "Dr. Weber": "person",
    "Frau Weber Schule": "person",
    "Greg Plumber": "person",
    "Hassan Taxi driver": "person",
    "Plumber Greg": "person",
    "Plumber Jones": "organization",
    "Katrin Schule": "person",
    "Anne-Frank-Schule": "organization",
    "Kovács Anna fodrász": "person",
    "Fodrászat Kovács": "organization",
    "Hans Schneider": "person",
    "Schneider Hans": "person",
    "Luigi's Pizzeria": "organization",
    "Rose Café": "organization",
    "Musikschule Nord": "organization",
    "Björkskolan": "organization",
    "Anna Weber - Granite AG": "person",
    "Anna Weber GmbH": "organization",
    "A. S. Byatt": "person",
    "Nordby A/S": "organization",
    "Lee Holding": "organization",
    "Anna Berg AB": "organization",
    "Gardner, Edwards and Stewart": "organization",
    "Anna, Tom and Mia": "person",
    "Zielony Las Sp. z o.o.": "organization",
    "Mar Azul, S.L.": "organization",
    "Waterweg B.V.": "organization",
    "株式会社みどり": "organization",
    "(주)한빛": "organization",
    "中国银行": "organization",
    "김유리": "person",
    "田中太郎": "person",
    "रमा देवी": "person",
    "Иван Сантехник": "person",
    "ООО Ромашка": "organization",  # noqa: RUF001 -- Cyrillic it is
    "مطعم الياسمين": "organization",
    "Sala Garibaldi": "organization",
    "Marketing Team": "organization",
    "Notruf": "service",
    "Voicemail": "service",
    "Pannendienst": "service",
    "Vodafone": "organization",
    "Tom & Lisa": "person",
    "TSV Grünwald": "organization",
    "JP Donnelly": "person",
    "Zum Löwen": "organization",
    "The Hendersons": "person",
    "El Rincón de Pepe": "organization",
    "Mel from Pilates": "person",
    "Hr. Sievers": "person",
    "HR Granite": "organization",
    "Bob's Boilers": "organization",
    "Bob's Parents": "person",
    "Nige Roofer": "person",
    "Zámečnictví Horák": "organization",
    "Valeria": "person",
    "Kate": "person",
    "Tore Strøm": "person",
    "Dierenambulance": "service",
    "X": "person",
}


def test_a_name_says_whose_it_is(book: PersonBook) -> None:
    for name in NAMES:
        book.card(full_name=name)
    book.reckon("identity.person_kinds")
    rows = book.rows(
        "select cards.full_name, person_kinds.kind from staging.cards"
        " inner join identity.record_persons using (record_id)"
        " inner join identity.person_kinds using (person_id)"
    )
    assert dict(rows) == NAMES


@pytest.mark.parametrize(
    ("card", "kind"),
    [
        ({"given": "Emil", "family": "Bank"}, "person"),
        ({"full_name": "Thandeka Zulu Plumber", "given": "Thandeka", "family": "Zulu"}, "person"),
        # a program that knows of first and last names alone splits shops as well
        ({"full_name": "Friseur Müller", "given": "Friseur", "family": "Müller"}, "organization"),
        ({"full_name": "Golden Fjord", "given": "Golden", "family": "Fjord"}, "person"),
        (
            {
                "full_name": "Golden Fjord",
                "given": "Golden",
                "family": "Fjord",
                "organization": "Golden Fjord",
            },
            "organization",
        ),
        (
            {
                "full_name": "Ulrike Sander",
                "given": "Ulrike",
                "family": "Sander",
                "organization": "Ulrike Sander",
            },
            "person",
        ),
        ({"full_name": "Pannen", "phones": ["22222"]}, "service"),
        ({"full_name": "Ana Lima", "phones": ["4711"]}, "person"),
        (
            {"full_name": "Zorblax Quill", "given": "Zorblax", "family": "Quill", "phones": ["47"]},
            "person",
        ),
        ({"full_name": "Gate", "phones": ["22222"], "emails": ["g@gate.example"]}, "person"),
    ],
)
def test_the_parts_and_numbers_of_a_card_count(
    book: PersonBook, card: dict[str, Any], kind: str
) -> None:
    book.card(**card)
    [(_, found, _)] = people(book)
    assert found == kind


# --- addresses of offices -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Ola Nordby", "ola@nordby.example"),
        ("Annika Lim", "hello@annikalim.example"),
        ("Svenja Albers", "info@svenja-albers.example"),
    ],
)
@pytest.mark.parametrize("is_named", [True, False])
def test_an_offices_address_on_a_humans_card_is_that_human(
    book: PersonBook, name: str, email: str, is_named: bool
) -> None:
    given, family = name.split()
    book.card(full_name=name, given=given, family=family, emails=[email])
    book.invited(email, name=name if is_named else None)
    assert people(book) == [(name, "person", None)]


def test_an_offices_address_on_the_cards_of_two_humans_is_neithers(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", emails=["info@fjord.example"])
    book.card(full_name="Rui Costa", emails=["info@fjord.example"])
    book.invited("info@fjord.example")
    assert [(name, kind) for name, kind, _ in people(book)] == [
        ("Ana Lima", "person"),
        ("Rui Costa", "person"),
        ("info@fjord.example", "organization"),
    ]


def test_an_offices_address_with_anothers_name_is_not_the_humans_of_the_card(
    book: PersonBook,
) -> None:
    book.card(full_name="Ana Lima", emails=["info@fjord.example"])
    book.invited("info@fjord.example", name="Rui Costa")
    assert len(people(book)) == 2


# --- what outweighs a word ----------------------------------------------------------------


def test_an_accepted_one_to_one_outweighs_a_word_at_the_end_of_the_name(book: PersonBook) -> None:
    meet(book, "thandeka@lindqvist.example", times=6, name="Zorblax Plumbing")
    [(_, kind, reason)] = [row for row in people(book) if row[0].startswith("Zorblax")]
    assert kind == "person"
    assert reason == 'you met one to one, though "plumbing" stands in the name'
    book.reckon("history.interactions")
    assert book.rows("select count(*) from history.interactions where excluded_reason is null") == [
        (6,)
    ]


def test_an_accepted_one_to_one_does_not_make_a_human_of_a_pizzeria(book: PersonBook) -> None:
    meet(book, "milano@pizza.example", times=6, name="Pizza Milano")
    assert ("Pizza Milano", "organization", '"pizza" stands in the name') in people(book)


@pytest.mark.parametrize("verb", ["keep", "in_touch", "every", "snooze", "log"])
def test_whom_the_user_keeps_in_touch_with_stays_a_human(book: PersonBook, verb: str) -> None:
    person_id = book.card(full_name="Friseur Müller")
    book.decide(verb, person_id, every_days=60)
    [(_, kind, reason)] = people(book)
    assert kind == "person"
    assert reason is not None
    assert reason.endswith('though "friseur" stands in the name')


def test_a_circle_of_the_config_that_names_somebody_keeps_them_a_human(book: PersonBook) -> None:
    book.card(full_name="Friseur Müller")
    book.insert(
        "raw.circles",
        {"circle": "street", "owner_id": "me", "is_in_touch": True, "people": ["friseur müller"]},
    )
    assert people(book) == [
        (
            "Friseur Müller",
            "person",
            'the circle street names them, though "friseur" stands in the name',
        )
    ]


@pytest.mark.parametrize("verb", ["mute", "rest", "never"])
def test_a_word_against_somebody_makes_no_human(book: PersonBook, verb: str) -> None:
    person_id = book.card(full_name="Friseur Müller")
    book.decide(verb, person_id)
    book.reckon("identity.person_kinds")
    assert book.rows("select kind from identity.person_kinds") == [("organization",)]
