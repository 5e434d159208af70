"""Whose book it is, before there is a config: the commonest attendee, or the user's word."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline import decisions
from pipeline.config import Config
from pipeline.errors import UsageError
from pipeline.printing import ask, say
from pipeline.session import Session
from pipeline.text import plain

if TYPE_CHECKING:
    import duckdb

SURE = 0.5
"""The commonest attendee is taken to be the owner, unasked, from this share of meetings on."""

NEARLY = 0.9
"""Who is in this share of the commonest attendee's meetings might be the owner as well."""

HINT = "`kithbook import FILE… --me ADDRESS`"

COMMONEST = """
with
people as (
    select
        meetings.item_id, meetings.recurrence_id, meetings.organizer.email as organizer_email,
        unnest(list_distinct(list_filter(
            list_append(list_transform(meetings.attendees, lambda one: one.email),
                meetings.organizer.email),
            lambda one: one is not null
        ))) as email
    from raw.meetings
    where len(meetings.attendees) > 0 and meetings.gone_at is null
)
select
    email,
    count(*) as n_meetings,
    count(*) filter (where email = organizer_email) as n_organised
from people group by email order by n_meetings desc, n_organised desc, email limit 5
"""

MET = "select count(*) from raw.meetings where len(attendees) > 0 and gone_at is null"


def with_owner(
    session: Session, state: "duckdb.DuckDBPyConnection", config: Config, me: str | None
) -> Config:
    """The config with an owner who has an e-mail: as said, configured, guessed or asked for."""
    if config.owner.emails and not me:
        return config
    email = address(me) if me else guess(state, session)
    if not email:
        return config
    decisions.append(session.folder.path, decisions.Decision("me", value=email))
    return replace(config, owner=replace(config.owner, emails=(email, *config.owner.emails)))


def address(me: str) -> str:
    """The address that the user says is theirs.

    :raises UsageError: it is none.
    """
    if "@" not in me:
        raise UsageError(f'"{plain(me)}" is no e-mail address.', f"Say it again: {HINT}")
    return me.strip().lower()


def guess(state: "duckdb.DuckDBPyConnection", session: Session) -> str | None:
    """Who the owner probably is: the commonest attendee; asks on a terminal.

    :raises UsageError: not clear, and nobody to ask.
    """
    rows = state.execute(COMMONEST).fetchall()
    row = state.execute(MET).fetchone()
    met = int(row[0]) if row else 0
    if not rows:
        return None
    likely = [row for row in rows if row[1] >= rows[0][1] * NEARLY]
    # Two who are always together (a couple, a team) are told apart by who calls the meetings.
    organisers = [row for row in likely if row[2] > met * SURE]
    first = organisers[0] if len(likely) > 1 and organisers else rows[0]
    email, times = str(first[0]), int(first[1])
    if sys.stdin.isatty():
        return _ask_owner(email, times, met)
    if times > met * SURE and (len(likely) == 1 or organisers):
        say(
            f"You seem to be {plain(email)}: in {times:,} of {met:,} meetings. "
            f"If not, say it again: {HINT}"
        )
        return email
    others = ", ".join(f"{plain(one[0])} ({one[1]:,} meetings)" for one in rows)
    raise UsageError(
        f"Whose book is this? The commonest attendees are {others}.",
        f"The files are in {session.folder.path}; say it again: {HINT}",
    )


def _ask_owner(email: str, times: int, met: int) -> str:
    seems = f"You seem to be {plain(email)}: in {times:,} of {met:,} meetings."
    try:
        answer = ask(f"{seems} Enter if so, or your address: ").lower()
    except EOFError as error:
        raise UsageError(f"{seems} Nobody said whether.", f"Say it with {HINT}") from error
    if answer and "@" not in answer:
        raise UsageError(f'"{plain(answer)}" is no e-mail address.', f"Say it again: {HINT}")
    return answer or email
