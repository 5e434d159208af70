"""Page by page through what Google lists: the loop that contacts, calendars and tasks share."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from connectors.contract import Item, Open, Page, Reject
from connectors.errors import SourceError, SourceUnreachable
from connectors.google.http import GoogleSession
from connectors.google.json_fields import JsonObject, reason_of
from connectors.unanswered_reasons import ALONE_AT_MOST, not_asked, not_listed, unanswered

LARGEST_BODY = 4_000_000
"""Bytes of one item; what is larger is a reject."""


def pages(
    session: GoogleSession, ask: Callable[..., Any], doing: str, **parameters: Any
) -> Iterator[tuple[JsonObject, bool]]:
    """The answers of a list method, page after page, each with whether it is the last.

    A page may be short or empty and still have a successor; only a missing token ends the list.

    :raises SourceError: the server gives the same page again and again.
    """
    token: str | None = None
    seen = set()
    while True:
        answer = session.read(ask(**parameters, pageToken=token), doing)
        token = answer.get("nextPageToken") or None
        yield answer, token is None
        if token is None:
            return
        if token in seen:
            raise SourceError(
                f"Google, {doing}, gives the same page again and again. What"
                f" [source.{session.source}] had brought stays as it was.",
                hint="Try again later: kithbook sync",
            )
        seen.add(token)


def listed(answer: JsonObject, key: str) -> list[JsonObject]:
    """The resources on a page.

    :raises SourceError: the answer is not of the shape that the API promises.
    """
    found = answer.get(key) or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise SourceError(
            f"Google answered with a {key!r} that is not a list of objects; nothing was changed.",
            hint="Try again later: kithbook sync",
        )
    return found


@dataclass(slots=True)
class Sheet:
    """What the next Page will say. `known`: href → etag of what the store holds."""

    known: Mapping[str, str]
    is_full: bool
    items: list[Item] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    """hrefs of all that was taken so far."""

    def take(
        self,
        found: JsonObject,
        href: str | None,
        make: Callable[[str, str, bytes], Item],
        *,
        anew: bool = False,
    ) -> None:
        """File one resource: as unchanged (in a full listing), as an item, or as a reject.

        `make(href, etag, body)` raises ValueError, TypeError, KeyError or OverflowError on what it
        cannot make sense of. `anew`: hand it over though the store has it with this etag.
        """
        body = body_of(found)
        etag = etag_of(found, body)
        if href is not None:
            self.named.add(href)
        if href is None:
            self.rejects.append(Reject("it has no id", content=body))
        elif self.is_full and self.known.get(href) == etag and not anew:
            self.unchanged.append(href)
        elif len(body) > LARGEST_BODY:
            reason = f"larger than {LARGEST_BODY} bytes"
            self.rejects.append(Reject(reason, href, content=body[:LARGEST_BODY]))
        else:
            try:
                item = make(href, etag, body)
                self.items.append(replace(item, is_read_anew=True) if anew else item)
            except (ValueError, TypeError, KeyError, OverflowError) as error:
                self.rejects.append(Reject(reason_of(error), href, content=body))

    def has_news(self) -> bool:
        """Whether there is anything to write down before the last page."""
        return bool(self.items or self.rejects or self.gone)

    def page(self, cursor: str | None = None) -> Page:
        """The page so far; the one with the cursor is the last. The sheet is blank afterwards."""
        page = Page(
            items=self.items,
            rejects=self.rejects,
            gone=self.gone,
            unchanged=self.unchanged,
            open=self.open,
            complete=self.is_full and cursor is not None,
            cursor=cursor,
        )
        self.items, self.rejects, self.gone, self.unchanged, self.open = [], [], [], [], []
        return page


def look_for(
    session: GoogleSession,
    sheet: Sheet,
    hrefs: Iterable[str],
    ask: Callable[[str], Any],
    take: Callable[[str, JsonObject], bool],
    doing: str,
) -> None:
    """What a listing should have named and did not, asked for one by one; too many stay open.

    `ask(href)` makes the request. `take(href, found)` files what stands there; false: it is gone.
    """
    told = sheet.named.union(sheet.gone)
    missing = [href for href in hrefs if href not in told]
    if len(missing) > ALONE_AT_MOST:
        sheet.open += map(not_listed, missing)
        return
    while missing:
        href = missing.pop(0)
        try:
            found = session.find(ask(href), doing)
        except SourceUnreachable:
            # one that is not answered after all its attempts is enough
            sheet.open += [unanswered(href), *map(not_asked, missing)]
            return
        except SourceError:
            sheet.open.append(unanswered(href))
            continue
        if found is None or not take(href, found):
            sheet.gone.append(href)


def body_of(found: JsonObject) -> bytes:
    """The JSON as received, in one spelling."""
    return json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def etag_of(found: JsonObject, body: bytes) -> str:
    """The resource's etag, or one of its content where it has none (some deleted events)."""
    etag = found.get("etag")
    return etag if isinstance(etag, str) and etag else blake2b(body, digest_size=12).hexdigest()
