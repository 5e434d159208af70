"""Mounts and users of one's own for a script: gone with it, and nobody else sees them.

Both need root; elsewhere the test is skipped in words.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

NOBODY = 65534


def run_script(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A shell script in a mount namespace of its own."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount disks and be another user")
    try:
        tried = subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no unshare on this machine")
    if tried.returncode:
        pytest.skip("this machine lets nobody make a mount namespace")
    return subprocess.run(
        ["unshare", "-m", "sh", "-euc", script],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def as_nobody(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as another user, who lives in `home`.

    The interpreter may stand in a home that is shut to others, so it is mounted where it is not.
    """
    home.mkdir(exist_ok=True)
    os.chown(home, NOBODY, NOBODY)
    base, there = sys.base_prefix, "/mnt"
    python = f"{there}/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    paths = [one.replace(base, there, 1) for one in (str(ROOT), *sys.path) if one]
    command = shlex.join([python, "-m", "pipeline.cli", *arguments])
    user = f"--reuid={NOBODY} --regid={NOBODY} --clear-groups"
    return run_script(
        f"mount --bind {shlex.quote(base)} {there}\ncd /\nexec setpriv {user} {command}",
        PYTHONPATH=os.pathsep.join(paths),
        PYTHONDONTWRITEBYTECODE="1",
        HOME=str(home),
        XDG_CONFIG_HOME=str(home / "config"),
        XDG_DATA_HOME=str(home / "data"),
    )
