"""The login at Google, with a desktop OAuth client of the user's own.

RFC 8252 (OAuth for native apps): the answer comes to a port on 127.0.0.1. On a machine without a
browser the user opens the printed address elsewhere and pastes the address on which the browser
then fails, which holds the same answer.
"""

import json
import os
import queue
import secrets
import threading
import webbrowser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.errors import LoginError
from connectors.google import token_file
from connectors.google.options import GoogleOptions, is_loopback
from connectors.google.token_file import GUIDE, LOG_IN

WAIT_SECONDS = 600.0

PAGE = (
    b"<!doctype html><title>kithbook</title>"
    b"<p>kithbook has its answer and says in the terminal what comes next."
    b" You can close this window.</p>"
)

Ask = Callable[[str], str]


def client_path(options: GoogleOptions, folder: Path) -> Path:
    """Where the client that was downloaded from the Google console is looked for."""
    name = options.client_secret_file
    return folder / Path(name).expanduser() if name else folder / "google-client.json"


def login(
    client_secrets_path: Path,
    token_path: Path,
    scopes: Sequence[str],
    *,
    open_browser: bool,
    ask: Ask | None,
    say: Callable[[str], None] = print,
    wait_seconds: float = WAIT_SECONDS,
) -> None:
    """Log in and write the token file.

    The address to open is handed to `say`, and to the browser when `open_browser`. The answer is
    taken from whichever comes first: the loopback port, or what `ask` returns (the pasted address
    or code); `ask=None` where nobody can type.

    :raises LoginError: every way in which this can fail has its own message.
    """
    client = read_client(client_secrets_path)
    state = secrets.token_urlsafe(32)
    with _listening(state) as (redirect_uri, answers), _oauthlib_told(client["installed"]):
        from google_auth_oauthlib.flow import Flow  # 130 ms

        flow = Flow.from_client_config(client, scopes=list(scopes), redirect_uri=redirect_uri)
        address, _ = flow.authorization_url(access_type="offline", prompt="consent", state=state)
        say(f"Open this address and allow the access:\n\n{address}\n")
        if open_browser:
            webbrowser.open(address)
        code = read_answer(_first_answer(answers, ask, wait_seconds), state)
        credentials = _exchange(flow, code)
    token_file.check_scopes(credentials, scopes, "google")
    token_file.save(credentials, token_path)


def read_client(path: Path) -> dict[str, Any]:
    """The desktop client as the Google console hands it out.

    :raises LoginError: no such file, not such a file, a web client, an address without https.
    """
    again = f"Download it again ({GUIDE}, step 4), then: {LOG_IN}"
    try:
        client = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LoginError(
            f"There is no Google client at {path}.",
            hint=f"{GUIDE} shows how to make one in five minutes; then: {LOG_IN}",
        ) from None
    except (OSError, ValueError) as error:
        raise LoginError(f"{path} is not the JSON file of a Google client.", again) from error
    if not isinstance(client, dict) or not isinstance(client.get("installed"), dict):
        is_web = isinstance(client, dict) and "web" in client
        raise LoginError(
            f"{path} holds a client for web pages." if is_web else f"{path} holds no client.",
            hint=f'Make a client of the type "Desktop app" ({GUIDE}, step 4), then: {LOG_IN}',
        )
    installed = client["installed"]
    keys = ("client_id", "client_secret", "auth_uri", "token_uri")
    missing = [key for key in keys if not isinstance(installed.get(key), str)]
    if missing:
        raise LoginError(f"{path} lacks {', '.join(missing)}.", again)
    token_file.check_address(installed["auth_uri"], path)
    token_file.check_address(installed["token_uri"], path)
    return client


def read_answer(answer: str, state: str) -> str:
    """The code in what came back: a whole address (RFC 6749 section 4.1.2), or the bare code.

    :raises LoginError: refused, of another login, or no answer at all.
    """
    answer = answer.strip().strip("'\"")
    if not answer:
        raise LoginError("No answer from Google was given; no login was written.", hint=LOG_IN)
    if "=" not in answer:
        return answer
    fields = _fields(answer)
    if not _is_of(fields, state):  # first: an error of nobody's login is no error of this one
        raise LoginError(
            "This answer belongs to another login; no login was written.",
            hint=f"Start again and use only the newest address: {LOG_IN}",
        )
    if error := fields.get("error", [""])[0]:
        raise _denied(error)
    code = fields.get("code", [""])[0]
    if not code:
        raise LoginError(
            "There is no code in that address; no login was written.",
            hint=f"Paste the whole address from the browser's address bar: {LOG_IN}",
        )
    return code


