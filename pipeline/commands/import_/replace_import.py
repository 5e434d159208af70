"""One import takes the place of another, on the user's word alone, and the other is set aside.

The newer one gets the older one's name, and its cards the numbers (record_ids) of the older one's
cards of the same people: so what was said about these people stays with them. What is set aside is
in no build; `import --undo NAME` brings it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.book import duckdb_instances, memory_bounds
from pipeline.commands.import_.past_imports import SOURCE_TABLES, Import
from pipeline.config import REPLACED_PREFIX

if TYPE_CHECKING:
    import duckdb

MOST = 0.5
"""An older import of which more than this share stands in a newer one may be replaced by it."""

THINGS = """
create or replace temp table {table} as
select
    items.source, items.item_id, items.kind, items.uid, items.etag, contacts.record_id,
    coalesce(lower(trim(nullif(contacts.full_name, ''))), items.href) as name,
    row_number() over (
        partition by items.source, items.kind, items.etag order by items.href, items.item_id
    ) as copy_number,
    list_concat(
        list_transform(contacts.emails, lambda one: lower(trim(one.value))),
        list_transform(
            contacts.phones, lambda one: right(regexp_replace(one.value, '[^0-9]', '', 'g'), 8)
        )
    ) as points,
    contacts.birthday.month * 100 + contacts.birthday.day as birthday
from raw.items
left join raw.contacts on items.item_id = contacts.item_id
where
    {sources} and items.kind <> 'task' and items.superseded_at is null and items.gone_at is null
"""
"""What an import has: cards and events; `points` are the addresses and the ends of the phones, as
these are written in many ways, `birthday` is month and day in one number."""

RULES = (
    "older.etag = newer.etag and older.copy_number = newer.copy_number",
    "older.uid = newer.uid and older.name = newer.name",
    "older.uid = newer.uid",
    "older.name = newer.name and list_has_any(older.points, newer.points)",
    "older.name = newer.name and coalesce(older.birthday = newer.birthday, true)",
)
"""By what a card of the newer import is that of the older: the surest first. A rule pairs those
that no earlier one has paired, and only where on neither side a second one would do as well."""

PAIRS = """
insert into temp.pairs
select older.record_id, newer.record_id, newer.item_id
from temp.older
inner join temp.newer on {rule}
where
    older.record_id is not null and newer.record_id is not null
    and older.record_id not in (select old_record from temp.pairs)
    and newer.item_id not in (select new_item from temp.pairs)
qualify
    count(*) over (partition by older.record_id) = 1
    and count(*) over (partition by newer.item_id) = 1
"""

GOES_ON = """(
    older.etag in (select etag from temp.newer)
    or coalesce(older.uid in (select uid from temp.newer where uid is not null), false)
    or exists (
        select 1 from temp.newer
        where
            newer.kind = 'contact' and older.kind = 'contact' and newer.name = older.name
            {and_says}
    )
)"""
"""Whether the newer import has this card or event as well: the same bytes, UID or name."""

SAYS = "and (len(older.points) = 0 or list_has_any(newer.points, older.points))"
"""... and of a card with the same name some phone or address of it."""

COUNTS = f"""
with compared as (
    select
        older.source,
        older.kind,
        {GOES_ON.format(and_says="")} as goes_on,
        {GOES_ON.format(and_says=SAYS)} as is_said
    from temp.older
)
select
    source,
    count(*) filter (where kind = 'contact') as cards,
    count(*) filter (where kind = 'event') as events,
    count(*) filter (where kind = 'contact' and goes_on) as cards_going_on,
    count(*) filter (where kind = 'event' and goes_on) as events_going_on,
    avg(is_said::integer) as share
from compared
group by source
"""

MISSING = f"""
select coalesce(contacts.full_name, contacts.organization, older.name)
from temp.older
left join raw.contacts on older.item_id = contacts.item_id
where older.source = $1 and older.kind = 'contact' and not {GOES_ON.format(and_says="")}
order by 1
"""


NOTHING = (0, 0, 0, 0, 0.0)
"""The counts of an import that holds nothing."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much of an older import stands in a newer one."""

    older: Import
    cards: int
    events: int
    cards_going_on: int
    """Of its cards, how many people the newer has a card of."""
    events_going_on: int
    share: float
    """Of its cards and events together, those of which something is said in the newer one."""
    missing: tuple[str, ...]
    """The names on the cards that do not go on."""

    @property
    def missing_events(self) -> int:
        """How many of its events do not."""
        return self.events - self.events_going_on


