r"""Web addresses: what one is, and what a server may name as the next to be asked.

Two readers of one text may see two hosts in it: in `https://a.example\@b.example/` urllib sees
b.example and the HTTP library a.example. So every address is judged by the parser of the library
that will send the request, and one with anything in it over which parsers could differ is none at
all. What was refused is never repeated to the user, who might put it into the config.
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

from connectors.errors import ConfigError

PORTS = {"http": 80, "https": 443}

_AUTHORITY = re.compile(
    r"(?:[^\[\]@:%/?#]+|\[[0-9A-Fa-f:.]+(?:%25[A-Za-z0-9._~-]+)?\])(?::[0-9]{0,5})?"
)
"""A host, in brackets where it is an IPv6 address, and perhaps a port; nobody's name before it."""

_HOST = re.compile(r"[a-z0-9_][a-z0-9._-]*|\[[0-9a-f:.]+(?:%[A-Za-z0-9._~-]+)?\]")
"""As the HTTP library gives it: lower case, IDNA's ASCII form for all other letters."""

_SCHEME = re.compile(r"(https?)://([^/?#]*)", re.IGNORECASE)


class BadUrl(ValueError):
    """A text that is no address to send a request to. The words say why, and repeat none of it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request goes: scheme, host and port (RFC 6454), the port never left out."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        """Host, and port unless it is the scheme's own: as messages and `hosts` have it."""
        return self.host if self.port == PORTS[self.scheme] else f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """This very machine."""
        return is_loopback(self.host)

    @property
    def is_private(self) -> bool:
        """Nobody on the way can read along: by https, or to this very machine."""
        return self.scheme == "https" or self.is_loopback


def origin(url: str) -> Origin:
    """Where the HTTP library would send a request for this address.

    :raises BadUrl: it is none, or one that could be read in two ways.
    """
    from niquests.models import parse_url  # type: ignore[attr-defined]  # the one that it asks with

    _check_text(url)
    try:
        found = parse_url(url)
    except ValueError as error:
        raise BadUrl("it cannot be read") from error
    scheme, host = found.scheme or "", found.host or ""
    port = PORTS.get(scheme, 0) if found.port is None else found.port
    if found.auth is not None or not _HOST.fullmatch(host) or not 0 < port < 65536:
        raise BadUrl("it names no host")
    return Origin(scheme, host, port)


def join(base: str, reference: str) -> str:
    """An address that a server gave: an href, a Location; whole, or counted from `base`.

    :raises BadUrl: it is none, or one that could be read in two ways.
    """
    if not reference:
        raise BadUrl("it is empty")
    _check_characters(reference)  # before urllib, which takes out tabs and line ends by itself
    try:
        url = urljoin(base, reference)
    except ValueError as error:
        raise BadUrl("it cannot be read") from error
    origin(url)
    return url


def web_address(url: str) -> SplitResult | None:
    """The parts of an http or https URL with a host, as the user wrote it; None for anything else.

    Cheap: for the config, which every command reads.
    """
    try:
        parts = urlsplit(url)
        is_port = parts.port is None or parts.port > 0
    except ValueError:
        return None
    named = parts.netloc.rpartition("@")[2]
    is_plain = is_port and _AUTHORITY.fullmatch(named) and _is_plain(url)
    return parts if is_plain and parts.scheme in PORTS and parts.hostname else None


def check_url(source: str, url: str, *, insecure: bool) -> None:
    """Https, a host, and no password inside.

    :raises ConfigError: any of these is missing.
    """
    parts = web_address(url)
    if parts is None:
        raise ConfigError(
            f"source.{source}: the url is not a web address",
            hint='write it in full, as in url = "https://dav.example.org/"',
        )
    if parts.password is not None:
        raise ConfigError(
            f"source.{source}: the url holds a password",
            hint="take it out of the url and use password_command or the keyring",
        )
    if not is_private_way(url, insecure=insecure):
        raise ConfigError(
            f"source.{source}: http://{host_of(url)} would get the password unencrypted",
            hint="write https://, or add insecure = true beside the url",
        )


def is_private_way(url: str, *, insecure: bool) -> bool:
    """By https, or to this very machine, or plain because the user said so."""
    parts = urlsplit(url)
    return parts.scheme == "https" or insecure or is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """This very machine, by its name or its number."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def host_of(url: str) -> str:
    """Host and port, for messages: never a user name, a path or a query."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port}" if parts.port else host


def same_origin(url: str, other: str) -> bool:
    """Scheme, host and port are written alike."""
    one, two = urlsplit(url), urlsplit(other)
    return (one.scheme, one.netloc) == (two.scheme, two.netloc)


def as_meant(url: str) -> str:
    """An address that the user wrote: spaces in it quoted, none around it."""
    return url.strip().replace(" ", "%20")


def without_user(url: str) -> str:
    """The URL without a user name in it: the login has one of its own."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _check_text(url: str) -> None:
    """:raises BadUrl: parsers may differ over it, or it is not of the web."""
    _check_characters(url)
    begins = _SCHEME.match(url)
    if begins is None:
        raise BadUrl("it is neither http nor https")
    if "@" in begins[2]:
        raise BadUrl("it has a user name in it")
    if not _AUTHORITY.fullmatch(begins[2]):
        raise BadUrl("it names no host")


def _check_characters(text: str) -> None:
    if not _is_plain(text):
        raise BadUrl("there is a backslash, a space or a hidden character in it")


def _is_plain(text: str) -> bool:
    return text.isprintable() and "\\" not in text and " " not in text
