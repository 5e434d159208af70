"""What can be set about Google: the config section's keys, and the limits of one run."""

from dataclasses import dataclass, field

from connectors import urls
from connectors.errors import ConfigError
from connectors.http import AnswerBounds, Patience

CONTACTS_SCOPE = "https://www.googleapis.com/auth/contacts.readonly"
OTHER_CONTACTS_SCOPE = "https://www.googleapis.com/auth/contacts.other.readonly"
CALENDAR_SCOPE = "https://www.googleapis.com/auth/calendar.readonly"
TASKS_SCOPE = "https://www.googleapis.com/auth/tasks"

BOUNDS = AnswerBounds(64 * 1024 * 1024)
"""Of an answer as it is sent; pages keep it far below."""


@dataclass(frozen=True, slots=True)
class GoogleOptions:
    """The keys of a config section with `type = "google"`."""

    calendars: tuple[str, ...] = ()
    """Names or ids; empty: those ticked in Google Calendar that the account owns or may write. One
    that was read before goes on being read when it is unticked: that only hides it there."""
    left_out: tuple[str, ...] = field(default=(), metadata={"key": "except"})
    """Names or ids of calendars, or "Contacts": not read."""
    other_contacts: bool = False
    """Also the addresses that Google collected by itself; needs a scope of its own."""
    client_secret_file: str | None = None
    """The desktop client of docs/google.md; default `google-client.json`, in the data folder."""
    token_file: str | None = None
    """Default `google-<source>.token.json`, in the data folder."""
    requests_a_run: int = 3000
    """No run asks Google for more than this."""
    api_endpoint: str | None = None
    """Base URL of an emulator on this machine, as `http://127.0.0.1:9000`, instead of Google."""


@dataclass(frozen=True, slots=True)
class Limits(Patience):
    """How long to wait, how often to try again, how much to ask for at once."""

    timeout_seconds: float = 60.0
    tries: int = 6
    longest_wait_seconds: float = 64.0
    bounds: AnswerBounds = BOUNDS
    largest_page: int = 2500
    """Items a page at most; each API has its own maximum below that."""


def scopes(options: GoogleOptions, *, writes_tasks: bool) -> tuple[str, ...]:
    """The least that Google has to be asked for."""
    wanted = [CONTACTS_SCOPE, CALENDAR_SCOPE]
    if options.other_contacts:
        wanted.append(OTHER_CONTACTS_SCOPE)
    if writes_tasks:
        wanted.append(TASKS_SCOPE)
    return tuple(wanted)


def is_loopback(url: str) -> bool:
    """Whether the address is on this very machine, so that plain http does no harm."""
    parts = urls.web_address(url)
    return parts is not None and urls.is_loopback(parts.hostname or "")


def check_endpoint(endpoint: str, source: str) -> str:
    """The endpoint with one slash at its end.

    :raises ConfigError: it is not on this machine; tokens are not sent anywhere else.
    """
    if not is_loopback(endpoint):
        raise ConfigError(
            f"[source.{source}] api_endpoint = {endpoint!r} is not an address on this machine.",
            hint="Leave api_endpoint out to use Google itself.",
        )
    return endpoint.rstrip("/") + "/"
