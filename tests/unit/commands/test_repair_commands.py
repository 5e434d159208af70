"""What-if, doctor, forget, backup and restore, as somebody types them on the demo book."""

import io
import json
import re
import stat
import tarfile
from hashlib import sha256
from pathlib import Path

import pytest

from connectors.errors import StorageError
from pipeline.book import run_lock
from pipeline.book.folder import Folder
from pipeline.commands.doctor import check_sources
from pipeline.commands.forget import scrub_event
from pipeline.commands.what_if import parse_change
from pipeline.config import Config, Owner, Source, Tasks
from tests.support.demo_commands import Hand, bytes_hold

# --- what-if ------------------------------------------------------------------------------


def fingerprints(folder: Path) -> dict[str, str]:
    """What every file of a folder holds."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_what_if_names_who_becomes_overdue_and_writes_nothing(hand: Hand) -> None:
    before = fingerprints(hand.folder)
    asked = ("what-if", "--set", "rules.max_attendees=4", "--set", "circle.friends.every=1 week")
    with run_lock.acquire(Folder(hand.folder), "sync"):
        held = hand.kithbook(*asked)
    assert held.code == 75
    assert "Another run is working" in held.err
    assert "`sync`" in held.err
    said = hand.ok(*asked)
    found = json.loads(hand.ok(*asked, "--json").out)
    after = fingerprints(hand.folder)
    assert {key: value for key, value in after.items() if key != "lock"} == {
        key: value for key, value in before.items() if key != "lock"
    }
    comes = [one for one in found if one["state_then"] == "overdue" != one["state_now"]]
    goes = [one for one in found if one["state_now"] == "overdue" != one["state_then"]]
    assert comes
    assert goes
    no_longer = "no longer is" if len(goes) == 1 else "no longer are"
    assert f"{len(comes)} people become overdue, {len(goes)} {no_longer}." in said.err
    for one in found:
        assert one["display_name"] in said.out
    assert "Nothing was changed" in said.err


def test_what_if_agrees_with_what_then_becomes_so(hand: Hand) -> None:
    found = json.loads(hand.ok("what-if", "--set", "rules.max_attendees=4", "--json").out)
    config = hand.folder / "config.toml"
    config.write_text(config.read_text("utf-8") + "\n[rules]\nmax_attendees = 4\n", "utf-8")
    said = json.loads(hand.ok("what-if", "--json").out)
    assert said == found
    hand.build()
    states = dict(hand.rows("select person_id, state from ties"))
    assert {one["person_id"]: one["state_then"] for one in found if one["state_then"]} == {
        one["person_id"]: states[one["person_id"]] for one in found if one["state_then"]
    }
    assert "Nobody's state would change.\n" in hand.ok("what-if").err


def test_what_if_says_who_moves_by_the_strength_of_before(hand: Hand) -> None:
    said = hand.ok("what-if", "--set", "strength.version=1")
    found = json.loads(hand.ok("what-if", "--set", "strength.version=1", "--json").out)
    moved = [one for one in found if one["layer_now"] != one["layer_then"]]
    assert moved
    assert all(one["state_now"] == one["state_then"] for one in found)
    assert f"{moved[0]['layer_now']} → {moved[0]['layer_then']}" in said.out
    assert f"{len(moved)} people move to another layer." in said.err


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("strength.version=3", "Write one of 1, 2."),
        ("rules.max_atendees=6", "Did you mean max_attendees?"),
        ("rules.max_attendees=many", "is a whole number"),
        ("circle.friends.every=often", "not a span of time"),
        ("source.family.path=x", "cannot be tried"),
        ("owner=x", "cannot be tried"),
        ("rules", "is not KEY=VALUE"),
        ("=6", "is not KEY=VALUE"),
        ("rules.=6", "cannot be read as KEY=VALUE"),
    ],
)
def test_what_cannot_be_tried_is_said(hand: Hand, change: str, told: str) -> None:
    said = hand.kithbook("what-if", "--set", change)
    assert said.code == 2
    assert told in said.err


def test_values_are_toml_or_texts() -> None:
    assert parse_change("rules.max_attendees=6") == {"rules": {"max_attendees": 6}}
    wanted = {"circle": {"old friends": {"every": "4 weeks"}}}
    assert parse_change('circle."old friends".every="4 weeks"') == wanted
    assert parse_change('circle."old friends".every=4 weeks') == wanted
    assert parse_change("tasks.per_week = 3") == {"tasks": {"per_week": 3}}


# --- forget -------------------------------------------------------------------------------


def test_forget_asks_first(hand: Hand) -> None:
    before = fingerprints(hand.folder) | {"lock": ""}
    said = hand.kithbook("forget", "hanna")
    assert said.code == 2
    assert "2 cards, 64 days in contact" in said.err
    assert "--yes" in said.err
    assert hand.kithbook("forget", "hanna", typed=["n"]).code == 2
    assert fingerprints(hand.folder) | {"lock": ""} == before


def test_forget_leaves_no_trace_and_nothing_comes_back(hand: Hand) -> None:
    people = hand.rows("select count(*) from people")[0][0]
    config = hand.folder / "config.toml"
    more = re.sub("(per_week|open_at_most) = 5", r"\1 = 9", config.read_text("utf-8"))
    config.write_text(more, "utf-8")
    hand.ok("sync")  # so that a task is written for her too
    hand.ok("log", "hanna", "--note", "her exhibition")
    hand.ok("mute", "omar")
    hand.ok("build")
    said = hand.ok("forget", "hanna", "--yes")
    assert "Gone: 2 cards, " in said.err
    assert not (hand.folder / "kept").exists()
    assert not (hand.folder / "report.html").exists()
    for name in ("state.duckdb", "decisions.jsonl"):
        assert not bytes_hold(hand.folder / name, "hanna"), name
        assert not bytes_hold(hand.folder / name, "brandt"), name
    for trace in ("hanna.brandt", "Hanna Brandt", "Hanna /", "exhibition"):
        assert not bytes_hold(hand.folder / "kithbook.duckdb", trace), trace
    verbs = [one["verb"] for one in hand.decisions()]
    assert verbs[0] == "mute"
    assert set(verbs[1:]) == {"rest"}

    assert any("Hanna" in path.read_text("utf-8") for path in hand.folder.rglob("*.ics"))
    assert "2 withdrawn" in hand.ok("sync").err  # hers, and that of the muted
    assert hand.rows("select count(*) from people") == [(people - 1,)]
    tasks = [path.read_text("utf-8") for path in (hand.folder / "tasks").rglob("*.ics")]
    assert tasks
    assert not any("Hanna" in text for text in tasks)

    # The address book is touched, so that the card is fetched again: it stays out of every list.
    for name in ("family.vcf", "work.vcf"):
        book = hand.folder / name
        text = book.read_bytes()
        book.write_bytes(text.replace(b"Hanna", b"Hannah"))
    hand.ok("sync")
    assert hand.rows("select count(*) from people") == [(people - 1,)]
    assert hand.kithbook("show", "hannah").code == 2
    assert hand.rows("select count(*) from contact_details where value like '%Hannah%'") == [(0,)]

    # And `undo` does not bring back the notes by accident: the last said is the mute.
    assert "mute Omar" in hand.ok("undo").err


def test_others_stay_as_they_were_when_somebody_is_forgotten(hand: Hand) -> None:
    query = (
        "select display_name, last_contact_date, contact_day_count from ties"
        " where display_name not like 'Hanna%' order by all"
    )
    before = hand.rows(query)
    hand.ok("forget", "hanna", "--yes")
    assert hand.rows(query) == before


def test_a_body_is_scrubbed_of_one_guest_and_keeps_the_others() -> None:
    traces = scrub_event.Traces(1, (1,), (), ("Ana Lima", "Ana"), ("ana@example.org",), (), ())
    body = (
        b"BEGIN:VEVENT\r\nSUMMARY:Ana Lima meets Anatol\r\nATTENDEE;CN=Ana Lima;ROLE=X:mailto:\r\n"
        b" ANA@example.org\r\nATTENDEE:mailto:rui@example.org\r\nORGANIZER:mailto:ana@example.org"
        b"\r\nDESCRIPTION:write to ana@example.org\r\nEND:VEVENT\r\n"
    )
    clean = scrub_event.scrubbed(body, "text/calendar", traces).decode()
    assert clean == (
        "BEGIN:VEVENT\r\nSUMMARY:… meets Anatol\r\nATTENDEE:mailto:rui@example.org\r\n"
        "DESCRIPTION:write to …\r\nEND:VEVENT\r\n"
    )
    google = json.dumps(
        {
            "summary": "Lunch",
            "organizer": {"email": "ana@example.org"},
            "attendees": [{"email": "Ana@example.org"}, {"email": "rui@example.org"}],
        }
    ).encode()
    media = "application/vnd.google.event+json"
    assert json.loads(scrub_event.scrubbed(google, media, traces)) == {
        "summary": "Lunch",
        "attendees": [{"email": "rui@example.org"}],
    }


# --- backup and restore -------------------------------------------------------------------


def test_a_backup_brings_the_book_back_elsewhere(hand: Hand, tmp_path: Path) -> None:
    hand.ok("mute", "hanna")
    backup = tmp_path / "kept" / "book.tar.gz"
    assert hand.kithbook("backup", str(backup)).code == 2  # no such folder
    backup.parent.mkdir()
    said = hand.ok("backup", str(backup))
    assert "no password" in said.err
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with tarfile.open(backup) as archive:
        assert archive.getnames() == ["decisions.jsonl", "config.toml", "state.duckdb"]

    elsewhere = Hand(tmp_path / "elsewhere", hand.capture, hand.patch)
    told = elsewhere.ok("--data", str(elsewhere.folder), "restore", str(backup))
    assert "The backup's config is in" in told.err
    (elsewhere.folder / "config.toml.restored").rename(elsewhere.folder / "config.toml")
    elsewhere.build()
    assert elsewhere.rows("select display_name from people where is_muted") == [("Hanna Brandt",)]
    for path in elsewhere.folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_restore_keeps_what_it_replaces_and_asks_first(hand: Hand, tmp_path: Path) -> None:
    backup = tmp_path / "book.tar.gz"
    hand.ok("backup", str(backup))
    first = backup.read_bytes()
    refused = hand.kithbook("backup", str(backup))
    assert (refused.code, backup.read_bytes()) == (2, first)
    assert "--force" in refused.err
    hand.ok("backup", "--force", str(backup))
    hand.ok("mute", "hanna")
    hand.ok("backup", str(tmp_path / "later.tar.gz"))
    hand.ok("mute", "omar")
    before = fingerprints(hand.folder)

    said = hand.kithbook("restore", str(tmp_path / "later.tar.gz"))
    assert said.code == 2
    assert "decisions.jsonl and state.duckdb already" in said.err
    assert hand.kithbook("restore", str(backup), typed=["no"]).code == 2
    assert {k: v for k, v in fingerprints(hand.folder).items() if k != "lock"} == {
        k: v for k, v in before.items() if k != "lock"
    }

    hand.ok("restore", str(tmp_path / "later.tar.gz"), typed=["y"])
    assert [one["who"]["name"] for one in hand.decisions()] == ["Hanna Brandt"]
    (aside,) = hand.folder.glob("decisions.jsonl.before-*")
    assert "Omar Haddad" in aside.read_text("utf-8")
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/outside", "state.duckdb/../x", "notes"])
def test_what_is_no_backup_is_refused_whole(hand: Hand, tmp_path: Path, name: str) -> None:
    before = fingerprints(hand.folder)
    odd = tmp_path / "odd.tar.gz"
    with tarfile.open(odd, "w:gz") as archive:
        for member in ("decisions.jsonl", name):
            entry = tarfile.TarInfo(member)
            entry.size = 2
            archive.addfile(entry, io.BytesIO(b"{}"))
    said = hand.kithbook("restore", str(odd), "--yes")
    assert said.code == 2
    assert "is not a backup of kithbook" in said.err
    assert fingerprints(hand.folder) == before


def test_a_link_in_the_place_of_a_file_is_refused(hand: Hand, tmp_path: Path) -> None:
    odd = tmp_path / "odd.tar.gz"
    with tarfile.open(odd, "w:gz") as archive:
        entry = tarfile.TarInfo("state.duckdb")
        entry.type = tarfile.SYMTYPE
        entry.linkname = "/etc/passwd"
        archive.addfile(entry)
    assert hand.kithbook("restore", str(odd), "--yes").code == 2


def test_a_text_is_no_backup(hand: Hand, tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("nothing")
    assert "cannot be read as a backup" in hand.kithbook("restore", str(text)).err
    assert "There is no file" in hand.kithbook("restore", str(tmp_path / "none")).err


def test_a_backup_waits_for_no_run_and_says_who_holds_the_lock(hand: Hand, tmp_path: Path) -> None:
    with run_lock.acquire(Folder(hand.folder), "sync"):
        said = hand.kithbook("backup", str(tmp_path / "book.tar.gz"))
    assert said.code == 75
    assert "`sync`" in said.err


# --- doctor -------------------------------------------------------------------------------


def test_doctor_finds_all_well(hand: Hand) -> None:
    found = {one["subject"]: one for one in json.loads(hand.ok("doctor", "--json").out)}
    assert {one["verdict"] for one in found.values()} <= {"ok", "look"}
    assert found["task list Follow-ups"]["text"] == "is there and takes tasks."
    assert "contacts" in found["source family"]["text"]
    assert all(one["hint"] for one in found.values() if one["verdict"] == "look")
    assert hand.ok("doctor").err == "Nothing is wrong.\n"


def test_doctor_names_open_modes_and_how_to_mend_them(hand: Hand) -> None:
    hand.folder.chmod(0o755)
    (hand.folder / "state.duckdb").chmod(0o644)
    said = hand.kithbook("doctor")
    assert said.code == StorageError.exit_code
    assert f"chmod 700 {hand.folder}" in said.out
    assert f"chmod 600 {hand.folder / 'state.duckdb'}" in said.out
    assert "2 things are wrong: folder, files." in said.err


def test_doctor_names_each_question_once(hand: Hand) -> None:
    said = hand.ok("doctor").out
    assert "1 question waits for your answer" in said
    assert "they are left in peace" not in said


def test_doctor_finds_what_a_command_left_that_was_cut_off(hand: Hand) -> None:
    (hand.folder / "what-if-x1").mkdir()
    assert f"rm -r {hand.folder / 'what-if-x1'}" in hand.ok("doctor").out


def test_a_source_that_never_could_be_read_stands_in_status(hand: Hand) -> None:
    config = hand.folder / "config.toml"
    lost = '[source.lost]\ntype = "vcard"\npath = "lost.vcf"\n'
    config.write_text(f"{config.read_text('utf-8')}\n{lost}", "utf-8")
    assert hand.kithbook("sync").code == 6
    assert hand.kithbook("import", str(hand.folder / "nosuch.vcf")).code == 4
    (row,) = [one for one in hand.ok("status").out.splitlines() if one.startswith("lost ")]
    assert row.split()[:3] == ["lost", "0", "never"]
    assert row.endswith(f"There is no file {hand.folder / 'lost.vcf'}. Nothing was changed.")
    found = json.loads(hand.ok("status", "--json").out)["sources"]
    named = [one["source"] for one in found]
    assert sorted(set(named)) == named == ["calendar", "family", "lost", "tasks", "work"]


def test_doctor_points_to_the_findings_when_there_are_several(hand: Hand) -> None:
    for name in ("family.vcf", "work.vcf"):
        (hand.folder / name).unlink()
    said = hand.kithbook("doctor").err.splitlines()
    assert said == [
        "kithbook: 2 things are wrong: source family, source work.",
        "  → What to do stands below each of them.",
    ]


def test_doctor_goes_on_after_a_source_that_is_not_there(hand: Hand) -> None:
    (hand.folder / "family.vcf").unlink()
    said = hand.kithbook("doctor")
    assert said.code == 4
    assert "wrong source family" in " ".join(said.out.split())
    assert "task list Follow-ups" in said.out


def test_doctor_explains_a_config_that_cannot_be_meant_so(hand: Hand) -> None:
    with (hand.folder / "config.toml").open("a", encoding="utf-8") as file:
        file.write("\n[rules]\nmax_atendees = 3\n")
    said = hand.kithbook("doctor")
    assert said.code == 2
    assert "Did you mean max_attendees?" in said.out


def test_doctor_says_which_password_is_missing(hand: Hand) -> None:
    with (hand.folder / "config.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[source.home]\ntype = "caldav"\nurl = "http://127.0.0.1:9/"\n'
            'username = "nora"\npassword_env = "NO_SUCH_VARIABLE"\n'
        )
    said = hand.kithbook("doctor")
    assert said.code == 3
    assert "NO_SUCH_VARIABLE is not set" in said.out


@pytest.mark.parametrize(
    ("url", "form", "told"),
    [
        ("https://caldav.icloud.com/", "task", 'Write as = "event" under [tasks].'),
        ("https://caldav.icloud.com/", "event", None),
        ("https://apidata.googleusercontent.com/caldav/v2/", "task", 'type = "google"'),
        ("https://dav.example.org/", "task", None),
    ],
)
def test_doctor_knows_what_some_providers_cannot_do(
    tmp_path: Path, url: str, form: str, told: str | None
) -> None:
    from connectors.dav.options import CalDavOptions

    source = Source("home", "caldav", CalDavOptions(url=url, username="ana"))
    config = Config(
        tmp_path, Owner("me", ("ana@example.org",)), (source,), tasks=Tasks("home", form=form)
    )
    hints = [one.hint for one in check_sources.account_hints(source, config)]
    assert (told is None and hints == []) or (told is not None and told in hints[0])
