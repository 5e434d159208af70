"""raw → main: runs sql/ in dependency order into a fresh file, then the checks.

The file gets schema raw (what the state holds, without bodies, and what config and decisions say),
then a table for each file of sql/, with its comments. A check in sql/checks/stop that returns rows
publishes nothing; what checks in sql/checks/warn return stands in main.problems.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from connectors.errors import InvariantError
from pipeline.book import (
    book_id,
    decisions,
    duckdb_instances,
    memory_bounds,
    outgoing_tables,
    sqlgraph,
    word_lists,
)
from pipeline.book.bulk_insert import append
from pipeline.book.folder import Folder
from pipeline.config import REPLACED_PREFIX, Config, Tasks

if TYPE_CHECKING:
    import duckdb

COUNTS = f"not starts_with(source, '{REPLACED_PREFIX}')"
"""What an import brought in whose place another took is in no build."""

COPIED = {
    "items": (
        "select * exclude (body, body_hash) from state.raw.items"
        f" where superseded_at is null and {COUNTS}"
    ),
    "contacts": f"from state.raw.contacts where {COUNTS}",
    "given_replies": "from state.raw.given_replies",
    "tasks": f"from state.raw.tasks where {COUNTS}",
    "rejects": f"select * exclude (content) from state.raw.rejects where {COUNTS}",
    "cursors": f"select * exclude (cursor) from state.raw.cursors where {COUNTS}",
    "open_items": f"from state.raw.open_items where {COUNTS}",
    "collections": f"from state.raw.collections where {COUNTS}",
    "runs": f"from state.raw.runs where {COUNTS}",
    "imports": f"select * exclude (path, digest) from state.raw.imports where {COUNTS}",
    "record_ids": "from state.raw.record_ids",
    "phone_keys": "from state.raw.phone_keys",
    "name_keys": "from state.raw.name_keys",
    "task_links": "from state.raw.task_links",
    "task_lists": "from state.raw.task_lists",
}
"""What a build copies of the state: everything but bodies, cursors and paths."""

SEEN = {"meetings": f"from state.raw.meetings where {COUNTS}"}
"""What it reads in place, for a push changes none of it: it is large, each of its columns is read
once or twice, and to copy it took a twentieth of a build."""

TASK_TABLES = ("items", "tasks", "task_links", "task_lists")
"""What a push changes."""

RowsT = TypeVar("RowsT", int, int | None)

MadeTable = tuple[sqlgraph.SqlFile, int]
"""A file, and how many rows its table has."""

SHOWN_ROWS = 3

FEW_ROWS = 50_000
"""The keys of tables of so many are looked at in one query: each query has its own price."""


def build(
    connection: "duckdb.DuckDBPyConnection", config: Config, folder: Folder, now: datetime
) -> None:
    """Make all tables in the files that the connection uses (`store.open_next`).

    :raises InvariantError: a check failed, or a file of sql/ cannot run; nothing is published.
    """
    with memory_bounds.little_memory(connection, memory_bounds.build_memory()):
        write_raw_schema(connection, config, folder, now)
        laid = outgoing_tables.lay(connection, folder)
        check(connection, run(connection, sqlgraph.read_layers(), laid))


def build_layers(
    connection: "duckdb.DuckDBPyConnection",
    config: Config,
    folder: Folder,
    now: datetime,
    tables: Iterable[str],
) -> None:
    """Make these tables of the layers and all that they read, unchecked (`store.open_layers`)."""
    with memory_bounds.little_memory(connection, memory_bounds.build_memory()):
        write_raw_schema(connection, config, folder, now)
        run(connection, sqlgraph.upstream(sqlgraph.read_layers(), tables))


def keep_raw(connection: "duckdb.DuckDBPyConnection") -> None:
    """Copy what was read in place, so that the layers' file needs no state."""
    for table in SEEN:
        connection.execute(f"drop view raw.{table}")
    copy_raw(connection, SEEN)


def keep_main(connection: "duckdb.DuckDBPyConnection") -> None:
    """Lay `main` beside the layers, so that one file has every table that sql/ names."""
    for file in sqlgraph.read_folder("main"):
        connection.execute(
            f'create or replace table layers.main."{file.name}" as from kithbook.main."{file.name}"'
        )


def rebuild_tasks(connection: "duckdb.DuckDBPyConnection") -> None:
    """Make again what a push changed: what reads a table whose rows are as before stays as it is.

    :raises InvariantError: as `build`.
    """
    stale = {f"raw.{table}" for table in TASK_TABLES}
    made: list[MadeTable] = []
    with memory_bounds.little_memory(connection, memory_bounds.build_memory()):
        copy_raw(connection, {table: COPIED[table] for table in TASK_TABLES})
        for file in sqlgraph.read_layers():
            if file.reads & stale:
                rows = _guarded(connection, file, sqlgraph.create_anew)
                if rows is not None:
                    stale.add(file.table)
                    made.append((file, rows))
        check(connection, made)


