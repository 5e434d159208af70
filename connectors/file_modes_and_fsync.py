"""What some file systems refuse (exFAT and FAT sticks, SMB shares): modes, second names, fsync.

There the disk as a whole decides who may read, and a name is as lasting as it can be; what is asked
for in vain is done without. `doctor` says so of a data folder that cannot be for its owner alone.
"""

import contextlib
import errno
import os
import shutil
from pathlib import Path

REFUSALS = frozenset(
    {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}
)
"""How such a file system says no to what it has not."""


MODELESS = frozenset({"vfat", "msdos", "exfat", "ntfs", "ntfs3", "fuseblk", "cifs", "smb3", "9p"})
"""Kinds of file systems, as Linux calls them, whose files have the modes that the mount says."""


def kind_without_modes(path: Path) -> str:
    """The kind of a disk on which nothing can be kept from others; empty where it can."""
    kind = mounted_at(path)[1]
    return kind if kind in MODELESS else ""


def mounted_at(path: Path) -> tuple[Path, str]:
    """Where the disk of a path is mounted, and its kind: empty where the system does not tell.

    Linux does, in /proc/self/mounts (proc(5): a space in a name is written as an escape).
    """
    real = path.resolve()
    try:
        lines = Path("/proc/self/mounts").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return next(one for one in (real, *real.parents) if one.is_mount()), ""
    found, kind = Path(real.anchor), ""
    for line in lines:  # what was mounted last covers what was there before
        _, point, its_kind, *_ = line.split(" ")
        place = Path(point.replace("\\040", " "))
        if real.is_relative_to(place) and len(place.parts) >= len(found.parts):
            found, kind = place, its_kind
    return found, kind


def keep_private(file: Path | int) -> None:
    """For its owner alone, where the file system has modes. `file`: a path or a descriptor."""
    try:
        os.chmod(file, 0o600)  # noqa: PTH101 (a path has no descriptor)
    except OSError as error:
        if error.errno not in REFUSALS or os.stat(file).st_uid not in (os.geteuid(), 0):  # noqa: PTH116
            raise


def sync_file(path: Path) -> None:
    """What was written into it lasts when this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """The names in it last, where a folder can be asked for that."""
    try:
        sync_file(path)
    except OSError as error:
        if error.errno not in REFUSALS | {errno.EBADF, errno.EACCES, errno.EISDIR}:
            raise


def give_second_name(path: Path, name: Path) -> None:
    """The file under a further name, which is free: a hard link, or else a copy of it."""
    try:
        os.link(path, name)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in REFUSALS:
            raise
        try:
            shutil.copyfile(path, name)
            with contextlib.suppress(OSError):
                os.utime(name, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
            keep_private(name)
        except OSError:
            name.unlink(missing_ok=True)
            raise
