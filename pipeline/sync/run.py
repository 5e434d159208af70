"""One run: pull → build → checks → push → publish, under the one lock.

A crash anywhere leaves the published file whole and the state consistent; the next run repeats at
most one page and finds its own half-done writes by their intents.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.errors import KithbookError, LoginError, PartlyDone, SourceBug, SourceError
from pipeline.book import (
    build,
    memory_bounds,
    run_lock,
    run_log,
    skip_unchanged_build,
    state_file,
    store,
)
from pipeline.book.folder import Folder
from pipeline.config import IMPORT_PREFIX, Config, Source
from pipeline.sync import (
    find_task_list,
    missing_tasks,
    normalise,
    push,
    push_recovery,
    reparse_stored,
    upgrade_report,
)
from pipeline.sync.pull import pull
from pipeline.sync.pull_outcome import Outcome

if TYPE_CHECKING:
    import duckdb


OnPage = Callable[[Outcome], None]
First = Callable[["duckdb.DuckDBPyConnection"], Sequence[Source]]
Then = Callable[["duckdb.DuckDBPyConnection", "RunResult"], Config | None]


@dataclass(slots=True)
class RunResult:
    """What a run did, for the command to tell."""

    outcomes: list[Outcome] = field(default_factory=list)
    changes: list[push.Change] = field(default_factory=list)
    """What the push was to do."""
    pushed: push.Pushed = field(default_factory=push.Pushed)
    adopted: int = 0
    """Tasks of ours that the state did not know and that were taken up again."""
    unmatched: int = 0
    """Those that were left alone, for they fit nobody for sure."""
    trouble: list[KithbookError] = field(default_factory=list)
    """What was left undone, and why."""
    has_published: bool = False
    upgraded: str = ""
    """On the first book of a new version: who is listed otherwise than before."""

    def raise_trouble(self) -> None:
        """End with the exit code of what was left undone.

        :raises PartlyDone: some of it was; naming the first trouble.
        :raises LoginError, SourceError: no source could be read at all: its own code tells more.
        """
        if error := self.error():
            raise error from self.trouble[0]

    def error(self) -> KithbookError | None:
        """What the run ends with; None when nothing was left undone."""
        if not self.trouble:
            return None
        told, hint = self._told()
        error: KithbookError = PartlyDone(f"{told}\nThe rest was done and published.", hint)
        if self.outcomes and all(outcome.is_unread for outcome in self.outcomes):
            error = type(self.trouble[0])(told, hint)
        for bug in self.trouble:
            if isinstance(bug, SourceBug):
                error.add_note(bug.trace)  # Python prints it with the traceback alone
        return error

    def _told(self) -> tuple[str, str]:
        """Every trouble, and what to do; each with its own hint when they are not the same."""
        hints = {error.hint for error in self.trouble if error.hint}
        lines: list[str] = []
        for error in self.trouble:
            own = [f"  → {error.hint}"] if error.hint and len(hints) > 1 else []
            lines += [self._said(error), *own]
        return "\n".join(lines), next(iter(hints)) if len(hints) == 1 else ""

    def _said(self, error: KithbookError) -> str:
        """The error's message, with the name of the source that it is about.

        What is imported has the name of its file, and that the message says itself.
        """
        for outcome in self.outcomes:
            is_its_own = any(error is one for one in (*outcome.troubles, *outcome.open))
            if is_its_own and not outcome.source.startswith(IMPORT_PREFIX):
                is_named = str(error).startswith(outcome.source)
                return str(error) if is_named else f"{outcome.source}: {error}"
        return str(error)


def sync(
    config: Config,
    now: datetime,
    *,
    sources: Sequence[Source] | None = None,
    wait: bool = False,
    allow_empty: bool = False,
    write_tasks: bool = True,
    yes: bool = False,
    command: str = "sync",
    first: "First | None" = None,
    then: "Then | None" = None,
    on_page: "OnPage | None" = None,
) -> RunResult:
    """Pull the sources (all of the config's by default), build, write tasks, publish.

    `first` is called before the pull with the state open, and returns the sources to pull. `then`
    is called after the pull with the state still open, and returns the config to build by, or None
    when there is nothing to publish.

    Trouble with one source, or with the task list, is noted in `Ran.trouble` and leaves the rest
    to be done.

    :raises LockHeld: another run is working.
    :raises InvariantError: a check failed; nothing was published and no task written.
    """
    with _run(config, command, now, wait=wait, write_tasks=write_tasks) as (folder, ran):
        pulled = _pull(
            config,
            folder,
            sources,
            now,
            ran,
            command=command,
            allow_empty=allow_empty,
            first=first,
            then=then,
            on_page=on_page,
        )
        if pulled:
            _build_and_publish(pulled, folder, now, ran, write_tasks=write_tasks, yes=yes)
    return ran


def pull_only(
    config: Config,
    now: datetime,
    *,
    sources: Sequence[Source] | None = None,
    wait: bool = False,
    allow_empty: bool = False,
) -> RunResult:
    """Pull into the state file; what people query stays as it is."""
    with _run(config, "pull", now, wait=wait, write_tasks=False) as (folder, ran):
        _pull(config, folder, sources, now, ran, command="pull", allow_empty=allow_empty)
    return ran


def rebuild(
    config: Config,
    now: datetime,
    *,
    wait: bool = False,
    write_tasks: bool = False,
    yes: bool = False,
    command: str = "build",
    taken_up: Mapping[str, int] | None = None,
    layers: Path | None = None,
) -> RunResult:
    """Build from what was pulled before and publish; with `write_tasks`, push first.

    :param taken_up: UID → person_id of tasks that the user says are theirs.
    :param layers: the file in which to keep all tables between raw and main.
    """
    with _run(config, command, now, wait=wait, write_tasks=write_tasks) as (folder, ran):
        _keys(config, folder, now)
        _build_and_publish(
            config,
            folder,
            now,
            ran,
            write_tasks=write_tasks,
            yes=yes,
            taken_up=taken_up or {},
            layers=layers,
        )
    return ran


@contextmanager
def _run(
    config: Config, command: str, now: datetime, *, wait: bool, write_tasks: bool
) -> Iterator[tuple[Folder, RunResult]]:
    """Under the lock, and written down however it ends: the folder, and what the run did.

    :raises LockHeld: another run is working.
    """
    folder, ran = Folder(config.data), RunResult()
    noted = run_log.noted(folder, command, now, ran, writes_tasks=write_tasks)
    with noted, run_lock.acquire(folder, command, wait):
        yield folder, ran


def _pull(
    config: Config,
    folder: Folder,
    sources: Sequence[Source] | None,
    now: datetime,
    ran: RunResult,
    *,
    command: str,
    allow_empty: bool,
    first: "First | None" = None,
    then: "Then | None" = None,
    on_page: "OnPage | None" = None,
) -> Config | None:
    """The config to build by; None when there is nothing to publish."""
    state = state_file.open_state(folder, config.owner.time_zone)
    try:
        reparse_stored.read_again(state, now, config.owner.zone)
        wanted = first(state) if first else config.sources if sources is None else sources
        config = find_task_list.located(state, config)
        ran.outcomes = pull(
            state, config, wanted, now, command=command, allow_empty=allow_empty, on_page=on_page
        )
        ran.trouble += [error for outcome in ran.outcomes for error in outcome.troubles]
        ran.trouble += [error for outcome in ran.outcomes for error in outcome.open]
        push_recovery.restore_uids(state)
        if config.tasks and _was_read(config, ran):
            read = [
                c for one in ran.outcomes if one.source == config.tasks.source for c in one.read
            ]
            find_task_list.remember(state, config.tasks, read)
            ran.trouble += missing_tasks.follow(state, config, now)
            push_recovery.restore_uids(state)
            push_recovery.reconcile(state, now)
        push_recovery.read_task_words(state, now)
        to_build = then(state, ran) if then else config
        if to_build:
            _lay_keys(state, to_build)
        if (
            to_build
            and not (first or then)
            and skip_unchanged_build.is_published(state, config, folder, now)
        ):
            to_build = None
    finally:
        state.close()
    return to_build


def _keys(config: Config, folder: Folder, now: datetime) -> None:
    """Keys for what was pulled before, in case the owner's region or our readers changed since."""
    state = state_file.open_state(folder, config.owner.time_zone)
    try:
        reparse_stored.read_again(state, now, config.owner.zone)
        _lay_keys(state, config)
    finally:
        state.close()


def _lay_keys(state: "duckdb.DuckDBPyConnection", config: Config) -> None:
    """The last that a run does in the state, before it is closed: that takes memory once more."""
    normalise.give_keys(state, config.owner.phone_region)
    memory_bounds.release_memory(state)


def _build_and_publish(
    config: Config,
    folder: Folder,
    now: datetime,
    ran: RunResult,
    *,
    write_tasks: bool,
    yes: bool,
    taken_up: Mapping[str, int] | None = None,
    layers: Path | None = None,
) -> None:
    said = skip_unchanged_build.said_by_user(folder)
    connection = store.open_next(folder, config.owner.time_zone, layers)
    try:
        build.build(connection, config, folder, now)
        if taken_up:
            _take_up(connection, folder, now, ran, taken_up)
        if write_tasks and config.tasks:
            _push(connection, config, folder, now, ran, yes=yes)
            push_recovery.remember_outcomes(connection, folder, now)
        else:
            ran.changes = push.plan(connection)
        ran.unmatched = push_recovery.count_unmatched(connection)
        ran.upgraded = upgrade_report.tell_changes(connection, folder)
        skip_unchanged_build.note(
            connection, skip_unchanged_build.digest(connection, config, said, now)
        )
        if layers:
            build.keep_raw(connection)
            build.keep_main(connection)
        store.publish(connection, folder)
        ran.has_published = True
    finally:
        connection.close()


def _take_up(
    connection: "duckdb.DuckDBPyConnection",
    folder: Folder,
    now: datetime,
    ran: RunResult,
    taken_up: Mapping[str, int],
) -> None:
    """Adopt what the user says is so, where the build still says the same."""
    persons = dict(connection.execute("select uid, person_id from main.unmatched_tasks").fetchall())
    likely = push_recovery.likely_adoptions(connection)
    wanted = [
        one for one in likely if one.uid in taken_up and taken_up[one.uid] == persons.get(one.uid)
    ]
    with store.state_for_writing(connection, folder):
        push_recovery.adopt(connection, wanted, now)
    ran.adopted += len(wanted)
    build.rebuild_tasks(connection)


def _push(
    connection: "duckdb.DuckDBPyConnection",
    config: Config,
    folder: Folder,
    now: datetime,
    ran: RunResult,
    *,
    yes: bool,
) -> None:
    """Write the tasks. A list that could not be read in this run is not written to."""
    ran.changes = push.plan(connection)
    if ran.outcomes and not _was_read(config, ran):
        return
    if lost := find_task_list.missing(connection):
        if not yes:
            ran.trouble.append(lost)
            return
        try:
            with store.state_for_writing(connection, folder):
                find_task_list.make_anew(connection, config, now)
        except (SourceError, LoginError) as error:
            ran.trouble.append(error)
            return
        build.rebuild_tasks(connection)
        ran.changes = push.plan(connection)
    adoptions = push_recovery.sure_adoptions(connection)
    if not adoptions and not ran.changes:
        return
    try:
        with store.state_for_writing(connection, folder):
            push_recovery.adopt(connection, adoptions, now)
            ran.adopted += len(adoptions)
            ran.pushed = push.push(connection, config, ran.changes, now, yes=yes)
    except PartlyDone as error:
        ran.trouble.append(error)
        return
    ran.trouble += ran.pushed.errors
    if ran.pushed.count or adoptions:
        build.rebuild_tasks(connection)


def _was_read(config: Config, ran: RunResult) -> bool:
    """Of the list alone: what else its source could not read does not matter."""
    tasks, href = config.tasks, config.task_list_href
    return tasks is not None and any(
        one.source == tasks.source and one.has_tasks(tasks.list_name, href) for one in ran.outcomes
    )
