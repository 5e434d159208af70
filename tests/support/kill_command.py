"""The command, killed with -9 as it comes to one of its functions for the so-many-th time.

    python -m tests.support.kill_command pipeline.book.store:publish 1 --config … sync

The process is as dead as by `kill -9` at that instant, and the instant is the same each time.
"""

import importlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from pipeline import cli
from tests.support.paths import ROOT


def start(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    """`python -m …` in a process of its own that says nothing."""
    return subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )


def lay_trap(place: str, times: int) -> None:
    """Have the process killed when `module:name` is called for the so-many-th time."""
    module, _, path = place.partition(":")
    owner: Any = importlib.import_module(module)
    *parts, name = path.split(".")
    for part in parts:
        owner = getattr(owner, part)
    real = getattr(owner, name)
    left = [times]

    def die(*arguments: Any, **named: Any) -> Any:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **named)

    setattr(owner, name, die)


if __name__ == "__main__":
    lay_trap(sys.argv[1], int(sys.argv[2]))
    sys.exit(cli.run(sys.argv[3:]))
