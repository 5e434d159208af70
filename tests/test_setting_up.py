"""A newcomer's way: import, init, choose, sync, against a real server and a real terminal."""

import io
import os
import pty
import select
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import cli, config
from pipeline.setting_up import hosts
from pipeline.setting_up import init as setting_up
from tests.account import Account, run_account
from tests.contract import PASSWORD
from tests.hand import Terminal
from tests.proxy import run_proxy
from tests.servers import USER, run_xandikos

ROOT = Path(__file__).parent.parent


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    monkeypatch.setenv("KITHBOOK_DATA", str(tmp_path / "book"))
    with run_account("radicale", tmp_path) as one:
        one.config.unlink()
        one.add_card("Ana Lima", "ana@example.org")
        for number, day in enumerate(["0401", "0415", "0429", "0513", "0527", "0610"]):
            one.add_meeting(f"lunch-{number}", f"2026{day}T120000", "ana@example.org")
        yield one


def on_a_terminal(account: Account, answers: list[tuple[str, str]], *arguments: str) -> str:
    """Run the command on a terminal of its own; each answer is typed when its question stands."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "pipeline.cli", "--config", str(account.config)]
    command += ["--data", str(account.folder / "book"), "--as-of", "2026-09-01", *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, env={**os.environ, "TZ": "UTC"}
    )
    os.close(slave)
    said, waiting = "", list(answers)
    deadline = time.monotonic() + 500
    while time.monotonic() < deadline:
        if select.select([master], [], [], 0.2)[0]:
            try:
                said += os.read(master, 65536).decode()
            except OSError:  # the terminal's other end is closed: the command has ended
                break
        if waiting and waiting[0][0] in said.rpartition("\x00")[2]:
            os.write(master, waiting.pop(0)[1].encode() + b"\n")
            said += "\x00"
    os.close(master)
    assert process.wait(60) == 0, said
    assert waiting == [], said
    return said


def test_init_choose_and_sync_by_answering_questions(account: Account) -> None:
    said = on_a_terminal(
        account,
        [
            ("e-mail addresses", "me@example.org"),
            ("time zone", "Europe/Lisbon"),
            ("phone numbers", ""),
            ("CalDAV/CardDAV", f"{account.proxy.url}/"),
            ("User name", USER),
            ("Command that prints", f"echo {PASSWORD}"),
            ("List for the follow-ups", ""),
        ],
        "init",
    )
    assert "Meetings: event" in said
    assert "People: contact" in said
    assert "kithbook sync" in said
    assert stat.S_IMODE(account.config.stat().st_mode) == 0o600
    loaded = config.load(account.config)
    assert loaded.owner.emails == ("me@example.org",)
    assert loaded.owner.phone_region == "PT"
    assert loaded.tasks
    assert loaded.tasks.list_name == "Follow-ups"

    def run(*arguments: str, as_of: str = "2026-09-01") -> str:
        data = ["--data", str(account.folder / "book")]
        return account.must(*data, *arguments, as_of=as_of).err

    assert "would write Ana Lima" in run("sync", "--dry-run")
    assert account.tasks() == {}
    said = on_a_terminal(account, [("1/1  Ana Lima", "k 2 months")], "choose")
    assert "1 answer noted" in said
    assert "1 new" in run("sync")
    assert len(account.tasks()) == 1


def test_init_goes_on_from_an_import(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = tmp_path / "a.vcf"
    card.write_text("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Lima\r\nEND:VCARD\r\n")
    place = ["--config", str(tmp_path / "c.toml"), "--data", str(tmp_path / "book")]
    given = ["init", "--email", "me@example.org", "--time-zone", "Europe/Lisbon"]
    assert cli.run([*place, *given]) == 0
    assert "Next: `kithbook import FILE…`" in capsys.readouterr().err
    assert cli.run([*place, "import", str(card)]) == 0
    capsys.readouterr()
    assert cli.run([*place, *given, "--force"]) == 0
    assert "Next: `kithbook choose`" in capsys.readouterr().err


def test_init_writes_nothing_that_cannot_be_meant_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "here" / "config.toml"
    given = ["init", "--email", "me@example.org", "--time-zone", "Europe/Lisbon"]
    assert cli.run(["--config", str(path), *given, "--phone-region", "XX"]) == 2
    said = capsys.readouterr().err
    assert '"XX" is no country. Nothing was written.' in said
    assert not path.parent.exists()
    assert cli.run(["--config", str(path), *given, "--phone-region", "pt"]) == 0
    assert 'phone_region = "PT"' in path.read_text()


INIT = ("init", "--email", "me@example.org", "--time-zone", "Europe/Lisbon", "--username", USER)


def test_init_finds_the_scheme_of_an_address_without_one(account: Account) -> None:
    """https first; to this machine itself http will do."""
    bare = account.proxy.url.removeprefix("http://")
    said = account.must(*INIT, "--url", bare, "--password-command", f"echo {PASSWORD}")
    assert "Meetings: event" in said.err
    assert f'url = "{account.proxy.url}/"' in account.config.read_text()


def test_init_takes_https_where_it_works(account: Account, tmp_path: Path) -> None:
    """It answers by https, which is what was asked; that its certificate is unknown is told."""
    with run_xandikos(tmp_path / "tls", https=True) as server:
        account.must(
            *INIT, "--url", f"localhost:{server.port}/dav/", "--password-command", "echo x"
        )
    assert f'url = "https://localhost:{server.port}/dav/"' in account.config.read_text()


@pytest.mark.parametrize(
    "url", ["ana@dav.example.org", "dav.example.org\\@evil.test", "a b:c", "["]
)
def test_init_writes_no_address_that_is_none(account: Account, url: str) -> None:
    said = account.run(*INIT, "--url", url, "--password-command", "echo x")
    assert said.code == 2
    assert "Nothing was written" in said.err
    assert not account.config.exists()


def test_other_machines_are_asked_by_https_alone() -> None:
    assert setting_up.addresses_meant("dav.example.org") == ["https://dav.example.org/"]
    assert setting_up.addresses_meant("127.0.0.1:5232/a") == [
        "https://127.0.0.1:5232/a",
        "http://127.0.0.1:5232/a",
    ]
    assert setting_up.addresses_meant("http://dav.example.org/") == ["http://dav.example.org/"]
    assert setting_up.addresses_meant(None) == [None]


@pytest.fixture
def spread(account: Account) -> Iterator[tuple[Account, str]]:
    """An account that lies on two hosts, and the second of them."""
    with run_proxy(account.server.address) as second:
        there = {"Location": f"{second.url}/"}
        account.proxy.answer_instead["/"] = (301, there, b"")
        yield account, f"127.0.0.1:{second.port}"


def test_init_offers_to_write_the_second_host(spread: tuple[Account, str]) -> None:
    account, host = spread
    said = on_a_terminal(
        account,
        [("may hosts", "y")],
        *INIT,
        *("--phone-region", "PT", "--url", account.proxy.url),
        *("--password-command", f"echo {PASSWORD}", "--list", "Follow-ups"),
    )
    assert f"names {host} as the place of this account" in said
    assert "Meetings: event" in said
    (source,) = config.load(account.config).sources
    assert source.options.hosts == (host,)
    assert account.must("pull").code == 0


def test_doctor_offers_to_write_the_second_host(
    spread: tuple[Account, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a terminal, or without a yes, it says the line and leaves the config alone."""
    account, host = spread
    account.must(*INIT, "--url", account.proxy.url, "--password-command", f"echo {PASSWORD}")
    text = account.config.read_text()
    line = f'hosts = ["{host}"]'
    for answer in (None, "", "n", "yes"):
        monkeypatch.setattr("sys.stdin", io.StringIO() if answer is None else Terminal(answer))
        said = account.run("doctor")
        assert said.code == (0 if answer == "yes" else 4), said
        assert line in said.out + said.err
        assert (line in account.config.read_text()) == (answer == "yes")
    assert account.config.read_text().replace(f"{line}\n", "") == text


