"""`kithbook doctor`: everything tried out, one line a finding, each with the next thing to do.

It asks every source for its collections and keeps no item; nothing is written, here or there, but
for a host into the config where the user says yes to it.
"""

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pipeline import decisions
from pipeline.config import Config, Source, Tasks
from pipeline.errors import (
    ConfigError,
    FileHeld,
    KithbookError,
    LoginError,
    NoBookYet,
    SourceError,
    StorageError,
)
from pipeline.fetch import connect
from pipeline.folder import Folder, open_published
from pipeline.passwords import password
from pipeline.printing import say, show, show_json
from pipeline.records import Collection, Connector, Peculiar, Probing
from pipeline.session import Session
from pipeline.setting_up.hosts import reach
from pipeline.text import count, plain

Verdict = Literal["ok", "look", "wrong"]

TROUBLES: dict[int, type[KithbookError]] = {
    one.exit_code: one for one in (ConfigError, LoginError, SourceError, StorageError, FileHeld)
}

SPARE_BYTES = 200 * 2**20

STALE = """
select distinct freshness.source, freshness.days_old
from main.freshness where is_stale and not is_gone and not is_import order by freshness.source
"""

# The others have lines of their own.
PROBLEMS = """
select place, problem, hint from main.problems
where name not in ('rejects', 'deceased_hints', 'stale_sources') order by all limit 5
"""

COUNTS = """
select
    (select count(*) from main.merge_candidates) as pairs,
    (select count(*) from main.people where is_deceased_hint) as deceased,
    (select count(*) from main.rejects where not is_warning) as rejects,
    (select date_diff('day', as_of, $1::timestamptz) from raw.settings) as days_old
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `hint` is the next command or edit, empty when all is well."""

    verdict: Verdict
    subject: str
    text: str
    hint: str = ""
    exit_code: int = StorageError.exit_code


def examine(session: Session, *, as_json: bool = False) -> None:
    """Print the findings.

    :raises KithbookError: something is wrong; the exit code is that of the first trouble.
    """
    found: list[Finding] = []
    for one in findings(session, may_ask=not as_json):
        found.append(one)
        if not as_json:
            show(*finding_lines(one))
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
    yield from folder_findings(session.folder)
    if not session.config_path.exists():
        hint = "`kithbook init` writes one; `import` and `demo` need none."
        yield Finding("look", "config", f"there is none at {session.config_path}.", hint)
    else:
        try:
            config = session.config()
        except KithbookError as error:
            yield _wrong("config", error)
            return
        yield _private("config", session.config_path)
        for source in config.sources:
            yield from source_findings(source, session, may_ask=may_ask)
        if not config.tasks:
            hint = "Add [tasks] to the config to have the follow-ups in your calendar."
            yield Finding("look", "tasks", "no list is named; `due` only prints.", hint)
    yield from published_findings(session)


FIRST_STEPS = "`kithbook import FILE…`, or `kithbook init` and then `kithbook sync`"


def folder_findings(folder: Folder) -> Iterator[Finding]:
    """The data folder: there, private, with room; the decisions readable."""
    if not folder.path.exists():
        yield Finding("look", "folder", f"{folder.path} is not there yet.", FIRST_STEPS)
        return
    mode = stat.S_IMODE(folder.path.stat().st_mode)
    if mode & 0o077:
        hint = f"chmod 700 {folder.path}"
        yield Finding("wrong", "folder", f"others may look into {folder.path}.", hint)
    else:
        yield Finding("ok", "folder", f"{folder.path}, for you alone.")
    shut = [
        one
        for one in (folder.path, *_files(folder))
        if one.exists() and not os.access(one, os.W_OK)
    ]
    if shut:
        names = " ".join(str(one) for one in shut)
        yield Finding("wrong", "folder", f"{names} cannot be written.", f"chmod u+w {names}")
    open_files = [one for one in _files(folder) if stat.S_IMODE(one.stat().st_mode) & 0o077]
    if open_files:
        names = " ".join(str(one) for one in open_files)
        yield Finding("wrong", "files", f"others may read {names}.", f"chmod 600 {names}")
    left = sorted([*folder.path.glob("what-if-*"), *folder.path.glob("restore-*")])
    if left:
        names = " ".join(str(one) for one in left)
        text = "a command that was cut off left something behind."
        yield Finding("look", "folder", text, f"rm -r {names}")
    free = shutil.disk_usage(folder.path).free
    need = 2 * folder.published.stat().st_size if folder.published.exists() else 0
    if free < need + SPARE_BYTES:
        text = f"{free / 2**20:,.0f} MB are free; a build needs {need / 2**20:,.0f} MB beside."
        yield Finding("wrong", "disk", text, f"Free some space on the disk of {folder.path}.")
    try:
        said = sum(1 for _ in decisions.read(folder.path))
    except KithbookError as error:
        yield _wrong("decisions", error)
    else:
        yield Finding("ok", "decisions", f"{count(said, 'line')} in {decisions.FILE_NAME}.")


