"""`kithbook due`: that nobody is due is said only when it is so."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipeline.commands.due_list import Waiting, ahead_lines, due_lines

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


def test_who_comes_ahead_is_told_day_by_day() -> None:
    today = date(2026, 11, 27)
    check_in = {
        "kind": "check_in",
        "display_name": "Renate Keller",
        "date": date(2026, 12, 27),
        "last_contact_date": None,
        "turns": None,
        "booked_date": date(2026, 11, 29),
    }
    birthday = check_in | {
        "kind": "birthday",
        "display_name": "Omar",
        "turns": 40,
        "booked_date": None,
        "date": date(2027, 1, 3),
    }
    assert ahead_lines([check_in, birthday], today, 40) == [
        "Until 6 January 2027:",
        "  27 December     Renate Keller: ring or write, you meet on 29 November",
        "  3 January 2027  Omar: birthday, turning 40",
    ]
    assert ahead_lines([], today, 30) == ["Nobody else until 27 December."]
