"""What stands at one web address, fetched again only when it has changed.

The address may be a secret by itself (the private addresses of calendars are): no message, cursor
or log has more of it than the host, and the HTTP library's own errors, which name it, end here.
Credentials stay with the host they were given for. The rules of the road are in `network`.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, BinaryIO, Final, cast
from urllib.parse import urljoin, urlsplit

from connectors import network
from connectors.network import Patience, host_of, no_answer
from connectors.web.packing import PACKINGS, unpacked
from pipeline.errors import KithbookError, LoginError, SourceError

WHOLE = frozenset({200, 203})
NOT_MODIFIED: Final = 304
REDIRECTS = frozenset({301, 302, 303, 307, 308})
REDIRECTS_AT_MOST = 5
BYTES_AT_MOST = 128 * 1024 * 1024
"""Unpacked: a calendar of some 80,000 events."""
SECONDS_AT_MOST = 600.0
TAG_CHARACTERS_AT_MOST = 1000
"""A longer validator is not kept: it would only be sent back."""
STAYS = "What was read before stays."


@dataclass(frozen=True, slots=True)
class Login:
    """Who asks. `secret` fetches the password when it is first needed; raises LoginError."""

    username: str
    secret: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Validators:
    """What the server said of a version, to be asked about with (RFC 9110 section 8.8)."""

    etag: str = ""
    modified: str = ""

    def headers(self) -> dict[str, str]:
        """Those of a conditional request."""
        sent = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in sent.items() if value}


@dataclass(frozen=True, slots=True)
class Download:
    """A whole body. `stream` stands at its start, and is the reader's to close."""

    stream: BinaryIO
    fingerprint: str
    validators: Validators
    has_length: bool
    """The server said where the body ends; else a cut connection looks like its end."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    download: Download | None = None


class Address:
    """A web address, of which only `host` is ever shown.

    :param url: as `options.web_address` gives it.
    :param accept: the Accept header: which types are wanted.
    """

    def __init__(
        self,
        source: str,
        url: str,
        accept: str,
        *,
        login: Login | None,
        patience: Patience,
    ) -> None:
        self._source = source
        self._url = url
        self._accept = accept
        self._login = login
        self._patience = patience
        self._password: str | None = None
        self._wants_digest = False

    @property
    def host(self) -> str:
        """Host and port."""
        return host_of(self._url)

    @property
    def fingerprint(self) -> str:
        """Tells it from another address; the address cannot be had from it."""
        return blake2b(self._url.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    def fetch(self, seen: Validators) -> Download | None:
        """What stands there; None when it is what the validators were given for.

        :raises LoginError, SourceUnreachable, SourceError: it cannot be had.
        """
        url = self._url
        for _ in range(REDIRECTS_AT_MOST + 1):
            answer = self._ask(url, seen)
            if answer.status == 401 and self._switches_to_digest(answer):
                answer = self._ask(url, seen)
            if answer.status not in REDIRECTS:
                break
            url = self._redirected(url, answer)
        else:
            raise SourceError(
                f"{self._source}: {self.host} redirects more than {REDIRECTS_AT_MOST} times."
                f" {STAYS}",
                hint=f"Open the address of [source.{self._source}] in a browser.",
            )
        if answer.download is not None:
            return answer.download
        if answer.status == NOT_MODIFIED and seen.headers():
            return None
        raise self._refusal(url, answer.status)

    def _ask(self, url: str, seen: Validators) -> _Answer:
        def once() -> _Answer:
            return self._once(url, seen)

        return network.ask_until_answered(
            once,
            self._patience,
            self._source,
            host_of(url),
            at_most_seconds=SECONDS_AT_MOST,
        )[0]

    def _once(self, url: str, seen: Validators) -> _Answer:
        """One request.

        :raises NoAnswer: the answer did not come, or not whole.
        """
        from caldav.lib.http_sync import requests

        headers = {
            "User-Agent": "kithbook",
            "Accept": self._accept,
            "Accept-Encoding": "gzip",
            **seen.headers(),
        }
        auth = self._auth(url)
        # HTTP/1.1 alone says in its headers whether the end of a body can be told from a cut
        session: Any = requests.Session(disable_http2=True, disable_http3=True)
        session.resolve_redirects = _nowhere
        with session:
            try:
                response = session.get(
                    url,
                    headers=headers,
                    auth=auth,
                    timeout=(self._patience.connect_seconds, self._patience.timeout_seconds),
                    allow_redirects=False,
                    stream=True,
                )
            except Exception as error:  # noqa: BLE001 (whatever it is, its text has the address)
                raise no_answer(error) from None
            with closing(response):
                status, named = int(response.status_code or 0), dict(response.headers)
                saved = self._saved(url, response, named) if status in WHOLE else None
        return _Answer(status, named, saved)

    def _saved(self, url: str, response: Any, headers: Mapping[str, str]) -> Download:
        """The body in a file of its own that nobody else can open."""
        packing = network.header(headers, "Content-Encoding").strip().lower()
        if packing not in PACKINGS:
            raise SourceError(
                f"{self._source}: {host_of(url)} sent it packed by {packing[:20]!r}, which was not"
                f" asked for. {STAYS}",
                hint=f"Open the address of [source.{self._source}] in a browser.",
            )
        chunks = network.bounded(
            unpacked(_chunks(response), packing),
            self._source,
            host_of(url),
            at_most_bytes=BYTES_AT_MOST,
            at_most_seconds=SECONDS_AT_MOST,
        )
        digest = blake2b(digest_size=16)
        stream = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 (the reader closes it)
        try:
            for chunk in chunks:
                digest.update(chunk)
                stream.write(chunk)
            stream.seek(0)
        except BaseException:
            stream.close()
            raise
        is_chunked = "chunked" in network.header(headers, "Transfer-Encoding").lower()
        return Download(
            stream,
            digest.hexdigest(),
            Validators(_tag(headers, "ETag"), _tag(headers, "Last-Modified")),
            has_length=is_chunked or bool(network.header(headers, "Content-Length")),
        )

    def _auth(self, url: str) -> Any:
        """The login, to the host it was given for; never one from the user's .netrc."""
        from caldav.lib.http_sync import requests

        if self._login is None or not self._is_ours(url):
            return _nobody
        if self._password is None:
            self._password = self._login.secret()
        kind = requests.auth.HTTPDigestAuth if self._wants_digest else requests.auth.HTTPBasicAuth
        return kind(self._login.username, self._password)

    def _is_ours(self, url: str) -> bool:
        """It is on the host that the login was given for."""
        return network.same_origin(self._url, url) or network.is_upgrade(self._url, url)

    def _switches_to_digest(self, answer: _Answer) -> bool:
        """The server wants the login by digest (RFC 7616) only."""
        offers = network.header(answer.headers, "WWW-Authenticate").lower()
        if self._login is None or self._wants_digest or "basic" in offers:
            return False
        self._wants_digest = "digest" in offers
        return self._wants_digest

    def _redirected(self, url: str, answer: _Answer) -> str:
        """Where a redirect leads: to https, or on where the user allowed http.

        :raises SourceError: anywhere else.
        """
        location = network.header(answer.headers, "Location")
        try:
            there = urljoin(url, location)
        except ValueError:
            there = ""
        is_address = bool(location) and network.web_address(there) is not None
        by_https = is_address and urlsplit(there).scheme == "https"
        if by_https or (is_address and network.same_origin(self._url, there)):
            return there
        where = f"{urlsplit(there).scheme}://{host_of(there)}" if is_address else "no web address"
        raise SourceError(
            f"{self._source}: {host_of(url)} redirects to {where}, which is not followed. {STAYS}",
            hint=f"Look whether the address of [source.{self._source}] is still right.",
        )

    def _refusal(self, url: str, status: int) -> KithbookError:
        """The error that a status means."""
        where, section = f"{self._source}: {host_of(url)}", f"[source.{self._source}]"
        if status in (401, 403) and self._login is not None and self._is_ours(url):
            return LoginError(
                f"{where} refused the login of {self._login.username} ({status}). {STAYS}",
                hint=f"Check username and password_command of {section}, then"
                f" `kithbook pull --source {self._source}`",
            )
        if status in (401, 403):
            return LoginError(
                f"{where} does not let everybody read this address ({status}). {STAYS}",
                hint=f"Look whether it is still shared; or add username and password_command to"
                f" {section}.",
            )
        if status in (404, 410):
            return SourceError(
                f"{where} has nothing at this address any more ({status}). {STAYS}",
                hint=f"Get the address anew from where it came, and put it into {section}.",
            )
        return SourceError(
            f"{where} answered {status}. {STAYS}",
            hint=f"Open the address of {section} in a browser; the next sync tries again.",
        )


def _chunks(response: Any) -> Iterator[bytes]:
    """The body as it comes.

    :raises NoAnswer: it breaks off.
    """
    chunks = response.iter_raw(-1)
    while True:
        try:
            chunk = next(chunks, None)
        except Exception as error:  # noqa: BLE001 (whatever it is, its text has the address)
            raise no_answer(error) from None
        if chunk is None:
            return
        yield chunk


def _tag(headers: Mapping[str, str], name: str) -> str:
    value = network.header(headers, name).strip()
    return value if len(value) <= TAG_CHARACTERS_AT_MOST else ""


def _nowhere(*_: Any, **__: Any) -> Iterator[Any]:
    """In place of the library's, which reads the whole body of a redirect, however long."""
    return iter(())


def _nobody(request: Any) -> Any:
    """A request without a login: None would let the library look one up in .netrc."""
    return request
