"""Rules of the road for whoever speaks HTTP: how it is asked, how long to wait, how much, why not.

What is here knows headers and the network libraries' errors, and keeps no state. That a message
must not repeat a URL, which may be a secret by itself, is the caller's to say. Which URLs are
asked at all is in `urls`, where a login may go in `trusted`.
"""

import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Protocol, TypeVar

from connectors.errors import ConfigError, SourceError, SourceUnreachable
from connectors.urls import origin

LATER = frozenset({429, 502, 503, 504})
LONGEST_UNTIL = 3650 * 86400.0
"""Seconds; who asks to wait for longer is not taken at the word."""
UNKNOWN_SIGNERS = frozenset({2, 18, 19, 20, 21})
"""OpenSSL's verify codes for a certificate signed by itself, or by nobody who is known here."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is waited for."""

    connect_seconds: float = 10.0
    timeout_seconds: float = 120.0
    """Without a byte from the server: it may have thousands of items to look through first."""
    tries: int = 4
    longest_wait_seconds: float = 60.0
    """The longest single wait; a server that asks for a longer one counts as unreachable."""


class AnswerTooLarge(SourceError):
    """An answer with more bytes than are taken."""


class Busy(SourceUnreachable):
    """The server says when it can be asked again, and that is too long to wait."""


class NoAnswer(Exception):
    """A request that brought no whole answer; the words say why.

    `may_pass`: the connection was cut, as by a server that closes one between two requests.
    `is_stranger`: who signed the server's certificate is not known here.
    """

    def __init__(self, words: str, *, may_pass: bool, is_stranger: bool = False) -> None:
        super().__init__(words)
        self.may_pass = may_pass
        self.is_stranger = is_stranger


class Answered(Protocol):
    """What every answer has."""

    @property
    def status(self) -> int:
        """As RFC 9110 section 15 has them."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Names in any case."""
        ...


AnswerT = TypeVar("AnswerT", bound=Answered)


def header(headers: Mapping[str, str], name: str) -> str:
    """A header by its name in any case; empty where there is none."""
    return next((value for key, value in headers.items() if key.lower() == name.lower()), "")


def seconds_to_wait(headers: Mapping[str, str], default: float) -> float:
    """What Retry-After asks for, or else the default."""
    seconds = retry_after(header(headers, "Retry-After"))
    return default if seconds is None else seconds


def retry_after(text: str) -> float | None:
    """Retry-After as seconds or as a date (RFC 9110 section 10.2.3); None for anything else."""
    text = text.strip()
    if text.isdecimal():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def clock(headers: Mapping[str, str]) -> float | None:
    """The server's Date (RFC 9110 section 6.6.1) in seconds; None where it says none."""
    try:
        when = parsedate_to_datetime(header(headers, "Date").strip())
    except (ValueError, OverflowError):
        return None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def until(seconds: float) -> str:
    """When so many seconds are over, for messages."""
    when = datetime.now(UTC) + timedelta(seconds=min(seconds, LONGEST_UNTIL))
    return f"{when:%Y-%m-%d %H:%M} UTC"


def ask_until_answered(
    ask: Callable[[], AnswerT],
    patience: Patience,
    source: str,
    host: str,
    *,
    at_most_seconds: float,
    takes: Collection[int] = (),
) -> tuple[AnswerT, bool]:
    """One answer that is not "later", and whether the request went out twice to a cut connection.

    :param ask: sends the request; raises NoAnswer.
    :param at_most_seconds: for a body; what comes before it has the patience's seconds.
    :param takes: statuses that are an answer though they say "later".
    :raises SourceUnreachable: no answer, or "later" to the last.
    :raises Busy: "later", and that is too late for this run.
    """
    was_cut = False
    tries = patience.tries
    while True:
        tries -= 1
        try:
            answer = _within(
                patience.connect_seconds + patience.timeout_seconds + at_most_seconds, ask
            )
        except NoAnswer as error:
            if was_cut or not error.may_pass:
                hint = f"check the network and the url of [source.{source}]"
                if error.is_stranger:
                    hint = (
                        "if the server is yours, put its certificate into a file and write"
                        f' ca_file = "server.pem" into [source.{source}]'
                    )
                raise SourceUnreachable(
                    f"{source}: no answer from {host}: {error}",
                    hint=f"{hint}, then `kithbook pull --source {source}`",
                ) from error
            was_cut = True
            continue
        if answer.status not in LATER or answer.status in takes:
            return answer, was_cut
        wait = seconds_to_wait(answer.headers, default=2.0 ** (patience.tries - tries - 1))
        if wait > patience.longest_wait_seconds:
            raise Busy(
                f"{source}: {host} is busy until {until(wait)} (it answers {answer.status})",
                hint="a sync after that tries again",
            )
        if tries <= 0:
            raise SourceUnreachable(
                f"{source}: {host} is busy: it answers {answer.status} again and again",
                hint="the next sync tries again",
            )
        time.sleep(wait)


