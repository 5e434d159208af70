"""`kithbook review`: what only the user can tell: one human or two, and who is no longer alive."""

import sys
from functools import partial
from typing import TYPE_CHECKING

import typer

from pipeline.book import decisions
from pipeline.book.queries import query
from pipeline.command_session import Session, rows_as_dicts
from pipeline.commands.options import Json
from pipeline.commands.review_questions import DECEASED_VERBS, PAIR_VERBS, Round, Row
from pipeline.terminal.printing import FIRST, say, say_more, show_json, show_wrapped
from pipeline.terminal.terminal_text import plain

if TYPE_CHECKING:
    import duckdb


Details = dict[int, list[str]]
"""Person → what is known of them, a line each."""


def command(context: typer.Context, as_json: Json = False) -> None:
    """Who may be the same person, and who may have died: one key each.

    Example: kithbook review
    """
    review(context.obj, as_json=as_json)


def review(session: Session, *, as_json: bool = False) -> int:
    """Ask about each pair and each death that a card tells of; returns how many were answered.

    Without a terminal the first questions are printed, with what is known and the commands that
    answer them.
    """
    with session.looking() as connection:
        pairs, dead = _unanswered(
            session,
            connection,
            rows_as_dicts(connection.execute(query("review_pairs"))),
            rows_as_dicts(connection.execute(query("review_deceased"))),
        )
        if as_json:
            show_json({"merge_candidates": pairs, "deceased_hints": dead})
            return 0
        if not pairs and not dead:
            say("Nothing to review.")
            return 0
        if not sys.stdin.isatty():
            shown = [*pairs, *dead][:FIRST]
            details = _details(connection, shown)
            show_wrapped(line for one in shown for line in question(one, details))
            say_more(len(pairs) + len(dead), "review")
            return 0
        # Looked up when it is asked: however many wait, the first is asked at once.
        portraits = partial(_portrait, connection)
        return Round(session, connection, [*pairs, *dead], portraits).ask_all()


def question(one: Row, details: Details) -> list[str]:
    """A question with what is known, and the commands that answer it."""
    lines = [*_portraits(one, details)]
    if "other_id" in one:
        ids = f"{one['person_id']} {one['other_id']}"
        lines += [
            f"The same person? Evidence: {plain(one['reason'])}.",
            f"  `kithbook merge {ids}` if one, `kithbook split {ids}` if two",
        ]
    else:
        who = one["person_id"]
        lines += [
            "A card says they have died.",
            f"  `kithbook rest {who}` lets them rest, `kithbook wake {who}` if they live",
        ]
    return [*lines, ""]


def _portraits(one: Row, details: Details) -> list[str]:
    named = [(one["person_id"], one.get("person_name") or one.get("display_name"))]
    if "other_id" in one:
        named.append((one["other_id"], one["other_name"]))
    lines = []
    for person_id, name in named:
        lines += [f"{plain(name)}  (id {person_id})", *details.get(person_id, [])]
    return lines


def _portrait(connection: "duckdb.DuckDBPyConnection", one: Row) -> list[str]:
    return _portraits(one, _details(connection, [one]))


def _details(connection: "duckdb.DuckDBPyConnection", found: list[Row]) -> Details:
    details: Details = {}
    rows = connection.execute(query("review_details"), [_ids(found)]).fetchall()
    for person_id, field, value, source in rows:
        line = f"  {field:<13}{plain(value)}  ({plain(source)})"
        details.setdefault(person_id, []).append(line)
    return details


def _ids(found: list[Row]) -> list[int]:
    return [one[name] for one in found for name in ("person_id", "other_id") if name in one]


def _unanswered(
    session: Session, connection: "duckdb.DuckDBPyConnection", *lists: list[Row]
) -> list[list[Row]]:
    """Those of each list that were not answered since the last build, which may not know it."""
    said = list(decisions.read(session.folder.path))
    standing = decisions.standing(said)
    answered = {
        frozenset(who.keys[0] for who in (one.who, one.other) if who and who.keys)
        for one in said
        if one.verb in {*PAIR_VERBS.values(), *DECEASED_VERBS.values(), "split"}
        and one.decision_id in standing
    }
    ids = [person_id for found in lists for person_id in _ids(found)]
    keys = dict(connection.execute(query("review_first_keys"), [ids]).fetchall())
    return [
        [
            one
            for one in found
            if frozenset(keys[person_id] for person_id in _ids([one]) if person_id in keys)
            not in answered
        ]
        for found in lists
    ]
