"""`kithbook backtest`: what the queries say of given pasts, with values worked out by hand."""

from datetime import date, timedelta
from typing import Any

import pytest

from pipeline.book.queries import query
from pipeline.commands.backtest import ROWS, TABLES
from tests.support.ties_builder import TieBook

EVERY_90, LEARNED, MEDIAN = "every_90_days", "learned", "twice_the_median"
OUTCOMES = ("came_by_themselves", "came_later", "never_came", "came_after_task", "too_early_to_say")


def replayed(book: TieBook) -> list[dict[str, Any]]:
    """The rows of the table."""
    book.build(*TABLES)
    cursor = book.connection.execute(ROWS)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def named(book: TieBook, rule: str) -> dict[str, list[str]]:
    """Month → what came of whom the rule would have named in it."""
    return {
        f"{row['month_date']:%Y-%m}": [name for name in OUTCOMES for _ in range(row[name])]
        for row in replayed(book)
        if row["rule"] == rule and row["named"]
    }


@pytest.fixture
def book() -> TieBook:
    """Ana was met on 1 January and on 1 June 2024, and never again."""
    book = TieBook(as_of="2026-09-01")
    ana = book.person("Ana Lima")
    for day in ("2024-01-01", "2024-06-01"):
        book.meeting(day, ana)
    return book


def test_each_rule_names_once_a_silence(book: TieBook) -> None:
    # 1 January + 90 days = 31 March, back on 1 June; 1 June + 90 = 30 August, never back
    assert named(book, EVERY_90) == {"2024-03": ["came_later"], "2024-08": ["never_came"]}
    # No gap known: twice the book's usual 30 days, 1 March. Then twice 152: 1 April 2025.
    assert named(book, MEDIAN) == {"2024-03": ["came_later"], "2025-04": ["never_came"]}
    # An empty book: 30 * exp(0.8416 * sqrt(1.5 * (1 + 1/3))) = 98.6: 9 April 2024.
    # Then n = 1, and of the book nothing was known at the end of May:
    #   mu = (3 * ln 30 + ln 152) / 4 = 3.806879, sd = sqrt(1.5 * (1 + 1/4)) = 1.369306
    #   exp(3.806879 + 0.8416 * 1.369306) = 142.5: 22 October 2024
    assert named(book, LEARNED) == {"2024-04": ["came_later"], "2024-10": ["never_came"]}


def test_who_comes_within_a_fortnight_would_have_been_nagged(book: TieBook) -> None:
    for name, back in (("Nagged", "2025-04-15"), ("Not Nagged", "2025-04-16")):
        person = book.person(name)
        for day in ("2025-01-01", back):  # named on 1 April: 14 and 15 days before
            book.meeting(day, person)
    assert named(book, EVERY_90)["2025-04"] == ["came_by_themselves", "came_later"]


def test_who_is_back_on_the_day_itself_would_have_been_named_that_morning() -> None:
    book = TieBook(as_of="2026-09-01")
    for name, back in (("Before", "2025-03-31"), ("That Day", "2025-04-01")):
        person = book.person(name)
        for day in ("2025-01-01", back):
            book.meeting(day, person)
    assert named(book, EVERY_90)["2025-04"] == ["came_by_themselves"]


def test_whom_a_task_of_ours_brought_back_stands_apart(book: TieBook) -> None:
    for name, opened in (("Reminded", "2025-04-03"), ("Too Late", "2025-04-11")):
        person = book.person(name)
        for day in ("2025-01-01", "2025-04-10"):
            book.meeting(day, person)
        book.insert(
            "raw.task_links",
            {
                "uid": f"kithbook-2-check_in-2025-01-01-{person:012}",
                "owner_id": "me",
                "person_id": person,
                "kind": "check_in",
                "cycle": "2025-01-01",
                "source": "home",
                "collection": "list",
                "href": f"{person}.ics",
                "opened_at": f"{opened} 06:00:00+00",
                "wrote_at": f"{opened} 06:00:00+00",
                "closed_at": "2025-04-12 06:00:00+00",
                "close_reason": "met",
            },
        )
    months = named(book, EVERY_90)
    assert months["2025-04"] == ["came_by_themselves", "came_after_task"]
    returns = sum(row["returns"] for row in replayed(book) if row["rule"] == EVERY_90)
    assert returns == 2  # Ana's, and the one before the task


