"""What changed in one collection of a server: sync token, ctag and etags, then the bodies.

Tokens lie (an old one may be answered with everything and no deletions, or with nothing), so a
delta is believed only as far as it agrees with what we hold: an item reported as changed whose
etag is the one we know, or a ctag that moved without a delta, leads to a full listing of etags.
Where there is a ctag the first token is asked for with the first change, not with the first pull:
Radicale writes a file an item for it, which takes ten times as long as all the rest.

Tags lie, too: one server's count whole seconds, so that a second change within one does not show.
A ctag that moved is trusted after a further look (a listing of etags) in a run at least
`GRAIN_SECONDS` later by the server's clock; until then an equal ctag proves nothing.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Protocol

from connectors.contract import Item, Open, Page, Reject
from connectors.dav import multistatus
from connectors.dav.client import Dav
from connectors.dav.multiget import GONE, BodyFetcher, FetchedBodies, ListedItem
from connectors.dav.multistatus import Multistatus, Response, canonical
from connectors.errors import CursorExpired, SourceError
from connectors.unanswered_reasons import ALONE_AT_MOST, not_listed

REFUSALS = frozenset({400, 403, 405, 409, 410, 412, 415, 418, 422, 501})
"""How servers say that they do not take this token, or know no sync-collection at all."""
GRAIN_SECONDS = 2.0
"""Of the clock in a ctag, and of a Date, which counts whole seconds."""
REJECT_BYTES = 64 * 1024
ROUNDS_AT_MOST = 1000


class BodyReader(Protocol):
    """What makes an item of a body. Never raises on what stands in it."""

    report: ClassVar[str]
    """The name of the multiget REPORT, with our prefix."""
    content: ClassVar[str]
    """The property that holds the body."""

    def read(self, href: str, etag: str, body: bytes) -> tuple[Item | None, Sequence[Reject]]:
        """The item; or None with a Reject, or with nothing for what is not for us."""
        ...


@dataclass(frozen=True, slots=True)
class Tag:
    """A collection's ctag, and the server's clock (seconds) when it was told, if it was told."""

    text: str
    told_at: float | None


@dataclass(frozen=True, slots=True)
class DavCursor:
    """Where a pull took up: what we hand out as an opaque text."""

    token: str | None
    ctag: str | None
    told_at: float | None = None
    """The server's clock when this ctag was first told."""
    is_settled: bool = False
    """A further look was taken since: an equal ctag means that nothing has changed."""

    def dump(self) -> str:
        """As a text."""
        return json.dumps(
            {
                "token": self.token,
                "ctag": self.ctag,
                "told_at": self.told_at,
                "is_settled": self.is_settled,
            }
        )

    @staticmethod
    def load(text: str, where: str) -> "DavCursor":
        """Those of earlier versions say nothing of the clock: they are a night old.

        :raises CursorExpired: it is none of ours.
        """
        try:
            fields = json.loads(text)
            told_at = fields.get("told_at", 0.0)
            return DavCursor(
                fields["token"],
                fields["ctag"],
                None if told_at is None else float(told_at),
                fields.get("is_settled") is True,
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CursorExpired(f"{where}: the cursor is not one of ours") from error

    def after(self, token: str | None, tag: Tag | None) -> "DavCursor":
        """The next one, after a look that was taken when the collection had this tag."""
        if tag is None:
            return DavCursor(token, None)
        if tag.text != self.ctag:
            return DavCursor(token, tag.text, tag.told_at)
        is_later = (
            tag.told_at is not None
            and self.told_at is not None
            and tag.told_at - self.told_at >= GRAIN_SECONDS
        )
        first = tag.told_at if self.told_at is None else self.told_at
        return DavCursor(token, tag.text, first, is_later)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a pull is to bring."""

    wanted: list[ListedItem]
    gone: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """hrefs that we hold and a full listing does not name."""
    unchanged: list[str] = field(default_factory=list)
    token: str | None = None
    is_complete: bool = False


@dataclass(frozen=True, slots=True)
class Puller:
    """One collection at one URL."""

    dav: Dav
    url: str
    reader: BodyReader

    @property
    def where(self) -> str:
        """For messages."""
        return f"{self.dav.source}: {canonical(self.url)}"

    def pull(self, cursor: str | None, known: Mapping[str, str], tag: Tag | None) -> Iterator[Page]:
        """See `Connector.pull`. `tag` is the collection's as it is now, None where it has none."""
        old = DavCursor(None, None) if cursor is None else DavCursor.load(cursor, self.where)
        if cursor is None:
            changes = self._everything(known, want_token=tag is None)
        elif tag is None or tag.text != old.ctag:
            changes = self._since(old, known, None if tag is None else tag.text)
        elif old.is_settled:
            yield Page(cursor=cursor)
            return
        else:
            changes = replace(self._everything(known, want_token=False), token=old.token)
        bodies = self.bodies()
        gone, still_open = list(changes.gone), list[Open]()
        size = self.dav.patience.batch
        for start in range(0, len(changes.wanted), size):
            found = bodies.fetch(changes.wanted[start : start + size])
            page, ours_no_more = self._page(found, known)
            gone += ours_no_more
            still_open += found.open
            if page.items or page.rejects:
                yield page
        page, missing_ones = self._look_for(bodies, changes.missing, known)
        yield replace(
            page,
            gone=[*gone, *page.gone],
            open=[*still_open, *missing_ones],
            unchanged=changes.unchanged,
            complete=changes.is_complete,
            cursor=old.after(changes.token, tag).dump(),
        )

    def tag(self) -> Tag | None:
        """The collection's ctag now (a CalendarServer extension that most servers have)."""
        _, answer = self.dav.propfind(self.url, ["S:getctag"], depth=0)
        texts = [response.text("S:getctag") for response in answer.responses[:1]]
        text = (texts[0] or "").strip() if texts else ""
        return Tag(text, answer.told_at) if text else None

    def bodies(self) -> BodyFetcher:
        """Where the bodies come from."""
        return BodyFetcher(self.dav, self.url, self.reader.report, self.reader.content)

    # --- which items ----------------------------------------------------------------

    def _since(self, old: DavCursor, known: Mapping[str, str], ctag: str | None) -> Changes:
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
        members = self._members(answer)
        listed = [
            _listed(one)
            for one in members.values()
            if one.status not in GONE and not one.has("resourcetype", "collection")
        ]
        wanted = [one for one in listed if one.etag is None or known.get(one.href) != one.etag]
        fetched = {one.href for one in wanted}
        return Changes(
            wanted,
            gone=[href for href, one in members.items() if one.status in GONE],
            missing=[href for href in known if href not in members],
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

    def _page(self, found: FetchedBodies, known: Mapping[str, str]) -> tuple[Page, list[str]]:
        """The items that came, and those known that are there no more, or no more for us."""
        items: list[Item] = []
        rejects: list[Reject] = []
        no_more = [href for href in found.gone if href in known]
        for received in found.received:
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

    def _look_for(
        self, bodies: BodyFetcher, missing: Sequence[str], known: Mapping[str, str]
    ) -> tuple[Page, list[Open]]:
        """What a full listing does not name, asked for one by one; too many stay open."""
        if len(missing) > ALONE_AT_MOST:
            return Page(), [not_listed(href) for href in missing]
        found = FetchedBodies()
        for href in missing:
            found.add(bodies.fetch_alone(ListedItem(href, href, None)))
        page, gone = self._page(found, known)
        return replace(page, gone=gone), found.open


def _listed(response: Response) -> ListedItem:
    return ListedItem(response.href, response.sent_href, response.etag)
