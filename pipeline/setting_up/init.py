"""`kithbook init`: config.example.toml filled in with what the user answers, and tried out."""

import re
import shlex
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from connectors import urls
from pipeline import decisions
from pipeline.config import parse
from pipeline.errors import ConfigError, KithbookError, SourceUnreachable, UsageError
from pipeline.fetch import connect
from pipeline.folder import Folder
from pipeline.printing import ask as ask_on_terminal
from pipeline.printing import say
from pipeline.session import Session, local_zone, packaged, region_of
from pipeline.setting_up.hosts import reach, write_config
from pipeline.text import count, plain

SECTION = re.compile(r"^(# )?\[([a-z]+)(?:\.([a-z]+))?\]")


@dataclass(frozen=True, slots=True)
class Answers:
    """What `init` needs to know."""

    emails: tuple[str, ...]
    time_zone: str
    phone_region: str
    url: str | None = None
    username: str | None = None
    password_command: tuple[str, ...] = ()
    password_env: str | None = None
    task_list: str = "Follow-ups"


def example() -> str:
    """The config with every key explained beside it."""
    return packaged("config.example.toml")


def init(session: Session, given: Mapping[str, str | None], *, force: bool = False) -> Path:
    """Ask for what was not given, write the config, try it out, and say what was found.

    :raises ConfigError: there is a config already, and not `force`.
    """
    path = session.config_path
    if path.exists() and not force:
        raise ConfigError(
            f"There is a config already: {path}. It was left as it is.",
            "Edit it, or write it anew with `kithbook init --force`.",
        )
    try:
        text = _that_works(ask(session, given), path)
    except ConfigError as error:
        raise ConfigError(f"{error} Nothing was written.", error.hint) from error
    write_config(path, text)
    say(f"Written: {path} (it explains each key beside it).")
    _try_out(Session(path, session.data))
    return path


def ask(session: Session, given: Mapping[str, str | None]) -> Answers:
    """The answers: as given, or asked for on a terminal, with what is known already as default."""
    guessed = next((one.value for one in _said(session) if one.verb == "me" and one.value), None)
    emails = _answer(given.get("email"), "Your e-mail addresses (with commas between)", guessed)
    zone = _answer(given.get("time_zone"), "Your time zone", local_zone())
    region = _answer(
        given.get("phone_region"), "Country of phone numbers without a code", region_of(zone) or ""
    )
    url = _answer(given.get("url"), "Address of your CalDAV/CardDAV server (empty: none now)", "")
    username = _answer(given.get("username"), "User name there", "") if url else None
    command = given.get("password_command")
    if url and not command and not given.get("password_env"):
        command = _answer(None, "Command that prints the password (empty: the keyring)", "")
    task_list = given.get("task_list") or "Follow-ups"
    if url:
        task_list = _answer(given.get("task_list"), "List for the follow-ups", "Follow-ups")
    return Answers(
        emails=tuple(one.strip().lower() for one in emails.split(",") if one.strip()),
        time_zone=zone,
        phone_region=region.upper(),
        url=url or None,
        username=username,
        password_command=tuple(shlex.split(command or "")),
        password_env=given.get("password_env"),
        task_list=task_list,
    )


def _that_works(answers: Answers, path: Path) -> str:
    """The config, with the first way to the server on which it answers at all.

    :raises ConfigError: what was answered cannot be meant so.
    """
    texts = [render(example(), replace(answers, url=url)) for url in addresses_meant(answers.url)]
    tried = [(text, parse(tomllib.loads(text), path)) for text in texts]
    if len(tried) > 1:
        for text, config in tried:
            try:
                connect(config.sources[0], config).collections()
            except SourceUnreachable:
                continue
            except KithbookError:
                return text  # it answered; what is wrong is told when all is tried out
            return text
    return texts[0]


def addresses_meant(url: str | None) -> list[str | None]:
    """The address in full. Without a scheme https is meant; on this machine perhaps http.

    :raises ConfigError: it is no address of the web.
    """
    if not url or "://" in url:
        return [url]
    schemes = ["https"]
    named = urls.web_address(f"https://{urls.as_meant(url)}")
    if named is None or named.username is not None:
        raise ConfigError(
            "The address of the server is none.", 'Write it like "https://dav.example.org/".'
        )
    if urls.is_loopback(named.hostname or ""):
        schemes.append("http")
    rest = urls.as_meant(url) if named.path else f"{urls.as_meant(url)}/"
    return [f"{scheme}://{rest}" for scheme in schemes]


