"""What counts as contact: each rule of main.contact_rules by an example."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.support.ties_builder import OWNER, TieBook, attendee

PAST = "2026-08-03"


@pytest.fixture
def book() -> TieBook:
    book = TieBook(as_of="2026-09-01")
    book.person("Ana Lima")
    return book


ANA = 2


def counted(book: TieBook) -> list[tuple[Any, ...]]:
    """Person, kind and day of what counts."""
    book.build("history.interactions")
    return book.rows(
        "select person_id, kind, interaction_date from history.interactions"
        " where excluded_reason is null order by all"
    )


def reason(book: TieBook) -> str | None:
    """Why the only meeting does not count."""
    book.build("main.meetings")
    found: str | None = book.one("select excluded_reason from main.meetings")[0]
    return found


def test_a_meeting_of_the_past_counts(book: TieBook) -> None:
    book.meeting(PAST, ANA)
    assert counted(book) == [(ANA, "meeting", date(2026, 8, 3))]


def owner_replied(reply: str) -> dict[str, Any]:
    """Ana organises; the owner answers so."""
    ana = attendee(ANA)
    return {"organizer": ana, "attendees": [ana, attendee(OWNER, reply, is_owner=True)]}


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"status": "cancelled"}, "cancelled"),
        (owner_replied("declined"), "owner_declined"),
        (owner_replied("tentative"), "owner_tentative"),
        (owner_replied("needs-action"), "owner_not_answered"),
        (owner_replied("accepted"), None),
        ({"organizer": attendee(ANA), "attendees": [attendee(ANA)]}, "owner_not_invited"),
        ({"uid": "kithbook-1"}, "own_follow_up"),
        ({"event_type": "birthday"}, "birthday"),
        ({"event_type": "workingLocation"}, "working_location"),
        ({"event_type": "focusTime"}, "focus_time"),
        ({"event_type": "outOfOffice"}, "out_of_office"),
        ({"categories": ["Holiday"]}, "holiday"),
        ({"summary": "Flight to Porto"}, "travel"),
        ({"event_type": "fromGmail"}, None),
        ({"event_type": "somethingNew"}, None),
        ({"summary": "Birthday lunch"}, None),
        (
            {
                "is_all_day": True,
                "starts_at": None,
                "ends_at": None,
                "start_date": "2026-08-03",
                "end_date": "2026-08-04",
            },
            None,
        ),
        (
            {
                "is_all_day": True,
                "starts_at": None,
                "ends_at": None,
                "start_date": "2026-08-03",
                "end_date": "2026-08-04",
                "attendees": [],
                "organizer": None,
            },
            "all_day_block",
        ),
        (
            {
                "starts_at": datetime(2026, 9, 1, 5, tzinfo=UTC),
                "ends_at": datetime(2026, 9, 1, 7, tzinfo=UTC),
            },
            "not_over",
        ),
    ],
)
def test_a_meeting_keeps_the_first_rule_that_excluded_it(
    book: TieBook, columns: dict[str, Any], expected: str | None
) -> None:
    book.meeting(PAST, ANA, **columns)
    assert reason(book) == expected
    assert bool(counted(book)) == (expected is None)


def test_an_unanswered_invitation_is_excluded_before_its_size(book: TieBook) -> None:
    crowd = [attendee(100 + number) for number in range(20)]
    book.meeting(
        PAST,
        ANA,
        organizer=attendee(ANA),
        attendees=[attendee(ANA), attendee(OWNER, "needs-action"), *crowd],
    )
    assert reason(book) == "owner_not_answered"


def test_people_who_declined_were_not_there(book: TieBook) -> None:
    book.meeting(
        PAST, attendees=[attendee(OWNER), attendee(ANA, "declined")], organizer=attendee(OWNER)
    )
    book.build("history.interactions")
    assert book.rows("select person_id, excluded_reason from history.interactions") == [
        (ANA, "person_declined")
    ]


@pytest.mark.parametrize(("guests", "expected"), [(11, None), (12, "too_many_people")])
def test_a_meeting_has_at_most_max_attendees_people(
    book: TieBook, guests: int, expected: str | None
) -> None:
    people = [ANA, *(book.person(f"Guest {number}") for number in range(guests - 1))]
    room = attendee(900, kind="room")
    book.meeting(
        PAST,
        ANA,
        attendees=[attendee(OWNER), *(attendee(person) for person in people), room],
        organizer=attendee(OWNER),
    )
    assert reason(book) == expected


def test_rooms_lists_and_services_are_no_people(book: TieBook) -> None:
    service = book.person("Booking Desk", kind="service")
    book.meeting(
        PAST,
        organizer=attendee(OWNER),
        attendees=[
            attendee(OWNER),
            attendee(ANA),
            attendee(service),
            attendee(901, kind="room"),
            attendee(902, kind="group"),
        ],
    )
    assert counted(book) == [(ANA, "meeting", date(2026, 8, 3))]
    assert book.one("select n_people from history.occasions") == (2,)


def test_the_same_meeting_from_two_sources_is_one(book: TieBook) -> None:
    book.meeting(PAST, ANA, uid="shared", source="home")
    book.meeting(PAST, ANA, uid="shared", source="google")
    assert counted(book) == [(ANA, "meeting", date(2026, 8, 3))]
    book.build("main.meetings")
    assert book.rows("select excluded_reason from main.meetings order by all nulls first") == [
        (None,),
        ("same_meeting",),
    ]


def test_of_two_copies_the_one_where_the_owner_accepted_counts(book: TieBook) -> None:
    book.meeting(PAST, ANA, uid="shared", **owner_replied("needs-action"))
    book.meeting(PAST, ANA, uid="shared", source="google", **owner_replied("accepted"))
    assert counted(book) == [(ANA, "meeting", date(2026, 8, 3))]


def test_a_copy_that_was_cancelled_cancels_the_meeting(book: TieBook) -> None:
    book.meeting(PAST, ANA, uid="shared")
    book.meeting(PAST, ANA, uid="shared", source="google", status="cancelled")
    assert counted(book) == []


def test_what_the_source_no_longer_has_is_no_contact(book: TieBook) -> None:
    book.meeting(PAST, ANA, gone_at="2026-08-20 00:00:00+00")
    book.meeting(PAST, summary="Coffee with Ana", gone_at="2026-08-20 00:00:00+00")
    book.meeting("2026-08-04", summary="Coffee with Ana")
    book.build("main.interactions")
    assert book.rows("select interaction_date, excluded_reason from main.interactions") == [
        (date(2026, 8, 4), None)
    ]


def test_an_all_day_meeting_ends_on_the_day_before_its_end(book: TieBook) -> None:
    days = {"start_date": "2026-08-03", "end_date": "2026-08-04"}
    book.meeting(PAST, ANA, is_all_day=True, starts_at=None, ends_at=None, **days)
    book.build("main.meetings")
    assert book.one("select last_date from main.meetings") == (date(2026, 8, 3),)


def test_of_a_guest_who_is_listed_twice_the_better_reply_counts(book: TieBook) -> None:
    twice = [attendee(OWNER), attendee(ANA, "declined"), attendee(ANA)]
    book.meeting(PAST, ANA, attendees=twice)
    assert counted(book) == [(ANA, "meeting", date(2026, 8, 3))]


def test_a_person_with_two_addresses_in_one_meeting_was_there_once(book: TieBook) -> None:
    book.insert("identity.record_persons", {"record_id": 50, "person_id": ANA})
    book.meeting(PAST, ANA, 50)
    assert counted(book) == [(ANA, "meeting", date(2026, 8, 3))]
    assert book.one("select n_people from history.occasions") == (2,)


def test_a_guest_without_an_address_is_known_by_a_name_that_one_person_has(book: TieBook) -> None:
    book.insert(
        "raw.contacts",
        {"item_id": 900, "record_id": ANA, "source": "home", "full_name": "Ana Lima"},
    )
    book.insert("raw.name_keys", {"name": "Ana Lima", "name_key": "ana lima"})
    owner, guest = attendee(OWNER, is_owner=True), attendee(0, record_id=None, name="Ana Lima")
    book.meeting(PAST, organizer=owner, attendees=[owner, guest | {"email": None}])
    assert counted(book) == [(ANA, "name", date(2026, 8, 3))]


def test_the_resting_are_in_no_interaction(book: TieBook) -> None:
    resting = book.person("Rui Costa", is_resting=True)
    book.meeting(PAST, ANA, resting)
    assert counted(book) == [(ANA, "meeting", date(2026, 8, 3))]


def test_an_end_before_the_start_makes_no_contact_of_what_is_still_to_come(
    book: TieBook,
) -> None:
    ana = book.person("Ana Lima")
    book.meeting("2026-09-20", ana, ends_at="2026-08-01 12:00:00+00")
    book.build("history.contact_days")
    assert book.rows("select contact_date from history.contact_days") == []


def test_a_large_series_is_weak_evidence(book: TieBook) -> None:
    team = [ANA, *(book.person(f"Guest {number}") for number in range(7))]
    book.meeting(PAST, *team, is_recurring=True)
    book.build("history.interactions")
    # 0.5 / sqrt(9 - 1)
    assert book.rows(f"select kind, weight from history.interactions where person_id = {ANA}") == [
        ("large_series", pytest.approx(0.5 / 8**0.5))
    ]


def test_the_day_is_the_owners_day() -> None:
    book = TieBook(as_of="2026-09-01", time_zone="Pacific/Kiritimati")
    ana = book.person("Ana Lima")
    start = datetime(2026, 8, 3, 12, tzinfo=UTC)  # 02:00 of the next day, fourteen hours ahead
    book.meeting(PAST, ana, starts_at=start, ends_at=start)
    assert counted(book) == [(ana, "meeting", date(2026, 8, 4))]


def test_who_organised_is_kept(book: TieBook) -> None:
    book.meeting(PAST, ANA)
    book.meeting("2026-08-04", ANA, **owner_replied("accepted"))
    rui = book.person("Rui Costa")
    book.meeting(
        "2026-08-05",
        organizer=attendee(rui),
        attendees=[attendee(rui), attendee(ANA), attendee(OWNER)],
    )
    book.build("history.interactions")
    assert book.rows(
        f"select initiated_by from history.interactions where person_id = {ANA}"
        " order by interaction_date"
    ) == [("owner",), ("person",), (None,)]


def test_logged_contacts_count_on_their_day(book: TieBook) -> None:
    book.decide("log", ANA, from_date="2026-08-20", value="gave")
    undone = book.decide("log", ANA, from_date="2026-08-21")
    book.decide("undo", undoes=undone)
    book.decide("log", ANA, from_date="2026-09-02")  # a day to come
    assert counted(book) == [(ANA, "log", date(2026, 8, 20))]
    book.build("main.favours")
    assert book.rows("select person_id, gave, asked, balance from main.favours") == [(ANA, 1, 0, 1)]


def test_a_ticked_task_of_the_users_own_is_a_commitment_kept(book: TieBook) -> None:
    for number, title in enumerate(("Send Ana the licence", "Gift for Ana", "Call Ana and Rui")):
        book.insert(
            "raw.tasks",
            {
                "item_id": 900 + number,
                "source": "home",
                "collection": "list",
                "uid": f"own-{number}",
                "title": title,
                "status": "completed",
                "completed_at": "2026-08-10 10:00:00+00",
            },
        )
    assert counted(book) == [(ANA, "task", date(2026, 8, 10))]


def test_rules_are_listed_with_how_many_they_decided(book: TieBook) -> None:
    book.meeting(PAST, ANA)
    book.meeting("2026-08-04", ANA, status="cancelled")
    book.build("main.contact_rules")
    found = book.rows("select rule, number, meetings from main.contact_rules where meetings > 0")
    assert sorted(found) == [("cancelled", None, 1), ("meeting", None, 1)]
    assert book.one("select number from main.contact_rules where rule = 'too_many_people'") == (12,)


def test_every_reason_given_is_a_rule(book: TieBook) -> None:
    book.build("main.contact_rules")
    rules = {rule for (rule,) in book.rows("select rule from main.contact_rules")}
    given = set(re.findall(r"then '([a-z_]+)'", book.sql_file("history", "occasions")))
    assert given
    assert given <= rules


def test_a_private_meeting_counts_and_shows_no_title(book: TieBook) -> None:
    book.meeting(PAST, ANA, visibility="private", summary="The thing", location="Clinic")
    book.build("main.meetings", "main.last_contacts")
    assert book.one("select title, location, excluded_reason from main.meetings") == (
        None,
        None,
        None,
    )
    assert book.one("select title from main.last_contacts") == (None,)


def test_a_gap_that_our_own_task_ended_teaches_nothing(book: TieBook) -> None:
    book.meeting("2026-05-01", ANA)
    book.meeting("2026-06-01", ANA)
    book.meeting("2026-07-11", ANA)
    book.insert(
        "raw.task_links",
        {
            "uid": "kithbook-1",
            "owner_id": "me",
            "person_id": ANA,
            "kind": "check_in",
            "cycle": "2026-06-01",
            "opened_at": "2026-07-01 06:00:00+00",
            "wrote_at": "2026-07-01 06:00:00+00",
            "closed_at": "2026-07-12 06:00:00+00",
            "close_reason": "met",
        },
    )
    book.build("history.gaps")
    assert book.rows("select gap_days, ignored_reason from history.gaps order by to_date") == [
        (31, None),
        (40, "own_task"),
    ]


def test_a_ticked_follow_up_is_contact_and_teaches_nothing(book: TieBook) -> None:
    book.meeting("2026-06-01", ANA)
    book.insert(
        "raw.task_links",
        {
            "uid": "kithbook-1",
            "owner_id": "me",
            "person_id": ANA,
            "kind": "check_in",
            "cycle": "2026-06-01",
            "source": "home",
            "collection": "list",
            "opened_at": "2026-08-01 06:00:00+00",
            "wrote_at": "2026-08-01 06:00:00+00",
            "wrote_status": "needs-action",
        },
    )
    task = {
        "item_id": 900,
        "source": "home",
        "collection": "list",
        "uid": "kithbook-1",
        "title": "Ana Lima",
        "status": "completed",
        "completed_at": "2026-08-05 18:00:00+00",
    }
    book.insert("raw.tasks", task)
    assert counted(book) == [
        (ANA, "follow_up", date(2026, 8, 5)),
        (ANA, "meeting", date(2026, 6, 1)),
    ]
    book.build("history.gaps")
    assert book.rows("select ignored_reason from history.gaps") == [("own_task",)]
    book.connection.execute("update raw.tasks set status = 'needs-action', completed_at = null")
    assert counted(book) == [(ANA, "meeting", date(2026, 6, 1))]


def test_the_gaps_of_a_series_that_ended_stop_counting(book: TieBook) -> None:
    item = book.meeting("2026-07-01", ANA, is_recurring=True, uid="weekly")
    for day in ("2026-07-08", "2026-07-15"):
        book.meeting(day, ANA, is_recurring=True, uid="weekly", item_id=item)
    book.meeting("2026-08-15", ANA)
    book.build("history.gaps")
    found = "select gap_days, ignored_reason from history.gaps order by to_date"
    assert book.rows(found) == [(7, "series_ended"), (7, "series_ended"), (31, None)]
    book.meeting("2026-09-09", ANA, is_recurring=True, uid="weekly", item_id=item)
    book.build("history.gaps")
    assert book.rows(found) == [(7, None), (7, None), (31, None)]


@pytest.mark.parametrize(
    ("before", "found"),
    [("accepted", [(ANA, "reply_kept", date(2026, 8, 3))]), ("declined", [])],
)
def test_a_reply_once_given_stands_when_the_server_takes_it_back(
    book: TieBook, before: str, found: list[tuple[Any, ...]]
) -> None:
    item = book.meeting(PAST, ANA, attendees=[attendee(OWNER), attendee(ANA, "needs-action")])
    given = {"item_id": item, "recurrence_id": "", "record_id": ANA, "reply": before}
    book.insert("raw.given_replies", given)
    assert counted(book) == found


def test_a_guest_alone_with_you_who_never_answered_counts_for_half(book: TieBook) -> None:
    owner = attendee(OWNER, is_owner=True)
    guests = [owner, attendee(ANA, "needs-action")]
    book.meeting(PAST, ANA, attendees=guests, organizer=owner)
    assert counted(book) == [(ANA, "not_answered", date(2026, 8, 3))]
    assert book.one("select weight from history.interactions") == (0.5,)


# --- replies ------------------------------------------------------------------------------


def test_a_row_a_person_and_invitation_says_who_asked_and_what_was_answered() -> None:
    book = TieBook()
    ana, rui = book.person("Ana Lima"), book.person("Rui Costa")
    for day, reply in enumerate(("accepted", "declined", "needs-action", None), 1):
        owner = attendee(1, is_owner=True)
        guests = [owner, attendee(ana) | {"reply": reply}]
        book.meeting(f"2026-08-0{day}", organizer=owner, attendees=guests)
    asked = [attendee(1, "needs-action", is_owner=True), attendee(ana), attendee(rui, "tentative")]
    book.meeting("2026-09-05", organizer=attendee(ana), attendees=asked)
    book.meeting("2026-08-06", ana, status="cancelled")
    book.build("main.replies")
    assert book.rows(
        "select meeting_date::varchar, display_name, asked_by, reply, owner_reply, is_over"
        " from main.replies order by all"
    ) == [
        ("2026-08-01", "Ana Lima", "owner", "accepted", None, True),
        ("2026-08-02", "Ana Lima", "owner", "declined", None, True),
        ("2026-08-03", "Ana Lima", "owner", "never answered", None, True),
        ("2026-08-04", "Ana Lima", "owner", None, None, True),
        ("2026-09-05", "Ana Lima", "person", None, "never answered", False),
        ("2026-09-05", "Rui Costa", "other", "tentative", "never answered", False),
    ]


def test_an_interaction_names_its_person_and_kind() -> None:
    book = TieBook()
    book.meeting("2026-08-03", book.person("Ana Lima"))
    book.build("main.interactions")
    assert book.rows("select display_name, interaction_kind, kind from main.interactions") == [
        ("Ana Lima", "meeting", "meeting")
    ]


def test_a_tie_lists_its_circles_and_has_its_layer_as_a_number() -> None:
    book = TieBook()
    people = [book.person(f"Friend {number:02}") for number in range(6)]
    for days, person in enumerate(people, 1):
        book.meeting(f"2026-08-{days:02}", person)
    book.circle("choir", people[0])
    book.circle("alumni", people[0])
    book.build("main.ties")
    assert book.rows(
        "select layer_size, count(*), max(circles) from main.ties group by all order by 1"
    ) == [(5, 5, []), (15, 1, ["alumni", "choir"])]
