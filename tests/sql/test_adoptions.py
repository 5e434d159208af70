"""Tasks of ours that the state does not know: after a loss, or by another machine's hand."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest

from pipeline.book.queries import query
from tests.support.task_list_builder import TaskList

TODAY = date(2026, 9, 1)
ANA = 2
CREATED = [("create", "Ana Lima", "due")]


def ago(days: int) -> str:
    """The day so many days before the first."""
    return (TODAY - timedelta(days=days)).isoformat()


@pytest.fixture
def book() -> TaskList:
    """Ana, met every month and not for 100 days."""
    return known(TaskList(as_of=TODAY.isoformat()), "Ana Lima", emails=["ana@example.org"])


def known(book: TaskList, name: str, **columns: Any) -> TaskList:
    person = book.person(name, **columns)
    for days in (190, 160, 130, 100):
        book.meeting(ago(days), person)
    return book


def uid_of(key: str, kind_and_cycle: str = "check_in-2026-05-24") -> str:
    """As any kithbook names a task of this owner and key."""
    return f"kithbook-2-{kind_and_cycle}-{sha256(f'me|{key}'.encode()).hexdigest()[:12]}"


def stand(book: TaskList, uid: str, title: str = "Ana Lima", **columns: Any) -> None:
    """A task of ours in the list, of which this book knows nothing."""
    number = 900 + len(book.rows("select 1 from raw.tasks"))
    row = {
        "item_id": number,
        "source": "home",
        "collection": "list",
        "href": f"{uid}.ics",
        "etag": "1",
        "uid": uid,
        "title": title,
        "notes": "",
        "due_date": TODAY,
        "status": "needs-action",
        "first_seen_at": "2026-09-01 06:00:00+00",
    }
    book.insert("raw.tasks", row | columns)


def left_alone(book: TaskList) -> list[tuple[Any, ...]]:
    book.build("main.unmatched_tasks")
    return book.rows("select title, why, display_name from main.unmatched_tasks")


def test_the_uid_is_made_of_nothing_that_a_machine_gives(book: TaskList) -> None:
    book.night()
    assert book.rows("select uid from raw.tasks") == [(uid_of("ana@example.org"),)]


def test_after_a_loss_nothing_is_doubled_and_nothing_written(book: TaskList) -> None:
    book.night()
    book.lose_state()
    assert book.night() == []
    book.go_to("2026-09-02")
    book.lose_state()
    book.build("history.task_outcomes")
    assert book.rows(
        "select person_id, opened_date, is_open, is_touched, is_title_theirs, are_notes_theirs"
        " from history.task_outcomes"
    ) == [(ANA, TODAY, True, False, False, False)]


def test_what_the_user_changed_before_the_loss_is_theirs_and_what_they_did_not_ours(
    book: TaskList,
) -> None:
    book.night()
    book.on_phone("Ana Lima", "title = 'Ring about the boat'")
    book.lose_state()
    book.connection.execute("update raw.settings set tasks_detail = 'none'")
    assert book.night() == [("update", "Ana Lima", "changed")]
    assert book.open_tasks() == [("Ring about the boat", TODAY, "")]


def test_without_digests_every_field_counts_as_the_users(book: TaskList) -> None:
    book.night()
    book.connection.execute("update raw.tasks set mark = null")
    book.lose_state()
    book.connection.execute("update raw.settings set tasks_detail = 'none'")
    assert book.night() == []
    assert book.open_tasks() == [
        ("Ana Lima", TODAY, "Ring or write: last seen 24 May\nana@example.org")
    ]
    assert book.one("select is_touched from history.task_outcomes") == (True,)


def test_a_tick_counts_after_a_loss(book: TaskList) -> None:
    book.night()
    book.go_to("2026-09-03")
    book.tick("Ana Lima")
    book.lose_state()
    book.go_to("2026-09-20")
    book.night()
    assert book.open_tasks() == []
    found = "select last_contact_date from main.last_contacts where person_id = 2"
    assert book.rows(found) == [(date(2026, 9, 3),)]


def test_any_key_of_the_person_finds_the_task_whatever_the_cycle(book: TaskList) -> None:
    book.key(ANA, "ana@old.example")
    stand(book, uid_of("ana@old.example", "check_in-2024-01-01.3"))
    assert [one for one in book.night() if one[0] == "create"] == []
    assert left_alone(book) == []


def test_a_task_of_ours_in_an_account_that_we_do_not_write_to_is_left_alone(book: TaskList) -> None:
    stand(book, uid_of("ana@example.org"), source="work")
    assert book.night() == CREATED
    assert left_alone(book) == []


def test_a_birthday_of_another_year_is_another_task(book: TaskList) -> None:
    book.connection.execute(
        "update identity.persons set birthday = {'year': 1980, 'month': 9, 'day': 4}"
        f" where person_id = {ANA}"
    )
    stand(book, uid_of("ana@example.org", "birthday-2025"), due_date=date(2025, 9, 4))
    adopted = "select kind, cycle from main.follow_ups order by cycle"
    book.build("main.task_changes")
    assert ("birthday", "2026") in book.rows(adopted)
    stand(book, uid_of("ana@example.org", "birthday-2026"), due_date=date(2026, 9, 4))
    book.build("main.task_changes")
    assert book.rows("select 1 from main.task_changes where action = 'create'") == []


def test_a_task_of_that_title_that_fits_nobody_blocks_and_is_listed(book: TaskList) -> None:
    stand(book, uid_of("ana@elsewhere.example"))
    assert book.night() == []
    assert left_alone(book) == [("Ana Lima", "nobody", "Ana Lima")]
    book.connection.execute("update raw.tasks set status = 'completed'")
    assert book.night() == CREATED


def test_nothing_is_listed_of_somebody_at_rest(book: TaskList) -> None:
    stand(book, uid_of("ana@elsewhere.example"))
    book.connection.execute("update identity.persons set is_resting = true where person_id > 1")
    assert left_alone(book) == []


def test_a_task_that_fits_several_is_listed_and_none_is_made_for_any(book: TaskList) -> None:
    known(book, "A. Lima")
    book.key(3, "ana@example.org")
    stand(book, uid_of("ana@example.org"), title="Ana")
    assert book.night() == []
    assert left_alone(book) == [("Ana", "several", None)]


@pytest.mark.parametrize(
    ("task", "whom"),
    [
        ({"title": "Ana Lima"}, "Ana Lima"),
        ({"title": "Ring Ana Lima about the boat"}, "Ana Lima"),
        ({"title": "The boat", "notes": "+351 912\nAna@Example.org"}, "Ana Lima"),
        ({"title": "Somebody Else"}, None),
    ],
)
def test_a_task_of_the_earlier_rule_is_proposed_by_name_or_address(
    book: TaskList, task: dict[str, Any], whom: str | None
) -> None:
    stand(book, "kithbook-0123456789abcdef0123456789abcdef", **task)
    assert left_alone(book) == [(task["title"], "earlier_rule", whom)]
    book.build("main.task_changes")
    created = book.rows("select 1 from main.task_changes where action = 'create'")
    assert bool(created) == (whom is None)


def test_two_of_one_name_are_proposed_to_nobody(book: TaskList) -> None:
    known(book, "Ana Lima", emails=["ana@other.example"])
    stand(book, "kithbook-0123456789abcdef0123456789abcdef")
    assert left_alone(book) == [("Ana Lima", "earlier_rule", None)]
    assert book.night() == []


def test_the_round_is_one_more_than_the_highest_in_links_or_list(book: TaskList) -> None:
    stand(
        book,
        uid_of("ana@example.org", "check_in-2026-05-24.4"),
        status="cancelled",
    )
    book.build("judgement.opening_candidates")
    assert book.rows("select cycle from judgement.opening_candidates") == [("2026-05-24.5",)]


def test_what_another_kithbook_ticked_is_contact_on_the_day_that_it_knew(book: TaskList) -> None:
    other = known(TaskList(as_of=TODAY.isoformat()), "Ana Lima Costa", emails=["ana@example.org"])
    other.night()
    other.meeting("2026-09-05", ANA)
    other.go_to("2026-09-08")
    assert other.night() == [("tick", "Ana Lima Costa", "met")]
    ticked = "select uid, status, completed_at::varchar, mark, notes, title from raw.tasks"
    uid, status, completed_at, mark, notes, title = other.one(ticked)
    stand(book, uid, title, status=status, completed_at=completed_at, mark=mark, notes=notes)
    book.go_to("2026-09-09")
    book.night()
    found = "select last_contact_date from main.last_contacts where person_id = 2"
    assert book.rows(found) == [(date(2026, 9, 5),)]


def test_what_another_kithbook_rewrote_is_no_edit_of_the_users(book: TaskList) -> None:
    """It stays as the other wrote it, and goes when nobody wants it any more."""
    book.night()
    digest = "left(sha256('Ana L.'), 6)"
    book.on_phone(
        "Ana Lima",
        f"title = 'Ana L.', mark = regexp_replace(mark, '[.][^.]+', '.' || {digest})",
    )
    assert book.night() == []
    book.decide("mute", ANA)
    book.connection.execute("update identity.persons set is_muted = true where person_id = 2")
    assert [change[0] for change in book.night()] == ["withdraw"]


def test_tasks_that_fit_nobody_count_as_open(book: TaskList) -> None:
    """After a loss the list is as full as it was."""
    for number in range(5):
        stand(book, uid_of(f"old{number}@example.org"), title=f"Somebody {number}")
    assert book.night() == []
    assert book.rows("select why_not from judgement.opening_candidates") == [("cap_open",)]
    for number in range(5):
        book.tick(f"Somebody {number}")
    assert book.night() == CREATED


def test_nobody_is_withdrawn_because_another_book_chose_them(book: TaskList) -> None:
    rui = book.person("Rui Costa", emails=["rui@example.org"])
    book.meeting(ago(200), rui)
    book.decide("keep", ANA, every_days=30)
    stand(book, uid_of("rui@example.org", "check_in-2026-02-13"), title="Rui Costa")
    assert ("withdraw", "Rui Costa", "not_chosen") not in book.night()


def test_what_decisions_remember_holds_after_a_loss(book: TaskList) -> None:
    uid = uid_of("ana@example.org")
    line = {"task_uid": uid, "task_kind": "check_in", "task_cycle": "2026-05-24"}
    closed = {"value": "dismissed", "until_date": "2026-08-30"}
    book.decide("closed", ANA, **line, **closed)
    book.decide("closed", ANA, **line, **closed)
    assert book.night() == []
    assert book.rows("select running from judgement.dismissals") == [(1,)]
    book.go_to("2026-12-20")
    assert book.night() == CREATED
    assert book.one("select uid from raw.tasks") == (
        uid_of("ana@example.org", "check_in-2026-05-24.2"),
    )


def test_a_word_that_a_lost_task_held_still_counts(book: TaskList) -> None:
    line = {"task_kind": "check_in", "task_cycle": "2026-05-24"}
    uid = uid_of("ana@example.org")
    book.decide("heard", None, task_uid=uid, value="never", **line)
    assert book.night() == []
    assert book.rows("select why_not from judgement.opening_candidates") == [("never",)]
    book.decide("heard", None, task_uid=uid, value="", **line)
    assert book.night() == CREATED


def test_what_ended_or_was_heard_is_to_be_remembered_once(book: TaskList) -> None:
    book.night()
    book.delete("Ana Lima")
    book.go_to("2026-09-02")
    book.night()
    book.build("history.task_outcomes")
    ((verb, uid, *_, value, until),) = book.rows(query("remember_tasks"))
    assert (verb, uid) == ("closed", uid_of("ana@example.org"))
    assert (value, until) == ("dismissed", date(2026, 9, 2))
    book.decide(verb, ANA, task_uid=uid, value=value, until_date=until, task_kind="check_in")
    book.build("history.task_outcomes")
    assert book.rows(query("remember_tasks")) == []


def test_after_a_split_it_stays_with_the_record_that_holds_its_key(book: TaskList) -> None:
    """Two records were one human; the least of their addresses stands on the second."""
    book.insert("identity.record_persons", {"record_id": 3, "person_id": ANA})
    book.key(ANA, "a.lima@example.org", record=3)
    book.night()
    assert book.one("select uid from raw.tasks") == (uid_of("a.lima@example.org"),)
    split = "update identity.record_persons set person_id = 3 where record_id = 3"
    book.connection.execute(split)
    book.build("history.task_outcomes")
    assert book.one("select person_id from history.task_outcomes") == (3,)
    book.connection.execute(
        "update identity.person_keys set person_id = 3 where task_key = 'a.lima@example.org'"
    )
    book.lose_state()
    book.build("history.task_outcomes")
    assert book.one("select person_id from history.task_outcomes") == (3,)


def test_an_introduction_of_which_nothing_is_known_keeps_its_words(book: TaskList) -> None:
    book.decide("introduce", ANA, other_id=book.person("Rui Costa"))
    assert ("create", "Ana Lima", "due") in book.night()
    notes = book.one("select notes from raw.tasks")
    book.connection.execute("delete from raw.decisions")
    book.lose_state()
    assert book.night() == []
    assert book.one("select notes from raw.tasks") == notes
    assert book.one("select kind, is_open from history.task_outcomes") == ("introduction", True)


def test_a_first_follow_up_that_is_over_does_not_come_back_under_another_day(
    book: TaskList,
) -> None:
    rui = book.person("Rui Costa", emails=["rui@example.org"])
    book.meeting(ago(3), rui)
    stand(
        book,
        uid_of("rui@example.org", "first_follow_up-2026-08-20"),
        title="Rui Costa",
        status="cancelled",
    )
    book.build("main.follow_ups")
    kinds = book.rows("select kind from main.follow_ups where display_name = 'Rui Costa'")
    assert ("first_follow_up",) not in kinds


def test_a_birthday_that_was_moved_before_the_loss_ends_with_its_day(book: TaskList) -> None:
    book.connection.execute(
        "update identity.persons set birthday = {'year': 1980, 'month': 9, 'day': 4}"
        f" where person_id = {ANA}"
    )
    moved: dict[str, Any] = {"title": "Cake for Ana", "due_date": date(2026, 9, 20)}
    stand(book, uid_of("ana@example.org", "birthday-2026"), **moved)
    assert [change for change in book.night() if change[0] != "create"] == []
    book.go_to("2026-09-05")
    assert ("tick", "Ana Lima", "passed") in book.night()


def test_two_books_that_share_one_number_share_the_task(book: TaskList) -> None:
    """Not when somebody changed the notes: then the number may be anybody's."""
    book.key(ANA, "+351911222333", 3)
    other = known(
        TaskList(as_of=TODAY.isoformat()),
        "Ana Costa",
        emails=["a.costa@work.example"],
        phones=["+351911222333"],
    )
    other.night()
    uid, title, notes, mark = other.one("select uid, title, notes, mark from raw.tasks")
    stand(book, uid, title, notes=f"Ring\n{notes}", mark=mark, priority=5)
    assert left_alone(book) == [("Ana Costa", "nobody", "Ana Lima")]
    book.connection.execute("update raw.tasks set notes = $1", [notes])
    assert left_alone(book) == []
    assert [change for change in book.night() if change[0] == "create"] == []


