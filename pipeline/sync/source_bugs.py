"""An unexpected exception within one source, told as a bug to report; the rest of a run goes on.

What is to be sent holds no personal data: the kind of the error and where in the code it was met,
never its words, which may quote a card.
"""

import platform
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath

from connectors.errors import KithbookError, SourceBug
from pipeline.version import version

OURS = frozenset({"connectors", "pipeline"})
PARTS_SHOWN = 3
"""Of a path: what stands before may name the user."""


def as_bug(error: Exception, source: str) -> SourceBug:
    """The error to tell instead; its traceback goes along for --debug."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if OURS.intersection(PurePath(one.filename).parts)]
    places = [_place(one) for one in (*ours[-1:], *frames[-1:])]
    met = " and ".join(dict.fromkeys(places)) or "an unknown place"
    bug = SourceBug(
        f"{source}: a bug of kithbook's: {type(error).__name__} in {met}. What it had stays.",
        f"Please report that line, with kithbook {version()} and Python"
        f" {platform.python_version()}. `kithbook --debug sync` shows more, which may hold"
        " personal data: read it before you send it.",
        trace="".join(traceback.format_exception(error)),
    )
    bug.__cause__ = error
    return bug


@contextmanager
def told_as_bug(source: str) -> Iterator[None]:
    """Whatever is raised within is something that a user can be told.

    :raises KithbookError: as it was raised, or a SourceBug.
    """
    try:
        yield
    except KithbookError:
        raise
    except Exception as error:
        raise as_bug(error, source) from error


def _place(frame: traceback.FrameSummary) -> str:
    path = "/".join(PurePath(frame.filename).parts[-PARTS_SHOWN:])
    return f"{path} line {frame.lineno} ({frame.name})"
