"""What was said since the last build and cannot wait: who is at rest is in no list from then on.

The published file stays as it is and follows with the next build; `query` reads it alone. For every
other command its tables are seen through views that leave out whom the user put to rest meanwhile.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.book import decisions
from pipeline.book.decisions import Who
from pipeline.book.queries import query
from pipeline.book.sqlgraph import quoted

if TYPE_CHECKING:
    import duckdb

PEOPLE = frozenset({"person_id", "other_id", "friend_id", "introducer_id"})
"""Columns of schema main that say who a row is about."""


def put_to_rest(folder: Path) -> list[Who]:
    """Whom the user put to rest and did not wake since."""
    said = list(decisions.read(folder))
    standing = decisions.standing(said)
    found: list[Who] = []
    for one in said:
        if one.who and one.verb in ("rest", "wake") and one.decision_id in standing:
            keys = set(one.who.keys)
            found = [who for who in found if not keys & set(who.keys)]
            if one.verb == "rest":
                found.append(one.who)
    return found


def listed(connection: "duckdb.DuckDBPyConnection", folder: Path) -> list[int]:
    """Whom the user put to rest and the published file still lists: person_ids of that file."""
    return _persons(connection, put_to_rest(folder))


def spoken_of(
    connection: "duckdb.DuckDBPyConnection", folder: Path, verbs: Collection[str]
) -> list[int]:
    """About whom something of this kind was said that stands, be it a moment ago."""
    said = list(decisions.read(folder))
    standing = decisions.standing(said)
    found = [one.who for one in said if one.verb in verbs and one.decision_id in standing]
    return _persons(connection, [who for who in found if who])


def _persons(connection: "duckdb.DuckDBPyConnection", named: Sequence[Who]) -> list[int]:
    """Whom decisions name, as person_ids of the published file."""
    keys = [key for who in named for key in who.keys]
    if not keys:
        return []
    return [found for (found,) in connection.execute(query("rest_persons"), [keys]).fetchall()]


def without(
    connection: "duckdb.DuckDBPyConnection", path: Path, people: Sequence[int]
) -> "duckdb.DuckDBPyConnection":
    """Another connection that sees the file's tables without these people.

    `connection` is the one to the file; it is closed.
    """
    import duckdb

    names = [
        row[0]
        for row in connection.execute(
            "select display_name from main.people where person_id in (select unnest($1::bigint[]))",
            [[*people]],
        ).fetchall()
    ]
    connection.close()
    seen = duckdb.connect(":memory:")
    seen.execute(f"attach {quoted(str(path))} as book (read_only)")
    tables = seen.execute(query("rest_tables"), ["book"]).fetchall()
    for schema in {row[0] for row in tables}:
        seen.execute(f'create schema if not exists "{schema}"')
    for schema, table, columns in tables:
        seen.execute(
            f'create view "{schema}"."{table}" as {_seen(schema, table, columns, people, names)}'
        )
    return seen


def _seen(
    schema: str,
    table: str,
    columns: Sequence[tuple[str, str]],
    people: Sequence[int],
    names: Sequence[str],
) -> str:
    """The SELECT of a view."""
    source = f'book."{schema}"."{table}"'
    ids = ", ".join(str(person) for person in people)
    hidden = ", ".join(quoted(name) for name in names) or "''"
    replaced = [
        f"list_filter({one}, lambda name: name not in ({hidden})) as {one}"
        for one, kind in columns
        if kind == "VARCHAR[]"
    ]
    if "talk_about" in dict(columns):
        naming = f"list_filter([{hidden}], lambda name: name <> '' and contains(line, name))"
        lines = f"list_filter(string_split(talk_about, chr(10)), lambda line: {naming} = [])"
        replaced.append(f"array_to_string({lines}, chr(10)) as talk_about")
    whom = [f"coalesce({one} not in ({ids}), true)" for one, _ in columns if one in PEOPLE]
    if table == "problems":  # a task is named there by its title, which is a name
        named = f"list_filter([{hidden}], lambda name: contains(problem, concat('\"', name, '\"')))"
        whom += [f"coalesce(place not in ({hidden}), true)", f"{named} = []"]
    chosen = f"select * replace ({', '.join(replaced)})" if replaced else "select *"
    return f"{chosen} from {source}" + (f" where {' and '.join(whom)}" if whom else "")
