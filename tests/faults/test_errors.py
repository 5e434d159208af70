"""Each trouble says what, where, what stayed unchanged, and the next command; and has its code."""

import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.errors import FileHeld, NoBookYet, StorageError
from pipeline import cli
from tests.support.caldav_account import Account, run_account
from tests.support.dav_servers import free_port
from tests.support.demo_commands import copy_book
from tests.support.paths import ROOT

OWNER = '[owner.me]\nemails = ["me@example.org"]\ntime_zone = "Europe/Lisbon"\n'


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with run_account("radicale", tmp_path_factory.mktemp("account")) as one:
        one.add_card("Ana Lima", "ana@example.org")
        one.must("sync")
        yield one


@pytest.fixture
def account(shared: Account) -> Iterator[Account]:
    before = shared.config.read_text()
    yield shared
    shared.config.write_text(before)
    shared.proxy.reset()


def change(account: Account, old: str, new: str) -> None:
    text = account.config.read_text()
    assert old in text
    account.config.write_text(text.replace(old, new))


def test_a_wrong_password(account: Account) -> None:
    change(account, "password_command = [", 'password_command = ["echo", "wr0ng-s3cret"]\n# [')
    before = account.published.stat().st_ino
    said = account.run("sync")
    assert said.code == 3
    assert "home" in said.err
    assert "password" in said.err
    assert "→" in said.err
    assert "wr0ng-s3cret" not in said.err + said.out
    assert account.published.stat().st_ino != before, "the rest was done and published"
    assert account.query("select display_name from people where not is_owner") == [("Ana Lima",)]


def test_a_dead_host(account: Account) -> None:
    change(account, account.proxy.url, f"http://127.0.0.1:{free_port()}")
    said = account.run("sync")
    assert said.code == 4
    assert "127.0.0.1" in said.err
    assert "home" in said.err
    assert account.query("select display_name from people where not is_owner") == [("Ana Lima",)]


def test_an_address_without_a_server_behind_it(account: Account) -> None:
    change(account, f"{account.proxy.url}/", f"{account.proxy.url}/no/such/place/")
    # The server is found all the same, by its .well-known address (RFC 6764).
    said = account.must("pull")
    assert "Nothing changed" in said.err


def test_a_web_page_where_a_server_should_be(account: Account) -> None:
    page = (200, {"Content-Type": "text/html"}, b"<html><body>Welcome to nginx</body></html>")
    for method in ("PROPFIND", "REPORT", "OPTIONS", "GET"):
        account.proxy.answer_instead[method] = page
    said = account.run("pull")
    assert said.code == 4
    assert account.proxy.url.removeprefix("http://") in said.err
    assert "→" in said.err


def test_http_to_another_machine_is_refused(account: Account) -> None:
    change(account, f"{account.proxy.url}/", "http://dav.example.org/")
    said = account.run("sync")
    assert said.code in {2, 4}
    assert "https" in said.err


def test_a_list_that_cannot_hold_tasks(account: Account) -> None:
    change(account, 'list = "Follow-ups"', 'list = "Meetings"')
    for number, day in enumerate(["0401", "0415", "0429", "0513", "0527", "0610"]):
        account.add_meeting(f"l{number}", f"2026{day}T120000", "ana@example.org")
    said = account.run("sync")
    assert said.code == 6
    assert "Meetings" in said.err
    assert account.tasks() == {}


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (OWNER + "[tasks]\nsource = 'home'\n", ["[tasks]", "home"]),
        (
            OWNER + "[source.x]\ntype='vcard'\npath='a'\n[tasks]\nsource='x'\n",
            ["[tasks]", "vcard", "caldav, google, ical"],
        ),
        (
            OWNER + "[source.x]\ntype='ical'\npath='a'\n[tasks]\nsource='x'\nlist=''\n",
            ["[tasks]", "list"],
        ),
        (OWNER + "[source.x]\ntype = 'carddav'\n", ["[source.x]", "carddav", "caldav"]),
        (OWNER + "[source.x]\ntype = 'vcard'\n", ["[source.x]", "path"]),
        (OWNER + "[source.x]\ntype = 'vcard'\npth = 'a'\n", ["[source.x]", "pth", "path"]),
        (
            OWNER
            + "[source.x]\ntype='caldav'\nurl='https://a/'\nusername='a'\npassword='s3cret'\n",
            ["[source.x]", "password_command"],
        ),
        (OWNER + "[rules]\nmax_atendees = 3\n", ["[rules]", "max_atendees", "max_attendees"]),
        (OWNER + "[rules]\nmax_attendees = 'many'\n", ["[rules]", "max_attendees", "number"]),
        (OWNER + "[circle.a]\nevery = 'often'\n", ["[circle.a]", "every", "often"]),
        (OWNER + "[owner.you]\nemails = ['a@b.example']\n", ["one owner"]),
        ("[owner.me]\nemails = []\n", ["[owner.me]", "emails"]),
        ("[owner.me]\nemails = ['me']\n", ["[owner.me]", '"me" is not an e-mail address']),
        (OWNER.replace("Lisbon", "Atlantis"), ["[owner.me]", "Europe/Atlantis"]),
        (OWNER + 'phone_region = "XX"\n', ["[owner.me]", "phone_region", '"XX" is not a country']),
        (OWNER + 'phone_region = "UK"\n', ["[owner.me]", '"UK" is not a country', '"GB"']),
        (OWNER + "[tasks\n", ["config.toml", "line"]),
        (OWNER + "colour = 'red'\n", ["[owner.me]", "colour"]),
        ("colour = 'red'\n" + OWNER, ["colour"]),
    ],
)
def test_a_config_that_cannot_be_meant_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], config: str, words: list[str]
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(config)
    assert cli.run(["--config", str(path), "sync"]) == 2
    said = capsys.readouterr().err
    for word in words:
        assert word in said
    assert "s3cret" not in said
    assert "Traceback" not in said


