"""The files of sql/ as a graph."""

import duckdb
import pytest

from pipeline import build, sqlgraph
from pipeline.errors import InvariantError

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


def parse(
    connection: duckdb.DuckDBPyConnection, schema: str, name: str, text: str
) -> sqlgraph.SqlFile:
    return sqlgraph.parse(connection, schema, {name: text})[0]


@pytest.mark.parametrize("text", CONSTRUCTS)
def test_every_table_that_a_file_reads_is_found(text: str) -> None:
    file = parse(duckdb.connect(":memory:"), "main", "x", text)
    assert file.reads == {"raw.items", "main.people"}


def test_the_leading_comment_describes_table_and_columns() -> None:
    text = "-- One row per person.\n-- Only the living.\n-- name: what we\n--   call them\nselect 1"
    file = parse(duckdb.connect(":memory:"), "main", "people", text)
    assert file.description == "One row per person. Only the living."
    assert file.columns == {"name": "what we call them"}


def test_comments_stand_in_the_database_after_each_build() -> None:
    connection = duckdb.connect(":memory:")
    connection.execute("create schema staging")
    text = "-- It's a table.\n-- x: it's one\nselect 1 as x"
    for _ in range(2):
        sqlgraph.create(connection, parse(connection, "staging", "t", text))
    assert connection.execute("select comment from duckdb_tables()").fetchall() == [
        ("It's a table.",)
    ]
    assert connection.execute(
        "select comment from duckdb_columns() where table_name='t'"
    ).fetchall() == [("it's one",)]


def test_a_file_that_reads_what_no_file_makes_is_named() -> None:
    connection = duckdb.connect(":memory:")
    file = parse(connection, "main", "ties", "select * from history.nothing")
    with pytest.raises(InvariantError, match=r"main/ties.sql reads history.nothing"):
        sqlgraph.in_order([file])


def test_files_that_read_each_other_in_a_circle_are_named() -> None:
    connection = duckdb.connect(":memory:")
    one = parse(connection, "main", "one", "select * from main.two")
    two = parse(connection, "main", "two", "select * from main.one")
    with pytest.raises(InvariantError, match=r"main.one"):
        sqlgraph.in_order([one, two])


def test_each_of_many_files_gets_its_own_tables() -> None:
    texts = {"b": "select * from raw.items", "a": "select * from main.b"}
    files = sqlgraph.parse(duckdb.connect(":memory:"), "main", texts)
    assert [(file.name, file.reads) for file in files] == [
        ("b", frozenset({"raw.items"})),
        ("a", frozenset({"main.b"})),
    ]


def test_a_file_that_is_not_one_select_is_named() -> None:
    with pytest.raises(InvariantError, match=r"sql/main/x.sql is not one SELECT"):
        parse(duckdb.connect(":memory:"), "main", "x", "drop table main.people")


def test_what_depends_on_a_changed_table_is_made_again_in_order() -> None:
    connection = duckdb.connect(":memory:")
    files = [
        parse(connection, "main", "c", "select * from main.b"),
        parse(connection, "main", "b", "select * from raw.tasks"),
        parse(connection, "main", "a", "select * from raw.items"),
    ]
    ordered = sqlgraph.in_order(files)
    assert [file.name for file in sqlgraph.downstream(ordered, ["raw.tasks"])] == ["b", "c"]


def test_the_projects_own_files_are_a_graph_and_every_table_of_main_is_described() -> None:
    files = sqlgraph.read_layers(duckdb.connect(":memory:"))
    assert [file.table for file in files if not file.description] == []
    assert [file.table for file in files if file.schema == "main" and not file.columns] == []


def test_the_head_names_the_key_which_stands_in_the_tables_comment() -> None:
    connection = duckdb.connect(":memory:")
    text = (
        "-- One row per tie.\n-- key: owner_id, person_id\n-- owner_id: whose\n"
        "select 1 as owner_id, 2 as person_id"
    )
    file = parse(connection, "main", "ties", text)
    assert file.key == ("owner_id", "person_id")
    assert file.columns == {"owner_id": "whose"}
    sqlgraph.create(connection, file)
    assert connection.execute("select comment from duckdb_tables()").fetchall() == [
        ("One row per tie. Key: owner_id, person_id.",)
    ]


def test_a_key_that_two_rows_share_is_found_and_a_null_is_a_value_like_others() -> None:
    connection = duckdb.connect(":memory:")
    text = (
        "-- One row per a and b.\n-- key: a, b\n"
        "select * from (values (1, 1), (1, 2), (2, null), (3, null), (3, null)) as t (a, b)"
    )
    file = parse(connection, "main", "pairs", text)
    sqlgraph.create(connection, file)
    assert connection.execute(sqlgraph.repeated(file)).fetchall() == [(3, None, 2)]


def test_every_file_names_its_key() -> None:
    files = sqlgraph.read_layers(duckdb.connect(":memory:"))
    assert [file.table for file in files if not file.key] == []


def test_two_rows_of_one_key_stop_the_publication() -> None:
    connection = duckdb.connect(":memory:")
    text = "-- One row per a.\n-- key: a\nselect unnest([1, 2, 2]) as a"
    file = parse(connection, "main", "ones", text)
    sqlgraph.create(connection, file)
    with pytest.raises(InvariantError, match=r"More than one row of main.ones has the same a"):
        build.check(connection, [file])
