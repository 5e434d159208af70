"""Properties of a component and their values: dates, durations, texts (RFC 5545 section 3.3)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from hashlib import blake2b
from typing import NamedTuple

from connectors.charsets import decode_quoted_printable, decode_text
from connectors.content_lines import Head, parse_head, unescape, unfold, value_start

NO_UID = "no-uid-"
"""Components without UID are named by what they say, after this prefix."""

_DATE_TIME = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_DURATION = re.compile(
    r"([+-]?)P(?:(\d{1,9})W)?(?:(\d{1,9})D)?"
    r"(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?",
    re.ASCII | re.IGNORECASE,
)


class IcalProperty(NamedTuple):
    """One content line: its head and its value as written."""

    head: Head
    value: str


_EPOCH, _EPOCH_UTC = datetime(1970, 1, 1), datetime(1970, 1, 1, tzinfo=UTC)  # noqa: DTZ001
_NO_TIME = timedelta()

Properties = dict[str, list[IcalProperty]]
"""Name in upper case → the lines of that name, in order."""


class Moment(NamedTuple):
    """A date, or a time of day in a zone.

    `local` is naive; of a date it is the midnight and `zone` is None.
    """

    local: datetime
    zone: tzinfo | None

    @property
    def is_date(self) -> bool:
        """Whether it is a whole day."""
        return self.zone is None

    def to_utc(self) -> datetime:
        """The instant; of a local time that a clock change skips or repeats, the earlier reading.

        :raises OverflowError: beyond the years 1 to 9999.
        """
        return to_instant(self.local, self.zone or UTC)

    def at_zone(self, zone: tzinfo | None) -> datetime:
        """What a clock in that zone shows then; with None, the midnight of its day."""
        if zone is None:
            return self.local.replace(hour=0, minute=0, second=0)
        if self.zone is None or self.zone is zone:
            return self.local
        return self.to_utc().astimezone(zone).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Length:
    """How long an event lasts: `days` by the calendar, then `rest` by the stopwatch."""

    days: timedelta
    rest: timedelta = timedelta()

    @property
    def total(self) -> timedelta:
        """On a clock that is never changed."""
        return self.days + self.rest

    def end_of(self, start: Moment) -> Moment:
        """Where something of this length ends that starts then."""
        local = start.local + self.days
        if not self.rest:
            return Moment(local, start.zone)
        if start.zone is None or start.zone is UTC:
            return Moment(local + self.rest, start.zone)
        return Moment((Moment(local, start.zone).to_utc() + self.rest).replace(tzinfo=None), UTC)


def properties(own: bytes) -> tuple[Properties, list[str]]:
    """The properties of a block's own lines, and the lines that are none."""
    found: Properties = {}
    broken: list[str] = []
    for line in decode_text(unfold(own.replace(b"\0", b""))).split("\n"):
        if not line:
            continue
        text, colon, value = line.partition(":")
        if '"' in text:  # a colon inside quotes is none
            cut = value_start(line)
            text, value = line[: cut - 1], line[cut:]
        head = parse_head(text) if colon else None
        if head is None:
            if line.strip():
                broken.append(line)
        elif head.name in found:
            found[head.name].append(IcalProperty(head, value))
        else:
            found[head.name] = [IcalProperty(head, value)]
    return found, broken


def text_of(found: Properties, name: str) -> str | None:
    """The first value of a text property as it stands; None when it is missing or blank."""
    if lines := found.get(name):
        head, value = lines[0]
        if head.params and head.first("ENCODING").upper() == "QUOTED-PRINTABLE":
            value = decode_quoted_printable(value, head.first("CHARSET"), None).text
        text = unescape(value).replace("\0", "")
        return text if text and not text.isspace() else None
    return None


def word_of(found: Properties, name: str) -> str:
    """The first value of a property that is a word, in upper case; empty when it is missing."""
    lines = found.get(name)
    return clean(lines[0].value).upper() if lines else ""


def clean(text: str) -> str:
    """Without NUL characters, which no database takes, and without blanks around."""
    return text.replace("\0", "").strip()


def parse_moment(value: str, zone: tzinfo, *, is_date: bool = False) -> Moment:
    """A date or date-time; `zone` is what local times are meant in.

    Also ISO 8601 with hyphens and colons, without seconds, with an offset; 24:00 and second 60.

    :raises ValueError: it is none.
    """
    found = _DATE_TIME.fullmatch(value.strip())
    if not found:
        raise ValueError(f"no date or time: {value[:60]!r}")
    year, month, day, hour, minute, second, suffix = found.groups()
    if is_date or hour is None:
        return Moment(datetime(int(year), int(month), int(day)), None)  # noqa: DTZ001 - local
    local = datetime(int(year), int(month), int(day))  # noqa: DTZ001 - local
    if int(hour) > 24 or int(minute) > 59 or int(second or 0) > 60:
        raise ValueError(f"no time of day: {value[:60]!r}")
    local += timedelta(hours=int(hour), minutes=int(minute), seconds=min(int(second or 0), 59))
    if suffix is None:
        return Moment(local, zone)
    if suffix not in "Zz":
        digits = suffix.replace(":", "")
        offset = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
        local += -offset if digits[0] == "+" else offset
    return Moment(local, UTC)


def parse_duration(value: str) -> Length:
    """A duration such as `P1DT2H` (RFC 5545 section 3.3.6).

    :raises ValueError: it is none.
    """
    found = _DURATION.fullmatch(value.strip())
    if not found or not any(found.groups()[1:]):
        raise ValueError(f"no duration: {value[:60]!r}")
    sign = -1 if found[1] == "-" else 1
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    try:
        return Length(
            sign * timedelta(weeks=weeks, days=days),
            sign * timedelta(hours=hours, minutes=minutes, seconds=seconds),
        )
    except OverflowError as error:
        raise ValueError(f"longer than the calendar: {value[:60]!r}") from error


def values(line: IcalProperty) -> Iterator[str]:
    """The parts of a property with several values (RDATE, EXDATE); vCalendar 1.0 has semicolons."""
    return (part for part in line.value.replace(";", ",").split(",") if part.strip())


def to_instant(local: datetime, zone: tzinfo) -> datetime:
    """The UTC instant of a naive local time.

    Ten times faster than `replace` and `astimezone`, and the same.

    :raises OverflowError: beyond the years 1 to 9999.
    """
    return _EPOCH_UTC + (local - _EPOCH - (zone.utcoffset(local) or _NO_TIME))


def utc_text(moment: Moment) -> str:
    """`20260102T090000Z`, of a date `20260102`: how an occurrence is named in its series."""
    return utc_name(moment.local if moment.zone is None else moment.to_utc())


def utc_name(at: datetime) -> str:
    """The same of an instant, or of a naive midnight that stands for its day."""
    day = at.year * 10_000 + at.month * 100 + at.day
    if at.tzinfo is None:
        return f"{day:08}"
    return f"{day:08}T{at.hour * 10_000 + at.minute * 100 + at.second:06}Z"


def uid_in(found: Properties) -> str:
    """The UID of a component; where it has none, a name made of what it says.

    Without the stamps that each export writes anew, so that a newer one gives the same name.
    """
    if (lines := found.get("UID")) and (uid := clean(lines[0].value)):
        return uid
    kept = sorted(
        f"{name}:{line.value}"
        for name, lines in found.items()
        if name not in ("DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE")
        for line in lines
    )
    digest = blake2b("\n".join(kept).encode("utf-8", "replace"), digest_size=8)
    return f"{NO_UID}{digest.hexdigest()}"
