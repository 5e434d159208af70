"""A local Google: an HTTP server that behaves as the discovery documents say.

    with GoogleServer() as google:
        google.account.add_person("c1", names=[{"displayName": "Rui Costa"}])
        Google(GoogleOptions(api_endpoint=google.url, token_file=str(google.token_file(folder))), …)

Every request is judged by the documents first (`discovery`): a path, a parameter or a body field
they do not have is answered 400 and noted in `refused`. Every answer is judged by their
schemas: one that breaks them is noted in `violations`. `close` fails on either.
"""

import json
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.support.fake_google.account_data import Account, Refusal
from tests.support.fake_google.api_methods import answer
from tests.support.fake_google.discovery import Api, Call, Json, NotAllowed
from tests.support.fake_google.oauth import ALL_SCOPES, CLIENT, Login

APIS = (Api("calendar", "v3"), Api("people", "v1"), Api("tasks", "v1"))
LEGACY = "calendar"
"""Of the three only Calendar still answers errors in the older format."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong with the next `times` requests (None: with all from now on)."""

    status: int | None = None
    reason: str = "backendError"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    """Instead of Google's error format: what a proxy says."""
    delay_seconds: float = 0.0
    cut_after_bytes: int | None = None
    """The answer ends there, and the connection with it; negative: no answer at all."""
    is_after_the_work: bool = False
    """The request is carried out all the same; only the answer goes wrong."""
    only: str = ""
    """Methods whose id starts so."""
    times: int | None = 1


