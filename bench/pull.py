"""What a pull costs on Radicale and Xandikos, beside raw requests and beside vdirsyncer.

    python bench/pull.py [--events 5000] [--contacts 5000] [--series 4] [--rounds 3]
                         [--servers radicale,xandikos] [--vdirsyncer COMMAND]

Starts each server as a process on loopback, with a calendar and an address book that were laid on
its disk, and reads them once so that its own caches are warm. `--series` says how many in a hundred
events repeat: a calendar that is rich in series has more to expand than to fetch. Then measures
whole commands, each in a process of its own, in turn and equally often; the least of the rounds
counts, in CPU seconds of the command (the server has its own) and, as `_wall`, by the clock:

reference    every etag and body by `requests`, through lxml, nothing parsed (multiget of 1,000)
first        `kithbook pull` into an empty folder: everything parsed and stored
again        `kithbook pull` once more: nothing changed
*_inner      the same two without the start of Python and its imports
again_floor  the least that any client can ask, for a ctag of each collection, by `requests`: the
             clock alone
vdirsyncer   its first and its second `sync` into folders, when the command is given (it is not a
             dependency: install it anywhere and name it, as --vdirsyncer ~/venv/bin/vdirsyncer)

The last line is one JSON object, by server: seconds, ratios of CPU, requests made and peak memory
in MB.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.contract.connector_contract import PASSWORD  # noqa: E402 -- the folder above must be on the path first
from tests.support.dav_servers import USER, DavServer, run_radicale, run_xandikos  # noqa: E402 -- likewise
from tests.support.failing_proxy import run_proxy  # noqa: E402 -- likewise

SERVERS: dict[str, Callable[[Path], AbstractContextManager[DavServer]]] = {
    "radicale": run_radicale,
    "xandikos": run_xandikos,
}
REFERENCE_BATCH = 1000
COMMAND_SECONDS_AT_MOST = 600
KITHBOOK = [sys.executable, "-c", "from pipeline.cli import main; main()"]

CONFIG = """
data = "{data}"

[owner.me]
emails = ["person0@example.org"]
time_zone = "Europe/Lisbon"
phone_region = "PT"

