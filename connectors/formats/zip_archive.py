"""A .zip read where it lies: nothing is ever unpacked to the disk, and everything has a bound.

A member that is locked, an archive itself, too large, or named so as to lead out of the archive is
refused and said so; the others are read all the same.
"""

import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from connectors.contract import Reject
from connectors.errors import UNCHANGED, SourceError
from connectors.file_source import open_regular

MAX_MEMBERS = 200_000
MAX_DIRECTORY_BYTES = 64 << 20
MAX_MEMBER_BYTES = 2 << 30
MAX_TOTAL_BYTES = 8 << 30
MAX_RATIO = 250
"""Unpacked to packed; text that people wrote stays below 30, zip bombs begin at 1,000."""
RATIO_FREE_BYTES = 10 << 20
"""A member below this size may shrink as much as it likes."""

_DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    UnicodeDecodeError,
    EOFError,
    OSError,
    NotImplementedError,
)
"""What zipfile and its decompressors raise on bytes that are not what they should be."""

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")


@dataclass(frozen=True, slots=True)
class ZipMember:
    """A file in an archive. `name` is its path there, with forward slashes."""

    name: str
    size: int
    changed: str
    """What differs when the member does: its checksum and size."""
    index: int


class Archive:
    """The members of a .zip that may be read, and what was refused."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._zip = opened
        self._entries = opened.infolist()
        self.members: list[ZipMember] = []
        self.refused: list[Reject] = []
        self.damaged: list[str] = []
        """Those of the refused that a whole archive would have."""
        total = 0
        for index, entry in enumerate(self._entries):
            if entry.filename.endswith("/") or _is_clutter(entry.filename):
                continue
            reason = _refusal(entry) or self._reason_within(entry)
            if reason is None and total + entry.file_size > MAX_TOTAL_BYTES:
                reason = f"the archive unpacks to more than {MAX_TOTAL_BYTES >> 30} GB"
            if reason is not None:
                name = entry.filename.encode("utf-8", "replace")
                self.refused.append(Reject(reason, _shown(entry.filename), index + 1, name))
                continue
            total += entry.file_size
            changed = f"{entry.CRC:08x}-{entry.file_size}"
            self.members.append(ZipMember(entry.filename, entry.file_size, changed, index))

    @contextmanager
    def open(self, member: ZipMember) -> Iterator[BinaryIO]:
        """The bytes of a member, never more than it said it has.

        :raises SourceError: they are damaged.
        """
        try:
            stream = self._zip.open(self._entries[member.index])
        except (*_DAMAGE, RuntimeError) as error:
            raise _damaged(member.name, error) from error
        with stream:
            try:
                yield cast("BinaryIO", stream)
            except _DAMAGE as error:
                raise _damaged(member.name, error) from error

    def _reason_within(self, entry: zipfile.ZipInfo) -> str | None:
        """Why a member is refused for its first bytes: it is an archive itself, or damaged."""
        try:
            with self._zip.open(entry) as stream:
                start = stream.read(6)
        except (*_DAMAGE, RuntimeError) as error:
            self.damaged.append(entry.filename)
            return f"it cannot be unpacked: {error or type(error).__name__}"
        if start.startswith((b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")):
            return "an archive in an archive is not opened: unpack it and import what is in it"
        return None


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """The archive at a path.

    :raises SourceError: it is damaged, or has too many members.
    """
    with open_regular(path) as stream:
        _check_directory(stream, path)
        try:
            opened = zipfile.ZipFile(stream)
            found = Archive(opened)
        except (*_DAMAGE, ValueError) as error:
            raise SourceError(
                f"{path} is a damaged .zip: {error}. {UNCHANGED}",
                hint="Download or export it again, then repeat the command.",
            ) from error
        with opened:
            yield found


def _damaged(name: str, error: Exception) -> SourceError:
    return SourceError(
        f"{_shown(name)} is damaged in the archive: {error or type(error).__name__}",
        hint="Download or export the archive again, then repeat the command.",
    )


def _check_directory(stream: BinaryIO, path: Path) -> None:
    """Refuse a directory of members that is too long, before it is loaded into memory.

    The numbers stand at the end of the file (APPNOTE.TXT sections 4.3.14 to 4.3.16). zipfile reads
    them too, but says them only once it has an object a member in memory.
    """
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - (1 << 16) - _END.size))
    tail = stream.read()
    stream.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        return  # zipfile says what is wrong
    members, directory = _END.unpack_from(tail, at)[4:6]
    locator = at - _END64_LOCATOR.size
    if locator >= 0 and tail[locator : locator + 4] == b"PK\x06\x07":
        stream.seek(min(_END64_LOCATOR.unpack_from(tail, locator)[2], size))
        record = stream.read(_END64.size)
        stream.seek(0)
        if len(record) == _END64.size:
            members, directory = _END64.unpack(record)[7:9]
    if members > MAX_MEMBERS or directory > MAX_DIRECTORY_BYTES:
        raise SourceError(
            f"{path} holds {members:,} files, more than the {MAX_MEMBERS:,} that are read. "
            f"{UNCHANGED}",
            hint="Unpack it and import the folder with the contacts or calendars.",
        )


def _refusal(entry: zipfile.ZipInfo) -> str | None:
    """Why a member is not read, or None."""
    name = entry.filename.replace("\\", "/")
    mode = entry.external_attr >> 16
    if not name or name.startswith("/") or ".." in PurePosixPath(name).parts or ":" in name[:2]:
        return "its name leads out of the archive"
    if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        return "it is a link or a device, not a file"
    if entry.flag_bits & 0x1:
        return "it is locked with a password: unpack it and import what is in it"
    if entry.file_size > MAX_MEMBER_BYTES:
        return f"it is larger than {MAX_MEMBER_BYTES >> 30} GB"
    if entry.file_size > max(RATIO_FREE_BYTES, MAX_RATIO * entry.compress_size):
        return "it unpacks to more than any text would: a zip bomb"
    return None


def _is_clutter(name: str) -> bool:
    """What macOS and Windows put into every archive."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1:] in ((".DS_Store",), ("Thumbs.db",))


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in name[:200]) or "?"
