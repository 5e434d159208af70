"""What the report of a big book costs: 5,000 people, 100,000 meetings.

CPU seconds of `kithbook report --html` beyond those of `kithbook --version`, the size of the page,
and, where Chromium is installed, milliseconds to the first paint at 1280 and 390 px. Prints one
JSON object as its last line; ends with 1 when a bound is broken.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from pipeline import cli
from tests.support.made_up_people import make_book

AS_OF = "2026-11-18"
KITHBOOK = [sys.executable, "-m", "pipeline.cli"]
MOST_CPU_SECONDS = 5.0
MOST_BYTES = 4_000_000
MOST_PAINT_MS = 1000
DAYS = (400, 12)
"""Days that each of the closest 50 and each beyond the closest 150 was met: 98,200 in all."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        demo, book = Path(place) / "demo", Path(place) / "book"
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            sys.stdout, shown = nowhere, sys.stdout
            cli.run(["--as-of", AS_OF, "demo", "--folder", str(demo)])
            sys.stdout = shown
        make_book(demo, book, options.people, days=DAYS)
        page = book / "page.html"
        asked = ["--config", str(book / "config.toml"), "--as-of", AS_OF, "report"]
        made = [*KITHBOOK, *asked, "--html", str(page), "--force"]
        start = [*KITHBOOK, "--version"]
        beyond = [cpu_seconds(made) - cpu_seconds(start) for _ in range(options.runs)]
        found: dict[str, Any] = {
            "people": options.people,
            "cpu_seconds_beyond_start": round(statistics.median(beyond), 2),
            "bytes": page.stat().st_size,
            "first_paint_ms": first_paints(page),
        }
    print(json.dumps(found))
    is_over = (
        found["cpu_seconds_beyond_start"] > MOST_CPU_SECONDS
        or found["bytes"] > MOST_BYTES
        or any(one > MOST_PAINT_MS for one in found["first_paint_ms"].values())
    )
    sys.exit(is_over)


def cpu_seconds(command: list[str]) -> float:
    """User and system seconds of one process, which has to end well."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def first_paints(page: Path) -> dict[str, float]:
    """Milliseconds from navigation to the first contentful paint, by width; {} without Chromium."""
    if not shutil.which("chromedriver"):
        return {}
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for one in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(one)
    driver: Any = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        driver.get("about:blank")
        return {str(width): _first_paint(driver, page, width) for width in (1280, 390)}
    finally:
        driver.quit()


def _first_paint(driver: Any, page: Path, width: int) -> float:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    driver.get(page.as_uri())
    painted = driver.execute_async_script("""
        const done = arguments[0];
        new PerformanceObserver(list => {
            const found = list.getEntriesByName("first-contentful-paint")[0];
            if (found) done(found.startTime);
        }).observe({type: "paint", buffered: true});
    """)
    return round(float(painted), 1)


if __name__ == "__main__":
    main()
