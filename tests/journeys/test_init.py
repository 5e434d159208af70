"""A newcomer's way: import, init, choose, sync, against a real server and a real terminal."""

import io
import os
import pty
import re
import select
import signal
import stat
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from pipeline import cli, config
from pipeline.commands.init import allow_hosts, ask_source, config_writer
from tests.contract.connector_contract import PASSWORD
from tests.support.caldav_account import Account, run_account
from tests.support.dav_servers import USER, run_xandikos
from tests.support.demo_commands import Terminal
from tests.support.failing_proxy import run_proxy
from tests.support.fake_google.server import GoogleServer
from tests.support.google_account import google
from tests.support.paths import ROOT
from tests.support.web_file_server import Feed, run_feed

__all__ = ["google"]


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    monkeypatch.setenv("KITHBOOK_DATA", str(tmp_path / "book"))
    with run_account("radicale", tmp_path) as one:
        one.config.unlink()
        one.add_card("Ana Lima", "ana@example.org")
        for number, day in enumerate(["0401", "0415", "0429", "0513", "0527", "0610"]):
            one.add_meeting(f"lunch-{number}", f"2026{day}T120000", "ana@example.org")
        yield one


@pytest.fixture
def feed() -> Iterator[Feed]:
    with run_feed() as one:
        yield one


INIT_OWNER = ("--email", "me@example.org", "--time-zone", "Europe/Lisbon")

Typed = str | Callable[[str], None] | signal.Signals
"""What answers a question: a line, something done elsewhere by what was said, or Ctrl-C."""


