"""Lines and tables that fit a screen: wrapped between words, nothing cut off."""

import pytest

from pipeline.terminal.tables import table, wrapped


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("short", ["short"]),
        ("  one two three", ["  one two", "    three"]),
        ("  one  two", ["  one  two"]),
        ("nothing-to-part-at", ["nothing-to", "  -part-at"]),
        ("王小明王小明王小明", ["王小明王小", "  明王小明"]),
        # who copies a command is to run the whole of it
        ("Ask `kithbook show ana` again", ["Ask", "  `kithbook show ana`", "  again"]),
        ("", [""]),
        (
            "Open https://accounts.example/o/oauth2?client=1 now",
            ["Open", "  https://accounts.example/o/oauth2?client=1", "  now"],
        ),
    ],
)
def test_a_line_is_wrapped_between_words(line: str, lines: list[str]) -> None:
    assert wrapped(line, 10) == lines


def test_a_line_of_a_pipe_is_whole() -> None:
    assert wrapped("word " * 100, None) == ["word " * 100]


def test_narrow_columns_keep_their_width_and_the_wide_one_is_wrapped() -> None:
    rows = [("ana", 12, "they met at the lake"), ("rui", 3, "he rang")]
    assert table(("who", "days", "how"), rows, 22) == [
        "who  days  how",
        "───  ────  ───────────",
        "ana    12  they met at",
        "           the lake",
        "rui     3  he rang",
    ]


def test_a_table_whose_words_do_not_fit_is_told_row_by_row() -> None:
    rows = [("ana@example.org", "+351912345678"), ("rui@example.org", "")]
    assert table(("email", "phone"), rows, 24) == [
        "email  ana@example.org",
        "phone  +351912345678",
        "",
        "email  rui@example.org",
        "phone",
    ]
