"""Deleting somebody from the raw tables of the state file: see `forget` for what is meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.book import body_store
from pipeline.book.queries import query
from pipeline.commands.forget.scrub_event import GONE, Traces, scrubbed
from pipeline.config import REPLACED_PREFIX

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Erased:
    """How much went."""

    cards: int
    meetings: int
    scrubbed: int
    tasks: int
    standing_tasks: int
    """Those that the next sync takes out of the list."""


def erase(state: "duckdb.DuckDBPyConnection", traces: Traces) -> Erased:
    """Delete every trace. Call it in a transaction with the state in use."""
    cards = _ids(
        state,
        "select item_id from raw.contacts where record_id in (select unnest($1::bigint[]))",
        traces.records,
    )
    cards += _set_aside(state, traces)
    state.execute(query("forget_cards"), [list(traces.records), cards])
    alone, shared = _events(state, traces)
    _scrub(state, shared, traces)
    state.execute(
        "delete from raw.meetings where item_id in (select unnest($1::bigint[]))", [alone]
    )
    tasks, standing = _tasks(state, traces)
    _hollow(state, [*cards, *alone, *tasks], traces)
    _forget_keys(state, traces)
    return Erased(len(cards), len(alone), len(shared), len(tasks), standing)


def _ids(state: "duckdb.DuckDBPyConnection", query: str, values: Sequence[Any]) -> list[int]:
    return [int(row[0]) for row in state.execute(query, [list(values)]).fetchall()]


def _set_aside(state: "duckdb.DuckDBPyConnection", traces: Traces) -> list[int]:
    """Item_ids of their cards in imports whose place another took.

    These are in no build, so nothing says whose they are: they are known by an address, a phone or
    a full name of theirs.
    """
    rows = state.execute(
        query("forget_set_aside"),
        [REPLACED_PREFIX, list(traces.emails), list(traces.phones), list(traces.full_names)],
    ).fetchall()
    return [int(row[0]) for row in rows]


def _events(state: "duckdb.DuckDBPyConnection", traces: Traces) -> tuple[list[int], list[int]]:
    """Item_ids of the events that they alone were in (beside the owner), and of the others.

    Whether somebody else is the owner is not asked: who is in less than three, is alone.
    """
    rows = state.execute(query("forget_guests"), [list(traces.records)]).fetchall()
    own = len(traces.emails)
    alone = {int(item) for item, people in rows if people <= 2} if own else set()
    alone |= set(traces.titled_items)
    named = _ids(
        state,
        query("forget_named_events"),
        [*traces.full_names, *traces.emails],
    )
    shared = ({int(item) for item, _ in rows} | set(named)) - alone
    return sorted(alone), sorted(shared)


def _scrub(state: "duckdb.DuckDBPyConnection", items: Sequence[int], traces: Traces) -> None:
    """Take them out of events that others were in too: guests, bodies, titles."""
    state.execute(query("forget_in_guests"), [list(items), list(traces.records)])
    for text in (*traces.full_names, *traces.emails):
        state.execute(query("forget_in_titles"), [list(items), re.escape(text), GONE])
    rows = state.execute(query("forget_bodies"), [list(items)]).fetchall()
    large = body_store.kept(state, {digest for *_, digest in rows if digest})
    for item_id, media_type, body, known in rows:
        clean = scrubbed(large[known] if known else bytes(body or b""), str(media_type), traces)
        (digest,) = body_store.keep(state, [clean])
        state.execute(
            "update raw.items set body = $2, body_hash = $3 where item_id = $1",
            [item_id, None if digest else clean, digest],
        )


def _tasks(state: "duckdb.DuckDBPyConnection", traces: Traces) -> tuple[list[int], int]:
    """Item_ids of the deleted tasks, the user's own that name them too; and how many still stand.

    Of a task of ours that stands in the list href and etag must stay, or nobody could take it out:
    it is emptied here, as if we had written it so, and the next sync withdraws it.
    """
    people = [*traces.records, traces.person_id]
    rows = state.execute(query("forget_tasks"), [people]).fetchall()
    standing = [int(item_id) for item_id, stands in rows if stands]
    found = {int(item_id) for item_id, stands in rows if not stands}
    found |= set(
        _ids(
            state,
            query("forget_named_tasks"),
            [*traces.full_names, *traces.emails],
        )
    )
    _empty_tasks(state, standing)
    state.execute(
        "delete from raw.tasks where item_id in (select unnest($1::bigint[]))", [sorted(found)]
    )
    state.execute(query("forget_task_links"), [people])
    return sorted(found), len(standing)


def _empty_tasks(state: "duckdb.DuckDBPyConnection", items: Sequence[int]) -> None:
    """Neither title nor notes, here and in what we last wrote."""
    state.execute(query("forget_empty_tasks"), [list(items)])
    state.execute(query("forget_empty_links"), [list(items)])
    state.execute(query("forget_task_bodies"), [list(items)])
    _drop_earlier(state, items)


def _hollow(state: "duckdb.DuckDBPyConnection", items: Sequence[int], traces: Traces) -> None:
    """Of these items nothing stays but href and etag: so they are not fetched again.

    Where the href itself tells the name, nothing at all stays.
    """
    words = {word.casefold() for name in traces.full_names for word in name.split()}
    words |= {email.partition("@")[0] for email in traces.emails}
    _drop_earlier(state, items)
    state.execute(query("forget_telling_hrefs"), [list(items), sorted(words)])
    state.execute(query("forget_hollow_items"), [list(items)])


def _drop_earlier(state: "duckdb.DuckDBPyConnection", items: Sequence[int]) -> None:
    """Earlier versions of these items, what of them could not be read, and what was left open."""
    state.execute(query("forget_earlier_versions"), [list(items)])
    for name in ("forget_rejects", "forget_open_items"):
        state.execute(query(name), [list(items)])


def _forget_keys(state: "duckdb.DuckDBPyConnection", traces: Traces) -> None:
    """The numbers and keys of their cards, addresses, names and phones, and what nobody needs."""
    state.execute(
        query("forget_record_ids"), [list(traces.records), [*traces.emails, *traces.full_names]]
    )
    state.execute(query("forget_name_keys"), [list(traces.names)])
    state.execute(
        "delete from raw.phone_keys where phone in (select unnest($1::varchar[]))",
        [list(traces.phones)],
    )
    state.execute(query("forget_telling_rejects"), [[*traces.emails, *traces.full_names]])
    body_store.drop_unnamed(state)