def on_a_terminal(
    config: Path, answers: Sequence[tuple[str, Typed]], *arguments: str, code: int = 0
) -> str:
    """Run the command on a terminal of its own; each answer is typed when its question stands."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "pipeline.cli", "--config", str(config)]
    command += ["--data", str(config.parent / "book"), "--as-of", "2026-09-01", *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, env={**os.environ, "TZ": "UTC"}
    )
    os.close(slave)
    said, waiting = "", list(answers)
    deadline = time.monotonic() + 150
    while time.monotonic() < deadline:
        if select.select([master], [], [], 0.2)[0]:
            try:
                said += os.read(master, 65536).decode()
            except OSError:  # the terminal's other end is closed: the command has ended
                break
        if waiting and waiting[0][0] in said.rpartition("\x00")[2]:
            answer = waiting.pop(0)[1]
            if isinstance(answer, signal.Signals):
                process.send_signal(answer)
            elif isinstance(answer, str):
                os.write(master, answer.encode() + b"\n")
            else:
                answer(said)
            said += "\x00"
    os.close(master)
    if waiting:
        process.kill()
    assert process.wait(60) == code or not waiting, said
    assert waiting == [], said
    return said.replace("\x00", "")


OWNER: list[tuple[str, Typed]] = [
    ("e-mail addresses", "me@example.org"),
    ("time zone", "Europe/Lisbon"),
    ("phone numbers", ""),
]


def test_init_choose_and_sync_by_answering_questions(account: Account) -> None:
    """Each answer is checked before the next is asked, the login by logging in."""
    said = on_a_terminal(
        account.config,
        [
            ("e-mail addresses", "me"),
            ('"me" is not an e-mail address', "me@example.org"),
            ("time zone", "Lisbin"),
            ("Did you mean Europe/Lisbon?", "lisbon"),
            ("[PT]", "XX"),
            ('"XX" is not a country', ""),
            ("Which one", "1"),
            ("CalDAV/CardDAV server", "http://127.0.0.1:9/"),
            ("127.0.0.1:9 does not answer", f"{account.proxy.url}/"),
            ("User name", USER),
            ("Command that prints", "echo wrong"),
            ("Answer again (Enter)", ""),
            (f"CalDAV/CardDAV server [{account.proxy.url}/]", ""),
            (f"User name there [{USER}]", ""),
            ("[echo wrong]", f"echo {PASSWORD}"),
            ("List for the follow-ups", "Nowhere"),
            ('There is no list "Nowhere" yet', "n"),
            ("List for the follow-ups", ""),
            ("Make it at the first sync?", ""),
            ("Which one", ""),
        ],
        "init",
    )
    assert "refused the login" in said
    assert "Meetings: event" in said
    assert "People: contact" in said
    assert "kithbook sync" in said
    assert stat.S_IMODE(account.config.stat().st_mode) == 0o600
    assert not account.config.with_name("config.toml.draft").exists()
    loaded = config.load(account.config)
    assert loaded.owner.emails == ("me@example.org",)
    assert (loaded.owner.time_zone, loaded.owner.phone_region) == ("Europe/Lisbon", "PT")
    assert loaded.source("home").options.password_command == ("echo", PASSWORD)
    assert loaded.tasks
    assert loaded.tasks.list_name == "Follow-ups"

    def run(*arguments: str, as_of: str = "2026-09-01") -> str:
        data = ["--data", str(account.folder / "book")]
        return account.must(*data, *arguments, as_of=as_of).err

    assert "would write Ana Lima" in run("sync", "--dry-run")
    assert account.tasks() == {}
    said = on_a_terminal(account.config, [("1/1  Ana Lima", "k 2 months")], "choose")
    assert "1 answer noted" in said
    assert "1 new" in run("sync")
    assert len(account.tasks()) == 1


def test_what_was_answered_is_proposed_again_after_ctrl_c(account: Account) -> None:
    """Of the owner, whose part is written at once, and of a source that was half answered."""
    draft = account.config.with_name("config.toml.draft")
    on_a_terminal(account.config, [*OWNER[:2], ("phone numbers", signal.SIGINT)], "init", code=130)
    assert not account.config.exists()
    on_a_terminal(
        account.config,
        [
            ("[me@example.org]", ""),
            ("[Europe/Lisbon]", ""),
            ("[PT]", ""),
            ("Which one", "1"),
            ("CalDAV/CardDAV", account.proxy.url),
            ("User name", USER),
            ("Command that prints", "echo wrong"),
            ("Answer again", signal.SIGINT),
        ],
        "init",
        code=130,
    )
    before = account.config.read_text()
    assert config.load(account.config).sources == ()
    assert PASSWORD not in draft.read_text()
    on_a_terminal(
        account.config,
        [
            ("without a source", ""),
            ("Which one", "1"),
            (f"[{account.proxy.url}]", ""),
            (f"[{USER}]", ""),
            ("[echo wrong]", f"echo {PASSWORD}"),
            ("List for", "Follow-ups"),
            ("Make it", ""),
            ("Which one", ""),
        ][1:],
        "init",
    )
    assert not draft.exists()
    after = account.config.read_text()
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    assert [one.name for one in config.load(account.config).sources] == ["home"]


def test_a_source_that_does_not_work_is_left_out_or_written_down(account: Account) -> None:
    wrong: list[tuple[str, Typed]] = [
        ("Which one", "1"),
        ("CalDAV/CardDAV", account.proxy.url),
        ("User name", USER),
        ("Command that prints", "echo wrong"),
    ]
    out: list[tuple[str, Typed]] = [("Answer again", "x"), ("One of w, l", "l")]
    end: list[tuple[str, Typed]] = [("Which one", "")]
    on_a_terminal(account.config, [*OWNER, *wrong, *out, *end], "init")
    assert config.load(account.config).sources == ()
    down: list[tuple[str, Typed]] = [("Answer again", "w"), ("List for", "Calls")]
    on_a_terminal(account.config, [*wrong, *down, *end], "init")
    loaded = config.load(account.config)
    assert [one.name for one in loaded.sources] == ["home"]
    assert loaded.tasks
    assert loaded.tasks.list_name == "Calls"


def test_folders_addresses_and_files_by_the_menu_and_again_later(
    tmp_path: Path, feed: Feed
) -> None:
    path = tmp_path / "config.toml"
    (tmp_path / "lists" / "calls").mkdir(parents=True)
    (tmp_path / "a.vcf").write_text("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Lima\r\nEND:VCARD\r\n")
    feed.body = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//\r\nEND:VCALENDAR\r\n"
    said = on_a_terminal(
        path,
        [
            *OWNER,
            ("Which one", "3"),
            ("Folder (a vdir) or file", str(tmp_path / "nowhere")),
            ("There is no file or folder", str(tmp_path / "lists")),
            ("List for the follow-ups (Enter: none)", "Calls"),
            ("Which one", "4"),
            ("Web address", "http://dav.example.org/x.ics"),
            ("https", feed.url),
            ("Which one", "5"),
            ("File, folder or archive", str(tmp_path / "a.vcf")),
            ("Which one", ""),
        ],
        "init",
    )
    assert "a.vcf: 1 card: 1 person's card" in said
    loaded = config.load(path)
    assert [(one.name, one.type) for one in loaded.sources] == [("folder", "ical"), ("web", "ical")]
    assert loaded.source("web").options.url == feed.url
    assert loaded.tasks
    assert (loaded.tasks.source, loaded.tasks.list_name) == ("folder", "Calls")

    mine = path.read_text().replace("[source.web]", "[source.web]  # the club's")
    path.write_text(mine)
    feed.body = (tmp_path / "a.vcf").read_bytes()
    feed.kind = "text/vcard"
    answers: list[tuple[str, Typed]] = [
        ("with folder, web", "4"),
        ("Web address", feed.url),
        ("Which one", ""),
    ]
    on_a_terminal(path, answers, "init")
    loaded = config.load(path)
    assert [(one.name, one.type) for one in loaded.sources][2:] == [("web2", "vcard")]
    added = path.read_text()
    assert [line for line in mine.splitlines() if line not in added.splitlines()] == []


def test_a_google_account_by_the_menu(
    tmp_path: Path, google: GoogleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client file that is none, then the login in a browser elsewhere, then the next question."""
    monkeypatch.setenv("SSH_CONNECTION", "somewhere")
    path = tmp_path / "config.toml"
    (tmp_path / "config.toml.draft").write_text(
        f'[source.google]\ntype = "google"\napi_endpoint = "{google.url}"\n'
    )
    (tmp_path / "none.json").write_text("{}")
    client = google.client_file(tmp_path)

    def browse(said: str) -> None:
        address = next(word for word in said.split() if word.startswith("http://127.0.0.1"))
        with urllib.request.urlopen(address, timeout=500) as page:
            assert b"kithbook" in page.read()

    said = on_a_terminal(
        path,
        [
            *OWNER,
            ("Which one", "2"),
            ("Client file", str(tmp_path / "none.json")),
            ("Client file", str(client)),
            ("Google Tasks?", "y"),
            ("Or paste", browse),
            ("List for", "Calls"),
            ("Make it at the first sync?", "y"),
            ("Which one", ""),
        ],
        "init",
    )
    assert "Contacts: contact" in said
    loaded = config.load(path)
    assert loaded.source("google").options.client_secret_file == str(client)
    assert loaded.tasks
    assert (loaded.tasks.source, loaded.tasks.list_name) == ("google", "Calls")


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [
        ((), "--email is missing"),
        (("--email", "me@example.org"), "--time-zone is missing"),
        (("--email", "me@example.org", "--time-zone", "UTC"), "--phone-region is missing"),
        ((*INIT_OWNER, "--url", "HERE"), "--username is missing"),
        (
            (*INIT_OWNER, "--url", "HERE", "--username", "ana"),
            "--password-command or --password-env is missing",
        ),
        ((*INIT_OWNER, "--path", "/nowhere"), "--path: There is no file or folder /nowhere"),
        ((*INIT_OWNER, "--web", "http://a.example/"), "--web: "),
        ((*INIT_OWNER, "--web-env", "NO_SUCH"), "--web: The variable NO_SUCH is not set"),
        ((*INIT_OWNER, "--url", "http://127.0.0.1:9/"), "127.0.0.1:9 does not answer"),
    ],
)
def test_without_a_terminal_what_is_missing_is_named(
    account: Account, arguments: tuple[str, ...], missing: str
) -> None:
    given = [one.replace("HERE", account.proxy.url) for one in arguments]
    said = account.run("init", *given)
    assert said.code in {2, 3, 4}
    assert missing in said.err
    assert "Nothing was written" in said.err
    assert list(account.folder.glob("config.toml*")) == []


