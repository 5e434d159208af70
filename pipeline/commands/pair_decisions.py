"""What the user says of two people, or of two cards: introduce, merge, split, never the same."""

import sys
from typing import Any

from connectors.errors import UsageError
from pipeline import people
from pipeline.book.decisions import Decision, Who
from pipeline.book.queries import query
from pipeline.commands import person_decisions
from pipeline.session import Session, rows_as_dicts
from pipeline.terminal.printing import ask
from pipeline.terminal.terminal_text import plain


def introduce(session: Session, person: str, other: str) -> Decision:
    """A follow-up to bring two people together."""
    one, another = _two(session, person, other)
    return person_decisions.say(
        session,
        Decision("introduce", who=one, other=another),
        f"To do: introduce {plain(one.name)} and {plain(another.name)} to each other.",
    )


def merge(session: Session, person: str, other: str) -> Decision:
    """Two entries are one human from now on."""
    one, another = _two(session, person, other)
    return person_decisions.say(
        session,
        Decision("merge", who=one, other=another),
        f"{plain(one.name)} and {plain(another.name)} are the same person.",
    )


def never_same(session: Session, person: str, other: str) -> Decision:
    """Two entries are never one human."""
    one, another = _two(session, person, other)
    return person_decisions.say(
        session,
        Decision("never_same", who=one, other=another),
        f"{plain(one.name)} and {plain(another.name)} are two people, and stay two.",
    )


def split(session: Session, person: str, card: int | None) -> Decision:
    """One card leaves the person it was taken for; asks which one on a terminal.

    :raises UsageError: they have one card, or nobody says which leaves.
    """
    with session.published() as connection:
        person_id = people.find(connection, person)
        who = people.who(connection, person_id)
        found = rows_as_dicts(connection.execute(query("split_records"), [person_id]))
    if len(found) < 2:
        raise UsageError(
            f"{plain(who.name)} is known from one card only: there is nothing to split.",
            "`kithbook show` says from where everybody is known.",
        )
    number = card if card is not None else _ask(who, found)
    if not 1 <= number <= len(found):
        raise UsageError(
            f"{plain(who.name)} has no card {number}; there are {len(found)}:\n{_listing(found)}",
            f"Nothing was changed; give a number from 1 to {len(found)} with --card.",
        )
    leaves = found.pop(number - 1)
    return person_decisions.say(
        session,
        Decision(
            "split",
            who=Who(", ".join(_values(leaves)), tuple(leaves["record_keys"])),
            other=Who(who.name, tuple(key for one in found for key in one["record_keys"])),
        ),
        f"Card {number} ({_said(leaves)}) belongs to somebody else, not to {plain(who.name)}.",
    )


def _two(session: Session, person: str, other: str) -> tuple[Who, Who]:
    with session.published() as connection:
        ids = [people.find(connection, text) for text in (person, other)]
        if ids[0] == ids[1]:
            raise UsageError(
                f'"{plain(person)}" and "{plain(other)}" are the same entry.',
                "Nothing was changed; give the ids to be exact.",
            )
        return people.who(connection, ids[0]), people.who(connection, ids[1])


def _ask(who: Who, found: list[dict[str, Any]]) -> int:
    question = f"{plain(who.name)} is known from:\n{_listing(found)}\n"
    if not sys.stdin.isatty():
        raise UsageError(f"{question}Which one is somebody else's?", "Give its number with --card.")
    try:
        answer = ask(f"{question}Which one is somebody else's? ")
    except EOFError:
        answer = ""
    if not answer.isdecimal():
        raise UsageError("Nobody was chosen.", "Nothing was changed.")
    return int(answer)


def _listing(found: list[dict[str, Any]]) -> str:
    return "\n".join(f"  {number}  {_said(one)}" for number, one in enumerate(found, 1))


def _said(one: dict[str, Any]) -> str:
    return f"{plain(one['source'])}: " + ", ".join(plain(text) for text in _values(one))


def _values(one: dict[str, Any]) -> list[str]:
    """What a card says, the name first, each thing once."""
    return list(dict.fromkeys(one["said"] or []))
