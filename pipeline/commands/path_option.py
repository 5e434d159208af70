"""How a file or folder is named on the command line."""

from pathlib import Path

from connectors.errors import UsageError


def path_named(text: str | Path) -> Path:
    """The path; a ~ in it is the home folder, also where the shell left it (`--data=~/book`).

    :raises UsageError: it is empty, which would mean the folder one happens to stand in.
    """
    if not str(text).strip():
        raise UsageError(
            f'"{text}" names no file or folder. Nothing was done.',
            "Perhaps a variable of a script is empty; `.` is the folder you stand in.",
        )
    return Path(text).expanduser()
