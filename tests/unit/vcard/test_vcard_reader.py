"""The reader of vCards: the classes of real files as golden files, hostile input, long files."""

import io
import json
import random
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from connectors.charsets import codec_of
from connectors.content_lines import numbered_lines, parse_line, unfold
from connectors.contract import Contact, Reject
from connectors.vcard import MAX_CARD_BYTES, RawCard, read, split
from connectors.vcard.contact_builder import MAX_TEXT
from connectors.vcard.reader import MAX_CARD_LINES, MAX_WARNINGS
from tests.support.golden_vcards import as_read, golden_files


def card(*lines: str, version: str = "3.0") -> bytes:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""]).encode()


def contact(*lines: str) -> Contact:
    found, warnings = read(card(*lines))
    assert warnings == []
    return found


def raws(content: bytes) -> list[RawCard]:
    return [raw for raw in split(content) if isinstance(raw, RawCard)]


# --- the classes of real files --------------------------------------------------------------


@pytest.mark.parametrize("path", golden_files(), ids=lambda path: path.stem)
def test_golden_file_reads_as_it_should(path: Path) -> None:
    """`python -m tests.support.golden_vcards --regenerate` writes what is expected anew."""
    assert as_read(path) == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def test_every_golden_file_is_said_beside_it() -> None:
    assert len(golden_files()) >= 30
    folder = golden_files()[0].parent
    assert {path.stem for path in golden_files()} == {path.stem for path in folder.glob("*.json")}


# --- splitting ------------------------------------------------------------------------------


class Trickle(io.RawIOBase):
    """A stream that hands out a few bytes at a time, as a pipe may."""

    def __init__(self, content: bytes, size: int) -> None:
        self._stream = io.BytesIO(content)
        self._size = size

    def read(self, size: int = -1, /) -> bytes:
        return self._stream.read(min(self._size, size))


@pytest.mark.parametrize("path", golden_files(), ids=lambda path: path.stem)
@pytest.mark.parametrize("size", [1, 7, 64])
def test_pieces_of_any_size_give_the_same_cards(path: Path, size: int) -> None:
    content = path.read_bytes()
    trickle = cast("io.BufferedReader", Trickle(content, size))
    assert list(split(trickle)) == list(split(content))


def test_cards_are_numbered_and_bodies_are_as_received() -> None:
    one, two = card("FN:One"), card("FN:Two").lower()
    found = raws(one + b"\r\n" + two)
    assert [(raw.position, raw.body) for raw in found] == [(1, one.strip()), (2, two.strip())]


def test_a_card_over_the_bound_is_a_reject_and_the_next_one_comes_in() -> None:
    content = card("FN:One") + card("FN:Huge", "NOTE:" + "x" * MAX_CARD_BYTES) + card("FN:Three")
    first, huge, last = split(content)
    assert isinstance(first, RawCard)
    assert isinstance(huge, Reject)
    assert huge.position == 2
    assert "more than 8 MB" in huge.reason
    assert len(huge.content) < 10_000
    assert isinstance(last, RawCard)
    assert read(last.body)[0].full_name == "Three"


def test_a_card_that_never_ends_does_not_swallow_what_follows() -> None:
    content = b"BEGIN:VCARD\nNOTE:" + b"x" * (MAX_CARD_BYTES + 10) + b"\n" + card("FN:Two")
    huge, two = split(content)
    assert isinstance(huge, Reject)
    assert isinstance(two, RawCard)


def test_memory_does_not_grow_with_the_file() -> None:
    def peak(cards: int) -> int:
        one = card("FN:Somebody", "PHOTO;ENCODING=b:" + "A" * 40_000)

        class Endless(io.RawIOBase):
            left = cards

            def read(self, _size: int = -1, /) -> bytes:
                self.left -= 20
                return one * 20 if self.left >= 0 else b""

        tracemalloc.start()
        count = sum(1 for _ in split(cast("io.BufferedReader", Endless())))
        assert count == cards
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    assert peak(2000) < peak(200) * 1.2


# --- lines ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", golden_files(), ids=lambda path: path.stem)
def test_both_ways_of_unfolding_agree(path: Path) -> None:
    for raw in raws(path.read_bytes()):
        assert unfold(raw.body) == b"\n".join(line for _, line in numbered_lines(raw.body))


