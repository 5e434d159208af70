"""The bodies of items, many at once; and what a server leaves out of its answer, once more.

An item that was asked for and is missing in the answer is not gone: load balancers, caps and
other base paths leave out what is there. So it is asked for again, with what else is missing as
long as that brings anything, then by itself. Gone is what the server says is gone (404, 410).
A batch that the server or the XML parser chokes on is halved until the one bad item is found.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from connectors.contract import Open
from connectors.dav import multistatus
from connectors.dav.client import REDIRECTS, Dav
from connectors.dav.multistatus import Response, XmlRefused, strong
from connectors.errors import SourceUnreachable
from connectors.http import HttpAnswer
from connectors.http_errors import AnswerTooLarge
from connectors.retry_after_and_date import header
from connectors.unanswered_reasons import (
    ALONE_AT_MOST,
    PASSING,
    failing,
    not_asked,
    omitted,
    unanswered,
)

GONE = frozenset({404, 410})
ANY = set(range(200, 600)) - {401} - REDIRECTS
"""What a request for one item may be answered: whatever it is, it is about that item."""
BROKEN = frozenset({400, 500})
"""How servers answer a whole multiget for one item that they cannot hand over."""
HALVED_AT_MOST = 60
"""How many multigets of a pull may be answered by an error before it is taken for the server's."""
WEB_PAGES = frozenset({"text/html", "application/xhtml+xml"})
ITEM_BYTES_AT_MOST = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item as a listing names it."""

    href: str
    sent_href: str
    etag: str | None


@dataclass(frozen=True, slots=True)
class ReceivedBody:
    """An item's body, or why it cannot be had."""

    href: str
    etag: str
    body: bytes
    trouble: str | None = None


@dataclass(slots=True)
class FetchedBodies:
    """What came of the items that were asked for: each is in one of the three."""

    received: list[ReceivedBody] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    """hrefs that are not there, as the server says."""
    open: list[Open] = field(default_factory=list)

    def add(self, other: "FetchedBodies") -> None:
        """Take in what came of others."""
        self.received += other.received
        self.gone += other.gone
        self.open += other.open


class BodyFetcher:
    """The bodies of one collection's items, for one pull.

    `report` and `content` are those of the `BodyReader`.
    """

    def __init__(self, dav: Dav, url: str, report: str, content: str) -> None:
        self._dav = dav
        self._url = url
        self._report = report
        self._content = content
        self._alone_left = ALONE_AT_MOST
        self._is_silent = False
        self._halved_left = HALVED_AT_MOST

    def fetch(self, batch: Sequence[ListedItem]) -> FetchedBodies:
        """The bodies of these items."""
        found = FetchedBodies()
        left = {one.href: one for one in batch}
        alone: dict[str, Open] = {}
        while left:
            came, failing = self._multiget([*left.values()])
            found.add(came)
            alone |= failing
            done = {*(one.href for one in came.received), *came.gone, *failing}
            left = {href: one for href, one in left.items() if href not in done}
            if not done:
                break
        alone |= {href: omitted(href) for href in left}
        asked = {one.href: one for one in batch}
        for href, why in alone.items():
            self._alone_left -= 1
            is_too_many = self._alone_left < 0
            found.add(
                FetchedBodies(open=[why]) if is_too_many else self.fetch_alone(asked[href], why)
            )
        return found

    def fetch_alone(self, one: ListedItem, why: Open | None = None) -> FetchedBodies:
        """One body by GET, which needs no XML; `why`: what was open about it before.

        Whoever gave no answer, or asked to come back later, is not asked for the others.
        """
        if self._is_silent:
            return FetchedBodies(open=[why or not_asked(one.href)])
        try:
            answer = self._dav.request("GET", self._dav.join(one.sent_href, self._url), takes=ANY)
        except AnswerTooLarge as error:
            return _refused(one, str(error))
        except SourceUnreachable:
            self._is_silent = True
            return FetchedBodies(open=[unanswered(one.href)])
        later = header(answer.headers, "Retry-After")
        self._is_silent = answer.status == 429 or (answer.status == 503 and bool(later))
        return _told(one, answer)

    def _multiget(self, batch: Sequence[ListedItem]) -> tuple[FetchedBodies, dict[str, Open]]:
        """What one request (or several, halved) brings, and which items fail by href.

        An item that is in neither was left out of the answer.
        """
        body = multistatus.multiget(self._report, self._content, [one.sent_href for one in batch])
        takes = {207, *GONE, *(BROKEN if self._halved_left > 0 else ())}
        try:
            answer = self._dav.request("REPORT", self._url, body, {"Depth": "0"}, takes=takes)
            # one server answers 404 to the whole request when one of the hrefs is missing
            responses = None if answer.status != 207 else multistatus.read(answer.body).responses
        except AnswerTooLarge as error:
            if len(batch) == 1:
                return _refused(batch[0], str(error)), {}
            responses = None
        except XmlRefused:
            responses = None
        if responses is not None:
            return self._sorted(batch, responses)
        self._halved_left -= 1
        if len(batch) == 1:
            return self.fetch_alone(batch[0]), {}
        half = len(batch) // 2
        found, failing_ones = self._multiget(batch[:half])
        rest, more = self._multiget(batch[half:])
        found.add(rest)
        return found, failing_ones | more

    def _sorted(
        self, batch: Sequence[ListedItem], responses: Sequence[Response]
    ) -> tuple[FetchedBodies, dict[str, Open]]:
        """The responses by what they say; of several about one item the one with a body counts."""
        told: dict[str, FetchedBodies] = {}
        asked = {one.href: one for one in batch}
        for href, response in _matched(asked, responses, self._content):
            said = _said(asked[href], response, response.text(self._content))
            if href not in told or _weight(said) > _weight(told[href]):
                told[href] = said
        found = FetchedBodies()
        for one in told.values():
            found.received += one.received
            found.gone += one.gone
        return found, {one.href: one for said in told.values() for one in said.open}


