"""What changed in one collection of a server: sync token, ctag and etags, then the bodies.

Tokens lie (an old one may be answered with everything and no deletions, or with nothing), so a
delta is believed only as far as it agrees with what we hold: an item reported as changed whose
etag is the one we know, or a ctag that moved without a delta, leads to a full listing of etags.
Where there is a ctag the first token is asked for with the first change, not with the first pull:
Radicale writes a file an item for it, which takes ten times as long as all the rest.
Bodies are fetched in batches, and a batch that the server or the XML parser chokes on is halved
until the one bad item is found.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from connectors.dav import multistatus
from connectors.dav.client import Dav
from connectors.dav.multistatus import Multistatus, Response, XmlRefused, canonical
from connectors.network import AnswerTooLarge
from pipeline.errors import CursorExpired, SourceError
from pipeline.records import Item, Page, Reject

REFUSALS = frozenset({400, 403, 405, 409, 410, 412, 415, 418, 422, 501})
"""How servers say that they do not take this token, or know no sync-collection at all."""
GONE = frozenset({404, 410})
ITEM_BYTES_AT_MOST = 5 * 1024 * 1024
REJECT_BYTES = 64 * 1024
ROUNDS_AT_MOST = 1000


class Reader(Protocol):
    """What makes an item of a body. Never raises on what stands in it."""

    report: ClassVar[str]
    """The name of the multiget REPORT, with our prefix."""
    content: ClassVar[str]
    """The property that holds the body."""

    def read(self, href: str, etag: str, body: bytes) -> tuple[Item | None, Sequence[Reject]]:
        """The item; or None with a Reject, or with nothing for what is not for us."""
        ...


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a pull took up: what we hand out as an opaque text."""

    token: str | None
    ctag: str | None

    def dump(self) -> str:
        """As a text."""
        return json.dumps({"token": self.token, "ctag": self.ctag})

    @staticmethod
    def load(text: str, where: str) -> "Cursor":
        """:raises CursorExpired: it is none of ours."""
        try:
            fields = json.loads(text)
            return Cursor(fields["token"], fields["ctag"])
        except (ValueError, KeyError, TypeError) as error:
            raise CursorExpired(f"{where}: the cursor is not one of ours") from error


@dataclass(frozen=True, slots=True)
class Listed:
    """An item as a listing names it."""

    href: str
    sent_href: str
    etag: str | None


