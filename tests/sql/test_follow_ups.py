"""Who gets a reminder, why, and why not: DESIGN section 12 by examples."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.support.task_list_builder import TaskList
from tests.support.ties_builder import TieBook, attendee

TODAY = date(2026, 9, 1)
TOOLS = {"source": "home", "is_import": False, "type": "caldav"}


def ago(days: int) -> str:
    """The day so many days before today."""
    return (TODAY - timedelta(days=days)).isoformat()


@pytest.fixture
def book() -> TieBook:
    return TieBook(as_of=TODAY.isoformat(), tasks_source="home")


def overdue_friend(book: TieBook, name: str = "Ana Lima", **columns: Any) -> int:
    """Somebody met every month and not for 100 days."""
    person = book.person(name, **columns)
    for days in (190, 160, 130, 100):
        book.meeting(ago(days), person)
    return person


def follow_ups(book: TieBook) -> list[tuple[Any, ...]]:
    """Name, kind, whether it opens and why not."""
    book.build("main.follow_ups")
    return book.rows(
        "select display_name, kind, opens_now, why_not from main.follow_ups order by all"
    )


def test_somebody_overdue_gets_a_check_in_with_a_kind_reason(book: TieBook) -> None:
    overdue_friend(book, emails=["ana@example.org"], phones=["+351 912"])
    assert follow_ups(book) == [("Ana Lima", "check_in", True, None)]
    title, reason, ways, due, cycle = book.one(
        "select title, reason, ways, due_date, cycle from main.follow_ups"
    )
    assert title == "Ana Lima"
    assert reason == "Last seen 24 May (Catch-up). Usually about every month."
    assert ways == "+351 912\nana@example.org"
    assert (due, cycle) == (TODAY, "2026-05-24")


def test_somebody_on_track_gets_nothing(book: TieBook) -> None:
    book.person("Rui Costa")  # never met: no tie
    person = book.person("Ana Lima")
    for days in (70, 40, 10):
        book.meeting(ago(days), person)
    assert follow_ups(book) == []
    book.build("main.ties")
    assert book.one('select state from main."ties"') == ("on track",)


def test_last_contact_in_another_year_says_the_year(book: TieBook) -> None:
    person = book.person("Ana Lima")
    book.meeting("2025-08-03", person)
    book.decide("every", person, every_days=91)
    book.build("main.follow_ups")
    (reason,) = book.one("select reason from main.follow_ups")
    assert reason == (
        "Last seen 3 August 2025 (Catch-up). You wanted to be in touch every 3 months."
    )


def test_who_is_kept_after_a_cadence_was_given_is_met_as_so_far_again(book: TieBook) -> None:
    person = overdue_friend(book)
    book.decide("every", person, every_days=365)
    book.decide("keep", person)
    book.build("judgement.cadences")
    assert book.one("select cadence_source, cadence_days from judgement.cadences") == ("usual", 30)


def test_a_logged_contact_is_not_said_to_be_in_the_calendar(book: TieBook) -> None:
    person = book.person("Ana Lima")
    book.decide("log", person, from_date="2026-06-01")
    book.decide("every", person, every_days=7)
    book.build("main.follow_ups")
    (reason,) = book.one("select reason from main.follow_ups")
    assert reason == "Last in touch on 1 June. You wanted to be in touch every week."


def test_a_circle_gives_its_cadence_and_its_purpose(book: TieBook) -> None:
    person = book.person("Ana Lima")
    book.meeting(ago(100), person)
    book.circle("mentors", person, every_days=91, purpose="stay honest about the work")
    book.build("main.follow_ups")
    (reason,) = book.one("select reason from main.follow_ups")
    assert reason == "Last seen 24 May (Catch-up). Mentors: stay honest about the work."


def test_a_persons_own_cadence_wins_over_the_circles(book: TieBook) -> None:
    person = book.person("Ana Lima")
    book.meeting(ago(100), person)
    book.circle("mentors", person, every_days=91)
    book.decide("every", person, every_days=182)
    assert follow_ups(book) == []
    book.build("main.ties")
    assert book.one('select cadence_source, cadence_days, state from main."ties"') == (
        "given",
        182.0,
        "on track",
    )


def test_a_given_cadence_without_history_runs_from_the_day_it_was_given(book: TieBook) -> None:
    person = book.person("Ana Lima")
    book.decide("every", person, every_days=30, decided_at=f"{ago(29)} 10:00:00+00")
    assert follow_ups(book) == []
    book.build("judgement.cadences")
    assert book.one("select due_date from judgement.cadences") == (TODAY + timedelta(days=1),)


def test_a_circle_without_history_is_spread_over_its_cadence(book: TieBook) -> None:
    people = [
        book.person(f"Friend {letter}", first_seen_at=f"{ago(0)} 00:00:00+00") for letter in "ABCD"
    ]
    book.circle("friends", *people, every_days=28)
    book.build("judgement.cadences")
    assert book.rows("select due_date from judgement.cadences order by person_id") == [
        (TODAY + timedelta(days=days),) for days in (28, 21, 14, 7)
    ]


def test_a_given_cadence_never_lapses_and_a_learned_one_does(book: TieBook) -> None:
    for name in ("Ana Lima", "Rui Costa"):
        person = book.person(name)
        for days in (1006, 1003, 1000):
            book.meeting(ago(days), person)
    book.decide("every", 2, every_days=60)
    book.build("main.ties")
    assert book.rows('select display_name, state from main."ties" order by all') == [
        ("Ana Lima", "overdue"),
        ("Rui Costa", "lapsed"),
    ]


def test_in_touch_anyway_is_never_overdue(book: TieBook) -> None:
    person = overdue_friend(book)
    book.circle("household", person, is_in_touch=True)
    assert follow_ups(book) == []
    book.build("main.ties")
    assert book.one('select state from main."ties"') == ("in touch",)


@pytest.mark.parametrize(
    ("verb", "why_not"), [("not_now", "not_now"), ("never", "never"), ("in_touch", None)]
)
def test_what_the_user_does_not_want_does_not_open(
    book: TieBook, verb: str, why_not: str | None
) -> None:
    book.decide(verb, overdue_friend(book))
    expected = [] if why_not is None else [("Ana Lima", "check_in", False, why_not)]
    assert follow_ups(book) == expected


def test_once_choose_has_run_only_the_chosen_are_asked_about(book: TieBook) -> None:
    overdue_friend(book)
    book.decide("keep", overdue_friend(book, "Rui Costa"))
    assert follow_ups(book) == [
        ("Ana Lima", "check_in", False, "not_chosen"),
        ("Rui Costa", "check_in", True, None),
    ]


def test_until_choose_has_run_only_the_closest_are(book: TieBook) -> None:
    book.connection.execute("update raw.settings set unchosen_layer = 1")
    far = overdue_friend(book, "Rui Costa")
    close = overdue_friend(book)
    book.meeting(ago(99), close)
    assert far
    assert follow_ups(book) == [
        ("Ana Lima", "check_in", True, None),
        ("Rui Costa", "check_in", False, "not_chosen_yet"),
    ]


def test_colleagues_are_not_asked_about_unless_chosen(book: TieBook) -> None:
    person = overdue_friend(book, is_colleague=True)
    assert follow_ups(book) == [("Ana Lima", "check_in", False, "colleague")]
    book.decide("keep", person)
    assert follow_ups(book) == [("Ana Lima", "check_in", True, None)]


def test_people_known_only_from_an_import_wait_to_be_chosen(book: TieBook) -> None:
    overdue_friend(book, is_import_only=True)
    assert follow_ups(book) == [("Ana Lima", "check_in", False, "not_chosen_yet")]


def test_a_birthday_known_only_from_an_import_waits_too(book: TieBook) -> None:
    soon = {"year": 1950, "month": 9, "day": 3}
    person = book.person("Ana Lima", birthday=soon, is_import_only=True)
    book.meeting(ago(20), person)
    assert follow_ups(book) == []
    book.decide("keep", person)
    assert ("Ana Lima", "birthday", True, None) in follow_ups(book)


def test_the_muted_get_no_task(book: TieBook) -> None:
    overdue_friend(book, birthday={"year": 1950, "month": 9, "day": 3}, is_muted=True)
    assert follow_ups(book) == [
        ("Ana Lima", "birthday", False, "muted"),
        ("Ana Lima", "check_in", False, "muted"),
    ]


def test_the_dead_are_left_in_peace(book: TieBook) -> None:
    overdue_friend(book, birthday={"year": 1950, "month": 9, "day": 3}, is_deceased_hint=True)
    assert follow_ups(book) == [("Ana Lima", "birthday", False, "deceased")]
    book.build("main.ties")
    assert book.rows('select * from main."ties"') == []


def test_the_resting_stand_nowhere(book: TieBook) -> None:
    overdue_friend(book, is_resting=True, birthday={"year": 1950, "month": 9, "day": 3})
    tables = ("interactions", "follow_ups", "ties", "last_contacts", "ties_by_month")
    book.build(*(f"main.{table}" for table in tables))
    for table in tables:
        assert book.rows(f'select * from main."{table}"') == []


def test_a_booked_meeting_holds_a_check_in_back(book: TieBook) -> None:
    person = overdue_friend(book)
    book.meeting("2026-09-10", person)
    book.build("main.follow_ups", "main.upcoming")
    assert book.rows("select why_not, blocked_until from main.follow_ups") == [
        ("booked", date(2026, 9, 10))
    ]
    assert book.rows("select display_name, start_date, last_contact_date from main.upcoming") == [
        ("Ana Lima", date(2026, 9, 10), date(2026, 5, 24))
    ]


@pytest.mark.parametrize(
    "columns",
    [
        {"status": "cancelled"},
        {"attendees": [attendee(1, "declined"), attendee(2)], "organizer": attendee(2)},
        {"attendees": [attendee(1), attendee(2, "declined")], "organizer": attendee(1)},
    ],
)
def test_a_meeting_that_will_not_be_does_not(book: TieBook, columns: dict[str, Any]) -> None:
    person = overdue_friend(book)
    book.meeting("2026-09-10", person, **columns)
    assert follow_ups(book) == [("Ana Lima", "check_in", True, None)]


def test_a_booking_beyond_the_window_does_not_hold_back(book: TieBook) -> None:
    person = overdue_friend(book)
    book.meeting("2026-09-20", person)
    assert follow_ups(book) == [("Ana Lima", "check_in", True, None)]


def test_a_pause_holds_all_back_until_it_ends(book: TieBook) -> None:
    overdue_friend(book, birthday={"year": None, "month": 9, "day": 3})
    book.decide("pause", until_date="2026-09-20")
    assert {why_not for *_, why_not in follow_ups(book)} == {"paused"}


def test_a_snooze_holds_one_person_back(book: TieBook) -> None:
    book.decide("snooze", overdue_friend(book), until_date="2026-09-20")
    book.build("main.follow_ups")
    assert book.rows("select why_not, blocked_until from main.follow_ups") == [
        ("snoozed", date(2026, 9, 20))
    ]


@pytest.mark.parametrize(("days", "why_not"), [(1, None), (3, "stale")])
def test_stale_evidence_opens_no_check_in(book: TieBook, days: int, why_not: str | None) -> None:
    overdue_friend(book)
    book.insert("raw.sources", TOOLS)
    book.insert(
        "raw.cursors",
        {
            "source": "home",
            "collection": "calendar",
            "pulled_at": f"{ago(days)} 06:00:00+00",
            "first_complete_at": f"{ago(300)} 06:00:00+00",
        },
    )
    assert follow_ups(book) == [("Ana Lima", "check_in", why_not is None, why_not)]
    book.build("main.freshness")
    assert book.one("select is_stale, days_old from main.freshness") == (why_not == "stale", days)


@pytest.mark.parametrize(
    ("collection", "is_refused", "is_named", "why_not"),
    [
        ("calendar", False, False, "stale"),
        ("calendar", True, False, None),  # nobody waits for what is refused
        ("calendar", True, True, "stale"),  # unless the config names it
        ("another", False, False, None),  # nor for a collection that says nothing of them
    ],
)
def test_check_ins_wait_for_the_collection_of_their_evidence_alone(
    book: TieBook, collection: str, is_refused: bool, is_named: bool, why_not: str | None
) -> None:
    overdue_friend(book)
    book.insert("raw.sources", TOOLS)
    for name, days in {"calendar": 0, "another": 0, collection: 3}.items():
        place = {"source": "home", "collection": name}
        book.insert("raw.cursors", {**place, "pulled_at": f"{ago(days)} 06:00:00+00"})
    book.insert(
        "raw.collections",
        {
            "source": "home",
            "collection": collection,
            "is_refused": is_refused,
            "is_named": is_named,
            "error": "it is broken",
        },
    )
    assert follow_ups(book) == [("Ana Lima", "check_in", why_not is None, why_not)]
    book.build("main.freshness")
    shown = {
        name: (status, error)
        for name, status, error in book.rows("select collection, status, error from main.freshness")
    }
    is_waited_for = not is_refused or is_named
    assert shown[collection] == ("stale" if is_waited_for else "refused", "it is broken")
    assert {error for name, (_, error) in shown.items() if name != collection} == {None}


def test_one_fresh_collection_that_knows_of_the_last_day_is_enough(book: TieBook) -> None:
    ana = overdue_friend(book)
    book.meeting(ago(100), ana, collection="another")
    book.insert("raw.sources", TOOLS)
    for name, days in {"calendar": 3, "another": 0}.items():
        place = {"source": "home", "collection": name}
        book.insert("raw.cursors", {**place, "pulled_at": f"{ago(days)} 06:00:00+00"})
    assert follow_ups(book) == [("Ana Lima", "check_in", True, None)]


def test_caps_open_the_most_important_first(book: TieBook) -> None:
    book.connection.execute("update raw.settings set open_at_most = 2, per_week = 3")
    close = overdue_friend(book, "Close Friend")
    for days in range(115, 300, 15):
        book.meeting(ago(days), close)
    for number in range(8):
        overdue_friend(book, f"Friend {number}")
    rows = follow_ups(book)
    assert sum(opens for _, _, opens, _ in rows) == 2
    assert ("Close Friend", "check_in", True, None) in rows
    assert {why for _, _, opens, why in rows if not opens} == {"cap_open"}


def test_at_most_per_week_open_in_a_week(book: TieBook) -> None:
    book.connection.execute("update raw.settings set open_at_most = 50, per_week = 3")
    for number in range(6):
        overdue_friend(book, f"Friend {number}")
    assert sum(opens for _, _, opens, _ in follow_ups(book)) == 3


def in_turn(book: TieBook) -> list[str]:
    """The names in the order in which they open."""
    book.build("main.follow_ups")
    return [
        name
        for (name,) in book.rows(
            "select display_name from main.follow_ups where turn is not null order by turn"
        )
    ]


def test_a_friend_a_little_over_comes_before_somebody_from_long_ago(book: TieBook) -> None:
    for number in range(5):  # years ago a close circle
        person = book.person(f"Long Ago {number}")
        for days in range(2600 + number, 3000, 40):
            book.meeting(ago(days), person)
        book.decide("every", person, every_days=90)
    for number in range(5):
        person = book.person(f"Friend {number}")
        for days in range(111 + number, 1000, 60):
            book.meeting(ago(days), person)
        book.decide("every", person, every_days=90)
    first = in_turn(book)[:5]
    assert [name for name in first if name.startswith("Long Ago")] == []


def test_no_two_of_many_from_long_ago_tie(book: TieBook) -> None:
    for number in range(30):
        person = book.person(f"Long Ago {number}")
        book.meeting(ago(2600 + 20 * number), person)
        book.decide("every", person, every_days=90)
    assert len(in_turn(book)) == 30
    assert book.one("select count(distinct score), count(distinct turn) from main.follow_ups") == (
        30,
        30,
    )


def test_the_two_orders_take_turns_over_the_nights() -> None:
    """Five close friends come due again each week, for one task a week: the sixth gets a turn."""
    book = TaskList(open_at_most=1, per_week=1)
    for number in range(5):
        friend = book.person(f"Close Friend {number}")
        for weeks in range(2, 40):
            book.meeting((book.as_of - timedelta(weeks=weeks)).isoformat(), friend)
        book.decide("every", friend, every_days=7)
    book.meeting((book.as_of - timedelta(days=300)).isoformat(), book.person("Distant Friend"))
    book.decide("every", 7, every_days=90)
    opened = []
    for _ in range(8):
        opened += [name for action, name, _ in book.night() if action == "create"]
        book.tick(opened[-1])
        book.go_to(book.as_of + timedelta(days=7))
    assert len(opened) == 8
    assert opened[0] != "Distant Friend"
    assert opened.count("Distant Friend") == 1


def test_a_learned_check_in_waits_for_the_floor(book: TieBook) -> None:
    for name, silent in (("Day Before", 29), ("That Day", 30)):
        person = book.person(name)
        for days in range(0, 70, 7):
            book.meeting(ago(silent + days), person)
    assert follow_ups(book) == [("That Day", "check_in", True, None)]
    book.build("main.ties")
    states = book.rows(
        "select display_name, state, due_date, due_after_days < 30"
        ' from main."ties" order by display_name'
    )
    assert states == [
        ("Day Before", "due soon", TODAY + timedelta(days=1), True),
        ("That Day", "overdue", TODAY, True),
    ]


def test_the_most_frequent_are_overdue_before_they_lapse(book: TieBook) -> None:
    for silent in (30, 60, 200):
        person = book.person(f"Silent for {silent}")
        for days in range(0, 120, 2):  # eight times their usual gap is less than the floor
            book.meeting(ago(silent + days), person)
    book.build("main.ties")
    assert book.rows('select display_name, state from main."ties" order by days_since_contact') == [
        ("Silent for 30", "overdue"),
        ("Silent for 60", "overdue"),
        ("Silent for 200", "lapsed"),
    ]


def test_the_night_of_the_new_rules_takes_nothing_back_and_brings_no_flood() -> None:
    book = TaskList(strength_version=1, check_in_floor_days=0)
    for number in range(20):
        friend = book.person(f"Friend {number}")
        for days in range(8 + number, 150 + number, 3):
            book.meeting((book.as_of - timedelta(days=days)).isoformat(), friend)
    written = [name for action, name, _ in book.night() if action == "create"]
    assert len(written) == 5
    book.go_to(book.as_of + timedelta(days=1))
    book.connection.execute(
        "update raw.settings set strength_version = 2, check_in_floor_days = 30"
    )
    assert book.night() == []
    book.build("main.ties")
    later = book.rows(
        'select display_name from main."ties" cross join raw.settings where due_date > as_of_date'
    )
    assert {name for (name,) in later} & set(written)  # what stands is not taken back for that
    assert [title for title, _, _ in book.open_tasks()] == sorted(written)


def test_a_given_cadence_has_no_floor(book: TieBook) -> None:
    person = book.person("Ana Lima")
    for days in (14, 7):
        book.meeting(ago(days), person)
    book.decide("every", person, every_days=7)
    assert follow_ups(book) == [("Ana Lima", "check_in", True, None)]
    book.build("main.ties")
    assert book.one('select state, due_date from main."ties"') == ("overdue", TODAY)


# --- birthdays --------------------------------------------------------------------------


def born(month: int, day: int, year: int | None = None) -> dict[str, int | None]:
    """A birthday."""
    return {"year": year, "month": month, "day": day}


@pytest.mark.parametrize(
    ("birthday", "reason"),
    [
        (born(9, 5, 1986), "Birthday on 5 September, turning 40."),
        (born(9, 5), "Birthday on 5 September."),
        (born(9, 1), "Birthday on 1 September."),
        (born(9, 8), "Birthday on 8 September."),
        (born(9, 9), None),
        (born(8, 31), None),
    ],
)
def test_a_birthday_opens_a_week_ahead_and_never_late(
    book: TieBook, birthday: dict[str, int | None], reason: str | None
) -> None:
    person = book.person("Ana Lima", birthday=birthday)
    for days in (35, 5):
        book.meeting(ago(days), person)
    book.build("main.follow_ups")
    expected = [] if reason is None else [(reason, True)]
    assert book.rows("select reason, opens_now from main.follow_ups") == expected


@pytest.mark.parametrize(
    ("today", "due"),
    [
        ("2027-02-24", date(2027, 2, 28)),
        ("2028-02-24", date(2028, 2, 29)),
        ("2026-12-30", None),
    ],
)
def test_the_29th_of_february_comes_every_year(today: str, due: date | None) -> None:
    book = TieBook(as_of=today)
    person = book.person("Ana Lima", birthday=born(2, 29))
    book.circle("family", person, is_in_touch=True)
    book.build("main.follow_ups")
    assert book.rows("select due_date from main.follow_ups") == ([(due,)] if due else [])


def test_a_birthday_after_new_year_is_seen_before_it() -> None:
    book = TieBook(as_of="2026-12-30")
    person = book.person("Ana Lima", birthday=born(1, 3, 1987))
    book.circle("family", person, is_in_touch=True)
    book.build("main.follow_ups")
    assert book.rows("select due_date, cycle, reason from main.follow_ups") == [
        (date(2027, 1, 3), "2027", "Birthday on 3 January, turning 40.")
    ]


def test_birthdays_are_outside_the_caps_and_come_before_check_ins(book: TieBook) -> None:
    book.connection.execute("update raw.settings set open_at_most = 0, per_week = 0")
    overdue_friend(book, birthday=born(9, 4))
    assert follow_ups(book) == [
        ("Ana Lima", "birthday", True, None),
        ("Ana Lima", "check_in", False, "another_opens"),
    ]


def test_a_booked_meeting_does_not_swallow_a_birthday(book: TieBook) -> None:
    person = book.person("Ana Lima", birthday=born(9, 4))
    book.circle("friends", person)
    book.meeting("2026-09-03", person)
    assert follow_ups(book) == [("Ana Lima", "birthday", True, None)]


def test_nobody_is_reminded_of_the_birthday_of_a_stranger(book: TieBook) -> None:
    book.person("Ana Lima", birthday=born(9, 4))
    assert follow_ups(book) == []


# --- the others -------------------------------------------------------------------------


def test_somebody_just_met_in_a_small_meeting_gets_a_first_follow_up(book: TieBook) -> None:
    person = book.person("Ana Lima", has_card=False)
    book.meeting(ago(3), person)
    assert follow_ups(book) == [("Ana Lima", "first_follow_up", True, None)]
    (reason,) = book.one("select reason from main.follow_ups")
    assert reason == "First in your calendar on 29 August."


@pytest.mark.parametrize("case", ["large", "long ago", "known", "imported since", "again"])
def test_others_do_not(book: TieBook, case: str) -> None:
    person = book.person("Ana Lima", has_card=False)
    others = [book.person(f"Guest {number}") for number in range(3 if case == "large" else 0)]
    for other in others:
        book.decide("never", other)
    day = ago(40) if case == "long ago" else ago(3)
    book.meeting(day, person, *others)
    if case == "known":
        book.insert(
            "raw.contacts",
            {
                "item_id": 99,
                "record_id": person,
                "source": "home",
                "full_name": "Ana Lima",
                "first_seen_at": "2020-01-01",
            },
        )
    if case == "imported since":
        book.insert("raw.sources", {"source": "import/old", "is_import": True})
        card = {"item_id": 99, "record_id": person, "source": "import/old", "full_name": "Ana Lima"}
        book.insert("raw.contacts", card | {"first_seen_at": f"{ago(1)} 10:00:00+00"})
    if case == "again":
        book.meeting(ago(2), person)
    assert [row for row in follow_ups(book) if row[0] == "Ana Lima"] == []


def new_card(book: TieBook, name: str, *, is_import: bool = False) -> int:
    """A card that appeared ten days ago in a book first read a year ago."""
    seen = f"{ago(10)} 10:00:00+00"
    person = book.person(name, first_seen_at=seen)
    source = "import/old" if is_import else "home"
    book.insert("raw.sources", {"source": source, "is_import": is_import})
    book.insert(
        "raw.contacts",
        {
            "item_id": 100 + person,
            "record_id": person,
            "source": source,
            "collection": "book",
            "full_name": name,
            "first_seen_at": seen,
        },
    )
    return person


def first_pull(book: TieBook, day: str) -> None:
    """The address book was read completely on that day for the first time."""
    book.insert(
        "raw.cursors",
        {
            "source": "home",
            "collection": "book",
            "pulled_at": f"{TODAY} 05:00:00+00",
            "first_complete_at": f"{day} 10:00:00+00",
        },
    )


def test_a_new_card_in_a_synced_book_gets_a_first_follow_up(book: TieBook) -> None:
    new_card(book, "Ana Lima")
    first_pull(book, ago(300))
    assert follow_ups(book) == [("Ana Lima", "first_follow_up", True, None)]
    (reason,) = book.one("select reason from main.follow_ups")
    assert reason == "New in your address book since 22 August."


def test_the_cards_of_the_first_pull_do_not(book: TieBook) -> None:
    new_card(book, "Ana Lima")
    first_pull(book, ago(10))
    assert follow_ups(book) == []


def test_nobody_from_a_directory_of_other_people_gets_one(book: TieBook) -> None:
    """Neither for the card nor for the first meeting: the company's newcomers come in daily."""
    met = new_card(book, "Ana Lima")
    new_card(book, "Rui Costa")
    first_pull(book, ago(300))
    book.insert("raw.collections", {"source": "home", "collection": "book", "is_directory": True})
    book.meeting(ago(3), met)
    assert follow_ups(book) == []


