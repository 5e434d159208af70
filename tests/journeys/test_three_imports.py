"""Three imports of one book are one book: the demo's, and what two programs export of one phone."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli
from pipeline.commands.demo import demo_book
from tests.support import published_tables

Kithbook = Callable[..., str]

DEMO = Path(demo_book.__file__).parent
EXPORTS: dict[str, Callable[[str], str]] = {
    "revised": lambda text: text.replace("END:VCARD", "REV:20260801T000000Z\nEND:VCARD"),
    "without UIDs": lambda text: re.sub(r"UID:.*\r?\n", "", text),
}


@pytest.fixture
def kithbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Kithbook:
    monkeypatch.setenv("TZ", "UTC")  # without a config the machine's own zone counts

    def run(*arguments: str) -> str:
        monkeypatch.setenv("KITHBOOK_CONFIG", str(tmp_path / "none.toml"))
        base = ["--data", str(tmp_path / "book")]
        found = cli.run([*base, "--as-of", "2026-09-01", *arguments])
        said = capsys.readouterr()
        assert found == 0, said
        return said.out + said.err

    return run


def query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with published_tables.looking(folder / "book") as book:
        return book.execute(sql).fetchall()


def people_and_queue(folder: Path) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    people = query(
        folder,
        "select person_id, display_name, kind, organization, city, birthday, emails, phones,"
        " categories from people order by person_id",
    )
    return people, query(folder, "from merge_candidates order by person_id, other_id")


def test_the_demo_s_book_three_times_is_the_demo_s_book(tmp_path: Path, kithbook: Kithbook) -> None:
    text = (DEMO / "family.vcf").read_text("utf-8") + (DEMO / "work.vcf").read_text("utf-8")
    (tmp_path / "book.vcf").write_text(text, "utf-8")
    kithbook("import", str(tmp_path / "book.vcf"), "--me", "me@example.org")
    once = people_and_queue(tmp_path)
    assert len(once[0]) > 60
    for name, exported in EXPORTS.items():
        (tmp_path / f"{name}.vcf").write_text(exported(text), "utf-8")
        kithbook("import", str(tmp_path / f"{name}.vcf"))
        assert people_and_queue(tmp_path) == once
    assert query(tmp_path, "select count(*) from imports") == [(3,)]


NAMES = ["Ana Lima", "Rui Costa", "Eva Klein", "Max Kurz", "Uli Lang", "Lia Brito"]


def card(name: str, *lines: str) -> str:
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", *lines, "END:VCARD", ""])


def two_exports(folder: Path) -> tuple[Path, Path]:
    """What a phone and a web site know of the same people, without UIDs."""
    phone, web = folder / "phone.vcf", folder / "web.vcf"
    folder.mkdir(exist_ok=True)
    phone.write_text(
        "".join(
            card(name, f"TEL;TYPE=CELL:+35191200000{n}", f"BDAY:1980-05-0{n + 1}")
            for n, name in enumerate(NAMES)
        )
        + card("Phone Only", "TEL:+351912009999")
    )
    web.write_text(
        "".join(card(name, f"EMAIL:p{n}@example.org", "NOTE:x") for n, name in enumerate(NAMES))
        + card("Web Only", "EMAIL:web.only@example.org")
    )
    return phone, web


@pytest.mark.parametrize("manner", ["two commands", "one command", "one folder"])
def test_phones_of_one_export_and_mails_of_another_meet(
    tmp_path: Path, kithbook: Kithbook, manner: str
) -> None:
    phone, web = two_exports(tmp_path / "old")
    calls = {
        "two commands": [[phone], [web]],
        "one command": [[phone, web]],
        "one folder": [[tmp_path / "old"]],
    }
    for paths in calls[manner]:
        kithbook("import", *map(str, paths), "--me", "me@example.org")
    found = query(
        tmp_path,
        "select display_name, len(phones), len(emails), birthday.year from people"
        " where not is_owner order by display_name",
    )
    both = [(name, 1, 1, 1980) for name in NAMES]
    alone = [("Phone Only", 1, 0, None), ("Web Only", 0, 1, None)]
    assert found == sorted([*both, *alone])
    # two files of one command are read side by side
    said = kithbook("show", "Ana Lima")
    assert re.search(r"\(copy of the card in (phone|web)\.vcf: same name\)", said)


def test_an_import_and_a_source_of_the_same_file_are_one_book(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    phone, _ = two_exports(tmp_path / "old")
    kithbook("import", str(phone), "--me", "me@example.org")
    once = people_and_queue(tmp_path)
    (tmp_path / "none.toml").write_text(
        f'[owner.me]\nemails = ["me@example.org"]\ntime_zone = "UTC"\n'
        f'[source.phone]\ntype = "vcard"\npath = "{phone}"\n'
    )
    kithbook("sync")
    assert people_and_queue(tmp_path) == once
    assert query(tmp_path, "select count(*) from raw.contacts") == [(14,)]


def test_a_folder_that_holds_a_file_twice_is_that_file(tmp_path: Path, kithbook: Kithbook) -> None:
    phone, web = two_exports(tmp_path / "old")
    (tmp_path / "old" / "phone (1).vcf").write_bytes(phone.read_bytes())
    web.unlink()
    kithbook("import", str(tmp_path / "old"), "--me", "me@example.org")
    assert len(query(tmp_path, "from people where not is_owner")) == 7
    assert query(tmp_path, "from merge_candidates") == []
    why = "select distinct why from contact_details where why like 'copy%' order by 1"
    assert query(tmp_path, why) == [("copy of the card in phone (1).vcf: same bytes",)]


def test_a_copy_that_is_split_stays_away_after_the_next_build(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    phone, web = two_exports(tmp_path / "old")
    kithbook("import", str(phone), "--me", "me@example.org")
    kithbook("import", str(web))
    kithbook("split", "Ana Lima", "--card", "2")
    kithbook("build")
    named = "select len(phones), len(emails) from people where display_name = 'Ana Lima' order by 1"
    assert query(tmp_path, named) == [(0, 1), (1, 0)]
    kithbook("import", "--undo", "web.vcf")
    assert query(tmp_path, named) == [(1, 0)]
