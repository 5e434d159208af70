"""What `doctor` finds: one thing that was looked at, and where it is wrong the fix that works."""

from dataclasses import dataclass
from typing import Literal

from connectors.errors import KithbookError, StorageError

Verdict = Literal["ok", "look", "wrong"]

SENT_HERE = "kithbook doctor"
"""The hint of those who know no better; here it would lead in a circle."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `hint` is the next command or edit, empty when all is well."""

    verdict: Verdict
    subject: str
    text: str
    hint: str = ""
    exit_code: int = StorageError.exit_code


def wrong(subject: str, error: KithbookError) -> Finding:
    """What another command would have stopped with, in its own words."""
    hint = "" if SENT_HERE in error.hint else error.hint
    return Finding("wrong", subject, str(error), hint, error.exit_code)
