"""CSV files keep the contract of every connector."""

from pathlib import Path

import pytest

from connectors.contract import Item
from connectors.csv.rows import MAX_ROW
from connectors.csv.source import CsvFile
from tests.contract.connector_contract import (
    SEED,
    ConnectorContract,
    Driver,
    access,
)


class CsvDriver(Driver):
    """A CSV of nobody's with a column of UIDs, mapped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows = dict(SEED)
        self._write()

    def _write(self) -> None:
        lines = [f'"{uid}";"{title}"' for uid, title in self.rows.items()]
        (self.folder / "old.csv").write_text("\n".join(["Nr;Wer", *lines, ""]))

    def connector(self) -> CsvFile:
        path = str(self.folder / "old.csv")
        options = CsvFile.Options(path, ("Nr=uid", "Wer=full_name"))
        return CsvFile(options, access(self.folder))

    def add(self, uid: str, title: str) -> None:
        self.rows[uid] = title
        self._write()

    edit = add
    mend_item = add

    def delete(self, uid: str) -> None:
        del self.rows[uid]
        self._write()

    def break_item(self, uid: str) -> None:
        self.rows[uid] = "x" * (MAX_ROW + 10)
        self._write()

    def empty(self) -> None:
        self.rows.clear()
        self._write()

    def title(self, item: Item) -> str:
        assert item.contact is not None
        return item.contact.full_name or ""


class TestCsvFile(ConnectorContract):
    @pytest.fixture
    def driver(self, tmp_path: Path) -> Driver:
        return CsvDriver(tmp_path)
