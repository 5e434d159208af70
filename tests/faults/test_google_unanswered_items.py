"""What Google's lists leave out is asked for by itself before it is taken for gone."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.connector_contract import Mirror
from tests.support.fake_google.server import GoogleServer, Trouble
from tests.support.google_account import TASK_LIST, Hands, google, hands
from tests.unit.google.test_google_pull import OWN, add_timed, add_weekly, cancel_occurrence

__all__ = ["google", "hands"]

GETS = {
    "people/me": "people.people.get",
    OWN: "calendar.events.get",
    "tasks": "tasks.tasks.get",
}


class Book:
    """One collection of three items, pulled in full each time."""

    def __init__(self, hands: Hands, href: str) -> None:
        self.hands = hands
        self.href = href
        self.get = GETS[href]
        account = hands.google.account
        if href == "tasks":
            self.list_id = account.add_task_list(TASK_LIST)
            self.href = f"tasks/{self.list_id}"
            self.names = [
                account.add_task(self.list_id, title=f"Task {n}", notes="")["id"] for n in range(3)
            ]
        elif href == OWN:
            self.names = ["e0", "e1", "e2"]
            for name in self.names:
                add_timed(hands.google, name)
        else:
            self.names = [account.add_person(f"c{n}", names=[{"displayName": "x"}]) for n in "012"]

    def pull(self) -> Mirror:
        mirror = self.hands.mirrors.get(self.href)
        if mirror and mirror.cursor:
            mirror.cursor = json.dumps(json.loads(mirror.cursor) | {"token": ""})
        return self.hands.pull(self.href, writes_tasks=self.href.startswith("tasks/"))

    def forget(self, name: str) -> None:
        """Take it away so that no token ever tells."""
        account = self.hands.google.account
        if self.href.startswith("tasks/"):
            del account.tasks[self.list_id][name]
        elif self.href == OWN:
            del account.events[account.email].live[name]
        else:
            del account.people.live[name]


@pytest.fixture(params=[*GETS])
def book(request: pytest.FixtureRequest, hands: Hands) -> Book:
    return Book(hands, request.param)


def test_what_a_list_leaves_out_is_asked_for_and_stays(book: Book) -> None:
    book.pull()
    book.hands.google.account.lists.leaves_out = {book.names[1]}
    mirror = book.pull()
    assert set(mirror.items) == {*book.names}
    assert mirror.open == {}
    assert book.hands.google.requests.count(book.get) == 1


def test_what_is_not_there_when_asked_for_is_gone(book: Book) -> None:
    book.pull()
    book.forget(book.names[1])
    assert set(book.pull().items) == {book.names[0], book.names[2]}


def test_what_is_not_answered_for_is_open_and_stays(book: Book) -> None:
    book.pull()
    book.forget(book.names[0])
    book.hands.google.account.lists.leaves_out = {book.names[1]}
    book.hands.google.trouble(Trouble(status=503, only=book.get, times=None))
    mirror = book.pull()
    assert set(mirror.items) == {*book.names}
    assert set(mirror.open) == {book.names[0], book.names[1]}
    book.hands.google.heal()
    assert set(book.pull().items) == {book.names[1], book.names[2]}


def test_a_list_that_breaks_off_loses_nothing(book: Book) -> None:
    account = book.hands.google.account
    account.lists.breaks_off = True
    account.lists.largest_page = 2
    assert len(book.pull().items) == 2
    account.lists.breaks_off = False
    assert set(book.pull().items) == {*book.names}
    account.lists.breaks_off = True
    assert set(book.pull().items) == {*book.names}
    assert book.pull().open == {}


def test_an_answer_without_items_loses_nothing(book: Book) -> None:
    book.pull()
    book.hands.google.account.lists.leaves_out = {*book.names}
    assert set(book.pull().items) == {*book.names}


def test_too_many_to_be_asked_for_are_open(hands: Hands) -> None:
    for number in range(60):
        add_timed(hands.google, f"e{number}")
    hands.pull(OWN)
    hands.google.account.lists.leaves_out = {f"e{number}" for number in range(51)}
    mirror = hands.mirrors[OWN]
    mirror.cursor = json.dumps(json.loads(mirror.cursor or "") | {"token": ""})
    hands.pull(OWN)
    assert len(mirror.items) == 60
    assert {one.reason for one in mirror.open.values()} == {"missing"}
    assert len(mirror.open) == 51
    assert "calendar.events.get" not in hands.google.requests


def test_an_occurrence_whose_series_is_not_answered_for_is_open(
    hands: Hands, google: GoogleServer
) -> None:
    add_weekly(google, "series")
    add_timed(google, "other")
    hands.pull(OWN)
    mirror = hands.mirrors[OWN]
    key = cancel_occurrence(google, "series")
    add_timed(google, "late")
    google.trouble(Trouble(status=503, only="calendar.events.get", times=None))
    hands.pull(OWN)
    assert set(mirror.items) == {"series", "other", "late"}
    assert set(mirror.open) == {key}
    google.heal()
    hands.pull(OWN)
    assert key in mirror.items


def moved(series: str, day: str) -> dict[str, Any]:
    """An exception: the occurrence of that day, two hours later."""
    date = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return {
        "kind": "calendar#event",
        "id": f"{series}_{day}T100000Z",
        "status": "confirmed",
        "iCalUID": f"{series}@google.com",
        "recurringEventId": series,
        "originalStartTime": {"dateTime": f"{date}T10:00:00Z"},
        "start": {"dateTime": f"{date}T12:00:00Z"},
        "end": {"dateTime": f"{date}T13:00:00Z"},
        "summary": "moved",
    }


def cut_by_the_next_series(google: GoogleServer) -> None:
    add_weekly(google, "series_R20260309T100000", recurrence=["RRULE:FREQ=WEEKLY;COUNT=3"])


def cut_by_its_own_rule(google: GoogleServer) -> None:
    rule = ["RRULE:FREQ=WEEKLY;UNTIL=20260308T235959Z"]
    google.account.change_event("series", recurrence=rule)


@pytest.mark.parametrize("cut", [cut_by_the_next_series, cut_by_its_own_rule])
def test_an_exception_beyond_a_split_goes_though_it_is_never_named_again(
    hands: Hands, google: GoogleServer, cut: Callable[[GoogleServer], None]
) -> None:
    add_weekly(google, "series")
    before, beyond = moved("series", "20260302"), moved("series", "20260316")
    google.account.put_event(before)
    google.account.put_event(beyond)
    mirror = hands.pull(OWN)
    assert {before["id"], beyond["id"]} < set(mirror.items)
    cut(google)
    del google.account.events[google.account.email].live[beyond["id"]]
    feed = google.account.events[google.account.email]
    feed.log = [key if key != beyond["id"] else "series" for key in feed.log]
    hands.pull(OWN)
    assert not mirror.pages[-1].complete
    assert beyond["id"] not in mirror.items
    assert before["id"] in mirror.items