def test_a_colon_in_quotes_does_not_end_the_head() -> None:
    parsed = parse_line('X;A="b:c";D=e,f:value "q": r')
    assert parsed
    head, value = parsed
    assert (head.name, head.params) == ("X", {"A": ("b:c",), "D": ("e", "f")})
    assert value == 'value "q": r'


def test_codecs_that_are_no_character_sets_are_not_taken() -> None:
    assert codec_of("windows-1252") == "cp1252"
    assert codec_of("windows-874") == "cp874"
    assert codec_of("KOI8-U") == "koi8-u"
    assert codec_of("x-sjis") == "shift_jis"
    for name in ("rot13", "punycode", "idna", "unicode_escape", "zlib", "undefined", "utf-7", "é"):
        assert codec_of(name) is None


def test_every_line_that_is_left_out_is_named() -> None:
    _, warnings = read(card("FN:Ana", *["no colon here"] * (MAX_WARNINGS + 5)))
    assert len(warnings) == MAX_WARNINGS + 1
    assert warnings[0].position == 4
    assert warnings[-1].reason == "5 more lines that could not be read"
    assert all(warning.is_warning for warning in warnings)


def test_a_text_of_megabytes_is_cut_and_says_so() -> None:
    found, (warning,) = read(card("FN:Ana", "NOTE:" + "x" * (MAX_TEXT + 1)))
    assert found.note == "x" * MAX_TEXT
    assert "262,145 characters" in warning.reason


def test_a_photo_of_megabytes_stays_out_of_the_fields() -> None:
    found = contact("FN:Ana", "PHOTO;ENCODING=b:" + "A" * 4_000_000, "TEL:1")
    assert found.has_photo
    assert len(repr(found)) < 2_000
    assert [point.value for point in found.phones] == ["1"]


def test_a_folded_photo_hides_no_line_after_it() -> None:
    folded = "PHOTO;ENCODING=b:" + "\r\n ".join(["A" * 72] * 200)
    found = contact("FN:Ana", folded, "TEL:1", "NOTE:after")
    assert (found.has_photo, found.note) == (True, "after")


def test_only_a_photo_is_left_folded() -> None:
    caption = "x" * 10_000
    found = contact("FN:Ana", f"PHOTO-CAPTION:{caption}", "PHOTO:https://example.org/a.jpg")
    assert found.extra == (("PHOTO-CAPTION", caption),)
    assert found.has_photo


# --- hostile input: bounded time, and a clear word about it ---------------------------------


def hostile() -> Iterator[tuple[str, bytes]]:
    n = 200_000
    yield "one line of 20 MB", b"BEGIN:VCARD\nNOTE:" + b"x" * 20_000_000 + b"\nEND:VCARD\n"
    yield "20 MB and no line end", b"x" * 20_000_000
    yield "20 MB of BEGIN", b"BEGIN:" * 3_000_000
    yield "2,000 nested cards", b"BEGIN:VCARD\n" * 2000 + b"END:VCARD\n" * 2000
    agent = b"BEGIN:VCARD\nFN:x\nAGENT:\n"
    yield "2,000 nested agents", agent * 2000 + b"END:VCARD\n" * 2000
    yield "unbalanced quote", card("FN:x", 'TEL;TYPE="' + "a," * n + ":1")
    yield "many quotes", card("FN:x", "TEL;TYPE=" + '"a",' * n + ":1")
    yield "quotes and colons", card("FN:x", 'TEL;X="' + '":"' * n + ":1")
    yield "many commas in a type", card("FN:x", "TEL;TYPE=" + "," * n + ":1")
    yield "many parameters", card("FN:x", "TEL" + ";X=1" * n + ":1")
    yield "many groups", card("FN:x", "a." * n + "TEL:1")
    yield "carets", card("FN:x", "TEL;X=" + "^" * n + ":1")
    yield "backslashes", card("FN:x", "N:" + "\\" * n + ";b", "CATEGORIES:" + "\\," * n)
    yield "at signs", card("FN:x", "EMAIL:<" + "@" * n, "EMAIL:" + "<a@" * n)
    yield "many components", card("FN:x", "N:" + ";" * n, "ADR:" + ";" * n, "ORG:" + "a;" * n)
    yield "digits", card("FN:x", "GEO:" + "1" * n, "BDAY:" + "1" * n, "TEL:" + "1" * n)
    yield "white space", card("FN:x", "GEO:1" + " " * n + "x", "NOTE:" + " " * n)
    yield "soft line breaks", card("FN:x", "NOTE;ENCODING=QUOTED-PRINTABLE:" + "=\r\n" * n)
    yield "blank soft lines", card("FN:x", "NOTE;QUOTED-PRINTABLE:=\r\n" + "\r\n" * n)
    yield "folds", card("FN:x", "NOTE:" + "\r\n " * n + "x")
    yield "lines", card("FN:x", *["X:1"] * 4 * n)
    yield "loose base64", card("FN:x", "PHOTO;BASE64:", *["AAAA"] * n)
    yield "damaged base64", card("FN:x", "PHOTO;ENCODING=b:" + "A=" * n + "A")
    yield "charsets", card("FN:x", *[f"X;CHARSET=cp{k}:\xff" for k in range(n)])
    yield "labels", card("FN:x", *[f"i{k}.X-ABLabel:_$!<{k}" for k in range(10_000)])
    yield "NUL bytes", b"\0" * n + card("FN:a\0b", "TEL:\0") + b"\0" * n
    yield "invalid UTF-8", card("FN:x").replace(b"x", b"\xff\xfe\xc3\x28" * n)
    yield "noise", random.Random(2).randbytes(n)


