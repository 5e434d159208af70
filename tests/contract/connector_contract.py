"""What every connector must do; each connector's test file inherits it whole.

A test file supplies one fixture, `driver`: a fresh source that holds `SEED` (uids → titles) in
one collection, and hands to change it behind the connector's back.

    from tests.contract.connector_contract import SEED, ConnectorContract, Driver, access

    class FolderDriver(Driver):
        def connector(self): return VcardFile(VcardFile.Options(...), access(...))
        def add(self, uid, title): (self.folder / f"{uid}.vcf").write_bytes(card(uid, title))
        ...
    class TestVcardFile(ConnectorContract):
        @pytest.fixture
        def driver(self, tmp_path): return FolderDriver(tmp_path)

Connectors that use a network inherit `NetworkContract` (which includes `ConnectorContract`) with
a `NetworkDriver`, accounts of several collections `AccountContract` with an `AccountDriver`; those
that hold our tasks inherit `TaskTargetContract` with a `TaskDriver`.
`title` is what a person sees: the name of a card, the summary of an event or task. Pages are
applied to a `Mirror`, which keeps what the store would keep, so that a connector is free to
answer with a delta or with a complete listing, but not to lose, invent or repeat anything.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest

from connectors.contract import (
    TASK_UID_PREFIX,
    Access,
    Collection,
    Connector,
    Item,
    Open,
    Page,
    Reject,
    TaskDraft,
    TaskForm,
    TaskTarget,
)
from connectors.errors import (
    CursorExpired,
    ItemConflict,
    ItemGone,
    KithbookError,
    LoginError,
    SourceError,
    SourceUnreachable,
)
from pipeline.sync.fetch import deliveries

SEED = {f"seed-{n}": f"Seed Item{n}" for n in range(1, 8)}
"""uid → title of what stands in every driver's source at the start: seven items."""

PASSWORD = "correct-horse"


def access(folder: Path, secret: str = PASSWORD, task_list: str | None = None) -> Access:
    """What the core hands to a connector."""
    return Access(
        source="test",
        zone=ZoneInfo("Europe/Lisbon"),
        secret=lambda: secret,
        folder=folder,
        task_list=task_list,
    )


class Driver(ABC):
    """Hands on one source and the collection in it that is under test."""

    @abstractmethod
    def connector(self) -> Connector:
        """A fresh connector, as a new run makes it."""

    def collection(self, connector: Connector) -> Collection:
        """The collection under test, as the connector lists it."""
        (collection,) = connector.collections()
        return collection

    @abstractmethod
    def add(self, uid: str, title: str) -> None:
        """Put a new item into the source."""

    @abstractmethod
    def edit(self, uid: str, title: str) -> None:
        """Change the title of an item."""

    @abstractmethod
    def delete(self, uid: str) -> None:
        """Remove an item."""

    @abstractmethod
    def break_item(self, uid: str) -> None:
        """Change an item into something no reader can make sense of."""

    @abstractmethod
    def mend_item(self, uid: str, title: str) -> None:
        """Make the broken item whole again."""

    @abstractmethod
    def empty(self) -> None:
        """Remove every item, leaving the collection."""

    @abstractmethod
    def title(self, item: Item) -> str:
        """The title of an item that the connector handed over."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure of the network or the server, for the next `times` requests (None: from now on)."""

    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    delay_seconds: float = 0.0
    cut_after_bytes: int | None = None
    """The answer ends after so many bytes of its body, and the connection with it."""
    times: int | None = None


