"""Speed and memory of the calendar reader, beside icalendar and recurring-ical-events.

    python bench/calendars.py [--events 5000] [--series 200] [--reference-share 0.2]

Generates a file of plain events (four guests, a time zone, an alarm; 1.6 kB each with its zone)
and a file of series (weekly, daily, monthly, over five years, in local time), then measures in a
process each: our reader from bytes to meetings, icalendar's `from_ical` of the same bytes, and
recurring-ical-events on series that are parsed already. The references are run on a share of the
input. The last line is one JSON object: seconds of CPU time (all of it is computing in one thread,
and a busy machine does not count), events or occurrences per second, peak memory in MB.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

ZONE = ZoneInfo("Europe/Lisbon")
BEGIN, END = datetime(2021, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
RULES = (
    "FREQ=WEEKLY;BYDAY=TU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE",
    "FREQ=DAILY",
    "FREQ=MONTHLY;BYDAY=1FR",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20251231T000000Z",
)
TIME_ZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/Lisbon
BEGIN:DAYLIGHT
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:WEST
DTSTART:19700329T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:WET
DTSTART:19701025T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


def calendar(*events: str) -> bytes:
    head = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//EN\n"
    text = f"{head}{TIME_ZONE}{''.join(events)}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def event(number: int, rule: str = "", *, is_hard: bool = False) -> str:
    """An event as a server hands it out."""
    day = f"2021{number % 12 + 1:02}{number % 28 + 1:02}"
    guests = "".join(
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE\n"
        f" ;CN=Person {guest};X-NUM-GUESTS=0:mailto:person{guest}@example.org\n"
        for guest in range(number % 300, number % 300 + 4)
    )
    text = f"""\
BEGIN:VEVENT
UID:{number:08x}@example.org
DTSTAMP:20210101T000000Z
DTSTART;TZID=Europe/Lisbon:{day}T090000
DTEND;TZID=Europe/Lisbon:{day}T100000
SUMMARY:Meeting number {number}
ORGANIZER;CN=Ana:mailto:ana@example.org
{guests}LOCATION:Room 3\\, Building B
DESCRIPTION:View your event at https://calendar.example.org/event?action=V
 IEW&eid=Yzc0cDJubXV0Y2Qwa3Q2OWt1N3JzOHZ1Mmcga2FyaW1AbmlsYXMuY29t&tok=Mjkj
 aW5ib3hhcHB0ZXN0LmZyZW5jaEBnbWFpbC5jb202YTJlN2NjMDc1NWFhMTdmYzU5YzNkYjJk
STATUS:CONFIRMED
SEQUENCE:0
TRANSP:OPAQUE
CREATED:20210101T000000Z
LAST-MODIFIED:20210101T000000Z
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Reminder
TRIGGER:-PT10M
END:VALARM
END:VEVENT
"""
    if rule:
        text = text.replace("SEQUENCE:0\n", f"SEQUENCE:0\nRRULE:{rule}\n")
    if is_hard:
        text += f"""\
