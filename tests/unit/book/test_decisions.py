"""decisions.jsonl: what was said is never lost, and nothing that was not said is read."""

import json
import multiprocessing
import resource
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from connectors.errors import KithbookError
from pipeline.book.decisions import FILE_NAME, Decision, Who, append, first_known, read, unapplied

ANA = Who("Ana Lima", ("card home /book/ u1", "email ana@example.org"))


def test_a_decision_comes_back_as_it_was_said(tmp_path: Path) -> None:
    said = append(
        tmp_path,
        Decision("snooze", who=ANA, until_date=date(2026, 12, 1), note='says "after the fair" ✓'),
        datetime(2026, 11, 22, 8, 0, tzinfo=UTC),
    )
    assert list(read(tmp_path)) == [said]
    assert said.decided_at == "2026-11-22T08:00:00+00:00"
    assert said.decision_id


def test_the_file_is_lines_that_a_person_can_read_and_only_the_owner_may(tmp_path: Path) -> None:
    append(tmp_path, Decision("mute", who=ANA))
    path = tmp_path / FILE_NAME
    (line,) = path.read_text("utf-8").splitlines()
    assert json.loads(line)["who"]["name"] == "Ana Lima"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_line_that_a_crash_cut_short_was_not_said(tmp_path: Path) -> None:
    first = append(tmp_path, Decision("mute", who=ANA))
    path = tmp_path / FILE_NAME
    with path.open("a") as file:
        file.write('{"verb": "rest", "who": {"na')
    assert list(read(tmp_path)) == [first]
    second = append(tmp_path, Decision("rest", who=ANA))
    assert list(read(tmp_path)) == [first, second]


def test_a_whole_line_that_is_no_decision_is_an_error_that_names_it(tmp_path: Path) -> None:
    append(tmp_path, Decision("mute", who=ANA))
    path = tmp_path / FILE_NAME
    path.write_text("not json\n" + path.read_text())
    with pytest.raises(KithbookError, match="Line 1 of"):
        list(read(tmp_path))


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    append(tmp_path, Decision("mute", who=ANA))
    before = (tmp_path / FILE_NAME).read_bytes()
    child = multiprocessing.get_context("spawn").Process(
        target=_append_beyond_the_limit, args=(tmp_path, len(before) + 20)
    )
    child.start()
    child.join(30)
    assert child.exitcode == 0
    assert (tmp_path / FILE_NAME).read_bytes() == before


def _append_beyond_the_limit(folder: Path, limit: int) -> None:
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    with pytest.raises(KithbookError, match="could not be written"):
        append(folder, Decision("rest", who=ANA))


def test_what_was_said_and_taken_back_since_the_build_is_nothing_to_apply(tmp_path: Path) -> None:
    mute = append(tmp_path, Decision("mute", who=ANA))
    rest = append(tmp_path, Decision("rest", who=ANA))
    undo = append(tmp_path, Decision("undo", undoes=rest.decision_id))
    assert unapplied(tmp_path, mute.decision_id) == []
    assert unapplied(tmp_path, None) == [mute]
    append(tmp_path, Decision("undo", undoes=mute.decision_id))
    append(tmp_path, Decision("undo", undoes=undo.decision_id))
    assert unapplied(tmp_path, rest.decision_id) == [mute]


def test_a_person_is_found_by_the_first_key_still_known() -> None:
    assert first_known(ANA, {"email ana@example.org": 7}) == 7
    assert first_known(ANA, {"email ana@example.org": 7, "card home /book/ u1": 3}) == 3
    assert first_known(ANA, {}) is None
    assert first_known(None, {"email ana@example.org": 7}) is None
