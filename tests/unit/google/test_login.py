"""`kithbook auth google`: a browser here, a browser elsewhere, and all that can go wrong."""

import json
import os
import stat
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.errors import LoginError
from connectors.google.login import client_path, login, read_answer, read_client
from connectors.google.options import CALENDAR_SCOPE, CONTACTS_SCOPE, GoogleOptions
from connectors.google.source import Google
from connectors.google.token_file import token_path
from tests.contract.connector_contract import access
from tests.support.fake_google.server import GoogleServer
from tests.support.google_account import google

__all__ = ["google"]

CLIENT_KEYS = ("client_id", "client_secret", "auth_uri", "token_uri")
WANTED = (CONTACTS_SCOPE, CALENDAR_SCOPE)


class Person:
    """Somebody in front of the screen: opens the address, perhaps on another machine."""

    def __init__(self, *, is_elsewhere: bool = False) -> None:
        self.is_elsewhere = is_elsewhere
        self.address = ""
        self.landed = ""
        self._has_landed = threading.Event()

    def say(self, text: str) -> None:
        self.address = next(word for word in text.split() if word.startswith("http"))
        threading.Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        opener = urllib.request.build_opener(NoRedirect)
        try:
            with opener.open(self.address, timeout=500) as answer:
                self.landed = answer.headers["Location"]
            if not self.is_elsewhere:
                with urllib.request.urlopen(self.landed, timeout=500) as page:
                    assert b"kithbook" in page.read()
        except OSError:
            return  # the login had ended before the browser came
        self._has_landed.set()

    def ask(self, _: str) -> str:
        """Pastes what the other browser's address bar shows."""
        assert self._has_landed.wait(30)
        return self.landed


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def http_error_302(self, _request: Any, fp: Any, *_: Any) -> Any:
        return fp


def log_in(google: GoogleServer, folder: Path, person: Person, **more: Any) -> Path:
    path = folder / "google-home.token.json"
    login(
        google.client_file(folder),
        path,
        WANTED,
        **{
            "open_browser": False,
            "ask": person.ask if person.is_elsewhere else None,
            "say": person.say,
            "wait_seconds": 30.0,
            **more,
        },
    )
    return path


def test_answer_comes_to_the_loopback_port(google: GoogleServer, tmp_path: Path) -> None:
    path = log_in(google, tmp_path, Person())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kept = json.loads(path.read_text())
    assert set(kept["scopes"]) == set(WANTED)
    options = GoogleOptions(api_endpoint=google.url, token_file=str(path))
    assert Google(options, access(tmp_path)).collections()


def test_answer_is_pasted_on_a_machine_without_a_browser(
    google: GoogleServer, tmp_path: Path
) -> None:
    assert log_in(google, tmp_path, Person(is_elsewhere=True)).exists()


