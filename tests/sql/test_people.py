"""What the records say of each person: names, kinds, flags, circles, birthdays."""

from typing import Any

import pytest

from tests.support.identity_builder import PersonBook


@pytest.fixture
def book() -> PersonBook:
    return PersonBook()


def persons(book: PersonBook, columns: str) -> list[tuple[Any, ...]]:
    book.reckon("identity.persons")
    return book.rows(f"select {columns} from identity.persons order by person_id")


# --- names --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "name"),
    [
        ({"full_name": "Lima, Ana"}, "Ana Lima"),
        ({"full_name": "Lima, Ana", "given": "Ana", "family": "Lima"}, "Ana Lima"),
        ({"full_name": "Ana Lima, PhD"}, "Ana Lima"),
        ({"full_name": "Eva Öz, MBA", "given": "Eva", "family": "Öz, MBA"}, "Eva Öz"),
        ({"full_name": "Ana Lima (Fjord Labs)"}, "Ana Lima"),
        ({"full_name": "Ana Lima \N{BIRTHDAY CAKE}"}, "Ana Lima"),
        ({"full_name": "\N{BIRTHDAY CAKE}"}, "\N{BIRTHDAY CAKE}"),
        ({"full_name": "Team: Blue, Red", "family": "Team: Blue, Red"}, "Team: Blue, Red"),
        ({"full_name": "Blue, Red", "family": "Blue, Red"}, "Blue, Red"),
        ({"full_name": "Fjord (Lisbon)", "kind": "organization"}, "Fjord (Lisbon)"),
        ({"full_name": "Lima, Lisbon", "given": "Ana", "family": "Lima"}, "Ana Lima"),
        ({"given": "Ana", "family": "Lima"}, "Ana Lima"),
        ({"full_name": "[red]Ana[/]"}, "[red]Ana[/]"),
        ({"full_name": "=HYPERLINK(1)"}, "=HYPERLINK(1)"),
        ({"organization": "Fjord Labs"}, "Fjord Labs"),
        ({"emails": ["ana.lima@fjord.example"]}, "ana.lima@fjord.example"),
        ({"phones": ["912 345 678"]}, "912 345 678"),
        ({"note": "met at the fair"}, "Somebody without a name"),
    ],
)
def test_what_a_person_is_called(book: PersonBook, card: dict[str, Any], name: str) -> None:
    book.card(**card)
    assert persons(book, "display_name") == [(name,)]


def test_the_fullest_name_of_a_live_card_is_shown(book: PersonBook) -> None:
    book.card(full_name="A. Lima", emails=["ana@lima.example"])
    book.card("google", full_name="Ana Lima", emails=["ana@lima.example"])
    book.invited("ana@lima.example", name="ANA LIMA")
    assert persons(book, "display_name") == [("Ana Lima",)]


def test_a_card_that_is_gone_names_nobody_whom_a_live_one_names(book: PersonBook) -> None:
    gone = "2026-02-01 00:00:00+00"
    book.card(full_name="Ana Costa Lima", emails=["ana@lima.example"], gone_at=gone)
    book.card("google", given="Ana", family="Lima", emails=["ana@lima.example"])
    assert persons(book, "display_name") == [("Ana Lima",)]


@pytest.mark.parametrize("region", ["", "PT"])
def test_a_number_is_shown_once_however_it_is_written(region: str) -> None:
    book = PersonBook(phone_region=region)
    book.card(full_name="Ana Lima", phones=["912 345 678", "21 000 00 00"], emails=["a@x.example"])
    book.card("google", phones=["+351 912 345 678", "(912) 345678"], emails=["a@x.example"])
    ((phones,),) = persons(book, "phones")
    assert len(phones) == 2
    assert "+351912345678" in phones


@pytest.mark.parametrize("region", [None, "PT"])
def test_a_task_is_known_by_a_number_with_its_country_wherever_the_owner_is(
    region: str | None,
) -> None:
    book = PersonBook(phone_region=region)
    book.card(full_name="Ana Lima", phones=["+351 912 345 678"], uid="")
    book.reckon("identity.person_keys")
    keys = "select task_key, is_alone from identity.person_keys order by choice_order"
    assert book.rows(keys) == [("+351912345678", True), ("ana lima", True)]


