"""Rules of the road for whoever speaks HTTP with a password: which URLs, how long to wait, why not.

Pure functions on URLs, headers and the network libraries' errors.
"""

import socket
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from pipeline.errors import ConfigError


def check_url(source: str, url: str, *, insecure: bool) -> None:
    """Https, a host, and no password inside.

    :raises ConfigError: any of these is missing.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(
            f'source.{source}: url = "{url}" is not a web address',
            hint='write it in full, as in url = "https://dav.example.org/"',
        )
    if parts.password is not None:
        raise ConfigError(
            f"source.{source}: the url holds a password",
            hint="take it out of the url and use password_command or the keyring",
        )
    if parts.scheme == "http" and not insecure and not _is_loopback(parts.hostname):
        raise ConfigError(
            f"source.{source}: {url} would send the password unencrypted",
            hint="write https://, or add insecure = true beside the url",
        )


def same_origin(url: str, other: str) -> bool:
    """Scheme, host and port are the same."""
    one, two = urlsplit(url), urlsplit(other)
    return (one.scheme, one.netloc) == (two.scheme, two.netloc)


def is_upgrade(url: str, other: str) -> bool:
    """The same host, by https."""
    one, two = urlsplit(url), urlsplit(other)
    return two.scheme == "https" and one.hostname == two.hostname


def is_beside(url: str, other: str) -> bool:
    """By https to a host under the same domain, as p01.dav.example.org beside dav.example.org."""
    own, there = urlsplit(url).hostname or "", urlsplit(other).hostname or ""
    domains = [one for one in (own, own.partition(".")[2]) if "." in one]
    by_https = urlsplit(other).scheme == "https"
    return by_https and f".{there}".endswith(tuple(f".{domain}" for domain in domains))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def header(headers: Mapping[str, str], name: str) -> str:
    """A header by its name in any case; empty where there is none."""
    return next((value for key, value in headers.items() if key.lower() == name.lower()), "")


def seconds_to_wait(headers: Mapping[str, str], default: float) -> float:
    """Retry-After as seconds or as a date (RFC 9110 section 10.2.3)."""
    text = header(headers, "Retry-After").strip()
    if text.isdigit():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return default
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what lies under it, also where the library keeps it as an argument."""
    seen: list[BaseException] = []
    queue: list[BaseException | None] = [error]
    while queue:
        one = queue.pop(0)
        if one is None or one in seen:
            continue
        seen.append(one)
        yield one
        reason = getattr(one, "reason", None)
        queue += [one.__cause__, one.__context__]
        queue += [arg for arg in (*one.args, reason) if isinstance(arg, BaseException)]


def is_refused(error: BaseException) -> bool:
    """Nothing listens there, or there is no such host: asking at once again is no use."""
    return any(isinstance(one, ConnectionRefusedError | socket.gaierror) for one in _causes(error))


def why(error: BaseException) -> str:
    """What went wrong in a few words: the operating system's where there are some."""
    for one in _causes(error):
        if isinstance(one, socket.gaierror):
            return "there is no host of that name"
        if isinstance(one, ssl.SSLCertVerificationError):
            return f"its certificate is not to be trusted ({one.verify_message})"
        if isinstance(one, ssl.SSLError):
            return f"no secure connection ({one.reason or 'TLS'})"
        if isinstance(one, TimeoutError):
            return "it took too long"
        if isinstance(one, OSError) and one.strerror:
            return one.strerror.lower()
    name = type(error).__name__
    return "it took too long" if "Timeout" in name else "the connection was closed"
