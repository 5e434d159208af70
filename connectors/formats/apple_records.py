"""The records of Apple's address book, as Core Data lays them out in SQLite → contacts.

Columns and tables differ with the version of macOS: each is looked up before it is read, and what
a column holds is never taken to be of its type.
"""

import base64
import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from connectors.column_targets import ColumnContactBuilder, Target
from connectors.contract import CardKind, Contact, Item, PartialDate, Reject
from connectors.dates import APPLE_NO_YEAR
from connectors.errors import UNCHANGED, SourceError
from connectors.file_source import Entry
from connectors.stable_item_ids import Hrefs, card_key

MEDIA_TYPE = "application/vnd.kithbook.abcddb+json"
MAX_BLOB_BYTES = 1 << 20
APPLE_EPOCH = datetime(2001, 1, 1, tzinfo=UTC)

Values = dict[str, Any]
"""Column → value, those that are null left out."""

_COLUMNS = {
    "ZTITLE": "prefix",
    "ZFIRSTNAME": "given",
    "ZMIDDLENAME": "middle",
    "ZLASTNAME": "family",
    "ZSUFFIX": "suffix",
    "ZNICKNAME": "nickname",
    "ZPHONETICFIRSTNAME": "phonetic_given",
    "ZPHONETICLASTNAME": "phonetic_family",
    "ZORGANIZATION": "organization",
    "ZDEPARTMENT": "department",
    "ZJOBTITLE": "title",
    "ZMAIDENNAME": "extra",
    "ZPHONETICMIDDLENAME": "extra",
    "ZPHONETICORGANIZATION": "extra",
    "ZTMPHOMEPAGE": "url",
}
_POINTS = {
    "ZABCDEMAILADDRESS": ("email", "ZADDRESS"),
    "ZABCDPHONENUMBER": ("phone", "ZFULLNUMBER"),
    "ZABCDURLADDRESS": ("url", "ZURL"),
    "ZABCDMESSAGINGADDRESS": ("im", "ZADDRESS"),
    "ZABCDSOCIALPROFILE": ("im", "ZUSERNAME"),
    "ZABCDRELATEDNAME": ("related", "ZNAME"),
}
_ADDRESS = {
    "ZSTREET": "street",
    "ZSUBLOCALITY": "extended",
    "ZCITY": "city",
    "ZSTATE": "region",
    "ZREGION": "region",
    "ZZIPCODE": "postal_code",
    "ZCOUNTRYNAME": "country",
}
_DETAILS = (*_POINTS, "ZABCDPOSTALADDRESS", "ZABCDNOTE", "ZABCDCONTACTDATE", "ZABCDUNKNOWNPROPERTY")
_PHOTOS = ("ZIMAGEDATA", "ZTHUMBNAILIMAGEDATA", "ZIMAGEREFERENCE", "ZIMAGEURI")
_LABEL = re.compile(r"_\$!<(.{1,80})>!\$_")
_NAME = re.compile(r"[A-Za-z_]\w{0,99}")
_CONTACTS, _GROUPS = ("ABCDContact", "ABCDSubscribedContact"), ("ABCDGroup", "ABCDSubscribedGroup")


@dataclass(slots=True)
class Record:
    """A row of ZABCDRECORD and the rows of other tables that belong to it."""

    key: int
    entity: str
    values: Values
    details: dict[str, list[Values]] = field(default_factory=lambda: defaultdict(list))
    groups: list[str] = field(default_factory=list)


def read(book: sqlite3.Connection, name: str) -> Iterator[Entry]:
    """The cards and groups of a database.

    :raises SourceError: it is damaged or no address book.
    """
    book.text_factory = lambda text: text.decode("utf-8", "replace")
    try:
        tables = _tables(book)
        if "ZABCDRECORD" not in tables:
            raise SourceError(
                f"{name} is an SQLite database, but no address book of Apple's. {UNCHANGED}",
                hint="Export the contacts as vCard (.vcf) or CSV instead.",
            )
        records = _records(book, tables)
        _add_details(book, tables, records)
        _add_groups(book, tables, records)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise SourceError(
            f"{name} is damaged: {error}. {UNCHANGED}",
            hint="In Contacts on the Mac: File, Export, Contacts Archive; or Export vCard.",
        ) from error
    hrefs = Hrefs()
    for number, record in enumerate(records.values(), 1):
        yield from _entries(record, number, hrefs)


