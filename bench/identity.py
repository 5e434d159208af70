"""Which records are one human: the project's own SQL on a book whose truth is known.

    python bench/identity.py [--people 2000] [--seed 1] [--profile born|slips|mailed]
                             [--records records.csv --truth truth.csv] [--region GB] [--growth]

Records: rec_id, source, display_name, given, family, emails and phones joined by `;`, org, title,
city, birthday. Truth: rec_id, entity_id and, if it has them, `tags`: what is hard about the record.
Without files a book of identity_book.py is taken, or of a profile of identity_profiles.py.

Prints how many of the true pairs of each class were joined and how many wait, a class being a tag
of either record; then for each reason in the queue how many of its pairs are one human. The last
line is one JSON object: pairwise `precision`, `recall` and `f1` of what was joined,
`recall_with_queue` (joined or waiting to be reviewed), `queue_share` (pairs waiting, as a share of
all true pairs), `queue_per_record` (questions that a user would be asked), CPU seconds, and as
`references` the same of what is usually done: one address is one person, and one address or phone
is one person, however written. `--growth` measures books of about 10,000, 30,000 and 100,000
records, one after the other, and prints a line of figures for each.
"""

import argparse
import csv
import json
import re
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import identity_book, identity_profiles  # noqa: E402 -- the folder above must be on the path first
from pipeline.book import sqlgraph  # noqa: E402 -- likewise
from pipeline.sync import normalise  # noqa: E402 -- likewise
from tests.support.sql_tables import SqlBook, layers  # noqa: E402 -- likewise

Pair = tuple[int, int]


WANTED = ("identity.record_persons", "main.merge_candidates")

GROWTH = (3_450, 10_350, 34_500)
"""People whose books have about 10,000, 30,000 and 100,000 records."""

LEAST_SHOWN = 3
"""Pairs that a reason in the queue has at the least, to be listed."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=Path)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profile", choices=("born", "slips", "mailed"))
    parser.add_argument("--region", default="GB", help="where phones without a country code are")
    parser.add_argument("--growth", action="store_true")
    options = parser.parse_args()
    if (options.records is None) != (options.truth is None):
        parser.error("--records and --truth go together")
    if options.growth:
        for people in GROWTH:
            records, truths = identity_book.make(people=people, seed=options.seed)
            print(
                json.dumps({"records": len(records), **judge(records, truths, options.region)[0]})
            )
        return
    if options.records is not None:
        records, truths = rows_of(options.records), rows_of(options.truth)
    elif options.profile:
        records, truths = identity_profiles.make(options.profile, options.people, options.seed)
    else:
        records, truths = identity_book.make(people=options.people, seed=options.seed)
    figures, found = judge(records, truths, options.region)
    show_classes(found, {row["rec_id"]: row.get("tags", "") for row in truths}, records)
    show_reasons(found)
    print(json.dumps({**figures, "references": references(found.book, found.truth)}))


class Found(NamedTuple):
    """What came of a book."""

    book: SqlBook
    truth: set[Pair]
    joined: set[Pair]
    queued: set[Pair]


def judge(
    records: list[dict[str, str]], truths: list[dict[str, str]], region: str
) -> tuple[dict[str, float], Found]:
    """The figures of a book, and what came of it."""
    book = load(records, region)
    started = time.process_time()
    normalise.give_keys(book.connection, region)
    for file in sqlgraph.upstream(layers(), WANTED):  # as a night does, with no copy for a test
        sqlgraph.create(book.connection, file)
    seconds = time.process_time() - started
    truth = true_pairs(records, {row["rec_id"]: row["entity_id"] for row in truths})
    joined, queued = pairs_of(book)
    ((questions,),) = book.rows("select count(*) from main.merge_candidates")
    figures = {
        **scores(truth, joined, queued),
        "queue_per_record": round(questions / len(records), 4),
        "cpu_seconds": round(seconds, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    return figures, Found(book, truth, joined, queued)


def show_classes(found: Found, tags: dict[str, str], records: list[dict[str, str]]) -> None:
    """A line a class of hard case: its true pairs, the shares joined and waiting, wrong merges."""
    classes = defaultdict(list)
    for pair in found.truth | found.joined:
        one, other = (tags[records[number - 1]["rec_id"]].split() for number in pair)
        for tag in {*one, *other} or {"plain"}:
            classes[tag].append(pair)
    print(f"{'class':18} {'pairs':>7} {'joined':>7} {'waiting':>7} {'wrong':>6}")
    for tag, pairs in sorted(classes.items(), key=lambda one: -len(one[1])):
        true = found.truth.intersection(pairs)
        share = max(len(true), 1)
        joined, queued = len(true & found.joined) / share, len(true & found.queued) / share
        wrong = len(found.joined.intersection(pairs) - found.truth)
        print(f"{tag:18} {len(true):7} {joined:7.3f} {queued:7.3f} {wrong:6}")


def show_reasons(found: Found) -> None:
    """A line a reason in the queue: its pairs of people, and how many of them are one human."""
    members = members_of(found.book)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one, other, reason in found.book.rows(
        "select person_id, other_id, reason from main.merge_candidates"
    ):
        pairs = {(min(a, b), max(a, b)) for a in members[one] for b in members[other]}
        counts[reason][0] += 1
        counts[reason][1] += not pairs.isdisjoint(found.truth)
    print(f"\n{'waiting':>7} {'right':>6}  reason")
    for reason, (pairs_waiting, right) in sorted(counts.items(), key=lambda one: -one[1][0]):
        if pairs_waiting >= LEAST_SHOWN:
            print(f"{pairs_waiting:7} {right / pairs_waiting:6.2f}  {reason}")


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
    book.connection.execute("pragma enable_optimizer")  # the tests' few rows need none
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
    members = members_of(book)
    joined = set(pairs_within(members.values()))
    queued: set[Pair] = set()
    for one, other in book.rows("select person_id, other_id from main.merge_candidates"):
        queued |= {(min(a, b), max(a, b)) for a in members[one] for b in members[other]}
    return joined, queued - joined


def members_of(book: SqlBook) -> dict[int, list[int]]:
    """Person → their records."""
    members = defaultdict(list)
    for record_id, person_id in book.rows(
        "select record_id, person_id from identity.record_persons"
    ):
        members[person_id].append(record_id)
    return members


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
