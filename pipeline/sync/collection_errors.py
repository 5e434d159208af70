"""What went wrong with single collections of a source: what is told, and what is written down.

A collection may be refused for years (a calendar that somebody stopped sharing) while all others
are read. So a refusal is told only where it can be news: the config names the collection, or it
was read before, and only for so many days; `status` shows it after that, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from connectors.contract import Collection, Listing
from connectors.errors import KithbookError, LoginError, SourceBug
from pipeline.book.queries import query
from pipeline.config import Source

if TYPE_CHECKING:
    import duckdb

TOLD_DAYS = 3
"""On how many days a refusal ends a run with 6."""

LEFT_OUT_KEY = "except"
GENERAL_HINT = "kithbook doctor"
"""Says less than the line that leaves a collection out."""

STAYS = "What was known of it stays."


@dataclass(frozen=True, slots=True)
class Before:
    """What raw.collections says of a collection."""

    refused_days: int = 0
    refused_date: date | None = None
    missing_since: date | None = None


@dataclass(slots=True)
class Troubles:
    """One source in one run. `today` is the owner's day, `held` what was ever read of it."""

    source: Source
    today: date
    held: dict[str, Collection]
    before: dict[str, Before]
    listing: Listing | None = None
    errors: dict[str, KithbookError] = field(default_factory=dict)
    """By href."""
    collections: dict[str, Collection] = field(default_factory=dict)
    """All that this run has heard of."""
    read: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    """Neither listed nor at their own address."""
    whole: KithbookError | None = None
    """Trouble with the source as such."""

    def note(self, collection: Collection, error: KithbookError) -> None:
        """Something is wrong with this one; the first word counts."""
        self.collections.setdefault(collection.href, collection)
        self.errors.setdefault(collection.href, error)

    def is_gone(self, collection: Collection) -> bool:
        """It was not there on an earlier day either."""
        since = self.before.get(collection.href, Before()).missing_since
        return since is not None and since < self.today

    def told(self) -> list[KithbookError]:
        """What the run has to end with, in words that name the collection."""
        if self.whole is not None:
            return [self.whole]
        logins: list[KithbookError] = [
            one for one in self.errors.values() if isinstance(one, LoginError)
        ]
        if not self.read and logins:
            return logins[:1]
        told: dict[str, KithbookError] = {}
        for href, error in self.errors.items():
            if self._is_told(href) and not self._is_said_by_another(href):
                said = self._said(self.collections[href], error)
                told.setdefault(str(said), said)
        return list(told.values())

    def said(self, href: str) -> KithbookError | None:
        """What is to be said of one collection, told or not."""
        error = self.errors.get(href)
        return self.whole if error is None else self._said(self.collections[href], error)

    def is_refused(self, href: str) -> bool:
        """The server answers, but not with this."""
        error = self.errors.get(href)
        if error is None or self.whole is not None:
            return False
        return bool(error.refusal) or (isinstance(error, LoginError) and bool(self.read))

    def refused_days(self, href: str) -> int:
        """On how many days running it was refused, with today."""
        before = self.before.get(href, Before())
        if self.is_refused(href):
            return before.refused_days + (before.refused_date != self.today)
        # A night on which the server could not be asked says nothing of it.
        return before.refused_days if self.whole is not None or href in self.errors else 0

    def is_named(self, href: str) -> bool:
        """The config names it."""
        return self.listing is not None and href in self.listing.named

    def _is_told(self, href: str) -> bool:
        if not self.is_refused(href) or not self.read:
            return True
        is_news = self.is_named(href) or href in self.held
        return is_news and self.refused_days(href) <= TOLD_DAYS

    def _is_said_by_another(self, href: str) -> bool:
        """A place where something is listed that we know, and that cannot be had either."""
        place = self.collections[href]
        return href not in self.held and any(
            other != href and other in self.held and self.held[other].name == place.name
            for other in self.errors
        )

    def _said(self, collection: Collection, error: KithbookError) -> KithbookError:
        name, source = collection.name, self.source.name
        if isinstance(error, SourceBug):
            return error
        if self.is_refused(collection.href) and self.read:
            stays = f" {STAYS}" if collection.href in self.held else ""
            why = error.refusal or str(error).removeprefix(f"{source}: ")
            message = f'{source}: "{name}" could not be read: {why}.{stays}'.replace("..", ".")
            line = self._how_to_leave_out(collection)
            is_general = error.hint == GENERAL_HINT and bool(line)
            hint = " ".join(one for one in ("" if is_general else error.hint, line) if one)
        elif name in str(error) or len(self.collections) < 2:
            return error
        else:
            message = f"{source}: {name}: {str(error).removeprefix(f'{source}: ')}"
            hint = error.hint
        said = type(error)(message, hint)
        said.__cause__ = error
        return said

    def _listed(self) -> set[str]:
        listing = self.listing or Listing(())
        return {one.href for one in (*listing.chosen, *listing.hidden)}

    def _how_to_leave_out(self, collection: Collection) -> str:
        """The line for the config, where one helps."""
        section, name = f"[source.{self.source.name}]", collection.name
        is_place = collection.href not in self.held and collection.href not in self._listed()
        is_left_out_so = hasattr(self.source.options, "left_out")
        if is_place or not is_left_out_so or collection.kinds == {"task"}:
            return ""
        key = "address_books" if "contact" in collection.kinds else "calendars"
        if name in (getattr(self.source.options, key, None) or ()):
            return f'If it is gone for good, take "{name}" out of {key} in {section}.'
        line = toml_list([*self.source.options.left_out, name])
        return f"To leave it out, write {LEFT_OUT_KEY} = {line} into {section}."


