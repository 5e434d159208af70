"""Numbers given once to each card and each attendee's address, and never again."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.bulk import append, take_numbers

if TYPE_CHECKING:
    import duckdb


class RecordIds:
    """Numbers given once to each card and to each attendee's e-mail address, never given again."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection", now: datetime) -> None:
        self.connection = connection
        self.now = now
        self._emails: dict[str, int] | None = None

    def of_emails(self, emails: set[str]) -> dict[str, int]:
        """lower-case e-mail → record_id, given now where it had none."""
        if not emails:
            return {}
        if self._emails is None:
            self._emails = self._read("email", "", "")
        self._give("email", "", "", self._emails, emails)
        return self._emails

    def of_cards(self, source: str, collection: str, keys: Sequence[str]) -> dict[str, int]:
        """UID or href → record_id of the cards of one collection, given now where it had none."""
        if not keys:
            return {}
        known = self._read("card", source, collection)
        self._give("card", source, collection, known, dict.fromkeys(keys))
        return known

    def reset(self) -> None:
        """Forget what was read: a transaction was rolled back."""
        self._emails = None

    def _read(self, kind: str, source: str, collection: str) -> dict[str, int]:
        rows = self.connection.execute(
            'select "key", record_id from raw.record_ids'
            " where kind = $1 and source = $2 and collection = $3",
            [kind, source, collection],
        ).fetchall()
        return dict(rows)

    def _give(
        self, kind: str, source: str, collection: str, known: dict[str, int], keys: Iterable[str]
    ) -> None:
        fresh = [key for key in keys if key not in known]
        numbers = take_numbers(self.connection, "raw.record_id_sequence", len(fresh))
        rows = [
            (number, kind, source, collection, key, self.now)
            for number, key in zip(numbers, fresh, strict=True)
        ]
        append(self.connection, "raw.record_ids", rows)
        known.update(zip(fresh, numbers, strict=True))
