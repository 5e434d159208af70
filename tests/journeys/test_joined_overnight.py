"""Two people of yesterday are one human for today's rules: what stands of either comes through.

What kept them apart yesterday is played by employers that the cards no longer name, and by the
version in the book.
"""

from pathlib import Path
from typing import Any

import pytest

from pipeline.book import sqlgraph
from tests.support import published_tables
from tests.support.new_user import Kithbook, calendar, card, meeting

NAME = "Ana Lima"
TONIGHT = ("--as-of", "2026-09-02")
CONFIG = """
[owner.me]
emails = ["me@example.org"]
time_zone = "UTC"

[source.phone]
type = "vcard"
path = "{folder}/phone.vcf"

[source.web]
type = "vcard"
path = "{folder}/web.vcf"

[source.home]
type = "ical"
path = "{folder}/calendars"

[circle.friends]
categories = ["Friends"]
every = "1 month"

[tasks]
source = "home"
list = "Follow-ups"
"""


@pytest.fixture
def yesterday(tmp_path: Path, kithbook: Kithbook, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book with two Ana Limas, each with a task, made by another version."""
    monkeypatch.setenv("KITHBOOK_CONFIG", str(tmp_path / "config.toml"))
    write_cards(tmp_path, "ORG:Fjord Labs", "ORG:Ember Media")
    for name in ("Follow-ups", "Lunches"):
        (tmp_path / "calendars" / name).mkdir(parents=True)
    for number, mail in enumerate(("ana@mail.example", "al@post.example"), 1):
        lunch = meeting(f"m{number}", f"2026050{number}T120000Z", "me@example.org", mail)
        lunch = lunch.replace(f":mailto:{mail}", f";CN={NAME}:mailto:{mail}")
        path = tmp_path / "calendars" / "Lunches" / f"m{number}.ics"
        path.write_text(calendar(lunch), "utf-8", newline="")
    (tmp_path / "config.toml").write_text(CONFIG.format(folder=tmp_path), "utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(sqlgraph, "version", lambda: "yesterday")
        kithbook("sync")
    assert rows(tmp_path, "select count(*) from people where not is_owner") == [(2,)]
    assert len(tasks(tmp_path)) == 2
    write_cards(tmp_path, "NOTE:no longer", "NOTE:there")
    return tmp_path


def write_cards(folder: Path, on_the_phone: str, on_the_web: str) -> None:
    for file, mail, line in (
        ("phone", "ana@mail.example", on_the_phone),
        ("web", "al@post.example", on_the_web),
    ):
        text = card(NAME, f"UID:{file}", f"EMAIL:{mail}", "CATEGORIES:Friends", line)
        (folder / f"{file}.vcf").write_text(text, "utf-8")


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with published_tables.looking(folder / "book") as book:
        return book.execute(sql).fetchall()


def tasks(folder: Path) -> list[str]:
    """The open tasks in the list."""
    texts = [path.read_text("utf-8") for path in (folder / "calendars/Follow-ups").glob("*.ics")]
    return sorted(text for text in texts if "STATUS:NEEDS-ACTION" in text)


def uid(text: str) -> str:
    """The line that says which task it is."""
    return next(line for line in text.splitlines() if line.startswith("UID:"))


def test_one_task_is_left_and_one_sentence_says_who_joined(
    yesterday: Path, kithbook: Kithbook
) -> None:
    before = tasks(yesterday)
    said = kithbook(*TONIGHT, "sync")
    assert rows(yesterday, "select display_name from people where not is_owner") == [(NAME,)]
    assert f"1 now part of another person: {NAME} → {NAME}." in said
    (left,) = tasks(yesterday)
    assert uid(left) in map(uid, before)
    assert "The first book" not in kithbook(*TONIGHT, "sync")
    assert tasks(yesterday) == [left]


def test_a_split_takes_it_back_for_good(yesterday: Path, kithbook: Kithbook) -> None:
    kithbook(*TONIGHT, "sync")
    (left,) = tasks(yesterday)
    kithbook(*TONIGHT, "split", NAME, "--card", "2")
    for as_of in ("2026-09-02", "2026-09-03"):
        kithbook("--as-of", as_of, "sync")
        assert rows(yesterday, "select count(*) from people where not is_owner") == [(2,)]
        uids = [uid(text) for text in tasks(yesterday)]
        assert uid(left) in uids
        assert len(set(uids)) == len(uids) <= 2
