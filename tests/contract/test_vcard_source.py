"""vCard files and folders keep the contract of every connector."""

from pathlib import Path

import pytest

from connectors.contract import Item
from connectors.errors import SourceError
from connectors.vcard.source import VcardFile
from tests.contract.connector_contract import (
    SEED,
    ConnectorContract,
    Driver,
    Mirror,
    access,
)


def card(uid: str, title: str) -> bytes:
    return f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\nFN:{title}\r\nEND:VCARD\r\n".encode()


BROKEN = b"BEGIN:VCARD\r\n\x00\x01 no card\r\nEND:VCARD\r\n"


class FolderDriver(Driver):
    """A folder with a file for each card."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "book"
        self.folder.mkdir()
        for uid, title in SEED.items():
            self.add(uid, title)

    def connector(self) -> VcardFile:
        return VcardFile(VcardFile.Options(path=str(self.folder)), access(self.folder))

    def add(self, uid: str, title: str) -> None:
        (self.folder / f"{uid}.vcf").write_bytes(card(uid, title))

    edit = add
    mend_item = add

    def delete(self, uid: str) -> None:
        (self.folder / f"{uid}.vcf").unlink()

    def break_item(self, uid: str) -> None:
        (self.folder / f"{uid}.vcf").write_bytes(BROKEN)

    def empty(self) -> None:
        for path in self.folder.iterdir():
            path.unlink()

    def title(self, item: Item) -> str:
        assert item.contact
        assert item.contact.full_name
        return item.contact.full_name


class FileDriver(FolderDriver):
    """One file with a card after the other."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "book.vcf"
        self.cards = {uid: card(uid, title) for uid, title in SEED.items()}
        self._write()

    def connector(self) -> VcardFile:
        return VcardFile(VcardFile.Options(path=str(self.path)), access(self.path.parent))

    def _write(self) -> None:
        self.path.write_bytes(b"".join(self.cards.values()))

    def add(self, uid: str, title: str) -> None:
        self.cards[uid] = card(uid, title)
        self._write()

    edit = add
    mend_item = add

    def delete(self, uid: str) -> None:
        del self.cards[uid]
        self._write()

    def break_item(self, uid: str) -> None:
        self.cards[uid] = BROKEN
        self._write()

    def empty(self) -> None:
        self.cards.clear()
        self._write()


class TestFolder(ConnectorContract):
    @pytest.fixture
    def driver(self, tmp_path: Path) -> Driver:
        return FolderDriver(tmp_path)


class TestFile(ConnectorContract):
    @pytest.fixture
    def driver(self, tmp_path: Path) -> Driver:
        return FileDriver(tmp_path)

    def test_emptied_source_says_that_all_is_gone(self, driver: Driver, mirror: Mirror) -> None:
        """An empty file is a failed export, not an empty book: nothing is concluded from it."""
        driver.empty()
        with pytest.raises(SourceError, match="is empty"):
            self.pull(driver, mirror)
        assert mirror.uids() == set(SEED)
