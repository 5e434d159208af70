"""How many calendars of a corpus come out as expected.

    python bench/corpus_calendars.py [CORPUS]

CORPUS holds `expect_ical.json` and the files it names; its `schema` says what each case asserts.
The last line printed is one JSON object.
"""

import argparse
import json
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from connectors.contract import Meeting, Window
from connectors.ical import UidComponents, expand, split
from connectors.ical.time_zones import named_zone

OWNERS_ZONE = ZoneInfo("UTC")
_TZID = re.compile(rb"DTSTART;TZID=\"?([^:\"]+)\"?:")


def occurrences(body: bytes, window: Window) -> list[Meeting]:
    """Read as a source reads a file: split, then expand each part."""
    found = [
        meeting
        for part in split(body)
        if isinstance(part, UidComponents) and part.kind == "event"
        for meeting in expand([part.body], window, OWNERS_ZONE).meetings
    ]
    return sorted(found, key=_start)


def _start(meeting: Meeting) -> str:
    return _shown(meeting.start_date or meeting.starts_at)


def _shown(moment: Any) -> str:
    if isinstance(moment, datetime):
        return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    return str(moment)


def _said(meeting: Meeting, like: dict[str, Any]) -> dict[str, Any]:
    """The meeting in the words of the expectations, as far as one of them goes."""
    said = {
        "uid": meeting.uid,
        "start": _start(meeting),
        "end": _shown(meeting.end_date or meeting.ends_at),
        "all_day": meeting.is_all_day,
        "summary": meeting.summary,
        "attendees": [attendee.email for attendee in meeting.attendees],
        "organizer": meeting.organizer.email if meeting.organizer else None,
        "status": meeting.status.upper(),
    }
    # Without UID the reader makes one up.
    return {key: None if like[key] is None and key == "uid" else said[key] for key in like}


def _local_starts(body: bytes, meetings: list[Meeting]) -> list[str]:
    named = _TZID.search(body)
    zone = (named_zone(named[1].decode()) if named else None) or UTC
    return [
        f"{one.starts_at.astimezone(zone):%Y-%m-%dT%H:%M:%S}" for one in meetings if one.starts_at
    ]


def _durations(meetings: list[Meeting]) -> dict[str, float]:
    return {_start(one)[:10]: _length(one).total_seconds() for one in meetings}


def _length(meeting: Meeting) -> timedelta:
    if meeting.starts_at and meeting.ends_at:
        return meeting.ends_at - meeting.starts_at
    if meeting.start_date and meeting.end_date:
        return meeting.end_date - meeting.start_date
    raise ValueError(f"a meeting without times: {meeting!r}")


def difference(case: dict[str, Any], body: bytes) -> tuple[Any, Any] | None:
    """(wanted, got) where they differ."""
    begin, end = (datetime.fromisoformat(case["window"][key]) for key in ("start", "end"))
    meetings = occurrences(body, Window(begin, end))
    wanted: Any
    got: Any
    match case["assert"]:
        case "exact":
            wanted = case["occurrences"]
            got = [_said(one, like) for one, like in zip(meetings, wanted, strict=False)]
            got += [_start(one) for one in meetings[len(wanted) :]]
        case "count":
            wanted, got = case["count"], len(meetings)
        case "dates":
            wanted, got = case["dates"], [_start(one)[:10] for one in meetings]
        case "starts":
            wanted, got = case["starts"], [_start(one) for one in meetings]
        case "contains_starts":
            wanted = case["contains_starts"]
            got = [start for start in wanted if start in {_start(one) for one in meetings}]
        case "durations":
            wanted, got = case["duration_seconds_on_date"], _durations(meetings)
        case "local_starts":
            wanted, got = case["local_starts"], _local_starts(body, meetings)
        case other:
            raise SystemExit(f"this script knows no assertion {other!r}")
    return None if wanted == got else (wanted, got)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="?")
    corpus: Path | None = parser.parse_args().corpus
    if corpus is None:
        print(json.dumps({"calendars": 0, "as_expected": 0}))
        return
    cases = json.loads((corpus / "expect_ical.json").read_text(encoding="utf-8"))["calendars"]
    passed = 0
    for case in cases:
        found = difference(case, (corpus / case["file"]).read_bytes())
        passed += found is None
        if found:
            print(f"{case['file']}: should be {found[0]!r}, is {found[1]!r}")
    print(json.dumps({"calendars": len(cases), "as_expected": passed}))


if __name__ == "__main__":
    main()
