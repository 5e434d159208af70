"""Numbers given once to each occurrence of an event, and never again.

An occurrence is told by its item, its UID and its RECURRENCE-ID: it keeps its number when it is
moved or changed.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from connectors.contract import Meeting
from pipeline.book.bulk_insert import take_numbers

if TYPE_CHECKING:
    import duckdb

Numbers = dict[tuple[int, str, str], int]
"""item_id, UID and RECURRENCE-ID → meeting_id."""


def read(connection: "duckdb.DuckDBPyConnection", item_ids: Sequence[int]) -> Numbers:
    """The numbers of these items' meetings. Call it before the rows of raw.meetings are deleted."""
    rows = connection.execute(
        "select item_id, uid, recurrence_id, meeting_id from raw.meetings"
        " where item_id in (select unnest($1::bigint[]))",
        [item_ids],
    ).fetchall()
    return {(item_id, uid, occurrence): number for item_id, uid, occurrence, number in rows}


def give(
    connection: "duckdb.DuckDBPyConnection",
    found: Sequence[tuple[int, Sequence[Meeting]]],
    known: Numbers,
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