# --- kinds --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "kind", "reason"),
    [
        ({"full_name": "Ana Lima"}, "person", None),
        ({"full_name": "Ana Lima", "organization": "Fjord Labs"}, "person", None),
        ({"full_name": "Ana Lima", "emails": ["office@lima.example"]}, "person", None),
        ({"emails": ["office@fjord.example", "ana@lima.example"]}, "person", None),
        ({"full_name": "X", "kind": "organization"}, "organization", "the card is a company's"),
        (
            {"full_name": "Fjord Labs", "organization": "Fjord Labs"},
            "organization",
            "the card names an organization and no person",
        ),
        ({"full_name": "Pizza Milano"}, "organization", '"pizza" stands in the name'),
        ({"full_name": "Zahnarztpraxis Dr. Weiß"}, "organization", None),
        (
            {"full_name": "Fjord Support", "emails": ["support@fjord.example"]},
            "organization",
            "support@fjord.example is an office, not a person",
        ),
        (
            {"full_name": "Ana from Fjord", "emails": ["sales@fjord.example"]},
            "organization",
            "sales@fjord.example is an office, not a person",
        ),
        (
            {"full_name": "Ana Lima", "emails": ["no-reply@fjord.example"]},
            "service",
            "nobody reads no-reply@fjord.example",
        ),
        (
            {"full_name": "Tickets for you", "emails": ["orders@eventbrite.com"]},
            "organization",
            None,
        ),
        (
            {"emails": ["3f2a@group.calendar.google.com"]},
            "service",
            "3f2a@group.calendar.google.com sends meeting links",
        ),
        (
            {"emails": ["hikers@googlegroups.com"]},
            "service",
            "hikers@googlegroups.com sends lists",
        ),
    ],
)
def test_organizations_and_services_are_not_people(
    book: PersonBook, card: dict[str, Any], kind: str, reason: str | None
) -> None:
    book.card(**card)
    [(found, why)] = persons(book, "kind, kind_reason")
    assert found == kind
    assert (why is None) == (kind == "person")
    if reason is not None:
        assert why == reason


