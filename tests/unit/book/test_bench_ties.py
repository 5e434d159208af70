import json
from datetime import date
from pathlib import Path

import pytest

from bench import ties


def test_the_sql_equals_the_plain_computation() -> None:
    found = ties.generated(people=40, meetings=800)
    assert found["ties"] == 40
    assert found["largest_difference"] <= 1e-9


def test_any_list_of_events_gives_ties(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = tmp_path / "events.csv"
    events.write_text(
        "owner,person,happened_at,n_people\n"
        "a,x,2026-08-31,2\n"
        "b,x,2026-08-31T10:00:00Z,5\n"
        "b,x,2026-10-31,2\n",  # after the day asked about
        encoding="utf-8",
    )
    ties.main(["--events", str(events), "--as-of", "2026-09-01"])
    head, one, other, last = capsys.readouterr().out.splitlines()
    assert head == "owner,person,strength,typical_days,due_after_days"
    # ln(1 + 1) / (9 + 1)^0.7 / sqrt(1 + 1 / 30) alone, half of it among five
    assert one.startswith("a,x,0.136052097453")
    assert other.startswith("b,x,0.068026048726")
    assert json.loads(last)["ties"] == 2


def test_a_time_that_is_none_is_refused(tmp_path: Path) -> None:
    events = tmp_path / "events.csv"
    events.write_text("owner,person,happened_at,n_people\na,x,yesterday,2\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="ISO date"):
        ties.from_events(events, date(2026, 9, 1))