def source_findings(source: Source, session: Session, *, may_ask: bool) -> Iterator[Finding]:
    """Its password, whether it answers, and the task list if it is the one."""
    where = f"source {source.name}"
    config = session.config()
    if getattr(source.options, "username", None):
        try:
            password(source, config)
        except KithbookError as error:
            yield _wrong(where, error)
            return
    try:
        look = reach(session, source, _asked) if may_ask else _asked(source, config)
        connector, collections = look
    except KithbookError as error:
        yield _wrong(where, error)
        yield from account_hints(source, config)
        return
    kinds = sorted({kind for one in collections for kind in one.kinds})
    holds = f" with {', '.join(f'{kind}s' for kind in kinds)}" if kinds else ""
    yield Finding("ok", where, f"answers: {count(len(collections), 'collection')}{holds}.")
    if isinstance(connector, Peculiar):
        yield from (Finding("ok", where, way) for way in connector.ways())
    if config.tasks and config.tasks.source == source.name:
        yield from task_findings(connector, collections, config.tasks)
    yield from account_hints(source, config)


def _asked(source: Source, config: Config) -> tuple[Connector, list[Collection]]:
    """The source's connector, which has answered, and its collections."""
    connector = connect(source, config)
    collections = connector.collections()
    if isinstance(connector, Probing):
        connector.probe()
    return connector, list(collections)


def task_findings(connector: Any, collections: list[Collection], tasks: Tasks) -> Iterator[Finding]:
    """The list of the follow-ups: there, ours alone, able to hold tasks."""
    where = f"task list {tasks.list_name}"
    if not hasattr(connector, "task_list"):
        hint = "Name a caldav or google source, or an ical folder, under [tasks]."
        yield Finding("wrong", where, f"{tasks.source} cannot hold tasks.", hint, 2)
        return
    listed = [one for one in collections if one.name.casefold() == tasks.list_name.casefold()]
    if not listed:
        yield Finding("ok", where, "is not there yet; the first sync that needs it makes it.")
        return
    try:
        found = connector.task_list(tasks.list_name, tasks.form)
    except KithbookError as error:
        yield _wrong(where, error)
        return
    if found.is_read_only:
        hint = "Name another list under [tasks], or ask its owner for the right to write."
        yield Finding("wrong", where, "may only be read.", hint, 4)
    elif found.is_shared:
        hint = 'Name a list of your own, or keep detail = "none" under [tasks].'
        yield Finding("look", where, "is shared: others see whom you are reminded of.", hint)
    else:
        yield Finding("ok", where, f"is there and takes {tasks.form}s.")


def account_hints(source: Source, config: Config) -> Iterator[Finding]:
    """What is known of some providers (FACTS: iCloud has no VTODO since iOS 13, Google neither)."""
    url = str(getattr(source.options, "url", "")).lower()
    is_target = config.tasks is not None and config.tasks.source == source.name
    where = f"source {source.name}"
    if "icloud.com" in url and is_target and config.tasks and config.tasks.form == "task":
        text = "iCloud's reminders cannot be reached by CalDAV since iOS 13."
        yield Finding("wrong", where, text, 'Write as = "event" under [tasks].', 2)
    if source.type == "caldav" and "google" in url:
        text = "Google's CalDAV has no tasks and no contacts."
        hint = 'Use type = "google"; `kithbook auth google --guide` shows the way.'
        yield Finding("wrong" if is_target else "look", where, text, hint, 2)


def published_findings(session: Session) -> Iterator[Finding]:
    """How old the book is, and what in it waits for the user."""
    try:
        connection = open_published(session.folder)
    except KithbookError as error:
        none_yet = isinstance(error, NoBookYet)
        yield Finding("look", "book", str(error), error.hint) if none_yet else _wrong("book", error)
        return
    with connection:
        stale = connection.execute(STALE).fetchall()
        row = connection.execute(COUNTS, [datetime.now(UTC).isoformat()]).fetchone()
        problems = connection.execute(PROBLEMS).fetchall()
    pairs, deceased, rejects, days_old = row or (0, 0, 0, 0)
    if days_old > 2:
        hint = "`kithbook sync`; cron: 17 5 * * * kithbook sync --quiet"
        yield Finding("look", "book", f"was built {count(days_old, 'day')} ago.", hint)
    else:
        yield Finding("ok", "book", f"{session.folder.published} is fresh.")
    for name, days in stale:
        age = "was never read" if days is None else f"was last read {count(days, 'day')} ago"
        hint = f"`kithbook pull --source {name}`"
        yield Finding("look", f"source {name}", f"{age}; no check-ins rest on it.", hint)
    if pairs or deceased:
        waits = count(pairs + deceased, "question waits", "questions wait")
        yield Finding("look", "people", f"{waits} for your answer.", "`kithbook review`")
    if rejects:
        text = f"{count(rejects, 'item')} could not be read."
        yield Finding("look", "rejects", text, "`kithbook rejects`")
    for place, problem, hint in problems:
        yield Finding("look", "problem", f"{place}: {problem}", str(hint or ""))


def _private(subject: str, path: Path) -> Finding:
    if stat.S_IMODE(path.stat().st_mode) & 0o022:
        return Finding("wrong", subject, f"others may write {path}.", f"chmod 600 {path}", 2)
    return Finding("ok", subject, f"{path} can be meant so.")


def _files(folder: Folder) -> list[Path]:
    """The private files: all of ours, tokens included."""
    names = ("*.duckdb", "*.wal", "*.jsonl", "*.token.json", "kept/*.duckdb")
    return sorted(path for name in names for path in folder.path.glob(name))


def _wrong(subject: str, error: KithbookError) -> Finding:
    return Finding("wrong", subject, str(error), error.hint, error.exit_code)
