"""Address books on Radicale and Xandikos."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract import NetworkContract
from tests.dav_drivers import BookDriver
from tests.proxy import Proxy
from tests.servers import DavServer


class TestBook(NetworkContract):
    @pytest.fixture
    def driver(self, server: DavServer, proxy: Proxy, tmp_path: Path) -> Iterator[BookDriver]:
        driver = BookDriver(server, proxy, tmp_path)
        yield driver
        driver.close()