def test_an_imported_file_opens_no_follow_up(book: TieBook) -> None:
    new_card(book, "Ana Lima", is_import=True)
    first_pull(book, ago(300))
    assert follow_ups(book) == []


def test_first_follow_ups_are_at_most_two_a_week(book: TieBook) -> None:
    for number in range(4):
        book.meeting(ago(3), book.person(f"New {number}", has_card=False))
    rows = follow_ups(book)
    assert sum(opens for _, _, opens, _ in rows) == 2
    assert {why for _, _, opens, why in rows if not opens} == {"cap_first_follow_up"}


def test_a_strong_tie_gone_quiet_is_picked_up_one_a_week(book: TieBook) -> None:
    for name in ("Ana Lima", "Rui Costa"):
        person = book.person(name)
        for days in (1300, 1270, 1240, 1210):
            book.meeting(ago(days), person)
    rows = follow_ups(book)
    assert [kind for _, kind, _, _ in rows] == ["reconnect", "reconnect"]
    assert sum(opens for _, _, opens, _ in rows) == 1
    reasons = book.rows("select distinct reason from main.follow_ups")
    assert reasons == [("Once among your closest 5. Last seen 10 May 2023 (Catch-up).",)]
    book.build("main.dormant_ties")
    assert book.rows("select state, best_layer_size from main.dormant_ties") == [
        ("dormant", 5),
        ("dormant", 5),
    ]