class NetworkDriver(Driver):
    """A source behind a network. Its connector waits `TIMEOUT_SECONDS` for an answer, so that no
    busy machine decides a test, at most `LONGEST_WAIT_SECONDS` when a server says "later", and
    takes at most three items a page, so that `SEED` needs several.
    """

    TIMEOUT_SECONDS = 120.0
    LONGEST_WAIT_SECONDS = 3.0

    @abstractmethod
    def give_up_soon(self) -> None:
        """From now on its connectors wait a second for an answer."""

    @abstractmethod
    def fail(self, fault: Fault) -> None:
        """Let the coming requests fail so."""

    @abstractmethod
    def heal(self) -> None:
        """End all failures."""

    @abstractmethod
    def count_requests(self) -> int:
        """How many requests have been made so far."""

    @abstractmethod
    def expire_cursors(self) -> None:
        """Make the server forget every cursor that it has given out."""

    def spoil_cursors(self, trouble: str) -> None:
        """Make the server answer every cursor it has given out in one of `cursor_troubles`."""
        assert trouble == "expired"
        self.expire_cursors()

    @abstractmethod
    def connector_with_password(self, password: str) -> Connector:
        """A connector that logs in with another password or token."""

    @abstractmethod
    def connector_to_nowhere(self) -> Connector:
        """A connector to an address where nothing listens."""

    def reach(self, connector: Connector) -> None:
        """Do what first asks the server for something in a run."""
        connector.collections()


class AccountDriver(NetworkDriver):
    """A source behind a network that may have several collections."""

    @abstractmethod
    def refuse_another(self, status: int) -> None:
        """Beside the collection under test there is another one, which is wanted as well and
        which answers this to everything.
        """


class TaskDriver(ABC):
    """A source that can hold our tasks, and the user's hands on what stands in the list."""

    form: TaskForm = "task"
    list_name = "Follow-ups"

    @abstractmethod
    def target(self) -> TaskTarget:
        """A fresh connector, as a new run makes it."""

    @abstractmethod
    def connector(self) -> Connector:
        """The same as a source."""

    @abstractmethod
    def user_adds_property(self, item: Item) -> bytes:
        """The user adds something of which our drafts know nothing; a part of the body to find."""

    @abstractmethod
    def user_renames(self, item: Item, title: str) -> None:
        """The user changes the title."""

    @abstractmethod
    def user_ticks(self, item: Item) -> None:
        """The user completes the task."""

    @abstractmethod
    def user_deletes(self, item: Item) -> None:
        """The user deletes the task."""


@dataclass
class Mirror:
    """What the store would hold after the pages it was given."""

    items: dict[str, Item] = field(default_factory=dict)
    broken: dict[str, Reject] = field(default_factory=dict)
    cursor: str | None = None
    pages: list[Page] = field(default_factory=list)
    open: dict[str, Open] = field(default_factory=dict)
    """What the last pull left open: while there is anything, the cursor stays where it was."""

    @property
    def known(self) -> dict[str, str]:
        return {href: item.etag for href, item in self.items.items()}

    def uids(self) -> set[str | None]:
        return {item.uid for item in self.items.values()}

    def pull(self, connector: Connector, collection: Collection, *, afresh: bool = False) -> None:
        """One pull, page by page; what the pages said stays in `pages`."""
        self.pages = []
        self.open = {}
        named: set[str] = set()
        cursor = None if afresh else self.cursor
        for page in connector.pull(collection, cursor, self.known):
            self.pages.append(page)
            named |= self._apply(page)
            if page.complete:
                self.items = {href: item for href, item in self.items.items() if href in named}
        assert self.pages, "a pull has at least the page with the cursor"
        self.cursor = cursor if self.open else self.pages[-1].cursor

    def _apply(self, page: Page) -> set[str]:
        for item in page.items:
            self.items[item.href] = item
            self.broken.pop(item.href, None)
        rejected = [reject for reject in page.rejects if not reject.is_warning]
        for reject in rejected:
            assert reject.href is not None, "a reject says which item it is"
            self.broken[reject.href] = reject
        for href in page.gone:
            self.items.pop(href, None)
            self.broken.pop(href, None)
        self.open |= {one.href: one for one in page.open}
        named = {item.href for item in page.items} | set(page.unchanged) | self.open.keys()
        return named | {reject.href for reject in rejected if reject.href is not None}

    def received(self) -> list[Item]:
        """The items of the last pull, in the order of the pages."""
        return [item for page in self.pages for item in page.items]

    def rejected(self) -> list[Reject]:
        return [r for page in self.pages for r in page.rejects if not r.is_warning]