def run_import(
    folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str]:
    code = cli.run(
        [
            "--data",
            str(folder / "book"),
            "import",
            *arguments,
        ]
    )
    return code, capsys.readouterr().err


def test_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run_import(tmp_path, capsys, str(tmp_path / "no.vcf"))
    assert code == 4
    assert "no.vcf" in said
    assert "→" in said


def test_an_empty_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.vcf").touch()
    code, said = run_import(tmp_path, capsys, str(tmp_path / "empty.vcf"))
    assert code == 4
    assert "empty" in said


def test_a_folder_with_nothing_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "folder").mkdir()
    code, said = run_import(tmp_path, capsys, str(tmp_path / "folder"))
    assert code == 4
    assert "folder" in said


def test_something_that_is_no_book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "photo.vcf").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    code, said = run_import(tmp_path, capsys, str(tmp_path / "photo.vcf"))
    assert code == 4
    assert "vCard" in said


def test_one_bad_file_does_not_keep_the_others_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.vcf").write_text("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Lima\r\nEND:VCARD\r\n")
    code, said = run_import(tmp_path, capsys, str(tmp_path / "a.vcf"), str(tmp_path / "no.vcf"))
    assert code == 6
    assert said.splitlines()[-3].startswith(f"kithbook: There is no file {tmp_path / 'no.vcf'}")


def test_no_command_needs_a_config_to_say_that_there_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("sync", "pull", "push"):
        assert cli.run([command]) == 2
        assert "kithbook init" in capsys.readouterr().err
    for command in ("due", "status"):
        code = cli.run(["--data", str(tmp_path / "b"), command])
        assert code == NoBookYet.exit_code
        assert "kithbook import" in capsys.readouterr().err


def _no_disk(limit: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


def test_no_disk_space_leaves_what_was_published(tmp_path: Path) -> None:
    cards = "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{n}\r\nFN:Person {n}\r\n"
        f"NOTE:{'x' * 2000}\r\nEND:VCARD\r\n"
        for n in range(2000)
    )
    (tmp_path / "small.vcf").write_text("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nEND:VCARD\r\n")
    (tmp_path / "large.vcf").write_text(cards)
    command = [sys.executable, "-m", "pipeline.cli", "--data", str(tmp_path / "book"), "import"]
    subprocess.run(
        [*command, str(tmp_path / "small.vcf")], cwd=ROOT, check=True, capture_output=True
    )
    published = tmp_path / "book" / "kithbook.duckdb"
    before = published.read_bytes()
    limit = 3_000_000
    done = subprocess.run(
        [*command, str(tmp_path / "large.vcf")],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        preexec_fn=lambda: _no_disk(limit),
        env={**os.environ},
    )
    assert done.returncode == StorageError.exit_code
    assert "Traceback" not in done.stderr
    assert "a bug" not in done.stderr
    assert "space" in done.stderr or "disk" in done.stderr
    assert published.read_bytes() == before
    subprocess.run(
        [*command, str(tmp_path / "large.vcf")], cwd=ROOT, check=True, capture_output=True
    )


@pytest.fixture(scope="module")
def one_card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of one card, built as of 2026-09-01 once for all."""
    folder = tmp_path_factory.mktemp("one-card")
    (folder / "a.vcf").write_text("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Lima\r\nEND:VCARD\r\n")
    assert type_in(folder, "--as-of", "2026-09-01", "import", str(folder / "a.vcf")) == 0
    return folder


@pytest.fixture
def book(one_card: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The folder that holds it, as `book`, for one test alone."""
    copy_book(one_card / "book", tmp_path / "book")
    capsys.readouterr()
    return tmp_path


