"""What a monitor is to hear of: `status --max-age`.

A run that stopped running says nothing, so somebody else has to ask. Ages count from now. What
nobody waits for (a collection that its server refuses and the config does not name) is no alarm.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.errors import TooOld, UsageError
from pipeline.book.run_log import Line, SourceLine, last_good_at
from pipeline.terminal import parse_durations
from pipeline.terminal.book_age import ago

HOURS_SAID = 48
"""Up to which age it is said in hours."""

WAITED_FOR = frozenset({"fresh", "stale"})
"""The status of a collection that a run should have read."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is not as it should be. `what`: run, source, login or list."""

    what: str
    place: str | None
    message: str
    hint: str | None = None


def max_age(text: str) -> timedelta:
    """A span as it is typed: "2 days", "36 hours".

    :raises UsageError: it is none.
    """
    try:
        return parse_durations.span(text)
    except UsageError as error:
        raise UsageError(f"--max-age: {error}", parse_durations.HINT) from error


def alarms(
    lines: Sequence[Line],
    fresh: Sequence[dict[str, Any]],
    problems: Sequence[dict[str, Any]],
    most: timedelta,
    now: datetime,
) -> list[Alarm]:
    """All that is amiss: of the runs, of each collection, of the logins, of the task list.

    `fresh`: rows of main.freshness, `read_at` as of now; `problems`: rows of main.problems.
    """
    return [
        *_of_the_run(lines, most, now),
        *_of_the_logins(lines),
        *(
            Alarm("list", one["place"], f"{one['place']}: {one['problem']}.", one["hint"])
            for one in problems
            if one["name"] == "task_list_missing"
        ),
        *_of_the_collections(fresh, most, now),
    ]


def raise_alarms(found: Sequence[Alarm]) -> None:
    """End with 7 where anything is amiss.

    :raises TooOld: it is; with all of it, a line each.
    """
    if found:
        hints = [one.hint for one in found if one.hint]
        raise TooOld("\n".join(one.message for one in found), hints[0] if hints else "")


def _of_the_run(lines: Sequence[Line], most: timedelta, now: datetime) -> Iterator[Alarm]:
    good = last_good_at(lines)
    if good is not None and now - good <= most:
        return
    last = lines[-1] if lines else None
    message = (
        "No sync has succeeded yet."
        if good is None
        else f"The last successful sync was {_ago(now - good)}."
    )
    if last and last.exit_code:
        said = (last.trouble or "").splitlines()[:1]
        message += f" The last run ended with {last.exit_code}: {''.join(said)}"
        yield Alarm("run", None, message, last.hint)
    else:
        hint = "`kithbook sync` runs it now; `kithbook schedule` has it run every night."
        yield Alarm("run", None, message, hint)


def _of_the_logins(lines: Sequence[Line]) -> Iterator[Alarm]:
    for source, line in last_of_each(lines).items():
        if line.kind == "login":
            yield Alarm("login", source, line.trouble or source, line.hint)


def _of_the_collections(
    fresh: Sequence[dict[str, Any]], most: timedelta, now: datetime
) -> Iterator[Alarm]:
    for one in fresh:
        read_at = one["read_at"]
        if one["status"] not in WAITED_FOR or read_at is None or now - read_at <= most:
            continue
        place = ", ".join(filter(None, (one["source"], one["collection_name"])))
        why = f": {one['error']}" if one["error"] else "."
        yield Alarm("source", place, f"{place}: last read {_ago(now - read_at)}{why}", one["hint"])


def _ago(age: timedelta) -> str:
    """In hours while a monitor may count in them."""
    hours = int(age.total_seconds() // 3600)
    return ago(age) if hours >= HOURS_SAID else f"{hours} hour{'s' if hours != 1 else ''} ago"


def last_of_each(lines: Sequence[Line]) -> dict[str, SourceLine]:
    """Each source as its last run had it; none that the last sync had no more."""
    syncs = [n for n, line in enumerate(lines) if line.command == "sync" and line.sources]
    since = lines[syncs[-1] :] if syncs else lines
    return {one.source: one for line in since for one in line.sources}


def with_ages(fresh: Sequence[dict[str, Any]], lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Rows of main.freshness with `read_at`: a later run may have found nothing to publish.

    A source that the config no longer has, and of which nothing was ever read, is left out.
    """
    current = last_of_each(lines)
    reads: dict[str, list[tuple[datetime, SourceLine]]] = {}
    for line in lines:
        for source in line.sources:
            reads.setdefault(source.source, []).append((line.started_at, source))

    def read_at(one: dict[str, Any]) -> datetime | None:
        if one["pulled_at"] is None:
            return None
        at: datetime = one["pulled_at"].replace(tzinfo=UTC)
        later = (
            when
            for when, source in reversed(reads.get(one["source"], []))
            if source.trouble is None and one["collection_name"] not in source.unread
        )
        return max(at, next(later, at))

    return [
        {**one, "read_at": read_at(one)}
        for one in fresh
        if one["pulled_at"] is not None or not current or one["source"] in current
    ]
