"""A vdir on the disk: folders with one .ics file an item (vdirsyncer's "vdir" format).

Writing is atomic and never overwrites what it has not seen: a new file is made beside and linked
under its name, which fails if the name is taken; a change replaces the file that was read.
"""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

_SUFFIX = ".ics"
_UNSAFE = re.compile(r"[/\\\0-\x1f]")
_MARKS = ("displayname", "color")
"""Files that say that a folder is a collection though it has no item."""


def item_files(folder: Path) -> dict[str, Path]:
    """Name → path of the items in a folder, in a stable order.

    Of a name that is no UTF-8 the odd bytes are written out.

    :raises OSError: the folder cannot be read.
    """
    names = sorted(entry.name for entry in os.scandir(folder))
    return {
        os.fsencode(name).decode("utf-8", "backslashreplace"): folder / name
        for name in names
        if name.lower().endswith(_SUFFIX) and not name.startswith(".")
    }


def is_collection(folder: Path) -> bool:
    """Whether it holds items, is marked as a collection, or is empty and may become one."""
    try:
        names = [entry.name for entry in os.scandir(folder)]
    except OSError:
        return True  # what may not be read is said when it is pulled
    return not names or any(name in _MARKS or name.lower().endswith(_SUFFIX) for name in names)


def display_name(folder: Path) -> str | None:
    """What the folder's `displayname` file says."""
    try:
        with (folder / "displayname").open("rb") as stream:
            text = stream.read(1000).decode("utf-8", "replace")
    except OSError:
        return None
    return " ".join(text.split()) or None


def file_name(uid: str) -> str:
    """The file of a UID: as it is where it may be a name, else with %-escapes."""
    return quote(uid, safe="-_.@+ ").lstrip(".")[:200] + _SUFFIX


def make_list(parent: Path, name: str) -> str:
    """A folder for a list of that name; its own name."""
    base = _UNSAFE.sub("_", name).strip().lstrip(".")[:100] or "tasks"
    folder = parent / base
    for number in range(2, 1000):
        try:
            folder.mkdir(mode=0o700)
            break
        except FileExistsError:
            folder = parent / f"{base}-{number}"
    create(folder / "displayname", f"{name}\n".encode())
    return folder.name


def create(path: Path, body: bytes) -> bool:
    """Write a new file, readable by its owner alone; False when the name is taken already.

    :raises OSError: it cannot be written; then nothing of it is left.
    """
    beside = _write_beside(path, body)
    try:
        try:
            os.link(beside, path)
        except FileExistsError:
            return False
        except OSError:
            return _create_without_links(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return True


def replace_if(path: Path, body: bytes, *, is_still: bytes) -> bool:
    """Put other bytes in a file's place if it still holds those; False when it does not.

    :raises OSError: it cannot be written; then the file is as it was.
    """
    beside = _write_beside(path, body)
    try:
        if not path.is_file() or path.read_bytes() != is_still:
            return False
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return True


def remove(path: Path) -> None:
    """Delete a file for good. Already gone is success."""
    path.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _write_beside(path: Path, body: bytes) -> Path:
    """The bytes on the disk, under a hidden name that no reader of vdirs takes for an item."""
    beside = path.with_name(f".{secrets.token_hex(8)}.tmp")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(body)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _create_without_links(beside: Path, path: Path) -> bool:
    """For file systems without hard links: take the name first, then put the file there."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return False
    try:
        beside.replace(path)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return True


def _sync_folder(folder: Path) -> None:
    """Make the name last; not every file system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
