"""What a source says, page by page, ready to be written down; and how its connector is made."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import connectors
from connectors.contract import (
    Access,
    Addressed,
    Choosing,
    Collection,
    Connector,
    Counting,
    Listing,
    Page,
    Remembering,
)
from connectors.errors import CursorExpired, KithbookError, SourceError
from pipeline.config import Config, Source
from pipeline.passwords import address, password
from pipeline.sync.raw_rows import Received, received
from pipeline.sync.source_bugs import as_bug


@dataclass(frozen=True, slots=True)
class Known:
    """Where a collection stood at the end of the last pull."""

    cursor: str | None
    etags: Mapping[str, str]
    collection: Collection | None = None
    """As it was named then; None where it was said to be gone, or never read to its end."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a source hands to the writing thread."""

    source: str
    listing: Listing | None = None
    missing: Sequence[Collection] | None = None
    """With `listing`: those we know that it names no more, to be asked for by themselves; None
    where nothing can be asked so, and what is not listed is gone."""
    collection: Collection | None = None
    page: Page | None = None
    """Without its items."""
    items: Sequence[Received] = ()
    restarted: bool = False
    """The cursor had expired: this page begins a full listing."""
    error: BaseException | None = None
    is_not_there: bool = False
    """The collection, asked for by itself, is said to be gone."""
    finished: bool = False
    way: str | None = None
    """With `finished`: the way to the collections, where it was looked for or recalled."""
    requests: tuple[int, int] | None = None
    """With `finished`: how many the source made, and may make, where its server counts them."""


def connect(source: Source, config: Config) -> Connector:
    """The connector of a source; it opens nothing until it is asked for something."""
    made = connectors.load(connectors.CONNECTORS[source.type])
    tasks = config.tasks
    holds_tasks = tasks is not None and tasks.source == source.name
    access = Access(
        source=source.name,
        zone=config.owner.zone,
        secret=lambda: password(source, config),
        folder=Path(config.data),
        task_list=tasks.list_name if tasks and holds_tasks else None,
        task_list_href=config.task_list_href if holds_tasks else None,
        address=lambda: address(source, config),
    )
    connector: Connector = made(source.options, access)
    return connector


def deliveries(
    connector: Connector, source: str, known: Mapping[str, Known]
) -> Generator[Delivery]:
    """Everything the source has, page by page, then `finished`, whatever happens.

    What is written down of an item is made here, beside the reading: the writer has enough to do.
    """
    error: BaseException | None = None
    try:
        listing, missing = _listed(connector, known)
        yield Delivery(source, listing=listing, missing=missing)
        for collection in (*listing.chosen, *_known_before(listing.hidden, known)):
            yield from _of_collection(connector, source, collection, known)
        for collection in missing or ():
            yield from _of_missing(connector, source, collection, known)
    except GeneratorExit:
        raise
    except KithbookError as problem:
        error = problem
    except Exception as problem:  # noqa: BLE001 (told as a bug, for the rest goes on)
        error = as_bug(problem, source)
    except BaseException as problem:  # noqa: BLE001 (it is raised by the main thread)
        error = problem
    made = connector
    counted = (made.requests_made, made.request_budget) if isinstance(made, Counting) else None
    way = made.way() if error is None and isinstance(made, Remembering) else None
    yield Delivery(source, error=error, finished=True, way=way, requests=counted)


def _listed(
    connector: Connector, known: Mapping[str, Known]
) -> tuple[Listing, list[Collection] | None]:
    """What the source names, and what it names no more; that is not believed of an old way."""
    listing = listing_of(connector)
    missing = _missing(listing, known) if isinstance(connector, Addressed) else None
    if missing and isinstance(connector, Remembering) and connector.look_again():
        return _listed(connector, known)
    return listing, missing


def listing_of(connector: Connector) -> Listing:
    """What the source has; of a connector that tells no more, all is to be pulled.

    :raises LoginError, SourceUnreachable, SourceError: nothing can be listed.
    """
    if isinstance(connector, Choosing):
        return connector.listing()
    return Listing(connector.collections())


def _known_before(hidden: Sequence[Collection], known: Mapping[str, Known]) -> list[Collection]:
    return [one for one in hidden if one.href in known and known[one.href].collection]


def _missing(listing: Listing, known: Mapping[str, Known]) -> list[Collection]:
    """Which the source named once and names no more, though the config would take them.

    Not a list of tasks alone: that was found by its name, and without it says nothing.
    """
    named = (*listing.chosen, *listing.hidden, *listing.left_out, *listing.directories)
    here = {one.href for one in named} | {one.collection.href for one in listing.troubles}
    before = [one.collection for one in known.values() if one.collection]
    return [
        one
        for one in before
        if one.href not in here and one.kinds != {"task"} and not one.kinds <= listing.unwanted
    ]


def _of_missing(
    connector: Connector, source: str, collection: Collection, known: Mapping[str, Known]
) -> Generator[Delivery]:
    """A collection that is no longer listed: read all the same while its own address answers."""
    is_there = True
    with _told_of(source, collection) as troubles:
        is_there = cast("Addressed", connector).is_there(collection)
    yield from troubles
    if not is_there:
        yield Delivery(source, collection=collection, is_not_there=True)
    elif not troubles:
        yield from _of_collection(connector, source, collection, known)


@contextmanager
def _told_of(source: str, collection: Collection) -> Iterator[list[Delivery]]:
    """What goes wrong within is the trouble of this collection: it leaves the others alone."""
    troubles: list[Delivery] = []
    try:
        yield troubles
    except KithbookError as error:
        troubles.append(Delivery(source, collection=collection, error=error))
    except Exception as error:  # noqa: BLE001 (told as a bug, for the rest goes on)
        bug = as_bug(error, f"{source}: {collection.name}")
        troubles.append(Delivery(source, collection=collection, error=bug))


def _of_collection(
    connector: Connector, source: str, collection: Collection, known: Mapping[str, Known]
) -> Generator[Delivery]:
    was = known.get(collection.href, Known(None, {}))
    with _told_of(source, collection) as troubles:
        try:
            for page in connector.pull(collection, was.cursor, was.etags):
                yield _delivery(source, collection, page)
                del page  # while the next one is made
        except CursorExpired:
            yield from _afresh(connector, source, collection, was)
    yield from troubles


def _afresh(
    connector: Connector, source: str, collection: Collection, was: Known
) -> Generator[Delivery]:
    restarted = True
    try:
        for page in connector.pull(collection, None, was.etags):
            yield _delivery(source, collection, page, restarted=restarted)
            del page
            restarted = False
    except CursorExpired as error:
        raise SourceError(
            f'{source}: {collection.name} answers even a first pull with "unknown cursor".',
            "What was known of it stays; try again later.",
        ) from error


def _delivery(
    source: str, collection: Collection, page: Page, *, restarted: bool = False
) -> Delivery:
    items = [received(item) for item in page.items]
    return Delivery(
        source,
        collection=collection,
        page=replace(page, items=()),
        items=items,
        restarted=restarted,
    )
