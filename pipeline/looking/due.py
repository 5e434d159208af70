"""`kithbook due`: the few people to turn to, each with the reason."""

from datetime import date
from typing import Any

from pipeline.printing import show, show_json
from pipeline.session import Session, rows_as_dicts
from pipeline.text import count, day, plain

DUE = """
select
    follow_ups.person_id, follow_ups.display_name, follow_ups.kind, follow_ups.due_date,
    follow_ups.reason, follow_ups.ways, follow_ups.talk_about, follow_ups.is_open,
    follow_ups.opens_now, follow_ups.quadrant
from main.follow_ups
cross join raw.settings
where
    -- what opens is written and counted, so it is shown
    follow_ups.opens_now
    -- a snoozed one stands in the list with a later day, and is nobody's business before
    or (
        follow_ups.is_open
        and coalesce(follow_ups.blocked_until <= settings.as_of_date, true)
    )
order by
    follow_ups.kind = 'birthday',
    case when follow_ups.kind <> 'birthday' then follow_ups.score end desc nulls last,
    follow_ups.due_date, follow_ups.display_name, follow_ups.person_id
"""

WAITING = """
select count(*) from main.follow_ups where starts_with(why_not, 'cap_')
"""

KINDS = {
    "check_in": "check in",
    "first_follow_up": "new",
    "birthday": "birthday",
    "reconnect": "pick up again",
    "introduction": "introduce",
}


def show_due(session: Session, *, as_json: bool = False) -> None:
    """Print who is due, from the published file."""
    with session.looking() as connection:
        found = rows_as_dicts(connection.execute(DUE))
        today, waiting = _today_and_waiting(connection)
    if as_json:
        show_json(found)
        return
    show(*due_lines(found, today, waiting))


def due_lines(found: list[dict[str, Any]], today: date, waiting: int) -> list[str]:
    """The due list as lines of text."""
    if not found:
        return [f"Nothing to do on {today:%A} {day(today, today)}: you are fine."]
    lines = [f"{today:%A} {day(today, today)}"]
    for one in found:
        kind = KINDS.get(one["kind"], one["kind"])
        lines += ["", f"  {plain(one['display_name'])}, {kind}"]
        said = [plain(one["reason"]), _joined(one["ways"]), _joined(one["talk_about"])]
        lines += [f"      {text}" for text in said if text]
    if waiting:
        lines += ["", f"{count(waiting, 'other waits', 'others wait')}; no hurry."]
    return lines


def _joined(text: str | None) -> str:
    """Lines of a note side by side."""
    return " · ".join(plain(line) for line in (text or "").splitlines() if line.strip())


def _today_and_waiting(connection: Any) -> tuple[date, int]:
    today = connection.execute("select as_of_date from raw.settings").fetchone()[0]
    waiting = connection.execute(WAITING).fetchone()[0]
    return today, waiting
