"""LDIF files (RFC 2849), as Thunderbird, Mozilla and directory servers export address books.

The reader is our own: one damaged line costs that line, not the file; an entry is bounded; a
reference to another file or address (`attribute:< URL`) is never followed.
"""

import base64
import binascii
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from connectors.charsets import BYTEWISE
from connectors.column_targets import ColumnContactBuilder, Target, read_target
from connectors.contract import Access, Contact, Item, Reject
from connectors.errors import UNCHANGED, SourceError
from connectors.file_source import (
    Entry,
    FileSource,
    chunks_of,
    fingerprint,
    open_regular,
)
from connectors.stable_item_ids import Hrefs, card_key

MEDIA_TYPE = "text/x-ldif"
MAX_ENTRY = 4 << 20
"""Bytes of one entry; photos stand in entries."""
EXCERPT = 1 << 16

_START = re.compile(rb"version:\s*\d+\s*\Z|dn::?", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"([A-Za-z][\w.-]{0,99}|\d[\d.]{0,99})((?:;[\w-]{1,99}){0,9}):([:<]?)[ ]*")

_TABLE = """
givenname given                 gn given                     sn family
surname family                  cn full_name                 commonname full_name
displayname full_name           mozillanickname nickname     xmozillanickname nickname
mail email                      mozillasecondemail email     xmozillasecondemail email
rfc822mailbox email             mailalternateaddress email   telephonenumber phone:work
homephone phone:home            mobile phone:mobile          cellphone phone:mobile
carphone phone:car              pager phone:pager            pagerphone phone:pager
facsimiletelephonenumber phone:fax                           fax phone:fax
street address.street:work      streetaddress address.street:work
postofficebox address.po_box:work                            mozillaworkstreet2 address.street:work
l address.city:work             locality address.city:work   st address.region:work
region address.region:work      postalcode address.postal_code:work
zip address.postal_code:work    c address.country:work       countryname address.country:work
co address.country:work         mozillahomestreet address.street:home
mozillahomestreet2 address.street:home
mozillahomelocalityname address.city:home
mozillahomestate address.region:home
mozillahomepostalcode address.postal_code:home
mozillahomecountryname address.country:home                  homepostaladdress address.street:home
title title                     ou department                department department
departmentnumber department     orgunit department           o organization
company organization            organizationname organization
nsaimid im:aim                  nscpaimscreenname im:aim     mozillaworkurl url:work
workurl url:work                labeleduri url               mozillahomeurl url:home
homeurl url:home                birthyear birthday.year      birthmonth birthday.month
birthday birthday.day           description note             notes note
modifytimestamp revised_at      entryuuid uid                initials extra
preferredlanguage language      secretary related:assistant  manager related:manager
"""
TARGETS: dict[str, Target] = {
    name: read_target(text)
    for name, text in (cell.split() for cell in re.split(r"\n|\s{2,}", _TABLE.strip()))
}
_PHOTOS = ("jpegphoto", "photo", "thumbnailphoto")
_SILENT = ("objectclass", "dn")
_GROUPS = ("groupofnames", "groupofuniquenames")


@dataclass(frozen=True, slots=True)
class Attributes:
    """One entry: its name, its attributes in order, and the lines that are none."""

    dn: str
    values: tuple[tuple[str, str], ...]
    """Attribute in lower case without options → value; a photo's value is empty."""
    oddities: tuple[tuple[int, bytes], ...] = ()


def looks_like_ldif(head: bytes) -> bool:
    """Whether a file begins with an entry: after comments, `version:` or `dn:`."""
    for line in head.removeprefix(b"\xef\xbb\xbf").split(b"\n")[:200]:
        if line.strip() and not line.startswith((b"#", b" ")):
            return _START.match(line) is not None
    return False


def split(stream: BinaryIO) -> Iterator[bytes]:
    """The entries of a file as they stand in it, without the blank lines between them.

    :param stream: at its beginning, and can be rewound.
    """
    lines: list[bytes] = []
    size = 0
    if stream.read(len(BOM_UTF8)) != BOM_UTF8:
        stream.seek(0)
    while line := stream.readline(MAX_ENTRY):
        if line.strip(b"\r\n"):
            if size <= MAX_ENTRY:
                lines.append(line)
            size += len(line)
        elif lines:
            yield b"".join(lines)
            lines, size = [], 0
    if lines:
        yield b"".join(lines)


def parse(entry: bytes) -> Attributes:
    """The attributes of an entry; a line that is none is an oddity with its number from 1."""
    dn = ""
    values: list[tuple[str, str]] = []
    oddities: list[tuple[int, bytes]] = []
    unfolded = re.sub(rb"\r?\n[ \t]", b"", entry)
    for number, line in enumerate(unfolded.splitlines(), 1):
        if line.startswith(b"#") or not line.strip():
            continue
        match = _ATTRIBUTE.match(line)
        value = _value(line, match) if match else None
        if match is None or value is None:
            oddities.append((number, line))
            continue
        name = match[1].decode("ascii").lower()
        if name == "dn":
            dn = value
        elif name != "version":
            values.append((name, value))
    return Attributes(dn, tuple(values), tuple(oddities))


