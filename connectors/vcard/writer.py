"""Contact → vCard 3.0 or 4.0 text; what is written reads back as the same Contact."""

from connectors.contract import Contact
from connectors.vcard.property_readers_and_writers import PROPERTIES, write_photo
from connectors.vcard.written_lines import CardLines, Version


def write(contact: Contact, version: Version = "3.0", photo: bytes | None = None) -> str:
    """The card as text with CRLF line ends, ending with one.

    `photo` is a JPEG; a Contact knows only that there is one. A card must have FN: the name parts
    stand in for it, and a card without any name has an empty one.
    """
    lines = CardLines(version)
    for one in PROPERTIES:
        if one.write is not None:
            one.write(lines, contact)
    if photo is not None:
        write_photo(lines, photo)
    return lines.text()
