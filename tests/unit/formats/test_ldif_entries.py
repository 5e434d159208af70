"""LDIF as Thunderbird and directory servers export it."""

import base64
from pathlib import Path

import pytest

from connectors.contract import Address, ContactPoint, Item, PartialDate, Reject
from connectors.errors import SourceError
from connectors.formats.ldif import LdifFile, looks_like_ldif, parse
from tests.contract.connector_contract import (
    access,
)


def read_file(folder: Path, content: bytes) -> tuple[list[Item], list[Reject]]:
    path = folder / "book.ldif"
    path.write_bytes(content)
    source = LdifFile(LdifFile.Options(str(path)), access(folder))
    (collection,) = source.collections()
    pages = list(source.pull(collection, None, {}))
    items = [item for page in pages for item in page.items]
    return items, [reject for page in pages for reject in page.rejects]


THUNDERBIRD = """dn: cn=Ana Lima,mail=ana@x.org
objectclass: top
objectclass: person
objectclass: mozillaAbPersonAlpha
givenName: Ana
sn: Lima
cn: Ana Lima
mozillaNickname: Nana
mail: ana@x.org
mozillaSecondEmail: ana@work.example
telephoneNumber: 1
homePhone: 2
mobile: 3
facsimiletelephonenumber: 4
street: Street 1
mozillaWorkStreet2: Floor 2
l: K\u00f6ln
postalCode: 50667
c: Germany
mozillaHomeStreet: Home 1
mozillaHomeLocalityName: Porto
o: Acme
ou: Research
title: CTO
mozillaWorkUrl: https://work.example
nsAIMid: ana_aim
birthyear: 1985
birthmonth: 04
birthday: 12
mozillaCustom1: blue
description:: {note}
modifytimestamp: 1700000000Z

dn: cn=Choir
objectclass: top
objectclass: groupOfNames
cn: Choir
member: cn=Ana Lima, mail=ANA@x.org
member: cn=Somebody Else,mail=e@x.org
"""


def test_thunderbird_with_a_list(tmp_path: Path) -> None:
    note = base64.b64encode("Grüße,\nzwei Zeilen".encode()).decode()
    items, rejects = read_file(tmp_path, THUNDERBIRD.format(note=note).encode())
    assert rejects == []
    ana, choir = (item.contact for item in items)
    assert ana is not None
    assert choir is not None
    assert (ana.full_name, ana.given, ana.family, ana.nicknames) == (
        "Ana Lima",
        "Ana",
        "Lima",
        ("Nana",),
    )
    assert ana.emails == (ContactPoint("ana@x.org"), ContactPoint("ana@work.example"))
    assert ContactPoint("3", "mobile") in ana.phones
    assert ana.addresses == (
        Address(
            "Street 1\nFloor 2", city="Köln", postal_code="50667", country="Germany", label="work"
        ),
        Address("Home 1", city="Porto", label="home"),
    )
    assert (ana.organization, ana.department, ana.title) == ("Acme", "Research", "CTO")
    assert ana.birthday == PartialDate(1985, 4, 12)
    assert ana.note == "Grüße,\nzwei Zeilen"
    assert ana.ims == (ContactPoint("aim:ana_aim"),)
    assert ana.categories == ("Choir",)
    assert ana.extra == (("mozillacustom1", "blue"),)
    assert (choir.kind, choir.full_name) == ("group", "Choir")
    assert ("member", "cn=Somebody Else,mail=e@x.org") in choir.extra


def test_folded_lines_comments_options_and_carriage_returns(tmp_path: Path) -> None:
    ((item,), rejects) = read_file(
        tmp_path,
        b"\xef\xbb\xbf# a comment\r\nversion: 1\r\n\r\n"
        b"dn: cn=Ana\r\ncn;lang-pt: Ana \r\n Li\r\n ma\r\n"
        b"# another\r\n folded comment\r\nmail:ana@x.org\r\n",
    )
    assert rejects == []
    assert item.contact is not None
    assert (item.contact.full_name, item.contact.emails[0].value) == ("Ana Lima", "ana@x.org")


def test_a_damaged_line_is_a_warning_and_the_entry_comes_in(tmp_path: Path) -> None:
    items, rejects = read_file(
        tmp_path,
        b"dn: cn=Ana\ncn: Ana\nthis line says nothing\nmail:: @@@\nmobile: 1\n\n"
        b"dn: cn=Jos\xe9\ncn: Jos\xe9\n",
    )
    assert [item.contact.full_name for item in items if item.contact] == ["Ana", "José"]
    assert [(one.position, one.is_warning, one.href) for one in rejects] == [
        (3, True, "name:ana"),
        (4, True, "name:ana"),
    ]


def test_an_entry_is_kept_as_it_stood_and_a_photo_is_noted(tmp_path: Path) -> None:
    entry = b"dn: cn=Ana\ncn: Ana\njpegPhoto:: " + b"QUJD" * 19 + b"\n " + b"QUJD" * 19 + b"\n"
    ((item,), _) = read_file(tmp_path, entry)
    assert item.body == entry
    assert item.contact is not None
    assert item.contact.has_photo
    assert item.contact.extra == ()


def test_nothing_is_fetched_from_a_reference(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("do not read")
    ((item,), _) = read_file(
        tmp_path, f"dn: cn=Ana\ncn: Ana\ndescription:< file://{secret}\n".encode()
    )
    assert item.contact is not None
    assert "do not read" not in str(item.contact)
    assert item.contact.note == f"file://{secret}"


def test_somebody_keeps_the_href_when_the_file_grows(tmp_path: Path) -> None:
    ana = b"dn: cn=Ana,mail=a@x.org\ncn: Ana\nmail: a@x.org\n"
    before, _ = read_file(tmp_path, ana)
    after, _ = read_file(tmp_path, b"dn: cn=Rui\ncn: Rui\n\n" + ana)
    assert (before[0].href, before[0].etag) == (after[1].href, after[1].etag)


def test_what_is_no_ldif_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not LDIF"):
        read_file(tmp_path, b"Dear Ana,\ndn: no\n")
    assert not looks_like_ldif(b"dnsmasq 1\n")


@pytest.mark.parametrize(
    "content",
    [
        b"dn: cn=" + b"a+b=" * 100_000 + b",x\ncn: Ana\n",
        b"dn: cn=Ana\njpegPhoto:: QUJD\n" + b" QUJD\n" * 500_000,
        b"dn: " + b"x" * 20_000_000,
        b"dn: x\n" + b"\n" * 2_000_000,
        b"dn: x\n" + b":" * 1_000_000 + b"\n",
        b"dn: x\n\n" + b"a: b\n\n" * 20_000,
        b"dn: x\ncn:: " + b"=" * 1_000_000,
    ],
)
def test_no_entry_takes_long(tmp_path: Path, content: bytes) -> None:
    items, rejects = read_file(tmp_path, content)
    assert len(items) <= 1
    assert all(len(reject.content) <= 1 << 16 for reject in rejects)


def test_an_attribute_without_a_name_is_an_oddity() -> None:
    read = parse(b"dn: cn=Ana\n: nothing\ncn: Ana\n")
    assert read.values == (("cn", "Ana"),)
    assert read.oddities == ((2, b": nothing"),)
