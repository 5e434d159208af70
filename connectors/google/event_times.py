"""When a Google event is: an EventDateTime is a date, or an instant with an offset or a zone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors.google.json_fields import JsonFields, NotAsPromised, within
from connectors.ical.time_zones import named_zone

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Times:
    """When an event is: either two instants in UTC, or two dates of which the second is beyond."""

    start: datetime | date
    end: datetime | date

    @property
    def is_all_day(self) -> bool:
        """Whether it is a matter of days."""
        return not isinstance(self.start, datetime)

    @property
    def length(self) -> timedelta:
        """How long it takes."""
        start, end = self.start, self.end
        if isinstance(start, datetime) and isinstance(end, datetime):
            return end - start
        return timedelta(days=end.toordinal() - start.toordinal())


def times_of(event: JsonFields, zone: ZoneInfo) -> Times:
    """When an event is. An end that is unspecified, absent or early is the start (or its day).

    :raises NotAsPromised: there is no start that can be read.
    """
    is_bare = event.get("status") == "cancelled" and not event.get("start")
    start = moment_of(event, "originalStartTime" if is_bare else "start", zone)
    is_timed = isinstance(start, datetime)
    earliest = start if is_timed else start + _DAY
    if not event.get("end") or event.get("endTimeUnspecified"):
        return Times(start, earliest)
    end = moment_of(event, "end", zone)
    if isinstance(end, datetime) != is_timed:
        return Times(start, earliest)
    return Times(start, max(end, earliest))


def moment_of(event: JsonFields, key: str, zone: ZoneInfo) -> datetime | date:
    """An EventDateTime: a date, or an instant, with its own offset or else in its named zone.

    :raises NotAsPromised: there is none, or it cannot be read.
    """
    found = within(event, key)
    said = found.get("dateTime") or found.get("date")
    if not said:
        raise NotAsPromised(f"it has no {key}")
    try:
        return _moment(found, zone)
    except (ValueError, OverflowError) as error:
        raise NotAsPromised(f"its {key} is not a time: {str(said)[:60]!r}") from error


def _moment(found: JsonFields, zone: ZoneInfo) -> datetime | date:
    if found.get("dateTime"):
        moment = datetime.fromisoformat(str(found["dateTime"]))
        if moment.tzinfo is None:
            named = named_zone(str(found.get("timeZone") or ""))
            moment = moment.replace(tzinfo=named or zone)
        return moment.astimezone(UTC)
    return date.fromisoformat(str(found["date"]))


def instant(moment: datetime | date, zone: ZoneInfo) -> datetime:
    """Whole days begin at the owner's midnight."""
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time(), zone)


def writer(event: JsonFields) -> Callable[[datetime | date], str]:
    """How iCalendar writes the moments of a series: on the clock of its zone, else in UTC.

    The text follows the name of a property: `;TZID=Europe/Lisbon:20260316T100000`.
    """
    named = named_zone(str(within(event, "start").get("timeZone") or ""))
    zone_name = named.key if isinstance(named, ZoneInfo) else None

    def write(moment: datetime | date) -> str:
        if not isinstance(moment, datetime):
            return f";VALUE=DATE:{moment:%Y%m%d}"
        if zone_name is None:
            return f":{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        return f";TZID={zone_name}:{moment.astimezone(named):%Y%m%dT%H%M%S}"

    return write
