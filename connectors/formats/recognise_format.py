"""What a file is, by what stands in it and never by its name. Reads its beginning only."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from connectors.errors import UNCHANGED, SourceError
from connectors.file_source import is_folder, open_regular

FileFormat = Literal["vcard", "ical", "csv", "ldif", "abbu", "zip", "folder"]

HEAD_BYTES = 1 << 18
READABLE = (
    "vCard (.vcf), iCalendar (.ics), the CSV of Google Contacts, Outlook, LinkedIn, Thunderbird "
    "and Yahoo, any other CSV with --map, LDIF, Apple's .abbu and .abcddb, a folder or a .zip of "
    "any of these, and a Google Takeout .zip"
)

_WHITE = b"\xef\xbb\xbf \t\r\n"
_STRANGERS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF", "Export the contacts as vCard (.vcf) or CSV instead."),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.xls, .doc or .msg)", "Save it as CSV."),
    (b"!BDN", "an Outlook data file (.pst)", "In Outlook: File, Export, to a file, CSV."),
    (b"\x1f\x8b", "packed with gzip", "Unpack it: gunzip FILE"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it, then import the folder."),
    (b"Rar!", "a RAR archive", "Unpack it, then import the folder."),
    (b"bplist00", "a single record of Apple's Contacts", "Import the whole .abbu folder."),
    (b"<!DOCTYPE html", "a web page", "Download the file itself; you may have to log in."),
    (b"<html", "a web page", "Download the file itself; you may have to log in."),
    (b"<?xml", "XML", "Export the contacts as vCard (.vcf) or CSV instead."),
    (b"{", "JSON", "Export the contacts as vCard (.vcf) or CSV instead."),
    (b"[", "JSON", "Export the contacts as vCard (.vcf) or CSV instead."),
)


@dataclass(frozen=True, slots=True)
class RecognisedFile:
    """What a file is: its format, and its name for people ("Outlook CSV (de)")."""

    format: FileFormat
    title: str
    needs_mapping: bool = False
    """A CSV whose columns nobody knows: it can be read with a mapping only."""


def recognise(path: Path, mapping: Mapping[str, str]) -> RecognisedFile:
    """What stands at a path.

    :param mapping: column → field for a CSV that nobody knows; may be empty.
    :raises SourceError: it cannot be read, or is nothing that can be; the message lists what can.
    """
    if is_folder(path):
        return RecognisedFile("folder", "folder")
    with open_regular(path) as stream:
        head = stream.read(HEAD_BYTES)
    found = sniff(head, mapping, str(path))
    if found is None:
        raise unreadable(head, str(path))
    return found


def sniff(head: bytes, mapping: Mapping[str, str], name: str) -> RecognisedFile | None:
    """What a file is that begins so; None when it is nothing that can be read.

    :param head: the first `HEAD_BYTES`.
    :raises UsageError: the mapping names a column that is not there.
    """
    if head[8:12] == b"DUCK":  # a DuckDB database holds whole cards, and is none
        return None
    return _by_magic(head) or _by_text(head, mapping, name)


def unreadable(head: bytes, name: str) -> SourceError:
    """The error for what nobody can read, with what it seems to be and what to do."""
    stranger = _stranger(head)
    if stranger is None:
        return SourceError(
            f"{name} is nothing that can be read: it can be {READABLE}. {UNCHANGED}",
            hint="Export the contacts as vCard (.vcf), the calendar as iCalendar (.ics).",
        )
    what, hint = stranger
    return SourceError(f"{name} is {what}; it can be {READABLE}. {UNCHANGED}", hint=hint)


def _by_magic(head: bytes) -> RecognisedFile | None:
    if head.startswith(b"SQLite format 3\0"):
        return RecognisedFile("abbu", "Apple address book")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) and not _is_office(head):
        return RecognisedFile("zip", "zip archive")
    cards, calendar = _find_line(head, b"BEGIN:VCARD"), _find_line(head, b"BEGIN:VCALENDAR")
    if cards >= 0 and not 0 <= calendar < cards:
        return RecognisedFile("vcard", "vCard")
    return RecognisedFile("ical", "iCalendar") if calendar >= 0 else None


def _by_text(head: bytes, mapping: Mapping[str, str], name: str) -> RecognisedFile | None:
    from connectors.csv.contacts import understand
    from connectors.csv.rows import is_binary
    from connectors.formats.ldif import looks_like_ldif

    if is_binary(head):
        return None
    if looks_like_ldif(head):
        return RecognisedFile("ldif", "LDIF")
    if _stranger(head) is not None and not mapping:
        return None
    table = understand(head, mapping, name)
    return RecognisedFile("csv", table.title, not table.is_understood) if table else None


def _find_line(head: bytes, text: bytes) -> int:
    """Where a line begins with the text, in any case, also in UTF-16; -1 if none does.

    Phone backups have bytes of their own before the first card: there a line may begin anywhere.
    """
    plain = head.replace(b"\0", b"") if b"\0" in head else head
    upper = plain.upper().replace(b" :", b":").replace(b": ", b":")
    at = upper.find(text)
    is_binary = b"\0" in head
    while at >= 0:
        if is_binary or upper[:at].rstrip(b" \t")[-1:] in (b"", b"\n", b"\r", b"\xbf"):
            return at
        at = upper.find(text, at + 1)
    return -1


def _is_office(head: bytes) -> bool:
    """Office documents are zips whose first member says so (ECMA-376 part 2; OpenDocument 1.2)."""
    return b"[Content_Types].xml" in head[:2000] or b"mimetypeapplication/vnd." in head[:200]


def _stranger(head: bytes) -> tuple[str, str] | None:
    """A well-known format that cannot be read, and what to do."""
    if head.startswith(b"PK") and _is_office(head):
        return "an Office document", "Save it as CSV (in the program: Save as, CSV)."
    start = head.lstrip(_WHITE)[:20].lower()
    for magic, what, hint in _STRANGERS:
        if start.startswith(magic.lower()):
            return what, hint
    return None
