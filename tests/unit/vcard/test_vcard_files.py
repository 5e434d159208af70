"""Files and folders of vCards: stable hrefs, pages, bad files, groups."""

import errno
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.contract import Item, Page
from connectors.errors import SourceError
from connectors.file_source import BYTES_PER_PAGE, ENTRIES_PER_PAGE
from connectors.stable_item_ids import Hrefs
from connectors.vcard.reader import MAX_CHARSET_BYTES
from connectors.vcard.source import VcardFile, cards_in
from tests.contract.connector_contract import (
    Mirror,
    access,
)
from tests.contract.test_vcard_source import card

# --- files ------------------------------------------------------------------------------


def source(path: Path | str) -> VcardFile:
    return VcardFile(VcardFile.Options(path=str(path)), access(Path("/nowhere")))


def pull(path: Path | str, cursor: str | None = None) -> list[Page]:
    connector = source(path)
    (collection,) = connector.collections()
    return list(connector.pull(collection, cursor, {}))


def hrefs(path: Path) -> list[str]:
    return [item.href for page in pull(path) for item in page.items]


def test_a_newer_export_gives_the_same_hrefs_whatever_the_order(tmp_path: Path) -> None:
    ana = b"BEGIN:VCARD\nFN:Ana Lima\nTEL:1\nEND:VCARD\n"
    rui = b"BEGIN:VCARD\nFN:Rui Costa\nEND:VCARD\n"
    eva = b"BEGIN:VCARD\nFN:Eva\nEND:VCARD\n"
    old, new = tmp_path / "old.vcf", tmp_path / "new.vcf"
    old.write_bytes(ana + rui)
    new.write_bytes(eva + rui + ana.replace(b"TEL:1", b"TEL:2"))
    assert hrefs(old) == ["name:ana lima", "name:rui costa"]
    assert hrefs(new) == ["name:eva", "name:rui costa", "name:ana lima"]
    assert source(old).collections()[0].href == source(new).collections()[0].href


def test_cards_that_name_the_same_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "twins.vcf"
    path.write_bytes(card("1", "Ana") * 3)
    assert hrefs(path) == ["uid:1", "uid:1~2", "uid:1~3"]


def test_a_long_file_comes_in_pages(tmp_path: Path) -> None:
    path = tmp_path / "long.vcf"
    count = 2 * ENTRIES_PER_PAGE + 200
    path.write_bytes(b"".join(card(str(n), f"Person {n}") for n in range(count)))
    pages = pull(path)
    assert [len(page.items) for page in pages] == [ENTRIES_PER_PAGE, ENTRIES_PER_PAGE, 200]
    assert [page.complete for page in pages] == [False, False, True]


def test_the_first_page_of_an_endless_file_comes_at_once() -> None:
    class Endless(io.BytesIO):
        served = 0

        def read(self, size: int | None = -1, /) -> bytes:
            self.served += 1
            return card("1", "Somebody") * 15_000

    stream = Endless()
    entries = cards_in(stream, Hrefs())
    first = [next(entries) for _ in range(ENTRIES_PER_PAGE)]
    assert all(isinstance(entry, Item) for entry in first)
    assert stream.served * len(stream.read()) < 2 * MAX_CHARSET_BYTES


