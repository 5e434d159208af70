"""config.toml → frozen dataclasses. An unknown key is an error that names section and key.

The file says whose book it is, where people and meetings come from, who matters and where the
follow-ups go. It never holds a password: `password_command`, `password_env` or the keyring does.
"""

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import connectors
from connectors.errors import ConfigError, UsageError
from pipeline.book.folder import data_folder, read_toml
from pipeline.terminal import parse_durations

SectionT = TypeVar("SectionT")

IMPORT_PREFIX = "import/"
"""Sources that came in by `kithbook import` are named so; they need no config."""

REPLACED_PREFIX = "replaced/"
"""An import whose place another took is named so in the state file: it stands in no build."""


EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose ties these are."""

    owner_id: str
    emails: tuple[str, ...]
    own_domains: tuple[str, ...] = ()
    time_zone: str = "UTC"
    phone_region: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """The owner's zone; its name was checked when the config was read."""
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Source:
    """One configured account, folder or file."""

    name: str
    type: str
    options: Any
    """The connector's own Options."""


@dataclass(frozen=True, slots=True)
class Circle:
    """People who belong together, and how often to be in touch with them."""

    name: str
    purpose: str | None = None
    every: str | None = None
    in_touch: bool = False
    people: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()

    @property
    def every_days(self) -> int | None:
        """The cadence in days, None when the circle gives none."""
        return parse_durations.days(self.every) if self.every else None


TASK_LIST = "Follow-ups"
"""What the list is called where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Tasks:
    """The one place outside its folder that kithbook writes to."""

    source: str
    list_name: str = field(default=TASK_LIST, metadata={"key": "list"})
    form: str = field(default="task", metadata={"key": "as", "one_of": ("task", "event")})
    detail: str = field(default="ways", metadata={"one_of": ("none", "ways", "full")})
    title: str = field(default="name", metadata={"one_of": ("name", "verb")})
    per_week: int = 5
    open_at_most: int = 5


@dataclass(frozen=True, slots=True)
class Notify:
    """Who is told what is new after a sync."""

    command: tuple[str, ...]
    json: bool = False
    """As JSON; else as text."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers that decide, as columns of raw.settings; docs/tie-strength.md says why these."""

    max_attendees: int = 12
    title_only_weight: float = 0.5
    large_series_people: int = 6
    large_series_weight: float = 0.5
    strength_offset_days: float = 1.5
    active_month_days: int = 30
    cadence_prior_weight: float = 3.0
    cadence_prior_days: float = 30.0
    cadence_prior_people: float = 3.0
    cadence_prior_df: float = 20.0
    cadence_prior_variance: float = 1.5
    cadence_quantile_z: float = 0.8416
    cadence_max_gap_days: int = 365
    check_in_floor_days: int = 30
    lapsed_factor: float = 8.0
    dormant_days: int = 1095
    due_soon_days: int = 7
    unchosen_layer: int = 15
    birthday_layer: int = 50
    birthday_lead_days: int = 7
    first_follow_up_days: int = 30
    first_follow_up_attendees: int = 4
    first_follow_up_per_week: int = 2
    reconnect_per_week: int = 1
    booked_window_days: int = 14
    expiry_days: int = 21
    stale_source_days: int = 2
    merge_threshold: float = 0.9
    queue_threshold: float = 0.5


@dataclass(frozen=True, slots=True)
class Strength:
    """The formula of the strength, as columns of raw.settings (strength_version …)."""

    version: int = field(default=2, metadata={"one_of": (1, 2)})
    offset_share: float = 0.3
    decay: float = 0.7


@dataclass(frozen=True, slots=True)
class Config:
    """All of it, checked."""

    data: Path
    owner: Owner
    sources: tuple[Source, ...] = ()
    circles: tuple[Circle, ...] = ()
    tasks: Tasks | None = None
    rules: Rules = field(default_factory=Rules)
    strength: Strength = field(default_factory=Strength)
    notify: Notify | None = None
    path: Path | None = None
    task_list_href: str | None = None
    """Where the task list stood when it was last found: from the state, not from the file."""

    def source(self, name: str) -> Source:
        """The source of that name.

        :raises UsageError: there is none.
        """
        for source in self.sources:
            if source.name == name:
                return source
        known = ", ".join(source.name for source in self.sources) or "none"
        raise UsageError(f"There is no source named {name}; the config has: {known}.")


