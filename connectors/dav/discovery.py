"""Finding what an account holds: its home sets, and the calendars and address books in them.

The way there (RFC 6764 section 6, RFC 4791 section 6.2.1, RFC 6352 section 7.1.1): the URL as
given, its current-user-principal, the homes that the principal names; where that leads nowhere,
both well-known addresses of the host.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from connectors.contract import Collection, Kind, Trouble
from connectors.dav.client import Dav, Forbidden
from connectors.dav.multistatus import Response, canonical
from connectors.dav.sync_collection import Tag
from connectors.errors import KithbookError, LoginError, OtherHost, SourceError, SourceUnreachable

CALENDAR_HOME = "C:calendar-home-set"
BOOK_HOME = "A:addressbook-home-set"
WELL_KNOWN_CALENDARS = "/.well-known/caldav"
WELL_KNOWN_BOOKS = "/.well-known/carddav"
ACCOUNT_PROPERTIES = ["resourcetype", "current-user-principal", CALENDAR_HOME, BOOK_HOME]
PLACE_PROPERTIES = [
    "resourcetype",
    "displayname",
    "owner",
    "current-user-principal",
    "current-user-privilege-set",
    "C:supported-calendar-component-set",
    "S:getctag",
    "S:invite",
]
SYSTEM_OWNER = "/principals/system/"
"""Whose address books belong to the server itself (Nextcloud, ownCloud)."""
GENERATED_BOOKS = ("z-server-generated--", "z-app-generated--", "addressbook-accounts")
"""How the last part of an address book's path begins that a server fills by itself: Nextcloud's
list of all accounts and of those lately written to, EGroupware's accounts."""
WRITING = ("write", "write-content", "bind", "all")


@dataclass(frozen=True, slots=True)
class ServerCollection:
    """A calendar or an address book as the server lists it."""

    url: str
    key: str
    """What `Collection.href` is: see `Dav.key`."""
    name: str
    is_book: bool
    components: frozenset[str]
    """What a calendar may hold (VEVENT, VTODO); a server that does not say takes all."""
    tag: Tag | None
    is_read_only: bool
    is_shared: bool
    is_directory: bool = False
    """An address book of other people, not the user's own: see `_is_directory`."""


@dataclass(frozen=True, slots=True)
class ServerListing:
    """What the homes list, and the homes that cannot be listed."""

    found: list[ServerCollection]
    troubles: list[Trouble]


@dataclass(frozen=True, slots=True)
class Homes:
    """URLs of the collections that hold the calendars and the address books."""

    calendars: tuple[str, ...] = ()
    books: tuple[str, ...] = ()
    itself: str | None = None
    """The URL is a calendar or address book, and leads to no principal."""

    def __or__(self, other: "Homes") -> "Homes":
        """Both, the first where it knows."""
        return Homes(
            self.calendars or other.calendars,
            self.books or other.books,
            self.itself or other.itself,
        )


def homes_of(text: str, mark: Sequence[object], dav: Dav) -> Homes | None:
    """The homes of such a text (`text_of`), if it is of the same account and they are allowed.

    :param mark: what the account goes by: a text of another one says nothing.
    """
    try:
        found = json.loads(text)
        if found["of"] != list(mark):
            return None
        calendars = tuple(dav.join(url) for url in found["calendars"])
        return Homes(calendars, tuple(dav.join(url) for url in found["books"]))
    except (ValueError, KeyError, TypeError, SourceError):
        return None


def text_of(homes: Homes, mark: Sequence[object]) -> str:
    """The homes as a text to be kept."""
    return json.dumps({"of": list(mark), "calendars": homes.calendars, "books": homes.books})


def find_homes(dav: Dav, *, want_books: bool) -> Homes:
    """Where the account's collections are.

    :raises SourceError: nothing at this URL leads to a calendar or address book home; the error
        is the one that says most, that of the user's own URL if none stands out.
    """
    homes = Homes()
    troubles: list[KithbookError] = []
    for start in (dav.url, WELL_KNOWN_CALENDARS, WELL_KNOWN_BOOKS):
        if start == WELL_KNOWN_CALENDARS and homes.calendars:
            continue
        if start == WELL_KNOWN_BOOKS and (homes.books or not want_books):
            continue
        try:
            homes |= _homes_from(dav, dav.join(start))
        except SourceUnreachable:
            raise
        except (SourceError, Forbidden) as error:
            # servers without well-known addresses answer them in every way there is
            troubles.append(error)
    if homes.calendars or homes.books or homes.itself:
        return homes if want_books else replace(homes, books=())
    troubles.sort(key=lambda error: not isinstance(error, OtherHost))
    if troubles:
        raise troubles[0]
    raise SourceError(
        f"{dav.source}: {dav.host} answers, but no calendar or address book is to be found"
        f" from {dav.url}",
        hint=f"put the address that your provider gives for CalDAV into [source.{dav.source}]",
    )


def _homes_from(dav: Dav, url: str) -> Homes:
    where, answer = dav.propfind(url, ACCOUNT_PROPERTIES, depth=0)
    for response in answer.responses[:1]:
        homes = _named_homes(dav, response, where)
        if homes.calendars and homes.books:
            return homes
        if response.has("current-user-principal", "unauthenticated"):
            raise LoginError(
                f"{dav.source}: {dav.host} does not accept the login",
                hint=f"check username and password_command of [source.{dav.source}]",
            )
        for href in response.hrefs("current-user-principal")[:1]:
            principal = dav.join(href, where)
            if canonical(principal) != canonical(where):
                there, named = dav.propfind(principal, ACCOUNT_PROPERTIES, depth=0)
                for one in named.responses[:1]:
                    homes |= _named_homes(dav, one, there)
        if not homes.calendars and not homes.books and _is_place(response):
            homes = Homes(itself=where)
        return homes
    return Homes()


