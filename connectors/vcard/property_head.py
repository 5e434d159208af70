"""What the head of a vCard line means: `item1.TEL;TYPE=home,pref` → phones, "home", preferred."""

import re

from connectors.content_lines import parse_head

BORDERS = frozenset({"BEGIN", "END"})

MAX_LABEL = 200

_SILENT_TYPES = frozenset({"", "pref", "internet", "voice"})
"""Types that say nothing about which e-mail or phone it is."""

_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_", re.DOTALL)


class PropertyHead:
    """A head worked out once; heads repeat, so one object serves many cards.

    `name` is empty when the head is none. `is_plain`: the value needs no decoding, and the line is
    no border of a card. `label` holds the types in lower case or is None, `preference` is
    1 for the most preferred and 0 for none (RFC 6350 section 5.3), `encoding` is "q", "b" or "".
    `is_text`: the value is said to be words, whatever the property holds else (section 5.2).
    """

    __slots__ = (
        "alternative",
        "charset",
        "encoding",
        "extra_name",
        "group",
        "is_plain",
        "is_text",
        "label",
        "name",
        "omitted_year",
        "preference",
        "service",
    )

    def __init__(self, text: str) -> None:
        head = parse_head(text)
        self.name = head.name if head else ""
        self.group = head.group if head else ""
        self.is_plain = False
        if head is None:
            return
        words = [
            word.strip().lower()
            for types in head.params.get("TYPE", ())
            for word in types.split(",")
        ]
        types = dict.fromkeys(word for word in words if word not in _SILENT_TYPES)
        self.label = " ".join(types)[:MAX_LABEL] or None
        self.preference = _preference(head.first("PREF"), words)
        self.encoding = _encoding(head.first("ENCODING"))
        self.charset = head.first("CHARSET")
        self.alternative = head.first("ALTID")
        self.service = (head.first("X-SERVICE-TYPE") or head.first("SERVICE-TYPE")).lower()
        self.is_text = head.first("VALUE").lower() == "text"
        self.extra_name = head.first("X-NAME")
        omitted = head.first("X-APPLE-OMIT-YEAR")
        self.omitted_year = int(omitted) if omitted.isdecimal() and len(omitted) == 4 else 0
        self.is_plain = not (
            self.encoding or self.charset or self.alternative or head.name in BORDERS
        )

    def rename(self, name: str, label: str) -> None:
        """Take it for another property, its group for no group."""
        self.group, self.name, self.label = "", name, label


def _preference(pref: str, types: list[str]) -> int:
    if pref.isdecimal() and len(pref) <= 3:
        return int(pref)
    return 1 if "pref" in types else 0


def _encoding(name: str) -> str:
    name = name.upper()
    if name == "QUOTED-PRINTABLE":
        return "q"
    return "b" if name in {"B", "BASE64"} else ""


def plain_label(text: str) -> str:
    """`_$!<HomePage>!$_`, as Apple writes its own labels, is "homepage"."""
    found = _APPLE_LABEL.fullmatch(text.strip())
    return (found[1] if found else text).strip().lower()[:MAX_LABEL]
