"""The life of a task: the table of DESIGN section 13, row by row."""

from datetime import date, timedelta
from typing import Any

import pytest

from pipeline.book.sqlgraph import sql_folder
from tests.support.task_list_builder import TaskList

TODAY = date(2026, 9, 1)


def ago(days: int) -> str:
    """The day so many days before the first."""
    return (TODAY - timedelta(days=days)).isoformat()


@pytest.fixture
def book() -> TaskList:
    """Ana, met every month and not for 100 days; Rui, met yesterday."""
    book = TaskList(as_of=TODAY.isoformat())
    ana = book.person("Ana Lima", emails=["ana@example.org"])
    for days in (190, 160, 130, 100):
        book.meeting(ago(days), ana)
    rui = book.person("Rui Costa")
    for days in (31, 1):
        book.meeting(ago(days), rui)
    return book


ANA, RUI = 2, 3
WHY = "Ring or write: last seen 24 May"
CREATED = [("create", "Ana Lima", "due")]


def link(book: TaskList, columns: str) -> tuple[Any, ...]:
    """Columns of the only link."""
    return book.one(f"select {columns} from raw.task_links")


def test_not_there_and_wanted_is_created_once(book: TaskList) -> None:
    assert book.night() == CREATED
    assert book.open_tasks() == [("Ana Lima", TODAY, f"{WHY}\nana@example.org")]
    assert book.night() == []
    assert book.pass_days(7) == []


def test_the_uid_comes_from_the_follow_up_so_that_no_twin_can_be(book: TaskList) -> None:
    book.build("main.task_changes")
    planned = book.one("select uid, cycle from main.task_changes")
    book.build("main.task_changes")
    assert book.one("select uid, cycle from main.task_changes") == planned
    assert planned[1] == "2026-05-24"


def test_a_run_cut_off_before_the_write_goes_on_with_the_same_uid(book: TaskList) -> None:
    book.build("main.task_changes")
    uid, kind, cycle = book.one("select uid, kind, cycle from main.task_changes")
    intent = {
        "uid": uid,
        "owner_id": "me",
        "person_id": ANA,
        "kind": kind,
        "cycle": cycle,
        "opened_at": "2026-09-01 06:00:00+00",
        "intends_action": "create",
        "intends_title": "Ana Lima",
        "intends_at": "2026-09-01 06:00:00+00",
    }
    book.insert("raw.task_links", intent)
    book.go_to("2026-09-03")
    book.build("main.task_changes")
    assert book.rows("select uid, action from main.task_changes") == [(uid, "create")]


def test_a_run_cut_off_after_the_write_finds_its_own_task(book: TaskList) -> None:
    book.night()
    book.connection.execute(
        "update raw.task_links set intends_action = 'create', intends_title = wrote_title,"
        " intends_notes = wrote_notes, intends_due_date = wrote_due_date,"
        " intends_priority = wrote_priority, wrote_title = null, wrote_notes = null,"
        " wrote_due_date = null, wrote_priority = null, wrote_at = null, source = null,"
        " collection = null, intends_at = '2026-09-01 06:00:00+00'"
    )
    book.build("history.task_outcomes", "main.task_changes")
    assert book.rows("select is_open, is_touched from history.task_outcomes") == [(True, False)]
    assert book.rows("select action from main.task_changes where action = 'create'") == []


def test_an_intent_that_never_came_to_be_is_closed_when_nobody_wants_it(book: TaskList) -> None:
    book.night()
    book.connection.execute("delete from raw.tasks")
    book.connection.execute("update raw.task_links set wrote_at = null, intends_action = 'create'")
    book.decide("never", ANA)
    assert book.night() == [("close", "Ana Lima", "never_written")]
    assert book.night() == []


