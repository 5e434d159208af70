"""The demo's book reckoned by hand: plain Python over the bundled files, nothing of the pipeline.

It applies the rules of contact, strength and cadence (docs/tie-strength.md) in the plainest way
there is, so that what the SQL says of the same book can be held against it. Who is who comes from
golden/demo_people.json, which was written by a person and not worked out.
"""

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.paths import GOLDEN

ZONE = ZoneInfo("Europe/Berlin")
MAX_ATTENDEES = 12
TITLE_ONLY_WEIGHT = 0.5
BOOKED_WITHIN = timedelta(days=14)
COLLEAGUES = "@tideline.example"
EVERY = {"family": 42, "friends": 61, "mentors": 91}
"""6 weeks, 2 months, 3 months, in days."""


@dataclass
class Tie:
    """One person: days in contact with their best weight, and the next meeting agreed on."""

    weights: dict[date, float] = field(default_factory=dict)
    booked: date | None = None


@dataclass(frozen=True)
class Standing:
    """What is said of a person."""

    name: str
    circle: str | None
    last: date
    strength: float
    typical_days: float
    due_after_days: float
    days_since: int
    state: str
    booked: date | None


@cache
def people() -> list[dict[str, Any]]:
    """Everybody in the demo: names, cards in either book, addresses, circle."""
    everybody: list[dict[str, Any]] = json.loads((GOLDEN / "demo_people.json").read_text("utf-8"))
    return everybody


def occurrences(calendar: bytes, start: date, end: date) -> list[Any]:
    """Every VEVENT that happens between two dates, series taken apart."""
    import icalendar
    import recurring_ical_events

    parsed = icalendar.Calendar.from_ical(calendar)
    found: list[Any] = list(recurring_ical_events.of(parsed).between(start, end))
    return found


def ties(events: Sequence[Any], now: datetime) -> dict[str, Tie]:
    """The people whom these events bring the owner in touch with, by name."""
    known: dict[str, Tie] = defaultdict(Tie)
    for event in events:
        begins, ends = _instant(event["DTSTART"].dt), _instant(event["DTEND"].dt)
        met = _met(event)
        is_sure = str(event.get("STATUS", "CONFIRMED")) != "CANCELLED"
        for name, weight in met.items() if is_sure else ():
            day = begins.astimezone(ZONE).date()
            tie = known[name]
            if ends <= now:
                tie.weights[day] = max(weight, tie.weights.get(day, 0.0))
            elif begins <= now + BOOKED_WITHIN:
                tie.booked = min(day, tie.booked or day)
    return known


def standings(calendar: bytes, today: date) -> list[Standing]:
    """Everybody who was ever met, strongest first."""
    now = datetime.combine(today, time(6), ZONE)
    events = occurrences(calendar, today - timedelta(days=1500), today + timedelta(days=60))
    known = {name: tie for name, tie in ties(events, now).items() if tie.weights}
    gaps = {
        name: [gap for gap in _gaps(sorted(tie.weights)) if gap <= 365]
        for name, tie in known.items()
    }
    logs = {name: [math.log(gap) for gap in each] for name, each in gaps.items() if each}
    means = {name: sum(each) / len(each) for name, each in logs.items()}
    mu0 = (sum(means.values()) + 3 * math.log(30)) / (len(means) + 3)
    within = sum((one - means[name]) ** 2 for name, each in logs.items() for one in each)
    freedom = sum(len(each) - 1 for each in logs.values())
    s2 = (within + 20 * 1.5) / (freedom + 20)
    circles = {one["name"]: one["circle"] for one in people()}
    said = []
    for name, tie in known.items():
        each = logs.get(name, [])
        mu = (3 * mu0 + sum(each)) / (3 + len(each))
        sd = math.sqrt(s2 * (1 + 1 / (3 + len(each))))
        typical, learned = math.exp(mu), math.exp(mu + 0.8416 * sd)
        circle = circles[name]
        last = max(tie.weights)
        since = (today - last).days
        due = EVERY[circle] if circle else learned
        said.append(
            Standing(
                name,
                circle,
                last,
                _strength(tie.weights, today, math.exp(mu0), typical),
                typical,
                due,
                since,
                _state(since, due, typical, is_given=bool(circle)),
                tie.booked,
            )
        )
    return sorted(said, key=lambda one: -one.strength)


def _state(since: int, due: float, typical: float, *, is_given: bool) -> str:
    if since >= 1095:
        return "dormant"
    if not is_given and since > 8 * typical:
        return "lapsed"
    if since > due:
        return "overdue"
    return "due soon" if since > due - 7 else "on track"


def _strength(weights: dict[date, float], today: date, usual: float, typical: float) -> float:
    epoch = date(1970, 1, 1)
    months = {(day - epoch).days // 30 for day in weights}
    warmth = sum(
        weight / math.pow(0.3 * usual + max((today - day).days, 1), 0.7)
        for day, weight in weights.items()
    )
    silence = max((today - max(weights)).days, 1)
    return math.log(1 + len(months)) * warmth / math.sqrt(1 + silence / typical)


def _gaps(days: Sequence[date]) -> list[int]:
    return [(later - earlier).days for earlier, later in pairwise(days)]


def _instant(moment: date) -> datetime:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime.combine(moment, time(), ZONE).astimezone(UTC)


def _met(event: Any) -> dict[str, float]:
    """name → weight: whom this event, once over, was contact with."""
    by_email = {email: one for one in people() for email in one["emails"]}
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    if not attendees and "ORGANIZER" not in event:
        return _named(event)
    humans = [one for one in attendees if one.params.get("CUTYPE", "INDIVIDUAL") == "INDIVIDUAL"]
    replies = {_address(one): one.params.get("PARTSTAT", "NEEDS-ACTION") for one in humans}
    organizer = _address(event["ORGANIZER"])
    replies.setdefault(organizer, "ACCEPTED")
    owner = {email for one in people() if one.get("is_owner") for email in one["emails"]}
    is_mine = organizer in owner or any(
        reply == "ACCEPTED" for email, reply in replies.items() if email in owner
    )
    if not is_mine or len(replies) > MAX_ATTENDEES:
        return {}
    return {
        by_email[email]["name"]: 1 / math.sqrt(max(len(replies) - 1, 1))
        for email, reply in replies.items()
        if email not in owner and reply != "DECLINED" and by_email[email]["kind"] == "person"
    }


def _named(event: Any) -> dict[str, float]:
    """A meeting without attendees: the one person whose full name its title holds."""
    title = str(event.get("SUMMARY", ""))
    if not isinstance(event["DTSTART"].dt, datetime):
        return {}
    named = [
        one["name"]
        for one in people()
        if one["kind"] == "person" and one["name"].partition(" (")[0] in title
    ]
    return {named[0]: TITLE_ONLY_WEIGHT} if len(named) == 1 else {}


def _address(value: Any) -> str:
    return str(value).lower().removeprefix("mailto:")
