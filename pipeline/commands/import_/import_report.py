"""What `kithbook import` prints: what came of each file, and the first screen."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipeline.book.queries import query
from pipeline.command_session import Session
from pipeline.commands.import_ import next_steps
from pipeline.commands.import_.import_plan import ImportPlan
from pipeline.commands.import_.past_imports import Import, name_of, stem
from pipeline.commands.import_.replace_import import Overlap
from pipeline.config import Source
from pipeline.sync.pull_outcome import Outcome
from pipeline.terminal.printing import say, show_wrapped
from pipeline.terminal.terminal_text import count, day, plain

if TYPE_CHECKING:
    import duckdb

MAX_REASONS = 10

MAX_NAMES = 20
"""Of those who would be gone, how many are named."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What the data folder holds of one import."""

    contacts: int
    groups: int
    meetings: int
    with_people: int
    first_date: date | None
    last_date: date | None


def count_source(state: "duckdb.DuckDBPyConnection", source: str) -> Counted:
    """What the state holds of a source."""
    cards = state.execute(query("import_count_cards"), [source]).fetchone() or (0, 0)
    met = state.execute(query("import_count_meetings"), [source]).fetchone() or (0, 0, None, None)
    return Counted(*cards, *met)


def reject_reasons(state: "duckdb.DuckDBPyConnection", source: str) -> list[str]:
    """Why something of a source could not be read, for a rehearsal that keeps no rejects."""
    rows = state.execute(query("import_rejects"), [source]).fetchall()
    lines = [
        f"    {plain(href)}: {plain(why)}" if href else f"    {plain(why)}" for href, why in rows
    ]
    more = [f"    … and {len(lines) - MAX_REASONS:,} more"] if len(lines) > MAX_REASONS else []
    return lines[:MAX_REASONS] + more


def import_lines(
    source: Source,
    path: Path,
    outcome: Outcome,
    numbers: Counted,
    reasons: Sequence[str] | None = None,
) -> list[str]:
    """What came of one file; the numbers add up.

    :param reasons: in a rehearsal: the lines to print in place of the command that shows them.
    """
    if outcome.error:
        return []
    parts = []
    if cards := numbers.contacts + numbers.groups + _rejected(outcome, numbers):
        kinds = [
            count(numbers.contacts, "person's card", "people's cards"),
            count(numbers.groups, "group") if numbers.groups else "",
            f"{_rejected(outcome, numbers)} rejected" if _rejected(outcome, numbers) else "",
        ]
        if numbers.contacts or numbers.groups:
            parts.append(f"{count(cards, 'card')}: {', '.join(one for one in kinds if one)}")
    if numbers.meetings:
        first, last = numbers.first_date, numbers.last_date
        span = f" from {first} to {last}" if first else ""
        parts.append(
            f"{count(numbers.meetings, 'meeting')}, {numbers.with_people:,} with other people{span}"
        )
    lines = [f"{plain(name_of(path))}: {'; '.join(parts) or 'nothing that kithbook can use'}"]
    if outcome.unchanged:
        lines.append(
            f"  an earlier try was interrupted: {count(outcome.unchanged, 'item')} "
            f"had come in then, {outcome.changed:,} now"
        )
    if outcome.rejected or outcome.warned or outcome.guessed:
        command = f" `kithbook rejects --source {plain(source.name)}`" if reasons is None else ""
        parts = [
            f"{count(outcome.rejected, 'item')} could not be read" if outcome.rejected else "",
            f"{count(outcome.guessed, 'line')} read as windows-1252" if outcome.guessed else "",
            f"{count(outcome.warned, 'note')} on what came in" if outcome.warned else "",
        ]
        lines.append(f"  {', '.join(part for part in parts if part)}:{command}")
        lines.extend(reasons or ())
    return lines


def name_lines(plan: ImportPlan, *, always: bool = False) -> list[str]:
    """What the import is called, where that is not as its file is, or always."""
    wanted, given = plain(stem(plan.wanted_name)), plain((plan.known or plan.entry).name)
    if given == wanted:
        return [f"  its name: {given}"] if always else []
    return [f"  an import called {wanted} is there already and stays; this one is {given}"]


def overlap_lines(found: Overlap, zone: ZoneInfo, today: date) -> list[str]:
    """How much of an older import stands in the new one, and by name what does not."""
    older = f"{plain(found.older.name)} (imported on {found.older.day(zone, today)})"
    share = _share(found, "of the")
    return [f"  It also has {share} of {older}.", *_missing_lines(found, "Not in it")]


def refused_line(target: Import, newer: Import) -> str:
    """That nothing was replaced by what could not be read as a whole."""
    return (
        f"  {plain(target.name)} was not replaced; what could be read of the file is in as "
        f"{plain(newer.name)}."
    )


