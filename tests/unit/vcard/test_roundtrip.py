"""Contact → vCard text → Contact changes nothing; vobject reads the same from what we write."""

from dataclasses import replace
from datetime import date

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.contract import Address, Contact, ContactPoint, PartialDate, Related
from connectors.vcard import read, split
from connectors.vcard.writer import write
from connectors.vcard.written_lines import Version

# Line ends are written as \n alone and NUL is left out: no reader could give them back.
CHARACTERS = st.characters(exclude_characters="\r\0", exclude_categories=["Cs"])
WEIRD = st.sampled_from(
    [";", ",", "\\", ":", '"', "\n", "\\n", "^n", "=", "=3D", "ß", "李", "😀", "  ", "END:VCARD"]
)
TEXTS = (
    st.lists(st.one_of(st.text(CHARACTERS, max_size=12), WEIRD), min_size=1, max_size=5)
    .map(lambda parts: "".join(parts).strip())
    .filter(bool)
)
OPTIONAL = st.none() | TEXTS
PARTS = st.just("") | TEXTS
LABELS = (
    st.none()
    | st.sampled_from(["home", "work", "cell", "work fax", "x-odd", "pref", "voice", "home home"])
    | TEXTS.map(lambda text: text.lower().strip()[:40].strip()).filter(bool)
)


