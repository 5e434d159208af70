"""The golden files of the vCard reader: tests/golden/vcard/*.vcf, each beside what it says.

    python -m tests.support.golden_vcards --regenerate

writes the .json files anew from what the reader says now; read the difference before you commit.
"""

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

from connectors.contract import Reject
from connectors.vcard import RawCard, agents, file_charset, is_empty, read, split
from tests.support.paths import GOLDEN

FOLDER = GOLDEN / "vcard"


def golden_files() -> list[Path]:
    return sorted(FOLDER.glob("*.vcf"))


def as_read(path: Path) -> list[dict[str, Any]]:
    """Every card of a file, and everything else that was found in it, in order."""
    content = path.read_bytes()
    charset = file_charset(content)
    return [_entry(raw, charset) for raw in split(content)]


def _entry(raw: RawCard | Reject, charset: str | None) -> dict[str, Any]:
    if isinstance(raw, Reject):
        return {"outside": raw.reason, "content": raw.content.decode("utf-8", "replace")}
    contact, warnings = read(raw.body, charset)
    entry: dict[str, Any] = {"contact": said(contact)}
    if within := agents(raw.body, charset):
        entry["agents"] = [said(read(body)[0]) for body in within]
    if is_empty(contact):
        entry["is_empty"] = True
    if not raw.is_closed:
        entry["is_closed"] = False
    if warnings:
        entry["warnings"] = [f"line {warning.position}: {warning.reason}" for warning in warnings]
    return entry


def said(value: Any) -> Any:
    """A record without the fields that say nothing."""
    if dataclasses.is_dataclass(value):
        fields = {f.name: said(getattr(value, f.name)) for f in dataclasses.fields(value)}
        silent = {f.name: f.default for f in dataclasses.fields(value)}
        return {
            name: field
            for name, field in fields.items()
            if getattr(value, name) != silent[name] and field not in (None, "", ())
        }
    if isinstance(value, tuple):
        return [said(part) for part in value]
    return value if value is None or isinstance(value, str | bool | int) else str(value)


def main() -> None:
    if sys.argv[1:] != ["--regenerate"]:
        sys.exit(__doc__)
    for path in golden_files():
        text = json.dumps(as_read(path), ensure_ascii=False, indent=1)
        path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
        print(path.stem)


if __name__ == "__main__":
    main()
