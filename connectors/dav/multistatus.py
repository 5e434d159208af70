"""WebDAV's XML: multistatus answers to typed responses, and the bodies of our requests.

Answers are read as they arrive (RFC 4918 section 14.16): one response at a time is kept, never
the tree. A document type is refused, so that no entity can be declared, and libxml2's own bound
on a text (10 MB) stays on. hrefs are compared by their canonical spelling, see `canonical`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from lxml.etree import _Element

DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"
CARDDAV = "{urn:ietf:params:xml:ns:carddav}"
CALENDARSERVER = "{http://calendarserver.org/ns/}"

NAMESPACES = (
    'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" '
    'xmlns:A="urn:ietf:params:xml:ns:carddav" xmlns:S="http://calendarserver.org/ns/"'
)
PREFIXES = {"": DAV, "C": CALDAV, "A": CARDDAV, "S": CALENDARSERVER}

SAFE_IN_SEGMENT = "@:!$'()*,;=~"
"""What a path segment may hold as it is (RFC 3986 section 3.3), less what servers disagree on."""

_WHOLE = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
"""What stands before the path of a whole URL."""

_PLAIN = re.compile(r"/[A-Za-z0-9_.~@:!$'()*,;=/-]*")


class XmlRefused(Exception):
    """The answer is not well-formed XML, or XML that we do not read."""


@dataclass(frozen=True, slots=True)
class Response:
    """One resource of a multistatus answer."""

    href: str
    """The canonical path: the key under which we know the resource."""
    sent_href: str
    """As the server wrote it, for asking it back."""
    status: int = 200
    """Of the resource as a whole; 404 in a sync-collection answer means deleted."""
    properties: "dict[str, _Element]" = field(default_factory=dict)
    """By name in Clark notation; only those that the server found (200)."""

    def text(self, name: str) -> str | None:
        """The text of a property such as `getetag` or `C:calendar-data`; None where absent."""
        element = self.get(name)
        if element is None:
            return None
        return "".join(map(str, element.itertext())) if len(element) else element.text or ""

    def get(self, name: str) -> "_Element | None":
        """The element of a property, by the prefixed name of our requests."""
        return self.properties.get(clark(name))

    def has(self, name: str, child: str) -> bool:
        """Whether a property such as `resourcetype` holds this child, at any depth."""
        element = self.get(name)
        return element is not None and element.find(f".//{clark(child)}") is not None

    def hrefs(self, name: str) -> list[str]:
        """The hrefs in a property such as `C:calendar-home-set`, as the server wrote them."""
        element = self.get(name)
        found = () if element is None else element.iter(f"{DAV}href")
        return [text for href in found if (text := (href.text or "").strip())]

    @property
    def etag(self) -> str | None:
        """The etag without the weak mark, which one server puts on in some answers only."""
        text = self.text("getetag")
        return strong(text.strip()) if text and text.strip() else None


@dataclass(frozen=True, slots=True)
class Multistatus:
    """A whole answer."""

    responses: Sequence[Response]
    sync_token: str | None = None
    told_at: float | None = None
    """The server's clock when it answered, in seconds; None where it does not say."""


def strong(etag: str) -> str:
    """An etag for comparing and for If-Match: `W/` taken off (RFC 9110 section 8.8.3)."""
    return etag.removeprefix("W/").removeprefix("w/")


def canonical(href: str) -> str:
    """The path of an href in one spelling: each segment unquoted, then quoted our way.

    Servers send `%40` for `@` or `%2B` for `+` in one answer and not in the next. A quoted slash
    stays quoted.
    """
    if _PLAIN.fullmatch(href):
        return href
    path = _WHOLE.sub("", href).partition("?")[0].partition("#")[0]
    return "/".join(quote(unquote(part), safe=SAFE_IN_SEGMENT) for part in path.split("/"))


def clark(name: str) -> str:
    """`C:calendar-data` → `{urn:ietf:params:xml:ns:caldav}calendar-data`."""
    prefix, _, local = name.rpartition(":")
    return PREFIXES[prefix] + local


