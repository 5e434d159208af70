"""Two machines with one list: what one withdraws is no dismissal to the other."""

from typing import Any

import pytest

from tests.support.task_list_builder import TaskList

ANA = 2
OTHER = "b99999"


def book_of(**settings: Any) -> TaskList:
    """Ana, met every month and not for 100 days."""
    book = TaskList(as_of="2026-09-01", **settings)
    ana = book.person("Ana Lima", emails=["ana@example.org"])
    for day in ("2026-02-23", "2026-03-25", "2026-04-24", "2026-05-24"):
        book.meeting(day, ana)
    return book


@pytest.fixture
def book() -> TaskList:
    return book_of()


@pytest.fixture
def other() -> TaskList:
    """Another machine's book, which found the task of this one in the list."""
    return book_of(book_id=OTHER)


def hand_over(here: TaskList, there: TaskList) -> None:
    """What stands in the list here is read there."""
    there.connection.execute("delete from raw.tasks")
    for row in here.rows("select * from raw.tasks"):
        names = [column[0] for column in here.connection.description]
        there.insert("raw.tasks", dict(zip(names, row, strict=True)))


def marks(book: TaskList) -> list[str]:
    return [mark.split(".", 5)[5] for (mark,) in book.rows("select mark from raw.tasks")]


def mute(book: TaskList) -> None:
    book.decide("mute", ANA)
    book.connection.execute("update identity.persons set is_muted = true where person_id = 2")


def stands(book: TaskList) -> list[tuple[Any, ...]]:
    return book.rows("select status from raw.tasks where gone_at is null")


def share(book: TaskList, other: TaskList) -> None:
    """Both look after Ana's task, and know it of each other."""
    book.night()
    hand_over(book, other)
    assert other.night() == [("update", "Ana Lima", "shared")]
    assert other.night() == []
    hand_over(other, book)
    assert book.night() == []
    assert marks(book)[0].endswith(f".b00000.{OTHER}")


def test_a_list_of_ones_own_is_left_tidy(book: TaskList) -> None:
    book.night()
    mute(book)
    assert book.night() == [("withdraw", "Ana Lima", "muted")]
    assert stands(book) == []


def test_what_one_withdraws_the_other_does_not_take_for_a_dismissal(
    book: TaskList, other: TaskList
) -> None:
    share(book, other)
    mute(book)
    assert book.night() == [("withdraw", "Ana Lima", "muted")]
    assert stands(book) == [("cancelled",)]
    hand_over(book, other)
    other.go_to("2026-09-02")
    assert other.night() == [("close", "Ana Lima", "withdrawn_elsewhere")]
    # Not written again at once, or they would take turns; and nothing is counted against Ana.
    assert other.night() == []
    assert other.rows("select running, is_muted from judgement.dismissals") == [(0, False)]
    assert other.rows("select why_not_words from main.follow_ups") == [
        ("another machine took it back: no other until 3 October",)
    ]
    other.go_to("2026-11-02")
    assert ("create", "Ana Lima", "due") in other.night()


def test_what_was_left_standing_goes_after_two_weeks(book: TaskList, other: TaskList) -> None:
    share(book, other)
    mute(book)
    book.night()
    book.go_to("2026-09-14")
    assert book.night() == []
    book.go_to("2026-09-15")
    assert book.night() == [("withdraw", "Ana Lima", "cleared")]
    assert stands(book) == []
    assert book.night() == []


def test_what_the_user_opens_again_stays_with_both(book: TaskList, other: TaskList) -> None:
    share(book, other)
    mute(book)
    book.night()
    book.on_phone("Ana Lima", "status = 'needs-action'")
    hand_over(book, other)
    for one in (book, other):
        one.go_to("2026-09-20")
        assert one.night() == []
        assert one.rows("select is_open, is_touched from history.task_outcomes") == [(True, True)]


def test_a_tick_on_it_counts_with_both(book: TaskList, other: TaskList) -> None:
    share(book, other)
    mute(book)
    book.night()
    book.go_to("2026-09-03")
    book.tick("Ana Lima")
    hand_over(book, other)
    for one in (book, other):
        one.go_to("2026-09-04")
        one.build("history.task_outcomes")
        assert one.rows("select close_reason from history.task_outcomes") == [("ticked",)]


def test_of_the_dead_nothing_is_left_standing(book: TaskList, other: TaskList) -> None:
    share(book, other)
    book.connection.execute("update identity.persons set is_deceased_hint = true where person_id=2")
    assert book.night() == [("withdraw", "Ana Lima", "deceased")]
    assert stands(book) == []


def test_a_dismissal_in_a_shared_list_is_one_for_both(book: TaskList, other: TaskList) -> None:
    share(book, other)
    book.delete("Ana Lima")
    hand_over(book, other)
    for one in (book, other):
        one.go_to("2026-09-02")
        assert one.night() == [("close", "Ana Lima", "dismissed")]


def test_whom_nobody_can_find_for_weeks_is_asked_about_again(book: TaskList) -> None:
    book.night()
    book.connection.execute("update raw.task_links set doubted_at = '2026-09-02 06:00:00+00'")
    book.go_to("2026-09-22")
    assert book.night() == []
    book.go_to("2026-09-23")
    assert book.night() == [("close", "Ana Lima", "lost"), ("create", "Ana Lima", "due")]
