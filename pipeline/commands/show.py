"""`kithbook show PERSON`: everything known of one person, and why, on one screen."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from pipeline import people
from pipeline.book import decisions
from pipeline.book.queries import query
from pipeline.command_session import Session, rows_as_dicts
from pipeline.commands.options import Json
from pipeline.terminal import parse_durations
from pipeline.terminal.decision_words import SENTENCES
from pipeline.terminal.follow_up_words import kind_words
from pipeline.terminal.printing import show_json, show_wrapped
from pipeline.terminal.styles import Styled, bold
from pipeline.terminal.terminal_text import count, day, plain

if TYPE_CHECKING:
    import duckdb

Rows = list[dict[str, Any]]

DECISIONS_SHOWN = 5

LOOKS = {
    "in touch": "near",
    "on track": "near",
    "due soon": "near",
    "new": "near",
    "overdue": "while",
    "lapsed": "faint",
    "dormant": "faint",
}
"""How a state is shown on a terminal."""

KEYS = "select unnest(record_keys) from main.records where person_id = $1"


def command(
    context: typer.Context,
    person: Annotated[list[str], typer.Argument(help="Part of the name, an e-mail, or the id.")],
    as_json: Json = False,
) -> None:
    """Everything known of one person, and why.

    Example: kithbook show ana
    """
    show_person(context.obj, " ".join(person), as_json=as_json)


def show_person(session: Session, text: str, *, as_json: bool = False) -> None:
    """Print one person's story."""
    with session.looking() as connection:
        person_id = people.find(connection, text)
        found = {
            name: rows_as_dicts(connection.execute(asked, [person_id]))
            for name, asked in _queries().items()
        }
        found["decisions"] = _said_of(session, connection, person_id)
        row = connection.execute("select as_of_date from main.settings").fetchone()
    if as_json:
        show_json(found)
        return
    today = row[0] if row else date.max
    show_wrapped(person_lines(found, today))


def _queries() -> dict[str, str]:
    """What is asked of one person, and what `--json` calls it."""
    return {
        "person": "select * from main.people where person_id = $1",
        "tie": "select * from main.ties where person_id = $1",
        "follow_ups": "select * from main.follow_ups where person_id = $1 order by due_date",
        "months": query("show_months"),
        "interactions": query("show_interactions"),
        "excluded": query("show_excluded"),
        "upcoming": query("show_upcoming"),
        "introducers": query("show_introducers"),
        "favours": "select gave, asked from main.favours where person_id = $1",
        "contact_details": query("show_contact_details"),
    }


def person_lines(found: dict[str, Rows], today: date) -> list[str]:
    """The story as text: who, how it stands, what to do, when they met, and from where we know."""
    person = found["person"][0]
    parts = [
        _head(person),
        [*_tie(found["tie"], today), *_months(found["months"])],
        _follow_ups(found["follow_ups"], today),
        _meetings(found, today),
        _decisions(found["decisions"], today),
        _cards(found["contact_details"]),
    ]
    lines: list[str] = []
    for part in parts:
        lines += [*([""] if lines and part else []), *part]
    return lines


def _head(person: dict[str, Any]) -> list[str]:
    kind = "" if person["kind"] == "person" else f" ({plain(person['kind_reason'])})"
    where = ", ".join(plain(one) for one in (person["organization"], person["city"]) if one)
    lines: list[str] = [
        bold(
            f"{plain(person['display_name'])}{f', {where}' if where else ''}{kind}"
            f"  (id {person['person_id']})"
        )
    ]
    ways = [*(person["phones"] or []), *(person["emails"] or [])]
    if ways:
        lines.append("  " + " · ".join(plain(way) for way in ways))
    facts = [
        f"born {_birthday(person['birthday'])}" if person["birthday"] else "",
        f"circles: {', '.join(person['circles'])}" if person["circles"] else "",
        f"categories: {', '.join(person['categories'])}" if person["categories"] else "",
        "muted: no reminders" if person["is_muted"] else "",
        "a card says they have died; nothing is written" if person["is_deceased_hint"] else "",
    ]
    if any(facts):
        lines.append("  " + " · ".join(plain(fact) for fact in facts if fact))
    return lines


def _tie(rows: Rows, today: date) -> list[str]:
    if not rows:
        return ["No contact known yet."]
    tie = rows[0]
    lines = _contact(tie, today)
    if tie["cadence_days"]:
        lines.append(f"  {_often(tie, today)}")
    return lines


BARS = "▁▂▃▄▅▆▇█"
NO_BAR = "·"


