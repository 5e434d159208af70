"""A person with a phone: what they and their apps do to cards, meetings and tasks, and a night."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb

from connectors.contract import TASK_UID_PREFIX, Task
from pipeline.book import decisions
from pipeline.book.decisions import Decision, Who
from pipeline.config import Config
from pipeline.sync import run
from tests.support.phone_client import App, TodoApp
from tests.support.source_places import Place


@dataclass
class Pocket:
    """The person: their day, what they do, and the nights between."""

    place: Place
    today: date
    config: Config = field(init=False)
    strangers: dict[str, str] = field(default_factory=dict)
    """Name → e-mail of those whom invitations name and no card."""
    _said: int = 0

    def __post_init__(self) -> None:
        self.config = self.place.config

    @property
    def app(self) -> App:
        """The app in which the tasks stand."""
        return self.place.app

    # --- nights ---------------------------------------------------------------------------

    def night(self, days: int = 1) -> run.RunResult:
        """The sync at six in the morning, so many days later."""
        self.today += timedelta(days=days)
        return self.sync()

    def sync(self) -> run.RunResult:
        return run.sync(self.config, self.now())

    def now(self) -> datetime:
        """Six in the morning of the day."""
        return datetime(self.today.year, self.today.month, self.today.day, 6, tzinfo=UTC)

    # --- what they and their apps do ---------------------------------------------------------

    def add_card(self, name: str, *lines: str, known_as: str | None = None) -> None:
        """A card under the name's first word, or another in its place.

        :param known_as: the name that it was made with, of which `name` is another.
        """
        uid = (known_as or name).split(maxsplit=1)[0].lower()
        self.place.put_card(uid, name, lines)

    def add_meeting(
        self, uid: str, day: date, *emails: str, title: str = "Lunch", status: str = "CONFIRMED"
    ) -> None:
        """An accepted meeting of an hour at noon, or another in its place."""
        names = {email: name for name, email in self.strangers.items()}
        people = {email: names.get(email) for email in emails}
        self.place.put_meeting(uid, day, people, title, status)

    def add_task(self, uid: str, title: str, *, is_private: bool = False) -> str:
        """A task of the user's own, in our list or in another; its path."""
        app = TodoApp() if is_private and isinstance(self.app, TodoApp) else self.app
        folder = self.place.private if is_private else self.place.tasks()
        path = f"{folder}{uid}{'.ics' if isinstance(app, TodoApp) else ''}"
        self.place.write(path, app.new(uid, title))
        return path

    def edit(self, path: str, **fields: Any) -> None:
        """Change fields of a task, as an app does: the rest stays as it is."""
        body = self.place.read_all()[path]
        self.place.write(path, self.app.edit(body, self.today, **fields))

    def tick(self, path: str, day: date | None = None) -> None:
        body = self.place.read_all()[path]
        self.place.write(path, self.app.edit(body, day or self.today, status="completed"))

    def untick(self, path: str) -> None:
        self.edit(path, status="needs-action")

    def say(self, verb: str, *names: str, **columns: object) -> Decision:
        """A decision; the later word is the later one."""
        self._said += 1
        moment = datetime(self.today.year, self.today.month, self.today.day, 9, tzinfo=UTC)
        said = Decision(verb, **columns)  # type: ignore[arg-type]  # the fields of a decision
        who = [Who(name, self._keys_of(name)) for name in names]
        named = dict(zip(("who", "other"), who, strict=False))
        values = {one: getattr(said, one) for one in Decision.__slots__} | named
        return decisions.append(
            self.config.data, Decision(**values), moment + timedelta(seconds=self._said)
        )

    def _keys_of(self, name: str) -> tuple[str, ...]:
        """The address in the invitations, or the card."""
        uid = name.split(maxsplit=1)[0].lower()
        books = {"cards": "cards", "home": getattr(self.place, "cards", "")}
        cards = [f"card {source} {book} {uid}" for source, book in books.items()]
        return (f"email {email_of(name)}", *cards)

    # --- what stands there -------------------------------------------------------------------

    def standing(self) -> Iterator[tuple[str, bytes, Task]]:
        """Path, body and task of every task, ours and theirs."""
        for path, body in self.place.read_all().items():
            if task := self.app.read(body):
                yield path, body, task

    def ours(self) -> dict[str, tuple[str, Task]]:
        """uid → path and task of those that kithbook wrote, in the list or moved to another.

        Without those that it withdrew and left there for another machine that shares the list.
        """
        return {
            task.uid: (path, task)
            for path, _, task in self.standing()
            if task.uid.startswith(TASK_UID_PREFIX) and not is_left_over(task)
        }

    def are_twins(self) -> bool:
        """A UID of ours stands twice."""
        uids = [task.uid for _, _, task in self.standing() if task.uid.startswith(TASK_UID_PREFIX)]
        return len(uids) > len({*uids})

    def is_marked(self, path: str) -> bool:
        """Whether the item itself still says that it is ours."""
        return TASK_UID_PREFIX.encode() in self.place.read_all()[path]

    def whose(self, names: Sequence[str]) -> dict[str, str]:
        """UID of a task → which of these people it was written for."""
        with duckdb.connect(str(self.config.data / "state.duckdb"), read_only=True) as state:
            rows = state.execute(
                "select task_links.uid, record_ids.key from raw.task_links"
                " join raw.record_ids on task_links.person_id = record_ids.record_id"
            ).fetchall()
        words = {name.split(maxsplit=1)[0].lower(): name for name in names}
        return {uid: words[re.findall(rf"\b({'|'.join(words)})\b", key)[0]] for uid, key in rows}

    def not_ours(self) -> dict[str, bytes]:
        """path → bytes of everything else."""
        ours = {path for path, _, one in self.standing() if one.uid.startswith(TASK_UID_PREFIX)}
        return {path: body for path, body in self.place.read_all().items() if path not in ours}


def is_left_over(task: Task) -> bool:
    """It was withdrawn and stands there for another machine alone."""
    return task.status == "cancelled" and task.mark.split(".")[5:6] == ["withdrawn"]


def email_of(name: str) -> str:
    """ana@example.org."""
    return f"{name.split(maxsplit=1)[0].lower()}@example.org"
