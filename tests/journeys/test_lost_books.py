"""A new machine, a lost disk, a rebuilt container: the tasks in the list are a second memory.

Each target, after its state is lost, after everything but the config is lost, and with a second
machine that writes into the same list.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.contract import TASK_UID_PREFIX
from connectors.vcard.source import VcardOptions
from pipeline.book import book_id
from pipeline.config import Source
from tests.support.caldav_account import run_account
from tests.support.fake_google.account_data import Account
from tests.support.fake_google.server import GoogleServer
from tests.support.phone_user import Pocket, email_of
from tests.support.source_places import ME, FolderPlace, GooglePlace, Place, ServerPlace

START = date(2026, 9, 1)
NAMES = ["Ana Lima", "Eva Mota", "Rui Costa"]


def folder(stack: ExitStack, path: Path, form: str) -> Place:
    del stack
    return FolderPlace(path, form)


def radicale(stack: ExitStack, path: Path, form: str) -> Place:
    return ServerPlace(stack.enter_context(run_account("radicale", path)), form)


def google(stack: ExitStack, path: Path, form: str) -> Place:
    del form
    server = stack.enter_context(GoogleServer())
    server.account = Account(ME)
    return GooglePlace(server, path)


Make = Callable[[ExitStack, Path, str], Place]
TARGETS = [
    pytest.param(folder, "task", id="vdir"),
    pytest.param(folder, "event", id="vdir-events"),
    pytest.param(radicale, "task", id="caldav"),
    pytest.param(radicale, "event", id="caldav-events"),
    pytest.param(google, "task", id="google"),
]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def settled(place: Place) -> Pocket:
    """Three people with a cadence, met in spring, each with a task that stands in the list."""
    pocket = Pocket(place, START)
    for number, name in enumerate(NAMES):
        pocket.add_card(name, f"EMAIL:{email_of(name)}")
        for month in (4, 5, 6):
            pocket.add_meeting(f"m{number}{month}", date(2026, month, 10 + number), email_of(name))
        pocket.say("every", name, every_days=30)
    pocket.sync()
    assert sorted(task.title for _, task in pocket.ours().values()) == NAMES
    return pocket


def another_machine(pocket: Pocket, folder: Path, *card: str) -> Pocket:
    """The same accounts and list, a book of its own, and an address book that is only there."""
    cards = folder / "cards-of-the-laptop"
    cards.mkdir()
    text = "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", "UID:laptop-1", *card, "END:VCARD", ""])
    (cards / "one.vcf").write_text(text)
    laptop = replace(pocket)
    laptop.config = replace(
        pocket.config,
        data=folder / "laptop",
        sources=(*pocket.config.sources, Source("old", "vcard", VcardOptions(path=str(cards)))),
    )
    return laptop


def path_of(pocket: Pocket, title: str) -> str:
    return next(path for path, task in pocket.ours().values() if task.title == title)


@pytest.mark.parametrize(("make", "form"), TARGETS)
def test_a_lost_book_and_a_new_machine_find_every_task_again(
    stack: ExitStack, tmp_path: Path, make: Make, form: str
) -> None:
    pocket = settled(make(stack, tmp_path, form))
    pocket.edit(path_of(pocket, "Rui Costa"), title="Ring about the boat")
    pocket.tick(path_of(pocket, "Ana Lima"))
    stood = pocket.place.read_all()
    (pocket.config.data / "state.duckdb").unlink()
    assert pocket.night().pushed.made == {"close": 1}
    assert pocket.place.read_all() == stood
    laptop = another_machine(pocket, tmp_path, "FN:Ana L.", f"EMAIL:{email_of('Ana Lima')}")
    # Into what nobody touched it writes that it looks after it as well; nothing that a user sees.
    assert laptop.sync().pushed.made == {"close": 1, "shared": 1}
    (path,) = [path for path, body in pocket.place.read_all().items() if body != stood[path]]
    assert path == path_of(pocket, "Eva Mota")
    stood = pocket.place.read_all()
    assert pocket.sync().pushed.made == {}
    assert pocket.place.read_all() == stood
    for book in (pocket, laptop):
        ((line,),) = rows(book, "select interaction_date from main.interactions where uid <> ''")
        assert line == START


def rows(pocket: Pocket, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(pocket.config.data / "kithbook.duckdb"), read_only=True) as book:
        return book.execute(query).fetchall()


def test_after_everything_is_lost_life_goes_on(tmp_path: Path, stack: ExitStack) -> None:
    """What nobody touched is ours to withdraw again, and what the user wrote is not."""
    pocket = settled(folder(stack, tmp_path, "task"))
    pocket.edit(path_of(pocket, "Rui Costa"), title="Ring about the boat")
    pocket.place.remove(path_of(pocket, "Ana Lima"))
    pocket.night()
    heard = (pocket.config.data / "decisions.jsonl").read_bytes()
    shutil.rmtree(pocket.config.data)
    pocket.config.data.mkdir(mode=0o700)
    (pocket.config.data / "decisions.jsonl").write_bytes(heard)
    pocket.say("mute", "Eva Mota")
    pocket.say("mute", "Rui Costa")
    assert pocket.night().pushed.made == {"withdraw": 1}  # Ana was dismissed: not so soon again
    assert [task.title for _, task in pocket.ours().values()] == ["Ring about the boat"]


def test_two_machines_with_one_list_do_not_flap(tmp_path: Path, stack: ExitStack) -> None:
    """On the laptop Ana has a number besides: it is added once, and stays."""
    server = settled(folder(stack, tmp_path, "task"))
    laptop = another_machine(
        server, tmp_path, "FN:Ana Lima", f"EMAIL:{email_of('Ana Lima')}", "TEL:+351911222333"
    )
    made = [book.sync().pushed.made for book in (laptop, server, laptop, server)]
    assert made == [{"update": 1, "shared": 2}, {}, {}, {}]
    server.tick(path_of(server, "Rui Costa"))
    for book in (laptop, server):
        book.night(2)
        ended = (book.config.data / "decisions.jsonl").read_text("utf-8").count('"ticked"')
        assert ended == 1
    assert sorted(task.status for _, task in server.ours().values()) == [
        "completed",
        "needs-action",
        "needs-action",
    ]


def test_a_container_that_has_another_name_each_night_is_one_book(
    tmp_path: Path, stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = settled(folder(stack, tmp_path, "task"))
    stood = book.place.read_all()
    monkeypatch.setattr("platform.node", lambda: "4f1c9a7be210")
    assert book.night().pushed.made == {}
    assert book.place.read_all() == stood


def test_the_name_of_a_book_is_private_and_a_garbled_one_is_made_again(tmp_path: Path) -> None:
    book_id.keep(tmp_path)
    kept = tmp_path / book_id.FILE_NAME
    assert kept.stat().st_mode & 0o777 == 0o600
    first = book_id.read(tmp_path)
    kept.write_bytes(b"\xff\n")
    book_id.keep(tmp_path)
    assert kept.read_text("utf-8") == f"{first}\n"
    assert book_id.read(tmp_path) == first


@pytest.mark.parametrize(("make", "form"), TARGETS)
def test_what_one_machine_withdraws_is_no_dismissal_to_the_other(
    stack: ExitStack, tmp_path: Path, make: Make, form: str
) -> None:
    server = settled(make(stack, tmp_path, form))
    laptop = another_machine(server, tmp_path, "FN:Ana L.", f"EMAIL:{email_of('Ana Lima')}")
    laptop.sync()
    server.say("mute", "Eva Mota")
    assert server.night().pushed.made == {"withdraw": 1}
    server.place.remove(path_of(server, "Rui Costa"))  # and this is one
    for book in (laptop, server):
        book.today = date(2026, 9, 3)
        assert book.sync().pushed.made == ({"close": 2} if book is laptop else {"close": 1})
        told = (book.config.data / "decisions.jsonl").read_text("utf-8")
        assert told.count('"dismissed"') == 1
    # The laptop writes her no other at once, and what was left standing goes.
    for book, day in ((laptop, 4), (server, 17)):
        book.today = date(2026, 9, day)
        book.sync()
        assert [task.title for _, task in book.ours().values()] == ["Ana Lima"]
    uids = [task.uid for _, _, task in server.standing()]
    assert len([uid for uid in uids if uid.startswith(TASK_UID_PREFIX)]) == 1


def test_who_is_known_by_the_name_alone_gets_no_twin_and_is_listed(
    tmp_path: Path, stack: ExitStack
) -> None:
    server = settled(folder(stack, tmp_path, "task"))
    laptop = another_machine(server, tmp_path, "FN:Ana Lima", "TEL:+351911222333")
    old = laptop.config.source("old")
    laptop.config = replace(laptop.config, sources=(old, laptop.config.source("home")))
    stood = server.place.read_all()
    for name in list((tmp_path / "home" / "meetings").iterdir()):
        name.unlink()
    laptop.say("every", "Ana Lima", every_days=30)
    laptop.night()
    assert {path: body for path, body in stood.items() if "meetings" not in path} == (
        server.place.read_all()
    )
    (problem,) = rows(
        laptop,
        "select problem from main.problems where name = 'unmatched_tasks'"
        " and contains(problem, 'Ana Lima')",
    )
    assert problem[0].startswith('the task "Ana Lima", due on 1 September 2026, is ours')
