"""`kithbook choose`: the thirty or so likeliest people, one key each."""

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connectors.errors import UsageError
from pipeline import people
from pipeline.book import decisions, decisions_since_build
from pipeline.book.decisions import Decision
from pipeline.book.queries import query
from pipeline.command_session import Session, rows_as_dicts
from pipeline.commands import record_decision
from pipeline.terminal import parse_durations
from pipeline.terminal.printing import ask, say
from pipeline.terminal.terminal_text import count, day, plain

if TYPE_CHECKING:
    import duckdb


KEYS = """  k  keep in touch, as often as proposed
  k 2 months   … or that often
  i  in touch anyway: only birthdays
  n  not now
  x  never remind me
  q  enough for today"""

VERBS = {"k": "keep", "i": "in_touch", "n": "not_now", "x": "never"}

DECIDED = frozenset({*VERBS.values(), "mute"})
"""After one of these nobody is asked about again."""


def command(
    context: typer.Context,
    keep: Annotated[
        list[str] | None, typer.Option(help="Keep in touch with this person; may be repeated.")
    ] = None,
) -> None:
    """Choose whom to keep in touch with: one key a person.

    Example: kithbook choose
    """
    choose(context.obj, keep=keep)


def choose(session: Session, *, keep: list[str] | None = None) -> int:
    """Ask about each candidate on the terminal; or `keep` the named people. Returns how many.

    :raises UsageError: nobody to ask (no terminal) and nobody named; the book is of another day.
    """
    with session.looking() as connection:
        if keep:
            return _keep(session, connection, keep)
        # as the file of decisions has it: the book may not know of the last answers yet
        decided = decisions_since_build.spoken_of(connection, session.folder.path, DECIDED)
        found = rows_as_dicts(connection.execute(query("choose_candidates"), [decided]))
        if not found:
            say(*_nobody(connection))
            return 0
        if not sys.stdin.isatty():
            raise UsageError(
                "`choose` asks one key a person, and there is no terminal to ask on.",
                "Name them: `kithbook choose --keep ana@example.org --keep rui`.",
            )
        row = connection.execute("select as_of_date from main.settings").fetchone()
        today = row[0] if row else date.today()  # noqa: DTZ011 (only to write the year)
        return _ask_all(session, connection, found, today)


def _nobody(connection: "duckdb.DuckDBPyConnection") -> list[str]:
    """Why nobody is asked about: nobody was met, or all were decided on."""
    if connection.execute("select 1 from main.ties limit 1").fetchone():
        return ["Nobody new to choose: you have decided about everybody you meet."]
    return [
        "Nobody to choose yet: no contact with anybody is known. Import a calendar too,",
        "or name somebody: `kithbook choose --keep NAME`.",
    ]


def _ask_all(
    session: Session,
    connection: "duckdb.DuckDBPyConnection",
    found: list[dict[str, Any]],
    today: date,
) -> int:
    met = count(len(found), "person", "people")
    say(f"The {met} you have met most. One key for each, then Enter:", KEYS, "")
    chosen = 0
    for number, one in enumerate(found, 1):
        verb, every = _ask(number, len(found), one, today)
        if verb == "q":
            break
        if verb:
            who = people.who(connection, one["person_id"])
            said = Decision(verb, who=who, every_days=every)
            decisions.append(session.folder.path, said, record_decision.clock(session))
            chosen += 1
    say("", *record_decision.noted(chosen))
    return chosen


def _ask(number: int, total: int, one: dict[str, Any], today: date) -> tuple[str, int | None]:
    """The answer as a verb (empty: passed over) and a cadence in days."""
    say(f"{number}/{total}  {plain(one['display_name'])}  {_facts(one, today)}")
    say(f"      k = {_proposal(one)}")
    while True:
        try:
            answer = ask("      > ").lower()
        except EOFError:
            return "q", None
        key, _, rest = answer.partition(" ")
        if key in {"", "q"}:
            return key, None
        if key in VERBS and (not rest or key == "k"):
            try:
                return VERBS[key], parse_durations.days(rest) if rest else None
            except UsageError as error:
                say(f"      {error} {error.hint}")
                continue
        say(KEYS)


def _facts(one: dict[str, Any], today: date) -> str:
    parts = [
        plain(one["organization"]) if one["organization"] else "",
        f"{count(one['contact_day_count'], 'day')} in contact" if one["contact_day_count"] else "",
        f"last {day(one['last_contact_date'], today)}" if one["last_contact_date"] else "",
    ]
    return " · ".join(part for part in parts if part)


def _proposal(one: dict[str, Any]) -> str:
    """How often `k` alone means: what the circle says, else about as often as so far."""
    if one["circle_days"]:
        return f"every {parse_durations.every(round(one['circle_days']))}, as the circle says"
    said = plain(one["usual_words"])
    return f"{said.removeprefix('usually ')}, as so far" if said.startswith("usually") else said


def _keep(session: Session, connection: "duckdb.DuckDBPyConnection", keep: list[str]) -> int:
    found = [people.find(connection, text) for text in keep]
    for person_id in dict.fromkeys(found):
        who = people.who(connection, person_id)
        decisions.append(
            session.folder.path, Decision("keep", who=who), record_decision.clock(session)
        )
        tie = rows_as_dicts(connection.execute(query("choose_proposed"), [person_id]))
        often = f", {_proposal(tie[0])}" if tie else ""
        say(f"To keep in touch with: {plain(who.name)}{often}.")
    say(*record_decision.noted(len(set(found))))
    return len(found)
