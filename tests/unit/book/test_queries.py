"""sql/queries: each file fits the tables that it asks, and no long SQL stands in Python."""

import ast
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import duckdb
import pytest

from pipeline import people
from pipeline.book import build, sqlgraph, state_file, store
from pipeline.book.folder import Folder
from pipeline.book.queries import query
from pipeline.config import Config, Owner
from tests.support.paths import ROOT

NAMES = sorted(path.stem for path in (ROOT / "sql" / "queries").glob("*.sql"))
HEAD = re.compile(r"(?:-- .*\n)+")

Books = dict[str, duckdb.DuckDBPyConnection]

THINGS = query("replace_things").replace("$1", "''").replace("$2", "[]")
PAIRS = "create or replace temp table pairs (old_record bigint, new_record bigint, new_item bigint)"
BEFORE = {
    "replace_candidates": [THINGS],
    "replace_compared": [THINGS],
    "replace_pairs": [PAIRS, THINGS, query("replace_candidates")],
    "replace_records": [PAIRS],
    "replace_record_ids": [PAIRS],
    "replace_counts": [THINGS, query("replace_compared")],
    "replace_missing": [THINGS, query("replace_compared")],
}
"""What lays the temporary tables that a query reads."""
TABLES = {
    "people_find": [("2", "people"), ("3", "records"), ("4", "ranks")],
    "people_keys": [("2", "records")],
}
"""Parameters that name a table of `people.Book`."""

LONGEST = 3
MOST_LINES = 100


@pytest.fixture(scope="module")
def books(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, duckdb.DuckDBPyConnection]]:
    """An empty state in use, and a build of it beside the published files of other builds."""
    path = tmp_path_factory.mktemp("queries")
    state, built = Folder(path / "state"), Folder(path / "built")
    for folder in (state, built):
        state_file.open_state(folder).close()
    config = Config(built.path, Owner("me", ("me@example.org",)))
    with (
        closing(state_file.open_state(state)) as used,
        closing(store.open_next(built, "UTC")) as layers,
    ):
        build.build(layers, config, built, datetime(2026, 9, 1, 12, tzinfo=UTC))
        for name in ("published", "previous"):
            layers.execute(f"attach ':memory:' as {name}")
            for file in sqlgraph.read_folder("main"):
                layers.execute(f"create table {name}.main.{file.name} as from {file.table}")
        yield {"state": used, "layers": layers}


def head(name: str) -> str:
    found = HEAD.match(query(name))
    return found[0] if found else ""


def said(name: str) -> set[str]:
    """The parameters that its comment tells of, be it as a span: `$4 to $6:`."""
    spans = re.findall(r"[$](\d+)(?: (?:to|and) [$](\d+))?:", head(name))
    return {f"${one}" for first, last in spans for one in range(int(first), int(last or first) + 1)}


def taken(name: str) -> set[str]:
    """The parameters of the statement itself."""
    return set(re.findall(r"[$]\d+", query(name).removeprefix(head(name))))


def asked(name: str) -> set[str]:
    """On what it is run, as the last line of its comment says."""
    (line,) = re.findall(r"^-- on: (.+)$", head(name), re.MULTILINE)
    return set(line.split(", "))


@pytest.mark.parametrize("name", NAMES)
def test_each_query_fits_the_tables_that_it_asks(name: str, books: Books) -> None:
    connection = books["state" if asked(name) == {"state"} else "layers"]
    for before in BEFORE.get(name, ()):
        connection.execute(before)
    (statement,) = connection.extract_statements(query(name))
    nothing = dict.fromkeys(statement.named_parameters)
    for book in (people.PUBLISHED, people.LAYERS) if name in TABLES else (None,):
        tables = {number: getattr(book, table) for number, table in TABLES.get(name, ())}
        connection.execute(f"explain {query(name)}", {**nothing, **tables})


def test_each_query_says_what_it_takes_and_where_it_runs() -> None:
    taken = {
        name: set(re.findall(r"[$]\d+", query(name).removeprefix(head(name)))) for name in NAMES
    }
    assert {name: said(name) for name in NAMES} == taken
    places = {"book", "state", "layers", "published", "previous"}
    assert [name for name in NAMES if not asked(name) <= places] == []


def test_what_is_asked_of_the_published_book_names_tables_of_main_alone() -> None:
    read = {
        name: {table.partition(".")[0] for table, _ in sqlgraph.walk_tables(query(name))}
        for name in NAMES
        if asked(name) == {"book"}
    }
    assert [name for name, schemas in read.items() if not schemas <= {"main"}] == []


def test_every_query_is_asked_and_every_one_that_is_asked_is_there() -> None:
    text = "".join(path.read_text("utf-8") for path in (ROOT / "pipeline").rglob("*.py"))
    assert set(re.findall(r'\bquery\("(\w+)"\)', text)) - set(NAMES) == set()
    assert set(NAMES) - set(re.findall(r'"(\w+)"', text)) == set()


SQL = re.compile(
    r"\s*(-- |\(?select\b|from\b|with\b|insert\b|update\b|delete\b|create\b|copy\b|alter\b)"
)
WORDS = re.compile(r"\b(from|update|insert into|create) (raw|main|temp|state|[{])")
"""No SQL is without: what has none of them need not be parsed."""


def strings(node: ast.AST) -> Iterator[tuple[str, int, int]]:
    """The strings of a syntax tree, with the first and the last line of each."""
    if isinstance(node, ast.JoinedStr):
        parts = [one.value if isinstance(one, ast.Constant) else "x" for one in node.values]
        yield "".join(map(str, parts)), node.lineno, node.end_lineno or node.lineno
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value, node.lineno, node.end_lineno or node.lineno
    else:
        for child in ast.iter_child_nodes(node):
            yield from strings(child)


def sql_in_python() -> Iterator[tuple[str, int]]:
    """Where SQL of more than one line stands in a string, and how many lines it takes."""
    for folder in ("pipeline", "connectors"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            written = path.read_text("utf-8")
            if not WORDS.search(written):
                continue
            for text, first, last in strings(ast.parse(written)):
                if last > first and SQL.match(text):
                    yield f"{path.relative_to(ROOT)}:{first}", last - first + 1


def test_sql_of_more_than_a_line_stands_in_files() -> None:
    found = dict(sql_in_python())
    assert {place: lines for place, lines in found.items() if lines > LONGEST} == {}
    assert sum(found.values()) < MOST_LINES
