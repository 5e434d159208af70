"""Names are data: whatever a card says, no command acts on it, and no terminal does."""

import json
from pathlib import Path

import pytest

from tests.support.demo_commands import Hand

NAMES = {
    "markup": "[red]Ana[/red] [link=http://x]Lima[/link]",
    "escapes": "Bob \x1b[31m\x1b]0;owned\x07 Ross",
    "formula": '=HYPERLINK("http://x","Carl")',
    "html": "<script>alert('Dora')</script> Dee",
    "sql": "Eve'); drop table people; --",
    "bidi": "Fay \u202egnorw\u202c Moss",
    "braces": "{0} {who} %s $1 Gus {",
    "quotes": 'Hal "the `rm -rf` man" O\\\'Neil',
    "long": "Ida " + "x" * 5000,
    "emoji": "Jo \U0001f469\u200d\U0001f4bb Kay",
    "percent": "100% Lou_",
}
FORBIDDEN = ("\x1b", "\x07", "\u202e", "\u202c", "\x9b")


def vcard(key: str, name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return (
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{key}\r\nFN:{escaped}\r\nN:;{escaped};;;\r\n"
        f"EMAIL:{key}@example.org\r\nADR:;;;{escaped};;;\r\nEND:VCARD\r\n"
    )


@pytest.fixture
def odd(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Hand:
    """A book of odd names, and two of one name with nothing else in common."""
    for name in ("KITHBOOK_CONFIG", "KITHBOOK_DATA"):
        monkeypatch.delenv(name, raising=False)
    cards = "".join(vcard(key, name) for key, name in NAMES.items())
    twins = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:t1\r\nFN:Zita Quill\r\nN:Quill;Zita;;;\r\n"
        "EMAIL:zita@one.example\r\nORG:One\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:t2\r\nFN:Zita Quill\r\nN:Quill;Zita;;;\r\n"
        "EMAIL:zita@two.example\r\nORG:Two\r\nEND:VCARD\r\n"
    )
    folder = tmp_path / "book"
    folder.mkdir(mode=0o700)
    (folder / "cards.vcf").write_bytes((cards + twins).encode())
    (folder / "config.toml").write_text(
        'data = "."\n[owner.me]\nemails = ["me@example.org"]\n'
        '[source.cards]\ntype = "vcard"\npath = "cards.vcf"\n',
        "utf-8",
    )
    one = Hand(folder, capsys, monkeypatch)
    one.ok("sync")
    return one


def test_every_command_takes_odd_names_for_what_they_are(odd: Hand) -> None:
    for key, name in NAMES.items():
        mail = f"{key}@example.org"
        for typed in (
            ["show", mail],
            ["log", mail, "--note", name.replace("\x1b", "")],
            ["circle", mail, name.replace("\x1b", "")[:40]],
            ["every", mail, "2", "weeks"],
            ["introduce", mail, "zita@one.example"],
            ["split", mail, "zita@two.example"],
            ["mute", mail],
            ["undo"],
            ["undo", "--list"],
        ):
            said = odd.ok(*typed)
            for mark in FORBIDDEN:
                assert mark not in said.out + said.err, (key, typed)
            assert "Traceback" not in said.err
    odd.build()
    muted = odd.rows("select count(*) from people where is_muted")
    assert muted == [(0,)]
    assert odd.rows("select count(*) from people where not is_owner") == [(len(NAMES) + 2,)]
    for typed in (["near", "ana"], ["near", "<script"], ["review"], ["rules"], ["brief"]):
        said = odd.ok(*typed)
        assert not any(mark in said.out + said.err for mark in FORBIDDEN), typed


def test_nothing_typed_is_taken_for_more_than_text(odd: Hand) -> None:
    for name in NAMES.values():
        said = odd.kithbook("show", name)
        assert said.code in {0, 2}, said.err
        assert not any(mark in said.out + said.err for mark in FORBIDDEN)
        assert "a bug" not in said.err
    assert odd.kithbook("show", "[red]Ana[/red]").code == 0
    assert "[red]Ana[/red]" in odd.ok("show", "[red]ana").out
    assert odd.ok("show", "=hyperlink").code == 0


def test_a_pair_is_reviewed_with_one_key_and_the_answer_holds(odd: Hand) -> None:
    (pair,) = json.loads(odd.ok("review", "--json").out)["merge_candidates"]
    assert pair["person_name"] == pair["other_name"] == "Zita Quill"
    told = odd.ok("review").out
    assert f"`kithbook merge {pair['person_id']} {pair['other_id']}`" in told
    asked = odd.ok("review", typed=["n"])
    assert "zita@one.example" in asked.err
    assert "zita@two.example" in asked.err
    assert odd.decisions()[-1]["verb"] == "never_same"
    assert odd.ok("review").err == "Nothing to review.\n"
    odd.build()
    assert odd.rows("select count(*) from merge_candidates") == [(0,)]
    assert odd.rows("select count(*) from people where display_name = 'Zita Quill'") == [(2,)]

    odd.ok("undo")
    odd.build()
    assert odd.rows("select count(*) from merge_candidates") == [(1,)]
    odd.ok("review", typed=["m"])
    odd.build()
    assert odd.rows("select count(*) from people where display_name = 'Zita Quill'") == [(1,)]
    odd.ok("split", "zita", "--card", "2")
    odd.build()
    assert odd.rows("select count(*) from people where display_name = 'Zita Quill'") == [(2,)]


def test_odd_people_are_forgotten_like_others(odd: Hand) -> None:
    for key in NAMES:
        odd.ok("mute", f"{key}@example.org")
    for key in ("escapes", "sql", "braces", "long"):
        odd.ok("forget", f"{key}@example.org", "--yes")
    assert odd.rows("select count(*) from people where not is_owner") == [(len(NAMES) - 4 + 2,)]
    kept = {one["who"]["name"] for one in odd.decisions()}
    assert not any("Ida x" in name or "drop table" in name for name in kept)
