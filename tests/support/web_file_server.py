"""A web server on loopback that hands out one file, as a calendar's private address does.

It keeps the promises of HTTP that a test lets it keep: ETag and Last-Modified with 304, gzip, a
declared length. Failures of the network are `failing_proxy`'s, which stands before it.
"""

import gzip
import hashlib
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Literal

from tests.support.failing_proxy import Seen, _Server

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Feed:
    """What stands at `path`, and how the server speaks of it."""

    path: str = "/private-3f9c1d7e/basic.ics"
    body: bytes = b""
    kind: str = "text/calendar"
    has_etag: bool = True
    has_modified: bool = False
    has_gzip: bool = False
    framing: Literal["length", "chunked", "cut", "close"] = "length"
    """How the end of the body is told: "cut" promises a last chunk that never comes; after "close"
    the end of the connection is the end of the body."""
    status: int = 200
    redirects: dict[str, tuple[int, str]] = field(default_factory=dict)
    """path → status and Location."""
    cookie: str = ""
    """Set by each answer, where it is not empty."""
    pieces: int = 1
    """The body is sent so many times over: an answer as long as one likes."""
    salt: str = ""
    """Another one makes other ETags of the same bytes."""
    changes: int = 0
    seen: list[Seen] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    port: int = 0
    is_https: bool = False

    @property
    def origin(self) -> str:
        return f"{'https' if self.is_https else 'http'}://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return self.origin + self.path

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body + self.salt.encode()).hexdigest()[:16]}"'

    @property
    def modified(self) -> str:
        return format_datetime(BEGUN + timedelta(seconds=self.changes), usegmt=True)

    def write(self, body: bytes) -> None:
        self.body = body
        self.changes += 1


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    feed: Feed

    def do_GET(self) -> None:
        feed = self.feed
        feed.seen.append(Seen("GET", self.path, dict(self.headers.items()), b""))
        if self.path in feed.redirects:
            status, location = feed.redirects[self.path]
            self._answer(status, {"Location": location}, feed.body)
        elif self.path != feed.path:
            self._answer(404, {}, b"<html>There is nothing here.</html>")
        elif self._is_known():
            self._answer(304, self._validators(), b"")
        else:
            headers = {"Content-Type": feed.kind, **self._validators()}
            body = feed.body
            if feed.has_gzip and "gzip" in self.headers.get("Accept-Encoding", ""):
                body = gzip.compress(body)
                headers["Content-Encoding"] = "gzip"
            self._answer(feed.status, headers, body)

    def _is_known(self) -> bool:
        feed = self.feed
        if feed.has_etag and (said := self.headers.get("If-None-Match")):
            return said == feed.etag
        return feed.has_modified and self.headers.get("If-Modified-Since") == feed.modified

    def _validators(self) -> dict[str, str]:
        feed = self.feed
        etag = {"ETag": feed.etag} if feed.has_etag else {}
        return {**etag, "Last-Modified": feed.modified} if feed.has_modified else etag

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.feed.answered.append(status)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if self.feed.cookie:
            self.send_header("Set-Cookie", self.feed.cookie)
        framing = self.feed.framing
        if framing == "length" or not body:
            self.send_header("Content-Length", str(len(body) * self.feed.pieces))
        elif framing == "close":
            self.close_connection = True
        else:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        is_chunked = framing in ("chunked", "cut") and body
        for _ in range(self.feed.pieces):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body) if is_chunked else body)
        if is_chunked and framing == "chunked":
            self.wfile.write(b"0\r\n\r\n")
        self.close_connection |= framing == "cut"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
        """Silent: the tests look at `seen`."""


@contextmanager
def run_feed(certificate: Path | None = None) -> Iterator[Feed]:
    """A server on a free port; by https where a certificate (with its key) is given."""
    feed = Feed(is_https=certificate is not None)
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"feed": feed}))
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    feed.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield feed
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def make_certificate(path: Path) -> Path:
    """A certificate for loopback with its key in one file, signed by itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