def test_groups_are_not_people_but_name_their_members(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", uid="ana-1", categories=["Friends"])
    book.card(full_name="Choir", kind="group", members=["urn:uuid:ana-1"])
    assert persons(book, "person_id, categories") == [(1, ["Choir", "Friends"])]


@pytest.mark.parametrize(
    "member",
    [
        *("urn:uuid:ANA-1", "ana-1", "mailto:Ana%40lima.example", "mailto:ana@lima.example"),
        *("ana@lima.example", "tel:+351-912-345-678", "mailto:ana@lima.example?subject=x"),
    ],
)
def test_a_group_names_its_members_in_any_way(book: PersonBook, member: str) -> None:
    book.card(
        full_name="Ana Lima", uid="ana-1", emails=["Ana@lima.example"], phones=["912 345 678"]
    )
    book.card("other", full_name="Not Ana", uid="ana-1", emails=["ana@lima.example"])
    book.card(full_name="Choir", kind="group", members=[member])
    book.card(full_name="Band", kind="group", emails=["ana@lima.example"])
    assert (1, ["Band", "Choir"]) in persons(book, "person_id, categories")


@pytest.mark.parametrize(
    "card",
    [
        {},
        {"has_photo": True, "revised_at": "20260101T000000Z"},
        {"categories": ["Friends"], "extra": [{"name": "X-ABUID", "value": "7"}]},
        {"full_name": "  ", "nicknames": [], "emails": []},
    ],
)
def test_a_card_that_says_nothing_is_nobody(book: PersonBook, card: dict[str, Any]) -> None:
    book.card(full_name="Ana Lima")
    book.card(**card)
    assert persons(book, "display_name") == [("Ana Lima",)]


def test_all_that_a_card_says_twice_is_kept(book: PersonBook) -> None:
    named = [{"name": "Rui Costa", "label": "spouse"}, {"name": "Rui Costa", "label": "spouse"}]
    book.card(
        full_name="Bea Luz",
        nicknames=["Bi"],
        organization="Clinic A",
        department="Ward",
        title="Nurse",
        role="Care",
        note="One",
        related=named,
        extra=[
            {"name": name, "value": value}
            for name, value in (
                *(("ORG", "School B;Music"), ("TITLE", "Teacher"), ("TITLE", "Teacher")),
                *(("ROLE", "Music"), ("NOTE", "Two"), ("NOTE", "Three"), ("FN", "Beatriz Luz")),
                *(("X-ABUID", "7"), ("N", "Luz;Beatriz;;;")),
            )
        ],
    )
    book.reckon("main.contact_details")
    said = book.rows("select field, value, label from main.contact_details order by all")
    assert said == [
        ("department", "Ward", None),
        ("name", "Bea Luz", None),
        ("name", "Beatriz Luz", None),
        ("name", "Luz, Beatriz", None),
        ("nickname", "Bi", None),
        ("note", "One\nTwo\nThree", None),
        ("organization", "Clinic A", None),
        ("organization", "School B, Music", None),
        ("related", "Rui Costa", "spouse"),
        ("role", "Care", None),
        ("role", "Music", None),
        ("title", "Nurse", None),
        ("title", "Teacher", None),
    ]


def test_extensions_are_kept_and_tell_two_people_at_one_switchboard_apart(
    book: PersonBook,
) -> None:
    point = {"label": None, "is_preferred": False}
    number = {**point, "value": "+1-202-555-0143"}
    book.card(full_name="Hugo Paz")
    book.connection.execute(
        "update raw.contacts set phones = $1", [[{**number, "extension": "102"}]]
    )
    book.card(full_name="Hugo Paz", phones=["+1 202 555 0143 x102"])
    book.card(full_name="Hugo", phones=["+1 202 555 0143 ext. 205"])
    assert book.people() == [{1, 2}, {3}]
    assert persons(book, "phones") == [
        (["+12025550143 ext. 102"],),
        (["+12025550143 ext. 205"],),
    ]
    book.reckon("main.contact_details")
    assert book.rows(
        "select record_id, value from main.contact_details where field = 'phone' order by all"
    ) == [
        (1, "+1-202-555-0143 ext. 102"),
        (2, "+1 202 555 0143 x102"),
        (3, "+1 202 555 0143 ext. 205"),
    ]


def test_what_is_dialled_after_the_number_makes_no_other_number(book: PersonBook) -> None:
    book.card(full_name="Olga Reis", phones=["+351 912 345 000,,4711#"])
    book.card(full_name="Olga Reis", phones=["*31#912345000"])
    assert book.people() == [{1, 2}]


# --- flags --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "is_hinted"),
    [
        ({"full_name": "Ana Lima †"}, True),
        ({"full_name": "Ana Lima", "suffix": "RIP"}, True),
        ({"full_name": "Ana Lima", "note": "Verstorben 2019"}, True),
        ({"full_name": "Ana Lima", "note": "décédée en mai"}, True),
        ({"full_name": "Ana Lima", "death_date": {"year": 2019}}, True),
        ({"full_name": "Ana Ripley", "note": "grip, description"}, False),
        ({"full_name": "Ana Lima"}, False),
    ],
)
def test_a_card_may_say_that_they_died(
    book: PersonBook, card: dict[str, Any], is_hinted: bool
) -> None:
    if "death_date" in card:
        card["death_date"] = {"year": 2019, "month": None, "day": None, "text": None}
    book.card(**card)
    assert persons(book, "is_deceased_hint") == [(is_hinted,)]


def test_the_owner_is_known_by_their_address(book: PersonBook) -> None:
    book.invited("me@example.org", name="Me Myself")
    book.invited("ana@lima.example", name="Ana Lima")
    assert persons(book, "is_owner") == [(True,), (False,)]


def test_all_addresses_of_the_owner_are_one_person(book: PersonBook) -> None:
    book.connection.execute("update raw.owners set emails = ['me@example.org', 'i@work.example']")
    book.invited("me@example.org", name="Rui Costa")
    book.invited("i@work.example", name="R. M. C.")
    book.card(full_name="Rui Costa", emails=["me+x@example.org"])
    assert persons(book, "person_id, is_owner") == [(1, True)]


