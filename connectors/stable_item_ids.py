"""The href of an item in a file: its UID, else its name; never its place in the file.

A newer export of the same book has other positions, other columns and other cards between the old
ones; its people keep their names. So the same person gets the same href from both, and a second
import says what changed instead of adding everybody again.
"""

import unicodedata
from collections import Counter
from hashlib import blake2b

from connectors.contract import Contact

LONGEST = 120
"""Characters of a key that stand in an href as they are; what is longer is cut and hashed."""


def card_key(contact: Contact, body: bytes) -> str:
    """What names a card among the others of its file, in words that a person can read.

    The UID; without one the name, then the first e-mail, phone, URL or organisation; a card that
    says none of these is named by its bytes.
    """
    if contact.uid:
        return _short("uid", contact.uid)
    parts = (contact.given, contact.middle, contact.family)
    name = contact.full_name or " ".join(part for part in parts if part)
    if name.strip():
        return _short("name", name)
    for kind, points in (
        ("email", contact.emails),
        ("phone", contact.phones),
        ("url", contact.urls),
    ):
        if points:
            return _short(kind, points[0].value)
    if contact.organization:
        return _short("org", contact.organization)
    return _short("card", blake2b(body, digest_size=12).hexdigest())


class Hrefs:
    """Gives each item of one file an href of its own: equal keys are numbered in file order.

    What was given once is remembered as a hash of 64 bits, half the memory of a long file's keys;
    should two of a million be alike by chance (1 in 30 million files), one is called the second.
    """

    def __init__(self) -> None:
        self._given: set[int] = set()
        self._again: Counter[str] = Counter()

    def give(self, key: str) -> str:
        """`key`, or `key~2` for the second item that has it, and so on."""
        mark = hash(key)
        if mark not in self._given:
            self._given.add(mark)
            return key
        self._again[key] += 1
        return f"{key}~{self._again[key] + 1}"


def _short(kind: str, text: str) -> str:
    """One line without control characters, in lower case but for UIDs."""
    digest = ""
    if len(text) > LONGEST:
        digest = "…" + blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        text = text[:LONGEST]
    text = unicodedata.normalize("NFC", text)
    if kind != "uid":
        text = text.casefold()
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return f"{kind}:{' '.join(text.split())}{digest}"
