"""A CalDAV and CardDAV server in memory that can be bent: quirks of servers we met, by name.

    with run_bendable() as server:
        calendar = server.make_calendar("Meetings", "VEVENT")
        server.put(f"{calendar}a.ics", event("a", "Lunch"))
        server.bend("omit_some", f"{calendar}a.ics")     # from now on
        server.bend("item_503", f"{calendar}a.ics", times=1)   # for the next answer about it
        server.straighten("omit_some")                   # or straighten() for all

It has what `dav_servers.DavServer` has, so that drivers and `run_account` take either; a proxy goes
before it to count and to cut. Without quirks it does what the RFCs say. A new quirk is a line
in `QUIRKS` and an `if self.is_bent("name", path)` where the answer is made.
"""

import base64
import http.client
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

from tests.contract.connector_contract import PASSWORD
from tests.support.faulty_dav_xml import Asked, Found, found_place, multistatus, read_request

USER = "ana"
PRINCIPAL = f"/{USER}/"
CALENDARS = f"/{USER}/calendars/"
BOOKS = f"/{USER}/books/"
CAP = 20

QUIRKS = {
    # what a multiget answers
    "omit_some": "a multiget leaves these items out; a GET brings them",
    "omit_always": "a multiget leaves these items out, and a GET is answered 503",
    "cap_multiget_20": "a multiget answers the first twenty and says nothing of the rest",
    "multiget_507": "a multiget answers half, and 507 for the collection",
    "multiget_404": "one item that is missing makes the whole multiget 404 (sabre 1.8)",
    "multiget_500": "any of these items makes the whole multiget 500",
    "other_base_path": "a multiget names the items under another base path",
    "quote_hrefs": "a multiget percent-encodes whatever can be",
    "repeat_hrefs": "a multiget names each item twice: without its data, and with it",
    "data_404": "a multiget says 404 for the data of these items; a GET brings them",
    "data_empty": "a multiget gives an empty text for the data of these items; a GET brings them",
    "missing_omitted": "a multiget leaves out what is not there (DAViCal, sabre 4)",
    # what becomes of one item, in a multiget and by GET
    "item_503": "these items are answered 503",
    "item_500": "these items are answered 500",
    "item_429": "these items are answered 429",
    "item_423": "these items are answered 423 (locked)",
    "item_403": "these items are answered 403",
    "item_html": "a multiget leaves these items out, and a GET brings a web page",
    # listings, tokens, tags
    "list_omits": "listings leave these items out, though they are there",
    "no_sync": "sync-collection is answered 403 (sabre 1.8)",
    "token_lies": "a sync token is answered with no changes, whatever there were",
    "token_forgets_deletions": "a sync token is answered with all there is (DAViCal, aged)",
    "no_ctag": "collections have no ctag",
    "ctag_whole_seconds": "the ctag is the second of the last change (SOGo)",
    "no_date": "answers have no Date",
    "etag_missing": "items have no etag",
    "etag_unsteady": "items have another etag each time",
    "weak_etags": "etags are weak where they are listed, strong elsewhere",
    # the account
    "retry_after_3600": "429 and Retry-After: 3600, to everything under these paths",
    "busy_503": "503 to everything under these paths",
    "broken_500": "500 to everything under these paths",
    "html_home": "a web page instead of the home of the address books (Zoho)",
    "forbidden_calendar": "these collections are listed and answer 403 to everything",
    "lost_calendar": "these collections are listed and answer 404 to everything",
    "login_calendar": "these collections are listed and answer 401 to everything",
    "unlisted": "the home does not list these collections, though they are there",
    "directory": "these address books are directories of everybody by their type (SOGo)",
    "system_owner": "these address books belong to the server itself (Nextcloud)",
    "shared_owner": "one's own collections are marked shared-owner (sabre)",
    # writing
    "ignores_preconditions": "If-Match and If-None-Match are not looked at (SOGo)",
    "put_elsewhere": "what is new is stored under another name, which Location tells",
    "put_untold": "what is new is stored under another name, and nobody says so",
    "put_500": "what is sent is stored, and answered 500",
    "delete_500": "what is to go goes, and the answer is 500",
}
"""Name → what the server does. Without paths it does so to all that it is about."""

