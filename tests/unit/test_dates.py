from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.contract import PartialDate
from connectors.dates import read_date, tells_order, whole_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1985-04-12", (1985, 4, 12)),
        ("1985-04-12T00:00:00Z", (1985, 4, 12)),
        ("19850412", (1985, 4, 12)),
        ("--04-12", (None, 4, 12)),
        (" --0412", (None, 4, 12)),
        ("1604-02-29", (None, 2, 29)),
        ("0000-02-29", (None, 2, 29)),
        ("4/12/1985", (1985, 4, 12)),
        ("4/12/1985 00:00", (1985, 4, 12)),
        ("25/12/1985", (1985, 12, 25)),
        ("12.04.1985", (1985, 4, 12)),
        ("12.4.", (None, 4, 12)),
        ("1985/4/12", (1985, 4, 12)),
        ("1985. 04. 12.", (1985, 4, 12)),
        ("12 Mar 2024", (2024, 3, 12)),
        ("March 12, 2024", (2024, 3, 12)),
        ("12. März 1985", (1985, 3, 12)),
        ("12 de março de 1985", (1985, 3, 12)),
        ("12 марта 1985", (1985, 3, 12)),
        ("Feb 29", (None, 2, 29)),
        ("4/12/85", (1985, 4, 12)),
        ("4/12/12", (None, 4, 12)),
    ],
)
def test_a_date_as_programs_write_it(text: str, expected: tuple[int | None, int, int]) -> None:
    assert read_date(text) == PartialDate(*expected)


@pytest.mark.parametrize("text", ["", "0/0/00", "00.00.00", "0000-00-00", " - ", "0"])
def test_what_programs_write_for_no_date_is_none(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    "text",
    ["in spring", "31/31/1985", "1985-02-30", "12 Mar Apr 2024", "12 Mar 123456", "1", "x" * 1000],
)
def test_what_is_no_date_is_kept_as_text(text: str) -> None:
    assert read_date(text) == PartialDate(text=text)


def test_the_order_decides_only_where_the_numbers_do_not() -> None:
    assert read_date("4/12/1985", "dmy") == PartialDate(1985, 12, 4)
    assert read_date("4/25/1985", "dmy") == PartialDate(1985, 4, 25)
    assert tells_order("25/12/1985") == "dmy"
    assert tells_order("12/25/1985") == "mdy"
    assert tells_order("4/12/1985") is None


def test_a_whole_date_has_a_year_and_never_invents_one() -> None:
    assert whole_date("7-Feb-22") == date(2022, 2, 7)
    assert whole_date("12 Mar 2024") == date(2024, 3, 12)
    assert whole_date("--04-12") is None
    assert whole_date("Mar 12") is None
    assert whole_date("soon") is None


@given(st.text(max_size=60), st.sampled_from(["mdy", "dmy"]))
def test_no_text_raises(text: str, order: str) -> None:
    read = read_date(text, "dmy" if order == "dmy" else "mdy")
    assert read is None or read.text is not None or read.month is not None
    assert whole_date(text) is None or read is not None


@given(st.dates(min_value=date(1930, 1, 1)))
def test_every_day_is_read_in_every_order(day: date) -> None:
    expected = PartialDate(day.year, day.month, day.day)
    assert read_date(day.isoformat()) == expected
    assert read_date(f"{day.month}/{day.day}/{day.year:04}", "mdy") == expected
    assert read_date(f"{day.day}/{day.month}/{day.year:04}", "dmy") == expected
    assert whole_date(day.strftime("%d %b %Y")) == day
