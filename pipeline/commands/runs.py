"""`kithbook runs`: what came of the last runs, the newest first."""

from dataclasses import asdict
from datetime import tzinfo
from typing import Annotated

import typer

from pipeline.book.run_log import Line, SourceLine, read, told
from pipeline.command_session import Session
from pipeline.commands.options import Json
from pipeline.terminal.printing import say, show_json, show_table
from pipeline.terminal.terminal_text import count, plain

HEADERS = ("when", "source", "changed", "gone", "rejects", "seconds", "trouble")


def command(
    context: typer.Context,
    last: Annotated[int, typer.Option(help="How many.", min=1, max=2000)] = 30,
    as_json: Json = False,
) -> None:
    """The last runs: each source, what came of it, how long it took, what went wrong.

    Example: kithbook runs --last 7
    """
    show_runs(context.obj, last, as_json=as_json)


def show_runs(session: Session, last: int, *, as_json: bool = False) -> None:
    """Print them, a line a source; the state of no file of DuckDB's matters."""
    lines = read(session.folder)[-last:][::-1]
    if as_json:
        show_json([asdict(line) for line in lines])
    elif not lines:
        say("No run is recorded yet: `kithbook sync`.")
    else:
        zone = session.config_or_guess().owner.zone
        show_table(HEADERS, [row for line in lines for row in _rows(line, zone)])


def _rows(line: Line, zone: tzinfo) -> list[tuple[object, ...]]:
    """The run's own line, then one for each of its sources."""
    when = f"{line.started_at.astimezone(zone):%Y-%m-%d %H:%M}"
    done = "" if line.exit_code == 0 else f"ended with {line.exit_code}"
    of_sources = {one.trouble for one in line.sources}
    own = "" if line.trouble and _is_said(line, of_sources) else told(line)
    what = f"{line.command}, {_tasks(line)}" if line.tasks else line.command
    head = (
        when,
        f"({plain(what)})",
        "",
        "",
        "",
        line.seconds,
        ": ".join(filter(None, (done, own))),
    )
    return [head, *(_row(one) for one in line.sources)]


def _row(one: SourceLine) -> tuple[object, ...]:
    trouble = plain((one.trouble or "").partition("\n")[0])
    unread = f" (not read: {', '.join(map(plain, one.unread))})" if one.unread else ""
    return (
        "",
        plain(one.source),
        one.changed,
        one.gone,
        one.rejected,
        one.seconds,
        f"{trouble}{unread}".strip(),
    )


def _is_said(line: Line, of_sources: set[str | None]) -> bool:
    """A source's own line says it below."""
    first = (line.trouble or "").partition("\n")[0]
    return any(one is not None and one.partition("\n")[0] in first for one in of_sources)


def _tasks(line: Line) -> str:
    return count(sum(line.tasks.values()), "task")
