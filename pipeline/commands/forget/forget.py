"""`kithbook forget PERSON`: all that is kept of somebody is deleted here, for good.

Their cards and what hangs on them, the meetings that were theirs alone, their address and name in
the meetings with others, their tasks, what was decided about them, the kept copies of the
published file and the page of `report`. The sources are not ours to change, so two things keep
somebody from coming back: of each of their items the bare href and etag stay (where the href does
not tell the name), so that it is not fetched again until it changes there; and what comes all the
same is at rest, by fingerprints (SHA-256) of the addresses and cards, which hold no name.
`kithbook wake` ends that.
"""

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import people
from pipeline.book import decisions, duckdb_instances, resting_people, run_lock, run_log, state_file
from pipeline.book.decisions import Decision, Who
from pipeline.book.queries import query
from pipeline.command_session import Session
from pipeline.commands import record_decision
from pipeline.commands.forget import delete_person
from pipeline.commands.forget.scrub_event import Traces
from pipeline.commands.options import Sure, Wait
from pipeline.config import Config
from pipeline.sync import digest, run
from pipeline.terminal.printing import confirm, say
from pipeline.terminal.terminal_text import count, plain

if TYPE_CHECKING:
    import duckdb

NAMELESS = "somebody forgotten"

TABLES = (
    *resting_people.TABLES,
    "history.contact_days",
    "history.interactions",
    "staging.card_emails",
    "staging.card_phones",
    "staging.meetings",
)
"""What tells who they are, and what is theirs."""


def command(
    context: typer.Context,
    person: Annotated[list[str], typer.Argument(help="Part of the name, an e-mail, or the id.")],
    yes: Sure = False,
    wait: Wait = False,
) -> None:
    """Delete all that is kept of somebody, for good.

    `rest` only hides. Your address book and calendar are not changed; what they still send of
    them is kept out of every list.

    Example: kithbook forget ana@example.org
    """
    forget(context.obj, " ".join(person), yes=yes, wait=wait)


@dataclass(frozen=True, slots=True)
class ForgetQuestion:
    """What the question says."""

    name: str
    cards: int
    days: int


def forget(session: Session, text: str, *, yes: bool = False, wait: bool = False) -> None:
    """Ask, delete, build and publish again.

    :raises UsageError: no such person, or nobody said yes.
    :raises LockHeld: a run is working; nothing was deleted.
    """
    config, folder = session.config_or_guess(), session.folder
    with resting_people.layers(session, "forget", TABLES, wait=wait) as connection:
        person_id = people.find(connection, text, people.LAYERS)
        asked = _asked(connection, person_id)
        traces = _traces(connection, person_id, asked.name)
    _ask(asked, yes=yes)
    with run_lock.acquire(folder, "forget", wait):
        state = state_file.open_state(folder, config.owner.time_zone)
        try:
            with duckdb_instances.transaction(state):
                erased = delete_person.erase(state, traces)
        finally:
            state.close()
        _forget_decisions(session, traces)
        run_log.drop_words(folder)
        digest.forget_words(folder)
        state_file.rewrite_state(folder)
    run.rebuild(config, session.now(config.owner.zone), wait=True, command="forget")
    shutil.rmtree(folder.path / "kept", ignore_errors=True)
    folder.report.unlink(missing_ok=True)
    say(*told(erased, traces, config))


def told(erased: delete_person.Erased, traces: Traces, config: Config) -> list[str]:
    """What is gone, and what only the user can do."""
    lines = [
        (
            f"Gone: {count(erased.cards, 'card')}, {count(erased.meetings, 'event')} of their own, "
            f"their name in {count(erased.scrubbed, 'other')}, "
            f"{count(erased.tasks + erased.standing_tasks, 'task')}."
        )
    ]
    if erased.standing_tasks:
        lines.append("The task that stands in your list goes with the next sync.")
    written = config.path.read_text("utf-8").casefold() if config.path else ""
    if any(name.casefold() in written for name in traces.full_names):
        lines.append(f"{config.path} names them: take that out by hand.")
    lines.append(
        "Your address book and calendar are as they were; what they still send of them is kept "
        "out of every list."
    )
    return lines


def _asked(connection: "duckdb.DuckDBPyConnection", person_id: int) -> ForgetQuestion:
    row = connection.execute(query("forget_asked"), [person_id]).fetchone()
    name, cards, days = row or ("", 0, 0)
    return ForgetQuestion(str(name), int(cards), int(days))


def _ask(asked: ForgetQuestion, *, yes: bool) -> None:
    if yes:
        return
    confirm(
        f"{plain(asked.name)}: {count(asked.cards, 'card')}, {count(asked.days, 'day')} in "
        "contact. Everything kept of them is deleted; this cannot be undone (`rest` only hides).",
        "Delete all of it?",
    )


def _traces(connection: "duckdb.DuckDBPyConnection", person_id: int, name: str) -> Traces:
    """By what they are found in the state file."""
    row = connection.execute(query("forget_traces"), [person_id]).fetchone()
    records, keys, names, emails, phones, titled_items = row or ([], [], [], [], [], [])
    own = {key.removeprefix("email ") for key in keys if key.startswith("email ")}
    return Traces(
        person_id=person_id,
        records=tuple(records),
        keys=tuple(keys),
        names=tuple({*names, name}),
        emails=tuple({*emails, *own}),
        phones=tuple(phones),
        titled_items=tuple(titled_items),
    )


def _forget_decisions(session: Session, traces: Traces) -> None:
    """Take out what was decided about them, and note the fingerprints that keep them out."""
    keys = {*traces.keys, *(f"email {email}" for email in traces.emails)}

    def is_about(one: Decision) -> bool:
        return any(keys & set(who.keys) for who in (one.who, one.other) if who)

    decisions.take_out(session.folder.path, is_about)
    for key in sorted(keys):
        note = Who(NAMELESS, (decisions.fingerprint(key),))
        decisions.append(
            session.folder.path, Decision("rest", who=note), record_decision.clock(session)
        )
