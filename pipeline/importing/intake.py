"""`kithbook import FILE…`: an old book comes in, before anything is configured.

Each import is a source of its own, `import/NAME`, that stays until it is undone: nothing that one
brought in is removed or changed by another. Nothing outside the data folder is written.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from pipeline import run, store
from pipeline.config import Config, Source
from pipeline.errors import KithbookError
from pipeline.folder import open_published
from pipeline.importing import imports
from pipeline.importing.owner import address, with_owner
from pipeline.importing.planning import Plan, Wanted, plans_of, same_as_read, told_now
from pipeline.importing.progress import Progress
from pipeline.importing.screen import (
    count_source,
    import_lines,
    known_line,
    name_lines,
    print_first_screen,
    reject_reasons,
)
from pipeline.pull import Outcome
from pipeline.session import Session

if TYPE_CHECKING:
    import duckdb


def import_files(session: Session, wanted: Wanted) -> run.Ran:
    """Bring the files in, find out whose book it is, publish, and print what came.

    :raises KithbookError: no file can be read at all; otherwise the others are in.
    """
    ran = bring_in(session, session.config_or_guess(), wanted)
    if ran.has_published:
        print_first_screen(session)
    return ran


def bring_in(
    session: Session, config: Config, wanted: Wanted, *, rehearsal: bool = False
) -> run.Ran:
    """The files into the data folder of this config, published; prints a line or two a file.

    What is there already is left as it is, and when that is all, nothing is published.

    :raises KithbookError: no file can be read, or whose book it is is neither clear nor said.
    """
    if wanted.me:
        address(wanted.me)  # said wrong, it must not come to light when everything is in
    now = session.now(config.owner.zone)
    progress = Progress(wanted.paths)
    plans: list[Plan] = []

    def first(state: "duckdb.DuckDBPyConnection") -> list[Source]:
        plans[:] = plans_of(state, config, wanted, now)
        return [plan.source for plan in plans if plan.known is None]

    def then(state: "duckdb.DuckDBPyConnection", ran: run.Ran) -> Config | None:
        progress.end()
        outcomes = {one.source: one for one in ran.outcomes}
        for plan in plans:
            outcome = outcomes.get(plan.source.name)
            if plan.known is None and outcome:
                _settle(state, plan, outcome, now)
            for line in _lines(state, config, plan, outcome, now, rehearsal=rehearsal):
                print(line)
        ran.trouble[:] = [one.error for one in ran.outcomes if one.error]
        if len(ran.trouble) == len(plans):
            raise ran.trouble[0]
        if all(plan.known for plan in plans) and (
            rehearsal or _is_told(session, config, plans, wanted)
        ):
            return None
        return with_owner(session, state, config, wanted.me)

    try:
        return run.sync(
            config,
            now,
            wait=wanted.wait,
            allow_empty=True,  # nothing was in it before
            write_tasks=False,
            command="import",
            first=first,
            then=then,
            on_page=progress.page,
        )
    finally:
        progress.end()


def _settle(
    state: "duckdb.DuckDBPyConnection", plan: Plan, outcome: Outcome, now: datetime
) -> None:
    """Write down what came of it. What brought nothing in leaves no trace."""
    source = plan.source.name
    if outcome.error:
        if not _has_items(state, source):
            with store.transaction(state):
                imports.drop(state, source)
        return
    if known := same_as_read(state, plan.entry):
        plan.known = known
        with store.transaction(state):
            imports.drop(state, source)
            imports.note(state, told_now(known, plan.entry, now))
    else:
        imports.finish(state, source, now)


def _lines(
    state: "duckdb.DuckDBPyConnection",
    config: Config,
    plan: Plan,
    outcome: Outcome | None,
    now: datetime,
    *,
    rehearsal: bool,
) -> list[str]:
    zone = config.owner.zone
    if plan.known:
        return [known_line(plan, zone, now.astimezone(zone).date())]
    if outcome is None or outcome.error:
        return []
    source = plan.source.name
    reasons = reject_reasons(state, source) if rehearsal else None
    numbers = count_source(state, source)
    return [
        *import_lines(plan.source, plan.path, outcome, numbers, reasons),
        *name_lines(plan),
    ]


def _has_items(state: "duckdb.DuckDBPyConnection", source: str) -> bool:
    found = state.execute("select 1 from raw.items where source = $1 limit 1", [source])
    return found.fetchone() is not None


def _is_told(session: Session, config: Config, plans: list[Plan], wanted: Wanted) -> bool:
    """Whether the published file has all of it, and whose book it is: nothing is to be published.

    A run that ended before it published leaves that to the next.
    """
    if wanted.me and wanted.me.strip().lower() not in config.owner.emails:
        return False
    import duckdb

    try:
        with open_published(session.folder) as book:
            rows = book.execute("select source from raw.imports where finished_at is not null")
            published = {row[0] for row in rows.fetchall()}
    except (KithbookError, duckdb.CatalogException):  # none yet, or by an earlier version
        return False
    return all(plan.known.source in published for plan in plans if plan.known)
