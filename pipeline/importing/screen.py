"""What `kithbook import` prints: what came of each file, and the first screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipeline.config import Source
from pipeline.importing.imports import name_of, stem
from pipeline.importing.planning import Plan
from pipeline.printing import say, show
from pipeline.pull import Outcome
from pipeline.session import Session
from pipeline.text import count, day, plain

if TYPE_CHECKING:
    import duckdb

MAX_REASONS = 10


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
    cards = state.execute(
        "select count(*) filter (where kind <> 'group'), count(*) filter (where kind = 'group')"
        " from raw.contacts where source = $1 and gone_at is null",
        [source],
    ).fetchone() or (0, 0)
    met = state.execute(
        "select count(*), count(*) filter (where len(attendees) > 0),"
        " min(coalesce(start_date, starts_at::date)) filter (where len(attendees) > 0),"
        " max(coalesce(start_date, starts_at::date)) filter (where len(attendees) > 0)"
        " from raw.meetings where source = $1 and gone_at is null",
        [source],
    ).fetchone() or (0, 0, None, None)
    return Counted(*cards, *met)


def reject_reasons(state: "duckdb.DuckDBPyConnection", source: str) -> list[str]:
    """Why something of a source could not be read, for a rehearsal that keeps no rejects."""
    rows = state.execute(
        "select href, reason from raw.rejects where source = $1"
        " order by is_warning, collection, href, reason",
        [source],
    ).fetchall()
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
    if outcome.rejected or outcome.warned:
        command = f" `kithbook rejects --source {plain(source.name)}`" if reasons is None else ""
        parts = [
            f"{count(outcome.rejected, 'item')} could not be read" if outcome.rejected else "",
            f"{count(outcome.warned, 'line')} of others passed over" if outcome.warned else "",
        ]
        lines.append(f"  {', '.join(part for part in parts if part)}:{command}")
        lines.extend(reasons or ())
    return lines


def name_lines(plan: Plan) -> list[str]:
    """What the import is called, where that is not as its file is."""
    wanted, given = plain(stem(plan.wanted_name)), plain(plan.entry.name)
    if given == wanted:
        return []
    return [f"  an import called {wanted} is there already and stays; this one is {given}"]


def known_line(plan: Plan, zone: ZoneInfo, today: date) -> str:
    """That nothing is to be done for a file."""
    known, file = plan.known, plain(plan.entry.file)
    if known is None:
        return ""
    if known.source == plan.entry.source:
        return f"{file}: the same as another file of this command; it came in once"
    when = known.day(zone, today)
    return f"{file}: already imported on {when} as {plain(known.name)}; nothing changed"


def _rejected(outcome: Outcome, numbers: Counted) -> int:
    return outcome.rejected if numbers.contacts or not numbers.meetings else 0


FIRST_NAMES = """
select people.display_name, ties.last_contact_date, ties.contact_day_count
from main.ties
inner join main.people on ties.person_id = people.person_id
where
    people.kind = 'person' and not people.is_owner and not people.is_colleague
    and not people.is_deceased_hint
    and ties.state in ('overdue', 'lapsed', 'dormant')
order by ties.best_layer_size, ties.strength_rank
limit 5
"""

KNOWN = """
select
    count(*) filter (where people.has_card),
    count(*) filter (where people.has_card and last_contacts.person_id is not null)
from main.people
left join main.last_contacts on people.person_id = last_contacts.person_id
where not people.is_owner and people.kind = 'person'
"""


def print_first_screen(session: Session) -> None:
    """The people it would perhaps name, where everything is, and what to type next."""
    with session.published() as connection:
        people, known = connection.execute(KNOWN).fetchone() or (0, 0)
        named = connection.execute(FIRST_NAMES).fetchall()
        row = connection.execute("select as_of_date from raw.settings").fetchone()
    today = row[0] if row else date.max
    many = count(people, "person", "people")
    show("", f"{many} in the book; the calendar knows {known:,} of them.")
    if named:
        show("If you asked to be reminded, these might come first:")
        for name, last, days in named:
            show(
                f"  {plain(name)}: nothing in the calendar since {day(last, today)}, "
                f"{count(days, 'day')} in contact before"
            )
    say("", f"Everything is in {session.folder.path}; nothing was written anywhere else.")
    if session.config_path.exists():
        say("Next: `kithbook choose` (whom to keep in touch with), `kithbook due`.")
    else:
        say(
            "Next: `kithbook init` (connect your calendar), or look around:",
            '  kithbook query "select * from ties order by strength_rank limit 20"',
        )
