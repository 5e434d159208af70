"""Real CalDAV and CardDAV servers, started as processes of their own on free loopback ports.

`run_radicale` and `run_xandikos` give a `DavServer`; `request` speaks to it without the code
under test. Collections are seeded over HTTP, or in bulk on disk where thousands are meant.
"""

import base64
import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.contract.connector_contract import PASSWORD

USER = "ana"
STARTS_WITHIN_SECONDS = 300.0

RADICALE_CONFIG = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/storage
[logging]
level = error
"""

MAKE_BOOK = """<?xml version="1.0" encoding="utf-8"?>
<D:mkcol xmlns:D="DAV:" xmlns:A="urn:ietf:params:xml:ns:carddav"><D:set><D:prop>
<D:resourcetype><D:collection/><A:addressbook/></D:resourcetype>
<D:displayname>{name}</D:displayname></D:prop></D:set></D:mkcol>"""

MAKE_CALENDAR = """<?xml version="1.0" encoding="utf-8"?>
<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>
<D:displayname>{name}</D:displayname><C:supported-calendar-component-set>{components}
</C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>"""


@dataclass(frozen=True, slots=True)
class DavServer:
    """A running server with one user, `USER`, who has no collections at the start."""

    name: str
    port: int
    folder: Path
    calendar_home: str
    book_home: str
    asks_for_login: bool

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def request(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (lower case) and body."""
        login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        sent = {"Authorization": f"Basic {login}"} if self.asks_for_login else {}
        connection = http.client.HTTPConnection(*self.address, timeout=500)
        try:
            connection.request(method, path, body, {**sent, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def make_calendar(self, name: str, *components: str) -> str:
        """A calendar named `name` for these components (all, without); its path."""
        path = f"{self.calendar_home}{name}/"
        listed = "".join(f'<C:comp name="{one}"/>' for one in components or ("VEVENT", "VTODO"))
        body = MAKE_CALENDAR.format(name=name, components=listed)
        self._must("MKCALENDAR", path, body.encode(), "application/xml")
        return path

    def make_book(self, name: str) -> str:
        """An address book named `name`; its path."""
        path = f"{self.book_home}{name}/"
        self._must("MKCOL", path, MAKE_BOOK.format(name=name).encode(), "application/xml")
        return path

    def put(self, path: str, body: bytes) -> None:
        kind = "text/vcard" if path.endswith(".vcf") else "text/calendar"
        self._must("PUT", path, body, kind)

    def lay(self, path: str, files: Mapping[str, bytes]) -> None:
        """Many items at once, on the server's disk: name → body. A PUT each takes 20 ms."""
        storage = self.folder / "storage"
        root = storage / "collection-root" if self.name == "radicale" else storage
        folder = root / path.strip("/")
        for name, body in files.items():
            (folder / name).write_bytes(body)
        if self.name == "xandikos":
            _commit(folder, [folder / name for name in files])

    def get(self, path: str) -> bytes:
        return self._must("GET", path)

    def delete(self, path: str) -> None:
        self._must("DELETE", path)

    def _must(self, method: str, path: str, body: bytes = b"", kind: str = "text/plain") -> bytes:
        status, _, content = self.request(
            method, path, body, {"Content-Type": f"{kind}; charset=utf-8"}
        )
        assert 200 <= status < 300, f"{method} {path}: {status} {content[:500]!r}"
        return content


@contextmanager
def run_radicale(folder: Path) -> Iterator[DavServer]:
    """Radicale with basic auth; its storage is in `folder`/storage."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
    (folder / "config").write_text(RADICALE_CONFIG.format(port=port, folder=folder))
    home = f"/{USER}/"
    server = DavServer("radicale", port, folder, home, home, asks_for_login=True)
    command = [sys.executable, "-m", "radicale", "--config", str(folder / "config")]
    with _running(command, server):
        yield server


@contextmanager
def run_xandikos(folder: Path, *, https: bool = False) -> Iterator[DavServer]:
    """Xandikos, which leaves the login to a proxy; `https` with a certificate of its own making."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    server = DavServer(
        "xandikos",
        port,
        folder,
        f"/{USER}/calendars/",
        f"/{USER}/contacts/",
        asks_for_login=False,
    )
    command = [sys.executable, "-m", "xandikos", "serve"]
    command += ["--directory", str(folder / "storage"), "--state-dir", str(folder / "state")]
    command += ["--autocreate", "--current-user-principal", f"/{USER}/"]
    command += ["--no-detect-systemd", "--listen-address", "127.0.0.1", "--port", str(port)]
    command += ["--autocert"] if https else []
    with _running(command, server):
        yield server


@contextmanager
def _running(command: list[str], server: DavServer) -> Iterator[None]:
    with (server.folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=server.folder)
    try:
        _wait_until_it_answers(process, server)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=60)


def _wait_until_it_answers(process: subprocess.Popen[bytes], server: DavServer) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(server.address, timeout=60).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    log = (server.folder / "log").read_text(errors="replace")
    raise RuntimeError(f"{server.name} did not start: {log[-2000:]}")


def _commit(folder: Path, files: Sequence[Path]) -> None:
    """Xandikos keeps each collection as a git repository."""
    from dulwich import porcelain  # comes with xandikos, and is slow to import

    who = b"test <test@example.org>"
    porcelain.add(str(folder), [str(file) for file in files])
    porcelain.commit(str(folder), message=b"seed", author=who, committer=who)


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
