"""Nothing new, nothing built: whether a build would give the tables that are published.

What a book is made of is told by one digest, which stands in `main.settings` of the book itself:
of the day, the config, the decisions, the program and what the state holds, but for when it was
last pulled. A run that finds the same, and no occurrence that ended since, has nothing to publish.
"""

from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from connectors.errors import KithbookError
from pipeline.book import decisions, sqlgraph
from pipeline.book.folder import Folder, open_published
from pipeline.book.queries import query
from pipeline.config import Config
from pipeline.version import version

if TYPE_CHECKING:
    import duckdb


def said_by_user(folder: Folder) -> str:
    """A digest of decisions.jsonl, taken before a build reads it: more may be said meanwhile."""
    path = folder.path / decisions.FILE_NAME
    return sha256(path.read_bytes() if path.exists() else b"").hexdigest()


def digest(
    connection: "duckdb.DuckDBPyConnection", config: Config, said: str, now: datetime
) -> str:
    """What a book built now would be made of; the state is attached as `state`."""
    held = connection.execute(query("unchanged_held"), [now.isoformat()]).fetchone()
    today = now.astimezone(config.owner.zone).date()
    parts = (today, config, said, sqlgraph.version(), version(), held)
    return sha256(repr(parts).encode()).hexdigest()[:32]


def note(connection: "duckdb.DuckDBPyConnection", made_of: str) -> None:
    """Write into the book that is about to be published what it is made of."""
    connection.execute("update main.settings set made_of = $1", [made_of])


def is_published(
    state: "duckdb.DuckDBPyConnection", config: Config, folder: Folder, now: datetime
) -> bool:
    """Whether the published book is made of just this, and no task or list waits for anything."""
    import duckdb

    try:
        with open_published(folder) as book:
            found = book.execute(query("unchanged_published")).fetchone()
    except (KithbookError, duckdb.Error):
        return False  # there is none, an earlier version made it, or it is damaged
    if not found or (config.tasks and found[2]):
        return False
    if found[0] != digest(state, config, said_by_user(folder), now):
        return False
    return not state.execute(query("unchanged_ended"), [found[1], now.isoformat()]).fetchone()
