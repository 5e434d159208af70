"""TZID → a time zone (RFC 5545 section 3.2.19): Olson, Windows and made-up names.

In this order: an Olson name, also as the end of a path as Evolution and Mozilla write it; a
Windows name; the X-LIC-LOCATION of the definition; the definition itself; Outlook's "(UTC+01:00)
Amsterdam, Berlin, …" by its cities; an offset. What is none of these is unknown: the owner's zone
stands in for it, and a warning says so.
"""

import re
import zoneinfo
from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from itertools import pairwise

from connectors.ical.components import Block
from connectors.ical.property_values import (
    Moment,
    Properties,
    parse_moment,
    properties,
    text_of,
    values,
    word_of,
)
from connectors.ical.recurrence_rules import BadRule, parse_rule
from connectors.ical.rule_expansion import starts

_UTC_NAMES = frozenset({"utc", "z", "gmt", "zulu", "etc/utc", "utc/gmt", "tzutc()"})
_OFFSET = re.compile(r"\(?(?:utc|gmt|etc/gmt)?\s*([+-])(\d{1,2}):?(\d{2})?\)?", re.IGNORECASE)
_DISPLAY = re.compile(r"\((?:UTC|GMT)(?:([+-])(\d{1,2}):(\d{2}))?\)\s*(.+)", re.IGNORECASE)
_UTC_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})(?::?(\d{2}))?")
_OTHER_NAMES = {"western/central europe": "Europe/Berlin"}
"""What Lotus Notes writes, besides Windows names without "Standard Time"."""
_FIRST, _LAST = datetime(1900, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - local on purpose
_MAX_ONSETS = 2_000
_MAX_DEFINITIONS = 500
_MAX_UNKNOWN = 50
"""TZIDs without a zone that are looked into; no calendar of people has so many."""


class Zones:
    """The zones that one calendar's TZIDs stand for."""

    def __init__(self, definitions: Sequence[Block], home: tzinfo) -> None:
        self._definitions = definitions
        self._by_tzid: dict[str, tuple[Block, Properties]] | None = None
        self._found: dict[str, tzinfo] = {}
        self.home = home
        self.unknown: set[str] = set()
        """TZIDs that stood for nothing, so that the owner's zone was taken."""

    def find(self, tzid: str) -> tzinfo:
        """What local times with this TZID are meant in."""
        if tzid not in self._found:
            zone = None
            if len(self.unknown) < _MAX_UNKNOWN:
                # "EST" may be meant with or without summer time: there the definition counts.
                zone = self._defined(tzid) if is_abbreviation(tzid) else None
                zone = zone or named_zone(tzid) or self._defined(tzid)
            if zone is None:
                self.unknown.add(tzid)
            self._found[tzid] = zone or self.home
        return self._found[tzid]

    def _defined(self, tzid: str) -> tzinfo | None:
        if self._by_tzid is None:
            self._by_tzid = {}
            for block in self._definitions[:_MAX_DEFINITIONS]:
                found, _ = properties(block.own)
                for line in found.get("TZID", ()):
                    self._by_tzid.setdefault(line.value.strip().strip('"'), (block, found))
        if tzid not in self._by_tzid:
            return None
        block, found = self._by_tzid[tzid]
        place = text_of(found, "X-LIC-LOCATION")
        return (place and named_zone(place)) or _transitions(block)


def is_abbreviation(tzid: str) -> bool:
    """Whether it is the kind of Olson name that others use with a meaning of their own."""
    return "/" not in tzid and tzid.casefold() in _olson_names()


@lru_cache(maxsize=1024)
def named_zone(tzid: str) -> tzinfo | None:
    """The zone of that name; None when no zone is called so."""
    name = tzid.strip().strip('"').strip()
    if not name or len(name) > 200:
        return None
    if name.casefold() in _UTC_NAMES:
        return UTC
    parts = name.strip("/").split("/")
    for count in range(min(3, len(parts)), 0, -1):
        if count == 1 and len(parts) > 1:
            break
        if zone := _olson("/".join(parts[-count:])):
            return zone
    return _olson(name.replace("-", "/")) or _windows(name) or _by_city(name) or _offset(name)


def _olson(name: str) -> tzinfo | None:
    proper = _olson_names().get(name.casefold().replace(" ", "_"))
    return zoneinfo.ZoneInfo(proper) if proper else None


@cache
def _olson_names() -> dict[str, str]:
    return {name.casefold(): name for name in zoneinfo.available_timezones()}


def _windows(name: str) -> tzinfo | None:
    names = _windows_names() | _OTHER_NAMES
    found = names.get(name.casefold()) or names.get(f"{name.casefold()} standard time")
    return _olson(found) if found else None


@cache
def _windows_names() -> dict[str, str]:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return {windows.casefold(): olson for windows, olson in WINDOWS_TO_OLSON.items()}


def _by_city(shown_name: str) -> tzinfo | None:
    """Outlook's "(UTC+01:00) Amsterdam, Berlin": the first city that is a zone of that offset."""
    shown = _DISPLAY.fullmatch(shown_name)
    if not shown:
        return None
    offset = _signed(shown[1] or "+", shown[2] or "0", shown[3] or "0")
    for city in shown[4].split(","):
        for name in _cities().get(city.strip().casefold().replace(" ", "_"), ()):
            zone = zoneinfo.ZoneInfo(name)
            winter, summer = datetime(2026, 1, 1, tzinfo=zone), datetime(2026, 7, 1, tzinfo=zone)
            if offset in (winter.utcoffset(), summer.utcoffset()):
                return zone
    return _fixed(offset)


@cache
def _cities() -> dict[str, list[str]]:
    cities: dict[str, list[str]] = {}
    for folded, proper in _olson_names().items():
        cities.setdefault(folded.rpartition("/")[2], []).append(proper)
    return cities


def _offset(name: str) -> tzinfo | None:
    found = _OFFSET.fullmatch(name)
    return _fixed(_signed(found[1], found[2], found[3] or "0")) if found else None


def _signed(sign: str, hours: str, minutes: str, seconds: str = "0") -> timedelta:
    span = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))
    return -span if sign == "-" else span


