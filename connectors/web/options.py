"""The config keys of a source that is a file or folder, or else stands at a web address."""

from dataclasses import KW_ONLY, dataclass
from urllib.parse import urldefrag

from connectors import urls
from connectors.errors import ConfigError
from connectors.trusted_hosts import check_hosts
from connectors.urls import as_meant, host_of, is_private_way


@dataclass(frozen=True, slots=True)
class PlaceOptions:
    """The keys of a section that names a file or folder, or else a web address."""

    path: str | None = None
    _: KW_ONLY
    url: str | None = None
    url_command: tuple[str, ...] = ()
    """Prints the address, where it is a secret."""
    url_env: str | None = None
    """The environment variable that holds it."""
    username: str | None = None
    password_command: tuple[str, ...] = ()
    password_env: str | None = None
    insecure: bool = False
    hosts: tuple[str, ...] = ()
    """Further hosts that the password may be sent to."""
    ca_file: str | None = None
    """What the server's certificate is checked with instead of the system's authorities."""

    @property
    def is_subscription(self) -> bool:
        """There is an address: it can only be read."""
        return bool(self.url or self.url_command or self.url_env)

    def check(self, where: str) -> None:
        """See that one place is named, and that what else is said goes with it.

        :param where: the section, for messages.
        :raises ConfigError: it is not, or does not.
        """
        if self.path and "://" in self.path:
            raise ConfigError(
                f"{where}: path is a web address.",
                "Write it as url, or as url_command or url_env where it is a secret.",
            )
        places = ("path", "url", "url_command", "url_env")
        named = [key for key in places if getattr(self, key)]
        if len(named) != 1:
            what = f"{named[0]} and {named[1]} are both there" if named else "path is missing"
            raise ConfigError(
                f"{where}: {what}.",
                'Write one of path = "…" (a file or folder) and url = "https://…".',
            )
        check_hosts(where, self.hosts)
        login = ("username", "password_command", "password_env")
        for key in (*login, "insecure", "hosts", "ca_file"):
            if self.path and getattr(self, key):
                raise ConfigError(f"{where}: {key} goes with a url.", f"Leave {key} out.")
        if not self.username and (self.password_command or self.password_env):
            raise ConfigError(
                f"{where}: username is missing.",
                'Write username = "…", or leave the password out.',
            )
        if self.url:
            web_address(where, self.url, insecure=self.insecure)


def web_address(where: str, url: str, *, insecure: bool) -> str:
    """The address as it is asked for: webcal is https, and a fragment is nobody's.

    :param where: the section, for messages.
    :raises ConfigError: it is none, has a login in it, or leads over http.
    """
    url = as_meant(url)
    scheme, colon, rest = url.partition(":")
    is_webcal = colon and scheme.lower() in ("webcal", "webcals")
    url = f"https:{rest}" if is_webcal else url
    parts = urls.web_address(url)
    if parts is None:
        raise ConfigError(
            f"{where}: the url is not a web address.",
            'Write it in full, as in url = "https://calendar.example.org/team.ics".',
        )
    if parts.username is not None or parts.password is not None:
        raise ConfigError(
            f"{where}: the url has a login in it.",
            "Take it out and write username, and password_command or the keyring.",
        )
    if not is_private_way(url, insecure=insecure):
        raise ConfigError(
            f"{where}: what is read from http://{host_of(url)} would travel unencrypted.",
            "Write https://, or add insecure = true beside the url.",
        )
    return urldefrag(url).url
