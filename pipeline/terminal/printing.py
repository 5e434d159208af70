"""Data on stdout, words on stderr: the one place that writes either.

Data is what a command was called to show: lists, tables, somebody's story, what an import found.
Words are all else that it says: questions, what was done or noted, counts, what to type next.
So `kithbook … > file` and `kithbook … | program` take the data alone, and exactly; on a terminal
nothing that somebody wrote into a name acts on it.
"""

import os
import re
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import isfinite
from typing import Any, TextIO

from connectors.errors import UsageError
from pipeline.terminal import tables
from pipeline.terminal.styles import Styled, is_coloured, painted
from pipeline.terminal.terminal_text import escaped, harmless

NOT_ASCII = re.compile(r"[^\x00-\x7e]")


def show(*lines: str) -> None:
    """Lines of data."""
    show_text("".join(f"{line}\n" for line in lines))


def show_text(text: str) -> None:
    """Data with its own line ends, as a file would have it."""
    _write(sys.stdout, text)


def say(*lines: str) -> None:
    """Lines of words, after the data that was shown before them."""
    sys.stdout.flush()
    _write(sys.stderr, "".join(f"{_worded(line)}\n" for line in lines))
    sys.stderr.flush()


def _worded(text: str) -> str:
    """Words wrapped to the terminal, if they go to one."""
    if not sys.stderr.isatty():
        return text
    columns = _columns()
    return "\n".join(part for line in text.split("\n") for part in tables.wrapped(line, columns))


def _write(stream: TextIO, text: str) -> None:
    stream.write(harmless(text) if stream.isatty() else text)


def ask(question: str) -> str:
    """The line typed in answer, without its end; empty for Enter alone.

    :raises EOFError: nobody types any more.
    """
    sys.stdout.flush()
    said = question.rstrip(" ")
    _write(sys.stderr, _worded(said) + question[len(said) :])
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        sys.stderr.write("\n")
        raise EOFError
    return line.strip()


def confirm(what: str, question: str) -> None:
    """Ask before what cannot be taken back with `undo`.

    :raises UsageError: the answer is not yes, or nobody is there to answer.
    """
    if not sys.stdin.isatty():
        raise UsageError(what, "Nothing was changed; add --yes if you mean it.")
    try:
        answer = ask(f"{what} {question} [y/N] ")
    except EOFError:
        answer = ""
    if answer.lower() not in {"y", "yes"}:
        raise UsageError("That was not a yes.", "Nothing was changed.")


def show_json(value: Any) -> None:
    """Rows or a dict of them as JSON."""
    show(json_text(value))


def show_wrapped(lines: Iterable[str]) -> None:
    """Lines of data for people, each wrapped to the terminal's width; styled ones on a terminal."""
    width = _screen()
    if not is_coloured(sys.stdout):
        show(*(part for line in lines for part in tables.wrapped(line, width)))
        return
    for line in lines:
        for part in tables.wrapped(line, width):
            text = harmless(part)
            # what was made harmless first may be painted: the escapes are ours alone
            shown = painted(text, line.style) if isinstance(line, Styled) and text else text
            sys.stdout.write(f"{shown}\n")


FIRST = 20
"""What of a long list is for people to read; --json has it whole."""


def say_more(number: int, command: str) -> None:
    """How many of a list were not shown, if any, and where they are."""
    if number > FIRST:
        say(f"and {number - FIRST:,} more: `kithbook {command} --json` has them all.")


def show_table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """An aligned table, fitted to the terminal."""
    show(*fitted(headers, rows))


def fitted(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """The lines of a table, its cells wrapped where it is wider than the terminal."""
    return tables.table(headers, rows, _screen())


def _screen() -> int | None:
    """How wide data may be: the terminal's columns, or what COLUMNS says; else without a limit.

    So what goes into a file or another program has its rows whole.
    """
    return _columns() if sys.stdout.isatty() or "COLUMNS" in os.environ else None


def _columns() -> int:
    from shutil import get_terminal_size

    return max(get_terminal_size().columns, 20)


def json_text(value: Any) -> str:
    """JSON (RFC 8259) of what DuckDB gives: no number in it is NaN or infinite, these become null.

    Characters that a terminal would act on are written as escapes; they are the same to a program.
    """
    import json

    try:
        text = json.dumps(value, default=_plain, ensure_ascii=False, indent=2, allow_nan=False)
    except (TypeError, ValueError):  # a key that is no text, or a number that JSON has not
        text = json.dumps(_careful(value), ensure_ascii=False, indent=2, allow_nan=False)
    return NOT_ASCII.sub(escaped, text)


def json_line(value: Any) -> str:
    """The same on one line, of what JSON has words for."""
    import json

    return NOT_ASCII.sub(escaped, json.dumps(value, ensure_ascii=False))


def _plain(value: Any) -> Any:
    """A value that JSON has no word for."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            return None
        number = float(value)
        return number if Decimal(repr(number)) == value else str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        # As DuckDB writes a blob.
        return "".join(
            chr(one) if 32 <= one < 127 and one != 92 else f"\\x{one:02X}" for one in bytes(value)
        )
    return str(value)


def _careful(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, dict):
        return {str(key): _careful(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [_careful(one) for one in value]
    return _careful(_plain(value))
