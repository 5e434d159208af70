"""What the documents show of the demo book: docs/cookbook.md's answers and README's picture.

The demo is laid out once, as of one day, and asked (`make docs`). The answers are tested to be up
to date (tests/journeys/test_cookbook.py); the picture needs Chromium, and stays as it is without.
"""

import base64
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from pipeline import cli
from pipeline.terminal.tables import table

HERE = Path(__file__).parent
COOKBOOK = HERE / "cookbook.md"
AS_OF = "2026-11-18"

QUESTION = re.compile(r"(```sql\n(.*?)```\n)(?:\n```text\n.*?```\n)?", re.DOTALL)

WIDTH = 1280
MARGIN = 12
"""Pixels of air above and below the picture of the rings."""


def main() -> None:
    """Make both."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "demo"
        code = cli.run(["--as-of", AS_OF, "demo", "--folder", str(folder)])
        if code:
            raise SystemExit(code)
        with duckdb.connect(folder / "kithbook.duckdb", read_only=True) as book:
            COOKBOOK.write_text(answered(COOKBOOK.read_text("utf-8"), book), "utf-8")
        if shutil.which("chromedriver"):
            take_pictures(folder / "report.html")


def answered(page: str, book: duckdb.DuckDBPyConnection) -> str:
    """The page with the answer of this book behind each query, as `kithbook query` prints it."""

    def answer(found: re.Match[str]) -> str:
        result = book.execute(found[2])
        names = [column[0] for column in result.description or []]
        lines = "\n".join(table(names, result.fetchall(), None))
        return f"{found[1]}\n```text\n{lines}\n```\n"

    return QUESTION.sub(answer, page)


def take_pictures(page: Path) -> None:
    """docs/report-light.png and docs/report-dark.png: the rings of the page."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for one in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(one)
    driver: Any = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        size = {"width": WIDTH, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        for light in ("light", "dark"):
            wanted = {"features": [{"name": "prefers-color-scheme", "value": light}]}
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", wanted)
            driver.get(page.as_uri())
            top, height = driver.execute_script(
                "const svg = document.querySelector('svg.rings.wide').getBoundingClientRect();"
                "return [svg.top + window.scrollY, svg.height]"
            )
            clip = {
                "x": 0,
                "y": top - MARGIN,
                "width": WIDTH,
                "height": height + 2 * MARGIN,
                "scale": 0.75,
            }
            taken = driver.execute_cdp_cmd(
                "Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip}
            )
            (HERE / f"report-{light}.png").write_bytes(base64.b64decode(taken["data"]))
    finally:
        driver.quit()


if __name__ == "__main__":
    main()
