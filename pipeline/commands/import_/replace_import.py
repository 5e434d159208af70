"""One import takes the place of another, on the user's word alone, and the other is set aside.

The newer one gets the older one's name, and its cards the numbers (record_ids) of the older one's
cards of the same people: so what was said about these people stays with them. What is set aside is
in no build; `import --undo NAME` brings it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.book import duckdb_instances, memory_bounds
from pipeline.book.queries import query
from pipeline.commands.import_.past_imports import SOURCE_TABLES, Import
from pipeline.config import REPLACED_PREFIX

if TYPE_CHECKING:
    import duckdb

MOST = 0.5
"""An older import of which more than this share stands in a newer one may be replaced by it."""

RULES = range(1, 6)
"""By what a card of the newer import is that of the older one: the surest first."""

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
        state.execute(query("replace_things"), [newer.source, list(by_source)])
        state.execute(query("replace_compared"))
        rows = {row[0]: row[1:] for row in state.execute(query("replace_counts")).fetchall()}
        for source, older in by_source.items():
            cards, events, cards_going_on, events_going_on, share = rows.get(source, NOTHING)
            missing = _missing(state, source)
            found.append(
                Overlap(older, cards, events, cards_going_on, events_going_on, share, missing)
            )
        state.execute("drop table temp.compared")
        state.execute("drop table temp.things")

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
    row = state.execute(query("import_items"), [one.source]).fetchone()
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
    state.execute(query("replace_things"), [newer, [older]])
    state.execute(
        "create or replace temp table pairs (old_record bigint, new_record bigint, new_item bigint)"
    )
    state.execute(query("replace_candidates"))
    for rule in RULES:
        state.execute(query("replace_pairs"), [rule])
    state.execute(query("replace_records"), [newer])
    state.execute(query("replace_record_ids"))
    state.execute("drop table temp.candidates")
    state.execute("drop table temp.pairs")
    state.execute("drop table temp.things")


def _missing(state: "duckdb.DuckDBPyConnection", source: str) -> tuple[str, ...]:
    rows = state.execute(query("replace_missing"), [source]).fetchall()
    return tuple(str(name) for (name,) in rows)
