"""Which field of a contact a column or attribute goes to, and the contact that they make.

A target says where a text belongs, in the words of `connectors.contract.Contact`, and is what a
user writes in `--map "Column=field"`:

    family                 a field                  email:work     a point with its label
    address.city:home      a part of an address     birthday.year  a part of a date
    related:spouse         somebody named           extra          kept under its column's name

What has no place, or cannot be what its column says, goes to `Contact.extra`: nothing is lost.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import Any

from connectors.contract import Address, Contact, ContactPoint, PartialDate, Related
from connectors.dates import Order, is_shortened, read_date, whole_date
from connectors.errors import UsageError
from connectors.messenger_handles import handle

NAMES = ("full_name", "prefix", "given", "middle", "family", "suffix")
SINGLE = (
    *("uid", *NAMES, "phonetic_given", "phonetic_family", "organization", "department"),
    *("title", "role", "language", "time_zone", "geo", "revised_at"),
)
POINTS = {"email": "emails", "phone": "phones", "url": "urls", "im": "ims"}
FURTHER = {"full_name": "FN", "organization": "ORG", "title": "TITLE", "role": "ROLE"}
"""Under what name the second value of a field is kept, as it is from a vCard."""
DATES = ("birthday", "anniversary", "death_date")
LISTS = {"nickname": "nicknames", "category": "categories"}
ADDRESS_PARTS = ("street", "extended", "po_box", "city", "region", "postal_code", "country")
DATE_PARTS = ("year", "month", "day")
FIELDS = (*SINGLE, *POINTS, *DATES, *LISTS, "address", "related", "note", "first_met", "extra")
"""What a target may name; `event` and the part `label` are for formats with columns in pairs."""

JOIN = " ::: "
"""Google puts several values into one cell so."""

_GUARDED = re.compile(r"'(?=[=+\-@\d])")
_ADDRESS_IN_WORDS = re.compile(r"<([^<>@\s]{1,200}@[^<>\s]{1,200})>\s*\Z")


_SEPARATORS = re.compile(r"[;,\s]+")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a text belongs. Columns of one `group` make one value together."""

    field: str
    part: str = ""
    label: str | None = None
    group: str = ""

    def text(self) -> str:
        """As a user would write it."""
        part = f".{self.part}" if self.part and self.part != "value" else ""
        return f"{self.field}{part}" + (f":{self.label}" if self.label else "")


def read_target(text: str) -> Target:
    """A target as a user writes it, `field[.part][:label]`.

    :raises UsageError: there is no such field or part.
    """
    name, _, label = text.strip().partition(":")
    name, _, part = name.strip().lower().replace("-", "_").partition(".")
    parts = ADDRESS_PARTS if name == "address" else DATE_PARTS if name in DATES else ()
    if name not in FIELDS or (part and part not in parts):
        raise UsageError(
            f"There is no field {text!r} to map a column to. Nothing was read.",
            hint="The fields are: " + ", ".join(FIELDS),
        )
    return Target(name, part or ("street" if name == "address" else ""), label.strip() or None)


