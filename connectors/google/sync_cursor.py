"""What is kept between two pulls of a Google collection: its sync token and when that began.

People tokens die 7 days after the *full* sync they come from, however often they are used
(people.connections.list in the discovery document). So each collection is listed in full again,
by itself, once that is six days ago.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta

from connectors.errors import CursorExpired

FULL_SYNC_AFTER = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class GoogleCursor:
    """`shape` names the request's parameters: a token is good for those only."""

    token: str
    full_at: str
    shape: str
    names: Mapping[str, str] = field(default_factory=dict)
    """Contact group → its name, to see when one was renamed."""

    def write(self) -> str:
        """As it stands in raw.cursors."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def is_worn(self, shape: str, now: datetime) -> bool:
        """Whether it is time for a full listing; always where the server gave no token."""
        age = now - datetime.fromisoformat(self.full_at).astimezone(UTC)
        is_fresh = timedelta(0) <= age < FULL_SYNC_AFTER
        return not self.token or self.shape != shape or not is_fresh


def read(cursor: str | None) -> GoogleCursor | None:
    """The cursor that `write` wrote.

    :raises CursorExpired: it is not one of ours.
    """
    if cursor is None:
        return None
    try:
        found = GoogleCursor(**json.loads(cursor))
        datetime.fromisoformat(found.full_at).astimezone(UTC)
    except (ValueError, TypeError) as error:
        raise CursorExpired(
            "The cursor kept for a Google collection cannot be read; nothing was changed.",
            hint="The next sync lists the collection in full.",
        ) from error
    return found


def now() -> datetime:
    """The instant, to be kept in a cursor as the begin of a full listing."""
    return datetime.now(UTC)