[source.home]
type = "caldav"
url = "{url}/"
username = "{user}"
password_env = "BENCH_PASSWORD"
"""

VDIRSYNCER_CONFIG = """
[general]
status_path = "{folder}/status"
[pair events]
a = "events_here"
b = "events_there"
collections = ["work"]
[storage events_here]
type = "filesystem"
path = "{folder}/events"
fileext = ".ics"
[storage events_there]
type = "caldav"
url = "{url}/"
username = "{user}"
password = "{password}"
[pair cards]
a = "cards_here"
b = "cards_there"
collections = ["book"]
[storage cards_here]
type = "filesystem"
path = "{folder}/cards"
fileext = ".vcf"
[storage cards_there]
type = "carddav"
url = "{url}/"
username = "{user}"
password = "{password}"
"""

LISTING = b"""<?xml version="1.0" encoding="utf-8"?>
<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>"""
CTAG = b"""<?xml version="1.0" encoding="utf-8"?>
<propfind xmlns="DAV:"><prop><getctag xmlns="http://calendarserver.org/ns/"/></prop></propfind>"""
MULTIGET = {
    "ics": ("C:calendar-multiget", "C:calendar-data", "urn:ietf:params:xml:ns:caldav"),
    "vcf": ("C:addressbook-multiget", "C:address-data", "urn:ietf:params:xml:ns:carddav"),
}


@dataclass(frozen=True, slots=True)
class Run:
    """One command."""

    cpu: float
    wall: float
    peak_mb: float
    output: str = ""


# --- what is read -------------------------------------------------------------------------


RULES = (
    "RRULE:FREQ=WEEKLY;COUNT=20\r\n",
    "RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR\r\n",
    "RRULE:FREQ=MONTHLY;BYDAY=-1TH\r\n",
    "RRULE:FREQ=DAILY;COUNT=200\r\n",
)
"""How a series repeats, one as often as the other."""


def event(number: int, series: int, chance: random.Random, now: datetime) -> bytes:
    """About 1.75 kB: a meeting of the last three years with its guests.

    :param series: how many in a hundred repeat.
    """
    start = now - timedelta(days=chance.randint(1, 1000), hours=chance.randint(0, 9))
    rule = RULES[number // 100 % len(RULES)] if number % 100 < series else ""
    people = chance.sample(range(1, 500), chance.randint(8, 14))
    guests = "".join(
        f"ATTENDEE;CN=Person {one};CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;\r\n"
        f" RSVP=TRUE:mailto:person{one}@example.org\r\n"
        for one in people
    )
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Calendar 1.0//EN\r\n"
        f"BEGIN:VEVENT\r\nUID:event-{number}@example.org\r\nDTSTAMP:20260101T000000Z\r\n"
        f"CREATED:20260101T000000Z\r\nLAST-MODIFIED:20260101T000000Z\r\n"
        f"DTSTART:{start:%Y%m%dT%H%M00Z}\r\nDTEND:{start + timedelta(hours=1):%Y%m%dT%H%M00Z}\r\n"
        f"{rule}SUMMARY:Meeting {number}\r\nLOCATION:Room {number % 40}\r\n"
        f"DESCRIPTION:{'Agenda and notes of the last time. ' * 2}\r\n"
        f"ORGANIZER;CN=Person 0:mailto:person0@example.org\r\n{guests}"
        "STATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\nSEQUENCE:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def card(number: int, chance: random.Random) -> bytes:
    """About 450 bytes: a card as a phone makes it."""
    given = chance.choice(("Ana", "Rui", "Eva", "João", "Zoë", "Inês", "Mary Ann"))
    family = chance.choice(("Lima", "Costa", "Müller", "O'Brien", "García", "Ørsted"))
    return (
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:card-{number}\r\nFN:{given} {family} {number}\r\n"
        f"N:{family} {number};{given};;;\r\nORG:Company {number % 997}\r\nTITLE:Engineer\r\n"
        f"EMAIL;TYPE=INTERNET,HOME:person{number}@example.org\r\n"
        f"EMAIL;TYPE=INTERNET,WORK:p{number}@company{number % 997}.example\r\n"
        f"TEL;TYPE=CELL:+351 9{number:08}\r\nADR;TYPE=HOME:;;Rua {number};Lisboa;;1000;Portugal\r\n"
        f"BDAY:{chance.randint(1940, 2005)}-{chance.randint(1, 12):02}-11\r\n"
        "NOTE:Met at the choir\\, likes tea.\r\nREV:2024-05-01T12:00:00Z\r\nEND:VCARD\r\n"
    ).encode()


def seed(server: DavServer, events: int, contacts: int, series: int) -> None:
    """Lay both collections on the server's disk."""
    chance = random.Random(20260101)  # the same book each time
    now = datetime.now(UTC).replace(minute=0)
    bodies = {
        server.make_calendar("work", "VEVENT"): {
            f"event-{number}.ics": event(number, series, chance, now) for number in range(events)
        },
        server.make_book("book"): {
            f"card-{number}.vcf": card(number, chance) for number in range(contacts)
        },
    }
    for path, files in bodies.items():
        server.lay(path, files)


# --- who reads it ----------------------------------------------------------------------------


