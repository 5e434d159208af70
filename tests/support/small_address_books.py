"""Small address books of every kind, written for the tests."""

import io
import sqlite3
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def card(name: str, uid: str | None = None, *more: str) -> bytes:
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", *([f"UID:{uid}"] if uid else []), *more]
    return "\r\n".join([*lines, "END:VCARD", ""]).encode()


def calendar(*uids: str) -> bytes:
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:20260102T090000Z\r\nSUMMARY:{uid}\r\nEND:VEVENT\r\n"
        for uid in uids
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n".encode()


def zipped(members: Mapping[str, bytes], path: Path | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    if path is not None:
        path.write_bytes(buffer.getvalue())
    return buffer.getvalue()


ENTITIES = {19: "ABCDGroup", 22: "ABCDContact", 25: "CNCDContainer"}

SCHEMA = """
create table Z_PRIMARYKEY (Z_ENT integer primary key, Z_NAME varchar, Z_SUPER integer);
create table ZABCDRECORD (
    Z_PK integer primary key, Z_ENT integer, Z_OPT integer, ZDISPLAYFLAGS integer,
    ZBIRTHDAYYEAR integer, ZBIRTHDAY timestamp, ZBIRTHDAYYEARLESS float,
    ZMODIFICATIONDATE timestamp, ZUNIQUEID varchar, ZNAME varchar, ZFIRSTNAME varchar,
    ZMIDDLENAME varchar, ZLASTNAME varchar, ZNICKNAME varchar, ZTITLE varchar, ZSUFFIX varchar,
    ZORGANIZATION varchar, ZDEPARTMENT varchar, ZJOBTITLE varchar, ZMAIDENNAME varchar,
    ZTHUMBNAILIMAGEDATA blob
);
create table ZABCDEMAILADDRESS (
    Z_PK integer primary key, ZOWNER integer, ZISPRIMARY integer, ZORDERINGINDEX integer,
    ZADDRESS varchar, ZLABEL varchar
);
create table ZABCDPHONENUMBER (
    Z_PK integer primary key, ZOWNER integer, ZISPRIMARY integer, ZORDERINGINDEX integer,
    ZFULLNUMBER varchar, ZLABEL varchar
);
create table ZABCDPOSTALADDRESS (
    Z_PK integer primary key, ZOWNER integer, ZLABEL varchar, ZSTREET varchar, ZCITY varchar,
    ZSTATE varchar, ZZIPCODE varchar, ZCOUNTRYNAME varchar
);
create table ZABCDURLADDRESS (
    Z_PK integer primary key, ZOWNER integer, ZLABEL varchar, ZURL varchar
);
create table ZABCDNOTE (Z_PK integer primary key, ZCONTACT integer, ZTEXT varchar);
create table ZABCDRELATEDNAME (
    Z_PK integer primary key, ZOWNER integer, ZLABEL varchar, ZNAME varchar
);
create table ZABCDCONTACTDATE (
    Z_PK integer primary key, ZOWNER integer, ZLABEL varchar, ZDATE timestamp, ZDATEYEAR integer
);
create table ZABCDMESSAGINGADDRESS (
    Z_PK integer primary key, ZOWNER integer, ZLABEL varchar, ZADDRESS varchar, ZSERVICE integer
);
create table ZABCDSERVICE (Z_PK integer primary key, ZSERVICENAME varchar);
create table Z_22PARENTGROUPS (Z_22CONTACTS integer, Z_19PARENTGROUPS1 integer);
"""


def apple_book(path: Path, rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
    """An .abcddb with the given rows, laid out as Core Data does on macOS 15."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    book = sqlite3.connect(path)
    book.executescript(SCHEMA)
    for number, name in ENTITIES.items():
        book.execute("insert into Z_PRIMARYKEY values (?, ?, 0)", (number, name))
    for table, listed in rows.items():
        for row in listed:
            marks = ", ".join("?" * len(row))
            book.execute(
                f"insert into {table} ({', '.join(row)}) values ({marks})", tuple(row.values())
            )
    book.commit()
    book.close()