def type_in(folder: Path, *arguments: str) -> int:
    return cli.run(["--data", str(folder / "book"), *arguments])


@pytest.mark.parametrize("command", ["due", "status", "sync", "brief", "demo"])
def test_a_day_that_is_none_is_refused_by_every_command(
    book: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert type_in(book, "--as-of", "bad", command) == 2
    said = capsys.readouterr()
    assert (said.out, '"bad" is not a date' in said.err) == ("", True)


@pytest.mark.parametrize("day", ["1800-01-01", "0001-01-01", "9999-12-31"])
def test_a_day_of_another_age_is_refused(
    book: Path, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    assert type_in(book, "--as-of", day, "build") == 2
    assert f"{day} is too far off" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        ("due",),
        ("brief",),
        ("show", "ana"),
        ("near", "Porto"),
        ("query", "select 1"),
        ("choose", "--keep", "ana"),
        ("review",),
    ],
)
def test_no_list_of_one_day_is_shown_for_another(
    book: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    assert type_in(book, "--as-of", "2026-09-02", *command) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "built as of 2026-09-01" in said.err
    assert "`kithbook --as-of 2026-09-02 build`" in said.err
    assert not (book / "book" / "decisions.jsonl").exists()
    assert type_in(book, "--as-of", "2026-09-01", *command) == 0


def test_what_if_is_of_the_day_of_the_book(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (book / "c.toml").write_text(OWNER)
    config = ("--config", str(book / "c.toml"))
    assert type_in(book, *config, "--as-of", "2026-09-02", "what-if") == 2
    assert "built as of 2026-09-01" in capsys.readouterr().err
    assert type_in(book, *config, "--as-of", "2026-09-01", "what-if") == 0


def test_each_of_several_troubles_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.vcf").write_text("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Lima\r\nEND:VCARD\r\n")
    (tmp_path / "empty.vcf").touch()
    source = '[source.{0}]\ntype = "vcard"\npath = "{1}"\n'
    path = tmp_path / "config.toml"
    books = {"good": "a.vcf", "lost": "lost.vcf", "empty": "empty.vcf"}
    sources = "".join(source.format(name, file) for name, file in books.items())
    path.write_text(f'data = "book"\n{OWNER}{sources}')
    assert cli.run(["--config", str(path), "sync"]) == 6
    lines = capsys.readouterr().err.splitlines()
    hints = [line.strip() for line in lines if line.startswith("  → ")]
    assert len(hints) == len(set(hints)) == 2
    for name in ("lost", "empty"):
        (at,) = [at for at, line in enumerate(lines) if f"{name}.vcf" in line and "→" not in line]
        assert lines[at + 1].startswith("  → ")
    assert lines[-1] == "The rest was done and published."


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("chose", "Did you mean `kithbook choose`"),
        ("qwertyuiop", "`kithbook --help` lists the commands"),
        ("show", "Example: kithbook show ana; more: `kithbook show --help`"),
        ("snooze ana", "Example: kithbook snooze ana 3 weeks"),
        ("due --foo", "`kithbook due --help`"),
        ("brief --days -3", "`kithbook brief --help`"),
        ("log ana --on", "`kithbook log --help`"),
    ],
)
def test_what_the_parser_does_not_take_is_told_as_all_trouble_is(
    capsys: pytest.CaptureFixture[str], typed: str, told: str
) -> None:
    assert cli.run(typed.split()) == 2
    said = capsys.readouterr()
    first, hint = said.err.splitlines()
    assert said.out == ""
    assert first.startswith("kithbook: ")
    assert hint.startswith("  → ")
    assert told in hint


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--version"]) == 0
    assert re.fullmatch(r"kithbook \S+\n", capsys.readouterr().out)


