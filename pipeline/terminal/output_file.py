"""Files that a user names for us to write: never over another one unasked, and whole or not at all.

They hold a person's whole book, so they are for their owner only. The very name is taken: no link
is followed that somebody else may have planted there, and nothing but a file is written into.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from connectors import file_modes_and_fsync
from connectors.errors import UsageError

TO_STDOUT = "Nothing was written; - in place of the file means the screen or a pipe."


def check(path: Path, *, force: bool) -> None:
    """Whether the file may be written; asked before the work begins.

    :raises UsageError: the folder is not there, the name is taken and nobody said --force, or what
        has it is no file.
    """
    if not path.parent.is_dir():
        raise UsageError(
            f"There is no folder {path.parent}.", "Make it first, or name a file elsewhere."
        )
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}.", "Nothing was written; name another."
        ) from error
    if stat.S_ISDIR(mode):
        raise UsageError(f"{path} is a folder.", "Name a file in it.")
    if not stat.S_ISREG(mode) and not stat.S_ISLNK(mode):
        raise UsageError(f"{path} is not a file.", TO_STDOUT)
    if not force:
        raise _taken(path)


@contextlib.contextmanager
def written_whole(path: Path, *, force: bool) -> Iterator[Path]:
    """Within: an empty file beside `path`, 0600; it takes the name when all has gone well.

    :raises UsageError: it cannot be made there, or the name was taken meanwhile.
    """
    draft = path.with_name(f".{path.name[:200]}.{uuid4().hex[:8]}.new")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}.",
            "Nothing was changed; name a file in a folder that you may write to.",
        ) from error
    try:
        yield draft
        descriptor = os.open(draft, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            file_modes_and_fsync.keep_private(descriptor)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        _take_name(draft, path, force=force)
    finally:
        draft.unlink(missing_ok=True)


def _take_name(draft: Path, path: Path, *, force: bool) -> None:
    """Give the draft its name: in the place of what has it, or only if nothing has."""
    if force:
        draft.replace(path)
        return
    try:
        os.link(draft, path)
    except FileExistsError as error:
        raise _taken(path) from error
    except OSError as error:
        if error.errno not in file_modes_and_fsync.REFUSALS:
            raise
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
        except FileExistsError as taken:
            raise _taken(path) from taken
        draft.replace(path)


def _taken(path: Path) -> UsageError:
    return UsageError(f"{path} is there already.", "Nothing was written; --force replaces it.")
