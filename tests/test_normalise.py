"""Texts → keys: names in Latin words, phones in E.164, each text once."""

from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.normalise import e164, give_keys, international, key_of_name, phone_keys
from tests.personbook import PersonBook


@pytest.mark.parametrize(
    ("text", "name_key", "family_key"),
    [
        ("Ana Lima", "ana lima", "lima"),
        ("Lima, Ana", "ana lima", "lima"),
        ("LIMA, Ana Sofia", "ana sofia lima", "lima"),
        ("Ana Lima, PhD", "ana lima", "lima"),
        ("Dr. med. Ana Lima", "ana lima", "lima"),
        ("Herr Prof. Dr. Jürgen Müller", "jurgen muller", "muller"),
        ("Ana Lima (Fjord Labs)", "ana lima", "lima"),
        ("Ana Lima via Forum", "ana lima", "lima"),
        ('"Lima, Ana" <x>', "ana lima", "lima"),
        ("Ana  O'Brien", "ana obrien", "obrien"),
        ("Anne-Marie Gödel", "anne marie godel", "godel"),
        ("Ludwig van Beethoven", "ludwig van beethoven", "van beethoven"),
        ("van der Berg, Jan", "jan van der berg", "van der berg"),
        ("María José de la Cruz", "maria jose de la cruz", "de la cruz"),
        ("John Hale Jr.", "john hale jr", "hale jr"),
        ("Hale, John, Jr.", "john hale jr", "hale jr"),
        ("J.R. Tolkien", "j r tolkien", "tolkien"),
        ("ana.lima", "ana lima", "lima"),
        ("Ana", "ana", ""),
        ("Person 17", "person 17", "17"),
        ("Given3 Family41", "given3 family41", "family41"),
        ("Сергей Щербаков", "sergey shcherbakov", "shcherbakov"),
        ("王小明", "xiaoming wang", "wang"),
        ("欧阳 修", "xiu ouyang", "ouyang"),
        ("김철수", "cheolsu gim", "gim"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER A}na Lima", "ana lima", "lima"),
    ],
)
def test_a_name_becomes_its_words_given_name_first(
    text: str, name_key: str, family_key: str
) -> None:
    key = key_of_name(text)
    assert (key.name_key, key.family_key) == (name_key, family_key)


@pytest.mark.parametrize("text", ["", "  ", "???", "ana@lima.example", "🎂", "()", ",", "\x00"])
def test_what_names_nobody_has_no_key(text: str) -> None:
    assert key_of_name(text).name_key is None


def test_a_lone_title_is_kept_as_a_name() -> None:
    assert key_of_name("Dean").name_key == "dean"
    assert key_of_name("Dr").name_key == "dr"


def test_a_name_of_a_million_letters_is_cut() -> None:
    key = key_of_name("a(" * 500_000)
    assert key.name_key is None or len(key.name_key) <= 300


def test_phones_are_read_in_the_owners_region() -> None:
    assert phone_keys(["912 345 678", "+44 20 7946 0958", "tel:00351912345678"], "PT") == [
        ("912 345 678", "+351912345678"),
        ("+44 20 7946 0958", "+442079460958"),
        ("tel:00351912345678", "+351912345678"),
    ]


@pytest.mark.parametrize("text", ["", "none", "12", "9" * 5000, "call me"])
def test_what_is_no_phone_number_has_no_key(text: str) -> None:
    assert phone_keys([text], "PT") == [(text, None)]


def test_each_text_is_worked_on_once() -> None:
    book = PersonBook()
    book.card(full_name="Ana Lima", given="Ana", family="Lima", phones=["912 345 678"])
    book.invited("ana@lima.example", name="Ana Lima")
    assert give_keys(book.connection, "PT") == 3
    assert give_keys(book.connection, "PT") == 0
    book.card(full_name="Rui Costa")
    assert give_keys(book.connection, "PT") == 1


def test_another_region_reads_the_phones_again() -> None:
    book = PersonBook()
    book.card(phones=["912 345 678"])
    give_keys(book.connection, "PT")
    assert give_keys(book.connection, "GB") == 1
    assert book.rows("select region from raw.phone_keys order by region") == [("GB",), ("PT",)]


def test_every_name_that_the_sql_looks_up_has_a_key() -> None:
    book = PersonBook()
    book.card(full_name="Lima, Ana", given="Ana", middle="Sofia", family="Lima")
    book.card(given="Rui")
    book.card(family="Costa")
    book.card(full_name="  Eva Reis ")
    book.invited("x@mail.example", name=" Ines Sol")
    book.reckon("staging.cards", "staging.attendees")
    assert (
        book.rows(
            """
        select name from (
            select full_name as name from staging.cards
            union select name_in_parts from staging.cards
            union select name from staging.attendees
        )
        where name is not null and name not in (select name from raw.name_keys)
        """
        )
        == []
    )


def test_the_state_file_keeps_the_keys(tmp_path: Path) -> None:
    book = PersonBook()
    book.card(full_name="Ana Lima")
    book.connection.execute(f"attach '{tmp_path / 'state.duckdb'}' as state")
    book.connection.execute("create schema state.raw")
    for table in ("contacts", "meetings", "name_keys", "phone_keys"):
        book.connection.execute(f"create table state.raw.{table} as from memory.raw.{table}")
    book.connection.execute("use state")
    assert give_keys(book.connection, "PT") == 1
    assert book.rows("select name_key from state.raw.name_keys") == [("ana lima",)]


@settings(max_examples=1000, deadline=None)
@given(
    code=st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)) | st.integers(0, 999),
    leading=st.sampled_from(["", "0", "00", "8", "1", "9"]),
    digits=st.text("0123456789", min_size=2, max_size=13),
    gap=st.sampled_from(["", " ", "-", " (", ") ", ".", "/", " x"]),
)
def test_the_short_way_to_a_number_never_differs_from_the_long_one(
    code: int, leading: str, digits: str, gap: str
) -> None:
    phone = f"+{code}{gap}{leading}{digits[:3]} {digits[3:]}"
    assert international(phone) in (None, e164(phone, "PT"))


@pytest.mark.parametrize("phone", ["+351 912 000 001", "+44 (20) 7946-0018", "+1.212.555.0100"])
def test_a_number_with_its_country_goes_the_short_way(phone: str) -> None:
    assert international(phone) == e164(phone, "PT") is not None