def read_raw(url: str, paths: list[str]) -> int:
    """Everything there is by plain requests; how many bodies."""
    import requests
    from lxml import etree

    session = requests.Session()
    session.auth = (USER, PASSWORD)
    headers = {"Depth": "1", "Content-Type": "application/xml"}
    bodies = 0
    for path in paths:
        listing = session.request("PROPFIND", url + path, data=LISTING, headers=headers)
        tree = etree.fromstring(listing.content)
        hrefs = [str(href.text) for href in tree.iter("{DAV:}href")]
        hrefs = [href for href in hrefs if not href.endswith("/")]
        if not hrefs:
            continue
        report, content, space = MULTIGET[hrefs[0].rpartition(".")[2]]
        for start in range(0, len(hrefs), REFERENCE_BATCH):
            asked = "".join(f"<href>{href}</href>" for href in hrefs[start:][:REFERENCE_BATCH])
            body = (
                f'<{report} xmlns="DAV:" xmlns:C="{space}"><prop><getetag/><{content}/></prop>'
                f"{asked}</{report}>"
            )
            answer = session.request("REPORT", url + path, data=body.encode(), headers=headers)
            found = etree.fromstring(answer.content)
            bodies += sum(1 for _ in found.iter(f"{{{space}}}{content[2:]}"))
    return bodies


def ask_raw(url: str, paths: list[str]) -> float:
    """Seconds until the server has said of each collection whether anything changed."""
    import requests

    session = requests.Session()
    session.auth = (USER, PASSWORD)
    headers = {"Depth": "0", "Content-Type": "application/xml"}
    started = time.perf_counter()
    for path in paths:
        answer = session.request("PROPFIND", url + path, data=CTAG, headers=headers)
        assert b"getctag>" in answer.content, answer.content
    return time.perf_counter() - started


def run(command: list[str], folder: Path, answers: bytes = b"") -> Run:
    """A command to its end; its last words when it fails."""
    environment = {**os.environ, "BENCH_PASSWORD": PASSWORD, "PYTHONPATH": str(ROOT)}
    started = time.perf_counter()
    with (folder / "output").open("w+b") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            env=environment,
            cwd=folder,
        )
        assert process.stdin is not None
        process.stdin.write(answers)
        process.stdin.close()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        words = output.read().decode(errors="replace")
        if process.returncode:
            raise SystemExit(f"{command[0]} ended with {process.returncode}:\n{words[-2000:]}")
    return Run(usage.ru_utime + usage.ru_stime, seconds, usage.ru_maxrss / 1024, words)


def pull_inner(path: Path) -> list[float]:
    """CPU and wall of a first pull and of the one after it, in this process, with all imported."""
    import caldav.davclient  # noqa: F401 -- what the connector imports when it is first asked

    from pipeline import config
    from pipeline.book import state_file
    from pipeline.book.folder import Folder
    from pipeline.sync import pull

    settings = config.load(path)
    folder = Folder(settings.data)
    folder.make()
    seconds = []
    for _ in range(2):
        began, started = time.process_time(), time.perf_counter()
        with closing(state_file.open_state(folder, settings.owner.time_zone)) as connection:
            outcomes = pull.pull(connection, settings, settings.sources, datetime.now(UTC))
        seconds += [time.process_time() - began, time.perf_counter() - started]
        for outcome in outcomes:
            if outcome.error:
                raise outcome.error
    return seconds


def write_config(folder: Path, url: str) -> Path:
    """A config with its data beside it."""
    folder.mkdir(parents=True)
    path = folder / "config.toml"
    path.write_text(CONFIG.format(url=url, user=USER, data=folder / "data"))
    return path


def kithbook(folder: Path, url: str) -> list[str]:
    """`kithbook pull` with its data in `folder`."""
    config = write_config(folder, url)
    return [*KITHBOOK, "--config", str(config), "pull", "--quiet"]


def vdirsyncer(command: str, folder: Path, server: DavServer) -> list[str]:
    """`vdirsyncer sync`, with its collections already discovered."""
    folder.mkdir(parents=True)
    config = folder / "config"
    config.write_text(
        VDIRSYNCER_CONFIG.format(folder=folder, url=server.url, user=USER, password=PASSWORD)
    )
    run([command, "-c", str(config), "discover"], folder, b"y\n" * 8)
    return [command, "-c", str(config), "sync"]


def count_requests(server: DavServer, folder: Path) -> tuple[int, int]:
    """How many requests a first pull makes, and the one after it."""
    with run_proxy(server.address) as proxy:
        command = kithbook(folder, proxy.url)
        run(command, folder)
        first = proxy.count()
        run(command, folder)
        return first, proxy.count() - first


