"""The items of one .ics file, alone or in a folder."""

import os
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.contract import Item, Reject
from connectors.errors import UNCHANGED, SourceError
from connectors.file_source import fingerprint, open_regular
from connectors.ical.components import plain
from connectors.ical.split_by_uid import UidComponents, split
from connectors.ical.task_format import NoTask, read_task

MEDIA_TYPE = "text/calendar"
MAX_FILE_BYTES = 1_000_000_000
"""An archive of a million events; it is read into memory."""
_SAMPLE_BYTES = 10_000
_STAMP = re.compile(rb"^DTSTAMP[;:][^\n]*\n(?:[ \t][^\n]*\n)*", re.IGNORECASE | re.MULTILINE)


def read_file(path: Path) -> bytes:
    """All of a file.

    :raises SourceError: it cannot be read, or is larger than any calendar.
    """
    with closing(open_regular(path)) as stream:
        if os.fstat(stream.fileno()).st_size > MAX_FILE_BYTES:
            raise SourceError(
                f"{path} is larger than {MAX_FILE_BYTES:,} bytes. {UNCHANGED}",
                hint="Split it, for instance into one file a year.",
            )
        try:
            return stream.read(MAX_FILE_BYTES)
        except OSError as error:
            raise SourceError(
                f"{path} could not be read to its end: {error.strerror}. {UNCHANGED}",
                hint=f"Copy it to another disk and try that copy: cp {path} /tmp",
            ) from error


def items_in(name: str, path: Path, body: bytes, zone: ZoneInfo) -> Iterator[Item | Reject]:
    """What stands in a file.

    A file of a folder that holds one item is that item: its name is the href and its bytes make
    the etag. Several in one file are told apart by their UIDs; the hour at which the file was
    made, which programs write into each (RFC 5545 section 3.8.7.2), is no change of it.

    :param name: its name in the folder; empty for a file that is a source of its own.
    :raises SourceError: the single file of a source is no calendar.
    """
    found = split(body)
    first = _first_three(found)
    if not first:
        yield from _nothing(name, path, body)
        return
    is_one = bool(name) and _are_one_item(first)
    for one in chain(first, found):
        href = (
            name if is_one else _href(name, one.uid if isinstance(one, UidComponents) else one.href)
        )
        if isinstance(one, Reject):
            yield replace(one, href=href)
        else:
            told = body if is_one else _STAMP.sub(b"", one.body)
            yield _item(href, one, fingerprint([told]), zone)


def _first_three(found: Iterator[UidComponents | Reject]) -> list[UidComponents | Reject]:
    """The first parts and rejects, with their warnings: more tell nothing about how many UIDs."""
    first: list[UidComponents | Reject] = []
    left = 3
    for one in found:
        first.append(one)
        left -= isinstance(one, UidComponents) or not one.is_warning
        if not left:
            break
    return first


def _are_one_item(found: list[UidComponents | Reject]) -> bool:
    """Whether one UID, as an event, a task or both, is all that stands in the file."""
    uids = {one.uid for one in found if isinstance(one, UidComponents)}
    rejected = [one for one in found if isinstance(one, Reject) and not one.is_warning]
    return len(uids) + len(rejected) == 1


def _nothing(name: str, path: Path, body: bytes) -> Iterator[Reject]:
    """A file without events and tasks: journals alone are well, other things are not."""
    if not name and b"BEGIN:VCALENDAR" not in plain(body).upper():
        raise SourceError(
            f"There is no calendar in {path}. {UNCHANGED}",
            hint=f"A calendar file begins with BEGIN:VCALENDAR. Look at yours: head {path}",
        )
    if name and b"BEGIN:VJOURNAL" not in body.upper():
        yield Reject("there is no event or task in it", name, content=body[:_SAMPLE_BYTES])


def _item(href: str, part: UidComponents, etag: str, zone: ZoneInfo) -> Item | Reject:
    if part.kind == "event":
        return Item(href, part.uid, "event", etag, MEDIA_TYPE, part.body)
    try:
        task = read_task(part.body, zone)
    except NoTask as error:
        return Reject(str(error), href, part.position, part.body[:_SAMPLE_BYTES])
    return Item(href, part.uid, "task", etag, MEDIA_TYPE, part.body, task=task)


def _href(name: str, uid: str | None) -> str:
    return f"{name}#{uid}" if name else str(uid)
