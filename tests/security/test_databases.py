"""Files that DuckDB opens: `query` takes one SELECT, and no file of ours reaches another one."""

import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.book import duckdb_instances, memory_bounds
from pipeline.book.folder import Folder
from tests.support.demo_commands import Hand

SECRET = "the neighbour's secret"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text(SECRET)
    return path


@pytest.fixture
def forged(hand: Hand, secret: Path) -> Hand:
    """Somebody's book whose `people` is a view over a file of this machine."""
    path = hand.folder / "kithbook.duckdb"
    other = path.with_name("other.duckdb")
    shutil.copy2(path, other)
    with duckdb.connect(str(other)) as connection:
        connection.execute("alter table main.people rename to people_of_before")
        connection.execute(
            "create view main.people as select p.* replace (t.content as display_name)"
            f" from main.people_of_before as p, read_text('{secret}') as t"
        )
    other.replace(path)
    return hand


@pytest.mark.parametrize(
    "sql",
    [
        "copy (select 'x') to '{book}'",
        "copy (select 'x') to '{book}.wal'",
        "copy (select 'x') to '{folder}/new.csv'",
        "attach '{book}' as other",
        "attach '{folder}/state.duckdb' as state",
        "export database '{folder}/out'",
        "install httpfs",
        "load httpfs",
        "pragma database_list",
        "call pragma_version()",
        "set memory_limit = '100GB'",
        "create table main.t as select 1",
        "delete from main.people",
        "checkpoint",
        "explain analyze select 1",
        "prepare p as select 1",
        "use memory",
        "vacuum",
        "begin",
    ],
)
def test_query_runs_nothing_but_a_select(hand: Hand, sql: str) -> None:
    before = {path.name: path.read_bytes() for path in hand.folder.glob("*.duckdb*")}
    book = hand.folder / "kithbook.duckdb"
    said = hand.kithbook("query", sql.format(book=book, folder=hand.folder))
    assert said.code == 2
    assert "`query` takes a SELECT" in said.err
    assert {path.name: path.read_bytes() for path in hand.folder.glob("*.duckdb*")} == before


@pytest.mark.parametrize("sql", ["select 1; select 2", "select 1; copy people to 'x.csv'"])
def test_query_runs_one_statement_or_none(hand: Hand, sql: str) -> None:
    said = hand.kithbook("query", sql)
    assert (said.code, said.out) == (2, "")
    assert "2 statements" in said.err


@pytest.mark.parametrize("sql", ["", "  ;", "/* nothing */"])
def test_query_without_a_statement_says_so(hand: Hand, sql: str) -> None:
    said = hand.kithbook("query", sql)
    assert said.code == 2
    assert "no SELECT" in said.err


@pytest.mark.parametrize(
    "sql",
    [
        "select 1 as one",
        "from people select count(*) as one",
        "with a as (select 1 as one) from a",
        "describe people",
        "summarize ties",
        "show tables",
        "values (1)",
        "table circles",
    ],
)
def test_query_takes_every_form_of_a_select(hand: Hand, sql: str) -> None:
    assert hand.ok("query", sql).out


@pytest.mark.parametrize(
    "source",
    ["read_text('{secret}')", "read_csv('{secret}')", "'{secret}'", "glob('{folder}/*')"],
)
def test_a_select_reads_no_file(hand: Hand, secret: Path, source: str) -> None:
    found = source.format(secret=secret, folder=secret.parent)
    said = hand.kithbook("query", f"select * from {found}")
    assert said.code == 2
    assert SECRET not in said.out + said.err


@pytest.mark.parametrize(
    "command",
    [
        ["query", "select display_name from people"],
        ["export", "people"],
        ["export", "people", "people.parquet"],
        ["export", "people", "people.vcf"],
        ["show", "hanna"],
        ["review"],
        ["near", "berlin"],
        ["what-if", "--set", "rules.max_attendees=6"],
    ],
)
def test_a_forged_book_reads_no_other_file(
    forged: Hand, tmp_path: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = forged.kithbook(*command)
    assert SECRET not in said.out + said.err
    assert "a bug" not in said.err
    for path in tmp_path.glob("people.*"):  # vCards are made of the state, and of no such view
        assert path.name == "people.vcf"
        assert SECRET not in path.read_text("utf-8")


def test_a_forged_book_is_told_from_a_bug_and_made_anew(forged: Hand) -> None:
    said = forged.kithbook("export", "people")
    assert said.code == 5
    assert "holds what kithbook never puts there" in said.err
    forged.ok("build")
    assert SECRET not in forged.ok("export", "people").out


def test_a_view_in_the_state_reads_no_other_file(hand: Hand, secret: Path) -> None:
    with duckdb.connect(str(hand.folder / "state.duckdb")) as connection:
        connection.execute("alter table raw.contacts rename to contacts_of_before")
        connection.execute(
            "create view raw.contacts as select c.* replace (t.content as note)"
            f" from raw.contacts_of_before as c, read_text('{secret}') as t"
        )
    said = hand.kithbook("build")
    assert said.code != 0
    assert SECRET not in said.err
    assert hand.rows("select count(*) from contact_details where value like '%neighbour%'") == [
        (0,)
    ]


def test_a_statement_that_takes_too_long_is_stopped_with_words(hand: Hand) -> None:
    endless = "select count(*) from range(1000000000) a, range(1000000000) b where a.range = -1"
    said = hand.kithbook("query", "--seconds", "0.5", endless)
    assert said.code == 2
    assert "took more than 0.5 seconds" in said.err
    assert "--seconds" in said.err


def test_a_statement_that_needs_too_much_memory_is_stopped_with_words(hand: Hand) -> None:
    large = "select list(i) from (select i from range(50000000) t(i))"
    said = hand.kithbook("query", "--memory", "100MB", large)
    assert said.code == 2
    assert "needs more than 100MB" in said.err
    assert "--memory" in said.err
    assert not list(hand.folder.glob("*.tmp"))


@pytest.mark.parametrize("words", ["much", "-1GB", "1", "1GB'; set x = '"])
def test_a_size_that_is_none_is_refused(hand: Hand, words: str) -> None:
    said = hand.kithbook("query", "--memory", words, "select 1")
    assert said.code == 2
    assert "is not a size" in said.err or "memory" in said.err


def test_a_build_changes_no_setting_but_its_memory_and_threads(hand: Hand) -> None:
    connection = duckdb_instances.open_instance(Folder(hand.folder), "UTC")
    try:
        with memory_bounds.little_memory(connection):
            pass
        for setting in (
            "enable_external_access = true",
            "temp_directory = '/tmp'",
            "TimeZone = 'UTC'",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(f"set {setting}")
    finally:
        connection.close()
