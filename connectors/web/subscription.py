"""A calendar or address book at a web address, as a source of one collection that is only read.

What comes is looked at as a whole before anything is concluded from it: a page to log in, a
calendar that ends in the middle or an empty answer takes nothing away from what was read before.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import BinaryIO

from connectors.contract import Access, Collection, Kind, Page
from connectors.errors import UNCHANGED, SourceError
from connectors.file_source import Entry, pages
from connectors.http import Credentials, Patience
from connectors.web.download import Download, Validators, WebAddress
from connectors.web.options import PlaceOptions, web_address

HEAD_BYTES = 4096
_CHUNK = 1 << 20
_LONGEST_MARK = 64
_BOMS = b"\xef\xbb\xbf\xff\xfe"
"""The bytes of the byte order marks of UTF-8 and UTF-16, in any order."""


@dataclass(frozen=True, slots=True)
class SubscribedFormat:
    """How what stands at an address is read.

    `noun` is what it is called ("a calendar"), `component` what it begins and ends with, `others`
    the component of the other format with the type of source that reads it.
    """

    noun: str
    component: bytes
    others: tuple[bytes, str]
    accept: str
    collection: str
    kinds: frozenset[Kind]
    is_one_component: bool
    """All stands in one component, so that its END is the end of the whole."""
    entries: Callable[[BinaryIO], Iterator[Entry]]


@dataclass(frozen=True, slots=True)
class Seen:
    """The cursor: which address was read, what the server called that version, and its bytes."""

    address: str = ""
    etag: str = ""
    modified: str = ""
    body: str = ""

    @classmethod
    def read(cls, cursor: str | None, address: str) -> "Seen":
        """An empty one for a cursor of another address, of a file, or of anything else."""
        try:
            found = json.loads(cursor or "")
            seen = cls(**found)
        except (ValueError, TypeError):
            return cls()
        is_whole = all(isinstance(getattr(seen, one.name), str) for one in fields(cls))
        return seen if is_whole and seen.address == address else cls()

    def write(self) -> str:
        """As a cursor."""
        return json.dumps({one.name: getattr(self, one.name) for one in fields(self)})


class Subscription:
    """One address. Nothing is asked before the first pull."""

    def __init__(
        self,
        options: PlaceOptions,
        access: Access,
        form: SubscribedFormat,
        patience: Patience | None = None,
    ) -> None:
        self._options = options
        self._access = access
        self._form = form
        self._patience = patience or Patience()
        self._asked: WebAddress | None = None

    def collections(self) -> list[Collection]:
        """The one there is, under the name of its source."""
        name = self._access.source
        return [Collection(self._form.collection, name, self._form.kinds, is_read_only=True)]

    def probe(self) -> None:
        """Fetch it and see that it can be read.

        :raises LoginError, SourceUnreachable, SourceError: it cannot.
        """
        download = self._address().fetch(Validators())
        if download is not None:
            with download.stream:
                self._check(download)

    def pull(self, cursor: str | None, known: Mapping[str, str]) -> Iterator[Page]:
        """Everything, or one empty page when it is as it was.

        :raises LoginError, SourceUnreachable, SourceError: it cannot be had, or is no calendar.
        """
        address = self._address()
        seen = Seen.read(cursor, address.fingerprint)
        download = address.fetch(Validators(seen.etag, seen.modified))
        if download is None:
            yield Page(cursor=seen.write())
            return
        with download.stream:
            tags = download.validators
            now = Seen(address.fingerprint, tags.etag, tags.modified, download.fingerprint)
            if now.body == seen.body:
                yield Page(cursor=now.write())
                return
            is_whole = self._check(download)
            for page in pages(self._form.entries(download.stream), known, now.write()):
                # Where a cut connection looks like the end, what was not named may be there yet.
                yield page if is_whole else replace(page, complete=False)

    def _address(self) -> WebAddress:
        if self._asked is None:
            options, access = self._options, self._access
            url = options.url or access.address()
            credentials = None
            if options.username:
                credentials = Credentials(options.username, access.secret)
            self._asked = WebAddress(
                access.source,
                web_address(f"[source.{access.source}]", url, insecure=options.insecure),
                self._form.accept,
                credentials=credentials,
                hosts=options.hosts if credentials else (),
                patience=self._patience,
                ca_file=options.ca_file,
            )
        return self._asked

    def _check(self, download: Download) -> bool:
        """See that it is what it should be, to its end; whether the end is known for sure.

        :raises SourceError: it is something else, or breaks off.
        """
        form, stream = self._form, download.stream
        head = stream.read(HEAD_BYTES).replace(b"\0", b"").lstrip(_BOMS + b" \t\r\n")
        stream.seek(0)
        begins, is_closed = _marks(stream, form.component)
        stream.seek(0)
        if head.startswith(b"<"):
            raise self._no_use(
                f"a web page instead of {form.noun}, perhaps to log in",
                f"Open the address of [source.{self._access.source}] in a private browser window:"
                " it has to bring a file at once.",
            )
        if not begins:
            raise self._no_use(*self._what_else(stream, head))
        if not is_closed:
            end = f"END:{form.component.decode()}"
            raise self._no_use(
                f"{form.noun} that breaks off: {end} is missing at its end",
                "The next sync tries again.",
            )
        return download.has_length or (form.is_one_component and begins == 1)

    def _what_else(self, stream: BinaryIO, head: bytes) -> tuple[str, str]:
        """What it is that is not ours, and what to do."""
        component, kind = self._form.others
        if not head:
            return "an empty answer", "The next sync tries again."
        if _marks(stream, component)[0]:
            hint = f'Write type = "{kind}" into [source.{self._access.source}].'
            return f"what a source of type {kind} reads", hint
        name = self._form.component.decode()
        hint = f"What is to be read begins with BEGIN:{name}; get the address again."
        return f"something else than {self._form.noun}", hint

    def _no_use(self, what: str, hint: str) -> SourceError:
        where = f"{self._access.source}: {self._address().host}"
        return SourceError(f"{where} sent {what}. {UNCHANGED}", hint=hint)


def _marks(stream: BinaryIO, component: bytes) -> tuple[int, bool]:
    """How often a component begins, and whether the last mark of it in the stream is an END."""
    mark = re.compile(rb"[\r\n](BEGIN|END)[ \t]*:[ \t]*" + component + rb"\b", re.IGNORECASE)
    begins, is_closed = 0, False
    window = b"\n"
    while chunk := stream.read(_CHUNK):
        text = chunk.replace(b"\0", b"")  # enough to see the marks in UTF-16
        window += text.lstrip(_BOMS) if window == b"\n" else text
        end = 0
        for found in mark.finditer(window):
            is_closed = found[1].upper() == b"END"
            begins += not is_closed
            end = found.end()
        window = window[max(end, len(window) - _LONGEST_MARK) :]
    return begins, is_closed
