"""Options and arguments that several commands share, and how a file or folder is named."""

from pathlib import Path
from typing import Annotated

import typer

from connectors.errors import UsageError

Person = Annotated[str, typer.Argument(help="Part of the name, an e-mail, or the id.")]
Whole = Annotated[list[str], typer.Argument(help="Part of the name, an e-mail, or the id.")]
Json = Annotated[bool, typer.Option("--json", help="Print data as JSON.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
Exact = Annotated[bool, typer.Option("--exact", help="CSV with each text as it is, formulas too.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing when all is well.")]
Wait = Annotated[bool, typer.Option("--wait", help="Wait for another run to end.")]
AllowEmpty = Annotated[
    bool, typer.Option("--allow-empty", help="Believe a source that lost most of its items.")
]
Yes = Annotated[
    bool, typer.Option("--yes", help="Make unusually many task changes, or a lost task list again.")
]
Changes = Annotated[
    list[str] | None, typer.Option("--set", help="KEY=VALUE of the config; may be repeated.")
]
Sure = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show, write nothing outside.")]
Force = Annotated[bool, typer.Option("--force", help="Write over a file of that name.")]


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
