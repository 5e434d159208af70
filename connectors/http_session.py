"""How an HTTP session is opened, logged in and led to an address: protocol, proxy, certificates.

Session and logins are those of the caldav library (`caldav.lib.http_sync`, which is niquests).
"""

import ssl
from collections.abc import Iterator
from typing import Any

from connectors.errors import ConfigError
from connectors.urls import origin


def open_session(*, has_cookies: bool) -> Any:
    """A session of the HTTP library that asks what it is told to, and nothing else.

    HTTP/1.1 alone: with the newer ones a server may name another port to go on at (RFC 7838), and
    only HTTP/1.1 says in its headers whether the end of a body can be told from a cut. Where a
    redirect leads is for us to judge; the library would read the whole body of one, however long.
    """
    from caldav.lib.http_sync import requests

    session: Any = requests.Session(disable_http2=True, disable_http3=True)
    session.resolve_redirects = _nowhere
    if not has_cookies:
        from http.cookiejar import DefaultCookiePolicy

        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    return session


def login(username: str, password: str, *, by_digest: bool) -> Any:
    """What puts the login into each request: Basic (RFC 7617) or Digest (RFC 7616)."""
    from caldav.lib.http_sync import requests

    kind = requests.auth.HTTPDigestAuth if by_digest else requests.auth.HTTPBasicAuth
    return kind(username, password)


def nobody(request: Any) -> Any:
    """A request without a login: None would let the library look one up in .netrc."""
    return request


def way(url: str, ca_file: str | None) -> dict[str, Any]:
    """How an address is reached, as arguments of a request: past which proxy, trusting whom.

    What stays on this machine, which needs no https, is not sent through the proxy of the
    environment, which may stand on another.

    :raises ConfigError: `ca_file` is no file of certificates.
    """
    proxies = {"no_proxy": "*"} if origin(url).is_loopback else None
    return {"proxies": proxies, "verify": _certificates(ca_file)}


def _certificates(ca_file: str | None) -> str | bool:
    """What the library checks a server's certificate with: the file, else the system's own."""
    if ca_file is None:
        return True
    try:
        ssl.create_default_context(cafile=ca_file)
    except (OSError, ValueError) as error:
        why_not = getattr(error, "strerror", None) or "there is no certificate in it"
        raise ConfigError(
            f'ca_file = "{ca_file}" cannot be used: {why_not}.',
            "Name a file with the server's certificate, or its authority's, as PEM.",
        ) from error
    return ca_file


def _nowhere(*_: Any, **__: Any) -> Iterator[Any]:
    """In place of the library's redirects."""
    return iter(())
