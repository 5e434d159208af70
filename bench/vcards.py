"""Speed and memory of the vCard reader, beside vobject and beside merely splitting the file.

    python bench/vcards.py [--cards 100000] [--repeat 3] [--folder DIR]

Generates a file of cards (one in ten with a photo of 30 kB), then measures in a process each:
splitting (the plainest loop over lines of text that finds the cards), our reader (every card to a
Contact), each several times by turns, of which the best counts; vobject's `readComponents` to the
end of the same file, once; and once the whole `kithbook import` of the file and of one half as
long: parse, load, build and publish. The last line is one JSON object; seconds and cards per second
are of the whole file, memory in MB; `cpu` seconds are those of all threads and of the process that
the import reads the file in, and tell more where other programs run beside. The import's peak is
that of both processes at one instant, looked at every 20 ms (null where there is no /proc).
"""

import argparse
import base64
import contextlib
import io
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

PHOTO_BYTES = 30_000
GIVEN = ("Ana", "Rui", "Eva", "João", "Zoë", "Jürgen", "Mary Ann", "李", "Олег", "Inês")
FAMILY = ("Lima", "Costa", "Müller", "O'Brien", "van der Berg", "Ørsted", "García", "Smith")
CITIES = ("Lisboa", "Porto", "Köln", "São Paulo", "New York")


def card(number: int, chance: random.Random) -> bytes:
    """One 3.0 card as a phone's address book exports it, about 600 bytes without its photo."""
    given, family = chance.choice(GIVEN), chance.choice(FAMILY)
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "PRODID:-//Example Corp.//Address Book 11.2//EN",
        f"N:{family};{given};;;",
        f"FN:{given} {family}",
        f"ORG:Company {number % 997}\\, Ltd;Department {number % 13}",
        "TITLE:Engineer",
        f"EMAIL;TYPE=INTERNET;TYPE=HOME;TYPE=pref:person{number}@example.org",
        f"EMAIL;TYPE=INTERNET;TYPE=WORK:p{number}@company{number % 997}.example",
        f"TEL;TYPE=CELL;TYPE=VOICE:+351 9{number:08}",
        f"item1.TEL:+49 30 {number:07}",
        "item1.X-ABLabel:_$!<Other>!$_",
        f"ADR;TYPE=HOME:;;Rua {number};{chance.choice(CITIES)};;{number % 10000:04};Portugal",
        f"BDAY:{chance.randint(1930, 2010)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
        f"NOTE:Met at the choir\\, spring {chance.randint(1990, 2025)}.\\nLikes tea\\; no sugar.",
        "CATEGORIES:Friends,Choir",
        f"URL:https://example.org/~person{number}",
        f"UID:{number:08x}-0000-4000-8000-{number:012x}",
        "REV:2024-05-01T12:00:00Z",
    ]
    body = "\r\n".join(lines).encode() + b"\r\n"
    if number % 10 == 0:
        body += folded(b"PHOTO;ENCODING=b;TYPE=JPEG:" + photo(chance))
    return body + b"END:VCARD\r\n"


def photo(chance: random.Random) -> bytes:
    """Bytes as random as a JPEG's, in base64."""
    return base64.b64encode(chance.randbytes(PHOTO_BYTES))


def folded(line: bytes) -> bytes:
    """RFC 2426 section 2.6: 75 bytes a line."""
    parts = [line[:75], *(line[at : at + 74] for at in range(75, len(line), 74))]
    return b"\r\n ".join(parts) + b"\r\n"


def generate(path: Path, cards: int) -> None:
    chance = random.Random(1)
    with path.open("wb") as file:
        for number in range(cards):
            file.write(card(number, chance))


# --- what is measured ---------------------------------------------------------------------


def split_plainly(stream: TextIO) -> Iterator[str]:
    """The cards of a well-formed file: the least that any reader does."""
    lines: list[str] = []
    for line in stream:
        lines.append(line)
        if line.strip().upper() == "END:VCARD":
            yield "".join(lines)
            lines = []


def run_splitting(path: Path, _cards: int) -> int:
    with path.open(encoding="utf-8", newline="") as stream:
        return sum(1 for _ in split_plainly(stream))


def run_ours(path: Path, _cards: int) -> int:
    from connectors.vcard import RawCard, read, split
    from pipeline.book.bulk_insert import seldom_collecting

    count = 0
    with path.open("rb") as stream, seldom_collecting():  # as the import reads
        for raw in split(stream):
            if isinstance(raw, RawCard):
                contact, _ = read(raw.body)
                count += contact.full_name is not None
    return count


def run_our_splitting(path: Path, _cards: int) -> int:
    from connectors.vcard import split

    with path.open("rb") as stream:
        return sum(1 for _ in split(stream))


def run_vobject(path: Path, cards: int) -> int:
    import vobject

    with path.open(encoding="utf-8", newline="") as stream:
        return sum(1 for _ in islice(vobject.readComponents(stream), cards))


