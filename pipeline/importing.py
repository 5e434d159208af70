"""`kithbook import FILE…`: an old book comes in, before anything is configured.

Each file becomes a source of its own, `import/NAME`, that stays until it is undone. Whose book it
is is guessed from the commonest attendee and asked for. Nothing outside the data folder is written.
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import connectors
from pipeline import decisions, run, store
from pipeline.config import IMPORT_PREFIX, Config, Source
from pipeline.errors import UsageError
from pipeline.pull import Outcome
from pipeline.session import Session
from pipeline.text import count, day, plain

if TYPE_CHECKING:
    import duckdb

SURE = 0.5
"""The commonest attendee is taken to be the owner, unasked, from this share of meetings on."""

COMMONEST = """
with
people as (
    select
        meetings.item_id, meetings.recurrence_id,
        unnest(list_distinct(list_filter(
            list_append(list_transform(meetings.attendees, lambda one: one.email),
                meetings.organizer.email),
            lambda one: one is not null
        ))) as email
    from raw.meetings
    where len(meetings.attendees) > 0 and meetings.gone_at is null
)
select email, count(*) as n_meetings
from people group by email order by n_meetings desc, email limit 5
"""

MET = "select count(*) from raw.meetings where len(attendees) > 0 and gone_at is null"


@dataclass(frozen=True, slots=True)
class Counted:
    """What the data folder holds of one import."""

    contacts: int
    groups: int
    meetings: int
    with_people: int
    first_date: date | None
    last_date: date | None


def import_files(
    session: Session,
    paths: Sequence[Path],
    *,
    me: str | None = None,
    name: str | None = None,
    mapping: Sequence[str] = (),
    allow_empty: bool = False,
    wait: bool = False,
) -> run.Ran:
    """Bring the files in, find out whose book it is, publish, and print what came.

    :raises KithbookError: a file cannot be read at all; the others are in.
    """
    config = session.config_or_guess()
    sources = [source_of(path, name, mapping) for path in paths]

    def then(state: "duckdb.DuckDBPyConnection", ran: run.Ran) -> Config:
        for source, path, outcome in zip(sources, paths, ran.outcomes, strict=True):
            for line in import_lines(source, path, outcome, count_source(state, source.name)):
                print(line)
        errors = [outcome.error for outcome in ran.outcomes if outcome.error]
        if len(errors) == len(sources):
            raise errors[0]
        return with_owner(session, state, config, me)

    ran = run.sync(
        config,
        session.now(config.owner.zone),
        sources=sources,
        wait=wait,
        allow_empty=allow_empty,
        write_tasks=False,
        command="import",
        then=then,
    )
    _print_first_screen(session, config)
    return ran


def undo(session: Session, name: str, *, wait: bool = False) -> int:
    """Take one import back, exactly; returns how many items went.

    :raises UsageError: there is no import of that name.
    """
    config = session.config_or_guess()
    source = name if name.startswith(IMPORT_PREFIX) else IMPORT_PREFIX + name
    gone: list[int] = []

    def then(state: "duckdb.DuckDBPyConnection", ran: run.Ran) -> Config:
        del ran
        gone.append(_delete_source(state, source))
        return config

    run.sync(
        config,
        session.now(config.owner.zone),
        sources=[],
        wait=wait,
        write_tasks=False,
        command="import --undo",
        then=then,
    )
    return gone[0]


def _delete_source(state: "duckdb.DuckDBPyConnection", source: str) -> int:
    row = state.execute(
        "select count(*) from raw.items where source = $1 and superseded_at is null", [source]
    ).fetchone()
    imports = state.execute(
        "select distinct source from raw.cursors where starts_with(source, $1)", [IMPORT_PREFIX]
    ).fetchall()
    if (source,) not in imports:
        known = ", ".join(plain(one[0].removeprefix(IMPORT_PREFIX)) for one in imports) or "none"
        raise UsageError(
            f"There is no import named {plain(source.removeprefix(IMPORT_PREFIX))}.",
            f"There are: {known}.",
        )
    with store.transaction(state):
        for table in ("items", "contacts", "meetings", "tasks", "rejects", "cursors", "runs"):
            state.execute(f"delete from raw.{table} where source = $1", [source])
        state.execute(
            "delete from raw.blobs where body_hash not in"
            " (select body_hash from raw.items where body_hash is not null)"
        )
    return int(row[0]) if row else 0


def source_of(path: Path, name: str | None, mapping: Sequence[str]) -> Source:
    """The source that a file comes in as: named after the file, so that a newer export meets it."""
    connector = connectors.load(connectors.CONNECTORS["import"])
    options = connector.Options(path=str(path), map=tuple(mapping))
    stem = re.sub(r"[^\w.-]+", "-", name or path.stem.strip() or path.name).strip("-.") or "file"
    return Source(IMPORT_PREFIX + stem.casefold(), "import", options)


def with_owner(
    session: Session, state: "duckdb.DuckDBPyConnection", config: Config, me: str | None
) -> Config:
    """The config with an owner who has an e-mail: as said, configured, guessed or asked for."""
    if config.owner.emails and not me:
        return config
    email = me.strip().lower() if me else guess(state, session)
    if not email:
        return config
    decisions.append(session.folder.path, decisions.Decision("me", value=email))
    return replace(config, owner=replace(config.owner, emails=(email, *config.owner.emails)))


def guess(state: "duckdb.DuckDBPyConnection", session: Session) -> str | None:
    """Who the owner probably is: the commonest attendee; asks on a terminal.

    :raises UsageError: not clear, and nobody to ask.
    """
    rows = state.execute(COMMONEST).fetchall()
    row = state.execute(MET).fetchone()
    met = int(row[0]) if row else 0
    if not rows:
        return None
    email, times = str(rows[0][0]), int(rows[0][1])
    if sys.stdin.isatty():
        return _ask_owner(email, times, met)
    if times > met * SURE:
        print(
            f"You seem to be {plain(email)}: in {times:,} of {met:,} meetings. "
            "If not, say it again with --me ADDRESS."
        )
        return email
    others = ", ".join(f"{plain(one[0])} ({one[1]:,} meetings)" for one in rows)
    raise UsageError(
        f"Whose book is this? The commonest attendees are {others}.",
        f"The files are in {session.folder.path}; say it again with --me ADDRESS.",
    )


def _ask_owner(email: str, times: int, met: int) -> str:
    sys.stdout.write(
        f"You seem to be {plain(email)}: in {times:,} of {met:,} meetings. "
        "Enter if so, or your address: "
    )
    sys.stdout.flush()
    answer = sys.stdin.readline().strip().lower()
    if answer and "@" not in answer:
        raise UsageError(f'"{plain(answer)}" is no e-mail address.', "Say it again with --me.")
    return answer or email


def count_source(state: "duckdb.DuckDBPyConnection", source: str) -> Counted:
    """What the state holds of a source."""
    cards = state.execute(
        "select count(*) filter (where kind <> 'group'), count(*) filter (where kind = 'group')"
        " from raw.contacts where source = $1 and gone_at is null",
        [source],
    ).fetchone() or (0, 0)
    met = state.execute(
        "select count(*), count(*) filter (where len(attendees) > 0),"
        " min(coalesce(start_date, starts_at::date)), max(coalesce(start_date, starts_at::date))"
        " from raw.meetings where source = $1 and gone_at is null",
        [source],
    ).fetchone() or (0, 0, None, None)
    return Counted(*cards, *met)


def import_lines(source: Source, path: Path, outcome: Outcome, numbers: Counted) -> list[str]:
    """What came of one file; the numbers add up."""
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
        parts.append(
            f"{count(numbers.meetings, 'meeting')}, {numbers.with_people:,} with other people, "
            f"{first} to {last}"
        )
    lines = [f"{plain(path.name)}: {'; '.join(parts) or 'nothing that kithbook can use'}"]
    if not outcome.changed and not outcome.gone:
        lines.append("  the same as before: nothing changed")
    elif outcome.gone:
        lines.append(f"  {outcome.changed:,} new or changed, {outcome.gone:,} no longer in it")
    if outcome.rejected or outcome.warned:
        lines.append(
            f"  {count(outcome.rejected, 'item')} could not be read, "
            f"{count(outcome.warned, 'line')} of others passed over: "
            f"`kithbook rejects --source {plain(source.name)}`"
        )
    return lines


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


def _print_first_screen(session: Session, config: Config) -> None:
    """The people it would perhaps name, where everything is, and what to type next."""
    with session.published() as connection:
        people, known = connection.execute(KNOWN).fetchone() or (0, 0)
        named = connection.execute(FIRST_NAMES).fetchall()
        today = session.now(config.owner.zone).astimezone(config.owner.zone).date()
    print()
    print(f"{count(people, 'person', 'people')} in the book; the calendar knows {known:,} of them.")
    if named:
        print("If you asked to be reminded, these might come first:")
        for name, last, days in named:
            print(
                f"  {plain(name)}: nothing in the calendar since {day(last, today)}, "
                f"{count(days, 'day')} in contact before"
            )
    print()
    print(f"Everything is in {session.folder.path}; nothing was written anywhere else.")
    if session.config_path.exists():
        print("Next: `kithbook choose` (whom to keep in touch with), `kithbook due`.")
    else:
        print("Next: `kithbook init` (connect your calendar), or look around:")
        print('  kithbook query "select * from ties order by strength_rank limit 20"')