class ConnectorContract:
    """Every source, file or server."""

    @pytest.fixture
    def driver(self) -> Driver:
        raise NotImplementedError("the connector's test file supplies this fixture")

    @pytest.fixture
    def mirror(self, driver: Driver) -> Mirror:
        """After the first pull."""
        mirror = Mirror()
        self.pull(driver, mirror)
        return mirror

    def pull(self, driver: Driver, mirror: Mirror, *, afresh: bool = False) -> None:
        """As a new run does it: with a fresh connector."""
        connector = driver.connector()
        mirror.pull(connector, driver.collection(connector), afresh=afresh)

    def test_collections_have_stable_keys_and_names(self, driver: Driver) -> None:
        first, second = driver.connector().collections(), driver.connector().collections()
        assert first == second
        assert len({collection.href for collection in first}) == len(first) > 0
        assert all(collection.name and collection.kinds for collection in first)

    def test_first_pull_brings_everything_once(self, driver: Driver, mirror: Mirror) -> None:
        received = mirror.received()
        assert {item.uid: driver.title(item) for item in received} == SEED
        assert len(received) == len(SEED)
        assert mirror.rejected() == []

    def test_items_are_of_the_collections_kinds(self, driver: Driver, mirror: Mirror) -> None:
        collection = driver.collection(driver.connector())
        for item in mirror.received():
            assert item.kind in collection.kinds
            assert item.body
            assert item.etag
            assert item.media_type
            assert (item.contact is not None) == (item.kind == "contact")
            assert (item.task is not None) == (item.kind == "task")

    def test_first_pull_is_complete_and_ends_with_a_cursor(self, mirror: Mirror) -> None:
        *others, last = mirror.pages
        assert last.complete
        assert last.cursor
        assert not any(page.complete or page.cursor for page in others)

    def test_no_change_brings_one_empty_page(self, driver: Driver, mirror: Mirror) -> None:
        before = dict(mirror.items)
        self.pull(driver, mirror)
        (page,) = mirror.pages
        assert not page.items
        assert not page.gone
        assert not page.rejects
        assert page.cursor
        assert mirror.items == before

    def test_added_item_comes_alone(self, driver: Driver, mirror: Mirror) -> None:
        driver.add("added", "Added Late")
        self.pull(driver, mirror)
        (item,) = mirror.received()
        assert (item.uid, driver.title(item)) == ("added", "Added Late")
        assert mirror.uids() == {*SEED, "added"}

    def test_edited_item_comes_alone_under_its_href(self, driver: Driver, mirror: Mirror) -> None:
        before = {item.uid: item for item in mirror.items.values()}
        driver.edit("seed-3", "Edited Twice")
        self.pull(driver, mirror)
        (item,) = mirror.received()
        assert (item.uid, driver.title(item)) == ("seed-3", "Edited Twice")
        assert item.href == before["seed-3"].href
        assert item.etag != before["seed-3"].etag

    def test_deleted_item_is_gone(self, driver: Driver, mirror: Mirror) -> None:
        driver.delete("seed-2")
        self.pull(driver, mirror)
        assert mirror.uids() == set(SEED) - {"seed-2"}
        assert mirror.received() == []

    def test_add_edit_and_delete_in_one_pull(self, driver: Driver, mirror: Mirror) -> None:
        driver.add("added", "Added Late")
        driver.edit("seed-3", "Edited Twice")
        driver.delete("seed-2")
        self.pull(driver, mirror)
        assert {item.uid for item in mirror.received()} == {"added", "seed-3"}
        assert mirror.uids() == {*SEED, "added"} - {"seed-2"}
        self.pull(driver, mirror)
        assert mirror.received() == []

    def test_deleted_and_added_again_is_there(self, driver: Driver, mirror: Mirror) -> None:
        driver.delete("seed-2")
        self.pull(driver, mirror)
        driver.add("seed-2", "Back Again")
        self.pull(driver, mirror)
        assert "Back Again" in {driver.title(item) for item in mirror.items.values()}
        assert mirror.uids() == set(SEED)

    def test_pull_afresh_fetches_only_what_differs(self, driver: Driver, mirror: Mirror) -> None:
        driver.edit("seed-3", "Edited Twice")
        driver.delete("seed-2")
        self.pull(driver, mirror, afresh=True)
        assert {item.uid for item in mirror.received()} == {"seed-3"}
        unchanged = [href for page in mirror.pages for href in page.unchanged]
        assert len(unchanged) == len(set(unchanged)) == len(SEED) - 2
        assert mirror.pages[-1].complete
        assert mirror.uids() == set(SEED) - {"seed-2"}

    def test_broken_item_is_a_reject_and_the_rest_comes_in(self, driver: Driver) -> None:
        driver.break_item("seed-4")
        mirror = Mirror()
        self.pull(driver, mirror)
        assert mirror.uids() == set(SEED) - {"seed-4"}
        (reject,) = mirror.rejected()
        assert reject.reason
        assert reject.content

    def test_item_that_breaks_later_is_rejected_and_not_called_gone(
        self, driver: Driver, mirror: Mirror
    ) -> None:
        driver.break_item("seed-4")
        self.pull(driver, mirror)
        assert len(mirror.rejected()) == 1
        assert not any(page.gone for page in mirror.pages)
        self.pull(driver, mirror)
        assert mirror.received() == []

    def test_mended_item_comes_in(self, driver: Driver) -> None:
        driver.break_item("seed-4")
        mirror = Mirror()
        self.pull(driver, mirror)
        driver.mend_item("seed-4", "Whole Again")
        self.pull(driver, mirror)
        assert {driver.title(item) for item in mirror.received()} == {"Whole Again"}
        assert mirror.uids() == set(SEED)
        assert mirror.rejected() == []

    def test_emptied_source_says_that_all_is_gone(self, driver: Driver, mirror: Mirror) -> None:
        driver.empty()
        self.pull(driver, mirror)
        assert mirror.items == {}
        assert mirror.cursor

    def test_nonsense_cursor_is_refused_or_starts_afresh(
        self, driver: Driver, mirror: Mirror
    ) -> None:
        mirror.cursor = "never given out"
        driver.delete("seed-2")
        try:
            self.pull(driver, mirror)
        except CursorExpired:
            self.pull(driver, mirror, afresh=True)
        assert mirror.uids() == set(SEED) - {"seed-2"}


