"""`vcard` sources: a .vcf file with any number of cards, a folder of such files, or a web address.

How an address is fetched stands in `connectors/web`; it is read as a single file is.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from connectors.contract import Access, Collection, Item, Page, Reject
from connectors.errors import UNCHANGED, SourceError
from connectors.file_source import (
    Entry,
    Kept,
    is_folder,
    open_regular,
    pages,
    settled,
    state_of,
)
from connectors.http import Patience
from connectors.stable_item_ids import Hrefs, card_key
from connectors.vcard import MEDIA_TYPE, RawCard, agents, file_charset, is_empty, read, split
from connectors.vcard.split_cards import MAX_AGENT_DEPTH
from connectors.web.file_or_url_source import FileOrUrlSource
from connectors.web.options import PlaceOptions
from connectors.web.subscription import SubscribedFormat

COLLECTION = "cards"
"""The key of the one collection there is."""


@dataclass(frozen=True, slots=True)
class VcardOptions(PlaceOptions):
    """The config section of a `vcard` source."""


def at_an_address(source: str) -> SubscribedFormat:
    """How an address book at a web address is read: as a single file is."""

    def entries(stream: BinaryIO) -> Iterator[Entry]:
        return cards_in(stream, Hrefs(), name=source)

    return SubscribedFormat(
        noun="an address book",
        component=b"VCARD",
        others=(b"VCALENDAR", "ical"),
        accept="text/vcard, text/x-vcard, */*;q=0.5",
        collection=COLLECTION,
        kinds=frozenset({"contact"}),
        is_one_component=False,
        entries=entries,
    )


class VcardFile(FileOrUrlSource):
    """A file, folder or web address as a source of one collection; nothing is ever written."""

    Options: ClassVar[type[Any]] = VcardOptions

    def __init__(
        self, options: VcardOptions, access: Access, patience: Patience | None = None
    ) -> None:
        super().__init__(options, access, at_an_address(access.source), patience)

    def collections(self) -> list[Collection]:
        """The file, folder or address. Its key stays when a newer export has another name.

        :raises SourceError: the path is missing, or neither file nor folder.
        """
        if self._subscription is not None:
            return self._subscription.collections()
        if not is_folder(self._path):
            open_regular(self._path).close()
        name = _printable(Path(self._path.resolve().name)) or str(self._path)
        return [Collection(COLLECTION, name, frozenset({"contact"}), is_read_only=True)]

    def pull(
        self, collection: Collection, cursor: str | None, known: Mapping[str, str]
    ) -> Iterator[Page]:
        """Everything, or one empty page when every file is as it was.

        :raises SourceError: the path cannot be read, holds no card, or changed meanwhile; of an
            address also LoginError and SourceUnreachable.
        """
        del collection  # there is but one
        if self._subscription is not None:
            yield from self._subscription.pull(cursor, known)
            return
        shut: list[SourceError] = []
        files = self._files(shut)
        if shut and not files:
            raise shut[0]
        now = state_of(files)
        if now == cursor and not shut:
            yield Page(cursor=now)
            return
        for page in pages(self._all(files, now, known), known, settled(files, now)):
            # The other folders come in; what stands in one that is shut is not taken for gone.
            yield replace(page, complete=False, cursor=None) if shut else page
        if shut:
            raise shut[0]

    def _files(self, shut: list[SourceError] | None = None) -> dict[str, Path]:
        """Name in the folder → path, in a stable order; a single file has the name ''.

        :param shut: takes what is to be said of folders within it that cannot be read.
        :raises SourceError: the folder itself cannot be read.
        """
        if not is_folder(self._path):
            return {"": self._path}
        found: dict[str, Path] = {}

        def note(error: OSError) -> None:
            refusal = _refused_folder(error)
            if Path(os.fsdecode(error.filename)) == self._path:
                raise refusal from error
            if shut is not None:
                shut.append(refusal)

        for folder, folders, names in os.walk(self._path, onerror=note):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if name.lower().endswith(".vcf") and not name.startswith("."):
                    path = Path(folder, name)
                    found[_printable(path.relative_to(self._path))] = path
        return found

    def _all(
        self, files: Mapping[str, Path], now: str, known: Mapping[str, str]
    ) -> Iterator[Entry | Kept]:
        """What stands in the files.

        :raises SourceError: it is no card, or in the end they are not as they were.
        """
        has_read = False
        for name, path in files.items():
            for entry in self._entries(name, path, known):
                has_read = True
                yield entry
        if not has_read and not known:
            raise SourceError(
                f"There is no .vcf file in {self._path}. {UNCHANGED}",
                hint=f"Look what is there: ls -a {self._path}",
            )
        if state_of(self._files()) != now:
            raise SourceError(
                f"{self._path} was changed while it was read. What was read stays; what may be "
                "gone was not looked at.",
                hint="Repeat the command when nothing writes there.",
            )

    def _entries(self, name: str, path: Path, known: Mapping[str, str]) -> Iterator[Entry | Kept]:
        """What stands in one file. One bad file of a folder leaves the others alone."""
        prefix = f"{name}#" if name else ""
        try:
            yield from _cards(path, prefix)
        except SourceError as error:
            if not name:
                raise
            yield Reject(str(error), href=name)
            # What we hold of it is not gone: it cannot be seen.
            yield from (Kept(href) for href in known if href.startswith(prefix))


def _cards(path: Path, prefix: str) -> Iterator[Item | Reject]:
    """The cards of a file.

    :raises SourceError: it cannot be opened, or holds no card at all.
    """
    has_card = False
    with closing(open_regular(path)) as stream:
        try:
            for entry in cards_in(stream, Hrefs(), prefix, path.name):
                has_card = has_card or isinstance(entry, Item) or not entry.is_warning
                yield entry
        except OSError as error:
            raise SourceError(
                f"{path} could not be read to its end: {error.strerror}. What was read before "
                "stays; nothing was counted as deleted.",
                hint=f"Copy it to another disk and try that copy: cp {path} /tmp",
            ) from error
    if not has_card:
        raise SourceError(
            f"There is no vCard in {path}. {UNCHANGED}",
            hint=f"A file of vCards begins with BEGIN:VCARD. Look at yours: head {path}",
        )


PLACE_IN_A_FILE = re.compile(
    r"(?P<file>(?:[^#]*#)?)(?P<depth>(?:agent:)?)(?:uid|name|email|phone|url|org|card):"
)
"""An href of `cards_in`: its prefix, and the key of the card (`connectors.stable_item_ids`)."""


def cards_in(
    stream: BinaryIO, hrefs: Hrefs, prefix: str = "", name: str = ""
) -> Iterator[Item | Reject]:
    """The cards of a stream that can be rewound, and what in it is none.

    :param prefix: stands before each href.
    :param name: what to call the file where text stands outside of cards.
    """
    charset = file_charset(stream)
    stream.seek(0)
    for raw in split(stream):
        if isinstance(raw, RawCard):
            yield from _card(raw, prefix, hrefs, charset)
        elif raw.is_warning:
            yield replace(raw, href=prefix.removesuffix("#") or name)
        else:
            key = blake2b(raw.content, digest_size=12).hexdigest()
            yield replace(raw, href=prefix + hrefs.give(f"card:{key}"))


def _card(
    raw: RawCard, prefix: str, hrefs: Hrefs, charset: str | None, depth: int = 0
) -> Iterator[Item | Reject]:
    """A card, and those within it (AGENT). `depth`: in how many cards it stands itself."""
    contact, warnings = read(raw.body, charset)
    key = card_key(contact, raw.body)
    href = prefix + hrefs.give(f"agent:{key}" if depth else key)
    if is_empty(contact):
        yield Reject("a card that says nothing", href, raw.position, raw.body)
        return
    for warning in warnings:
        yield replace(warning, href=href)
    if not raw.is_closed:
        yield Reject("the card has no END", href, 1, raw.body[-200:], is_warning=True)
    yield Item(
        href=href,
        uid=contact.uid,
        kind="contact",
        etag=blake2b(raw.body, digest_size=16).hexdigest(),
        media_type=MEDIA_TYPE,
        body=raw.body,
        contact=contact,
    )
    if depth < MAX_AGENT_DEPTH:
        for body in agents(raw.body, charset):
            yield from _card(RawCard(body, raw.position), prefix, hrefs, None, depth + 1)


def cards_within(href: str, body: bytes) -> list[Item]:
    """The cards within a card of a file (AGENT), under the hrefs that the file gives them.

    A server's card is one item, whatever is in it.
    """
    place = PLACE_IN_A_FILE.match(href)
    if not place or place["depth"]:
        return []
    hrefs = Hrefs()
    found = [
        one
        for agent in agents(body)
        for one in _card(RawCard(agent, 0), place["file"], hrefs, None, depth=1)
    ]
    return [one for one in found if isinstance(one, Item)]


def _refused_folder(error: OSError) -> SourceError:
    """What stands in a folder that cannot be seen must not be taken for gone."""
    return SourceError(
        f"The folder {error.filename} cannot be read: {error.strerror}. Nothing was changed in what"
        " came from it.",
        hint=f"To be allowed to read it: chmod u+rx {error.filename}",
    )


def _printable(path: Path) -> str:
    """A name that is no UTF-8 with its odd bytes written out."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
