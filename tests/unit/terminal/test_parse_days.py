"""Days as people say them."""

from datetime import date

import pytest

from connectors.errors import UsageError
from pipeline.terminal import parse_days

WEDNESDAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-11-02", date(2026, 11, 2)),
        ("today", WEDNESDAY),
        (" Yesterday ", date(2026, 11, 17)),
        ("tuesday", date(2026, 11, 17)),
        ("wed", date(2026, 11, 11)),
        ("3 weeks ago", date(2026, 10, 28)),
        ("a day ago", date(2026, 11, 17)),
    ],
)
def test_when_it_was(said: str, meant: date) -> None:
    assert parse_days.past(said, WEDNESDAY) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("tomorrow", date(2026, 11, 19)),
        ("thu", date(2026, 11, 19)),
        ("wednesday", date(2026, 11, 25)),
        ("3 weeks", date(2026, 12, 9)),
        ("a month", date(2026, 12, 18)),
    ],
)
def test_until_when(said: str, meant: date) -> None:
    assert parse_days.coming(said, WEDNESDAY) == meant


@pytest.mark.parametrize("said", ["", "soon", "2026-02-30", "some weeks ago", "-1 day"])
def test_what_is_no_day_is_said_so(said: str) -> None:
    with pytest.raises(UsageError, match="is not a day"):
        parse_days.past(said, WEDNESDAY)
    with pytest.raises(UsageError, match="neither a day nor a span"):
        parse_days.coming(said, WEDNESDAY)


def test_a_mistyped_century_is_said_so() -> None:
    for said in ("1800-01-01", "0202-11-17"):
        with pytest.raises(UsageError, match="more than 100 years ago"):
            parse_days.past(said, WEDNESDAY)
    assert parse_days.past("1950-05-05", WEDNESDAY) == date(1950, 5, 5)
    with pytest.raises(UsageError, match="more than 100 years to come"):
        parse_days.coming("9999-12-31", WEDNESDAY)


def test_the_past_is_not_to_come_and_the_other_way_round() -> None:
    with pytest.raises(UsageError, match="still to come"):
        parse_days.past("tomorrow", WEDNESDAY)
    with pytest.raises(UsageError, match="not in the future"):
        parse_days.coming("2026-11-18", WEDNESDAY)
    with pytest.raises(UsageError, match="not in the future"):
        parse_days.coming("yesterday", WEDNESDAY)
