"""The word lists of sql/words: every list is laid whole, and each is tidy."""

import csv
from pathlib import Path

import pytest

from docs import make_words
from pipeline.book import sqlgraph, word_lists
from tests.support.sql_tables import SqlBook

ALSO_NAMES = (
    "al barna bor den di do dom em le les long mies min my nella pere primo si silvester sisko son"
    " sylwester tea to van veli vid ze"
)
LISTS = sorted((sqlgraph.sql_folder() / "words").glob("*.csv"))


def test_every_list_is_laid_as_rows_named_after_its_file() -> None:
    book = SqlBook()
    laid = dict(book.rows("select list, count(*) from raw.words group by list"))
    lines = {path.stem: len(path.read_text("utf-8").splitlines()) - 1 for path in LISTS}
    assert laid == lines
    assert book.rows("select list, language, value from raw.words where word = 'dice.fm'") == [
        ("service_domains", "", "bookings and tickets")
    ]


def test_the_lists_in_one_file_are_as_the_lists_and_the_macros_say() -> None:
    assert word_lists.read_all() == make_words.page(), "run `make docs`"


def test_a_word_is_laid_with_what_its_list_says_and_as_names_are_spelled() -> None:
    book = SqlBook()
    assert book.rows(
        "select list, language, value, spelling from raw.words"
        " where word in ('pagaritöökoda', 'Zygmunt', '''s') order by list"
    ) == [
        ("business_words", "et", "food", "pagaritookoda"),
        ("given_names", "pl", None, "zygmunt"),
        ("title_words", "en", "possessive", "\u2032s"),
    ]


def test_a_word_of_titles_is_seldom_a_name() -> None:
    """Who is called like a word is found after "with" alone: Ben, were it there as Turkish for me.

    Names of months stay, and what is rare as a name or dear as a word.
    """
    book = SqlBook()
    found = book.rows(
        "select distinct spelling from raw.words as words where list = 'title_words'"
        " and value not in ('word', 'time', 'not', 'matter') and exists (from raw.words as names"
        " where names.list = 'given_names' and names.spelling = words.spelling)"
    )
    assert {word for (word,) in found} <= set(ALSO_NAMES.split())


def test_what_stands_beside_the_lists_is_none(tmp_path: Path) -> None:
    (tmp_path / "trades.csv~").touch()
    (tmp_path / "trades.csv").touch()
    assert [entry.name for entry in tmp_path.iterdir() if make_words.is_list(entry)] == [
        "trades.csv"
    ]


@pytest.mark.parametrize("path", LISTS, ids=[path.stem for path in LISTS])
def test_a_list_says_nothing_twice_and_nothing_with_blanks_around_it(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    assert rows[0] == ["language", "word", "value"]
    assert all(len(row) == 3 for row in rows)
    assert len({tuple(row) for row in rows}) == len(rows)
    assert all(cell == cell.strip() for row in rows for cell in row)
    assert all(row[1] for row in rows)
