"""What came of one source in a run: counts, troubles, and which collections were read."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from connectors.contract import Collection, Kind, Reject
from connectors.errors import KithbookError, PartlyDone
from pipeline.sync.raw_rows import Received


@dataclass(slots=True)
class Outcome:
    """What came of one source in this run."""

    source: str
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    rejected: int = 0
    warned: int = 0
    guessed: int = 0
    """Lines read by a guess; they are no part of `warned`."""
    open: list[PartlyDone] = field(default_factory=list)
    """What was asked for and neither came nor is gone: an error for each collection and reason."""
    open_kinds: set[Kind] = field(default_factory=set)
    """What the collections hold that have any."""
    troubles: list[KithbookError] = field(default_factory=list)
    """What the run is to end with."""
    notes: list[str] = field(default_factory=list)
    """What the user should hear of once, though nothing is wrong."""
    read: list[Collection] = field(default_factory=list)
    """Read to their end in this run."""
    unread: list[Collection] = field(default_factory=list)
    """Of which something could not be had, told or not."""
    by_kind: dict[str, int] = field(default_factory=dict)
    seconds: float = field(default=0.0, compare=False)
    """From the beginning of the pull until it was done."""

    @property
    def error(self) -> KithbookError | None:
        """The first of the troubles."""
        return self.troubles[0] if self.troubles else None

    @property
    def is_unread(self) -> bool:
        """Nothing of the source could be read."""
        return bool(self.troubles) and not self.read

    def has_tasks(self, name: str, href: str | None) -> bool:
        """Nothing is in doubt about the list of tasks of that name: it was read, or is not there.

        The other collections of its source do not matter.
        """
        in_doubt = any(
            "task" in one.kinds and (name in (one.name, one.href) or one.href == href)
            for one in self.unread
        )
        return not self.is_unread and not in_doubt and "task" not in self.open_kinds

    def count(
        self,
        items: Sequence[Received],
        *,
        unchanged: int,
        gone: Sequence[str],
        rejects: Sequence[Reject],
    ) -> None:
        """Add what was written of a page."""
        self.changed += len(items)
        self.unchanged += unchanged
        self.gone += len(gone)
        self.rejected += sum(not reject.is_warning for reject in rejects)
        self.warned += sum(reject.is_warning and not reject.guessed for reject in rejects)
        self.guessed += sum(reject.guessed for reject in rejects)
        for item in items:
            self.by_kind[item.kind] = self.by_kind.get(item.kind, 0) + 1
