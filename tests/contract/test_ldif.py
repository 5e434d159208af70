"""LDIF files keep the contract of every connector."""

from pathlib import Path

import pytest

from connectors.contract import Connector, Item
from connectors.formats.ldif import LdifFile
from tests.contract.connector_contract import (
    SEED,
    ConnectorContract,
    Driver,
    access,
)


class LdifDriver(Driver):
    """The export of a directory, whose entries have a UUID."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "book.ldif"
        self.entries = {uid: self._entry(uid, title) for uid, title in SEED.items()}
        self._write()

    @staticmethod
    def _entry(uid: str, title: str) -> str:
        return f"dn: cn={title},dc=x\nobjectclass: person\ncn: {title}\nentryUUID: {uid}\n"

    def _write(self) -> None:
        self.path.write_text("version: 1\n\n" + "\n".join(self.entries.values()))

    def connector(self) -> Connector:
        return LdifFile(LdifFile.Options(str(self.path)), access(self.path.parent))

    def add(self, uid: str, title: str) -> None:
        self.entries[uid] = self._entry(uid, title)
        self._write()

    edit = add
    mend_item = add

    def delete(self, uid: str) -> None:
        del self.entries[uid]
        self._write()

    def break_item(self, uid: str) -> None:
        self.entries[uid] = "this is no entry\n"
        self._write()

    def empty(self) -> None:
        self.entries.clear()
        self._write()

    def title(self, item: Item) -> str:
        assert item.contact is not None
        return item.contact.full_name or ""


class TestLdifFile(ConnectorContract):
    @pytest.fixture
    def driver(self, tmp_path: Path) -> Driver:
        return LdifDriver(tmp_path)
