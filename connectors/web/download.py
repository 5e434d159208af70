"""Downloading what stands at one web address, again only when it has changed.

The address may be a secret by itself (the private addresses of calendars are): no message, cursor
or log has more of it than the host, and the HTTP library's own errors, which name it, end here.
How it is asked is the HTTP layer's (`connectors.http`).
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import BinaryIO, Final, cast

from connectors import http
from connectors.errors import KithbookError, LoginError, SourceError
from connectors.http import (
    REDIRECTS_AT_MOST,
    AnswerBounds,
    Credentials,
    HttpAnswer,
    HttpRequest,
    IncomingAnswer,
    Patience,
)
from connectors.retry_after_and_date import header
from connectors.trusted_hosts import Trusted
from connectors.urls import BadUrl, host_of, join, origin
from connectors.web.decompression import PACKINGS, unpacked

WHOLE = frozenset({200, 203})
NOT_MODIFIED: Final = 304
REDIRECTS = frozenset({301, 302, 303, 307, 308})
BYTES_AT_MOST = 128 * 1024 * 1024
"""Unpacked: a calendar of some 80,000 events."""
SECONDS_AT_MOST = 600.0
TAG_CHARACTERS_AT_MOST = 1000
"""A longer validator is not kept: it would only be sent back."""
STAYS = "What was read before stays."


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


class WebAddress:
    """A web address, of which only `host` is ever shown.

    :param url: as `options.web_address` gives it.
    :param accept: the Accept header: which types are wanted.
    :param hosts: where the login may go besides the address's own host.
    """

    def __init__(
        self,
        source: str,
        url: str,
        accept: str,
        *,
        credentials: Credentials | None,
        hosts: tuple[str, ...] = (),
        patience: Patience,
        ca_file: str | None = None,
    ) -> None:
        self._source = source
        self._url = url
        self._accept = accept
        self._credentials = credentials
        self._http = http.HttpClient(
            Trusted(source, url, hosts),
            credentials,
            patience,
            AnswerBounds(BYTES_AT_MOST, SECONDS_AT_MOST),
            ca_file=ca_file,
            has_cookies=False,
        )

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
        sent = {"Accept": self._accept, "Accept-Encoding": "gzip", **seen.headers()}
        answer = self._http.ask(
            HttpRequest("GET", self._url, sent),
            self._saved,
            self._redirected,
            redirects=REDIRECTS,
            is_raw=True,
        )
        if answer.status in REDIRECTS:
            raise SourceError(
                f"{self._source}: {self.host} redirects more than {REDIRECTS_AT_MOST} times."
                f" {STAYS}",
                hint=f"Open the address of [source.{self._source}] in a browser.",
            )
        if answer.body is not None:
            return answer.body
        if answer.status == NOT_MODIFIED and seen.headers():
            return None
        raise self._refusal(answer)

    def _saved(self, incoming: IncomingAnswer) -> Download | None:
        """The body in a file of its own that nobody else can open; None where none is wanted."""
        if incoming.status not in WHOLE:
            return None
        url, headers = incoming.url, incoming.headers
        packing = header(headers, "Content-Encoding").strip().lower()
        if packing not in PACKINGS:
            raise SourceError(
                f"{self._source}: {host_of(url)} sent it compressed with {packing[:20]!r}, which"
                f" was not asked for. {STAYS}",
                hint=f"Open the address of [source.{self._source}] in a browser.",
            )
        chunks = self._http.bounded(unpacked(incoming.chunks, packing), url)
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
        is_chunked = "chunked" in header(headers, "Transfer-Encoding").lower()
        return Download(
            stream,
            digest.hexdigest(),
            Validators(_tag(headers, "ETag"), _tag(headers, "Last-Modified")),
            has_length=is_chunked or bool(header(headers, "Content-Length")),
        )

    def _redirected(self, url: str, location: str) -> str:
        """Where a redirect leads: to https, or on where the user allowed http.

        :raises SourceError: anywhere else.
        """
        try:
            there = join(url, location)
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

    def _refusal(self, answer: HttpAnswer[Download | None]) -> KithbookError:
        """The error that a status means."""
        status = answer.status
        where, section = f"{self._source}: {host_of(answer.url)}", f"[source.{self._source}]"
        if status in (401, 403) and self._credentials is not None and answer.had_login:
            return LoginError(
                f"{where} refused the login of {self._credentials.username} ({status}). {STAYS}",
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


def _tag(headers: Mapping[str, str], name: str) -> str:
    value = header(headers, name).strip()
    return value if len(value) <= TAG_CHARACTERS_AT_MOST else ""
