"""`kithbook import FILE…`: an old book comes in, before anything is configured.

Each file becomes a source of its own, `import/NAME`, that stays until it is undone; a newer export
of a book that is there already takes its place. Nothing outside the data folder is written.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import connectors
from connectors.exports.csv_table import read_mapping
from connectors.exports.recognise import recognise
from pipeline import bodies, run, store
from pipeline.config import IMPORT_PREFIX, Config, Source
from pipeline.errors import UsageError
from pipeline.importing.owner import address, with_owner
from pipeline.importing.progress import Progress
from pipeline.importing.screen import (
    count_source,
    import_lines,
    name_of,
    print_first_screen,
    reject_reasons,
)
from pipeline.pull import pull
from pipeline.session import Session
from pipeline.text import plain

if TYPE_CHECKING:
    import duckdb

NEWER_SHARE = 0.7
"""A file that holds at least this share of what another import holds is a newer export of it."""

OLDER_SHARE = 0.5
"""... when the other import also holds at least this share of what the file holds."""

OLDER = """
with
cards as (
    select distinct source, kind, coalesce(uid, href) as card_key
    from raw.items
    where starts_with(source, 'import/') and superseded_at is null and gone_at is null
),

sizes as (select source, count(*) as n_cards from cards group by source),

formats as (
    select source, list_sort(list(distinct (collection, media_type))) as shape
    from raw.items
    where starts_with(source, 'import/') and superseded_at is null and gone_at is null
    group by source
),

shared as (
    select others.source, count(*) as n_shared
    from cards as mine
    inner join cards as others on mine.card_key = others.card_key and mine.kind = others.kind
    where mine.source = $1 and others.source <> $1
    group by others.source
)

select shared.source
from shared
inner join sizes as theirs on shared.source = theirs.source
inner join formats on shared.source = formats.source
where
    shared.n_shared >= $2 * theirs.n_cards
    and shared.n_shared >= $3 * (select sizes.n_cards from sizes where sizes.source = $1)
    and formats.shape = (select mine.shape from formats as mine where mine.source = $1)