def contact_of(body: bytes) -> tuple[Contact, list[str]]:
    """A record as it was kept → its card, and what in it could not be read."""
    kept = json.loads(body)
    values: Values = kept["record"]
    draft = ColumnContactBuilder()
    if kept["entity"] in _GROUPS:
        draft.add(Target("full_name"), str(values.get("ZNAME") or ""), "ZNAME")
    for column, target in _COLUMNS.items():
        draft.add(Target(target), str(values.get(column) or ""), column)
    for number, (table, row) in enumerate(
        (table, row) for table, rows in kept["details"].items() for row in rows
    ):
        _add_detail(draft, table, row, number)
    for group in kept["groups"]:
        draft.add(Target("category"), group, "group")
    return draft.contact(
        uid=values.get("ZUNIQUEID"),
        kind="group" if kept["entity"] in _GROUPS else _kind(values),
        birthday=_date(values.get("ZBIRTHDAY"), values.get("ZBIRTHDAYYEAR")),
        has_photo=any(values.get(column) for column in _PHOTOS),
        revised_at=_instant(values.get("ZMODIFICATIONDATE")),
    ), draft.warnings


def _tables(book: sqlite3.Connection) -> dict[str, list[str]]:
    """Table → columns, those with ordinary names."""
    names = [row[0] for row in book.execute("select name from sqlite_schema where type = 'table'")]
    return {
        name: [
            column[1]
            for column in book.execute(f'pragma table_info("{name}")')
            if _NAME.fullmatch(column[1])
        ]
        for name in names
        if _NAME.fullmatch(name)
    }


def _rows(book: sqlite3.Connection, table: str, columns: list[str]) -> Iterator[Values]:
    """The rows of a table. Names come from `_tables`, where only plain ones pass."""
    listed = ", ".join(f'"{column}"' for column in columns)
    for row in book.execute(f'select {listed} from "{table}" order by rowid'):
        yield {
            column: value
            for column, value in zip(columns, row, strict=True)
            if value is not None and value != ""
        }


def _records(book: sqlite3.Connection, tables: dict[str, list[str]]) -> dict[int, Record]:
    """Contacts and groups by Z_PK; containers and other records of Core Data are neither."""
    entities: dict[int, str] = {}
    if {"Z_ENT", "Z_NAME"} <= set(tables.get("Z_PRIMARYKEY", ())):
        for row in _rows(book, "Z_PRIMARYKEY", ["Z_ENT", "Z_NAME"]):
            entities[row.get("Z_ENT", -1)] = str(row.get("Z_NAME"))
    records = {}
    for row in _rows(book, "ZABCDRECORD", tables["ZABCDRECORD"]):
        entity = entities.get(row.get("Z_ENT", -1), "") if entities else _CONTACTS[0]
        if entity in (*_CONTACTS, *_GROUPS) and "Z_PK" in row:
            records[row["Z_PK"]] = Record(row["Z_PK"], entity, row)
    return records


def _add_details(
    book: sqlite3.Connection, tables: dict[str, list[str]], records: dict[int, Record]
) -> None:
    services = {}
    if "ZSERVICENAME" in tables.get("ZABCDSERVICE", ()):
        for row in _rows(book, "ZABCDSERVICE", ["Z_PK", "ZSERVICENAME"]):
            services[row.get("Z_PK")] = row.get("ZSERVICENAME")
    for table in _DETAILS:
        for row in _rows(book, table, tables[table]) if tables.get(table) else ():
            owner = row.get("ZOWNER") or row.get("ZCONTACT") or -1
            record = records.get(owner)
            if record is not None:
                if table == "ZABCDMESSAGINGADDRESS" and row.get("ZSERVICE") in services:
                    row["ZSERVICENAME"] = services[row["ZSERVICE"]]
                record.details[table].append(row)
    for record in records.values():
        for rows in record.details.values():
            rows.sort(key=lambda row: (_number(row, "ZORDERINGINDEX"), _number(row, "Z_PK")))