def test_without_a_terminal_options_add_a_source(account: Account, tmp_path: Path) -> None:
    login = ("--username", USER, "--password-command", f"echo {PASSWORD}")
    account.must("init", *INIT_OWNER, "--url", account.proxy.url, *login)
    before = account.config.read_text()
    (tmp_path / "a.vcf").write_text("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nEND:VCARD\r\n")
    account.must("init", "--path", str(tmp_path / "a.vcf"), "--name", "cards")
    assert [one.name for one in config.load(account.config).sources] == ["home", "cards"]
    assert [one for one in before.splitlines() if one not in account.config.read_text()] == []
    again = account.run("init", "--path", str(tmp_path / "a.vcf"), "--name", "cards")
    assert again.code == 2
    assert "there is one already" in again.err
    refused = account.run("init", *INIT_OWNER)
    assert refused.code == 2
    assert "left as it is" in refused.err


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
    assert '"XX" is not a country. Nothing was written.' in said
    assert not path.parent.exists()
    assert cli.run(["--config", str(path), *given, "--phone-region", "pt"]) == 0
    assert 'phone_region = "PT"' in path.read_text()


INIT = ("init", *INIT_OWNER, "--username", USER)


def test_init_finds_the_scheme_of_an_address_without_one(account: Account) -> None:
    """https first; to this machine itself http will do."""
    bare = account.proxy.url.removeprefix("http://")
    said = account.must(*INIT, "--url", bare, "--password-command", f"echo {PASSWORD}")
    assert "Meetings: event" in said.err
    assert f'url = "{account.proxy.url}/"' in account.config.read_text()


