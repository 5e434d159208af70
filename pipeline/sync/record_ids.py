"""Numbers given once, and never again: to each card, each attendee's address, each occurrence.

An occurrence is told by its item, its UID and its RECURRENCE-ID: it keeps its number when it is
moved or changed.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from connectors.contract import Meeting
from pipeline.book import memory_bounds
from pipeline.book.bulk_insert import append, take_numbers
from pipeline.book.queries import query

if TYPE_CHECKING:
    import duckdb


MeetingIds = dict[tuple[int, str, str], int]
"""item_id, UID and RECURRENCE-ID → meeting_id."""


class RecordIds:
    """Numbers given once to each card and to each attendee's e-mail address, never given again.

    The addresses are kept in mind, as the same people meet page after page; cards are looked up,
    for there can be many and each comes once.
    """

    def __init__(self, connection: "duckdb.DuckDBPyConnection", now: datetime) -> None:
        self.connection = connection
        self.now = now
        self._emails: dict[str, int] | None = None

    def of_emails(self, emails: set[str]) -> dict[str, int]:
        """lower-case e-mail → record_id, given now where it had none."""
        if not emails:
            return {}
        if self._emails is None:
            rows = self.connection.execute(
                "select \"key\", record_id from raw.record_ids where kind = 'email'"
            ).fetchall()
            self._emails = dict(rows)
        self._emails |= self._give(("email", "", ""), emails - self._emails.keys())
        return self._emails

    def of_cards(self, source: str, collection: str, keys: Sequence[str]) -> dict[str, int]:
        """UID or href → record_id of those of these cards of a collection that have one."""
        if not keys:
            return {}
        rows = self.connection.execute(
            query("cards_numbers"), [source, collection, keys]
        ).fetchall()
        memory_bounds.release_memory(self.connection)
        return dict(rows)

    def give_cards(self, source: str, collection: str, keys: Sequence[str]) -> dict[str, int]:
        """The same of cards that have none: a number for each, given now."""
        return self._give(("card", source, collection), dict.fromkeys(keys))

    def reset(self) -> None:
        """Forget what was read: a transaction was rolled back."""
        self._emails = None

    def _give(self, place: tuple[str, str, str], keys: Collection[str]) -> dict[str, int]:
        numbers = take_numbers(self.connection, "raw.record_id_sequence", len(keys))
        rows = [(number, *place, key, self.now) for number, key in zip(numbers, keys, strict=True)]
        append(self.connection, "raw.record_ids", rows)
        return dict(zip(keys, numbers, strict=True))


def read_meeting_ids(
    connection: "duckdb.DuckDBPyConnection", item_ids: Sequence[int]
) -> MeetingIds:
    """The numbers of these items' meetings. Call it before the rows of raw.meetings are deleted."""
    rows = connection.execute(query("meetings_numbers"), [item_ids]).fetchall()
    return {(item_id, uid, occurrence): number for item_id, uid, occurrence, number in rows}


def give_meeting_ids(
    connection: "duckdb.DuckDBPyConnection",
    found: Sequence[tuple[int, Sequence[Meeting]]],
    known: MeetingIds,
) -> list[int]:
    """The number of each meeting, in their order: known ones are given again, and so taken.

    Of two that are told alike the second gets a number of its own.
    """
    if not known:
        count = sum(len(some) for _, some in found)
        return take_numbers(connection, "raw.meeting_id_sequence", count)
    kept = [
        known.pop((item_id, one.uid, one.recurrence_id), None)
        for item_id, some in found
        for one in some
    ]
    fresh = iter(take_numbers(connection, "raw.meeting_id_sequence", kept.count(None)))
    return [next(fresh) if number is None else number for number in kept]