@dataclass(slots=True)
class ColumnContactBuilder:
    """Takes the texts of one card one by one; `contact()` is what they say together."""

    order: Order = "mdy"
    splits_joins: bool = False
    warnings: list[str] = field(default_factory=list)
    _fields: dict[str, Any] = field(default_factory=dict)
    _lists: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    _groups: dict[tuple[str, str, str | None], dict[str, list[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    _extra: list[tuple[str, str]] = field(default_factory=list)

    def add(self, target: Target, text: str, column: str, *, is_preferred: bool = False) -> None:
        """One text; `column` is the name under which it is kept if it has no place."""
        if "\0" in text:
            self.warnings.append(f"{column}: NUL characters were left out")
            text = text.replace("\0", "")
        text = text.strip()
        if not text or (self.splits_joins and not text.strip(": ")):
            return
        if target.field == "extra" and not target.group:
            self._extra.append((column, text))
        elif target.group or target.field == "address" or (target.part and target.field in DATES):
            group = self._groups[target.field, target.group, target.label]
            group[target.part or "value"].append(text)
            group.setdefault("column", [column])
        else:
            for value in self._values(text):
                self._add_value(
                    target.field, value, target.label, column, is_preferred=is_preferred
                )

    def contact(self, **more: Any) -> Contact:
        """The card. `more` are fields that the format knows better."""
        for (name, group, label), parts in self._groups.items():
            self._add_group(name, group, label, parts)
        self._groups.clear()
        fields = dict(self._fields)
        for name, values in self._lists.items():
            fields[name] = tuple(dict.fromkeys(values))
        if not fields.get("full_name"):
            fields["full_name"] = self._name()
        return Contact(**{**fields, "extra": tuple(self._extra), **more})

    def _name(self) -> str | None:
        """The name from its parts, else the nickname, organisation or first e-mail."""
        parts = [self._fields.get(part) for part in ("given", "middle", "family")]
        if name := " ".join(part for part in parts if part):
            return name
        if self._lists["nicknames"]:
            return str(self._lists["nicknames"][0])
        if organization := self._fields.get("organization"):
            return str(organization)
        emails = self._lists["emails"]
        return emails[0].value if emails else None

    def _values(self, text: str) -> list[str]:
        if not self.splits_joins:
            return [text]
        return [value for part in text.split(JOIN.strip()) if (value := part.strip())]

    def _add_value(
        self, name: str, text: str, label: str | None, column: str, *, is_preferred: bool
    ) -> None:
        if name in SINGLE or name == "note":
            self._add_single(name, text, column)
        elif name in POINTS:
            self._add_point(name, text, label, column, is_preferred=is_preferred)
        elif name in DATES or name == "first_met":
            self._add_date(name, text, column)
        elif name in LISTS:
            separators = r"[;,]" if name == "category" and not self.splits_joins else r"\Z"
            for value in re.split(separators, text):
                if value := value.strip().removeprefix("* ").strip():
                    self._lists[LISTS[name]].append(value)
        elif name == "related":
            self._lists["related"].append(Related(text, label))
        else:
            self._extra.append((label or column, text))

    def _add_single(self, name: str, text: str, column: str) -> None:
        if name == "note" and name in self._fields:
            self._fields[name] += "\n" + text
        elif name in self._fields and self._fields[name] != text:
            self._extra.append((FURTHER.get(name, column), text))
        else:
            self._fields[name] = text

    def _add_point(
        self, name: str, text: str, label: str | None, column: str, *, is_preferred: bool
    ) -> None:
        text = _GUARDED.sub("", text, count=1)
        if name == "email":
            addresses = _addresses_in(text)
            if not addresses:
                self._extra.append((column, text))
                if not text.lower().startswith("/o="):  # how Exchange calls its own people
                    self.warnings.append(f"{column}: {text[:80]!r} is not an e-mail address")
                return
        elif name == "im" and label and (named := handle(label, text)) != text:
            addresses, label = [named], None
        else:
            addresses = [text]
        for number, address in enumerate(addresses):
            point = ContactPoint(address, label, is_preferred and not number)
            self._lists[POINTS[name]].append(point)

    def _add_date(self, name: str, text: str, column: str) -> None:
        if name == "first_met":
            day: date | None = whole_date(text, self.order)
            if day is None:
                self._extra.append((column, text))
                self.warnings.append(f"{column}: {text[:80]!r} is not a date")
            else:
                self._fields[name] = day
            return
        read = read_date(text, self.order)
        if read is None:
            return
        if name in self._fields or is_shortened(text, read):
            self._extra.append((column, text))
        if name not in self._fields:
            self._fields[name] = read
        if read.text is not None:
            self.warnings.append(f"{column}: {text[:80]!r} is not a date; it is kept as a text")

    def _add_group(
        self, name: str, group: str, label: str | None, parts: dict[str, list[str]]
    ) -> None:
        column = parts.pop("column")[0]
        if name in DATES:
            self._add_split_date(name, parts, column)
            return
        if "label" in parts:
            label = parts.pop("label")[0]
        is_preferred = bool(label) and (label or "").startswith("*")
        label = (label or "").removeprefix("*").strip().lower() or None
        if name == "address":
            self._add_addresses(parts, label)
        elif name == "organization":
            for part, texts in parts.items():
                self._add_value(part, " ".join(texts), None, f"{group} {part}", is_preferred=False)
        else:
            service = parts.get("service", [None])[0]
            self._add_labelled(
                name, parts, service.lower() if service else label, column, is_preferred
            )

    def _add_labelled(
        self,
        name: str,
        parts: dict[str, list[str]],
        label: str | None,
        column: str,
        is_preferred: bool,
    ) -> None:
        values = [value for text in parts.get("value", []) for value in self._values(text)]
        if name == "event":
            name = label if label in ("anniversary", "birthday") else "extra"
        for number, value in enumerate(values):
            # The star says which label comes first, and so the first of its values.
            self._add_value(name, value, label, column, is_preferred=is_preferred and not number)

    def _add_addresses(self, parts: dict[str, list[str]], label: str | None) -> None:
        """One address, or several when each part holds as many joined values."""
        if set(parts) == {"formatted"}:
            parts = {"street": parts["formatted"]}
        columns = []
        for part, texts in parts.items():
            if part != "formatted":
                text = "\n".join(texts)
                values = text.split(JOIN.strip()) if self.splits_joins else [text]
                columns.append([(part, value.strip()) for value in values])
        for row in zip_longest(*columns):
            named = {cell[0]: cell[1] for cell in row if cell is not None and cell[1]}
            if named:
                self._lists["addresses"].append(Address(**named, label=label))

    def _add_split_date(self, name: str, parts: dict[str, list[str]], column: str) -> None:
        """A date in three columns, of which the year or all may be empty."""
        year, month, day = (parts.get(part, [""])[0] for part in ("year", "month", "day"))
        text = f"{year}-{month}-{day}"
        read = read_date(f"{year or '0000'}-{month}-{day}")
        if read is not None and read.text is None:
            self._fields.setdefault(name, read)
        elif year.isdecimal() and not month and not day:
            self._fields.setdefault(name, PartialDate(year=int(year)))
        elif text.strip("-0 "):
            self._extra.append((column, text))
            self.warnings.append(f"{column}: {text[:80]!r} is not a date")


def _addresses_in(text: str) -> list[str]:
    """The e-mail addresses of a cell: one, one beside a name, or several."""
    if found := _ADDRESS_IN_WORDS.search(text[-500:]):
        return [found[1]]
    parts = _SEPARATORS.split(text.strip("\"'<>;, "))
    parts = [part.removeprefix("mailto:").removeprefix("MAILTO:") for part in parts]
    return parts if all("@" in part.strip("@") for part in parts) else []