def test_what_is_less_than_a_year_ago_is_too_early_to_say() -> None:
    book = TieBook(as_of="2026-09-01")
    book.meeting("2025-12-01", book.person("Silent Since"))
    book.meeting("2026-06-15", book.person("Not Due Yet"))
    assert named(book, EVERY_90) == {"2026-03": ["too_early_to_say"]}
    assert {row["is_settled"] for row in replayed(book) if row["named"]} == {False}


def test_four_in_five_counts_returns_by_what_was_known_when_the_silence_began(
    book: TieBook,
) -> None:
    rui = book.person("Rui Costa")
    for day in ("2025-01-01", "2025-01-31", "2026-05-01"):  # 30 days; 455 are a break
        book.meeting(day, rui)
    found = {
        (row["rule"], f"{row['month_date']:%Y-%m}"): (row["returns"], row["returns_in_time"])
        for row in replayed(book)
        if row["returns"]
    }
    assert found == {
        (LEARNED, "2024-06"): (1, 0),  # Ana's 152 days, where 98.6 were thought long
        (LEARNED, "2025-01"): (1, 1),
        (EVERY_90, "2024-06"): (1, 0),
        (EVERY_90, "2025-01"): (1, 1),
        (MEDIAN, "2024-06"): (1, 0),
        (MEDIAN, "2025-01"): (1, 1),
    }


def test_the_strength_of_a_year_ago_tells_who_is_in_touch() -> None:
    book = TieBook(as_of="2026-08-31")
    stays, leaves, weak = (book.person(name) for name in ("Stays On", "Leaves Us", "Weak Tie"))
    for month in range(1, 8):
        book.meeting(f"2025-{month:02}-10", stays)
        book.meeting(f"2025-{month:02}-20", leaves)
    book.meeting("2025-01-05", weak)
    book.meeting("2026-08-20", stays)
    book.meeting("2026-08-20", weak)
    (last,) = [
        row
        for row in replayed(book)
        if f"{row['month_date']}" == "2026-08-01" and row["rule"] == LEARNED
    ]
    # At the end of August 2025: Leaves Us (silent for 42 days) before Stays On (52), Weak Tie last.
    # In touch since: Stays On and Weak Tie, ranks 2 and 3; neither pair is in order.
    assert (last["known"], last["in_touch"]) == (3, 2)
    assert (last["strength_auc"], last["silence_auc"]) == (0.0, 0.0)


def test_nothing_later_enters_what_was_known(book: TieBook) -> None:
    rui, eva = book.person("Rui Costa"), book.person("Eva Horn")
    for week in range(40):
        day = date(2024, 1, 3) + timedelta(days=9 * week)
        book.meeting(day.isoformat(), rui)
        if week % 5 == 0:
            book.meeting(day.isoformat(), eva)
    before = replayed(book)
    for number in range(200):  # what is later: nearly every day of 2026
        when = date(2026, 2, 10) + timedelta(days=number)
        book.meeting(when.isoformat(), *((rui, eva, 2) if number % 3 else (rui,)))
    after = replayed(book)
    told = [row for row in before if row["is_settled"] and row["month_date"] < date(2025, 2, 1)]
    assert len(told) > 20
    assert [row for row in told if row not in after] == []
    known = {(row["rule"], row["month_date"]): row["named"] for row in after}
    assert {
        row["month_date"]
        for row in before
        if row["month_date"] < date(2026, 2, 1)
        and known[row["rule"], row["month_date"]] != row["named"]
    } == set()


def test_answers_stand_beside_the_ranks_of_the_month_before() -> None:
    book = TieBook(as_of="2026-09-01")
    close, known, far = (book.person(name) for name in ("Close One", "Known One", "Far One"))
    for month in range(1, 8):
        book.meeting(f"2026-{month:02}-10", close)
        if month > 4:
            book.meeting(f"2026-{month:02}-15", known)
    book.meeting("2026-01-20", far)
    for verb, person in (("keep", close), ("not_now", known), ("keep", far)):
        book.decide(verb, person, decided_at="2026-08-10 06:00:00+00")
    book.build(*TABLES)
    # Close One before Known One: as the ranks have it; Far One before Known One: not.
    assert book.rows(query("backtest_answers")) == [(2, 1, 2, 1.0)]
