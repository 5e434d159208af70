"""The contract between connectors and pipeline: every type that crosses the border.

A source (a configured account, folder or file) has collections (an address book, a calendar,
a list); a collection has items, each with a href, an etag and a body. A contact is one card, a
meeting one occurrence of an event, a task what stands in the calendar. Connectors make these,
`pull` and `push` carry them, `store` keeps them. Nothing here reads or writes anything.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from connectors.errors import KithbookError

Kind = Literal["contact", "event", "task"]
Reply = Literal["needs-action", "accepted", "declined", "tentative", "delegated", "unknown"]
Role = Literal["required", "optional", "chair", "non-participant", "unknown"]
AttendeeKind = Literal["individual", "group", "resource", "room", "unknown"]
MeetingStatus = Literal["confirmed", "tentative", "cancelled"]
Visibility = Literal["public", "private", "confidential"]
TaskStatus = Literal["needs-action", "in-process", "completed", "cancelled"]
TaskForm = Literal["task", "event"]
CardKind = Literal["individual", "organization", "group", "location", "unknown"]

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
"""A whole e-mail address; sql/macros.sql has the same rule."""

MOST_GUESTS = 1000
"""Whom one attendee may bring along; more is a slip or a joke."""

TASK_UID_PREFIX = "kithbook-"
"""Every task we write has a UID that starts so: what lacks it is not ours to touch."""


# --- contacts ---------------------------------------------------------------------------
# What a card is made of is not frozen, as all else is: that would take five times as long to make,
# a tenth of the time to read a book. All the same nobody changes it.


@dataclass(slots=True, unsafe_hash=True)
class ContactPoint:
    """An e-mail, phone, URL or IM handle as it stands in the card, with its label in lower case.

    `extension`: of a phone, where the card keeps it apart from the number (RFC 3966 `;ext=`).
    """

    value: str
    label: str | None = None
    is_preferred: bool = False
    extension: str | None = None


@dataclass(slots=True, unsafe_hash=True)
class Address:
    """A postal address (RFC 6350 section 6.3.1); every part may be empty."""

    street: str = ""
    extended: str = ""
    po_box: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    label: str | None = None


@dataclass(slots=True, unsafe_hash=True)
class PartialDate:
    """A date of which some parts may be unknown (RFC 6350 section 4.3.1); a year is never invented.

    `text` is what the card said when it is not a date ("circa 1800"); then the parts are None.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """Somebody named in a card: "spouse", "Rui"."""

    name: str
    label: str | None = None


@dataclass(slots=True, unsafe_hash=True)
class Contact:
    """One card as one source has it. Absent texts are None, never empty strings."""

    uid: str | None = None
    kind: CardKind = "individual"
    full_name: str | None = None
    prefix: str | None = None
    given: str | None = None
    middle: str | None = None
    family: str | None = None
    suffix: str | None = None
    phonetic_given: str | None = None
    phonetic_family: str | None = None
    nicknames: tuple[str, ...] = ()
    emails: tuple[ContactPoint, ...] = ()
    phones: tuple[ContactPoint, ...] = ()
    urls: tuple[ContactPoint, ...] = ()
    ims: tuple[ContactPoint, ...] = ()
    addresses: tuple[Address, ...] = ()
    organization: str | None = None
    department: str | None = None
    title: str | None = None
    role: str | None = None
    birthday: PartialDate | None = None
    anniversary: PartialDate | None = None
    death_date: PartialDate | None = None
    categories: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    """UIDs of the members when the card is a group."""
    related: tuple[Related, ...] = ()
    note: str | None = None
    has_photo: bool = False
    language: str | None = None
    time_zone: str | None = None
    geo: str | None = None
    revised_at: str | None = None
    first_met: date | None = None
    extra: tuple[tuple[str, str], ...] = ()
    """Every property that has no field of its own, name and value, in the card's order.

    The second value of a field that holds one stands here under its vCard name: ORG, TITLE, NOTE.
    """


