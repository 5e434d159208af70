"""Bold names and few colours: on a terminal alone, and never where somebody said no."""

import io

import pytest

from pipeline.terminal.printing import show_json, show_wrapped
from pipeline.terminal.styles import Styled, bold
from pipeline.terminal.terminal_text import pad, width

LINES = ["before", bold("Ana Lima"), Styled("overdue", "while"), "after"]


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, **environment: str) -> str:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout", stream)
    show_wrapped(LINES)
    return stream.getvalue()


def test_a_terminal_shows_names_bold_and_states_in_colour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = shown(monkeypatch, Screen())
    assert said == "before\n\x1b[1mAna Lima\x1b[0m\n\x1b[33moverdue\x1b[0m\nafter\n"


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_who_wants_no_colour_gets_none(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    assert shown(monkeypatch, Screen(), **environment) == "before\nAna Lima\noverdue\nafter\n"


def test_a_pipe_and_json_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO()) == "before\nAna Lima\noverdue\nafter\n"
    screen = Screen()
    monkeypatch.setattr("sys.stdout", screen)
    show_json([bold("Ana Lima")])
    assert screen.getvalue() == '[\n  "Ana Lima"\n]\n'


def test_a_name_carries_no_escape_of_its_own_into_a_styled_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    screen = Screen()
    monkeypatch.setattr("sys.stdout", screen)
    show_wrapped([bold("Ana \x1b[2J Lima")])
    assert screen.getvalue() == "\x1b[1mAna \\u001b[2J Lima\x1b[0m\n"


def test_a_long_styled_line_is_wrapped_and_each_part_is_styled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "40")
    screen = Screen()
    monkeypatch.setattr("sys.stdout", screen)
    show_wrapped([bold("word " * 12)])
    parts = screen.getvalue().splitlines()
    assert len(parts) == 2
    assert all(part.startswith("\x1b[1m") and part.endswith("\x1b[0m") for part in parts)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Ana", 3),
        ("山田", 4),
        ("김민준", 6),
        ("Zoe\u0308", 3),
        ("\u0928\u092e\u0938\u094d\u0924\u0947", 4),  # two of its six signs are marks
        ("\u05d3\u05d5\u05d3", 3),
        ("\u0645\u06cc\u200c\u062e", 3),
        ("\U0001f600", 2),
        ("\U0001f469\u200d\U0001f4bb", 2),  # a woman at her computer is one picture
        ("\U0001f44d\U0001f3fd", 2),
        ("\U0001f1f5\U0001f1f9", 2),
        ("\u2764\ufe0f", 2),
    ],
    ids=ascii,
)
def test_a_text_takes_as_many_columns_as_a_terminal_gives_it(text: str, columns: int) -> None:
    assert width(text) == columns
    assert pad(text, 12) == text + " " * (12 - columns)
