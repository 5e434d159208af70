"""The report in a real Chromium: it is drawn, nothing overlaps, nothing is asked for.

Needs Debian's chromium and chromium-driver; without them these tests are skipped. axe-core is
taken from where `npm install --prefix .venv axe-core` puts it (.ci/run does).
"""

import base64
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli
from tests.support.demo_commands import AS_OF
from tests.support.made_up_people import HOSTILE, make_book
from tests.support.paths import ROOT

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
AXE = ROOT / ".venv" / "node_modules" / "axe-core" / "axe.min.js"

pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="needs Chromium: apt-get install chromium chromium-driver",
)

BOOKS: dict[str, dict[str, Any]] = {
    "nobody": {"n_people": 0},
    "three": {"n_people": 3},
    "hostile names": {"n_people": 60, "called": HOSTILE},
    "five thousand": {"n_people": 5000, "days": (400, 12)},
}
WIDTHS = (1280, 820, 390)

OVERLAPS = """
const seen = one => one.getClientRects().length > 0;
const box = (one, trim) => {
    const found = one.getBoundingClientRect();
    const less = trim * (found.bottom - found.top);
    return {left: found.left, right: found.right, top: found.top + less,
            bottom: found.bottom - less, is: one.textContent || "moon"};
};
const meet = (one, other) => one.left < other.right - .5 && other.left < one.right - .5
    && one.top < other.bottom - .5 && other.top < one.bottom - .5;
const rings = [...document.querySelectorAll("svg.rings")].filter(seen);
const names = rings.flatMap(one => [...one.querySelectorAll("text")]).map(one => box(one, .18));
const moons = rings.flatMap(one => [...one.querySelectorAll("circle")])
    .map(one => box(one, 0)).filter(one => one.right - one.left < 25);
const found = [];
names.forEach((one, place) => {
    for (const other of [...names.slice(place + 1), ...moons])
        if (meet(one, other)) found.push([one.is, other.is]);
    if (one.left < 0 || one.right > document.documentElement.clientWidth)
        found.push([one.is, "the edge"]);
});
const shown = rings.length;
return {shown, names: names.length, found,
        wider: document.documentElement.scrollWidth - document.documentElement.clientWidth};
"""
"""How many pictures of the rings are shown, and which names meet another, a moon or an edge.

A line of letters is taken without the empty room above and below them.
"""

SMALLEST = """
return [...document.querySelectorAll("body *")]
    .filter(one => one.getClientRects().length && [...one.childNodes]
        .some(node => node.nodeType === 3 && node.data.trim()))
    .map(one => [parseFloat(getComputedStyle(one).fontSize)
        * (one.closest("svg") ? one.getScreenCTM().a : 1), one.textContent.slice(0, 30)])
    .filter(([size]) => size < 11)
"""


class Browser:
    """One Chromium for all tests; `look` shows it a page in a given width and light."""

    def __init__(self) -> None:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service

        options = webdriver.ChromeOptions()
        options.binary_location = str(CHROMIUM)
        for one in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
            options.add_argument(one)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver: Any = webdriver.Chrome(options=options, service=Service(DRIVER))
        self.driver.set_script_timeout(300)  # against hangs alone

    def look(self, page: Path, width: int, *, is_dark: bool = False, media: str = "") -> None:
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.say("Emulation.setDeviceMetricsOverride", size)
        light = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        self.say("Emulation.setEmulatedMedia", {"media": media, "features": [light]})
        self.driver.get(page.as_uri())

    def say(self, command: str, values: dict[str, Any]) -> Any:
        return self.driver.execute_cdp_cmd(command, values)

    def run(self, script: str) -> Any:
        return self.driver.execute_script(script)

    def complaints(self) -> list[str]:
        """What stands in the console."""
        return [one["message"] for one in self.driver.get_log("browser")]

    def requests(self) -> set[str]:
        """What was asked for since this was last called."""
        lines = [
            json.loads(one["message"])["message"] for one in self.driver.get_log("performance")
        ]
        sent = [one for one in lines if one["method"] == "Network.requestWillBeSent"]
        return {one["params"]["request"]["url"] for one in sent}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    one = Browser()
    yield one
    one.driver.quit()


