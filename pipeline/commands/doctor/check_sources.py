"""The sources for `doctor`: password, answer, collections, and the list of the follow-ups."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from connectors.contract import Collection, Connector, Peculiar, Probing
from connectors.errors import KithbookError, SourceError
from pipeline.book.folder import Folder, open_published
from pipeline.command_session import Session
from pipeline.commands.doctor.finding import Finding, wrong
from pipeline.commands.init.allow_hosts import reach
from pipeline.config import Config, Source, Tasks
from pipeline.passwords import password
from pipeline.sync.fetch import connect
from pipeline.terminal.terminal_text import count


def source_findings(source: Source, session: Session, *, may_ask: bool) -> Iterator[Finding]:
    """Its password, whether it answers, and the task list if it is the one."""
    where = f"source {source.name}"
    config = session.config()
    if getattr(source.options, "username", None):
        try:
            password(source, config)
        except KithbookError as error:
            yield wrong(where, error)
            return
    try:
        look = reach(session, source, asked) if may_ask else asked(source, config)
        connector, collections = look
    except KithbookError as error:
        found = wrong(where, error)
        yield found if found.hint else replace(found, hint=_last_resort(source))
        yield from account_hints(source, config)
        return
    kinds = sorted({kind for one in collections for kind in one.kinds})
    holds = f" with {', '.join(f'{kind}s' for kind in kinds)}" if kinds else ""
    yield Finding("ok", where, f"answers: {count(len(collections), 'collection')}{holds}.")
    if isinstance(connector, Peculiar):
        yield from (Finding("ok", where, way) for way in connector.ways())
    if config.tasks and config.tasks.source == source.name:
        is_waited_for = open_follow_ups(session.folder)
        yield from task_findings(connector, collections, config.tasks, is_waited_for)
    yield from account_hints(source, config)


def _last_resort(source: Source) -> str:
    """Where an answer says no more than no."""
    if source.type == "google":
        return "`kithbook auth google` logs in again; then `kithbook sync`"
    return "Ask whoever runs that server; `kithbook sync` tries again."


def asked(source: Source, config: Config) -> tuple[Connector, list[Collection]]:
    """The source's connector, which has answered, and its collections."""
    connector = connect(source, config)
    collections = connector.collections()
    if isinstance(connector, Probing):
        connector.probe()
    return connector, list(collections)


def open_follow_ups(folder: Folder) -> int:
    """How many the book takes to stand in the list."""
    import duckdb

    try:
        with open_published(folder) as connection:
            row = connection.execute(
                "select count(*) from main.follow_ups where is_open"
            ).fetchone()
    except (KithbookError, duckdb.Error):
        return 0  # told where the book itself is looked at
    return int(row[0]) if row else 0


def task_findings(
    connector: Any, collections: list[Collection], tasks: Tasks, n_open: int = 0
) -> Iterator[Finding]:
    """The list of the follow-ups: there, ours alone, able to hold tasks.

    `n_open`: how many of ours are to stand in it.
    """
    where = f"task list {tasks.list_name}"
    if not hasattr(connector, "task_list"):
        hint = "Name a caldav or google source, or an ical folder, under [tasks]."
        yield Finding("wrong", where, f"{tasks.source} cannot hold tasks.", hint, 2)
        return
    listed = [one for one in collections if one.name.casefold() == tasks.list_name.casefold()]
    if not listed and n_open:
        what = count(n_open, "open follow-up stands", "open follow-ups stand")
        text = f"{what} in it, and it is missing."
        hint = (
            "Bring it back, name another under [tasks], or `kithbook sync --yes` makes "
            f'"{tasks.list_name}" again; until then nothing in it counts as deleted.'
        )
        yield Finding("wrong", where, text, hint, SourceError.exit_code)
        return
    if not listed:
        yield Finding("ok", where, "is not there yet; the first sync that needs it makes it.")
        return
    try:
        found = connector.task_list(tasks.list_name, tasks.form)
    except KithbookError as error:
        yield wrong(where, error)
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
