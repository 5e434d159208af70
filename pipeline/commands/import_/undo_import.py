"""`kithbook import --undo NAME`: one import is taken back, exactly, and nothing else."""

from typing import TYPE_CHECKING

from pipeline.book import duckdb_instances
from pipeline.command_session import Session
from pipeline.commands.import_ import past_imports, replace_import
from pipeline.config import Config
from pipeline.sync import run
from pipeline.terminal.printing import say
from pipeline.terminal.terminal_text import count, plain

if TYPE_CHECKING:
    import duckdb


def undo(session: Session, name: str, *, wait: bool = False) -> None:
    """Take one import back, whatever came before or after it, publish, and say so.

    :raises UsageError: there is no import of that name, or several files were called so.
    """
    config = session.config_or_guess()
    told: list[str] = []

    def then(state: "duckdb.DuckDBPyConnection", ran: run.RunResult) -> Config:
        del ran
        one = past_imports.find(past_imports.read(state), name)
        with duckdb_instances.transaction(state):
            gone = past_imports.drop(state, one.source)
            back = replace_import.bring_back(state, one)
        told.append(f"{plain(one.name)} is taken back: {count(gone, 'item')} went with it.")
        if one.replaced:
            before = next(was for was in past_imports.read(state) if was.source == one.source)
            today = session.now(config.owner.zone).astimezone(config.owner.zone).date()
            told.append(
                f"What it had replaced is back: {plain(before.file)}, imported on "
                f"{before.day(config.owner.zone, today)}, {count(back, 'item')}."
            )
        return config

    run.sync(
        config,
        session.now(config.owner.zone),
        sources=[],
        wait=wait,
        write_tasks=False,
        command="import --undo",
        then=then,
    )
    say(*told)