ITEM_STATUS = {"item_503": 503, "item_500": 500, "item_429": 429, "item_423": 423, "item_403": 403}
PLACE_STATUS = {
    "retry_after_3600": 429,
    "busy_503": 503,
    "broken_500": 500,
    "forbidden_calendar": 403,
    "lost_calendar": 404,
    "login_calendar": 401,
}
WEB_PAGE = b"<!DOCTYPE html><html><body>Please log in</body></html>"


@dataclass
class Place:
    """A calendar or an address book."""

    path: str
    name: str
    components: tuple[str, ...] | None
    """None for an address book."""
    items: dict[str, bytes] = field(default_factory=dict)
    """By whole path."""
    etags: dict[str, str] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    """The path of each change, in order: a sync token says how many there had been."""
    changed_at: float = 0.0

    @property
    def is_book(self) -> bool:
        return self.components is None


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that arrived."""

    method: str
    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer on its way."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


XML = {"Content-Type": "application/xml; charset=utf-8"}


@dataclass
class Bendable:
    """One account, `USER`, with no collections at the start."""

    name: str = "bendable"
    calendar_home: str = CALENDARS
    book_home: str = BOOKS
    asks_for_login: bool = True
    port: int = 0
    places: dict[str, Place] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    _quirks: dict[str, tuple[tuple[str, ...], int | None]] = field(default_factory=dict)
    _stopped_at: float | None = None
    _ahead: float = 0.0
    _numbers: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    # --- bending ------------------------------------------------------------------------

    def bend(self, quirk: str, *paths: str, times: int | None = None) -> None:
        """From now on (or the next `times` that it matters), for these paths (or all)."""
        assert quirk in QUIRKS, f"{quirk} is none of {', '.join(QUIRKS)}"
        self._quirks[quirk] = (tuple(unquote(path) for path in paths), times)

    def straighten(self, *quirks: str) -> None:
        """End these quirks, or all."""
        for quirk in quirks or tuple(self._quirks):
            self._quirks.pop(quirk, None)

    def is_bent(self, quirk: str, path: str) -> bool:
        """Whether the answer about this path is to be bent so; it counts towards `times`."""
        paths, times = self._quirks.get(quirk, ((), 0))
        if quirk not in self._quirks or times == 0:
            return False
        if paths and not any(_is_under(path, one) for one in paths):
            return False
        if times is not None:
            self._quirks[quirk] = (paths, times - 1)
        return True

    # --- its clock ----------------------------------------------------------------------

    def now(self) -> float:
        """What its Date says, in seconds."""
        return (time.time() if self._stopped_at is None else self._stopped_at) + self._ahead

    def stop_clock(self, at: float = 1_790_000_000.0) -> None:
        """From here on time passes by `pass_seconds` alone."""
        self._stopped_at, self._ahead = at, 0.0

    def pass_seconds(self, seconds: float) -> None:
        self._ahead += seconds

    # --- the user's hands ---------------------------------------------------------------

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def make_calendar(self, name: str, *components: str) -> str:
        """A calendar named `name` for these components (all, without); its path."""
        return self._make(f"{CALENDARS}{name}/", name, components or ("VEVENT", "VTODO"))

    def make_book(self, name: str) -> str:
        """An address book named `name`; its path."""
        return self._make(f"{BOOKS}{name}/", name, None)

    def put(self, path: str, body: bytes) -> None:
        path = unquote(path)
        with self._lock:
            place = self.place(path)
            assert place is not None, f"no collection holds {path}"
            self._store(place, path, body)

    def lay(self, path: str, files: Mapping[str, bytes]) -> None:
        """Many items at once: name → body."""
        for name, body in files.items():
            self.put(path + name, body)

    def get(self, path: str) -> bytes:
        place = self.place(unquote(path))
        assert place is not None
        return place.items[unquote(path)]

    def delete(self, path: str) -> None:
        """An item or a collection."""
        path = unquote(path)
        with self._lock:
            if path in self.places:
                del self.places[path]
                return
            place = self.place(path)
            assert place is not None, f"no collection holds {path}"
            self._drop(place, path)

    def forget(self, path: str) -> None:
        """Take an item away so that no token ever tells: only a full listing shows it."""
        place = self.place(path)
        assert place is not None
        del place.items[path], place.etags[path]
        place.log = ["" if one == path else one for one in place.log]

    def request(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (lower case) and body, over HTTP."""
        connection = http.client.HTTPConnection(*self.address, timeout=60)
        try:
            connection.request(method, path, body, {"Authorization": LOGIN, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def count(self, *methods: str) -> int:
        """How many requests of these methods (of any, without) were seen."""
        return sum(not methods or one.method in methods for one in self.seen)

    # --- what stands there --------------------------------------------------------------

    def place(self, path: str) -> Place | None:
        """The collection at a path, or that holds what is there."""
        return self.places.get(path[: path.rfind("/") + 1])

    def _make(self, path: str, name: str, components: tuple[str, ...] | None) -> str:
        self.places[path] = Place(path, name, components, changed_at=self.now())
        return path

    def _store(self, place: Place, path: str, body: bytes) -> None:
        self._numbers += 1
        place.items[path] = body
        place.etags[path] = f'"{self._numbers}"'
        self._note(place, path)

    def _drop(self, place: Place, path: str) -> None:
        del place.items[path], place.etags[path]
        self._note(place, path)

    def _note(self, place: Place, path: str) -> None:
        place.log.append(path)
        place.changed_at = self.now()

    def ctag(self, place: Place) -> str | None:
        if self.is_bent("no_ctag", place.path):
            return None
        if self.is_bent("ctag_whole_seconds", place.path):
            return str(int(place.changed_at))
        return f"{place.path}{len(place.log)}"

    def etag(self, path: str, *, is_listing: bool) -> str | None:
        place = self.place(path)
        if place is None or path not in place.etags or self.is_bent("etag_missing", path):
            return None
        if self.is_bent("etag_unsteady", path):
            self._numbers += 1
            return f'"unsteady-{self._numbers}"'
        is_weak = is_listing and self.is_bent("weak_etags", path)
        return f"W/{place.etags[path]}" if is_weak else place.etags[path]

    # --- answering ----------------------------------------------------------------------

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """One request, from the login to the answer."""
        path = unquote(urlsplit(target).path)
        with self._lock:
            self.seen.append(Seen(method, path, body))
            if headers.get("authorization") != LOGIN:
                return Reply(401, headers={"WWW-Authenticate": 'Basic realm="bendable"'})
            for quirk, status in PLACE_STATUS.items():
                is_elsewhere = quirk.endswith("_calendar") and self.place(path) is None
                if not is_elsewhere and self.is_bent(quirk, path):
                    later = {"Retry-After": "3600"} if quirk == "retry_after_3600" else {}
                    return Reply(status, headers=later)
            if path == BOOKS and self.is_bent("html_home", path):
                return Reply(200, WEB_PAGE, {"Content-Type": "text/html"})
            do: Callable[[str, Mapping[str, str], bytes], Reply] | None = getattr(
                self, f"_{method.lower()}", None
            )
            return Reply(405) if do is None else do(path, headers, body)

    def _propfind(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        asked = read_request(body)
        own = self._described(path)
        if own is None:
            return Reply(404)
        found = [own]
        if headers.get("depth") == "1":
            found += [one for member in self._members(path) if (one := self._described(member))]
        return Reply(207, multistatus(found, asked.properties), XML)

    def _members(self, path: str) -> list[str]:
        if path in (CALENDARS, BOOKS):
            listed = [one for one in self.places if one.startswith(path)]
            return [one for one in listed if not self.is_bent("unlisted", one)]
        place = self.places.get(path)
        return [] if place is None else self._listed(place)

    def _listed(self, place: Place) -> list[str]:
        return [path for path in place.items if not self.is_bent("list_omits", path)]

    def _described(self, path: str) -> Found | None:
        """What can be said of a path; None where nothing is."""
        if path in self.places:
            place = self.places[path]
            return found_place(
                path,
                place.name,
                place.components,
                principal=PRINCIPAL,
                ctag=self.ctag(place),
                token=str(len(place.log)),
                is_shared_owner=self.is_bent("shared_owner", path),
                is_directory=self.is_bent("directory", path),
                is_system=self.is_bent("system_owner", path),
            )
        if path in ("/", PRINCIPAL, CALENDARS, BOOKS):
            return Found(path, homes=(PRINCIPAL, CALENDARS, BOOKS), is_collection=True)
        place_of = self.place(path)
        if place_of is None or path not in place_of.items:
            return None
        return Found(path, etag=self.etag(path, is_listing=True))

    def _report(self, path: str, _: Mapping[str, str], body: bytes) -> Reply:
        place = self.places.get(path)
        if place is None:
            return Reply(404)
        asked = read_request(body)
        if asked.report == "sync-collection":
            return self._sync(place, asked)
        if asked.report.endswith("-multiget"):
            return self._multiget(place, asked)
        found = [
            Found(one, etag=self.etag(one, is_listing=True))
            for one, content in place.items.items()
            if asked.text.encode() in content
        ]
        return Reply(207, multistatus(found, asked.properties), XML)

    def _sync(self, place: Place, asked: Asked) -> Reply:
        if self.is_bent("no_sync", place.path):
            return Reply(403)
        changed = place.log[_count(asked.token) :] if asked.token else self._listed(place)
        if asked.token and self.is_bent("token_lies", place.path):
            changed = []
        if asked.token and self.is_bent("token_forgets_deletions", place.path):
            changed = self._listed(place)
        if asked.token and not (asked.token.isdecimal() and int(asked.token) <= len(place.log)):
            return Reply(403)
        found = [
            Found(one, etag=self.etag(one, is_listing=True))
            if one in place.items
            else Found(one, status=404)
            for one in dict.fromkeys(changed)
            if one
        ]
        return Reply(207, multistatus(found, asked.properties, token=str(len(place.log))), XML)

    def _multiget(self, place: Place, asked: Asked) -> Reply:
        hrefs = [unquote(urlsplit(href).path) for href in asked.hrefs]
        is_short = any(href not in place.items for href in hrefs)
        if is_short and self.is_bent("multiget_404", place.path):
            return Reply(404)
        if any(self.is_bent("multiget_500", href) for href in hrefs):
            return Reply(500)
        if self.is_bent("cap_multiget_20", place.path):
            hrefs = hrefs[:CAP]
        found = [one for href in hrefs for one in self._got(place, href)]
        if len(hrefs) > 1 and self.is_bent("multiget_507", place.path):
            found = [*found[: len(found) // 2], Found(place.path, status=507)]
        return Reply(207, multistatus(found, asked.properties), XML)

    def _got(self, place: Place, path: str) -> list[Found]:
        """The answers about one item in a multiget: none, one or two."""
        if any(self.is_bent(quirk, path) for quirk in ("omit_some", "omit_always", "item_html")):
            return []
        shown = path
        if self.is_bent("other_base_path", path):
            shown = f"/internal{path}"
        quoting = self.is_bent("quote_hrefs", path)
        for quirk, status in ITEM_STATUS.items():
            if self.is_bent(quirk, path):
                return [Found(shown, status=status, quotes_all=quoting)]
        if path not in place.items:
            omitted = self.is_bent("missing_omitted", path)
            return [] if omitted else [Found(shown, status=404, quotes_all=quoting)]
        etag, data = self.etag(path, is_listing=False), place.items[path].decode()
        if self.is_bent("data_404", path):
            return [Found(shown, etag=etag, quotes_all=quoting)]
        if self.is_bent("data_empty", path):
            data = ""
        whole = Found(shown, etag=etag, data=data, is_card=place.is_book, quotes_all=quoting)
        if self.is_bent("repeat_hrefs", path):
            return [Found(shown, etag=etag, quotes_all=quoting), whole]
        return [whole]

    def _get(self, path: str, _: Mapping[str, str], __: bytes) -> Reply:
        place = self.place(path)
        for quirk, status in {**ITEM_STATUS, "omit_always": 503}.items():
            if self.is_bent(quirk, path):
                return Reply(status)
        if self.is_bent("item_html", path):
            return Reply(200, WEB_PAGE, {"Content-Type": "text/html"})
        if place is None or path not in place.items:
            return Reply(404)
        kind = "text/vcard" if place.is_book else "text/calendar"
        etag = self.etag(path, is_listing=False)
        headers = {"Content-Type": f"{kind}; charset=utf-8", **({"ETag": etag} if etag else {})}
        return Reply(200, place.items[path], headers)

    def _put(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        place = self.place(path)
        if place is None or path.endswith("/"):
            return Reply(409)
        if self._is_unmet(place, path, headers):
            return Reply(412)
        status = 204 if path in place.items else 201
        told: dict[str, str] = {}
        if status == 201 and (
            self.is_bent("put_elsewhere", path) or self.is_bent("put_untold", path)
        ):
            told = (
                {"Location": f"http://inside{path}-1"}
                if self.is_bent("put_elsewhere", path)
                else {}
            )
            path = f"{path}-1"
        self._store(place, path, body)
        return Reply(500 if self.is_bent("put_500", path) else status, headers=told)

    def _delete(self, path: str, headers: Mapping[str, str], _: bytes) -> Reply:
        place = self.place(path)
        if path in self.places:
            del self.places[path]
            return Reply(204)
        if place is None or path not in place.items:
            return Reply(404)
        if self._is_unmet(place, path, headers):
            return Reply(412)
        self._drop(place, path)
        return Reply(500 if self.is_bent("delete_500", path) else 204)

    def _is_unmet(self, place: Place, path: str, headers: Mapping[str, str]) -> bool:
        if self.is_bent("ignores_preconditions", path):
            return False
        wanted = headers.get("if-match")
        if wanted is not None and wanted not in ("*", place.etags.get(path)):
            return True
        return headers.get("if-none-match") == "*" and path in place.items

    def _mkcalendar(self, path: str, _: Mapping[str, str], body: bytes) -> Reply:
        if path in self.places or not path.startswith(CALENDARS):
            return Reply(405)
        asked = read_request(body)
        self._make(path, asked.name or path, asked.components or ("VEVENT", "VTODO"))
        return Reply(201)

    def _proppatch(self, path: str, _: Mapping[str, str], body: bytes) -> Reply:
        if path not in self.places:
            return Reply(404)
        self.places[path].name = read_request(body).name
        return Reply(207, multistatus([Found(path)], ["displayname"]), XML)


LOGIN = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


def _is_under(path: str, other: str) -> bool:
    """The same, or in it."""
    return path == other or (other.endswith("/") and path.startswith(other))


def _count(token: str) -> int:
    return int(token) if token.isdecimal() else 0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    bendable: Bendable

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.bendable.answer(self.command, self.path, headers, body)
        self.send_response_only(reply.status)
        if not self.bendable.is_bent("no_date", self.path):
            self.send_header("Date", self.date_time_string(int(self.bendable.now())))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self.handle_any
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
        """Silent: the tests look at `seen`."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up."""


@contextmanager
def run_bendable() -> Iterator[Bendable]:
    """The server on a free port of loopback."""
    bendable = Bendable()
    handler = type("Handler", (_Handler,), {"bendable": bendable})
    server = _Server(("127.0.0.1", 0), handler)
    bendable.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield bendable
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
