"""docs/cli.md from `--help`, docs/schema.md from the COMMENTs of schema main: `make docs`.

Both are tested to be up to date (tests/unit/test_docs.py): the words stand once, beside the code.
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from typer.main import get_command

from pipeline.book import build, state_file, store
from pipeline.book.folder import Folder
from pipeline.cli import COMMANDS, build_app
from pipeline.config import Config, Owner

HERE = Path(__file__).parent
NOTE = "<!-- made by `make docs`; change the words where they stand and run it again -->"

SCHEMA_INTRODUCTION = (
    "Schema `main`, so a name needs no prefix. These tables are the interface: what stands here "
    "stays within a major version. Days (`*_date`) are the owner's, instants (`*_at`) are UTC. "
    "The same words are in the file itself: `select table_name, comment from duckdb_tables() "
    "where schema_name = 'main'`."
)

COLUMNS = """
select tables.table_name, tables.comment, columns.column_name, columns.data_type, columns.comment
from duckdb_tables() as tables
inner join duckdb_columns() as columns
    on tables.database_name = columns.database_name
    and tables.schema_name = columns.schema_name
    and tables.table_name = columns.table_name
where tables.schema_name = 'main' and tables.database_name = 'kithbook'
order by tables.table_name, columns.column_index
"""


def main() -> None:
    """Write both pages."""
    (HERE / "cli.md").write_text(cli_page(), "utf-8")
    (HERE / "schema.md").write_text(schema_page(), "utf-8")


def cli_page() -> str:
    """The help of each command, in the order of `kithbook --help`."""
    root = get_command(build_app())
    above = _context(root, "kithbook")
    parts = ["# The command", NOTE, _block(root.get_help(above))]
    for panel, names in COMMANDS.items():
        parts.append(f"## {panel}")
        for name in names:
            parts += _sections(root.commands[name], f"kithbook {name}", above)  # type: ignore[attr-defined]
    return "\n\n".join(parts) + "\n"


def helps() -> dict[str, str]:
    """Each command's help by its full name, groups within groups included."""
    root = get_command(build_app())
    above = _context(root, "kithbook")
    found = {"kithbook": root.get_help(above)}
    for name in root.commands:  # type: ignore[attr-defined]
        one = root.commands[name]  # type: ignore[attr-defined]
        for full, command, context in _family(one, f"kithbook {name}", above):
            found[full] = command.get_help(context)
    return found


def schema_page() -> str:
    """A section a table of schema main: the grain, and each column with type and meaning."""
    tables: dict[tuple[str, str], list[str]] = {}
    for table, comment, column, kind, meaning in _columns():
        row = f"| `{column}` | {_cell(_type(kind))} | {_cell(meaning or '')} |"
        tables.setdefault((table, comment or ""), []).append(row)
    parts = ["# The tables of `kithbook.duckdb`", NOTE, SCHEMA_INTRODUCTION]
    for (table, comment), rows in tables.items():
        head = "| column | type | what it is |\n|---|---|---|\n"
        parts += [f"## {table}", comment, head + "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def _columns() -> list[tuple[str, str | None, str, str, str | None]]:
    """(table, its comment, column, type, its comment) of a book in which nobody is yet."""
    with tempfile.TemporaryDirectory() as place:
        folder = Folder(Path(place))
        state_file.open_state(folder).close()
        connection = store.open_next(folder, "UTC")
        try:
            nobody = Config(folder.path, Owner("me", ("me@example.org",)))
            build.build(connection, nobody, folder, datetime(2026, 1, 1, tzinfo=UTC))
            return connection.execute(COLUMNS).fetchall()
        finally:
            connection.close()


def _sections(command: Any, name: str, above: Any) -> list[str]:
    return [
        part
        for full, one, context in _family(command, name, above)
        for part in (f"### {full}", _block(one.get_help(context)))
    ]


def _family(command: Any, name: str, above: Any) -> list[tuple[str, Any, Any]]:
    """A command and, if it is a group, those in it."""
    context = _context(command, name.rpartition(" ")[2], above)
    found = [(name, command, context)]
    for below, one in getattr(command, "commands", {}).items():
        found += _family(one, f"{name} {below}", context)
    return found


def _context(command: Any, name: str, above: Any = None) -> Any:
    """As on a terminal of 80 columns, whatever this one is."""
    return type(command).context_class(
        command, info_name=name, parent=above, terminal_width=80, max_content_width=80
    )


def _block(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.rstrip().splitlines())
    return f"```\n{lines}\n```"


def _type(kind: str) -> str:
    return kind.lower().replace("timestamp with time zone", "timestamptz")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    main()
