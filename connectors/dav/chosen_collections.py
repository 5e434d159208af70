"""Which collections of a server are read: calendars and address books by the config, the task list.

A name is a collection's display name, or the last part of its path.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.contract import Collection, Kind, Listing, Trouble
from connectors.dav.discovery import ServerCollection
from connectors.dav.options import CalDavOptions
from connectors.errors import SourceError


@dataclass(frozen=True, slots=True)
class CollectionChoice:
    """What the config of one source says. `source` is its name, for messages."""

    source: str
    options: CalDavOptions

    def listing(
        self,
        places: Sequence[ServerCollection],
        tasks: ServerCollection | None,
        troubles: Sequence[Trouble],
    ) -> Listing:
        """What is read, what is left out, and what the config names and the server has not.

        :param places: all that the server lists.
        :param tasks: the task list among them.
        :param troubles: of the homes that cannot be listed.
        """
        options = self.options
        books = [one for one in places if one.is_book]
        with_events = [one for one in places if not one.is_book and "VEVENT" in one.components]
        own = [one for one in books if not one.is_directory]
        wanted = [
            *self._chosen(with_events, with_events, options.calendars or None),
            *self._chosen(own, books, options.address_books),
        ]
        task_lists = [] if tasks is None else [tasks]
        kinds: dict[str, set[Kind]] = {one.key: set() for one in (*wanted, *task_lists)}
        for place in wanted:
            kinds[place.key].add("contact" if place.is_book else "event")
        for place in task_lists:
            kinds[place.key].add("task")
        by_key = {one.key: one for one in places}
        others = [one for one in (*with_events, *books) if one.key not in kinds]
        is_ours = options.address_books is None
        directories = [one for one in others if one.is_directory and is_ours]
        missing = [
            *self._missing("calendars", options.calendars, with_events),
            *self._missing("address_books", options.address_books or (), books),
        ]
        called = (*options.calendars, *(options.address_books or ()))
        named = {one.key for one in wanted if _is_any(one, called)}
        named |= {one.collection.href for one in missing} | {one.key for one in task_lists}
        return Listing(
            chosen=[collection_of(by_key[key], frozenset(found)) for key, found in kinds.items()],
            left_out=[_as_listed(one) for one in others if one not in directories],
            directories=[_as_listed(one) for one in directories],
            unwanted=frozenset({"contact"} if options.address_books == () else set()),
            named=frozenset(named),
            troubles=[*troubles, *missing],
        )

    def has_events_of(self, place: ServerCollection) -> bool:
        """Whether a calendar is read for its events too."""
        wanted = self._chosen([place], [place], self.options.calendars or None)
        return "VEVENT" in place.components and bool(wanted)

    def _chosen(
        self,
        default: Sequence[ServerCollection],
        places: Sequence[ServerCollection],
        names: Sequence[str] | None,
    ) -> list[ServerCollection]:
        """Those of these names, the default without names; never what the config leaves out."""
        found = default if names is None else [one for one in places if _is_any(one, names)]
        return [one for one in found if not _is_any(one, self.options.left_out)]

    def _missing(
        self, key: str, names: Sequence[str], places: Sequence[ServerCollection]
    ) -> Iterator[Trouble]:
        """What the config names and the server does not list."""
        there = ", ".join(f'"{one.name}"' for one in places)
        kind: Kind = "contact" if key == "address_books" else "event"
        for name in names:
            if any(_is_any(one, [name]) for one in places):
                continue
            what = f'the server has no "{name}" among its {key.replace("_", " ")}'
            error = SourceError(
                f"{self.source}: {what}; there are: {there or 'none'}",
                hint=f"correct {key} in [source.{self.source}]",
                refusal=f"{what}; there are: {there or 'none'}",
            )
            yield Trouble(Collection(f"{key}/{name}", name, frozenset({kind})), error)


def collection_of(place: ServerCollection, kinds: frozenset[Kind]) -> Collection:
    """A collection of the server as the core knows it."""
    return Collection(
        place.key, place.name, kinds, place.is_read_only, place.is_shared, place.is_directory
    )


def _as_listed(place: ServerCollection) -> Collection:
    return collection_of(place, frozenset({"contact" if place.is_book else "event"}))


def _is_any(place: ServerCollection, names: Sequence[str]) -> bool:
    return not {place.name, place.key.rstrip("/").rpartition("/")[2]}.isdisjoint(names)
