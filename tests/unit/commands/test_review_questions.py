"""`kithbook review` on a terminal: pairs alike at once, one step back, the likeliest first."""

import contextlib
import re
from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from pipeline.book import decisions
from pipeline.book.queries import query
from pipeline.command_session import Session
from pipeline.commands.review_questions import Round
from tests.support.demo_commands import AS_OF, Hand, Terminal

Answer = Callable[..., str]


@pytest.fixture
def answer(
    hand: Hand, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Answer:
    """Type keys to questions about pairs of the demo's people; what was said."""

    def typed(*keys: str, reasons: tuple[str, ...] = ("same name",) * 4) -> str:
        session = Session(hand.folder / "config.toml", as_of=AS_OF)
        ids = [row[0] for row in hand.rows("select person_id from people order by 1")]
        found = [
            {
                "person_id": ids[2 * number],
                "other_id": ids[2 * number + 1],
                "person_name": f"One {number}",
                "other_name": f"Other {number}",
                "confidence": 0.8,
                "reason": reason,
            }
            for number, reason in enumerate(reasons)
        ]
        monkeypatch.setattr("sys.stdin", Terminal("".join(f"{key}\n" for key in keys)))
        capsys.readouterr()
        with contextlib.closing(session.looking()) as connection:
            Round(session, connection, found, lambda one: [one["person_name"]]).ask_all()
        return capsys.readouterr().err

    return typed


def standing(hand: Hand) -> list[str]:
    """The verbs of the decisions that were not taken back."""
    said = list(decisions.read(hand.folder))
    stand = decisions.standing(said)
    return [one.verb for one in said if one.decision_id in stand and one.verb != "undo"]


def test_pairs_with_the_same_evidence_are_merged_at_once(hand: Hand, answer: Answer) -> None:
    said = answer("a", "all")
    assert standing(hand) == ["merge"] * 4
    assert re.search(r"^    2  One 1 \(id \d+\) = Other 1 \(id \d+\)$", said, re.MULTILINE)
    assert "4 pairs merged." in said
    assert "4 answers noted" in said


def test_what_looks_wrong_in_the_list_is_left_out_and_asked_by_itself(
    hand: Hand, answer: Answer
) -> None:
    said = answer("a", "all but 2, 4", "n", "q")
    assert standing(hand) == ["merge", "merge", "never_same"]
    assert said.count("The same person? Evidence: same name.") == 3


@pytest.mark.parametrize("words", ["", "all but", "all but 9", "all but two", "some", "y"])
def test_nothing_is_merged_by_a_slip_of_the_hand(hand: Hand, answer: Answer, words: str) -> None:
    answer("a", words, "", "q")
    assert standing(hand) == []


def test_a_list_that_is_refused_leads_back_to_its_question(hand: Hand, answer: Answer) -> None:
    answer("a", "", "n", "q")
    assert standing(hand) == ["never_same"]


@pytest.mark.parametrize(
    "reasons",
    [
        ("same name", "same name", "same initial and family name"),
        ("same name, but others have that name",) * 4,
    ],
)
def test_few_pairs_and_doubtful_ones_are_asked_one_by_one(
    answer: Answer, reasons: tuple[str, ...]
) -> None:
    assert "with this evidence" not in answer("a", "q", reasons=reasons)


def test_one_step_back_takes_back_what_was_answered_there(hand: Hand, answer: Answer) -> None:
    said = answer("m", "b", "n", "", "b", "b", "q")
    assert standing(hand) == []
    assert said.count("Taken back: 1 answer.") == 2
    assert "Nothing was noted." in said


def test_one_step_back_takes_back_many_at_once(hand: Hand, answer: Answer) -> None:
    said = answer("n", "a", "all but 1", "b", "b", "b", "q")
    assert standing(hand) == []
    assert "Taken back: 2 answers." in said
    assert "This is the first question." in said


def test_the_likeliest_are_asked_first_and_of_these_whom_one_is_closest_to(hand: Hand) -> None:
    people = [row[0] for row in hand.rows("select person_id from ties order by strength_rank")]
    near, far, nearest = people[3], people[40], people[0]
    pairs: list[tuple[int, int, float]] = [
        (far, people[41], 0.84),
        (near, people[42], 0.81),
        (nearest, people[43], 0.62),
    ]
    with duckdb.connect(hand.folder / "kithbook.duckdb") as book:
        book.execute("delete from merge_candidates")
        for one, other, confidence in pairs:
            book.execute(
                "insert into merge_candidates values ($1, $2, 'One', 'Other', $3, 'same name')",
                [one, other, confidence],
            )
        rows: list[tuple[Any, ...]] = book.execute(query("review_pairs")).fetchall()
    assert [row[0] for row in rows] == [near, far, nearest]
