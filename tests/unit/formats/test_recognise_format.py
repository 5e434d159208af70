import os
import stat
from pathlib import Path

import pytest

from connectors.errors import SourceError
from connectors.formats.recognise_format import HEAD_BYTES, recognise, sniff
from tests.support.small_address_books import apple_book, calendar, card, zipped

HEADERS = {
    "Google Contacts CSV": "First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value",
    "Google Contacts CSV (before 2023)": "Name,Given Name,Group Membership,E-mail 1 - Type",
    "LinkedIn connections": "First Name,Last Name,Email Address,Company,Position,Connected On",
    "Thunderbird CSV": "First Name,Last Name,Display Name,Primary Email,Birth Year,",
    "Yahoo CSV": '"First","Last","Email","Messenger ID","Yahoo! Phone"',
    "Outlook CSV": '"Title","First Name","Last Name","Business Phone","E-mail Address"',
    "Outlook CSV (de)": '"Anrede";"Vorname";"Nachname";"E-Mail-Adresse";"Ort privat"',
    "Outlook CSV (fr)": "Titre;Prénom;Nom;Adresse de messagerie;Ville (domicile)",
    "Outlook CSV (nl)": "Titel,Voornaam,Achternaam,E-mailadres,Telefoon op werk",
}


@pytest.mark.parametrize("title", HEADERS)
def test_each_csv_is_told_by_its_header_alone(title: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        found = sniff(f"{HEADERS[title]}\r\n".encode(encoding), {}, "x")
        assert found is not None
        assert (found.format, found.title) == ("csv", title)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (card("Ana"), "vcard"),
        (b"\xef\xbb\xbf\r\n begin : vcard\nVERSION:2.1\n", "vcard"),
        (card("Ana").decode().encode("utf-16"), "vcard"),
        (card("Ana").decode().encode("utf-16-be"), "vcard"),
        (b"\x01\x00\x00\x00backup\x00" + card("Ana"), "vcard"),
        (calendar("a"), "ical"),
        (b"# saved\nversion: 1\n\ndn: cn=Ana\n", "ldif"),
        (b"dn:: Y249QW5h\n", "ldif"),
        (zipped({"a.vcf": card("Ana")}), "zip"),
    ],
)
def test_a_format_is_told_by_its_first_bytes(head: bytes, kind: str) -> None:
    found = sniff(head, {}, "x")
    assert found is not None
    assert found.format == kind


def test_the_name_of_a_file_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "holiday.jpg"
    path.write_bytes(card("Ana"))
    assert recognise(path, {}).format == "vcard"
    path = tmp_path / "contacts.vcf"
    apple_book(path, {})
    assert recognise(path, {}).format == "abbu"


def test_a_mapping_makes_a_csv_of_what_nobody_knows() -> None:
    head = b"Wer;Schuhe\nAna;39\n"
    found = sniff(head, {"Wer": "full_name"}, "x")
    assert found is not None
    assert found.title == "CSV read with a mapping"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7\n...", "a PDF"),
        (b"<!DOCTYPE html><title>Sign in</title>", "a web page"),
        (b'{"people": []}', "JSON"),
        (zipped({"[Content_Types].xml": b"<Types/>"}), "an Office document"),
        (os.urandom(5000) + b"\0" * 100, "nothing that can be read"),
        (b"Dear Ana,\nthank you, and see you soon.\n", "nothing that can be read"),
    ],
)
def test_what_it_cannot_tell_gets_an_error_that_lists_what_it_can(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "strange"
    path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        recognise(path, {})
    message = str(caught.value)
    assert words in message
    assert str(path) in message
    for one in ("vCard", "iCalendar", "LinkedIn", "LDIF", ".abbu", "Takeout", "--map"):
        assert one in message
    assert caught.value.hint


def test_a_missing_an_empty_and_a_locked_file_each_say_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="There is no file") as caught:
        recognise(tmp_path / "none.vcf", {})
    assert caught.value.hint
    (tmp_path / "empty.vcf").touch()
    with pytest.raises(SourceError, match=r"empty.vcf is empty"):
        recognise(tmp_path / "empty.vcf", {})
    if os.geteuid() != 0:
        locked = tmp_path / "locked.vcf"
        locked.write_bytes(card("Ana"))
        locked.chmod(0)
        with pytest.raises(SourceError, match="may not be read") as caught:
            recognise(locked, {})
        assert "chmod" in caught.value.hint


def test_a_pipe_and_a_device_are_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.vcf"
    os.mkfifo(pipe)
    with pytest.raises(SourceError, match="a pipe"):
        recognise(pipe, {})
    if stat.S_ISCHR(Path("/dev/zero").stat().st_mode):
        with pytest.raises(SourceError, match="a device"):
            recognise(Path("/dev/zero"), {})


def test_only_the_first_page_of_a_huge_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as stream:
        stream.write(card("Ana") * 10)
        stream.truncate(10 << 30)
    assert recognise(path, {}).format == "vcard"


@pytest.mark.parametrize("piece", [b'x","\n', b'"', b"BEGIN:VCARD ", b"a,", b"\n\n", b"dn"])
def test_no_beginning_takes_long_to_look_at(piece: bytes) -> None:
    head = (piece * HEAD_BYTES)[:HEAD_BYTES]
    assert sniff(head, {}, "x") == sniff(head[: HEAD_BYTES // 2], {}, "x")
