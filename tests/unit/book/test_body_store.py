"""Large bodies stand in pieces, one for all items that have it, and come back whole."""

import os
from pathlib import Path

import pytest

from pipeline.book import body_store, state_file
from pipeline.book.folder import Folder


@pytest.mark.parametrize("length", [4_096, 4_097, 8_000, 8_001, 100_000])
def test_a_body_comes_back_from_its_pieces(tmp_path: Path, length: int) -> None:
    body, small = os.urandom(length), b"small"
    connection = state_file.open_state(Folder(tmp_path))
    first = body_store.keep(connection, [body, small, body])
    assert body_store.keep(connection, [body]) == first[:1]
    assert first[1] is None
    large = {first[0]: body} if length > body_store.LARGE else {}
    assert body_store.kept(connection, filter(None, first)) == large
    (count,) = connection.execute("select count(*) from raw.blobs").fetchone() or (None,)
    assert count == (-(-length // body_store.PIECE) if large else 0)
    body_store.drop_unnamed(connection)
    assert connection.execute("select count(*) from raw.blobs").fetchone() == (0,)
    connection.close()


def test_a_body_of_earlier_days_is_one_part(tmp_path: Path) -> None:
    connection = state_file.open_state(Folder(tmp_path))
    connection.execute("insert into raw.blobs (body_hash, content) values ('h', 'ABC'::blob)")
    assert body_store.kept(connection, ["h"]) == {"h": b"ABC"}
    connection.close()