def _months(rows: Rows) -> list[str]:
    """The last months as a line of bars, a month a column: the most days in touch fill one."""
    most = max((one["days"] for one in rows), default=0)
    if not most:
        return []
    bars = "".join(
        BARS[(one["days"] * len(BARS) - 1) // most] if one["days"] else NO_BAR for one in rows
    )
    first, last = rows[0]["month_date"], rows[-1]["month_date"]
    return [f"  {bars}  {first:%b %Y} to {last:%b %Y}, at most {count(most, 'day')} a month"]


def _contact(tie: dict[str, Any], today: date) -> list[str]:
    """How close they are and when they were in contact; who is only waited for has neither."""
    if not tie["last_contact_date"]:
        return ["No contact known yet."]
    rank = f" (rank {tie['strength_rank']})" if tie["strength_rank"] else ""
    first, last = day(tie["first_contact_date"], today), day(tie["last_contact_date"], today)
    days = count(tie["contact_day_count"], "day")
    parts = [f"{days} in contact since {first}, the last on {last}"]
    # Of contact that only a title or the user tells, nobody knows who else was there.
    shares = [
        f"{round(100 * tie[name])}% {words}"
        for name, words in (
            ("one_to_one_share", "one to one"),
            ("owner_share", "on your invitation"),
        )
        if tie[name] is not None
    ]
    if shares:
        parts.append(", ".join(shares))
    said = [plain(tie["layer"]) + rank, plain(tie["trend"])]
    return [
        Styled(
            f"{', '.join(one for one in said if one)}; {plain(tie['state'])}", LOOKS[tie["state"]]
        ),
        f"  {'; '.join(parts)}",
    ]


def _often(tie: dict[str, Any], today: date) -> str:
    """How often they meet, or are to, and the day that follows from it."""
    due = f"; due from {day(tie['due_date'], today)} on" if tie["due_date"] else ""
    every = parse_durations.every(round(tie["cadence_days"]))
    if tie["cadence_source"] == "given":
        return f"you asked for every {every}{due}"
    if tie["cadence_source"] == "circle":
        return f"every {every}, as the circle says{due}"
    if tie["cadence_source"] == "learned" and tie["last_contact_date"]:
        # what nobody asked for is judged more patiently (ties.due_after_days), and is not due then
        again = tie["last_contact_date"] + timedelta(tie["usual_days"])
        due = f"; next about {day(again, today)}" if again > today else ""
    return f"{plain(tie['usual_words'])}{due}"


def _follow_ups(rows: Rows, today: date) -> list[str]:
    lines = []
    for one in rows:
        state = (
            f"open since {day(one['opened_date'], today)}"
            if one["is_open"]
            else "opens with the next sync"
            if one["opens_now"]
            else f"not now: {plain(one['why_not_words'])}"
        )
        kind = kind_words(one["kind"])
        lines.append(f"{kind.capitalize()} ({state}). {plain(one['reason'])}")
        lines += _indented([one["evidence"], one["talk_about"]])
    return lines


def _meetings(found: dict[str, Rows], today: date) -> list[str]:
    lines = [
        f"  {day(one['start_date'], today):<18} to come: {plain(one['title'])}"
        for one in found["upcoming"]
    ]
    for one in found["interactions"]:
        title = plain(one["title"]) or plain(one["words"])
        size = f", {one['n_people']} people" if (one["n_people"] or 0) > 2 else ""
        lines.append(f"  {day(one['interaction_date'], today):<18} {title}{size}")
    lines += [
        f"  {count(one['times'], 'meeting')} not counted: {plain(one['words'])}"
        for one in found["excluded"]
    ]
    if found["introducers"]:
        names = ", ".join(plain(one["introducer_name"]) for one in found["introducers"])
        lines.append(f"  also meets: {names}")
    for one in found["favours"]:
        lines.append(f"  favours: {one['gave']} by you, {one['asked']} by them")
    return ["In touch:", *lines] if lines else []


def _said_of(session: Session, connection: "duckdb.DuckDBPyConnection", person_id: int) -> Rows:
    """The last that the user said of them and did not take back, be it a moment ago."""
    said = list(decisions.read(session.folder.path))
    standing = decisions.standing(said)
    keys = {key for (key,) in connection.execute(KEYS, [person_id]).fetchall()}
    row = connection.execute("select time_zone, last_decision_id from main.settings").fetchone()
    zone, last = (ZoneInfo(row[0]), row[1]) if row else (ZoneInfo("UTC"), None)
    pending = {one.decision_id for one in decisions.after(session.folder.path, last)}
    found = [
        (one, [who for who in (one.who, one.other) if who])
        for one in reversed(said)
        if one.verb in SENTENCES and one.verb != "undo" and one.decision_id in standing
    ]
    return [
        {
            **asdict(one),
            "decided_date": datetime.fromisoformat(one.decided_at).astimezone(zone).date(),
            "other": next((who.name for who in named if not keys & {*who.keys}), None),
            "is_applied": one.decision_id not in pending,
        }
        for one, named in found
        if any(keys & {*who.keys} for who in named)
    ][:DECISIONS_SHOWN]


def _decisions(rows: Rows, today: date) -> list[str]:
    """What the user said of them."""
    lines = [
        f"  {day(one['decided_date'], today):<18} {_said(one, today)}  ({one['decision_id']})"
        for one in rows
    ]
    return ["You said (`kithbook undo ID` takes it back):", *lines] if lines else []


def _said(one: dict[str, Any], today: date) -> str:
    parts = [
        one["verb"].replace("_", " "),
        parse_durations.words(one["every_days"]) if one["every_days"] else "",
        f"until {day(one['until_date'], today)}" if one["until_date"] else "",
        day(one["from_date"], today),
        plain(one["value"]),
        plain(one["other"]),
        f"“{plain(one['note'])}”" if one["note"] else "",
        "" if one["is_applied"] else "· not applied yet",
    ]
    return " ".join(part for part in parts if part)


def _cards(rows: Rows) -> list[str]:
    """From where the person is known, and why each record is taken to be them."""
    records: dict[int, Rows] = {}
    for one in rows:
        records.setdefault(one["record_id"], []).append(one)
    lines = []
    for details in records.values():
        first = details[0]
        book = first["collection_name"] or first["collection"]
        place = " ".join(plain(one) for one in (first["source"], book) if one)
        gone = ", gone" if first["is_gone"] else ""
        said = ", ".join(dict.fromkeys(plain(one["value"]) for one in details))
        lines += [f"  {place}{gone} ({plain(first['why'])}): {said}"]
    return ["Known from:", *lines] if lines else []


def _indented(texts: Iterable[str | None]) -> list[str]:
    return [
        f"  {plain(line)}" for text in texts if text for line in text.splitlines() if line.strip()
    ]


def _birthday(parts: dict[str, Any]) -> str:
    month = f"{date(2000, parts['month'], 1):%B}" if parts["month"] else ""
    return " ".join(str(one) for one in (parts["day"], month, parts["year"]) if one)