class NetworkContract(ConnectorContract):
    """Sources behind a network: what a bad night looks like."""

    @pytest.fixture
    def driver(self) -> NetworkDriver:
        raise NotImplementedError("the connector's test file supplies this fixture")

    cursor_troubles: ClassVar[tuple[str, ...]] = ("expired",)
    """The ways in which servers of this kind answer a cursor that they do not know."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "trouble" in metafunc.fixturenames:
            metafunc.parametrize("trouble", self.cursor_troubles)

    def test_cursor_that_the_server_does_not_know_loses_nothing(
        self, driver: NetworkDriver, mirror: Mirror, trouble: str
    ) -> None:
        driver.edit("seed-1", "Edited Before")
        self.pull(driver, mirror)
        driver.spoil_cursors(trouble)
        driver.delete("seed-2")
        self.pull_in_spite(driver, mirror)
        assert mirror.uids() == set(SEED) - {"seed-2"}
        assert mirror.received() == []
        driver.edit("seed-3", "Edited Twice")
        driver.add("added", "Added Late")
        self.pull_in_spite(driver, mirror)
        assert mirror.uids() == {*SEED, "added"} - {"seed-2"}
        assert {item.uid for item in mirror.received()} == {"seed-3", "added"}

    def pull_in_spite(self, driver: Driver, mirror: Mirror) -> None:
        """As the core does it: afresh when the cursor has expired."""
        try:
            self.pull(driver, mirror)
        except CursorExpired:
            self.pull(driver, mirror, afresh=True)

    def test_expired_cursor_is_said_so_and_a_pull_afresh_loses_nothing(
        self, driver: NetworkDriver, mirror: Mirror
    ) -> None:
        driver.edit("seed-1", "Edited Before")
        self.pull(driver, mirror)
        driver.expire_cursors()
        driver.delete("seed-2")
        driver.edit("seed-3", "Edited Twice")
        with pytest.raises(CursorExpired):
            self.pull(driver, mirror)
        self.pull(driver, mirror, afresh=True)
        assert mirror.uids() == set(SEED) - {"seed-2"}
        assert {item.uid for item in mirror.received()} == {"seed-3"}

    def test_connection_cut_between_pages_keeps_the_pages_and_gives_no_cursor(
        self, driver: NetworkDriver
    ) -> None:
        connector = driver.connector()
        collection = driver.collection(connector)
        pages = connector.pull(collection, None, {})
        first = next(page for page in pages if page.items)
        assert 0 < len(first.items) < len(SEED)
        assert first.cursor is None
        assert not first.complete
        driver.fail(Fault(cut_after_bytes=0))
        with pytest.raises(SourceUnreachable):
            list(pages)
        driver.heal()
        mirror = Mirror(items={item.href: item for item in first.items})
        self.pull(driver, mirror, afresh=True)
        assert mirror.uids() == set(SEED)
        assert len(mirror.received()) == len(SEED) - len(first.items)

    @pytest.mark.parametrize("cut_after", [0, 200])
    def test_answer_cut_once_is_asked_for_again(
        self, driver: NetworkDriver, cut_after: int
    ) -> None:
        driver.fail(Fault(cut_after_bytes=cut_after, times=1))
        mirror = Mirror()
        self.pull(driver, mirror)
        assert mirror.uids() == set(SEED)
        assert len(mirror.received()) == len(SEED)

    def test_answer_cut_each_time_is_unreachable(self, driver: NetworkDriver) -> None:
        driver.fail(Fault(cut_after_bytes=200))
        with pytest.raises(SourceUnreachable):
            self.pull(driver, Mirror())

    @pytest.mark.parametrize("status", [429, 503])
    def test_later_is_waited_for_as_long_as_the_server_asks(
        self, driver: NetworkDriver, status: int
    ) -> None:
        driver.fail(Fault(status=status, headers=(("Retry-After", "1"),), times=1))
        started = time.monotonic()
        mirror = Mirror()
        self.pull(driver, mirror)
        assert time.monotonic() - started >= 1.0
        assert mirror.uids() == set(SEED)

    def test_later_without_end_is_unreachable(self, driver: NetworkDriver) -> None:
        driver.fail(Fault(status=503, headers=(("Retry-After", "1"),)))
        with pytest.raises(SourceUnreachable, match="503"):
            self.pull(driver, Mirror())

    def test_much_later_is_not_waited_for(self, driver: NetworkDriver) -> None:
        """If it were, the test would hang."""
        driver.fail(Fault(status=503, headers=(("Retry-After", "86400"),)))
        with pytest.raises(SourceUnreachable):
            self.pull(driver, Mirror())

    def test_server_that_stalls_is_unreachable(self, driver: NetworkDriver) -> None:
        driver.give_up_soon()
        driver.fail(Fault(delay_seconds=3600))
        with pytest.raises(SourceUnreachable):
            self.pull(driver, Mirror())

    def test_dead_host_is_unreachable_and_named(self, driver: NetworkDriver) -> None:
        with pytest.raises(SourceUnreachable) as caught:
            driver.reach(driver.connector_to_nowhere())
        assert "127.0.0.1" in str(caught.value)
        assert caught.value.hint

    def test_wrong_password_is_a_login_error_that_does_not_tell_it(
        self, driver: NetworkDriver
    ) -> None:
        with pytest.raises(LoginError) as caught:
            driver.reach(driver.connector_with_password("wrong-secret"))
        assert "wrong-secret" not in f"{caught.value} {caught.value.hint}"
        assert caught.value.hint

    def test_login_refused_halfway_is_a_login_error(self, driver: NetworkDriver) -> None:
        connector = driver.connector()
        collection = driver.collection(connector)
        driver.fail(Fault(status=401))
        with pytest.raises(LoginError):
            Mirror().pull(connector, collection)

    def test_server_error_is_a_source_error_and_the_next_pull_goes_on(
        self, driver: NetworkDriver, mirror: Mirror
    ) -> None:
        driver.edit("seed-3", "Edited Twice")
        driver.fail(Fault(status=500))
        with pytest.raises(SourceError):
            self.pull(driver, mirror)
        driver.heal()
        self.pull(driver, mirror)
        assert {item.uid for item in mirror.received()} == {"seed-3"}


class AccountContract(NetworkContract):
    """Accounts: what goes wrong with one collection is its own trouble."""

    @pytest.fixture
    def driver(self) -> AccountDriver:
        raise NotImplementedError("the connector's test file supplies this fixture")

    @pytest.mark.parametrize("status", [403, 404, 410])
    def test_refused_collection_leaves_the_one_beside_it_alone(
        self, driver: AccountDriver, status: int
    ) -> None:
        driver.refuse_another(status)
        own = driver.collection(driver.connector())
        found = list(deliveries(driver.connector(), "test", {}))
        assert {item.uid for one in found if one.collection == own for item in one.items} == {*SEED}
        (failed,) = (one for one in found if one.error)
        assert failed.collection not in (None, own)
        assert isinstance(failed.error, KithbookError)
        assert str(status) in failed.error.refusal


TITLES = ("O'Brien; Zoë, né Ünlü \\n", "山田 太郎 🎂", "x" * 300, "BEGIN:VALARM", "Ana: 1/2")


def draft(number: int = 1, *, form: TaskForm = "task", title: str = "Ana Lima") -> TaskDraft:
    return TaskDraft(
        uid=f"{TASK_UID_PREFIX}test-{number}",
        title=title,
        notes="ana@example.org\nnothing in the calendar since 3 August",
        due_date=date(2026, 2, 28),
        form=form,
        mark=f"20260201.{number:06x}.0b0b0b.0c0c0c.0d0d0d.0e0e0e",
    )


class TaskTargetContract:
    """Every list that our tasks can be written into."""

    @pytest.fixture
    def driver(self) -> TaskDriver:
        raise NotImplementedError("the connector's test file supplies this fixture")

    @pytest.fixture
    def target(self, driver: TaskDriver) -> TaskTarget:
        return driver.target()

    @pytest.fixture
    def tasks(self, driver: TaskDriver, target: TaskTarget) -> Collection:
        return target.task_list(driver.list_name, driver.form)

    @pytest.fixture
    def item(self, driver: TaskDriver, target: TaskTarget, tasks: Collection) -> Item:
        """One task of ours, as it stands there."""
        return target.put(tasks, draft(form=driver.form), None, None)

    def test_list_is_made_once(self, driver: TaskDriver, tasks: Collection) -> None:
        again = driver.target().task_list(driver.list_name, driver.form)
        assert again.href == tasks.href
        assert again.name == driver.list_name

    def test_created_task_is_read_back(self, driver: TaskDriver, item: Item) -> None:
        sent = draft(form=driver.form)
        assert item.kind == "task"
        assert item.uid == sent.uid
        assert item.href
        assert item.etag
        assert_says(item, sent)

    def test_created_task_is_pulled(
        self, driver: TaskDriver, tasks: Collection, item: Item
    ) -> None:
        found = pulled(driver.connector(), tasks)
        assert {(one.href, one.etag, one.uid) for one in found} == {
            (item.href, item.etag, item.uid)
        }
        assert_says(found[0], draft(form=driver.form))

    def test_creating_again_adopts_what_is_there(
        self, driver: TaskDriver, target: TaskTarget, tasks: Collection, item: Item
    ) -> None:
        other = replace(draft(form=driver.form), title="Somebody Else")
        again = target.put(tasks, other, None, None)
        assert (again.href, again.etag) == (item.href, item.etag)
        assert_says(again, draft(form=driver.form))
        assert len(pulled(driver.connector(), tasks)) == 1

    def test_update_changes_the_draft_and_nothing_else(
        self, driver: TaskDriver, target: TaskTarget, tasks: Collection, item: Item
    ) -> None:
        mark = driver.user_adds_property(item)
        (current,) = pulled(driver.connector(), tasks)
        assert mark in current.body
        changed = replace(draft(form=driver.form), title="Ana Lima Costa", notes="a\nb, c; d")
        written = target.put(tasks, changed, current.href, current.etag)
        assert written.href == current.href
        assert written.etag != current.etag
        assert mark in written.body
        assert_says(written, changed)

    def test_update_of_what_the_user_changed_meanwhile_is_a_conflict(
        self, driver: TaskDriver, target: TaskTarget, tasks: Collection, item: Item
    ) -> None:
        driver.user_renames(item, "Ana, call her")
        with pytest.raises(ItemConflict):
            target.put(tasks, draft(form=driver.form), item.href, item.etag)
        (current,) = pulled(driver.connector(), tasks)
        assert current.task is not None
        assert current.task.title == "Ana, call her"

    def test_update_of_a_deleted_task_says_so(
        self, driver: TaskDriver, target: TaskTarget, tasks: Collection, item: Item
    ) -> None:
        driver.user_deletes(item)
        with pytest.raises(ItemGone):
            target.put(tasks, draft(form=driver.form), item.href, item.etag)
        assert pulled(driver.connector(), tasks) == []

    def test_delete(
        self, driver: TaskDriver, target: TaskTarget, tasks: Collection, item: Item
    ) -> None:
        target.delete(tasks, item.href, item.etag)
        assert pulled(driver.connector(), tasks) == []
        target.delete(tasks, item.href, item.etag)

    def test_delete_of_what_the_user_changed_meanwhile_is_a_conflict(
        self, driver: TaskDriver, target: TaskTarget, tasks: Collection, item: Item
    ) -> None:
        driver.user_renames(item, "Ana, call her")
        with pytest.raises(ItemConflict):
            target.delete(tasks, item.href, item.etag)
        assert len(pulled(driver.connector(), tasks)) == 1

    def test_ticked_task_is_seen(self, driver: TaskDriver, tasks: Collection, item: Item) -> None:
        driver.user_ticks(item)
        (current,) = pulled(driver.connector(), tasks)
        assert current.task is not None
        assert current.task.status == "completed"

    def test_we_can_tick(
        self, driver: TaskDriver, target: TaskTarget, tasks: Collection, item: Item
    ) -> None:
        ticked = replace(draft(form=driver.form), status="completed")
        written = target.put(tasks, ticked, item.href, item.etag)
        assert written.task is not None
        assert written.task.status == "completed"

    def test_titles_come_back_as_they_were(
        self, driver: TaskDriver, target: TaskTarget, tasks: Collection
    ) -> None:
        for number, title in enumerate(TITLES):
            sent = draft(number, form=driver.form, title=title)
            assert_says(target.put(tasks, sent, None, None), sent)

    def test_nobody_is_ever_invited(
        self, driver: TaskDriver, target: TaskTarget, tasks: Collection, item: Item
    ) -> None:
        updated = target.put(
            tasks, replace(draft(form=driver.form), title="Ana"), item.href, item.etag
        )
        for body in (item.body, updated.body):
            assert b"ATTENDEE" not in body.upper()
            assert b"ORGANIZER" not in body.upper()


def pulled(connector: Connector, collection: Collection) -> Sequence[Item]:
    """What stands in the list now."""
    pages = list(connector.pull(collection, None, {}))
    assert [reject for page in pages for reject in page.rejects] == []
    return [item for page in pages for item in page.items]


def assert_says(item: Item, sent: TaskDraft) -> None:
    """The task says what the draft said."""
    task = item.task
    assert task is not None
    assert (task.uid, task.title, task.due_date) == (sent.uid, sent.title, sent.due_date)
    assert task.status == sent.status
    assert sent.notes in task.notes
    assert task.mark == sent.mark
