"""What a CalDAV account is asked, and its task list, on Radicale and Xandikos."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.contract import Collection, Item, TaskForm
from connectors.dav.client import DavPatience
from connectors.dav.options import CalDavOptions
from connectors.dav.source import CalDav
from connectors.errors import ItemConflict, SourceError
from tests.contract.connector_contract import (
    SEED,
    Fault,
    access,
    assert_says,
    draft,
    pulled,
)
from tests.contract.test_caldav import IF_MATCH, IF_NONE_MATCH
from tests.support.dav_drivers import (
    PATIENCE,
    CalendarDriver,
    DavTaskDriver,
    event,
    todo,
)
from tests.support.dav_servers import USER, DavServer
from tests.support.failing_proxy import Proxy


@pytest.fixture
def driver(server: DavServer, proxy: Proxy, tmp_path: Path) -> Iterator[DavTaskDriver]:
    driver = DavTaskDriver(server, proxy, tmp_path)
    yield driver
    driver.close()


@pytest.fixture
def target(driver: DavTaskDriver) -> CalDav:
    return driver.target()


@pytest.fixture
def tasks(driver: DavTaskDriver, target: CalDav) -> Collection:
    return target.task_list(driver.list_name, "task")


@pytest.fixture
def item(target: CalDav, tasks: Collection) -> Item:
    return target.put(tasks, draft(), None, None)


# --- how many requests ------------------------------------------------------------------------


def test_requests_of_a_first_pull_and_of_one_without_changes(
    server: DavServer, proxy: Proxy, tmp_path: Path
) -> None:
    """5,000 events may take 3 + 5000/200 requests; 60 in batches of 4 are held to the same."""
    driver = CalendarDriver(server, proxy, tmp_path)
    try:
        more = {f"more-{n}.ics": event(f"more-{n}", f"More {n}") for n in range(60 - len(SEED))}
        server.lay(driver.path, more)
        patience = replace(PATIENCE, batch=4)
        first = CalDav(driver.options(proxy.url), access(tmp_path), patience)
        (collection,) = first.collections()
        discovery = proxy.count()
        pages = list(first.pull(collection, None, {}))
        assert sum(len(page.items) for page in pages) == 60
        assert proxy.count() - discovery <= 3 + 60 / 4
        known = {item.href: item.etag for page in pages for item in page.items}
        for _ in range(2):  # the first may be the further look at a tag that is new
            proxy.seen.clear()
            again = CalDav(driver.options(proxy.url), access(tmp_path), patience)
            (collection,) = again.collections()
            listed = proxy.count()
            (page,) = again.pull(collection, pages[-1].cursor, known)
            assert not page.items
            assert proxy.count() - listed <= 1
            assert listed <= 3
            pages = [page]
    finally:
        driver.close()


def test_a_pull_by_default_takes_at_most_a_request_for_200_items() -> None:
    assert DavPatience().batch >= 200


def test_changed_ctag_costs_a_delta_and_its_bodies(
    server: DavServer, proxy: Proxy, tmp_path: Path
) -> None:
    driver = CalendarDriver(server, proxy, tmp_path)
    try:
        first = driver.connector()
        pages = list(first.pull(driver.collection(first), None, {}))
        known = {item.href: item.etag for page in pages for item in page.items}
        driver.edit("seed-3", "Edited")
        connector = driver.connector()
        collection = driver.collection(connector)
        proxy.seen.clear()
        (page, _) = connector.pull(collection, pages[-1].cursor, known)
        assert [item.uid for item in page.items] == ["seed-3"]
        assert proxy.count() == 2
    finally:
        driver.close()


def test_pulling_writes_nothing(driver: DavTaskDriver, proxy: Proxy, tasks: Collection) -> None:
    proxy.seen.clear()
    connector = driver.connector()
    for collection in connector.collections():
        list(connector.pull(collection, None, {}))
    assert proxy.count() == proxy.count("PROPFIND", "REPORT") > 0


# --- what is in which collection ----------------------------------------------------------------


def test_tasks_come_from_the_task_list_only(
    driver: DavTaskDriver, server: DavServer, proxy: Proxy, tasks: Collection, item: Item
) -> None:
    server.put(f"{tasks.href}own.ics", todo("own", "Send Ana the licence"))
    assert {one.uid for one in pulled(driver.connector(), tasks)} == {item.uid, "own"}
    elsewhere = CalDav(CalDavOptions(proxy.url, USER), access(driver.folder), PATIENCE)
    assert tasks.href not in {one.href for one in elsewhere.collections()}


def test_tasks_among_the_events_of_a_calendar_are_left_alone(
    server: DavServer, proxy: Proxy, tmp_path: Path
) -> None:
    driver = CalendarDriver(server, proxy, tmp_path, components=("VEVENT", "VTODO"))
    try:
        server.put(f"{driver.path}todo.ics", todo("todo", "Not a meeting"))
        found = pulled(driver.connector(), driver.collection(driver.connector()))
        assert {one.uid for one in found} == set(SEED)
        assert {one.kind for one in found} == {"event"}
    finally:
        driver.close()


def test_list_in_a_calendar_of_events_gives_both(
    server: DavServer, proxy: Proxy, tmp_path: Path
) -> None:
    """as = "event" with a list that the user has meetings in."""
    calendar = CalendarDriver(server, proxy, tmp_path)
    try:
        options = CalDavOptions(proxy.url, USER, address_books=())
        target = CalDav(options, access(tmp_path, task_list=calendar.name), PATIENCE)
        collection = target.task_list(calendar.name, "event")
        assert collection.kinds == {"event", "task"}
        target.put(collection, draft(form="event"), None, None)
        kinds = {one.uid: one.kind for one in pulled(target, collection)}
        assert kinds == dict.fromkeys(SEED, "event") | {draft().uid: "task"}
    finally:
        calendar.close()


# --- finding and making the list ------------------------------------------------------------------


def test_list_is_made_for_tasks_only(
    driver: DavTaskDriver, server: DavServer, tasks: Collection
) -> None:
    status, _, body = server.request(
        "PROPFIND",
        tasks.href,
        b'<propfind xmlns="DAV:"><prop><C:supported-calendar-component-set'
        b' xmlns:C="urn:ietf:params:xml:ns:caldav"/></prop></propfind>',
        {"Depth": "0", "Content-Type": "application/xml"},
    )
    assert status == 207
    assert re.findall(rb'comp name="(\w+)"', body) == [b"VTODO"]


def test_list_is_not_made_twice_after_a_lost_answer(driver: DavTaskDriver, proxy: Proxy) -> None:
    target = driver.target()
    target.collections()
    proxy.fault_for = {"MKCALENDAR": Fault(cut_after_bytes=0, times=1)}
    made = target.task_list(driver.list_name, "task")
    assert made.name == driver.list_name
    assert proxy.count("MKCALENDAR") == 2
    assert driver.target().task_list(driver.list_name, "task").href == made.href


def test_list_that_cannot_hold_tasks_is_said_so(
    server: DavServer, proxy: Proxy, tmp_path: Path
) -> None:
    calendar = CalendarDriver(server, proxy, tmp_path)
    try:
        proxy.seen.clear()
        with pytest.raises(SourceError) as caught:
            calendar.connector().task_list(calendar.name, "task")
        assert "cannot hold tasks" in str(caught.value)
        assert "event" in caught.value.hint
        assert proxy.count() == proxy.count("PROPFIND")
    finally:
        calendar.close()


def test_renamed_list_is_not_taken_for_another_nor_made_again(
    driver: DavTaskDriver, server: DavServer, tasks: Collection
) -> None:
    status, _, _ = server.request(
        "PROPPATCH",
        tasks.href,
        b'<propertyupdate xmlns="DAV:"><set><prop><displayname>Mine now</displayname></prop></set>'
        b"</propertyupdate>",
        {"Content-Type": "application/xml"},
    )
    assert status == 207
    try:
        with pytest.raises(SourceError) as caught:
            driver.target().task_list(driver.list_name, "task")
        assert "Mine now" in str(caught.value)
    finally:
        server.delete(tasks.href)


@pytest.mark.parametrize("status", [403, 405, 501])
def test_server_that_makes_no_lists_is_said_so(
    driver: DavTaskDriver, proxy: Proxy, status: int
) -> None:
    proxy.answer_instead["MKCALENDAR"] = (status, {}, b"")
    with pytest.raises(SourceError) as caught:
        driver.target().task_list(driver.list_name, "task")
    assert driver.list_name in caught.value.hint


# --- servers that ignore preconditions, and answers that get lost ---------------------------------


def test_create_adopts_where_if_none_match_is_ignored(
    target: CalDav, proxy: Proxy, tasks: Collection, item: Item
) -> None:
    """As on SOGo, which would overwrite what stands there."""
    proxy.headers_to_drop |= {IF_NONE_MATCH, IF_MATCH}
    again = target.put(tasks, replace(draft(), title="Somebody Else"), None, None)
    assert (again.href, again.etag) == (item.href, item.etag)
    assert_says(again, draft())


def test_update_and_delete_see_a_change_where_if_match_is_ignored(
    driver: DavTaskDriver, target: CalDav, proxy: Proxy, tasks: Collection, item: Item
) -> None:
    proxy.headers_to_drop |= {IF_NONE_MATCH, IF_MATCH}
    driver.user_renames(item, "Ana, call her")
    with pytest.raises(ItemConflict):
        target.put(tasks, replace(draft(), title="Other"), item.href, item.etag)
    with pytest.raises(ItemConflict):
        target.delete(tasks, item.href, item.etag)
    assert proxy.count("PUT") == 1
    assert proxy.count("DELETE") == 0


def test_preconditions_are_sent(
    target: CalDav, proxy: Proxy, tasks: Collection, item: Item
) -> None:
    updated = target.put(tasks, replace(draft(), title="Other"), item.href, item.etag)
    target.delete(tasks, updated.href, updated.etag)
    created, changed, deleted = [one for one in proxy.seen if one.method in ("PUT", "DELETE")]
    assert created.headers["If-None-Match"] == "*"
    assert changed.headers["If-Match"] == item.etag
    assert deleted.headers["If-Match"] == updated.etag


def test_change_between_our_read_and_our_write_is_a_conflict(
    driver: DavTaskDriver, target: CalDav, proxy: Proxy, tasks: Collection, item: Item
) -> None:
    proxy.before["PUT"] = lambda: driver.user_renames(item, "Ana, call her")
    with pytest.raises(ItemConflict):
        target.put(tasks, replace(draft(), title="Other"), item.href, item.etag)
    (current,) = pulled(driver.connector(), tasks)
    assert current.task is not None
    assert current.task.title == "Ana, call her"


@pytest.mark.parametrize("kind", ["create", "update", "delete"])
def test_write_whose_answer_was_lost_is_found_done(
    driver: DavTaskDriver, target: CalDav, proxy: Proxy, tasks: Collection, kind: str
) -> None:
    lost = Fault(cut_after_bytes=0, times=1)
    changed = replace(draft(), title="Other")
    if kind == "create":
        proxy.fault_for = {"PUT": lost}
        assert_says(target.put(tasks, draft(), None, None), draft())
    else:
        item = target.put(tasks, draft(), None, None)
        proxy.fault_for = {"PUT": lost, "DELETE": lost}
        if kind == "update":
            assert_says(target.put(tasks, changed, item.href, item.etag), changed)
        else:
            target.delete(tasks, item.href, item.etag)
    assert len(pulled(driver.connector(), tasks)) == (0 if kind == "delete" else 1)


def test_task_that_moved_to_another_href_is_adopted(
    driver: DavTaskDriver,
    target: CalDav,
    server: DavServer,
    tasks: Collection,
    item: Item,
) -> None:
    """Some clients store a task under a name of their own; its UID stays."""
    body = server.get(item.href)
    server.delete(item.href)
    server.put(f"{tasks.href}moved.ics", body)
    again = target.put(tasks, replace(draft(), title="Other"), None, None)
    assert again.href == f"{tasks.href}moved.ics"
    assert_says(again, draft())
    assert len(pulled(driver.connector(), tasks)) == 1


def test_update_that_changes_nothing_writes_nothing(
    target: CalDav, proxy: Proxy, tasks: Collection, item: Item
) -> None:
    proxy.seen.clear()
    again = target.put(tasks, draft(), item.href, item.etag)
    assert (again.href, again.etag) == (item.href, item.etag)
    assert proxy.count("PUT") == 0


def test_task_refused_by_the_server_is_said_so(
    target: CalDav, proxy: Proxy, tasks: Collection
) -> None:
    error = b'<error xmlns="DAV:"><X:supported-calendar-component xmlns:X="urn:x"/></error>'
    proxy.answer_instead["PUT"] = (403, {"Content-Type": "application/xml"}, error)
    with pytest.raises(SourceError, match="supported-calendar-component"):
        target.put(tasks, draft(), None, None)


@pytest.mark.parametrize("form", ["task", "event"])
def test_no_room_on_the_server_is_a_source_error(
    target: CalDav, proxy: Proxy, tasks: Collection, form: TaskForm
) -> None:
    proxy.answer_instead["PUT"] = (507, {}, b"")
    with pytest.raises(SourceError, match="507"):
        target.put(tasks, draft(form=form), None, None)


def test_what_stands_in_the_place_of_a_task_is_left_alone(
    target: CalDav, server: DavServer, tasks: Collection, item: Item
) -> None:
    """A task to which the user invited somebody: a change would send mail."""
    invited = b"ORGANIZER:mailto:ana@example.org\r\nATTENDEE:mailto:rui@example.org\r\nEND:VTODO"
    body = server.get(item.href).replace(b"END:VTODO", invited)
    server.put(item.href, body)
    (current,) = pulled(target, tasks)
    with pytest.raises(ItemConflict):
        target.put(tasks, replace(draft(), title="Other"), current.href, current.etag)
    assert server.get(item.href).count(b"SUMMARY:Ana Lima") == 1


def test_event_of_somebody_else_is_no_task(
    target: CalDav, server: DavServer, tasks: Collection, proxy: Proxy
) -> None:
    calendar = server.make_calendar(f"plain-{proxy.port}", "VEVENT")
    try:
        server.put(f"{calendar}a.ics", event("a", "A meeting"))
        where = replace(tasks, href=calendar)
        with pytest.raises(SourceError):
            target.delete(where, f"{calendar}a.ics", '"any"')
        assert server.get(f"{calendar}a.ics")
    finally:
        server.delete(calendar)