def _fixed(offset: timedelta) -> tzinfo | None:
    return Transitions([], offset) if abs(offset) < timedelta(hours=24) else None


# --- definitions --------------------------------------------------------------------------


class Transitions(tzinfo):
    """A zone by its changes: (instant of the change as naive UTC, offset from then on)."""

    def __init__(self, changes: list[tuple[datetime, timedelta]], before: timedelta) -> None:
        self._at_utc = [at for at, _ in changes]
        self._offsets = [before, *(offset for _, offset in changes)]
        # A local time belongs to a change once the clock has shown it under both offsets.
        self._at_local = [
            at + max(old, new)
            for at, (old, new) in zip(self._at_utc, pairwise(self._offsets), strict=True)
        ]

    def utcoffset(self, moment: datetime | None, /) -> timedelta:
        """The offset at a local time; when the clock is changed, the one before."""
        if moment is None:
            return self._offsets[-1]
        naive = moment if moment.tzinfo is None else moment.replace(tzinfo=None)
        return self._offsets[bisect_right(self._at_local, naive)]

    def dst(self, _moment: datetime | None, /) -> timedelta | None:
        """Not told: nothing here asks."""
        return None

    def tzname(self, _moment: datetime | None, /) -> str | None:
        """Not told either."""
        return None

    def fromutc(self, moment: datetime, /) -> datetime:
        """The local time of an instant."""
        naive = moment.replace(tzinfo=None)
        offset = self._offsets[bisect_right(self._at_utc, naive)]
        return (naive + offset).replace(tzinfo=self)


def _transitions(block: Block) -> tzinfo | None:
    """The zone that a VTIMEZONE describes (RFC 5545 section 3.6.5); None if it describes none."""
    changes: dict[datetime, timedelta] = {}
    earliest: tuple[datetime, timedelta] | None = None
    for name, body in block.children[:200]:
        if name not in ("STANDARD", "DAYLIGHT"):
            continue
        try:
            before, after, onsets = _observance(body)
        except (ValueError, OverflowError):
            continue
        for onset in onsets:
            at = onset - before
            changes[at] = after
            if earliest is None or at < earliest[0]:
                earliest = (at, before)
    if earliest is None:
        return None
    return Transitions(sorted(changes.items()), earliest[1])


def _observance(body: bytes) -> tuple[timedelta, timedelta, list[datetime]]:
    found, _ = properties(body)
    before = _utc_offset(word_of(found, "TZOFFSETFROM"))
    after = _utc_offset(word_of(found, "TZOFFSETTO"))
    first = parse_moment(word_of(found, "DTSTART"), UTC).local
    onsets = {first}
    for line in found.get("RRULE", [])[:5]:
        try:
            rule = parse_rule(line.value, Moment(first, Transitions([], before)))
        except BadRule:
            continue
        if rule.frequency in ("YEARLY", "MONTHLY"):
            for onset in starts(rule, first, _FIRST, _LAST):
                onsets.add(onset)
                if len(onsets) >= _MAX_ONSETS:
                    break
    for line in found.get("RDATE", [])[:_MAX_ONSETS]:
        for value in values(line):
            onsets.add(parse_moment(value.partition("/")[0], UTC).local)
    return before, after, sorted(onsets)[:_MAX_ONSETS]


def _utc_offset(text: str) -> timedelta:
    found = _UTC_OFFSET.fullmatch(text)
    if not found or int(found[2]) > 23 or int(found[3]) > 59:
        raise ValueError(f"no offset: {text[:20]!r}")
    return _signed(found[1], found[2], found[3], found[4] or "0")
