"""`kithbook due`: the few people to turn to, each with the reason; and who waits, and for what."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pipeline.book import decisions
from pipeline.book.queries import query
from pipeline.command_session import Session, rows_as_dicts
from pipeline.terminal import book_age
from pipeline.terminal.decision_words import SENTENCES
from pipeline.terminal.follow_up_words import kind_words
from pipeline.terminal.printing import show_json, show_wrapped
from pipeline.terminal.styles import bold
from pipeline.terminal.terminal_text import count, day, plain

if TYPE_CHECKING:
    import duckdb


NAMED = 3
"""Snoozed people who are named."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What keeps others from the list."""

    today: date
    stale: str = ""
    """The line of a book that is old."""
    unapplied: int = 0
    """Answers that the book does not know of yet."""
    paused_until: date | None = None
    people: int = 1
    ties: int = 1
    capped: int = 0
    undecided: int = 0
    """Due, not among those chosen, and never decided on."""
    unchosen: int = 0
    """The same before anybody was chosen."""
    unread: int = 0
    """Due by a calendar that has not been read lately."""
    snoozed: tuple[tuple[str, date | None], ...] = ()


def show_due(session: Session, *, as_json: bool = False, ahead: int = 0) -> None:
    """Print who is due, from the published file; with `ahead`, whose time comes in so many days."""
    with session.looking() as connection:
        found = rows_as_dicts(connection.execute(query("due_list")))
        coming = rows_as_dicts(connection.execute(query("due_ahead"), [ahead])) if ahead else []
        if as_json:
            show_json(coming if ahead else found)
            return
        waiting = read_waiting(session, connection)
    lines = due_lines(found, waiting)
    show_wrapped([*lines, "", *ahead_lines(coming, waiting.today, ahead)] if ahead else lines)


def ahead_lines(coming: list[dict[str, Any]], today: date, ahead: int) -> list[str]:
    """Whose time comes, day by day; who has a meeting before needs no thought."""
    until = day(today + timedelta(ahead), today)
    if not coming:
        return [f"Nobody else until {until}."]
    lines = [f"Until {until}:"]
    dates = [day(one["date"], today) for one in coming]
    for one, when in zip(coming, dates, strict=True):
        kind = kind_words(one["kind"])
        said = [
            f"turning {one['turns']}" if one["turns"] else "",
            f"last seen {day(one['last_contact_date'], today)}"
            if one["kind"] == "check_in" and one["last_contact_date"]
            else "",
            f"you meet on {day(one['booked_date'], today)}" if one["booked_date"] else "",
        ]
        what = ", ".join([kind, *(part for part in said if part)])
        lines.append(f"  {when:<{max(map(len, dates))}}  {plain(one['display_name'])}: {what}")
    return lines


def due_lines(found: list[dict[str, Any]], waiting: Waiting) -> list[str]:
    """The due list as lines of text."""
    today = f"{waiting.today:%A} {day(waiting.today, waiting.today)}"
    lines = [waiting.stale, ""] if waiting.stale else []
    if not found:
        return [*lines, *nobody_lines(today, waiting)]
    lines.append(today)
    for one in found:
        kind = kind_words(one["kind"])
        lines += ["", bold(f"  {plain(one['display_name'])}: {kind}")]
        said = [plain(one["reason"]), _joined(one["ways"]), _joined(one["talk_about"])]
        lines += [f"      {text}" for text in said if text]
    others = waiting_lines(waiting)
    return [*lines, *([""] if others else []), *others]


def nobody_lines(today: str, waiting: Waiting) -> list[str]:
    """Why nobody is listed: "you are fine" only when it is so."""
    others = waiting_lines(waiting)
    if waiting.paused_until:
        return others
    if not waiting.people:
        return ["Nobody is in the book yet: `kithbook import FILE`, or `kithbook init`.", *others]
    if not waiting.ties:
        return ["No contact with anybody is known yet: import a calendar too.", *others]
    if waiting.stale or waiting.unapplied or waiting.unread or waiting.unchosen:
        return [f"Nobody to get in touch with on {today}, as far as the book knows.", *others]
    if waiting.capped:
        return [f"That is enough for {today}.", *others]
    whom = "Nobody you chose is due" if waiting.undecided else "Nobody is due"
    return [f"{whom} on {today}: you are fine.", *others]


def waiting_lines(waiting: Waiting) -> list[str]:
    """Who waits, and for what, a line each."""
    lines = []
    if waiting.paused_until:
        until = day(waiting.paused_until, waiting.today)
        lines.append(f"On hold until {until}; `kithbook pause off` ends it sooner.")
    if waiting.capped:
        lines.append(f"{count(waiting.capped, 'other waits', 'others wait')}; no hurry.")
    if asked := waiting.unchosen or waiting.undecided:
        lines.append(f"{count(asked, 'waits', 'wait')} for `kithbook choose`.")
    if waiting.unread:
        what = count(waiting.unread, "waits until their calendar", "wait until their calendar")
        lines.append(f"{what} is read again: `kithbook status` says which.")
    if waiting.snoozed:
        named = [
            f"{plain(name)} until {day(until, waiting.today)}" if until else plain(name)
            for name, until in waiting.snoozed[:NAMED]
        ]
        more = len(waiting.snoozed) - NAMED
        lines.append(f"Snoozed: {', '.join(named)}{f' and {more} more' if more > 0 else ''}.")
    if waiting.unapplied:
        said = count(waiting.unapplied, "answer is", "answers are")
        lines.append(f"{said} not applied yet: `kithbook build`, or the next sync, does it.")
    return lines


def _joined(text: str | None) -> str:
    """Lines of a note side by side."""
    return " · ".join(plain(line) for line in (text or "").splitlines() if line.strip())


def read_waiting(session: Session, connection: "duckdb.DuckDBPyConnection") -> Waiting:
    """What keeps others from the list today."""
    row = rows_as_dicts(connection.execute(query("due_waiting")))[0]
    unapplied = decisions.unapplied(session.folder.path, row.pop("last_decision_id"))
    snoozed = {(one["name"], one["until_date"]): None for one in row.pop("snoozed") or ()}
    return Waiting(
        **row,
        snoozed=tuple(snoozed),
        stale=book_age.stale_line(session, connection),
        unapplied=sum(one.verb in SENTENCES for one in unapplied),
    )
