"""What the pictures of the report stand on, on given rows of the published tables."""

from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from pipeline.book.queries import query

TODAY = date(2026, 9, 1)
TABLES = """
create table settings as select date '2026-09-01' as as_of_date;
create table people (
    person_id bigint, display_name varchar, is_owner boolean, is_deceased_hint boolean,
    circles varchar[], city varchar, organization varchar
);
create table ties (
    person_id bigint, strength_rank bigint, layer_size integer, due_after_days double,
    state varchar, first_contact_date date, last_contact_date date, is_colleague boolean
);
create table interactions (
    person_id bigint, interaction_date date, n_people integer, is_counted boolean,
    interaction_kind varchar, meeting_id bigint
);
create table ties_by_month (
    person_id bigint, month_date date, strength double, strength_rank bigint
);
"""

Book = duckdb.DuckDBPyConnection


@pytest.fixture
def book() -> Book:
    connection = duckdb.connect()
    connection.execute(TABLES)
    return connection


def add_person(book: Book, rank: int, **said: Any) -> int:
    """Somebody of this rank, who has it as their number, too."""
    size = next(size for size in (5, 15, 50, 150) if rank <= size)
    person = {"display_name": f"P{rank}", "is_dead": False, "circles": [], "city": None} | said
    book.execute(
        "insert into people values ($1, $2, false, $3, $4, $5, null)",
        [rank, person["display_name"], person["is_dead"], person["circles"], person["city"]],
    )
    first = said.get("first", date(2020, 1, 1))
    book.execute(
        "insert into ties values ($1, $1, $2, $3, $4, $5, $5, false)",
        [rank, size, said.get("due_after_days", 10), said.get("state", "on track"), first],
    )
    return rank


def meet(book: Book, person: int, days_ago: int, n_people: int = 2, meeting: int = 0) -> None:
    book.execute(
        "insert into interactions values ($1, $2, $3, true, 'meeting', $4)",
        [person, TODAY - timedelta(days_ago), n_people, meeting or person * 10_000 + days_ago],
    )


def rows(book: Book, name: str, *values: object) -> list[dict[str, Any]]:
    found = book.execute(name, [*values])
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_a_thread_is_lit_while_the_next_day_comes_in_time(book: Book) -> None:
    ana = add_person(book, 1, state="overdue")
    for days_ago, n_people in ((90, 2), (83, 4), (60, 2), (1200, 2)):
        meet(book, ana, days_ago, n_people)
    (thread,) = rows(book, query("report_threads"))
    assert thread["alone_days"] == [1006, 1036]
    assert thread["company_days"] == [1013]
    assert thread["stretches"] == [[1006, 1023], [1036, 1046]]
    assert thread["quiet_from"] == 1046


def test_a_thread_in_rhythm_runs_past_today_and_is_not_quiet(book: Book) -> None:
    meet(book, add_person(book, 1), 3)
    (thread,) = rows(book, query("report_threads"))
    assert thread["stretches"] == [[1093, 1103]]
    assert thread["quiet_from"] is None


def test_nobody_dead_has_a_thread_or_a_place(book: Book) -> None:
    meet(book, add_person(book, 1, is_dead=True), 3)
    assert rows(book, query("report_threads")) == []
    assert rows(book, query("report_rings"), [100], 2, []) == []


def test_names_of_a_ring_step_down_by_equal_heights_on_both_sides(book: Book) -> None:
    for rank in range(1, 6):
        add_person(book, rank)
    places = rows(book, query("report_rings"), [100], 2, [])
    right = [one["y"] for one in places if one["is_right"]]
    left = [one["y"] for one in places if not one["is_right"]]
    assert right == [-66.7, 0.0, 66.7]
    assert left == [-50.0, 50.0]
    assert {round((one["x"] ** 2 + one["y"] ** 2) ** 0.5) for one in places} == {100}
    halves = rows(book, query("report_rings"), [100], 1, [])
    assert [one["y"] for one in halves] == [-80.0, -40.0, 0.0, 40.0, 80.0]
    assert all(one["x"] > 0 for one in halves)


