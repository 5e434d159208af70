"""The files of the book for `doctor`: each opened and read through, and the book's age."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from connectors.errors import KithbookError, NoBookYet, PartlyDone, StorageError
from pipeline.book import decisions, duckdb_instances, sqlgraph, state_file
from pipeline.book.folder import Folder, cannot_open, open_published
from pipeline.book.queries import query
from pipeline.command_session import Session
from pipeline.commands.doctor.check_folder import is_working
from pipeline.commands.doctor.finding import SENT_HERE, Finding, wrong
from pipeline.sync import upgrade_report
from pipeline.terminal.book_age import stale_line
from pipeline.terminal.terminal_text import count

if TYPE_CHECKING:
    import duckdb

CLOCK_MAY_DIFFER = timedelta(days=1)


def state_findings(folder: Folder) -> Iterator[Finding]:
    """What was fetched and imported: there, whole, and of no newer version."""
    import duckdb

    if not folder.state.exists():
        if folder.published.exists():
            text = f"There is no {folder.state}, from which the book was made."
            yield Finding("wrong", "state", text, _without_state(folder))
        return
    if is_working(folder):
        return  # the run has it open, and would say what is wrong with it
    try:
        with duckdb_instances.only_these([folder.state]) as connection:
            duckdb_instances.attach(connection, folder.state, "state", "read_only")
            _read_through(connection, "state")
            state_file.refuse_newer(connection, "state")
            row = connection.execute("select max(ended_at) from state.raw.runs").fetchone()
    except KithbookError as error:
        yield wrong("state", error)
        return
    except duckdb.Error as error:
        yield wrong("state", cannot_open(error, folder.state))
        return
    yield Finding("ok", "state", f"{folder.state} can be read from end to end.")
    last = row[0] if row else None
    if last is not None and last - datetime.now(UTC) > CLOCK_MAY_DIFFER:
        yield _clock(f"the last run ended on {last:%Y-%m-%d}")


def decision_findings(folder: Folder) -> Iterator[Finding]:
    """What the user said: each line readable, and none gone that the book has heard of."""
    path = folder.path / decisions.FILE_NAME
    try:
        said = [one.decision_id for one in decisions.read(folder.path)]
    except KithbookError as error:
        yield wrong("decisions", error)
        return
    known = _last_decision(folder)
    if known and known not in said:
        text = f"{path} lacks what the book knows that you said."
        hint = "`kithbook restore FILE` brings back a backup; if that is intended: `kithbook build`"
        yield Finding("wrong", "decisions", text, hint)
    else:
        yield Finding("ok", "decisions", f"{count(len(said), 'line')} in {path.name}.")


def published_findings(session: Session) -> Iterator[Finding]:
    """Whether the book can be read, how old it is, and what in it waits for the user."""
    folder = session.folder
    try:
        connection = open_published(folder)
    except NoBookYet as error:
        if folder.state.exists():
            hint = "`kithbook build` makes it from what was fetched and imported."
            yield Finding("wrong", "book", str(error), hint)
        else:
            yield Finding("look", "book", str(error), error.hint)
        return
    except KithbookError as error:
        yield wrong("book", error)
        return
    import duckdb

    try:
        with connection:
            yield from _whole_book(session, connection)
    except duckdb.Error as error:
        yield wrong("book", cannot_open(error, folder.published))


def _whole_book(session: Session, connection: "duckdb.DuckDBPyConnection") -> Iterator[Finding]:
    row = connection.execute("select current_database()").fetchone()
    name = str(row[0]) if row else ""
    _read_through(connection, name)
    if upgrade_report.made_by(connection, name) != sqlgraph.version():
        text = f"{session.folder.published} was made by another version of kithbook."
        hint = "`kithbook build` makes it again; nothing is fetched for that."
        yield Finding("look", "book", text, hint)
        return
    yield from _age(session, connection)
    yield from _what_waits(connection)


def _age(session: Session, connection: "duckdb.DuckDBPyConnection") -> Iterator[Finding]:
    row = connection.execute("select as_of from main.settings").fetchone()
    as_of = row[0] if row else datetime.now(UTC)
    if session.day() is None and as_of - datetime.now(UTC) > CLOCK_MAY_DIFFER:
        yield _clock(f"the book was made on {as_of:%Y-%m-%d}")
        return
    if line := stale_line(session, connection):
        has_config = session.config_path.exists()
        nightly = "`kithbook sync`; `kithbook schedule` has it run every night."
        hint = nightly if has_config else "`kithbook build`"
        verdict = "wrong" if has_config else "look"
        yield Finding(verdict, "book", line, hint, PartlyDone.exit_code)  # type: ignore[arg-type]
    else:
        yield Finding("ok", "book", f"{session.folder.published} is fresh.")
    for name, days in connection.execute(query("doctor_stale")).fetchall():
        age = "was never read" if days is None else f"was last read {count(days, 'day')} ago"
        text = f"{age}; check-ins that depend on it wait."
        yield Finding("wrong", f"source {name}", text, "`kithbook sync`", PartlyDone.exit_code)


def _what_waits(connection: "duckdb.DuckDBPyConnection") -> Iterator[Finding]:
    row = connection.execute(query("doctor_counts")).fetchone()
    pairs, deceased, rejects = row or (0, 0, 0)
    if pairs or deceased:
        waits = count(pairs + deceased, "question waits", "questions wait")
        yield Finding("look", "people", f"{waits} for your answer.", "`kithbook review`")
    if rejects:
        text = f"{count(rejects, 'item')} could not be read."
        yield Finding("look", "rejects", text, "`kithbook rejects`")
    for place, problem, hint in connection.execute(query("doctor_problems")).fetchall():
        own = "" if SENT_HERE in str(hint or "") else str(hint or "")
        yield Finding("look", "problem", f"{place}: {problem}", own)


def _read_through(connection: "duckdb.DuckDBPyConnection", name: str) -> None:
    """Read every value of a database: what is damaged is often only a part of it.

    :raises duckdb.Error: some of it is.
    """
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = $1", [name]
    ).fetchall()
    for table in tables:
        place = ".".join(_quoted(part) for part in (name, *table))
        connection.execute(f"select max(hash(one)) from {place} as one").fetchone()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _last_decision(folder: Folder) -> str | None:
    """The newest decision that the published file knows, where it can be asked."""
    import duckdb

    try:
        with open_published(folder) as connection:
            row = connection.execute("select last_decision_id from main.settings").fetchone()
    except (KithbookError, duckdb.Error):
        return None  # told where the book itself is looked at
    return str(row[0]) if row and row[0] else None


def _without_state(folder: Folder) -> str:
    """How to get it back; what was imported is named, for no source brings it again."""
    names = _imported(folder)
    again = f" and `kithbook import` {', '.join(names)}" if names else ""
    return f"`kithbook restore FILE` brings back a backup; without one `kithbook sync`{again}."


def _imported(folder: Folder) -> list[str]:
    """What was imported, by name, where the published file can be asked."""
    import duckdb

    try:
        with open_published(folder) as connection:
            rows = connection.execute("select name from main.imports order by all").fetchall()
    except (KithbookError, duckdb.Error):
        return []  # told where the book itself is looked at
    return [name for (name,) in rows]


def _clock(what: str) -> Finding:
    now = datetime.now().astimezone()
    text = f"this machine's clock says {now:%Y-%m-%d}, and {what}, which is to come."
    hint = "Set the clock; if it is right: `kithbook sync`, or `kithbook build` without a config."
    return Finding("wrong", "clock", text, hint, StorageError.exit_code)