def test_browser_is_opened_where_there_is_one(
    google: GoogleServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    person = Person()
    log_in(google, tmp_path, person, open_browser=True)
    assert opened == [person.address]


def test_only_what_is_needed_is_asked_for(google: GoogleServer, tmp_path: Path) -> None:
    person = Person()
    log_in(google, tmp_path, person)
    query = parse_qs(urlsplit(person.address).query)
    assert set(query["scope"][0].split()) == set(WANTED)
    assert query["prompt"] == ["consent"]
    assert query["redirect_uri"][0].startswith("http://127.0.0.1:")


def test_second_login_replaces_the_first(google: GoogleServer, tmp_path: Path) -> None:
    first = log_in(google, tmp_path, Person()).read_text()
    second = log_in(google, tmp_path, Person()).read_text()
    assert json.loads(first)["refresh_token"] != json.loads(second)["refresh_token"]


# --- what can go wrong ----------------------------------------------------------------------


def refused(google: GoogleServer, folder: Path, person: Person, **more: Any) -> LoginError:
    with pytest.raises(LoginError) as caught:
        log_in(google, folder, person, **more)
    assert not (folder / "google-home.token.json").exists()
    assert caught.value.hint
    return caught.value


def test_access_not_allowed(google: GoogleServer, tmp_path: Path) -> None:
    google.login.is_denied = True
    assert "test users" in str(refused(google, tmp_path, Person()))


def test_box_left_unticked(google: GoogleServer, tmp_path: Path) -> None:
    google.login.unticked = frozenset({CALENDAR_SCOPE})
    error = refused(google, tmp_path, Person())
    assert "calendar.readonly" in str(error)
    assert "ticked" in error.hint


def test_nobody_answers(google: GoogleServer, tmp_path: Path) -> None:
    def nobody(_: str) -> str:
        raise EOFError

    error = refused(google, tmp_path, Person(), say=lambda _: None, ask=nobody, wait_seconds=0.1)
    assert "No answer came" in str(error)


@pytest.mark.parametrize(
    ("pasted", "message"),
    [
        ("", "No answer"),
        ("http://127.0.0.1:1/?state=x", "another login"),
        ("http://127.0.0.1:1/?code=4/x&state=other", "another login"),
        ("4/never-given-out", "did not take the code"),
        ("http://127.0.0.1:1/?error=access_denied", "another login"),
        ("http://[/?error=access_denied&state=STATE", "not allowed"),
        ("http://127.0.0.1:1/?error=access_denied&state=STATE", "not allowed"),
        ("http://127.0.0.1:1/?error=admin_policy_enforced&state=STATE", "administrator"),
        ("http://127.0.0.1:1/?error=server_error&state=STATE", "server_error"),
    ],
)
def test_wrong_things_pasted(
    google: GoogleServer, tmp_path: Path, pasted: str, message: str
) -> None:
    person = Person(is_elsewhere=True)

    def paste(_: str) -> str:
        state = parse_qs(urlsplit(person.address).query)["state"][0]
        return pasted.replace("STATE", state)

    assert message in str(refused(google, tmp_path, person, ask=paste))


def test_code_alone_or_in_quotes_is_taken_too() -> None:
    assert read_answer(" '4/abc' ", "s") == "4/abc"
    assert read_answer("?code=4%2Fabc&state=s", "s") == "4/abc"
    assert read_answer("http://127.0.0.1:1/?state=s&code=4/abc&scope=x", "s") == "4/abc"


def test_token_endpoint_that_is_dead(google: GoogleServer, tmp_path: Path) -> None:
    client = json.loads(google.client_file(tmp_path).read_text())
    client["installed"]["token_uri"] = "http://127.0.0.1:9/token"
    path = tmp_path / "dead.json"
    path.write_text(json.dumps(client))
    person = Person()
    with pytest.raises(LoginError, match=r"127\.0\.0\.1 gave no usable answer"):
        login(
            path,
            tmp_path / "token.json",
            WANTED,
            open_browser=False,
            ask=None,
            say=person.say,
            wait_seconds=30,
        )
    assert not (tmp_path / "token.json").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no Google client"),
        ("{", "not the JSON file"),
        ("[]", "no client"),
        ('{"web": {}}', "web pages"),
        ('{"installed": {"client_id": "x"}}', "lacks client_secret, auth_uri, token_uri"),
        (
            json.dumps({"installed": dict.fromkeys(CLIENT_KEYS, "http://a.example")}),
            "begin with https://",
        ),
    ],
)
def test_client_files_that_are_none(tmp_path: Path, content: str | None, message: str) -> None:
    path = tmp_path / "google-client.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(LoginError, match=message) as caught:
        read_client(path)
    assert "`kithbook auth google --guide`" in caught.value.hint


def test_where_the_files_are(tmp_path: Path) -> None:
    assert client_path(GoogleOptions(), tmp_path) == tmp_path / "google-client.json"
    assert token_path(GoogleOptions(), tmp_path, "home") == tmp_path / "google-home.token.json"
    beside = GoogleOptions(token_file="t.json")
    assert token_path(beside, tmp_path, "home") == tmp_path / "t.json"
    named = GoogleOptions(client_secret_file="~/c.json", token_file="~/t.json")
    assert client_path(named, tmp_path) == Path.home() / "c.json"
    assert token_path(named, tmp_path, "home") == Path.home() / "t.json"


WAITING = """
import threading, time
from pipeline.commands.auth import Pasting
threading.Thread(target=Pasting(), args=("Or paste it: ",), daemon=True).start()
time.sleep(0.3)  # the browser answers meanwhile, and the command is done
"""

TYPED = """
from pipeline.commands.auth import Pasting
try:
    print(Pasting()("Or paste it: "))
except EOFError:
    print("nobody")
"""


def test_a_login_ends_well_while_the_question_waits_in_a_pipe() -> None:
    # Over ssh without a terminal stdin stays open, and a thread waits in it when the command ends.
    with subprocess.Popen(
        [sys.executable, "-c", WAITING], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stderr is not None
        assert (child.wait(120), child.stderr.read()) == (0, b"Or paste it: ")


@pytest.mark.parametrize(("typed", "heard"), [(b"4/code\nmore", b"4/code\n"), (b"", b"nobody\n")])
def test_an_answer_comes_through_a_pipe(typed: bytes, heard: bytes) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TYPED], input=typed, capture_output=True, check=True
    )
    assert done.stdout == heard


NEXT = """
import os, threading
from pipeline.commands.auth import Pasting
pasting = Pasting()
thread = threading.Thread(target=pasting, args=("Or paste it: ",))
thread.start()
typing = int(os.environ["TYPING"])
pasting.end()  # the browser has answered, while the thread waits for the keyboard
os.write(typing, b"Calls\\n")
thread.join()
print(os.read(0, 100).decode(), end="")
"""


def test_what_is_typed_once_the_browser_has_answered_is_the_next_questions() -> None:
    keyboard, typing = os.pipe()
    try:
        done = subprocess.run(
            [sys.executable, "-c", NEXT],
            stdin=keyboard,
            capture_output=True,
            check=True,
            pass_fds=[typing],
            env={**os.environ, "TYPING": str(typing)},
        )
    finally:
        os.close(keyboard)
        os.close(typing)
    assert done.stdout == b"Calls\n"
