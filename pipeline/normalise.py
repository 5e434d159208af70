"""Texts → keys, where a library knows better than SQL: phones to E.164, names to Latin words.

The one derivation outside SQL. It fills `raw.phone_keys` and `raw.name_keys`, which SQL joins;
only texts without a key are worked on, so a run in which nothing changed reads and writes nothing.
A name's keys are casefolded Latin words without titles, given name first: `name_key` all of them,
`given_key` and `family_key` the parts, particles with the family ("van der Berg").
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import count
from typing import TYPE_CHECKING

from pipeline import store
from pipeline.bulk import append

if TYPE_CHECKING:
    import duckdb

TITLE_WORDS = """
mr mrs ms miss mx dr prof professor rev fr sir dame madam mme mlle herr frau hr fru sr sra srta
don dona dott dssa ing mag dipl med phil jur hon pan pani doc eng arch rer nat
"""
SUFFIX_WORDS = """
phd md mba msc bsc ba ma pmp cpa esq jd dds mph rn cfa llm llb facs obe mbe cbe ccna cissp dphil edd
"""
PARTICLE_WORDS = """
van von der den de del della di da do dos das du la le ter ten zu zum zur af av bin ibn al el ben
"""
TWO_SIGN_WORDS = "欧阳 司马 上官 诸葛 歐陽 司馬 諸葛 南宫 東方 东方 皇甫 尉迟 公孙"

TITLES = frozenset(TITLE_WORDS.split())
"""Words that come before a name and are no part of it."""
SUFFIXES = frozenset(SUFFIX_WORDS.split())
"""Words that come after a name and are no part of it; Jr and III tell two people apart and stay."""
PARTICLES = frozenset(PARTICLE_WORDS.split())
"""Words that belong to the family name that follows them."""
TWO_SIGN_FAMILIES = frozenset(TWO_SIGN_WORDS.split())
"""Chinese family names of two signs; the others have one."""
GENERATIONS = {"jr": "jr", "junior": "jr", "ii": "ii", "iii": "iii", "iv": "iv", "sr": "sr"}
BRACKETS = re.compile(r"[(\[{<][^)\]}>]*[)\]}>]")
QUOTES = re.compile(r"[\"“„][^\"“”]*[\"“”]")
VIA = re.compile(r"\s(?:via|c/o|on behalf of)\s.*$", re.IGNORECASE)
BREAKS = re.compile(r"[^a-z0-9']+")
PLAIN_PHONE = re.compile(r"\+[1-9][0-9 .()-]{4,30}", re.ASCII)
NO_DIGITS = re.compile(r"[^0-9]+")

AT_ONCE = 20_000
"""Texts that are in memory together."""


@dataclass(frozen=True, slots=True)
class NameKey:
    """What a name is compared by; every part is None where the text names nobody."""

    name_key: str | None
    given_key: str | None = None
    family_key: str | None = None


def give_keys(connection: "duckdb.DuckDBPyConnection", region: str) -> int:
    """Give every phone and name in the raw tables its keys; how many texts were new.

    :param connection: one whose current database has the state file's tables as schema `raw`.
    :param region: where phones without a country code are (ISO 3166, two letters).
    """
    given = 0
    for phones in texts_of(connection, NEW_PHONES, [region]):
        found = [(phone, region, e164) for phone, e164 in phone_keys(phones, region)]
        append(connection, "raw.phone_keys", found)
        given += len(phones)
    for names in texts_of(connection, NEW_NAMES, []):
        keyed = ((name, key_of_name(name)) for name in names)
        keys = [(name, key.name_key, key.given_key, key.family_key) for name, key in keyed]
        append(connection, "raw.name_keys", keys)
        given += len(names)
    return given


def texts_of(
    connection: "duckdb.DuckDBPyConnection", query: str, values: list[str]
) -> Iterator[list[str]]:
    """What a query finds, some at a time: of an old book there are hundreds of thousands."""
    find = f"create or replace temp table unkeyed as {query}"
    with store.little_memory(connection):
        store.sparingly(connection, partial(connection.execute, find, values))
    for first in count(0, AT_ONCE):
        rows = connection.execute(
            "select * from temp.unkeyed where rowid between $1 and $2", [first, first + AT_ONCE - 1]
        ).fetchall()
        if not rows:
            break
        yield [row[0] for row in rows]
    connection.execute("drop table temp.unkeyed")


NEW_PHONES = """
with entries as (
    select unnest(contacts.phones) as entry from raw.contacts
),

invited as (
    select unnest(list_transform(meetings.attendees, lambda one: one.phone)) as phone
    from raw.meetings
),

texts as (
    select entries.entry.value as phone from entries
    union
    select meetings.organizer.phone from raw.meetings
    union
    select invited.phone from invited
)

