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
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from pipeline.book import memory_bounds
from pipeline.book.bulk_insert import append
from pipeline.book.queries import query
from pipeline.sync.name_cleaning import (
    GENERATIONS,
    LONGEST,
    is_generation,
    is_turned,
    spoken_name,
    spoken_parts,
    without_asides,
    word_list,
)
from pipeline.sync.phone_numbers import phone_key

if TYPE_CHECKING:
    import duckdb

SALUTATIONS = word_list("mr mrs ms miss mx herr frau hr fru sra srta madam mme mlle sir rev")
"""Words that come before a name and are no part of it."""
SALUTATIONS_OR_NAMES = word_list("fr sr don dona dame pan pani hon")
"""The same where two words or more are left: Don Carlos Ruiz, but Don Draper."""
PARTICLES = word_list("""
    van von der den de del della di da do dos das du la le ter ten zu zum zur af av bin ibn al
    el ben
    """)
"""Words that belong to the family name that follows them."""
TWO_SIGN_FAMILIES = word_list("欧阳 司马 上官 诸葛 歐陽 司馬 諸葛 南宫 東方 东方 皇甫 尉迟 公孙")
"""Chinese family names of two signs; the others have one."""
QUOTES = re.compile(r"[\"“„][^\"“”]*[\"“”]")
BREAKS = re.compile(r"[^a-z0-9']+")
PLAIN = re.compile(r"[A-Za-z0-9 .,'-]*")
"""What anyascii leaves as it is."""

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
    for phones in texts_of(connection, query("normalise_phones"), [region]):
        read = ((phone, phone_key(phone, region)) for phone in phones)
        found = [(phone, region, key.e164, key.digits, key.extension) for phone, key in read]
        append(connection, "raw.phone_keys", found)
        given += len(phones)
    for names in texts_of(connection, query("normalise_names"), []):
        keyed = ((name, key_of_name(name)) for name in names)
        keys = [
            (name, key.name_key, key.given_key, key.family_key, spoken_name(name))
            for name, key in keyed
        ]
        append(connection, "raw.name_keys", keys)
        given += len(names)
    return given


def texts_of(
    connection: "duckdb.DuckDBPyConnection", find: str, values: list[str]
) -> Iterator[list[str]]:
    """What a statement lays in temp.unkeyed, some at a time: there can be hundreds of thousands."""
    with memory_bounds.little_memory(connection):
        memory_bounds.in_little_memory(connection, partial(connection.execute, find, values))
    for first in count(0, AT_ONCE):
        rows = connection.execute(
            "select * from temp.unkeyed where rowid between $1 and $2", [first, first + AT_ONCE - 1]
        ).fetchall()
        if not rows:
            break
        yield [row[0] for row in rows]
    connection.execute("drop table temp.unkeyed")


# --- names ------------------------------------------------------------------------------


def key_of_name(text: str) -> NameKey:
    """A name as written → its words in Latin letters, given name first.

    "Dr. Müller, Jürgen (Acme)" → "jurgen muller"; "王小明" → "xiaoming wang".
    """
    bare = without_asides(unicodedata.normalize("NFKC", text[:LONGEST]))
    bare = (QUOTES.sub(" ", bare).strip() or re.sub(r"[\"“”„]", " ", bare)).strip()
    said = spoken_parts(bare, least=1)
    bare = ", ".join(said)
    if "@" in bare:
        return NameKey(None)
    if signs := han_or_hangul(bare):
        return signs
    if " " not in bare and re.search(r"[^\W\d][._][^\W\d]", bare):
        said = [re.sub(r"[._]", " ", bare)]  # a mail program's "ana.lima"
    parts = [without_salutations(latin_words(part)) for part in said]
    parts = [part for part in parts if part]
    if not parts:
        return NameKey(None)
    if len(parts) > 1 and (is_turned(said[:2]) or (is_generation(said[-1]) and len(parts) > 2)):
        given, family = parts[1], parts[0]
        family += [word for part in parts[2:] for word in part if word in GENERATIONS.values()]
    else:
        given, family = given_and_family([word for part in parts for word in part])
    return NameKey(" ".join(given + family) or None, " ".join(given), " ".join(family))


def latin_words(text: str) -> list[str]:
    """Lower-case Latin words. O'Brien is one word, Anne-Marie two, the J of "J.R." its own."""
    if PLAIN.fullmatch(text):
        plain = text.lower()
    else:
        from anyascii import anyascii

        # anyascii spells emoji out: a cake would be called "birthday"
        signs = (sign for sign in text if unicodedata.category(sign)[0] not in "SC")
        plain = anyascii("".join(signs)).casefold()
    return [
        word for word in (part.replace("'", "") for part in BREAKS.split(plain)) if word.strip()
    ]


def without_salutations(words: list[str]) -> list[str]:
    """The words without Mr or Frau before them; one alone is kept as a name."""
    start, end = 0, len(words)
    while start < end - 1 and (
        words[start] in SALUTATIONS or (words[start] in SALUTATIONS_OR_NAMES and start < end - 2)
    ):
        start += 1
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
    if not 2 <= len(signs) <= 4:
        return None
    spoken = text.split()
    scripts = {unicodedata.name(sign, "").split(" ")[0] for sign in signs}
    if scripts not in ({"CJK"}, {"HANGUL"}):
        return None
    size = 2 if signs[:2] in TWO_SIGN_FAMILIES and len(signs) > 2 else 1
    if len(spoken) == 2:
        size = len(spoken[0])
    family = "".join(latin_words(signs[:size]))
    given = "".join(latin_words(signs[size:]))
    return NameKey(f"{given} {family}", given, family)
