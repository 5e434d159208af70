"""`kithbook split`: a card is somebody else's; or two entries are never the same human."""

import sys
from typing import Annotated, Any

import typer

from connectors.errors import UsageError
from pipeline import people
from pipeline.book.decisions import Decision, Who
from pipeline.book.queries import query
from pipeline.command_session import Session, rows_as_dicts
from pipeline.commands import record_decision
from pipeline.commands.options import Person
from pipeline.terminal.printing import ask
from pipeline.terminal.terminal_text import plain


def command(
    context: typer.Context,
    person: Person,
    other: Annotated[str | None, typer.Argument(help="Two people: never the same.")] = None,
    card: Annotated[int | None, typer.Option(help="Which card is somebody else's.")] = None,
) -> None:
    """One card is somebody else's; or two people are never the same.

    Example: kithbook split ana --card 2
    """
    if other is None:
        split(context.obj, person, card)
    else:
        never_same(context.obj, person, other)


def never_same(session: Session, person: str, other: str) -> Decision:
    """Two entries are never one human."""
    one, another = record_decision.two_people(session, person, other)
    return record_decision.say(
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
    return record_decision.say(
        session,
        Decision(
            "split",
            who=Who(", ".join(_values(leaves)), tuple(leaves["record_keys"])),
            other=Who(who.name, tuple(key for one in found for key in one["record_keys"])),
        ),
        f"Card {number} ({_said(leaves)}) belongs to somebody else, not to {plain(who.name)}.",
    )


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