select texts.phone
from texts
anti join raw.phone_keys on texts.phone = phone_keys.phone and phone_keys.region = $1
where texts.phone is not null
order by texts.phone
"""

# Cards say a name in two ways, as shown and in its parts: both are keyed (staging.card_names).
NEW_NAMES = """
with invited as (
    select unnest(meetings.attendees) as person from raw.meetings
),

texts as (
    select nullif(trim(contacts.full_name), '') as name from raw.contacts
    union
    select concat_ws(', ', contacts.family, concat_ws(' ', contacts.given, contacts.middle))
    from raw.contacts
    where contacts.family is not null and contacts.given is not null
    union
    select contacts.given from raw.contacts where contacts.family is null
    union
    select contacts.family from raw.contacts where contacts.given is null
    union
    select meetings.organizer.name from raw.meetings
    union
    select invited.person.name from invited
)

select texts.name
from texts
anti join raw.name_keys using (name)
where texts.name is not null
order by texts.name
"""


# --- phones -----------------------------------------------------------------------------


def phone_keys(phones: list[str], region: str) -> list[tuple[str, str | None]]:
    """Each phone beside its E.164 form, None where the text is no phone number."""
    return [(phone, international(phone) or e164(phone, region)) for phone in phones]


def e164(phone: str, region: str) -> str | None:
    """What phonenumbers makes of it."""
    import phonenumbers

    try:
        number = phonenumbers.parse(phone[:250], region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


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


# --- names ------------------------------------------------------------------------------


def key_of_name(text: str) -> NameKey:
    """A name as written → its words in Latin letters, given name first.

    "Dr. Müller, Jürgen (Acme)" → "jurgen muller"; "王小明" → "xiaoming wang".
    """
    bare = VIA.sub("", BRACKETS.sub(" ", unicodedata.normalize("NFKC", text[:300])))
    bare = (QUOTES.sub(" ", bare).strip() or re.sub(r"[\"“”„]", " ", bare)).strip()
    if "@" in bare:
        return NameKey(None)
    signs = han_or_hangul(bare)
    if signs:
        return signs
    if " " not in bare and re.search(r"[^\W\d][._][^\W\d]", bare):
        bare = re.sub(r"[._]", " ", bare)  # a mail program's "ana.lima"
    parts = [without_titles(latin_words(part)) for part in bare.split(",")]
    parts = [part for part in parts if part]
    if not parts:
        return NameKey(None)
    if len(parts) == 1:
        given, family = given_and_family(parts[0])
    elif all(word in GENERATIONS for word in parts[1]):
        given, family = given_and_family([*parts[0], *parts[1]])
    else:
        given, family = parts[1], parts[0]
        family += [word for part in parts[2:] for word in part if word in GENERATIONS]
    return NameKey(" ".join(given + family) or None, " ".join(given), " ".join(family))


def latin_words(text: str) -> list[str]:
    """Lower-case Latin words. O'Brien is one word, Anne-Marie two, the J of "J.R." its own."""
    from anyascii import anyascii

    # anyascii spells emoji out: a cake would be called "birthday"
    signs = (sign for sign in text if unicodedata.category(sign)[0] not in "SC")
    plain = anyascii("".join(signs)).casefold()
    return [
        word for word in (part.replace("'", "") for part in BREAKS.split(plain)) if word.strip()
    ]


def without_titles(words: list[str]) -> list[str]:
    """The words without titles before and letters after them; a lone title is kept as a name."""
    start, end = 0, len(words)
    while start < end - 1 and words[start] in TITLES:
        start += 1
    while end > start and words[end - 1] in SUFFIXES:
        end -= 1
    return [GENERATIONS.get(word, word) for word in words[start:end]]


def given_and_family(words: list[str]) -> tuple[list[str], list[str]]:
    """Where the family name starts: at its first particle, else at the last word."""
    last = len(words) - 1
    while last > 1 and words[last] in GENERATIONS:
        last -= 1
    if last <= 0:
        return words, []
    start = last
    while start > 1 and words[start - 1] in PARTICLES:
        start -= 1
    return words[:start], words[start:]


def han_or_hangul(text: str) -> NameKey | None:
    """A name in Chinese signs or Hangul: family first, one sign (a few families have two)."""
    signs = text.replace(" ", "").replace("·", "")
    spoken = text.split()
    scripts = {unicodedata.name(sign, "").split(" ")[0] for sign in signs}
    if not 2 <= len(signs) <= 4 or scripts not in ({"CJK"}, {"HANGUL"}):
        return None
    size = 2 if signs[:2] in TWO_SIGN_FAMILIES and len(signs) > 2 else 1
    if len(spoken) == 2:
        size = len(spoken[0])
    family = "".join(latin_words(signs[:size]))
    given = "".join(latin_words(signs[size:]))
    return NameKey(f"{given} {family}", given, family)
