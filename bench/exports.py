"""What leaves a big book beside DuckDB's own COPY of the same table: CPU seconds and peak memory.

    bench/exports.py [--size small|middle|large]

The book is the one of bench/build.py, built and published once. Each export is a process of its
own, run once; so is the copying of the state that `forget` ends with. Ratios are of CPU seconds;
COPY quotes no formulas and writes JSON a row a line, so it is a floor and no goal. Prints one JSON
object as its last line.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.build import SIZES, cost, generate, make_ours
from pipeline.book import state_file
from pipeline.book.folder import Folder

ROOT = Path(__file__).resolve().parents[1]

EXPORTS = {"interactions": "csv", "meetings": "json"}

COPY = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
connection.execute(f"copy main.{sys.argv[2]} to '{sys.argv[3]}'")
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", choices=SIZES, default="middle")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    people, meetings = SIZES[options.size]
    if options.side:
        SIDES[options.side](Folder(options.folder), people, meetings)
        return
    figures: dict[str, float] = {"people": people, "meetings": meetings}
    with tempfile.TemporaryDirectory() as place:
        folder = Folder(Path(place))
        # apart, for what this process has had counts for its children too
        own = [sys.executable, __file__, "--size", options.size, "--folder", folder.path, "--side"]
        cost([*own, "lay"])
        for table, form in EXPORTS.items():
            figures |= exported(folder, table, form)
        before = folder.state.stat().st_size
        rewriting = cost([*own, "rewrite"])
        figures["rewrite_peak_mb"] = rewriting.peak_mb
        figures["state_to_compact"] = round(before / folder.state.stat().st_size, 2)
    print(json.dumps(figures))


def lay(folder: Folder, people: int, meetings: int) -> None:
    """The book, published."""
    generate(folder, people, meetings)
    make_ours(folder)


def rewrite(folder: Folder, _people: int, _meetings: int) -> None:
    """The state written anew, as `forget` does."""
    state_file.rewrite_state(folder)


SIDES = {"lay": lay, "rewrite": rewrite}


def exported(folder: Folder, table: str, form: str) -> dict[str, float]:
    """One table, by us and by COPY."""
    to = folder.path / f"{table}.{form}"
    data = ["--data", str(folder.path)]
    ours = cost([sys.executable, "-m", "pipeline.cli", *data, "export", table, to], ROOT)
    floor = cost([sys.executable, "-c", COPY, folder.published, table, f"{to}.copy.{form}"])
    return {
        f"{table}_peak_mb": ours.peak_mb,
        f"{table}_copy_peak_mb": floor.peak_mb,
        f"{table}_ratio": round(ours.cpu / floor.cpu, 2),
    }


if __name__ == "__main__":
    main()
