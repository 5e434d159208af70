"""`kithbook review`: what only the user can tell: one human or two, and who is no longer alive."""

import sys
from typing import TYPE_CHECKING, Any

from pipeline import decisions, people
from pipeline.deciding import saying
from pipeline.decisions import Decision
from pipeline.printing import ask, say, show, show_json
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
    with session.looking() as connection:
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
            show_json({"merge_candidates": pairs, "deceased_hints": dead})
            return 0
        if not pairs and not dead:
            say("Nothing to review.")
            return 0
        if not sys.stdin.isatty():
            show(*listing(pairs, dead))
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
    say(f"{count(len(pairs) + len(dead), 'question')}; one key each, then Enter.")
    questions = [
        (
            [
                *_portrait(connection, one["person_id"], one["person_name"]),
                *_portrait(connection, one["other_id"], one["other_name"]),
                f"One human? What speaks for it: {plain(one['reason'])}.",
            ],
            (PAIR_KEYS, PAIR_VERBS),
            (one["person_id"], one["other_id"]),
        )
        for one in pairs
    ] + [
        (
            [
                *_portrait(connection, one["person_id"], one["display_name"]),
                "A card says that they died; nothing is written about them.",
            ],
            (DECEASED_KEYS, DECEASED_VERBS),
            (one["person_id"],),
        )
        for one in dead
    ]
    answered = 0
    for question, (keys, verbs), ids in questions:
        verb = _ask(question, keys, verbs)
        if verb == "q":
            break
        if verb:
            _note(session, connection, verb, *ids)
            answered += 1
    say("", *saying.noted(answered))
    return answered


def _portrait(connection: "duckdb.DuckDBPyConnection", person_id: int, name: str) -> list[str]:
    rows = connection.execute(DETAILS, [person_id]).fetchall()
    lines = ["", f"{plain(name)}  (id {person_id})"]
    lines += [f"  {field:<13}{plain(value)}  ({plain(source)})" for field, value, source in rows]
    return lines


def _ask(question: list[str], keys: str, verbs: dict[str, str]) -> str | None:
    """The verb answered, None to pass over, `q` to stop."""
    say(*question)
    while True:
        say(keys)
        try:
            answer = ask("  > ").lower()
        except EOFError:
            return "q"
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