def overlap_with(
    state: "duckdb.DuckDBPyConnection", newer: Import, olders: Sequence[Import]
) -> Overlap | None:
    """The older import that the newer one might replace; None when none stands in it mostly.

    Of several the one that lay at the same path, else the one of which most stands in it.
    """
    found = [one for one in overlaps(state, newer, olders) if one.share > MOST]
    return max(
        found,
        key=lambda one: (one.older.path == newer.path, one.share, one.older.began_at),
        default=None,
    )


def overlaps(
    state: "duckdb.DuckDBPyConnection", newer: Import, olders: Sequence[Import]
) -> list[Overlap]:
    """How much of each of these older imports stands in the newer one."""
    by_source = {one.source: one for one in olders}
    found: list[Overlap] = []

    def look() -> None:
        found.clear()
        _lay_things(state, newer.source, list(by_source))
        rows = {row[0]: row[1:] for row in state.execute(COUNTS).fetchall()}
        for source, older in by_source.items():
            cards, events, cards_going_on, events_going_on, share = rows.get(source, NOTHING)
            missing = _missing(state, source)
            found.append(
                Overlap(older, cards, events, cards_going_on, events_going_on, share, missing)
            )
        _drop_things(state)

    if olders:
        with memory_bounds.little_memory(state):
            memory_bounds.in_little_memory(state, look)
    return found


def take_place(state: "duckdb.DuckDBPyConnection", newer: Import, older: Import) -> None:
    """The newer import takes the older one's name, which is set aside. All of it or nothing."""
    number = 1 + max([0, *_numbers(state)])
    aside = f"{REPLACED_PREFIX}{number}/{older.name}"
    with duckdb_instances.transaction(state):
        _carry_records(state, newer.source, older.source)
        _rename(state, older.source, aside)
        _rename(state, newer.source, older.source)
        state.execute(
            "update raw.imports set replaced = $2 where source = $1", [older.source, aside]
        )


def bring_back(state: "duckdb.DuckDBPyConnection", one: Import) -> int:
    """What an import had replaced gets its name back; how many items.

    Call it in the transaction in which the import itself is dropped.
    """
    if one.replaced is None:
        return 0
    _rename(state, one.replaced, one.source)
    row = state.execute(
        "select count(*) from raw.items"
        " where source = $1 and superseded_at is null and gone_at is null",
        [one.source],
    ).fetchone()
    return int(row[0]) if row else 0


def _numbers(state: "duckdb.DuckDBPyConnection") -> list[int]:
    """Of what is set aside."""
    rows = state.execute(
        "select source from raw.imports where starts_with(source, $1)", [REPLACED_PREFIX]
    ).fetchall()
    return [int(source.split("/")[1]) for (source,) in rows]


def _rename(state: "duckdb.DuckDBPyConnection", source: str, name: str) -> None:
    for table in (*SOURCE_TABLES, "imports"):
        state.execute(f"update raw.{table} set source = $2 where source = $1", [source, name])


def _carry_records(state: "duckdb.DuckDBPyConnection", newer: str, older: str) -> None:
    """Give the newer import's cards the numbers of the older one's cards of the same people.

    The keys of the newer cards lead to these numbers as well: what was said about them while they
    had others is not lost.
    """
    _lay_things(state, newer, [older])
    state.execute(
        "create or replace temp table pairs (old_record bigint, new_record bigint, new_item bigint)"
    )
    for rule in RULES:
        state.execute(PAIRS.format(rule=rule))
    state.execute(
        "update raw.contacts set record_id = pairs.old_record from temp.pairs"
        " where contacts.source = $1 and contacts.item_id = pairs.new_item",
        [newer],
    )
    state.execute(
        "update raw.record_ids set record_id = pairs.old_record from temp.pairs"
        " where record_ids.kind = 'card' and record_ids.record_id = pairs.new_record"
        " and pairs.old_record <> pairs.new_record"
    )
    state.execute("drop table temp.pairs")
    _drop_things(state)


def _lay_things(state: "duckdb.DuckDBPyConnection", newer: str, olders: Sequence[str]) -> None:
    """temp.newer and temp.older: what both sides have."""
    state.execute(THINGS.format(table="newer", sources="items.source = $1"), [newer])
    of_olders = "items.source in (select unnest($1::varchar[]))"
    state.execute(THINGS.format(table="older", sources=of_olders), [list(olders)])


def _drop_things(state: "duckdb.DuckDBPyConnection") -> None:
    state.execute("drop table temp.newer")
    state.execute("drop table temp.older")


def _missing(state: "duckdb.DuckDBPyConnection", source: str) -> tuple[str, ...]:
    return tuple(str(row[0]) for row in state.execute(MISSING, [source]).fetchall())
