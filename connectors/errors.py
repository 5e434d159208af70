"""Everything that can go wrong, and the exit code each kind of trouble ends with.

KithbookError                          never raised itself: 1 is for bugs alone
├── UsageError                     2   the command or the config makes no sense
│   ├── ConfigError                2
│   └── NoBookYet                  2   nothing was published yet that could be looked at
├── LoginError                     3   the source does not believe who we are
├── SourceError                    4   a source cannot be read or written
│   ├── SourceBug                  6   a bug of ours met in one source: to be reported
│   ├── SourceUnreachable          4   no answer: worth another try later
│   ├── CursorExpired              4   the cursor is no longer taken: pull afresh
│   ├── SourceEmpty                4   more than half of a source gone at once
│   ├── OtherHost                  4   the server names a host to which the password may not go
│   ├── ItemConflict               4   the item changed since we read it (HTTP 412)
│   └── ItemGone                   4   the item is not there any more (HTTP 404, 410)
├── InvariantError                 5   what must hold does not: nothing was published
│   └── StorageError               5   the disk is full, or a file of ours shut or damaged
├── PartlyDone                     6   the rest was done and published
├── TooOld                         7   `status --max-age`: the book is behind
└── LockHeld                      75   another run is working (sysexits.h, EX_TEMPFAIL)
    └── FileHeld                  75   another program has a file of ours open

A message says what went wrong, where, and what stayed unchanged; the hint is the next
command to type. They are raised where the knowledge is and printed in one place, `cli.main`.
"""

import errno
from typing import ClassVar

UNCHANGED = "Nothing was changed."
"""How the message of a refused file or address ends."""


class KithbookError(Exception):
    """What a user can be told. `str(error)` is the message; `hint` the next thing to do."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "", *, refusal: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        self.refusal = refusal
        """Why in a few words, when the source answered, but not with this (403, 404, a web page):
        one collection may be refused for years while the others are read."""


class UsageError(KithbookError):
    """The command makes no sense."""

    exit_code = 2


class ConfigError(UsageError):
    """The config file makes no sense; the message names section and key."""


class NoBookYet(UsageError):
    """The command looks at the published file, and nothing was published yet."""


class LoginError(KithbookError):
    """A name, password or token was refused, or none could be had."""

    exit_code = 3


class SourceError(KithbookError):
    """A source cannot be read or written."""

    exit_code = 4


class SourceBug(SourceError):
    """Something unexpected happened with one source; see `pipeline.sync.source_bugs`."""

    exit_code = 6

    def __init__(self, message: str, hint: str = "", *, trace: str = "") -> None:
        super().__init__(message, hint)
        self.trace = trace
        """The traceback, for --debug: it may hold personal data."""


class SourceUnreachable(SourceError):
    """No answer, or an answer that says "later" (429, 503), after the retries."""


class CursorExpired(SourceError):
    """The server no longer takes this cursor (RFC 6578 section 3.2 valid-sync-token)."""


class SourceEmpty(SourceError):
    """A collection of at least 20 items lost more than half of them at once."""


class OtherHost(SourceError):
    """A server named another host as the place of an account; the password was not sent there.

    `hosts`: what the config would have to list for that. Of what the server said it holds no more.
    """

    def __init__(
        self, message: str, hint: str = "", *, source: str = "", hosts: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message, hint)
        self.source = source
        self.hosts = hosts

    @property
    def line(self) -> str:
        """For the source's section of the config."""
        names = ", ".join(f'"{host}"' for host in self.hosts)
        return f"hosts = [{names}]"


class ItemConflict(SourceError):
    """The item on the server is not the one we read (If-Match or If-None-Match failed)."""


class ItemGone(SourceError):
    """The item to change is not there any more."""


class InvariantError(KithbookError):
    """A check in sql/checks/stop returned rows: the published file was left as it was."""

    exit_code = 5


class StorageError(InvariantError):
    """The disk is full, or a file of kithbook's own is shut or damaged; what stood there stays."""


class PartlyDone(KithbookError):
    """Some of the work was left undone; what could be done was done and published."""

    exit_code = 6


class TooOld(KithbookError):
    """What `status` was asked to see to is not so: the book, or a source of it, is behind."""

    exit_code = 7


class LockHeld(KithbookError):
    """Another run holds the lock."""

    exit_code = 75


class FileHeld(LockHeld):
    """Another program, a DuckDB shell mostly, has one of the two files open; worth another try."""


DISK_WORDS = ("Could not write file", "No space left", "File too large", "Disk quota", "disk full")
"""What DuckDB says when the disk is full; it has no error class for it."""

DISK_ERRORS = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EROFS, errno.EIO})


def machine_error(error: BaseException) -> StorageError | None:
    """Trouble of disk, permissions or memory as an error for the user; None for anything else."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
        return StorageError(
            "There was not enough memory to go on.",
            "Nothing was published; what stood there stays. Close other programs, or allow it "
            "more, and run it again: free -m",
        )
    if isinstance(error, PermissionError):
        return StorageError(
            f"{error.filename} may not be read or written: {error.strerror}.",
            "Nothing was published; fix its owner or mode (`ls -l`).",
        )
    if isinstance(error, IsADirectoryError | NotADirectoryError | FileExistsError):
        return StorageError(
            f"{error.filename} is in the way: {error.strerror}.",
            f"Nothing was published; look at it, and move it away: ls -ld {error.filename}",
        )
    is_full = isinstance(error, OSError) and error.errno in DISK_ERRORS
    if is_full or any(word in str(error) for word in DISK_WORDS):
        return StorageError(
            f"No more could be written to the disk: {error}.",
            "Nothing was published; what stood there stays. Free some space and run it again.",
        )
    return None
