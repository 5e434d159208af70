"""What is free: the least of what the machine has and what each group around us still allows."""

from pathlib import Path

import pytest

from pipeline.book.free_memory import free_bytes

MACHINE = {"meminfo": "MemTotal: 9000 kB\nMemAvailable: 8000 kB\n"}


def lay(place: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    return place


def group(limit: str, usage: str, stat: str, names: tuple[str, str]) -> dict[str, str]:
    return {names[0]: limit, names[1]: usage, "memory.stat": stat}


V2 = ("memory.max", "memory.current")
V1 = ("memory.limit_in_bytes", "memory.usage_in_bytes")


@pytest.mark.parametrize(
    ("mine", "groups", "free"),
    [
        ({}, {}, 8_192_000),
        ({"self/cgroup": "0::/a/b"}, {}, 8_192_000),
        (
            {"self/cgroup": "0::/a/b"},
            {
                "a/b": group("max", "900000", "", V2),
                "a": group("5000000", "4000000", "anon 1\ninactive_file 250000\n", V2),
            },
            1_250_000,
        ),
        (
            {"self/cgroup": "9:cpu:/x\n4:memory:/x\n0::/"},
            {
                "memory/x": group("3000000", "2000000", "total_inactive_file 70000", V1),
                "memory": group("9223372036854771712", "6000000", "", V1),
            },
            1_070_000,
        ),
        (
            {"self/cgroup": "0::/seen/from/outside"},
            {".": group("2000000", "2500000", "", V2)},
            0,
        ),
    ],
    ids=["no groups", "no files", "the group around ours", "version 1", "in a container"],
)
def test_the_tightest_limit_counts(
    tmp_path: Path, mine: dict[str, str], groups: dict[str, dict[str, str]], free: int
) -> None:
    proc = lay(tmp_path / "proc", MACHINE | mine)
    for name, files in groups.items():
        lay(tmp_path / "cgroup" / name, files)
    assert free_bytes(proc, tmp_path / "cgroup") == free


def test_where_nobody_says_nothing_is_known(tmp_path: Path) -> None:
    assert free_bytes(tmp_path, tmp_path) is None
