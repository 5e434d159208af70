"""Files of every kind, bent in every way: an import says what is wrong and never breaks."""

import random
from collections import Counter
from pathlib import Path

import pytest

from connectors.errors import KithbookError
from connectors.formats.any_file_source import ImportFile
from tests.contract.connector_contract import access
from tests.support.small_address_books import apple_book, calendar, card, zipped

PIECES = [
    *(b'"', b",", b";", b"\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf", b":::", b"* ", b" ", b"="),
    *(b"9" * 20, b"BEGIN:VCARD\n", b"BEGIN:VCALENDAR\n", b"dn: ", b"\xe2\x80", b"PK\x03\x04"),
]

GOOGLE = (
    b"First Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Birthday,Address 1 - Street,"
    b"Event 1 - Label,Event 1 - Value\n"
    b"Ana,* a ::: b,* Work,a@x ::: b@x,--04-12,A ::: B,Anniversary,2010-01-02\n"
)
LINKEDIN = 'Notes:\n"x, y"\n\nFirst Name,Last Name,Connected On\nAna,Lima,12 Mar 2024\n'
THUNDERBIRD = b'First Name,Primary Email,Birth Year,Birth Month,Birth Day\n"A\nb",a@x,1985,4,12\n'
LDIF = (
    b"version: 1\n\ndn: cn=Ana\ncn:: QW5h\nmail: a@x\nbirthyear: 1985\nbirthmonth: 4\n"
    b"birthday: 3\n\ndn: cn=Choir\nobjectclass: groupOfNames\ncn: Choir\nmember: cn=Ana\n"
)


@pytest.fixture
def whole(tmp_path: Path) -> list[bytes]:
    """A file of each kind before anything happens to it."""
    book = tmp_path / "book.abcddb"
    apple_book(
        book,
        {
            "ZABCDRECORD": [{"Z_PK": 1, "Z_ENT": 22, "ZFIRSTNAME": "Ana", "ZBIRTHDAY": 1.0}],
            "ZABCDEMAILADDRESS": [{"Z_PK": 1, "ZOWNER": 1, "ZADDRESS": "a@x"}],
            "Z_22PARENTGROUPS": [{"Z_22CONTACTS": 1, "Z_19PARENTGROUPS1": 4}],
        },
    )
    mixed = {"a/a.vcf": card("Ana"), "b/b.vcf": card("Rui"), "c.ics": calendar("x"), "l": GOOGLE}
    cards = card("Ana", "u1", "EMAIL:a@x.org") + card("Rui")
    texts = [cards, calendar("a", "b"), GOOGLE, LINKEDIN.encode("utf-16"), THUNDERBIRD, LDIF]
    return [*texts, zipped(mixed), book.read_bytes()]


def bend(content: bytes, chance: random.Random) -> bytes:
    bent = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 4, 10, 30])):
        at = chance.randrange(len(bent) + 1)
        way = chance.randrange(5)
        if way == 0:
            bent[at:at] = chance.choice(PIECES)
        elif way == 1:
            bent[at : at + 1] = bytes([chance.randrange(256)])
        elif way == 2:
            del bent[at : at + chance.randrange(1, 20)]
        elif way == 3:
            bent[at:at] = bent[: chance.randrange(1, 200)]
        elif chance.random() < 0.3:
            del bent[at:]
    return bytes(bent)


def comes_in(path: Path, mapping: tuple[str, ...]) -> bool:
    """Whether it comes in whole; if not, an error says what is wrong and what to do."""
    source = ImportFile(ImportFile.Options(str(path), mapping), access(path.parent))
    try:
        for collection in source.collections():
            pages = list(source.pull(collection, None, {}))
            assert pages[-1].complete
            assert pages[-1].cursor
            items = [item for page in pages for item in page.items]
            assert len({item.href for item in items}) == len(items)
            rejects = [reject for page in pages for reject in page.rejects]
            assert all(reject.href for reject in rejects if not reject.is_warning)
            for item in items:
                assert repr(item).encode("utf-8")  # what the store could not write would raise
    except KithbookError as error:
        told = error
    else:
        return True
    assert str(told)
    assert told.hint
    return False


def bend_many(whole: list[bytes], folder: Path, seed: int, times: int) -> Counter[bool]:
    """How many bent files came in, and how many were refused with a reason."""
    chance = random.Random(seed)
    path = folder / "bent"
    found: Counter[bool] = Counter()
    for _ in range(times):
        path.write_bytes(bend(chance.choice(whole), chance) or b"?")
        found[comes_in(path, chance.choice([(), ("Last Name=family",)]))] += 1
    return found


def test_whole_files_come_in(whole: list[bytes], tmp_path: Path) -> None:
    for number, content in enumerate(whole):
        path = tmp_path / f"whole{number}"
        path.write_bytes(content)
        source = ImportFile(ImportFile.Options(str(path)), access(tmp_path))
        for collection in source.collections():
            assert any(page.items for page in source.pull(collection, None, {}))


def test_bent_files_never_break_an_import(whole: list[bytes], tmp_path: Path) -> None:
    found = bend_many(whole, tmp_path, seed=1, times=300)
    assert found.total() == 300
    assert min(found[True], found[False]) > 20


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(10, 20))
def test_many_bent_files_never_break_an_import(
    whole: list[bytes], tmp_path: Path, seed: int
) -> None:
    found = bend_many(whole, tmp_path, seed, times=20_000)
    assert found.total() == 20_000
    assert min(found[True], found[False]) > 1000