def contact_of(attributes: Attributes) -> tuple[Contact, list[str]]:
    """The card an entry is, and what in it could not be read."""
    draft = ColumnContactBuilder()
    classes = {value.lower() for name, value in attributes.values if name == "objectclass"}
    has_photo = False
    for name, value in attributes.values:
        if name in _PHOTOS:
            has_photo = True
        elif name not in _SILENT:
            draft.add(TARGETS.get(name, Target("extra")), value, name)
    contact = draft.contact(has_photo=has_photo)
    if classes & {*_GROUPS}:
        contact = replace(contact, kind="group")
    return contact, draft.warnings


def read(stream: BinaryIO) -> Iterator[Entry]:
    """The entries of a file; who is in a list (groupOfNames) has its name as a category."""
    groups = _memberships(stream)
    stream.seek(0)
    hrefs = Hrefs()
    for number, body in enumerate(split(stream), 1):
        if len(body) > MAX_ENTRY:
            yield _reject("an entry that is too long", number, body, hrefs)
            continue
        attributes = parse(body)
        if not attributes.dn and not attributes.values:
            if attributes.oddities:
                yield _reject("no entry: a line without a colon", number, body, hrefs)
            continue
        yield from _read_entry(attributes, number, body, hrefs, groups)


@dataclass(frozen=True, slots=True)
class LdifOptions:
    """The `path` of the file."""

    path: str


class LdifFile(FileSource):
    """An LDIF file as a source with one collection of contacts."""

    Options: ClassVar[type[Any]] = LdifOptions

    def __init__(self, options: LdifOptions, access: Access) -> None:
        super().__init__(Path(options.path).expanduser(), access)

    def fingerprint(self) -> str:
        """Of the bytes."""
        with open_regular(self.path) as stream:
            return fingerprint(chunks_of(stream))

    def entries(self) -> Iterator[Entry]:
        """The entries.

        :raises SourceError: it is not LDIF.
        """
        with open_regular(self.path) as stream:
            if not looks_like_ldif(stream.read(EXCERPT)):
                raise SourceError(
                    f"{self.path} is not LDIF: it begins with neither `dn:` nor `version:`. "
                    f"{UNCHANGED}",
                    hint="kithbook import FILE recognises what a file is by its content.",
                )
            stream.seek(0)
            yield from read(stream)


def _memberships(stream: BinaryIO) -> dict[str, list[str]]:
    """The name of each member in lower case → the lists it is in."""
    groups: dict[str, list[str]] = {}
    for body in split(stream):
        if b"roup" not in body or len(body) > MAX_ENTRY:
            continue
        attributes = parse(body)
        contact, _ = contact_of(attributes)
        if contact.kind == "group" and contact.full_name:
            for name, value in attributes.values:
                if name in ("member", "uniquemember"):
                    groups.setdefault(_same_dn(value), []).append(contact.full_name)
    return groups


def _read_entry(
    attributes: Attributes, number: int, body: bytes, hrefs: Hrefs, groups: dict[str, list[str]]
) -> Iterator[Entry]:
    contact, warnings = contact_of(attributes)
    points = (contact.emails, contact.phones, contact.urls, contact.ims, contact.addresses)
    if not (contact.full_name or any(points)):
        yield _reject("no name, organisation, e-mail or phone", number, body, hrefs)
        return
    lists = groups.get(_same_dn(attributes.dn), [])
    if lists:
        contact = replace(contact, categories=tuple(dict.fromkeys((*contact.categories, *lists))))
    href = hrefs.give(card_key(contact, body))
    digest = blake2b(body, digest_size=16)
    digest.update("\0".join(lists).encode())
    etag = digest.hexdigest()
    yield Item(href, contact.uid, "contact", etag, MEDIA_TYPE, body, contact=contact)
    for warning in warnings:
        yield Reject(warning, href, 1, body[:EXCERPT], is_warning=True)
    for line, content in attributes.oddities:
        yield Reject("the line is not an attribute", href, line, content[:EXCERPT], is_warning=True)


def _value(line: bytes, match: re.Match[bytes]) -> str | None:
    """The text of an attribute; None when its base64 cannot be read."""
    rest = line[match.end() :]
    if match[1].lower().decode("ascii", "replace") in _PHOTOS:
        return ""
    if match[3] == b":":
        digits = rest.translate(None, b" \t=")
        try:
            rest = base64.b64decode(digits + b"=" * (-len(digits) % 4), validate=True)
        except binascii.Error:
            return None
    return rest.strip().decode("utf-8", BYTEWISE)


def _same_dn(dn: str) -> str:
    return ",".join(part.strip().casefold() for part in dn.split(","))


def _reject(reason: str, number: int, body: bytes, hrefs: Hrefs) -> Reject:
    digest = blake2b(body, digest_size=12).hexdigest()
    return Reject(reason, hrefs.give(f"entry:{digest}"), number, body[:EXCERPT])
