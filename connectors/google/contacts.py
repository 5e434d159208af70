"""Contacts and "other contacts" of a Google account (People API): one pull of a collection."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connectors.contract import Collection, Item, Page
from connectors.google import person_parser, sync_cursor
from connectors.google.json_fields import JsonObject, NotAsPromised, text, within
from connectors.google.paging import Sheet, listed, look_for, pages
from connectors.google.sync_cursor import GoogleCursor
from connectors.unanswered_reasons import not_listed

if TYPE_CHECKING:
    from connectors.google.http import GoogleSession

MEDIA_TYPE = "application/vnd.google.person+json"
LARGEST_PAGE = 1000

CONTACTS = Collection("people/me", "Contacts", frozenset({"contact"}), is_read_only=True)
OTHER_CONTACTS = Collection(
    "otherContacts",
    "Other contacts",
    frozenset({"contact"}),
    is_read_only=True,
    is_directory=True,
)

PERSON_FIELDS = (
    "addresses,biographies,birthdays,calendarUrls,emailAddresses,events,externalIds,imClients,"
    "interests,locales,locations,memberships,metadata,miscKeywords,names,nicknames,occupations,"
    "organizations,phoneNumbers,photos,relations,sipAddresses,skills,urls,userDefined"
)
OTHER_FIELDS = "emailAddresses,metadata,names,phoneNumbers,photos"
"""All that otherContacts.list gives of a CONTACT source."""


def pull(
    session: "GoogleSession", collection: Collection, cursor: str | None, known: Mapping[str, str]
) -> Iterator[Page]:
    """What changed in one of the two collections, or all of it.

    A full listing is made without a cursor, when its full listing is six days ago, when the fields
    asked for are no longer those of the cursor, and when a contact group was renamed (which
    changes its members' categories, but not their etags).
    """
    is_other = collection.href == OTHER_CONTACTS.href
    shape = OTHER_FIELDS if is_other else PERSON_FIELDS
    began = sync_cursor.now()
    kept = sync_cursor.read(cursor)
    groups = {} if is_other else _groups(session)
    reading = _ContactsReading(groups, _renamed(groups, kept))
    held = known
    if kept and (kept.is_worn(shape, began) or reading.renamed):
        known = known if kept.shape == shape else {}
        kept = None
    sheet = Sheet(known, is_full=kept is None)
    full_at = kept.full_at if kept else began.isoformat()
    for answer, is_last in _answers(session, shape, kept, is_other=is_other):
        for person in listed(answer, "otherContacts" if is_other else "connections"):
            reading.take(person, sheet)
        if is_last:
            reading.finish(sheet)
            if sheet.is_full:
                _look_for(session, reading, sheet, held, is_other=is_other)
            token = answer.get("nextSyncToken", "")
            yield sheet.page(GoogleCursor(token, full_at, shape, reading.names()).write())
        elif sheet.has_news():
            yield sheet.page()


@dataclass(slots=True)
class _ContactsReading:
    """One pass over the people of a collection."""

    groups: Mapping[str, str]
    renamed: frozenset[str]
    """Groups whose members are to be handed over again."""
    seen: set[str] = field(default_factory=set)
    former: set[str] = field(default_factory=set)
    """Names that people had before (merged, or linked to a profile)."""
    nameless: set[str] = field(default_factory=set)
    """Groups that appeared after the groups were listed."""

    def take(self, person: JsonObject, sheet: Sheet) -> None:
        href, metadata = text(person, "resourceName"), within(person, "metadata")
        former = metadata.get("previousResourceNames")
        self.former.update(str(name) for name in (former if isinstance(former, list) else ()))
        if href and metadata.get("deleted"):
            sheet.gone.append(href)
            return

        groups = _groups_of(person)
        self.nameless |= groups - self.groups.keys()
        if href:
            self.seen.add(href)

        def make(href: str, etag: str, body: bytes) -> Item:
            contact = person_parser.read(person, self.groups)
            return Item(href, contact.uid, "contact", etag, MEDIA_TYPE, body, contact=contact)

        sheet.take(person, href, make, anew=bool(groups & self.renamed))

    def finish(self, sheet: Sheet) -> None:
        """Former names are gone, unless somebody bears one now."""
        sheet.gone += sorted((self.former & sheet.known.keys()) - self.seen - {*sheet.gone})

    def names(self) -> dict[str, str]:
        """For the cursor: a group without a name will look renamed once it has one."""
        return {**dict.fromkeys(self.nameless, ""), **self.groups}


def _look_for(
    session: "GoogleSession",
    reading: _ContactsReading,
    sheet: Sheet,
    held: Mapping[str, str],
    *,
    is_other: bool,
) -> None:
    """Who a full listing did not name; other contacts cannot be asked for one by one."""
    if is_other:
        missing = held.keys() - sheet.named - {*sheet.gone}
        sheet.open += map(not_listed, sorted(missing))
        return

    def ask(href: str) -> Any:
        return session.service("people").people().get(resourceName=href, personFields=PERSON_FIELDS)

    def take(href: str, person: JsonObject) -> bool:
        if text(person, "resourceName") != href or within(person, "metadata").get("deleted"):
            return False  # what bears another name now was listed under that
        reading.take(person, sheet)
        return True

    look_for(session, sheet, held, ask, take, "reading a contact")


def _groups_of(person: JsonObject) -> frozenset[str]:
    try:
        return frozenset(person_parser.group_names(person))
    except NotAsPromised:
        return frozenset()  # the person as a whole will be a reject


def _renamed(groups: Mapping[str, str], kept: GoogleCursor | None) -> frozenset[str]:
    if kept is None:
        return frozenset()
    return frozenset(key for key, name in groups.items() if kept.names.get(key, name) != name)


def _answers(
    session: "GoogleSession", shape: str, kept: GoogleCursor | None, *, is_other: bool
) -> Iterator[tuple[JsonObject, bool]]:
    """Every parameter but the tokens is the same in each request of a sync, as the API demands."""
    people = session.service("people")
    parameters: dict[str, Any] = {
        "pageSize": min(LARGEST_PAGE, session.limits.largest_page),
        "requestSyncToken": True,
        "syncToken": kept.token if kept else None,
    }
    if is_other:
        listing = people.otherContacts().list
        return pages(session, listing, "listing other contacts", readMask=shape, **parameters)
    return pages(
        session,
        people.people().connections().list,
        "listing contacts",
        resourceName="people/me",
        personFields=shape,
        **parameters,
    )


def _groups(session: "GoogleSession") -> dict[str, str]:
    """Resource name of each contact group → its name; a group of Google's own as the user sees it.

    `name` of those is English for everybody ("friends"), `formattedName` in the account's language.
    """
    found = {}
    listing = session.service("people").contactGroups().list
    for answer, _ in pages(
        session,
        listing,
        "listing contact groups",
        groupFields="name,groupType",
        pageSize=LARGEST_PAGE,
        fields="contactGroups(resourceName,name,formattedName,groupType),nextPageToken",
    ):
        for group in listed(answer, "contactGroups"):
            resource, name = text(group, "resourceName"), text(group, "name")
            if group.get("groupType") == "SYSTEM_CONTACT_GROUP":
                name = text(group, "formattedName") or name
            if resource and name:
                found[resource] = name
    return found
