"""docs/cookbook.md: each query runs on the demo book, and the answer shown is the real one."""

import re
from pathlib import Path

import duckdb
import pytest

from docs import make_from_demo
from tests.support.demo_commands import AS_OF

PAGE = make_from_demo.COOKBOOK.read_text("utf-8")


def test_twenty_questions_have_the_answers_that_the_page_shows(demo_book: Path) -> None:
    assert make_from_demo.AS_OF == AS_OF
    assert re.findall(r"^## (\d+)\. .*[?]$", PAGE, re.MULTILINE) == [str(n) for n in range(1, 21)]
    with duckdb.connect(demo_book / "kithbook.duckdb", read_only=True) as book:
        made = make_from_demo.answered(PAGE, book)
    assert made == PAGE
    answers = re.findall(r"```text\n(.*?)```", made, re.DOTALL)
    assert len(answers) == 20
    assert [one for one in answers if len(one.splitlines()) < 3] == []


def test_the_python_of_the_page_opens_the_file(
    demo_book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (written,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    monkeypatch.chdir(demo_book)
    exec(written, {})
    assert "Ayşe Demir" in capsys.readouterr().out
