"""Apple address books keep the contract of every connector."""

import sqlite3
from pathlib import Path

import pytest

from connectors.contract import Connector, Item
from connectors.formats.apple_address_book import AbbuFile
from tests.contract.connector_contract import (
    SEED,
    ConnectorContract,
    Driver,
    access,
)
from tests.support.small_address_books import apple_book


class AbbuDriver(Driver):
    """A database of cards with a name each."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "AddressBook-v22.abcddb"
        self.names: dict[str, str | None] = dict(SEED)
        self._write()

    def _write(self) -> None:
        rows = [
            {"Z_PK": number, "Z_ENT": 22, "ZUNIQUEID": uid, "ZFIRSTNAME": name}
            for number, (uid, name) in enumerate(self.names.items(), 1)
        ]
        apple_book(self.path, {"ZABCDRECORD": rows})

    def connector(self) -> Connector:
        return AbbuFile(AbbuFile.Options(str(self.path)), access(self.path.parent))

    def add(self, uid: str, title: str) -> None:
        self.names[uid] = title
        self._write()

    edit = add
    mend_item = add

    def delete(self, uid: str) -> None:
        # Core Data does not renumber the others.
        del self.names[uid]
        book = sqlite3.connect(self.path)
        book.execute("delete from ZABCDRECORD where ZUNIQUEID = ?", (uid,))
        book.commit()
        book.close()

    def break_item(self, uid: str) -> None:
        self.names[uid] = None
        self._write()

    def empty(self) -> None:
        self.names.clear()
        self._write()

    def title(self, item: Item) -> str:
        assert item.contact is not None
        return item.contact.full_name or ""


class TestAbbuFile(ConnectorContract):
    @pytest.fixture
    def driver(self, tmp_path: Path) -> Driver:
        return AbbuDriver(tmp_path)
