"""`kithbook what-if`: the book built again with other rules, beside the published one.

It starts from the state and stays in memory. A run that works holds the state: then it says so.
What a pull or a decision brought since the last build is in it too.
"""

import contextlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import typer

from connectors.errors import ConfigError, UsageError
from pipeline import config
from pipeline.book import build, run_lock, state_file, store
from pipeline.book.folder import Folder, read_toml
from pipeline.book.queries import query
from pipeline.command_session import Session, rows_as_dicts
from pipeline.commands.options import Changes, Json
from pipeline.config import Config
from pipeline.terminal.printing import FIRST, say, say_more, show_json, show_table
from pipeline.terminal.terminal_text import count, day

if TYPE_CHECKING:
    import duckdb

SECTIONS = ("rules", "strength", "circle", "tasks")
"""What can be tried: sources and owner decide what was read, not what it means."""


def command(
    context: typer.Context,
    changes: Changes = None,
    as_json: Json = False,
) -> None:
    """Who would be overdue with other rules; nothing is written.

    Without --set: what the config as it stands now would change.

    Example: kithbook what-if --set rules.max_attendees=6 --set circle.friends.every="4 weeks"
    """
    show_what_if(context.obj, changes or (), as_json=as_json)


def show_what_if(session: Session, changes: Sequence[str], *, as_json: bool = False) -> None:
    """Print whose state, reminder or layer would be another.

    :raises UsageError: a change cannot be tried. :raises ConfigError: the config makes no sense.
    """
    changed = changed_config(session, changes)
    session.looking().close()
    folder = session.folder
    with run_lock.acquire(folder, "what-if"):
        state_file.open_state(
            folder, changed.owner.time_zone
        ).close()  # in the layout of this version
        with contextlib.closing(store.open_beside(folder, changed.owner.time_zone)) as connection:
            today = build_beside(connection, folder, changed)
            found = rows_as_dicts(connection.execute(query("what_if_differences")))
    if as_json:
        show_json(found)
        return
    if found:
        headers = ("who", "now", "would be", "last in touch", "reminder", "layer")
        # without who moves, the last column would be empty
        shown = len(headers) - (not any(map(_layer, found[:FIRST])))
        show_table(headers[:shown], [_row(one, today)[:shown] for one in found[:FIRST]])
        say_more(len(found), "what-if")
    say(summary(found), "Nothing was changed; to keep it, put it in the config.")


def changed_config(session: Session, changes: Sequence[str]) -> Config:
    """The config with the changes in it, checked like the file itself."""
    path = session.config_path
    toml = read_toml(path) if path.exists() else None
    if toml is None:
        raise ConfigError(f"There is no config at {path} to change.", "`kithbook init` writes one.")
    for change in changes:
        _lay(toml, parse_change(change))
    return config.parse(toml, path)


def parse_change(text: str) -> dict[str, Any]:
    """`circle.friends.every="4 weeks"` → {"circle": {"friends": {"every": "4 weeks"}}}.

    The value is TOML; what is none is a text, for a shell takes the quotes away.

    :raises UsageError: no KEY=VALUE, or a key that cannot be tried.
    """
    key, equals, value = text.partition("=")
    example = "Example: --set rules.max_attendees=6"
    if not equals or not key.strip():
        raise UsageError(f'"{text}" is not KEY=VALUE.', example)
    for written in (value, json.dumps(value, ensure_ascii=False)):
        try:
            found: dict[str, Any] = tomllib.loads(f"{key.strip()} = {written}")
        except tomllib.TOMLDecodeError:
            continue
        section = next(iter(found))
        if section not in SECTIONS or not isinstance(found[section], dict):
            raise UsageError(
                f"{key.strip()} cannot be tried; keys of {', '.join(SECTIONS)} can.", example
            )
        return found
    raise UsageError(f'"{text}" cannot be read as KEY=VALUE.', example)


def _lay(toml: dict[str, Any], change: Mapping[str, Any]) -> None:
    for key, value in change.items():
        if isinstance(value, dict) and isinstance(toml.get(key), dict):
            _lay(toml[key], value)
        else:
            toml[key] = value


def build_beside(connection: "duckdb.DuckDBPyConnection", folder: Folder, changed: Config) -> date:
    """Build in memory, beside the published file attached as `published`; its day.

    The clock is that of the published file too.
    """
    build.build(connection, changed, folder, published_clock(connection))
    row = connection.execute("select as_of_date from published.main.settings").fetchone()
    return date.fromisoformat(str(row[0])) if row else date.min


def published_clock(connection: "duckdb.DuckDBPyConnection") -> datetime:
    """The instant of which the published file tells, attached as `published`; UTC."""
    row = connection.execute("select epoch_us(as_of) from published.main.settings").fetchone()
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(row[0]) if row else 0)


def summary(found: list[dict[str, Any]]) -> str:
    """How many become overdue, how many are no longer, and how many move to another layer."""
    if not found:
        return "Nobody's state would change."
    moved = sum(one["layer_now"] != one["layer_then"] for one in found)
    comes = sum(_becomes(one, "now", "then") for one in found)
    goes = sum(_becomes(one, "then", "now") for one in found)
    return (
        f"{count(comes, 'person becomes', 'people become')} overdue, "
        f"{goes:,} no longer {'is' if goes == 1 else 'are'}."
        + (f" {count(moved, 'person moves', 'people move')} to another layer." if moved else "")
    )


def _row(one: Mapping[str, Any], today: date) -> tuple[str, ...]:
    return (
        one["display_name"],
        one["state_now"] or "no tie",
        one["state_then"] or "no tie",
        _moved(one["last_contact_now"], one["last_contact_then"], today),
        _reminder(one),
        _layer(one),
    )


def _becomes(one: Mapping[str, Any], before: str, after: str) -> bool:
    return bool(one[f"state_{before}"] != "overdue" and one[f"state_{after}"] == "overdue")


def _moved(before: date | None, after: date | None, today: date) -> str:
    if before == after:
        return day(before, today)
    return f"{day(before, today) or 'never'} → {day(after, today) or 'never'}"


def _layer(one: Mapping[str, Any]) -> str:
    """Where they would stand, where that is elsewhere."""
    before, after = one["layer_now"], one["layer_then"]
    return "" if before == after else f"{before} → {after}"


def _reminder(one: Mapping[str, Any]) -> str:
    if one["reminder_now"] == one["reminder_then"]:
        return "yes" if one["reminder_now"] else ""
    return "comes" if one["reminder_then"] else "goes"
