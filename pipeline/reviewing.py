"""`kithbook review`: what only the user can tell: one human or two, and who is no longer alive."""

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pipeline import decisions, people, saying
from pipeline.decisions import Decision
from pipeline.session import Session, rows_as_dicts
from pipeline.text import count, plain

if TYPE_CHECKING:
    import duckdb

# What was answered since the last build stands in the file of decisions, not in the table yet.
PAIRS = """
select person_id, other_id, person_name, other_name, confidence, reason
from main.merge_candidates
order by confidence desc, person_id, other_id
"""

DECEASED = """
select person_id, display_name from main.people
where is_deceased_hint and not is_owner
order by display_name, person_id
"""

DETAILS = """
select field, value, source from main.contact_details
where person_id = $1 and field in ('name', 'email', 'phone', 'organization', 'city', 'birthday')
group by field, value, source
order by list_position(
    ['name', 'email', 'phone', 'organization', 'city', 'birthday'], field
), value, source
"""

PAIR_KEYS = "  m  one human: merge them\n  n  two: never the same\n  Enter  not now   q  enough"
DECEASED_KEYS = "  r  let them rest\n  l  they live\n  Enter  not now   q  enough"
PAIR_VERBS = {"m": "merge", "n": "never_same"}
DECEASED_VERBS = {"r": "rest", "l": "wake"}


def review(session: Session, *, as_json: bool = False) -> int:
    """Ask about each pair and each death that a card tells of; returns how many were answered.

    Without a terminal the questions are printed, with the commands that answer them.
    """
    with session.published() as connection:
        answered = _answered(session)
        pairs = [
            one
            for one in rows_as_dicts(connection.execute(PAIRS))
            if _keys(connection, one["person_id"], one["other_id"]) not in answered
        ]
        dead = [
            one
            for one in rows_as_dicts(connection.execute(DECEASED))
            if _keys(connection, one["person_id"]) not in answered
        ]
        if as_json:
            found = {"merge_candidates": pairs, "deceased_hints": dead}
            print(json.dumps(found, default=str, ensure_ascii=False, indent=2))
            return 0
        if not pairs and not dead:
            print("Nothing to review.")
            return 0
        if not sys.stdin.isatty():
            print("\n".join(listing(pairs, dead)))
            return 0
        return _ask_all(session, connection, pairs, dead)


def listing(pairs: list[dict[str, Any]], dead: list[dict[str, Any]]) -> list[str]:
    """The questions, each with the commands that answer it."""
    lines = []
    for one in pairs:
        ids = f"{one['person_id']} {one['other_id']}"
        lines += [
            f"{plain(one['person_name'])} and {plain(one['other_name'])}: {plain(one['reason'])}",
            f"  `kithbook merge {ids}` if one human, `kithbook split {ids}` if two",
        ]
    for one in dead:
        who = one["person_id"]
        lines += [
            f"{plain(one['display_name'])}: a card says that they died",
            f"  `kithbook rest {who}` lets them rest, `kithbook wake {who}` if they live",
        ]
    return lines


def _ask_all(
    session: Session,
    connection: "duckdb.DuckDBPyConnection",
    pairs: list[dict[str, Any]],
    dead: list[dict[str, Any]],
) -> int:
    print(f"{count(len(pairs) + len(dead), 'question')}; one key each.")
    answered = 0
    for one in pairs:
        question = [
            *_portrait(connection, one["person_id"], one["person_name"]),
            *_portrait(connection, one["other_id"], one["other_name"]),
            f"One human? What speaks for it: {plain(one['reason'])}.",
        ]
        verb = _ask(question, PAIR_KEYS, PAIR_VERBS, _read_line)
        if verb == "q":
            return answered
        if verb:
            _note(session, connection, verb, one["person_id"], one["other_id"])
            answered += 1
    for one in dead:
        question = [
            *_portrait(connection, one["person_id"], one["display_name"]),
            "A card says that they died; nothing is written about them.",
        ]
        verb = _ask(question, DECEASED_KEYS, DECEASED_VERBS, _read_line)
        if verb == "q":
            return answered
        if verb:
            _note(session, connection, verb, one["person_id"])
            answered += 1
    print(f"\n{count(answered, 'answer')} noted. The next sync acts on them; `undo` takes back.")
    return answered


def _portrait(connection: "duckdb.DuckDBPyConnection", person_id: int, name: str) -> list[str]:
    rows = connection.execute(DETAILS, [person_id]).fetchall()
    lines = ["", f"{plain(name)}  (id {person_id})"]
    lines += [f"  {field:<13}{plain(value)}  ({plain(source)})" for field, value, source in rows]
    return lines


def _ask(
    question: list[str], keys: str, verbs: dict[str, str], read: Callable[[], str]
) -> str | None:
    """The verb answered, None to pass over, `q` to stop."""
    print("\n".join(question))
    while True:
        print(keys)
        sys.stdout.write("  > ")
        sys.stdout.flush()
        answer = read().strip().lower()
        if answer in {"", "q"}:
            return answer or None
        if answer in verbs:
            return verbs[answer]


def _note(
    session: Session,
    connection: "duckdb.DuckDBPyConnection",
    verb: str,
    person_id: int,
    other_id: int | None = None,
) -> None:
    who = people.who(connection, person_id)
    other = people.who(connection, other_id) if other_id is not None else None
    decisions.append(
        session.folder.path, Decision(verb, who=who, other=other), saying.clock(session)
    )


def _answered(session: Session) -> set[frozenset[str]]:
    """What stands already, by the keys that name the people: the last build may not know it."""
    said = list(decisions.read(session.folder.path))
    return {
        frozenset(who.keys[0] for who in (one.who, one.other) if who and who.keys)
        for one in said
        if one.verb in {*PAIR_VERBS.values(), *DECEASED_VERBS.values(), "split"}
        and decisions.stands(said, one.decision_id)
    }


def _keys(connection: "duckdb.DuckDBPyConnection", *ids: int) -> frozenset[str]:
    found = [people.who(connection, person_id).keys for person_id in ids]
    return frozenset(keys[0] for keys in found if keys)


def _read_line() -> str:
    return sys.stdin.readline() or "q"