def test_of_copies_in_two_lists_the_one_in_ours_is_taken_up(book: TaskList) -> None:
    place = {"source": "home", "collection": "list", "collection_name": "list"}
    book.insert("raw.cursors", place | {"pulled_at": "2026-09-01 05:00:00+00"})
    stand(book, uid_of("ana@example.org"))
    stand(book, uid_of("ana@example.org"), collection="calendar")
    assert left_alone(book) == []


def test_a_task_that_stands_there_and_is_remembered_is_one(book: TaskList) -> None:
    uid = uid_of("ana@example.org")
    stand(book, uid)
    book.decide("heard", None, task_uid=uid, value="", task_kind="check_in")
    book.build("history.written_tasks")
    assert book.rows("select uid, person_id from history.written_tasks") == [(uid, ANA)]


def test_what_stands_in_another_list_is_taken_up_on_the_users_word_alone(book: TaskList) -> None:
    """Anybody who invites the user to something can give it such a UID."""
    place = {"source": "home", "collection": "list", "collection_name": "list"}
    book.insert("raw.cursors", place | {"pulled_at": "2026-09-01 05:00:00+00"})
    stand(book, uid_of("ana@example.org"), collection="calendar")
    assert book.night() == []
    assert left_alone(book) == [("Ana Lima", "elsewhere", "Ana Lima")]
