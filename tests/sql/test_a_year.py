"""A simulated year reads like the diary of a good assistant: tests/golden/year.txt."""

import pytest

from tests.golden_year import DIARY, diary


@pytest.mark.timeout(600)
def test_the_year_is_as_the_diary_says() -> None:
    told = "\n".join(diary()).strip() + "\n"
    assert told == DIARY.read_text(encoding="utf-8")
