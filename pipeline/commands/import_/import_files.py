"""`kithbook import FILE…`: an old book comes in, before anything is configured.

Each import is a source of its own, `import/NAME`, that stays until it is undone or, on the user's
word, replaced. Nothing outside the data folder is written.
"""

import sys
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from connectors.errors import KithbookError
from pipeline.book import duckdb_instances
from pipeline.book.folder import open_published
from pipeline.command_session import Session
from pipeline.commands.import_ import import_report, next_steps, past_imports, replace_import
from pipeline.commands.import_.guess_owner import Again, address, with_owner
from pipeline.commands.import_.import_plan import (
    ImportPlan,
    Wanted,
    plans_of,
    same_as_read,
    told_now,
)
from pipeline.commands.import_.past_imports import Import
from pipeline.commands.import_.progress import Progress
from pipeline.config import Config, Source
from pipeline.sync import run
from pipeline.sync.pull_outcome import Outcome
from pipeline.terminal.printing import ask, say, show

if TYPE_CHECKING:
    import duckdb

HAS_IMPORTS = "select 1 from duckdb_tables() where schema_name = 'main' and table_name = 'imports'"


def import_files(session: Session, wanted: Wanted) -> run.RunResult:
    """Bring the files in, find out whose book it is, publish, and print what came.

    :raises KithbookError: no file can be read at all; otherwise the others are in.
    """
    ran = Intake(session, session.config_or_guess(), wanted).bring_in()
    if ran.has_published:
        import_report.print_first_screen(session)
    return ran


