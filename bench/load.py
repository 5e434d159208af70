"""Rows into raw: the store's own way against DuckDB's Appender alone, on the same rows.

The reference appends the same meetings, already made into tuples with lists and dicts in them, to
the bare table. Ours takes Meeting records, gives numbers to their addresses and writes
pages of them as a pull does. Prints one JSON object as its last line.
"""

import argparse
import json
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from connectors.contract import Attendee, Collection, Item, Meeting
from pipeline.book import duckdb_instances, state_file
from pipeline.book.bulk_insert import append
from pipeline.book.folder import Folder
from pipeline.sync import load
from pipeline.sync.raw_rows import MeetingRows, received
from pipeline.sync.record_ids import RecordIds

NOW = datetime(2026, 9, 1, tzinfo=UTC)
OCCURRENCES = 10
"""Meetings of one event: some events are single, some are weekly for years."""
PAGE = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        ours = time_ours(Path(folder) / "ours", rows)
        reference = time_appender(Path(folder) / "reference", rows)
    print(
        json.dumps(
            {
                "rows": rows,
                "seconds": round(ours, 2),
                "reference_seconds": round(reference, 2),
                "ratio": round(ours / reference, 3),
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


def series(number: int) -> list[Meeting]:
    """One series: so many meetings with two people."""
    attendees = (
        Attendee("me@example.org", "Me", "accepted", "required"),
        Attendee(f"person{number % 5000}@example.org", f"Person {number % 5000}", "accepted"),
    )
    return [
        Meeting(
            uid=f"series-{number}",
            recurrence_id=f"{day}",
            starts_at=NOW - timedelta(days=day),
            ends_at=NOW - timedelta(days=day, hours=-1),
            summary=f"Lunch {number}",
            attendees=attendees,
            organizer=attendees[0],
        )
        for day in range(OCCURRENCES)
    ]


def time_ours(folder: Path, rows: int) -> float:
    """Seconds to write the meetings through CollectionWriter, page by page."""
    connection = state_file.open_state(Folder(folder))
    collection = Collection("/calendars/1/", "Work", frozenset({"event"}))
    writer = load.CollectionWriter(RecordIds(connection, NOW), "home", collection, 1)
    seconds = 0.0
    for first in range(0, rows // OCCURRENCES, PAGE):
        numbers = range(first, min(first + PAGE, rows // OCCURRENCES))
        meetings = {f"{number}.ics": series(number) for number in numbers}
        items = [
            received(
                Item(href, f"series-{href}", "event", "1", "text/calendar", b"BEGIN:VCALENDAR")
            )
            for href in meetings
        ]
        began = time.perf_counter()
        with duckdb_instances.transaction(connection):
            writer.write(load.Write(items=items, meetings=meetings))
        seconds += time.perf_counter() - began
    found = connection.execute("select count(*) from raw.meetings").fetchone()
    connection.close()
    if found != (rows // OCCURRENCES * OCCURRENCES,):
        raise SystemExit(f"{found} rows arrived")
    return seconds


def time_appender(folder: Path, rows: int) -> float:
    """Seconds to append the same rows, ready as tuples, in pages of the same size."""
    connection = state_file.open_state(Folder(folder))
    rows_of = MeetingRows(RecordIds(connection, NOW), ("home", "/calendars/1/"))
    seconds = 0.0
    for first in range(0, rows // OCCURRENCES, PAGE):
        numbers = range(first, min(first + PAGE, rows // OCCURRENCES))
        ready = [
            with_structs(row)
            for row in rows_of.of([(number, series(number)) for number in numbers], count(1))
        ]
        began = time.perf_counter()
        with duckdb_instances.transaction(connection):
            append(connection, "raw.meetings", ready)
        seconds += time.perf_counter() - began
    connection.close()
    return seconds


def with_structs(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The row as the Appender takes it: categories, organizer and attendees as lists and dicts."""
    *plain, categories, organizer, attendees, are_omitted, gone_at, meeting_id = row
    nested = [json.loads(cell) for cell in (categories, organizer, attendees)]
    return (*plain, *nested, are_omitted, gone_at, meeting_id)


if __name__ == "__main__":
    main()
