"""`kithbook show PERSON`: everything known of one person, and why, on one screen."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from pipeline import people, spans
from pipeline.printing import show, show_json
from pipeline.session import Session, rows_as_dicts
from pipeline.text import count, day, plain

Rows = list[dict[str, Any]]

QUERIES = {
    "person": "select * from main.people where person_id = $1",
    "tie": "select * from main.ties where person_id = $1",
    "follow_ups": "select * from main.follow_ups where person_id = $1 order by due_date",
    "interactions": """
        select interactions.*, meetings.title, meetings.location
        from main.interactions
        left join main.meetings on interactions.meeting_id = meetings.meeting_id
        where interactions.person_id = $1 and interactions.is_counted
        order by interactions.interaction_date desc, interactions.happened_at desc
        limit 5""",
    "excluded": """
        select excluded_reason, count(*) as times from main.interactions
        where person_id = $1 and not is_counted
        group by excluded_reason order by times desc, excluded_reason""",
    "upcoming": """
        select start_date, title from main.upcoming where person_id = $1
        order by start_date limit 3""",
    "introducers": """
        select introducer_name, shared_meetings from main.introducers where person_id = $1
        order by ordinal limit 3""",
    "favours": "select gave, asked from main.favours where person_id = $1",
    "decisions": """
        select
            decisions.decision_id, decisions.verb, decisions.every_days, decisions.from_date,
            decisions.until_date, decisions.value, decisions.note, others.display_name as other,
            (decisions.decided_at at time zone settings.time_zone)::date as decided_date
        from staging.decisions
        cross join raw.settings
        inner join identity.record_persons as ones
            on decisions.person_id = ones.record_id or decisions.other_id = ones.record_id
        left join identity.record_persons as twos
            on twos.record_id in (decisions.person_id, decisions.other_id)
            and twos.person_id <> ones.person_id
        left join identity.persons as others on twos.person_id = others.person_id
        where ones.person_id = $1
        order by decisions.decided_at desc
        limit 5""",
    "contact_details": """
        select contact_details.*, freshness.collection_name
        from main.contact_details
        left join main.freshness using (source, collection)
        where contact_details.person_id = $1
        order by
            contact_details.record_id,
            list_position(
                ['name', 'email', 'phone', 'organization', 'title'], contact_details.field
            ) nulls last,
            contact_details.field,
            contact_details.value""",
}


def show_person(session: Session, text: str, *, as_json: bool = False) -> None:
    """Print one person's story."""
    with session.looking() as connection:
        person_id = people.find(connection, text)
        found = {
            name: rows_as_dicts(connection.execute(query, [person_id]))
            for name, query in QUERIES.items()
        }
        row = connection.execute("select as_of_date from raw.settings").fetchone()
    if as_json:
        show_json(found)
        return
    today = row[0] if row else date.max
    show(*person_lines(found, today))


def person_lines(found: dict[str, Rows], today: date) -> list[str]:
    """The story as text: who, how it stands, what to do, when they met, and from where we know."""
    person = found["person"][0]
    parts = [
        _head(person),
        _tie(found["tie"], today),
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
    lines = [
        (
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
        "a card says that they died; nothing is written" if person["is_deceased_hint"] else "",
    ]
    if any(facts):
        lines.append("  " + " · ".join(plain(fact) for fact in facts if fact))
    return lines


def _tie(rows: Rows, today: date) -> list[str]:
    if not rows:
        return ["No contact that the calendar or you know of."]
    tie = rows[0]
    lines = _contact(tie, today)
    if tie["cadence_days"]:
        due = f"; due from {day(tie['due_date'], today)} on" if tie["due_date"] else ""
        lines.append(f"  {_often(tie)}{due}")
    if tie["action_threshold"] and tie["last_contact_date"]:
        lines.append(f"  such a tie usually carries: {plain(tie['action_threshold'])}")
    return lines


def _contact(tie: dict[str, Any], today: date) -> list[str]:
    """How close they are and when they were in contact; who is only waited for has neither."""
    if not tie["last_contact_date"]:
        return ["No contact that the calendar or you know of."]
    rank = f" (rank {tie['strength_rank']})" if tie["strength_rank"] else ""
    first, last = day(tie["first_contact_date"], today), day(tie["last_contact_date"], today)
    days = count(tie["contact_day_count"], "day")
    parts = [f"{days} in contact since {first}, the last on {last}"]
    # Of contact that only a title or the user tells, nobody knows who else was there.
    shares = [
        f"{round(100 * tie[name])} % {words}"
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
        f"{', '.join(one for one in said if one)}; {plain(tie['state'])}",
        f"  {'; '.join(parts)}",
    ]


def _often(tie: dict[str, Any]) -> str:
    """How often they meet, or are to."""
    if tie["cadence_source"] == "learned":
        return plain(tie["usual_words"])
    return f"you asked for about every {spans.every(round(tie['cadence_days']))}"


def _follow_ups(rows: Rows, today: date) -> list[str]:
    lines = []
    for one in rows:
        state = (
            f"open since {day(one['opened_date'], today)}"
            if one["is_open"]
            else "opens with the next sync"
            if one["opens_now"]
            else f"not open: {plain(one['why_not'])}"
        )
        lines.append(f"{plain(one['kind']).replace('_', ' ')} ({state}): {plain(one['reason'])}")
        lines += _indented([one["evidence"], one["talk_about"]])
    return lines


def _meetings(found: dict[str, Rows], today: date) -> list[str]:
    lines = [
        f"  {day(one['start_date'], today):<18} to come: {plain(one['title'])}"
        for one in found["upcoming"]
    ]
    for one in found["interactions"]:
        title = plain(one["title"]) or plain(one["kind"])
        size = f", {one['n_people']} people" if (one["n_people"] or 0) > 2 else ""
        lines.append(f"  {day(one['interaction_date'], today):<18} {title}{size}")
    lines += [
        f"  {count(one['times'], 'meeting')} not counted: {plain(one['excluded_reason'])}"
        for one in found["excluded"]
    ]
    if found["introducers"]:
        names = ", ".join(plain(one["introducer_name"]) for one in found["introducers"])
        lines.append(f"  also meets: {names}")
    for one in found["favours"]:
        lines.append(f"  you gave {one['gave']} and asked {one['asked']} times")
    return ["In touch:", *lines] if lines else []


def _decisions(rows: Rows, today: date) -> list[str]:
    """What the user said of them, as the last build knows it."""
    lines = [
        f"  {day(one['decided_date'], today):<18} {_said(one, today)}  ({one['decision_id']})"
        for one in rows
    ]
    return ["You said (`kithbook undo ID` takes it back):", *lines] if lines else []


def _said(one: dict[str, Any], today: date) -> str:
    parts = [
        one["verb"].replace("_", " "),
        spans.words(one["every_days"]) if one["every_days"] else "",
        f"until {day(one['until_date'], today)}" if one["until_date"] else "",
        day(one["from_date"], today),
        plain(one["value"]),
        plain(one["other"]),
        f"“{plain(one['note'])}”" if one["note"] else "",
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
