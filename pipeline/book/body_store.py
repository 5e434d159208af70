"""Large bodies: once by hash in raw.blobs, in pieces.

DuckDB writes a column's rows 2048 at a time, and holds them in memory to do so: of whole photos
that would be hundreds of megabytes, of pieces it is eight.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from pipeline.book.bulk_insert import append
from pipeline.book.queries import query

if TYPE_CHECKING:
    import duckdb

LARGE = 4_096
"""Bytes; larger bodies stand once in raw.blobs, whatever number of versions they have. Most of
them carry a photo, and to try how one could be compressed takes longer than to read ten cards."""

PIECE = 4_000
"""Bytes; DuckDB puts texts and blobs of 4,096 and more into blocks of their own."""


def keep(connection: "duckdb.DuckDBPyConnection", bodies: Sequence[bytes]) -> list[str | None]:
    """Write down the large ones that are not there yet; the hash of each, None for a small one."""
    hashes = [sha256(body).hexdigest() if len(body) > LARGE else None for body in bodies]
    large = {digest: body for digest, body in zip(hashes, bodies, strict=True) if digest}
    if large:
        there = connection.execute(
            "select body_hash from raw.blobs"
            " where part = 0 and body_hash in (select unnest($1::varchar[]))",
            [list(large)],
        ).fetchall()
        fresh = sorted(large.keys() - {row[0] for row in there})
        append(
            connection,
            "raw.blobs",
            [
                (digest, large[digest][start : start + PIECE], number)
                for digest in fresh
                for number, start in enumerate(range(0, len(large[digest]), PIECE))
            ],
        )
    return hashes


def kept(connection: "duckdb.DuckDBPyConnection", hashes: Iterable[str]) -> dict[str, bytes]:
    """The bodies of these hashes."""
    rows = connection.execute(query("bodies_kept"), [list(hashes)]).fetchall()
    pieces: dict[str, list[bytes]] = {}
    for digest, content in rows:
        pieces.setdefault(digest, []).append(content)
    return {digest: b"".join(parts) for digest, parts in pieces.items()}


def drop_unnamed(connection: "duckdb.DuckDBPyConnection") -> None:
    """Drop the bodies that no version of any item names any more."""
    connection.execute(
        "delete from raw.blobs where body_hash not in"
        " (select body_hash from raw.items where body_hash is not null)"
    )
