"""What was said since the last build and cannot wait: who is at rest is in no list from then on.

The published file stays as it is and follows with the next build; `query` reads it alone. For every
other command its tables are seen through views that leave out whom the user put to rest meanwhile.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import decisions
from pipeline.sqlgraph import quoted, sql_folder

if TYPE_CHECKING:
    import duckdb

PEOPLE = frozenset({"person_id", "other_id", "friend_id", "introducer_id"})
"""Columns of schema main that say who a row is about."""

PERSONS = """
select distinct record_persons.person_id
from identity.record_persons
inner join raw.record_ids on record_persons.record_id = record_ids.record_id
where case record_ids.kind
    when 'email' then 'email ' || record_ids."key"
    else 'card ' || record_ids.source || ' ' || record_ids.collection || ' ' || record_ids."key"
end in (select unnest($1::varchar[]))
"""

TABLES = """
select schema_name, table_name, list(column_name order by column_index)
from duckdb_columns()
where database_name = $1 and not internal
group by all
order by all
"""


def put_to_rest(connection: "duckdb.DuckDBPyConnection", folder: Path) -> list[int]:
    """Whom the user put to rest since the published file was built: person_ids of that file."""
    row = connection.execute("select last_decision_id from main.settings").fetchone()
    resting: dict[tuple[str, ...], str] = {}
    for one in decisions.after(folder, row[0] if row else None):
        if one.verb == "rest" and one.who:
            resting[one.who.keys] = one.decision_id
        elif one.verb == "wake" and one.who:
            woken = {*one.who.keys}
            resting = {keys: said for keys, said in resting.items() if not woken & {*keys}}
        elif one.verb == "undo":
            resting = {keys: said for keys, said in resting.items() if said != one.undoes}
    keys = [key for keys in resting for key in keys]
    return [found for (found,) in connection.execute(PERSONS, [keys]).fetchall()] if keys else []


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
    tables = seen.execute(TABLES, ["book"]).fetchall()
    for schema in {"raw", *(row[0] for row in tables)}:
        seen.execute(f'create schema if not exists "{schema}"')
    seen.execute((sql_folder() / "macros.sql").read_text("utf-8"))
    for schema, table, columns in tables:
        seen.execute(
            f'create view "{schema}"."{table}" as {_seen(schema, table, columns, people, names)}'
        )
    return seen


def _seen(
    schema: str, table: str, columns: Sequence[str], people: Sequence[int], names: Sequence[str]
) -> str:
    """The SELECT of a view. Only main is read for what it says of people."""
    source = f'book."{schema}"."{table}"'
    ids = ", ".join(str(person) for person in people)
    if (schema, table) == ("identity", "persons"):
        resting = f"is_resting or person_id in ({ids})"
        return f"select * replace ({resting} as is_resting) from {source}"
    if schema != "main":
        return f"from {source}"
    hidden = ", ".join(quoted(name) for name in names) or "''"
    replaced = []
    if "member_names" in columns:
        kept = f"list_filter(member_names, lambda name: name not in ({hidden}))"
        replaced.append(f"{kept} as member_names")
    if "talk_about" in columns:
        naming = f"list_filter([{hidden}], lambda name: name <> '' and contains(line, name))"
        lines = f"list_filter(string_split(talk_about, chr(10)), lambda line: {naming} = [])"
        replaced.append(f"array_to_string({lines}, chr(10)) as talk_about")
    whom = [f"coalesce({one} not in ({ids}), true)" for one in columns if one in PEOPLE]
    if table == "problems":
        whom.append(f"coalesce(place not in ({hidden}), true)")
    chosen = f"select * replace ({', '.join(replaced)})" if replaced else "select *"
    return f"{chosen} from {source}" + (f" where {' and '.join(whom)}" if whom else "")
