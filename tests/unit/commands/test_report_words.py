"""The report's small pieces: names shortened beside their points, numbers and lists in words."""

import pytest

from pipeline.commands.report.labels import label, label_width
from pipeline.commands.report.number_words import counted, listed
from pipeline.commands.report.page import line_of
from pipeline.commands.report.tidy_svg import tidy

LONG_ARABIC = "\u0645\u062d\u0645\u062f \u0628\u0646 \u0639\u0628\u062f \u0627\u0644\u0644\u0647"


@pytest.mark.parametrize(
    ("name", "place", "limit", "shown"),
    [
        ("Renate Keller", "", 104, "Renate Keller"),
        ("Charlotte Weiß", "", 88, "Charlotte W."),
        ("Ελένη Παπαδοπούλου", "", 104, "Ελένη Π."),
        ("Fatima Zahra El Idrissi", "", 104, "Fatima I."),
        ("Maria Silva", "Lisbon", 110, "Maria S., Lisbon"),
        ("Maria Silva", "Lisbon", 92, "Maria, Lisbon"),
        ("Maximiliana", "", 60, "Maximi…"),
        ("山田太郎山田太郎", "", 60, "山田太…"),
        (LONG_ARABIC, "", 70, "\u0645\u062d\u0645\u062f \u0628…"),
        ("W" * 40, "", 50, "WWW…"),
    ],
    ids=ascii,
)
def test_a_name_is_shortened_until_it_fits(name: str, place: str, limit: float, shown: str) -> None:
    found = label(name, limit, 12.5, place)
    assert label_width(found, 12.5) <= limit
    assert found == shown


def test_a_letter_keeps_its_marks_where_a_name_is_cut() -> None:
    name = "Zoe\u0308" * 12
    for limit in range(30, 120, 7):
        kept = label(name, limit, 12.5).removesuffix("…")
        assert kept == name[: len(kept)]
        assert not name[len(kept) :].startswith("\u0308")


def test_numbers_to_twelve_are_words_and_names_are_listed() -> None:
    assert counted(1, "person", "people") == "one person"
    assert counted(12, "day") == "twelve days"
    assert counted(1204, "day") == "1,204 days"
    assert listed([]) == ""
    assert listed(["Ana"]) == "Ana"
    assert listed(["Ana", "Lena", "Rui"]) == "Ana, Lena and Rui"


def test_a_line_of_months_has_its_least_at_the_bottom_and_its_most_at_the_top() -> None:
    assert line_of([0.0, 2.0, 1.0]) == "M0.0,20.0L44.0,2.0L88.0,11.0"
    assert line_of([1.0, 1.0]) == "M0,11H88"


def test_only_known_elements_and_links_into_the_page_are_let_through() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'width="10" height="20" onload="alert(1)"><script>alert(1)</script>'
        '<image href="https://example.org/x.png"/><foreignObject/>'
        '<a xlink:href="https://vega.github.io/vega-datasets/#p6"><text onclick="x()">'
        "&lt;b&gt;</text></a>"
        '<a xlink:href="https://example.org/"><text>Ana</text></a>'
        '<path d="M6,0A6,6,0,1,1,-6,0A6,6,0,1,1,6,0Z" transform="translate(3.14159,4)"/></svg>'
    )
    assert tidy(svg, "rings") == (
        '<svg class="rings" viewBox="0 0 10 20" width="10" height="20" focusable="false"'
        ' aria-hidden="true"><a href="#p6"><text>&lt;b&gt;</text></a><a><text>Ana</text></a>'
        '<circle cx="3.1" cy="4" r="6"/></svg>'
    )