# --- meetings ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody invited to a meeting. `email` is lower case without `mailto:`, or None.

    What is no address of a mailbox (ADDRESS) is None: a directory name, `invalid:nomail`, a word.
    """

    email: str | None = None
    name: str | None = None
    reply: Reply = "unknown"
    role: Role = "unknown"
    kind: AttendeeKind = "individual"
    is_owner: bool = False
    """The source itself says that this is the account's owner (Google's `self`)."""
    phone: str | None = None
    """The number, as written, of somebody invited by `tel:` (RFC 3966)."""
    additional_guests: int = 0
    """How many people they bring along, whom the source does not name."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One occurrence of an event.

    Timed: `starts_at` and `ends_at` are UTC instants, the dates None. All day: `start_date` and
    the exclusive `end_date`, the instants None. `recurrence_id` names the occurrence within its
    series (RFC 5545 section 3.8.4.4): the original start as `20260102T090000Z` or `20260102`;
    empty for a single event.
    """

    uid: str
    recurrence_id: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    start_date: date | None = None
    end_date: date | None = None
    is_all_day: bool = False
    is_recurring: bool = False
    summary: str | None = None
    location: str | None = None
    status: MeetingStatus = "confirmed"
    visibility: Visibility = "public"
    is_transparent: bool = False
    event_type: str = "default"
    """`default`, or what the source says: birthday, focusTime, outOfOffice, workingLocation, …"""
    categories: tuple[str, ...] = ()
    organizer: Attendee | None = None
    attendees: tuple[Attendee, ...] = ()
    are_attendees_omitted: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Half open, in UTC: occurrences that overlap it."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Expansion:
    """The occurrences of one series (or single event) in a window.

    `is_open`: the series goes on beyond the window, so it must be expanded again as time moves.
    """

    meetings: tuple[Meeting, ...] = ()
    rejects: "tuple[Reject, ...]" = ()
    is_open: bool = False


# --- tasks ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it stands in the list: a VTODO, one of our own all-day events, a Google task."""

    uid: str
    title: str = ""
    notes: str = ""
    due_date: date | None = None
    status: TaskStatus = "needs-action"
    completed_at: datetime | None = None
    priority: int | None = None
    """1 (highest) to 9, as in RFC 5545 section 3.8.1.9; None where none is given."""
    is_recurring: bool = False
    mark: str = ""
    """What we last wrote, as digests that travel with the task; empty where there are none.

    `20261127.0a1b2c.3d4e5f.….`: the day it opened, then title, notes, due date, priority and
    status (sql/macros.sql makes and compares them). One word of letters, digits and dots.
    """


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """What a task of ours is to say. On an update only these fields are touched in the body."""

    uid: str
    title: str
    notes: str
    due_date: date | None
    """None where the user took the day away: then there is none, and none is written."""
    status: TaskStatus = "needs-action"
    priority: int | None = None
    form: TaskForm = "task"
    mark: str = ""
    """What we wrote, in digests, and by whom it is looked after: for another book."""


# --- what travels -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reject:
    """What could not be read: why, where, and the bytes.

    A warning is one property or line of an item that came in all the same; anything else is a
    whole item that did not.
    """

    reason: str
    href: str | None = None
    position: int | None = None
    """1-based: the line of the item for a warning, the item's number in its file otherwise."""
    content: bytes = b""
    is_warning: bool = False
    guessed: int = 0
    """How many lines of the item were read by this guess; nothing of them is missing."""


OpenReason = Literal["omitted", "failing", "missing"]
"""omitted: it was asked for, and the answer does not name it. failing: a passing error. missing: a
full listing does not name it any more, and it was not asked for by itself."""


@dataclass(frozen=True, slots=True)
class Open:
    """An item of which a source said neither what it holds nor that it is gone: to be asked again.

    `words` tell the user why, as in "the server answered 503".
    """

    href: str
    reason: OpenReason
    words: str


