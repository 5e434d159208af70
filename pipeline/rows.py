"""Records → cells of the raw tables, in the shapes that DuckDB's Appender takes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from pipeline.record_ids import RecordIds
from pipeline.records import Attendee, Contact, Meeting

CONTACT_FIELDS = tuple(
    one.name for one in fields(Contact) if one.name not in {"uid", "kind", "full_name"}
)
POINT_FIELDS = ("value", "label", "is_preferred")
ADDRESS_FIELDS = (
    "street",
    "extended",
    "po_box",
    "city",
    "region",
    "postal_code",
    "country",
    "label",
)
DATE_FIELDS = ("year", "month", "day", "text")


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
    "categories",
)


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
        guests = {key: [attendee_cell(one, numbers) for one in some] for key, some in lists.items()}
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
                hosts[id(one.organizer)],
                guests[id(one.attendees)],
                one.are_attendees_omitted,
                None,
            )
            for item_id, some in found
            for one in some
        ]


def plain(value: Any) -> Any:
    """Texts, booleans and dates go in as they are."""
    return value


def texts(value: Sequence[str]) -> list[str]:
    """A list column."""
    return list(value)


def structs(names: Sequence[str]) -> Callable[[Any], list[dict[str, Any]]]:
    """What makes a list of structs of a tuple of records: dicts, for a tuple would be a list."""
    return lambda value: [{name: getattr(one, name) for name in names} for one in value]


def date_cell(value: Any) -> dict[str, Any] | None:
    """A PartialDate as a struct."""
    return {name: getattr(value, name) for name in DATE_FIELDS} if value else None


def attendee_cell(attendee: Attendee, records: Mapping[str, int]) -> dict[str, Any]:
    """An attendee as a struct, with the number of the address."""
    return {
        "record_id": records.get(attendee.email) if attendee.email else None,
        "email": attendee.email,
        "name": attendee.name,
        "reply": attendee.reply,
        "role": attendee.role,
        "kind": attendee.kind,
        "is_owner": attendee.is_owner,
    }


CONTACT_CELLS: dict[str, Callable[[Any], Any]] = {
    "nicknames": texts,
    "emails": structs(POINT_FIELDS),
    "phones": structs(POINT_FIELDS),
    "urls": structs(POINT_FIELDS),
    "ims": structs(POINT_FIELDS),
    "addresses": structs(ADDRESS_FIELDS),
    "birthday": date_cell,
    "anniversary": date_cell,
    "death_date": date_cell,
    "categories": texts,
    "members": texts,
    "related": structs(("name", "label")),
    "extra": lambda value: [{"name": name, "value": text} for name, text in value],
}
