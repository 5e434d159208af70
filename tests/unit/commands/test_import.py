"""`kithbook import`: an old book comes in whole, says what came, and can be taken back."""

import json
import re
import zipfile
from pathlib import Path

import pytest

from tests.support.new_user import Kithbook, calendar, card, meeting, people, query, tables


def test_the_first_screen_says_whose_book_it_is_and_what_came(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    days = ["0401", "0415", "0429", "0513", "0527", "0610"]
    events = [
        meeting(f"m{n}", f"2026{day}T120000Z", "Me@Example.org", "ana@example.org")
        for n, day in enumerate(days)
    ]
    (tmp_path / "c.vcf").write_text(card("Ana Lima", "EMAIL:ana@example.org") + card("Rui Costa"))
    (tmp_path / "m.ics").write_text(calendar(*events))
    said = kithbook(
        "import", str(tmp_path / "c.vcf"), str(tmp_path / "m.ics"), "--me", "me@example.org"
    )
    assert "c.vcf: 2 cards: 2 people's cards" in said
    assert "m.ics: 6 meetings, 6 with other people from 2026-04-01 to 2026-06-10" in said
    assert "2 people in the book; the calendar knows 1 of them" in said
    assert "Ana Lima: 6 days in contact, last on 10 June" in said
    assert "Ana Lima: last on 10 June, usually about every 2 weeks" in said
    assert "nothing was written anywhere else" in said
    assert "kithbook init" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book", "c.vcf", "m.ics"]


def test_the_commonest_attendee_is_the_owner(tmp_path: Path, kithbook: Kithbook) -> None:
    others = ["ana@example.org", "rui@example.org", "eva@example.org"]
    events = [meeting(one, "20260801T120000Z", "me@example.org", one) for one in others]
    (tmp_path / "m.ics").write_text(calendar(*events))
    assert "You seem to be me@example.org: in 3 of 3 meetings" in kithbook(
        "import", str(tmp_path / "m.ics")
    )
    assert query(tmp_path, "select emails from people where is_owner") == [(["me@example.org"],)]


def test_without_a_clear_owner_and_nobody_to_ask_it_asks_for_me(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    pairs = [("a", "b"), ("c", "d"), ("e", "f")]
    events = [
        meeting(one, "20260801T120000Z", f"{one}@example.org", f"{other}@example.org")
        for one, other in pairs
    ]
    (tmp_path / "m.ics").write_text(calendar(*events))
    said = kithbook("import", str(tmp_path / "m.ics"), code=2)
    assert "--me" in said
    assert "a@example.org" in said


@pytest.mark.parametrize(
    ("n_organised", "expected"), [(0, None), (1, None), (3, "zoe@example.org")]
)
def test_two_who_are_always_together_are_told_apart_by_who_organises(
    tmp_path: Path, kithbook: Kithbook, n_organised: int, expected: str | None
) -> None:
    both = ("ana@example.org", "zoe@example.org")
    events = [meeting(f"m{n}", f"2026080{n}T120000Z", *both) for n in range(1, 5)]
    for n in range(n_organised):
        events[n] = events[n].replace("ATTENDEE", f"ORGANIZER:mailto:{both[1]}\r\nATTENDEE", 1)
    (tmp_path / "m.ics").write_text(calendar(*events))
    said = kithbook("import", str(tmp_path / "m.ics"), code=0 if expected else 2)
    assert (f"You seem to be {expected}" in said) is bool(expected)
    assert "m.ics --me ADDRESS`" in said


def test_what_is_no_address_is_told_before_anything_is_read(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    (tmp_path / "c.vcf").write_text(card("Ana Lima"))
    said = kithbook("import", str(tmp_path / "c.vcf"), "--me", "ana", code=2)
    assert '"ana" is not an e-mail address' in said
    assert not (tmp_path / "book").exists()


def test_the_numbers_add_up(tmp_path: Path, kithbook: Kithbook) -> None:
    group = card("Friends", "X-ADDRESSBOOKSERVER-KIND:group")
    too_large = card("Too Large", "NOTE:" + "x" * 40_000_000)
    text = "".join(card(f"Person {n:02}") for n in range(20)) + group + too_large
    (tmp_path / "c.vcf").write_text(text)
    said = kithbook("import", str(tmp_path / "c.vcf"))
    found = re.search(r"(\d+) cards: (\d+) people's cards, (\d+) group, (\d+) rejected", said)
    assert found, said
    assert [int(one) for one in found.groups()] == [22, 20, 1, 1]
    rejects = kithbook("rejects")
    assert "import/c.vcf" in rejects
    assert "1 item did not come in" in rejects


def test_the_same_content_again_changes_nothing(tmp_path: Path, kithbook: Kithbook) -> None:
    (tmp_path / "c.vcf").write_text(card("Ana Lima") + card("Rui Costa"))
    (tmp_path / "copy of it.vcf").write_text(card("Ana Lima") + card("Rui Costa"))
    kithbook("import", str(tmp_path / "c.vcf"))
    published = (tmp_path / "book" / "kithbook.duckdb").stat().st_ino
    for name in ("c.vcf", "copy of it.vcf"):
        said = kithbook("import", str(tmp_path / name))
        assert said == f"{name}: already imported on 1 September as c.vcf; nothing changed\n"
    assert (tmp_path / "book" / "kithbook.duckdb").stat().st_ino == published
    assert query(tmp_path, "select name, cards from imports") == [("c.vcf", 2)]


def test_the_same_file_named_twice_comes_in_once(tmp_path: Path, kithbook: Kithbook) -> None:
    (tmp_path / "c.vcf").write_text(card("Ana Lima"))
    said = kithbook("import", str(tmp_path / "c.vcf"), str(tmp_path / "c.vcf"))
    assert "c.vcf: the same as another file of this command; it came in once" in said
    assert query(tmp_path, "select name, cards from imports") == [("c.vcf", 1)]


def test_a_mapping_counts_only_where_it_has_a_part(tmp_path: Path, kithbook: Kithbook) -> None:
    (tmp_path / "c.vcf").write_text(card("Ana Lima"))
    (tmp_path / "t.csv").write_text("Wer,Wo\nRui Costa,rui@example.org\n")
    files = (str(tmp_path / "c.vcf"), str(tmp_path / "t.csv"))
    kithbook("import", files[0])
    said = kithbook("import", *files, "--map", "Wer=full_name", "--map", "Wo=email")
    assert "c.vcf: already imported" in said
    assert "t.csv: 1 card" in said
    assert "t.csv: already imported" in kithbook(
        "import", files[1], "--map", "Wo=email", "--map", "Wer=full_name"
    )
    said = kithbook("import", files[1], "--map", "Wer=full_name", "--map", "Wo=note")
    assert "an import called t.csv is there already and stays; this one is t.csv-2" in said


def test_a_folder_and_an_archive_with_the_same_files_are_the_same(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "c.vcf").write_text(card("Ana Lima"))
    (folder / "m.ics").write_text(calendar(meeting("m", "20260401T120000Z")))
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        for name in ("c.vcf", "m.ics"):
            archive.write(folder / name, name)
    kithbook("import", str(folder))
    assert "as old; nothing changed" in kithbook("import", str(tmp_path / "old.zip"))
    (folder / "picture.jpg").write_bytes(b"\xff\xd8\xff")
    assert "as old; nothing changed" in kithbook("import", str(folder))
    (folder / "c.vcf").write_text(card("Ana Lima") + card("Rui Costa"))
    assert "this one is old-2" in kithbook("import", str(folder))


def sources(folder: Path) -> list[tuple[str, int]]:
    rows = query(folder, "select source, count(*) from raw.contacts group by 1 order by 1")
    return [(source, count) for source, count in rows]


def test_two_files_of_one_name_are_two_imports(tmp_path: Path, kithbook: Kithbook) -> None:
    for folder, names in (("a", ["Ana Lima", "Rui Costa"]), ("b", ["Eva Pinto"])):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "c.vcf").write_text("".join(card(name) for name in names))
    kithbook("import", str(tmp_path / "a" / "c.vcf"))
    said = kithbook("import", str(tmp_path / "b" / "c.vcf"))
    assert "an import called c.vcf is there already and stays; this one is c.vcf-2" in said
    assert sources(tmp_path) == [("import/c.vcf", 2), ("import/c.vcf-2", 1)]
    assert people(tmp_path) == ["Ana Lima", "Eva Pinto", "Rui Costa"]


@pytest.mark.parametrize("name", ["c.vcf", "c (1).vcf", "contacts-2026.vcf"])
def test_nothing_that_an_import_brought_in_is_removed_by_a_newer_export(
    tmp_path: Path, kithbook: Kithbook, name: str
) -> None:
    book = [card(f"Person Number{n}", f"TEL:+351 912 345 {n:03}") for n in range(30)]
    (tmp_path / "c.vcf").write_text("".join(book))
    kithbook("import", str(tmp_path / "c.vcf"))
    before = query(tmp_path, "select * from raw.contacts order by all")
    (tmp_path / name).write_text("".join(book[:10]) + card("Person Number3", "EMAIL:a@b.example"))
    kithbook("import", str(tmp_path / name))
    after = "select * from raw.contacts where source = 'import/c.vcf' order by all"
    assert query(tmp_path, after) == before
    assert query(tmp_path, "select count(*) from raw.contacts where gone_at is not null") == [(0,)]


def test_what_came_in_is_listed_with_how_much_is_still_current(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    (tmp_path / "c.vcf").write_text(card("Ana Lima", "EMAIL:ana@example.org") + card("Rui Costa"))
    (tmp_path / "m.ics").write_text(calendar(*[meeting(n, "20260401T120000Z") for n in "ab"]))
    (tmp_path / "new.ics").write_text(calendar(*[meeting(n, "20260401T120000Z") for n in "bc"]))
    (tmp_path / "new.vcf").write_text(card("Ana Lima", "EMAIL:ana@example.org", "TEL:912"))
    assert kithbook("import", "--list", code=2)
    kithbook("import", str(tmp_path / "c.vcf"), str(tmp_path / "m.ics"))
    kithbook("--as-of", "2026-09-03", "import", str(tmp_path / "new.ics"))
    kithbook("--as-of", "2026-09-03", "import", str(tmp_path / "new.vcf"), "--name", "Later")
    listed = json.loads(kithbook("import", "--list", "--json"))
    keys = ("name", "file", "imported_date", "cards", "events", "current_cards", "current_events")
    assert [tuple(row[key] for key in keys) for row in listed] == [
        ("c.vcf", "c.vcf", "2026-09-01", 2, 0, 1, 0),
        ("m.ics", "m.ics", "2026-09-01", 0, 2, 0, 1),
        ("later", "new.vcf", "2026-09-03", 1, 0, 1, 0),
        ("new.ics", "new.ics", "2026-09-03", 0, 2, 0, 2),
    ]
    shown = kithbook("import", "--list")
    assert re.search(r"c\.vcf +c\.vcf +1 September +2 +0 +1 of 2 cards", shown)
    assert re.search(r"later +new\.vcf +3 September +1 +0 +all", shown)


def test_an_import_is_taken_back_exactly(tmp_path: Path, kithbook: Kithbook) -> None:
    (tmp_path / "a.vcf").write_text(card("Ana Lima", "EMAIL:ana@example.org") + card("Rui Costa"))
    (tmp_path / "b.vcf").write_text(card("Ana Lima", "EMAIL:ana@example.org") + card("Tom Reis"))
    kithbook("import", str(tmp_path / "a.vcf"))
    before = tables(tmp_path)
    kithbook("import", str(tmp_path / "b.vcf"))
    assert tables(tmp_path) != before
    assert "2 items went with it" in kithbook("import", "--undo", "b.vcf")
    assert tables(tmp_path) == before
    said = kithbook("import", "--undo", "b.vcf", code=2)
    assert "a.vcf" in said


def test_an_import_is_taken_back_by_the_name_of_its_file(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    (tmp_path / "My Cards.VCF").write_text(card("Ana Lima"))
    kithbook("import", str(tmp_path / "My Cards.VCF"))
    assert "1 item went with it" in kithbook("import", "--undo", "My Cards.VCF")


def test_the_folder_one_is_in_is_called_by_its_name(
    tmp_path: Path, kithbook: Kithbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "Old cards"
    folder.mkdir()
    (folder / "c.vcf").write_text(card("Ana Lima"))
    monkeypatch.chdir(folder)
    assert "Old cards: 1 card" in kithbook("import", ".")
    assert query(tmp_path, "select distinct source from raw.contacts") == [("import/old-cards",)]


def test_a_file_with_nothing_in_it_is_not_called_the_same_as_before(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    (tmp_path / "m.ics").write_text(calendar())
    said = kithbook("import", str(tmp_path / "m.ics"))
    assert "nothing that kithbook can use" in said
    assert "the same as before" not in said


def test_a_rehearsal_keeps_nothing_and_says_who_would_join(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    (tmp_path / "a.vcf").write_text(card("Ana Lima", "EMAIL:ana@example.org"))
    said = kithbook("import", "--dry-run", str(tmp_path / "a.vcf"))
    assert "0 would join people the book has, 1 would be new" in said
    assert not (tmp_path / "book").exists()
    kithbook("import", str(tmp_path / "a.vcf"))
    before = tables(tmp_path)
    (tmp_path / "b.vcf").write_text(card("Ana M. Lima", "EMAIL:ana@example.org") + card("Tom Reis"))
    said = kithbook("import", "--dry-run", str(tmp_path / "b.vcf"))
    assert "1 would join people the book has, 1 would be new" in said
    assert "Ana M. Lima → " in said
    assert tables(tmp_path) == before


def test_a_rehearsal_says_the_same_and_why_a_card_is_rejected(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    book = [card(one, f"UID:{one}") for one in ("Ana Lima", "Rui Costa", "Eva Pinto")]
    (tmp_path / "c.vcf").write_text("".join(book))
    kithbook("import", str(tmp_path / "c.vcf"))
    said = kithbook("import", "--dry-run", str(tmp_path / "c.vcf"))
    assert "already imported on 1 September as c.vcf; nothing changed" in said
    (tmp_path / "c.vcf").write_text(
        card("Too Large", "NOTE:" + "x" * 40_000_000) + card("Tom Reis")
    )
    said = kithbook("import", "--dry-run", str(tmp_path / "c.vcf"))
    assert "this one is c.vcf-2" in said
    assert "1 item could not be read" in said
    assert "a card of more than 8 MB" in said.split("1 item could not be read:")[1]
    assert "kithbook rejects" not in said
    assert query(tmp_path, "select name from imports") == [("c.vcf",)]


def test_an_imported_file_opens_no_follow_up(tmp_path: Path, kithbook: Kithbook) -> None:
    events = [
        meeting(f"m{n}", f"2026{day}T120000Z", "me@example.org", "ana@example.org")
        for n, day in enumerate(["0401", "0415", "0429", "0513", "0527", "0610"])
    ]
    new = meeting("new", "20260825T120000Z", "me@example.org", "tom@example.org")
    (tmp_path / "c.vcf").write_text(card("Ana Lima", "EMAIL:ana@example.org", "BDAY:1990-09-03"))
    (tmp_path / "m.ics").write_text(calendar(*events, new))
    kithbook("import", str(tmp_path / "c.vcf"), str(tmp_path / "m.ics"), "--me", "me@example.org")
    assert query(tmp_path, "select display_name, kind from follow_ups where opens_now") == []
    assert "Nobody" in kithbook("due")


def test_what_was_read_is_printed_a_line_a_thing(tmp_path: Path, kithbook: Kithbook) -> None:
    (tmp_path / "c.vcf").write_text(
        card("Ana Lima", "EMAIL:ana@example.org", "TEL:912", "ORG:Barco;Crew", "BDAY:--04-12")
    )
    events = [meeting(day, f"202608{day}T120000Z", "ana@example.org") for day in ("01", "02", "03")]
    (tmp_path / "m.ics").write_text(calendar(*events))
    said = kithbook(
        *("import", "--dry-run", "--json", str(tmp_path / "c.vcf"), str(tmp_path / "m.ics")),
        *("--from", "2026-08-02", "--to", "2026-08-03"),
    )
    ana, lunch = (json.loads(line) for line in said.splitlines())
    assert (ana["fn"], ana["emails"], ana["phones"]) == ("Ana Lima", ["ana@example.org"], ["912"])
    assert (ana["org"], ana["birthday"]) == ("Barco", "--04-12")
    assert (lunch["uid"], lunch["start"]) == ("02", "2026-08-02T12:00:00Z")
    assert (lunch["end"], lunch["all_day"]) == ("2026-08-02T13:00:00Z", False)
    assert lunch["attendees"] == ["ana@example.org"]
    assert not (tmp_path / "book").exists()


HOSTILE = ["[red]x[/]", "\x1b[2J\x1b]0;owned\x07Eve", "=HYPERLINK(1)", "<script>alert(1)</script>"]


def test_hostile_names_come_out_as_text(tmp_path: Path, kithbook: Kithbook) -> None:
    (tmp_path / "c.vcf").write_text("".join(card(name) for name in HOSTILE))
    said = kithbook("import", str(tmp_path / "c.vcf"))
    said += kithbook("query", "select display_name from people")
    said += kithbook("show", "alert")
    assert "\x1b" not in said
    assert "\x07" not in said
    assert "[red]x[/]" in said
    assert "<script>alert(1)</script>" in said
    kithbook("export", "people", str(tmp_path / "people.csv"))
    cells = (tmp_path / "people.csv").read_text().replace('"', "").split(",")
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith("=")]
