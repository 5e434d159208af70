"""Calendars and task lists on Radicale and Xandikos."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.connector_contract import (
    AccountContract,
    TaskTargetContract,
)
from tests.support.dav_drivers import (
    CURSOR_TROUBLES,
    CalendarDriver,
    DavTaskDriver,
)
from tests.support.dav_servers import DavServer
from tests.support.failing_proxy import Proxy

IF_NONE_MATCH = "if-none-match"
IF_MATCH = "if-match"


class TestCalendar(AccountContract):
    cursor_troubles = CURSOR_TROUBLES

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


class TestEventList(TaskTargetContract):
    """For accounts that cannot hold tasks: all-day events instead."""

    @pytest.fixture
    def driver(self, server: DavServer, proxy: Proxy, tmp_path: Path) -> Iterator[DavTaskDriver]:
        driver = DavTaskDriver(server, proxy, tmp_path, form="event")
        yield driver
        driver.close()