BEGIN:VEVENT
UID:{number:08x}@example.org
RECURRENCE-ID;TZID=Europe/Lisbon:{day}T090000
DTSTART;TZID=Europe/Lisbon:{day}T110000
DTEND;TZID=Europe/Lisbon:{day}T120000
SUMMARY:Moved
END:VEVENT
"""
    return text


def plain_bodies(count: int) -> list[bytes]:
    return [calendar(event(number)) for number in range(count)]


def series_bodies(count: int, *, is_hard: bool = False) -> list[bytes]:
    return [
        calendar(event(number, RULES[number % len(RULES)], is_hard=is_hard))
        for number in range(count)
    ]


# --- what is measured ---------------------------------------------------------------------


def expand_all(bodies: Sequence[bytes]) -> int:
    from connectors.contract import Window
    from connectors.ical import expand

    window = Window(BEGIN, END)
    return sum(len(expand([body], window, ZONE).meetings) for body in bodies)


def run_ours_plain(count: int) -> tuple[int, float]:
    bodies = plain_bodies(count)
    return timed(lambda: expand_all(bodies))


def run_ours_file(count: int) -> tuple[int, float]:
    """One archive of all the events: split it, then expand each part."""
    from connectors.ical import UidComponents, split

    body = calendar(*(event(number) for number in range(count)))
    return timed(
        lambda: expand_all([one.body for one in split(body) if isinstance(one, UidComponents)])
    )


def run_icalendar_plain(count: int) -> tuple[int, float]:
    import icalendar

    bodies = plain_bodies(count)
    return timed(
        lambda: sum(len(icalendar.Calendar.from_ical(body).walk("VEVENT")) for body in bodies)
    )


def run_icalendar_file(count: int) -> tuple[int, float]:
    import icalendar

    body = calendar(*(event(number) for number in range(count)))
    return timed(lambda: len(icalendar.Calendar.from_ical(body).walk("VEVENT")))


def run_ours_series(count: int) -> tuple[int, float]:
    bodies = series_bodies(count)
    return timed(lambda: expand_all(bodies))


def run_ours_hard(count: int) -> tuple[int, float]:
    bodies = series_bodies(count, is_hard=True)
    return timed(lambda: expand_all(bodies))


def run_library_series(count: int) -> tuple[int, float]:
    """recurring-ical-events alone: what it needs parsed is parsed before."""
    import icalendar
    import recurring_ical_events

    parsed = [icalendar.Calendar.from_ical(body) for body in series_bodies(count)]
    return timed(
        lambda: sum(len(recurring_ical_events.of(one).between(BEGIN, END)) for one in parsed)
    )


def timed(work: Callable[[], int]) -> tuple[int, float]:
    started = time.process_time()
    count = work()
    return count, time.process_time() - started


RUNS: dict[str, Callable[[int], tuple[int, float]]] = {
    "ours_plain": run_ours_plain,
    "ours_file": run_ours_file,
    "icalendar_plain": run_icalendar_plain,
    "icalendar_file": run_icalendar_file,
    "ours_series": run_ours_series,
    "ours_hard": run_ours_hard,
    "library_series": run_library_series,
}


def measured(name: str, count: int) -> dict[str, float]:
    """Rate and peak memory of one run in a process of its own."""
    command = [sys.executable, __file__, "--run", name, "--events", str(count)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(ended.stdout)
    return result


def run_one(name: str, count: int) -> None:
    found, seconds = RUNS[name](count)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"found": found, "seconds": seconds, "peak_mb": round(peak_mb, 1)}))


def compare(events: int, series: int, share: float) -> dict[str, Any]:
    few_events, few_series = max(1, round(events * share)), max(1, round(series * share))
    ours = measured("ours_plain", events)
    whole = measured("ours_file", events)
    reference = measured("icalendar_plain", few_events)
    reference_file = measured("icalendar_file", few_events)
    if ours["found"] != events or whole["found"] != events or reference["found"] != few_events:
        raise SystemExit(f"events lost: {ours['found']}, {whole['found']} of {events}")
    ours_series = measured("ours_series", series)
    hard = measured("ours_hard", max(1, series // 4))
    library = measured("library_series", few_series)
    same = measured("ours_series", few_series)
    if same["found"] != library["found"]:
        raise SystemExit(f"occurrences differ: {same['found']} and {library['found']}")

    def rate(run: dict[str, float]) -> float:
        return run["found"] / run["seconds"]

    return {
        "events": events,
        "seconds": round(ours["seconds"], 3),
        "reference_seconds": round(reference["seconds"] / few_events * events, 3),
        "ratio": round(rate(ours) / rate(reference), 1),
        "ratio_goal": 5,
        "events_per_second": round(rate(ours)),
        "icalendar_events_per_second": round(rate(reference)),
        "file_events_per_second": round(rate(whole)),
        "file_ratio": round(rate(whole) / rate(reference_file), 1),
        "occurrences": int(ours_series["found"]),
        "occurrences_per_second": round(rate(ours_series)),
        "library_occurrences_per_second": round(rate(library)),
        "series_ratio": round(rate(ours_series) / rate(library), 1),
        "series_ratio_goal": 8,
        "hard_occurrences_per_second": round(rate(hard)),
        "peak_mb": ours["peak_mb"],
        "file_peak_mb": whole["peak_mb"],
        "icalendar_file_peak_mb": reference_file["peak_mb"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=5_000)
    parser.add_argument("--series", type=int, default=200)
    parser.add_argument("--reference-share", type=float, default=0.2)
    parser.add_argument("--run", choices=RUNS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        run_one(arguments.run, arguments.events)
        return
    print(json.dumps(compare(arguments.events, arguments.series, arguments.reference_share)))


if __name__ == "__main__":
    main()
