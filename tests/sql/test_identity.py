"""Which records are one human: given cards and invitations, expected people and questions."""

from typing import Any

import pytest

from tests.support.identity_builder import PersonBook


@pytest.fixture
def book() -> PersonBook:
    return PersonBook()


# --- what joins ---------------------------------------------------------------------------


def test_one_address_on_a_card_and_in_the_calendar_is_one_person(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", emails=["Ana@Lima.Example"])
    book.invited("ana@lima.example", name="Ana Lima")
    assert book.people() == [{1, 2}]
    assert book.reason(2) == "same e-mail, same name"


def test_dots_and_tags_of_gmail_do_not_make_another_address(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", emails=["ana.lima@gmail.com"])
    book.invited("analima+rsvp@googlemail.com", name="Ana Lima")
    assert book.people() == [{1, 2}]


def test_dots_of_other_providers_do_make_another_address(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", emails=["ana.lima@mail.example"])
    book.invited("analima@mail.example", name="Ana Lima")
    assert book.people() == [{1}, {2}]


def test_a_phone_with_and_without_its_country_is_one_number(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", phones=["912 345 678"])
    book.card("google", full_name="Ana Lima", phones=["+351 912345678"])
    assert book.people() == [{1, 2}]
    assert book.reason(2) == "same phone, same name"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana Lima", "Lima, Ana"),
        ("Ana Lima", "Dr. Ana Lima, PhD"),
        ("Jürgen Müller", "Juergen Mueller"),
        ("Jürgen Müller", "Jurgen Muller"),
        ("Сергей Щербаков", "Sergey Shcherbakov"),
        ("Robert Young", "Bob Young"),
        ("Helen Wincombe", "H. Wincombe"),
        ("Evgeny Golubev", "Eugene Golubev"),
        ("Mykola Kovalenko", "Nikolai Kovalenko"),
        ("Kateryna Bondar", "Catherine Bondar"),
        ("Chaim Peretz", "Haim Peretz"),
        ("Giannis Pappas", "Yannis Pappas"),
        ("Youssef Haddad", "Yusuf Haddad"),
        ("Wu Liyan", "Liyan Wu"),
        ("王小明", "Xiaoming Wang"),
        ("José García Márquez", "Jose Garcia"),
        ("Ludwig van der Berg", "van der Berg, Ludwig"),
    ],
)
def test_one_name_written_in_two_ways_at_one_employer(
    book: PersonBook, one: str, other: str
) -> None:
    book.card(full_name=one, organization="Fjord Labs")
    book.card("google", full_name=other, organization="Fjord Labs Ltd.")
    assert book.people() == [{1, 2}]


@pytest.mark.parametrize(
    "known",
    [
        {"organization": "Fjord Labs"},
        {"city": "Porto"},
        {"birthday": (1980, 5, 17)},
    ],
)
def test_one_name_and_one_thing_more_is_one_person(book: PersonBook, known: dict[str, Any]) -> None:
    book.card(full_name="Ana Lima", **known)
    book.card("google", full_name="Ana Lima", **known)
    assert book.people() == [{1, 2}]


def test_the_domain_of_an_address_names_an_employer(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", organization="Fjord Labs")
    book.invited("a.lima@fjordlabs.example", name="Ana Lima")
    assert book.people() == [{1, 2}]


def test_a_provider_of_mailboxes_is_no_employer(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", emails=["ana@gmail.com"])
    book.invited("lima.a@gmail.com", name="Ana Lima")
    assert book.people() == [{1}, {2}]


def test_a_rare_name_that_the_book_knows_once_joins_across_sources(book: PersonBook) -> None:
    book.card(full_name="Grazyna Jablonak", phones=["+351912345678"])
    book.invited("gj@mail.example", name="Grazyna Jablonak")
    assert book.people() == [{1, 2}]


def test_a_partial_name_is_completed_by_its_address(book: PersonBook) -> None:
    book.card(full_name="Grazyna Jablonak", organization="Fjord Labs")
    book.invited("grazynajablonak@fjordlabs.example", name="G. Jablonak")
    assert book.people() == [{1, 2}]


def test_an_address_does_not_give_its_name_to_somebody_else(book: PersonBook) -> None:
    book.card(full_name="Grazyna Jablonak", organization="Fjord Labs")
    book.invited("grazyna.jablonak@fjordlabs.example", name="Rui")
    assert book.people() == [{1}, {2}]


def test_a_new_family_name_keeps_the_address(book: PersonBook) -> None:
    book.card(full_name="Priya Sivachari", emails=["priya@mail.example"])
    book.card("google", full_name="Priya Rao", emails=["priya@mail.example"])
    assert book.people() == [{1, 2}]


# --- what does not ------------------------------------------------------------------------


def test_other_ways_to_write_a_name_do_not_make_an_address_shared(book: PersonBook) -> None:
    ways = [
        ("M. Olsen", "Marta Lima"),
        ("Berg Noor", "Noor Varga"),
        ("Holm Clara", "Nunes Clara"),
        ("Sofia N.", "S. Ibáñez"),
        ("B. Hathfield", "Elizabeth Hathfield"),
        ("Pgegy Strand", "Margaret Strand"),
        ("Moreau Susan M.", "Sue Moreau"),
        ("M. Hautsault", "Hautsault Marie Claire"),
        ("jkranz7", "Jürgen Kranz"),
    ]
    for number, (one, other) in enumerate(ways):
        email = "jkranz7@post.example" if one == "jkranz7" else f"p{number}@post.example"
        book.invited(email, name=one)
        book.card(full_name=other, emails=[email])
    assert book.people() == [{2 * n + 1, 2 * n + 2} for n in range(len(ways))]


def test_an_address_that_names_one_of_two_is_that_ones_whoever_wrote_from_it(
    book: PersonBook,
) -> None:
    book.card(full_name="Ana Lima", emails=["ana.lima@post.example"])
    book.card("google", emails=["ana.lima@post.example"], phones=["912 345 678"])
    book.card("google", full_name="Rui Lima", emails=["ana.lima@post.example"])
    assert book.people() == [{1, 2}, {3}]


def test_cousins_with_one_landline_are_two(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", phones=["+351213456789"])
    book.card(full_name="Rui Lima", phones=["+351213456789"])
    assert book.people() == [{1}, {2}]
    assert book.waiting() == []


def test_a_couple_with_one_mailbox_is_two(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", emails=["limas@mail.example"])
    book.card(full_name="Rui Costa", emails=["limas@mail.example"])
    assert book.people() == [{1}, {2}]


def test_a_familys_mailbox_is_nobodys_own(book: PersonBook) -> None:
    book.card(full_name="Chiara Coreiro", emails=["coreirofamily2@gmail.com"])
    book.card("google", emails=["coreirofamily2@gmail.com"])
    book.card("google", full_name="Chiara Coreiro", emails=["chiara.coreiro@gmail.com"])
    book.card("google", full_name="Wanda Gaile", emails=["wgaile@gmail.com"])
    book.card("home", emails=["wgaile@gmail.com"], phones=["912 345 678"])
    assert book.people() == [{1, 3}, {2}, {4, 5}]


def test_a_familys_mailbox_names_no_employer(book: PersonBook) -> None:
    book.card(full_name="Eva Kleinberg", emails=["kleinbergfamily@hill.example"])
    book.card("google", full_name="Eva Kleinberg", organization="Fjord Labs")
    assert book.people() == [{1, 2}]


def test_one_given_name_with_a_slip_in_the_family_name_meets(book: PersonBook) -> None:
    book.card(full_name="Johannes Bergstrand", organization="Fjord Labs")
    book.card("google", full_name="Johannes Begrstrand", city="Porto")
    assert book.people() == [{1, 2}]


def test_father_and_son_of_one_name_are_told_apart_by_their_birthdays(book: PersonBook) -> None:
    book.card(full_name="Rui Lima", emails=["rui@lima.example"], birthday=(1950, 3, 1))
    book.card("google", full_name="Rui Lima", emails=["rui@lima.example"], birthday=(1980, 7, 9))
    assert book.people() == [{1}, {2}]


def test_a_birthday_without_year_agrees_with_one_that_has_it(book: PersonBook) -> None:
    book.card(full_name="Rui Lima", birthday=(None, 3, 1))
    book.card("google", full_name="Rui Lima", birthday=(1950, 3, 1))
    assert book.people() == [{1, 2}]


def test_father_and_son_with_phones_of_their_own_wait(book: PersonBook) -> None:
    book.card(full_name="Rui Lima", phones=["+351213456789", "+351912345678"])
    book.card(full_name="Rui Lima", phones=["+351213456789", "+351966666666"])
    assert book.people() == [{1}, {2}]
    assert book.waiting() == [(1, 2)]


def test_two_private_mailboxes_make_a_name_wait(book: PersonBook) -> None:
    book.card(full_name="Grazyna Jablonak", emails=["gj@gmail.com"])
    book.invited("grazynka@gmx.net", name="Grazyna Jablonak")
    assert book.people() == [{1}, {2}]
    assert book.waiting() == [(1, 2)]


def test_junior_is_not_senior(book: PersonBook) -> None:
    book.card(full_name="John Hale Sr.", organization="Hale & Sons", phones=["+351213456789"])
    book.card(full_name="John Hale Jr.", organization="Hale & Sons", phones=["+351213456789"])
    assert book.people() == [{1}, {2}]


def test_a_role_address_joins_nobody(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", emails=["info@fjord.example"])
    book.card("google", full_name="Ana Maria Silva", emails=["info@fjord.example"])
    assert book.people() == [{1}, {2}]


def test_two_cards_of_one_office_are_one_organization(book: PersonBook) -> None:
    book.card(full_name="Fjord Support", emails=["support@fjord.example"])
    book.card("google", emails=["support@fjord.example"])
    assert book.people() == [{1, 2}]


def test_a_name_that_a_machine_writes_under_is_not_that_human(book: PersonBook) -> None:
    book.card(full_name="Grazyna Jablonak", organization="Forum")
    book.invited("noreply@forum.example", name="Grazyna Jablonak via Forum")
    assert book.people() == [{1}, {2}]


def test_two_mailboxes_at_one_employer_are_two_namesakes_until_told(book: PersonBook) -> None:
    book.invited("helen.hale@fjordlabs.example", name="Helen Hale")
    book.invited("helen.hale16@fjordlabs.example", name="Helen Hale")
    assert book.people() == [{1}, {2}]
    assert book.waiting() == [(1, 2)]


def test_a_common_name_that_two_books_know_once_each_is_one(book: PersonBook) -> None:
    book.card(full_name="Ana Silva", phones=["+351912345678"])
    book.invited("as@mail.example", name="Ana Silva")
    assert book.people() == [{1, 2}]


def test_who_may_be_either_of_two_namesakes_waits(book: PersonBook) -> None:
    book.card(full_name="Ana Silva", phones=["+351912345678"])
    book.card(full_name="Ana Silva", phones=["+351966666666"])
    book.invited("as@mail.example", name="Ana Silva")
    assert book.people() == [{1}, {2}, {3}]
    assert set(book.waiting()) >= {(1, 3), (2, 3)}


def test_a_third_who_is_surely_one_with_both_is_no_rival(book: PersonBook) -> None:
    book.card(full_name="Grazyna Jablonak", emails=["gj@mail.example"], city="Porto")
    book.card("google", full_name="Grazyna Jablonak", city="Porto")
    book.card("phone", full_name="Grazyna Jablonak", phones=["+351912345678"], city="Porto")
    assert book.people() == [{1, 2, 3}]


def test_a_junior_at_his_fathers_landline_waits(book: PersonBook) -> None:
    book.card(full_name="Rui Lima", phones=["+351213456789", "+351912345678"])
    book.card(full_name="Rui Lima jr.", phones=["+351213456789"])
    assert book.people() == [{1}, {2}]
    assert book.waiting() == [(1, 2)]


def test_a_junior_without_jr_in_another_book_is_known_by_his_address(book: PersonBook) -> None:
    book.card(full_name="Rui Lima jr.", emails=["rui@lima.example"])
    book.card("google", full_name="Rui Lima", emails=["rui@lima.example"])
    assert book.people() == [{1, 2}]


def test_a_junior_waits_beside_who_bears_the_bare_name(book: PersonBook) -> None:
    book.card(full_name="Grazyna Jablonak", emails=["gj@mail.example"])
    book.card("google", full_name="Grazyna Jablonak jr.")
    assert book.people() == [{1}, {2}]
    assert book.waiting() == [(1, 2)]


def test_a_third_of_that_name_makes_the_other_two_wait(book: PersonBook) -> None:
    book.card(full_name="Grazyna Jablonak", organization="Fjord Labs")
    book.card(full_name="Grazyna Jablonak", organization="Ember Media")
    book.invited("gj@mail.example", name="Grazyna Jablonak")
    assert book.people() == [{1}, {2}, {3}]
    assert set(book.waiting()) >= {(1, 3), (2, 3)}


def test_a_name_in_two_cities_is_two(book: PersonBook) -> None:
    book.card(full_name="Grazyna Jablonak", city="Porto")
    book.card("google", full_name="Grazyna Jablonak", city="Oslo")
    assert book.people() == [{1}, {2}]


def test_sam_is_not_chosen_between_samuel_and_samantha(book: PersonBook) -> None:
    book.card(full_name="Samuel Thornquist")
    book.card(full_name="Samantha Thornquist")
    book.invited("st@mail.example", name="Sam Thornquist")
    assert book.people() == [{1}, {2}, {3}]


def test_an_initial_does_not_chain_two_people_together(book: PersonBook) -> None:
    book.card(full_name="John Thornquist", emails=["a@thorn.example"])
    book.card(full_name="Jane Thornquist", emails=["b@thorn.example"])
    book.card("google", full_name="J. Thornquist", emails=["a@thorn.example", "b@thorn.example"])
    assert book.people() == [{1}, {2}, {3}]
    assert book.waiting() == [(1, 3), (2, 3)]


def test_the_surest_link_of_a_chain_holds_and_the_other_waits(book: PersonBook) -> None:
    book.card(full_name="John Thornquist", emails=["j@thorn.example"])
    book.card("google", full_name="John Thornquist", emails=["j@thorn.example"])
    book.card(full_name="J. Thornquist", emails=["j@thorn.example"], phones=["+351912345678"])
    book.card("phone", full_name="Jane Thornquist", phones=["+351912345678"], city="Oslo")
    assert book.people() == [{1, 2, 3}, {4}]
    assert book.waiting() == [(1, 4)]


def test_rooms_are_no_people(book: PersonBook) -> None:
    book.invited("room-4@fjord.example", name="Room 4", kind="room")
    assert book.people() == []


def test_an_invited_stranger_is_a_person(book: PersonBook) -> None:
    book.invited("grazyna@mail.example", name="Grazyna Jablonak")
    book.reckon("main.new_faces")
    assert book.rows("select person_id, display_name from main.new_faces") == [
        (1, "Grazyna Jablonak")
    ]


# --- one source ---------------------------------------------------------------------------


def test_two_cards_of_one_address_book_join_by_what_is_personal(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", emails=["ana@lima.example"])
    book.card(full_name="Ana Lima", emails=["ana@lima.example"])
    assert book.people() == [{1, 2}]


def test_two_cards_of_one_address_book_join_by_a_rare_name(book: PersonBook) -> None:
    book.card(full_name="Grazyna Jablonak", phones=["+351912345678"])
    book.card(full_name="Grazyna Jablonak", emails=["gj@mail.example"])
    assert book.people() == [{1, 2}]


def test_two_cards_of_one_name_in_a_book_that_has_nobody_twice_wait(book: PersonBook) -> None:
    letters = "abcdefg"
    for first in letters:
        for last in letters:
            email = f"{first}{last}@post.example"
            book.card("profiles", full_name=f"{first}ana{last} {last}olm{first}r", emails=[email])
    book.card("home", full_name="Rui Kelaldi")
    one = book.card("profiles", full_name="Grazyna Jablonak")
    other = book.card("profiles", full_name="Grazyna Jablonak")
    assert {one} in book.people()
    assert (one, other) in book.waiting()


def test_two_cards_of_one_address_book_do_not_join_by_a_common_name(book: PersonBook) -> None:
    book.card(full_name="Ana Silva", phones=["+351912345678"])
    book.card(full_name="Ana Silva", emails=["as@mail.example"])
    assert book.people() == [{1}, {2}]
    assert book.waiting() == [(1, 2)]


# --- the user's word ----------------------------------------------------------------------


def test_merge_joins_whatever_the_names(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", emails=["ana@lima.example"])
    book.invited("ana@lima.example")
    book.card(full_name="Nocas", phones=["+351912345678"])
    book.decide("merge", 1, 3)
    assert book.people() == [{1, 2, 3}]
    assert book.reason(3) == "you merged them"


def test_a_card_of_the_bare_name_joins_no_father_to_his_son(book: PersonBook) -> None:
    names = {"home": "Rui Lima", "google": "Rui Lima Jr.", "work": "Rui Lima Sr."}
    for source, name in names.items():
        book.card(source, full_name=name, emails=["rui@lima.example"])
    assert not any({2, 3} <= records for records in book.people())


def test_undo_parts_what_merge_joined(book: PersonBook) -> None:
    book.card(full_name="Ana Lima")
    book.card(full_name="Nocas")
    merge = book.decide("merge", 1, 2)
    undo = book.undo(merge)
    assert book.people() == [{1}, {2}]
    book.undo(undo)
    assert book.people() == [{1, 2}]


def test_split_takes_one_card_out_and_leaves_the_others_together(book: PersonBook) -> None:
    for source in ("home", "google", "phone"):
        book.card(source, full_name="Rui Lima", emails=["rui@lima.example"])
    assert book.people() == [{1, 2, 3}]
    split = book.decide("split", 3, 1)
    assert book.people() == [{1, 2}, {3}]
    assert book.waiting() == []
    book.undo(split)
    assert book.people() == [{1, 2, 3}]


def test_split_holds_when_another_card_of_theirs_comes(book: PersonBook) -> None:
    for source in ("home", "google"):
        book.card(source, full_name="Rui Lima", emails=["rui@lima.example"])
    book.decide("split", 2, 1)
    book.card("phone", full_name="Rui Lima", emails=["rui@lima.example"])
    assert book.people() == [{1, 3}, {2}]


def test_split_parts_from_what_the_user_had_merged(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", emails=["ana@lima.example"])
    book.card("google", full_name="Ana Lima", emails=["ana@lima.example"])
    book.card(full_name="Nocas")
    book.decide("merge", 1, 3)
    book.decide("split", 2, 3)
    assert book.people() == [{1, 3}, {2}]


def test_never_the_same_neither_joins_nor_asks_again(book: PersonBook) -> None:
    book.card(full_name="Ana Silva", phones=["+351912345678"])
    book.card("google", full_name="Ana Silva", phones=["+351966666666"])
    never = book.decide("never_same", 1, 2)
    assert book.people() == [{1}, {2}]
    assert book.waiting() == []
    book.undo(never)
    assert book.waiting() == [(1, 2)]


def test_never_the_same_holds_against_a_shared_address(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", emails=["ana@lima.example"])
    book.card("google", full_name="Ana Lima", emails=["ana@lima.example"])
    book.decide("never_same", 1, 2)
    assert book.people() == [{1}, {2}]


def test_the_newest_word_wins(book: PersonBook) -> None:
    book.card(full_name="Ana Lima")
    book.card(full_name="Nocas")
    book.decide("never_same", 1, 2)
    book.decide("merge", 2, 1)
    assert book.people() == [{1, 2}]
    book.decide("never_same", 1, 2)
    assert book.people() == [{1}, {2}]


# --- what stays ---------------------------------------------------------------------------


def test_a_deleted_card_keeps_the_number_of_its_person(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", emails=["ana@lima.example"], gone_at="2026-08-01 00:00:00+00")
    book.card("google", full_name="Ana Lima", emails=["ana@lima.example"])
    book.reckon("main.people")
    assert book.rows("select person_id, n_cards from main.people") == [(1, 1)]


def test_the_newest_version_of_a_card_speaks(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", gone_at="2026-08-01 00:00:00+00")
    book.insert(
        "raw.contacts",
        {"item_id": 99, "record_id": 1, "source": "home", "full_name": "Ana Lima Costa"},
    )
    book.reckon("main.people")
    assert book.rows("select display_name, n_cards from main.people") == [("Ana Lima Costa", 1)]


def test_the_order_of_the_rows_changes_nothing() -> None:
    found = []
    for order in (1, -1):
        book = PersonBook()
        for number in range(1, 4):
            book.card(f"s{number}", full_name="Rui Lima", emails=["rui@lima.example"])
            book.card(f"s{number}", full_name="Rui Lima", city="Porto")
        book.connection.execute(
            "create or replace table raw.contacts as "
            f"select * from raw.contacts order by record_id * {order}"
        )
        found.append((book.people(), book.waiting()))
    assert found[0] == found[1]


# --- birthdays, names and scripts ---------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((1971, 6, 4), (1971, 4, 6)),
        ((1971, 6, 4), (1971, 6, 5)),
        ((1971, 6, 4), (1970, 6, 4)),
    ],
)
def test_a_birthday_with_a_slip_speaks_for_one_name(
    book: PersonBook, one: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    book.card("phone", full_name="Vera Torsvik", emails=["v@mail.example"], birthday=one)
    book.card("web", full_name="Vera Torsvik", emails=["v@mail.example"], birthday=other)
    book.card("phone", full_name="Nils Dahlgren", birthday=one)
    book.card("web", full_name="Nils Dahlgren", birthday=other)
    assert book.people() == [{1, 2}, {3, 4}]


def test_twins_are_two(book: PersonBook) -> None:
    known: dict[str, Any] = {"birthday": (2001, 5, 9), "city": "Porto", "phones": ["+351213456789"]}
    book.card(full_name="Ana Torsvik", **known)
    book.card("web", full_name="Rui Torsvik", **known)
    assert book.people() == [{1}, {2}]


def test_a_couple_with_one_mailbox_stays_two_and_each_finds_their_own_card(
    book: PersonBook,
) -> None:
    book.card(full_name="Ana Torsvik", emails=["torsvik@mail.example"])
    book.card(full_name="Rui Torsvik", emails=["torsvik@mail.example"])
    book.card("web", full_name="Torsvik, Ana", emails=["torsvik@mail.example"])
    assert book.people() == [{1, 3}, {2}]


def test_two_birthdays_of_which_one_part_agrees_wait(book: PersonBook) -> None:
    book.card(full_name="Vera Torsvik", birthday=(1971, 6, 4))
    book.card("web", full_name="Vera Torsvik", birthday=(1974, 9, 4))
    assert book.people() == [{1}, {2}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Torsvik, Vera M.", "Torsvik Vera Maria"),
        ("Solano Ángel", "Angel Solano Pérez"),
        ("Vera Torsvik", "Vera Torsvik-Dahl"),
        ("Kasiia Sokolecki", "Katarzyna Sokolecki"),
    ],
)
def test_names_written_by_other_hands_meet_at_one_employer(
    book: PersonBook, one: str, other: str
) -> None:
    book.card(full_name=one, organization="Tallow Labs")
    book.card("web", full_name=other, organization="Tallow Labs")
    assert book.people() == [{1, 2}]


def test_sisters_with_one_middle_name_are_two(book: PersonBook) -> None:
    book.card(full_name="Ana Sofia Torsvik", organization="Tallow Labs")
    book.card("web", full_name="Rita Sofia Torsvik", organization="Tallow Labs")
    assert book.people() == [{1}, {2}]


def test_two_middle_initials_are_two_people(book: PersonBook) -> None:
    book.card(full_name="Vera A. Torsvik")
    book.card("web", full_name="Vera P. Torsvik")
    assert book.people() == [{1}, {2}]


def test_what_stands_before_the_at_is_no_other_name(book: PersonBook) -> None:
    book.card("a", full_name="veratorsvik", emails=["veratorsvik@mail.example"])
    book.card("b", full_name="Vera Torsvik", emails=["veratorsvik@mail.example"])
    book.card("c", full_name="vtorsvik", emails=["vtorsvik@post.example"])
    book.card("d", full_name="Vera Torsvik", emails=["vtorsvik@post.example"])
    assert book.people() == [{1, 2, 3, 4}]


@pytest.mark.parametrize(
    ("native", "email", "name"),
    [
        ("佐久間 遥香", "haruka.sakuma@mail.example", None),
        ("佐久間 遥香", "haruka.sakuma@mail.example", "Haruka Sakuma"),
        ("יעל ברנשטיין", "yael.bernstein@mail.example", "Yael Bernstein"),
        ("दीपिका वर्मा", "deepika.varma@mail.example", "Deepika Varma"),
    ],
)
def test_a_name_in_its_own_script_meets_its_address_in_a_meeting(
    book: PersonBook, native: str, email: str, name: str | None
) -> None:
    book.card(full_name=native, emails=[email])
    book.invited(email, name=name)
    assert book.people() == [{1, 2}]


def test_a_native_name_does_not_join_a_couple_that_shares_its_address(book: PersonBook) -> None:
    book.card(full_name="佐久間 遥香", emails=["sakuma@mail.example"])
    book.card(full_name="Haruka Sakuma", emails=["sakuma@mail.example"])
    book.card(full_name="Kenji Sakuma", emails=["sakuma@mail.example"])
    assert all(not {2, 3} <= person for person in book.people())


def test_a_name_in_signs_is_read_as_its_address_told(book: PersonBook) -> None:
    book.card(full_name="佐久間 遥香", emails=["hs@fjord.example"])
    book.invited("hs@fjord.example", name="Haruka Sakuma")
    book.card("google", full_name="佐久間 遥香", phones=["912 345 678"])
    book.card("google", full_name="दीपिका कुलकर्णी", phones=["912 345 679"])
    book.card("home", full_name="Deepika Kulkarni", emails=["dk@lattice.example"])
    assert book.people() == [{1, 2, 3}, {4, 5}]


def test_a_name_in_signs_that_two_people_read_otherwise_is_read_as_neither(
    book: PersonBook,
) -> None:
    book.card(full_name="菅原 裕子", emails=["ys@fjord.example"])
    book.invited("ys@fjord.example", name="Yuko Sugawara")
    book.card("google", full_name="菅原 裕子", emails=["hs@lattice.example"])
    book.invited("hs@lattice.example", name="Hiroko Sugahara")
    assert book.people() == [{1, 2}, {3, 4}]


def test_two_of_one_name_in_one_meeting_are_two_until_told(book: PersonBook) -> None:
    book.invited("yulia.grunstrom@fjord.example", name="Yulia Grünström")
    book.invited("grunstrom@gmail.com", name="Yulia Grünström")
    book.invited("rui.kelaldi@fjord.example", name="Rui Kelaldi")
    book.invited("kelaldi@gmail.com", name="Rui Kelaldi")
    attendees = book.rows("select attendees[1] from raw.meetings where uid in ('m-1', 'm-2')")
    book.insert(
        "raw.meetings",
        {
            "item_id": 2000,
            "source": "home",
            "uid": "both",
            "attendees": [row[0] for row in attendees],
        },
    )
    assert book.people() == [{1}, {2}, {3, 4}]
    assert book.waiting() == [(1, 2)]


def test_one_name_that_nothing_opposes_is_one_human(book: PersonBook) -> None:
    book.card("web", full_name="Grazyna Jablonak", organization="Ember Media")
    book.invited("gj@mail.example", name="Grazyna Jablonak")
    assert book.people() == [{1, 2}]


def test_who_is_joined_only_through_a_third_stays_apart_where_it_speaks_against(
    book: PersonBook,
) -> None:
    book.card("a", full_name="Vera A. Torsvik", city="Porto")
    book.card("b", full_name="Vera P. Torsvik", city="Oslo")
    book.card("c", full_name="Vera Torsvik")
    assert all(not {1, 2} <= person for person in book.people())
