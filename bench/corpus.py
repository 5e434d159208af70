"""How many cards of a corpus come out as expected.

    python bench/corpus.py [CORPUS]

CORPUS holds `expect_vcards.json` and the files it names; without one there is nothing to count.
The last line printed is one JSON object.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from connectors.contract import Contact, PartialDate
from connectors.vcard import RawCard, file_charset, read, split


def _cards(path: Path) -> list[Contact]:
    content = path.read_bytes()
    charset = file_charset(content)
    return [read(raw.body, charset)[0] for raw in split(content) if isinstance(raw, RawCard)]


def _birthday(birthday: PartialDate | None) -> str | None:
    if birthday is None or birthday.month is None or birthday.day is None:
        return None
    year = "-" if birthday.year is None else f"{birthday.year:04}"
    return f"{year}-{birthday.month:02}-{birthday.day:02}"


def _further(contact: Contact, name: str) -> list[str]:
    return [value for extra, value in contact.extra if extra == name]


def _as_expected(contact: Contact) -> dict[str, Any]:
    """The contact in the words of the expectations: every value a property had."""
    organization = [contact.organization] if contact.organization else []
    if contact.department:
        organization += contact.department.split("; ")
    title = [contact.title] if contact.title else []
    note = [contact.note] if contact.note else []
    return {
        "fn": contact.full_name,
        "display": contact.full_name,
        "family": contact.family,
        "given": contact.given,
        "additional": contact.middle,
        "emails": [point.value for point in contact.emails],
        "phones": [point.value for point in contact.phones],
        "urls": [point.value for point in contact.urls],
        "org": [parts for parts in [organization] if parts]
        + [value.split(";") for value in _further(contact, "ORG")],
        "title": title + _further(contact, "TITLE"),
        "notes": note + _further(contact, "NOTE"),
        "birthday": _birthday(contact.birthday),
        "birthday_text": contact.birthday.text if contact.birthday else None,
        "categories": list(contact.categories),
        "nicknames": list(contact.nicknames),
        "preferred_phone": next((p.value for p in contact.phones if p.is_preferred), None),
        "address_street": contact.addresses[0].street if contact.addresses else None,
        "is_group": contact.kind == "group",
        "members": list(contact.members),
    }


def _differences(expected: dict[str, Any], contact: Contact) -> dict[str, tuple[Any, Any]]:
    got = _as_expected(contact)
    return {
        key: (wanted, got[key])
        for key, wanted in expected.items()
        if key in got and not _is_same(key, wanted, got[key])
    }


def _is_same(key: str, wanted: Any, got: Any) -> bool:
    if key == "fn" and wanted is None:
        return True  # where a card has no FN the reader derives a name
    if key == "notes":
        # Some expectations are the beginning of a note or leave out its white space.
        text = " ".join(" ".join(got).split())
        return all(" ".join(note.split()) in text for note in wanted or [])
    return bool(wanted == got)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="?")
    corpus: Path | None = parser.parse_args().corpus
    if corpus is None:
        print(json.dumps({"cards": 0, "as_expected": 0}))
        return
    cases = json.loads((corpus / "expect_vcards.json").read_text(encoding="utf-8"))["cards"]
    passed = 0
    for case in cases:
        cards = _cards(corpus / case["file"])
        where = f"{case['file']} card {case['index'] + 1}"
        if case["index"] >= len(cards):
            print(f"{where}: only {len(cards)} cards were read")
            continue
        differences = _differences(case["expect"], cards[case["index"]])
        passed += not differences
        for key, (wanted, got) in differences.items():
            print(f"{where}: {key} should be {wanted!r}, is {got!r}")
    print(json.dumps({"cards": len(cases), "as_expected": passed}))


if __name__ == "__main__":
    main()