@pytest.fixture(scope="module")
def pages(demo_book: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of the demo's book, and of each of BOOKS."""
    base = tmp_path_factory.mktemp("pages")
    books = {"demo": demo_book} | {
        name: make_book(demo_book, base / name, **how) for name, how in BOOKS.items()
    }
    for name, book in books.items():
        place = ["--config", str(book / "config.toml"), "--as-of", AS_OF]
        assert cli.run([*place, "report", "--html", str(base / f"{name}.html")]) == 0
    return {name: base / f"{name}.html" for name in books}


@pytest.mark.parametrize("name", ["demo", *BOOKS])
def test_it_is_drawn_without_overlaps_complaints_or_requests(
    name: str, pages: dict[str, Path], browser: Browser
) -> None:
    page = pages[name]
    browser.complaints(), browser.requests()
    for width in WIDTHS:
        browser.look(page, width)
        seen = browser.run(OVERLAPS)
        assert seen["found"] == []
        assert seen["wider"] <= 0, f"{width} px: it scrolls sideways"
        assert seen["shown"] == (name != "nobody")
        assert browser.run(SMALLEST) == []
    assert browser.complaints() == []
    assert browser.requests() == {page.as_uri()}


def test_dark_and_light_are_both_read_well(pages: dict[str, Path], browser: Browser) -> None:
    grounds = []
    for is_dark in (False, True):
        browser.look(pages["demo"], 1280, is_dark=is_dark)
        ground, ink = browser.run(
            "const one = getComputedStyle(document.body); return [one.backgroundColor, one.color]"
        )
        grounds.append(_brightness(ground) > _brightness(ink))
    assert grounds == [True, False]


def _brightness(colour: str) -> int:
    return sum(int(one) for one in re.findall(r"\d+", colour)[:3])


def test_a_name_in_the_rings_leads_to_its_paragraph(
    pages: dict[str, Path], browser: Browser
) -> None:
    browser.look(pages["demo"], 1280)
    browser.run("""
        const name = [...document.querySelectorAll("svg.rings.wide a")]
            .find(one => one.textContent === "Dieter Keller");
        name.focus();
        name.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
    """)
    heading = browser.run('return document.querySelector(":target h4").textContent')
    assert heading == "Dieter Keller"


def test_the_keyboard_reaches_each_name_once(pages: dict[str, Path], browser: Browser) -> None:
    browser.look(pages["demo"], 1280)
    shown = browser.run("""
        return [...document.querySelectorAll("svg.rings a")]
            .filter(one => one.getClientRects().length).map(one => one.getAttribute("href"))
    """)
    assert len(shown) == len(set(shown)) == 58
    first = browser.run("return document.querySelector('a').textContent")
    assert first == "To today\u2019s people"


def test_it_prints_on_a4_without_what_is_for_screens(
    pages: dict[str, Path], browser: Browser
) -> None:
    browser.look(pages["demo"], 680, is_dark=True, media="print")
    seen = browser.run("""
        const shown = one => [...document.querySelectorAll(one)]
            .some(found => found.getClientRects().length > 0);
        return [shown("nav"), shown("details"), shown("svg.rings.medium"), shown("svg.rings.wide"),
                getComputedStyle(document.body).backgroundColor]
    """)
    assert seen == [False, False, True, False, "rgb(255, 255, 255)"]
    browser.say("Emulation.setEmulatedMedia", {"media": ""})
    printed = browser.say("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    paper = base64.b64decode(printed["data"])
    boxes = set(re.findall(rb"/MediaBox \[0 0 (\d+)[\d.]* (\d+)[\d.]*\]", paper))
    assert boxes <= {(b"594", b"841"), (b"595", b"841"), (b"595", b"842"), (b"594", b"842")}
    assert 8 <= len(re.findall(rb"/Type /Page\b", paper)) <= 16


@pytest.mark.skipif(not AXE.exists(), reason="needs axe-core: npm install --prefix .venv axe-core")
@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious(pages: dict[str, Path], browser: Browser, is_dark: bool) -> None:
    for name in ("demo", "hostile names"):
        browser.look(pages[name], 820, is_dark=is_dark)
        browser.run(AXE.read_text("utf-8"))
        found = browser.driver.execute_async_script(
            "const done = arguments[0]; axe.run().then(found => done(found.violations))"
        )
        told = {
            (one["id"], one["nodes"][0]["html"][:200])
            for one in found
            if one["impact"] in {"serious", "critical"}
        }
        assert told == set()
