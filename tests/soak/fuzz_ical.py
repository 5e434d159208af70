"""Coverage-guided fuzzing of the calendar reader; a finding becomes a case in tests/unit/ical.

    pip install atheris
    python tests/soak/fuzz_ical.py [--seconds 300] [--findings DIR]

Begins with the golden files. It must never raise, never hang, split what it split into the same
again, find the same occurrences in a window as in its halves, and change a task so that the
change is read back.
"""

import argparse
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

with atheris.instrument_imports(include=["connectors"]):
    from connectors.contract import Meeting, TaskDraft, Window
    from connectors.errors import ItemConflict
    from connectors.ical import NoTask, UidComponents, expand, read_task, write_task
    from tests.support.split_calendar import split_calendar

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "ical"
ZONE = ZoneInfo("Europe/Lisbon")
BEGIN, MIDDLE, END = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 7, 12))
NOW = datetime(2026, 2, 1, tzinfo=UTC)
SECONDS_A_CASE = 10


def check(content: bytes) -> None:
    """Everything that must hold for any bytes."""
    found = split_calendar(content)
    repr(found).encode("utf-8")
    for part in found.parts:
        again = split_calendar(part.body)
        if [(one.uid, one.kind) for one in again.parts] != [(part.uid, part.kind)]:
            raise AssertionError(f"{part!r} splits into {again!r}")
        if part.kind == "task":
            check_task(part)
        else:
            check_event(part)


def check_event(part: UidComponents) -> None:
    """The occurrences of a window are those of its halves."""
    halves = {}
    for window in (Window(BEGIN, MIDDLE), Window(MIDDLE, END)):
        for meeting in expand([part.body], window, ZONE).meetings:
            halves[key(meeting)] = meeting
    whole = expand([part.body], Window(BEGIN, END), ZONE)
    repr(whole).encode("utf-8")  # no lone surrogates
    if {key(meeting): meeting for meeting in whole.meetings} != halves:
        raise AssertionError(f"whole {whole.meetings!r}, halves {list(halves.values())!r}")
    for meeting in whole.meetings:
        if meeting.is_all_day != (meeting.starts_at is None) or meeting.uid != part.uid:
            raise AssertionError(f"{meeting!r} of {part!r}")


def key(meeting: Meeting) -> tuple[str, str, str]:
    return meeting.uid, meeting.recurrence_id, str(meeting.starts_at or meeting.start_date)


def check_task(part: UidComponents) -> None:
    try:
        read_task(part.body, ZONE)
    except NoTask:
        return
    draft = TaskDraft(part.uid, "Ana, Lima", "a\nb", date(2026, 3, 1), "completed")
    try:
        body = write_task(draft, part.body, NOW)
    except ItemConflict:
        return
    task = read_task(body)
    said = (task.uid, task.title, task.notes, task.due_date, task.status)
    if said != (draft.uid, draft.title, draft.notes, draft.due_date, draft.status):
        raise AssertionError(f"{task!r} in {body!r}")
    if write_task(draft, body, NOW) != body:
        raise AssertionError(f"changed again: {body!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--findings", type=Path, default=Path(tempfile.gettempdir()))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as corpus:
        for path in GOLDEN.glob("*.ics"):
            Path(corpus, path.name).write_bytes(path.read_bytes())
        options = [
            f"-max_total_time={arguments.seconds}",
            f"-timeout={SECONDS_A_CASE}",
            "-max_len=4000",
            f"-artifact_prefix={arguments.findings}/",
            corpus,
        ]
        atheris.Setup([sys.argv[0], *options], check)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
