"""What is new is told once, by a command that may fail, hang or be missing without harm."""

import io
import json
import os
import time
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import ConfigError
from pipeline import cli
from pipeline.book.folder import Folder
from pipeline.config import Config, Notify, Owner, Source, load
from pipeline.sync import digest, notify
from pipeline.sync.digest import OWN, Digest, DigestTrouble, Memory, compared
from tests.support.caldav_account import Said

HOME = DigestTrouble("home", "home: 2 items of Meetings could not be read: 503.", "look")
LATER = DigestTrouble("home", "home: 41 items of Meetings could not be read: 503.")
OTHER = DigestTrouble("home", "home: the password was refused.")
FULL = DigestTrouble(OWN, "No more could be written to the disk.")


# --- told once ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ([], [HOME], [("home", "new")]),
        ([HOME], [LATER], [("home", "still")]),
        ([HOME], [OTHER], [("home", "changed")]),
        ([HOME], [HOME, OTHER], [("home", "still"), ("home", "changed")]),
        ([HOME, OTHER], [OTHER], [("home", "still")]),
        ([HOME, OTHER], [], [("home", "over")]),
        ([FULL], [], [(OWN, "over")]),
        ([HOME], [HOME, FULL], [("home", "still"), (OWN, "new")]),
    ],
)
def test_trouble_is_told_when_it_begins_changes_and_ends(
    before: list[DigestTrouble], now: list[DigestTrouble], expected: list[tuple[str, str]]
) -> None:
    assert [(one.place, one.state) for one in compared(before, now)] == expected


def test_what_merely_still_stands_is_no_news_but_a_line_in_what_is_told() -> None:
    still = compared([HOME], [HOME])
    made = Digest(datetime(2026, 11, 27, 5, tzinfo=UTC), "Europe/Lisbon", troubles=tuple(still))
    assert not made.is_news
    with_more = digest.as_json(
        Digest(made.at, made.zone, troubles=tuple(compared([HOME], [HOME, FULL])))
    )
    assert digest.lines(with_more) == [
        "kithbook, Friday 27 November",
        "",
        "Needs a look:",
        "  No more could be written to the disk.",
        "",
        "Still open:",
        "  home: 2 items of Meetings could not be read: 503.",
        "      → look",
    ]


def test_a_file_that_nobody_can_read_is_as_if_nothing_was_told(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for text in ("", "[]", '{"people": 1}', "{"):
        (tmp_path / "digest.json").write_text(text)
        assert digest.recall(folder) == Memory()
    kept = Memory({"u1": "2026-11-27"}, (HOME,), {"at": "x"}, {"at": "x"}, "why")
    digest.remember(folder, kept)
    assert digest.recall(folder) == kept
    assert (tmp_path / "digest.json").stat().st_mode & 0o777 == 0o600
    digest.forget_words(folder)
    assert digest.recall(folder) == Memory({"u1": "2026-11-27"})


# --- the command ----------------------------------------------------------------------------

SAID = digest.as_json(
    Digest(datetime(2026, 11, 27, 5, tzinfo=UTC), "Europe/Lisbon", troubles=(FULL,))
)


def delivered(tmp_path: Path, script: str, **more: Any) -> str:
    """Why it failed."""
    config = Config(tmp_path, Owner("me", ("me@example.org",)), **more)
    return notify.deliver(config, Notify(("/bin/sh", "-c", script, str(tmp_path))), SAID)


def test_the_command_gets_the_digest_and_the_secrets_of_no_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Options:
        password_env = "DAV_PASSWORD"

    monkeypatch.setenv("DAV_PASSWORD", "correct-horse")
    account = Source("home", "caldav", Options())
    assert delivered(tmp_path, 'cat > "$0/said"; env > "$0/env"', sources=(account,)) == ""
    assert "No more could be written to the disk." in (tmp_path / "said").read_text()
    assert "correct-horse" not in (tmp_path / "env").read_text()


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    why = delivered(tmp_path, "echo first >&2; echo no such mailbox >&2; exit 3")
    assert why == "the command of [notify], /bin/sh, ended with 3: no such mailbox"
    missing = Notify(("/nowhere/mail",))
    config = Config(tmp_path, Owner("me", ("me@example.org",)))
    assert "No such file" in notify.deliver(config, missing, SAID)


def test_a_command_that_hangs_is_ended_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify, "SECONDS", 0.5)
    why = delivered(tmp_path, 'sleep 600 & echo $! > "$0/pid"; wait')
    assert "was ended: it took more than" in why
    process = Path("/proc") / (tmp_path / "pid").read_text().strip()
    deadline = time.monotonic() + 30
    while process.exists() and "Z" not in (process / "stat").read_text().split(")")[1]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_a_command_leaves_running_is_not_waited_for(tmp_path: Path) -> None:
    """If it were, the test would hang: the one in the background holds what it was given."""
    assert delivered(tmp_path, 'sleep 600 & echo $! > "$0/pid"; exit 0') == ""
    os.kill(int((tmp_path / "pid").read_text()), 9)


