"""Hands on the local Google for the tests of the connector."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.contract import Collection, Page
from connectors.google.options import GoogleOptions, Limits
from connectors.google.source import Google
from tests.contract.connector_contract import Mirror, access
from tests.support.fake_google.server import GoogleServer

QUICK = Limits(timeout_seconds=120, tries=3, first_wait_seconds=0.01, longest_wait_seconds=2.0)
"""Asks again at once, and waits long for an answer: no busy machine decides a test."""

TASK_LIST = "Follow-ups"


@pytest.fixture
def google() -> Iterator[GoogleServer]:
    with GoogleServer() as server:
        yield server


class Hands:
    """Makes connectors to one local Google, and keeps what they brought."""

    def __init__(self, google: GoogleServer, folder: Path, limits: Limits = QUICK) -> None:
        self.google = google
        self.folder = folder
        self.limits = limits
        self.token_file = google.token_file(folder)
        self.options = GoogleOptions(api_endpoint=google.url, token_file=str(self.token_file))
        self.mirrors: dict[str, Mirror] = {}

    def connector(self, *, writes_tasks: bool = False, **options: Any) -> Google:
        task_list = TASK_LIST if writes_tasks else None
        made = access(self.folder, task_list=task_list)
        return Google(replace(self.options, **options), made, self.limits)

    def pull(self, href: str = "people/me", **options: Any) -> Mirror:
        """A run that pulls one collection into its mirror."""
        connector = self.connector(**options)
        mirror = self.mirrors.setdefault(href, Mirror())
        mirror.pull(connector, collection(connector, href))
        return mirror

    def pages(self, href: str, cursor: str | None, known: Mapping[str, str]) -> list[Page]:
        connector = self.connector()
        return list(connector.pull(collection(connector, href), cursor, known))


def collection(connector: Google, href: str) -> Collection:
    return next(one for one in connector.collections() if one.href == href)


@pytest.fixture
def hands(google: GoogleServer, tmp_path: Path) -> Hands:
    return Hands(google, tmp_path)
