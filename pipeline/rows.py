"""Records → rows of the raw tables: lists and structs as JSON, for `bulk.append_nested`.

The texts are put together by hand: on an old address book of 100,000 cards `json.dumps` of as
many dicts takes three times as long as all other work on the rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any

from pipeline.record_ids import RecordIds
from pipeline.records import (
    Address,
    Attendee,
    Contact,
    ContactPoint,
    Meeting,
    PartialDate,
    Related,
)

CONTACT_FIELDS = tuple(
    one.name for one in fields(Contact) if one.name not in {"uid", "kind", "full_name"}
)
ADDRESS_PARTS = (
    "street",
    "extended",
    "po_box",
    "city",
    "region",
    "postal_code",
    "country",
)
MEETING_FIELDS = (
    "uid",
    "recurrence_id",
    "starts_at",
    "ends_at",
    "start_date",
    "end_date",
    "is_all_day",
    "is_recurring",
    "summary",
    "location",
    "status",
    "visibility",
    "is_transparent",
    "event_type",
)

NULL = "null"
EMPTY = "[]"
TRUTH = ("false", "true")


def contact_cells(contact: Contact) -> list[Any]:
    """The cells of CONTACT_FIELDS."""
    return [
        value if make is None or value is None else make(value) if value else EMPTY
        for make, value in zip(CONTACT_CELLS, FIELDS_OF(contact), strict=True)
    ]


class MeetingRows:
    """Rows of raw.meetings. Occurrences of a series share their attendees: one cell serves all."""

    def __init__(self, records: RecordIds, place: tuple[str, str]) -> None:
        self._records = records
        self._place = place
        self._fields = attrgetter(*MEETING_FIELDS)

    def of(self, found: Sequence[tuple[int, Sequence[Meeting]]]) -> list[tuple[Any, ...]]:
        """The rows of these meetings, given with their item_ids."""
        lists = {id(one.attendees): one.attendees for _, some in found for one in some}
        organizers = {id(one.organizer): one.organizer for _, some in found for one in some}
        people = [person for some in lists.values() for person in some]
        people += [person for person in organizers.values() if person]
        numbers = self._records.of_emails({one.email for one in people if one.email})
        guests = {
            key: array([attendee_cell(one, numbers) for one in some]) for key, some in lists.items()
        }
        hosts = {
            key: attendee_cell(one, numbers) if one else None for key, one in organizers.items()
        }
        source, collection = self._place
        fields_of = self._fields
        return [
            (
                item_id,
                source,
                collection,
                *fields_of(one),
                texts(one.categories),
                hosts[id(one.organizer)],
                guests[id(one.attendees)],
                one.are_attendees_omitted,
                None,
            )
            for item_id, some in found
            for one in some
        ]


def array(cells: Iterable[str]) -> str:
    """What stands in a list."""
    return f"[{','.join(cells)}]"


def text(value: str | None) -> str:
    """A text, or null."""
    return NULL if value is None else encode_basestring(value)


def number(value: int | None) -> str:
    """A whole number, or null."""
    return NULL if value is None else str(value)


def texts(values: Sequence[str]) -> str:
    """A list of texts."""
    return array(map(encode_basestring, values))


def points(values: Sequence[ContactPoint]) -> str:
    """E-mails and their like."""
    return array(
        [
            f'{{"value":{encode_basestring(one.value)},"label":{text(one.label)},'
            f'"is_preferred":{TRUTH[one.is_preferred]}}}'
            for one in values
        ]
    )


def addresses(values: Sequence[Address]) -> str:
    """Postal addresses."""
    return array(
        [ADDRESS % (*map(encode_basestring, PARTS_OF(one)), text(one.label)) for one in values]
    )


def related(values: Sequence[Related]) -> str:
    """People named in a card."""
    return array([f'{{"name":{text(one.name)},"label":{text(one.label)}}}' for one in values])


def extras(values: Sequence[tuple[str, str]]) -> str:
    """Properties without a field, name and value."""
    return array([f'{{"name":{text(name)},"value":{text(value)}}}' for name, value in values])


def partial_date(value: PartialDate) -> str:
    """A date of which parts may be unknown."""
    return (
        f'{{"year":{number(value.year)},"month":{number(value.month)},'
        f'"day":{number(value.day)},"text":{text(value.text)}}}'
    )


def attendee_cell(attendee: Attendee, records: Mapping[str, int]) -> str:
    """An attendee, with the number of the address."""
    record_id = records.get(attendee.email) if attendee.email else None
    return (
        f'{{"record_id":{number(record_id)},"email":{text(attendee.email)},'
        f'"name":{text(attendee.name)},"reply":{text(attendee.reply)},'
        f'"role":{text(attendee.role)},"kind":{text(attendee.kind)},'
        f'"is_owner":{TRUTH[attendee.is_owner]}}}'
    )


NESTED: dict[str, Callable[[Any], str]] = {
    "nicknames": texts,
    "emails": points,
    "phones": points,
    "urls": points,
    "ims": points,
    "addresses": addresses,
    "birthday": partial_date,
    "anniversary": partial_date,
    "death_date": partial_date,
    "categories": texts,
    "members": texts,
    "related": related,
    "extra": extras,
}
CONTACT_CELLS = tuple(NESTED.get(name) for name in CONTACT_FIELDS)
"""What makes the cell of each of CONTACT_FIELDS; None: it goes in as it is."""
FIELDS_OF = attrgetter(*CONTACT_FIELDS)
PARTS_OF = attrgetter(*ADDRESS_PARTS)
ADDRESS = "{" + "".join(f'"{part}":%s,' for part in ADDRESS_PARTS) + '"label":%s}'
