"""The contract over the bendable server, straight and bent."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.connector_contract import (
    AccountContract,
    ConnectorContract,
    Mirror,
    TaskTargetContract,
    assert_says,
    draft,
)
from tests.support.dav_drivers import BookDriver, CalendarDriver, DavTaskDriver
from tests.support.failing_proxy import Proxy, run_proxy
from tests.support.faulty_dav_server import QUIRKS, Bendable


@pytest.fixture
def proxy(bendable: Bendable) -> Iterator[Proxy]:
    with run_proxy(bendable.address) as one:
        yield one


class TestCalendar(AccountContract):
    cursor_troubles = ("403", "412", "207 with everything", "207 without the deletions")

    @pytest.fixture
    def driver(self, bendable: Bendable, proxy: Proxy, tmp_path: Path) -> CalendarDriver:
        return CalendarDriver(bendable, proxy, tmp_path)


class TestBook(AccountContract):
    @pytest.fixture
    def driver(self, bendable: Bendable, proxy: Proxy, tmp_path: Path) -> BookDriver:
        return BookDriver(bendable, proxy, tmp_path)


BENT = [
    "cap_multiget_20",
    "multiget_404",
    "multiget_507",
    "other_base_path",
    "quote_hrefs",
    "repeat_hrefs",
    "data_404",
    "data_empty",
    "missing_omitted",
    "no_sync",
    "no_ctag",
    "no_date",
    "ctag_whole_seconds",
    "weak_etags",
]


class TestBentCalendar(ConnectorContract):
    """What these do to an account is in tests/faults; here no item may be lost by them."""

    @pytest.fixture(params=BENT)
    def driver(
        self, request: pytest.FixtureRequest, bendable: Bendable, proxy: Proxy, tmp_path: Path
    ) -> CalendarDriver:
        bendable.bend(request.param)
        return CalendarDriver(bendable, proxy, tmp_path)

    def test_an_item_that_is_not_answered_for_is_open_and_kept(
        self, driver: CalendarDriver, mirror: Mirror, bendable: Bendable
    ) -> None:
        driver.edit("seed-3", "Edited Twice")
        bendable.bend("item_503", f"{driver.path}seed-3.ics")
        before = dict(mirror.items)
        self.pull(driver, mirror, afresh=True)
        assert mirror.items == before
        assert [*mirror.open] == [f"{driver.path}seed-3.ics"]
        bendable.straighten("item_503")
        self.pull(driver, mirror, afresh=True)
        assert {driver.title(item) for item in mirror.received()} == {"Edited Twice"}
        assert mirror.open == {}


class TestTaskList(TaskTargetContract):
    @pytest.fixture
    def driver(self, bendable: Bendable, proxy: Proxy, tmp_path: Path) -> DavTaskDriver:
        return DavTaskDriver(bendable, proxy, tmp_path)


def test_every_quirk_says_what_it_does() -> None:
    assert all(what and name.isidentifier() for name, what in QUIRKS.items())


def test_a_bent_answer_is_straight_again_after_so_many_times(bendable: Bendable) -> None:
    path = bendable.make_calendar("Meetings", "VEVENT")
    bendable.put(f"{path}a.ics", b"BEGIN:VCALENDAR")
    bendable.bend("item_503", path, times=2)
    assert [bendable.request("GET", f"{path}a.ics")[0] for _ in range(3)] == [503, 503, 200]
    bendable.bend("forbidden_calendar", path)
    assert bendable.request("GET", f"{path}a.ics")[0] == 403
    bendable.straighten()
    assert bendable.request("GET", f"{path}a.ics")[0] == 200


@pytest.mark.parametrize("quirk", ["put_elsewhere", "put_untold", "put_500"])
def test_a_new_task_is_found_wherever_the_server_put_it(
    bendable: Bendable, proxy: Proxy, tmp_path: Path, quirk: str
) -> None:
    target = DavTaskDriver(bendable, proxy, tmp_path).connector()
    tasks = target.task_list("Follow-ups", "task")
    bendable.bend(quirk)
    made = target.put(tasks, draft(), None, None)
    assert_says(made, draft())
    changed = target.put(tasks, replace(draft(), title="Other"), made.href, made.etag)
    assert_says(changed, replace(draft(), title="Other"))
    bendable.bend("delete_500")
    target.delete(tasks, changed.href, changed.etag)
    assert target.find(tasks, draft().uid, changed.href) is None


def test_a_task_that_was_moved_to_another_list_is_found_there(
    bendable: Bendable, proxy: Proxy, tmp_path: Path
) -> None:
    target = DavTaskDriver(bendable, proxy, tmp_path).connector()
    tasks = target.task_list("Follow-ups", "task")
    made = target.put(tasks, draft(), None, None)
    shut, errands = bendable.make_calendar("A"), bendable.make_calendar("Errands")
    bendable.put(f"{errands}x.ics", bendable.get(made.href))
    bendable.delete(made.href)
    bendable.bend("forbidden_calendar", shut)  # whoever refuses has no say in it
    found = target.find(tasks, draft().uid, made.href)
    assert found is not None
    assert (found[0].href, found[1].href) == (errands, f"{errands}x.ics")
    again = target.put(found[0], replace(draft(), title="Other"), found[1].href, found[1].etag)
    assert_says(again, replace(draft(), title="Other"))
