"""What every command starts from: which config, which folder, what time it is."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.errors import UsageError
from pipeline.book.folder import Folder, data_folder, open_published, shut

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    import duckdb

    from pipeline.config import Config


YEARS = range(1900, 2200)
"""Of --as-of: what one can have a calendar of."""


@dataclass(slots=True)
class Session:
    """One call of the command. Reads the config only when a command needs it."""

    config_path: Path
    data: Path | None = None
    as_of: str | None = None
    _config: "Config | None" = field(default=None)

    @property
    def folder(self) -> Folder:
        """The data folder, found without checking the whole config."""
        return Folder(self.data or data_folder(self.config_path))

    def config(self) -> "Config":
        """The checked config.

        :raises ConfigError: there is none, or it makes no sense.
        """
        from dataclasses import replace

        from pipeline import config

        if self._config is None:
            loaded = config.load(self.config_path)
            self._config = replace(loaded, data=self.data) if self.data else loaded
        return self._config

    def reread(self) -> "Config":
        """The config as it is now, after a change.

        :raises ConfigError: it makes no sense.
        """
        self._config = None
        return self.config()

    def config_or_guess(self) -> "Config":
        """The config; before there is one: whom the user said they are, this machine's zone."""
        from pipeline import config
        from pipeline.book import decisions

        if self.config_path.exists():
            return self.config()
        folder = self.folder
        emails = tuple(
            dict.fromkeys(
                one.value for one in decisions.read(folder.path) if one.verb == "me" and one.value
            )
        )
        zone = local_zone()
        owner = config.Owner("me", emails, time_zone=zone, phone_region=region_of(zone))
        return config.Config(data=folder.path, owner=owner)

    def now(self, zone: "ZoneInfo") -> datetime:
        """The clock, or noon of the day given with --as-of in the owner's zone; UTC."""
        day = self.day()
        if day is None:
            return datetime.now(UTC)
        return datetime.combine(day, time(12), zone).astimezone(UTC)

    def day(self) -> date | None:
        """The day given with --as-of, None without.

        :raises UsageError: it is no date, or of another age.
        """
        if self.as_of is None:
            return None
        try:
            found = date.fromisoformat(self.as_of)
        except ValueError as error:
            raise UsageError(
                f'--as-of "{self.as_of}" is not a date.', 'Write it like "2026-09-01".'
            ) from error
        if found.year not in YEARS:
            raise UsageError(
                f"--as-of {found} is too far off.",
                f"A book can be judged from {YEARS[0]} to {YEARS[-1]}.",
            )
        return found

    def published(self, settings: Mapping[str, str] | None = None) -> "duckdb.DuckDBPyConnection":
        """The published file, read-only, without whom the user put to rest since it was built.

        `settings` as in `open_published`.

        :raises NoBookYet: there is none yet.
        """
        from pipeline.book import decisions_since_build

        connection = open_published(self.folder, settings)
        resting = decisions_since_build.listed(connection, self.folder.path)
        if resting:
            connection = decisions_since_build.without(connection, self.folder.published, resting)
            shut(connection, settings)
        return connection

    def looking(self, settings: Mapping[str, str] | None = None) -> "duckdb.DuckDBPyConnection":
        """The published file for a command that judges nothing itself and prints what is there.

        :raises UsageError: it was built as of another day than the one given with --as-of.
        """
        connection = self.published(settings)
        self.refuse_another_day(connection)
        return connection

    def refuse_another_day(self, connection: "duckdb.DuckDBPyConnection") -> None:
        """Nobody is shown one day's list for another's.

        :raises UsageError: the book was built as of another day than --as-of. It is closed.
        """
        wanted = self.day()
        if wanted is None:
            return
        row = connection.execute("select as_of_date from main.settings").fetchone()
        if row and row[0] != wanted:
            connection.close()
            raise UsageError(
                f"The book was built as of {row[0]}, not {wanted}.",
                f"`kithbook --as-of {wanted} build` first, then ask again.",
            )


def local_zone() -> str:
    """This machine's time zone, as far as it tells: TZ, /etc/timezone, /etc/localtime, else UTC."""
    candidates = [os.environ.get("TZ", "").removeprefix(":")]
    named = Path("/etc/timezone")
    if named.is_file():
        candidates.append(named.read_text("utf-8").strip())
    linked = Path("/etc/localtime")
    if linked.is_symlink():
        candidates.append(str(linked.readlink()).partition("zoneinfo/")[2])
    for name in candidates:
        if _is_zone(name):
            return name
    return "UTC"


def region_of(zone: str) -> str:
    """The country of a time zone ("Europe/Lisbon" → "PT"), empty when it has none or several."""
    from importlib.resources import files

    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    for line in table.splitlines():
        country, *rest = line.split("\t")
        if not line.startswith("#") and len(rest) >= 2 and rest[1] == zone:
            return country
    return ""


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return bool(name) and "/" in name and bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def packaged(path: str) -> str:
    """A text of the checkout that the installed package has under its last name (pyproject)."""
    from importlib.resources import files

    beside = Path(__file__).parents[1] / path
    if beside.is_file():
        return beside.read_text("utf-8")
    return files("pipeline").joinpath(Path(path).name).read_text("utf-8")


def rows_as_dicts(connection: Any) -> list[dict[str, Any]]:
    """The rows of the last query, by column name."""
    names = [column[0] for column in connection.description]
    return [dict(zip(names, row, strict=True)) for row in connection.fetchall()]
