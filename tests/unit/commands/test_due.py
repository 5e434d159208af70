"""`kithbook due`: that nobody is due is said only when it is so."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipeline.commands.due_list import Waiting, due_lines

QUIET = Waiting(date(2026, 11, 27))
FRIDAY = "Friday 27 November"


@pytest.mark.parametrize(
    ("waiting", "lines"),
    [
        ({}, [f"Nobody is due on {FRIDAY}: you are fine."]),
        (
            {"unchosen": 65},
            [
                f"Nobody to get in touch with on {FRIDAY}, as far as the book knows.",
                "65 wait for `kithbook choose`.",
            ],
        ),
        (
            {"undecided": 1},
            [
                f"Nobody you chose is due on {FRIDAY}: you are fine.",
                "1 waits for `kithbook choose`.",
            ],
        ),
        (
            {"paused_until": date(2027, 1, 4), "capped": 2},
            [
                "On hold until 4 January 2027; `kithbook pause off` ends it sooner.",
                "2 others wait; no hurry.",
            ],
        ),
        ({"capped": 1}, [f"That is enough for {FRIDAY}.", "1 other waits; no hurry."]),
        (
            {"unapplied": 1},
            [
                f"Nobody to get in touch with on {FRIDAY}, as far as the book knows.",
                "1 answer is not applied yet: `kithbook build`, or the next sync, does it.",
            ],
        ),
        (
            {"stale": "As of 5 months ago: the nightly run has not run since 23 June."},
            [
                "As of 5 months ago: the nightly run has not run since 23 June.",
                "",
                f"Nobody to get in touch with on {FRIDAY}, as far as the book knows.",
            ],
        ),
        (
            {"snoozed": (("Ana Lima", date(2026, 12, 3)), ("Rui", None))},
            [
                f"Nobody is due on {FRIDAY}: you are fine.",
                "Snoozed: Ana Lima until 3 December, Rui.",
            ],
        ),
        (
            {"people": 0, "ties": 0},
            ["Nobody is in the book yet: `kithbook import FILE`, or `kithbook init`."],
        ),
    ],
)
def test_nobody_is_due_only_when_it_is_so(waiting: dict[str, Any], lines: list[str]) -> None:
    assert due_lines([], replace(QUIET, **waiting)) == lines