def test_what_we_want_otherwise_is_updated(book: TaskList) -> None:
    book.night()
    book.connection.execute(
        "update identity.persons set phones = ['+351 912'], display_name = 'Ana Lima Reis'"
        f" where person_id = {ANA}"
    )
    assert book.night() == [("update", "Ana Lima Reis", "changed")]
    assert book.open_tasks() == [("Ana Lima Reis", TODAY, f"{WHY}\n+351 912\nana@example.org")]
    assert book.night() == []


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ("title = 'Ana!'", ("Ana!", TODAY, f"{WHY}\n+351 912\nana@example.org")),
        ("notes = 'her garden'", ("Ana Lima Reis", TODAY, "her garden")),
        (
            "due_date = '2026-09-05'",
            ("Ana Lima Reis", date(2026, 9, 5), f"{WHY}\n+351 912\nana@example.org"),
        ),
    ],
)
def test_a_field_the_user_changed_stays_theirs_for_ever(
    book: TaskList, change: str, kept: tuple[Any, ...]
) -> None:
    book.night()
    book.on_phone("Ana Lima", change)
    assert book.night() == []
    book.connection.execute(
        "update identity.persons set phones = ['+351 912'], display_name = 'Ana Lima Reis'"
        f" where person_id = {ANA}"
    )
    assert book.night() == [("update", "Ana Lima Reis", "changed")]
    assert book.open_tasks() == [kept]
    assert book.pass_days(60) == []
    assert book.open_tasks() == [kept]


def test_a_priority_the_user_gave_stays(book: TaskList) -> None:
    book.night()
    book.on_phone("Ana Lima", "priority = 1")
    book.connection.execute(
        f"update identity.persons set phones = ['+351 912'] where person_id = {ANA}"
    )
    assert book.night() == [("update", "Ana Lima", "changed")]
    assert book.one("select priority from raw.tasks") == (1,)


def test_a_later_due_is_a_snooze(book: TaskList) -> None:
    book.night()
    book.on_phone("Ana Lima", "due_date = '2026-12-01'")
    assert book.pass_days(80) == []
    book.build("main.follow_ups")
    assert book.rows("select due_date, is_open from main.follow_ups where person_id = 2") == [
        (date(2026, 12, 1), True)
    ]


def test_a_due_date_that_was_taken_away_stays_away_and_stops_no_publication(
    book: TaskList,
) -> None:
    book.night()
    book.on_phone("Ana Lima", "due_date = null")
    book.meeting("2026-09-02", ANA)
    book.go_to("2026-09-03")
    book.build("main.task_changes")
    assert book.rows("select action, due_date, theirs from main.task_changes") == [
        ("tick", None, ["due_date"])
    ]
    check = (sql_folder() / "checks" / "stop" / "changes_are_whole.sql").read_text("utf-8")
    assert book.rows(check) == []


def test_ticked_is_contact_and_the_cycle_is_over(book: TaskList) -> None:
    book.night()
    book.pass_days(2)
    book.tick("Ana Lima")
    assert book.pass_days(1) == [("close", "Ana Lima", "ticked")]
    assert book.night() == []
    book.build("main.last_contacts", "main.ties")
    assert book.rows(
        "select last_contact_date, kind from main.last_contacts where person_id = 2"
    ) == [(date(2026, 9, 3), "follow_up")]
    assert book.rows('select state from main."ties" where person_id = 2') == [("on track",)]


def test_a_phone_with_a_wrong_clock_ticks_nothing_before_it_was_there(book: TaskList) -> None:
    book.night()
    book.pass_days(2)
    book.on_phone("Ana Lima", "status = 'completed', completed_at = '1970-01-01 12:00:00+00'")
    assert book.pass_days(1) == [("close", "Ana Lima", "ticked")]
    assert book.night() == []
    book.build("main.last_contacts")
    assert book.rows("select last_contact_date from main.last_contacts where person_id = 2") == [
        (TODAY,)
    ]


def test_ticked_and_then_deleted_is_still_contact(book: TaskList) -> None:
    book.night()
    book.tick("Ana Lima")
    book.pass_days(1)
    book.delete("Ana Lima")
    assert book.pass_days(2) == []
    book.build("main.last_contacts")
    assert book.rows("select kind from main.last_contacts where person_id = 2") == [("follow_up",)]


def test_unticked_again_takes_the_contact_back_and_the_task_goes_on(book: TaskList) -> None:
    book.night()
    book.tick("Ana Lima")
    book.pass_days(1)
    book.on_phone("Ana Lima", "status = 'needs-action', completed_at = null")
    assert book.pass_days(1) == []
    book.build("main.last_contacts", "main.follow_ups")
    assert book.rows("select kind from main.last_contacts where person_id = 2") == [("meeting",)]
    assert book.rows("select is_open from main.follow_ups where person_id = 2") == [(True,)]
    book.tick("Ana Lima")
    book.pass_days(1)
    book.build("main.last_contacts")
    assert book.rows("select kind from main.last_contacts where person_id = 2") == [("follow_up",)]