def distinct(texts: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(texts, max_size=3, unique=True).map(tuple)


def points(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[ContactPoint, ...]]:
    point = st.builds(ContactPoint, values, LABELS, st.booleans())
    return st.lists(point, max_size=3).map(tuple)


def whole(day: date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)


DATES = st.none() | st.one_of(
    st.dates(min_value=date(1, 1, 1)).filter(lambda day: day.year != 1604).map(whole),
    st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(
        lambda day: PartialDate(month=day.month, day=day.day)
    ),
    st.integers(1, 31).map(lambda day: PartialDate(day=day)),
    st.integers(1, 12).map(lambda month: PartialDate(month=month)),
    st.integers(1700, 2100).map(lambda year: PartialDate(year=year)),
    st.builds(PartialDate, st.integers(1700, 2100), st.integers(1, 12)),
    TEXTS.filter(lambda text: not any(char.isnumeric() for char in text)).map(
        lambda text: PartialDate(text=text)
    ),
)
EMAILS = st.emails()
PHONES = st.text("+0123456789 ()-/.pw,;*#", min_size=1).map(str.strip).filter(bool)
MEMBERS = st.uuids().map(str) | EMAILS.map(lambda email: f"mailto:{email}")
EXTRA = st.tuples(
    st.sampled_from(["X-FOO", "GENDER", "X-ABDATE", "Custom Field", 'a"b^c', "TITLE", "VERSION"]),
    st.just("") | TEXTS,
)
COORDINATES = st.floats(-90, 90, allow_nan=False).map(lambda value: f"{value:.4f}")


@st.composite
def contacts(draw: st.DrawFn) -> Contact:
    """Any contact as a reader makes it: texts are stripped, and there is a full name."""
    address = st.builds(Address, *[PARTS] * 7, LABELS).filter(
        lambda a: replace(a, label=None) != Address()
    )
    found = Contact(
        uid=draw(
            st.none() | st.uuids().map(str) | TEXTS.filter(lambda t: "urn:uuid" not in t.lower())
        ),
        kind=draw(st.sampled_from(["individual", "organization", "group", "location", "unknown"])),
        full_name=draw(TEXTS),
        prefix=draw(OPTIONAL),
        given=draw(OPTIONAL),
        middle=draw(OPTIONAL),
        family=draw(OPTIONAL),
        suffix=draw(OPTIONAL),
        phonetic_given=draw(OPTIONAL),
        phonetic_family=draw(OPTIONAL),
        nicknames=draw(distinct(TEXTS)),
        emails=draw(points(EMAILS)),
        phones=draw(points(PHONES)),
        urls=draw(points(TEXTS)),
        ims=draw(points(TEXTS)),
        addresses=draw(st.lists(address, max_size=2).map(tuple)),
        organization=draw(OPTIONAL),
        department=draw(OPTIONAL),
        title=draw(OPTIONAL),
        role=draw(OPTIONAL),
        birthday=draw(DATES),
        anniversary=draw(DATES),
        death_date=draw(DATES),
        categories=draw(distinct(TEXTS)),
        members=draw(distinct(MEMBERS)),
        related=draw(st.lists(st.builds(Related, TEXTS, LABELS), max_size=2).map(tuple)),
        note=draw(OPTIONAL),
        language=draw(st.sampled_from([None, "pt", "en-GB"])),
        time_zone=draw(st.sampled_from([None, "Europe/Lisbon", "-05:00"])),
        geo=draw(
            st.none()
            | TEXTS.filter(lambda t: not t[0].isnumeric())
            | st.builds("{},{}".format, COORDINATES, COORDINATES)
        ),
        revised_at=draw(st.sampled_from([None, "20240501T120000Z"])),
        first_met=draw(st.none() | st.dates(min_value=date(1605, 1, 1))),
    )
    return replace(found, extra=tuple(draw(st.lists(EXTRA, max_size=3))))


@pytest.mark.parametrize("version", ["3.0", "4.0"])
@settings(max_examples=80, deadline=None)
@given(contact=contacts())
def test_a_contact_written_and_read_is_the_same(version: Version, contact: Contact) -> None:
    text = write(contact, version)
    found, warnings = read(text.encode())
    assert warnings == []
    assert found == contact


@settings(max_examples=30, deadline=None)
@given(several=st.lists(contacts(), min_size=1, max_size=4))
def test_written_cards_are_told_apart(several: list[Contact]) -> None:
    content = "".join(write(contact) for contact in several).encode()
    assert len(list(split(content))) == len(several)


@settings(max_examples=30, deadline=None)
@given(contact=contacts())
def test_what_was_read_once_is_stable(contact: Contact) -> None:
    """Also through the other version: an export of an export is the same book."""
    once, _ = read(write(contact, "3.0").encode())
    again, _ = read(write(once, "4.0").encode())
    assert again == once


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_photo_is_written_where_there_is_one(version: Version) -> None:
    text = write(Contact(full_name="Ana"), version, photo=b"\xff\xd8" * 5000)
    assert read(text.encode()) == (Contact(full_name="Ana", has_photo=True), [])


def test_lines_are_folded_at_75_bytes_and_end_in_crlf() -> None:
    text = write(Contact(full_name="李" * 100, note="x" * 1000))
    assert text.endswith("END:VCARD\r\n")
    assert max(len(line) for line in text.encode().split(b"\r\n")) <= 75
    assert "\n" not in text.replace("\r\n", "")


def test_a_card_without_fn_gets_one_from_its_name_parts() -> None:
    text = write(Contact(given="Ana", family="Lima"))
    assert "FN:Ana Lima\r\n" in text


def test_partial_dates_are_written_as_each_version_does() -> None:
    contact = Contact(full_name="Ana", birthday=PartialDate(month=4, day=12))
    assert "BDAY:--04-12\r\n" in write(contact, "3.0")
    assert "BDAY:--0412\r\n" in write(contact, "4.0")


def test_another_form_of_a_title_survives_being_written() -> None:
    body = (
        b"BEGIN:VCARD\nVERSION:4.0\nFN:Ana\nTITLE;ALTID=1:Boss\nTITLE;ALTID=1:Chefe\\n\nEND:VCARD\n"
    )
    found, _ = read(body)
    assert found.extra == (("TITLE", "Chefe"),)
    assert read(write(found).encode()) == (found, [])


# --- the second opinion ---------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(contact=contacts())
def test_vobject_reads_the_same_from_what_we_write(contact: Contact) -> None:
    # vobject cuts texts at commas that it unescaped, and a lone ";" or ":" in a label stops it.
    plain = Contact(
        uid=contact.uid,
        full_name=contact.full_name,
        given=contact.given,
        family=contact.family,
        emails=tuple(replace(point, label=None) for point in contact.emails),
        note=contact.note,
        organization=contact.organization,
    )
    card = vobject.readOne(write(plain))
    assert card.fn.value == plain.full_name
    assert (card.n.value.given or None, card.n.value.family or None) == (plain.given, plain.family)
    found = [line.value for line in card.contents.get("email", [])]
    assert found == [point.value for point in plain.emails]
    if plain.note:
        assert card.note.value == plain.note
    if plain.organization:
        assert card.org.value == [plain.organization]


def test_we_and_vobject_agree_on_a_well_formed_card() -> None:
    body = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lima;Ana;;Dr.;\r\nFN:Dr. Ana Lima\r\n"
        "ORG:Choir;Altos\r\nEMAIL;TYPE=WORK:ana@example.org\r\nTEL;TYPE=CELL:+351 910 000 001\r\n"
        "ADR;TYPE=HOME:;;Rua A\\, 1;Lisboa;;1000-001;Portugal\r\nBDAY:1980-04-12\r\n"
        "NOTE:Line one\\nline two\\; and a comma\\, too\r\nEND:VCARD\r\n"
    )
    ours, _ = read(body.encode())
    theirs = vobject.readOne(body)
    assert ours.full_name == theirs.fn.value
    assert (ours.given, ours.family, ours.prefix) == ("Ana", "Lima", theirs.n.value.prefix)
    assert [ours.organization, ours.department] == theirs.org.value
    assert ours.emails[0].value == theirs.email.value
    assert ours.phones[0].value == theirs.tel.value
    assert ours.addresses[0].street == theirs.adr.value.street
    assert ours.note == theirs.note.value