class GoogleServer:
    """One account behind 127.0.0.1, with everything that can go wrong."""

    def __init__(self) -> None:
        self.account = Account()
        self.login = Login()
        self.requests: list[str] = []
        self.refused: list[str] = []
        self.violations: list[str] = []
        self.expects_violations = False
        """Set by a test that makes Google break its own promises."""
        self.is_over = threading.Event()
        self._troubles: list[Trouble] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.block_on_close = False
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self.is_over.set()
        self._server.shutdown()
        self._server.server_close()
        assert self.refused == [], "requests that the discovery documents do not allow"
        assert self.expects_violations or self.violations == [], (
            "answers that the discovery documents do not allow"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def trouble(self, trouble: Trouble) -> None:
        self._troubles.append(trouble)

    def heal(self) -> None:
        self._troubles.clear()

    # --- logins ---------------------------------------------------------------------------

    def token_file(self, folder: Path, scopes: frozenset[str] = ALL_SCOPES) -> Path:
        """A login that works, as `kithbook auth google` leaves it."""
        access, refresh = self.login.grant(scopes)
        path = folder / "token.json"
        kept = {
            **CLIENT,
            "token": access,
            "refresh_token": refresh,
            "token_uri": f"{self.url}/token",
            "scopes": sorted(scopes),
            "expiry": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
        }
        path.write_text(json.dumps(kept))
        path.chmod(0o600)
        return path

    def client_file(self, folder: Path) -> Path:
        """A desktop client as the Google console hands it out."""
        path = folder / "google-client.json"
        addresses = {"auth_uri": f"{self.url}/auth", "token_uri": f"{self.url}/token"}
        path.write_text(json.dumps({"installed": {**CLIENT, **addresses}}))
        return path

    def expire_access_tokens(self) -> None:
        self.login.access_tokens.clear()

    # --- the three APIs -------------------------------------------------------------------

    def handle(
        self, http_method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> "Reply":
        """One request, from judging it to the answer, with what is to go wrong."""
        with self._lock:
            parts = urlsplit(target)
            api, method, path = self._find(http_method, parts.path)
            method_id = method["id"] if method else f"{http_method} {parts.path}"
            self.requests.append(method_id)
            trouble = self._next_trouble(method_id)
            reply = Reply(200, b"")
            if trouble is None or trouble.status is None or trouble.is_after_the_work:
                reply = self._work(api, method, path, parts.query, headers, body)
            if trouble is None:
                return reply
            if trouble.status is not None:
                refusal = Refusal(trouble.status, trouble.reason, "as the test has it")
                reply = _refusal(api, refusal)
                if trouble.body is not None:
                    reply = replace(reply, body=trouble.body)
            return replace(
                reply,
                headers=trouble.headers,
                delay_seconds=trouble.delay_seconds,
                cut_after_bytes=trouble.cut_after_bytes,
            )

    def _find(self, http_method: str, path: str) -> tuple[Api | None, Json | None, dict[str, str]]:
        for api in APIS:
            found = api.find(http_method, path)
            if found:
                return api, *found
        return None, None, {}

    def _next_trouble(self, method_id: str) -> Trouble | None:
        for number, trouble in enumerate(self._troubles):
            if method_id.startswith(trouble.only):
                if trouble.times is not None:
                    self._troubles[number] = replace(trouble, times=trouble.times - 1)
                    if trouble.times <= 1:
                        del self._troubles[number]
                return trouble
        return None

    def _work(
        self,
        api: Api | None,
        method: Json | None,
        path: dict[str, str],
        query: str,
        headers: Mapping[str, str],
        body: bytes,
    ) -> "Reply":
        if api is None or method is None:
            self.refused.append("no such path")
            return _refusal(None, Refusal(404, "notFound", "Not Found"))
        try:
            call = api.allow(method, path, query, body)
        except NotAllowed as error:
            self.refused.append(str(error))
            return _refusal(api, Refusal(400, "badRequest", str(error)))
        try:
            self._check_login(call, headers)
            found = answer(self.account, call, headers)
        except Refusal as refusal:
            return _refusal(api, refusal)
        self.violations += api.problems(method, found)
        if found is None:
            return Reply(204, b"")
        return Reply(200, json.dumps(api.prune(found, call.mask)).encode())

    def _check_login(self, call: Call, headers: Mapping[str, str]) -> None:
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        scopes = self.login.access_tokens.get(bearer)
        if scopes is None:
            raise Refusal(401, "authError", "Invalid Credentials")
        if not scopes & call.scopes:
            reason = "insufficientPermissions"
            if call.api != LEGACY:
                reason = "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
            raise Refusal(403, reason, "Request had insufficient authentication scopes.")


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes over the wire, and how it goes wrong."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    delay_seconds: float = 0.0
    cut_after_bytes: int | None = None


def _refusal(api: Api | None, refusal: Refusal) -> Reply:
    """In Calendar's older format, or in that of google.rpc.Status."""
    error: Json = {"code": refusal.status, "message": refusal.message}
    if api is not None and api.name == LEGACY:
        error["errors"] = [
            {"domain": "global", "reason": refusal.reason, "message": refusal.message}
        ]
    else:
        error["status"] = {403: "PERMISSION_DENIED", 429: "RESOURCE_EXHAUSTED"}.get(
            refusal.status, "FAILED_PRECONDITION"
        )
        error["details"] = [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": refusal.reason,
                "domain": "googleapis.com",
            }
        ]
    return Reply(refusal.status, json.dumps({"error": error}).encode())


def _handler(google: GoogleServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65536
        disable_nagle_algorithm = True  # else each answer waits 40 ms for an acknowledgement

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/auth":
                query = {name: found[0] for name, found in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", google.login.consent(query))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self._api()

        def do_POST(self) -> None:
            if self.path == "/token":
                form = {name: found[0] for name, found in parse_qs(self._body().decode()).items()}
                status, found = google.login.token(form)
                self._send(Reply(status, json.dumps(found).encode()))
                return
            self._api()

        def do_PATCH(self) -> None:
            self._api()

        def do_PUT(self) -> None:
            self._api()

        def do_DELETE(self) -> None:
            self._api()

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

        def _body(self) -> bytes:
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))

        def _api(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = google.handle(self.command, self.path, headers, self._body())
            if reply.delay_seconds:
                google.is_over.wait(reply.delay_seconds)
            with suppress(OSError):
                self._send(reply)

        def _send(self, reply: Reply) -> None:
            cut = reply.cut_after_bytes
            if cut is not None and cut < 0:
                self._drop()
                return
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            for name, value in reply.headers:
                self.send_header(name, value)
            if reply.status != 204:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[:cut])
            if cut is not None:
                self.wfile.flush()
                self._drop()

        def _drop(self) -> None:
            """End the connection at once."""
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    return Handler
