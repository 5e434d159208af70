"""People as vCards: one a person, with what their cards say together."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from functools import partial
from typing import Any

from connectors.contract import Address, Contact, ContactPoint, PartialDate, Related
from connectors.vcard import writer
from pipeline.book import store
from pipeline.book.queries import query
from pipeline.command_session import Session
from pipeline.config import REPLACED_PREFIX

RECORDS = {
    "emails": ContactPoint,
    "phones": ContactPoint,
    "urls": ContactPoint,
    "ims": ContactPoint,
    "addresses": Address,
    "related": Related,
}
PAGE_ROWS = 500

DATES = ("birthday", "anniversary", "death_date")


def people_cards(session: Session) -> Iterator[str]:
    """A vCard 4.0 (RFC 6350) for everybody who has a card: all that it says stands in the state.

    :raises LockHeld: a run is working with it.
    """
    session.looking().close()
    with store.published_with_state(session.folder, "export") as connection:
        found = connection.execute(query("export_cards"), [REPLACED_PREFIX])
        names = [column[0] for column in found.description or []]
        pages = iter(partial(found.fetchmany, PAGE_ROWS), [])
        rows = (dict(zip(names, row, strict=True)) for page in pages for row in page)
        for contact in merged(rows):
            yield writer.write(contact, "4.0")


def merged(rows: Iterable[dict[str, Any]]) -> Iterator[Contact]:
    """Rows of cards, those of a person in a row → one contact each."""
    person_id, together = None, None
    for row in rows:
        contact = contact_of(row)
        if row["person_id"] == person_id and together:
            together = joined(together, contact)
            continue
        if together:
            yield together
        person_id = row["person_id"]
        together = replace(contact, full_name=row["display_name"])
    if together:
        yield together


def joined(one: Contact, other: Contact) -> Contact:
    """The first card, with what only the other says: single values where it has none, all lists."""
    changes: dict[str, Any] = {}
    for field in fields(Contact):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, tuple):
            known = {_value(each) for each in mine}
            more = tuple(each for each in theirs if _value(each) not in known)
            changes[field.name] = mine + more
        elif mine is None and theirs is not None:
            changes[field.name] = theirs
    return replace(one, **changes)


def contact_of(row: dict[str, Any]) -> Contact:
    """A row of raw.contacts as the record it was made from."""
    values: dict[str, Any] = {}
    for field in fields(Contact):
        value = row[field.name]
        if field.name in RECORDS:
            value = tuple(RECORDS[field.name](**one) for one in value or ())
        elif field.name in DATES:
            value = PartialDate(**value) if value else None
        elif field.name == "extra":
            value = tuple((one["name"], one["value"]) for one in value or ())
        elif isinstance(value, list):
            value = tuple(value)
        values[field.name] = value
    return Contact(**values)


def _value(one: Any) -> Any:
    """What makes two entries of a list the same: a point's value, whatever its label."""
    return (one.value, one.extension) if isinstance(one, ContactPoint) else one
