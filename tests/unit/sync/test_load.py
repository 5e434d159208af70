"""Pages → raw tables: what a record says stands there, whatever signs its texts are made of."""

import gc
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.contract import (
    Address,
    Attendee,
    Collection,
    Contact,
    ContactPoint,
    Item,
    Meeting,
    PartialDate,
    Reject,
    Related,
)
from pipeline.book import duckdb_instances, state_file
from pipeline.book.bulk_insert import COLLECT_AFTER, seldom_collecting
from pipeline.book.folder import Folder
from pipeline.sync import load
from pipeline.sync.raw_rows import Received, received
from pipeline.sync.record_ids import RecordIds

if TYPE_CHECKING:
    import duckdb

NOW = datetime(2026, 9, 1, tzinfo=UTC)
BOOK = Collection("cards", "Cards", frozenset({"contact", "event"}))

# NUL, escapes, quotes and JSON's own signs: all that a text may hold but halves of a surrogate pair
texts = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(
    ['"', "\\", "\\u0000", "\x00\x1b[31m", "{}", "[]", "null", "NULL", "'", "\n", "\u2028", ""]
)
some = texts | st.none()
parts = st.integers(0, 9999) | st.none()
points = st.lists(st.builds(ContactPoint, texts, some, st.booleans(), some), max_size=3).map(tuple)
dates = st.builds(PartialDate, parts, parts, parts, some) | st.none()
contacts = st.builds(
    Contact,
    full_name=some,
    family=some,
    nicknames=st.lists(texts, max_size=2).map(tuple),
    emails=points,
    phones=points,
    urls=points,
    ims=points,
    addresses=st.lists(st.builds(Address, *[texts] * 7, some), max_size=2).map(tuple),
    birthday=dates,
    anniversary=dates,
    death_date=dates,
    categories=st.lists(texts, max_size=2).map(tuple),
    members=st.lists(texts, max_size=2).map(tuple),
    related=st.lists(st.builds(Related, texts, some), max_size=2).map(tuple),
    note=some,
    has_photo=st.booleans(),
    first_met=st.dates(date(1900, 1, 1), date(2100, 1, 1)) | st.none(),
    extra=st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
)
attendees = st.builds(
    Attendee,
    email=st.just("ana@example.org") | st.none(),
    name=some,
    reply=st.sampled_from(["accepted", "declined", "unknown"]),
    is_owner=st.booleans(),
)
meetings = st.builds(
    Meeting,
    uid=texts,
    summary=some,
    categories=st.lists(texts, max_size=2).map(tuple),
    organizer=attendees | st.none(),
    attendees=st.lists(attendees, max_size=2).map(tuple),
)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator["duckdb.DuckDBPyConnection"]:
    connection = state_file.open_state(Folder(tmp_path_factory.mktemp("book")))
    yield connection
    connection.close()


def writer(state: "duckdb.DuckDBPyConnection", run_id: int = 1) -> load.CollectionWriter:
    return load.CollectionWriter(RecordIds(state, NOW), "home", BOOK, run_id)


def written(state: "duckdb.DuckDBPyConnection", page: load.Write, table: str) -> list[Any]:
    """The rows of a table after the page was written, by column; the page is taken back."""
    with duckdb_instances.transaction(state):
        for name in ("items", "contacts", "meetings", "rejects"):
            state.execute(f"delete from raw.{name}")
        writer(state).write(page)
    found = state.execute(f"select * from raw.{table} order by all").fetchall()
    names = [column[0] for column in state.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found]


def item(kind: Any, contact: Contact | None = None) -> Received:
    return received(Item("one", "uid", kind, "1", "text/plain", b"", contact=contact))


def in_lists(record: Any) -> Any:
    """As DuckDB gives it back: lists for tuples."""
    if isinstance(record, dict):
        return {name: in_lists(value) for name, value in record.items()}
    return [in_lists(one) for one in record] if isinstance(record, list | tuple) else record


@settings(max_examples=60, deadline=None)
@given(contact=contacts)
def test_a_card_stands_in_raw_as_it_was_read(
    state: "duckdb.DuckDBPyConnection", contact: Contact
) -> None:
    (row,) = written(state, load.Write(items=[item("contact", contact)]), "contacts")
    expected = in_lists(asdict(contact))
    for field in ("emails", "urls", "ims"):  # only phones have extensions
        expected[field] = [
            {name: one[name] for name in one if name != "extension"} for one in expected[field]
        ]
    expected["extra"] = [{"name": name, "value": value} for name, value in contact.extra]
    assert {name: row[name] for name in expected} == expected


@settings(max_examples=40, deadline=None)
@given(meeting=meetings)
def test_a_meeting_stands_in_raw_with_its_people(
    state: "duckdb.DuckDBPyConnection", meeting: Meeting
) -> None:
    page = load.Write(items=[item("event")], meetings={"one": [meeting]})
    (row,) = written(state, page, "meetings")
    expected = in_lists(asdict(meeting))
    for guest in (*row["attendees"], *([row["organizer"]] if row["organizer"] else [])):
        assert (guest.pop("record_id") is None) == (guest["email"] is None)
    assert {name: row[name] for name in expected} == expected


def test_a_reply_that_a_new_version_takes_back_is_remembered(
    state: "duckdb.DuckDBPyConnection",
) -> None:
    for reply in ("accepted", "needs-action", "needs-action"):
        guests = (Attendee("ana@example.org", reply=reply), Attendee("rui@example.org"))
        writer(state).write(
            load.Write(items=[item("event")], meetings={"one": [Meeting("m", attendees=guests)]})
        )
    kept = state.execute(
        'select record_ids."key", given_replies.reply from raw.given_replies'
        " inner join raw.record_ids using (record_id)"
    ).fetchall()
    assert kept == [("ana@example.org", "accepted")]


def test_a_reject_of_before_goes_when_its_item_is_named_again_or_nothing_names_it(
    state: "duckdb.DuckDBPyConnection",
) -> None:
    state.execute("delete from raw.rejects")
    first = writer(state, run_id=1)
    rejects = [Reject("why", "one"), Reject("why", "two"), Reject("why", "three"), Reject("why")]
    first.write(load.Write(rejects=rejects))
    second = writer(state, run_id=2)
    assert second.rejected() == {"one", "two", "three"}
    second.write(load.Write(items=[item("contact", Contact(full_name="Ana"))]))
    assert left(state) == [None, "three", "two"]
    second.write(load.Write(rejects_still_stand={"two"}))
    assert left(state) == ["two"]


def test_a_pull_leaves_the_collector_as_it_was() -> None:
    before = gc.get_threshold()
    with seldom_collecting():
        assert gc.get_threshold()[0] == COLLECT_AFTER
    assert gc.get_threshold() == before


def left(state: "duckdb.DuckDBPyConnection") -> list[str | None]:
    found = state.execute("select href from raw.rejects").fetchall()
    return sorted((row[0] for row in found), key=str)
