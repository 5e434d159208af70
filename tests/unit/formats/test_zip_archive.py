import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from connectors.errors import SourceError
from connectors.formats import zip_archive
from connectors.formats.zip_archive import open_archive
from tests.support.small_address_books import card, zipped


def write(folder: Path, entries: list[tuple[zipfile.ZipInfo | str, bytes]]) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries:
            opened.writestr(name, content)
    return path


def refusals(path: Path) -> dict[str | None, str]:
    with open_archive(path) as opened:
        return {reject.href: reject.reason for reject in opened.refused}


def test_members_are_read_by_name_without_unpacking(tmp_path: Path) -> None:
    path = write(
        tmp_path, [("b/Ana.vcf", card("Ana")), ("__MACOSX/b/._Ana.vcf", b"x"), (".DS_Store", b"x")]
    )
    with open_archive(path) as opened:
        (member,) = opened.members
        assert (member.name, member.size) == ("b/Ana.vcf", len(card("Ana")))
        with opened.open(member) as stream:
            assert stream.read() == card("Ana")
            stream.seek(0)
            assert stream.read(5) == b"BEGIN"
        assert opened.refused == []
    assert [one.name for one in tmp_path.iterdir()] == ["a.zip"]


@pytest.mark.parametrize(
    "name", ["../evil.vcf", "/etc/evil.vcf", "a/../../evil.vcf", "C:/evil.vcf", "..\\evil.vcf"]
)
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, [(name, card("Evil")), ("good.vcf", card("Ana"))])
    with open_archive(path) as opened:
        assert [member.name for member in opened.members] == ["good.vcf"]
        (reject,) = opened.refused
        assert reject.reason == "its name leads out of the archive"
        assert reject.content


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.vcf")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "a link" in refusals(write(tmp_path, [(link, b"/etc/passwd")]))["link.vcf"]


def test_a_bomb_is_refused_and_little_of_it_unpacked(tmp_path: Path) -> None:
    path = write(tmp_path, [("bomb.vcf", b"\0" * (64 << 20)), ("good.vcf", card("Ana"))])
    assert path.stat().st_size < 100_000
    assert "zip bomb" in refusals(path)["bomb.vcf"]


def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lie.zip"
    content = bytearray(zipped({"a.vcf": b"BEGIN:VCARD\r\n" + b"x" * 5_000_000}))
    at = content.rfind(b"PK\x01\x02")
    struct.pack_into("<L", content, at + 24, 100)
    path.write_bytes(bytes(content))
    assert "cannot be unpacked" in refusals(path)["a.vcf"]


def test_the_sum_of_all_members_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archive, "MAX_TOTAL_BYTES", 250)
    path = write(tmp_path, [(f"{n}.vcf", b"x" * 100) for n in range(4)])
    assert sorted(filter(None, refusals(path))) == ["2.vcf", "3.vcf"]


def test_archives_in_archives_are_refused(tmp_path: Path) -> None:
    inner = zipped({"a.vcf": card("Ana")})
    seven = b"7z\xbc\xaf\x27\x1c" + b"\0" * 50
    reasons = refusals(write(tmp_path, [("inner.dat", inner), ("seven.vcf", seven)]))
    assert set(reasons) == {"inner.dat", "seven.vcf"}
    assert all("archive in an archive" in reason for reason in reasons.values())


def test_a_locked_member_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "locked.zip"
    content = bytearray(zipped({"a.vcf": card("Ana"), "b.vcf": card("Rui")}))
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    path.write_bytes(bytes(content))
    assert "locked with a password" in refusals(path)["a.vcf"]
    with open_archive(path) as opened:
        assert [member.name for member in opened.members] == ["b.vcf"]


def test_damaged_bytes_cost_their_member_only(tmp_path: Path) -> None:
    path = tmp_path / "bent.zip"
    content = bytearray(zipped({"a.vcf": card("Ana") * 500, "b.vcf": card("Rui")}))
    content[60:80] = b"\xff" * 20
    path.write_bytes(bytes(content))
    with open_archive(path) as opened:
        names = [member.name for member in opened.members]
        assert "b.vcf" in names
        for member in opened.members:
            if member.name == "a.vcf":
                with pytest.raises(SourceError, match="damaged"), opened.open(member) as stream:
                    stream.read()
        assert len(names) + len(opened.refused) == 2


def test_a_member_without_a_name_and_a_version_of_tomorrow(tmp_path: Path) -> None:
    path = tmp_path / "odd.zip"
    content = bytearray(zipped({"a.vcf": card("Ana")}))
    path.write_bytes(bytes(content).replace(b"a.vcf", b"\0.vcf"))
    assert "leads out" in refusals(path)["?"]
    content[content.find(b"PK\x01\x02") + 6] = 88
    path.write_bytes(bytes(content))
    with pytest.raises(SourceError, match=r"damaged .zip"), open_archive(path):
        pass


@pytest.mark.parametrize("cut", [30, 100])
def test_a_cut_off_archive_says_so(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "cut.zip"
    path.write_bytes(zipped({"a.vcf": card("Ana") * 9})[:-cut])
    with (
        pytest.raises(SourceError, match=r"cut.zip is a damaged .zip") as caught,
        open_archive(path),
    ):
        pass
    assert caught.value.hint


def test_a_directory_of_a_million_members_is_refused_before_it_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 10**6, 10**6, 46 * 10**6, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    path.write_bytes(end64 + locator + empty.getvalue())
    with pytest.raises(SourceError, match="1,000,000 files"), open_archive(path):
        pass