@pytest.mark.parametrize("how", ["status = 'cancelled'", "gone_at = '2026-09-01 12:00:00+00'"])
def test_cancelled_or_gone_is_dismissed_and_silent_for_one_cadence(
    book: TaskList, how: str
) -> None:
    book.decide("every", ANA, every_days=30, decided_at="2026-01-01 00:00:00+00")
    book.night()
    book.on_phone("Ana Lima", how)
    assert book.night() == [("close", "Ana Lima", "dismissed")]
    assert book.pass_days(29) == []
    assert book.pass_days(1) == CREATED
    (silent,) = book.one("select count(distinct uid) from raw.task_links")
    assert silent == 2


def test_a_cancelled_task_tidied_away_later_is_dismissed_once(book: TaskList) -> None:
    book.night()
    book.on_phone("Ana Lima", "status = 'cancelled'")
    book.night()
    book.go_to("2026-09-11")
    book.delete("Ana Lima")
    book.build("history.task_outcomes")
    assert book.rows("select closed_date, close_reason from history.task_outcomes") == [
        (TODAY, "dismissed")
    ]


def test_unticked_and_then_deleted_is_no_contact(book: TaskList) -> None:
    book.night()
    book.tick("Ana Lima")
    book.pass_days(1)
    book.on_phone("Ana Lima", "status = 'needs-action', completed_at = null")
    book.pass_days(1)
    book.delete("Ana Lima")
    book.pass_days(1)
    book.build("main.last_contacts", "history.task_outcomes")
    assert book.rows("select close_reason from history.task_outcomes") == [("dismissed",)]
    assert book.rows("select kind from main.last_contacts where person_id = 2") == [("meeting",)]


def test_two_dismissals_double_the_interval_and_three_mute(book: TaskList) -> None:
    book.decide("every", ANA, every_days=30, decided_at="2026-01-01 00:00:00+00")
    book.decide("never", RUI)
    book.night()
    book.delete("Ana Lima")
    assert book.pass_days(31)[-1:] == CREATED
    book.delete("Ana Lima")
    silent = book.pass_days(59)
    assert silent == [("close", "Ana Lima", "dismissed")]
    assert book.pass_days(2) == CREATED
    book.delete("Ana Lima")
    assert book.pass_days(100) == [("close", "Ana Lima", "dismissed")]
    book.build("judgement.dismissals", "main.follow_ups")
    assert book.one("select running, is_muted from judgement.dismissals") == (3, True)
    assert book.rows("select why_not from main.follow_ups where person_id = 2") == [
        ("dismissed_three_times",)
    ]
    book.decide("keep", ANA)
    assert book.night() == CREATED


def test_contact_ends_a_run_of_dismissals(book: TaskList) -> None:
    book.night()
    book.delete("Ana Lima")
    book.pass_days(1)
    book.decide("log", ANA, from_date="2026-09-02")
    book.pass_days(1)
    assert book.rows("from judgement.dismissals") == []


@pytest.mark.parametrize(
    ("words", "verb"),
    [
        ("notes = notes || chr(10) || 'never'", ("never", None)),
        ("notes = 'In touch '", ("in_touch", None)),
        ("title = 'Every 2 months'", ("keep", 61)),
        ("notes = 'every 36h'", ("keep", 2)),
        ("notes = 'every 6 wks'", ("keep", 42)),
        ("notes = 'every week' || chr(13) || chr(10) || 'thanks'", ("keep", 7)),
        ("notes = 'never mind'", (None, None)),
        ("notes = 'never' || chr(10) || 'every 9 days' || chr(10) || 'every week'", ("keep", 7)),
        ("notes = 'every week' || chr(10) || 'every 9 days'", ("keep", 9)),
        ("title = 'In touch', notes = 'every week' || chr(10) || 'never'", ("never", 7)),
    ],
)
def test_words_alone_on_a_line_are_a_decision(
    book: TaskList, words: str, verb: tuple[str | None, int | None]
) -> None:
    book.night()
    book.on_phone("Ana Lima", words)
    book.night()
    book.build("judgement.person_decisions")
    expected = [] if verb == (None, None) else [verb]
    assert book.rows("select choice, every_days from judgement.person_decisions") == expected


@pytest.mark.parametrize(("undos", "stands"), [(1, False), (2, True), (25, False), (26, True)])
def test_what_is_undone_and_said_again_stands_by_the_last_word(
    book: TaskList, undos: int, stands: bool
) -> None:
    last = book.decide("mute", ANA)
    for _ in range(undos):
        last = book.decide("undo", undoes=last)
    book.build("staging.decisions")
    found = book.rows("select verb from staging.decisions")
    assert found == ([("mute",)] if stands else [])


