"""Lives of single tasks that the state machine of test_task_life.py found, or nearly was: plain."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from connectors.errors import SourceError
from connectors.ical.source import IcalFile
from pipeline.sync import missing_tasks, run, run_report
from tests.support.fake_google.account_data import Account
from tests.support.fake_google.server import GoogleServer
from tests.support.phone_user import Pocket, email_of
from tests.support.source_places import LIST, ME, FolderPlace, GooglePlace, Place

ANA, RUI = "Ana Lima", "Rui Costa"


class Life:
    """A pocket with one open task for Ana, whom nobody has met since spring."""

    def __init__(self, place: Place) -> None:
        self.pocket = Pocket(place, date(2026, 9, 1))
        for name in (ANA, RUI):
            self.pocket.add_card(name, f"EMAIL:{email_of(name)}")
            for month in (4, 5, 6):
                self.pocket.add_meeting(f"{name[:3]}{month}", date(2026, month, 10), email_of(name))
        self.pocket.add_meeting("lately", date(2026, 8, 20), email_of(RUI))
        self.pocket.sync()
        for name in (ANA, RUI):
            self.pocket.say("keep", name, every_days=30)
        self.night()

    def night(self, days: int = 1) -> list[tuple[str, str, str]]:
        """One sync, so many days later; what it did."""
        self.pocket.today += timedelta(days=days)
        ran = self.pocket.sync()
        assert not ran.trouble, ran.trouble
        return [(change.action, change.title, change.reason) for change in ran.changes]

    @property
    def path(self) -> str:
        """The only task of ours."""
        ((path, _),) = self.pocket.ours().values()
        return path


@pytest.fixture(params=["folder", "google"])
def life(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Life]:
    with ExitStack() as stack:
        if request.param == "google":
            google = stack.enter_context(GoogleServer())
            google.account = Account(ME)
            yield Life(GooglePlace(google, tmp_path))
        else:
            yield Life(FolderPlace(tmp_path))


def test_a_list_is_found_under_another_name_and_is_not_made_a_second_time(life: Life) -> None:
    pocket = life.pocket
    pocket.place.rename_list("Later")
    if isinstance(pocket.place, GooglePlace):
        # By its id: another list of the old name changes nothing.
        pocket.place.account.add_task_list(LIST)
        pocket.tick(life.path)
        assert life.night() == [("close", ANA, "ticked")]
        return
    # A folder's name is its id: without it nothing is written, and it is said each night.
    before = pocket.place.read_all()
    for day in (3, 3, 20):  # Rui is due on the 19th; said whether or not anything is, or is new
        pocket.today = date(2026, 9, day)
        (error,) = pocket.sync().trouble
        assert isinstance(error, SourceError)
        assert f'the list "{LIST}" with our tasks is not there any more' in str(error)
        assert "`kithbook sync --yes`" in error.hint
        with duckdb.connect(str(pocket.config.data / "kithbook.duckdb"), read_only=True) as book:
            told = book.execute("select place, problem, hint from main.problems").fetchall()
        assert told == [("home", str(error).split(": ")[1].split(". ")[0], error.hint)]
    assert pocket.place.read_all() == before
    # It is named back, and life goes on where it was.
    pocket.place.rename_list(LIST)
    assert life.night() == [("create", RUI, "due")]
    assert len(pocket.ours()) == 2


def test_a_task_that_was_moved_to_another_list_is_followed_there(life: Life) -> None:
    pocket = life.pocket
    path = life.path
    body = pocket.place.read_all()[path]
    pocket.place.remove(path)
    if isinstance(pocket.place, GooglePlace):
        pocket.place.account.tasks[path.split("/")[1]].clear()
    moved = pocket.place.private + path.rpartition("/")[2]
    pocket.place.write(moved, body)
    assert life.night() == []
    if isinstance(pocket.place, GooglePlace):
        pocket.edit(moved, unmark=True)  # known by its id from then on
    assert life.night(40) == [("create", RUI, "due")]  # moved is touched: it does not run out
    pocket.tick(moved)
    assert life.night() == [("close", ANA, "ticked")]


def test_a_list_that_is_empty_for_a_night_dismisses_nobody(tmp_path: Path) -> None:
    life = Life(FolderPlace(tmp_path))
    path = Path(life.path)
    body = path.read_bytes()
    path.unlink()
    assert life.night() == []
    path.write_bytes(body)
    assert life.night() == []
    # Empty in two nights running it is believed.
    path.unlink()
    assert life.night() == []
    assert life.night() == [("close", ANA, "dismissed")]


def test_a_renamed_list_is_followed_by_the_config(tmp_path: Path) -> None:
    life = Life(FolderPlace(tmp_path))
    pocket = life.pocket
    pocket.place.rename_list("Later")
    tasks = pocket.config.tasks
    assert tasks
    pocket.config = replace(pocket.config, tasks=replace(tasks, list_name="Later"))
    assert life.night() == []
    pocket.tick(life.path)
    assert life.night() == [("close", ANA, "ticked")]
    assert life.night(20) == [("create", RUI, "due")]


def test_a_list_of_another_name_in_the_config_is_not_made_unasked(tmp_path: Path) -> None:
    life = Life(FolderPlace(tmp_path))
    pocket = life.pocket
    tasks = pocket.config.tasks
    assert tasks
    pocket.config = replace(pocket.config, tasks=replace(tasks, list_name="Later"))
    pocket.today = date(2026, 9, 20)
    (error,) = pocket.sync().trouble
    assert str(error).startswith(f'home: there is no list "Later"; our tasks stood in "{LIST}"')
    assert not (tmp_path / "home" / "Later").exists()


def test_a_list_that_was_deleted_is_made_anew_when_the_user_says_so(tmp_path: Path) -> None:
    life = Life(FolderPlace(tmp_path))
    pocket = life.pocket
    shutil.rmtree(pocket.place.tasks())
    pocket.today = date(2026, 9, 20)
    assert pocket.sync().trouble
    now = datetime(2026, 9, 20, 6, tzinfo=UTC)
    assert not run.sync(pocket.config, now, yes=True).trouble
    # Ana's task went with the list: that is no dismissal.
    assert sorted(task.title for _, task in pocket.ours().values()) == [ANA, RUI]
    assert life.night() == []


def test_an_event_that_is_changed_after_its_tick_was_ticked_when_it_was(tmp_path: Path) -> None:
    life = Life(FolderPlace(tmp_path, "event"))
    life.pocket.tick(life.path, date(2026, 9, 2))
    assert life.night() == [("close", ANA, "ticked")]
    life.pocket.today = date(2026, 9, 25)
    life.pocket.edit(life.path, colour=7)
    # 30 days after the tick was seen, not after the calendar changed its colour.
    assert ("create", ANA, "due") in life.night(8)


def test_words_in_the_task_count_from_when_they_were_written(tmp_path: Path) -> None:
    life = Life(FolderPlace(tmp_path))
    life.pocket.today = date(2026, 9, 5)
    life.pocket.say("every", ANA, every_days=20)
    life.pocket.edit(life.path, notes="ana@example.org\nnever")
    assert life.night() == [("withdraw", ANA, "never")]
    life.pocket.say("every", ANA, every_days=20)
    assert life.night() == [("create", ANA, "due")]


def test_a_run_killed_before_it_looked_for_what_is_missing_dismisses_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = Life(FolderPlace(tmp_path))
    moved = move_away(life)
    life.pocket.today += timedelta(days=1)
    with monkeypatch.context() as killed:
        killed.setattr(missing_tasks, "follow", die)
        with pytest.raises(KeyboardInterrupt):
            life.pocket.sync()
    # What is built before the next sync has not looked for it either.
    now = datetime(2026, 9, 3, 12, tzinfo=UTC)
    assert not run.rebuild(life.pocket.config, now, write_tasks=True).changes
    assert life.night() == []
    life.pocket.tick(moved)
    assert life.night() == [("close", ANA, "ticked")]


def test_a_task_that_went_with_the_list_it_was_moved_to_is_let_go(tmp_path: Path) -> None:
    life = Life(FolderPlace(tmp_path))
    moved = Path(move_away(life))
    assert life.night() == []
    moved.unlink()  # the last one there: believed when the folder is as empty a night later
    assert life.night() == []
    moved.parent.rmdir()
    assert life.night() == [("close", ANA, "dismissed")]


def test_a_task_of_which_nobody_can_say_for_weeks_whether_it_is_there_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    life = Life(FolderPlace(tmp_path))
    move_away(life)
    monkeypatch.setattr(IcalFile, "find", refuse)
    life.pocket.today += timedelta(days=1)
    ran = life.pocket.sync()
    assert (len(ran.trouble), ran.changes) == (1, [])
    life.pocket.today += timedelta(days=21)
    ran = life.pocket.sync()
    assert [(one.action, one.title) for one in ran.changes if one.reason == "lost"] == [
        ("close", ANA)
    ]
    assert ("create", ANA) in [(one.action, one.title) for one in ran.changes]
    run_report.tell(ran, life.pocket.config)
    assert "The task Ana Lima is not to be found any more" in capsys.readouterr().err
    assert life.night() == []  # and nobody asks for it any more


def refuse(*_: object) -> None:
    raise SourceError("home: the folder may not be read")


def move_away(life: Life) -> str:
    """The user moves the task to a folder that is not read; where it stands then."""
    pocket = life.pocket
    pocket.config = replace(
        pocket.config,
        sources=tuple(
            replace(one, options=replace(one.options, calendars=("meetings",)))
            if one.name == "home"
            else one
            for one in pocket.config.sources
        ),
    )
    path = Path(life.path)
    moved = f"{pocket.place.private}{path.name}"
    path.rename(moved)
    return moved


def die(*_: object) -> None:
    """As Ctrl+C at that instant."""
    raise KeyboardInterrupt
