"""Coverage-guided fuzzing of the vCard reader; a finding becomes a case in tests/unit/vcard.

    pip install atheris
    python tests/soak/fuzz_vcard.py [--seconds 300] [--findings DIR]

Begins with the golden files. It must never raise, never hang, give the same cards whatever the
pieces of the stream, and what it reads must be the same after being written and read again.
"""

import argparse
import io
import sys
import tempfile
from pathlib import Path
from typing import cast

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

with atheris.instrument_imports(include=["connectors"]):
    from connectors.vcard import RawCard, file_charset, is_empty, read, split
    from connectors.vcard.writer import write

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "vcard"
SECONDS_A_CASE = 10
PIECE = 37


class Trickle(io.RawIOBase):
    """A stream that hands out a few bytes at a time."""

    def __init__(self, content: bytes) -> None:
        self._stream = io.BytesIO(content)

    def read(self, size: int = -1, /) -> bytes:
        return self._stream.read(min(PIECE, size))


def check(content: bytes) -> None:
    """Everything that must hold for any bytes."""
    entries = list(split(content))
    trickled = list(split(cast("io.BufferedReader", Trickle(content))))
    if entries != trickled:
        raise AssertionError(f"in pieces: {trickled!r}, whole: {entries!r}")
    charset = file_charset(content)
    for raw in entries:
        if isinstance(raw, RawCard):
            check_card(raw.body, charset)


def check_card(body: bytes, charset: str | None) -> None:
    contact, _ = read(body, charset)
    repr(contact).encode("utf-8")  # no lone surrogates
    if is_empty(contact) or contact.has_photo:
        return
    once, _ = read(write(contact, "3.0").encode())
    again, _ = read(write(once, "4.0").encode())
    if not again == once == contact:
        raise AssertionError(f"read {contact!r}, again {once!r}, and again {again!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--findings", type=Path, default=Path(tempfile.gettempdir()))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as corpus:
        for path in GOLDEN.glob("*.vcf"):
            Path(corpus, path.name).write_bytes(path.read_bytes())
        options = [
            f"-max_total_time={arguments.seconds}",
            f"-timeout={SECONDS_A_CASE}",
            "-max_len=4000",
            f"-artifact_prefix={arguments.findings}/",
            corpus,
        ]
        atheris.Setup([sys.argv[0], *options], check)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
