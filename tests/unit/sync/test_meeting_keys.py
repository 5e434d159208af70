"""Which occurrences are one meeting, and who is in it: from a calendar file to the tables."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import cli

Rows = list[tuple[Any, ...]]
Imported = Callable[..., Callable[[str], Rows]]

SERIES = """
UID:s1
DTSTART:20260105T100000Z
DTEND:20260105T110000Z
RRULE:FREQ=DAILY;COUNT=3
SUMMARY:Coffee
ORGANIZER:mailto:me@example.org
ATTENDEE;PARTSTAT=ACCEPTED:mailto:eva@example.org
"""
MOVED = """
UID:s1
RECURRENCE-ID{original}
DTSTART:{start}
DTEND:{start}
SUMMARY:Coffee, moved
ORGANIZER:mailto:me@example.org
ATTENDEE;PARTSTAT=ACCEPTED:mailto:eva@example.org
"""
ONE_TO_ONE = """
UID:{uid}
DTSTART:{day}T100000Z
DTEND:{day}T110000Z
SUMMARY:Planning
ORGANIZER;CN=Me:mailto:me@example.org
ATTENDEE;PARTSTAT=ACCEPTED{guest}
"""
COUNTED = "select count(*) from interactions where is_counted"


def calendar(*events: str) -> str:
    inner = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:t\n{inner}END:VCALENDAR\n"


def card(uid: str, name: str, *lines: str) -> str:
    given, _, family = name.rpartition(" ")
    inner = "\n".join([f"UID:{uid}", f"FN:{name}", f"N:{family};{given};;;", *lines])
    return f"BEGIN:VCARD\nVERSION:3.0\n{inner}\nEND:VCARD\n"


@pytest.fixture
def imported(tmp_path: Path) -> Imported:
    """Imports files given as texts by name; returns what queries the published book."""

    def run(**files: str) -> Callable[[str], Rows]:
        paths = []
        for name, text in files.items():
            path = tmp_path / name.replace("_", ".")
            path.write_text(text, "utf-8")
            paths.append(str(path))
        base = ["--data", str(tmp_path / "book")]
        run_import = [*base, "--as-of", "2026-11-27", "import", *paths, "--me", "me@example.org"]
        assert cli.run(run_import) == 0
        return query

    def query(sql: str) -> Rows:
        with duckdb.connect(str(tmp_path / "book" / "kithbook.duckdb"), read_only=True) as book:
            return book.execute(sql).fetchall()

    return run


def test_two_occurrences_moved_to_one_start_are_two_meetings(imported: Imported) -> None:
    moved = [
        MOVED.format(original=f":2026010{n}T100000Z", start="20260109T100000Z") for n in (6, 7)
    ]
    query = imported(a_ics=calendar(SERIES, *moved))
    assert query("select count(*), count(distinct meeting_id) from meetings") == [(3, 3)]
    assert query(COUNTED) == [(3,)]
    assert query("select contact_day_count from ties") == [(2,)]


def test_an_occurrence_moved_onto_another_is_a_meeting_of_its_own(imported: Imported) -> None:
    moved = MOVED.format(original=":20260106T100000Z", start="20260107T100000Z")
    query = imported(a_ics=calendar(SERIES, moved))
    assert query("select count(*), min(n_people), max(n_people) from meetings") == [(3, 2, 2)]
    assert query(COUNTED) == [(3,)]


@pytest.mark.parametrize(
    "original",
    [
        ":20260106T100000Z",
        ";TZID=Europe/Berlin:20260106T110000",
        ";VALUE=DATE:20260106",
    ],
)
def test_copies_of_a_moved_occurrence_join_however_each_calendar_names_it(
    imported: Imported, original: str
) -> None:
    moved = MOVED.format(original=original, start="20260109T150000Z")
    untouched = calendar(SERIES)
    query = imported(a_ics=calendar(SERIES, moved), b_ics=untouched)
    assert query("select count(*) from meetings where excluded_reason = 'same_meeting'") == [(3,)]
    assert query(
        "select starts_at at time zone 'UTC' from meetings where excluded_reason is null order by 1"
    ) == query(
        "select unnest([timestamp '2026-01-05 10:00', timestamp '2026-01-07 10:00',"
        " timestamp '2026-01-09 15:00'])"
    )


@pytest.mark.parametrize(
    "guest",
    [
        ";CN=Nuno Matos:invalid:nomail",
        ";CN=Nuno Matos:mailto:/o=ExchangeLabs/ou=Group/cn=Recipients/cn=abc-nuno",
        ";CN=Nuno Matos:urn:uuid:6f2b5b53-9d7e-4a5c-8f3c-9a116f6f4a0c",
        ";CN=Nuno Matos:mailto:nuno",
        ';CN="Matos, Nuno":invalid:nomail',
    ],
)
def test_a_guest_without_an_address_is_who_alone_has_that_name(
    imported: Imported, guest: str
) -> None:
    book = card("n1", "Nuno Matos", "EMAIL:nuno@example.org") + card("n2", "Lia Matos")
    query = imported(
        c_vcf=book, a_ics=calendar(ONE_TO_ONE.format(uid=1, day="20260701", guest=guest))
    )
    assert query(
        "select people.display_name, interactions.kind, interactions.n_people, weight"
        " from interactions join people using (owner_id, person_id) where is_counted"
    ) == [("Nuno Matos", "name", 2, 0.5)]
    assert query("select meetings from contact_rules where rule = 'name'") == [(1,)]
    assert query("select display_name from new_faces") == []


def test_a_guest_without_an_address_whose_name_two_have_is_nobody_of_them(
    imported: Imported,
) -> None:
    book = card("n1", "Nuno Matos", "EMAIL:nuno@example.org", "BDAY:19700203")
    book += card("n2", "Nuno Matos", "EMAIL:matos@firm.example", "BDAY:19880911")
    event = ONE_TO_ONE.format(uid=1, day="20260701", guest=";CN=Nuno Matos:invalid:nomail")
    query = imported(c_vcf=book, a_ics=calendar(event))
    assert query(COUNTED) == [(0,)]
    assert query("select person_id, display_name from new_faces") == [(None, "Nuno Matos")]


def test_bare_words_are_no_addresses_and_no_person_of_three(imported: Imported) -> None:
    book = card("w", "Wanda Quill", "EMAIL:wanda@quill.example")
    events = [
        ONE_TO_ONE.format(uid=n, day=f"2026090{n}", guest=f":mailto:{word}")
        for n, word in enumerate(["wanda", "horace", "sunniva"], 1)
    ]
    query = imported(c_vcf=book, a_ics=calendar(*events))
    assert query("select display_name from people where not is_owner") == [("Wanda Quill",)]
    assert query("select display_name from new_faces order by all") == [
        ("horace",),
        ("sunniva",),
        ("wanda",),
    ]
    assert query("select count(*), min(n_people), max(n_people) from meetings") == [(3, 2, 2)]


def test_a_guest_invited_by_phone_is_whose_card_has_the_number(imported: Imported) -> None:
    book = card("v", "Vera Test", "TEL:+49 30 12345678", "EMAIL:vera@example.org")
    book += card("u", "Udo Test", "TEL:+49 30 87654321")
    event = ONE_TO_ONE.format(uid=1, day="20261101", guest=";CN=V.:tel:+49-30-1234-5678;ext=1")
    query = imported(c_vcf=book, a_ics=calendar(event))
    assert query(
        "select people.display_name, interactions.kind"
        " from interactions join people using (owner_id, person_id) where is_counted"
    ) == [("Vera Test", "meeting")]


def test_an_address_that_is_listed_twice_is_one_guest(imported: Imported) -> None:
    event = ONE_TO_ONE.format(uid=1, day="20260701", guest=":mailto:eva@example.org")
    twice = event + "ATTENDEE;PARTSTAT=DECLINED:mailto:EVA@Example.org\n"
    query = imported(a_ics=calendar(twice + "ATTENDEE:mailto:eva+lists@example.org\n"))
    assert query("select n_people from meetings") == [(2,)]
    assert query(COUNTED) == [(1,)]
