"""What stands after undos of undos: the file and the SQL say the same."""

import multiprocessing
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.book import build, decisions, sqlgraph
from pipeline.book.decisions import FILE_NAME, Decision, Who

ANA = Who("Ana Lima", ("email ana@example.org",))
RUI = Who("Rui Costa", ("email rui@example.org",))
START = datetime(2026, 11, 1, tzinfo=UTC)


def standing_in_sql(said: list[Decision]) -> set[str]:
    with duckdb.connect() as connection:
        for schema in ("raw", "staging"):
            connection.execute(f"create schema {schema}")
        folder = sqlgraph.sql_folder()
        for file in (folder / "raw" / "config.sql", folder / "macros.sql"):
            connection.execute(file.read_text("utf-8"))
        connection.execute(
            "create table raw.record_ids (record_id bigint, kind varchar,"
            ' source varchar, collection varchar, "key" varchar, given_at timestamptz)'
        )
        connection.execute("insert into raw.settings (time_zone) values ('UTC')")
        build.write_decisions(connection, said)
        text = (folder / "staging" / "decisions.sql").read_text("utf-8")
        rows = connection.execute(text).fetchall()
    return {str(row[0]) for row in rows}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 11), min_size=1, max_size=12))
def test_the_file_and_the_sql_agree_on_what_stands(choices: list[int]) -> None:
    """Odd choices say something new, even ones undo one of what was said, redone or not."""
    said: list[Decision] = []
    for number, choice in enumerate(choices):
        stamp = (START + timedelta(seconds=number)).isoformat()
        if choice % 2 or not said:
            one = Decision("mute", f"d{number}", stamp, who=ANA)
        else:
            target = said[choice * 7 % len(said)]
            end = decisions.end_of_chain(said, target.decision_id)
            one = Decision("undo", f"d{number}", stamp, undoes=end)
        said.append(one)
    expected = {
        one.decision_id
        for one in said
        if one.verb != "undo" and one.decision_id in decisions.standing(said)
    }
    assert standing_in_sql(said) == expected


def test_taking_out_leaves_the_others_and_takes_the_undos_along(tmp_path: Path) -> None:
    mute = decisions.append(tmp_path, Decision("mute", who=ANA))
    kept = decisions.append(tmp_path, Decision("every", who=RUI, every_days=14))
    undo = decisions.append(tmp_path, Decision("undo", undoes=mute.decision_id))
    decisions.append(tmp_path, Decision("undo", undoes=undo.decision_id))
    decisions.append(tmp_path, Decision("merge", who=RUI, other=ANA))
    gone = decisions.take_out(tmp_path, lambda one: ANA in (one.who, one.other))
    assert gone == 4
    assert list(decisions.read(tmp_path)) == [kept]
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o077 == 0


def test_who_waits_while_the_file_is_replaced_writes_into_the_new_one(tmp_path: Path) -> None:
    decisions.append(tmp_path, Decision("mute", who=ANA))
    path = tmp_path / FILE_NAME
    held = decisions._locked(path)
    child = multiprocessing.get_context("spawn").Process(target=_mute_rui, args=(tmp_path,))
    child.start()
    time.sleep(1.5)  # it has opened the old file and waits for its lock
    fresh = tmp_path / "fresh"
    fresh.write_bytes(b"")
    fresh.replace(path)
    os.close(held)
    child.join()
    assert child.exitcode == 0
    assert [one.who for one in decisions.read(tmp_path)] == [RUI]


def _mute_rui(folder: Path) -> None:
    decisions.append(folder, Decision("mute", who=RUI))


def test_a_fingerprint_finds_its_record_again_and_names_nobody() -> None:
    print_of_ana = decisions.fingerprint("email ana@example.org")
    assert "ana" not in print_of_ana
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        folder = sqlgraph.sql_folder()
        for file in (folder / "raw" / "config.sql", folder / "macros.sql"):
            connection.execute(file.read_text("utf-8"))
        connection.execute(
            "create table raw.record_ids as select 7::bigint as record_id, 'email' as kind,"
            " '' as source, '' as collection, 'ana@example.org' as \"key\""
        )
        stamp = START.isoformat()
        said = [
            Decision("rest", "a", stamp, who=Who("somebody", (print_of_ana,))),
            Decision("rest", "b", stamp, who=Who("somebody", (decisions.fingerprint("x"),))),
        ]
        build.write_decisions(connection, said)
        rows = connection.execute("select decision_id, person_id from raw.decisions").fetchall()
    assert rows == [("a", 7), ("b", None)]
