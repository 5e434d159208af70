"""The golden files of the iCalendar reader: tests/golden/ical/*.ics, each beside what it says.

    python -m tests.support.golden_ical --regenerate

writes the .json files anew; read the difference before keeping it. Each file is split as a source
does and each part expanded in the year 2026 of an owner in Lisbon.
"""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from connectors.contract import Attendee, Meeting, Reject, Window
from connectors.ical import expand, read_task
from tests.support.paths import GOLDEN
from tests.support.split_calendar import split_calendar

FOLDER = GOLDEN / "ical"
LISBON = ZoneInfo("Europe/Lisbon")
YEAR = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
_LEFT_OUT = (None, (), "", False)


def golden_files() -> list[Path]:
    return sorted(FOLDER.glob("*.ics"))


def as_read(path: Path) -> Any:
    """What a file comes to, as JSON has it; what is empty or false is left out."""
    found = split_calendar(path.read_bytes())
    rejects = list(found.rejects)
    meetings, tasks, is_open = [], [], []
    for part in found.parts:
        if part.kind == "task":
            tasks.append(_plain(read_task(part.body, LISBON)))
            continue
        expansion = expand([part.body], YEAR, LISBON)
        meetings += [_meeting(meeting) for meeting in expansion.meetings]
        rejects += expansion.rejects
        if expansion.is_open:
            is_open.append(part.uid)
    shown = {
        "meetings": sorted(meetings, key=lambda one: (one["start"], one["uid"])),
        "tasks": tasks,
        "rejects": [_reject(reject) for reject in rejects],
        "open": is_open,
    }
    return {name: value for name, value in shown.items() if value}


def _meeting(meeting: Meeting) -> dict[str, Any]:
    start = meeting.start_date or meeting.starts_at
    end = meeting.end_date or meeting.ends_at
    times = ("starts_at", "ends_at", "start_date", "end_date")
    return {"start": str(start), "end": str(end)} | {
        name: value for name, value in _plain(meeting).items() if name not in times
    }


def _reject(reject: Reject) -> str:
    line = reject.content.decode("utf-8", "replace").splitlines()[:1]
    kind = "warning" if reject.is_warning else "reject"
    return f"{kind}: {reject.reason}" + (f" ({line[0]})" if line else "")


def _plain(record: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name in record.__slots__:
        value = getattr(record, name)
        if value in _LEFT_OUT:
            continue
        if isinstance(value, Attendee):
            value = _person(value)
        elif isinstance(value, tuple):
            value = [_person(one) if isinstance(one, Attendee) else one for one in value]
        elif isinstance(value, date):
            value = str(value)
        plain[name] = value
    return plain


def _person(attendee: Attendee) -> str:
    kind = "" if attendee.kind == "individual" else f" [{attendee.kind}]"
    return f"{attendee.name or ''} <{attendee.email or ''}> {attendee.role} {attendee.reply}{kind}"


def main() -> None:
    """Write or compare the .json files."""
    for path in golden_files():
        text = json.dumps(as_read(path), indent=1, ensure_ascii=False) + "\n"
        beside = path.with_suffix(".json")
        if "--regenerate" in sys.argv:
            beside.write_text(text, encoding="utf-8")
        elif not beside.exists() or beside.read_text(encoding="utf-8") != text:
            print(f"{path.name} reads otherwise now")


if __name__ == "__main__":
    main()
