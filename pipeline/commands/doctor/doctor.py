"""`kithbook doctor`: everything tried out, one line a finding, each with the next thing to do.

It opens and reads through what it judges, asks every source for its collections and keeps no item;
nothing is written, here or there, but for a host into the config where the user says yes to it.
"""

import stat
import sys
from collections.abc import Iterator
from dataclasses import asdict
from shlex import quote

import typer

from connectors.errors import (
    ConfigError,
    FileHeld,
    KithbookError,
    LoginError,
    PartlyDone,
    SourceError,
    StorageError,
)
from pipeline.book.folder import Folder
from pipeline.book.queries import query
from pipeline.command_session import Session
from pipeline.commands.doctor.check_book import (
    decision_findings,
    published_findings,
    state_findings,
)
from pipeline.commands.doctor.check_folder import folder_findings
from pipeline.commands.doctor.check_sources import source_findings
from pipeline.commands.doctor.finding import Finding, wrong
from pipeline.commands.options import Json
from pipeline.config import Config
from pipeline.terminal.printing import say, show_json, show_wrapped
from pipeline.terminal.terminal_text import count, plain

TROUBLES: dict[int, type[KithbookError]] = {
    one.exit_code: one
    for one in (ConfigError, LoginError, SourceError, StorageError, PartlyDone, FileHeld)
}


def command(context: typer.Context, as_json: Json = False) -> None:
    """Check everything: folder, passwords, sources, task list.

    Example: kithbook doctor
    """
    examine(context.obj, as_json=as_json)


def examine(session: Session, *, as_json: bool = False) -> None:
    """Print the findings.

    :raises KithbookError: something is wrong; the exit code is that of the first trouble.
    """
    found: list[Finding] = []
    for one in findings(session, may_ask=not as_json):
        found.append(one)
        if not as_json:
            show_wrapped(finding_lines(one))
            sys.stdout.flush()  # a source may take its time
    if as_json:
        show_json([asdict(one) for one in found])
    wrong = [one for one in found if one.verdict == "wrong"]
    if wrong:
        names = ", ".join(one.subject for one in wrong)
        said = f"{count(len(wrong), 'thing is', 'things are')} wrong: {names}."
        hint = wrong[0].hint if len(wrong) == 1 else "What to do stands below each of them."
        raise TROUBLES[wrong[0].exit_code](said, hint)
    if not as_json:
        say("All is well." if all(one.verdict == "ok" for one in found) else "Nothing is wrong.")


def finding_lines(one: Finding) -> list[str]:
    """A finding as text."""
    lines = [f"{one.verdict:<6}{plain(one.subject)}: {plain(one.text)}"]
    return lines + ([f"        → {plain(one.hint)}"] if one.hint else [])


def findings(session: Session, *, may_ask: bool) -> Iterator[Finding]:
    """Everything, in the order in which it is needed."""
    try:
        folder = session.folder
    except KithbookError as error:
        yield wrong("config", error)  # where the data are, it does not say either
        return
    yield from folder_findings(folder, has_config=session.config_path.exists())
    if folder.path.exists():
        yield from decision_findings(folder)
        yield from state_findings(folder)
    yield from config_findings(session, may_ask=may_ask)
    yield from published_findings(session)


def config_findings(session: Session, *, may_ask: bool) -> Iterator[Finding]:
    """The config, and the sources that it names."""
    path = session.config_path
    config = None
    if path.exists():
        try:
            config = session.config()
        except KithbookError as error:
            yield wrong("config", error)
    else:
        yield _no_config(session)
    if config is None:
        return
    if stat.S_IMODE(path.stat().st_mode) & 0o022:
        text, hint = f"others may write {path}.", f"`chmod 600 {quote(str(path))}`"
        yield Finding("wrong", "config", text, hint, ConfigError.exit_code)
    else:
        yield Finding("ok", "config", f"{path} is valid.")
    for source in config.sources:
        yield from source_findings(source, session, may_ask=may_ask)
    yield from _no_list(config)


def _no_config(session: Session) -> Finding:
    """None there: as it should be before `init`, or lost."""
    path, folder = session.config_path, session.folder
    beside = path.with_name(path.name + ".restored")
    if beside.exists():
        text = f"there is none at {path}; `restore` laid the backup's beside it."
        hint = f"Check which commands and addresses are in it, then: `mv {beside} {path}`"
        return Finding("wrong", "config", text, hint, ConfigError.exit_code)
    if sources := _pulled(folder):
        text = f"there is none at {path}, and the book was read from {', '.join(sources)}."
        hint = "`kithbook restore FILE` brings back a backup's, `kithbook init` writes a new one."
        return Finding("wrong", "config", text, hint, ConfigError.exit_code)
    hint = "`kithbook init` writes one; `import` and `demo` need none."
    return Finding("look", "config", f"there is none at {path}.", hint)


def _pulled(folder: Folder) -> list[str]:
    """The sources of a config that the book was made from."""
    import duckdb

    from pipeline.book.folder import open_published

    try:
        with open_published(folder) as connection:
            rows = connection.execute(query("doctor_pulled")).fetchall()
    except (KithbookError, duckdb.Error):
        return []  # told where the book itself is looked at
    return [str(row[0]) for row in rows]


def _no_list(config: Config) -> Iterator[Finding]:
    if not config.tasks:
        hint = "Add [tasks] to the config to have the follow-ups in your calendar."
        yield Finding("look", "tasks", "no list is named; `due` only prints.", hint)
