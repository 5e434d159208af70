"""`kithbook backtest`: the verdict is honest, and the command shows what the queries found."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipeline.commands.backtest_words import Replay, Totals, difference, is_clear, verdict
from tests.support.demo_commands import Hand

NO_ANSWERS = {"kept": 0, "put_off": 0, "pairs": 0, "agreed": 0.0}


def month(number: int, rule: str, named: int, nags: int, **columns: Any) -> dict[str, Any]:
    """A settled month in which so many were named, and so many of them came by themselves."""
    return {
        "rule": rule,
        "month_date": date(2024 + number // 12, number % 12 + 1, 1),
        "is_settled": True,
        "named": named,
        "came_by_themselves": nags,
        "came_later": named - nags,
        "never_came": 0,
        "came_after_task": 0,
        "returns": 100,
        "returns_in_time": 80,
        "strength_auc": None,
        **columns,
    }


def past(months: int, nags: dict[str, int], **learned: Any) -> Replay:
    """So many months in each of which each rule names twenty people."""
    rows = [
        month(number, rule, 20, nags[rule], **(learned if rule == "learned" else {}))
        for number in range(months)
        for rule in nags
    ]
    return Replay(rows, NO_ANSWERS)


EVEN = {"learned": 4, "every_90_days": 4, "twice_the_median": 5}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (past(11, EVEN), "would have been named 220 times in 11 months; it takes 100 in 12"),
        (past(12, EVEN), "no clear difference"),
        (past(12, {**EVEN, "learned": 1}), "nagged you less than either simple rule"),
        (past(12, {**EVEN, "learned": 9}), "a simple rule would have nagged you less"),
        (past(12, {**EVEN, "twice_the_median": 0}), "a simple rule would have nagged you less"),
        (past(12, EVEN, came_after_task=12), "too short to say"),
        (past(12, EVEN, is_settled=False), "too short to say"),
    ],
)
def test_the_verdict_says_what_the_figures_prove(found: Replay, said: str) -> None:
    assert said in verdict(found)[0]


@pytest.mark.parametrize(
    ("in_time", "said"),
    [(80, "held: 80 %"), (74, "too impatient"), (86, "too patient")],
)
def test_four_in_five_is_held_against_the_returns(in_time: int, said: str) -> None:
    assert said in verdict(past(12, EVEN, returns_in_time=in_time))[1]


def test_a_difference_by_chance_is_called_none() -> None:
    now = Totals.of(past(12, EVEN).months, "learned")
    assert not is_clear(now, replace(now, came_by_themselves=now.came_by_themselves + 9))
    fewer = replace(now, came_by_themselves=9)
    assert is_clear(now, fewer)
    assert "no clear difference" in difference(now, now)[0]
    assert "fewer nags (4 %, now 20 %)" in difference(now, fewer)[0]


def test_the_command_shows_the_past_and_writes_nothing(hand: Hand) -> None:
    published = hand.folder / "kithbook.duckdb"
    before = published.read_bytes()
    said = hand.ok("backtest").out
    (found,) = json.loads(hand.ok("backtest", "--json").out)
    assert published.read_bytes() == before
    learned = found["totals"]["learned"]
    assert learned["named"] > 50
    assert f"{learned['named']} " in said
    assert "every 90 days" in said
    assert found["verdict"][0] in " ".join(said.split())
    assert (
        sum(one["named"] for one in found["months"] if one["rule"] == "learned")
        >= (learned["named"])
    )


def test_other_numbers_stand_beside_those_that_hold(hand: Hand) -> None:
    asked = ("backtest", "--set", "rules.check_in_floor_days=90")
    assert "with your numbers" in hand.ok(*asked).out
    now, then = json.loads(hand.ok(*asked, "--json").out)
    assert then["totals"]["learned"]["named"] < now["totals"]["learned"]["named"]
    assert then["totals"]["every_90_days"] == now["totals"]["every_90_days"]
    refused = hand.kithbook("backtest", "--set", "rules.check_in_flor_days=90")
    assert (refused.code, "Did you mean check_in_floor_days?" in refused.err) == (2, True)
