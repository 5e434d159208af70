"""A Contact in the making: what the properties of a card put in, and how it comes together."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from connectors.content_lines import unescape
from connectors.contract import Address, CardKind, Contact, ContactPoint, PartialDate, Related
from connectors.dates import day_of, read_card_date
from connectors.vcard.property_head import PropertyHead, plain_label

_APPLE_DATES = {
    "anniversary": "anniversary",
    "birthday": "birthday",
    "death": "death_date",
    "first met": "first_met",
}
"""Label of an X-ABDATE → the field it belongs to."""

ADDRESS_PARTS = ("po_box", "extended", "street", "city", "region", "postal_code", "country")
"""The fields of an Address in the order of ADR (RFC 6350 section 6.3.1)."""

MAX_TEXT = 256 * 1024
"""Characters of one value that are kept; the body keeps the rest."""


class ContactBuilder:
    """Takes the properties of one card in their order.

    `texts` and `dates` are keyed by the Contact's fields; what is not there is not known.
    `agents` are the cards within this one (AGENT), as text.
    E-mails and their like wait with their property for a label of their group; `extensions` are
    those of the phones at these places. `problem` is what
    the property taken last had wrong with it, if anything.
    """

    __slots__ = (
        "_addresses",
        "_alternatives",
        "_apple_dates",
        "_labels",
        "_relations",
        "agents",
        "categories",
        "dates",
        "emails",
        "extensions",
        "extra",
        "fallback_charset",
        "has_photo",
        "ims",
        "is_company",
        "kind",
        "members",
        "nicknames",
        "phones",
        "problem",
        "texts",
        "urls",
    )

    def __init__(self, fallback_charset: str | None) -> None:
        self.fallback_charset = fallback_charset
        self.problem: str | None = None
        self.kind: CardKind = "individual"
        self.is_company = False
        self.has_photo = False
        self.texts: dict[str, str] = {}
        self.dates: dict[str, PartialDate] = {}
        self.nicknames: list[str] = []
        self.categories: list[str] = []
        self.members: list[str] = []
        self.emails: list[tuple[str, PropertyHead]] = []
        self.phones: list[tuple[str, PropertyHead]] = []
        self.urls: list[tuple[str, PropertyHead]] = []
        self.ims: list[tuple[str, PropertyHead]] = []
        self.extensions: dict[int, str] = {}
        self.agents: list[str] = []
        self.extra: list[tuple[str, str]] = []
        self._addresses: list[tuple[list[str], PropertyHead]] = []
        self._relations: list[tuple[str, str, str]] = []
        self._labels: dict[str, str] = {}
        self._apple_dates: list[tuple[str, PropertyHead]] = []
        self._alternatives: set[tuple[str, str]] = set()

    # --- what handlers call

    def set_text(self, field: str, text: str, prop: PropertyHead) -> None:
        """The first value that says something wins; another one is kept in extra."""
        if text and self.texts.setdefault(field, text) != text:
            self.extra.append((prop.name, text))

    def keep(self, prop: PropertyHead, value: str) -> None:
        """A property without a field. Of what is no text only the name; the body holds it whole."""
        if prop.encoding == "b" or value.startswith("data:"):
            self.extra.append((prop.name, ""))
        elif value:
            self.extra.append((prop.name, unescape(value[:MAX_TEXT])))

    def set_date(self, field: str, text: str, prop: PropertyHead) -> None:
        """The first date wins; another one is kept in extra."""
        parts = read_card_date(text, prop.omitted_year)
        if parts and parts.text is not None and not prop.is_text:
            self.problem = kept_as_text(prop, text, "date")
        if parts and self.dates.setdefault(field, parts) != parts:
            self.extra.append((prop.name, text))

    def add_address(self, parts: list[str], prop: PropertyHead) -> None:
        """The values of ADDRESS_PARTS, perhaps with more behind them."""
        self._addresses.append((parts, prop))

    def add_relation(self, name: str, label: str, group: str = "") -> None:
        """Somebody named in the card."""
        if name:
            self._relations.append((name, label, group))

    def add_apple_date(self, text: str, prop: PropertyHead) -> None:
        """A date that its label names."""
        parts = read_card_date(text)
        if parts and parts.text is not None and not prop.is_text:
            self.problem = kept_as_text(prop, text, "date")
        self._apple_dates.append((text, prop))

    def set_label(self, group: str, text: str) -> None:
        """What the user calls the property of this group."""
        self._labels[group] = plain_label(text)

    def is_alternative(self, prop: PropertyHead) -> bool:
        """Same property and same ALTID: the same value in another language or form."""
        key = (prop.name, prop.alternative)
        if key in self._alternatives:
            return True
        self._alternatives.add(key)
        return False

    # --- the end

    def contact(self) -> Contact:
        """The Contact, with the labels that other lines of the same group gave."""
        if self._apple_dates:
            self._name_apple_dates()
        if self.is_company and self.kind == "individual":
            self.kind = "organization"
        emails = self._labelled(self.emails)
        fields: dict[str, Any] = {**self.texts, **self.dates}
        if "full_name" not in fields:
            fields["full_name"] = self._name(emails)
        if "first_met" in fields:
            fields["first_met"] = day_of(fields["first_met"])
        return Contact(
            kind=self.kind,
            nicknames=_distinct(self.nicknames),
            emails=emails,
            phones=self._with_extensions(self._labelled(self.phones)),
            urls=self._labelled(self.urls),
            ims=self._labelled(self.ims),
            addresses=self._labelled_addresses(),
            categories=_distinct(self.categories),
            members=_distinct(self.members),
            related=self._labelled_relations(),
            has_photo=self.has_photo,
            extra=tuple(self.extra),
            **fields,
        )

    def _name(self, emails: tuple[ContactPoint, ...]) -> str | None:
        """Where FN is missing: N, then NICKNAME, ORG, the first e-mail."""
        fields = ("prefix", "given", "middle", "family", "suffix")
        parts = [self.texts[field] for field in fields if field in self.texts]
        if parts:
            return " ".join(parts)
        if self.nicknames:
            return self.nicknames[0]
        return self.texts.get("organization") or (emails[0].value if emails else None)

    def _label(self, prop: PropertyHead) -> str | None:
        return (self._labels.get(prop.group) if self._labels else None) or prop.label

    def _labelled(self, points: list[tuple[str, PropertyHead]]) -> tuple[ContactPoint, ...]:
        if not points:
            return ()
        best = -1
        for _, prop in points:
            if prop.preference and (best < 0 or prop.preference < best):
                best = prop.preference
        if self._labels:
            return tuple(
                [
                    ContactPoint(value, self._label(prop), prop.preference == best)
                    for value, prop in points
                ]
            )
        return tuple(
            [ContactPoint(value, prop.label, prop.preference == best) for value, prop in points]
        )

    def _with_extensions(self, phones: tuple[ContactPoint, ...]) -> tuple[ContactPoint, ...]:
        if not self.extensions:
            return phones
        return tuple(
            replace(phone, extension=self.extensions.get(place))
            for place, phone in enumerate(phones)
        )

    def _labelled_addresses(self) -> tuple[Address, ...]:
        if not self._addresses:
            return ()
        return tuple([_address(parts, self._label(prop)) for parts, prop in self._addresses])

    def _labelled_relations(self) -> tuple[Related, ...]:
        if not self._relations:
            return ()
        return tuple(
            [
                Related(name, self._labels.get(group) or label or None)
                for name, label, group in self._relations
            ]
        )

    def _name_apple_dates(self) -> None:
        """Apple's dates say in a label of their own what they are the date of."""
        for text, prop in self._apple_dates:
            label = self._label(prop) or ""
            field = _APPLE_DATES.get(label)
            parts = read_card_date(text)
            if field and parts and self.dates.setdefault(field, parts) == parts:
                continue
            self.extra.append(("X-ABDATE", f"{text} ({label})" if label else text))


def _address(parts: list[str], label: str | None) -> Address:
    po_box, extended, street, city, region, postal_code, country = parts[: len(ADDRESS_PARTS)]
    return Address(street, extended, po_box, city, region, postal_code, country, label)


def kept_as_text(prop: PropertyHead, text: str, wanted: str) -> str:
    """The reason of a warning: a value that is not what its property holds."""
    shown = text.strip()
    shown = shown if len(shown) <= 60 else shown[:59] + "…"
    return f"{prop.name}: '{shown}' is not a {wanted}; it is kept as a text"


def _distinct(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts)) if len(texts) > 1 else tuple(texts)


ReadProperty = Callable[[ContactBuilder, PropertyHead, str], None]
"""Takes the decoded, still escaped value of a property into the builder."""