def test_a_tie_that_never_was_among_the_closest_fifty_is_not_picked_up(book: TieBook) -> None:
    for number in range(50):
        person = book.person(f"Friend {number}")
        book.meeting(ago(1300), person)
        book.meeting(ago(1301), person)
    weak = book.person("Ana Lima")
    book.meeting(ago(1300), weak)
    book.build("judgement.wanted_follow_ups")
    wanted = dict(book.rows("select person_id, kind from judgement.wanted_follow_ups"))
    assert len(wanted) == 50
    assert weak not in wanted


def test_a_strong_tie_gone_quiet_is_picked_up_though_nobody_chose_it(book: TieBook) -> None:
    lost, declined, imported = (
        book.person("Ana Lima"),
        book.person("Rui Costa"),
        book.person("Tom Reis", is_import_only=True),
    )
    for person in (lost, declined, imported):
        for days in (1300, 1270, 1240, 1210):
            book.meeting(ago(days), person)
    book.decide("not_now", declined)
    assert follow_ups(book) == [
        ("Ana Lima", "reconnect", True, None),
        ("Rui Costa", "reconnect", False, "not_now"),
        ("Tom Reis", "reconnect", False, "not_chosen"),
    ]


def test_an_introduction_opens_only_when_asked_for(book: TieBook) -> None:
    ana, rui = book.person("Ana Lima", city="Porto"), book.person("Rui Costa", city="Porto")
    for person in (ana, rui):
        for days in (40, 20, 5):
            book.meeting(ago(days), person)
    assert follow_ups(book) == []
    book.build("main.introductions")
    assert book.rows("select display_name, other_name, reason from main.introductions") == [
        ("Ana Lima", "Rui Costa", "both in Porto")
    ]
    book.decide("introduce", ana, other_id=rui)
    assert follow_ups(book) == [("Ana Lima", "introduction", True, None)]
    (reason,) = book.one("select reason from main.follow_ups")
    assert reason == "You wanted to introduce Rui Costa."
    book.build("main.introductions")
    assert book.rows("select * from main.introductions") == []


