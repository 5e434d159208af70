"""vCards of any age ↔ records: what the rest of kithbook calls. Pure functions, no I/O.

split(stream)                      → one body a card, in bounded memory
read(body, fallback_charset)       → a Contact, and a warning for each line not taken as it stands
agents(body, fallback_charset)     → the bodies of the cards within a card
"""

from connectors.vcard.reader import MEDIA_TYPE, agents, file_charset, is_empty, read
from connectors.vcard.split_cards import MAX_CARD_BYTES, RawCard, split

__all__ = [
    "MAX_CARD_BYTES",
    "MEDIA_TYPE",
    "RawCard",
    "agents",
    "file_charset",
    "is_empty",
    "read",
    "split",
]
