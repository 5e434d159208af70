"""The user's hand: each command as somebody types it on the demo book, and what it says."""

import json
import re
from datetime import datetime, tzinfo
from typing import Self
from zoneinfo import ZoneInfo

import pytest

from pipeline.book import decisions, run_lock
from pipeline.book.folder import Folder
from pipeline.commands import record_decision
from tests.support.demo_commands import Hand

SIOBHAN = "Siobhán O\u2019Neil"


# --- whom a text means --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hanna", "Hanna Brandt"),
        ("brandt, hanna", "Hanna Brandt"),
        ("LÜDERS", "Hanna Brandt"),
        ("h.lueders@kanalpost.example", "Hanna Brandt"),
        ("lukasz", "Łukasz Wójcik"),
        ("oneil", SIOBHAN),
        ("김민준", "Min-jun Kim 김민준"),
        ("sokolov", "Дмитрий Соколов"),
        ("ana", "Ana Lima"),
    ],
)
def test_people_are_found_as_one_calls_them(hand: Hand, text: str, name: str) -> None:
    """Ana is Ana Lima and not Susana or Joana: a whole word wins over a part."""
    hand.ok("mute", text)
    assert hand.decisions()[-1]["who"]["name"] == name


def test_the_id_means_the_person(hand: Hand) -> None:
    ((person_id,),) = hand.rows("select person_id from people where display_name = 'Omar Haddad'")
    hand.ok("mute", str(person_id))
    assert hand.decisions()[-1]["who"]["name"] == "Omar Haddad"


def test_several_are_listed_and_nothing_is_noted(hand: Hand) -> None:
    said = hand.kithbook("mute", "keller")
    assert said.code == 2
    assert '"keller" means 8 people' in said.err
    assert "Renate Keller" in said.err
    assert "Give the e-mail or the id" in said.err
    assert not (hand.folder / "decisions.jsonl").exists()


def test_several_are_asked_for_on_a_terminal(hand: Hand) -> None:
    said = hand.ok("mute", "keller", typed=["2"])
    assert "Which?" in said.err
    second = next(line for line in said.err.splitlines() if line.startswith("  2  "))
    assert hand.decisions()[-1]["who"]["name"] in second


def test_no_answer_changes_nothing(hand: Hand) -> None:
    assert hand.kithbook("mute", "keller", typed=["x"]).code == 2
    assert not (hand.folder / "decisions.jsonl").exists()


@pytest.mark.parametrize("text", ["nobody at all", "%", "' or 1=1 --", "\x1b[31m", ""])
def test_nobody_is_said_so(hand: Hand, text: str) -> None:
    said = hand.kithbook("mute", text)
    assert said.code == 2
    assert "Nobody in the book" in said.err or "Who do you mean" in said.err
    assert "\x1b" not in said.err


# --- saying something ---------------------------------------------------------------------

SAYINGS = [
    (["log", "hanna"], {"verb": "log", "from_date": "2026-11-18"}, "In touch with Hanna Brandt"),
    (
        ["log", "hanna", "--on", "yesterday", "--gave", "--note", "a book"],
        {"verb": "log", "from_date": "2026-11-17", "value": "gave", "note": "a book"},
        "you gave",
    ),
    (["log", "hanna", "brandt", "--asked"], {"verb": "log", "value": "asked"}, "you asked"),
    (
        ["snooze", "hanna", "3", "weeks"],
        {"verb": "snooze", "until_date": "2026-12-09"},
        "No reminder about Hanna Brandt before 9 December",
    ),
    (
        ["snooze", "hanna", "2027-01-15"],
        {"verb": "snooze", "until_date": "2027-01-15"},
        "before 15 January 2027",
    ),
    (["mute", "hanna"], {"verb": "mute"}, "No more reminders about Hanna Brandt"),
    (["rest", "hanna"], {"verb": "rest"}, "Hanna Brandt is out of every list"),
    (["wake", "hanna"], {"verb": "wake"}, "Hanna Brandt is back"),
    (["every", "hanna", "2 months"], {"verb": "every", "every_days": 61}, "every 2 months"),
    (
        ["circle", "hanna", "MENTORS"],
        {"verb": "circle", "value": "mentors"},
        "in the circle mentors",
    ),
    (["circle", "hanna", "choir"], {"verb": "circle", "value": "choir"}, "under [circle.choir]"),
    (["pause", "3", "weeks"], {"verb": "pause", "until_date": "2026-12-09"}, "until 9 December"),
    (["pause", "off"], {"verb": "pause", "until_date": "2026-11-18"}, "The pause is over"),
    (["introduce", "hanna", "omar"], {"verb": "introduce"}, "introduce Hanna Brandt and Omar"),
    (
        ["merge", "hanna", "omar"],
        {"verb": "merge"},
        "Hanna Brandt and Omar Haddad are the same person",
    ),
    (["split", "hanna", "omar"], {"verb": "never_same"}, "and stay two"),
    (["split", "hanna", "--card", "2"], {"verb": "split"}, "Card 2 (work: "),
]


