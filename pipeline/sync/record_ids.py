"""Numbers given once to each card and each attendee's address, and never again."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.book import store
from pipeline.book.bulk_insert import append, take_numbers

if TYPE_CHECKING:
    import duckdb


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
            'select "key", record_id from raw.record_ids'
            " where kind = 'card' and source = $1 and collection = $2"
            ' and "key" in (select unnest($3::varchar[]))',
            [source, collection, keys],
        ).fetchall()
        store.release_memory(self.connection)
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
