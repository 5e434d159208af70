"""A source's thread: asks its connector and hands over what it says, page by page."""

import queue
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import connectors
from pipeline.config import Config, Source
from pipeline.errors import CursorExpired, KithbookError, SourceError
from pipeline.passwords import address, password
from pipeline.records import Access, Collection, Connector, Counting, Page


@dataclass(frozen=True, slots=True)
class Known:
    """Where a collection stood at the end of the last pull."""

    cursor: str | None
    etags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a source's thread hands to the writing thread."""

    source: str
    collections: Sequence[Collection] | None = None
    collection: Collection | None = None
    page: Page | None = None
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
        secret=lambda: password(source.name, source.options),
        folder=Path(config.data),
        task_list=tasks.list_name if tasks and tasks.source == source.name else None,
        address=lambda: address(source.name, source.options),
    )
    connector: Connector = made(source.options, access)
    return connector


class Fetching:
    """One source's thread: asks the connector and hands over what it says, page by page."""

    def __init__(
        self,
        connector: Connector,
        source: str,
        known: Mapping[str, Known],
        deliveries: "queue.Queue[Delivery]",
        stopped: threading.Event,
    ) -> None:
        self._connector = connector
        self._source = source
        self._known = known
        self._deliveries = deliveries
        self._stopped = stopped

    def run(self) -> None:
        """Everything the source has, then `finished`, whatever happens."""
        error: BaseException | None = None
        try:
            found = self._connector.collections()
            self._put(Delivery(self._source, collections=found))
            for collection in found:
                self._pull(collection)
        except BaseException as problem:  # noqa: BLE001 (it is raised or told by the main thread)
            error = problem
        made = self._connector
        counted = (made.requests_made, made.request_budget) if isinstance(made, Counting) else None
        self._put(Delivery(self._source, error=error, finished=True, requests=counted))

    def _pull(self, collection: Collection) -> None:
        known = self._known.get(collection.href, Known(None, {}))
        try:
            for page in self._connector.pull(collection, known.cursor, known.etags):
                self._put(Delivery(self._source, collection=collection, page=page))
        except CursorExpired:
            self._pull_afresh(collection, known)
        except KithbookError as error:
            # One collection's trouble leaves the others alone.
            self._put(Delivery(self._source, collection=collection, error=error))

    def _pull_afresh(self, collection: Collection, known: Known) -> None:
        restarted = True
        try:
            for page in self._connector.pull(collection, None, known.etags):
                self._put(
                    Delivery(self._source, collection=collection, page=page, restarted=restarted)
                )
                restarted = False
        except CursorExpired as error:
            raise SourceError(
                f"{self._source}: {collection.name} answers even a first pull with "
                '"unknown cursor".',
                "What was known of it stays; try again later.",
            ) from error
        except KithbookError as error:
            self._put(Delivery(self._source, collection=collection, error=error))

    def _put(self, delivery: Delivery) -> None:
        while not self._stopped.is_set():
            try:
                self._deliveries.put(delivery, timeout=0.2)
            except queue.Full:
                continue
            return
