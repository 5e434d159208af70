"""Reading JSON of which the documents promise a shape, and which may have another all the same."""

from collections.abc import Mapping
from typing import Any

JsonFields = Mapping[str, Any]

JsonObject = dict[str, Any]
"""A JSON object as Google sent it."""


class NotAsPromised(ValueError):
    """What the documents promise is not there, or is not so: in words for people."""


def reason_of(error: Exception) -> str:
    """Why a resource could not be read; an error that is none of ours has no words for people."""
    if isinstance(error, NotAsPromised):
        return str(error)
    return "something in it is not as Google's documents promise"


def text(fields: JsonFields, key: str) -> str | None:
    """A text that says something, without blanks at its ends; else None."""
    found = fields.get(key)
    return found.strip() or None if isinstance(found, str) else None


def number(fields: JsonFields, key: str) -> int | None:
    """A whole number above zero; else None."""
    found = fields.get(key)
    return found if isinstance(found, int) and found > 0 else None


def within(fields: JsonFields, key: str) -> JsonFields:
    """The object under a key; an empty one where there is none."""
    found = fields.get(key)
    return found if isinstance(found, dict) else {}


def listed(fields: JsonFields, key: str) -> list[JsonFields]:
    """The objects in the list under a key; none where there is no list.

    :raises NotAsPromised: something else stands there.
    """
    found = fields.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise NotAsPromised(f"{key}: a list of objects was promised, not {str(found)[:80]}")
    return found
