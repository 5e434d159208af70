"""How much memory is free here: what the machine has, or a control group still allows.

Linux alone says so; elsewhere nobody knows, and a build makes do with little.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

PROC = Path("/proc")
CONTROL_GROUPS = Path("/sys/fs/cgroup")

HIERARCHIES = (
    ("", "", "memory.max", "memory.current", "inactive_file"),
    ("memory", "memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)
"""Of both versions: the name in /proc/self/cgroup, the folder, limit, usage, and which of the
usage the kernel takes back when somebody needs it."""


def free_bytes(proc: Path = PROC, control_groups: Path = CONTROL_GROUPS) -> int | None:
    """What a process may still take; None where nobody says."""
    found = [*_of_machine(proc), *_of_groups(proc, control_groups)]
    return max(min(found), 0) if found else None


def _of_machine(proc: Path) -> Iterator[int]:
    for line in _lines(proc / "meminfo"):
        name, _, rest = line.partition(":")
        if name == "MemAvailable":
            yield int(rest.split()[0]) * 1024


def _of_groups(proc: Path, control_groups: Path) -> Iterator[int]:
    """What each group that this process is in has left: a group is bound by those around it too."""
    for line in _lines(proc / "self" / "cgroup"):
        _, names, path = line.split(":", 2)
        for name, folder, limit, usage, reclaimable in HIERARCHIES:
            if name in names.split(","):
                group = PurePosixPath(path)
                for one in (group, *group.parents):
                    place = control_groups / folder / str(one).lstrip("/")
                    yield from _of_group(place, limit, usage, reclaimable)


def _of_group(place: Path, limit: str, usage: str, reclaimable: str) -> Iterator[int]:
    bound, used = _lines(place / limit), _lines(place / usage)
    if bound and used and bound[0].isdecimal():  # `max` is none; inside a container some are unseen
        stat = dict(line.split(" ", 1) for line in _lines(place / "memory.stat") if " " in line)
        yield int(bound[0]) - int(used[0]) + int(stat.get(reclaimable, 0))


def _lines(path: Path) -> list[str]:
    """A file of the kernel's; none where it has none."""
    try:
        return path.read_text("ascii").splitlines()
    except OSError:
        return []
