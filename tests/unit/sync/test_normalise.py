"""Texts → keys: names in Latin words, phones in E.164, each text once."""

from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sync.name_cleaning import spoken_name
from pipeline.sync.normalise import give_keys, key_of_name
from pipeline.sync.phone_numbers import PhoneKey, e164, international, phone_key
from tests.support.identity_builder import PersonBook


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
    phones = ["912 345 678", "+44 20 7946 0958", "tel:00351912345678"]
    assert [phone_key(phone, "PT").e164 for phone in phones] == [
        "+351912345678",
        "+442079460958",
        "+351912345678",
    ]


@pytest.mark.parametrize("text", ["", "none", "12", "9" * 5000, "call me"])
def test_what_is_no_phone_number_has_no_key(text: str) -> None:
    assert phone_key(text, "PT").e164 is None


@pytest.mark.parametrize(
    "text",
    [
        "+1 202 555 0143 x102",
        "+1 202 555 0143 ext. 102",
        "+1-202-555-0143;ext=102",
        "tel:+1-202-555-0143;ext=102",
        "+1 (202) 555-0143 extension 102",
        "(202) 555-0143 #102",
        "+12025550143 Durchwahl 102",
        "+1 202 555 0143 DW: 102",
        "+1 202 555 0143 доб. 102",
        "+1 202 555 0143 poste 102",
        "+1 202 555 0143 x102,,4711#",
    ],
)
def test_an_extension_is_no_part_of_the_number(text: str) -> None:
    assert phone_key(text, "US") == PhoneKey("+12025550143", "12025550143", "102")


@pytest.mark.parametrize(
    "text",
    [
        "+351 912 345 000,,4711#",
        "+351912345000;4711#",
        "+351 912 345 000p4711",
        "912345000 w 4711 w1",
        "*31#+351912345000",
        "#31# 912 345 000",
        "*31*912345000",
        "*67 912345000",
    ],
)
def test_what_is_dialled_before_and_after_makes_no_other_number(text: str) -> None:
    assert phone_key(text, "PT") == PhoneKey("+351912345000", "351912345000")


@pytest.mark.parametrize(
    ("text", "digits"),
    [("1-800-FLOWERS", "18003569377"), ("*100#", "100"), ("12345 x9", "12345"), ("x12", "12")],
)
def test_a_short_or_odd_number_keeps_its_digits(text: str, digits: str) -> None:
    assert phone_key(text, "US").digits == digits


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
    book.reckon("staging.cards", "staging.invited_addresses")
    assert (
        book.rows(
            """
        select name from (
            select full_name as name from staging.cards
            union select name_in_parts from staging.cards
            union select name from staging.invited_addresses
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


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Giulia Öztürk, MBA", "Giulia Öztürk"),
        ("Öztürk, Giulia (Yoga), MBA", "Giulia Öztürk"),
        ("Anna Weber \N{BIRTHDAY CAKE}", "Anna Weber"),
        ("\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER} Anna Weber", "Anna Weber"),
        ("\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16} Mama", "Mama"),
        ("Anna (Yoga)", "Anna"),
        ("[work] Ana Lima", "Ana Lima"),
        ("Ana Lima (Fjord", "Ana Lima"),
        ("Robert (Bob) Smith", "Robert Smith"),
        ("Ana Lima <ana@lima.example>", "Ana Lima"),
        ("Dr. med. Anna Weber", "Anna Weber"),
        ("Prof. Dr.-Ing. Jan Novák, CSc.", "Jan Novák"),
        ("Müller, Dr. Jürgen", "Jürgen Müller"),
        ("Herr Prof. Dr. Jürgen Müller", "Jürgen Müller"),
        ("Mrs. Ana Lima", "Ana Lima"),
        ("Dott.ssa Giulia Rossi", "Giulia Rossi"),
        ("Anna Weber MSc, CPA", "Anna Weber"),
        ("Anna Weber, Ph. D.", "Anna Weber"),
        ("Anna Weber, M.A.", "Anna Weber"),
        ("Anna Weber MD", "Anna Weber"),
        ("Lima, Ana Sofia", "Ana Sofia Lima"),
        ("Hale, John, Jr.", "John Hale Jr."),
        ("'Ana Lima'", "Ana Lima"),
        ("Ana Lima via Forum", "Ana Lima"),
        ("王小明 (Xiaoming Wang)", "王小明"),
        ("Ana\x00 Lima\u200b", "Ana Lima"),
    ],
)
def test_a_name_is_said_without_what_is_no_part_of_it(text: str, spoken: str) -> None:
    assert spoken_name(text) == spoken


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Sir David Holt",
            "Jack Ma",
            "Yo-Yo Ma",
            "Phil Collins",
            "Don Draper",
            "Md Rahman",
            "Ing Li",
            "Jo Do",
        ),
        *("Dr. Müller", "Mrs Smith", "Siobhán O'Neil", "John Hale III", "John Hale, Jr."),
        *("Ludwig van Beethoven", "山田 太郎", "김철수", "محمد علی", "J. R. R. Holt"),
        *('Robert "Bob" Smith', "Team: Blue, Red", "Acme, Inc.", "Smith, Jones & Partners"),
        *("\N{BIRTHDAY CAKE}", "(Yoga)", "MBA", "Anne-Marie d'Arc", "Ana Lima, CEO"),
        "ACME\N{REGISTERED SIGN}",
    ],
)
def test_whatever_may_be_a_name_stays_one(text: str) -> None:
    assert spoken_name(text) == text


@pytest.mark.parametrize(
    ("text", "name_key"),
    [
        ("Jack Ma", "jack ma"),
        ("Phil Collins", "phil collins"),
        ("Don Draper", "don draper"),
        ("Dr. Müller", "muller"),
        ("Giulia Öztürk, MBA", "giulia ozturk"),
        ("Team: Blue, Red", "team blue red"),
    ],
)
def test_words_that_are_names_too_are_compared(text: str, name_key: str) -> None:
    assert key_of_name(text).name_key == name_key


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=60))
def test_no_text_is_too_odd_to_be_said(text: str) -> None:
    spoken = spoken_name(text)
    assert spoken or not text.strip()
    key_of_name(text)
    phone_key(text, "PT")
