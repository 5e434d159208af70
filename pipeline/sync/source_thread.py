"""A source's thread: hands what the source says, here or in a process of its own, to the writer."""

import queue
import threading
from collections.abc import Generator, Mapping
from contextlib import closing

from connectors.contract import Filed, Remembering
from pipeline.config import Config, Source
from pipeline.sync.fetch import Delivery, Known, connect, deliveries
from pipeline.sync.fetch_process import deliveries_apart

APART_FROM = 16 << 20
"""Bytes of files; less is read sooner than a process has started."""


def listen(
    source: Source,
    config: Config,
    known: Mapping[str, Known],
    waiting: "queue.Queue[Delivery]",
    stopped: threading.Event,
    way: str | None = None,
) -> None:
    """Start the thread; it ends with its source, or soon after `stopped` is set.

    :param way: to the source's collections, from an earlier run.
    :raises KithbookError: the source's section makes no sense.
    """
    connector = connect(source, config)
    if way is not None and isinstance(connector, Remembering):
        connector.recall(way)
    if isinstance(connector, Filed) and connector.size() >= APART_FROM:
        said = deliveries_apart(source, config, known)
    else:
        said = deliveries(connector, source.name, known)
    threading.Thread(
        target=_hand_over,
        args=(said, waiting, stopped),
        name=f"pull-{source.name}",
        daemon=True,
    ).start()


def _hand_over(
    said: Generator[Delivery], waiting: "queue.Queue[Delivery]", stopped: threading.Event
) -> None:
    """Until the source is done or nobody listens any more."""
    with closing(said):
        for delivery in said:
            while not stopped.is_set():
                try:
                    waiting.put(delivery, timeout=0.2)
                except queue.Full:
                    continue
                break
            else:
                return
            del delivery  # while the next one is made