def test_never_in_the_task_takes_it_away_and_holds(book: TaskList) -> None:
    book.night()
    book.on_phone("Ana Lima", "notes = 'never'")
    assert book.night() == [("withdraw", "Ana Lima", "never")]
    assert book.pass_days(30) == []
    book.decide("keep", ANA)
    assert book.pass_days(1) == CREATED


def test_never_beside_other_words_of_the_users_leaves_them_their_words(book: TaskList) -> None:
    book.night()
    book.on_phone(
        "Ana Lima", "notes = notes || chr(10) || 'her new number: 912' || chr(10) || 'never'"
    )
    assert book.night() == []
    assert len(book.open_tasks()) == 1
    book.tick("Ana Lima")
    assert ("create", "Ana Lima", "due") not in book.pass_days(120)


@pytest.mark.parametrize(
    ("heard", "after"), [("2026-09-03", []), (None, [("Ana Lima", TODAY, "never")])]
)
def test_what_was_written_into_the_task_after_something_was_typed_is_the_later_word(
    book: TaskList, heard: str | None, after: list[tuple[Any, ...]]
) -> None:
    book.night()
    book.go_to("2026-09-02")
    book.decide("every", ANA, every_days=20)
    book.go_to("2026-09-03")
    book.on_phone("Ana Lima", "notes = 'never'")
    book.connection.execute("update raw.task_links set heard_at = $1::timestamptz", [heard])
    book.night()
    assert book.open_tasks() == after


def test_a_meeting_meanwhile_ticks_it_with_a_line_that_says_why(book: TaskList) -> None:
    book.night()
    book.pass_days(3)
    book.meeting("2026-09-04", ANA)
    assert book.pass_days(1) == [("tick", "Ana Lima", "met")]
    assert book.one("select status, notes from raw.tasks") == (
        "completed",
        f"{WHY}\nana@example.org\nIn touch on 4 September 2026.",
    )
    assert link(book, "close_reason") == ("met",)
    assert book.night() == []
    book.build("history.interactions")
    assert book.rows("select * from history.interactions where kind = 'follow_up'") == []


def test_a_logged_contact_ticks_it_and_leaves_the_users_notes_alone(book: TaskList) -> None:
    book.night()
    book.on_phone("Ana Lima", "notes = 'her garden'")
    book.decide("log", ANA, from_date="2026-09-01")
    assert book.night() == [("tick", "Ana Lima", "met")]
    assert book.one("select status, notes from raw.tasks") == ("completed", "her garden")


def test_a_task_that_we_ticked_and_the_user_unticked_is_left_to_the_user(book: TaskList) -> None:
    book.night()
    book.decide("log", ANA, from_date="2026-09-01")
    book.night()
    book.on_phone("Ana Lima", "status = 'needs-action', completed_at = null")
    assert book.pass_days(40) == []
    assert [title for title, _, _ in book.open_tasks()] == ["Ana Lima"]


@pytest.mark.parametrize(
    ("decide", "reason"),
    [
        ({"verb": "never", "person": ANA}, "never"),
        ({"verb": "in_touch", "person": ANA}, "in_touch"),
        ({"verb": "not_now", "person": ANA}, "not_now"),
        ({"verb": "keep", "person": RUI}, "not_chosen"),
        ({"verb": "pause", "until_date": "2026-10-01"}, "paused"),
        ({"verb": "every", "person": ANA, "every_days": 365}, "not_due"),
    ],
)
def test_open_untouched_and_no_longer_wanted_is_withdrawn(
    book: TaskList, decide: dict[str, Any], reason: str
) -> None:
    book.night()
    book.decide(**decide)
    assert book.night() == [("withdraw", "Ana Lima", reason)]
    assert book.open_tasks() == []
    assert book.night() == []


@pytest.mark.parametrize(
    ("flag", "reason"),
    [("is_muted", "muted"), ("is_resting", "resting"), ("is_deceased_hint", "deceased")],
)
def test_open_untouched_and_silenced_is_withdrawn(book: TaskList, flag: str, reason: str) -> None:
    book.night()
    book.connection.execute(f"update identity.persons set {flag} = true where person_id = {ANA}")
    assert book.night() == [("withdraw", "Ana Lima", reason)]


