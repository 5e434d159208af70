"""A calendar file split by UID, the parts apart from what could not be told apart."""

from dataclasses import dataclass

from connectors.contract import Reject
from connectors.ical import UidComponents, split


@dataclass(frozen=True, slots=True)
class SplitCalendar:
    parts: tuple[UidComponents, ...]
    rejects: tuple[Reject, ...]


def split_calendar(body: bytes) -> SplitCalendar:
    found = list(split(body))
    return SplitCalendar(
        tuple(one for one in found if isinstance(one, UidComponents)),
        tuple(one for one in found if isinstance(one, Reject)),
    )
