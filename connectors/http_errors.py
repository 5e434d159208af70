"""What went wrong with an HTTP request, in words that repeat no URL: that may be a secret."""

import socket
import ssl
from collections.abc import Iterator

from connectors.errors import SourceError, SourceUnreachable

UNKNOWN_SIGNERS = frozenset({2, 18, 19, 20, 21})
"""OpenSSL's verify codes for a certificate signed by itself, or by nobody who is known here."""


class AnswerTooLarge(SourceError):
    """An answer with more bytes than are taken."""


def too_large(source: str, host: str, most_bytes: int) -> AnswerTooLarge:
    """What to tell of an answer that was not read to its end."""
    return AnswerTooLarge(
        f"{source}: an answer of {host} is larger than {most_bytes // 2**20} MB and was not read",
        hint=f"check the url of [source.{source}]",
    )


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
