"""`kithbook undo`: what was said is taken back, and what was taken back can be said again."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from connectors.errors import UsageError
from pipeline.book import decisions
from pipeline.book.decisions import FINGERPRINT, Decision
from pipeline.command_session import Session
from pipeline.commands import record_decision
from pipeline.commands.options import Json
from pipeline.terminal.decision_words import SENTENCES, sentence
from pipeline.terminal.printing import say, show_json, show_table
from pipeline.terminal.terminal_text import plain

AT_MOST = 10


def command(
    context: typer.Context,
    decision: Annotated[str | None, typer.Argument(help="Its id; default: the last.")] = None,
    listing: Annotated[bool, typer.Option("--list", help="The last ten.")] = False,
    as_json: Json = False,
) -> None:
    """Take back the last thing you said, or the one named.

    Example: kithbook undo --list
    """
    if listing:
        show_decisions(context.obj, as_json=as_json)
    else:
        undo(context.obj, decision)


def undo(session: Session, decision_id: str | None = None) -> Decision:
    """Take back the last decision that stands, or the one whose id begins so.

    What `forget` noted is only taken back by its id.

    :raises UsageError: there is none, several, or it was taken back before.
    """
    said = [one for one in decisions.read(session.folder.path) if one.verb in SENTENCES]
    one = _last(said) if decision_id is None else _named(said, decision_id)
    if one.decision_id not in decisions.standing(said):
        raise UsageError(
            f'"{sentence(one)}" was taken back before.',
            f"`kithbook undo {decisions.end_of_chain(said, one.decision_id)}` says it again.",
        )
    taken = Decision("undo", undoes=decisions.end_of_chain(said, one.decision_id))
    return record_decision.say(session, taken, f"Taken back: {sentence(one)}.")


def show_decisions(session: Session, *, as_json: bool = False) -> None:
    """Print the last ten, newest first."""
    said = [one for one in decisions.read(session.folder.path) if one.verb in SENTENCES]
    found = said[: -AT_MOST - 1 : -1]
    standing = decisions.standing(said)
    if as_json:
        show_json([{**asdict(one), "stands": one.decision_id in standing} for one in found])
        return
    if not found:
        say("You have not noted anything yet.")
        return
    zone = session.config_or_guess().owner.zone
    lines = [
        (
            one.decision_id,
            f"{datetime.fromisoformat(one.decided_at).astimezone(zone):%Y-%m-%d %H:%M}",
            sentence(one),
            "" if one.decision_id in standing else "taken back",
        )
        for one in found
    ]
    show_table(("id", "said", "what", ""), lines)


def _last(said: Sequence[Decision]) -> Decision:
    standing = decisions.standing(said)
    for one in reversed(said):
        is_forgotten = one.who and one.who.keys and one.who.keys[0].startswith(FINGERPRINT)
        if one.verb != "undo" and not is_forgotten and one.decision_id in standing:
            return one
    raise UsageError(
        "There is nothing to take back.",
        "`kithbook undo --list` shows what you noted.",
    )


def _named(said: Sequence[Decision], text: str) -> Decision:
    found = [one for one in said if one.decision_id.startswith(text)]
    if len(found) != 1:
        many = f"{len(found)} decisions begin" if found else "No decision begins"
        raise UsageError(f'{many} with "{plain(text)}".', "`kithbook undo --list` has the ids.")
    return found[0]
