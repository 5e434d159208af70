"""A name as written → the name as one says it: no emoji, no degrees, nothing in brackets.

The one rule for cards and invitations, for what is shown and for what names are compared by. What
was written stays in the card (`main.contact_details`) and is found as well. Whatever may be a name
stays one: Jack Ma, Phil Collins, and an emoji where there is nothing else.
"""

import re
import unicodedata


def word_list(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


LONGEST = 300
"""Characters of a name that are looked at."""

DEGREES_BEFORE = word_list("""
    dr dra drs prof profa professor profdr univprof univprofdr privdoz pddr mudr mddr judr phdr rndr
    thdr mvdr paeddr pharmdr dring drmed drmeddent drjur drphil drrernat droec drhc dipling
    """)
"""Before a name and no part of it, without their dots and hyphens."""
SALUTATIONS = word_list("mr mrs ms mx herr frau hr fru sra srta mme mlle")
"""The same for how one is addressed."""
DEGREES_WITH_A_DOT = word_list("ing mag mgr bc ir arch dott dottssa avv eng lic dipl")
"""The same, where a dot says that they are none of the name: "Ing. Jan", but Ing Li."""
FACULTIES = word_list("""
    med dent vet phil jur iur rer nat pol oec publ theol techn tech agr sc pharm math ing habil hc h
    c mult univ
    """)
"""What may follow a degree: "Dr. rer. nat.", "Prof. Dr. h. c."."""
DEGREES_AFTER = word_list("""
    phd dphil edd psyd pharmd drph dba mba emba msc bsc mphil meng beng bba mfa bfa mpa mph msw mdiv
    llm llb dds dmd dvm cpa cfa cfp pmp esq facs frcs frcp obe mbe cbe ccna cissp lcsw lmft csc drsc
    mres mstat msci pgce acca dipl mpharm mbchb mbbs dipling
    """)
"""After a name and no part of it."""
DEGREES_OR_NAMES = word_list("ma ba md jd rn ms bs do pe med")
"""The same where dots or a comma say so: "Ana Lima, MA", "Ana Lima M.A.", but Jack Ma."""
SAFE_IN_CAPITALS = word_list("md jd rn")
"""The same in capitals after two words: these are no family names."""
GENERATIONS = {"jr": "jr", "junior": "jr", "ii": "ii", "iii": "iii", "iv": "iv", "sr": "sr"}
"""They tell two people apart and stay."""
COMPANY_FORMS = word_list("""
    inc incorporated llc ltd limited gmbh co corp sa ag kg ohg srl spa bv nv lda ltda oy ab as aps
    plc pty llp sarl sas sl ev
    """)

_VIA = re.compile(r"\s(?:via|[cC]/[oO]|on behalf of)\s.*$", re.DOTALL)
_OPEN = "(\\[{<\uff08\uff3b\u3010\u3014"
_CLOSED = ")\\]}>\uff09\uff3d\u3011\u3015"
"""Brackets, those of Chinese and Japanese too."""
_BRACKET = re.compile(f"[{_OPEN}]")
_ASIDE = re.compile(
    rf"(?:(?<!\S)[{_OPEN}][^{_OPEN}{_CLOSED}]*[{_CLOSED}](?=[\s,{_CLOSED}]|\Z))"
    rf"|(?:(?<=\w)[{_OPEN}](?=[^\W\d_]{{2}})[^{_OPEN}{_CLOSED}]*[{_CLOSED}])"
)
"""By itself, or words right behind a name; what else has brackets may be code, and stays."""
_OPEN_ASIDE = re.compile(rf"(?<=\w)\s+[{_OPEN}][^{_OPEN}{_CLOSED}]*\Z")
_ENCLOSED = re.compile(r"""\A(?:"([^"]+)"|'([^']+)'|“([^“”]+)”|„([^„“]+)“)\Z""")
_GLUED = re.compile(r"\b(Dr|Prof|Ing|Mgr|Mag)\.(?=[^\W\d_]{2})(?![a-z]{2,6}\.)")
_PICTURES = ((0x2190, 0x2BFF), (0x1F000, 0x1FAFF), (0x3030, 0x303D), (0xE0020, 0xE007F))
_PICTURE_PARTS = frozenset("\u200d\ufe0e\ufe0f\u20e3")
_INVISIBLE = frozenset("\u200b\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e")
_FIRST_ODD_SIGN = min(_INVISIBLE | _PICTURE_PARTS)
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def spoken_name(text: str) -> str:
    """The name as one says it, given name first: "Öztürk, Giulia (Yoga), MBA" → Giulia Öztürk.

    What would leave nothing leaves all.
    """
    parts = spoken_parts(text)
    if not parts:
        return text.strip()
    if is_generation(parts[-1]) and len(parts) > 2:
        parts = [f"{parts[1]} {parts[0]} {parts[-1]}"] if len(parts) == 3 else parts
    elif is_turned(parts):
        parts = [f"{parts[1]} {parts[0]}"]
    return ", ".join(parts)


def spoken_parts(text: str, least: int = 2) -> list[str]:
    """What stands between the commas of a name, without what is no part of a name.

    :param least: how many words a degree before a name must leave: "Dr. Weber" says more than
        "Weber", but is compared as that.
    """
    bare = unicodedata.normalize("NFC", text[:LONGEST])
    bare = _said_or(_VIA.sub("", bare), bare)
    bare = without_asides(without_pictures(bare))
    if "." in bare:
        bare = _GLUED.sub(r"\1. ", bare)
    bare = " ".join(bare.split()).strip(" ,;|\u00b7\u2013-")
    if found := _ENCLOSED.match(bare):
        bare = next(group for group in found.groups() if group).strip()
    written = [part for part in (part.strip() for part in bare.split(",")) if part]
    needed = least if len(written) == 1 else 1
    kept = [
        shorter
        for place, part in enumerate(written)
        if (shorter := without_degrees(part, needed, is_after_comma=place > 0))
    ]
    return [part for part in kept if _says_something(part)] or kept


def is_turned(parts: list[str]) -> bool:
    """Whether it is a family name, a comma and given names."""
    if len(parts) != 2 or any(re.search(r"[:&/\d]", part) for part in parts):
        return False
    first, second = (part.split() for part in parts)
    if is_generation(parts[1]) or _letters(second[-1]) in COMPANY_FORMS:
        return False
    if len(first) > 1 and parts[1].isupper() and not parts[0].isupper():
        return False  # "Ana Lima, CEO"
    return len(first) <= 3 and len(second) <= 3


def is_generation(part: str) -> bool:
    """Whether it is Jr. or III, which stand after a comma too."""
    return _letters(part) in GENERATIONS


def without_pictures(text: str) -> str:
    """Without emoji and the like, and without characters that cannot be seen."""
    if text.isprintable() and max(text, default="") < _FIRST_ODD_SIGN:
        return text
    kept = []
    is_after_picture = False
    for sign in text:
        if sign in _PICTURE_PARTS:
            # A joiner between letters is spelling (Persian), after a picture it belongs to that.
            if not is_after_picture and sign == "\u200d":
                kept.append(sign)
            continue
        is_after_picture = _is_picture(sign)
        if is_after_picture or unicodedata.category(sign) == "Cc":
            kept.append(" ")
        elif sign not in _INVISIBLE:
            kept.append(sign)
    bare = "".join(kept)
    return _said_or(bare, text)


def without_asides(text: str) -> str:
    """Without what stands in brackets, of any kind."""
    if not _BRACKET.search(text):
        return text
    bare = text
    while (shorter := _ASIDE.sub(" ", bare)) != bare:
        bare = shorter
    # One that is not closed may be anything: it goes only where a whole name stands before it.
    before = _OPEN_ASIDE.sub("", bare)
    return _said_or(before if len(before.split()) > 1 else bare, text)


def without_degrees(part: str, least: int, *, is_after_comma: bool) -> str:
    """Without the degrees before and after; empty where a part after a comma is nothing else."""
    words = part.split()
    start, end = 0, len(words)
    while start < end and _is_degree_before(words, start):
        start += 1
    if is_after_comma and start == end:
        return ""
    if start and end - start < least:
        start = 0
    lowest = 0 if is_after_comma else 1
    while end - start > lowest and (size := _degree_after(words[start:end], is_after_comma)):
        end -= size
    return " ".join(words[start:end]).rstrip(" ,;")


def _is_degree_before(words: list[str], place: int) -> bool:
    word = words[place]
    letters = _letters(word)
    if letters in DEGREES_BEFORE or letters in SALUTATIONS:
        return True
    if "." in word and (letters.startswith("dipl") or letters in DEGREES_WITH_A_DOT):
        return True
    # "Dr. phil.", but Dr. Phil McGraw
    is_faculty = letters in FACULTIES and (word.endswith(".") or word.islower())
    return is_faculty and place > 0


def _degree_after(words: list[str], is_after_comma: bool) -> int:
    """How many words at the end are a degree."""
    last = words[-1]
    letters = _letters(last)
    if len(words) > 1 and words[-2].endswith(".") and _letters(words[-2]) in ("ph", "m", "b"):
        pair = _letters(words[-2]) + letters
        if pair in DEGREES_AFTER and pair not in DEGREES_OR_NAMES:
            return 2
    if letters in DEGREES_OR_NAMES:
        has_dots = "." in last.rstrip(".")
        is_plain = is_after_comma and last.isupper()
        is_safe = letters in SAFE_IN_CAPITALS and last.isupper() and len(words) > 2
        return int(has_dots or is_plain or is_safe)
    return int(letters in DEGREES_AFTER)


def _is_picture(sign: str) -> bool:
    number = ord(sign)
    if number < 0x2190:
        return False
    category = unicodedata.category(sign)
    if category in ("Cs", "Co"):
        return True
    return any(low <= number <= high for low, high in _PICTURES) and category in ("So", "Sk", "Cf")


def _letters(word: str) -> str:
    folded = word.casefold()
    return folded if folded.isalpha() else "".join(filter(str.isalpha, folded))


def _says_something(text: str) -> bool:
    return _LETTER_OR_DIGIT.search(text) is not None


def _said_or(text: str, other: str) -> str:
    return text if _says_something(text) else other