def render(text: str, answers: Answers) -> str:
    """The example with the answers in it; sections that were not asked for become comments."""
    wanted = {("owner", "me"), ("rules", None)}
    if answers.url:
        wanted |= {("source", "home"), ("tasks", None)}
    values = _values(answers)
    section: tuple[str, str | None] = ("", None)
    lines = []
    for line in text.splitlines():
        if found := SECTION.match(line):
            section = (found[2], found[3])
        elif line.startswith("# ---"):
            section = ("", None)
        lines.append(_line(line, section, section[0] == "" or section in wanted, values))
    return "\n".join(lines) + "\n"


def _line(
    line: str,
    section: tuple[str, str | None],
    is_wanted: bool,
    values: Mapping[tuple[str, str], str | None],
) -> str:
    if not is_wanted:
        return line if line.startswith("#") or not line else f"# {line}"
    key = line.removeprefix("# ").partition(" = ")[0]
    if (section[0], key) not in values:
        return line
    value = values[section[0], key]
    bare = line.removeprefix("# ")
    if value is None:
        return f"# {bare}"
    comment = bare.partition("  #")[2]
    set_line = f"{key} = {value}"
    return f"{set_line:<45}#{comment}" if comment else set_line


def _values(answers: Answers) -> dict[tuple[str, str], str | None]:
    """(section, key) → TOML value; None comments the key out."""
    return {
        ("owner", "emails"): _list(answers.emails),
        ("owner", "own_domains"): None,
        ("owner", "time_zone"): _text(answers.time_zone),
        ("owner", "phone_region"): _text(answers.phone_region) if answers.phone_region else None,
        ("source", "url"): _text(answers.url or ""),
        ("source", "username"): _text(answers.username or ""),
        ("source", "password_command"): _list(answers.password_command)
        if answers.password_command
        else None,
        ("source", "password_env"): _text(answers.password_env) if answers.password_env else None,
        ("tasks", "list"): _text(answers.task_list),
    }


def _try_out(session: Session) -> None:
    """Say what the account has; trouble is told, the config stays."""
    config = session.config()
    for source in config.sources:
        try:
            found = reach(session, source, lambda one, said: connect(one, said).collections())
        except KithbookError as error:
            say(f"{source.name}: {plain(error)}", f"  → {plain(error.hint)}")
            continue
        for collection in found:
            kinds = ", ".join(sorted(collection.kinds))
            shared = " (shared with others!)" if collection.is_shared else ""
            say(f"  {plain(collection.name)}: {kinds}{shared}")
        say(f"{source.name}: {count(len(found), 'collection')} found.")
    if config.sources:
        say("Next: `kithbook sync --dry-run`, then `kithbook choose`, then `kithbook sync`.")
    elif session.folder.published.exists():
        say(
            "Next: `kithbook choose` (whom to keep in touch with), `kithbook due`; "
            "a [source.…] in the config brings in an account."
        )
    else:
        say("Next: `kithbook import FILE…`, or add a [source.…] to the config.")


def _said(session: Session) -> Sequence[decisions.Decision]:
    folder: Folder = session.folder
    return list(decisions.read(folder.path))


def _answer(given: str | None, question: str, default: str | None) -> str:
    """What was given, or the answer on the terminal; the default when nobody can be asked."""
    if given is not None:
        return given
    if not sys.stdin.isatty():
        if default is None:
            raise UsageError(
                f"{question}? There is no terminal to ask on.", "Give it: `kithbook init --help`."
            )
        return default
    try:
        answer = ask_on_terminal(f"{question}{f' [{default}]' if default else ''}: ")
    except EOFError as error:
        raise UsageError(f"{question}? No answer.", "Nothing was written.") from error
    return answer or default or ""


def _text(value: str) -> str:
    """A TOML basic string (TOML 1.0): backslash, quote and controls escaped."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return (
        '"' + "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in escaped) + '"'
    )


def _list(values: Sequence[str]) -> str:
    return "[" + ", ".join(_text(value) for value in values) + "]"
