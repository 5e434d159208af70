"""sql/words.tsv from the word lists of sql/words: `make docs`, after a list or a macro has changed.

Each list is a CSV file (language, word, value) and is called as the file is; what its words and
values mean is said by the table of sql/ that reads it. How a word is spelled is what the macros
make of it (sql/macros.sql), as they do of each name. Tested to be up to date
(tests/unit/book/test_word_lists.py).
"""

import csv
from pathlib import Path

import duckdb

from pipeline.book import sqlgraph

Word = tuple[str, str, str, str]
"""List, language, word, value."""

SPELLED = """
with words as (
    select
        unnest($1) as word,
        unnest($2) as is_of_titles,
        unnest($3) as place
)

select
    place,
    word,
    case
        when is_of_titles then raw.title_text(word)
        else array_to_string(raw.piece_words(raw.name_pieces(word)), ' ')
    end as spelling,
    lower(word) = spelling as is_plain
from words
order by place
"""

OF_TITLES = {"title_words", "name_cases", "given_genders"}
"""Lists whose words are spelled as titles are read: "1:1" and "'s" are words there."""


def main() -> None:
    """Write it."""
    place = sqlgraph.sql_folder() / "words.tsv"
    place.write_text(page(), "utf-8")
    print(place)


def page() -> str:
    """What sql/words.tsv is to hold: a line for the words of a list that have all else alike."""
    groups: dict[tuple[str, str, str], tuple[list[str], list[str]]] = {}
    words = read_lists()
    for (name, language, _, value), (word, spelling) in zip(words, spell(words), strict=True):
        if {"|", "\t", "\n"} & {*name, *language, *value, *word, *spelling}:
            raise SystemExit(f"{word!r} in sql/words/{name}.csv has what parts the words")
        group = groups.setdefault((name, language, value), ([], []))
        group[0].append(word)
        group[1].append(spelling)
    lines = (
        "\t".join((*key, "|".join(found), "|".join(spelled)))
        for key, (found, spelled) in groups.items()
    )
    return "".join(f"{line}\n" for line in lines)


def spell(words: list[Word]) -> list[tuple[str, str]]:
    """Each word and its spelling, which is empty where it is the word in lower case."""
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        connection.execute((sqlgraph.sql_folder() / "macros.sql").read_text("utf-8"))
        found = connection.execute(
            SPELLED,
            [
                [word for _, _, word, _ in words],
                [name in OF_TITLES for name, _, _, _ in words],
                list(range(len(words))),
            ],
        ).fetchall()
    return [(word, "" if is_plain else spelling) for _, word, spelling, is_plain in found]


def read_lists() -> list[Word]:
    """All lists by name."""
    found = [entry for entry in (sqlgraph.sql_folder() / "words").iterdir() if is_list(entry)]
    return [word for entry in sorted(found, key=lambda entry: entry.name) for word in read(entry)]


def is_list(entry: Path) -> bool:
    """A word list, and not something that an editor left beside them."""
    return entry.name.endswith(".csv")


def read(entry: Path) -> list[Word]:
    """One list's words, in the order of the file."""
    name = entry.name.removesuffix(".csv")
    rows = csv.DictReader(entry.read_text("utf-8").splitlines())
    return [(name, row["language"], row["word"], row["value"]) for row in rows]


if __name__ == "__main__":
    main()
