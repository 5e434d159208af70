"""By what the books that share a task list know each other's tasks: six signs in each task's mark.

It is kept in the data folder from the first push on, for a container has another name each night
and a folder may be moved; no backup holds it, since a book that is restored beside the first is
another one. A book that was lost and made again at its old place knows its own tasks.
"""

import os
import platform
import re
from hashlib import sha256
from pathlib import Path

FILE_NAME = "book-id"
KNOWN = re.compile(r"b[0-9a-f]{5}")


def read(folder: Path) -> str:
    """What is kept, else what would be."""
    try:
        said = (folder / FILE_NAME).read_text("utf-8", "replace").strip()
    except FileNotFoundError:
        said = ""
    return said if KNOWN.fullmatch(said) else _of(folder)


def keep(folder: Path) -> None:
    """Write it down, once; call it under the run lock and before a task is written."""
    found = read(folder)
    path = folder / FILE_NAME
    if path.exists() and path.read_bytes().strip() == found.encode():
        return
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(found + "\n")


def _of(folder: Path) -> str:
    """Of this machine and folder."""
    return "b" + sha256(f"{platform.node()} {folder.resolve()}".encode()).hexdigest()[:5]
