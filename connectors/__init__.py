"""Where people and meetings come from. One line registers a connector, one an expander.

Entries are "module:name" so that nothing heavy is imported before it is used.
"""

from importlib import import_module
from typing import Any

CONNECTORS: dict[str, str] = {
    "caldav": "connectors.dav.source:CalDav",
    "google": "connectors.google.source:Google",
    "ical": "connectors.ical.source:IcalFile",
    "import": "connectors.formats.any_file_source:ImportFile",
    "vcard": "connectors.vcard.source:VcardFile",
}
"""`type` in a source's config section → its connector."""

EXPANDERS: dict[str, str] = {
    "text/calendar": "connectors.ical:expand",
    "application/vnd.google.event+json": "connectors.google.calendar:expand",
}
"""media type of an event's body → what makes meetings of it."""

READERS = 1
"""The version of what reads stored bodies. Raise it when a reader got better: the first run
afterwards reads all that is stored again (`pipeline.sync.reparse_stored`)."""

CARD_READERS: dict[str, str] = {
    "text/vcard": "connectors.vcard:read",
    "application/vnd.kithbook.abcddb+json": "connectors.formats.apple_records:contact_of",
    "application/vnd.kithbook.row+json": "connectors.csv.contacts:read_body",
}
"""media type of a card's body that says everything by itself → what reads it. An entry of LDIF
needs those that name its groups, and a person of Google's the names of theirs."""

CARDS_WITHIN: dict[str, str] = {"text/vcard": "connectors.vcard.source:cards_within"}
"""media type of a card's body → what finds cards within a card."""

SPLIT_SERIES = frozenset({"application/vnd.google.event+json"})
"""Media types that keep the exceptions of a series in items of their own, under the same UID."""


def load(entry: str) -> Any:
    """What "module:name" stands for."""
    module, _, name = entry.partition(":")
    return getattr(import_module(module), name)
