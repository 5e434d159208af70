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
from pipeline.config import Config
from pipeline.sync.bug_reports import version

if TYPE_CHECKING:
    import duckdb

# Cards and meetings change only with an item's version or the span it is expanded for.
HELD = """
select
    (
        select row(
            count(*), bit_xor(hash(item_id, etag, gone_at, superseded_at, expanded_until))
        )
        from state.raw.items
    ),
    (select count(*) from state.raw.contacts),
    (select row(count(*), max(meeting_id)) from state.raw.meetings),
    (select row(count(*), max(given_at)) from state.raw.record_ids),
    (select row(count(*), bit_xor(hash(tasks))) from state.raw.tasks as tasks),
    (select row(count(*), bit_xor(hash(task_links))) from state.raw.task_links as task_links),
    (select row(count(*), bit_xor(hash(imports))) from state.raw.imports as imports),
    (
        select row(count(*), bit_xor(hash(source, collection, href, reason)))
        from state.raw.rejects
    ),
    (
        select row(count(*), bit_xor(hash(source, collection, href, words, given_up_at)))
        from state.raw.open_items
    ),
    (
        select row(
            count(*),
            bit_xor(hash(
                source, collection, collection_name, kinds, gone_at, first_complete_at,
                datediff('second', pulled_at, $1::timestamptz) // 86400
            ))
        )
        from state.raw.cursors
    ),
    (
        select row(
            count(*),
            bit_xor(hash(
                source, collection, collection_name, kinds, error, hint, is_refused,
                refused_days, missing_since
            ))
        )
        from state.raw.collections
    ),
    (
        select list(row(source, status, trouble, error) order by source)
        from (
            select * from state.raw.runs
            qualify row_number() over (partition by source order by run_id desc) = 1
        )
    )
"""

PUBLISHED = """
select
    made_of,
    as_of::varchar,
    exists (from main.task_changes)
    or exists (from main.problems where name = 'task_list_missing') as has_open_tasks
from main.settings
"""

ENDED = """
select 1
from state.raw.meetings
where gone_at is null and ends_at > $1::timestamptz and ends_at <= $2::timestamptz
limit 1
"""


def said_by_user(folder: Folder) -> str:
    """A digest of decisions.jsonl, taken before a build reads it: more may be said meanwhile."""
    path = folder.path / decisions.FILE_NAME
    return sha256(path.read_bytes() if path.exists() else b"").hexdigest()


def digest(
    connection: "duckdb.DuckDBPyConnection", config: Config, said: str, now: datetime
) -> str:
    """What a book built now would be made of; the state is attached as `state`."""
    held = connection.execute(HELD, [now.isoformat()]).fetchone()
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
            found = book.execute(PUBLISHED).fetchone()
    except (KithbookError, duckdb.Error):
        return False  # there is none, an earlier version made it, or it is damaged
    if not found or (config.tasks and found[2]):
        return False
    if found[0] != digest(state, config, said_by_user(folder), now):
        return False
    return not state.execute(ENDED, [found[1], now.isoformat()]).fetchone()
