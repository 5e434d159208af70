"""Quirks of servers by name, told by `kithbook doctor` so that nobody wonders.

A server is known by a header or by the path under which it stands. Each way is dealt with where
it matters; here it is only put into words. Measured on Cyrus 3.6, DAViCal 1.1, SOGo 5.8 and
sabre/dav 1.8 and 4.7.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from connectors.retry_after_and_date import header

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KnownServer:
    """A server, how it shows itself in an address and an answer's headers, and its ways."""

    name: str
    is_it: Callable[[str, Headers], bool]
    ways: tuple[str, ...]


SHARED_OWNER = "it marks every calendar of yours as shared; only what others see is called so here"

SERVERS = (
    KnownServer(
        "SOGo",
        lambda url, _: "/SOGo/dav/" in urlsplit(url).path,
        (
            "it tells changes by the second, so that one may be seen a run later",
            "it lists a directory of other people beside your address books",
        ),
    ),
    KnownServer(
        "DAViCal",
        lambda url, headers: (
            bool(header(headers, "X-DAViCal-Version")) or "/caldav.php/" in urlsplit(url).path
        ),
        (
            "it may forget to say what was deleted, which the weekly full listing finds",
            "it takes replies back when somebody moves a meeting",
        ),
    ),
    KnownServer(
        "Cyrus",
        lambda _, headers: header(headers, "Server").startswith("Cyrus-HTTP"),
        ("it writes tasks in a form of its own; they are compared by what they say",),
    ),
    KnownServer(
        "Nextcloud or ownCloud",
        lambda url, _: "/remote.php/" in urlsplit(url).path,
        (
            "it lists books that it fills by itself beside your address books",
            SHARED_OWNER,
        ),
    ),
    KnownServer(
        "sabre/dav",
        lambda url, headers: (
            bool(header(headers, "X-Sabre-Version")) or "/dav.php/" in urlsplit(url).path
        ),
        (
            SHARED_OWNER,
            "before version 2 it cannot say what changed, so that each run lists everything",
        ),
    ),
)


def ways_of(url: str, headers: Headers) -> list[str]:
    """A sentence a way of the server that gave this answer; none for one without known ways."""
    known = next((one for one in SERVERS if one.is_it(url, headers)), None)
    return [] if known is None else [f"{known.name}: {way}." for way in known.ways]
