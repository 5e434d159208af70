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
        self._known: dict[tuple[str, str, str], dict[str, int]] = {}

    def of_emails(self, emails: set[str]) -> dict[str, int]:
        """lower-case e-mail → record_id, given now where it had none."""
        if not emails:
            return {}
        return self._give(("email", "", ""), emails)

    def of_cards(self, source: str, collection: str, keys: Sequence[str]) -> dict[str, int]:
        """UID or href → record_id of the cards of one collection, given now where it had none."""
        if not keys:
            return {}
        return self._give(("card", source, collection), dict.fromkeys(keys))

    def reset(self) -> None:
        """Forget what was read: a transaction was rolled back."""
        self._known.clear()

    def _read(self, place: tuple[str, str, str]) -> dict[str, int]:
        if place not in self._known:
            rows = self.connection.execute(
                'select "key", record_id from raw.record_ids'
                " where kind = $1 and source = $2 and collection = $3",
                list(place),
            ).fetchall()
            self._known[place] = dict(rows)
        return self._known[place]

    def _give(self, place: tuple[str, str, str], keys: Iterable[str]) -> dict[str, int]:
        """The numbers of one place, those of `keys` among them."""
        known = self._read(place)
        fresh = [key for key in keys if key not in known]
        numbers = take_numbers(self.connection, "raw.record_id_sequence", len(fresh))
        rows = [(number, *place, key, self.now) for number, key in zip(numbers, fresh, strict=True)]
        append(self.connection, "raw.record_ids", rows)
        known.update(zip(fresh, numbers, strict=True))
        return known