def run_import(path: Path, cards: int) -> int:
    """`kithbook import`: parse, load, build and publish, in a data folder beside the file."""
    from pipeline import cli

    data = path.with_suffix(".book")
    os.environ["KITHBOOK_CONFIG"] = str(path.with_suffix(".none"))
    base = ["--data", str(data)]
    with contextlib.redirect_stdout(io.StringIO()):
        code = cli.run([*base, "import", str(path)])
    shutil.rmtree(data)
    if code:
        raise SystemExit(f"the import ended with {code}")
    return cards


RUNS: dict[str, Callable[[Path, int], int]] = {
    "splitting": run_splitting,
    "our_splitting": run_our_splitting,
    "ours": run_ours,
    "vobject": run_vobject,
    "import": run_import,
}


def measured(name: str, path: Path, cards: int) -> dict[str, Any]:
    """Cards, seconds and peak memory of one run in a process of its own."""
    command = [sys.executable, __file__, "--run", name, "--cards", str(cards), str(path)]
    peak = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        while run.poll() is None:
            peak = max(peak, memory_of(run.pid))
            time.sleep(0.02)
        said = run.communicate()[0]
    if run.returncode:
        raise SystemExit(f"{name} ended with {run.returncode}")
    result: dict[str, Any] = json.loads(said)
    if result["cards"] != cards:
        raise SystemExit(f"{name} found {result['cards']} cards of {cards}")
    return {**result, "tree_peak_mb": round(peak / (1 << 20), 1) if peak else None}


def memory_of(process: int) -> int:
    """Bytes in memory now of a process and of those that it started.

    Pages of files count once: they are of the same Python and the same libraries.
    """
    resident, _ = resident_of(process)
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # the thread is over
            for child in path.read_text().split():
                childs, of_files = resident_of(int(child))
                resident += childs - of_files
    return resident


def resident_of(process: int) -> tuple[int, int]:
    """Bytes in memory, and how many of them are pages of files; nothing of one that has ended."""
    with contextlib.suppress(OSError):
        counts = Path(f"/proc/{process}/statm").read_text().split()
        return int(counts[1]) * resource.getpagesize(), int(counts[2]) * resource.getpagesize()
    return 0, 0


def run_one(name: str, path: Path, cards: int) -> None:
    started, cpu = time.perf_counter(), time.process_time()
    count = RUNS[name](path, cards)
    seconds = time.perf_counter() - started
    ours = resource.getrusage(resource.RUSAGE_SELF)
    childs = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = {
        "cards": count,
        "seconds": seconds,
        "cpu_seconds": time.process_time() - cpu + childs.ru_utime + childs.ru_stime,
        "peak_mb": round(ours.ru_maxrss / 1024, 1),
    }
    print(json.dumps(ran))


def compare(folder: Path, cards: int, repeat: int) -> dict[str, Any]:
    path, tenth, half = folder / "cards.vcf", folder / "tenth.vcf", folder / "half.vcf"
    lengths = {path: cards, tenth: cards // 10, half: cards // 2}
    for part, count in lengths.items():
        generate(part, max(1, count))
    best: dict[str, dict[str, Any]] = {}
    for _ in range(repeat):
        for name in ("splitting", "ours", "our_splitting"):
            run = measured(name, path, cards)
            if name not in best or run["seconds"] < best[name]["seconds"]:
                best[name] = run
    # The same file to its end, once: it takes a minute, and a few of the cards would not tell.
    best["vobject"] = measured("vobject", path, cards)
    splitting, ours, our_splitting, vobject = best.values()
    short = measured("ours", tenth, max(1, cards // 10))
    whole = measured("import", path, cards)
    halved = measured("import", half, max(1, cards // 2))
    vobject_rate = cards / vobject["seconds"]
    rate = cards / ours["seconds"]
    return {
        "cards": cards,
        "file_mb": round(path.stat().st_size / 1e6, 1),
        "seconds": round(ours["seconds"], 3),
        "reference_seconds": round(splitting["seconds"], 3),
        "ratio": round(ours["seconds"] / splitting["seconds"], 2),
        "ratio_goal": 3.5,
        "cards_per_second": round(rate),
        "our_splitting_seconds": round(our_splitting["seconds"], 3),
        "splitting_cards_per_second": round(cards / splitting["seconds"]),
        "vobject_cards_per_second": round(vobject_rate),
        "times_vobject": round(rate / vobject_rate, 1),
        "times_vobject_goal": 8,
        "import_seconds": round(whole["seconds"], 1),
        "import_times_vobject": round(cards / whole["seconds"] / vobject_rate, 1),
        "import_times_vobject_goal": 4,
        "import_cpu_seconds": round(whole["cpu_seconds"], 1),
        "import_times_vobject_cpu": round(vobject["cpu_seconds"] / whole["cpu_seconds"], 1),
        "import_peak_mb": whole["tree_peak_mb"],
        "import_peak_mb_of_half": halved["tree_peak_mb"],
        "import_peak_mb_goal": 300,
        "peak_mb": ours["peak_mb"],
        "peak_mb_of_a_tenth": short["peak_mb"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the files are made (default: temporary)")
    parser.add_argument("--run", choices=RUNS, help=argparse.SUPPRESS)
    parser.add_argument("path", type=Path, nargs="?", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        run_one(arguments.run, arguments.path, arguments.cards)
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        result = compare(Path(folder), arguments.cards, arguments.repeat)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
