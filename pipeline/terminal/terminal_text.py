"""Text for a terminal: names are data; nothing in them moves the cursor or colours the screen."""

import re
import unicodedata
from datetime import date

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that never reach a terminal: controls, bidi overrides, surrogates."""

JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f")
"""Needed within words of some scripts and in emoji, and harmless there; elsewhere two names that
differ by one look the same."""

JOINED = frozenset({"Lo", "Mn", "Mc", "Me", "So", "Sk", "Lm"})
"""What joiners stand behind: letters that have no case, marks, emoji."""

EMPTY = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Letters, marks and a symbol that show nothing (Unicode's Default_Ignorable_Code_Point)."""

UNUSUAL = re.compile(r"[^\x20-\x7e]")
LINE_ENDS = re.compile(r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def plain(value: object) -> str:
    """A value on one line, without anything that a terminal would act on."""
    text = value if isinstance(value, str) else "" if value is None else str(value)
    if text.isascii() and text.isprintable():
        return text
    spaced = LINE_ENDS.sub(" ", text)
    return UNUSUAL.sub(lambda found: "" if is_hidden(found) else found[0], spaced)


def is_hidden(found: re.Match[str]) -> bool:
    """Whether a terminal might act on the character that was found, or show nothing for it."""
    character, at = found[0], found.start()
    if character in JOINERS:
        return at == 0 or unicodedata.category(found.string[at - 1]) not in JOINED
    return (
        unicodedata.category(character) in HIDDEN
        or character in EMPTY
        or "\U000e0100" <= character <= "\U000e01ef"  # selectors of variants, which nobody sees
    )


def escaped(found: re.Match[str]) -> str:
    """A hidden character in JSON's way of writing it (RFC 8259 section 7); others as they are."""
    if not is_hidden(found):
        return found[0]
    code = ord(found[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    return f"\\u{0xD7C0 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def harmless(text: str) -> str:
    """Lines for a terminal, each as it is but for what the terminal would act on or not show."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    lines = text.replace("\r\n", "\n")
    return UNUSUAL.sub(lambda found: "\n" if found[0] == "\n" else escaped(found), lines)


def width(text: str) -> int:
    """How many columns a text takes: two for East Asian letters and pictures, none for marks.

    What a joiner joins to a picture belongs to it, as do a skin tone and the second half of a flag.
    """
    if text.isascii():
        return len(text)
    columns, before = 0, ""
    is_flag_begun = False
    for one in text:
        is_flag_half = "\U0001f1e6" <= one <= "\U0001f1ff"
        if is_flag_half and is_flag_begun:
            is_flag_begun = False
        elif before != "\u200d" or unicodedata.category(one) not in {"So", "Sk"}:
            columns += _columns(one)
            is_flag_begun = is_flag_half
        if one == "\ufe0f" and before and _columns(before) == 1:
            columns += 1  # a sign of text that is asked for as a picture
        before = one
    return columns


def _columns(one: str) -> int:
    if one in JOINERS or "\U0001f3fb" <= one <= "\U0001f3ff" or "\u1160" <= one <= "\u11ff":
        return 0  # joiners, skin tones, and the letters that a Hangul syllable goes on with
    if unicodedata.category(one) in {"Mn", "Me", "Cf"}:
        return 0
    is_wide = unicodedata.east_asian_width(one) in {"W", "F"}
    return 2 if is_wide or "\U0001f1e6" <= one <= "\U0001f1ff" else 1


def pad(text: str, columns: int) -> str:
    """Filled with spaces up to so many columns."""
    return text + " " * max(0, columns - width(text))


def day(when: date | None, today: date) -> str:
    """Day and month, with the year when it is not this one: 3 August."""
    if not when:
        return ""
    words = f"{when.day} {when:%B}"
    return words if when.year == today.year else f"{words} {when.year}"


def size(octets: int) -> str:
    """340 kB, 1.2 MB."""
    return f"{octets / 2**20:,.1f} MB" if octets >= 2**20 else f"{max(octets // 1024, 1)} kB"


def count(number: int, singular: str, plural: str = "") -> str:
    """A number with its noun: 1 card, 2,991 cards."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
