"""The kinds of vCard properties: each has names, a way to be read and one to be written.

`text_property`, `date_property` and `list_property` make those of which the value is just that.
"""

from collections.abc import Callable
from dataclasses import dataclass

from connectors.content_lines import split_escaped, unescape
from connectors.contract import Contact
from connectors.vcard.contact_builder import ContactBuilder, ReadProperty
from connectors.vcard.property_head import PropertyHead
from connectors.vcard.written_lines import CardLines

WriteProperty = Callable[[CardLines, Contact], None]
"""Adds the lines of a property, where the contact has it."""


@dataclass(frozen=True, slots=True)
class CardProperty:
    """One property. `names`: all under which it is read, in upper case."""

    names: tuple[str, ...]
    read: ReadProperty
    write: WriteProperty | None = None
    """None for what is read and written by another property, or not at all."""


def text_property(field: str, name: str, *other_names: str) -> CardProperty:
    """A field of Contact that holds a text; another value of it goes to `extra`."""

    def read(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
        if "\\" in value:  # asked here, not there: this is half of all properties
            value = unescape(value)
        text = value.strip()
        if text and builder.texts.setdefault(field, text) != text:
            builder.extra.append((prop.name, text))

    def write(lines: CardLines, contact: Contact) -> None:
        lines.add(name, getattr(contact, field))

    return CardProperty((name, *other_names), read, write)


def date_property(field: str, name: str, name_in_3: str | None = None) -> CardProperty:
    """A field of Contact that holds a date, under another name where 3.0 has none for it."""
    older = name_in_3 or name

    def read(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
        builder.set_date(field, unescape(value), prop)

    def write(lines: CardLines, contact: Contact) -> None:
        lines.add_date(name if lines.is_4 else older, getattr(contact, field))

    return CardProperty(tuple(dict.fromkeys((name, older))), read, write)


def list_property(field: str, name: str, *other_names: str) -> CardProperty:
    """A field of Contact that holds several texts, with commas between in the card."""

    def read(builder: ContactBuilder, _prop: PropertyHead, value: str) -> None:
        parts = [part.strip() for part in split_escaped(value, ",")]
        getattr(builder, field).extend([part for part in parts if part])

    def write(lines: CardLines, contact: Contact) -> None:
        if texts := getattr(contact, field):
            lines.add_parts(name, texts, ",")

    return CardProperty((name, *other_names), read, write)


def beyond(parts: list[str], known: int) -> str:
    """What a structured value says beyond the parts that have a field."""
    return "; ".join(part for part in parts[known:] if part)