# --- beside each other -------------------------------------------------------------------------


def measure(server: DavServer, options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """All figures for one server."""
    seed(server, options.events, options.contacts, options.series)
    paths = [f"{server.calendar_home}work/", f"{server.book_home}book/"]
    bodies = read_raw(server.url, paths)  # warms the server's own caches, too
    if bodies != options.events + options.contacts:
        raise SystemExit(f"{server.name} handed over {bodies} bodies")
    raw = [sys.executable, __file__, "--read-raw", server.url, *paths]
    runs: dict[str, list[Run]] = {"reference": [], "first": [], "again": []}
    runs |= {"first_inner": [], "again_inner": []}
    if options.vdirsyncer:
        runs |= {"vdirsyncer_first": [], "vdirsyncer_second": []}
    for number in range(options.rounds):
        runs["reference"].append(run(raw, folder))
        command = kithbook(folder / f"kithbook-{number}", server.url)
        runs["first"].append(run(command, folder))
        runs["again"].append(run(command, folder))
        config = write_config(folder / f"inner-{number}", server.url)
        inner = run([sys.executable, __file__, "--pull-inner", str(config)], folder)
        cpu_first, first, cpu_again, again = map(float, inner.output.split())
        runs["first_inner"].append(Run(cpu_first, first, inner.peak_mb))
        runs["again_inner"].append(Run(cpu_again, again, inner.peak_mb))
        if options.vdirsyncer:
            command = vdirsyncer(options.vdirsyncer, folder / f"vdirsyncer-{number}", server)
            runs["vdirsyncer_first"].append(run(command, folder))
            runs["vdirsyncer_second"].append(run(command, folder))
    best = {name: min(one.cpu for one in found) for name, found in runs.items()}
    walls = {name: min(one.wall for one in found) for name, found in runs.items()}
    walls["again_floor"] = min(ask_raw(server.url, paths) for _ in range(options.rounds))
    first_requests, again_requests = count_requests(server, folder / "counted")
    figures: dict[str, Any] = {name: round(seconds, 3) for name, seconds in best.items()}
    figures |= {f"{name}_wall": round(seconds, 3) for name, seconds in walls.items()}
    figures["ratio"] = round(best["first"] / best["reference"], 2)
    if options.vdirsyncer:
        figures["first_times_cheaper"] = round(best["vdirsyncer_first"] / best["first"], 2)
        figures["again_times_cheaper"] = round(best["vdirsyncer_second"] / best["again"], 2)
        figures["again_inner_times_cheaper"] = round(
            best["vdirsyncer_second"] / best["again_inner"], 2
        )
    figures["first_requests"] = first_requests
    figures["again_requests"] = again_requests
    figures["peak_mb"] = round(max(one.peak_mb for one in runs["first"]), 1)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--events", type=int, default=5000)
    parser.add_argument("--contacts", type=int, default=5000)
    parser.add_argument("--series", type=int, default=4, help="of a hundred events")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--servers", default=",".join(SERVERS))
    parser.add_argument("--vdirsyncer", help="the command to compare with")
    parser.add_argument("--pull-inner", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--read-raw", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read_raw:
        url, *paths = options.read_raw
        print(read_raw(url, paths))
        return
    if options.pull_inner:
        print(*pull_inner(options.pull_inner))
        return
    if not options.vdirsyncer:
        print("without --vdirsyncer its figures are left out", file=sys.stderr)
    figures: dict[str, Any] = {
        "events": options.events,
        "contacts": options.contacts,
        "series": options.series,
    }
    for name in options.servers.split(","):
        with tempfile.TemporaryDirectory(prefix="kithbook-bench-") as scratch:
            folder = Path(scratch)
            with SERVERS[name](folder / "server") as server:
                figures[name] = measure(server, options, folder)
        for figure, value in figures[name].items():
            print(f"{name:10} {figure:26} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