def test_init_takes_https_where_it_works(account: Account, tmp_path: Path) -> None:
    """It answers by https, which is what was asked; that its certificate is unknown is told."""
    with run_xandikos(tmp_path / "tls", https=True) as server:
        said = account.run(
            *INIT, "--url", f"localhost:{server.port}/dav/", "--password-command", "echo x"
        )
    assert said.code == 4
    assert "certificate" in said.err
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
    assert ask_source.addresses_meant("dav.example.org") == ["https://dav.example.org/"]
    assert ask_source.addresses_meant("127.0.0.1:5232/a") == [
        "https://127.0.0.1:5232/a",
        "http://127.0.0.1:5232/a",
    ]
    assert ask_source.addresses_meant("http://dav.example.org/") == ["http://dav.example.org/"]


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
        account.config,
        [("may hosts", "y"), ("Make it", "y")],
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
    said = account.run(*INIT, "--url", account.proxy.url, "--password-command", f"echo {PASSWORD}")
    assert said.code == 4
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
    said = account.run(*INIT, "--url", account.proxy.url, "--password-command", f"echo {PASSWORD}")
    assert said.code == 4
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
    assert allow_hosts.with_key(before, "a", "hosts", ["h"], 'hosts = ["h"]') == after


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


def test_init_without_a_terminal_ends_with_what_is_wrong_and_keeps_the_config(
    account: Account,
) -> None:
    """The server may be down, the password be set later: what was said is not to be said again."""
    said = account.run(*INIT, "--url", account.proxy.url, "--password-command", "echo wrong")
    assert said.code == 3
    assert "refused the login" in said.err
    assert "[source.home] is written as it is" in said.err
    assert config.load(account.config).source("home").options.username == USER


def test_the_example_explains_every_key_and_can_be_meant_so(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(config_writer.example())
    loaded = config.load(path)
    assert loaded.source("home").type == "caldav"
    assert [circle.every_days for circle in loaded.circles] == [None, 91]
    assert loaded.tasks
    assert loaded.tasks.form == "task"


@pytest.mark.parametrize("name", ['O"Neil\\', "tab\there", "Zoë 李"])
def test_what_is_answered_is_written_as_text(tmp_path: Path, name: str) -> None:
    path = tmp_path / "config.toml"
    owner = config_writer.with_owner({"emails": ["me@example.org"], "time_zone": "UTC"})
    account = {"type": "caldav", "url": "https://a.example/", "username": name}
    path.write_text(config_writer.with_source(owner, "home", account), "utf-8")
    assert config.load(path).source("home").options.username == name


@pytest.mark.parametrize(
    "text",
    [
        '[owner.me] # mine\nemails = ["a@b"]\n',
        '[source]\na = {type = "x"} # one\n',
        'source = {a = {type = "x"}}\n',
        '# --- circles\n[circle.a]\npurpose = """\n# --- circles\n"""\n',
        'source.a.type = "x" # one\n',
        "[rules]\r\nmax_attendees = 3 # few\r\n",
    ],
)
def test_a_section_more_leaves_all_else_and_its_comments(text: str) -> None:
    added = config_writer.with_source(text, "b c", {"type": "y", "list": ["1", '"']})
    wanted = tomllib.loads(text)
    wanted.setdefault("source", {})["b c"] = {"type": "y", "list": ["1", '"']}
    assert tomllib.loads(added) == wanted
    assert [one for one in re.findall("#.*", text) if one not in added] == []


def test_the_guide_to_google_comes_with_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["auth", "google", "--guide"]) == 0
    assert capsys.readouterr().out == (ROOT / "docs" / "google.md").read_text("utf-8")
