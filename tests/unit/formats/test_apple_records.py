"""Apple address books: .abcddb and .abbu, their records and groups."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.contract import Address, ContactPoint, Item, PartialDate, Related
from connectors.errors import SourceError
from connectors.formats.apple_address_book import AbbuFile, load_book, open_book
from connectors.formats.apple_records import contact_of, read
from tests.contract.connector_contract import (
    access,
)
from tests.support.small_address_books import apple_book


def seconds(year: int, month: int, day: int) -> float:
    return (
        datetime(year, month, day, 12, tzinfo=UTC) - datetime(2001, 1, 1, tzinfo=UTC)
    ).total_seconds()


FULL: dict[str, list[dict[str, Any]]] = {
    "ZABCDRECORD": [
        {
            "Z_PK": 1,
            "Z_ENT": 22,
            "ZUNIQUEID": "ANA:ABPerson",
            "ZTITLE": "Dr.",
            "ZFIRSTNAME": "Ana",
            "ZLASTNAME": "Lima",
            "ZNICKNAME": "Nana",
            "ZORGANIZATION": "Acme",
            "ZDEPARTMENT": "Research",
            "ZJOBTITLE": "CTO",
            "ZMAIDENNAME": "Costa",
            "ZBIRTHDAY": seconds(1985, 4, 12),
            "ZMODIFICATIONDATE": 0,
            "ZTHUMBNAILIMAGEDATA": b"\xff\xd8\xff",
        },
        {
            "Z_PK": 2,
            "Z_ENT": 22,
            "ZUNIQUEID": "RUI:ABPerson",
            "ZFIRSTNAME": "Rui",
            "ZBIRTHDAY": seconds(1604, 2, 29),
        },
        {
            "Z_PK": 3,
            "Z_ENT": 22,
            "ZUNIQUEID": "PIZZA:ABPerson",
            "ZORGANIZATION": "Pizza Milano",
            "ZDISPLAYFLAGS": 1,
        },
        {"Z_PK": 4, "Z_ENT": 19, "ZUNIQUEID": "CHOIR:ABGroup", "ZNAME": "Choir"},
        {"Z_PK": 5, "Z_ENT": 25, "ZUNIQUEID": "LOCAL:ABContainer", "ZNAME": "iCloud"},
    ],
    "ZABCDEMAILADDRESS": [
        {
            "Z_PK": 1,
            "ZOWNER": 1,
            "ZORDERINGINDEX": 1,
            "ZADDRESS": "a@x.org",
            "ZLABEL": "_$!<Home>!$_",
        },
        {
            "Z_PK": 2,
            "ZOWNER": 1,
            "ZORDERINGINDEX": 0,
            "ZADDRESS": "a@work.example",
            "ZLABEL": "_$!<Work>!$_",
            "ZISPRIMARY": 1,
        },
    ],
    "ZABCDPHONENUMBER": [{"Z_PK": 1, "ZOWNER": 1, "ZFULLNUMBER": "+351 1", "ZLABEL": "Boat"}],
    "ZABCDPOSTALADDRESS": [
        {
            "Z_PK": 1,
            "ZOWNER": 1,
            "ZLABEL": "_$!<Home>!$_",
            "ZSTREET": "Rua A 1",
            "ZCITY": "Porto",
            "ZZIPCODE": "4000",
            "ZCOUNTRYNAME": "Portugal",
        }
    ],
    "ZABCDURLADDRESS": [
        {"Z_PK": 1, "ZOWNER": 1, "ZURL": "https://ana.example", "ZLABEL": "_$!<HomePage>!$_"}
    ],
    "ZABCDNOTE": [{"Z_PK": 1, "ZCONTACT": 1, "ZTEXT": "Met in Porto.\nLikes tea."}],
    "ZABCDRELATEDNAME": [{"Z_PK": 1, "ZOWNER": 1, "ZNAME": "Rui", "ZLABEL": "_$!<Spouse>!$_"}],
    "ZABCDCONTACTDATE": [
        {"Z_PK": 1, "ZOWNER": 1, "ZDATE": seconds(2010, 6, 5), "ZLABEL": "_$!<Anniversary>!$_"},
        {"Z_PK": 2, "ZOWNER": 1, "ZDATE": seconds(2012, 1, 2), "ZLABEL": "Knee"},
    ],
    "ZABCDSERVICE": [{"Z_PK": 7, "ZSERVICENAME": "SkypeInstant"}],
    "ZABCDMESSAGINGADDRESS": [{"Z_PK": 1, "ZOWNER": 1, "ZADDRESS": "ana.s", "ZSERVICE": 7}],
    "Z_22PARENTGROUPS": [{"Z_22CONTACTS": 1, "Z_19PARENTGROUPS1": 4}],
}


def items_of(path: Path) -> list[Item]:
    with open_book(path) as book:
        return [entry for entry in read(book, str(path)) if isinstance(entry, Item)]


def test_a_card_with_everything(tmp_path: Path) -> None:
    apple_book(tmp_path / "b.abcddb", FULL)
    items = items_of(tmp_path / "b.abcddb")
    ana, rui, pizza, choir = (item.contact for item in items)
    assert ana is not None
    assert rui is not None
    assert pizza is not None
    assert choir is not None
    assert (ana.uid, ana.prefix, ana.full_name, ana.nicknames) == (
        "ANA:ABPerson",
        "Dr.",
        "Ana Lima",
        ("Nana",),
    )
    assert ana.emails == (
        ContactPoint("a@work.example", "work", is_preferred=True),
        ContactPoint("a@x.org", "home"),
    )
    assert ana.phones == (ContactPoint("+351 1", "boat"),)
    assert ana.addresses == (
        Address("Rua A 1", city="Porto", postal_code="4000", country="Portugal", label="home"),
    )
    assert ana.urls == (ContactPoint("https://ana.example", "homepage"),)
    assert ana.ims == (ContactPoint("skype:ana.s"),)
    assert ana.note == "Met in Porto.\nLikes tea."
    assert ana.related == (Related("Rui", "spouse"),)
    assert (ana.birthday, ana.anniversary) == (PartialDate(1985, 4, 12), PartialDate(2010, 6, 5))
    assert (ana.organization, ana.department, ana.title) == ("Acme", "Research", "CTO")
    assert ana.categories == ("Choir",)
    assert ana.has_photo
    assert ana.revised_at == "2001-01-01T00:00:00Z"
    assert ana.extra == (("ZMAIDENNAME", "Costa"), ("knee", "2012-01-02"))
    assert rui.birthday == PartialDate(None, 2, 29)
    assert (pizza.kind, pizza.full_name) == ("organization", "Pizza Milano")
    assert (choir.kind, choir.full_name) == ("group", "Choir")


def test_a_record_can_be_read_again_from_its_body(tmp_path: Path) -> None:
    apple_book(tmp_path / "b.abcddb", FULL)
    item = items_of(tmp_path / "b.abcddb")[0]
    assert contact_of(item.body) == (item.contact, [])
    assert json.loads(item.body)["record"]["ZJOBTITLE"] == "CTO"


def test_a_database_of_another_macos_with_fewer_columns(tmp_path: Path) -> None:
    path = tmp_path / "old.abcddb"
    book = sqlite3.connect(path)
    book.executescript(
        "create table Z_PRIMARYKEY (Z_ENT integer, Z_NAME varchar);"
        "insert into Z_PRIMARYKEY values (14, 'ABCDContact');"
        "create table ZABCDRECORD (Z_PK integer primary key, Z_ENT integer, ZUNIQUEID varchar,"
        " ZFIRSTNAME varchar, ZLASTNAME varchar);"
        "insert into ZABCDRECORD values (1, 14, 'U', 'Ana', 'Lima');"
        "create table ZABCDEMAILADDRESS (ZOWNER integer, ZADDRESS varchar);"
        "insert into ZABCDEMAILADDRESS values (1, 'a@x.org'), (9, 'nobody@x.org');"
    )
    book.commit()
    book.close()
    (item,) = items_of(path)
    assert item.contact is not None
    assert (item.contact.full_name, item.contact.emails) == (
        "Ana Lima",
        (ContactPoint("a@x.org"),),
    )


def test_reading_leaves_no_trace_and_sees_what_the_log_holds(tmp_path: Path) -> None:
    path = tmp_path / "live.abcddb"
    apple_book(path, {"ZABCDRECORD": [{"Z_PK": 1, "Z_ENT": 22, "ZFIRSTNAME": "Ana"}]})
    writer = sqlite3.connect(path)
    writer.execute("pragma journal_mode = wal")
    writer.execute("pragma wal_autocheckpoint = 0")
    writer.execute("insert into ZABCDRECORD (Z_PK, Z_ENT, ZFIRSTNAME) values (2, 22, 'Rui')")
    writer.commit()
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir() if "shm" not in one.name}
    names = [item.contact.given for item in items_of(path) if item.contact]
    after = {one.name: one.read_bytes() for one in tmp_path.iterdir() if "shm" not in one.name}
    writer.close()
    assert names == ["Ana", "Rui"]
    assert before == after


def test_a_database_out_of_an_archive_is_read_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "b.abcddb"
    apple_book(path, FULL)
    book = sqlite3.connect(path)
    book.execute("pragma journal_mode = wal")
    book.close()
    with path.open("rb") as stream:
        loaded = load_book(stream, "b.abcddb")
    assert sum(isinstance(entry, Item) for entry in read(loaded, "b.abcddb")) == 4
    loaded.close()


def test_another_database_and_a_damaged_one_say_so(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    book = sqlite3.connect(other)
    book.execute("create table messages (id integer)")
    book.commit()
    book.close()
    with pytest.raises(SourceError, match="no address book of Apple's"):
        items_of(other)
    damaged = tmp_path / "damaged.abcddb"
    apple_book(damaged, FULL)
    content = bytearray(damaged.read_bytes())
    content[100:4000] = b"\xff" * 3900
    damaged.write_bytes(bytes(content))
    with pytest.raises(SourceError, match=r"damaged.abcddb is damaged") as caught:
        items_of(damaged)
    assert "vCard" in caught.value.hint
    (tmp_path / "empty.abbu").mkdir()
    source = AbbuFile(AbbuFile.Options(str(tmp_path / "empty.abbu")), access(tmp_path))
    with pytest.raises(SourceError, match="holds no address book"):
        source.collections()


def test_columns_that_hold_what_they_should_not(tmp_path: Path) -> None:
    path = tmp_path / "b.abcddb"
    apple_book(
        path,
        {
            "Z_PRIMARYKEY": [{"Z_ENT": 77, "Z_NAME": None}],
            "ZABCDRECORD": [{"Z_PK": 1, "Z_ENT": 22, "ZFIRSTNAME": "Ana"}],
            "ZABCDEMAILADDRESS": [
                {"Z_PK": 1, "ZOWNER": 1, "ZORDERINGINDEX": "second", "ZADDRESS": "b@x.org"},
                {"Z_PK": 2, "ZOWNER": 1, "ZORDERINGINDEX": -1, "ZADDRESS": "a@x.org"},
                {"Z_PK": 3, "ZOWNER": "nobody", "ZADDRESS": "c@x.org"},
            ],
        },
    )
    (item,) = items_of(path)
    assert item.contact is not None
    assert [point.value for point in item.contact.emails] == ["a@x.org", "b@x.org"]


def test_hostile_values_stay_values(tmp_path: Path) -> None:
    path = tmp_path / "b.abcddb"
    row = {
        "Z_PK": 1,
        "Z_ENT": 22,
        "ZFIRSTNAME": "=1+1",
        "ZLASTNAME": b"\xff\xfe",
        "ZBIRTHDAY": 1e300,
    }
    note = {"Z_PK": 1, "ZCONTACT": 1, "ZTEXT": "x" * 2_000_000}
    apple_book(path, {"ZABCDRECORD": [row], "ZABCDNOTE": [note]})
    (item,) = items_of(path)
    assert item.contact is not None
    assert item.contact.given == "=1+1"
    assert item.contact.birthday == PartialDate(text="1e+300")
