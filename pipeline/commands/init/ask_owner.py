"""Whose book it is, as `init` asks: addresses, time zone, country."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from connectors.errors import ConfigError
from pipeline.book import decisions
from pipeline.command_session import Session, local_zone, region_of
from pipeline.commands.init.prompts import Questions
from pipeline.config import EMAIL, is_region
from pipeline.terminal.terminal_text import plain

NO_COUNTRY = frozenset({"none", "-"})


def ask_owner(
    session: Session,
    questions: Questions,
    given: Mapping[str, str | None],
    before: Mapping[str, Any],
    keep: Callable[[dict[str, Any]], None],
) -> dict[str, Any]:
    """The keys of [owner.me]; `keep` is told of them after each answer.

    :param before: what was answered in an earlier try.
    :raises UsageError, ConfigError: nobody can be asked, and an option is missing or wrong.
    """
    owner: dict[str, Any] = {}
    known = ", ".join(before.get("emails", ())) or _said_at_import(session)
    owner["emails"] = questions.get(
        "--email",
        "Your e-mail addresses (with commas between)",
        given.get("email") or (None if questions.is_terminal else known),
        emails,
        default=known,
    )
    keep(owner)
    owner["time_zone"] = questions.get(
        "--time-zone",
        "Your time zone",
        given.get("time_zone"),
        zone,
        default=str(before.get("time_zone") or local_zone()),
    )
    keep(owner)
    country = region_of(owner["time_zone"])
    owner["phone_region"] = questions.get(
        "--phone-region",
        "Country of phone numbers without a code (its two letters, or none)",
        given.get("phone_region") or (None if questions.is_terminal else country or None),
        region,
        default=str(before.get("phone_region") or country),
    )
    keep(owner)
    return owner


def _said_at_import(session: Session) -> str | None:
    """Who the user said they are when they imported something."""
    said = decisions.read(session.folder.path)
    return next((one.value for one in said if one.verb == "me" and one.value), None)


def emails(text: str) -> list[str]:
    """Addresses with commas between.

    :raises ConfigError: there is none, or one is no address.
    """
    found = [one.strip().lower() for one in text.split(",") if one.strip()]
    if not found:
        raise ConfigError(
            "An address of yours is needed: by it your own cards and replies are told from "
            "other people's.",
            "Like ana@example.org, ana@work.example",
        )
    for one in found:
        if not EMAIL.fullmatch(one):
            raise ConfigError(f'"{plain(one)}" is not an e-mail address.', "Like ana@example.org")
    return found


def zone(text: str) -> str:
    """A time zone, also by its city alone ("Lisbon").

    :raises ConfigError: there is none of that name.
    """
    name = text.strip().replace(" ", "_")
    known = available_timezones()
    if name in known:
        return name
    cities = {one.rpartition("/")[2].casefold(): one for one in sorted(known) if "/" in one}
    if found := cities.get(name.casefold()):
        return found
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        close = get_close_matches(name, known, 1) or [
            cities[one] for one in get_close_matches(name.casefold(), cities, 1)
        ]
        hint = f"Did you mean {close[0]}?" if close else 'Write it like "Europe/Lisbon".'
        raise ConfigError(f'"{plain(text)}" is not a time zone.', hint) from error
    return name


def region(text: str) -> str:
    """A country's two letters, in capitals; empty for none.

    :raises ConfigError: it is no country that has phone numbers.
    """
    name = text.strip().upper()
    if not name or name.casefold() in NO_COUNTRY:
        return ""
    if not is_region(name):
        raise ConfigError(
            f'"{plain(text)}" is not a country.',
            'Write its two letters as ISO 3166 has them, like "PT" or "GB", or none.',
        )
    return name