def test_who_meets_somebody_is_listed_strongest_first(book: TieBook) -> None:
    ana, rui, tom = (book.person(name) for name in ("Ana Lima", "Rui Costa", "Tom Berg"))
    for days in (5, 15, 25):
        book.meeting(ago(days), ana)
    book.meeting(ago(30), rui)
    book.meeting(ago(60), ana, rui, tom)
    book.build("main.introducers")
    assert book.rows(
        "select introducer_name, shared_meetings from main.introducers"
        f" where person_id = {tom} order by ordinal"
    ) == [("Ana Lima", 1), ("Rui Costa", 1)]


def test_a_friend_met_since_is_something_to_talk_about(book: TieBook) -> None:
    ana = overdue_friend(book)
    rui = book.person("Rui Costa")
    for days in (150, 120):
        book.meeting(ago(days), ana, rui)
    book.meeting(ago(3), rui)
    book.build("main.follow_ups")
    talk = dict(book.rows("select display_name, talk_about from main.follow_ups"))
    assert talk["Ana Lima"] == "You have seen Rui Costa since"


def test_a_private_meetings_title_is_in_no_reason(book: TieBook) -> None:
    person = book.person("Ana Lima")
    for days in (190, 160, 130, 100):
        book.meeting(ago(days), person, summary="Hush", visibility="private")
    book.build("main.follow_ups")
    assert book.one(
        "select contains(concat_ws(' ', reason, evidence, talk_about), 'Hush') from main.follow_ups"
    ) == (False,)


