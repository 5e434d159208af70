"""A reverse proxy on loopback that fails on request: the only part of the network that is played.

It stands before a real server, hands everything through as it is, counts the requests, and lets
the next ones fail as a test says. `rewrite_answers` and `rewrite_requests` stand for servers that
answer wrongly; `credentials` makes it ask for a login where the server behind it knows none.
"""

import base64
import hashlib
import http.client
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.contract.connector_contract import Fault

DIGEST = 'Digest realm="test", qop="auth", nonce="5ccc069c403ebaf9f0171e9517f40e41"'
Rewrite = tuple[re.Pattern[bytes], bytes | Callable[[re.Match[bytes]], bytes]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Proxy:
    """What the next requests meet."""

    upstream: tuple[str, int]
    credentials: tuple[str, str] | None = None
    wants_digest: bool = False
    """The login is to come by digest (RFC 7616); what is behind the proxy knows nothing of it."""
    fault: Fault | None = None
    fault_for: dict[str, Fault] = field(default_factory=dict)
    """method → what its next requests meet, after the server has carried them out."""
    before: dict[str, Callable[[], None]] = field(default_factory=dict)
    """method → what somebody else does just before the next request of it arrives."""
    drops: int = 0
    """So many of the next requests are read, and the connection closed without a word."""
    rewrite_answers: list[Rewrite] = field(default_factory=list)
    rewrite_requests: list[Rewrite] = field(default_factory=list)
    answer_instead: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    """path or method → status, headers and body that are answered in the server's place."""
    status_instead: dict[int, int] = field(default_factory=dict)
    """The server's status → the one that is passed on."""
    headers_to_drop: set[str] = field(default_factory=set)
    """Request headers, lower case, that the server does not see."""
    headers_to_add: dict[str, str] = field(default_factory=dict)
    """What every answer says besides."""
    seen: list[Seen] = field(default_factory=list)
    port: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)
    """Set at the end, so that nothing goes on waiting."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def reset(self) -> None:
        """As at the start."""
        self.fault = None
        self.fault_for.clear()
        self.before.clear()
        self.drops = 0
        self.rewrite_answers.clear()
        self.rewrite_requests.clear()
        self.answer_instead.clear()
        self.status_instead.clear()
        self.headers_to_drop.clear()
        self.headers_to_add.clear()
        self.seen.clear()

    def count(self, *methods: str) -> int:
        """How many requests of these methods (of any, without) were seen."""
        return sum(not methods or one.method in methods for one in self.seen)

    def next_fault(self, method: str) -> Fault | None:
        """The fault that the request now at hand meets."""
        fault = self.fault_for.get(method, self.fault)
        if fault is None or fault.times is None:
            return fault
        if fault.times <= 0:
            return None
        less = replace(fault, times=fault.times - 1)
        if method in self.fault_for:
            self.fault_for[method] = less
        else:
            self.fault = less
        return fault


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    proxy: Proxy

    def handle_any(self) -> None:
        proxy = self.proxy
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        proxy.seen.append(Seen(self.command, self.path, dict(self.headers.items()), body))
        if proxy.drops > 0:
            proxy.drops -= 1
            self.close_connection = True
            return
        if self.command in proxy.before:
            proxy.before.pop(self.command)()
        fault = proxy.next_fault(self.command)
        if fault is not None:
            proxy.is_over.wait(fault.delay_seconds)
        if fault is not None and fault.status is not None:
            self._answer(fault.status, dict(fault.headers), b"", fault.cut_after_bytes)
            return
        status, headers, content = self._pass_on(body)
        cut = None if fault is None else fault.cut_after_bytes
        self._answer(status, headers, content, cut)

    def _pass_on(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        proxy = self.proxy
        if proxy.credentials is not None and not self._is_logged_in(proxy.credentials):
            wanted = DIGEST if proxy.wants_digest else 'Basic realm="test"'
            return 401, {"WWW-Authenticate": wanted}, b""
        for key in (self.path, self.command):
            if key in proxy.answer_instead:
                return proxy.answer_instead[key]
        for pattern, replacement in proxy.rewrite_requests:
            body = pattern.sub(replacement, body)
        dropped = {"content-length", "connection", "accept-encoding"} | proxy.headers_to_drop
        headers = {k: v for k, v in self.headers.items() if k.lower() not in dropped}
        connection = http.client.HTTPConnection(*proxy.upstream, timeout=500)
        try:
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        for pattern, replacement in proxy.rewrite_answers:
            content = pattern.sub(replacement, content)
        return (
            proxy.status_instead.get(answer.status, answer.status),
            dict(answer.getheaders()),
            content,
        )

    def _is_logged_in(self, credentials: tuple[str, str]) -> bool:
        if self.proxy.wants_digest:
            return self._has_digest(*credentials)
        expected = base64.b64encode(":".join(credentials).encode()).decode()
        return self.headers.get("Authorization") == f"Basic {expected}"

    def _has_digest(self, username: str, password: str) -> bool:
        said: dict[str, str] = dict(
            re.findall(r'(\w+)="?([^",]+)', self.headers.get("Authorization") or "")
        )
        if "response" not in said:
            return False
        ours = _md5(username, "test", password), _md5(self.command, self.path)
        middle = (said["nonce"], said["nc"], said["cnonce"], said["qop"])
        return said["response"] == _md5(ours[0], *middle, ours[1])

    def _answer(
        self, status: int, headers: dict[str, str], content: bytes, cut: int | None
    ) -> None:
        self.send_response_only(status)  # the Date is the server's
        for name, value in {**headers, **self.proxy.headers_to_add}.items():
            if name.lower() not in {"content-length", "connection", "transfer-encoding", "server"}:
                self.send_header(name, value)
        # a cut answer promises more than it brings
        self.send_header("Content-Length", str(len(content) + (0 if cut is None else 1)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content if cut is None else content[:cut])
        if cut is not None:
            self.close_connection = True

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self.handle_any
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
        """Silent: the tests look at `seen`."""


def _md5(*parts: str) -> str:
    return hashlib.md5(":".join(parts).encode()).hexdigest()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is what many of these tests are about."""


@contextmanager
def run_proxy(
    upstream: tuple[str, int], credentials: tuple[str, str] | None = None
) -> Iterator[Proxy]:
    """A proxy before `upstream` (host, port) on a free port of loopback."""
    proxy = Proxy(upstream, credentials)
    handler = type("Handler", (_Handler,), {"proxy": proxy})
    server = _Server(("127.0.0.1", 0), handler)
    proxy.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
