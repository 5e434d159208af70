"""A phone number as written → the number, and the extension behind a switchboard.

What is dialled besides the number makes no other number of it: what withholds one's own (`*31#`),
and what is sent after a pause (`,,4711#`, `p4711`).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

PLAIN_PHONE = re.compile(r"\+[1-9][0-9 .()-]{4,30}", re.ASCII)
NO_DIGITS = re.compile(r"[^0-9]+")
LONGEST = 250
"""Characters of a phone that are looked at."""

EXTENSION_WORDS = (
    "extension extn ext xtn x durchwahl dw apparat app poste ramal interno int anexo toestel tst"
    " lokal linje wewn wew \u0434\u043e\u0431 \u5185\u7dda #"
)
"""What stands before an extension (phonenumbers knows fewer)."""

_WITHHELD = re.compile(r"\s*[*#]{1,2}(?:[0-9]{2,3}[*#]|[0-9]{2})\s*(?=[+(0-9][0-9 ()./-]{5})")
_PAUSE = re.compile(r"(?<=[0-9)\s])[,;pw][,;pw0-9#*\s]*\Z", re.IGNORECASE)
_EXTENSION = re.compile(
    r"(?<=[0-9)\s;,])(?:" + "|".join(EXTENSION_WORDS.split()) + r")\s*[.:=#]?\s*([0-9]{1,9})\s*\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PhoneKey:
    """What a phone is compared by: E.164 where it can be read, and the digits in any case."""

    e164: str | None
    digits: str
    extension: str | None = None


def phone_key(phone: str, region: str) -> PhoneKey:
    """The number in a text. `region`: where numbers without a country code are (ISO 3166)."""
    if whole := international(phone):
        return PhoneKey(whole, whole[1:])
    number, extension = taken_apart(phone)
    whole = international(number)
    if whole is None:
        whole, found = read_number(number, region)
        extension = extension or found
    return PhoneKey(whole, NO_DIGITS.sub("", whole or number), extension)


def taken_apart(phone: str) -> tuple[str, str | None]:
    """The number alone, and the extension."""
    text = unicodedata.normalize("NFKC", phone[:LONGEST])
    text = _PAUSE.sub("", _WITHHELD.sub("", text)).strip()
    found = _EXTENSION.search(text)
    if not found or len(NO_DIGITS.sub("", text[: found.start()])) < 3:
        return text, None
    return text[: found.start()].rstrip(" ,;"), found[1]


def e164(phone: str, region: str) -> str | None:
    """What phonenumbers makes of it."""
    return read_number(phone, region)[0]


def read_number(phone: str, region: str) -> tuple[str | None, str | None]:
    """What phonenumbers makes of it, and the extension that it sees."""
    import phonenumbers

    try:
        number = phonenumbers.parse(phone[:LONGEST], region)
    except phonenumbers.NumberParseException:
        return None, None
    if not phonenumbers.is_possible_number(number):
        return None, None
    whole = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return whole, number.extension


def international(phone: str) -> str | None:
    """The plain case, eight times as fast: + and digits, as many as the country's numbers have.

    None where there is more to know, as with the 0 that is often written before an area code.
    """
    if not PLAIN_PHONE.fullmatch(phone):
        return None
    digits = NO_DIGITS.sub("", phone)
    for length in (1, 2, 3):
        lengths, prefix = national_numbers(digits[:length])
        if lengths:
            number = digits[length:]
            is_plain = len(number) in lengths and not (prefix and prefix.match(number))
            return "+" + digits if is_plain else None
    return None


@cache
def national_numbers(calling_code: str) -> tuple[frozenset[int], re.Pattern[str] | None]:
    """How long a country's numbers are, and what may stand before them that is no part of them.

    No length: no country has this calling code.
    """
    from phonenumbers import PhoneMetadata, region_code_for_country_code

    code = int(calling_code)
    region = region_code_for_country_code(code)
    found = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if region == "ZZ" or found is None or found.general_desc is None:
        return frozenset(), None
    prefix = found.national_prefix_for_parsing
    return frozenset(found.general_desc.possible_length), re.compile(prefix) if prefix else None
