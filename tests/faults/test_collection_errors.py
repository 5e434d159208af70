"""Trouble belongs to the collection that has it: the others are read, built and published."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.book import state_file
from pipeline.book.folder import Folder
from tests.support.caldav_account import Account, Said, run_account
from tests.support.faulty_dav_server import Bendable

DAYS = ("2026-09-01", "2026-09-02", "2026-09-03", "2026-09-04", "2026-09-05")


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    """All calendars of the account are read; one of them, "Team", is shared by somebody else."""
    with run_account("bendable", tmp_path) as one:
        configure(one, calendars="")
        yield one


@pytest.fixture
def server(account: Account) -> Bendable:
    assert isinstance(account.server, Bendable)
    return account.server


@pytest.fixture
def team(account: Account, server: Bendable) -> str:
    """The path of "Team", with two meetings."""
    path = server.make_calendar("Team", "VEVENT")
    put_meetings(account, path, "Vera Test", "vera@example.org")
    return path


def configure(account: Account, **lines: str) -> None:
    """Lines of [source.home]: key → value in TOML, "" takes the key away."""
    text = account.config.read_text()
    for key, value in lines.items():
        name = key.rstrip("_")
        text = re.sub(rf"^{name} = .*\n", "", text, flags=re.MULTILINE)
        if value:
            text = text.replace("[tasks]", f"{name} = {value}\n\n[tasks]").replace("\n\n\n", "\n")
    account.config.write_text(text)


def put_meetings(account: Account, path: str, name: str, email: str) -> None:
    """Twice in touch with somebody who has a card, the last time half a year ago."""
    account.add_card(name, email)
    meetings, account.calendar = account.calendar, path
    for number, start in enumerate(("20260110T120000", "20260301T120000")):
        account.add_meeting(f"{email}-{number}", start, email)
    account.calendar = meetings


def sync(account: Account, day: str = DAYS[0], *more: str) -> Said:
    return account.run("sync", *more, as_of=day)


def freshness(account: Account) -> dict[str, tuple[str, bool]]:
    """Collection → its status, and whether an error is shown for it."""
    rows = account.query("select collection_name, status, error is not null from main.freshness")
    return {name: (status, has_error) for name, status, has_error in rows}


def meetings(account: Account) -> int:
    ((found,),) = account.query("select count(*) from main.meetings")
    return int(found)


def pull(account: Account, day: str = DAYS[0]) -> Said:
    return account.run("pull", as_of=day)


def live(account: Account, kind: str) -> int:
    """How many cards or events the state has, right after a pull."""
    path = account.folder / "book" / "state.duckdb"
    with duckdb.connect(str(path), read_only=True) as state:
        rows = state.execute(
            "select count(*) from raw.items"
            " where kind = $1 and gone_at is null and superseded_at is null",
            [kind],
        ).fetchall()
    return int(rows[0][0])


REFUSALS = ("forbidden_calendar", "login_calendar")
"""What is refused otherwise is told in the same way: see tests/contract."""


@pytest.mark.parametrize("quirk", REFUSALS)
def test_one_that_was_never_readable_stops_no_pull(
    account: Account, server: Bendable, team: str, quirk: str
) -> None:
    put_meetings(account, account.calendar, "Ana Lima", "ana@example.org")
    server.bend(quirk, team)
    said = pull(account)
    assert (said.code, live(account, "event")) == (0, 2)


def test_one_that_was_never_readable_is_a_line_in_status(
    account: Account, server: Bendable, team: str
) -> None:
    put_meetings(account, account.calendar, "Ana Lima", "ana@example.org")
    server.bend(REFUSALS[0], team)
    said = sync(account)
    assert said.code == 0, said
    assert meetings(account) == 2
    assert len(account.tasks()) > 0
    status = account.run("status").out
    assert 'except = ["Team"]' in status
    assert 'except = ["Team"]' in account.run("digest").out
    assert freshness(account)["Team"] == ("never", True)
    assert freshness(account)["Meetings"] == ("fresh", False)


@pytest.mark.parametrize("quirk", REFUSALS)
def test_one_that_was_read_before_is_told_for_three_days(
    account: Account, server: Bendable, team: str, quirk: str
) -> None:
    pull(account)
    server.bend(quirk, team)
    put_meetings(account, team, "Rui Costa", "rui@example.org")
    codes = []
    for day in (DAYS[1], *DAYS[1:]):  # a second run of a day is no further day
        said = account.run("pull", as_of=day)
        codes.append(said.code)
        assert ('"Team" could not be read' in said.err) == bool(said.code)
        assert ('except = ["Team"]' in said.err) == bool(said.code)
    assert codes == [6, 6, 6, 6, 0]
    account.must("build", as_of=DAYS[4])
    assert freshness(account)["Team"] == ("refused", True)
    assert freshness(account)["Meetings"] == ("fresh", False)
    assert meetings(account) == 2
    assert 'except = ["Team"]' in account.run("status", as_of=DAYS[4]).out


def test_one_that_the_config_names_is_told_though_it_was_never_read(
    account: Account, server: Bendable, team: str
) -> None:
    configure(account, calendars='["Meetings", "Team"]')
    server.bend("forbidden_calendar", team)
    said = pull(account)
    assert said.code == 6
    assert 'take "Team" out of calendars in [source.home]' in said.err
    assert "except" not in said.err


def test_one_whose_server_fails_ends_with_six_each_time(
    account: Account, server: Bendable, team: str
) -> None:
    server.bend("broken_500", team)
    for day in DAYS:
        said = account.run("pull", as_of=day)
        assert said.code == 6, said
        assert "Team" in said.err
    server.straighten()
    assert pull(account, DAYS[4]).code == 0


def test_a_web_page_at_the_home_of_the_address_books(account: Account, server: Bendable) -> None:
    put_meetings(account, account.calendar, "Ana Lima", "ana@example.org")
    server.bend("html_home")
    assert sync(account).code == 0
    assert (meetings(account), len(account.tasks())) == (2, 1)
    assert "not WebDAV" in account.run("status").out
    server.straighten()
    account.must("sync")
    server.bend("html_home")
    assert sync(account, DAYS[1]).code == 0  # each book is asked for at its own address
    server.bend("lost_calendar", account.book)
    assert sync(account, DAYS[1]).code in (0, 6)
    ((cards,),) = account.query("select count(*) from main.people where has_card")
    assert cards == 1


def test_one_left_out_by_the_config_leaves_at_once_and_comes_back(
    account: Account, server: Bendable, team: str
) -> None:
    put_meetings(account, account.calendar, "Ana Lima", "ana@example.org")
    account.must("sync")
    assert meetings(account) == 4
    server.bend("forbidden_calendar", team)
    configure(account, except_='["Team"]')
    said = sync(account, DAYS[1])
    assert (said.code, meetings(account)) == (0, 2)
    assert "Team" not in account.run("status", as_of=DAYS[1]).out
    server.straighten()
    configure(account, except_="")
    assert sync(account, DAYS[2]).code == 0
    assert meetings(account) == 4


def test_a_book_can_be_left_out_as_well(account: Account, server: Bendable) -> None:
    other = server.make_book("Clients")
    account.add_card("Ana Lima", "ana@example.org")
    server.put(
        f"{other}c.vcf", b"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c\r\nFN:Rui Costa\r\nEND:VCARD\r\n"
    )
    configure(account, except_='["Clients"]')
    account.must("sync")
    assert account.query("select display_name from main.people where has_card") == [("Ana Lima",)]


def test_not_listed_for_a_night_takes_nothing_away(
    account: Account, server: Bendable, team: str
) -> None:
    account.must("pull")
    server.bend("unlisted", team)
    put = put_meetings
    put(account, team, "Rui Costa", "rui@example.org")
    for day in DAYS[1:3]:
        assert pull(account, day).code == 0
        assert live(account, "event") == 4  # it is read on at its own address
    server.bend("broken_500", team)
    assert pull(account, DAYS[3]).code == 6
    assert live(account, "event") == 4


def test_neither_listed_nor_there_on_two_days_is_gone(
    account: Account, server: Bendable, team: str
) -> None:
    account.must("pull")
    server.delete(team)
    assert pull(account, DAYS[1]).code == 0
    assert pull(account, DAYS[1]).code == 0
    assert live(account, "event") == 2
    assert pull(account, DAYS[2]).code == 0
    assert live(account, "event") == 0
    assert live(account, "contact") == 1


def test_back_on_the_second_day_was_never_gone(
    account: Account, server: Bendable, team: str
) -> None:
    account.must("pull")
    server.bend("unlisted", team)
    server.bend("lost_calendar", team)
    account.must("pull", as_of=DAYS[1])
    server.straighten()
    account.must("pull", as_of=DAYS[2])
    server.bend("unlisted", team)
    server.bend("lost_calendar", team)
    account.must("pull", as_of=DAYS[3])
    assert live(account, "event") == 2


def test_a_large_one_that_is_gone_is_asked_for(
    account: Account, server: Bendable, team: str
) -> None:
    account.calendar, own = team, account.calendar
    for number in range(25):
        account.add_meeting(f"m{number}", f"202601{number + 1:02}T120000", "vera@example.org")
    account.calendar = own
    account.must("pull")
    server.delete(team)
    account.must("pull", as_of=DAYS[1])
    said = pull(account, DAYS[2])
    assert said.code == 6
    assert "Team" in said.err
    assert "--allow-empty" in said.err
    assert live(account, "event") == 27
    account.must("pull", "--allow-empty", as_of=DAYS[3])
    assert live(account, "event") == 0


def test_tasks_depend_on_their_own_list_alone(
    account: Account, server: Bendable, team: str
) -> None:
    put_meetings(account, account.calendar, "Ana Lima", "ana@example.org")
    server.bend("broken_500", team)
    assert sync(account).code == 6
    ((path, body),) = account.tasks().items()
    assert "SUMMARY:Ana Lima" in body
    tasks = path[: path.rfind("/") + 1]
    server.straighten()
    server.bend("broken_500", tasks)
    put_meetings(account, account.calendar, "Rui Costa", "rui@example.org")
    before = len(server.seen)
    assert sync(account, DAYS[1]).code == 6
    assert all(one.method not in ("PUT", "DELETE", "MKCALENDAR") for one in server.seen[before:])
    server.straighten()
    assert sync(account, DAYS[2]).code == 0
    assert any("SUMMARY:Rui Costa" in one for one in account.tasks().values())


def test_a_list_is_not_made_twice_when_the_calendars_cannot_be_listed(
    account: Account, server: Bendable
) -> None:
    put_meetings(account, account.calendar, "Ana Lima", "ana@example.org")
    account.must("sync")
    server.bend("broken_500", server.calendar_home)
    assert sync(account, DAYS[1]).code == 6
    assert len(server.places) == 3
    server.straighten()
    account.must("sync", as_of=DAYS[2])
    assert len(account.tasks()) == 1


BOOKS = ("z-server-generated--system", "z-app-generated--contactsinteraction--recent", "shared")
QUIRK_OF = {"shared": "directory", "public": "system_owner"}


@pytest.mark.parametrize("name", [*BOOKS, "public"])
def test_a_directory_of_other_people_is_not_read_unless_it_is_named(
    account: Account, server: Bendable, name: str
) -> None:
    lay_directory(account, server, name)
    account.must("pull")
    assert live(account, "contact") == 1
    configure(account, address_books=f'["People", "{name}"]')
    account.must("pull", as_of=DAYS[1])
    assert live(account, "contact") == 31


def test_a_directory_that_is_named_no_more_leaves_with_a_word(
    account: Account, server: Bendable
) -> None:
    lay_directory(account, server, "shared")
    configure(account, address_books='["People", "shared"]')
    account.must("sync")
    assert account.query("select count(*) from main.people where has_card") == [(31,)]
    configure(account, address_books="")
    said = account.must("sync", "--quiet", as_of=DAYS[1])
    assert "30 cards" in said.err
    assert 'address_books = ["People", "shared"]' in said.err
    assert account.query("select count(*) from main.people where has_card") == [(1,)]
    assert "directory" not in account.must("pull", as_of=DAYS[2]).err


def lay_directory(account: Account, server: Bendable, name: str) -> None:
    """Thirty people of others in a book of this name, and Ana in one's own."""
    directory = server.make_book(name)
    if name in QUIRK_OF:
        server.bend(QUIRK_OF[name], directory)
    for number in range(30):
        card = (
            f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:d{number}\r\nFN:Kim {number} Test\r\nEND:VCARD\r\n"
        )
        server.put(f"{directory}{number}.vcf", card.encode())
    account.add_card("Ana Lima", "ana@example.org")


