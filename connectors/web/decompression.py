"""Unpacking the body of an answer (gzip, RFC 9110 section 8.4), as it comes.

The HTTP library would do it too, but takes a packed stream that breaks off for a whole one.
"""

import zlib
from collections.abc import Iterator

from connectors.http_errors import NoAnswer

PACKINGS = frozenset({"", "identity", "gzip", "x-gzip"})
"""What can be unpacked; "gzip" is what is asked for."""
PIECE_BYTES = 1 << 20
_GZIP = 16 + zlib.MAX_WBITS


def unpacked(chunks: Iterator[bytes], packing: str) -> Iterator[bytes]:
    """The body in pieces of a bounded size, however small it was packed (RFC 1952).

    :param packing: the Content-Encoding, one of PACKINGS.
    :raises NoAnswer: it breaks off, or is packed otherwise.
    """
    return _gunzipped(chunks) if packing.endswith("gzip") else chunks


def _gunzipped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    unpacking = zlib.decompressobj(_GZIP)
    is_begun = False
    for chunk in chunks:
        rest = chunk
        while rest:
            if unpacking.eof:
                unpacking, is_begun = zlib.decompressobj(_GZIP), False
            try:
                piece = unpacking.decompress(rest, PIECE_BYTES)
            except zlib.error:
                raise NoAnswer("what it sent cannot be unpacked", may_pass=True) from None
            is_begun = True
            rest = unpacking.unconsumed_tail or unpacking.unused_data
            yield piece
    if is_begun and not unpacking.eof:
        raise NoAnswer("what it sent breaks off", may_pass=True)
