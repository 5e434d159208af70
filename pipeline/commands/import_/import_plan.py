"""What is to become of each file that is named: a new import, the rest of one, or nothing."""

import shlex
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import connectors
from connectors.errors import KithbookError, UsageError
from connectors.formats.any_file_source import Content, ImportFile
from pipeline.book.queries import query
from pipeline.commands.import_ import past_imports
from pipeline.commands.import_.past_imports import Import, free_name, full_path, name_of
from pipeline.config import Config, Source
from pipeline.sync.fetch import connect
from pipeline.terminal.terminal_text import plain

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command was called with."""

    paths: tuple[Path, ...]
    me: str | None = None
    name: str | None = None
    mapping: tuple[str, ...] = ()
    replace: str | None = None
    """The name of the import whose place the one file is to take."""
    wait: bool = False

    @classmethod
    def of(
        cls,
        files: Sequence[str],
        me: str | None,
        name: str | None,
        mapping: tuple[str, ...],
        replace: str | None,
        wait: bool,
    ) -> "Wanted":
        """What was typed.

        :raises UsageError: it makes no sense.
        """
        if not files or not all(files):
            raise UsageError("Which files?", "Example: kithbook import contacts.vcf calendar.ics")
        if any("://" in one for one in files):
            raise UsageError(  # which one is not repeated: it may be a secret
                "A web address cannot be imported, but it can be read at each sync. Nothing was "
                "read.",
                'In the config: [source.NAME], type = "ical" or "vcard", url = "https://…". '
                "Or download the file and import that.",
            )
        if replace is not None and (len(files) > 1 or name is not None):
            why = "one file takes the place of one import" if name is None else "the name stays"
            raise UsageError(
                f"With --replace {why}. Nothing was read.",
                "Example: kithbook import new.vcf --replace old.vcf",
            )
        paths = tuple(Path(one).expanduser() for one in files)
        return cls(paths, me, name, mapping, replace, wait)


@dataclass(slots=True)
class ImportPlan:
    """What is to become of one file."""

    path: Path
    entry: Import
    """As raw.imports will have it."""
    source: Source
    content: Content | None
    """None when it cannot be read: pulling it says why."""
    target: Import | None = None
    """The import whose place it is to take."""
    known: Import | None = None
    """The import that has the same content already: nothing is to be read."""
    earlier: Import | None = None
    """What was read from the same path when it held something else."""
    wanted_name: str = ""
    """What it would be called were the name free."""

    @property
    def options(self) -> list[str]:
        """What else is to be typed to read it in the same way."""
        return [word for one in self.entry.options for word in ("--map", shlex.quote(plain(one)))]

    @property
    def is_done(self) -> bool:
        """There is nothing to do for it."""
        return self.known is not None and self.target is None


def plans_of(
    state: "duckdb.DuckDBPyConnection", config: Config, wanted: Wanted, now: datetime
) -> list[ImportPlan]:
    """A plan a file. Imports that begin are written down, so that a crash leaves no nameless one.

    The same content again is known by its digest and options, whatever the file is called.

    :raises UsageError: there is no import to replace.
    """
    plans: list[ImportPlan] = []
    there = past_imports.read(state)
    taken = past_imports.names_in_use(state)
    target = past_imports.find(there, wanted.replace) if wanted.replace is not None else None
    for path in wanted.paths:
        taken |= {one.source for one in there}
        plan = _plan(path, config, wanted, there, taken, target, now)
        if any(plan.source.name == one.source.name for one in plans if one.known is None):
            plan.known = plan.entry  # named twice, or a copy beside it
        plans.append(plan)
        if plan.known is None:
            there = [*(one for one in there if one.source != plan.source.name), plan.entry]
            past_imports.note(state, plan.entry)
    return plans


def sources_of(wanted: Wanted) -> list[Source]:
    """A source a file as if none had been imported before: for what is only read and printed."""
    names: list[str] = []
    for path in wanted.paths:
        names.append(free_name(wanted.name or name_of(path), names))
    return [_source(name, path, wanted) for name, path in zip(names, wanted.paths, strict=True)]


def _plan(
    path: Path,
    config: Config,
    wanted: Wanted,
    there: Sequence[Import],
    taken: Collection[str],
    target: Import | None,
    now: datetime,
) -> ImportPlan:
    name = free_name(wanted.name or name_of(path), taken)
    source = _source(name, path, wanted)
    content = _content(source, config)
    entry = Import(
        source=name,
        file=name_of(path),
        path=full_path(path),
        options=content.options if content else (),
        digest=content.digest if content else None,
        began_at=now,
    )
    plan = ImportPlan(path, entry, source, content, wanted_name=wanted.name or name_of(path))
    same = [one for one in there if content and _is_same(one, entry)]
    if same and same[0].finished_at:
        plan.known = same[0]
    elif same:  # interrupted: the rest comes in under the same name
        plan.entry = replace(entry, source=same[0].source, began_at=same[0].began_at)
        plan.source = replace(source, name=same[0].source)
        plan.wanted_name = same[0].name
    else:
        at_path = [one for one in there if one.path == entry.path and one.finished_at]
        plan.earlier = at_path[-1] if at_path else None
    # An import does not take its own place: it is there, or its rest comes in.
    is_itself = target and target.source == (plan.known or plan.entry).source
    plan.target = None if is_itself else target
    return plan


def _is_same(one: Import, other: Import) -> bool:
    return one.digest == other.digest and one.options == other.options


def _source(name: str, path: Path, wanted: Wanted) -> Source:
    connector = connectors.load(connectors.CONNECTORS["import"])
    return Source(name, "import", connector.Options(path=str(path), map=wanted.mapping))


def _content(source: Source, config: Config) -> Content | None:
    try:
        return cast("ImportFile", connect(source, config)).content()
    except KithbookError:
        return None


def same_as_read(state: "duckdb.DuckDBPyConnection", entry: Import) -> Import | None:
    """The import of an earlier version, with no digest, that brought in just what this one did."""
    known = {one.source: one for one in past_imports.read(state)}
    for (source,) in state.execute(query("import_as_many"), [entry.source]).fetchall():
        differing = state.execute(query("import_differing"), [entry.source, source]).fetchone()
        if source in known and differing == (0,):
            return known[source]
    return None


def told_now(known: Import, entry: Import, now: datetime) -> Import:
    """An import of an earlier version with what is known of it now."""
    return replace(
        known,
        path=entry.path,
        options=entry.options,
        digest=entry.digest,
        finished_at=known.finished_at or now,
    )