def test_open_untouched_and_booked_is_withdrawn(book: TaskList) -> None:
    book.night()
    book.meeting("2026-09-10", ANA)
    assert book.night() == [("withdraw", "Ana Lima", "booked")]


def test_what_the_user_touched_is_not_withdrawn(book: TaskList) -> None:
    book.night()
    book.on_phone("Ana Lima", "notes = 'her garden'")
    book.decide("pause", until_date="2026-10-01")
    assert book.pass_days(25) == []


def test_no_flood_follows_a_pause(book: TaskList) -> None:
    for number in range(12):
        person = book.person(f"Friend {number:02}")
        for days in (190, 160, 130, 100):
            book.meeting(ago(days), person)
    assert len(book.night()) == 5
    book.decide("pause", until_date="2026-09-22")
    assert {action for action, _, _ in book.night()} == {"withdraw"}
    assert book.pass_days(20) == []
    assert len(book.pass_days(1)) == 1
    assert len(book.pass_days(2)) == 2
    assert book.rows("select 1 from raw.task_links where close_reason = 'dismissed'") == []


def test_untouched_for_three_weeks_is_withdrawn_and_counts_as_an_expiry(book: TaskList) -> None:
    book.decide("every", ANA, every_days=30, decided_at="2026-01-01 00:00:00+00")
    book.night()
    assert book.pass_days(20) == []
    assert book.pass_days(1) == [("withdraw", "Ana Lima", "expired")]
    assert book.pass_days(29) == []
    assert book.pass_days(1) == CREATED


def test_a_snooze_moves_the_open_task(book: TaskList) -> None:
    book.night()
    book.decide("snooze", ANA, until_date="2026-10-01")
    assert book.night() == [("update", "Ana Lima", "changed")]
    assert [due for _, due, _ in book.open_tasks()] == [date(2026, 10, 1)]
    assert book.pass_days(45) == []


def test_of_two_tasks_of_one_human_one_is_withdrawn(book: TaskList) -> None:
    twin = book.person("A. Lima")
    for days in (190, 160, 130, 100):
        book.meeting(ago(days), twin)
    assert len(book.night()) == 2
    book.connection.execute(
        f"update identity.record_persons set person_id = {ANA} where record_id = {twin}"
    )
    book.connection.execute(f"delete from identity.persons where person_id = {twin}")
    done = [(action, reason) for action, _, reason in book.night()]
    assert [change for change in done if change[0] != "update"] == [("withdraw", "merged")]
    assert len(book.open_tasks()) == 1
    assert book.night() == []


def test_an_alias_keeps_its_open_task(book: TaskList) -> None:
    book.night()
    first = book.person("Old Card")
    book.connection.execute(
        f"update identity.record_persons set person_id = {first} where record_id = {ANA}"
    )
    book.connection.execute(
        f"update identity.persons set display_name = 'Ana Lima' where person_id = {first}"
    )
    book.connection.execute(f"delete from identity.persons where person_id = {ANA}")
    assert [change for change in book.night() if change[0] == "create"] == []
    assert len(book.open_tasks()) == 1


def test_a_forgotten_person_leaves_no_task(book: TaskList) -> None:
    book.night()
    book.connection.execute(f"delete from identity.record_persons where record_id = {ANA}")
    book.connection.execute(f"delete from identity.persons where person_id = {ANA}")
    assert [(action, reason) for action, _, reason in book.night()] == [("withdraw", "forgotten")]


def test_the_users_own_tasks_are_never_touched(book: TaskList) -> None:
    own = {"source": "home", "collection": "list", "uid": "mine", "title": "Call Ana"}
    book.insert("raw.tasks", own | {"item_id": 900, "status": "needs-action"})
    book.night()
    book.connection.execute("update raw.tasks set status = 'completed' where uid = 'mine'")
    book.night()
    assert book.rows("select 1 from main.task_changes where uid = 'mine'") == []


def test_a_missing_list_lets_nothing_be_concluded(book: TaskList) -> None:
    book.night()
    cursor = {"source": "home", "collection": "list", "pulled_at": "2026-09-02 05:00:00+00"}
    book.insert("raw.cursors", cursor | {"gone_at": "2026-09-02 05:00:00+00"})
    book.connection.execute("update raw.tasks set gone_at = '2026-09-02 05:00:00+00'")
    book.decide("never", ANA)
    assert book.pass_days(2) == []
    assert link(book, "closed_at, close_reason") == (None, None)


