"""Records → rows of the raw tables, as JSON that DuckDB reads itself (`bulk_insert`).

A card is one text; of a meeting only the lists and structs are. The texts are put together by
hand: on an old address book of 100,000 cards `json.dumps` of as many dicts takes three times as
long as all other work on the rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any, NamedTuple

from connectors.contract import (
    Address,
    Attendee,
    Contact,
    ContactPoint,
    Item,
    Kind,
    Meeting,
    PartialDate,
    Related,
    Task,
)
from pipeline.sync.record_ids import RecordIds

CONTACT_FIELDS = tuple(one.name for one in fields(Contact))
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

TASK_FIELDS = (
    "uid",
    "title",
    "notes",
    "due_date",
    "status",
    "completed_at",
    "priority",
    "is_recurring",
)

NULL = "null"
EMPTY = "[]"
TRUTH = ("false", "true")


class Received(NamedTuple):
    """An item as it came, what was read in it as text: quick to hand to another process."""

    href: str
    uid: str | None
    kind: Kind
    etag: str
    media_type: str
    body: bytes
    card: str | None
    """A JSON object of CONTACT_FIELDS."""
    task: Task | None
    is_read_anew: bool = False
    """See `Item`."""
    file: str | None = None


def received(item: Item) -> Received:
    """What is written down of an item."""
    contact = item.contact
    return Received(
        item.href,
        item.uid,
        item.kind,
        item.etag,
        item.media_type,
        item.body,
        card_text(contact) if contact else None,
        item.task,
        item.is_read_anew,
        item.file,
    )


def card_text(contact: Contact) -> str:
    """The JSON object of a card."""
    cells = [
        NULL if value is None else make(value) if value else blank
        for (make, blank), value in zip(CELLS, FIELDS_OF(contact), strict=True)
    ]
    return CARD % tuple(cells)


class MeetingRows:
    """Rows of raw.meetings. Occurrences of a series share their attendees: one cell serves all."""

    def __init__(self, records: RecordIds, place: tuple[str, str]) -> None:
        self._records = records
        self._place = place
        self._fields = attrgetter(*MEETING_FIELDS)

    def of(
        self, found: Sequence[tuple[int, Sequence[Meeting]]], meeting_ids: Iterable[int]
    ) -> list[tuple[Any, ...]]:
        """The rows of these meetings, given with their item_ids and, one by one, their numbers."""
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
        number_of = iter(meeting_ids)
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
                next(number_of),
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


def phones(values: Sequence[ContactPoint]) -> str:
    """Phones, which may have an extension."""
    return array(
        [
            f'{{"value":{encode_basestring(one.value)},"label":{text(one.label)},'
            f'"is_preferred":{TRUTH[one.is_preferred]},"extension":{text(one.extension)}}}'
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
        f'"is_owner":{TRUTH[attendee.is_owner]},"phone":{text(attendee.phone)},'
        f'"additional_guests":{number(attendee.additional_guests)}}}'
    )


def truth(value: bool) -> str:
    """True or false."""
    return TRUTH[value]


def day(value: date) -> str:
    """A day, as ISO 8601 writes it."""
    return f'"{value.isoformat()}"'


MAKERS: dict[str, tuple[Callable[[Any], str], str]] = {
    **dict.fromkeys(("nicknames", "categories", "members"), (texts, EMPTY)),
    **dict.fromkeys(("emails", "urls", "ims"), (points, EMPTY)),
    "phones": (phones, EMPTY),
    **dict.fromkeys(("birthday", "anniversary", "death_date"), (partial_date, NULL)),
    "addresses": (addresses, EMPTY),
    "related": (related, EMPTY),
    "extra": (extras, EMPTY),
    "has_photo": (truth, TRUTH[False]),
    "first_met": (day, NULL),
}
"""What makes a cell, and what stands there when there is nothing; the others are texts."""
CELLS = tuple(MAKERS.get(name, (encode_basestring, '""')) for name in CONTACT_FIELDS)
FIELDS_OF = attrgetter(*CONTACT_FIELDS)
CARD = "{" + ",".join(f'"{name}":%s' for name in CONTACT_FIELDS) + "}"
TASK_FIELDS_OF = attrgetter(*TASK_FIELDS)
PARTS_OF = attrgetter(*ADDRESS_PARTS)
ADDRESS = "{" + "".join(f'"{part}":%s,' for part in ADDRESS_PARTS) + '"label":%s}'
