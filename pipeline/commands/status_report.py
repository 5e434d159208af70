"""`kithbook status`: how fresh each source is, what is open, what is on hold."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.book import run_log
from pipeline.book.queries import query
from pipeline.command_session import Session, rows_as_dicts
from pipeline.sync import status_alarms
from pipeline.terminal.book_age import ago
from pipeline.terminal.printing import fitted, show, show_json
from pipeline.terminal.terminal_text import count, day, plain

OPEN_SHOWN = 10
PROBLEMS_SHOWN = 20


def show_status(session: Session, *, max_age: str | None = None, as_json: bool = False) -> None:
    """Print the state of the book; with `max_age`, end with 7 where it is behind.

    :raises TooOld: it is, or a login is refused, or the task list is missing.
    """
    most = None if max_age is None else status_alarms.max_age(max_age)
    lines = run_log.read(session.folder)
    with session.looking() as connection:
        fresh = status_alarms.with_ages(
            rows_as_dicts(connection.execute(query("status_freshness"))), lines
        )
        counts = rows_as_dicts(connection.execute(query("status_counts")))[0]
        problems = rows_as_dicts(
            connection.execute("select * from main.problems where name <> 'rejects' order by all")
        )
        requests = rows_as_dicts(connection.execute(query("status_requests")))
        opened = rows_as_dicts(connection.execute(query("status_open_items")))
    now = session.now(ZoneInfo(counts["time_zone"]))
    found = status_alarms.alarms(lines, fresh, problems, most, now) if most else []
    if as_json:
        show_json(
            {
                **counts,
                "last_run": asdict(lines[-1]) if lines else None,
                "last_good_run_at": run_log.last_good_at(lines),
                "sources": fresh,
                "requests": requests,
                "open_items": opened,
                "problem_rows": problems[:PROBLEMS_SHOWN],
                "alarms": None if most is None else [asdict(one) for one in found],
            }
        )
    else:
        show(
            *status_lines(session, counts, fresh, problems[:PROBLEMS_SHOWN], lines, now),
            *open_lines(opened, ZoneInfo(counts["time_zone"])),
            *(
                f"{one['source']} took {one['requests_made']:,} of the"
                f" {one['requests_allowed']:,} requests that a run may make."
                for one in requests
            ),
        )
    status_alarms.raise_alarms(found)


def run_lines(lines: list[run_log.Line], now: datetime, zone: ZoneInfo) -> list[str]:
    """How the last run ended; and, where it did not get through, which one did."""
    if not lines:
        return []
    last = lines[-1]
    when = _when(last.started_at.astimezone(zone), now.astimezone(zone))
    if not last.exit_code:
        return [f"Last run: `{plain(last.command)}`, {when}: all done."]
    said = [f"Last run: `{plain(last.command)}`, {when}: ended with {last.exit_code}."]
    said += [f"  {run_log.told(last)}"] if last.trouble else []
    good = run_log.last_good_at(lines)
    return [*said, f"The last one that succeeded: {ago(now - good) if good else 'none yet'}."]


def _news_lines(session: Session) -> list[str]:
    """That the command of [notify] failed, when last there was something to tell."""
    from pipeline.sync.digest import recall

    why = recall(session.folder).undelivered
    return [f"What was new could not be sent: {plain(why)} (`kithbook digest`)."] if why else []


def _when(began: datetime, now: datetime) -> str:
    """Today 05:17; yesterday 05:17; 23 November 05:17 (4 days ago)."""
    days = (now.date() - began.date()).days
    if days in (0, 1):
        return f"{('today', 'yesterday')[days]} {began:%H:%M}"
    said = f"{day(began.date(), now.date())} {began:%H:%M}"
    return said if days < 0 else f"{said} ({ago(now - began)})"


def status_lines(
    session: Session,
    counts: dict[str, Any],
    fresh: list[dict[str, Any]],
    problems: list[dict[str, Any]],
    lines_of_runs: list[run_log.Line],
    now: datetime,
) -> list[str]:
    """The same as text."""
    zone = ZoneInfo(counts["time_zone"])
    as_of = counts["as_of"].replace(tzinfo=UTC)
    lines = [
        f"{session.folder.published}, as of {_when(as_of.astimezone(zone), now.astimezone(zone))}",
        *run_lines(lines_of_runs, now, zone),
        *_news_lines(session),
        (
            f"{count(counts['people'], 'person', 'people')}, {count(counts['ties'], 'tie')}, "
            f"{count(counts['meetings'], 'meeting')}; "
            f"{count(counts['open_follow_ups'], 'open follow-up')}, "
            f"{counts['ready_follow_ups']} ready to be written"
        ),
        "",
    ]
    rows = [
        (
            one["source"],
            one["collection_name"] or "",
            ", ".join(one["kinds"] or []),
            one["items"],
            "never" if one["read_at"] is None else ago(now - one["read_at"]),
            one["error"] or "",
        )
        for one in fresh
    ]
    headers = ("source", "collection", "holds", "items", "read", "trouble")
    lines += fitted(headers, rows)
    if counts["merge_candidates"]:
        found = count(counts["merge_candidates"], "pair")
        lines += ["", f"{found} may be the same person: `kithbook review`."]
    if counts["rejects"]:
        lines.append(f"{count(counts['rejects'], 'item')} could not be read: `kithbook rejects`.")
    lines += [""] if problems else []
    lines += [
        f"{plain(one['place'])}: {plain(one['problem'])}\n  → {plain(one['hint'])}"
        for one in problems
    ]
    return lines


def open_lines(opened: list[dict[str, Any]], zone: ZoneInfo) -> list[str]:
    """What the sources left open, and what becomes of it."""
    waiting = [one for one in opened if not one["is_given_up"]]
    lines = []
    if waiting:
        what = count(len(waiting), "item")
        lines += ["", f"Open: {what} could not be read yet; each sync asks again."]
        lines += [
            f"{plain(one['source'])}, {plain(one['collection'])}: {plain(one['href'])},"
            f" {plain(one['why'])},"
            f" since {one['open_since'].replace(tzinfo=UTC).astimezone(zone):%Y-%m-%d}"
            for one in waiting[:OPEN_SHOWN]
        ]
        if len(waiting) > OPEN_SHOWN:
            lines.append(f"and {len(waiting) - OPEN_SHOWN} more: `kithbook status --json`")
    if given_up := len(opened) - len(waiting):
        what = count(given_up, "item")
        lines += ["", f"{what} given up after three days; asked for again once a week."]
    return lines
