"""Requests and seconds of pulling a Google account, against the fewest its page sizes allow.

    python bench/google.py [--contacts 10000] [--events 20000] [--calendars 2]

The account stands on the local Google of the tests, in a process of its own. The least is one page
of the calendar list and of the contact groups, and as many full pages of people (1,000) and of
each calendar's events (2,500) as there are; when nothing has changed, one page of each. Prints one
JSON object as its last line; `cpu_seconds` is this side's work, the rest is the local Google's.
"""

import argparse
import json
import math
import multiprocessing
import resource
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

# Not beside this folder: here a module stands that has the name of Google's own package.
sys.path.pop(0)
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from connectors.contract import Access
from connectors.google.options import GoogleOptions
from connectors.google.source import Google
from tests.support.fake_google.server import GoogleServer

PEOPLE_A_PAGE, EVENTS_A_PAGE = 1000, 2500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--calendars", type=int, default=2)
    wanted = parser.parse_args()
    here, there = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        server = multiprocessing.Process(target=serve, args=(there, wanted, folder), daemon=True)
        server.start()
        url = here.recv()
        first = pull(url, Path(folder), {}, {})
        second = pull(url, Path(folder), first.pop("cursors"), first.pop("known"))
        here.send("end")
        server.join(10)
    del second["cursors"], second["known"]
    calendars = max(1, wanted.calendars)
    events = [wanted.events // calendars] * calendars
    events[0] += wanted.events - sum(events)
    least = 2 + pages(wanted.contacts, PEOPLE_A_PAGE) + sum(pages(n, EVENTS_A_PAGE) for n in events)
    least_unchanged = 3 + calendars
    print(
        json.dumps(
            {
                "contacts": wanted.contacts,
                "events": wanted.events,
                "requests": first["requests"],
                "requests_least": least,
                "ratio": first["requests"] / least,
                "seconds": first["seconds"],
                "cpu_seconds": first["cpu_seconds"],
                "items": first["items"],
                "requests_unchanged": second["requests"],
                "requests_unchanged_least": least_unchanged,
                "ratio_unchanged": second["requests"] / least_unchanged,
                "seconds_unchanged": second["seconds"],
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


def pages(count: int, size: int) -> int:
    return max(1, math.ceil(count / size))


def pull(
    url: str, folder: Path, cursors: dict[str, str | None], known: dict[str, dict[str, str]]
) -> dict[str, Any]:
    """One run over every collection, as the pipeline does it."""
    options = GoogleOptions(api_endpoint=url, token_file=str(folder / "token.json"))
    access = Access("bench", ZoneInfo("Europe/Lisbon"), secret=str, folder=folder)
    connector = Google(options, access)
    started, cpu_started = time.perf_counter(), time.process_time()
    items = 0
    after: dict[str, str | None] = {}
    held: dict[str, dict[str, str]] = {}
    for one in connector.collections():
        etags = held.setdefault(one.href, {})
        for page in connector.pull(one, cursors.get(one.href), known.get(one.href, {})):
            items += len(page.items)
            etags.update((item.href, item.etag) for item in page.items)
            after[one.href] = page.cursor
    return {
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - cpu_started,
        "requests": connector.requests_made,
        "items": items,
        "cursors": after,
        "known": held,
    }


def serve(pipe: Connection, wanted: argparse.Namespace, folder: str) -> None:
    """The account: people in groups with two addresses, timed meetings, a tenth of them series."""
    with GoogleServer() as google:
        account = google.account
        group = account.add_group("7", "Friends")
        member = [{"contactGroupMembership": {"contactGroupResourceName": group}}]
        for number in range(wanted.contacts):
            account.add_person(
                f"c{number}",
                names=[{"displayName": f"Given{number} Family", "givenName": f"Given{number}"}],
                emailAddresses=[
                    {"value": f"c{number}@example.net"},
                    {"value": f"{number}@a.example"},
                ],
                phoneNumbers=[{"value": f"+351 9{number:08}"}],
                memberships=member,
            )
        calendars = [account.email] + [
            account.add_calendar(f"c{number}", accessRole="owner", selected=True)
            for number in range(1, wanted.calendars)
        ]
        for number in range(wanted.events):
            start = f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}T{number % 9 + 9:02}"
            repeats = {"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=10"]} if number % 10 == 0 else {}
            account.add_event(
                f"e{number}",
                calendars[number % len(calendars)],
                summary=f"Meeting {number}",
                start={"dateTime": f"{start}:00:00Z", "timeZone": "Europe/Lisbon"},
                end={"dateTime": f"{start}:30:00Z", "timeZone": "Europe/Lisbon"},
                organizer={"email": account.email, "self": True},
                attendees=[
                    {"email": account.email, "self": True, "responseStatus": "accepted"},
                    {"email": f"c{number % 500}@example.net", "responseStatus": "accepted"},
                ],
                **repeats,
            )
        google.token_file(Path(folder))
        pipe.send(google.url)
        pipe.recv()


if __name__ == "__main__":
    main()
