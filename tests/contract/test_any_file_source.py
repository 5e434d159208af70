"""Imported files of any kind keep the contract of every connector."""

from pathlib import Path

import pytest

from connectors.contract import Connector, Item
from connectors.errors import SourceError
from connectors.formats.any_file_source import ImportFile
from tests.contract.connector_contract import (
    SEED,
    ConnectorContract,
    Driver,
    access,
)
from tests.support.small_address_books import card, zipped


class ZipDriver(Driver):
    """A .zip with a card a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cards = {uid: card(title, uid) for uid, title in SEED.items()}
        self._write()

    def _write(self) -> None:
        members = {f"book/{uid}.vcf": body for uid, body in self.cards.items()}
        zipped(members, self.folder / "book.zip")

    def connector(self) -> Connector:
        path = self.folder / "book.zip"
        return ImportFile(ImportFile.Options(str(path)), access(self.folder))

    def add(self, uid: str, title: str) -> None:
        self.cards[uid] = card(title, uid)
        self._write()

    edit = add
    mend_item = add

    def delete(self, uid: str) -> None:
        del self.cards[uid]
        self._write()

    def break_item(self, uid: str) -> None:
        self.cards[uid] = b"BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n"
        self._write()

    def empty(self) -> None:
        zipped({"readme": b"Nothing is left.\n"}, self.folder / "book.zip")

    def title(self, item: Item) -> str:
        assert item.contact is not None
        return item.contact.full_name or ""


class TestZipOfCards(ConnectorContract):
    @pytest.fixture
    def driver(self, tmp_path: Path) -> Driver:
        return ZipDriver(tmp_path)

    def test_emptied_source_says_that_all_is_gone(self, driver: Driver, mirror: object) -> None:
        del mirror
        driver.empty()
        # An archive without a card is not an empty book but the wrong file.
        with pytest.raises(SourceError, match="holds nothing that can be read"):
            driver.connector().collections()
