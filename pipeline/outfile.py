"""Files that a user names for us to write: never over another one unasked, and whole or not at all.

They hold a person's whole book, so they are for their owner only.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from pipeline.errors import UsageError


def check(path: Path, *, force: bool) -> None:
    """Whether the file may be written; asked before the work begins.

    :raises UsageError: the folder is not there, or the file is and nobody said --force.
    """
    if not path.parent.is_dir():
        raise UsageError(
            f"There is no folder {path.parent}.", "Make it first, or name a file elsewhere."
        )
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", "Name a file in it.")
    if path.is_file() and not force:
        raise UsageError(
            f"{path} is there already.", "Nothing was written; --force writes it anew."
        )


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Within: an empty file beside `path`, 0600; it takes the place when all has gone well.

    :raises UsageError: it cannot be made there.
    """
    if path.exists() and not path.is_file():  # a pipe, /dev/stdout: nothing to put in its place
        yield path
        return
    draft = path.with_name(f".{path.name[:200]}.{uuid4().hex[:8]}.new")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}.",
            "Nothing was changed; name a file in a folder that you may write to.",
        ) from error
    try:
        yield draft
        draft.chmod(0o600)
        descriptor = os.open(draft, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        draft.replace(path.resolve())
    finally:
        draft.unlink(missing_ok=True)
