"""What is new since it was last told: who is due, birthdays, and trouble that began or ended.

Each thing is told once. digest.json in the data folder keeps what was told and the last digest; it
moves on when the digest was delivered, so that a night on which the mail failed is told the next.
"""

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from connectors.errors import KithbookError, NoBookYet
from pipeline.book.folder import Folder
from pipeline.book.queries import query
from pipeline.book.run_log import read as read_runs
from pipeline.command_session import Session, rows_as_dicts
from pipeline.sync.status_alarms import with_ages
from pipeline.terminal.follow_up_words import kind_words
from pipeline.terminal.terminal_text import day, plain

if TYPE_CHECKING:
    from pipeline.sync.run import RunResult

KEPT_DAYS = 400
"""How long it is remembered who was told of: longer than any follow-up stands."""

OWN = ""
"""The place of trouble that is of no source: the task list, the disk, a check."""

SHOWN = ("person_id", "display_name", "kind", "due_date", "reason", "ways", "talk_about")

NUMBER = re.compile(r"\d+")

State = Literal["new", "changed", "over", "still"]


@dataclass(frozen=True, slots=True)
class DigestTrouble:
    """Something that is wrong in one place, and what is to be told of it."""

    place: str
    """A source, or OWN."""
    message: str
    hint: str = ""
    state: State = "new"

    @property
    def sign(self) -> str:
        """The same while it is the same trouble, whatever its numbers: how many, until when."""
        return NUMBER.sub("#", self.message)


@dataclass(frozen=True, slots=True)
class Digest:
    """What one sync has to tell."""

    at: datetime
    zone: str
    people: tuple[Mapping[str, Any], ...] = ()
    birthdays: tuple[Mapping[str, Any], ...] = ()
    troubles: tuple[DigestTrouble, ...] = ()

    @property
    def is_news(self) -> bool:
        """There is something that was not told before."""
        has_trouble = any(one.state != "still" for one in self.troubles)
        return bool(self.people or self.birthdays or has_trouble)


@dataclass(frozen=True, slots=True)
class Memory:
    """What digest.json holds."""

    people: dict[str, str] = field(default_factory=dict)
    """UID of a follow-up → the day on which it was told."""
    troubles: tuple[DigestTrouble, ...] = ()
    """Those that stood when trouble was last told."""
    last: dict[str, Any] | None = None
    """The digest of the last sync, None where it had nothing new."""
    newest: dict[str, Any] | None = None
    """The last one with something in it."""
    undelivered: str = ""
    """Why the last digest could not be delivered."""


def make(
    session: Session,
    memory: Memory,
    now: datetime,
    ran: "RunResult | None",
    error: KithbookError | None,
) -> tuple[Digest, Memory]:
    """The digest of a sync, and what is to be remembered once it is told.

    :param ran: what the sync did; None where it ended before it got so far, with `error`.
    """
    due = list[dict[str, Any]]()
    # Where a run ended early the sources were not asked, or nobody knows what they said.
    listed = [one for one in memory.troubles if one.place != OWN] if ran is None else []
    zone = session.config().owner.time_zone
    today = now.astimezone(ZoneInfo(zone)).date()
    if ran is not None:
        with suppress(NoBookYet), session.published() as connection:
            due = rows_as_dicts(connection.execute(query("due_list")))
            rows = rows_as_dicts(connection.execute(query("status_freshness")))
        fresh = with_ages(rows, read_runs(session.folder))
        listed = [
            DigestTrouble(one["source"], one["error"], one["hint"] or "")
            for one in fresh
            if one["error"]
        ]
    now_standing = _distinct([*listed, *_own(ran, error)])
    new = [one for one in due if one["uid"] not in memory.people]
    digest = Digest(
        now,
        zone,
        tuple(_shown(one) for one in new if one["kind"] != "birthday"),
        tuple(_shown(one) for one in new if one["kind"] == "birthday"),
        tuple(compared(memory.troubles, now_standing)),
    )
    oldest = (today - timedelta(days=KEPT_DAYS)).isoformat()
    known = {uid: told for uid, told in memory.people.items() if told >= oldest}
    people = known | {one["uid"]: today.isoformat() for one in new}
    return digest, replace(memory, people=people, troubles=tuple(now_standing))