@dataclass(slots=True)
class Intake:
    """One call of the command, into the data folder of this config."""

    session: Session
    config: Config
    wanted: Wanted
    is_rehearsal: bool = False
    """It works on a copy of the book that is thrown away: nobody is asked what to do."""
    plans: list[ImportPlan] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """When it happens."""
        return self.session.now(self.config.owner.zone)

    @property
    def today(self) -> date:
        """The day, in the owner's zone."""
        return self.now.astimezone(self.config.owner.zone).date()

    def bring_in(self) -> run.RunResult:
        """Bring the files in and publish; prints some lines a file.

        What is there already is left as it is, and when that is all, nothing is published.

        :raises UsageError: whose book it is is neither clear nor said; nothing of the name to be
            replaced. :raises KithbookError: no file can be read.
        """
        if self.wanted.me:
            address(self.wanted.me)  # said wrong, it must not come to light when all is in
        progress = Progress(self.wanted.paths)

        def then(state: "duckdb.DuckDBPyConnection", ran: run.RunResult) -> Config | None:
            progress.end()
            return self._then(state, ran)

        try:
            return run.sync(
                self.config,
                self.now,
                wait=self.wanted.wait,
                allow_empty=True,  # nothing was in it before
                write_tasks=False,
                command="import",
                first=self._first,
                then=then,
                on_page=progress.page,
            )
        finally:
            progress.end()

    def _first(self, state: "duckdb.DuckDBPyConnection") -> list[Source]:
        self.plans = plans_of(state, self.config, self.wanted, self.now)
        return [plan.source for plan in self.plans if plan.known is None]

    def _then(self, state: "duckdb.DuckDBPyConnection", ran: run.RunResult) -> Config | None:
        outcomes = {one.source: one for one in ran.outcomes}
        for plan in self.plans:
            outcome = outcomes.get(plan.source.name) if plan.known is None else None
            if outcome:
                self._settle(state, plan, outcome)
            if outcome is None or not outcome.error:
                self._tell(state, plan, outcome)
            elif plan.target and _has_items(state, plan.source.name):
                say(import_report.refused_line(plan.target, plan.entry))
        ran.trouble[:] = [error for one in ran.outcomes for error in one.troubles]
        if sum(one.error is not None for one in ran.outcomes) == len(self.plans):
            raise ran.trouble[0]
        if all(plan.is_done for plan in self.plans) and (self.is_rehearsal or self._is_told()):
            return None
        again = Again(next_steps.command(self.wanted.paths, "--me ADDRESS"), not self.is_rehearsal)
        return with_owner(self.session, state, self.config, self.wanted.me, again)

    def _settle(
        self, state: "duckdb.DuckDBPyConnection", plan: ImportPlan, outcome: Outcome
    ) -> None:
        """Write down what came of it. What brought nothing in leaves no trace."""
        source = plan.source.name
        if outcome.error:
            if not _has_items(state, source):
                with duckdb_instances.transaction(state):
                    past_imports.drop(state, source)
        elif known := same_as_read(state, plan.entry):
            with duckdb_instances.transaction(state):
                past_imports.drop(state, source)
                past_imports.note(state, told_now(known, plan.entry, self.now))
            plan.known = known
            plan.target = (
                None if plan.target and plan.target.source == known.source else plan.target
            )
        else:
            past_imports.finish(state, source, self.now)

    def _tell(
        self, state: "duckdb.DuckDBPyConnection", plan: ImportPlan, outcome: Outcome | None
    ) -> None:
        """Print what came of a file that could be read, and let it replace another."""
        if plan.is_done or outcome is None:
            show(import_report.known_line(plan, self.config.owner.zone, self.today))
        if plan.is_done:
            return
        if outcome and not plan.known:
            source = plan.source.name
            reasons = import_report.reject_reasons(state, source) if self.is_rehearsal else None
            numbers = import_report.count_source(state, source)
            shown = replace(plan.source, name=plan.target.source) if plan.target else plan.source
            show(*import_report.import_lines(shown, plan.path, outcome, numbers, reasons))
        older = self._replaced_by(state, plan)
        if older is None:
            show(*import_report.name_lines(plan, always=self.is_rehearsal))
        elif outcome:
            outcome.source = older.source
            if not plan.target and not self.is_rehearsal:
                show(*import_report.rejects_lines(outcome))
        say(*next_steps.source_lines(plan, self.config, self.session.config_path, self.today))

    # --- replacing ------------------------------------------------------------------------

    def _replaced_by(self, state: "duckdb.DuckDBPyConnection", plan: ImportPlan) -> Import | None:
        """Let it take another import's place where the user says so; which one it was."""
        newer = plan.known or plan.entry
        if plan.target and not _has_items(state, newer.source):
            say(import_report.refused_line(plan.target, newer))
            return None
        found: replace_import.Overlap | None
        if plan.target:
            (found,) = replace_import.overlaps(state, newer, [plan.target])
        else:
            found = self._candidate(state, newer)
            if found is None or not self._is_wanted(plan, found):
                return None
        replace_import.take_place(state, newer, found.older)
        show(*import_report.replaced_lines(found, self.config.owner.zone, self.today))
        return found.older

    def _candidate(
        self, state: "duckdb.DuckDBPyConnection", newer: Import
    ) -> replace_import.Overlap | None:
        """An import of an earlier day that mostly stands in this one."""
        here = {(plan.known or plan.entry).source for plan in self.plans}
        olders = [one for one in past_imports.read(state) if one.source not in here]
        return replace_import.overlap_with(state, newer, olders)

    def _is_wanted(self, plan: ImportPlan, found: replace_import.Overlap) -> bool:
        """Ask whether the older import is to be replaced; without a terminal, say how."""
        say(*import_report.overlap_lines(found, self.config.owner.zone, self.today))
        is_asked = sys.stdin.isatty()
        if self.is_rehearsal and is_asked:
            say(import_report.would_ask_line(found.older))
        elif not is_asked:
            say(import_report.keeps_both_line(plan, found.older))
        if self.is_rehearsal or not is_asked:
            return False
        try:
            answer = ask(import_report.question(found.older))
        except EOFError:
            answer = ""
        return answer.casefold() in {"y", "yes"}

    def _is_told(self) -> bool:
        """Whether the published file has all of it, and whose book it is.

        A run that ended before it published leaves that to the next.
        """
        me = self.wanted.me
        if me and me.strip().lower() not in self.config.owner.emails:
            return False
        try:
            with open_published(self.session.folder) as book:
                if not book.execute(HAS_IMPORTS).fetchone():
                    return False  # an earlier version made it
                rows = book.execute("select source from main.imports where is_finished")
                published = {row[0] for row in rows.fetchall()}
        except KithbookError:  # there is none yet, or it cannot be opened: it is made anew
            return False
        return all(plan.known.source in published for plan in self.plans if plan.known)


def _has_items(state: "duckdb.DuckDBPyConnection", source: str) -> bool:
    found = state.execute("select 1 from raw.items where source = $1 limit 1", [source])
    return found.fetchone() is not None