def test_who_shares_the_owners_address_is_not_the_owner(book: PersonBook) -> None:
    book.invited("me@example.org", name="Rui Costa")
    book.card(full_name="Ana Lima", emails=["me@example.org"])
    assert persons(book, "person_id, is_owner") == [(1, True), (2, False)]


def test_colleagues_write_from_the_owners_domains(book: PersonBook) -> None:
    book.connection.execute("update raw.owners set own_domains = ['work.example']")
    book.invited("ana@work.example")
    book.invited("rui@mail.work.example")
    book.invited("eva@homework.example")
    assert persons(book, "is_colleague") == [(True,), (True,), (False,)]


def test_deleting_the_last_card_puts_to_rest_until_woken(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", gone_at="2026-02-01 00:00:00+00")
    assert persons(book, "is_resting, has_card") == [(True, False)]
    book.decide("wake", 1)
    assert persons(book, "is_resting") == [(False,)]


@pytest.mark.parametrize(
    ("collection_gone_at", "is_import", "rests"),
    [
        (None, False, True),
        ("2026-02-01 00:00:00+00", False, False),  # the whole book went
        ("2026-05-01 00:00:00+00", False, True),  # it went long after the card
        (None, True, False),
    ],
)
def test_only_a_card_deleted_by_itself_from_a_pulled_book_puts_to_rest(
    book: PersonBook, collection_gone_at: str | None, is_import: bool, rests: bool
) -> None:
    book.connection.execute("update raw.sources set is_import = $1", [is_import])
    place = {"source": "home", "collection": "home"}
    book.insert("raw.cursors", {**place, "gone_at": collection_gone_at})
    book.card(full_name="Ana Lima", gone_at="2026-02-01 00:00:00+00")
    assert persons(book, "is_resting") == [(rests,)]


def test_a_lost_book_after_a_deleted_card_puts_nobody_to_rest(book: PersonBook) -> None:
    lost = {"source": "home", "collection": "work", "gone_at": "2026-03-01 00:00:00+00"}
    book.insert("raw.cursors", lost)
    fields: dict[str, Any] = {"full_name": "Ana Lima", "emails": ["ana@lima.example"]}
    book.card(**fields, gone_at="2026-02-01 00:00:00+00")
    book.card(**fields, collection="work", gone_at="2026-03-01 00:00:00+00")
    assert persons(book, "person_id, is_resting") == [(1, False)]


@pytest.mark.parametrize(
    ("day", "reply", "own_reply", "rests"),
    [
        ("2026-03-01", "accepted", "accepted", False),
        ("2026-01-15", "accepted", "accepted", True),  # before the card was deleted
        ("2026-10-01", "accepted", "accepted", True),  # still to come
        ("2026-03-01", "declined", "accepted", True),
        ("2026-03-01", "accepted", "needs-action", True),
    ],
)
def test_an_accepted_meeting_after_the_deletion_wakes(
    book: PersonBook, day: str, reply: str, own_reply: str, rests: bool
) -> None:
    book.card(full_name="Ana Lima", emails=["ana@lima.example"], gone_at="2026-02-01 00:00:00+00")
    ana = {"record_id": 2, "email": "ana@lima.example", "reply": reply, "kind": "individual"}
    me = {"record_id": 3, "email": "me@example.org", "reply": own_reply, "kind": "individual"}
    times = {"starts_at": f"{day} 10:00:00+00", "ends_at": f"{day} 11:00:00+00"}
    event = {"item_id": 9, "source": "home", "uid": "lunch", "recurrence_id": "", **times}
    book.insert("raw.meetings", {**event, "is_all_day": False, "attendees": [ana, me]})
    book.reckon("identity.persons")
    found = book.rows("select is_resting from identity.persons where person_id = 1")
    assert found == [(rests,)]


def test_an_attendee_without_a_card_does_not_rest(book: PersonBook) -> None:
    book.invited("ana@lima.example", name="Ana Lima")
    assert persons(book, "is_resting, has_card") == [(False, False)]


def test_rest_mute_and_wake_and_their_undoing(book: PersonBook) -> None:
    book.card(full_name="Ana Lima")
    book.decide("mute", 1)
    rest = book.decide("rest", 1)
    assert persons(book, "is_muted, is_resting") == [(True, True)]
    book.undo(rest)
    assert persons(book, "is_muted, is_resting") == [(True, False)]
    book.decide("wake", 1)
    assert persons(book, "is_muted, is_resting") == [(False, False)]
    book.decide("rest", 1)
    assert persons(book, "is_muted, is_resting") == [(False, True)]
    book.decide("wake", 1)
    assert persons(book, "is_muted, is_resting") == [(False, False)]


def test_a_decision_follows_its_record_into_another_person(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", emails=["ana@lima.example"])
    book.card("google", full_name="Ana Lima", emails=["ana@lima.example"])
    book.decide("mute", 2)
    assert persons(book, "person_id, is_muted") == [(1, True)]


def test_who_is_resting_is_in_no_view(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", birthday=(1980, 10, 1))
    book.decide("rest", 1)
    book.reckon("main.people", "main.contact_details", "main.birthdays")
    for table in ("people", "contact_details", "birthdays"):
        assert book.rows(f"select * from main.{table}") == []


def test_imported_people_are_told_from_those_of_a_synced_source(book: PersonBook) -> None:
    book.insert("raw.sources", {"source": "old.vcf", "type": "vcard", "is_import": True})
    book.card("old.vcf", full_name="Ana Lima", emails=["ana@lima.example"])
    book.card("old.vcf", full_name="Rui Costa", emails=["rui@costa.example"])
    book.invited("rui@costa.example", name="Rui Costa")
    assert persons(book, "is_import_only") == [(True,), (False,)]


def test_the_best_of_each_card_is_shown_first(book: PersonBook) -> None:
    gone = "2026-08-01 00:00:00+00"
    book.card(full_name="Ana Lima", emails=["ana@old.example", "a@lima.example"], gone_at=gone)
    book.card("google", full_name="Ana Lima", emails=["a@lima.example"], phones=["912 345 678"])
    assert persons(book, "emails, phones") == [
        (["a@lima.example", "ana@old.example"], ["+351912345678"])
    ]


# --- circles ------------------------------------------------------------------------------


def test_a_circle_takes_members_in_every_way(book: PersonBook) -> None:
    book.card(full_name="Ana Lima")
    book.card(full_name="Rui Costa", emails=["rui@costa.example"])
    book.card(full_name="Eva Reis", categories=["Mentors"])
    book.card(full_name="Ivo Dias", organization="Fjord Labs")
    book.card(full_name="Sol Neves", emails=["sol@eu.ember.example"])
    book.card(full_name="Gil Moura")
    book.card(full_name="Not One")
    book.decide("circle", 6, value="mentors")
    book.insert(
        "raw.circles",
        {
            "owner_id": "me",
            "circle": "mentors",
            "purpose": "stay honest",
            "people": ["ana lima", "rui@costa.example"],
            "categories": ["mentors"],
            "organizations": ["fjord labs"],
            "domains": ["ember.example"],
        },
    )
    book.reckon("main.circles", "main.people")
    assert book.rows("select purpose, n_members from main.circles") == [("stay honest", 6)]
    assert book.rows("select display_name from main.people where circles = []") == [("Not One",)]


# --- birthdays ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "birthday", "expected"),
    [
        ("2026-09-01", (1980, 10, 1), [("2026-10-01", 30, 46)]),
        ("2026-09-01", (1980, 9, 1), [("2026-09-01", 0, 46)]),
        ("2026-09-01", (1980, 8, 31), [("2027-08-31", 364, 47)]),
        ("2026-09-01", (None, 12, 24), [("2026-12-24", 114, None)]),
        ("2026-01-10", (1992, 2, 29), [("2026-02-28", 49, 34)]),
        ("2028-01-10", (None, 2, 29), [("2028-02-29", 50, None)]),
        ("2028-02-29", (1992, 2, 29), [("2028-02-29", 0, 36)]),
        ("2027-03-01", (1992, 2, 29), [("2028-02-29", 365, 36)]),
        ("2026-12-31", (1980, 1, 1), [("2027-01-01", 1, 47)]),
        ("2026-09-01", (1980, 4, 31), []),
        ("2026-09-01", (1980, 13, 1), []),
        ("2026-09-01", (1980, 4, None), []),
    ],
)
def test_when_a_birthday_next_comes(
    as_of: str, birthday: tuple[int | None, int, int | None], expected: list[tuple[Any, ...]]
) -> None:
    book = PersonBook(as_of)
    book.card(full_name="Ana Lima", birthday=birthday)
    book.reckon("main.birthdays")
    found = book.rows("select next_date::varchar, days_until, turns from main.birthdays")
    assert found == expected


def test_a_birthday_with_its_year_is_taken_before_one_without(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", birthday=(None, 10, 1), emails=["ana@lima.example"])
    book.card("google", full_name="Ana Lima", birthday=(1980, 10, 1), emails=["ana@lima.example"])
    assert persons(book, "birthday.year") == [(1980,)]


def test_no_birthday_of_the_dead(book: PersonBook) -> None:
    book.card(full_name="Ana Lima †", birthday=(1980, 10, 1))
    book.reckon("main.birthdays")
    assert book.rows("select * from main.birthdays") == []


# --- details ------------------------------------------------------------------------------


def test_every_card_says_why_it_is_here(book: PersonBook) -> None:
    book.card(full_name="Ana Lima", emails=["ana@lima.example"], organization="Fjord Labs")
    book.card("google", full_name="Ana Sofia Lima", emails=["ana@lima.example"])
    book.reckon("main.contact_details")
    assert book.rows(
        "select record_id, source, field, value, why from main.contact_details "
        "order by record_id, field"
    ) == [
        (1, "home", "email", "ana@lima.example", "seen first"),
        (1, "home", "name", "Ana Lima", "seen first"),
        (1, "home", "organization", "Fjord Labs", "seen first"),
        (2, "google", "email", "ana@lima.example", "same e-mail, same name"),
        (2, "google", "name", "Ana Sofia Lima", "same e-mail, same name"),
    ]


def test_cards_that_disagree_are_shown_side_by_side(book: PersonBook) -> None:
    point: dict[str, Any] = {"emails": ["ana@lima.example"]}
    book.card("google", full_name="Ana Lima", city="Porto", organization="Fjord Labs", **point)
    book.card(full_name="Lima, Ana", city="Oslo", organization="fjord labs", **point)
    book.reckon("main.field_conflicts")
    assert book.rows("select field, said_values, sources from main.field_conflicts") == [
        ("city", ["Porto", "Oslo"], ["google", "home"])
    ]


def test_a_book_of_nobody_builds(book: PersonBook) -> None:
    book.reckon()
    book.build()
    assert book.rows("select count(*) from main.people") == [(0,)]


def test_who_left_with_a_directory_is_listed_if_anything_else_is_known_of_them(
    book: PersonBook,
) -> None:
    """A meeting, a decision, a log or a task; and nobody rests."""
    gone = {"collection": "staff", "gone_at": "2026-08-31 05:00:00+00"}
    book.insert("raw.cursors", {"source": "home", **gone})
    unknown, muted, logged, written, met, named_with = (
        book.card(full_name=f"Kim Test{number}", emails=[f"kim{number}@example.org"], **gone)
        for number in range(6)
    )
    kept = book.card(full_name="Ana Lima", emails=["ana@example.org"])
    book.insert("raw.collections", {"source": "home", "collection": "staff", "is_directory": True})
    book.decide("mute", muted)
    book.decide("log", logged)
    book.decide("introduce", kept, named_with)
    book.insert("raw.task_links", {"uid": "kithbook-1", "person_id": written})
    book.invited("kim4@example.org")
    book.reckon("main.people")
    listed = {person for (person,) in book.rows("select person_id from main.people")}
    assert listed >= {muted, logged, written, met, named_with, kept}
    assert unknown not in listed
