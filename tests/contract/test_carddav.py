"""Address books on Radicale and Xandikos."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.dav.body_readers import CardReader
from connectors.dav.options import CalDavOptions
from connectors.dav.source import CalDav
from tests.contract.connector_contract import (
    AccountContract,
    ConnectorContract,
    Mirror,
    access,
    pulled,
)
from tests.support.dav_drivers import CURSOR_TROUBLES, PATIENCE, BookDriver, card
from tests.support.dav_servers import USER, DavServer
from tests.support.failing_proxy import Proxy


@pytest.fixture
def driver(server: DavServer, proxy: Proxy, tmp_path: Path) -> Iterator[BookDriver]:
    driver = BookDriver(server, proxy, tmp_path)
    yield driver
    driver.close()


class TestBookOnRadicale(AccountContract):
    cursor_troubles = CURSOR_TROUBLES

    @pytest.fixture
    def server(self, radicale: DavServer) -> DavServer:
        return radicale

    @pytest.fixture
    def driver(self, server: DavServer, proxy: Proxy, tmp_path: Path) -> Iterator[BookDriver]:
        driver = BookDriver(server, proxy, tmp_path)
        yield driver
        driver.close()


class TestBookOnXandikos(ConnectorContract):
    """The network is the same; see TestBookOnRadicale."""

    @pytest.fixture
    def server(self, xandikos: DavServer) -> DavServer:
        return xandikos

    @pytest.fixture
    def driver(self, server: DavServer, proxy: Proxy, tmp_path: Path) -> Iterator[BookDriver]:
        driver = BookDriver(server, proxy, tmp_path)
        yield driver
        driver.close()


def test_address_books_are_found_unless_none_are_wanted(driver: BookDriver) -> None:
    def books(wanted: tuple[str, ...] | None) -> list[str]:
        options = CalDavOptions(driver.proxy.url, USER, address_books=wanted)
        found = CalDav(options, access(driver.folder), PATIENCE).collections()
        return [one.name for one in found if "contact" in one.kinds]

    assert driver.name in books(None)
    assert books((driver.name,)) == [driver.name]
    assert books(()) == []


def test_odd_line_of_a_card_is_a_warning_and_the_card_comes_in(driver: BookDriver) -> None:
    odd = card("odd", "Odd One").replace(b"END:VCARD", b"X-PHOTO;ENCODING=b:%%%\r\nEND:VCARD")
    driver.server.put(f"{driver.path}odd.vcf", odd)
    mirror = Mirror()
    connector = driver.connector()
    mirror.pull(connector, driver.collection(connector))
    assert "odd" in mirror.uids()
    assert mirror.rejected() == []


def test_href_that_needs_quoting_is_one_item(driver: BookDriver) -> None:
    driver.server.put(f"{driver.path}a%2Bb%20c%C3%BC.vcf", card("quoted", "Zoe Quoted"))
    connector = driver.connector()
    collection = driver.collection(connector)
    found = {one.uid: one for one in pulled(connector, collection)}
    assert found["quoted"].href == f"{driver.path}a%2Bb%20c%C3%BC.vcf"
    known = {one.href: one.etag for one in found.values()}
    *_, last = driver.connector().pull(collection, None, known)
    assert set(last.unchanged) == set(known)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "it is not a vCard"),
        (b"<html>", "it is not a vCard"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n", "the card says nothing"),
    ],
)
def test_what_is_no_card_is_a_reject_with_its_bytes(body: bytes, reason: str) -> None:
    item, (reject,) = CardReader().read("/a.vcf", '"1"', body)
    assert item is None
    assert (reject.reason, reject.href, reject.content) == (reason, "/a.vcf", body)
    assert not reject.is_warning


def test_warnings_of_a_card_name_its_href() -> None:
    body = card("a", "Ana Lima").replace(b"END:VCARD", b"no colon here\r\nEND:VCARD")
    item, warnings = CardReader().read("/a.vcf", '"1"', body)
    assert item is not None
    assert item.contact is not None
    assert item.contact.full_name == "Ana Lima"
    assert [(one.href, one.is_warning) for one in warnings] == [("/a.vcf", True)]
