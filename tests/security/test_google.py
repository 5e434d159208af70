"""The login at Google: who else speaks to the port that waits for it, and where secrets go."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.errors import ConfigError, LoginError
from connectors.google.login import login, read_client
from connectors.google.options import CALENDAR_SCOPE, CONTACTS_SCOPE, check_endpoint
from connectors.google.token_file import check_address
from tests.support.fake_google.server import GoogleServer
from tests.support.google_account import google

__all__ = ["google"]

WANTED = (CONTACTS_SCOPE, CALENDAR_SCOPE)


def knock(address: str) -> int:
    """What a web page, or another program here, gets for it."""
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize(
    "query",
    [
        "?error=access_denied",
        "?error=access_denied&state=",
        "?error=access_denied&state=guessed",
        "?code=4/stolen",
        "?code=4/stolen&state=guessed",
        "?code=4/stolen&state=%00%ff",
        "?state=guessed&state=guessed&code=4/stolen",
        "?code=4/stolen&state=%F0%9F%98%80",
        "",
    ],
)
def test_request_without_the_state_ends_no_login(
    google: GoogleServer, tmp_path: Path, query: str
) -> None:
    statuses: list[int] = []

    def browse(address: str) -> None:
        port = parse_qs(urlsplit(address).query)["redirect_uri"][0]
        statuses.append(knock(f"{port}{query}"))
        statuses.append(knock(address))  # the browser follows Google's redirect to the port

    def say(text: str) -> None:
        address = next(word for word in text.split() if word.startswith("http"))
        threading.Thread(target=browse, args=(address,), daemon=True).start()

    token = tmp_path / "token.json"
    login(
        google.client_file(tmp_path),
        token,
        WANTED,
        open_browser=False,
        ask=None,
        say=say,
        wait_seconds=30,
    )
    assert json.loads(token.read_text())["refresh_token"]
    assert statuses[0] == 404


@contextmanager
def redirecting(location: str) -> Iterator[str]:
    """A token endpoint that says that another one should be asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(307)
            self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base's name)
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/token"
        server.shutdown()


def test_token_endpoint_sends_code_and_secret_to_no_other(
    google: GoogleServer, tmp_path: Path
) -> None:
    """The real endpoint stands in for the thief: it would give tokens for what it is sent."""
    client = json.loads(google.client_file(tmp_path).read_text())
    thief = client["installed"]["token_uri"]
    with redirecting(thief) as token_uri:
        client["installed"]["token_uri"] = token_uri
        path = tmp_path / "client.json"
        path.write_text(json.dumps(client))

        def say(text: str) -> None:
            address = next(word for word in text.split() if word.startswith("http"))
            threading.Thread(target=knock, args=(address,), daemon=True).start()

        with pytest.raises(LoginError, match="gave no usable answer"):
            login(
                path,
                tmp_path / "token.json",
                WANTED,
                open_browser=False,
                ask=None,
                say=say,
                wait_seconds=30,
            )
    assert not google.login.refresh_tokens
    assert not (tmp_path / "token.json").exists()


BAD = [
    "http://evil.test/token",
    "http://127.0.0.1.evil.test/token",
    "http://evil.test\\@127.0.0.1/token",
    "http://127.0.0.1@evil.test/token",
    "https://oauth2.googleapis.com@evil.test/token",
    "https://evil.test\\.googleapis.com/",
    "https://oauth2.googleapis.com\t/token",
    "https://",
    "http://[",
    "file:///etc/passwd",
]


@pytest.mark.parametrize("address", BAD)
def test_client_file_names_no_address_that_is_none(tmp_path: Path, address: str) -> None:
    with pytest.raises(LoginError) as caught:
        check_address(address, tmp_path / "client.json")
    assert "evil" not in str(caught.value)
    keys = ("client_id", "client_secret", "auth_uri", "token_uri")
    (tmp_path / "client.json").write_text(json.dumps({"installed": dict.fromkeys(keys, address)}))
    with pytest.raises(LoginError):
        read_client(tmp_path / "client.json")


@pytest.mark.parametrize("address", [*BAD, "https://evil.test/"])
def test_emulator_is_on_this_machine(address: str) -> None:
    with pytest.raises(ConfigError):
        check_endpoint(address, "google")