@pytest.mark.parametrize("name", ["decisions.jsonl", "lock", "kithbook.duckdb.next"])
def test_a_folder_in_the_place_of_a_file_is_no_bug(
    book: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (book / "book" / name).unlink(missing_ok=True)
    (book / "book" / name).mkdir()
    assert type_in(book, "build") == StorageError.exit_code
    said = capsys.readouterr().err
    assert str(book / "book" / name) in said
    assert "ls -ld" in said


@pytest.mark.parametrize("typed", [["import", ""], ["undo", ""], ["brief", "--days", "9" * 20]])
def test_what_an_empty_variable_of_a_script_makes_is_refused(
    book: Path, capsys: pytest.CaptureFixture[str], typed: list[str]
) -> None:
    assert type_in(book, *typed) == 2
    assert "→" in capsys.readouterr().err


HOLDER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("name", "commands"),
    [
        ("kithbook.duckdb", [("due",), ("query", "select 1"), ("show", "ana"), ("status",)]),
        ("state.duckdb", [("build",)]),
    ],
)
def test_a_file_that_a_shell_has_open_for_writing(
    book: Path, capsys: pytest.CaptureFixture[str], name: str, commands: list[tuple[str, ...]]
) -> None:
    file = book / "book" / name
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "open\n"
        for command in commands:
            assert type_in(book, *command) == FileHeld.exit_code
            said = capsys.readouterr().err
            assert f"{file} is open" in said
            assert f"in process {holder.pid}" in said
            assert "→ " in said
        assert holder.stdin
        holder.stdin.close()


def test_a_damaged_file_says_what_brings_it_back(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (book / "book" / "kithbook.duckdb").write_bytes(b"x" * 5000)
    for command in (("due",), ("query", "select 1")):
        assert type_in(book, *command) == StorageError.exit_code
        assert "`kithbook build`" in capsys.readouterr().err
    assert type_in(book, "build") == 0
    assert type_in(book, "due") == 0
    (book / "book" / "state.duckdb").write_bytes(b"x" * 5000)
    capsys.readouterr()
    assert type_in(book, "build") == StorageError.exit_code
    assert "`kithbook restore FILE`" in capsys.readouterr().err


@pytest.mark.parametrize("sql", ["", ";", "/* nothing */"])
def test_a_query_without_a_select(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sql: str
) -> None:
    (tmp_path / "a.vcf").write_text("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nEND:VCARD\r\n")
    base = ["--data", str(tmp_path / "book")]
    assert cli.run([*base, "import", str(tmp_path / "a.vcf")]) == 0
    assert cli.run([*base, "query", sql]) == 2
    assert "no SELECT" in capsys.readouterr().err
    assert cli.run([*base, "rejects", "--source", "nosuch"]) == 2
    assert "import/a.vcf" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--data", "", "due"], '"" names no file or folder'),
        (["--data", "  ", "due"], '"  " names no file or folder'),
        (["--config", "", "due"], '"" names no file or folder'),
        (["demo", "--folder", ""], '"" names no file or folder'),
        (["--config", "HERE/none.toml", "due"], "There is no config at HERE/none.toml"),
        (["--config", "HERE/none.toml", "import", "a.vcf"], "There is no config at HERE/none.toml"),
        (["--config", "HERE/none.toml", "doctor"], "There is no config at HERE/none.toml"),
        (["--config", "HERE", "due"], "HERE is a folder"),
        (["show", os.fsdecode(b"Zo\xe9")], '"Zo\\xe9" is not written in UTF-8'),
        (["import", os.fsdecode(b"b\xfccher.vcf")], '"b\\xfccher.vcf" is not written in UTF-8'),
        (["query", os.fsdecode(b"select '\xff'")], "is not written in UTF-8"),
        (["query", "select 1; select 2"], "These are 2 statements"),
        (["query", "select 1; drop table people"], "These are 2 statements"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_done(
    book: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    before = sorted(book.rglob("*"))
    typed = [one.replace("HERE", str(book)) for one in arguments]
    place = [] if "--data" in typed else ["--data", str(book / "book")]
    assert cli.run([*place, *typed]) == 2
    said = capsys.readouterr()
    assert told.replace("HERE", str(book)) in said.err
    assert "→" in said.err
    assert said.out == ""
    assert sorted(book.rglob("*")) == before


def test_a_place_that_the_environment_names_may_be_made_later(
    book: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """KITHBOOK_CONFIG says where the config is to be; an empty variable says nothing."""
    monkeypatch.setenv("KITHBOOK_CONFIG", str(book / "later.toml"))
    monkeypatch.setenv("KITHBOOK_DATA", str(book / "book"))
    assert cli.run(["--as-of", "2026-09-01", "due"]) == 0
    monkeypatch.setenv("KITHBOOK_DATA", "")
    capsys.readouterr()
    assert cli.run(["due"]) == NoBookYet.exit_code
    monkeypatch.setenv("KITHBOOK_DATA", os.fsdecode(b"/tmp/b\xfccher"))
    assert cli.run(["due"]) == 2
    assert '"/tmp/b\\xfccher" is not written in UTF-8' in capsys.readouterr().err


def test_data_that_names_nothing_in_the_config_is_refused(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (book / "c.toml").write_text(f'data = ""\n{OWNER}')
    assert cli.run(["--config", str(book / "c.toml"), "due"]) == 2
    assert "data is a folder's name in quotes" in capsys.readouterr().err
