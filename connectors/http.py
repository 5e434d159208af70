"""The one HTTP layer, under `dav` and `web`: session, login, redirects, bounds, retries, time-outs.

Every request goes out by `Client.ask`. Which URLs are asked at all is in `urls`, where the login
may go in `trusted_hosts`, and what a failure means in `http_errors`; what an answer says is the
caller's to read. Google's requests go by its own client library (`google.http`).
"""

import time
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

from connectors.errors import SourceUnreachable
from connectors.http_errors import Busy, NoAnswer, no_answer, too_large
from connectors.http_session import login, nobody, open_session, way
from connectors.retry_after_and_date import header, lasting, seconds_to_wait
from connectors.trusted_hosts import Trusted
from connectors.urls import host_of

LATER = frozenset({429, 502, 503, 504})
REDIRECTS_AT_MOST = 5
CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is waited for."""

    connect_seconds: float = 10.0
    timeout_seconds: float = 120.0
    """Without a byte from the server: it may have thousands of items to look through first."""
    tries: int = 4
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 60.0
    """The longest single wait; a server that asks for a longer one counts as unreachable."""

    def backoff(self, attempt: int) -> float:
        """Seconds before the next try where the server names none: twice as long each time."""
        return min(self.longest_wait_seconds, self.first_wait_seconds * 2.0**attempt)


@dataclass(frozen=True, slots=True)
class AnswerBounds:
    """How large an answer may be, unpacked, and how long its body may take to come."""

    max_bytes: int
    max_seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks. `secret` fetches the password when it is first needed; raises LoginError."""

    username: str
    secret: Callable[[], str]


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What is asked; `headers` besides those that every request has."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class IncomingAnswer:
    """An answer of which the body is yet to come, in the pieces in which it is sent.

    :raises NoAnswer: `chunks`, where the body breaks off.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    chunks: Iterator[bytes]


BodyT = TypeVar("BodyT")


@dataclass(frozen=True, slots=True)
class HttpAnswer(Generic[BodyT]):
    """A whole answer: status as in RFC 9110 section 15, names of headers in any case."""

    url: str
    """Where it came from, after redirects."""
    status: int
    headers: Mapping[str, str]
    body: BodyT
    had_login: bool
    """The login went along."""
    was_resent: bool = False
    """The request went out twice, so that it may have been carried out before this answer."""


class HttpClient:
    """The requests of one source: one login, one session, one patience.

    :param trusted: where the login may go; to any other address it does not go along.
    :param credentials: None for what everybody may read.
    :param shown_host: what messages call the server; the host of each address when None.
    :param has_cookies: cookies are sent back, as a balancer before several servers asks.
    """

    def __init__(
        self,
        trusted: Trusted,
        credentials: Credentials | None,
        patience: Patience,
        bounds: AnswerBounds,
        *,
        ca_file: str | None = None,
        shown_host: str | None = None,
        has_cookies: bool = True,
    ) -> None:
        self._source = trusted.source
        self._trusted = trusted
        self._credentials = credentials
        self._patience = patience
        self._bounds = bounds
        self._ca_file = ca_file
        self._shown_host = shown_host
        self._has_cookies = has_cookies
        self._session: Any = None
        self._password: str | None = None
        self._auth: Any = None
        self._wants_digest = False
        self._busy: Busy | None = None

    def ask(
        self,
        request: HttpRequest,
        read: Callable[[IncomingAnswer], BodyT],
        redirected: Callable[[str, str], str],
        *,
        redirects: Collection[int],
        takes: Collection[int] = (),
        is_raw: bool = False,
    ) -> HttpAnswer[BodyT]:
        """The answer at the end of all redirects; one that is still a redirect after too many.

        :param read: makes the body of what comes; asked for each answer, also of redirects.
        :param redirected: (the address asked, its Location) → the address to go on at; raises
            SourceError where that is not to be followed.
        :param redirects: the statuses that are followed.
        :param takes: statuses that are an answer though they say "later" or "elsewhere".
        :param is_raw: the body as it was packed for the way. Unpacking it, the HTTP library takes
            a packed stream that breaks off for a whole one.
        :raises LoginError: the password cannot be had.
        :raises SourceUnreachable: no answer, or "later" to the last; Busy: too late for this run.
        :raises SourceError: of `redirected` and `read`.
        """
        has_login, was_resent = True, False
        for _ in range(REDIRECTS_AT_MOST + 1):
            # once somebody else has said where to go on, the login stays out of it for good
            has_login = has_login and self._trusted.has(request.url)
            answer = self._persistently(request, read, takes, has_login=has_login, is_raw=is_raw)
            if answer.status == 401 and has_login and self._switches_to_digest(answer.headers):
                answer = self._persistently(request, read, takes, has_login=True, is_raw=is_raw)
            was_resent = was_resent or answer.was_resent
            if answer.status not in redirects or answer.status in takes:
                break
            there = redirected(request.url, header(answer.headers, "Location"))
            request = replace(request, url=there)
        return replace(answer, was_resent=was_resent)

    def bounded(self, chunks: Iterator[bytes], url: str) -> Iterator[bytes]:
        """The chunks of an answer, as long as there are not too many and they come in time.

        :raises AnswerTooLarge, SourceUnreachable: there are, or they do not.
        """
        most, seconds = self._bounds.max_bytes, self._bounds.max_seconds
        deadline = time.monotonic() + seconds
        size = 0
        for chunk in chunks:
            size += len(chunk)
            if size > most:
                raise too_large(self._source, self._host(url), most)
            if time.monotonic() > deadline:
                raise SourceUnreachable(
                    f"{self._source}: {self._host(url)} took more than {seconds:.0f} s for one"
                    " answer",
                    hint="the next sync tries again",
                )
            yield chunk

    def _host(self, url: str) -> str:
        return host_of(url) if self._shown_host is None else self._shown_host

    def _persistently(
        self,
        request: HttpRequest,
        read: Callable[[IncomingAnswer], BodyT],
        takes: Collection[int],
        *,
        has_login: bool,
        is_raw: bool,
    ) -> HttpAnswer[BodyT]:
        """One answer that is not "later"; a cut connection is opened again once.

        :raises SourceUnreachable: no answer, or "later" to the last.
        """
        if self._busy is not None:
            raise self._busy  # a server that asked to be left alone is

        def once() -> HttpAnswer[BodyT]:
            return self._once(request, read, has_login=has_login, is_raw=is_raw)

        patience, host = self._patience, self._host(request.url)
        longest = patience.connect_seconds + patience.timeout_seconds + self._bounds.max_seconds
        was_cut = False
        tries = patience.tries
        while True:
            tries -= 1
            try:
                answer = _within(longest, once)
            except NoAnswer as error:
                if was_cut or not error.may_pass:
                    raise self._unanswered(host, error) from error
                was_cut = True
                continue
            if answer.status not in LATER or answer.status in takes:
                return replace(answer, was_resent=was_cut)
            wait = seconds_to_wait(
                answer.headers, default=patience.backoff(patience.tries - tries - 1)
            )
            if wait > patience.longest_wait_seconds:
                self._busy = Busy(
                    f"{self._source}: {host} is busy for another {lasting(wait)}"
                    f" (it answers {answer.status})",
                    hint="a sync after that tries again",
                )
                raise self._busy
            if tries <= 0:
                raise SourceUnreachable(
                    f"{self._source}: {host} is busy: it answers {answer.status} again and again",
                    hint="the next sync tries again",
                )
            time.sleep(wait)

    def _unanswered(self, host: str, error: NoAnswer) -> SourceUnreachable:
        hint = f"check the network and the url of [source.{self._source}]"
        if error.is_stranger:
            hint = (
                "if the server is yours, put its certificate into a file and write"
                f' ca_file = "server.pem" into [source.{self._source}]'
            )
        return SourceUnreachable(
            f"{self._source}: no answer from {host}: {error}",
            hint=f"{hint}, then `kithbook pull --source {self._source}`",
        )

    def _once(
        self,
        request: HttpRequest,
        read: Callable[[IncomingAnswer], BodyT],
        *,
        has_login: bool,
        is_raw: bool,
    ) -> HttpAnswer[BodyT]:
        """One request.

        :raises NoAnswer: the answer did not come, or not whole.
        """
        url = request.url
        auth = self._login() if has_login else nobody
        route = way(url, self._ca_file)
        session = self._open()
        try:
            response = session.request(
                request.method,
                url,
                data=request.body,
                headers={"User-Agent": "kithbook", **request.headers},
                auth=auth,
                timeout=(self._patience.connect_seconds, self._patience.timeout_seconds),
                allow_redirects=False,
                stream=True,
                **route,
            )
        except Exception as error:  # noqa: BLE001 (whatever it is, its text has the address)
            raise no_answer(error) from None
        with closing(response):
            status, headers = int(response.status_code or 0), dict(response.headers)
            pieces = response.iter_raw(-1) if is_raw else response.iter_content(CHUNK_BYTES)
            body = read(IncomingAnswer(url, status, headers, _chunks(pieces)))
        return HttpAnswer(url, status, headers, body, has_login)

    def _open(self) -> Any:
        """The session, opened for the first request."""
        if self._session is None:
            self._session = open_session(has_cookies=self._has_cookies)
            # connectors have no end of their own: the connections close with this object
            weakref.finalize(self, self._session.close)
        return self._session

    def _login(self) -> Any:
        """What puts the login into a request, made for the first one that has it."""
        if self._credentials is None:
            return nobody
        if self._password is None:
            self._password = self._credentials.secret()
        if self._auth is None:
            username = self._credentials.username
            self._auth = login(username, self._password, by_digest=self._wants_digest)
        return self._auth

    def _switches_to_digest(self, headers: Mapping[str, str]) -> bool:
        """The server wants the login by digest (RFC 7616) only, as Baikal does when it is new."""
        offers = header(headers, "WWW-Authenticate").lower()
        if self._credentials is None or self._wants_digest:
            return False
        if "digest" not in offers or "basic" in offers:
            return False
        self._wants_digest, self._auth = True, None
        return True


def _chunks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The body as it comes.

    :raises NoAnswer: it breaks off.
    """
    while True:
        try:
            piece = next(pieces, None)
        except Exception as error:  # noqa: BLE001 (whatever it is, its text has the address)
            raise no_answer(error) from None
        if piece is None:
            return
        yield piece


def _within(seconds: float, ask: Callable[[], HttpAnswer[BodyT]]) -> HttpAnswer[BodyT]:
    """The answer, if it comes in time.

    A timeout of the socket begins anew with each byte: whoever sends one header a letter at a
    time would hold a nightly run, and its lock, for ever. The thread ends with the process.

    :raises NoAnswer: it does not come in time.
    """
    said: SimpleQueue[tuple[HttpAnswer[BodyT] | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            said.put((ask(), None))
        except BaseException as error:  # noqa: BLE001 (it is raised where it was asked)
            said.put((None, error))

    Thread(target=run, name="request", daemon=True).start()
    try:
        answer, error = said.get(timeout=seconds)
    except Empty:
        raise NoAnswer("it took too long", may_pass=False) from None
    if answer is None:
        raise error or AssertionError("a request ends with an answer or an error")
    return answer
