"""Whether a file from somebody is a state file of kithbook's and nothing else."""

from pathlib import Path
from typing import TYPE_CHECKING

from connectors.errors import KithbookError, UsageError
from pipeline.book import duckdb_instances, sqlgraph, state_file
from pipeline.book.queries import query

if TYPE_CHECKING:
    import duckdb


def check(path: Path) -> None:
    """Exactly the tables that the migrations make which the file says it has had, column by column.

    The file is opened read-only, shut off from every other.

    :raises UsageError: it is none, it was a newer kithbook's, or something else stands in it.
    """
    import duckdb

    try:
        with duckdb_instances.only_these([path]) as theirs:
            duckdb_instances.attach(theirs, path, "state", "read_only")
            has_migrations = theirs.execute(
                "select count(*) from duckdb_tables() where database_name = 'state'"
                " and schema_name = 'raw' and table_name = 'migrations'"
            ).fetchone()
            if has_migrations != (1,):
                raise _refusal("it has no list of migrations")
            names = [str(row[0]) for row in theirs.execute(MIGRATIONS).fetchall()]
            found = dict(theirs.execute(query("restore_tables")).fetchall())
            with duckdb.connect(":memory:") as ours:
                wanted, sequences = _layout(ours, names)
            others = theirs.execute(query("restore_others"), [sequences]).fetchall()
    except (KithbookError, duckdb.Error) as error:
        if isinstance(error, UsageError):
            raise
        raise _refusal(str(error).splitlines()[0]) from error
    if others:
        raise _refusal(f"{others[0][0]} stands in it")
    for table in sorted({*found, *wanted}):
        if found.get(table) != wanted.get(table):
            raise _refusal(f"the table {table} is not as kithbook makes it")


MIGRATIONS = "select distinct name from state.raw.migrations order by name"


def _layout(
    ours: "duckdb.DuckDBPyConnection", names: list[str]
) -> tuple[dict[str, str], list[str]]:
    """What these migrations make: table → its CREATE, and the names of the sequences.

    :raises UsageError: one of them is not known here.
    """
    folder = sqlgraph.sql_folder() / "raw"
    known = {entry.name for entry in folder.iterdir() if entry.name[:1].isdigit()}
    if unknown := sorted(set(names) - known):
        raise UsageError(
            f"The state in the backup is a newer kithbook's: it knows {unknown[-1]!r}.",
            "Nothing was changed. Use that version, or a newer one.",
        )
    ours.execute("attach ':memory:' as state")
    ours.execute("use state")
    state_file.begin_migrations(ours)
    for name in names:
        ours.execute((folder / name).read_text("utf-8"))
    sequences = ours.execute(
        "select sequence_name from duckdb_sequences() where database_name = 'state'"
    ).fetchall()
    tables = ours.execute(query("restore_tables")).fetchall()
    return dict(tables), [str(row[0]) for row in sequences]


def _refusal(why: str) -> UsageError:
    return UsageError(
        f"The state in the backup is not a state file of kithbook: {why}.", "Nothing was changed."
    )
