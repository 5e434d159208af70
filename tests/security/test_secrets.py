"""Commands and variables that hold secrets: what they may print, and what they may see."""

import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from connectors.errors import LoginError
from pipeline import config, passwords
from pipeline.config import Config

OWNER = '[owner.me]\nemails = ["me@example.org"]\n'


def written(folder: Path, toml: str) -> Config:
    path = folder / "config.toml"
    path.write_text(OWNER + toml)
    return config.load(path)


def account(name: str, *lines: str) -> str:
    """A section of an account."""
    first = (f"[source.{name}]", 'type = "caldav"', 'url = "https://dav.example.org/"')
    return "\n".join((*first, 'username = "ana"', *lines)) + "\n"


def printing(folder: Path, code: str) -> Config:
    """A config whose password comes from a Python script."""
    (folder / "secret.py").write_text(code)
    command = f'password_command = ["{sys.executable}", "{folder / "secret.py"}"]'
    return written(folder, account("home", command))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import sys; sys.stdout.buffer.write(b'p\\xe4ss\\n')", "no text in UTF-8"),
        ("import sys; sys.stdout.buffer.write(b'pa\\0ss\\n')", "control character"),
        ("import sys; sys.stdout.buffer.write(b'pa\\x1b[2Jss\\n')", "control character"),
        ("print('p\\u0085')", "control character"),
        ("print('x' * 10_000_000)", "more than 64 KB"),
        ("while True: print('x' * 1000)", "more than 64 KB"),
        ("print('x' * 5000)", "longer than 4096"),
        ("", "no line"),
        ("print()", "no line"),
        ("print('hunter2'); raise SystemExit(3)", "ended with 3"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "ended with -9"),
    ],
    ids=[
        "latin",
        "nul",
        "escape",
        "nel",
        "10 MB",
        "endless",
        "long",
        "nothing",
        "empty",
        "3",
        "-9",
    ],
)
def test_command_that_prints_no_password_is_the_sources_trouble(
    tmp_path: Path, code: str, said: str
) -> None:
    known = printing(tmp_path, code)
    with pytest.raises(LoginError, match=said) as caught:
        passwords.password(known.source("home"), known)
    told = f"{caught.value} {caught.value.hint}"
    assert "[source.home]" in told
    assert "hunter2" not in told
    assert told.isprintable()


def test_command_whose_child_keeps_the_pipe_open_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "COMMAND_SECONDS", 0.5)
    known = written(
        tmp_path, account("home", 'password_command = ["sh", "-c", "sleep 3 & echo a"]')
    )
    with pytest.raises(LoginError, match="took too long"):
        passwords.password(known.source("home"), known)


@pytest.mark.parametrize("command", ['["/no/such/command"]', '["/"]', '["a\\u0000b"]'])
def test_command_that_cannot_be_run_is_the_sources_trouble(tmp_path: Path, command: str) -> None:
    known = written(tmp_path, account("home", f"password_command = {command}"))
    with pytest.raises(LoginError, match="could not be run"):
        passwords.password(known.source("home"), known)


def test_first_line_is_the_password_and_the_notes_below_are_not(tmp_path: Path) -> None:
    known = printing(tmp_path, "print('pä ss: 山\\r\\nurl: x')")
    assert passwords.password(known.source("home"), known) == "pä ss: 山"


def test_command_sees_no_other_sources_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger's helper program for one account is not told the passwords of the others."""
    for name in ("OWN_SECRET", "OTHER_SECRET", "SHARED_SECRET", "FEED_SECRET", "HARMLESS"):
        monkeypatch.setenv(name, f"value-of-{name}")
    (tmp_path / "look.py").write_text(
        "import os\n"
        "names = ('OWN_SECRET', 'OTHER_SECRET', 'SHARED_SECRET', 'FEED_SECRET', 'HARMLESS')\n"
        "print(','.join(name for name in names if name in os.environ))\n"
    )
    look = f'["{sys.executable}", "{tmp_path / "look.py"}"]'
    known = written(
        tmp_path,
        account("home", f"password_command = {look}", 'password_env = "OWN_SECRET"')
        + account("work", 'password_env = "OTHER_SECRET"')
        + '[source.feed]\ntype = "ical"\nurl_env = "FEED_SECRET"\n'
        + f'[source.team]\ntype = "ical"\nurl_command = {look}\n',
    )
    assert passwords.password(known.source("home"), known) == "OWN_SECRET,SHARED_SECRET,HARMLESS"
    assert passwords.address(known.source("team"), known) == "SHARED_SECRET,HARMLESS"
    assert passwords.password(known.source("work"), known) == "value-of-OTHER_SECRET"
    assert passwords.address(known.source("feed"), known) == "value-of-FEED_SECRET"


@pytest.mark.parametrize("value", [b"p\xe4ss", b"pa\nss", b"pa\x07ss", b"x" * 5000])
def test_variable_that_holds_no_password_is_the_sources_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: bytes
) -> None:
    monkeypatch.setenv("DAV_SECRET", value.decode("utf-8", "surrogateescape"))
    known = written(tmp_path, account("home", 'password_env = "DAV_SECRET"'))
    with pytest.raises(LoginError, match="DAV_SECRET"):
        passwords.password(known.source("home"), known)


# --- the keyring ----------------------------------------------------------------------------


class Keyring(keyring.backend.KeyringBackend):
    """One that remembers for as long as a test lasts; a locked one refuses."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.is_locked:
            raise keyring.errors.KeyringLocked("hunter2")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def ring() -> Iterator[Keyring]:
    before = keyring.get_keyring()
    ring = Keyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def test_password_comes_from_the_keyring_under_the_sources_name(
    tmp_path: Path, ring: Keyring
) -> None:
    keyring.set_password("kithbook", "home", "pä ss: 山")
    keyring.set_password("kithbook", "work", "another")
    known = written(tmp_path, account("home") + account("work"))
    assert passwords.password(known.source("home"), known) == "pä ss: 山"
    assert passwords.password(known.source("work"), known) == "another"


def test_command_and_variable_come_before_the_keyring(
    tmp_path: Path, ring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring.is_locked = True
    monkeypatch.setenv("DAV_SECRET", "of the variable")
    known = written(tmp_path, account("home", 'password_env = "DAV_SECRET"'))
    assert passwords.password(known.source("home"), known) == "of the variable"


@pytest.mark.parametrize(
    ("kept", "said", "hint"),
    [
        (None, "nothing in the keyring", "`keyring set kithbook home` stores one"),
        ("", "nothing in the keyring", "`keyring set kithbook home` stores one"),
        ("hun\nter2", "control character", "`keyring set kithbook home` stores it again"),
        ("locked", "did not answer: KeyringLocked", "Unlock it"),
    ],
)
def test_keyring_without_a_usable_password_is_the_sources_trouble(
    tmp_path: Path, ring: Keyring, kept: str | None, said: str, hint: str
) -> None:
    if kept is not None:
        keyring.set_password("kithbook", "home", kept)
    ring.is_locked = kept == "locked"
    known = written(tmp_path, account("home"))
    with pytest.raises(LoginError, match=said) as caught:
        passwords.password(known.source("home"), known)
    assert hint in (caught.value.hint or "")
    assert "hunter2" not in f"{caught.value} {caught.value.hint}"
