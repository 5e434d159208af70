"""How long the command takes to start, beside the imports it cannot do without.

`kithbook --help` against `import typer`, `kithbook due` against `import duckdb`: whole processes,
in turn, so that both meet the same machine. Prints one JSON object as its last line.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from pipeline.commands.demo import demo_book

KITHBOOK = [sys.executable, "-m", "pipeline.cli"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        demo_book.write(Path(folder), date(2026, 11, 22))
        environment = {**os.environ, "KITHBOOK_CONFIG": str(Path(folder) / "config.toml")}
        once([*KITHBOOK, "sync", "--quiet"], environment)
        found = {
            "help": compare([*KITHBOOK, "--help"], "import typer", runs, environment),
            "due": compare([*KITHBOOK, "due"], "import duckdb", runs, environment),
        }
    print(json.dumps(found))


def compare(
    command: list[str], reference: str, runs: int, environment: dict[str, str]
) -> dict[str, float]:
    """Median seconds of both, taken in turn, and the median of the ratios pair by pair."""
    pairs = [
        (once(command, environment), once([sys.executable, "-c", reference], environment))
        for _ in range(runs + 1)
    ][1:]
    return {
        "seconds": round(statistics.median(pair[0] for pair in pairs), 4),
        "reference_seconds": round(statistics.median(pair[1] for pair in pairs), 4),
        "ratio": round(statistics.median(pair[0] / pair[1] for pair in pairs), 3),
    }


def once(command: list[str], environment: dict[str, str]) -> float:
    """Wall-clock seconds of one process, which has to end well."""
    began = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
