"""The config keys of a source with type = "caldav"."""

from dataclasses import dataclass, field

from connectors.trusted_hosts import check_hosts


@dataclass(frozen=True, slots=True)
class CalDavOptions:
    """The keys of a section with type = "caldav"."""

    url: str
    username: str
    password_command: tuple[str, ...] = ()
    password_env: str | None = None
    insecure: bool = False
    hosts: tuple[str, ...] = ()
    """Further hosts that the password may be sent to."""
    ca_file: str | None = None
    """What the server's certificate is checked with instead of the system's authorities."""
    calendars: tuple[str, ...] = ()
    """By name; all that hold events when empty."""
    address_books: tuple[str, ...] | None = None
    """By name; none when empty. All but directories of other people when not given."""
    left_out: tuple[str, ...] = field(default=(), metadata={"key": "except"})
    """Calendars and address books that are not read, by name."""

    def check(self, where: str) -> None:
        """See that what is said can be meant so.

        :param where: the section, for messages.
        :raises ConfigError: it cannot.
        """
        check_hosts(where, self.hosts)