def _named_homes(dav: Dav, response: Response, where: str) -> Homes:
    return Homes(
        tuple(dav.join(href, where) for href in response.hrefs(CALENDAR_HOME)),
        tuple(dav.join(href, where) for href in response.hrefs(BOOK_HOME)),
    )


def _is_place(response: Response) -> bool:
    """A calendar or an address book."""
    kinds = ("C:calendar", "A:addressbook")
    return any(response.has("resourcetype", kind) for kind in kinds)


def list_places(dav: Dav, homes: Homes) -> list[ServerCollection]:
    """The calendars and address books in the homes, each once, in the server's order.

    :raises LoginError, SourceUnreachable, SourceError: no home can be listed.
    """
    return list_homes(dav, homes).found


def list_homes(dav: Dav, homes: Homes) -> ServerListing:
    """The same, with the homes that cannot be listed: one home's trouble leaves the others alone.

    :raises LoginError, SourceUnreachable, SourceError: none of them can be listed.
    """
    places: dict[str, ServerCollection] = {}
    troubles: list[Trouble] = []
    has_answered = False
    for home in dict.fromkeys((*homes.calendars, *homes.books)):
        try:
            where, answer = dav.propfind(home, PLACE_PROPERTIES, depth=1)
        except KithbookError as error:
            troubles.append(Trouble(_home(dav, homes, home), error))
            continue
        has_answered = True
        for response in answer.responses:
            try:
                place = _place(dav, response, where, answer.told_at)
            except SourceError as error:
                troubles.append(Trouble(_unreachable(response), error))
                continue
            if place is not None:
                places.setdefault(place.key, place)
    if troubles and not has_answered:
        raise troubles[0].error
    alone = list_place(dav, homes.itself) if homes.itself and not places else None
    return ServerListing(list(places.values()) if alone is None else [alone], troubles)


def _home(dav: Dav, homes: Homes, url: str) -> Collection:
    """A home as the place where trouble is."""
    kinds: set[Kind] = set()
    if url in homes.calendars:
        kinds |= {"event", "task"}
    if url in homes.books:
        kinds.add("contact")
    name = "all address books" if kinds == {"contact"} else "all calendars"
    return Collection(dav.key(url), name, frozenset(kinds))


def _unreachable(response: Response) -> Collection:
    """One at an address that is not asked: it goes by its name, the address says nothing."""
    is_book = response.has("resourcetype", "A:addressbook")
    kinds: frozenset[Kind] = frozenset({"contact"} if is_book else {"event", "task"})
    name = (response.text("displayname") or "").strip()
    mark = blake2b(response.sent_href.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return Collection(f"elsewhere:{mark}", name or "one without a name", kinds)


def list_place(dav: Dav, url: str) -> ServerCollection | None:
    """The calendar or address book at a URL, if it is one."""
    where, answer = dav.propfind(url, PLACE_PROPERTIES, depth=0)
    found = (_place(dav, response, where, answer.told_at) for response in answer.responses)
    return next((place for place in found if place is not None), None)


def _place(
    dav: Dav, response: Response, where: str, told_at: float | None
) -> ServerCollection | None:
    """None for what is neither a calendar nor an address book of the account's own making."""
    if not _is_place(response):
        return None
    is_book = response.has("resourcetype", "A:addressbook")
    url = dav.join(response.sent_href, where)
    url = url if url.endswith("/") else f"{url}/"
    name = (response.text("displayname") or "").strip()
    ctag = (response.text("S:getctag") or "").strip()
    return ServerCollection(
        url=url,
        key=dav.key(url),
        name=name or canonical(url).rstrip("/").rpartition("/")[2],
        is_book=is_book,
        components=frozenset() if is_book else _components(response),
        tag=Tag(ctag, told_at) if ctag else None,
        is_read_only=_is_read_only(response),
        is_shared=_is_shared(response),
        is_directory=is_book and _is_directory(response, url),
    )


def _components(response: Response) -> frozenset[str]:
    """What a calendar may hold; absent or empty means anything (RFC 4791 section 5.2.3)."""
    element = response.get("C:supported-calendar-component-set")
    names = set() if element is None else {str(one.get("name", "")).upper() for one in element}
    return frozenset(names - {""} or {"VEVENT", "VTODO"})


def _is_read_only(response: Response) -> bool:
    """The server lists our privileges (RFC 3744 section 5.4) and none of them is to write."""
    privileges = response.get("current-user-privilege-set")
    if privileges is None or not len(privileges):
        return False
    return not any(response.has("current-user-privilege-set", one) for one in WRITING)


def _is_shared(response: Response) -> bool:
    """Somebody else owns it, or has been invited to it.

    `shared-owner` says neither: sabre/dav marks every calendar of one's own so, shared or not.
    """
    owners = {canonical(href).rstrip("/") for href in response.hrefs("owner")}
    ours = {canonical(href).rstrip("/") for href in response.hrefs("current-user-principal")}
    if owners and ours and not owners & ours:
        return True
    if response.has("resourcetype", "S:shared"):
        return True
    return response.has("S:invite", "S:user")


def _is_directory(response: Response, url: str) -> bool:
    """A directory of other people, which every user of the server is shown.

    By the resource type (RFC draft "CardDAV Directory Gateway Extension", as SOGo has it for its
    global address book and Apple's server for its own), by its owner, or by its name. That it may
    only be read says nothing: so may a friend's shared book.
    """
    if response.has("resourcetype", "A:directory"):
        return True
    if any(SYSTEM_OWNER in f"{canonical(href)}/" for href in response.hrefs("owner")):
        return True
    name = canonical(url).rstrip("/").rpartition("/")[2]
    return name.startswith(GENERATED_BOOKS)
