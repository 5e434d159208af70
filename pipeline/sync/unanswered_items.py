"""What a source left open: kept as it was and asked for again, until it comes, goes or is given up.

Only what a source says is gone is gone. An item that was asked for and is missing in the answer, or
that met a passing error, is open: the cursor waits, the known version stays, and the run says so.
Open for the same reason in three runs and over three days it is a reject, told once; the cursor
moves on, and each full listing asks for it again. What a full listing does not name any more, and
could not be asked for by itself, is gone when the next full listing does not name it either.
"""

from collections.abc import Collection as Hrefs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

from connectors.contract import Open, OpenReason, Reject
from connectors.errors import PartlyDone
from pipeline.book.bulk_insert import append
from pipeline.book.queries import query
from pipeline.terminal.terminal_text import count

if TYPE_CHECKING:
    import duckdb

RUNS = 3
DAYS = timedelta(days=3) - timedelta(hours=2)
"""Three days as cron counts them: the night of summer time is an hour short, a run a bit early."""

NAMED = 3
"""How many hrefs a message names."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A row of raw.open_items: an item that an earlier run left open."""

    reason: OpenReason
    words: str
    first_at: datetime
    runs: int
    given_up_at: datetime | None


@dataclass(slots=True)
class PullVerdict:
    """What a finished pull of a collection makes of all that is or was open there."""

    rows: dict[str, Standing] = field(default_factory=dict)
    """What stands open now, given up or not."""
    blocking: dict[str, Open] = field(default_factory=dict)
    """For what the cursor waits."""
    gone: list[str] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    """What is given up in this run."""


def judge(
    opened: Mapping[str, Open],
    standing: Mapping[str, Standing],
    now: datetime,
    *,
    settled: Hrefs[str],
    is_complete: bool,
    believes_lists: bool = False,
) -> PullVerdict:
    """What becomes of what this pull left open, and of what earlier ones had.

    :param settled: hrefs that this pull named otherwise: they came, are unchanged or gone.
    :param is_complete: it was a full listing, so that what it did not name is gone.
    :param believes_lists: what a full listing does not name is gone at once (`--allow-empty`).
    """
    verdict = PullVerdict()
    for href, one in opened.items():
        before = standing.get(href)
        again = before is not None and before.reason == one.reason
        if one.reason == "missing" and (again or believes_lists):
            verdict.gone.append(href)
            continue
        row = Standing(one.reason, one.words, now, 1, None)
        if before is not None and again:
            row = Standing(
                one.reason, one.words, before.first_at, before.runs + 1, before.given_up_at
            )
        if row.given_up_at is None and row.runs >= RUNS and now - row.first_at >= DAYS:
            row = Standing(row.reason, row.words, row.first_at, row.runs, now)
            verdict.rejects.append(Reject(_given_up(row), href))
        elif row.given_up_at is None:
            verdict.blocking[href] = one
        verdict.rows[href] = row
    if not is_complete:  # what changes did not name is as open as it was
        for href, before in standing.items():
            if href not in opened and href not in settled:
                verdict.rows[href] = before
    return verdict


def read(
    connection: "duckdb.DuckDBPyConnection", source: str, collection: str
) -> dict[str, Standing]:
    """By href what earlier runs left open in a collection. The connection uses the state."""
    rows = connection.execute(query("open_items_of"), [source, collection]).fetchall()
    return {
        href: Standing(
            cast("OpenReason", reason),
            words,
            first.replace(tzinfo=UTC),
            runs,
            given_up.replace(tzinfo=UTC) if given_up else None,
        )
        for href, reason, words, first, runs, given_up in rows
    }


def save(
    connection: "duckdb.DuckDBPyConnection",
    source: str,
    collection: str,
    rows: Mapping[str, Standing],
    now: datetime,
) -> None:
    """Write down what stands open in a collection now; call it within a transaction."""
    connection.execute(
        "delete from raw.open_items where source = $1 and collection = $2", [source, collection]
    )
    append(
        connection,
        "raw.open_items",
        [
            (
                source,
                collection,
                href,
                row.reason,
                row.words,
                row.first_at,
                now,
                row.runs,
                row.given_up_at,
            )
            for href, row in rows.items()
        ],
    )


def told(source: str, collection_name: str, blocking: Mapping[str, Open]) -> list[PartlyDone]:
    """What the run ends with: an error for each reason that a collection's items are open for."""
    groups: dict[tuple[OpenReason, str], list[str]] = {}
    for href, one in blocking.items():
        groups.setdefault((one.reason, one.words), []).append(href)
    errors = []
    for (reason, words), hrefs in groups.items():
        what = f"{_count(hrefs)} of {collection_name}"
        message = f"{what} could not be read: {words} ({_names(hrefs)}). What was known stays."
        hint = "The next sync asks again; `kithbook status` lists what is open."
        if reason == "missing":
            verb = "is" if len(hrefs) == 1 else "are"
            message = f"{what} {verb} {words} ({_names(hrefs)}). What was known stays for now."
            hint = "What the list of the next sync does not name either goes then."
        errors.append(PartlyDone(f"{source}: {message}", hint))
    return errors


def _count(hrefs: Sequence[str]) -> str:
    return count(len(hrefs), "item")


def _names(hrefs: Sequence[str]) -> str:
    named = ", ".join(hrefs[:NAMED])
    return named if len(hrefs) <= NAMED else f"{named} and {len(hrefs) - NAMED} more"


def _given_up(row: Standing) -> str:
    return (
        f"{row.words}, in {row.runs} runs since {row.first_at:%Y-%m-%d}; what was known of it stays"
    )