def keeps_both_line(plan: ImportPlan, older: Import) -> str:
    """That both are kept, and how to replace the older one."""
    name = plain(older.name)
    replaces = next_steps.command([plan.path], *plan.options, "--replace", shlex.quote(name))
    return f"  Both are kept. To have it take the place of {name}: {replaces}"


def question(older: Import) -> str:
    """Whether the new one is to take its place."""
    name = plain(older.name)
    return f"  Let it take the place of {name}? (`--undo` brings it back.) Enter keeps both. [y/N] "


def would_ask_line(older: Import) -> str:
    """What a rehearsal says in place of the question."""
    return f"  You would be asked whether it takes the place of {plain(older.name)}."


def replaced_lines(found: Overlap, zone: ZoneInfo, today: date) -> list[str]:
    """What it took the place of, what of that is gone, and how to have it back."""
    name = plain(found.older.name)
    when = found.older.day(zone, today)
    return [
        f"  It takes the place of {name} (imported on {when}) and has {_share(found, 'of its')}.",
        *_missing_lines(found, "Not in it"),
        f"  `kithbook import --undo {shlex.quote(name)}` brings back what was there.",
    ]


def _share(found: Overlap, of_the: str) -> str:
    """How many of its cards and events go on."""
    kinds = [
        (found.cards_going_on, found.cards, "card"),
        (found.events_going_on, found.events, "event"),
    ]
    parts = [f"{some:,} {of_the} {count(of, kind)}" for some, of, kind in kinds if of]
    return " and ".join(parts) or "nothing"


def _missing_lines(found: Overlap, words: str) -> list[str]:
    names = [plain(name) for name in found.missing[:MAX_NAMES]]
    if more := len(found.missing) - len(names):
        names.append(f"{more:,} more")
    if found.missing_events:
        names.append(count(found.missing_events, "event"))
    return [f"  {words}: {', '.join(names)}."] if names else []


def rejects_lines(outcome: Outcome) -> list[str]:
    """Under which name what could not be read is found, once an import has another's name."""
    if not outcome.rejected and not outcome.warned:
        return []
    return [f"  `kithbook rejects --source {plain(outcome.source)}` shows what could not be read."]


def known_line(plan: ImportPlan, zone: ZoneInfo, today: date) -> str:
    """That nothing is to be done for a file."""
    known, file = plan.known, plain(plan.entry.file)
    if known is None:
        return ""
    if known.source == plan.entry.source:
        return f"{file}: the same as another file of this command; it came in once"
    when = known.day(zone, today)
    told = f"{file}: already imported on {when} as {plain(known.name)}"
    return f"{told}; nothing changed" if plan.is_done else told


def _rejected(outcome: Outcome, numbers: Counted) -> int:
    return outcome.rejected if numbers.contacts or not numbers.meetings else 0


def print_first_screen(session: Session) -> None:
    """The people, where everything is, and what to type next."""
    with session.published() as connection:
        counts = connection.execute(query("import_known")).fetchone() or (0, 0, 0, 0)
        closest = connection.execute(query("import_closest")).fetchall()
        due = connection.execute(query("import_would_be_due")).fetchall()
        row = connection.execute("select as_of_date from main.settings").fetchone()
    today = row[0] if row else date.max
    lines = ["", _known_line(*counts)]
    if closest:
        lines.append("Closest to you:")
        lines += [
            f"  {plain(name)}: {count(days, 'day')} in contact, last on {day(last, today)}"
            for name, last, days in closest
        ]
    if due:
        lines.append("Due, if you chose them:")
        lines += [
            f"  {plain(name)}: last on {day(last, today)}, {plain(usual)}"
            for name, last, usual in due
        ]
    show_wrapped(lines)
    say("", f"Everything is in {session.folder.path}; nothing was written anywhere else.")
    looks = "`kithbook choose` (whom to keep in touch with), `kithbook show NAME`"
    if not closest:
        looks = "import a calendar too (when you met whom), `kithbook show NAME`"
    if session.config_path.exists():
        say(f"Next: {looks}, `kithbook due`.")
    else:
        say(f"Next: {looks}, `kithbook init` (connect your calendar).")


def _known_line(people: int, known: int, others: int, meetings: int) -> str:
    """How many there are, and how many of them the calendar knows, where there is one."""
    if not meetings:
        return f"{count(people, 'person', 'people')} in the book."
    if not people:
        return f"{count(others, 'person', 'people')} in the calendar, nobody in an address book."
    more = f", and {others:,} more" if others else ""
    many = count(people, "person", "people")
    return f"{many} in the book; the calendar knows {known:,} of them{more}."