def test_a_list_that_another_of_its_name_took_the_place_of_is_lost_and_nobody_dismissed(
    book: TaskList,
) -> None:
    book.night()
    cursor = {"source": "home", "pulled_at": "2026-09-02 05:00:00+00"}
    book.insert("raw.cursors", cursor | {"collection": "list", "gone_at": cursor["pulled_at"]})
    book.insert("raw.cursors", cursor | {"collection": "new", "collection_name": "list"})
    assert book.night() == [("close", "Ana Lima", "lost"), *CREATED]


def test_a_task_is_followed_into_the_list_that_the_config_names_now(book: TaskList) -> None:
    book.night()
    cursor = {"source": "home", "pulled_at": "2026-09-02 05:00:00+00"}
    book.insert("raw.cursors", cursor | {"collection": "list", "gone_at": cursor["pulled_at"]})
    book.insert("raw.cursors", cursor | {"collection": "new", "collection_name": "list"})
    moved = {"item_id": 99, "source": "home", "collection": "new", "href": "moved.ics"}
    moved |= {"uid": link(book, "uid")[0], "etag": "9", "title": "Ana Lima"}
    moved |= {"notes": "ana@example.org", "due_date": TODAY, "status": "completed"}
    book.insert("raw.tasks", moved)
    assert book.night() == [("close", "Ana Lima", "ticked")]


def test_a_task_written_and_not_yet_read_back_is_not_taken_for_gone(book: TaskList) -> None:
    book.night()
    book.connection.execute("delete from raw.tasks")
    assert book.night() == []
    cursor = {"source": "home", "collection": "list", "pulled_at": "2026-09-01 09:00:00+00"}
    book.insert("raw.cursors", cursor)
    assert book.night() == [("close", "Ana Lima", "dismissed")]


def test_a_birthday_takes_the_place_of_an_untouched_check_in(book: TaskList) -> None:
    book.night()
    book.connection.execute(
        "update identity.persons set birthday = {'year': null, 'month': 9, 'day': 4}"
        f" where person_id = {ANA}"
    )
    assert book.night() == [
        ("create", "Ana Lima", "due"),
        ("withdraw", "Ana Lima", "birthday"),
    ]
    line = "Congratulate: birthday on 4 September"
    assert book.open_tasks() == [("Ana Lima", date(2026, 9, 4), f"{line}\nana@example.org")]
    assert book.pass_days(3) == []
    after = book.pass_days(2)
    assert after[0] == ("withdraw", "Ana Lima", "passed")
    assert after[1:] == CREATED


def test_a_birthday_that_was_dismissed_does_not_come_back(book: TaskList) -> None:
    book.connection.execute(
        "update identity.persons set birthday = {'year': null, 'month': 9, 'day': 4}"
        f" where person_id = {RUI}"
    )
    book.decide("never", ANA)
    book.circle("friends", RUI)
    assert book.night() == [("create", "Rui Costa", "due")]
    book.delete("Rui Costa")
    assert book.pass_days(6) == [("close", "Rui Costa", "dismissed")]


def test_an_introduction_is_over_when_the_two_were_met_together(book: TaskList) -> None:
    book.meeting("2026-03-02", RUI, ANA)  # long before anybody thought of it
    book.decide("introduce", RUI, other_id=ANA)
    book.decide("not_now", ANA)
    assert book.night() == [("create", "Rui Costa", "due")]
    assert book.open_tasks() == [("Rui Costa", TODAY, "Introduce to Ana Lima")]
    book.meeting("2026-09-02", RUI)
    assert book.pass_days(2) == []
    book.meeting("2026-09-03", RUI, ANA)
    assert book.pass_days(1) == [("tick", "Rui Costa", "met")]
    assert book.pass_days(3) == []


@pytest.mark.parametrize(
    ("detail", "notes"),
    [
        ("none", ""),
        ("ways", f"{WHY}\nana@example.org"),
        (
            "full",
            """Last seen 24 May (Catch-up).
ana@example.org""",
        ),
    ],
)
def test_the_title_is_the_name_alone_and_detail_says_how_much_more(
    book: TaskList, detail: str, notes: str
) -> None:
    book.connection.execute("update raw.settings set tasks_detail = $1", [detail])
    book.night()
    assert book.open_tasks() == [("Ana Lima", TODAY, notes)]


def test_evidence_of_another_account_does_not_enter_a_task(book: TaskList) -> None:
    book.connection.execute("update raw.settings set tasks_detail = 'full'")
    book.connection.execute("update raw.meetings set source = 'work'")
    book.night()
    assert book.open_tasks() == [("Ana Lima", TODAY, "ana@example.org")]