@pytest.mark.parametrize("command", ["[]", '[""]', '"mail"'])
def test_a_command_that_names_no_program_is_an_error(tmp_path: Path, command: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG + f"[notify]\ncommand = {command}\n")
    with pytest.raises(ConfigError, match=r"\[notify\]"):
        load(path)


# --- by hand --------------------------------------------------------------------------------

CONFIG = """
data = "book"
[owner.me]
emails = ["me@example.org"]
time_zone = "Europe/Lisbon"
[source.cards]
type = "vcard"
path = "cards.vcf"
[source.meetings]
type = "ical"
path = "meetings.ics"
"""
NOTIFY = """
[notify]
command = ["/bin/sh", "-c", 'cat >> "$0"', "{file}"]
json = true
"""
LUNCH = """BEGIN:VEVENT
UID:{uid}
DTSTART:{uid}T120000Z
DURATION:PT1H
SUMMARY:Lunch
ORGANIZER:mailto:me@example.org
ATTENDEE;PARTSTAT=ACCEPTED:mailto:me@example.org
ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@example.org
END:VEVENT
"""


class Home:
    """A book of cards and meetings in files, and a command that appends what it gets to one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said = folder / "said.txt"
        notify = NOTIFY.format(file=self.said)
        (folder / "config.toml").write_text(CONFIG + notify)
        (folder / "cards.vcf").write_text(
            "BEGIN:VCARD\nFN:Ana Lima\nEMAIL:ana@example.org\nEND:VCARD\n"
        )
        lunches = "".join(LUNCH.format(uid=day) for day in ("20260110", "20260301"))
        (folder / "meetings.ics").write_text(f"BEGIN:VCALENDAR\n{lunches}END:VCALENDAR\n")

    def run(self, *arguments: str, day: str = "2026-09-01") -> Said:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            place = ["--config", str(self.folder / "config.toml"), "--as-of", day]
            code = cli.run([*place, *arguments])
        return Said(code, out.getvalue(), err.getvalue())

    def heard(self) -> list[dict[str, Any]]:
        """What the command got since it was last asked."""
        text = self.said.read_text() if self.said.exists() else ""
        self.said.unlink(missing_ok=True)
        decoder, found = json.JSONDecoder(), list[dict[str, Any]]()
        while text.strip():
            one, end = decoder.raw_decode(text.strip())
            found.append(one)
            text = text.strip()[end:]
        return found


def test_each_night_tells_what_is_new_and_only_that(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert home.run("sync", "--dry-run").code == 0
    assert home.heard() == []
    assert home.run("digest").out == ""

    home.said.mkdir()  # so that the command fails
    said = home.run("sync", "--quiet")
    assert said.code == 0
    assert "the command of [notify]" in said.err
    assert "said.txt: Is a directory" in said.err
    shown = home.run("digest")
    assert "  Ana Lima" in shown.out
    assert "could not be sent" in shown.err
    assert "What was new could not be sent: the command of [notify]" in home.run("status").out

    home.said.rmdir()
    (tmp_path / "cards.vcf").rename(tmp_path / "away.vcf")
    assert home.run("sync", "--quiet", day="2026-09-02").code == 6
    (heard,) = home.heard()
    assert [one["display_name"] for one in heard["people"]] == ["Ana Lima"]  # not told before
    assert [(one["place"], one["state"]) for one in heard["troubles"]] == [("cards", "new")]
    assert json.loads(home.run("digest", "--json").out) == heard

    (tmp_path / "away.vcf").rename(tmp_path / "cards.vcf")
    assert home.run("sync", "--quiet", day="2026-09-03").code == 0
    (heard,) = home.heard()
    assert heard["people"] == []
    assert [one["message"] for one in heard["troubles"]] == ["cards: read again."]

    assert home.run("sync", "--quiet", day="2026-09-03").code == 0
    assert home.heard() == []
    quiet = home.run("digest")
    assert (quiet.out, "Nothing new since" in quiet.err) == ("", True)
    assert "All right again:\n  cards: read again." in home.run("digest", "--last").out