def read(body: bytes) -> Multistatus:
    """The responses in a multistatus answer.

    :raises XmlRefused: not well-formed, not a multistatus, or with a document type.
    """
    from lxml import etree

    events = etree.iterparse(
        BytesIO(body),
        events=("end",),
        tag=(f"{DAV}response", f"{DAV}sync-token"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    responses: list[Response] = []
    token: str | None = None
    try:
        for _, element in events:
            parent = element.getparent()
            if parent is None or parent.getparent() is not None:
                continue
            if element.tag == f"{DAV}response":
                responses.append(_response(element))
            else:
                token = (element.text or "").strip() or None
            parent.remove(element)
    except etree.LxmlError as error:
        raise XmlRefused(str(error)) from error
    _refuse_other_documents(events.root)
    return Multistatus(responses, token)


def _refuse_other_documents(root: "_Element | None") -> None:
    """Only multistatus, and never with a document type, in which entities could be declared."""
    if root is None or root.tag != f"{DAV}multistatus":
        raise XmlRefused("it is not a multistatus")
    if root.getroottree().docinfo.internalDTD is not None:
        raise XmlRefused("it has a document type")


def _response(element: "_Element") -> Response:
    sent = (element.findtext(f"{DAV}href") or "").strip()
    status = element.findtext(f"{DAV}status")
    properties: dict[str, _Element] = {}
    for propstat in element.iterfind(f"{DAV}propstat"):
        if _code(propstat.findtext(f"{DAV}status")) == 200:
            for prop in propstat.iterfind(f"{DAV}prop"):
                properties.update(
                    (child.tag, child) for child in prop if isinstance(child.tag, str)
                )
    return Response(canonical(sent), sent, _code(status), properties)


def _code(status: str | None) -> int:
    """`HTTP/1.1 404 Not Found` → 404; absent means found."""
    if status is None or " 200 " in status:
        return 200
    parts = status.split()
    return int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() else 200


def precondition(body: bytes) -> str | None:
    """The name of the condition in a DAV:error body (RFC 4918 section 16), if it is one."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError):
        return None
    if root is None or root.tag != f"{DAV}error" or not len(root):
        return None
    return etree.QName(root[0]).localname


# --- the bodies of our requests ---------------------------------------------------------


def propfind(names: Sequence[str]) -> bytes:
    """Which properties we ask for (RFC 4918 section 9.1)."""
    return _document("propfind", _prop(names))


def sync_collection(token: str | None) -> bytes:
    """What changed since a token, or everything (RFC 6578 section 3.2).

    Etags only, and never a limit: a server that cuts the answer short without saying so loses
    items (Xandikos with nresults).
    """
    return _document(
        "sync-collection",
        f"<sync-token>{escape(token or '')}</sync-token><sync-level>1</sync-level>"
        + _prop(["getetag"]),
    )


def multiget(report: str, content: str, hrefs: Sequence[str]) -> bytes:
    """The bodies of many items at once (RFC 4791 section 7.9, RFC 6352 section 8.7)."""
    return _document(report, _prop(["getetag", content]) + "".join(map(_href, hrefs)))


def find_uid(component: str, uid: str) -> bytes:
    """Where in a calendar a UID stands (RFC 4791 section 7.8.6)."""
    return _document(
        "C:calendar-query",
        _prop(["getetag"])
        + '<C:filter><C:comp-filter name="VCALENDAR">'
        + f'<C:comp-filter name="{component}"><C:prop-filter name="UID">'
        + f'<C:text-match collation="i;octet">{escape(uid)}</C:text-match>'
        + "</C:prop-filter></C:comp-filter></C:comp-filter></C:filter>",
    )


def mkcalendar(name: str, component: str) -> bytes:
    """A calendar for one kind of component (RFC 4791 section 5.3.1)."""
    return _document(
        "C:mkcalendar",
        f"<set><prop><displayname>{escape(name)}</displayname>"
        f'<C:supported-calendar-component-set><C:comp name="{component}"/>'
        "</C:supported-calendar-component-set></prop></set>",
    )


def _document(root: str, content: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?><{root} {NAMESPACES}>{content}</{root}>'.encode()


def _prop(names: Sequence[str]) -> str:
    return "<prop>" + "".join(f"<{name}/>" for name in names) + "</prop>"


def _href(href: str) -> str:
    return f"<href>{escape(href)}</href>"