def write_raw_schema(
    connection: "duckdb.DuckDBPyConnection", config: Config, folder: Folder, now: datetime
) -> None:
    """Schema raw, and the macros: what the state, the config, the decisions and the words say."""
    connection.execute((sqlgraph.sql_folder() / "macros.sql").read_text("utf-8"))
    copy_raw(connection, COPIED)
    for table, query in SEEN.items():
        connection.execute(f"create or replace view raw.{table} as {query}")
    with duckdb_instances.transaction(connection):
        write_settings(connection, config, now)
        write_decisions(connection, decisions.read(folder.path))
    memory_bounds.in_little_memory(
        connection, partial(word_lists.write, connection), is_one_statement=True
    )


def copy_raw(connection: "duckdb.DuckDBPyConnection", tables: Mapping[str, str]) -> None:
    """Copy tables of the state into schema raw: name → query."""
    for table, query in tables.items():
        statement = f"create or replace table raw.{table} as {query}"
        memory_bounds.in_little_memory(
            connection, partial(connection.execute, statement), is_one_statement=True
        )


def run(
    connection: "duckdb.DuckDBPyConnection",
    files: Sequence[sqlgraph.SqlFile],
    laid: Collection[str] = (),
) -> list[MadeTable]:
    """Make the files' tables, in this order; those of `laid` are there, described and empty."""
    made = []
    for file in files:
        is_there = file.table in laid
        rows = _guarded(
            connection,
            file,
            sqlgraph.fill if is_there else _make,
            is_one_statement=is_there or file.schema != "main",
        )
        made.append((file, rows))
    return made


def _guarded(
    connection: "duckdb.DuckDBPyConnection",
    file: sqlgraph.SqlFile,
    make: Callable[["duckdb.DuckDBPyConnection", sqlgraph.SqlFile], RowsT],
    *,
    is_one_statement: bool = False,
) -> RowsT:
    """What `make` returns; what fails says in which file."""
    import duckdb

    try:
        return memory_bounds.in_little_memory(
            connection, partial(make, connection, file), is_one_statement=is_one_statement
        )
    except duckdb.OutOfMemoryException:
        raise  # the file is not to blame
    except duckdb.Error as error:
        raise InvariantError(f"{file.place} failed: {error}", "Nothing was published.") from error


def _make(connection: "duckdb.DuckDBPyConnection", file: sqlgraph.SqlFile) -> int:
    """Make the table, with its comments if people see it."""
    rows = sqlgraph.create(connection, file)
    if file.schema == "main":
        sqlgraph.describe(connection, file)
    return rows


def check(connection: "duckdb.DuckDBPyConnection", made: Iterable[MadeTable]) -> None:
    """Run the checks; what those of checks/warn return goes to main.problems.

    :raises InvariantError: a key of the tables just made is in two of their rows, or one of
        checks/stop returned rows; it names the check and some of them.
    """
    keyed = [(file, rows) for file, rows in made if file.key and rows > 1]
    together = [file for file, rows in keyed if rows <= FEW_ROWS]
    alone = [[file] for file, rows in keyed if rows > FEW_ROWS]
    for files in [together, *alone] if together else alone:
        memory_bounds.in_little_memory(
            connection, partial(_refuse_twins, connection, files), is_one_statement=True
        )
    for file in sqlgraph.read_folder("checks/stop"):
        memory_bounds.in_little_memory(
            connection, partial(_refuse, connection, file), is_one_statement=True
        )
    memory_bounds.in_little_memory(connection, partial(_note_problems, connection))


def _refuse(connection: "duckdb.DuckDBPyConnection", file: sqlgraph.SqlFile) -> None:
    found = connection.execute(sqlgraph.statement(connection, file.text, file.place))
    rows = found.fetchmany(SHOWN_ROWS)
    if rows:
        raise InvariantError(
            f"The check {file.name} failed ({file.description}): {rows}.",
            "Nothing was published; what stood there stays. Please report this.",
        )


def _refuse_twins(
    connection: "duckdb.DuckDBPyConnection", files: Sequence[sqlgraph.SqlFile]
) -> None:
    found = {row[0] for row in connection.execute(sqlgraph.repeated(files)).fetchall()}
    for file in files:
        if file.table in found:
            rows = connection.execute(sqlgraph.twins(file)).fetchmany(SHOWN_ROWS)
            raise InvariantError(
                f"More than one row of {file.table} has the same {', '.join(file.key)}: {rows}.",
                "Nothing was published; what stood there stays. Please report this.",
            )


