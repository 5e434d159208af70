"""Whatever file is imported: told by its content, in folders and archives too."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

import connectors
from connectors.contract import Item, Reject
from connectors.errors import SourceError, UsageError
from connectors.formats.any_file_source import ImportFile
from connectors.formats.recognise_format import recognise
from tests.contract.connector_contract import (
    access,
)
from tests.support.small_address_books import apple_book, calendar, card, zipped


def importer(path: Path, mapping: Sequence[str] = ()) -> ImportFile:
    return ImportFile(ImportFile.Options(str(path), tuple(mapping)), access(path.parent))


def pull(path: Path, mapping: Sequence[str] = ()) -> dict[str, tuple[list[Item], list[Reject]]]:
    """What each collection brings."""
    source = importer(path, mapping)
    found = {}
    for collection in source.collections():
        pages = list(source.pull(collection, None, {}))
        assert pages[-1].complete
        assert pages[-1].cursor
        items = [item for page in pages for item in page.items]
        found[collection.href] = items, [reject for page in pages for reject in page.rejects]
    return found


def names(items: Sequence[Item]) -> list[str | None]:
    return [item.contact.full_name if item.contact else item.uid for item in items]


def test_it_is_registered() -> None:
    assert connectors.load(connectors.CONNECTORS["import"]) is ImportFile


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a", card("Ana") + card("Rui"), ["Ana", "Rui"]),
        ("b", calendar("one", "two"), ["one", "two"]),
        ("c", b"First Name,Labels\nAna,* myContacts\n", ["Ana"]),
        ("d", b"dn: cn=Ana\ncn: Ana\nmail: a@x.org\n", ["Ana"]),
    ],
)
def test_a_single_file_of_any_format_is_one_collection(
    tmp_path: Path, name: str, content: bytes, expected: list[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    ((items, rejects),) = pull(path).values()
    assert names(items) == expected
    assert rejects == []


def test_a_mapping_reaches_the_csv(tmp_path: Path) -> None:
    path = tmp_path / "strange.csv"
    path.write_bytes(b"Wer;Schuhe\nAna;39\n")
    ((items, _),) = pull(path, ["Wer=full_name"]).values()
    assert names(items) == ["Ana"]


def test_a_folder_of_everything_comes_in_whole(tmp_path: Path) -> None:
    folder = tmp_path / "old stuff"
    (folder / "cards").mkdir(parents=True)
    (folder / "cards" / "a.txt").write_bytes(card("Ana"))
    (folder / "cards" / "b").write_bytes(card("Rui"))
    (folder / "cal.bak").write_bytes(calendar("one"))
    (folder / "connections.csv").write_bytes(b"First Name,Last Name,Connected On\nEva,Stein,\n")
    (folder / "book.ldif").write_bytes(b"dn: cn=Leo\ncn: Leo\n")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff" + bytes(range(256)) * 20)
    (folder / ".hidden.vcf").write_bytes(card("Nobody"))
    apple_book(
        folder / "mac.abcddb",
        {"ZABCDRECORD": [{"Z_PK": 1, "Z_ENT": 22, "ZUNIQUEID": "U1", "ZFIRSTNAME": "Kim"}]},
    )
    (folder / "mac.abcddb").rename(folder / "cards" / "mac.abcddb")
    found = pull(folder)
    assert {href: names(items) for href, (items, _) in found.items()} == {
        "cards": ["Ana", "Rui"],
        "cards/mac.abcddb": ["Kim"],
        ".#calendars": ["one"],
        "connections.csv": ["Eva Stein"],
        "book.ldif": ["Leo"],
    }
    rejects = [reject for _, rejected in found.values() for reject in rejected]
    (warning,) = rejects
    assert warning.is_warning
    assert "1 other file ignored" in warning.reason
    assert "photo.jpg" in warning.reason


def test_an_abbu_folder_is_one_book_a_source(tmp_path: Path) -> None:
    folder = tmp_path / "Contacts.abbu"
    apple_book(folder / "AddressBook-v22.abcddb", {})
    for number, name in enumerate(("Ana", "Rui"), 1):
        row = {"Z_PK": 1, "Z_ENT": 22, "ZUNIQUEID": f"U{number}", "ZFIRSTNAME": name}
        apple_book(folder / f"Sources/{number}/AddressBook-v22.abcddb", {"ZABCDRECORD": [row]})
    found = pull(folder)
    assert [names(items) for items, _ in found.values()] == [[], ["Ana"], ["Rui"]]
    as_zip = tmp_path / "abbu.zip"
    members = {
        f"Contacts.abbu/{path.relative_to(folder)}": path.read_bytes()
        for path in sorted(folder.rglob("*.abcddb"))
    }
    zipped(members, as_zip)
    assert [names(items) for items, _ in pull(as_zip).values()] == [[], ["Ana"], ["Rui"]]


def test_a_google_takeout_has_each_card_once_with_its_labels(tmp_path: Path) -> None:
    ana, rui, eva = card("Ana"), card("Rui"), card("Eva")
    path = tmp_path / "takeout-20260102.zip"
    zipped(
        {
            "Takeout/Kontakte/Chor/Chor.vcf": ana,
            "Takeout/Kontakte/Familie/Familie.vcf": rui + ana,
            "Takeout/Kontakte/Alle Kontakte/Alle Kontakte.vcf": ana + rui + eva,
            "Takeout/Kontakte/Alle Kontakte/Ana.jpg": b"\xff\xd8\xff" + b"\0" * 100,
            "Takeout/Kalender/Privat.ics": calendar("one"),
            "Takeout/Kalender/Arbeit.ics": calendar("two", "one"),
            "Takeout/archive_browser.html": b"<!DOCTYPE html><title>Archive</title>",
        },
        path,
    )
    found = pull(path)
    cards, _ = found["Takeout/Kontakte"]
    assert [
        (item.contact.full_name, item.contact.categories) for item in cards if item.contact
    ] == [
        ("Ana", ("Chor", "Familie")),
        ("Rui", ("Familie",)),
        ("Eva", ()),
    ]
    events, _ = found["Takeout/Kalender#calendars"]
    assert [(item.href, item.uid, item.kind) for item in events] == [
        ("two", "two", "event"),
        ("one", "one", "event"),
        ("one~2", "one", "event"),
    ]
    assert len(found) == 2


def test_a_linkedin_archive_brings_the_connections_and_names_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "Complete_LinkedInDataExport.zip"
    zipped(
        {
            "Connections.csv": b"First Name,Last Name,Company,Connected On\nAna,Lima,,1 Feb 2020\n",
            "Recommendations.csv": b"First Name,Last Name,Company,Job Title,Text,Status\n"
            b"Rui,Costa,Acme,CTO,Good,Visible\n",
            "Invitations.csv": b"From,To,Sent At,Direction\nA B,C D,1/2/20,IN\n",
        },
        path,
    )
    ((items, (warning,)),) = pull(path).values()
    assert names(items) == ["Ana Lima"]
    assert warning.is_warning
    assert "Invitations.csv, Recommendations.csv" in warning.reason
    assert "--map" in warning.reason
    found = pull(path, ["From=full_name"])
    assert [names(items) for items, _ in found.values()] == [["Ana Lima"], ["A B"]]
    with pytest.raises(UsageError, match="has the columns Nobody"):
        pull(path, ["Nobody=full_name"])


def test_what_must_not_be_read_in_an_archive_is_rejected_by_name(tmp_path: Path) -> None:
    path = tmp_path / "bad.zip"
    zipped(
        {
            "../../etc/cron.d/evil.vcf": card("Evil"),
            "inner.zip": zipped({"a.vcf": card("Deep")}),
            "bomb.vcf": b"\0" * (30 << 20),
            "good.vcf": card("Ana"),
        },
        path,
    )
    ((items, rejects),) = pull(path).values()
    assert names(items) == ["Ana"]
    reasons = {reject.href: reject.reason for reject in rejects}
    assert "leads out of the archive" in reasons["../../etc/cron.d/evil.vcf"]
    assert "archive in an archive" in reasons["inner.zip"]
    assert "zip bomb" in reasons["bomb.vcf"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["bad.zip"]


def test_what_we_hold_of_a_file_that_cannot_be_read_now_is_not_called_gone(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    whole = zipped({"a.vcf": card("Ana") * 300, "b.vcf": card("Rui")})
    path.write_bytes(whole)
    ((items, _),) = pull(path).values()
    known = {item.href: item.etag for item in items}
    bent = bytearray(whole)
    bent[55:70] = b"\xff" * 15
    path.write_bytes(bytes(bent))
    source = importer(path)
    (collection,) = source.collections()
    pages = list(source.pull(collection, None, known))
    assert not any(page.complete or page.gone for page in pages)
    assert any(reject.href == "a.vcf" or "a.vcf" in reject.reason for reject in pages[-1].rejects)


def test_a_pipe_in_a_folder_is_rejected_and_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a.vcf").write_bytes(card("Ana"))
    os.mkfifo(tmp_path / "pipe.vcf")
    ((items, rejects),) = pull(tmp_path).values()
    assert names(items) == ["Ana"]
    assert [reject.href for reject in rejects] == ["pipe.vcf"]
    assert "a pipe" in rejects[0].reason


def test_a_folder_or_archive_with_nothing_says_what_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="holds nothing that can be read") as caught:
        importer(tmp_path / "empty").collections()
    assert "LinkedIn" in str(caught.value)
    (tmp_path / "cut.zip").write_bytes(zipped({"a.vcf": card("Ana") * 50})[:-30])
    with pytest.raises(SourceError, match=r"cut.zip is a damaged .zip"):
        importer(tmp_path / "cut.zip").collections()


def test_an_untouched_archive_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    zipped({"a.vcf": card("Ana"), "b.ics": calendar("one")}, path)
    source = importer(path)
    for collection in source.collections():
        *_, last = source.pull(collection, None, {})
        (page,) = importer(path).pull(collection, last.cursor, {})
        assert not page.items
        assert not page.complete
        assert page.cursor == last.cursor


def test_a_data_folder_of_ours_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.vcf").write_bytes(card("Ana"))
    (tmp_path / "old.duckdb.bak").write_bytes(card("Old"))
    (tmp_path / "book" / "exports").mkdir(parents=True)
    (tmp_path / "book" / "state.duckdb").write_bytes(b"\0" * 8 + b"DUCK" + card("Rui"))
    (tmp_path / "book" / "exports" / "b.vcf").write_bytes(card("Rui"))
    ((items, rejects),) = pull(tmp_path).values()
    assert names(items) == ["Ana"]
    assert rejects == []


@pytest.mark.parametrize(
    "content",
    [
        b"\0" * 8 + b"DUCK" + b"\0" * 40 + card("Rui"),
        b"First Name,Last Name\n" + bytes(range(256)) * 4,
        b"dn: cn=Ana\ncn: Ana\n\0\0\0\0mail: a@x.org\n",
    ],
)
def test_a_binary_file_is_no_text(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(SourceError, match="nothing that can be read"):
        importer(tmp_path / "a").collections()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_a_csv_in_utf_16_is_no_binary_file(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes("First Name,Labels\nAna,* myContacts\n".encode(encoding))
    found = recognise(tmp_path / "a.csv", {})
    assert found.format == "csv"
