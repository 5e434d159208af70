"""Calendars and task lists on Radicale and Xandikos."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract import NetworkContract, TaskTargetContract
from tests.dav_drivers import CalendarDriver, DavTaskDriver
from tests.proxy import Proxy
from tests.servers import DavServer


class TestCalendar(NetworkContract):
    @pytest.fixture
    def driver(self, server: DavServer, proxy: Proxy, tmp_path: Path) -> Iterator[CalendarDriver]:
        driver = CalendarDriver(server, proxy, tmp_path)
        yield driver
        driver.close()


class TestTaskList(TaskTargetContract):
    @pytest.fixture
    def driver(self, server: DavServer, proxy: Proxy, tmp_path: Path) -> Iterator[DavTaskDriver]:
        driver = DavTaskDriver(server, proxy, tmp_path)
        yield driver
        driver.close()
