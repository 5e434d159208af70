"""Which records are one human: the project's own SQL on a book whose truth is known.

    python bench/identity.py [--records records.csv --truth truth.csv] [--region GB]

Records: rec_id, source, display_name, given, family, emails and phones joined by `;`, org, title,
city, birthday. Truth: rec_id, entity_id. Without files the book of identity_book.py is taken. The
last line is one JSON object: pairwise `precision`, `recall` and `f1` of what was joined,
`recall_with_queue` (joined or waiting to be reviewed), `queue_share` (pairs waiting, as a share of
all true pairs), `seconds`, and as `references` the same of what is usually done: one address is
one person, and one address or phone is one person, however written.
"""

import argparse
import csv
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import identity_book  # noqa: E402 -- the folder above must be on the path first
from pipeline.sync import normalise  # noqa: E402 -- likewise
from tests.support.sql_tables import SqlBook  # noqa: E402 -- likewise

Pair = tuple[int, int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=Path)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--region", default="GB", help="where phones without a country code are")
    options = parser.parse_args()
    if (options.records is None) != (options.truth is None):
        parser.error("--records and --truth go together")
    if options.records is None:
        records, truths = identity_book.make(people=2000, seed=1)
    else:
        records, truths = rows_of(options.records), rows_of(options.truth)
    entities = {row["rec_id"]: row["entity_id"] for row in truths}
    book = load(records, options.region)
    started = time.perf_counter()
    normalise.give_keys(book.connection, options.region)
    book.build("identity.record_persons", "main.merge_candidates")
    seconds = time.perf_counter() - started
    truth = true_pairs(records, entities)
    joined, queued = pairs_of(book)
    figures = {**scores(truth, joined, queued), "seconds": round(seconds, 3)}
    print(json.dumps({**figures, "references": references(book, truth)}))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def references(book: SqlBook, truth: set[Pair]) -> dict[str, dict[str, float]]:
    """What joining by points alone would give, on the same records."""
    exact = "select record_id, email as point from staging.card_emails"
    written_otherwise = "select record_id, point from identity.points"
    figures = {}
    for name, query in (("exact_email", exact), ("any_point", written_otherwise)):
        started = time.perf_counter()
        joined = set(pairs_within(connected(book.rows(query))))
        found = scores(truth, joined, set())
        figures[name] = {
            **{key: found[key] for key in ("precision", "recall", "f1")},
            "seconds": round(time.perf_counter() - started, 3),
        }
    return figures


def connected(points: Iterable[tuple[int, str]]) -> list[list[int]]:
    """Records in groups that share points, directly or by way of others (union-find)."""
    parents: dict[int, int] = {}

    def root(record: int) -> int:
        while parents.setdefault(record, record) != record:
            parents[record] = parents[parents[record]]
            record = parents[record]
        return record

    first_of: dict[str, int] = {}
    for record, point in points:
        parents[root(record)] = root(first_of.setdefault(point, record))
    groups = defaultdict(list)
    for record in list(parents):
        groups[root(record)].append(record)
    return list(groups.values())


def load(records: Iterable[dict[str, str]], region: str) -> SqlBook:
    """A book with each record as a card; record_id is its place in the file, from 1."""
    book = SqlBook(phone_region=region)
    columns = [
        row[0]
        for row in book.rows(
            "select column_name from duckdb_columns() where schema_name = 'raw' "
            "and table_name = 'contacts' order by column_index"
        )
    ]
    rows = [
        [card(record, number).get(column) for column in columns]
        for number, record in enumerate(records, 1)
    ]
    with book.connection.appender("raw.contacts") as appender:
        appender.append_rows(rows)
    return book


def card(record: dict[str, str], number: int) -> dict[str, Any]:
    """One record of the CSV file as a row of raw.contacts."""
    address = dict.fromkeys(
        ("street", "extended", "po_box", "region", "postal_code", "country", "label"), ""
    )
    return {
        "item_id": number,
        "record_id": number,
        "source": record["source"],
        "collection": record["source"],
        "href": record["rec_id"],
        "kind": "individual",
        "full_name": record["display_name"] or None,
        "given": record["given"] or None,
        "family": record["family"] or None,
        "nicknames": [],
        "emails": points(record["emails"]),
        "phones": points(record["phones"]),
        "addresses": [{**address, "city": record["city"]}] if record["city"] else [],
        "organization": record["org"] or None,
        "title": record["title"] or None,
        "birthday": birthday(record["birthday"]),
        "categories": [],
        "has_photo": False,
    }


def points(joined: str) -> list[dict[str, Any]]:
    """`a;b` → contact points."""
    values = [value.strip() for value in joined.split(";") if value.strip()]
    return [{"value": value, "label": None, "is_preferred": False} for value in values]


def birthday(text: str) -> dict[str, Any] | None:
    """`1989-09-07` or, without year, `--09-07`."""
    parts = re.fullmatch(r"(\d{4}|-)-(\d\d)-(\d\d)", text.strip())
    if parts is None:
        return None
    year = None if parts[1] == "-" else int(parts[1])
    return {"year": year, "month": int(parts[2]), "day": int(parts[3]), "text": None}


def true_pairs(records: list[dict[str, str]], entities: dict[str, str]) -> set[Pair]:
    """Every pair of records of one entity, by record number."""
    members = defaultdict(list)
    for number, record in enumerate(records, 1):
        members[entities[record["rec_id"]]].append(number)
    return set(pairs_within(members.values()))


def pairs_within(groups: Iterable[list[int]]) -> Iterator[Pair]:
    """Every pair of each group, the lesser number first."""
    for group in groups:
        yield from combinations(sorted(group), 2)


def pairs_of(book: SqlBook) -> tuple[set[Pair], set[Pair]]:
    """The pairs joined, and the pairs that would be if every waiting one were said yes to."""
    members = defaultdict(list)
    for record_id, person_id in book.rows(
        "select record_id, person_id from identity.record_persons"
    ):
        members[person_id].append(record_id)
    joined = set(pairs_within(members.values()))
    queued: set[Pair] = set()
    for one, other in book.rows("select person_id, other_id from main.merge_candidates"):
        queued |= {(min(a, b), max(a, b)) for a in members[one] for b in members[other]}
    return joined, queued - joined


def scores(truth: set[Pair], joined: set[Pair], queued: set[Pair]) -> dict[str, float]:
    """Pairwise figures, rounded to four places."""
    right = len(truth & joined)
    precision = right / len(joined) if joined else 1.0
    recall = right / len(truth) if truth else 1.0
    figures = {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall) if right else 0.0,
        "recall_with_queue": len(truth & (joined | queued)) / len(truth) if truth else 1.0,
        "queue_share": len(queued) / len(truth) if truth else 0.0,
    }
    return {name: round(value, 4) for name, value in figures.items()}


if __name__ == "__main__":
    main()