def _add_groups(
    book: sqlite3.Connection, tables: dict[str, list[str]], records: dict[int, Record]
) -> None:
    """Who is in which group: Core Data names the table after the numbers of its entities."""
    for table, columns in tables.items():
        members = [name for name in columns if re.fullmatch(r"Z_\d+CONTACTS\d*", name)]
        parents = [name for name in columns if re.fullmatch(r"Z_\d+PARENTGROUPS\d*", name)]
        if not (re.fullmatch(r"Z_\d+PARENTGROUPS", table) and members and parents):
            continue
        for row in _rows(book, table, [members[0], parents[0]]):
            record = records.get(row.get(members[0], -1))
            group = records.get(row.get(parents[0], -1))
            if record and group and group.values.get("ZNAME"):
                record.groups.append(str(group.values["ZNAME"]))


def _entries(record: Record, number: int, hrefs: Hrefs) -> Iterator[Entry]:
    kept = {
        "entity": record.entity,
        "record": record.values,
        "details": record.details,
        "groups": sorted(record.groups),
    }
    body = json.dumps(kept, ensure_ascii=False, default=_blob).encode("utf-8", "replace")
    contact, warnings = contact_of(body)
    href = hrefs.give(card_key(contact, body))
    points = (contact.emails, contact.phones, contact.urls, contact.ims, contact.addresses)
    if not (contact.full_name or contact.nicknames or any(points)):
        yield Reject("a card that says nothing", href, number, body[:MAX_BLOB_BYTES])
        return
    etag = blake2b(body, digest_size=16).hexdigest()
    yield Item(href, contact.uid, "contact", etag, MEDIA_TYPE, body, contact=contact)
    for warning in warnings:
        yield Reject(warning, href, 1, warning.encode(), is_warning=True)


def _add_detail(draft: ColumnContactBuilder, table: str, row: Values, number: int) -> None:
    label = _label(row.get("ZLABEL"))
    if table in _POINTS:
        name, column = _POINTS[table]
        if name == "im":
            label = str(row.get("ZSERVICENAME") or label or "").lower() or None
        value = row.get(column) or row.get("ZURLSTRING") or ""
        draft.add(
            Target(name, label=label), str(value), table, is_preferred=bool(row.get("ZISPRIMARY"))
        )
    elif table == "ZABCDPOSTALADDRESS":
        for column, part in _ADDRESS.items():
            draft.add(
                Target("address", part, label, f"address {number}"),
                str(row.get(column) or ""),
                column,
            )
    elif table == "ZABCDNOTE":
        draft.add(Target("note"), str(row.get("ZTEXT") or ""), table)
    elif table == "ZABCDCONTACTDATE":
        day = _date(row.get("ZDATE"), row.get("ZDATEYEAR"))
        name = "anniversary" if label == "anniversary" else "extra"
        if day is not None:
            text = f"{day.year or '-'}-{day.month:02d}-{day.day:02d}"
            draft.add(Target(name), text, label or table)
    else:
        draft.add(
            Target("extra"),
            str(row.get("ZORIGINALLINE") or ""),
            str(row.get("ZPROPERTYNAME") or table),
        )


def _number(row: Values, column: str) -> float:
    """SQLite lets any column hold anything."""
    value = row.get(column)
    return value if isinstance(value, int | float) else 0


def _label(text: object) -> str | None:
    """`_$!<Home>!$_` → "home"; a label of the user's own as it is."""
    match = _LABEL.fullmatch(str(text or ""))
    return (match[1] if match else str(text or "")).strip().lower() or None


def _date(seconds: object, year: object) -> PartialDate | None:
    """A day, kept as noon or midnight UTC in seconds since 2001; the year 1604 means none."""
    if not isinstance(seconds, int | float):
        return None
    try:
        day = (APPLE_EPOCH + timedelta(seconds=seconds)).date()
    except (OverflowError, ValueError):
        return PartialDate(text=str(seconds))
    has_year = APPLE_NO_YEAR not in (day.year, year)
    return PartialDate(day.year if has_year else None, day.month, day.day)


def _instant(seconds: object) -> str | None:
    if not isinstance(seconds, int | float):
        return None
    try:
        return (APPLE_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError):
        return None


def _kind(values: Values) -> CardKind:
    """Bit 0 of the display flags: the card is shown as a company."""
    flags = values.get("ZDISPLAYFLAGS")
    return "organization" if isinstance(flags, int) and flags & 1 else "individual"


def _blob(value: object) -> object:
    """How JSON keeps bytes."""
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value[:MAX_BLOB_BYTES]).decode(), "size": len(value)}
    raise TypeError(type(value).__name__)