@dataclass(frozen=True, slots=True)
class Item:
    """As received, with what was parsed from it. Events are parsed by `EXPANDERS[media_type]`."""

    href: str
    uid: str | None
    kind: Kind
    etag: str
    media_type: str
    body: bytes
    contact: Contact | None = None
    task: Task | None = None
    is_read_anew: bool = False
    """It means something else now, though its body may be as before (a renamed group)."""
    file: str | None = None
    """Which of the files of its collection holds it, where there are several."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a pull, written down in one transaction."""

    items: Sequence[Item] = ()
    rejects: Sequence[Reject] = ()
    gone: Sequence[str] = ()
    """hrefs that the source reports deleted."""
    open: Sequence[Open] = ()
    """What was asked for and neither came nor is gone: the cursor does not pass it."""
    complete: bool = False
    """On a full listing's last page: what this pull named nowhere is gone (see `unchanged`)."""
    unchanged: Sequence[str] = ()
    """hrefs that the source listed with the etag we know, so that their bodies were not fetched."""
    cursor: str | None = None
    """On the last page only: where the next pull takes up."""


@dataclass(frozen=True, slots=True)
class Collection:
    """One address book, calendar or list of a source. `href` is its key and never changes."""

    href: str
    name: str
    kinds: frozenset[Kind]
    is_read_only: bool = False
    is_shared: bool = False
    is_directory: bool = False
    """Everybody of a company or server, or whom a program collected by itself: pulled only where
    the config names it, and nobody in it is new to the user."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a part of a source cannot be had: a collection, or a place where some are listed."""

    collection: Collection
    error: KithbookError


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source has, told apart by what becomes of it."""

    chosen: Sequence[Collection]
    """To be pulled."""
    hidden: Sequence[Collection] = ()
    """Pulled if they were before, and not taken up otherwise."""
    left_out: Sequence[Collection] = ()
    """There, but the config does not want them: what was pulled of them leaves."""
    directories: Sequence[Collection] = ()
    """There, but of other people, and the config does not name them: likewise."""
    unwanted: frozenset[Kind] = frozenset()
    """Of what kinds the config wants none; they may not have been looked for at all."""
    named: frozenset[str] = frozenset()
    """hrefs of what the config names."""
    troubles: Sequence[Trouble] = ()


@dataclass(frozen=True, slots=True)
class Access:
    """What a connector is given besides its options."""

    source: str
    """The source's name in the config, for messages."""
    zone: ZoneInfo
    """The owner's: where floating times are meant."""
    secret: Callable[[], str]
    """Fetches the password when it is first needed; raises LoginError."""
    folder: Path
    """The data folder, for tokens."""
    task_list: str | None = None
    """The name of the list that our tasks go to, if this source is the one."""
    task_list_href: str | None = None
    """Where that list was when we last wrote to it: it is looked for there first."""
    address: Callable[[], str] = str
    """Fetches the web address where the config only says where it is kept; raises LoginError."""


class Connector(Protocol):
    """A source that can be pulled. Made as `Class(options, access)`; opens nothing until asked.

    Raises LoginError (refused), SourceUnreachable (no answer after retries), SourceError.
    """

    Options: ClassVar[type[Any]]
    """A frozen dataclass: its fields are the keys of the config section."""

    def collections(self) -> list[Collection]:
        """What the source has, or the chosen part of it."""
        ...

    def pull(
        self, collection: Collection, cursor: str | None, known: Mapping[str, str]
    ) -> Iterator[Page]:
        """What changed since `cursor`, or everything when it is None.

        `known` maps the live hrefs we hold to their etags: with `cursor=None` only bodies whose
        etag differs are fetched, the others are named in `unchanged`, and the last page is
        `complete`. One bad item is a Reject, never an error; one that the source has trouble with
        for now is `open`. Servers are asked about each item that a full listing does not name any
        more, before it is taken for gone.

        :raises CursorExpired: the server does not take the cursor; the caller starts afresh.
        """
        ...


