"""One import takes another's place on the user's word alone, and `--undo` brings it back."""

import re
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from pipeline import cli, config
from pipeline.book.sqlgraph import sql_folder
from pipeline.commands.import_.past_imports import SOURCE_TABLES
from tests.support.demo_commands import copy_book
from tests.support.new_user import (
    Kithbook,
    calendar,
    card,
    in_state,
    meeting,
    people,
    query,
    tables,
)

OLD = [
    card("Ana Lima", "TEL:+351 912 345 670"),
    card("Rui Costa", "UID:rui", "TEL:+351 912 345 671"),
    card("Eva Pinto", "TEL:+351 912 345 672"),
    card("Hugo Melo", "EMAIL:hugo@example.org"),
]
NEW = [
    card("Hugo Melo", "EMAIL:hugo@example.org", "NOTE:moved"),
    card("Rui da Costa", "UID:rui", "TEL:+351 912 345 671"),
    card("Ana Lima", "TEL:+351912345670", "EMAIL:ana@example.org"),
    card("Tom Reis"),
]
MUTED = "select display_name from people where is_muted order by all"
RECORDS = "select full_name, record_id from raw.contacts order by all"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an older and a newer export; the older has come into a book."""
    folder = tmp_path_factory.mktemp("shelf")
    for name, cards in (("old.vcf", OLD), ("new.vcf", NEW)):
        (folder / name).write_text("".join(cards))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")  # as `typist` has it
        place = ["--data", str(folder / "book"), "--as-of", "2026-09-01"]
        assert cli.run([*place, "import", str(folder / "old.vcf")]) == 0
    return folder


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """An older and a newer export."""
    for name, cards in (("old.vcf", OLD), ("new.vcf", NEW)):
        (tmp_path / name).write_text("".join(cards))
    return str(tmp_path / "old.vcf"), str(tmp_path / "new.vcf")


@pytest.fixture
def imported(shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """The same, and the older one has come in already."""
    copy_book(shelf / "book", tmp_path / "book")
    capsys.readouterr()
    return str(shelf / "old.vcf"), str(shelf / "new.vcf")


def test_the_people_of_what_is_replaced_keep_what_was_said_about_them(
    tmp_path: Path, kithbook: Kithbook, imported: tuple[str, str]
) -> None:
    _, new = imported
    for name in ("ana lima", "rui costa", "hugo"):
        kithbook("mute", name)
    kithbook("log", "ana lima", "--on", "2026-08-20")
    kithbook("build")
    before, was = tables(tmp_path), dict(query(tmp_path, RECORDS))
    said = kithbook("import", new, "--replace", "old.vcf")
    assert "It takes the place of old.vcf (imported on 1 September) and has 3 of its 4" in said
    assert "Not in it: Eva Pinto." in said
    assert people(tmp_path) == ["Ana Lima", "Hugo Melo", "Rui da Costa", "Tom Reis"]
    assert query(tmp_path, MUTED) == [("Ana Lima",), ("Hugo Melo",), ("Rui da Costa",)]
    now = dict(query(tmp_path, RECORDS))
    assert {now["Ana Lima"], now["Hugo Melo"]} == {was["Ana Lima"], was["Hugo Melo"]}
    assert now["Rui da Costa"] == was["Rui Costa"]
    assert now["Tom Reis"] not in was.values()
    assert query(tmp_path, "select name, file, cards from imports") == [("old.vcf", "new.vcf", 4)]
    for (table,) in query(
        tmp_path,
        "select table_name from duckdb_columns() where schema_name = 'main'"
        " and column_name = 'source'",
    ):
        rows = query(tmp_path, f"select source from main.{table} where starts_with(source, 'repl')")
        assert rows == [], table

    said = kithbook("import", "--undo", "old.vcf")
    assert "What it had replaced is back: old.vcf, imported on 1 September, 4 items." in said
    assert tables(tmp_path) == before
    kithbook("import", "--undo", "old.vcf")
    assert people(tmp_path) == []
    assert in_state(tmp_path, "select count(*) from raw.items") == [(0,)]


def test_what_was_said_while_both_were_there_stays_too(
    tmp_path: Path, kithbook: Kithbook, files: tuple[str, str]
) -> None:
    old, new = files
    kithbook("import", old, new)
    kithbook("mute", "tom")
    kithbook("build")
    said = kithbook("import", new, "--replace", "old.vcf")
    assert "new.vcf: already imported on 1 September as new.vcf\n" in said
    assert "It takes the place of old.vcf" in said
    assert query(tmp_path, MUTED) == [("Tom Reis",)]
    assert query(tmp_path, "select name, file from imports") == [("old.vcf", "new.vcf")]
    # Tom's card is known under new.vcf still: no other import gets this name, nor his number.
    (tmp_path / "new.vcf").write_text(card("Tom Reis", "EMAIL:another.tom@example.org"))
    assert "this one is new.vcf-2" in kithbook("import", new)
    records = query(tmp_path, "select record_id from raw.contacts where full_name = 'Tom Reis'")
    assert len(set(records)) == 2


def test_replacing_goes_on_and_is_taken_back_step_by_step(
    tmp_path: Path, kithbook: Kithbook, files: tuple[str, str]
) -> None:
    old, new = files
    third = tmp_path / "third.vcf"
    third.write_text(card("Ana Lima") + card("Zoe Brito"))
    kithbook("import", old)
    kithbook("import", new, "--replace", "old.vcf")
    kithbook("import", str(third), "--replace", "old.vcf")
    assert people(tmp_path) == ["Ana Lima", "Zoe Brito"]
    kithbook("import", "--undo", "old.vcf")
    assert "Tom Reis" in people(tmp_path)
    kithbook("import", "--undo", "old.vcf")
    assert people(tmp_path) == ["Ana Lima", "Eva Pinto", "Hugo Melo", "Rui Costa"]
    assert "already imported" in kithbook("import", old)


def test_namesakes_do_not_change_places(tmp_path: Path, kithbook: Kithbook) -> None:
    """Two of one name go on where a phone or address says which is which, else as new cards."""
    old = [card("Anna", "TEL:+351 912 345 60" + str(n)) for n in (1, 2)] + [card("Mama")]
    new = [card("Anna", "TEL:+351 912 345 602", "NOTE:x"), card("Anna"), card("Mama", "NOTE:y")]
    for name, cards in (("old.vcf", old), ("new.vcf", new)):
        (tmp_path / name).write_text("".join(cards))
    kithbook("import", str(tmp_path / "old.vcf"))
    phones = "select list_transform(phones, lambda one: one.value), record_id from raw.contacts"
    was = {str(phone): number for phone, number in query(tmp_path, phones)}
    kithbook("import", str(tmp_path / "new.vcf"), "--replace", "old.vcf")
    now = query(tmp_path, "select note, record_id from raw.contacts order by note")
    assert dict(now)["x"] == was["['+351 912 345 602']"]
    assert dict(now)["y"] == was["[]"]


def test_a_folder_is_replaced_by_a_file_and_comes_back(
    tmp_path: Path, kithbook: Kithbook, files: tuple[str, str]
) -> None:
    folder = tmp_path / "Old book"
    folder.mkdir()
    (folder / "c.vcf").write_text("".join(OLD))
    (folder / "m.ics").write_text(calendar(meeting("m", "20260401T120000Z")))
    kithbook("import", str(folder))
    was = dict(query(tmp_path, RECORDS))
    said = kithbook("import", files[1], "--replace", "Old book")
    assert "has 3 of its 4 cards and 0 of its 1 event." in said
    assert "Not in it: Eva Pinto, 1 event." in said
    assert dict(query(tmp_path, RECORDS))["Ana Lima"] == was["Ana Lima"]
    assert query(tmp_path, "select name, cards, events from imports") == [("old-book", 4, 0)]
    kithbook("import", "--undo", "old-book")
    assert query(tmp_path, "select name, cards, events from imports") == [("old-book", 4, 1)]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["new.vcf", "--replace", "elsewhere"], "There is no import named elsewhere"),
        (["new.vcf", "--replace", ""], "There is no import named"),
        (["new.vcf", "old.vcf", "--replace", "old.vcf"], "one file takes the place of one import"),
        (["new.vcf", "--replace", "old.vcf", "--name", "x"], "the name stays"),
        (["nowhere.vcf", "--replace", "old.vcf"], "There is no file"),
    ],
)
def test_what_cannot_replace_changes_nothing(
    tmp_path: Path, kithbook: Kithbook, files: tuple[str, str], options: list[str], told: str
) -> None:
    kithbook("import", files[0])
    before = in_state(tmp_path, "from raw.imports")
    words = [
        str(tmp_path / one) if one.endswith(".vcf") and before_it != "--replace" else one
        for before_it, one in pairwise(["", *options])
    ]
    code = 4 if "nowhere.vcf" in options else 2
    assert told in kithbook("import", *words, code=code)
    assert in_state(tmp_path, "from raw.imports") == before
    assert people(tmp_path) == ["Ana Lima", "Eva Pinto", "Hugo Melo", "Rui Costa"]


def test_what_holds_nothing_replaces_nothing(
    tmp_path: Path, kithbook: Kithbook, imported: tuple[str, str]
) -> None:
    (tmp_path / "m.ics").write_text(calendar())
    said = kithbook("import", str(tmp_path / "m.ics"), "--replace", "old.vcf")
    assert "old.vcf was not replaced" in said
    assert len(people(tmp_path)) == 4


# --- asking -------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "replaces"), [("", False), ("n", False), ("y", True)])
def test_on_a_terminal_it_asks_and_enter_keeps_both(
    tmp_path: Path, kithbook: Kithbook, imported: tuple[str, str], answer: str, *, replaces: bool
) -> None:
    said = kithbook("import", imported[1], typed=[answer])
    assert "It also has 3 of the 4 cards of old.vcf (imported on 1 September)." in said
    assert "Not in it: Eva Pinto." in said
    assert "Enter keeps both" in said
    assert ("Eva Pinto" in people(tmp_path)) is not replaces
    names = [("old.vcf",)] if replaces else [("new.vcf",), ("old.vcf",)]
    assert query(tmp_path, "select name from imports order by all") == names


def test_without_a_terminal_both_are_kept_and_the_words_say_how_to_replace(
    tmp_path: Path, kithbook: Kithbook, imported: tuple[str, str]
) -> None:
    said = kithbook("import", imported[1])
    assert "Not in it: Eva Pinto." in said
    found = re.search(r"Both are kept\. .*`kithbook (import .*)`", said)
    assert found
    assert "Eva Pinto" in people(tmp_path)
    kithbook(*found[1].split())
    assert "Eva Pinto" not in people(tmp_path)


def test_a_book_that_says_other_things_of_the_same_people_is_not_asked_about(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    names = [f"Person Number{n}" for n in range(6)]
    phones = [card(name, f"TEL:+351 912 345 60{n}") for n, name in enumerate(names)]
    emails = [card(name, f"EMAIL:p{n}@example.org") for n, name in enumerate(names)]
    (tmp_path / "phone.vcf").write_text("".join(phones))
    (tmp_path / "web.vcf").write_text("".join(emails))
    kithbook("import", str(tmp_path / "phone.vcf"))
    assert "keeps both" not in kithbook("import", str(tmp_path / "web.vcf"), typed=[])
    values = query(
        tmp_path,
        "select source, count(*), sum(len(phones)), sum(len(emails)) from raw.contacts"
        " group by 1 order by 1",
    )
    assert values == [("import/phone.vcf", 6, 6, 0), ("import/web.vcf", 6, 0, 6)]
    assert "6 items went with it" in kithbook("import", "--undo", "web.vcf")
    assert "6 items went with it" in kithbook("import", "--undo", "phone.vcf")


def test_a_rehearsal_of_replacing_says_the_same_and_keeps_nothing(
    tmp_path: Path, kithbook: Kithbook, imported: tuple[str, str]
) -> None:
    before = in_state(tmp_path, "from raw.imports")
    rehearsed = kithbook("import", "--dry-run", imported[1], "--replace", "old.vcf", typed=[])
    assert in_state(tmp_path, "from raw.imports") == before
    said = kithbook("import", imported[1], "--replace", "old.vcf").splitlines()
    lines = [line for line in said if line.startswith(("new.vcf", "  It", "  Not in it"))]
    assert len(lines) == 3
    assert [line for line in lines if line not in rehearsed] == []
    third = tmp_path / "third.vcf"
    third.write_text("".join(NEW) + card("Zoe Brito"))
    asked = kithbook("import", "--dry-run", str(third), typed=[])
    assert "You would be asked whether it takes the place of old.vcf." in asked
    assert "its name: third.vcf" in asked


# --- a file that changed ------------------------------------------------------------------


def test_a_file_that_changed_gets_the_lines_that_make_it_a_source(
    tmp_path: Path, kithbook: Kithbook, files: tuple[str, str]
) -> None:
    folder = tmp_path / 'Ana\'s "old" books'
    folder.mkdir()
    path = folder / "my cards.vcf"
    path.write_text("".join(OLD))
    assert "[source" not in kithbook("import", str(path))
    path.write_text("".join(NEW))
    said = kithbook("import", str(path))
    assert "It was imported from here on 1 September as well and has changed since." in said
    lines = [line.strip() for line in said.splitlines() if line.startswith("    ")]
    toml = tmp_path / "config.toml"
    toml.write_text('[owner.me]\nemails = ["me@example.org"]\n' + "\n".join(lines))
    (source,) = config.load(toml).sources
    assert (source.name, source.type, source.options.path) == ("my cards", "vcard", str(path))


def test_a_file_that_no_source_can_read_gets_no_such_lines(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    path = tmp_path / "t.csv"
    for name in ("Rui Costa", "Ana Lima"):
        path.write_text(f"Name,E-mail 1 - Value\n{name},x@example.org\n")
        assert "[source" not in kithbook("import", str(path))
    assert query(tmp_path, "select name from imports order by all") == [("t.csv",), ("t.csv-2",)]


def test_every_table_with_a_source_is_taken_back_and_set_aside(
    tmp_path: Path, kithbook: Kithbook, imported: tuple[str, str]
) -> None:
    found = in_state(
        tmp_path,
        "select table_name from duckdb_columns() where schema_name = 'raw'"
        " and column_name = 'source' and not internal",
    )
    kept = {"record_ids", "task_links", "imports"}
    assert {name for (name,) in found} - kept == set(SOURCE_TABLES)


def test_the_imports_of_an_earlier_version_get_rows_of_their_own() -> None:
    """What is known of them: the file's name by the collection's, the day by the first run."""
    with duckdb.connect(":memory:") as state:
        migrations = sorted(one.name for one in (sql_folder() / "raw").iterdir())
        for name in migrations:
            if name == "006_imports.sql":
                break
            state.execute((sql_folder() / "raw" / name).read_text("utf-8"))
        state.execute(
            "insert into raw.cursors (source, collection, collection_name, pulled_at) values"
            " ('import/c.vcf', 'cards', 'C (1).vcf', '2026-03-05 10:00Z'),"
            " ('import/folder', 'a', 'a', '2026-03-04 10:00Z'),"
            " ('import/folder', 'b', 'b', '2026-03-04 11:00Z'),"
            " ('home', 'cards', 'Contacts', '2026-03-04 11:00Z')"
        )
        state.execute("insert into raw.items (source) values ('import/killed.vcf'), ('home')")
        state.execute(
            "insert into raw.runs (run_id, source, started_at) values"
            " (1, 'import/c.vcf', '2026-03-03 10:00Z'), (2, 'import/c.vcf', '2026-03-05 10:00Z'),"
            " (3, 'import/killed.vcf', '2026-03-06 10:00Z'), (4, 'import/no', '2026-03-06 10:00Z')"
        )
        state.execute((sql_folder() / "raw" / "006_imports.sql").read_text("utf-8"))
        rows = state.execute(
            "select source, file, path, digest, began_at::date::varchar, finished_at is not null"
            " from raw.imports order by all"
        ).fetchall()
    assert rows[0] == ("import/c.vcf", "C (1).vcf", None, None, "2026-03-03", True)
    assert rows[1][:2] == ("import/folder", "folder")
    assert rows[2] == ("import/killed.vcf", "killed.vcf", None, None, "2026-03-06", False)
    assert len(rows) == 3


# --- interrupted, forgotten, migrated -----------------------------------------------------


def test_the_rest_of_an_interrupted_import_comes_in_under_the_same_name(
    tmp_path: Path, kithbook: Kithbook, imported: tuple[str, str]
) -> None:
    with duckdb.connect(str(tmp_path / "book" / "state.duckdb")) as state:
        state.execute("update raw.imports set finished_at = null")
        state.execute("delete from raw.cursors")
        lost = "(select item_id from raw.contacts where full_name in ('Ana Lima', 'Eva Pinto'))"
        state.execute(f"delete from raw.items where item_id in {lost}")
        state.execute("delete from raw.contacts where full_name in ('Ana Lima', 'Eva Pinto')")
    kithbook("build")
    assert "Not all of old.vcf is in" in kithbook("import", "--list")
    assert "old.vcf: not all of it is in" in kithbook("status")
    said = kithbook("import", imported[0])
    assert "an earlier try was interrupted: 2 items had come in then, 2 now" in said
    assert people(tmp_path) == ["Ana Lima", "Eva Pinto", "Hugo Melo", "Rui Costa"]
    assert query(tmp_path, "select name, is_finished from imports") == [("old.vcf", True)]


def test_somebody_forgotten_does_not_come_back_with_what_was_replaced(
    tmp_path: Path, kithbook: Kithbook, files: tuple[str, str]
) -> None:
    kithbook("import", files[0])
    kithbook("import", files[1], "--replace", "old.vcf")
    third = tmp_path / "third.vcf"
    third.write_text(card("E. Pinto", "TEL:+351 912 345 672"))
    kithbook("import", str(third))
    kithbook("forget", "pinto", "--yes")
    kithbook("forget", "ana lima", "--yes")
    kithbook("import", "--undo", "old.vcf")
    assert people(tmp_path) == ["Hugo Melo", "Rui Costa"]
    held = in_state(tmp_path, "select full_name from raw.contacts order by all")
    assert held == [("Hugo Melo",), ("Rui Costa",)]


@pytest.mark.parametrize("name", [b"odd \xff.vcf", b"a'b $(x) `y`.vcf", b"two\nlines.vcf"])
def test_a_file_of_any_name_comes_in_and_is_taken_back(
    tmp_path: Path, kithbook: Kithbook, name: bytes
) -> None:
    path = tmp_path / name.decode("utf-8", "surrogateescape")
    for round_, cards in enumerate((OLD, NEW)):
        path.write_text("".join(cards))
        kithbook("import", str(path))
        assert query(tmp_path, "select count(*) from imports") == [(round_ + 1,)]
    names = query(tmp_path, "select name from imports order by all")
    assert names[1] == (f"{names[0][0]}-2",)
    kithbook("import", "--undo", names[1][0])
    kithbook("import", "--undo", path.name)
    assert query(tmp_path, "select count(*) from imports") == [(0,)]


def test_a_file_name_that_several_have_is_not_enough(tmp_path: Path, kithbook: Kithbook) -> None:
    for number, folder in enumerate("ab"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "c.vcf").write_text(card(f"Person Number{number}"))
        kithbook("import", str(tmp_path / folder / "c.vcf"), "--name", f"book {folder}")
    said = kithbook("import", "--undo", "c.vcf", code=2)
    assert "2 imports came from files called c.vcf" in said
    assert "book-a, book-b" in said
    kithbook("import", "--undo", str(tmp_path / "a" / "c.vcf"))
    assert query(tmp_path, "select name from imports") == [("book-b",)]
    kithbook("import", "--undo", "c.vcf")


def test_a_rehearsal_takes_nothing_back(
    tmp_path: Path, kithbook: Kithbook, imported: tuple[str, str]
) -> None:
    said = kithbook("import", "--undo", "old.vcf", "--dry-run")
    assert "old.vcf is taken back: 4 items went with it." in said
    assert "Nothing was kept: this was a rehearsal." in said
    assert len(people(tmp_path)) == 4
    said = kithbook("import", "--undo", "old.vcf", imported[1], code=2)
    assert "--undo takes no files. Nothing was changed." in said
    assert len(people(tmp_path)) == 4