@pytest.mark.parametrize("content", [pytest.param(body, id=name) for name, body in hostile()])
def test_hostile_input_ends_soon_and_leaves_a_trace(content: bytes) -> None:
    entries = list(split(content + b"\n" + card("FN:The Next One")))
    contacts = [read(raw.body)[0] for raw in entries if isinstance(raw, RawCard)]
    assert contacts[-1].full_name == "The Next One"
    assert len(entries) > 1
    for found in contacts:
        assert len(repr(found)) < 40 * MAX_TEXT


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"B\0E\0", b"\0B\0E"])
def test_what_only_looks_like_utf16_is_text_outside_of_cards(mark: bytes) -> None:
    content = mark + random.Random(1).randbytes(100_000)
    (reject,) = split(content)
    assert isinstance(reject, Reject)
    assert "outside of any card" in reject.reason
    assert reject.is_warning
    assert list(split(cast("io.BufferedReader", Trickle(content, 37)))) == [reject]


def test_at_most_so_many_lines_of_a_card_are_read() -> None:
    found, warnings = read(card("FN:x", *["X-A:1"] * MAX_CARD_LINES))
    assert len(found.extra) <= MAX_CARD_LINES
    assert any("the rest was left" in warning.reason for warning in warnings)


def test_markup_and_formulas_are_only_text() -> None:
    found = contact("FN:[red]x[/]\x1b[31m", 'NOTE:=HYPERLINK("x")', "TITLE:<script>")
    assert found.full_name == "[red]x[/]\x1b[31m"
    assert (found.note, found.title) == ('=HYPERLINK("x")', "<script>")


# --- what fuzzing found ---------------------------------------------------------------------


def test_a_text_that_is_no_base64_is_taken_as_it_stands() -> None:
    found, (warning,) = read(card("FN:Ana", "NOTE;ENCODING=b:Olá"))
    assert found.note == "Olá"
    assert "no base64" in warning.reason


def test_a_nul_in_a_label_is_left_out() -> None:
    found, (warning,) = read(card("FN:Ana", "TEL;TYPE=pa\0ger:1"))
    assert found.phones[0].label == "pager"
    assert (warning.position, "NUL" in warning.reason) == (4, True)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("UID:urn:uuid: 5", "5"),
        ("UID:urn:uuid:URN:UUID:5", "5"),
        ("TEL:tel:1 ;ext=2", "1"),
        ("TEL:TEL: tel:1", "1"),
        ("EMAIL:mailto: a@b.example", "a@b.example"),
        ("EMAIL:<mailto:a@b.example>", "a@b.example"),
    ],
)
def test_prefixes_are_taken_off_whole(line: str, value: str) -> None:
    found = contact(line, "FN:x")
    values = [found.uid, *(point.value for point in (*found.emails, *found.phones))]
    assert [text for text in values if text] == [value]


def test_a_lone_cr_ends_a_line_but_no_card_where_line_ends_are_crlf() -> None:
    """Else the same file would give other cards when it is read in other pieces."""
    (raw,) = raws(card("FN:Ana", "NOTE:a\rEND:VCARD\rTEL:1"))
    assert [point.value for point in read(raw.body)[0].phones] == ["1"]