def _said(one: ListedItem, response: Response, text: str | None) -> FetchedBodies:
    """What a response of a multiget says of an item."""
    if response.status in GONE:
        return FetchedBodies(gone=[one.href])
    if response.status in PASSING:
        return FetchedBodies(open=[failing(one.href, response.status)])
    if text:
        return FetchedBodies([_bounded(one.href, response.etag or one.etag, text.encode())])
    if response.status != 200:
        return _refused(one, f"the server did not hand it over (status {response.status})")
    return FetchedBodies(open=[omitted(one.href)])  # it is there: some servers bring it by GET only


def _told(one: ListedItem, answer: HttpAnswer[bytes]) -> FetchedBodies:
    """What the answer to a GET says of an item."""
    if answer.status in GONE:
        return FetchedBodies(gone=[one.href])
    if answer.status in PASSING:
        return FetchedBodies(open=[failing(one.href, answer.status)])
    if answer.status != 200:
        return _refused(one, f"the server did not hand it over (status {answer.status})")
    kind = header(answer.headers, "Content-Type").partition(";")[0].strip().lower()
    if kind in WEB_PAGES:
        return FetchedBodies(
            open=[Open(one.href, "failing", "the server answered with a web page")]
        )
    etag = one.etag or strong(header(answer.headers, "ETag").strip())
    return FetchedBodies([_bounded(one.href, etag, answer.body)])


def _weight(said: FetchedBodies) -> int:
    """Of several responses about one item a body counts more than none, and gone the least."""
    has_body = any(one.trouble is None for one in said.received)
    return 3 if has_body else 2 if said.received else 1 if said.open else 0


def _refused(one: ListedItem, trouble: str) -> FetchedBodies:
    return FetchedBodies([ReceivedBody(one.href, one.etag or "", b"", trouble)])


def _matched(
    asked: dict[str, ListedItem], responses: Iterable[Response], content: str
) -> Iterable[tuple[str, Response]]:
    """Each response with the href that was asked for.

    A server behind another base path names what it was asked for under its own: with a body, and
    where the last part of the path can mean only one of each, that is taken for it.
    """
    responses = list(responses)
    strange = [one for one in responses if one.href not in asked and one.text(content)]
    named = {one.href for one in responses}
    ours = {_last_part(href): href for href in asked if href not in named}
    counted = Counter(map(_last_part, asked)) + Counter(_last_part(one.href) for one in strange)
    for response in responses:
        if response.href in asked:
            yield response.href, response
    for response in strange:
        part = _last_part(response.href)
        if part in ours and counted[part] == 2:
            yield ours[part], response


def _last_part(href: str) -> str:
    return href.rstrip("/").rpartition("/")[2]


def _bounded(href: str, etag: str | None, body: bytes) -> ReceivedBody:
    """A body that is not too large, under an etag: made from the body if the server gives none."""
    etag = etag or f'"{hashlib.sha256(body).hexdigest()}"'
    if len(body) > ITEM_BYTES_AT_MOST:
        trouble = f"larger than {ITEM_BYTES_AT_MOST // 2**20} MB"
        return ReceivedBody(href, etag, body, trouble)
    return ReceivedBody(href, etag, body)
