"""`kithbook report` on given books: what the page says, what it keeps to itself."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from pipeline import cli
from pipeline.commands.report import pictures
from pipeline.terminal.terminal_text import width
from tests.support.demo_commands import AS_OF, Hand
from tests.support.made_up_people import HOSTILE, make_book

ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section"),
    *("nav", "ul", "ol", "li", "a", "p", "h1", "h2", "h3", "h4", "span", "b", "i", "bdi", "code"),
    *("div", "figure", "figcaption", "details", "summary", "article"),
    *("table", "thead", "tbody", "tr", "th", "td"),
    *("svg", "symbol", "use", "g", "path", "line", "circle", "text"),
}


class Page(HTMLParser):
    """What a browser makes of the page: its elements, links, names of places, and words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if not self.tags or self.tags[-1][0] != "style":
            self.text += data

    @property
    def links(self) -> list[str]:
        return [str(attrs["href"]) for _, attrs in self.tags if "href" in attrs]

    @property
    def places(self) -> list[str]:
        return [str(attrs["id"]) for _, attrs in self.tags if "id" in attrs]


def written(hand: Hand) -> Page:
    target = hand.folder / "page.html"
    hand.ok("report", "--html", str(target), "--force")
    assert target.stat().st_mode & 0o077 == 0
    return Page(target.read_text("utf-8"))


def words(page: Page) -> str:
    return " ".join(page.text.split())


@pytest.fixture(scope="module")
def demo_html(demo_book: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of the demo's book as it was laid out."""
    target = tmp_path_factory.mktemp("report") / "page.html"
    place = ["--config", str(demo_book / "config.toml"), "--as-of", AS_OF]
    assert cli.run([*place, "report", "--html", str(target)]) == 0
    return target.read_text("utf-8")


@pytest.fixture(scope="module")
def demo_page(demo_html: str) -> Page:
    return Page(demo_html)


def test_the_demo_book_has_every_part_with_its_people(demo_page: Page) -> None:
    page = demo_page
    said = words(page)
    parts = "today rings threads stream year faces balance birthdays introductions people foot"
    assert set(parts.split()) <= set(page.places)
    assert "Nora, here are your people" in said
    assert "people to think of" in said
    assert "Renate and Dieter Keller meet most" in said
    assert "Came closer this year" in said
    assert "Everything could be read; nothing was set aside." in said
    titles = [str(a.get("class")) for tag, a in page.tags if tag == "svg"]
    assert {"rings wide", "rings medium", "rings narrow"} <= set(titles)


def test_every_link_leads_to_a_place_of_the_page_and_every_place_is_one(demo_page: Page) -> None:
    page = demo_page
    assert {link for link in page.links if link[0] != "#" or link[1:] not in page.places} == set()
    assert len(page.places) == len(set(page.places))
    assert sum(link.startswith("#p") for link in page.links) > 200


def test_names_are_text_whatever_is_in_them(hand: Hand, tmp_path: Path) -> None:
    book = make_book(hand.folder, tmp_path / "crowd", 60, called=HOSTILE)
    page = written(replace(hand, folder=book))
    assert {tag for tag, _ in page.tags} <= ALLOWED
    assert not [(tag, name) for tag, attrs in page.tags for name in attrs if name.startswith("on")]
    assert "<script>alert('Dora')</script> Dee" in page.text
    assert "{{ 7 * 7 }} {% raw %}" in page.text
    assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e\u2066-\u2069]", page.text)
    assert {link for link in page.links if not link.startswith("#")} == set()


def test_the_page_asks_for_nothing_and_runs_nothing(demo_page: Page, demo_html: str) -> None:
    (policy,) = [a["content"] for tag, a in demo_page.tags if a.get("http-equiv")]
    assert str(policy).startswith("default-src 'none'")
    asking = r"https?:|url\(|@import|<script|\bsrc=|srcset|<link|<iframe"
    assert not re.search(asking, demo_html)


@pytest.mark.parametrize("number", [0, 3])
def test_a_small_book_has_no_empty_picture(hand: Hand, tmp_path: Path, number: int) -> None:
    few = replace(hand, folder=make_book(hand.folder, tmp_path / "few", number))
    page = written(few)
    assert ("rings" in page.places) == (number > 0)
    assert "stream" not in page.places
    if not number:
        assert "kithbook has seen nobody in your calendars yet" in words(page)
    else:
        assert "With two of three people here you are in your usual rhythm." in words(page)