def test_what_is_usual_is_the_gap_that_half_of_their_own_stay_within(book: TieBook) -> None:
    person = book.person("Omar Haddad")
    day = date(2024, 1, 10)
    book.meeting(f"{day}", person)
    for gap in (90, 100, 5, 95, 105, 4, 98, 92):
        day += timedelta(days=gap)
        book.meeting(f"{day}", person)
    book.build("judgement.cadences")
    words, days = book.one(
        f"select usual_words, typical_days from judgement.cadences where person_id = {person}"
    )
    assert words == "usually about every 3 months"
    assert days < 90  # judging goes on by all gaps and the book's


@pytest.mark.parametrize(
    ("gaps", "words", "days"),
    [
        ((90, 100, 5, 95, 105, 4, 98, 92), "usually about every 3 months", 91),
        # breaks count for what is usual, though judging leaves them out
        ((20, 37, 37, 134, 400, 500, 600), "usually about every 4 months", 122),
        ((400, 410, 420), "usually about every year", 365),
        ((540, 550, 560), "usually about every 18 months", 548),
        ((6, 7, 8), "usually about every week", 7),
    ],
)
def test_who_is_kept_is_due_after_what_choose_proposed(
    book: TieBook, gaps: tuple[int, ...], words: str, days: int
) -> None:
    person = book.person("Omar Haddad")
    day = TODAY - timedelta(days=sum(gaps) + 3)
    for gap in (0, *gaps):
        day += timedelta(days=gap)
        book.meeting(f"{day}", person)
    book.build("main.ties")
    proposed = "select usual_words, usual_days from main.ties"
    assert book.one(proposed) == (words, days)
    book.decide("keep", person)
    book.build("main.ties")
    assert book.one(proposed) == (words, days)
    assert book.one("select cadence_source, cadence_days, due_date from main.ties") == (
        "usual",
        days,
        TODAY - timedelta(days=3 - days),
    )