@pytest.mark.parametrize(("typed", "noted", "told"), SAYINGS, ids=[" ".join(s[0]) for s in SAYINGS])
def test_what_is_said_is_noted_and_can_be_taken_back(
    hand: Hand, typed: list[str], noted: dict[str, object], told: str
) -> None:
    said = hand.ok(*typed)
    assert said.out == ""
    assert told in said.err
    assert "the next sync" in said.err
    (line,) = hand.decisions()
    assert {key: line[key] for key in noted} == noted
    assert f"`kithbook undo {line['decision_id']}`" in said.err

    back = hand.ok("undo")
    assert "Taken back: " in back.err
    standing = list(decisions.read(hand.folder))
    assert line["decision_id"] not in decisions.standing(standing)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["log", "hanna", "--on", "tomorrow"], "still to come"),
        (["log", "hanna", "--on", "soon"], "is not a day"),
        (["log", "hanna", "--gave", "--asked"], "one after the other"),
        (["snooze", "hanna", "2026-01-01"], "not in the future"),
        (["snooze", "hanna", "often"], "neither a day nor a span"),
        (["every", "hanna", "often"], "is not a span of time"),
        (["every", "hanna", "90 years"], "longer than ten years"),
        (["pause", "on"], "neither a day nor a span"),
        (["circle", "hanna", " "], "Which circle?"),
        (["merge", "hanna", "brandt"], "the same entry"),
        (["introduce", "hanna", "hanna"], "the same entry"),
        (["split", "hanna", "--card", "9"], "has no card 9; there are 3:"),
        (["split", "hanna"], "Which one is somebody else's?"),
        (["split", "wilhelm"], "from one card only"),
        (["undo"], "nothing to take back"),
        (["undo", "abc"], "No decision begins"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_meant_so_changes_nothing(hand: Hand, typed: list[str], told: str) -> None:
    said = hand.kithbook(*typed)
    assert said.code == 2
    assert told in said.err
    assert "  → " in said.err
    assert not (hand.folder / "decisions.jsonl").exists()


def test_saying_something_never_waits_for_a_run(hand: Hand) -> None:
    with run_lock.acquire(Folder(hand.folder), "sync"):
        hand.ok("log", "hanna")
        hand.ok("undo")
    assert [one["verb"] for one in hand.decisions()] == ["log", "undo"]


def test_split_asks_which_card_on_a_terminal(hand: Hand) -> None:
    said = hand.ok("split", "hanna", typed=["3"])
    assert "3  meetings: Hanna Brandt, hanna.brandt@example.org" in said.err
    (line,) = hand.decisions()
    assert line["who"]["keys"] == ["email hanna.brandt@example.org"]
    assert "email hanna.brandt@example.org" not in line["other"]["keys"]


def test_undo_goes_back_step_by_step_and_forth_again(hand: Hand) -> None:
    hand.ok("mute", "hanna")
    hand.ok("every", "omar", "2", "weeks")
    first, second = (one["decision_id"] for one in hand.decisions())
    assert "every 2 weeks" in hand.ok("undo").err
    assert "mute Hanna Brandt" in hand.ok("undo").err
    assert hand.kithbook("undo").code == 2

    again = hand.kithbook("undo", first)
    assert again.code == 2
    assert "was taken back before" in again.err
    undo_of_first = hand.decisions()[-1]["decision_id"]
    assert undo_of_first in again.err
    hand.ok("undo", undo_of_first)
    said = list(decisions.read(hand.folder))
    assert first in decisions.standing(said)
    assert second not in decisions.standing(said)
    hand.ok("undo", first[:6])
    assert first not in decisions.standing(decisions.read(hand.folder))


def test_the_last_ten_are_listed_newest_first(hand: Hand) -> None:
    for _ in range(6):
        hand.ok("mute", "hanna")
        hand.ok("wake", "hanna")
    hand.ok("undo")
    listed = hand.ok("undo", "--list").out.splitlines()
    assert len(listed) == 2 + 10
    assert "take back" in listed[2]
    assert "wake Hanna Brandt" in listed[3]
    assert listed[3].endswith("taken back")
    found = json.loads(hand.ok("undo", "--list", "--json").out)
    assert [one["stands"] for one in found[:3]] == [True, False, True]


def test_how_often_reads_as_one_says_it(hand: Hand) -> None:
    assert "In touch with Hanna Brandt every month." in hand.ok("every", "hanna", "1 month").err
    assert "In touch with Omar Haddad every 6 weeks." in hand.ok("every", "omar", "6 weeks").err
    assert "with Hanna Brandt every month" in hand.ok("undo", "--list").out


def test_a_new_circle_says_what_to_write_where(hand: Hand) -> None:
    said = hand.ok("circle", "hanna", "old", "rowers").err
    assert 'under [circle."old rowers"] in the config' in said
    assert "under [circle.rowers] in the config" in hand.ok("circle", "hanna", "rowers").err


def test_a_card_says_the_name_first(hand: Hand) -> None:
    story = hand.ok("show", "hanna").out
    assert "): Hanna Brandt, hanna.brandt@example.org, +49 171 3920040" in story


def test_the_end_of_a_pause_reads_as_one(hand: Hand) -> None:
    hand.ok("pause", "3", "weeks")
    hand.ok("pause", "off")
    listed = hand.ok("undo", "--list").out
    assert "end the pause" in listed
    assert listed.count("pause until") == 1
    assert "Taken back: end the pause." in hand.ok("undo").err


def test_who_is_kept_by_name_is_noted_and_what_follows_is_said(hand: Hand) -> None:
    said = hand.ok("choose", "--keep", "hanna", "--keep", "omar", "--keep", "brandt, hanna")
    assert said.out == ""
    assert "To keep in touch with: Hanna Brandt, about every 2 weeks, as so far." in said.err
    assert "2 answers noted; the next sync (or `kithbook build`) applies them" in said.err
    assert "`kithbook undo`" in said.err
    assert [one["verb"] for one in hand.decisions()] == ["keep", "keep"]


def test_a_card_that_is_not_there_is_answered_with_those_that_are(hand: Hand) -> None:
    lines = hand.kithbook("split", "hanna", "--card", "9").err.splitlines()
    assert lines[0] == "kithbook: Hanna Brandt has no card 9; there are 3:"
    assert [line.split()[0] for line in lines[1:4]] == ["1", "2", "3"]
    assert lines[4] == "  → Nothing was changed; give a number from 1 to 3 with --card."


def test_of_two_words_on_one_day_the_later_wins(hand: Hand) -> None:
    hand.ok("mute", "hanna")
    hand.ok("wake", "hanna")
    hand.ok("wake", "omar")
    hand.ok("mute", "omar")
    hand.build()
    muted = hand.rows("select display_name from people where is_muted")
    assert muted == [("Omar Haddad",)]


# --- what follows from it -----------------------------------------------------------------


def test_the_due_list_follows_what_was_said_and_undo_brings_it_back(hand: Hand) -> None:
    before = hand.due()
    assert {"Tobias Keller", "Omar Haddad", SIOBHAN} <= set(before)
    hand.ok("mute", "tobias")
    hand.ok("snooze", "omar", "3", "weeks")
    hand.ok("log", "siobhan", "--on", "yesterday", "--gave")
    hand.ok("introduce", "tobias", "zeynep")
    hand.build()
    after = hand.due()
    assert not {"Tobias Keller", "Omar Haddad", SIOBHAN} & set(after)
    assert hand.rows("select gave, asked from favours") == [(1, 0)]
    assert hand.rows(
        "select last_contact_date::varchar from last_contacts where display_name like 'Siobh%'"
    ) == [("2026-11-17",)]
    story = hand.ok("show", "siobhan").out
    assert "favours: 1 by you, 0 by them" in story
    assert "18 November        log 17 November gave  (" in story
    assert "introduce Zeynep" in hand.ok("show", "tobias").out

    for _ in range(4):
        hand.ok("undo")
    hand.build()
    assert hand.due() == before


@pytest.mark.parametrize("now", ["2026-10-01T22:30Z", "2026-12-01T23:30Z", "2026-12-01T00:10Z"])
def test_what_is_said_with_as_of_is_said_on_that_day_whatever_the_hour(
    hand: Hand, now: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Late in London it is the next day in Berlin."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromisoformat(now).astimezone(tz)

    monkeypatch.setattr(record_decision, "datetime", Clock)
    hand.ok("log", "siobhan", "--on", "yesterday")
    said = datetime.fromisoformat(hand.decisions()[-1]["decided_at"])
    assert said.astimezone(ZoneInfo("Europe/Berlin")).date().isoformat() == hand.as_of


def test_a_pause_empties_the_list_and_its_end_fills_it_again(hand: Hand) -> None:
    before = hand.due()
    hand.ok("pause", "3", "weeks")
    hand.build()
    assert hand.due() == []
    hand.ok("pause", "off")
    hand.build()
    assert hand.due() == before


def test_who_rests_is_in_no_list_and_wakes_again(hand: Hand) -> None:
    hand.ok("rest", "hanna")
    hand.ok("rest", "maria.silva@example.net")
    hand.ok("rest", "maria.silva@marealta.example")
    hand.build()
    assert hand.kithbook("show", "hanna").code == 2
    assert "Maria Silva" not in hand.ok("near", "lisbon").out
    assert hand.rows("select count(*) from people where display_name = 'Hanna Brandt'") == [(0,)]
    assert hand.kithbook("mute", "hanna").code == 2
    hand.ok("wake", "hanna")
    hand.build()
    assert "Hanna Brandt" in hand.ok("show", "hanna").out


def test_pairs_and_circles_follow(hand: Hand) -> None:
    hand.ok("merge", "petra jansen", "pieter")
    hand.ok("split", "hanna", "--card", "2")
    hand.ok("circle", "omar", "mentors")
    hand.ok("every", "zeynep", "1", "week")
    hand.build()
    assert hand.rows("select count(*) from people where display_name like 'Hanna Brandt%'") == [
        (2,)
    ]
    both = hand.rows(
        "select count(distinct person_id) from contact_details"
        " where field = 'name' and value in ('Petra Jansen', 'Pieter van den Berg')"
    )
    assert both == [(1,)]
    ((members,),) = hand.rows("select member_names from circles where circle = 'mentors'")
    assert "Omar Haddad" in members
    assert hand.rows(
        "select cadence_days, cadence_source from ties where display_name like 'Zeynep%'"
    ) == [(7.0, "given")]


# --- looking ------------------------------------------------------------------------------


def test_brief_says_who_comes_and_whom_both_know(hand: Hand) -> None:
    found = json.loads(hand.ok("brief", "--days", "14", "--json").out)
    assert found
    dates = [one["start_date"] for one in found]
    assert dates == sorted(dates)
    assert min(dates) >= "2026-11-18"
    assert max(dates) <= "2026-12-02"
    text = hand.ok("brief", "--days", "14").out
    for one in found:
        if one["n_people"] <= 8:
            assert one["display_name"] in text
        guests = {other["display_name"] for other in found if _same(one, other)}
        assert not guests & set(one["common_friends"])
    assert any(one["common_friends"] for one in found)
    assert "first met" in text
    assert "you both know" in text


def _same(one: dict[str, object], other: dict[str, object]) -> bool:
    return one["meeting_id"] == other["meeting_id"]


def test_a_private_meeting_has_no_title_in_the_brief(hand: Hand) -> None:
    private = [one for one in json.loads(hand.ok("brief", "--json").out) if not one["title"]]
    assert private
    assert "a private appointment" in hand.ok("brief").out


def test_an_empty_day_is_said_gladly(hand: Hand) -> None:
    quiet = Hand(hand.folder, hand.capture, hand.patch, as_of="2031-01-01")
    quiet.build()
    assert quiet.ok("brief").out == "No meeting with anybody in the next 7 days.\n"


def test_near_names_the_people_of_a_place(hand: Hand) -> None:
    out = hand.ok("near", "lisb").out
    assert "Tiago Sá" in out
    assert "Hanna" not in out
    found = json.loads(hand.ok("near", "malmo", "--json").out)
    assert {one["city"] for one in found} == {"Malmö"}
    nowhere = hand.ok("near", "atlantis")
    assert nowhere.out == ""
    assert "Known places: Berlin" in nowhere.err


def test_rules_say_how_many_meetings_each_decided(hand: Hand) -> None:
    found = json.loads(hand.ok("rules", "--json").out)
    shown = hand.ok("rules").out
    excluded = dict(
        hand.rows(
            "select excluded_reason, count(*) from meetings"
            " where excluded_reason is not null group by all"
        )
    )
    for one in found:
        assert one["rule"] in shown
        if one["rule"] in excluded:
            assert one["meetings"] == excluded[one["rule"]]


def test_what_was_said_a_moment_ago_stands_in_show_already(hand: Hand) -> None:
    hand.ok("mute", "hanna")
    hand.ok("every", "hanna", "36h")
    told = hand.ok("show", "hanna").out
    assert "  18 November        mute · not applied yet  (" in told
    assert "  18 November        every 2 days · not applied yet  (" in told
    hand.ok("undo")
    assert "every 2 days" not in hand.ok("show", "hanna").out


# --- choose -------------------------------------------------------------------------------


def test_nobody_is_asked_about_twice_before_the_next_build(hand: Hand) -> None:
    first = asked_about(hand.ok("choose", typed=["k", "n", "q"]).err)
    again = asked_about(hand.ok("choose", typed=["q"]).err)
    assert again[0] == first[2]
    hand.ok("undo")
    assert asked_about(hand.ok("choose", typed=["q"]).err)[0] == first[1]


def asked_about(said: str) -> list[str]:
    return re.findall(r"\d+/\d+  (\w+ \w+)", said)


# --- review -------------------------------------------------------------------------------


def test_review_without_a_terminal_names_the_commands_that_answer(hand: Hand) -> None:
    said = hand.ok("review").out
    assert "Wilhelm Keller †  (id " in said
    assert "A card says they have died." in said
    assert "`kithbook rest " in said
    found = json.loads(hand.ok("review", "--json").out)
    assert found["deceased_hints"][0]["display_name"] == "Wilhelm Keller †"


def test_review_asks_about_the_dead_and_believes_that_they_live(hand: Hand) -> None:
    said = hand.ok("review", typed=["?", "l"])
    assert "1 answer noted" in said.err
    assert hand.decisions()[-1]["verb"] == "wake"
    assert hand.ok("review").err == "Nothing to review.\n"
    hand.build()
    assert hand.rows("select count(*) from people where is_deceased_hint") == [(0,)]
    assert hand.ok("review").err == "Nothing to review.\n"


def test_enter_passes_over_and_q_ends(hand: Hand) -> None:
    for keys in ([""], ["q"], []):
        hand.ok("review", typed=keys)
    assert not (hand.folder / "decisions.jsonl").exists()
