"""The contacts of a Google Takeout: a folder for each label, and in it the cards that have it.

Somebody with three labels stands in three files. The card is taken once, from the largest file,
and the names of the other folders become its categories.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import PurePosixPath

from connectors.contract import Item, Reject
from connectors.errors import SourceError
from connectors.file_source import Entry, in_file
from connectors.formats.folder_or_zip import Container
from connectors.stable_item_ids import Hrefs
from connectors.vcard import RawCard, split
from connectors.vcard.source import cards_in


def labelled_cards(
    container: Container, names: Sequence[str], failed: list[str]
) -> Iterator[Entry]:
    """The cards of the files `LABEL/LABEL.vcf`, each card once.

    :param names: the files in the container.
    :param failed: takes the names of those that could not be read.
    """
    counts: dict[str, int] = {}
    labels: dict[bytes, list[str]] = {}
    for name in names:
        label = PurePosixPath(name).parent.name
        try:
            with container.open(name) as stream:
                digests = [
                    _digest(card.body) for card in split(stream) if isinstance(card, RawCard)
                ]
        except SourceError:
            failed.append(name)
            continue  # why is said below, when its turn comes
        counts[name] = len(digests)
        for digest in digests:
            labels.setdefault(digest, []).append(label)
    ordered = sorted(names, key=lambda name: (-counts.get(name, 0), name))
    everybody = PurePosixPath(ordered[0]).parent.name
    hrefs = Hrefs()
    seen: set[bytes] = set()
    for name in ordered:
        yield from _unseen(container, name, hrefs, seen, labels, everybody)


def _unseen(
    container: Container,
    name: str,
    hrefs: Hrefs,
    seen: set[bytes],
    labels: dict[bytes, list[str]],
    everybody: str,
) -> Iterator[Entry]:
    """The cards of one file that no file before had."""
    mine: set[bytes] = set()
    warnings: list[Reject] = []
    try:
        with container.open(name) as stream:
            for entry in cards_in(stream, Hrefs(), name=name):
                if isinstance(entry, Reject) and entry.is_warning:
                    warnings.append(entry)  # of the card that comes next
                    continue
                digest = _digest(entry.content if isinstance(entry, Reject) else entry.body)
                if digest not in seen:
                    mine.add(digest)
                    if isinstance(entry, Item):
                        others = [label for label in labels[digest] if label != everybody]
                        item = _with_labels(entry, hrefs, others)
                        for warning in warnings:
                            yield in_file(replace(warning, href=item.href), name)
                        yield item
                    else:
                        yield in_file(entry, name)
                warnings = []
    except SourceError as error:
        yield Reject(str(error), hrefs.give(f"file:{name}"), content=name.encode())
    seen |= mine


def _with_labels(item: Item, hrefs: Hrefs, labels: Sequence[str]) -> Item:
    href = hrefs.give(item.href.partition("~")[0])
    if not labels or item.contact is None:
        return replace(item, href=href)
    categories = tuple(dict.fromkeys((*item.contact.categories, *labels)))
    etag = blake2b((item.etag + "\0".join(labels)).encode(), digest_size=16).hexdigest()
    contact = replace(item.contact, categories=categories)
    return replace(item, href=href, etag=etag, contact=contact)


def _digest(body: bytes) -> bytes:
    return blake2b(body.strip(), digest_size=12).digest()
