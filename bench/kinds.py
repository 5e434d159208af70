"""Which cards are humans: the project's own SQL on cards whose truth is known.

    python bench/kinds.py [--cards cards.csv] [--half tuned|held] [--wrong]

Cards: language, class, kind (person or none), full_name, given, family, organization, emails and
phones joined by `;`, and perhaps half. Without a file the list of tests/golden/kinds.csv is taken:
made-up cards, of which one half was looked at while the word lists were written (tuned) and the
other was not (held). A line a class: how many, and the share that is read rightly; `--wrong` names
the others. The last line is one JSON object: `person_precision`, `person_recall`, `none_recall`.
"""

import argparse
import csv
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.identity_builder import PersonBook  # noqa: E402 -- the folder above must be on the path first

GOLDEN = ROOT / "tests" / "golden" / "kinds.csv"

TEXTS = ("full_name", "given", "family", "organization")
POINTS = ("emails", "phones")

Card = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=Path, default=GOLDEN)
    parser.add_argument("--half", choices=("tuned", "held"))
    parser.add_argument("--wrong", action="store_true", help="name the cards that are misread")
    options = parser.parse_args()
    cards = [
        card for card in read(options.cards) if options.half in (None, card.get("half", "held"))
    ]
    found = kinds_of(cards)
    by_class: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for card, (kind, reason) in zip(cards, found, strict=True):
        is_right = (kind == "person") == (card["kind"] == "person")
        by_class[card["kind"], card["class"]].append(is_right)
        if options.wrong and not is_right:
            print(f"{card['language']} {card['class']}: {card['full_name']} ({kind}, {reason})")
    for (kind, name), right in sorted(by_class.items()):
        print(f"{kind:7}{name:22}{len(right):5}  {sum(right) / len(right):.3f}")
    print(json.dumps(figures(cards, [kind for kind, _ in found])))


def read(path: Path) -> list[Card]:
    """The cards of a CSV file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def kinds_of(cards: Sequence[Card]) -> list[tuple[str, str | None]]:
    """What each card is said to be, and why, in their order; none is joined to another."""
    book = PersonBook()
    for card in cards:
        fields: dict[str, Any] = {name: card[name] or None for name in TEXTS}
        fields |= {name: card[name].split(";") for name in POINTS if card[name]}
        book.card("home", **fields)
    book.reckon("identity.person_kinds")
    rows = book.rows(
        "select person_kinds.kind, person_kinds.kind_reason from identity.record_persons"
        " inner join identity.person_kinds using (person_id) order by record_id"
    )
    return [(kind, reason) for kind, reason in rows]


def figures(cards: Sequence[Card], found: Sequence[str]) -> dict[str, float]:
    """Precision and recall of what is called a person, and recall of what is none."""
    pairs = [
        (card["kind"] == "person", kind == "person")
        for card, kind in zip(cards, found, strict=True)
    ]
    called = [is_person for is_person, is_called in pairs if is_called]
    persons = [is_called for is_person, is_called in pairs if is_person]
    others = [not is_called for is_person, is_called in pairs if not is_person]
    return {
        "cards": len(pairs),
        "person_precision": share(called),
        "person_recall": share(persons),
        "none_recall": share(others),
    }


def share(right: Sequence[bool]) -> float:
    """How many of them are true; 1 of none."""
    return round(sum(right) / len(right), 4) if right else 1.0


if __name__ == "__main__":
    main()
