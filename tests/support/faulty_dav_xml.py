"""What the bendable server reads in a request, and how it writes a multistatus."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"
CARDDAV = "{urn:ietf:params:xml:ns:carddav}"
NAMESPACES = (
    'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" '
    'xmlns:A="urn:ietf:params:xml:ns:carddav" xmlns:S="http://calendarserver.org/ns/"'
)
TAGS = {
    "calendar-home-set": "C:",
    "addressbook-home-set": "A:",
    "supported-calendar-component-set": "C:",
    "calendar-data": "C:",
    "address-data": "A:",
    "getctag": "S:",
    "invite": "S:",
}
"""Local name → prefix; DAV: for the others."""

PHRASES = {200: "OK", 403: "Forbidden", 404: "Not Found", 423: "Locked", 429: "Too Many Requests"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request's body."""

    report: str = ""
    properties: Sequence[str] = ()
    """Local names."""
    hrefs: Sequence[str] = ()
    token: str = ""
    text: str = ""
    """Of the text-match of a calendar-query."""
    name: str = ""
    components: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One response of a multistatus: a status, or properties."""

    path: str
    status: int = 200
    etag: str | None = None
    data: str | None = None
    is_card: bool = False
    quotes_all: bool = False
    """The href is percent-encoded wherever that can be."""
    is_collection: bool = False
    homes: tuple[str, str, str] | None = None
    """Of an account: its principal and its two homes."""
    properties: tuple[tuple[str, str], ...] = ()
    """Local name → content as XML, for what else there is."""


def read_request(body: bytes) -> Asked:
    """What a request asks for."""
    root = ET.fromstring(body)
    prop = root.find(f"{DAV}prop")
    return Asked(
        report=_local(root.tag),
        properties=[] if prop is None else [_local(one.tag) for one in prop],
        hrefs=[(one.text or "").strip() for one in root.findall(f"{DAV}href")],
        token=(root.findtext(f"{DAV}sync-token") or "").strip(),
        text=next((one.text or "" for one in root.iter(f"{CALDAV}text-match")), ""),
        name=next((one.text or "" for one in root.iter(f"{DAV}displayname")), ""),
        components=tuple(one.get("name", "") for one in root.iter(f"{CALDAV}comp")),
    )


def found_place(
    path: str,
    name: str,
    components: tuple[str, ...] | None,
    *,
    principal: str,
    ctag: str | None,
    token: str,
    is_shared_owner: bool,
    is_directory: bool = False,
    is_system: bool = False,
) -> Found:
    """A calendar (or an address book, without components) with its properties."""
    kind = "<A:addressbook/>" if components is None else "<C:calendar/>"
    shared = "<S:shared-owner/>" if is_shared_owner else ""
    shared += "<A:directory/>" if is_directory else ""
    owner = "/dav/principals/system/system/" if is_system else principal
    properties = {
        "resourcetype": f"<collection/>{kind}{shared}",
        "displayname": escape(name),
        "owner": f"<href>{owner}</href>",
        "current-user-principal": f"<href>{principal}</href>",
        "current-user-privilege-set": "<privilege><all/></privilege>",
        "sync-token": token,
    }
    if components is not None:
        comps = "".join(f'<C:comp name="{one}"/>' for one in components)
        properties["supported-calendar-component-set"] = comps
    if ctag is not None:
        properties["getctag"] = escape(ctag)
    return Found(path, is_collection=True, properties=tuple(properties.items()))


def multistatus(found: Sequence[Found], asked: Sequence[str], token: str | None = None) -> bytes:
    """The answer that names these, with the properties that were asked for."""
    responses = "".join(_response(one, asked) for one in found)
    end = "" if token is None else f"<sync-token>{token}</sync-token>"
    head = '<?xml version="1.0" encoding="utf-8"?>'
    return f"{head}<multistatus {NAMESPACES}>{responses}{end}</multistatus>".encode()


def _response(found: Found, asked: Sequence[str]) -> str:
    href = "/".join(_quoted(part, found) for part in found.path.split("/"))
    if found.status != 200:
        return f"<response><href>{href}</href>{_status(found.status)}</response>"
    known = _properties(found)
    here = "".join(_element(name, known[name]) for name in asked if name in known)
    missing = "".join(_element(name, "") for name in asked if name not in known)
    parts = [f"<propstat><prop>{here}</prop>{_status(200)}</propstat>"] if here else []
    parts += [f"<propstat><prop>{missing}</prop>{_status(404)}</propstat>"] if missing else []
    return f"<response><href>{href}</href>{''.join(parts)}</response>"


def _properties(found: Found) -> dict[str, str]:
    known = dict(found.properties)
    known.setdefault("resourcetype", "<collection/>" if found.is_collection else "")
    if found.homes is not None:
        principal, calendars, books = (f"<href>{one}</href>" for one in found.homes)
        known["current-user-principal"] = principal
        if found.path == found.homes[0]:
            known["calendar-home-set"], known["addressbook-home-set"] = calendars, books
    if found.etag is not None:
        known["getetag"] = escape(found.etag)
    if found.data is not None:
        known["address-data" if found.is_card else "calendar-data"] = escape(found.data)
    return known


def _element(name: str, content: str) -> str:
    tag = TAGS.get(name, "") + name
    return f"<{tag}>{content}</{tag}>"


def _status(status: int) -> str:
    return f"<status>HTTP/1.1 {status} {PHRASES.get(status, 'Error')}</status>"


def _quoted(part: str, found: Found) -> str:
    if found.quotes_all:
        return "".join(f"%{byte:02x}" for byte in part.encode())
    return quote(part, safe="@:!$'()*,;=~")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