def _note_problems(connection: "duckdb.DuckDBPyConnection") -> None:
    connection.execute("delete from main.problems")
    found = "\nunion all by name\n".join(
        f"select distinct {sqlgraph.quoted(file.name)} as name, found.*"
        f" from ({file.text}\n) as found"
        for file in sqlgraph.read_folder("checks/warn")
    )
    noting = f"insert into main.problems by name {found}"
    connection.execute(sqlgraph.statement(connection, noting, "sql/checks/warn"))


def write_settings(connection: "duckdb.DuckDBPyConnection", config: Config, now: datetime) -> None:
    """The config as tables: raw.settings, owners, sources, circles, and an empty raw.decisions."""
    connection.execute((sqlgraph.sql_folder() / "raw" / "config.sql").read_text("utf-8"))
    owner, tasks = config.owner, config.tasks
    written = tasks or Tasks("")  # without a list, what one has that says nothing more
    settings = {
        **asdict(config.rules),
        **{f"strength_{name}": value for name, value in asdict(config.strength).items()},
        "owner_id": owner.owner_id,
        "as_of": now,
        "as_of_date": now.astimezone(owner.zone).date(),
        "time_zone": owner.time_zone,
        "phone_region": owner.phone_region or None,
        "tasks_source": tasks.source if tasks else None,
        "tasks_list": tasks.list_name if tasks else None,
        "tasks_form": written.form,
        "tasks_detail": written.detail,
        "book_id": book_id.read(config.data),
        "tasks_title": written.title,
        "per_week": written.per_week,
        "open_at_most": written.open_at_most,
        "sql_version": sqlgraph.version(),
    }
    insert(connection, "raw.settings", settings)
    insert(
        connection,
        "raw.owners",
        {
            "owner_id": owner.owner_id,
            "emails": [email.lower() for email in owner.emails],
            "own_domains": [domain.lower() for domain in owner.own_domains],
        },
    )
    for source in config.sources:
        row = {"source": source.name, "type": source.type, "is_import": False}
        insert(connection, "raw.sources", row)
    connection.execute("insert into raw.sources select source, 'import', true from raw.imports")
    for circle in config.circles:
        insert(
            connection,
            "raw.circles",
            {
                "circle": circle.name,
                "owner_id": owner.owner_id,
                "purpose": circle.purpose,
                "every_days": circle.every_days,
                "is_in_touch": circle.in_touch,
                "people": list(circle.people),
                "categories": list(circle.categories),
                "organizations": list(circle.organizations),
                "domains": list(circle.domains),
            },
        )


def write_decisions(
    connection: "duckdb.DuckDBPyConnection", said: Iterable[decisions.Decision]
) -> None:
    """decisions.jsonl as raw.decisions, each person by the first of their keys still known."""
    found = list(said)
    keys = {key for one in found for who in (one.who, one.other) if who for key in who.keys}
    records = _records(connection, "record_key", keys)
    if any(key.startswith(decisions.FINGERPRINT) for key in keys):
        print_of = f"'{decisions.FINGERPRINT}' || sha256(record_key)"
        records |= _records(connection, print_of, keys)
    rows = [
        (
            one.decision_id,
            datetime.fromisoformat(one.decided_at).astimezone(UTC),
            one.owner_id,
            one.verb,
            decisions.first_known(one.who, records),
            decisions.first_known(one.other, records),
            one.every_days,
            one.from_date,
            one.until_date,
            one.value,
            one.note,
            one.undoes,
            one.task,
            one.kind,
            one.cycle,
        )
        for one in found
    ]
    append(connection, "raw.decisions", rows)


def _records(
    connection: "duckdb.DuckDBPyConnection", known_by: str, keys: Iterable[str]
) -> dict[str, int]:
    """Record keys, or what is made of them, → record_id."""
    return dict(
        connection.execute(
            f"select {known_by} as found_key, record_id from (select record_id,"
            ' raw.record_key(kind, source, collection, "key") as record_key'
            " from raw.record_ids) where found_key in (select unnest($1::varchar[]))",
            [sorted(keys)],
        ).fetchall()
    )


def insert(connection: "duckdb.DuckDBPyConnection", table: str, row: dict[str, Any]) -> None:
    """One row, by column name."""
    columns = ", ".join(f'"{column}"' for column in row)
    marks = ", ".join("?" for _ in row)
    connection.execute(f"insert into {table} ({columns}) values ({marks})", list(row.values()))