def load(path: Path) -> Config:
    """Read and check the whole file.

    :raises ConfigError: missing, not TOML, an unknown key, a wrong type, a value that cannot be.
    """
    if not path.exists():
        raise ConfigError(
            f"There is no config at {path}.",
            "`kithbook init` writes one; `kithbook import FILE` and `kithbook demo` need none.",
        )
    return parse(read_toml(path), path)


def parse(toml: Mapping[str, Any], path: Path) -> Config:
    """Check what the TOML of the file at `path` says; paths in it count from there.

    :raises ConfigError: an unknown key, a wrong type, a value that cannot be.
    """
    known = {"data", "owner", "source", "circle", "tasks", "rules", "strength", "notify"}
    for key in toml:
        _refuse_unknown(key, known, f"{path}")
    sources = tuple(
        _source(name, table, path) for name, table in _tables(toml, "source", path).items()
    )
    circles = tuple(
        _circle(name, table, path) for name, table in _tables(toml, "circle", path).items()
    )
    tasks = _section(Tasks, toml["tasks"], "[tasks]", path) if "tasks" in toml else None
    config = Config(
        data=data_folder(path),
        owner=_owner(toml, path),
        sources=sources,
        circles=circles,
        tasks=tasks,
        rules=_section(Rules, toml.get("rules", {}), "[rules]", path),
        strength=_section(Strength, toml.get("strength", {}), "[strength]", path),
        notify=_notify(toml["notify"], path) if "notify" in toml else None,
        path=path,
    )
    if tasks and tasks.source not in {source.name for source in sources}:
        raise ConfigError(
            f'[tasks] in {path}: source = "{tasks.source}", but no such [source.NAME] is there.',
            "One of: " + ", ".join(source.name for source in sources) + ".",
        )
    if tasks:
        _check_tasks(tasks, config.source(tasks.source), path)
    return config


def _check_tasks(tasks: Tasks, source: Source, path: Path) -> None:
    """Whether follow-ups can be written there at all; that the list exists, the server says."""
    if not tasks.list_name.strip():
        raise ConfigError(f'[tasks] in {path}: list = "" names no list.', 'Like "Follow-ups".')
    if not _holds_tasks(source.type):
        able = ", ".join(sorted(kind for kind in connectors.CONNECTORS if _holds_tasks(kind)))
        raise ConfigError(
            f'[tasks] in {path}: source = "{source.name}" is of type {source.type}, which cannot '
            "hold tasks.",
            f"Name a source of one of these types: {able}.",
        )
    if getattr(source.options, "is_subscription", False):
        raise ConfigError(
            f'[tasks] in {path}: source = "{source.name}" is a web address, which is only read.',
            'Name an account, or a folder: type = "ical" with a path.',
        )


def _notify(table: Any, path: Path) -> Notify:
    notify = _section(Notify, table, "[notify]", path)
    if not "".join(notify.command[:1]).strip():
        raise ConfigError(
            f"[notify] in {path}: command names no program.",
            'Like command = ["mail", "-s", "kithbook", "ana@example.org"].',
        )
    return notify


def _holds_tasks(kind: str) -> bool:
    connector = connectors.load(connectors.CONNECTORS[kind])
    return hasattr(connector, "put") and hasattr(connector, "task_list")


def _tables(toml: Mapping[str, Any], key: str, path: Path) -> dict[str, Any]:
    tables = toml.get(key, {})
    if not isinstance(tables, dict) or not all(isinstance(one, dict) for one in tables.values()):
        raise ConfigError(f"{path}: {key} is written [{key}.NAME], one section each.")
    return tables