@dataclass(frozen=True, slots=True)
class Received:
    """An item's body, or why there is none."""

    href: str
    etag: str
    body: bytes
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a pull is to bring."""

    wanted: list[Listed]
    gone: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    token: str | None = None
    is_complete: bool = False


@dataclass(frozen=True, slots=True)
class Puller:
    """One collection at one URL."""

    dav: Dav
    url: str
    reader: Reader

    @property
    def where(self) -> str:
        """For messages."""
        return f"{self.dav.source}: {canonical(self.url)}"

    def pull(
        self, cursor: str | None, known: Mapping[str, str], ctag: str | None
    ) -> Iterator[Page]:
        """See `Connector.pull`. `ctag` is the collection's as it is now, None where it has none."""
        if cursor is None:
            changes = self._everything(known, want_token=ctag is None)
        else:
            old = Cursor.load(cursor, self.where)
            if ctag is not None and ctag == old.ctag:
                yield Page(cursor=cursor)
                return
            changes = self._since(old, known, ctag)
        gone = list(changes.gone)
        size = self.dav.patience.batch
        for start in range(0, len(changes.wanted), size):
            page, ours_no_more = self._page(changes.wanted[start : start + size], known)
            gone += ours_no_more
            if page.items or page.rejects:
                yield page
        yield Page(
            gone=gone,
            unchanged=changes.unchanged,
            complete=changes.is_complete,
            cursor=Cursor(changes.token, ctag).dump(),
        )

    def ctag(self) -> str | None:
        """The collection's tag now (a CalendarServer extension that most servers have)."""
        _, answer = self.dav.propfind(self.url, ["S:getctag"], depth=0)
        texts = [response.text("S:getctag") for response in answer.responses[:1]]
        return (texts[0] or "").strip() or None if texts else None

    # --- which items ----------------------------------------------------------------

    def _since(self, old: Cursor, known: Mapping[str, str], ctag: str | None) -> Changes:
        """The delta since a token, if it can be believed; else everything."""
        if old.token is None:
            return self._everything(known, want_token=True)
        answer = self._sync(old.token)
        if answer is None:
            raise CursorExpired(f"{self.where}: the server no longer takes the sync token")
        members = self._members(answer)
        gone = [href for href, one in members.items() if one.status in GONE]
        wanted = [_listed(one) for one in members.values() if one.status not in GONE]
        is_repeated = any(
            one.etag is not None and known.get(one.href) == one.etag for one in wanted
        )
        is_silent = not members and ctag != old.ctag
        if is_repeated or is_silent:
            return self._everything(known, want_token=True)
        return Changes(wanted, gone, token=answer.sync_token or old.token)

    def _everything(self, known: Mapping[str, str], *, want_token: bool) -> Changes:
        """All that is there, less the bodies that we have."""
        answer = self._sync(None) if want_token else None
        if answer is None:
            _, answer = self.dav.propfind(self.url, ["getetag", "resourcetype"], depth=1)
        listed = [
            _listed(one)
            for one in self._members(answer).values()
            if one.status not in GONE and not one.has("resourcetype", "collection")
        ]
        wanted = [one for one in listed if one.etag is None or known.get(one.href) != one.etag]
        fetched = {one.href for one in wanted}
        return Changes(
            wanted,
            unchanged=[one.href for one in listed if one.href not in fetched],
            token=answer.sync_token,
            is_complete=True,
        )

    def _members(self, answer: Multistatus) -> dict[str, Response]:
        """By href, without the collection itself; the last word on each counts."""
        own = canonical(self.url).rstrip("/")
        return {
            one.href: one for one in answer.responses if one.href and one.href.rstrip("/") != own
        }

    def _sync(self, token: str | None) -> Multistatus | None:
        """sync-collection from a token on; None where the server refuses it."""
        responses: list[Response] = []
        for _ in range(ROUNDS_AT_MOST):
            sent = self.dav.request(
                "REPORT",
                self.url,
                multistatus.sync_collection(token),
                {"Depth": "0"},
                takes={207, *REFUSALS},
            )
            if sent.status != 207:
                return None
            answer = self.dav.parse(sent)
            if answer.sync_token is None:
                return None  # 207, but no answer to this report
            responses += answer.responses
            if not self._is_truncated(answer) or answer.sync_token == token:
                return Multistatus(responses, answer.sync_token)
            token = answer.sync_token
        raise SourceError(f"{self.where}: the server's list of changes does not end")

    def _is_truncated(self, answer: Multistatus) -> bool:
        """507 for the collection itself: there is more (RFC 6578 section 3.6)."""
        own = canonical(self.url).rstrip("/")
        return any(one.status == 507 and one.href.rstrip("/") == own for one in answer.responses)

    # --- their bodies ---------------------------------------------------------------

    def _page(self, batch: Sequence[Listed], known: Mapping[str, str]) -> tuple[Page, list[str]]:
        """The items of a batch, and those of them that are there no more, or no more for us."""
        items: list[Item] = []
        rejects: list[Reject] = []
        found = self.fetch(batch)
        here = {received.href for received in found}
        no_more = [one.href for one in batch if one.href not in here and one.href in known]
        for received in found:
            if received.trouble is not None:
                rejects.append(
                    Reject(received.trouble, received.href, content=received.body[:REJECT_BYTES])
                )
                continue
            item, problems = self.reader.read(received.href, received.etag, received.body)
            rejects += problems
            if item is not None:
                items.append(item)
            elif not problems and received.href in known:
                no_more.append(received.href)
        return Page(items=items, rejects=rejects), no_more

    def fetch(self, batch: Sequence[Listed]) -> list[Received]:
        """The bodies of a batch; what has vanished meanwhile is left out."""
        asked = {one.href: one for one in batch}
        body = multistatus.multiget(
            self.reader.report, self.reader.content, [one.sent_href for one in batch]
        )
        try:
            answer = self.dav.request(
                "REPORT", self.url, body, {"Depth": "0"}, takes={207, 404, 410}
            )
            # one server answers 404 to the whole request when one of the hrefs is missing
            responses = None if answer.status != 207 else multistatus.read(answer.body).responses
        except (AnswerTooLarge, XmlRefused) as error:
            if len(batch) == 1:
                return self._fetch_alone(batch[0], error)
            responses = None
        if responses is None:
            half = len(batch) // 2
            return [] if half == 0 else [*self.fetch(batch[:half]), *self.fetch(batch[half:])]
        received = (self._received(asked[one.href], one) for one in responses if one.href in asked)
        return [one for one in received if one is not None]

    def _received(self, listed: Listed, response: Response) -> Received | None:
        if response.status in GONE:
            return None
        text = response.text(self.reader.content)
        if text is None:
            trouble = f"the server did not hand it over (status {response.status})"
            return Received(listed.href, listed.etag or "", b"", trouble)
        return _bounded(listed.href, response.etag or listed.etag, text.encode())

    def _fetch_alone(self, listed: Listed, error: Exception) -> list[Received]:
        """By GET, which needs no XML."""
        if isinstance(error, AnswerTooLarge):
            return [Received(listed.href, listed.etag or "", b"", str(error))]
        url = self.dav.join(listed.sent_href, self.url)
        answer = self.dav.request("GET", url, takes={200, 404, 410})
        if answer.status != 200:
            return []
        return [_bounded(listed.href, listed.etag, answer.body)]


def _listed(response: Response) -> Listed:
    return Listed(response.href, response.sent_href, response.etag)


def _bounded(href: str, etag: str | None, body: bytes) -> Received:
    """A body that is not too large, under an etag: made from the body if the server gives none."""
    etag = etag or f'"{hashlib.sha256(body).hexdigest()}"'
    if len(body) > ITEM_BYTES_AT_MOST:
        trouble = f"larger than {ITEM_BYTES_AT_MOST // 2**20} MB"
        return Received(href, etag, body, trouble)
    return Received(href, etag, body)
