"""Which record a card is, where one UID stands on two cards or one name on two humans."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from connectors.contract import Collection, Contact, ContactPoint, Item
from pipeline.book import duckdb_instances, state_file
from pipeline.book.folder import Folder
from pipeline.sync import load
from pipeline.sync.raw_rows import Received, received
from pipeline.sync.record_ids import RecordIds

if TYPE_CHECKING:
    import duckdb

BOOK = Collection("cards", "Cards", frozenset({"contact"}))
FIRST_DAY = datetime(2026, 9, 1, tzinfo=UTC)


class Book:
    """One address book, pulled a page a day."""

    def __init__(self, state: "duckdb.DuckDBPyConnection") -> None:
        self.state = state
        self.days = 0

    def pull(self, *pages: load.Write) -> None:
        self.days += 1
        records = RecordIds(self.state, FIRST_DAY + timedelta(days=self.days))
        writer = load.CollectionWriter(records, "home", BOOK, self.days)
        for page in pages:
            with duckdb_instances.transaction(self.state):
                writer.write(page)

    def live(self) -> dict[str, int]:
        """By href the record of each live card."""
        rows = self.state.execute(
            "select href, record_id from raw.contacts where gone_at is null"
        ).fetchall()
        return dict(rows)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    connection = state_file.open_state(Folder(tmp_path))
    yield Book(connection)
    connection.close()


def card(href: str, name: str, uid: str | None = "u", email: str = "") -> Received:
    emails = (ContactPoint(email),) if email else ()
    contact = Contact(uid=uid, full_name=name, emails=emails)
    body = f"{name} {email}".encode()
    return received(Item(href, uid, "contact", name + email, "text/vcard", body, contact=contact))


def page(*cards: Received, gone: tuple[str, ...] = ()) -> load.Write:
    return load.Write(items=cards, gone=gone)


def test_two_cards_of_one_uid_are_two_records_and_equal_ones_are_one(book: Book) -> None:
    book.pull(page(card("a", "Paulo Nunes"), card("b", "Sara Melo"), card("c", "Paulo Nunes")))
    found = book.live()
    assert found["a"] == found["c"] != found["b"]
    assert len(set(found.values())) == 2


def test_of_two_that_stay_the_one_that_has_the_record_keeps_it(book: Book) -> None:
    book.pull(page(card("b", "Sara Melo")))
    sara = book.live()["b"]
    book.pull(page(card("a", "Paulo Nunes"), card("b", "Sara Melo", email="sara@example.org")))
    found = book.live()
    assert found["b"] == sara != found["a"]
    book.pull(page(card("a", "Paulo Nunes", email="paulo@example.org")))
    assert book.live() == found


@pytest.mark.parametrize("in_one_page", [True, False])
def test_a_card_that_appears_where_its_uid_leaves_was_moved(book: Book, in_one_page: bool) -> None:
    book.pull(page(card("old", "Sara Melo")))
    sara = book.live()["old"]
    arrived = card("new", "Sara Melo-Dias")
    if in_one_page:
        book.pull(page(arrived, gone=("old",)))
    else:
        book.pull(page(arrived), page(gone=("old",)))
    assert book.live() == {"new": sara}
    book.pull(page(card("new", "Sara Dias")))
    assert book.live() == {"new": sara}


def test_a_card_whose_twin_leaves_later_stays_who_it_is(book: Book) -> None:
    book.pull(page(card("a", "Paulo Nunes"), card("b", "Sara Melo")))
    sara = book.live()["b"]
    book.pull(page(gone=("a",)))
    assert book.live() == {"b": sara}


@pytest.mark.parametrize("in_one_page", [True, False])
def test_a_second_of_one_name_does_not_take_the_record_of_the_first(
    book: Book, in_one_page: bool
) -> None:
    def pull(*cards: Received, gone: tuple[str, ...] = ()) -> None:
        pages = [page(*cards)] if in_one_page else [page(one) for one in cards]
        book.pull(*pages, page(gone=gone))

    def anna(place: str, whose: str) -> Received:
        return card(place, "Anna", uid=None, email=f"{whose}@example.org")

    pull(anna("name:anna", "first"))
    first = book.live()["name:anna"]
    pull(anna("name:anna", "second"), anna("name:anna~2", "first"))
    second = book.live()["name:anna"]
    assert book.live() == {"name:anna": second, "name:anna~2": first}
    assert second != first
    pull(anna("name:anna", "first"), anna("name:anna~2", "second"))
    assert book.live() == {"name:anna": first, "name:anna~2": second}
    pull(anna("name:anna", "third"), anna("name:anna~2", "first"), anna("name:anna~3", "second"))
    third = book.live()["name:anna"]
    assert book.live() == {"name:anna": third, "name:anna~2": first, "name:anna~3": second}
    assert third not in (first, second)
    pull(anna("name:anna", "first"), gone=("name:anna~2", "name:anna~3"))
    assert book.live() == {"name:anna": first}


def test_one_of_a_name_that_only_changed_keeps_its_record(book: Book) -> None:
    book.pull(page(card("name:anna", "Anna", uid=None, email="anna@example.org")))
    before = book.live()
    book.pull(page(card("name:anna", "Anna", uid=None, email="new@example.org")), page())
    assert book.live() == before


def test_cards_of_one_uid_that_were_one_record_are_parted_in_a_book_of_before(
    book: Book, tmp_path: Path
) -> None:
    book.pull(page(card("a", "Paulo Nunes"), card("b", "Sara Melo"), card("c", "Paulo Nunes")))
    state = book.state
    state.execute("update raw.contacts set record_id = 1")
    state.execute("delete from raw.record_ids where record_id <> 1")
    state.execute("alter table raw.meetings drop column meeting_id")
    state.execute("drop sequence raw.meeting_id_sequence")
    state.execute("alter table raw.meetings drop column organizer.phone")
    state.execute("alter table raw.meetings drop column attendees.element.phone")
    state.execute("delete from raw.migrations where name = '007_records.sql'")
    state_file.migrate(state)
    found = book.live()
    assert found["a"] == found["c"] == 1 != found["b"]
    assert state.execute('select "key" from raw.record_ids order by record_id').fetchall() == [
        ("u",),
        ("u b",),
    ]
    book.pull(page(card("b", "Sara Melo", email="sara@example.org")))
    assert book.live() == found