def test_first_sync_after_the_rule_of_names_says_the_line(spread: tuple[Account, str]) -> None:
    account, host = spread
    account.must(*INIT, "--url", account.proxy.url, "--password-command", f"echo {PASSWORD}")
    said = account.run("sync", "--quiet")
    assert said.code == 4
    assert f'write hosts = ["{host}"] into [source.home]' in said.err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('[source.a]\nurl = "u"\n', '[source.a]\nurl = "u"\nhosts = ["h"]\n'),
        ('[source.a]\nurl = "u"', '[source.a]\nurl = "u"\nhosts = ["h"]\n'),
        ('[source.a]\r\nurl = "u"\r\n', '[source.a]\r\nurl = "u"\r\nhosts = ["h"]\r\n'),
        ("[source.a] # mine\nx = 1\n", '[source.a] # mine\nhosts = ["h"]\nx = 1\n'),
        ('[source."a"]\nhosts = ["g"] # old\n', '[source."a"]\nhosts = ["h"]\n'),
        ("[source.b]\nurl = 1\n[source.a]\n", '[source.b]\nurl = 1\n[source.a]\nhosts = ["h"]\n'),
        ('[source.a]\nhosts = [\n"g",\n]\n', None),
        ("source.a = {url = 1}\n", None),
        ('[x]\ny = """\n[source.a]\nurl = 1\n"""\n[source]\na = {z = 1}\n', None),
    ],
)
def test_line_is_written_into_the_section_or_not_at_all(before: str, after: str | None) -> None:
    assert hosts.with_key(before, "a", "hosts", ["h"], 'hosts = ["h"]') == after