def test_the_first_line_says_what_to_do_and_why_and_stays_as_it_was_written(
    book: TaskList,
) -> None:
    assert book.night() == CREATED
    assert book.open_tasks() == [("Ana Lima", TODAY, f"{WHY}\nana@example.org")]
    # Neither a new year nor a verb before new titles rewrites what stands.
    book.connection.execute("update raw.settings set tasks_title = 'verb'")
    book.go_to("2026-09-15")
    assert book.night() == []
    book.connection.execute("update raw.settings set tasks_detail = 'none'")
    assert book.night() == [("update", "Ana Lima", "changed")]
    assert book.open_tasks() == [("Ana Lima", TODAY, "")]


def test_a_task_written_before_there_was_a_line_that_says_why_gets_none(book: TaskList) -> None:
    book.connection.execute("update raw.meetings set source = 'work'")
    assert book.night() == CREATED
    book.connection.execute("update raw.meetings set source = 'home'")
    assert book.night() == []


@pytest.mark.parametrize("is_shared", [False, True])
def test_one_line_of_the_config_puts_the_verb_into_the_title(
    book: TaskList, is_shared: bool
) -> None:
    book.connection.execute("update raw.settings set tasks_title = 'verb'")
    shared = {"source": "home", "list_name": "list", "collection": "list", "is_there": True}
    book.insert("raw.task_lists", shared | {"is_shared": is_shared})
    assert book.night() == CREATED
    ((title, _, notes),) = book.open_tasks()
    assert title == "Ring or write: Ana Lima"
    # A list that others see says nothing of when they were last seen.
    assert ("last seen" in notes) == (not is_shared)
    assert book.night() == []


# --- the dead, those at rest, the past ------------------------------------------------------


@pytest.mark.parametrize(
    ("flag", "reason"), [("is_resting", "resting"), ("is_deceased_hint", "deceased")]
)
def test_of_the_dead_and_of_those_at_rest_an_edited_task_goes_too(
    book: TaskList, flag: str, reason: str
) -> None:
    book.night()
    book.on_phone("Ana Lima", "title = 'Ask Ana about the boat'")
    book.connection.execute(f"update identity.persons set {flag} = true where person_id = {ANA}")
    assert book.night() == [("withdraw", "Ana Lima", reason)]
    # What the user wrote stays in the state.
    assert book.rows("select title from raw.tasks") == [("Ask Ana about the boat",)]


@pytest.mark.parametrize(("edit", "action"), [("", "withdraw"), ("title = 'Cake for Ana'", "tick")])
def test_a_birthday_ends_with_its_day_edited_or_not(book: TaskList, edit: str, action: str) -> None:
    book.connection.execute(
        "update identity.persons set birthday = {'year': 1944, 'month': 9, 'day': 4}"
        f" where person_id = {ANA}"
    )
    assert ("create", "Ana Lima", "due") in book.night()
    if edit:
        book.on_phone("Ana Lima", edit)
    book.go_to("2026-09-04")
    assert book.night() == []
    assert book.one("select reason from main.follow_ups where kind = 'birthday'") == (
        "Birthday on 4 September, turning 82.",
    )
    book.go_to("2026-09-05")
    assert (action, "Ana Lima", "passed") in book.night()
    assert [title for title, _, notes in book.open_tasks() if "birthday" in notes] == []


@pytest.mark.parametrize(
    ("year", "turning"), [(1944, 82), (1850, None), (1604, None), (None, None), (2026, None)]
)
def test_one_reckoning_of_ages_for_all_tables(
    book: TaskList, year: int | None, turning: int | None
) -> None:
    book.connection.execute(
        f"update identity.persons set birthday = {{'year': {year or 'null'}, 'month': 9, 'day': 4}}"
        f" where person_id = {ANA}"
    )
    book.build("main.birthdays", "main.follow_ups")
    assert book.one("select turns from main.birthdays") == (turning,)
    (told,) = book.one("select reason from main.follow_ups where kind = 'birthday'")
    assert told == f"Birthday on 4 September{f', turning {turning}' if turning else ''}."