def _fields(address: str) -> dict[str, list[str]]:
    """What stands in an address behind the question mark, whatever stands before it."""
    before, _, query = address.partition("#")[0].partition("?")
    return parse_qs(query or before)


def _is_of(fields: Mapping[str, Sequence[str]], state: str) -> bool:
    """The answer to the question that was asked with this state (RFC 6749 section 10.12)."""
    said = fields.get("state", [""])[0]
    return secrets.compare_digest(said.encode("utf-8", "surrogatepass"), state.encode())


def _denied(error: str) -> LoginError:
    if error == "access_denied":
        return LoginError(
            "Access was not allowed in the browser, or this Google account is not among the"
            " test users of the app; no login was written.",
            hint=f"Allow it, or publish the app ({GUIDE}, step 3): {LOG_IN}",
        )
    if error == "admin_policy_enforced":
        return LoginError(
            "The administrator of this Google account does not allow the app; no login was"
            " written.",
            hint=f"Ask them to allow its client id, or use another account: {LOG_IN}",
        )
    return LoginError(f"Google answered {error!r}; no login was written.", hint=LOG_IN)


def _exchange(flow: Any, code: str) -> Any:
    """The code for tokens (RFC 6749 section 4.1.3), with the verifier of RFC 7636."""
    from oauthlib.oauth2 import OAuth2Error
    from requests.exceptions import RequestException

    flow.oauth2session.max_redirects = 0  # the code and the client's secret go to no other address
    try:
        with flow.oauth2session:
            flow.fetch_token(code=code, include_client_id=True, timeout=60)
    except OAuth2Error as error:
        if error.error == "invalid_grant":
            raise LoginError(
                "Google did not take the code: each works once, and for a few minutes only.",
                hint=f"Start again: {LOG_IN}",
            ) from None
        raise token_file.refused(error, "google") from None
    except (RequestException, ValueError) as error:
        raise LoginError(
            f"{urlsplit(flow.client_config['token_uri']).hostname} gave no usable answer"
            f" ({type(error).__name__}); no login was written.",
            hint=f"Try again: {LOG_IN}",
        ) from None
    if not flow.credentials.refresh_token:
        raise LoginError(
            "Google gave a login that ends within the hour (no refresh token); it was not kept.",
            hint="Remove kithbook at https://myaccount.google.com/connections, then: " + LOG_IN,
        )
    return flow.credentials


def _first_answer(answers: "queue.Queue[str]", ask: Ask | None, wait_seconds: float) -> str:
    """From the browser or from the keyboard, whichever is first."""
    if ask is not None:

        def type_it() -> None:
            try:
                answers.put(ask("Or paste the address at which the browser ended here: "))
            except EOFError:
                return  # nobody is at the keyboard; the browser can still answer

        threading.Thread(target=type_it, daemon=True).start()
    try:
        return answers.get(timeout=wait_seconds)
    except queue.Empty:
        raise LoginError(
            f"No answer came within {wait_seconds / 60:.0f} minutes; no login was written.",
            hint=f"Try again: {LOG_IN}",
        ) from None


@contextmanager
def _listening(state: str) -> Iterator[tuple[str, "queue.Queue[str]"]]:
    """A port on 127.0.0.1 that takes Google's answer: its address, and where answers come out.

    Any program and any web page here can send something to it: what lacks the state is not for us,
    and ends nothing.
    """
    answers: queue.Queue[str] = queue.Queue()

    class RedirectHandler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fields = _fields(self.path)
            is_answer = ("code" in fields or "error" in fields) and _is_of(fields, state)
            self.send_response(200 if is_answer else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            if is_answer:
                self.wfile.write(PAGE)
                answers.put(self.path)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the library's name)
            """Say nothing: the path holds the code."""

    with ThreadingHTTPServer(("127.0.0.1", 0), RedirectHandler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/", answers
        finally:
            server.shutdown()


@contextmanager
def _oauthlib_told(installed: dict[str, Any]) -> Iterator[None]:
    """What oauthlib reads from the environment only.

    A partly granted login is to reach `check_scopes`, which says what is missing, instead of
    raising a Warning. Plain http is allowed where both addresses are on this machine.
    """
    told = {"OAUTHLIB_RELAX_TOKEN_SCOPE": "1"}
    if is_loopback(installed["auth_uri"]) and is_loopback(installed["token_uri"]):
        told["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
