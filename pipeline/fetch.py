"""What a source says, page by page, ready to be written down; and how its connector is made."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import connectors
from pipeline.config import Config, Source
from pipeline.errors import CursorExpired, KithbookError, SourceError
from pipeline.passwords import address, password
from pipeline.records import Access, Collection, Connector, Counting, Page
from pipeline.rows import Received, received


@dataclass(frozen=True, slots=True)
class Known:
    """Where a collection stood at the end of the last pull."""

    cursor: str | None
    etags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a source hands to the writing thread."""

    source: str
    collections: Sequence[Collection] | None = None
    collection: Collection | None = None
    page: Page | None = None
    """Without its items."""
    items: Sequence[Received] = ()
    restarted: bool = False
    """The cursor had expired: this page begins a full listing."""
    error: BaseException | None = None
    finished: bool = False
    requests: tuple[int, int] | None = None
    """With `finished`: how many the source made, and may make, where its server counts them."""


def connect(source: Source, config: Config) -> Connector:
    """The connector of a source; it opens nothing until it is asked for something."""
    made = connectors.load(connectors.CONNECTORS[source.type])
    tasks = config.tasks
    access = Access(
        source=source.name,
        zone=config.owner.zone,
        secret=lambda: password(source, config),
        folder=Path(config.data),
        task_list=tasks.list_name if tasks and tasks.source == source.name else None,
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
        found = connector.collections()
        yield Delivery(source, collections=found)
        for collection in found:
            yield from _of_collection(connector, source, collection, known)
    except GeneratorExit:
        raise
    except BaseException as problem:  # noqa: BLE001 (it is raised or told by the main thread)
        error = problem
    made = connector
    counted = (made.requests_made, made.request_budget) if isinstance(made, Counting) else None
    yield Delivery(source, error=error, finished=True, requests=counted)


def _of_collection(
    connector: Connector, source: str, collection: Collection, known: Mapping[str, Known]
) -> Generator[Delivery]:
    was = known.get(collection.href, Known(None, {}))
    try:
        for page in connector.pull(collection, was.cursor, was.etags):
            yield _delivery(source, collection, page)
            del page  # while the next one is made
    except CursorExpired:
        yield from _afresh(connector, source, collection, was)
    except KithbookError as error:
        # One collection's trouble leaves the others alone.
        yield Delivery(source, collection=collection, error=error)


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
    except KithbookError as error:
        yield Delivery(source, collection=collection, error=error)


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