def test_after_a_pause_they_come_back_one_a_day(book: TaskList) -> None:
    for name in ("Eva Mota", "Tom Reis", "Jo Lund"):
        one = book.person(name)
        for days in (190, 160, 130, 100):
            book.meeting(ago(days), one)
    assert len(book.night()) == 4
    book.decide("pause", until_date="2026-09-11")
    book.go_to("2026-09-02")
    assert len(book.night()) == 4
    made = []
    for day in range(10, 15):
        book.go_to(f"2026-09-{day}")
        made.append(sum(action == "create" for action, _, _ in book.night()))
    assert made == [0, 1, 1, 1, 1]


def test_a_first_run_long_after_a_pause_brings_one_as_well(book: TaskList) -> None:
    for name in ("Eva Mota", "Tom Reis", "Jo Lund"):
        one = book.person(name)
        for days in (190, 160, 130, 100):
            book.meeting(ago(days), one)
    book.decide("pause", until_date="2026-09-11")
    assert book.night() == []
    made = []
    for day in (25, 26, 27):
        book.go_to(f"2026-09-{day}")
        made.append(sum(action == "create" for action, _, _ in book.night()))
    assert made == [1, 1, 1]


def test_who_is_put_off_does_not_use_up_the_caps(book: TaskList) -> None:
    book.connection.execute("update raw.settings set open_at_most = 1")
    assert book.night() == CREATED
    eva = book.person("Eva Mota")
    for days in (190, 160, 130, 100):
        book.meeting(ago(days), eva)
    book.decide("snooze", ANA, until_date="2026-10-20")
    assert ("create", "Eva Mota", "due") in book.night()


# --- what the calendar says later -----------------------------------------------------------


def test_a_past_meeting_that_was_moved_makes_no_reminder_flap(book: TaskList) -> None:
    book.night()
    book.connection.execute(
        "update raw.meetings set starts_at = starts_at + interval 3 day,"
        " ends_at = ends_at + interval 3 day, start_date = start_date + 3, end_date = end_date + 3"
        f" where start_date = date '{ago(100)}'"
    )
    assert book.night() == []
    assert book.pass_days(2) == []
    # One that is found late and answers it ends it, and it stays ended.
    book.meeting(ago(5), ANA)
    assert book.night() == [("tick", "Ana Lima", "met")]
    assert book.pass_days(2) == []


# --- copies ---------------------------------------------------------------------------------


def copy(book: TaskList, href: str = "copy.ics", **fields: Any) -> None:
    """A second task of the same UID, as a lost answer or an app makes it."""
    fields = {"item_id": 90, "href": href} | fields
    replaced = ", ".join(
        f"'{value}' as {name}" if isinstance(value, str) else f"{value} as {name}"
        for name, value in fields.items()
    )
    book.connection.execute(
        f"insert into raw.tasks select * replace ({replaced}) from raw.tasks where gone_at is null"
    )


def test_of_two_copies_one_goes_and_the_users_stays(book: TaskList) -> None:
    book.night()
    copy(book)
    assert book.night() == [("withdraw", "Ana Lima", "twin")]
    assert len(book.rows("select href from raw.tasks where gone_at is null")) == 1
    assert link(book, "closed_at") == (None,)
    copy(book, item_id=91, href="own.ics", title="Ask Ana about the boat")
    assert book.night() == [("withdraw", "Ana Lima", "twin")]
    assert book.rows("select href from raw.tasks where gone_at is null") == [("own.ics",)]


def test_a_tick_on_either_copy_counts_and_the_other_goes(book: TaskList) -> None:
    book.night()
    copy(book, status="completed", completed_at="2026-09-01 12:00:00+00")
    assert book.night() == [("close", "Ana Lima", "ticked"), ("withdraw", "Ana Lima", "twin")]
    assert book.pass_days(3) == []


def test_a_task_made_to_repeat_reminds_of_them_itself(book: TaskList) -> None:
    # Google's app: the instance is ticked and cleared, the next one has our mark and a later day.
    book.night()
    copy(book, title="Ana again", due_date="2026-10-01", first_seen_at="2026-09-01 12:00:00+00")
    book.tick("Ana Lima")
    ticked = "update raw.tasks set gone_at = '2026-09-02 06:00:00+00' where status = 'completed'"
    assert book.night() == [("close", "Ana Lima", "ticked")]
    book.connection.execute(ticked)
    assert book.pass_days(60) == []
    assert [due for _, due, _ in book.open_tasks()] == [date(2026, 10, 1)]
    book.tick("Ana again")
    assert book.night() == []
    book.build("main.last_contacts")
    assert book.one(
        f"select last_contact_date from main.last_contacts where person_id = {ANA}"
    ) == (date(2026, 10, 31),)
