"""Where the login of a source may go: to the host and port that the user named, and to no other.

A server names further addresses all the time (hrefs, redirects, homes), and the password goes with
each request. So it goes to the configured host and port; to the hosts that the config lists; and
among the hosts of the few providers known to keep one account on several. No rule about names
says more: anybody can have a name beside yours under duckdns.org, github.io or co.uk.
"""

import re
from dataclasses import dataclass

from connectors.errors import ConfigError, OtherHost, SourceError
from connectors.urls import BadUrl, Origin, join, origin, web_address

PROVIDERS = (
    # Apple keeps each account on a numbered host, and names it with its port:
    # github.com/emersion/go-webdav/issues/61, github.com/pimutils/vdirsyncer/issues/471
    re.compile(r"(?:p\d{1,3}-)?(?:caldav|contacts)\.icloud\.com"),
    # the same for accounts in China: github.com/jobisoft/DAV-4-TbSync/issues/316
    re.compile(r"(?:p\d{1,3}-)?(?:caldav|contacts)\.icloud\.com\.cn"),
    # fastmail.com/help/technical/servernamesandports.html; the second is their older name, of
    # vdirsyncer's docs/tutorials/fastmail.rst
    re.compile(r"(?:caldav|carddav)\.(?:fastmail|messagingengine)\.com"),
    # developers.google.com/calendar/caldav/v2/guide, developers.google.com/people/carddav
    re.compile(r"apidata\.googleusercontent\.com|www\.googleapis\.com"),
    # help.yahoo.com: one account, a host for the calendars and one for the address book
    re.compile(r"caldav\.calendar\.yahoo\.com|carddav\.address\.yahoo\.com"),
    re.compile(r"(?:caldav|carddav)\.gmx\.net"),
    re.compile(r"(?:caldav|carddav)\.web\.de"),
)
"""Hosts that are one account's: both, the one in the config and the one that is named, match."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """The hosts of one source. `url` and `hosts` as the config has them."""

    source: str
    url: str
    hosts: tuple[str, ...] = ()
    insecure: bool = False

    @property
    def own(self) -> Origin:
        """Host and port of the configured URL.

        :raises ConfigError: the HTTP library takes it for no address.
        """
        try:
            return origin(self.url)
        except BadUrl as error:
            raise ConfigError(
                f"source.{self.source}: the url cannot be asked: {error}",
                'Write it in full, as in url = "https://dav.example.org/".',
            ) from error

    def has(self, url: str) -> bool:
        """Whether the login may be sent with a request for this address."""
        try:
            there = origin(url)
        except BadUrl:
            return False
        own = self.own
        if there in (own, _upgraded(own)) or _is_one_account(own, there):
            return True
        if there.is_private or (self.insecure and own.scheme == "http"):
            return any(there == _listed(host, there.scheme) for host in self.hosts)
        return False

    def join(self, reference: str, base: str | None = None) -> str:
        """An address that the server gave, whole or counted from `base`, if the login may go there.

        :raises OtherHost: it may not, unless the config lists the host.
        :raises SourceError: it is no address that anything is sent to.
        """
        try:
            url = join(base or self.url, reference)
            there = origin(url)
        except BadUrl as error:
            raise SourceError(
                f"{self.source}: {self.own} names an address to go on to that is not"
                f" used: {error}; nothing was sent there",
                hint=f"check the url of [source.{self.source}]; if it is right, ask whoever runs"
                " the server",
            ) from error
        if self.has(url):
            return url
        raise self._other(there)

    def _other(self, there: Origin) -> SourceError:
        own = self.own
        if not (there.is_private or (self.insecure and own.scheme == "http")):
            return SourceError(
                f"{self.source}: {own} leads to http://{there}, where the password would travel"
                " unencrypted; it was not sent there",
                hint=f"check the url of [source.{self.source}]",
            )
        error = OtherHost(
            f"{self.source}: {own} names {there} as the place of this account; the password was"
            " not sent there",
            source=self.source,
            hosts=(*self.hosts, str(there)),
        )
        error.hint = (
            f"if that host is your provider's too, write {error.line} into [source.{self.source}]"
        )
        return error


def check_hosts(where: str, hosts: tuple[str, ...]) -> None:
    """See that each is a host, perhaps with a port.

    :param where: the section, for messages.
    :raises ConfigError: it is something else.
    """
    for host in hosts:
        if set("/?#@*") & set(host) or web_address(f"https://{host}/") is None:
            raise ConfigError(
                f"{where}: hosts has something in it that is not a host.",
                'Write hosts alone, as in hosts = ["p01.dav.example.org", "dav.example.net:8443"].',
            )


def _listed(host: str, scheme: str) -> Origin | None:
    """An entry of `hosts`; without a port it means the scheme's own."""
    try:
        return origin(f"{scheme}://{host}/")
    except BadUrl:
        return None


def _upgraded(own: Origin) -> Origin:
    """The same host by https: at the same port, or from http's own port to that of https."""
    return Origin("https", own.host, 443 if (own.scheme, own.port) == ("http", 80) else own.port)


def _is_one_account(own: Origin, there: Origin) -> bool:
    """Both are hosts of one provider that is known to keep its accounts on several."""
    by_https = {("https", 443)} == {(one.scheme, one.port) for one in (own, there)}
    return by_https and any(
        one.fullmatch(own.host) and one.fullmatch(there.host) for one in PROVIDERS
    )