@runtime_checkable
class Choosing(Protocol):
    """A connector that knows more of its collections than which of them to pull."""

    def listing(self) -> Listing:
        """What the source has. A part that cannot be listed is a Trouble of that part.

        :raises LoginError, SourceUnreachable, SourceError: nothing at all can be listed.
        """
        ...


@runtime_checkable
class Addressed(Protocol):
    """A connector that can ask for a collection which is not listed."""

    def is_there(self, collection: Collection) -> bool:
        """Whether it answers at its own address; False when it is said to be gone (404, 410).

        :raises LoginError, SourceUnreachable, SourceError: nobody can say.
        """
        ...


@runtime_checkable
class Remembering(Protocol):
    """A connector that looks for the way to its collections, and can be told it the next time."""

    def recall(self, way: str) -> None:
        """The way of an earlier run. One that does not lead there any more is looked for anew."""
        ...

    def look_again(self) -> bool:
        """Forget a way that was recalled, since what it leads to is not all; False if none was."""
        ...

    def way(self) -> str | None:
        """The way that led to all collections in this run; None where none did."""
        ...


@runtime_checkable
class Counting(Protocol):
    """A connector to a server that counts requests."""

    @property
    def requests_made(self) -> int:
        """How many this run has made so far."""
        ...

    @property
    def request_budget(self) -> int:
        """How many a run may make."""
        ...


@runtime_checkable
class Filed(Protocol):
    """A connector to files of this machine: reading them keeps a processor busy, not a network."""

    def size(self) -> int:
        """How many bytes there are to read; 0 when that cannot be seen."""
        ...


@runtime_checkable
class Probing(Protocol):
    """A connector that knows its collections without asking, so that there is more to try."""

    def probe(self) -> None:
        """Ask for what a pull asks for.

        :raises LoginError, SourceUnreachable, SourceError: it cannot be had.
        """
        ...


@runtime_checkable
class Peculiar(Protocol):
    """A connector that has met a server with ways of its own."""

    def ways(self) -> list[str]:
        """A sentence each; empty before it was asked for anything."""
        ...


class TaskTarget(Protocol):
    """A source whose list can hold our tasks."""

    def task_list(self, name: str, form: TaskForm) -> Collection:
        """The list of that name, made if it is not there.

        :raises SourceError: the account cannot hold tasks, or the name is taken by a calendar
            that cannot hold them.
        """
        ...

    def find(
        self, collection: Collection, uid: str, href: str | None
    ) -> tuple[Collection, Item] | None:
        """Our task that a listing does not name any more, and the list in which it stands now.

        Asked for where it stood, then looked for in the account's other lists. None: it is gone.

        :raises SourceEmpty: the whole list looks empty, which may be over tomorrow.
        :raises SourceError: nobody can say.
        """
        ...

    def put(
        self, collection: Collection, draft: TaskDraft, href: str | None, etag: str | None
    ) -> Item:
        """Write a task and read it back.

        `href` and `etag` None: create it. It must not exist; when a task with this UID is there
        already, that one is read and returned unchanged (adopted). Otherwise change the fields of
        the draft in the existing body and leave every other property as it is.

        :raises ItemConflict: it changed since `etag`.
        :raises ItemGone: it is not there any more.
        """
        ...

    def withdraw(
        self, collection: Collection, draft: TaskDraft, href: str, etag: str
    ) -> Item | None:
        """Take a task away so that another machine which shares the list learns that we did.

        It is left as cancelled with the mark of the draft, and returned as read back; or deleted
        where a deleted one can be asked for, and None returned.

        :raises ItemConflict: it changed since `etag`.
        :raises ItemGone: it is not there any more.
        """
        ...

    def delete(self, collection: Collection, href: str, etag: str) -> None:
        """Delete it if it still has this etag; reads first where servers ignore preconditions.

        :raises ItemConflict: it changed since `etag`. Already gone is success.
        """
        ...


Expander = Callable[[Sequence[bytes], Window, ZoneInfo], Expansion]
"""Bodies of one series, window, owner's zone → its occurrences. Pure, and never raises on data."""
