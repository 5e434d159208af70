"""The known CSV exports (Google, Outlook, Yahoo, …): their columns, and where each belongs.

columns.tsv has them: program, language, column, and what it means: in English the field of a
contact (see `connectors.column_targets`), in another language the English column of the same
program. Where a program has two columns of one name, the second is written with " (2)". Columns are
matched by name, in any case and order. What means "extra" belongs to the dialect and is kept in
`Contact.extra`, as is every column that no dialect knows; what "other" programs call their columns
is for the proposal made for a CSV that nobody knows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from connectors.column_targets import ADDRESS_PARTS, Target, read_target
from connectors.dates import Order

EXTRA = Target("extra")

_GOOGLE_GROUP = re.compile(
    r"(e-mail|phone|im|address|organization|relation|website|event|custom field)"
    r" (\d{1,3}) - ([a-z ]{1,30})"
)
_GOOGLE_FIELDS = {
    "e-mail": "email",
    "website": "url",
    "relation": "related",
    "custom field": "extra",
}
_GOOGLE_PARTS = {
    "type": "label",
    "extended address": "extended",
    "po box": "po_box",
    "postal code": "postal_code",
}
_GOOGLE_KNOWN_PARTS = ("label", "value", "service", "formatted")


@dataclass(frozen=True, slots=True)
class Dialect:
    """The columns of one program's export. Column names are in lower case."""

    name: str
    title: str
    columns: Mapping[str, Target]
    signature: frozenset[str] = frozenset()
    """Columns that no other program has."""
    order: Order = "mdy"
    is_google: bool = False
    least: int = 1
    """So many columns of the signature must be there."""

    def target(self, column: str) -> Target | None:
        """Where a column belongs; None when the dialect does not know it."""
        key = normal(column)
        if self.is_google and (match := _GOOGLE_GROUP.fullmatch(key)):
            return _google_target(match[1], match[2], match[3])
        return self.columns.get(key)

    def count_known(self, header: Sequence[str]) -> int:
        """How many columns of a header the dialect knows, 0 if it cannot be this one."""
        keys = [key for cell in header if (key := normal(cell))]
        known = sum(self.target(key) is not None for key in keys)
        own = sum(
            key in self.signature or (self.is_google and bool(_GOOGLE_GROUP.fullmatch(key)))
            for key in keys
        )
        return known if own >= self.least and known >= 2 else 0


def normal(column: str) -> str:
    """A column's name as it is compared."""
    return " ".join(column.strip("\ufeff \t'\"").casefold().split())


def find_dialect(header: Sequence[str]) -> Dialect | None:
    """The dialect that knows most of these columns, or None."""
    best = max(DIALECTS, key=lambda dialect: dialect.count_known(header))
    return best if best.count_known(header) else None


def propose(column: str) -> str | None:
    """A target, as a user would write it, for a column of a file that nobody knows."""
    return _PROPOSALS.get(normal(column))


def _google_target(kind: str, number: str, part: str) -> Target:
    field_name = _GOOGLE_FIELDS.get(kind, kind)
    part = _GOOGLE_PARTS.get(part, part)
    group = f"{kind} {number}"
    if kind == "organization" and part != "label":
        part = {"name": "organization"}.get(part, part)
        if part not in ("organization", "title", "department"):
            return EXTRA
    elif part not in _GOOGLE_KNOWN_PARTS and not (kind == "address" and part in ADDRESS_PARTS):
        return EXTRA
    return Target(field_name, part, group=group)


def _read_columns() -> dict[tuple[str, str], dict[str, str]]:
    """Program and language → column in lower case → its meaning, from columns.tsv."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    lines = files(__package__).joinpath("columns.tsv").read_text("utf-8").splitlines()
    for line in lines[1:]:
        program, language, column, meaning = line.split("\t")
        found.setdefault((program, language), {})[normal(column)] = meaning
    return found


def _targets(table: Mapping[str, str]) -> dict[str, Target]:
    return {column: _target(text) for column, text in table.items()}


def _target(text: str) -> Target:
    if ".formatted" in text:
        return Target("address", "formatted", text.partition(":")[2])
    return read_target(text)


def _in_english(name: str, title: str, *own: str, is_google: bool = False) -> Dialect:
    """A program's columns; `own`: those that no other program has."""
    signature = frozenset(normal(column) for column in own)
    return Dialect(name, title, _targets(_COLUMNS[name, "en"]), signature, is_google=is_google)


def _localised(name: str, title: str) -> Iterator[Dialect]:
    """The same dialect under the column names of other languages, where days stand first."""
    table = _COLUMNS[name, "en"]
    for (program, language), columns in _COLUMNS.items():
        if program != name or language == "en":
            continue
        targets = {theirs: _target(table[normal(english)]) for theirs, english in columns.items()}
        # A mixed header is common: columns that the program's translators forgot.
        known = {**_targets(table), **targets}
        own = frozenset(targets) - frozenset(table)
        yield Dialect(f"{name}-{language}", f"{title} ({language})", known, own, "dmy", least=2)


_COLUMNS = _read_columns()

DIALECTS = [
    _in_english(
        "google",
        "Google Contacts CSV",
        "Labels",
        "Organization Name",
        "Phonetic First Name",
        is_google=True,
    ),
    _in_english(
        "google-old",
        "Google Contacts CSV (before 2023)",
        "Group Membership",
        "Given Name Yomi",
        is_google=True,
    ),
    _in_english("linkedin", "LinkedIn connections", "Connected On"),
    _in_english(
        "thunderbird", "Thunderbird CSV", "Primary Email", "Secondary Email", "Screen Name"
    ),
    _in_english("yahoo", "Yahoo CSV", "Messenger ID", "Yahoo! Phone", "Alternate Email 1"),
    _in_english("outlook", "Outlook CSV", "E-mail Address", "Business Phone", "Business Street"),
    *_localised("outlook", "Outlook CSV"),
    *_localised("thunderbird", "Thunderbird CSV"),
]

BY_NAME = {dialect.name: dialect for dialect in DIALECTS}

_PROPOSALS = {
    column: target.text()
    for dialect in [*reversed(DIALECTS), _in_english("other", "")]
    for column, target in dialect.columns.items()
    if target.field != "extra" and target.part != "formatted"
}
"""Column of any program in any language → field, the English ones last and so winning."""
