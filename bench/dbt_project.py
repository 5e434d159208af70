"""The SELECTs of sql/ as a dbt project: the same text, each table named through ref()."""

from pathlib import Path

import duckdb

from pipeline.book import sqlgraph

RUN = (
    "--quiet",
    "run",
    "--profiles-dir",
    ".",
    "--no-use-colors",
    "--no-send-anonymous-usage-stats",
)

PROJECT = """
name: kithbook
version: "1.0"
profile: kithbook
flags: {send_anonymous_usage_stats: false}
models:
  kithbook:
    +materialized: table
"""

PROFILES = """
kithbook:
  target: book
  outputs:
    book:
      type: duckdb
      path: book.duckdb
      threads: 1
      settings: {{TimeZone: {zone}}}
"""

SCHEMA_NAME = """
{% macro generate_schema_name(name, node) %}{{ name }}{% endmacro %}
"""


def lay(place: Path, zone: str) -> None:
    """Write the project; its book.duckdb is to hold schema raw and the macros before it runs.

    Models run one after the other, as ours do, each on all of DuckDB's threads.
    """
    for folder in ("models", "macros"):
        (place / folder).mkdir(parents=True)
    (place / "dbt_project.yml").write_text(PROJECT, "utf-8")
    (place / "profiles.yml").write_text(PROFILES.format(zone=zone), "utf-8")
    (place / "macros" / "schema_name.sql").write_text(SCHEMA_NAME, "utf-8")
    for file in sqlgraph.read_layers():
        (place / "models" / f"{_model(file.table)}.sql").write_text(_text(file), "utf-8")


def _model(table: str) -> str:
    """Names of models are one for the whole project, whatever the schema."""
    return table.replace(".", "__")


def _text(file: sqlgraph.SqlFile) -> str:
    """The file's SELECT as a model's text."""
    text, at = "", 0
    for table, token in sqlgraph.walk_tables(file.text):
        if not table.startswith("raw."):
            text += file.text[at : token.start()] + f"{{{{ ref('{_model(table)}') }}}}"
            at = token.end()
    head = f"{{{{ config(schema='{file.schema}', alias='{file.name}') }}}}\n"
    return head + text + file.text[at:]


def unlike(book: Path, published: Path) -> list[str]:
    """The tables of main that have other rows in the two files."""
    with duckdb.connect() as connection:
        for name, path in (("dbt", book), ("ours", published)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        return [
            file.name
            for file in sqlgraph.read_folder("main")
            if connection.execute(
                f"(from dbt.main.{file.name} except all from ours.main.{file.name})"
                f" union all (from ours.main.{file.name} except all from dbt.main.{file.name})"
                " limit 1"
            ).fetchall()
        ]
