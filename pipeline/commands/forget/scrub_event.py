"""Taking somebody out of an event's body: their lines go, their name and address become "…"."""

import json
import re
from dataclasses import dataclass

GONE = "…"
"""What stands where a name or address was."""

FOLD = re.compile(rb"\r?\n[ \t]")
PERSON_LINE = re.compile(rb"^(?:ATTENDEE|ORGANIZER)[;:]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Traces:
    """By what somebody is found."""

    person_id: int
    records: tuple[int, ...]
    keys: tuple[str, ...]
    names: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    titled_items: tuple[int, ...]
    """Events whose title alone says that they are with this person."""

    @property
    def full_names(self) -> tuple[str, ...]:
        """Names of more than one word: a first name alone may be anybody's."""
        return tuple(name for name in self.names if len(name.split()) > 1)


def scrubbed(body: bytes, media_type: str, traces: Traces) -> bytes:
    """An event's body without somebody: their lines go, their name and address become "…"."""
    emails = [email.encode() for email in traces.emails]
    if media_type.endswith("json"):
        body = _without_guests(body, set(traces.emails))
    else:
        lines = FOLD.sub(b"", body).replace(b"\r\n", b"\n").split(b"\n")
        body = b"\r\n".join(
            line
            for line in lines
            if not (PERSON_LINE.match(line) and any(email in line.lower() for email in emails))
        )
    for text in (*traces.full_names, *traces.emails):
        body = re.sub(re.escape(text.encode()), GONE.encode(), body, flags=re.IGNORECASE)
    return body


def _without_guests(body: bytes, emails: set[str]) -> bytes:
    event = json.loads(body)
    event["attendees"] = [
        one for one in event.get("attendees", []) if str(one.get("email")).lower() not in emails
    ]
    for role in ("organizer", "creator"):
        if str(event.get(role, {}).get("email")).lower() in emails:
            event.pop(role)
    return json.dumps(event, ensure_ascii=False).encode()
