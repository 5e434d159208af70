"""Spans of time as people write them."""

import pytest

from connectors.errors import UsageError
from pipeline.terminal.parse_durations import days, words


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("3 months", 91),
        ("every 2 months", 61),
        ("a week", 7),
        ("Week", 7),
        ("10 days", 10),
        ("1 year", 365),
        ("2 quarters", 183),
        ("2d", 2),
        ("3 w", 21),
        ("2 mo", 61),
        ("36h", 2),
        ("an hour", 1),
    ],
)
def test_a_span_is_whole_days(text: str, whole: int) -> None:
    assert days(text) == whole


@pytest.mark.parametrize(
    "text", ["", "soon", "0 days", "-1 week", "3", "3 fortnights", "3m", "99 years"]
)
def test_what_is_no_span_is_an_error_that_says_how_to_write_one(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        days(text)
    assert caught.value.hint


@pytest.mark.parametrize("text", ["3 months", "2 weeks", "1 year", "10 days", "1 day"])
def test_a_span_is_said_as_it_was_written(text: str) -> None:
    assert words(days(text)) == text