def _owner(toml: Mapping[str, Any], path: Path) -> Owner:
    owners = _tables(toml, "owner", path)
    if len(owners) != 1:
        raise ConfigError(
            f"{path} has {len(owners)} [owner.NAME] sections; kithbook keeps one owner's book.",
            "Write one [owner.me] with your e-mail addresses; a second book is a second config.",
        )
    name, table = next(iter(owners.items()))
    where = f"[owner.{name}]"
    owner = _section(Owner, {**table, "owner_id": name}, where, path)
    if not owner.emails:
        raise ConfigError(
            f"{where} in {path}: emails is empty; without it your own cards and replies cannot "
            "be told from other people's.",
            'Write emails = ["you@example.org"].',
        )
    if wrong := [email for email in owner.emails if not EMAIL.fullmatch(email)]:
        raise ConfigError(
            f'{where} in {path}: emails: "{wrong[0]}" is not an e-mail address.',
            'Write emails = ["you@example.org"].',
        )
    try:
        ZoneInfo(owner.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(
            f'{where} in {path}: time_zone = "{owner.time_zone}" is not a time zone.',
            'Write it like "Europe/Lisbon".',
        ) from error
    if owner.phone_region and not is_region(owner.phone_region):
        raise ConfigError(
            f'{where} in {path}: phone_region = "{owner.phone_region}" is not a country.',
            'Write its two letters as ISO 3166 has them, like "PT" or "GB".',
        )
    return replace(owner, phone_region=owner.phone_region.upper())


def is_region(name: str) -> bool:
    """Whether a phone number without a country code can be read as one of this country."""
    from phonenumbers import SUPPORTED_REGIONS

    return name.upper() in SUPPORTED_REGIONS


def _source(name: str, table: Mapping[str, Any], path: Path) -> Source:
    where = f"[source.{name}]"
    if "/" in name:
        raise ConfigError(f"{where} in {path}: a source's name has no slash.")
    kind = table.get("type")
    allowed = sorted(kind for kind in connectors.CONNECTORS if kind != "import")
    if kind not in allowed:
        raise ConfigError(
            f"{where} in {path}: type = {kind!r} is not a type of source.",
            "Write one of: " + ", ".join(allowed) + ".",
        )
    options = {key: value for key, value in table.items() if key != "type"}
    if "password" in options:
        raise ConfigError(
            f"{where} in {path}: a password does not belong in the config.",
            'Use password_command = ["pass", "show", "…"], password_env, or the keyring '
            f"(`keyring set kithbook {name}`).",
        )
    for key in ("path", "ca_file"):
        named = options.get(key)
        if isinstance(named, str) and "://" not in named:
            # Beside the config, wherever cron happens to start us.
            options[key] = str(path.parent / Path(named).expanduser())
    connector = connectors.load(connectors.CONNECTORS[kind])
    section = _section(connector.Options, options, where, path)
    if check := getattr(section, "check", None):
        check(f"{where} in {path}")
    return Source(name, kind, section)


def _circle(name: str, table: Mapping[str, Any], path: Path) -> Circle:
    where = f"[circle.{name}]"
    circle = _section(Circle, {**table, "name": name}, where, path)
    try:
        _ = circle.every_days
    except UsageError as error:
        raise ConfigError(f"{where} in {path}: every: {error}", error.hint) from error
    return circle


def _section(cls: type[SectionT], table: Any, where: str, path: Path) -> SectionT:
    """A TOML table → a frozen dataclass: names, types and required keys checked."""
    if not isinstance(table, dict):
        raise ConfigError(f"{where} in {path} is a section, not a value.")
    hints = get_type_hints(cls)
    by_key = {one.metadata.get("key", one.name): one for one in fields(cls)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for key, value in table.items():
        _refuse_unknown(key, set(by_key), f"{where} in {path}")
        one = by_key[key]
        values[one.name] = _value(value, hints[one.name], f"{where} in {path}: {key}")
        if "one_of" in one.metadata and value not in one.metadata["one_of"]:
            choices = ", ".join(
                f'"{choice}"' if isinstance(choice, str) else str(choice)
                for choice in one.metadata["one_of"]
            )
            raise ConfigError(f"{where} in {path}: {key} = {value!r}.", f"Write one of {choices}.")
    for key, one in by_key.items():
        if one.name not in values and one.default is MISSING and one.default_factory is MISSING:
            raise ConfigError(f"{where} in {path}: {key} is missing.")
    return cls(**values)


def _value(value: Any, hint: Any, where: str) -> Any:
    """The value as the field's type, or an error that says which type is meant."""
    if get_origin(hint) in {Union, UnionType}:
        options = [option for option in get_args(hint) if option is not type(None)]
        return _value(value, options[0], where)
    if get_origin(hint) is tuple:
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        raise ConfigError(f'{where} is a list of texts, like ["one", "two"].')
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        words = {
            str: "a text in quotes",
            int: "a whole number",
            float: "a number",
            bool: "true or false",
        }
        # what stands in a list is not repeated: it may be a secret address
        found = "a list" if isinstance(value, list | dict) else repr(value)
        raise ConfigError(f"{where} is {words.get(hint, 'something else')}, not {found}.")
    if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
        raise ConfigError(f"{where} cannot be negative.")
    return value


def _refuse_unknown(key: str, known: set[str], where: str) -> None:
    if key not in known:
        from difflib import get_close_matches

        close = get_close_matches(key, known, 1)
        raise ConfigError(
            f"{where}: unknown key {key}.",
            f"Did you mean {close[0]}?" if close else "Known: " + ", ".join(sorted(known)) + ".",
        )
