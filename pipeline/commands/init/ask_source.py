"""Where people and meetings are, as `init` asks: a kind of source, and the keys of its section."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from connectors import urls
from connectors.errors import ConfigError, SourceUnreachable
from pipeline.commands.init.ask_password import Section, SourceQuestions, ask_password, something
from pipeline.terminal.printing import say
from pipeline.terminal.terminal_text import plain

ANSWER_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """A kind of source: what it is called by default, which options name it, how it is asked for.

    `ask` returns the sections to try, the likeliest first, and is given the name of the source and
    what was answered in an earlier try.
    """

    name: str
    words: str
    options: tuple[str, ...]
    ask: Callable[[SourceQuestions], list[Section]]


def ask_account(asked: SourceQuestions) -> list[Section]:
    """An account on a CalDAV/CardDAV server: its address answers before the login is asked for."""
    ways = asked.get("url", "Address of your CalDAV/CardDAV server", address_that_answers)
    username = asked.get("username", "User name there", something("a user name"))
    login = {"username": username, **ask_password(asked)}
    return [{"type": "caldav", "url": url, **login} for url in ways]


def ask_google(asked: SourceQuestions) -> list[Section]:
    """A Google account: the client file that the login needs."""
    usual = asked.session.folder.path / "google-client.json"
    if not asked.questions.is_terminal:
        client = asked.given.get("google_client")
        named = {"client_secret_file": client} if client else {}
        return [{"type": "google", **named}]
    if not usual.exists():
        say("A desktop client of your own is needed: `kithbook auth google --guide` shows how.")

    def client_file(text: str) -> str:
        from connectors.google.login import read_client

        path = Path(text).expanduser()
        if not path.is_file():
            raise ConfigError(
                f"There is no file {path}.",
                "Name the .json that you downloaded from the Google console.",
            )
        read_client(path)
        return str(path.absolute())

    known = str(asked.before.get("client_secret_file") or (usual if usual.exists() else ""))
    client = asked.questions.get(
        "--google-client",
        "Client file (a .json from the Google console)",
        asked.given.get("google_client"),
        client_file,
        default=known,
    )
    section = {**asked.before, "type": "google"}
    if Path(client) != usual.absolute():
        section["client_secret_file"] = client
    return [section]


def ask_folder(asked: SourceQuestions) -> list[Section]:
    """A file or folder of this machine that is read at each sync."""
    path = asked.get("path", "Folder (a vdir) or file", existing)
    kinds = ("vcard", "ical") if _holds_cards(Path(path).expanduser()) else ("ical", "vcard")
    return [{"type": kinds[0], "path": path}]


def ask_address(asked: SourceQuestions) -> list[Section]:
    """A calendar or address book at a web address; which of the two is seen when it is read."""
    given = asked.given.get("web_env")
    text = f"${given}" if given else asked.given.get("web")
    before = asked.before.get("url") or (
        f"${asked.before['url_env']}" if "url_env" in asked.before else None
    )
    place = asked.questions.get(
        "--web",
        "Web address (https or webcal; a secret one as $NAME of the variable that holds it)",
        text,
        web_place,
        default=before,
    )
    login: Section = {}
    if asked.before.get("asks_for_login"):
        login = {"username": asked.get("username", "User name there", something("a user name"))}
        login |= ask_password(asked)
    elif asked.given.get("username") and not asked.questions.is_terminal:
        login = {"username": asked.given["username"], **ask_password(asked)}
    return [{"type": kind, **place, **login} for kind in ("ical", "vcard")]


PLACES = {
    "1": SourcePlace(
        "home",
        "an account on a CalDAV/CardDAV server (Nextcloud, Fastmail, iCloud, your own)",
        ("url",),
        ask_account,
    ),
    "2": SourcePlace("google", "Google", ("google", "google_client"), ask_google),
    "3": SourcePlace(
        "folder",
        "a file or folder here, read at each sync (vdir, .ics, .vcf)",
        ("path",),
        ask_folder,
    ),
    "4": SourcePlace(
        "web", "a calendar or address book at a web address", ("web", "web_env"), ask_address
    ),
}

FILES = "5"
"""What was exported comes in once, and is no source of the config."""


def existing(text: str) -> str:
    """The path as typed, without its ~ where it does not exist so.

    :raises ConfigError: nothing is there, or it may not be read.
    """
    if not text.strip():
        raise ConfigError("A name is missing.", "Like ~/calendars")
    path = Path(text.strip()).expanduser().absolute()
    if not path.exists():
        raise ConfigError(
            f"There is no file or folder {path}.", f"Check its name: ls {path.parent}"
        )
    if not os.access(path, os.R_OK):
        raise ConfigError(f"{path} may not be read by you.", f"chmod u+r {path}")
    return str(path)


def address_that_answers(text: str) -> list[str]:
    """The ways to the address, of which one has somebody at its end.

    :raises ConfigError: it is no address. :raises SourceUnreachable: nobody answers there.
    """
    ways = addresses_meant(text.strip())
    said = ""
    for url in ways:
        said = _silence(url)
        if not said:
            return ways
    raise SourceUnreachable(
        f"{urlsplit(ways[0]).netloc} does not answer: {said}.",
        "Check the spelling, and that this machine is online.",
    )


def addresses_meant(url: str) -> list[str]:
    """The address in full. Without a scheme https is meant; on this machine perhaps http.

    :raises ConfigError: it is no address of the web.
    """
    schemes = ["https"]
    bare = "://" not in url
    named = urls.web_address(f"https://{urls.as_meant(url)}" if bare else urls.as_meant(url))
    if not url or named is None or (bare and named.username is not None):
        raise ConfigError(
            "That is not the address of a server.", 'Write it like "https://dav.example.org/".'
        )
    if not bare:
        return [url]
    if urls.is_loopback(named.hostname or ""):
        schemes.append("http")
    rest = urls.as_meant(url) if named.path else f"{urls.as_meant(url)}/"
    return [f"{scheme}://{rest}" for scheme in schemes]


def _silence(url: str) -> str:
    """Why nobody is there, empty when somebody is. Where a proxy stands before it, it will say."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme in getproxies() and not proxy_bypass(host):
        return ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((host, port), ANSWER_SECONDS).close()
    except (OSError, UnicodeError) as error:
        return str(getattr(error, "strerror", None) or error).lower()
    return ""


def web_place(text: str) -> Section:
    """`url`, or `url_env` for $NAME.

    :raises ConfigError: it is neither, or the variable is not set.
    """
    from connectors.web.options import web_address

    text = text.strip()
    if text.startswith("$"):
        name = text.strip("${}")
        if not os.environ.get(name):
            raise ConfigError(f"The variable {plain(name)} is not set.", f"export {plain(name)}=…")
        return {"url_env": name}
    address = web_address("The web address", text, insecure=False)
    if why := _silence(address):
        raise SourceUnreachable(
            f"{urlsplit(address).netloc} does not answer: {why}.",
            "Check the spelling, and that this machine is online.",
        )
    return {"url": text}


def _holds_cards(path: Path) -> bool:
    if path.is_dir():
        return any(path.rglob("*.vcf")) and not any(path.rglob("*.ics"))
    return path.suffix.lower() in {".vcf", ".vcard"}