def test_a_page_of_large_cards_is_short(tmp_path: Path) -> None:
    path = tmp_path / "large.vcf"
    with path.open("wb") as file:
        for n in range(8):
            photo = b"PHOTO;ENCODING=b:" + b"A" * (BYTES_PER_PAGE // 2 - 1000) + b"\r\nEND"
            file.write(card(str(n), f"Person {n}").replace(b"END", photo))
    assert [len(page.items) for page in pull(path)] == [3, 3, 2]


def test_a_file_name_that_is_no_utf8_gives_a_printable_href(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.vcf")).write_bytes(card("1", "Ana"))
    assert hrefs(tmp_path) == ["caf\\xe9.vcf#uid:1"]


def test_a_folder_that_cannot_be_read_is_named_and_the_others_come_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "friends").mkdir()
    (tmp_path / "ana.vcf").write_bytes(card("1", "Ana"))
    scan = os.scandir

    def refuse(path: Path | str) -> Iterator[os.DirEntry[str]]:
        if str(path).endswith("friends"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    error = refusal(tmp_path)
    assert "friends" in str(error)
    assert "chmod" in error.hint
    connector = source(tmp_path)
    pages = connector.pull(connector.collections()[0], None, {})
    page = next(pages)
    assert [item.uid for item in page.items] == ["1"]
    assert not page.complete
    assert page.cursor is None


def test_a_disk_that_fails_half_way_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "book.vcf"
    path.write_bytes(card("1", "Ana"))

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("connectors.vcard.source.open_regular", lambda path: Failing())
    with pytest.raises(SourceError, match="could not be read to its end: Input/output error"):
        pull(path)


def test_an_untouched_old_file_is_not_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "book.vcf"
    path.write_bytes(card("1", "Ana"))
    os.utime(path, (1_000_000_000, 1_000_000_000))
    cursor = pull(path)[-1].cursor
    (page,) = pull(path, cursor)
    assert page == Page(cursor=cursor)


def test_folders_are_walked_and_hidden_files_are_not(tmp_path: Path) -> None:
    (tmp_path / "friends").mkdir()
    (tmp_path / ".trash").mkdir()
    (tmp_path / "friends" / "ana.VCF").write_bytes(card("1", "Ana"))
    (tmp_path / ".trash" / "old.vcf").write_bytes(card("2", "Old"))
    (tmp_path / ".hidden.vcf").write_bytes(card("3", "Hidden"))
    (tmp_path / "readme.txt").write_text("BEGIN:VCARD")
    assert hrefs(tmp_path) == ["friends/ana.VCF#uid:1"]


def test_one_bad_file_of_a_folder_is_a_reject_and_what_it_held_stays(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.vcf", tmp_path / "bad.vcf"
    good.write_bytes(card("1", "Ana"))
    bad.write_bytes(card("2", "Rui"))
    mirror = Mirror()
    connector = source(tmp_path)
    mirror.pull(connector, connector.collections()[0])
    bad.write_bytes(b"")
    mirror.pull(connector, connector.collections()[0])
    assert mirror.uids() == {"1", "2"}
    (reject,) = mirror.rejected()
    assert reject.href == "bad.vcf"
    assert "is empty" in reject.reason


def test_a_group_is_an_item_with_its_members(tmp_path: Path) -> None:
    path = tmp_path / "group.vcf"
    path.write_bytes(
        b"BEGIN:VCARD\nVERSION:3.0\nUID:g\nN:Choir\nFN:Choir\nX-ADDRESSBOOKSERVER-KIND:group\n"
        b"X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:u1\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:u2\n"
        b"END:VCARD\n"
    )
    ((item,),) = [page.items for page in pull(path)]
    assert item.kind == "contact"
    assert item.contact
    assert item.contact.kind == "group"
    assert item.contact.members == ("u1", "u2")


def test_warnings_name_the_card_and_the_line(tmp_path: Path) -> None:
    path = tmp_path / "odd.vcf"
    path.write_bytes(b"BEGIN:VCARD\nFN:Ana\nthis is no property\nTEL:1\n")
    (page,) = pull(path)
    assert [(r.href, r.position, r.content, r.is_warning) for r in page.rejects] == [
        ("name:ana", 3, b"this is no property", True),
        ("name:ana", 1, b"BEGIN:VCARD\nFN:Ana\nthis is no property\nTEL:1\n", True),
    ]
    assert len(page.items) == 1


# --- what cannot be read says what, where, what stayed unchanged, and what to do ----------


def refusal(path: Path | str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        pull(path)
    assert str(path) in str(caught.value)
    assert "Nothing was changed" in str(caught.value)
    assert caught.value.hint
    return caught.value


def test_missing_file(tmp_path: Path) -> None:
    assert "no file" in str(refusal(tmp_path / "none.vcf"))


def test_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.vcf").touch()
    assert "is empty" in str(refusal(tmp_path / "empty.vcf"))


def test_folder_without_cards(tmp_path: Path) -> None:
    assert "no .vcf file" in str(refusal(tmp_path))


def test_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.vcf")
    assert "FIFO" in str(refusal(tmp_path / "pipe.vcf"))


def test_a_file_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "letter.vcf").write_text("Dear Ana,\n" * 1000)
    assert "no vCard" in str(refusal(tmp_path / "letter.vcf"))


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "locked.vcf"
    path.write_bytes(card("1", "Ana"))

    def refuse(_path: Path, _flags: int) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", refuse)
    assert "chmod" in refusal(path).hint


def test_a_file_that_grows_while_it_is_read_is_not_taken_for_whole(tmp_path: Path) -> None:
    path = tmp_path / "growing.vcf"
    count = ENTRIES_PER_PAGE + 200
    path.write_bytes(b"".join(card(str(n), f"Person {n}") for n in range(count)))
    connector = source(path)
    pages = connector.pull(connector.collections()[0], None, {})
    next(pages)
    with path.open("ab") as file:
        file.write(card("late", "Late"))
    with pytest.raises(SourceError, match="was changed while it was read"):
        list(pages)
