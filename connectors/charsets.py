"""Bytes of unknown origin → text: UTF-8 first, then what the text names, then a guess.

For content lines (vCard, iCalendar) the order is that of real exports: a byte order mark, strict
UTF-8, the property's CHARSET, UTF-8 with a few broken bytes, a CHARSET named elsewhere in the card
or file, windows-1252. Decoding comes before unescaping: the second byte of a Shift_JIS character
can be a backslash. A table names no charset: there the letters themselves tell the code page.
"""

import binascii
import codecs
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from encodings import normalize_encoding
from encodings.aliases import aliases
from typing import BinaryIO, Protocol

_CHARSET = re.compile(rb";[ \t]*CHARSET=\"?([A-Za-z0-9_.-]{2,40})", re.IGNORECASE)
# The second line has those that have no other name.
_CODECS = frozenset(
    {*aliases, *aliases.values()}
    | {"cp737", "cp874", "cp1006", "koi8_t", "koi8_u", "mac_arabic", "mac_croatian", "mac_romanian"}
)
_TEXT_CODECS = re.compile(
    r"ascii|utf-(8|16|32)|iso|cp\d|mac-|koi8|shift|euc|gb|big5|hz|johab|tis|ptcp|kz1048"
)
_WIDE = ("utf-16", "utf-32")
_ESCAPING_CODECS = re.compile(r"iso2022|hz")
_LINE_END = re.compile(rb"\n|\r(?=[^\r\n])")
_CHUNK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CODE_PAGES = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp932", "mac_roman")
BYTEWISE = "kithbook-cp1252"
"""An error handler of `decode`: what the encoding has no character for, byte by byte as cp1252."""


class Readable(Protocol):
    """A binary stream, as far as we need one."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and what had to be guessed or left out to get it."""

    text: str
    problem: str | None = None


SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
"""Half of a character, as no UTF-8 has it."""

GUESSED = "not UTF-8 and no charset named: read as windows-1252"
TRUNCATED = "bytes that are no UTF-8 were left out"


def codec_of(charset: str) -> str | None:
    """Python's name of a charset's codec; None for what is unknown or is no character set.

    A card may name `rot13` or `punycode` (quadratic): only character sets are taken. Of what
    Python does not know it is not asked, because it would look for a module of that name.
    """
    known = normalize_encoding(charset).lower().removeprefix("x_").replace("windows_", "cp")
    if known not in _CODECS:
        return None
    name = codecs.lookup(known).name
    return name if _TEXT_CODECS.match(name) else None


def charset_named(content: bytes) -> str | None:
    """The codec of the first usable CHARSET parameter in a card or a part of a file."""
    if b"CHARSET" not in content and b"charset" not in content and b"Charset" not in content:
        return None
    for name in dict.fromkeys(_CHARSET.findall(content)):
        codec = codec_of(name.decode("ascii"))
        if codec and codec not in {"utf-8", "ascii"}:
            return codec
    return None


def decode(content: bytes, charset: str | None, fallback: str | None) -> Decoded:
    """Text of one value or line.

    `charset` is the codec the property names, `fallback` one named elsewhere in the card or file.
    """
    # Text in UTF-16 is often valid UTF-8 too, with a NUL in every second place.
    wide = charset if charset and charset.startswith(_WIDE) else None
    for codec in (wide, "utf-8", charset):
        if codec and (text := _strictly(content, codec)) is not None:
            return Decoded(text)
    if (joined := _joined_surrogates(content)) is not None:
        return joined
    if (mended := _mended(content)) is not None:
        return Decoded(mended, TRUNCATED)
    if fallback and (text := _strictly(content, fallback)) is not None:
        return Decoded(text)
    try:
        return Decoded(content.decode("cp1252"), GUESSED)
    except UnicodeDecodeError:  # five bytes have no character there
        return Decoded(content.decode("latin-1"), GUESSED)