def _within(seconds: float, ask: Callable[[], AnswerT]) -> AnswerT:
    """The answer, if it comes in time.

    A timeout of the socket begins anew with each byte: whoever sends one header a letter at a
    time would hold a nightly run, and its lock, for ever. The thread ends with the process.

    :raises NoAnswer: it does not come in time.
    """
    said: SimpleQueue[tuple[AnswerT | None, BaseException | None]] = SimpleQueue()

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


def no_answer(error: Exception) -> NoAnswer:
    """What an error of the HTTP library means; its own text, which names the URL, is left out."""
    from caldav.lib.http_sync import requests

    errors = requests.exceptions
    if not isinstance(error, (errors.RequestException, OSError)):
        # of the library itself, over what the server sent: a challenge without a realm
        words = f"what it sent cannot be understood ({type(error).__name__})"
        return NoAnswer(words, may_pass=False)
    is_cut = isinstance(error, (errors.ConnectionError, errors.ChunkedEncodingError))
    is_final = isinstance(error, (errors.SSLError, errors.Timeout)) or is_refused(error)
    is_stranger = any(
        isinstance(one, ssl.SSLCertVerificationError) and one.verify_code in UNKNOWN_SIGNERS
        for one in _causes(error)
    )
    return NoAnswer(why(error), may_pass=is_cut and not is_final, is_stranger=is_stranger)


def open_session() -> Any:
    """A session of the HTTP library that asks what it is told to, and nothing else.

    HTTP/1.1 alone: with the newer ones a server may name another port to go on at (RFC 7838), and
    only HTTP/1.1 says in its headers whether the end of a body can be told from a cut. Where a
    redirect leads is for us to judge; the library would read the whole body of one, however long.
    """
    from caldav.lib.http_sync import requests

    session: Any = requests.Session(disable_http2=True, disable_http3=True)
    session.resolve_redirects = _nowhere
    return session


def way(url: str, ca_file: str | None) -> dict[str, Any]:
    """How an address is reached, as arguments of a request: past which proxy, trusting whom.

    What stays on this machine, which needs no https, is not sent through the proxy of the
    environment, which may stand on another.

    :raises ConfigError: `ca_file` is no file of certificates.
    """
    proxies = {"no_proxy": "*"} if origin(url).is_loopback else None
    return {"proxies": proxies, "verify": _certificates(ca_file)}


def _certificates(ca_file: str | None) -> str | bool:
    """What the library checks a server's certificate with: the file, else the system's own."""
    if ca_file is None:
        return True
    try:
        ssl.create_default_context(cafile=ca_file)
    except (OSError, ValueError) as error:
        why_not = getattr(error, "strerror", None) or "there is no certificate in it"
        raise ConfigError(
            f'ca_file = "{ca_file}" cannot be used: {why_not}.',
            "Name a file with the server's certificate, or its authority's, as PEM.",
        ) from error
    return ca_file


def _nowhere(*_: Any, **__: Any) -> Iterator[Any]:
    """In place of the library's redirects."""
    return iter(())


def bounded(
    chunks: Iterable[bytes], source: str, host: str, *, at_most_bytes: int, at_most_seconds: float
) -> Iterator[bytes]:
    """The chunks of an answer, as long as there are not too many and they do not take too long.

    :raises AnswerTooLarge, SourceUnreachable: there are, or they do.
    """
    deadline = time.monotonic() + at_most_seconds
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > at_most_bytes:
            raise AnswerTooLarge(
                f"{source}: an answer of {host} is larger than {at_most_bytes // 2**20} MB"
                " and was not read",
                hint=f"check the url of [source.{source}]",
            )
        if time.monotonic() > deadline:
            raise SourceUnreachable(
                f"{source}: {host} took more than {at_most_seconds:.0f} s for one answer",
                hint="the next sync tries again",
            )
        yield chunk


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what lies under it, also where the library keeps it as an argument."""
    seen: list[BaseException] = []
    queue: list[BaseException | None] = [error]
    while queue:
        one = queue.pop(0)
        if one is None or one in seen:
            continue
        seen.append(one)
        yield one
        reason = getattr(one, "reason", None)
        queue += [one.__cause__, one.__context__]
        queue += [arg for arg in (*one.args, reason) if isinstance(arg, BaseException)]


def is_refused(error: BaseException) -> bool:
    """Nothing listens there, or there is no such host: asking at once again is no use."""
    return any(isinstance(one, ConnectionRefusedError | socket.gaierror) for one in _causes(error))


def why(error: BaseException) -> str:
    """What went wrong in a few words: the operating system's where there are some."""
    for one in _causes(error):
        if isinstance(one, socket.gaierror):
            return "there is no host of that name"
        if isinstance(one, ssl.SSLCertVerificationError):
            return f"its certificate is not to be trusted ({one.verify_message})"
        if isinstance(one, ssl.SSLError):
            return f"no secure connection ({one.reason or 'TLS'})"
        if isinstance(one, TimeoutError):
            return "it took too long"
        if isinstance(one, OSError) and one.strerror:
            return one.strerror.lower()
    name = type(error).__name__
    return "it took too long" if "Timeout" in name else "the connection was closed"
