"""The data folder for `doctor`: whose it is, whether it can be written, its room, its lock."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from shlex import quote

from connectors import file_modes_and_fsync
from connectors.errors import KithbookError, LockHeld
from pipeline.book import decisions, run_lock
from pipeline.book.folder import Folder, default_data, refuse_link, refuse_others
from pipeline.commands.doctor.finding import Finding, wrong

SPARE_BYTES = 200 * 2**20

FIRST_STEPS = "`kithbook import FILE…`, or `kithbook init` and then `kithbook sync`"


def folder_findings(folder: Folder, *, has_config: bool = False) -> Iterator[Finding]:
    """There, one's own, private, writable, with room; nothing in the place of a file of ours."""
    yield from _other_book(folder)
    if not folder.path.exists():
        hint = "`kithbook sync` makes it." if has_config else FIRST_STEPS
        yield Finding("look", "folder", f"{folder.path} is not there yet.", hint)
        return
    try:
        refuse_others(folder)
    except KithbookError as error:
        yield wrong("folder", error)
    else:
        yield from _privacy(folder)
    yield from _writing(folder)
    for path in (folder.lock, folder.state, folder.next, folder.path / decisions.FILE_NAME):
        try:
            refuse_link(path)
        except KithbookError as error:
            yield wrong("files", error)
    if (kept := folder.path / "kept").is_symlink():
        text, hint = (
            f"{kept} is a link.",
            f"Look at it and move it away: `ls -ld {quote(str(kept))}`",
        )
        yield Finding("wrong", "files", text, hint)
    left = sorted([*folder.path.glob("what-if-*"), *folder.path.glob("restore-*")])
    if left:
        text = "a command that was cut off left something behind."
        yield Finding("look", "folder", text, f"`rm -r {_names(left)}`")
    yield from _room(folder)
    yield from _lock(folder)


def is_working(folder: Folder) -> bool:
    """Whether a run holds the lock."""
    return run_lock.held_by(folder) is not None


def _privacy(folder: Folder) -> Iterator[Finding]:
    """Folder and files for their owner alone, where the disk keeps modes."""
    if kind := file_modes_and_fsync.kind_without_modes(folder.path):
        text = f"{folder.path} is on a {kind} disk, which keeps no modes: its mount says who reads."
        hint = "Mount it with umask=077, or choose another folder with `data = …` in the config."
        yield Finding("look", "folder", text, hint)
        return
    if stat.S_IMODE(folder.path.stat().st_mode) & 0o077:
        hint = f"`chmod 700 {quote(str(folder.path))}`"
        yield Finding("wrong", "folder", f"others may look into {folder.path}.", hint)
    else:
        yield Finding("ok", "folder", f"{folder.path}, for you alone.")
    opened = [one for one in _files(folder) if stat.S_IMODE(one.lstat().st_mode) & 0o077]
    opened = [one for one in opened if not one.is_symlink()]
    if opened:
        text, hint = f"others may read {_names(opened)}.", f"`chmod 600 {_names(opened)}`"
        yield Finding("wrong", "files", text, hint)


def _writing(folder: Folder) -> Iterator[Finding]:
    if os.statvfs(folder.path).f_flag & os.ST_RDONLY:
        text = f"{folder.path} is on a disk that may only be read; nothing can be said or synced."
        mount = file_modes_and_fsync.mounted_at(folder.path)[0]
        hint = (
            f"Mount it for writing: `mount -o remount,rw {mount}`; "
            "or choose another folder with --data or `data = …` in the config."
        )
        yield Finding("wrong", "disk", text, hint)
        return
    shut = [one for one in (folder.path, *_files(folder)) if not os.access(one, os.W_OK)]
    shut = [one for one in shut if one.exists()]
    if shut:
        text, hint = f"{_names(shut)} cannot be written.", f"`chmod u+w {_names(shut)}`"
        yield Finding("wrong", "folder", text, hint)


def _room(folder: Folder) -> Iterator[Finding]:
    free = shutil.disk_usage(folder.path).free
    need = 2 * folder.published.stat().st_size if folder.published.is_file() else 0
    if free < need + SPARE_BYTES:
        text = (
            f"{free / 2**20:,.0f} MB are free; a build needs {need / 2**20:,.0f} MB, and "
            f"{SPARE_BYTES / 2**20:,.0f} MB should be left."
        )
        yield Finding("wrong", "disk", text, f"Free some space on the disk of {folder.path}.")


def _lock(folder: Folder) -> Iterator[Finding]:
    holder = run_lock.held_by(folder)
    if holder is not None:
        text = f"a run is working: {holder}."
        hint = "Let it end, or end that process; other commands wait for it with --wait."
        yield Finding("look", "lock", text, hint, LockHeld.exit_code)


def _other_book(folder: Folder) -> Iterator[Finding]:
    """Decisions in the usual place while the config looks elsewhere: perhaps moved by hand."""
    usual = default_data()
    if usual.resolve() == folder.path.resolve():
        return
    left = usual / decisions.FILE_NAME
    if left.is_file() and not (folder.path / decisions.FILE_NAME).exists():
        text = f"{left} is not used: the data folder is {folder.path}, which has no decisions."
        hint = f"If they are this book's: `mv {quote(str(left))} {quote(str(folder.path))}`"
        yield Finding("wrong", "decisions", text, hint)


def _files(folder: Folder) -> list[Path]:
    """The private files: all of ours, tokens included."""
    names = ("*.duckdb", "*.wal", "*.jsonl", "*.token.json", "kept/*.duckdb")
    return sorted(path for name in names for path in folder.path.glob(name))


def _names(paths: list[Path]) -> str:
    return " ".join(quote(str(one)) for one in paths)
