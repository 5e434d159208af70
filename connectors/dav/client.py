"""Requests to a WebDAV server: what is sent where, what is retried, what becomes which error.

The login and TLS are those of the caldav library's DAVClient. Ours are the rules around it: https
only, the login stays with the hosts it was given for (`trusted`), answers are bounded in size and
time, "later" (429, 503) is waited for within reason, and a connection that the server closed
between two requests is opened again once.
"""

import weakref
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from connectors import http
from connectors.dav import multistatus
from connectors.dav.multistatus import Multistatus, XmlRefused, canonical
from connectors.errors import KithbookError, LoginError, SourceError
from connectors.http import no_answer
from connectors.trusted_hosts import Trusted
from connectors.urls import as_meant, check_url, same_origin, without_user

REDIRECTS = frozenset({301, 302, 307, 308})
REDIRECTS_AT_MOST = 5
ANSWER_BYTES_AT_MOST = 64 * 1024 * 1024
ANSWER_SECONDS_AT_MOST = 600.0
CHUNK_BYTES = 256 * 1024
PASSING = frozenset({408, 423, 425, 429})
"""Of the client errors those that say "not now"."""


class AnswerBroken(SourceError):
    """An answer that came whole but cannot be read as XML."""


class Forbidden(LoginError):
    """403: we are known, or not, but this is not for us."""


