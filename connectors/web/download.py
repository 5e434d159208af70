"""What stands at one web address, fetched again only when it has changed.

The address may be a secret by itself (the private addresses of calendars are): no message, cursor
or log has more of it than the host, and the HTTP library's own errors, which name it, end here.
Where the login may go is in `trusted`, the rules of the road are in `network`.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, BinaryIO, Final, cast

from connectors import http
from connectors.errors import KithbookError, LoginError, SourceError
from connectors.http import Patience, no_answer
from connectors.trusted_hosts import Trusted
from connectors.urls import BadUrl, host_of, join, origin
from connectors.web.decompression import PACKINGS, unpacked

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
    """Who asks. `secret` fetches the password when it is first needed; raises LoginError.

    `hosts`: where it may go besides the address's own host.
    """

    username: str
    secret: Callable[[], str]
    hosts: tuple[str, ...] = ()


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
        ca_file: str | None = None,
    ) -> None:
        self._source = source
        self._url = url
        self._accept = accept
        self._login = login
        self._patience = patience
        self._ca_file = ca_file
        self._trusted = Trusted(source, url, login.hosts if login else ())
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
        url, is_ours = self._url, True
        for _ in range(REDIRECTS_AT_MOST + 1):
            # once somebody else has said where to go on, the login stays out of it for good
            is_ours = is_ours and self._trusted.has(url)
            answer = self._ask(url, seen, is_ours=is_ours)
            if answer.status == 401 and is_ours and self._switches_to_digest(answer):
                answer = self._ask(url, seen, is_ours=is_ours)
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
        raise self._refusal(url, answer.status, is_ours=is_ours)

    def _ask(self, url: str, seen: Validators, *, is_ours: bool) -> _Answer:
        def once() -> _Answer:
            return self._once(url, seen, is_ours=is_ours)

        return http.ask_until_answered(
            once,
            self._patience,
            self._source,
            host_of(url),
            at_most_seconds=SECONDS_AT_MOST,
        )[0]

    def _once(self, url: str, seen: Validators, *, is_ours: bool) -> _Answer:
        """One request.

        :raises NoAnswer: the answer did not come, or not whole.
        """
        headers = {
            "User-Agent": "kithbook",
            "Accept": self._accept,
            "Accept-Encoding": "gzip",
            **seen.headers(),
        }
        auth = self._auth(is_ours=is_ours)
        way = http.way(url, self._ca_file)
        with http.open_session() as session:
            try:
                response = session.get(
                    url,
                    headers=headers,
                    auth=auth,
                    timeout=(self._patience.connect_seconds, self._patience.timeout_seconds),
                    allow_redirects=False,
                    stream=True,
                    **way,
                )
            except Exception as error:  # noqa: BLE001 (whatever it is, its text has the address)
                raise no_answer(error) from None
            with closing(response):
                status, named = int(response.status_code or 0), dict(response.headers)
                saved = self._saved(url, response, named) if status in WHOLE else None
        return _Answer(status, named, saved)

    def _saved(self, url: str, response: Any, headers: Mapping[str, str]) -> Download:
        """The body in a file of its own that nobody else can open."""
        packing = http.header(headers, "Content-Encoding").strip().lower()
        if packing not in PACKINGS:
            raise SourceError(
                f"{self._source}: {host_of(url)} sent it compressed with {packing[:20]!r}, which"
                f" was not asked for. {STAYS}",
                hint=f"Open the address of [source.{self._source}] in a browser.",
            )
        chunks = http.bounded(
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
        is_chunked = "chunked" in http.header(headers, "Transfer-Encoding").lower()
        return Download(
            stream,
            digest.hexdigest(),
            Validators(_tag(headers, "ETag"), _tag(headers, "Last-Modified")),
            has_length=is_chunked or bool(http.header(headers, "Content-Length")),
        )

    def _auth(self, *, is_ours: bool) -> Any:
        """The login, where it may go; never one from the user's .netrc."""
        from caldav.lib.http_sync import requests

        if self._login is None or not is_ours:
            return _nobody
        if self._password is None:
            self._password = self._login.secret()
        kind = requests.auth.HTTPDigestAuth if self._wants_digest else requests.auth.HTTPBasicAuth
        return kind(self._login.username, self._password)

    def _switches_to_digest(self, answer: _Answer) -> bool:
        """The server wants the login by digest (RFC 7616) only."""
        offers = http.header(answer.headers, "WWW-Authenticate").lower()
        if self._login is None or self._wants_digest or "basic" in offers:
            return False
        self._wants_digest = "digest" in offers
        return self._wants_digest

    def _redirected(self, url: str, answer: _Answer) -> str:
        """Where a redirect leads: to https, or on where the user allowed http.

        :raises SourceError: anywhere else.
        """
        try:
            there = join(url, http.header(answer.headers, "Location"))
            place = origin(there)
        except BadUrl as error:
            where = f"no web address ({error})"
        else:
            if place.scheme == "https" or place == origin(self._url):
                return there
            where = f"{place.scheme}://{place}"
        raise SourceError(
            f"{self._source}: {host_of(url)} redirects to {where}, which is not followed. {STAYS}",
            hint=f"Check that the address of [source.{self._source}] is still right.",
        )

    def _refusal(self, url: str, status: int, *, is_ours: bool) -> KithbookError:
        """The error that a status means."""
        where, section = f"{self._source}: {host_of(url)}", f"[source.{self._source}]"
        if status in (401, 403) and self._login is not None and is_ours:
            return LoginError(
                f"{where} refused the login of {self._login.username} ({status}). {STAYS}",
                hint=f"Check username and password_command of {section}, then"
                f" `kithbook pull --source {self._source}`",
            )
        if status in (401, 403):
            return LoginError(
                f"{where} does not let everybody read this address ({status}). {STAYS}",
                hint=f"Check that it is still shared; or add username and password_command to"
                f" {section}.",
            )
        if status in (404, 410):
            return SourceError(
                f"{where} has nothing at this address any more ({status}). {STAYS}",
                hint=f"Get the address again from where it came, and put it into {section}.",
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
    value = http.header(headers, name).strip()
    return value if len(value) <= TAG_CHARACTERS_AT_MOST else ""


def _nobody(request: Any) -> Any:
    """A request without a login: None would let the library look one up in .netrc."""
    return request
