"""How many of our modules one card and seven lunches enter, on the way to `due` and to the phone.

A newcomer follows this walk. `python -m tests.support.modules_entered` lists each module with its
lines and how many of its functions ran, and the sums; nothing depends on it.
"""

import contextlib
import io
import sys
import tempfile
import threading
from collections import defaultdict
from pathlib import Path
from types import FrameType

from pipeline import cli
from tests.support.caldav_account import run_account
from tests.support.paths import ROOT

OURS = (str(ROOT / "pipeline"), str(ROOT / "connectors"))


def entered(*commands: list[str]) -> dict[str, set[str]]:
    """Module → the functions of it that ran, while these commands did in this process."""
    found: dict[str, set[str]] = defaultdict(set)

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(OURS) and code.co_name != "<module>":
            found[code.co_filename].add(code.co_qualname)

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            codes = [cli.run(command) for command in commands]
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    if any(codes):
        raise SystemExit(f"a command ended with {codes}")
    return found


def main() -> None:
    """Print the modules of the walk."""
    with tempfile.TemporaryDirectory() as folder, run_account("radicale", Path(folder)) as account:
        account.add_card("Ana Lima", "ana@example.org")
        for month in range(1, 8):
            account.add_meeting(f"lunch-{month}", f"2026{month:02}10T120000", "ana@example.org")
        given = ["--config", str(account.config), "--as-of", account.as_of]
        found = entered([*given, "sync"], [*given, "due"])
    lines = {name: len(Path(name).read_text("utf-8").splitlines()) for name in found}
    for name in sorted(found):
        print(f"{len(found[name]):4} of {lines[name]:4} lines  {Path(name).relative_to(ROOT)}")
    print(f"{len(found)} modules, {sum(lines.values())} lines")


if __name__ == "__main__":
    main()