def test_a_circles_cadence_holds_for_who_is_kept_without_another(book: TieBook) -> None:
    person = book.person("Ana Lima")
    book.meeting(ago(100), person)
    book.circle("mentors", person, every_days=91)
    book.decide("keep", person)
    book.build("main.ties")
    assert book.one("select cadence_source, cadence_days from main.ties") == ("circle", 91)


def test_who_was_never_met_and_is_kept_comes_up_in_time(book: TieBook) -> None:
    person = book.person("Ana Lima", is_import_only=True)
    book.decide("keep", person, decided_at=f"{ago(30)} 10:00:00+00")
    assert follow_ups(book) == [("Ana Lima", "check_in", True, None)]
    book.build("main.ties")
    assert book.one("select usual_words, due_date from main.ties") == (
        "about every month, to begin with",
        TODAY,
    )


@pytest.mark.parametrize(
    ("every", "since", "booked", "state"),
    [
        (30, 27, None, "due soon"),
        (30, 27, 7, "on track"),
        (30, 27, 40, "due soon"),
        (30, 2, None, "on track"),
        (7, 1, None, "on track"),  # a weekly friend seen yesterday
        (7, 6, None, "due soon"),
    ],
)
def test_due_soon_is_who_has_waited_and_has_nothing_booked(
    book: TieBook, every: int, since: int, booked: int | None, state: str
) -> None:
    person = book.person("Ana Lima")
    book.meeting(ago(since), person)
    if booked:
        book.meeting(ago(-booked), person)
    book.decide("every", person, every_days=every)
    book.build("main.ties")
    assert book.one("select state from main.ties") == (state,)


def test_with_few_gaps_it_is_said_that_others_are_meant(book: TieBook) -> None:
    person = book.person("Ana Lima")
    for days in (90, 80):
        book.meeting(ago(days), person)
    book.build("judgement.cadences")
    (words,) = book.one("select usual_words from judgement.cadences")
    assert words == "about every 3 weeks, as with most people you meet"


def test_a_meeting_booked_beyond_the_window_blocks_nothing(book: TieBook) -> None:
    person = overdue_friend(book)
    book.meeting(ago(-15), person)
    assert follow_ups(book) == [("Ana Lima", "check_in", True, None)]
    assert book.one("select blocked_until from main.follow_ups") == (None,)