@dataclass(frozen=True, slots=True)
class Patience(http.Patience):
    """How long a server is waited for, and how much is asked of it at once."""

    batch: int = 500
    """Items a multiget. Small batches cost a fixed delay each on some servers."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer to one request."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    was_resent: bool
    """The request went out twice, so that it may have been carried out before this answer."""


class Dav:
    """One account on one server.

    Raises from every request: LoginError (401, 403), SourceUnreachable (no answer, or "later"
    for too long), SourceError (anything else that was not asked for).
    """

    def __init__(
        self,
        source: str,
        url: str,
        username: str,
        secret: Callable[[], str],
        *,
        insecure: bool,
        patience: Patience,
        hosts: tuple[str, ...] = (),
        ca_file: str | None = None,
    ) -> None:
        check_url(source, as_meant(url), insecure=insecure)
        self.source = source
        self.url = without_user(as_meant(url))
        self.patience = patience
        self._username = username
        self._secret = secret
        self._trusted = Trusted(source, self.url, hosts, insecure)
        self._ca_file = ca_file
        self._client: Any = None
        self._busy: http.Busy | None = None
        self.answered: tuple[str, Mapping[str, str]] = (self.url, {})
        """Where the last answer came from, and its headers."""

    @property
    def host(self) -> str:
        """Host and port as the user knows them, for messages."""
        return urlsplit(self.url).netloc

    def join(self, href: str, base: str | None = None) -> str:
        """An href of an answer as a URL that our credentials may be sent to.

        :raises OtherHost, SourceError: it is none of this account's; see `Trusted.join`.
        """
        return self._trusted.join(href, base)

    def key(self, url: str) -> str:
        """A collection's URL as its key: the path alone on the account's own host."""
        if same_origin(self.url, url):
            return canonical(url)
        other = urlsplit(url)
        return f"{other.scheme}://{other.netloc}{canonical(url)}"

    def propfind(self, url: str, names: list[str], depth: int) -> tuple[str, Multistatus]:
        """Properties of a resource (depth 0) or also of what is in it (1); where it answered."""
        return self._multistatus("PROPFIND", url, multistatus.propfind(names), depth)

    def report(self, url: str, body: bytes, depth: int = 0) -> Multistatus:
        """A REPORT that answers with a multistatus."""
        return self._multistatus("REPORT", url, body, depth)[1]

    def _multistatus(
        self, method: str, url: str, body: bytes, depth: int
    ) -> tuple[str, Multistatus]:
        answer = self.request(method, url, body, {"Depth": str(depth)}, takes={207})
        return answer.url, self.parse(answer)

    def parse(self, answer: Answer) -> Multistatus:
        """The responses in an answer.

        :raises AnswerBroken: it is none of WebDAV's.
        """
        try:
            found = multistatus.read(answer.body)
        except XmlRefused as error:
            raise AnswerBroken(
                f"{self.source}: {self.host} answered for {urlsplit(answer.url).path} with"
                f" something that is not WebDAV: {error}",
                hint=f"check the url of [source.{self.source}]",
                refusal=f"{self.host} answers with something that is not WebDAV",
            ) from error
        return replace(found, told_at=http.clock(answer.headers))

    def request(
        self,
        method: str,
        url: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        takes: set[int],
    ) -> Answer:
        """Send a request and take the whole answer; statuses not in `takes` are raised.

        "Later" (429, 503) is waited for, unless it is in `takes`.
        """
        sent = {"Content-Type": "application/xml; charset=utf-8", **(headers or {})}
        was_resent = False
        for _ in range(REDIRECTS_AT_MOST + 1):
            answer, again = self._persistently(method, url, body, sent, takes)
            if answer.status == 401 and self._switches_to_digest(answer):
                answer, again = self._persistently(method, url, body, sent, takes)
            was_resent = was_resent or again
            if answer.status not in REDIRECTS or answer.status in takes:
                break
            # without a Location it leads nowhere: that is refused as any other empty address
            url = self.join(http.header(answer.headers, "Location"), answer.url)
        if answer.status not in takes:
            raise self._refusal(method, answer)
        self.answered = answer.url, answer.headers
        return Answer(answer.url, answer.status, answer.headers, answer.body, was_resent)

    def _persistently(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str], takes: set[int]
    ) -> tuple[Answer, bool]:
        """One answer that is taken or not "later", and whether the request may have gone out twice.

        :raises SourceUnreachable: no answer, or "later" to the last.
        """

        def once() -> Answer:
            return self._once(method, url, body, headers)

        if self._busy is not None:
            raise self._busy  # a server that asked to be left alone is
        try:
            return http.ask_until_answered(
                once,
                self.patience,
                self.source,
                self.host,
                at_most_seconds=ANSWER_SECONDS_AT_MOST,
                takes=takes,
            )
        except http.Busy as error:
            self._busy = error
            raise

    def _once(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """One request.

        :raises NoAnswer: the answer did not come, or not whole.
        """
        client = self._open()
        way = http.way(url, self._ca_file)
        try:
            response = client.session.request(
                method,
                url,
                data=body,
                headers={**client.headers, **headers},
                auth=client.auth,
                timeout=(self.patience.connect_seconds, self.patience.timeout_seconds),
                allow_redirects=False,
                stream=True,
                **way,
            )
            with closing(response):
                chunks = http.bounded(
                    response.iter_content(CHUNK_BYTES),
                    self.source,
                    self.host,
                    at_most_bytes=ANSWER_BYTES_AT_MOST,
                    at_most_seconds=ANSWER_SECONDS_AT_MOST,
                )
                content = b"".join(chunks)
        except KithbookError:
            raise
        except Exception as error:
            raise no_answer(error) from error
        # a multiget of 500 items is some megabytes: kept whole, so that a cut answer can be
        # asked for again before anything was handed on
        return Answer(url, int(response.status_code), dict(response.headers), content, False)

    def _open(self) -> Any:
        """The library's client, made when the first request is sent."""
        if self._client is None:
            from caldav.davclient import DAVClient

            self._client = DAVClient(
                url=self.url,
                username=self._username,
                password=self._secret(),
                auth_type="basic",
                enable_rfc6764=False,
                headers={"User-Agent": "kithbook"},
            )
            self._client.session.close()
            self._client.session = http.open_session()
            # connectors have no end of their own: the connections close with this object
            weakref.finalize(self, self._client.session.close)
        return self._client

    def _switches_to_digest(self, answer: Answer) -> bool:
        """The server wants the login by digest (RFC 7616) only, as Baikal does when it is new."""
        offers = http.header(answer.headers, "WWW-Authenticate").lower()
        if "digest" not in offers or "basic" in offers or self._client.auth_type == "digest":
            return False
        self._client.auth_type = "digest"
        self._client.build_auth_object()
        return True

    def _refusal(self, method: str, answer: Answer) -> SourceError | LoginError:
        where = f"{self.source}: {self.host}"
        condition = multistatus.precondition(answer.body)
        because = f" ({condition})" if condition else ""
        is_lasting = answer.status < 500 and answer.status not in (401, *PASSING)
        refusal = f"{self.host} answers {answer.status}{because}" if is_lasting else ""
        if is_lasting and answer.status < 400:
            refusal = f"{self.host} answers with something that is not WebDAV"
        if answer.status in (401, 403):
            kind = Forbidden if answer.status == 403 else LoginError
            return kind(
                f"{where} refused the login of {self._username}"
                f" ({answer.status} to {method} {urlsplit(answer.url).path})",
                hint=f"check username and password_command of [source.{self.source}], then"
                f" `kithbook pull --source {self.source}`",
                refusal=refusal,
            )
        return SourceError(
            f"{where} answered {method} {urlsplit(answer.url).path} with {answer.status}{because}",
            hint=f"check the url of [source.{self.source}]",
            refusal=refusal,
        )