def test_nobody_dead_or_at_rest_and_no_private_title_is_on_it(hand: Hand, demo_page: Page) -> None:
    before = words(demo_page)
    assert "Hanna Brandt" in before
    assert "Łukasz Wójcik" in before
    hand.ok("rest", "Hanna Brandt")
    with duckdb.connect(hand.folder / "kithbook.duckdb") as connection:
        connection.execute(
            "update main.people set is_deceased_hint = true where display_name = 'Łukasz Wójcik'"
        )
        private = connection.execute(
            "select count(*) from main.last_contacts where title is null"
        ).fetchone()
    after = words(written(hand))
    assert private
    assert private[0] > 0
    assert "Hanna Brandt" not in after
    assert "Łukasz" not in after.replace("Climbing with Łukasz", "")
    phones = hand.rows("select unnest(phones) from people union select unnest(emails) from people")
    assert [way for (way,) in phones if way in after] == []


def test_an_old_book_says_so_first(hand: Hand) -> None:
    page_of_now = hand.folder / "now.html"
    assert cli.run([*hand.place, "report", "--html", str(page_of_now)]) == 0
    text = words(Page(page_of_now.read_text("utf-8")))
    assert text.index("As of") < text.rindex("here are your people")


def test_without_a_file_it_says_the_same_in_words(hand: Hand, demo_page: Page) -> None:
    said = hand.ok("report").out
    page = words(demo_page)
    line = "Somebody has to be the one who asks, and with most people that is you."
    assert line in said
    assert line in page
    assert "Closest five: Ayşe Demir" in said


def test_a_file_that_is_there_is_not_replaced_unasked(hand: Hand) -> None:
    target = hand.folder / "mine.html"
    target.write_text("mine", "utf-8")
    said = hand.kithbook("report", "--html", str(target))
    assert said.code == 2
    assert target.read_text("utf-8") == "mine"


def test_without_the_libraries_one_line_says_what_to_install(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "find_spec", lambda _: None)
    said = hand.kithbook("report", "--html", str(hand.folder / "page.html"))
    assert said.code == 2
    assert "two libraries" in said.err
    assert "'.[report]'" in said.err
    assert not (hand.folder / "page.html").exists()
    assert hand.ok("report").out


def test_two_pages_of_one_book_are_the_same(hand: Hand, demo_html: str) -> None:
    target = hand.folder / "again.html"
    hand.ok("report", "--html", str(target))
    assert target.read_text("utf-8") == demo_html


def test_due_looks_ahead_and_show_draws_the_months(hand: Hand) -> None:
    ahead = hand.ok("due", "--ahead", "30 days").out.partition("Until 18 December:")[2]
    listed = {line.split(":")[0].split("  ")[-1] for line in ahead.splitlines() if line.strip()}
    due = {
        name
        for name, _ in hand.rows(
            "select display_name, kind from follow_ups where opens_now or is_open"
        )
    }
    assert listed
    assert not listed & due
    shown = hand.ok("show", "Renate Keller").out
    (bars,) = re.findall(r"([▁▂▃▄▅▆▇█·]{24})  Dec 2024 to Nov 2026", shown)
    assert bars.strip("·")
    assert "\x1b" not in shown


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_what_is_shown_of_somebody_fits_the_screen(
    hand: Hand, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for command in (("show", "Renate Keller"), ("due", "--ahead", "30 days"), ("report",)):
        lines = hand.ok(*command).out.splitlines()
        assert [line for line in lines if width(line) > columns] == []


def test_who_fell_far_and_whose_task_outlived_them_break_nothing(
    hand: Hand, tmp_path: Path
) -> None:
    folder = make_book(hand.folder, tmp_path / "fallen", 200)
    with duckdb.connect(folder / "kithbook.duckdb") as connection:
        connection.execute("""
            update main.ties_by_month set strength_rank = 1
            where person_id = 200 and month_date = date '2025-11-01'
        """)
        connection.execute("update main.ties set state = 'overdue' where person_id = 200")
        ((dead, name),) = connection.execute(
            "select person_id, display_name from main.follow_ups order by person_id limit 1"
        ).fetchall()
        connection.execute(
            "update main.people set is_deceased_hint = true where person_id = $1", [dead]
        )
        ((fallen,),) = connection.execute(
            "select display_name from main.people where person_id = 200"
        ).fetchall()
    said = replace(hand, folder=folder).ok("report").out
    assert f"{fallen}  among the closest five a year ago" in said
    assert f"{name}: Last seen" not in said
