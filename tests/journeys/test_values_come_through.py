"""What cards and events say comes through whole: from the file to what is shown."""

import json
from pathlib import Path

from tests.support.new_user import Kithbook, calendar, card, meeting, query


def write(folder: Path, name: str, content: str | bytes) -> str:
    """A file; its path."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def test_somebody_known_from_a_title_alone_is_shown(tmp_path: Path, kithbook: Kithbook) -> None:
    title = meeting("t1", "20260801T100000Z").replace("Lunch", "Lunch with Horace Penn")
    book = write(tmp_path, "c.vcf", card("Horace Penn", "EMAIL:horace@penn.example"))
    kithbook("import", book, write(tmp_path, "m.ics", calendar(title)), "--me", "me@example.org")
    said = kithbook("show", "horace")
    assert "1 day in contact since 1 August, the last on 1 August" in said
    assert "about every month, to begin with" in said


def test_somebody_with_a_cadence_and_no_contact_is_shown(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    kithbook("import", write(tmp_path, "c.vcf", card("Wanda Quill")), "--me", "me@example.org")
    kithbook("every", "wanda", "3 months")
    kithbook("build")
    said = kithbook("show", "wanda")
    assert "No contact known yet." in said
    assert "you asked for every 3 months; due from" in said
    assert "usually carries" not in said


def test_what_opens_is_shown_though_a_meeting_is_booked_far_ahead(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    days = ["20260105", "20260202", "20260302", "20261015"]
    events = [
        meeting(f"m{day}", f"{day}T100000Z", "me@example.org", "wanda@quill.example")
        for day in days
    ]
    book = write(tmp_path, "c.vcf", card("Wanda Quill", "EMAIL:wanda@quill.example"))
    kithbook("import", book, write(tmp_path, "m.ics", calendar(*events)), "--me", "me@example.org")
    kithbook("every", "wanda", "2 months")
    kithbook("build")
    assert query(tmp_path, "select kind from follow_ups where opens_now") == [("check_in",)]
    assert "Wanda Quill: ring or write" in kithbook("due")


def test_all_that_a_card_says_twice_is_read_and_shown(tmp_path: Path, kithbook: Kithbook) -> None:
    lines = ["NOTE:Met in Porto", "NOTE:moved in 2019", "TITLE:Nurse", "TITLE:Teacher"]
    lines += ["ORG:Clinic A", "ORG:School B", "TEL;VALUE=uri:tel:+1-202-555-0143;ext=102"]
    path = write(tmp_path, "c.vcf", card("Bea Luz, MBA", *lines))
    (read,) = kithbook("import", "--dry-run", "--json", path).splitlines()
    assert json.loads(read)["extensions"] == ["102"]
    for said in ("moved in 2019", "Teacher", "School B"):
        assert said in read
    kithbook("import", path, "--me", "me@example.org")
    shown = kithbook("show", "bea luz, mba")
    assert shown.startswith("Bea Luz, Clinic A")
    for said in ("moved in 2019", "Teacher", "School B", "Bea Luz, MBA", "ext. 102"):
        assert said in shown


def test_a_card_within_a_card_comes_in_by_itself(tmp_path: Path, kithbook: Kithbook) -> None:
    inner = card("Ana Helper", "TEL:+351912777888")
    outer = card("Big Boss", "AGENT:").replace("END:VCARD", inner + "TITLE:CEO\r\nEND:VCARD")
    kithbook("import", write(tmp_path, "c.vcf", outer), "--me", "me@example.org")
    found = query(tmp_path, "select display_name, phones from people order by all")
    assert found == [("Ana Helper", ["+351912777888"]), ("Big Boss", [])]


def test_lines_read_by_a_guess_are_told_apart(tmp_path: Path, kithbook: Kithbook) -> None:
    cards = card("J\u00f6rg M\u00fcller").encode("cp1252") + card("Ngu\u1ec5n An").encode()
    said = kithbook("import", write(tmp_path, "c.vcf", cards), "--me", "me@example.org")
    assert "2 lines read as windows-1252" in said
    assert "ignored" not in said
    assert query(tmp_path, "select display_name from people order by all") == [
        ("J\u00f6rg M\u00fcller",),
        ("Ngu\u1ec5n An",),
    ]


def test_one_nul_byte_costs_a_note_and_not_the_file(tmp_path: Path, kithbook: Kithbook) -> None:
    rows = b"First Name,Last Name,E-mail Address\r\nGo\0od,One,g1@example.org\r\n"
    rows += b"Good,Two,g2@example.org\r\n"
    said = kithbook("import", write(tmp_path, "c.csv", rows), "--me", "me@example.org")
    assert "2 cards" in said
    assert "1 note on what came in" in said


def test_a_phone_under_a_name_of_its_own_and_a_property_nobody_knows(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    odd = card("Oscar Malm", "PHONE.WORK:0704189000", "SHOESIZE:42")
    said = kithbook("import", "--dry-run", "--json", write(tmp_path, "c.vcf", odd))
    assert '"phones": ["0704189000"]' in said
    assert "SHOESIZE is not a property of a vCard: it is kept as it is" in said