order by shared.n_shared desc, shared.source
limit 1
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command was called with."""

    paths: tuple[Path, ...]
    me: str | None = None
    name: str | None = None
    mapping: tuple[str, ...] = ()
    allow_empty: bool = False
    wait: bool = False


def import_files(session: Session, wanted: Wanted) -> run.Ran:
    """Bring the files in, find out whose book it is, publish, and print what came.

    :raises KithbookError: no file can be read at all; otherwise the others are in.
    """
    ran = bring_in(session, session.config_or_guess(), wanted)
    print_first_screen(session)
    return ran


def bring_in(
    session: Session, config: Config, wanted: Wanted, *, rehearsal: bool = False
) -> run.Ran:
    """The files into the data folder of this config, published; prints a line or two a file.

    :raises KithbookError: no file can be read, or whose book it is is neither clear nor said.
    """
    if wanted.me:
        address(wanted.me)  # said wrong, it must not come to light when everything is in
    sources = sources_of(wanted)
    progress = Progress(wanted.paths)

    def then(state: "duckdb.DuckDBPyConnection", ran: run.Ran) -> Config:
        progress.end()
        for number, source in enumerate(sources):
            outcome = ran.outcomes[number]
            if older := None if outcome.error else newer_export_of(state, source):
                _delete_source(state, source.name)
                shown = plain(older.removeprefix(IMPORT_PREFIX))
                file = plain(name_of(wanted.paths[number]))
                print(f"{file}: a newer export of {shown}: takes its place")
                source = replace(source, name=older)  # noqa: PLW2901 (the same file, its old name)
                outcome = pull(
                    state,
                    config,
                    [source],
                    session.now(config.owner.zone),
                    allow_empty=wanted.allow_empty,
                )[0]
                ran.outcomes[number] = outcome
            numbers = count_source(state, source.name)
            reasons = reject_reasons(state, source.name) if rehearsal else None
            for line in import_lines(source, wanted.paths[number], outcome, numbers, reasons):
                print(line)
        ran.trouble[:] = [one.error for one in ran.outcomes if one.error]
        if len(ran.trouble) == len(sources):
            raise ran.trouble[0]
        return with_owner(session, state, config, wanted.me)

    try:
        return run.sync(
            config,
            session.now(config.owner.zone),
            sources=sources,
            wait=wanted.wait,
            allow_empty=wanted.allow_empty,
            write_tasks=False,
            command="import",
            then=then,
            on_page=progress.page,
        )
    finally:
        progress.end()


def undo(session: Session, name: str, *, wait: bool = False) -> int:
    """Take one import back, exactly; returns how many items went.

    :raises UsageError: there is no import of that name.
    """
    config = session.config_or_guess()
    source = IMPORT_PREFIX + _stem(name.removeprefix(IMPORT_PREFIX))
    gone: list[int] = []

    def then(state: "duckdb.DuckDBPyConnection", ran: run.Ran) -> Config:
        del ran
        gone.append(_delete_source(state, source))
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
    return gone[0]


def sources_of(wanted: Wanted) -> list[Source]:
    """A source a file, named after it, so that the same file meets itself again."""
    connector = connectors.load(connectors.CONNECTORS["import"])
    sources: list[Source] = []
    for path in wanted.paths:
        options = connector.Options(path=str(path), map=wanted.mapping)
        stem = _stem(wanted.name or name_of(path))
        name, number = IMPORT_PREFIX + stem, 1
        while any(one.name == name for one in sources):
            number += 1
            name = f"{IMPORT_PREFIX}{stem}-{number}"
        sources.append(Source(name, "import", options))
    return sources


def _stem(name: str) -> str:
    """What an import is called that is named so."""
    return (re.sub(r"[^\w.-]+", "-", name).strip("-.") or "file").casefold()


def newer_export_of(state: "duckdb.DuckDBPyConnection", source: Source) -> str | None:
    """The import that this file is a newer export of, when it came in for the first time.

    Only a single file takes the place of another: what a folder or .zip holds says less.
    """
    path = Path(source.options.path).expanduser()
    if recognise(path, read_mapping(source.options.map)).format in ("folder", "zip"):
        return None
    row = state.execute("select count(*) from raw.runs where source = $1", [source.name]).fetchone()
    others = state.execute(
        "select count(*) from raw.cursors where starts_with(source, $1) and source <> $2",
        [IMPORT_PREFIX, source.name],
    ).fetchone()
    if not row or row[0] > 1 or others == (0,):
        return None
    found: list[tuple[str]] = []

    def look() -> None:
        found[:] = state.execute(OLDER, [source.name, NEWER_SHARE, OLDER_SHARE]).fetchall()

    with store.little_memory(state):
        store.sparingly(state, look)
    return found[0][0] if found else None


def _delete_source(state: "duckdb.DuckDBPyConnection", source: str) -> int:
    row = state.execute(
        "select count(*) from raw.items where source = $1 and superseded_at is null", [source]
    ).fetchone()
    imports = state.execute(
        "select distinct source from raw.cursors where starts_with(source, $1)", [IMPORT_PREFIX]
    ).fetchall()
    if (source,) not in imports:
        known = ", ".join(plain(one[0].removeprefix(IMPORT_PREFIX)) for one in imports) or "none"
        raise UsageError(
            f"There is no import named {plain(source.removeprefix(IMPORT_PREFIX))}.",
            f"There are: {known}.",
        )
    with store.transaction(state):
        for table in ("items", "contacts", "meetings", "tasks", "rejects", "cursors", "runs"):
            state.execute(f"delete from raw.{table} where source = $1", [source])
        bodies.drop_unnamed(state)
    return int(row[0]) if row else 0
