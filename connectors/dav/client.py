"""Requests to a WebDAV server: which methods, which redirects, and what becomes which error.

How it travels is the HTTP layer's (`connectors.http`). Here stand WebDAV's methods, that a redirect
is followed only to where the login may go (`trusted_hosts`), and what a refusal means.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from connectors import http
from connectors.dav import multistatus
from connectors.dav.multistatus import Multistatus, XmlRefused, canonical
from connectors.errors import LoginError, SourceError
from connectors.http import AnswerBounds, Credentials, HttpAnswer, HttpRequest, IncomingAnswer
from connectors.retry_after_and_date import clock
from connectors.trusted_hosts import Trusted
from connectors.urls import as_meant, check_url, same_origin, without_user

REDIRECTS = frozenset({301, 302, 307, 308})
ANSWER_BYTES_AT_MOST = 64 * 1024 * 1024
PASSING = frozenset({408, 423, 425, 429})
"""Of the client errors those that say "not now"."""
HEADERS = {
    "Content-Type": "application/xml; charset=utf-8",
    "Accept": "text/xml, text/calendar",
}


class AnswerBroken(SourceError):
    """An answer that came whole but cannot be read as XML."""


class Forbidden(LoginError):
    """403: we are known, or not, but this is not for us."""


@dataclass(frozen=True, slots=True)
class DavPatience(http.Patience):
    """How long a server is waited for, and how much is asked of it at once."""

    batch: int = 500
    """Items a multiget. Small batches cost a fixed delay each on some servers."""


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
        patience: DavPatience,
        hosts: tuple[str, ...] = (),
        ca_file: str | None = None,
    ) -> None:
        check_url(source, as_meant(url), insecure=insecure)
        self.source = source
        self.url = without_user(as_meant(url))
        self.patience = patience
        self._username = username
        self._trusted = Trusted(source, self.url, hosts, insecure)
        self._http = http.HttpClient(
            self._trusted,
            Credentials(username, secret),
            patience,
            AnswerBounds(ANSWER_BYTES_AT_MOST),
            ca_file=ca_file,
            shown_host=self.host,
        )
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

    def parse(self, answer: HttpAnswer[bytes]) -> Multistatus:
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
        return replace(found, told_at=clock(answer.headers))

    def request(
        self,
        method: str,
        url: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        takes: set[int],
    ) -> HttpAnswer[bytes]:
        """Send a request and take the whole answer; statuses not in `takes` are raised.

        "Later" (429, 503) is waited for, unless it is in `takes`.
        """
        request = HttpRequest(method, url, {**HEADERS, **(headers or {})}, body)
        answer = self._http.ask(
            request, self._whole, self._redirected, redirects=REDIRECTS, takes=takes
        )
        if answer.status not in takes:
            raise self._refusal(method, answer)
        self.answered = answer.url, answer.headers
        return answer

    def _whole(self, incoming: IncomingAnswer) -> bytes:
        """The body, kept whole, so that a cut one can be asked for again before any is used.

        A multiget of 500 items is some megabytes.
        """
        return b"".join(self._http.bounded(incoming.chunks, incoming.url))

    def _redirected(self, url: str, location: str) -> str:
        """Where a redirect leads; without a Location it is refused as any empty address is."""
        return self.join(location, url)

    def _refusal(self, method: str, answer: HttpAnswer[bytes]) -> SourceError | LoginError:
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
