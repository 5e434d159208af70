"""Deleting somebody from the raw tables of the state file: see `forget` for what is meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.book import body_store
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
    state.execute(
        "delete from raw.contacts where record_id in (select unnest($1::bigint[]))"
        " or item_id in (select unnest($2::bigint[]))",
        [list(traces.records), cards],
    )
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
        "select item_id from raw.contacts where starts_with(source, $1) and ("
        " list_has_any(list_transform(emails, lambda one: lower(one.value)), $2::varchar[])"
        " or list_has_any(list_transform(phones, lambda one: one.value), $3::varchar[])"
        " or lower(full_name) in (select lower(unnest($4::varchar[]))))",
        [REPLACED_PREFIX, list(traces.emails), list(traces.phones), list(traces.full_names)],
    ).fetchall()
    return [int(row[0]) for row in rows]


def _events(state: "duckdb.DuckDBPyConnection", traces: Traces) -> tuple[list[int], list[int]]:
    """Item_ids of the events that they alone were in (beside the owner), and of the others.

    Whether somebody else is the owner is not asked: who is in less than three, is alone.
    """
    rows = state.execute(
        "with guests as ("
        " select item_id, unnest(list_append(attendees, organizer), recursive := true)"
        " from raw.meetings)"
        " select item_id, count(distinct lower(email)) from guests"
        " where item_id in (select item_id from guests"
        "  where record_id in (select unnest($1::bigint[])))"
        " group by item_id",
        [list(traces.records)],
    ).fetchall()
    own = len(traces.emails)
    alone = {int(item) for item, people in rows if people <= 2} if own else set()
    alone |= set(traces.titled_items)
    named = _ids(
        state,
        "select distinct item_id from raw.meetings, (select unnest($1::varchar[]) as name)"
        " where contains(lower(coalesce(summary, '') || coalesce(location, '')), lower(name))",
        [*traces.full_names, *traces.emails],
    )
    shared = ({int(item) for item, _ in rows} | set(named)) - alone
    return sorted(alone), sorted(shared)


def _scrub(state: "duckdb.DuckDBPyConnection", items: Sequence[int], traces: Traces) -> None:
    """Take them out of events that others were in too: guests, bodies, titles."""
    state.execute(
        "update raw.meetings set"
        " attendees = list_filter(attendees,"
        "  lambda one: not coalesce(list_contains($2::bigint[], one.record_id), false)),"
        " organizer = case when list_contains($2::bigint[], organizer.record_id) then null"
        "  else organizer end"
        " where item_id in (select unnest($1::bigint[]))",
        [list(items), list(traces.records)],
    )
    for text in (*traces.full_names, *traces.emails):
        state.execute(
            "update raw.meetings set"
            " summary = regexp_replace(summary, $2, $3, 'gi'),"
            " location = regexp_replace(location, $2, $3, 'gi')"
            " where item_id in (select unnest($1::bigint[]))",
            [list(items), re.escape(text), GONE],
        )
    rows = state.execute(
        "select item_id, media_type, body, body_hash from raw.items"
        " where item_id in (select unnest($1::bigint[]))",
        [list(items)],
    ).fetchall()
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
    rows = state.execute(
        "select tasks.item_id, tasks.gone_at is null and task_links.closed_at is null"
        " and tasks.status not in ('completed', 'cancelled')"
        " from raw.tasks inner join raw.task_links on tasks.uid = task_links.uid"
        " where task_links.person_id in (select unnest($1::bigint[]))",
        [people],
    ).fetchall()
    standing = [int(item_id) for item_id, stands in rows if stands]
    found = {int(item_id) for item_id, stands in rows if not stands}
    found |= set(
        _ids(
            state,
            "select item_id from raw.tasks, (select unnest($1::varchar[]) as name)"
            " where contains(lower(coalesce(title, '') || ' ' || coalesce(notes, '')),"
            " lower(name)) and not starts_with(uid, 'kithbook-')",
            [*traces.full_names, *traces.emails],
        )
    )
    _empty_tasks(state, standing)
    state.execute(
        "delete from raw.tasks where item_id in (select unnest($1::bigint[]))", [sorted(found)]
    )
    state.execute(
        "delete from raw.task_links where person_id in (select unnest($1::bigint[]))"
        " and uid not in (select uid from raw.tasks)",
        [people],
    )
    return sorted(found), len(standing)


def _empty_tasks(state: "duckdb.DuckDBPyConnection", items: Sequence[int]) -> None:
    """Neither title nor notes, here and in what we last wrote."""
    state.execute(
        "update raw.tasks set title = '', notes = '', status = 'needs-action'"
        " where item_id in (select unnest($1::bigint[]))",
        [list(items)],
    )
    state.execute(
        "update raw.task_links set wrote_title = '', wrote_notes = '',"
        " wrote_due_date = tasks.due_date, wrote_priority = tasks.priority,"
        " wrote_status = tasks.status, intends_action = null, intends_title = null,"
        " intends_notes = null, intends_due_date = null, intends_priority = null,"
        " intends_status = null, intends_at = null"
        " from raw.tasks where tasks.uid = task_links.uid"
        " and tasks.item_id in (select unnest($1::bigint[]))",
        [list(items)],
    )
    state.execute(
        "update raw.items set body = ''::blob, body_hash = null"
        " where item_id in (select unnest($1::bigint[]))",
        [list(items)],
    )
    _drop_earlier(state, items)


def _hollow(state: "duckdb.DuckDBPyConnection", items: Sequence[int], traces: Traces) -> None:
    """Of these items nothing stays but href and etag: so they are not fetched again.

    Where the href itself tells the name, nothing at all stays.
    """
    words = {word.casefold() for name in traces.full_names for word in name.split()}
    words |= {email.partition("@")[0] for email in traces.emails}
    _drop_earlier(state, items)
    # A word of the name as such, or a longer one within another, after the collection's path.
    state.execute(
        "delete from raw.items using ("
        " select item_id, lower(replace(href, collection, '')) as tail from raw.items"
        " where item_id in (select unnest($1::bigint[]))) as named,"
        " (select unnest($2::varchar[]) as word)"
        " where items.item_id = named.item_id and ("
        " list_contains(string_split_regex(named.tail, '[^\\pL\\pN]+'), word)"
        " or (length(word) > 3 and contains(named.tail, word)))",
        [list(items), sorted(words)],
    )
    state.execute(
        "update raw.items set uid = null, body = ''::blob, body_hash = null, expanded_until = null"
        " where item_id in (select unnest($1::bigint[]))",
        [list(items)],
    )


def _drop_earlier(state: "duckdb.DuckDBPyConnection", items: Sequence[int]) -> None:
    """Earlier versions of these items, what of them could not be read, and what was left open."""
    state.execute(
        "delete from raw.items using raw.items as named"
        " where named.item_id in (select unnest($1::bigint[]))"
        " and items.source = named.source and items.collection = named.collection"
        " and items.href = named.href and items.superseded_at is not null",
        [list(items)],
    )
    for table in ("rejects", "open_items"):
        state.execute(
            f"delete from raw.{table} using raw.items as named"
            " where named.item_id in (select unnest($1::bigint[]))"
            f" and {table}.source = named.source and {table}.collection = named.collection"
            f" and {table}.href = named.href",
            [list(items)],
        )


def _forget_keys(state: "duckdb.DuckDBPyConnection", traces: Traces) -> None:
    """The numbers and keys of their cards, addresses, names and phones, and what nobody needs."""
    state.execute(
        "delete from raw.record_ids where record_id in (select unnest($1::bigint[]))"
        " or (kind = 'card' and record_id not in (select record_id from raw.contacts)"
        "  and exists (select 1 from (select unnest($2::varchar[]) as text)"
        '   where contains(lower("key"), lower(text))))',
        [list(traces.records), [*traces.emails, *traces.full_names]],
    )
    # However it was spelt, "Brandt, Hanna" too; a namesake's keys are given again by the build.
    state.execute(
        "delete from raw.name_keys where name_key in (select name_key from raw.name_keys"
        ' where "name" in (select unnest($1::varchar[])))',
        [list(traces.names)],
    )
    state.execute(
        "delete from raw.phone_keys where phone in (select unnest($1::varchar[]))",
        [list(traces.phones)],
    )
    state.execute(
        "delete from raw.rejects using (select unnest($1::varchar[]) as text)"
        " where contains(lower(decode(coalesce(content, ''::blob))), lower(text))"
        " or contains(lower(coalesce(href, '')), lower(text))",
        [[*traces.emails, *traces.full_names]],
    )
    body_store.drop_unnamed(state)
