"""Where an account's collections are is found once a week, and by nothing that is lost or new."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.book import state_file
from pipeline.book.folder import Folder
from tests.support.caldav_account import Account, run_account
from tests.support.faulty_dav_server import BOOKS, CALENDARS, Bendable

LISTINGS = [("PROPFIND", CALENDARS), ("PROPFIND", BOOKS)]


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with run_account("bendable", tmp_path) as one:
        one.config.write_text(one.config.read_text().replace('calendars = ["Meetings"]\n', ""))
        yield one


@pytest.fixture
def server(account: Account) -> Bendable:
    assert isinstance(account.server, Bendable)
    return account.server


def asked(account: Account, server: Bendable, day: str) -> list[tuple[str, str]]:
    """Method and path of each request of a pull that ends well."""
    server.seen.clear()
    account.must("pull", as_of=f"2026-09-{day}")
    return [(one.method, one.path) for one in server.seen]


def held(account: Account) -> dict[str, bool]:
    """Name → whether it is gone, of the collections that were ever read."""
    with state_file.open_state(Folder(account.folder / "book")) as state:
        found = state.execute("select collection_name, gone_at is not null from raw.cursors")
        return dict(found.fetchall())


def test_a_night_without_changes_asks_for_the_listings_alone(
    account: Account, server: Bendable
) -> None:
    assert ("PROPFIND", "/") in asked(account, server, "01")
    server.stop_clock(server.now() + 86400)
    assert asked(account, server, "02")[:2] == LISTINGS  # then the further look at each new tag
    assert asked(account, server, "03") == LISTINGS
    assert ("PROPFIND", "/") in asked(account, server, "09")
    assert asked(account, server, "10")[:2] == LISTINGS


def test_new_and_lost_collections_are_seen_all_the_same(account: Account, server: Bendable) -> None:
    asked(account, server, "01")
    server.make_calendar("Team", "VEVENT")
    assert ("PROPFIND", "/") not in asked(account, server, "02")
    assert held(account) == {"Meetings": False, "People": False, "Team": False}
    server.delete(account.calendar)
    for day in ("03", "04"):  # the way itself may be the reason: it is looked for anew
        assert ("PROPFIND", "/") in asked(account, server, day)
    assert held(account) == {"Meetings": True, "People": False, "Team": False}


@pytest.mark.parametrize(
    ("old", "new"), [(CALENDARS, "/ana/moved/"), (BOOKS, "/"), ('"ana"', '"eva"'), ("{", "<")]
)
def test_a_way_that_leads_elsewhere_is_looked_for_anew(
    account: Account, server: Bendable, old: str, new: str
) -> None:
    asked(account, server, "01")
    with state_file.open_state(Folder(account.folder / "book")) as state:
        state.execute("update raw.ways set way = replace(way, $1, $2)", [old, new])
    assert ("PROPFIND", "/") in asked(account, server, "02")
    assert held(account) == {"Meetings": False, "People": False}
    assert ("PROPFIND", "/") not in asked(account, server, "03")


def test_while_a_home_cannot_be_listed_no_way_is_kept(account: Account, server: Bendable) -> None:
    server.bend("html_home")
    asked(account, server, "01")
    assert ("PROPFIND", "/") in asked(account, server, "02")