def test_a_curve_joins_two_places_and_bows_towards_the_owner(book: Book) -> None:
    for rank in range(1, 5):
        add_person(book, rank)
    places = rows(book, query("report_rings"), [100], 2, [[1, 3, 7]])
    at = {one["person_id"]: one for one in places}
    ((curve),) = at[1]["curves"]
    assert (curve["other_id"], curve["shared"]) == (3, 7)
    assert curve["points"][0] == [at[1]["x"], at[1]["y"]]
    assert curve["points"][-1] == [at[3]["x"], at[3]["y"]]
    middle = curve["points"][4]
    straight = [(at[1][axis] + at[3][axis]) / 2 for axis in ("x", "y")]
    assert middle[0] ** 2 + middle[1] ** 2 <= straight[0] ** 2 + straight[1] ** 2


def test_who_shares_a_circle_and_a_town_stands_together(book: Book) -> None:
    for rank, circle, city in (
        (1, None, None),
        (2, "friends", "Porto"),
        (3, "family", None),
        (4, None, "Porto"),
        (5, "friends", "Lisbon"),
    ):
        add_person(book, rank, circles=[circle] if circle else [], city=city)
    halves = rows(book, query("report_rings"), [100], 1, [])
    assert [one["person_id"] for one in halves] == [3, 5, 2, 4, 1]


def test_two_meet_each_other_in_meetings_of_few(book: Book) -> None:
    for rank in range(1, 4):
        add_person(book, rank)
    for meeting, people, n_people in (
        (1, (1, 2), 3),
        (2, (1, 2), 4),
        (3, (2, 3), 3),
        (4, (1, 3), 9),
    ):
        for person in people:
            meet(book, person, 10 + meeting, n_people, meeting)
    meet(book, 1, 30, 9, 5)
    meet(book, 3, 30, 9, 5)
    found = rows(book, query("report_pairs"))
    assert [(one["person_id"], one["other_id"], one["shared"]) for one in found] == [(1, 2, 2)]


def test_the_stream_counts_how_many_were_as_close_as_the_closest_are_now(book: Book) -> None:
    for rank in range(1, 8):
        add_person(book, rank)
        for month, factor in ((date(2026, 8, 1), 2.0), (date(2026, 9, 1), 1.0)):
            book.execute(
                "insert into ties_by_month values ($1, $2, $3, $1)",
                [rank, month, factor * (10 - rank)],
            )
    before, now = rows(book, query("report_stream"))
    assert (now["n5"], now["n15"], now["n_all"]) == (5, 7, 7)
    assert (before["n5"], before["n_all"]) == (7, 7)


def test_in_a_books_own_first_months_nobody_is_a_new_face(book: Book) -> None:
    for rank, days_ago in ((1, 300), (2, 250), (3, 100)):
        meet(book, add_person(book, rank, first=TODAY - timedelta(days_ago)), days_ago)
    meet(book, 3, 40)
    (face,) = rows(book, query("report_faces"))
    assert (face["person_id"], face["days"]) == (3, [265, 325])
    assert (face["n_faces"], face["n_again"]) == (1, 1)


def test_a_wall_calendar_has_each_day_in_its_week(book: Book) -> None:
    meet(book, add_person(book, 1), 31)
    days = {one["date"]: one for one in rows(book, query("report_year"))}
    assert min(days) == date(2025, 10, 1)
    assert max(days) == TODAY
    first = days[date(2026, 8, 1)]
    assert (first["month_number"], first["weekday"], first["week_number"]) == (10, 5, 0)
    assert first["people"] == 1
    assert days[date(2026, 8, 2)]["people"] == 0
    assert (days[date(2026, 8, 3)]["weekday"], days[date(2026, 8, 3)]["week_number"]) == (0, 1)
    assert days[date(2026, 7, 31)]["people"] is None
