"""Tasks at Google: the mark in the notes, lost answers, what is hidden, what was deleted."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors.contract import Collection, Item, TaskDraft
from connectors.errors import ItemConflict, ItemGone, LoginError, SourceError, SourceUnreachable
from connectors.google import task_format as google_task
from connectors.google.source import Google
from tests.contract.connector_contract import access, draft
from tests.support.fake_google.discovery import Json
from tests.support.fake_google.server import GoogleServer, Trouble
from tests.support.google_account import TASK_LIST, Hands, google, hands

__all__ = ["google", "hands"]

LOST = {
    "cut at once": Trouble(is_after_the_work=True, cut_after_bytes=-1),
    "cut in the body": Trouble(is_after_the_work=True, cut_after_bytes=20),
    "timeout": Trouble(is_after_the_work=True, delay_seconds=3600),
    "500": Trouble(is_after_the_work=True, status=500),
    "503": Trouble(is_after_the_work=True, status=503),
    "HTML": Trouble(is_after_the_work=True, status=502, body=b"<html>Bad Gateway</html>"),
}
"""The write is done; its answer never comes."""


@pytest.fixture
def target(hands: Hands, request: pytest.FixtureRequest) -> Google:
    if request.node.name.endswith("[timeout]"):
        hands.limits = replace(hands.limits, timeout_seconds=5)
    return hands.connector(writes_tasks=True)


@pytest.fixture
def tasks(target: Google) -> Collection:
    return target.task_list(TASK_LIST, "task")


@pytest.fixture
def item(target: Google, tasks: Collection) -> Item:
    return target.put(tasks, draft(), None, None)


def on_server(google: GoogleServer, tasks: Collection, *, deleted: bool = False) -> list[Json]:
    found = google.account.tasks[tasks.href.removeprefix("tasks/")].values()
    return [task for task in found if bool(task.get("deleted")) == deleted]


def user(google: GoogleServer, tasks: Collection, key: str, **fields: Any) -> None:
    google.account.change_task(tasks.href.removeprefix("tasks/"), key, **fields)


def pulled(hands: Hands, tasks: Collection) -> list[Item]:
    pages = list(hands.connector(writes_tasks=True).pull(tasks, None, {}))
    return [item for page in pages for item in page.items]


# --- what a task says -----------------------------------------------------------------------


def test_the_mark_is_the_last_line_of_the_notes_and_no_part_of_them() -> None:
    body = google_task.body(draft())
    assert body["notes"].splitlines()[-1] == f"{draft().uid} {draft().mark}"
    read = google_task.read({"id": "t1", **body})
    assert (read.uid, read.notes, read.mark) == (draft().uid, draft().notes, draft().mark)


def test_digests_go_along_with_what_is_written_and_alone_where_that_is_all() -> None:
    there = {"id": "t1", **google_task.body(draft())}
    later = replace(draft(), mark="20260201.aaaaaa")
    assert google_task.changes(there, later).keys() == {"notes"}
    assert google_task.changes(there, replace(later, mark="")) == {}
    changed = google_task.changes(there, replace(later, title="Ana"))
    assert changed.keys() == {"title", "notes"}
    assert google_task.read({**there, **changed}).mark == later.mark


def test_priority_travels_in_the_mark_since_google_has_none() -> None:
    urgent = replace(draft(), priority=5)
    there = {"id": "t1", **google_task.body(urgent)}
    assert google_task.read(there).priority == 5
    assert google_task.read(there).notes == draft().notes
    assert google_task.changes(there, urgent) == {}
    assert set(google_task.changes(there, draft())) == {"notes"}
    withdrawn = {**there, "notes": google_task.withdraw(there)}
    assert google_task.is_withdrawn(withdrawn)
    assert google_task.read(withdrawn) == google_task.read(there)
    assert google_task.withdraw(withdrawn) == withdrawn["notes"]


def test_what_the_user_writes_around_the_mark_stays_in_the_notes() -> None:
    notes = f"never\n\n{google_task.body(draft())['notes']}\nin touch"
    read = google_task.read({"id": "t1", "notes": notes})
    assert read.uid == draft().uid
    assert read.notes.splitlines()[0] == "never"
    assert read.notes.splitlines()[-1] == "in touch"


def test_task_of_the_users_own_goes_by_its_id() -> None:
    read = google_task.read({"id": "t1", "title": "Send Ana the licence"})
    assert (read.uid, read.notes, read.due_date, read.priority) == ("t1", "", None, None)


@pytest.mark.parametrize("due", ["2026-02-28T00:00:00.000Z", "2026-02-28T23:59:59.000Z"])
def test_due_is_a_date(due: str) -> None:
    assert google_task.read({"id": "t1", "due": due}).due_date == date(2026, 2, 28)


def test_ticked_task_has_its_instant() -> None:
    ticked = {"id": "t1", "status": "completed", "completed": "2026-02-28T09:00:00.000Z"}
    read = google_task.read(ticked)
    assert read.completed_at == datetime(2026, 2, 28, 9, tzinfo=UTC)


def test_notes_and_title_are_cut_to_what_google_keeps() -> None:
    long = replace(draft(), title="x" * 2000, notes="y" * 9000)
    body = google_task.body(long)
    assert len(body["title"]) == 1024
    assert len(body["notes"]) <= 8192
    assert google_task.mark_of(body) == long.uid
    assert google_task.changes({"id": "t1", **body}, long) == {}


def test_only_what_differs_is_written() -> None:
    there = {"id": "t1", **google_task.body(draft())}
    assert google_task.changes(there, draft()) == {}
    assert google_task.changes(there, replace(draft(), title="Ana")) == {"title": "Ana"}
    ticked = replace(draft(), status="completed")
    assert google_task.changes(there, ticked) == {"status": "completed"}


@pytest.mark.parametrize("notes", ["ana@example.org", "", None])
def test_mark_that_the_user_deleted_stays_deleted(notes: str | None) -> None:
    there = {"id": "t1", **google_task.body(replace(draft(), priority=5)), "notes": notes}
    assert google_task.read(there).uid == "t1"
    wanted = replace(draft(), notes=notes or "")
    assert google_task.changes(there, wanted) == {}
    assert google_task.changes(there, replace(wanted, title="Ana")) == {"title": "Ana"}
    assert google_task.changes(there, replace(wanted, notes="+351")) == {"notes": "+351"}


# --- the list -------------------------------------------------------------------------------


def test_list_is_part_of_the_account_once_it_is_there(hands: Hands, target: Google) -> None:
    assert TASK_LIST not in {one.name for one in target.collections()}
    made = target.task_list(TASK_LIST, "task")
    assert made in hands.connector(writes_tasks=True).collections()
    assert made not in hands.connector().collections()


def test_events_are_not_written_into_google(target: Google) -> None:
    with pytest.raises(SourceError) as caught:
        target.task_list(TASK_LIST, "event")
    assert "[tasks]" in caught.value.hint


@pytest.mark.parametrize("kind", LOST)
def test_list_whose_making_was_not_answered_is_found(
    hands: Hands, target: Google, kind: str
) -> None:
    hands.google.trouble(replace(LOST[kind], only="tasks.tasklists.insert"))
    made = target.task_list(TASK_LIST, "task")
    assert [one["title"] for one in hands.google.account.task_lists.values()] == [TASK_LIST]
    assert made.href == f"tasks/{next(iter(hands.google.account.task_lists))}"


def test_list_that_could_not_be_made_is_said_so(hands: Hands, target: Google) -> None:
    hands.google.trouble(Trouble(cut_after_bytes=-1, status=500, only="tasks.tasklists.insert"))
    with pytest.raises(SourceUnreachable, match="looked up before"):
        target.task_list(TASK_LIST, "task")


# --- answers that are lost ------------------------------------------------------------------


@pytest.mark.parametrize("kind", LOST)
def test_lost_answer_to_a_new_task_makes_no_twin(
    hands: Hands, target: Google, tasks: Collection, kind: str
) -> None:
    hands.google.trouble(replace(LOST[kind], only="tasks.tasks.insert"))
    made = target.put(tasks, draft(), None, None)
    assert [task["id"] for task in on_server(hands.google, tasks)] == [made.href]
    assert made.uid == draft().uid


@pytest.mark.parametrize("kind", LOST)
def test_run_that_dies_after_the_write_leaves_a_task_that_the_next_one_finds(
    hands: Hands, target: Google, tasks: Collection, kind: str
) -> None:
    hands.google.trouble(replace(LOST[kind], only="tasks.tasks.insert"))
    hands.google.trouble(Trouble(status=503, only="tasks.tasks.", times=None))
    with pytest.raises(SourceError):
        target.put(tasks, draft(), None, None)
    hands.google.heal()
    again = hands.connector(writes_tasks=True).put(tasks, draft(), None, None)
    assert [task["id"] for task in on_server(hands.google, tasks)] == [again.href]


def test_task_that_was_not_written_is_written_by_the_next_run(
    hands: Hands, target: Google, tasks: Collection
) -> None:
    hands.google.trouble(Trouble(status=500, cut_after_bytes=-1, only="tasks.tasks.insert"))
    with pytest.raises(SourceUnreachable, match="looked up before"):
        target.put(tasks, draft(), None, None)
    assert on_server(hands.google, tasks) == []
    target.put(tasks, draft(), None, None)
    assert len(on_server(hands.google, tasks)) == 1


def test_a_new_task_is_sent_once_in_a_run_whatever_the_listing_says(
    hands: Hands, target: Google, tasks: Collection
) -> None:
    hands.google.trouble(Trouble(status=503, only="tasks.tasks.insert"))
    with pytest.raises(SourceUnreachable, match="looked up before"):
        target.put(tasks, draft(), None, None)
    assert on_server(hands.google, tasks) == []
    assert target.put(tasks, draft(), None, None).uid == draft().uid
    assert len(on_server(hands.google, tasks)) == 1


def test_a_ticked_task_that_was_cleared_is_handed_over_as_ticked_once(
    hands: Hands, tasks: Collection, item: Item
) -> None:
    # "Delete all completed" leaves both marks: `completed` and `deleted`.
    ticked = {"status": "completed", "completed": "2026-02-28T10:00:00.000Z"}
    user(hands.google, tasks, item.href, **ticked, deleted=True)
    connector = hands.connector(writes_tasks=True)
    (page,) = connector.pull(tasks, None, {item.href: item.etag})
    (found,) = page.items
    assert found.task is not None
    assert (found.href, found.task.status, page.gone) == (item.href, "completed", [])
    (page,) = connector.pull(tasks, None, {item.href: found.etag})
    assert (page.items, page.gone) == ([], [item.href])


def test_a_task_that_was_moved_to_another_list_is_found_there_by_its_id(
    hands: Hands, target: Google, tasks: Collection, item: Item
) -> None:
    account = hands.google.account
    other = account.add_task_list("Errands")
    account.put_task(other, account.tasks[tasks.href.removeprefix("tasks/")].pop(item.href))
    found = target.find(tasks, str(item.uid), item.href)
    assert found is not None
    assert (found[0].href, found[1].href, found[1].uid) == (f"tasks/{other}", item.href, item.uid)
    again = target.put(found[0], replace(draft(), title="Ana"), item.href, found[1].etag)
    assert again.task is not None
    assert again.task.title == "Ana"


def test_the_list_is_found_by_its_id_before_its_name(hands: Hands, tasks: Collection) -> None:
    account = hands.google.account
    account.task_lists = {key: {**one, "title": "Later"} for key, one in account.task_lists.items()}
    account.add_task_list(TASK_LIST)
    told = access(hands.folder, task_list=TASK_LIST)
    by_id = Google(hands.options, replace(told, task_list_href=tasks.href), hands.limits)
    assert by_id.task_list(TASK_LIST, "task").href == tasks.href
    assert tasks.href in {one.href for one in by_id.collections()}


@pytest.mark.parametrize("kind", LOST)
def test_lost_answer_to_a_change_is_read_back(
    hands: Hands, target: Google, tasks: Collection, item: Item, kind: str
) -> None:
    hands.google.trouble(replace(LOST[kind], only="tasks.tasks.patch"))
    changed = target.put(tasks, replace(draft(), title="Ana"), item.href, item.etag)
    assert changed.task is not None
    assert changed.task.title == "Ana"
    assert hands.google.requests.count("tasks.tasks.patch") == 1


@pytest.mark.parametrize("kind", LOST)
def test_lost_answer_to_a_deletion_is_looked_up(
    hands: Hands, target: Google, tasks: Collection, item: Item, kind: str
) -> None:
    hands.google.trouble(replace(LOST[kind], only="tasks.tasks.delete"))
    target.delete(tasks, item.href, item.etag)
    assert on_server(hands.google, tasks) == []


def test_quota_on_a_write_is_waited_for(hands: Hands, target: Google, tasks: Collection) -> None:
    hands.google.trouble(
        Trouble(status=403, reason="rateLimitExceeded", only="tasks.tasks.insert", times=2)
    )
    target.put(tasks, draft(), None, None)
    assert len(on_server(hands.google, tasks)) == 1


def test_stale_login_on_a_write_is_renewed(hands: Hands, target: Google, tasks: Collection) -> None:
    hands.google.expire_access_tokens()
    target.put(tasks, draft(), None, None)
    assert hands.google.login.refreshed == 1
    assert len(on_server(hands.google, tasks)) == 1


def test_refused_write_is_said_so(hands: Hands, target: Google, tasks: Collection) -> None:
    hands.google.trouble(Trouble(status=400, reason="invalid", only="tasks.tasks.insert"))
    with pytest.raises(SourceError, match="writing a task into Follow-ups: HTTP 400"):
        target.put(tasks, draft(), None, None)
    hands.google.trouble(Trouble(status=401, times=None))
    with pytest.raises(LoginError):
        target.put(tasks, draft(2), None, None)


# --- what the user does ---------------------------------------------------------------------


def test_task_ticked_and_cleared_away_in_googles_app_is_read_back(
    hands: Hands, tasks: Collection, item: Item
) -> None:
    user(hands.google, tasks, item.href, status="completed", hidden=True)
    (found,) = pulled(hands, tasks)
    assert found.task is not None
    assert found.task.status == "completed"
    assert found.task.completed_at is not None


def test_deleted_task_is_gone_and_not_written_again(
    hands: Hands, target: Google, tasks: Collection, item: Item
) -> None:
    user(hands.google, tasks, item.href, deleted=True)
    assert pulled(hands, tasks) == []
    with pytest.raises(ItemGone):
        hands.connector(writes_tasks=True).put(tasks, draft(), None, None)
    assert on_server(hands.google, tasks) == []
    target.delete(tasks, item.href, item.etag)


def test_task_ticked_and_cleared_before_we_heard_of_it_is_handed_over_as_ticked(
    hands: Hands, tasks: Collection, item: Item
) -> None:
    user(hands.google, tasks, item.href, status="completed", deleted=True)
    found = hands.connector(writes_tasks=True).put(tasks, draft(), None, None)
    assert (found.href, found.task and found.task.status) == (item.href, "completed")
    assert on_server(hands.google, tasks) == []


def test_task_that_we_took_away_may_come_back(
    hands: Hands, target: Google, tasks: Collection, item: Item
) -> None:
    target.delete(tasks, item.href, item.etag)
    again = target.put(tasks, draft(), None, None)
    assert again.href != item.href
    assert len(on_server(hands.google, tasks)) == 1
    assert len(on_server(hands.google, tasks, deleted=True)) == 1


def test_run_that_dies_while_deleting_leaves_a_task_that_is_still_ours(
    hands: Hands, target: Google, tasks: Collection, item: Item
) -> None:
    hands.google.trouble(Trouble(status=503, only="tasks.tasks.delete"))
    with pytest.raises(SourceUnreachable):
        target.delete(tasks, item.href, item.etag)
    (found,) = pulled(hands, tasks)
    assert found.uid == item.uid
    assert found.task == item.task
    target.delete(tasks, found.href, found.etag)
    assert on_server(hands.google, tasks) == []


def test_change_between_reading_and_writing_is_a_conflict(
    hands: Hands, target: Google, tasks: Collection, item: Item
) -> None:
    """The local Google honours If-Match, which the documents do not promise for tasks."""
    hands.google.trouble(Trouble(status=412, reason="conditionNotMet", only="tasks.tasks.patch"))
    with pytest.raises(ItemConflict):
        target.put(tasks, replace(draft(), title="Ana"), item.href, item.etag)


def test_other_lists_are_never_touched(hands: Hands, target: Google, tasks: Collection) -> None:
    other = hands.google.account.add_task_list("Shopping")
    hands.google.account.add_task(other, title="Milk")
    before = json.dumps(hands.google.account.tasks[other])
    made = target.put(tasks, draft(), None, None)
    target.delete(tasks, made.href, made.etag)
    assert json.dumps(hands.google.account.tasks[other]) == before


# --- long lists -----------------------------------------------------------------------------


def test_long_list_is_asked_only_for_what_changed(hands: Hands, tasks: Collection) -> None:
    for number in range(510):
        user_draft = TaskDraft(f"kithbook-n{number}", "Ana", "", date(2026, 1, 1))
        hands.google.account.add_task(
            tasks.href.removeprefix("tasks/"), **google_task.body(user_draft)
        )
    mirror = hands.pull(tasks.href, writes_tasks=True)
    assert len(mirror.items) == 510
    before = len(hands.google.requests)
    first, second, *_ = mirror.items
    user(hands.google, tasks, first, title="Changed")
    user(hands.google, tasks, second, deleted=True)
    hands.pull(tasks.href, writes_tasks=True)
    assert [item.href for item in mirror.received()] == [first]
    assert len(mirror.items) == 509
    assert hands.google.requests[before:].count("tasks.tasks.list") == 1


def test_short_list_is_read_whole_each_time(hands: Hands, tasks: Collection, item: Item) -> None:
    mirror = hands.pull(tasks.href, writes_tasks=True)
    hands.google.account.tasks[tasks.href.removeprefix("tasks/")].clear()
    hands.pull(tasks.href, writes_tasks=True)
    assert mirror.items == {}
    assert mirror.pages[-1].complete


def test_list_whose_tasks_have_no_etags(hands: Hands, target: Google, tasks: Collection) -> None:
    """Then what was read is compared, and no If-Match is sent."""
    made = target.put(tasks, draft(), None, None)
    stored = hands.google.account.tasks[tasks.href.removeprefix("tasks/")]
    del stored[made.href]["etag"]
    (found,) = pulled(hands, tasks)
    target.put(tasks, replace(draft(), title="Ana"), found.href, found.etag)
    del stored[made.href]["etag"]
    with pytest.raises(ItemConflict):
        target.put(tasks, replace(draft(), title="Rui"), found.href, found.etag)
    (found,) = pulled(hands, tasks)
    target.delete(tasks, found.href, found.etag)
    assert on_server(hands.google, tasks) == []
