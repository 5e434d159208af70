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

import pytest

from connectors.vcard.file import VcardOptions
from pipeline import adopting, decisions, run, store
from pipeline.config import Source
from tests.account import run_account
from tests.fakes.google import GoogleServer
from tests.fakes.google_books import Account
from tests.places import ME, FolderPlace, GooglePlace, Place, ServerPlace
from tests.pocket import Pocket, email_of

START = date(2026, 9, 1)
NAMES = ["Ana Lima", "Rui Costa", "Eva Mota"]


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
    pocket.sync()
    for name in NAMES:
        pocket.say("every", name, every_days=30)
    pocket.sync()
    assert sorted(task.title for _, task in pocket.ours().values()) == sorted(NAMES)
    return pocket


def lose_state(pocket: Pocket) -> None:
    (pocket.config.data / "state.duckdb").unlink()


def lose_everything(pocket: Pocket) -> None:
    """But the config, and the token that lies beside it."""
    shutil.rmtree(pocket.config.data)


def path_of(pocket: Pocket, title: str) -> str:
    return next(path for path, task in pocket.ours().values() if task.title == title)


@pytest.mark.parametrize(("make", "form"), TARGETS)
def test_nothing_is_doubled_or_forgotten_after_a_loss(
    stack: ExitStack, tmp_path: Path, make: Make, form: str
) -> None:
    pocket = settled(make(stack, tmp_path, form))
    pocket.edit(path_of(pocket, "Rui Costa"), title="Ring about the boat")
    pocket.tick(path_of(pocket, "Ana Lima"))
    stood = pocket.place.read_all()
    lose_state(pocket)
    assert pocket.night().pushed.made == {"close": 1}
    assert pocket.place.read_all() == stood
    lose_everything(pocket)
    assert pocket.night().pushed.made == {"close": 1}
    assert pocket.place.read_all() == stood
    for name in NAMES:
        pocket.say("every", name, every_days=30)
    assert pocket.night().pushed.made == {}  # Ana was in touch three days ago
    pocket.say("mute", "Eva Mota")
    pocket.say("mute", "Rui Costa")
    assert pocket.night().pushed.made == {"withdraw": 1}  # and not the one that the user wrote
    assert "Eva Mota" not in [task.title for _, task in pocket.ours().values()]


@pytest.mark.parametrize(("make", "form"), TARGETS)
def test_two_machines_with_one_list_make_no_twin_and_do_not_flap(
    stack: ExitStack, tmp_path: Path, make: Make, form: str
) -> None:
    """The laptop has another address book besides, in which Ana has another name and a number."""
    server = settled(make(stack, tmp_path, form))
    cards = tmp_path / "laptop-cards"
    cards.mkdir()
    (cards / "ana.vcf").write_text(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:laptop-1\r\nFN:Ana Lima Costa\r\n"
        f"EMAIL:{email_of('Ana Lima')}\r\nTEL:+351911222333\r\nEND:VCARD\r\n"
    )
    laptop = replace(server)
    laptop.config = replace(
        server.config,
        data=tmp_path / "laptop",
        sources=(*server.config.sources, Source("old", "vcard", VcardOptions(path=str(cards)))),
    )
    for day in range(4):  # night and morning, in turn
        made = laptop.night(0).pushed.made, server.night().pushed.made
        assert len(server.ours()) == len(NAMES)
        assert made == ({"update": 1} if day == 0 else {}, {})
        laptop.today = server.today
    server.tick(path_of(server, "Rui Costa"))
    laptop.night()
    server.night(2)
    for book in (laptop, server):
        assert book.config.data.joinpath("decisions.jsonl").read_text().count('"ticked"') == 1
    assert len([1 for _, task in server.ours().values() if task.status == "needs-action"]) == 2
