"""The files of sql/ as a graph."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.errors import InvariantError
from pipeline.book import build, sqlgraph
from tests.support.paths import ROOT

CONSTRUCTS = [
    "select * from raw.items as one join main.people using (item_id)",
    "select * from raw.items natural join main.people",
    "with items as (select * from raw.items) select * from items, main.people",
    "select unnest(emails) from raw.items where exists (select 1 from main.people)",
    "select columns(*) from raw.items semi join main.people on true",
    "select (select max(x) from main.people) from raw.items",
    "select * from raw.items union all select * from main.people",
    "with recursive r as (select 1 from raw.items union select 1 from r, main.people) from r",
    "select * from (values (1)) v(x), lateral (select * from raw.items) join main.people on true",
    "select * from raw.items where x in (select y from main.people)",
    "select row_number() over () from raw.items qualify 1 = (select 1 from main.people)",
]


def parse(schema: str, name: str, text: str) -> sqlgraph.SqlFile:
    return sqlgraph.parse(schema, {name: text})[0]


def base_tables(tree: Any) -> Iterator[str]:
    """Every schema-qualified BASE_TABLE of a statement as DuckDB's parser serialises it."""
    if isinstance(tree, dict):
        if tree.get("type") == "BASE_TABLE" and tree.get("schema_name"):
            yield f"{tree['schema_name']}.{tree['table_name']}"
        for value in tree.values():
            yield from base_tables(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from base_tables(value)


@pytest.mark.parametrize("text", CONSTRUCTS)
def test_every_table_that_a_file_reads_is_found(text: str) -> None:
    file = parse("main", "x", text)
    assert file.reads == {"raw.items", "main.people"}


def test_in_the_projects_own_files_duckdbs_parser_finds_the_same() -> None:
    checks = [file for kind in ("stop", "warn") for file in sqlgraph.read_folder(f"checks/{kind}")]
    files = [*sqlgraph.read_layers(), *checks]
    read = (
        "select json_serialize_sql(text, skip_default := true, skip_empty := true,"
        " skip_null := true) from (select unnest($1::varchar[]) as text)"
    )
    with duckdb.connect(":memory:") as connection:
        trees = connection.execute(read, [[file.text for file in files]]).fetchall()
    for file, (tree,) in zip(files, trees, strict=True):
        assert file.reads == set(base_tables(json.loads(tree))), file.table


def test_what_stands_in_a_comment_or_a_text_is_no_table() -> None:
    text = "select 'from raw.items', \"raw.tasks\" -- as in raw.runs\nfrom raw.email_key('main.a')"
    assert parse("main", "x", text).reads == frozenset()


def test_the_leading_comment_describes_table_and_columns() -> None:
    text = "-- One row per person.\n-- Only the living.\n-- name: what we\n--   call them\nselect 1"
    file = parse("main", "people", text)
    assert file.description == "One row per person. Only the living."
    assert file.columns == {"name": "what we call them"}


def test_comments_stand_in_the_database_after_each_build() -> None:
    connection = duckdb.connect(":memory:")
    connection.execute("create schema staging")
    text = "-- It's a table.\n-- x: it's one\nselect 1 as x"
    for _ in range(2):
        file = parse("staging", "t", text)
        assert sqlgraph.create(connection, file) == 1
        sqlgraph.describe(connection, file)
    assert connection.execute("select comment from duckdb_tables()").fetchall() == [
        ("It's a table.",)
    ]
    assert connection.execute(
        "select comment from duckdb_columns() where table_name='t'"
    ).fetchall() == [("it's one",)]


def test_a_file_that_reads_what_no_file_makes_is_named() -> None:
    file = parse("main", "ties", "select * from history.nothing")
    with pytest.raises(InvariantError, match=r"main/ties.sql reads history.nothing"):
        sqlgraph.in_order([file])


def test_files_that_read_each_other_in_a_circle_are_named() -> None:
    one = parse("main", "one", "select * from main.two")
    two = parse("main", "two", "select * from main.one")
    with pytest.raises(InvariantError, match=r"main.one"):
        sqlgraph.in_order([one, two])


def test_each_of_many_files_gets_its_own_tables() -> None:
    texts = {"b": "select * from raw.items", "a": "select * from main.b"}
    files = sqlgraph.parse("main", texts)
    assert [(file.name, file.reads) for file in files] == [
        ("b", frozenset({"raw.items"})),
        ("a", frozenset({"main.b"})),
    ]


@pytest.mark.builds_anew
def test_a_file_that_is_not_one_select_is_named() -> None:
    connection = duckdb.connect(":memory:")
    for text in ("drop table main.people", "select 1; drop table main.people"):
        with pytest.raises(InvariantError, match=r"sql/main/x.sql"):
            build.run(connection, [parse("main", "x", text)])


def test_what_a_table_is_made_of_comes_before_it_and_nothing_else() -> None:
    files = sqlgraph.in_order(
        [
            parse("main", "c", "select * from main.b"),
            parse("main", "b", "select * from raw.tasks"),
            parse("main", "a", "select * from main.b"),
        ]
    )
    assert [file.name for file in sqlgraph.upstream(files, ["main.c"])] == ["b", "c"]


@pytest.mark.builds_anew
@pytest.mark.parametrize(
    ("rows", "made"),
    [
        ("(1, 2), (1, null)", None),
        ("(1, null), (1, 2)", None),
        ("(1, 2)", 1),
        ("(1, 2), (1, 2)", 2),
        ("(1, 2), (1, 3)", 2),
    ],
)
def test_a_table_is_made_again_only_for_other_rows(rows: str, made: int | None) -> None:
    connection = duckdb.connect(":memory:")
    text = "-- One row per row.\nselect * from (values (1, 2), (1, null)) as t (a, b)"
    first = parse("main", "t", text)
    sqlgraph.create(connection, first)
    sqlgraph.describe(connection, first)
    again = parse("main", "t", text.replace("(1, 2), (1, null)", rows))
    assert sqlgraph.create_anew(connection, again) == made
    assert connection.execute(f"(values {rows}) except all from main.t").fetchall() == []
    assert connection.execute("select count(*) from main.t").fetchone() == (made or 2,)
    tables = "select table_name, comment from duckdb_tables() where not temporary"
    told = connection.execute(tables).fetchall()
    assert told == [("t", "One row per row.")]


def test_the_projects_own_files_are_a_graph_and_every_table_of_main_is_described() -> None:
    files = sqlgraph.read_layers()
    assert [file.table for file in files if not file.description] == []
    assert [file.table for file in files if file.schema == "main" and not file.columns] == []


def test_the_head_names_the_key_which_stands_in_the_tables_comment() -> None:
    connection = duckdb.connect(":memory:")
    text = (
        "-- One row per tie.\n-- key: owner_id, person_id\n-- owner_id: whose\n"
        "select 1 as owner_id, 2 as person_id"
    )
    file = parse("main", "ties", text)
    assert file.key == ("owner_id", "person_id")
    assert file.columns == {"owner_id": "whose"}
    sqlgraph.create(connection, file)
    sqlgraph.describe(connection, file)
    assert connection.execute("select comment from duckdb_tables()").fetchall() == [
        ("One row per tie. Key: owner_id, person_id.",)
    ]


def test_a_key_that_two_rows_share_is_found_and_a_null_is_a_value_like_others() -> None:
    connection = duckdb.connect(":memory:")
    text = (
        "-- One row per a and b.\n-- key: a, b\n"
        "select * from (values (1, 1), (1, 2), (2, null), (3, null), (3, null)) as t (a, b)"
    )
    file = parse("main", "pairs", text)
    sqlgraph.create(connection, file)
    assert connection.execute(sqlgraph.repeated([file, file])).fetchall() == [("main.pairs",)] * 2
    assert connection.execute(sqlgraph.twins(file)).fetchall() == [(3, None, 2)]


def test_every_file_names_its_key() -> None:
    files = sqlgraph.read_layers()
    assert [file.table for file in files if not file.key] == []


def test_two_rows_of_one_key_stop_the_publication() -> None:
    connection = duckdb.connect(":memory:")
    text = "-- One row per a.\n-- key: a\nselect unnest([1, 2, 2]) as a"
    file = parse("main", "ones", text)
    made = [(file, sqlgraph.create(connection, file))]
    with pytest.raises(InvariantError, match=r"More than one row of main.ones has the same a"):
        build.check(connection, made)


def test_the_version_is_another_when_any_file_of_sql_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "sql", tmp_path / "sql")
    monkeypatch.setattr(sqlgraph, "sql_folder", lambda: tmp_path / "sql")
    made_of = sqlgraph.version()
    for name in ("macros.sql", "main/ties.sql", "checks/stop", "checks/warn", "words.tsv", "raw"):
        path = tmp_path / "sql" / name
        file = path if path.is_file() else min(path.glob("*.sql"))
        before = file.read_text("utf-8")
        file.write_text(f"{before}\n", "utf-8")
        assert sqlgraph.version() != made_of, name
        file.write_text(before, "utf-8")
    assert sqlgraph.version() == made_of


@pytest.mark.parametrize(
    "table", ["identity.persons", "history.interactions", "history.gaps", "main.backtest"]
)
def test_what_is_made_of_many_rows_reads_nothing_that_each_push_changes(table: str) -> None:
    changed = {
        *(f"raw.{name}" for name in build.TASK_TABLES),
        "staging.tasks",
        "history.written_tasks",
        "history.task_outcomes",
        "judgement.open_tasks",
    }
    (file,) = [file for file in sqlgraph.read_layers() if file.table == table]
    assert not file.reads & changed