def _strictly(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        return None


def _joined_surrogates(content: bytes) -> Decoded | None:
    """UTF-8 in which each half of a character beyond U+FFFF was encoded by itself (CESU-8).

    Old Java and Android write emoji so. A half that stands alone is left out.
    """
    if not SURROGATE.search(content):
        return None
    try:
        halves = content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    text = halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    is_whole = "\ufffd" not in text
    return Decoded(
        text if is_whole else text.replace("\ufffd", ""), None if is_whole else TRUNCATED
    )


def _mended(content: bytes) -> str | None:
    """Text that is UTF-8 but for a few bytes (phones cut values in the middle of a character)."""
    text = content.decode("utf-8", "replace")
    letters, broken = _letters_and_broken(text)
    # Bytes of windows-1252 form a whole UTF-8 sequence by chance only.
    return text.replace("\ufffd", "") if letters > broken else None


def _letters_and_broken(text: str) -> tuple[int, int]:
    """How many characters beyond ASCII came out of UTF-8, and how many bytes that are none."""
    broken = text.count("\ufffd")
    return len(text) - len(text.encode("ascii", "ignore")) - broken, broken


def decode_lines(unfolded: bytes, fallback: str | None) -> list[Decoded]:
    """The logical lines, each decoded by itself."""
    lines = unfolded.split(b"\n")
    return [decode(line, charset_named(line[:500]), fallback) for line in lines]


def decode_text(unfolded: bytes) -> str:
    """All logical lines together, where it does not matter what had to be guessed."""
    try:
        return unfolded.decode("utf-8")
    except UnicodeDecodeError:
        return "\n".join([line.text for line in decode_lines(unfolded, None)])


def decode_quoted_printable(value: str, charset: str, fallback: str | None) -> Decoded:
    """The text of a quoted-printable value, RFC 2045 section 6.7 (soft line breaks are joined)."""
    content = binascii.a2b_qp(value.encode("utf-8", "replace"))
    return decode(content, codec_of(charset) if charset else None, fallback)


def decode_escapes(value: str, charset: str) -> str:
    """ISO-2022-JP and its like are ASCII bytes with escape sequences: valid UTF-8, unreadable."""
    codec = codec_of(charset)
    if codec is None or not _ESCAPING_CODECS.match(codec):
        return value
    try:
        return value.encode("ascii").decode(codec)
    except UnicodeError:
        return value


# --- UTF-16 files -------------------------------------------------------------------------


def utf8_of(content: bytes) -> bytes:
    """The same text as UTF-8 without byte order mark, when it is UTF-16 or UTF-32."""
    codec = _wide_codec(content[:4])
    if codec is not None:
        content = content.decode(codec, "replace").encode("utf-8", "replace")
    return content.removeprefix(codecs.BOM_UTF8)


def utf8_stream(stream: Readable) -> "Readable":
    """The same stream, or its UTF-8 form when it is UTF-16 or UTF-32, with or without a mark."""
    start = stream.read(4)
    while 0 < len(start) < 4 and (more := stream.read(4 - len(start))):
        start += more
    codec = _wide_codec(start)
    if codec is None:
        return _Restarted(start.removeprefix(codecs.BOM_UTF8), stream)
    return _Transcoded(start, stream, codec)


def _wide_codec(start: bytes) -> str | None:
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(start) == 4 and start[1] == start[3] == 0 and start[0] and start[2]:
        return "utf-16-le"
    if len(start) == 4 and start[0] == start[2] == 0 and start[1] and start[3]:
        return "utf-16-be"
    return None


class _Restarted:
    """A stream with its first bytes put back."""

    def __init__(self, start: bytes, stream: Readable) -> None:
        self._start = start
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        start, self._start = self._start, b""
        return start + self._stream.read(size - len(start))


class _Transcoded:
    """A wide stream read as UTF-8; what is no character becomes U+FFFD."""

    def __init__(self, start: bytes, stream: Readable, codec: str) -> None:
        self._decoder = codecs.getincrementaldecoder(codec)(errors="replace")
        self._start = start
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        while True:
            start, self._start = self._start, b""
            content = self._stream.read(size)
            is_end = not content
            text = self._decoder.decode(start + content, final=is_end)
            if text or is_end:
                # Half a surrogate pair can be left by UTF-32's replacement of bad input.
                return text.encode("utf-8", "replace")


def chunks(content: bytes | BinaryIO) -> Iterator[bytes]:
    """A body or stream piecewise: UTF-16 as UTF-8, the lone CR of an old Mac's file as LF."""
    stream = utf8_stream(io.BytesIO(content) if isinstance(content, bytes) else content)
    first, searched = stream.read(_CHUNK), 0
    while not (end := _LINE_END.search(first, searched)) and len(first) < _CHUNK:
        searched = max(0, len(first) - 1)
        if not (more := stream.read(_CHUNK)):
            break
        first += more
    is_old_mac = end is not None and end[0] == b"\r"
    chunk = first
    while chunk:
        yield chunk.replace(b"\r", b"\n") if is_old_mac else chunk
        chunk = stream.read(_CHUNK)


# --- tables -------------------------------------------------------------------------------


def find_encodings(head: bytes) -> Sequence[str]:
    """The encoding, or the code pages it may be when it is none that proves itself."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return [encoding]
    sample = head[:4096]
    zeros = sample.count(0)
    if zeros > len(sample) // 4:
        even = sample[::2].count(0)
        return ["utf-16-be" if even > zeros - even else "utf-16-le"]
    if is_nearly_utf8(head):
        return ["utf-8"]
    likeliest = _likeliest_code_page(head)
    return [likeliest, *(page for page in _CODE_PAGES if page != likeliest)]


def is_nearly_utf8(head: bytes) -> bool:
    """Whether it is UTF-8, perhaps with a few broken bytes or lone surrogates in it.

    Letters of a code page form a whole sequence of UTF-8 by chance only.
    """
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(SURROGATE.sub(b"", head))
    letters, broken = _letters_and_broken(text)
    return not broken or letters > 3 * broken


def _likeliest_code_page(head: bytes) -> str:
    """What the letters look like, where an English header says nothing.

    Words of other alphabets are runs of high bytes; in Western ones they stand alone. Polish and
    its neighbours have letters where cp1252 has signs that stand in no word.
    """
    japanese = codecs.getincrementaldecoder("cp932")("replace").decode(head)
    kana = sum("\u3040" <= letter <= "\u30ff" for letter in japanese)
    if kana > 1 and japanese.count("\ufffd") * 10 < kana:
        return "cp932"
    in_runs = sum(len(run[0]) for run in re.finditer(rb"[\xc0-\xff]{3,}", head))
    if in_runs * 2 > sum(byte >= 0x80 for byte in head):
        return "cp1251"
    central = len(re.findall(rb"[A-Za-z][\xb3\xb9\xbf\xbe]|[\xb3\xb9\xbf\xbe\x9c\x9f][a-z]", head))
    return "cp1250" if central else "cp1252"


def _bytewise(error: UnicodeError) -> tuple[str, int]:
    """An error handler: the bytes as cp1252, and as Latin-1 where that has none."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.encoding.startswith("utf-16"):
        return "\ufffd", error.end
    if half := SURROGATE.match(error.object, error.start):
        # Java writes the two halves of an emoji so (CESU-8); one alone says nothing.
        other = SURROGATE.match(error.object, half.end())
        pair = half[0] + (other[0] if other else b"")
        wide = pair.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
        return wide.decode("utf-16-le", "ignore"), error.start + len(pair)
    bad = error.object[error.start : error.end]
    text = "".join(
        bytes([byte]).decode("cp1252" if byte not in b"\x81\x8d\x8f\x90\x9d" else "latin-1")
        for byte in bad
    )
    return text, error.end


codecs.register_error(BYTEWISE, _bytewise)
