"""Rows as CSV of which no spreadsheet computes anything."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

STARTS = re.compile(
    "(?:^|[\n\r\t;])[\\s\\x00-\\x20\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*+"
)
"""Where a spreadsheet may see a cell begin, with what it passes over: at its start, and behind what
ends one for a reader that knows no quotes, or takes semicolons for commas."""

FORMULA_SIGNS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
"""A cell that begins so is a formula (OWASP, CSV injection), full-width forms too."""

SIGNS = re.compile(f"[{re.escape(''.join(sorted(FORMULA_SIGNS)))}]")

PADDED = ("\t", "\r", "\n")
PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def as_csv(names: Sequence[str], rows: Sequence[Sequence[Any]], *, exact: bool = False) -> str:
    """Rows as CSV (RFC 4180), texts quoted, absent values as nothing at all.

    Unless `exact` no cell is a formula: what looks like one gets an apostrophe.
    """
    cells = [name if PLAIN_NAME.fullmatch(name) else _cell(name, exact=exact) for name in names]
    return f"{','.join(cells)}\n{csv_rows(rows, exact=exact)}"


def csv_rows(rows: Iterable[Sequence[Any]], *, exact: bool = False) -> str:
    """The lines of these rows alone."""
    return "".join(f"{','.join([_cell(value, exact=exact) for value in row])}\n" for row in rows)


def _cell(value: Any, *, exact: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal | date | time | timedelta):
        return str(value)
    if isinstance(value, list | dict):
        value = json.dumps(value, default=str, ensure_ascii=False)
    text = str(value)
    if not exact and (SIGNS.search(text) or text.startswith(PADDED)):
        text = STARTS.sub(_without_formula, text)
        text = f"'{text}" if text.startswith(PADDED) else text
    return '"' + text.replace('"', '""') + '"'


def _without_formula(found: re.Match[str]) -> str:
    """The start of a cell, with an apostrophe where a formula would follow."""
    is_formula = found.string[found.end() : found.end() + 1] in FORMULA_SIGNS
    return f"{found[0]}'" if is_formula else found[0]