def compared(before: Sequence[DigestTrouble], now: Sequence[DigestTrouble]) -> list[DigestTrouble]:
    """What to say of each: it began, is another than before, is over, or still stands."""
    signs = {(one.place, one.sign) for one in before}
    places = {one.place for one in before}
    found = [
        replace(
            one,
            state="still"
            if (one.place, one.sign) in signs
            else "changed"
            if one.place in places and one.place != OWN
            else "new",
        )
        for one in now
    ]
    standing = {one.place for one in now}
    signs = {(one.place, one.sign) for one in now}
    over = [
        one
        for one in before
        if one.place not in standing or (one.place == OWN and (OWN, one.sign) not in signs)
    ]
    said = _distinct(replace(one, message=_over(one), hint="", state="over") for one in over)
    return [*found, *said]


def _own(ran: "RunResult | None", error: KithbookError | None) -> list[DigestTrouble]:
    """What went wrong beside the sources."""
    if ran is None:
        return [DigestTrouble(OWN, str(error), error.hint)] if error else []
    of_sources = [one for outcome in ran.outcomes for one in outcome.troubles]
    return [
        DigestTrouble(OWN, str(one), one.hint)
        for one in ran.trouble
        if not any(one is other for other in of_sources)
    ]


def _distinct(troubles: Iterable[DigestTrouble]) -> list[DigestTrouble]:
    """Each once: an account that cannot be reached is the trouble of all its collections."""
    return list({(one.place, one.sign): one for one in troubles}.values())


def _over(one: DigestTrouble) -> str:
    return f"{one.place}: read again." if one.place != OWN else one.message.partition("\n")[0]


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in SHOWN}


# --- as text ----------------------------------------------------------------------------------


def lines(digest: Mapping[str, Any]) -> list[str]:
    """A digest as it is kept (`as_json`) in lines of text."""
    at = datetime.fromisoformat(digest["at"]).astimezone(ZoneInfo(digest["zone"]))
    today = at.date()
    said = [f"kithbook, {today:%A} {day(today, today)}"]
    for title, people in (("Now due", digest["people"]), ("Birthdays", digest["birthdays"])):
        if people:
            said += ["", f"{title}:"]
            said += [line for one in people for line in _person_lines(one)]
    for title, states in TITLES.items():
        found = [one for one in digest["troubles"] if one["state"] in states]
        if found:
            said += ["", f"{title}:"]
            said += [line for one in found for line in _trouble_lines(one)]
    return said


TITLES: dict[str, frozenset[State]] = {
    "Needs a look": frozenset({"new", "changed"}),
    "All right again": frozenset({"over"}),
    "Still open": frozenset({"still"}),
}


def _person_lines(one: Mapping[str, Any]) -> list[str]:
    kind = "" if one["kind"] == "birthday" else f", {kind_words(one['kind'])}"
    ways = " · ".join(plain(way) for way in (one["ways"] or "").splitlines() if way.strip())
    return [
        f"  {plain(one['display_name'])}{kind}",
        *(f"      {text}" for text in (plain(one["reason"]), ways) if text),
    ]


def _trouble_lines(one: Mapping[str, Any]) -> list[str]:
    first, *more = [plain(line) for line in one["message"].splitlines()] or [""]
    if not first.startswith(one["place"]):
        first = f"{plain(one['place'])}: {first}"
    hint = [f"      → {plain(one['hint'])}"] if one["hint"] else []
    return [f"  {first}", *(f"      {line}" for line in more), *hint]


# --- the file ---------------------------------------------------------------------------------


def as_json(digest: Digest) -> dict[str, Any]:
    """The digest as JSON has it."""
    return {
        **asdict(digest),
        "at": digest.at.isoformat(),
        "people": [_plain_days(one) for one in digest.people],
        "birthdays": [_plain_days(one) for one in digest.birthdays],
        "troubles": [asdict(one) for one in digest.troubles],
    }


def _plain_days(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
    }


def recall(folder: Folder) -> Memory:
    """What was told; nothing where no file is, or none that can be read."""
    try:
        found = json.loads((folder.path / "digest.json").read_text("utf-8"))
        troubles = tuple(DigestTrouble(**one) for one in found["troubles"])
        return Memory(**{**found, "troubles": troubles, "people": dict(found["people"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Memory()


def remember(folder: Folder, memory: Memory) -> None:
    """Keep it, for the owner only.

    :raises OSError: it cannot be written.
    """
    fresh = folder.path / "digest.json.next"
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(memory), file, ensure_ascii=False)
    fresh.replace(folder.path / "digest.json")


def forget_words(folder: Folder) -> None:
    """Drop the digests, which name people; what was told stays remembered by its number."""
    memory = recall(folder)
    if memory != Memory():
        remember(folder, Memory(people=memory.people))