def toml_list(names: Sequence[str]) -> str:
    """A line's right side, as the config has it."""
    quoted = (name.replace("\\", "\\\\").replace('"', '\\"') for name in names)
    return "[" + ", ".join(f'"{name}"' for name in quoted) + "]"


def begin(connection: "duckdb.DuckDBPyConnection", source: Source, today: date) -> Troubles:
    """What is known of a source's collections from earlier runs."""
    held = {
        href: Collection(href, name, frozenset(kinds))
        for href, name, kinds in connection.execute(
            query("collections_held"), [source.name]
        ).fetchall()
    }
    before = {
        href: Before(days or 0, refused, missing)
        for href, days, refused, missing in connection.execute(
            query("collections_before"), [source.name]
        ).fetchall()
    }
    return Troubles(source, today, held, before)


def save(connection: "duckdb.DuckDBPyConnection", troubles: Troubles, now: datetime) -> None:
    """Write down what came of each; call it within a transaction."""
    source, listing = troubles.source.name, troubles.listing
    rows = {**troubles.held, **troubles.collections}
    if listing is None:
        # Nothing was heard of any of them: what was known of each stands.
        connection.execute(
            "update raw.collections set error = $2, hint = $3, noted_at = $4 where source = $1",
            [source, *_words(troubles.whole), now],
        )
        rows = {href: one for href, one in rows.items() if href not in troubles.before}
    else:
        for collection in listing.left_out:
            rows.pop(collection.href, None)
        rows |= {one.href: one for one in listing.directories}
        # What was a directory once is remembered: its people are not to come back when it is gone.
        connection.execute(query("collections_drop"), [source, list(rows)])
    for href, collection in rows.items():
        before = troubles.before.get(href, Before())
        is_refused = troubles.is_refused(href)
        is_unclear = href not in troubles.read and href not in troubles.missing
        since = before.missing_since if is_unclear else None
        connection.execute(
            "insert into raw.collections values"
            " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            [
                source,
                href,
                collection.name,
                sorted(collection.kinds),
                troubles.is_named(href),
                collection.is_directory,
                *_words(troubles.said(href)),
                is_refused,
                troubles.refused_days(href),
                troubles.today if is_refused else before.refused_date,
                (before.missing_since or troubles.today) if href in troubles.missing else since,
                now,
            ],
        )


def _words(error: KithbookError | None) -> tuple[str | None, str | None]:
    return (str(error), error.hint) if error else (None, None)
