"""`kithbook status`: how fresh each source is, what is open, what is on hold."""

from typing import Any

from pipeline.printing import fitted, show, show_json
from pipeline.session import Session, rows_as_dicts
from pipeline.text import count, plain

# A source that never could be read has no collection; a file that was not imported is no source.
FRESHNESS = """
with
live as (
    select source, collection_name, kinds, status, pulled_at, days_old, items, error
    from main.freshness
    where not is_gone
),

last_runs as (
    select source, error
    from raw.runs
    where not starts_with(source, 'import/')
    qualify row_number() over (partition by source order by run_id desc) = 1
)

select * from live
union all by name
select last_runs.source, 'never' as status, 0 as items, last_runs.error
from last_runs
where last_runs.error is not null and last_runs.source not in (select source from live)
order by source, collection_name
"""

REQUESTS = """
select source, requests_made, requests_allowed
from raw.runs
where requests_made is not null
qualify row_number() over (partition by source order by run_id desc) = 1
order by source
"""

OPEN = """
select
    open_items.source,
    coalesce(cursors.collection_name, open_items.collection) as collection,
    open_items.href,
    open_items.words as why,
    timezone('UTC', open_items.first_at) as open_since,
    open_items.runs,
    open_items.given_up_at is not null as is_given_up
from raw.open_items
left join raw.cursors
    on open_items.source = cursors.source and open_items.collection = cursors.collection
order by open_items.source, collection, open_items.href
"""

COUNTS = """
select
    (select count(*) from main.people where not is_owner) as people,
    (select count(*) from main.meetings) as meetings,
    (select count(*) from main.ties) as ties,
    (select count(*) from main.follow_ups where is_open) as open_follow_ups,
    (select count(*) from main.follow_ups where opens_now) as ready_follow_ups,
    (select count(*) from main.merge_candidates) as merge_candidates,
    (select count(*) from main.rejects where not is_warning) as rejects,
    (select count(*) from main.problems) as problems,
    (select timezone('UTC', as_of) from raw.settings) as as_of
"""


OPEN_SHOWN = 10


def show_status(session: Session, *, as_json: bool = False) -> None:
    """Print the state of the book."""
    with session.looking() as connection:
        fresh = rows_as_dicts(connection.execute(FRESHNESS))
        counts = rows_as_dicts(connection.execute(COUNTS))[0]
        problems = rows_as_dicts(
            connection.execute(
                "select * from main.problems where name <> 'rejects' order by all limit 20"
            )
        )
        requests = rows_as_dicts(connection.execute(REQUESTS))
        opened = rows_as_dicts(connection.execute(OPEN))
    if as_json:
        show_json(
            {
                **counts,
                "sources": fresh,
                "requests": requests,
                "open_items": opened,
                "problem_rows": problems,
            }
        )
        return
    show(*status_lines(session, counts, fresh, problems), *open_lines(opened))
    for one in requests:
        made, allowed = one["requests_made"], one["requests_allowed"]
        show(f"{one['source']} took {made:,} of the {allowed:,} requests that a run may make.")


def status_lines(
    session: Session,
    counts: dict[str, Any],
    fresh: list[dict[str, Any]],
    problems: list[dict[str, Any]],
) -> list[str]:
    """The same as text."""
    lines = [
        f"{session.folder.published}, as of {counts['as_of']:%Y-%m-%d %H:%M} UTC",
        (
            f"{count(counts['people'], 'person', 'people')}, {count(counts['ties'], 'tie')}, "
            f"{count(counts['meetings'], 'meeting')}; "
            f"{count(counts['open_follow_ups'], 'open follow-up')}, "
            f"{counts['ready_follow_ups']} ready to be written"
        ),
        "",
    ]
    rows = [
        (
            one["source"],
            one["collection_name"] or "",
            ", ".join(one["kinds"] or []),
            one["items"],
            "never" if one["pulled_at"] is None else _age(one["days_old"]),
            one["error"] or "",
        )
        for one in fresh
    ]
    headers = ("source", "collection", "holds", "items", "read", "trouble")
    lines += fitted(headers, rows, whole=("trouble",))
    if counts["merge_candidates"]:
        found = count(counts["merge_candidates"], "pair")
        lines += ["", f"{found} may be one human: `kithbook review`."]
    if counts["rejects"]:
        lines.append(f"{count(counts['rejects'], 'item')} could not be read: `kithbook rejects`.")
    lines += [""] if problems else []
    lines += [
        f"{plain(one['place'])}: {plain(one['problem'])}\n  → {plain(one['hint'])}"
        for one in problems
    ]
    return lines


def open_lines(opened: list[dict[str, Any]]) -> list[str]:
    """What the sources left open, and what becomes of it."""
    waiting = [one for one in opened if not one["is_given_up"]]
    lines = []
    if waiting:
        what = count(len(waiting), "item")
        lines += ["", f"Open: {what} could not be read yet; each sync asks again."]
        lines += [
            f"{plain(one['source'])}, {plain(one['collection'])}: {plain(one['href'])},"
            f" {plain(one['why'])}, since {one['open_since']:%Y-%m-%d}"
            for one in waiting[:OPEN_SHOWN]
        ]
        if len(waiting) > OPEN_SHOWN:
            lines.append(f"and {len(waiting) - OPEN_SHOWN} more: `kithbook status --json`")
    if given_up := len(opened) - len(waiting):
        what = count(given_up, "item")
        lines += ["", f"{what} given up after three days; asked for again once a week."]
    return lines


def _age(days: int) -> str:
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"
