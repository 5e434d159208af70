"""Calendars and address books at a web address."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.contract import Connector, Item
from connectors.errors import SourceError
from connectors.http import Patience
from connectors.ical.source import IcalFile, IcalOptions
from connectors.vcard.source import VcardFile, VcardOptions
from tests.contract.connector_contract import (
    PASSWORD,
    SEED,
    ConnectorContract,
    Driver,
    Fault,
    Mirror,
    NetworkContract,
    NetworkDriver,
    access,
)
from tests.contract.test_ical_source import calendar, event, summary
from tests.contract.test_vcard_source import BROKEN, card
from tests.support.dav_servers import USER, free_port
from tests.support.failing_proxy import Proxy, run_proxy
from tests.support.web_file_server import Feed, make_certificate, run_feed

SECRET = "3f9c1d7e"
"""Stands in the path of every feed here."""

PATIENCE = Patience(
    connect_seconds=NetworkDriver.TIMEOUT_SECONDS,
    timeout_seconds=NetworkDriver.TIMEOUT_SECONDS,
    tries=3,
    longest_wait_seconds=NetworkDriver.LONGEST_WAIT_SECONDS,
)


class CalendarDriver(NetworkDriver):
    """A calendar on a server, behind a proxy that asks for the login and fails when told to."""

    def __init__(self, feed: Feed, proxy: Proxy, folder: Path) -> None:
        self.feed = feed
        self.proxy = proxy
        self.folder = folder
        self.patience = PATIENCE
        self.texts = {uid: self.text(uid, title) for uid, title in SEED.items()}
        self.write()

    def text(self, uid: str, title: str) -> str:
        return event(uid, title)

    def write(self) -> None:
        self.feed.write(calendar(*self.texts.values()))

    def connector(self) -> Connector:
        return self.connector_with_password(PASSWORD)

    def connector_with_password(self, password: str) -> Connector:
        return self.connector_at(self.proxy.url + self.feed.path, password)

    def connector_to_nowhere(self) -> Connector:
        return self.connector_at(f"http://127.0.0.1:{free_port()}{self.feed.path}", PASSWORD)

    def connector_at(self, url: str, password: str) -> Connector:
        options = IcalOptions(url=url, username=USER)
        return IcalFile(options, access(self.folder, password), self.patience)

    def give_up_soon(self) -> None:
        self.patience = replace(PATIENCE, timeout_seconds=1.0)

    def reach(self, connector: Connector) -> None:
        """The one collection is known without asking."""
        (collection,) = connector.collections()
        list(connector.pull(collection, None, {}))

    def add(self, uid: str, title: str) -> None:
        self.texts[uid] = self.text(uid, title)
        self.write()

    edit = add
    mend_item = add

    def delete(self, uid: str) -> None:
        del self.texts[uid]
        self.write()

    def break_item(self, uid: str) -> None:
        self.texts[uid] = f"BEGIN:VEVENT\r\nUID:{uid}\r\nnothing else\r\n"
        self.write()

    def empty(self) -> None:
        self.texts = {}
        self.write()

    def title(self, item: Item) -> str:
        return summary(item)

    def fail(self, fault: Fault) -> None:
        self.proxy.fault = fault

    def heal(self) -> None:
        self.proxy.fault = None

    def count_requests(self) -> int:
        return self.proxy.count()

    def expire_cursors(self) -> None:
        self.feed.salt += "other"


class BookDriver(CalendarDriver):
    """The same with cards."""

    def text(self, uid: str, title: str) -> str:
        return card(uid, title).decode()

    def write(self) -> None:
        self.feed.write("".join(self.texts.values()).encode())

    def connector_at(self, url: str, password: str) -> Connector:
        options = VcardOptions(url=url, username=USER)
        return VcardFile(options, access(self.folder, password), self.patience)

    def break_item(self, uid: str) -> None:
        self.texts[uid] = BROKEN.decode()
        self.write()

    def title(self, item: Item) -> str:
        assert item.contact
        assert item.contact.full_name
        return item.contact.full_name


class SubscriptionContract(NetworkContract):
    """One request brings all there is, or says that nothing changed."""

    def test_connection_cut_between_pages_keeps_the_pages_and_gives_no_cursor(
        self, driver: NetworkDriver
    ) -> None:
        """There is nothing between the pages: the whole is here before the first of them."""
        connector = driver.connector()
        pages = connector.pull(driver.collection(connector), None, {})
        first = next(pages)
        driver.fail(Fault(cut_after_bytes=0))
        assert sum(len(page.items) for page in (first, *pages)) == len(SEED)
        assert driver.count_requests() == 1

    def test_expired_cursor_is_said_so_and_a_pull_afresh_loses_nothing(
        self, driver: NetworkDriver, mirror: Mirror
    ) -> None:
        """A version that the server has forgotten is no error: it answers with the whole."""
        driver.expire_cursors()
        driver.delete("seed-2")
        driver.edit("seed-3", "Edited Twice")
        self.pull(driver, mirror)
        assert mirror.uids() == set(SEED) - {"seed-2"}
        assert {item.uid for item in mirror.received()} == {"seed-3"}


@pytest.fixture
def feed() -> Iterator[Feed]:
    with run_feed() as one:
        yield one


@pytest.fixture
def proxy(feed: Feed) -> Iterator[Proxy]:
    with run_proxy(feed.address, (USER, PASSWORD)) as one:
        yield one


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls") / "server.pem")


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate that this machine takes for good."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    return certificate


class TestCalendar(SubscriptionContract):
    @pytest.fixture
    def driver(self, feed: Feed, proxy: Proxy, tmp_path: Path) -> NetworkDriver:
        return CalendarDriver(feed, proxy, tmp_path)


class TestBook(SubscriptionContract):
    @pytest.fixture
    def driver(self, feed: Feed, proxy: Proxy, tmp_path: Path) -> NetworkDriver:
        return BookDriver(feed, proxy, tmp_path)

    def test_emptied_source_says_that_all_is_gone(self, driver: Driver, mirror: Mirror) -> None:
        """An empty answer is a failed export, not an empty book: nothing is concluded from it."""
        driver.empty()
        with pytest.raises(SourceError, match="an empty answer"):
            self.pull(driver, mirror)
        assert mirror.uids() == set(SEED)


class SecureDriver(CalendarDriver):
    def connector(self) -> Connector:
        return IcalFile(IcalOptions(url=self.feed.url), access(self.folder), PATIENCE)


class TestCalendarByHttps(ConnectorContract):
    """As most subscriptions are: https, packed, without login; no ETag, but a date."""

    @pytest.fixture
    def driver(self, trusted: Path, tmp_path: Path) -> Iterator[Driver]:
        with run_feed(trusted) as feed:
            feed.has_gzip, feed.has_etag, feed.has_modified = True, False, True
            yield SecureDriver(feed, Proxy(feed.address), tmp_path)