def test_a_directory_that_an_earlier_version_read_leaves_at_the_first_sync_after_the_upgrade(
    account: Account, server: Bendable
) -> None:
    """It took it for the user's own book, and knew nothing of what collections are."""
    directory = server.make_book("Everybody")
    for number in range(30):
        card = (
            f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:d{number}\r\nFN:Kim Test{number}\r\n"
            f"EMAIL:kim{number}@example.org\r\nEND:VCARD\r\n"
        )
        server.put(f"{directory}{number}.vcf", card.encode())
    account.add_card("Ana Lima", "ana@example.org")
    account.add_meeting("one", "20260701T120000", "kim1@example.org")
    account.must("pull")
    with state_file.open_state(Folder(account.folder / "book")) as state:
        state.execute("delete from raw.collections")
    account.must("build")
    account.must("mute", "Kim Test2")
    server.bend("directory", directory)
    said = account.must("sync", "--quiet", as_of=DAYS[1])
    (line,) = said.err.splitlines()
    assert "its 30 cards left the book" in line
    assert 'write address_books = ["People", "Everybody"] into [source.home]' in line
    server.delete(directory)
    for day in DAYS[1:3]:
        account.must("sync", "--quiet", as_of=day)
        people = account.query("select display_name from main.people where not is_owner order by 1")
        assert people == [("Ana Lima",), ("Kim Test1",), ("Kim Test2",)]


@pytest.mark.parametrize(
    "href", ["https://stranger.example/team/", "http://[", "https://a.example\\@b.example/team/"]
)
def test_a_collection_that_is_listed_elsewhere_stops_nothing(
    account: Account, server: Bendable, team: str, href: str
) -> None:
    account.add_card("Ana Lima", "ana@example.org")
    account.add_meeting("one", "20260701T120000", "ana@example.org")
    pattern = re.compile(rb">[^<>]*" + re.escape(team.encode()) + rb"<")
    account.proxy.rewrite_answers.append((pattern, b">" + href.encode() + b"<"))
    said = pull(account)
    assert said.code == 6
    assert "Team" in said.err
    assert live(account, "event") == 1
    assert "a bug" not in said.err
