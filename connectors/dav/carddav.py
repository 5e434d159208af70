"""Cards of an address book on a server (RFC 6352): a multiget's bodies to contacts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from connectors import vcard
from connectors.contract import Item, Reject

MEDIA_TYPE = "text/vcard"


@dataclass(frozen=True, slots=True)
class CardReader:
    """One resource holds one card."""

    report: ClassVar[str] = "A:addressbook-multiget"
    content: ClassVar[str] = "A:address-data"

    def read(self, href: str, etag: str, body: bytes) -> tuple[Item | None, Sequence[Reject]]:
        """See `dav_pull.Reader`. Warnings about single lines come beside the item."""
        cards = [one for one in vcard.split(body) if isinstance(one, vcard.RawCard)]
        if not cards:
            return None, [Reject("it is not a vCard", href, content=body)]
        contact, found = vcard.read(cards[0].body)
        warnings = [*found, *_agents(cards[0].body)]
        if vcard.is_empty(contact):
            return None, [Reject("the card says nothing", href, content=body)]
        item = Item(href, contact.uid, "contact", etag, MEDIA_TYPE, body, contact=contact)
        return item, [replace(warning, href=href) for warning in warnings]


def _agents(body: bytes) -> Iterator[Reject]:
    """A resource is one item, so a card within its card (AGENT) is no card of its own: it is told.

    In a file it comes in beside the card around it.
    """
    for agent in vcard.agents(body):
        contact, _ = vcard.read(agent)
        name = contact.full_name or "somebody without a name"
        yield Reject(f"the card of {name} within this one was left out", None, None, agent, True)
