"""Rules of the road for whoever speaks HTTP: which URLs, how long to wait, how much, why not.

What is here knows URLs, headers and the network libraries' errors, and keeps no state. That a
message must not repeat a URL, which may be a secret by itself, is the caller's to say.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Protocol, TypeVar
from urllib.parse import SplitResult, urlsplit

from pipeline.errors import ConfigError, SourceError, SourceUnreachable

LATER = frozenset({429, 502, 503, 504})


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


class NoAnswer(Exception):
    """A request that brought no whole answer; the words say why.

    `may_pass`: the connection was cut, as by a server that closes one between two requests.
    """

    def __init__(self, words: str, *, may_pass: bool) -> None:
        super().__init__(words)
        self.may_pass = may_pass


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


def check_url(source: str, url: str, *, insecure: bool) -> None:
    """Https, a host, and no password inside.

    :raises ConfigError: any of these is missing.
    """
    parts = web_address(url)
    if parts is None:
        raise ConfigError(
            f'source.{source}: url = "{url}" is not a web address',
            hint='write it in full, as in url = "https://dav.example.org/"',
        )
    if parts.password is not None:
        raise ConfigError(
            f"source.{source}: the url holds a password",
            hint="take it out of the url and use password_command or the keyring",
        )
    if not is_private_way(url, insecure=insecure):
        raise ConfigError(
            f"source.{source}: {url} would send the password unencrypted",
            hint="write https://, or add insecure = true beside the url",
        )


def web_address(url: str) -> SplitResult | None:
    """The parts of an http or https URL with a host; None for anything else."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and parts.hostname else None


def is_private_way(url: str, *, insecure: bool) -> bool:
    """By https, or to this very machine, or plain because the user said so."""
    parts = urlsplit(url)
    return parts.scheme == "https" or insecure or _is_loopback(parts.hostname or "")


def host_of(url: str) -> str:
    """Host and port, for messages: never a user name, a path or a query."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port}" if parts.port else host


def same_origin(url: str, other: str) -> bool:
    """Scheme, host and port are the same."""
    one, two = urlsplit(url), urlsplit(other)
    return (one.scheme, one.netloc) == (two.scheme, two.netloc)


def is_upgrade(url: str, other: str) -> bool:
    """The same host, by https."""
    one, two = urlsplit(url), urlsplit(other)
    return two.scheme == "https" and one.hostname == two.hostname


def is_beside(url: str, other: str) -> bool:
    """By https to a host under the same domain, as p01.dav.example.org beside dav.example.org."""
    own, there = urlsplit(url).hostname or "", urlsplit(other).hostname or ""
    domains = [one for one in (own, own.partition(".")[2]) if "." in one]
    by_https = urlsplit(other).scheme == "https"
    return by_https and f".{there}".endswith(tuple(f".{domain}" for domain in domains))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


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


def ask_until_answered(
    ask: Callable[[], AnswerT],
    patience: Patience,
    source: str,
    host: str,
    *,
    at_most_seconds: float,
) -> tuple[AnswerT, bool]:
    """One answer that is not "later", and whether the request went out twice to a cut connection.

    :param ask: sends the request; raises NoAnswer.
    :param at_most_seconds: for a body; what comes before it has the patience's seconds.
    :raises SourceUnreachable: no answer, or "later" to the last.
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
                raise SourceUnreachable(
                    f"{source}: no answer from {host}: {error}",
                    hint=f"check the network and the url of [source.{source}], then"
                    f" `kithbook pull --source {source}`",
                ) from error
            was_cut = True
            continue
        if answer.status not in LATER:
            return answer, was_cut
        wait = seconds_to_wait(answer.headers, default=2.0 ** (patience.tries - tries - 1))
        if tries <= 0 or wait > patience.longest_wait_seconds:
            raise SourceUnreachable(
                f"{source}: {host} answers {answer.status} and asks to come back in {wait:.0f} s",
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
    is_cut = isinstance(error, (errors.ConnectionError, errors.ChunkedEncodingError))
    is_final = isinstance(error, (errors.SSLError, errors.Timeout)) or is_refused(error)
    return NoAnswer(why(error), may_pass=is_cut and not is_final)


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
