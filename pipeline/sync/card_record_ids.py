"""Which record a card is: one UID may stand on two cards, and a name on two humans.

A card keeps the number it has. One that comes under a new href has that of its UID, unless another
card with something else in it holds it: then it is a record of its own, until that other one turns
out to have left in the same pull (the card was moved). A card without a UID is named by its place
among those of its name in a file, so there what it says comes first.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.book.queries import query
from pipeline.sync.raw_rows import Received
from pipeline.sync.record_ids import RecordIds

if TYPE_CHECKING:
    import duckdb

TOLD = ("full_name", "given", "family", "emails", "phones", "organization", "birthday")
"""What makes two cards of one UID different; cards_told.sql names them too."""

Place = tuple[str, str]
"""Source and collection."""

Changed = dict[tuple[str, str], int]
"""Name and bytes of a card without UID whose place has other bytes since this pull → its number.

The card may come again on a later page, as the second of its name.
"""


def read(
    records: RecordIds,
    place: Place,
    cards: Sequence[Received],
    item_ids: Mapping[str, int],
    changed: "Changed",
) -> dict[str, int]:
    """By href the number that the card has. Call it before its old row is deleted.

    :param item_ids: by href, of the items that the state holds already.
    :param changed: of the pages before in this pull; those of this page are added.
    """
    here = [(item_ids[card.href], card) for card in cards if card.href in item_ids]
    if not here and not changed:
        return {}
    rows = records.connection.execute(
        query("cards_before"), [[item_id for item_id, _ in here]]
    ).fetchall()
    held = {(item_id, uid): (record_id, etag) for item_id, uid, record_id, etag in rows}
    kept: dict[str, int] = {}
    for item_id, card in here:
        number, etag = held.get((item_id, card.uid), (None, None))
        if number is not None:
            kept[card.href] = number
            if _is_named(card) and etag != card.etag:
                changed[_name(card.href), str(etag)] = number
    said_before = {
        card.href: changed[_name(card.href), card.etag]
        for card in cards
        if _is_named(card) and (_name(card.href), card.etag) in changed
    }
    alike = said_before | _renumbered(records.connection, place, cards)
    _part(records, place, {card.href: card.etag for card in cards}, said_before)
    taken = set(alike.values())
    return alike | {
        href: number for href, number in kept.items() if href not in alike and number not in taken
    }


def assign(
    records: RecordIds,
    place: Place,
    cards: Sequence[Received],
    own: Mapping[str, int],
    gone: Collection[str],
) -> list[int]:
    """The number of each card, given now where it had none.

    :param own: what `read` found.
    :param gone: hrefs that leave with this page.
    """
    keys = [card.uid or card.href for card in cards]
    known = records.of_cards(*place, keys)
    wanted = [own.get(card.href) or known.get(key) for card, key in zip(cards, keys, strict=True)]
    away = {card.href for card in cards}.union(gone)
    numbers = {number for number in wanted if number is not None}
    held = _held(records.connection, place, numbers, away)
    said: dict[int | str, str] = {number: text for number, text in held.items()}  # noqa: C416
    names: list[int | str] = list(keys)
    # Whoever has a number already comes before those who would get it by their UID.
    for index in sorted(range(len(cards)), key=lambda index: cards[index].href not in own):
        card = cards[index]
        name = wanted[index] or keys[index]
        text = card.card or ""
        if not _is_same(said.setdefault(name, text), text):
            name = f"{card.uid} {card.href}" if card.uid else f"{card.href} {card.etag}"
        names[index] = name
    asked = set(keys)
    known |= records.of_cards(
        *place, [name for name in names if isinstance(name, str) and name not in asked]
    )
    fresh = [name for name in names if isinstance(name, str) and name not in known]
    known |= records.give_cards(*place, fresh)
    return [known[name] if isinstance(name, str) else name for name in names]


def follow_moves(records: RecordIds, gone: Sequence[int]) -> None:
    """What left while its UID appeared under another href was moved: its number goes along.

    :param gone: the item_ids of what has just been found gone.
    """
    moves = records.connection.execute(query("cards_moved"), [list(gone), records.now]).fetchall()
    for item_id, number, former in moves:
        records.connection.execute(
            "update raw.contacts set record_id = $1 where item_id = $2", [number, item_id]
        )
        records.connection.execute(query("cards_free_number"), [former])


def _held(
    connection: "duckdb.DuckDBPyConnection",
    place: Place,
    numbers: Collection[int],
    away: Collection[str],
) -> dict[int, str]:
    """Number → what the live card tells that has it, where this page says nothing of that card."""
    if not numbers:
        return {}
    rows = connection.execute(query("cards_told"), [*place, list(numbers), list(away)]).fetchall()
    return dict(rows)


def _is_same(one: str, other: str) -> bool:
    """Whether two cards, as JSON objects, tell the same: notes and dates of change do not count."""
    if one == other:
        return True
    this, that = json.loads(one), json.loads(other)
    return all(this[name] == that[name] for name in TOLD)


def _part(
    records: RecordIds, place: Place, etags: Mapping[str, str], claimed: Mapping[str, int]
) -> None:
    """Who came on an earlier page in the place of one of these has no right to their number.

    :param etags: of all cards of this page, by href.
    :param claimed: by href, the numbers that are theirs by what they say.
    """
    if not claimed:
        return
    rows = records.connection.execute(
        query("cards_of_this_pull"), [*place, records.now, list(claimed.values())]
    ).fetchall()
    owners = {number: etags[href] for href, number in claimed.items()}
    for item_id, href, etag, number in rows:
        if href in etags or etag == owners[number]:
            continue
        key = f"{href} {etag}"
        known = records.of_cards(*place, [key]) or records.give_cards(*place, [key])
        records.connection.execute(
            "update raw.contacts set record_id = $1 where item_id = $2", [known[key], item_id]
        )


def _renumbered(
    connection: "duckdb.DuckDBPyConnection", place: Place, cards: Sequence[Received]
) -> dict[str, int]:
    """By href the number of the card that said the same under another place of its name."""
    nameless = {(_name(card.href), card.etag): card.href for card in cards if _is_named(card)}
    if not nameless:
        return {}
    rows = connection.execute(
        query("cards_without_uid"), [*place, [etag for _, etag in nameless]]
    ).fetchall()
    return {
        nameless[_name(href), etag]: number
        for href, etag, number in rows
        if (_name(href), etag) in nameless
    }


def _is_named(card: Received) -> bool:
    """Whether it is a card of a file that only its name, and its place among them, tells apart."""
    return card.uid is None and not card.href.startswith("/")


def _name(href: str) -> str:
    """What the second of a name shares with the first (`connectors.stable_item_ids`)."""
    return href.partition("~")[0]