def test_init_without_a_terminal_takes_options_and_keeps_a_config(account: Account) -> None:
    arguments = ("init", "--email", "me@example.org,me@work.example", "--url", account.proxy.url)
    options = ("--username", USER, "--password-command", f"echo {PASSWORD}")
    said = account.must(*arguments, *options, "--time-zone", "Europe/Lisbon", "--list", "Calls")
    assert "Meetings: event" in said.err
    text = account.config.read_text()
    assert "# [circle.mentors]" in text
    assert PASSWORD not in text.replace(f'"echo", "{PASSWORD}"', "")
    again = account.run(*arguments, *options)
    assert again.code == 2
    assert "left as it is" in again.err
    assert account.config.read_text() == text


def test_init_keeps_the_config_when_the_account_does_not_answer(account: Account) -> None:
    arguments = (
        "init",
        "--email",
        "me@example.org",
        "--url",
        account.proxy.url,
        "--username",
        USER,
    )
    said = account.must(*arguments, "--password-command", "echo wrong", "--time-zone", "UTC")
    assert "refused the login" in said.err
    assert account.config.exists()


def test_the_example_explains_every_key_and_can_be_meant_so(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(setting_up.example())
    loaded = config.load(path)
    assert loaded.source("home").type == "caldav"
    assert [circle.every_days for circle in loaded.circles] == [None, 91]
    assert loaded.tasks
    assert loaded.tasks.form == "task"


@pytest.mark.parametrize("name", ['O"Neil\\', "tab\there", "Zoë 李"])
def test_what_is_answered_is_written_as_text(tmp_path: Path, name: str) -> None:
    answers = setting_up.Answers(("me@example.org",), "UTC", "", "https://a.example/", name)
    path = tmp_path / "config.toml"
    path.write_text(setting_up.render(setting_up.example(), answers))
    assert config.load(path).source("home").options.username == name


def test_the_guide_to_google_comes_with_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["auth", "google", "--guide"]) == 0
    assert capsys.readouterr().out == (ROOT / "docs" / "google.md").read_text("utf-8")
