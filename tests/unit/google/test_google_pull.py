"""Pulling from Google: what the two list APIs do in the real world."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.contract import Collection, Kind
from connectors.errors import CursorExpired, SourceError
from connectors.google.options import Limits
from tests.support.fake_google.server import GoogleServer
from tests.support.google_account import Hands, google, hands

__all__ = ["google", "hands"]

OWN = "calendars/ana@example.org"
SMALL = Limits(timeout_seconds=120, tries=1, first_wait_seconds=0.01, largest_page=3)


def aged(cursor: str | None, days: float) -> str:
    kept = json.loads(cursor or "")
    then = datetime.now(UTC) - timedelta(days=days)
    return json.dumps(kept | {"full_at": then.isoformat()})


def add_timed(google: GoogleServer, key: str, calendar: str | None = None, **fields: Any) -> None:
    google.account.add_event(
        key,
        calendar,
        **{
            "summary": key,
            "start": {"dateTime": "2026-03-02T10:00:00Z"},
            "end": {"dateTime": "2026-03-02T11:00:00Z"},
            **fields,
        },
    )


def add_weekly(google: GoogleServer, key: str, **fields: Any) -> None:
    zone = {"timeZone": "Europe/Lisbon"}
    start = {"dateTime": "2026-03-02T10:00:00Z"} | zone
    end = {"dateTime": "2026-03-02T11:00:00Z"} | zone
    rule = ["RRULE:FREQ=WEEKLY;COUNT=4"]
    series: dict[str, Any] = {"start": start, "end": end, "recurrence": rule, **fields}
    add_timed(google, key, **series)


def cancel_occurrence(google: GoogleServer, series: str, stamp: str = "20260309T100000Z") -> str:
    key = f"{series}_{stamp}"
    google.account.put_event(
        {
            "kind": "calendar#event",
            "id": key,
            "status": "cancelled",
            "recurringEventId": series,
            "originalStartTime": {"dateTime": "2026-03-09T10:00:00Z"},
        }
    )
    return key


# --- collections ----------------------------------------------------------------------------


def test_default_calendars_are_those_ticked_and_writable(hands: Hands) -> None:
    account = hands.google.account
    account.add_calendar("team", accessRole="writer", selected=True, summaryOverride="My team")
    account.add_calendar("boss", accessRole="writerWithoutPrivateAccess", selected=True)
    account.add_calendar("unticked", accessRole="owner")
    account.add_calendar("holidays", accessRole="reader", selected=True)
    account.add_calendar("busy", accessRole="freeBusyReader", selected=True)
    account.add_calendar("removed", accessRole="owner", selected=True, deleted=True)
    found = hands.connector().collections()
    assert [(one.href, one.name, set(one.kinds)) for one in found] == [
        ("people/me", "Contacts", {"contact"}),
        (OWN, "ana@example.org", {"event"}),
        ("calendars/team", "My team", {"event"}),
        ("calendars/boss", "boss", {"event"}),
    ]
    assert all(one.is_read_only for one in found)


def test_nothing_ticked_means_the_accounts_own_calendar(hands: Hands) -> None:
    entry = hands.google.account.calendars["ana@example.org"]
    del entry["selected"]
    hands.google.account.add_calendar("other", accessRole="owner")
    assert [one.href for one in hands.connector().collections()][1:] == [OWN]


@pytest.mark.parametrize(
    "name", ["Hidden one", "h#holiday@group.v.calendar.google.com", "Feiertage"]
)
def test_chosen_calendars_by_any_of_their_names_even_hidden(hands: Hands, name: str) -> None:
    hands.google.account.add_calendar(
        "h#holiday@group.v.calendar.google.com",
        summary="Feiertage",
        summaryOverride="Hidden one",
        hidden=True,
        accessRole="reader",
    )
    found = hands.connector(calendars=(name,)).collections()
    assert [one.name for one in found] == ["Contacts", "Hidden one"]


def test_a_calendar_that_is_not_there_is_named_with_those_that_are(hands: Hands) -> None:
    with pytest.raises(SourceError, match=r"no calendar 'Wrok'.*ana@example.org") as caught:
        hands.connector(calendars=("Wrok",)).collections()
    assert "calendars" in caught.value.hint


def test_an_id_with_a_hash_is_asked_for_as_it_is(hands: Hands) -> None:
    key = "addressbook#contacts@group.v.calendar.google.com"
    hands.google.account.add_calendar(key, accessRole="reader")
    add_timed(hands.google, "birthday1", key)
    mirror = hands.pull(f"calendars/{key}", calendars=(key,))
    assert set(mirror.items) == {"birthday1"}


def test_other_contacts_only_when_asked_for(hands: Hands) -> None:
    hands.google.account.add_other("o1", emailAddresses=[{"value": "o1@example.net"}])
    assert "otherContacts" not in {one.href for one in hands.connector().collections()}
    mirror = hands.pull("otherContacts", other_contacts=True)
    assert set(mirror.items) == {"otherContacts/o1"}
    hands.google.account.delete_person("otherContacts/o1", hands.google.account.others)
    assert hands.pull("otherContacts", other_contacts=True).items == {}


def test_an_unknown_collection_is_refused(hands: Hands) -> None:
    kinds: frozenset[Kind] = frozenset({"contact", "event"})
    with pytest.raises(SourceError):
        hands.connector().pull(Collection("x", "x", kinds), None, {})


# --- contacts -------------------------------------------------------------------------------


def test_person_is_kept_as_received(hands: Hands) -> None:
    hands.google.account.add_person("c1", names=[{"displayName": "Rui"}])
    (item,) = hands.pull().items.values()
    assert (item.href, item.uid, item.kind) == ("people/c1", "c1", "contact")
    assert item.media_type == "application/vnd.google.person+json"
    assert json.loads(item.body) == hands.google.account.people.live["people/c1"]
    assert item.etag == json.loads(item.body)["etag"]


def test_every_request_of_a_sync_has_the_same_parameters(hands: Hands) -> None:
    """The local Google refuses a token that comes with other parameters."""
    for number in range(7):
        hands.google.account.add_person(f"c{number}", names=[{"displayName": "x"}])
    hands.limits = SMALL
    assert len(hands.pull().items) == 7
    hands.google.account.delete_person("people/c3")
    assert len(hands.pull().items) == 6
    assert hands.google.requests.count("people.people.connections.list") == 3 + 1


def test_new_resource_name_of_a_linked_contact_replaces_the_old_one(hands: Hands) -> None:
    hands.google.account.add_person("c1", names=[{"displayName": "Rui"}])
    hands.pull()
    hands.google.account.rename_person("people/c1", "117")
    mirror = hands.pull()
    assert {href: item.uid for href, item in mirror.items.items()} == {"people/117": "c1"}


def test_former_name_that_somebody_bears_now_is_not_gone(hands: Hands) -> None:
    account = hands.google.account
    account.add_person("c1", names=[{"displayName": "Rui"}])
    hands.pull()
    account.rename_person("people/c1", "117")
    account.add_person("c1", names=[{"displayName": "Somebody new"}])
    assert set(hands.pull().items) == {"people/117", "people/c1"}


def test_groups_become_categories_and_a_renamed_group_reaches_its_members(hands: Hands) -> None:
    account = hands.google.account
    group = account.add_group("7", "Book club")
    mine = account.add_group("myContacts", "myContacts", "SYSTEM_CONTACT_GROUP")
    member = [
        {"contactGroupMembership": {"contactGroupResourceName": key}} for key in (group, mine)
    ]
    account.add_person("c1", memberships=member)
    account.add_person("c2")
    assert categories(hands) == {"people/c1": ("Book club",), "people/c2": ()}
    account.add_group("7", "Reading circle")
    assert categories(hands) == {"people/c1": ("Reading circle",), "people/c2": ()}
    assert [item.href for item in hands.mirrors["people/me"].received()] == ["people/c1"]


def test_googles_own_groups_are_called_as_the_user_sees_them(hands: Hands) -> None:
    account = hands.google.account
    keys = [
        account.add_group("friends", "friends", "SYSTEM_CONTACT_GROUP", shown="Amigos"),
        account.add_group("starred", "starred", "SYSTEM_CONTACT_GROUP", shown="Com estrela"),
        account.add_group("myContacts", "myContacts", "SYSTEM_CONTACT_GROUP", shown="Contactos"),
    ]
    member = [{"contactGroupMembership": {"contactGroupResourceName": key}} for key in keys]
    account.add_person("c1", memberships=member)
    assert categories(hands) == {"people/c1": ("Amigos", "Com estrela")}


def test_group_that_was_made_meanwhile_gets_its_name_at_the_next_pull(hands: Hands) -> None:
    member = [{"contactGroupMembership": {"contactGroupResourceName": "contactGroups/8"}}]
    hands.google.account.add_person("c1", memberships=member)
    assert categories(hands) == {"people/c1": ()}
    hands.google.account.add_group("8", "Choir")
    assert categories(hands) == {"people/c1": ("Choir",)}


def categories(hands: Hands) -> dict[str, tuple[str, ...]]:
    items = hands.pull().items.values()
    return {item.href: item.contact.categories for item in items if item.contact}


# --- full listings by themselves ------------------------------------------------------------


@pytest.mark.parametrize("href", ["people/me", OWN])
def test_after_six_days_everything_is_listed_again(hands: Hands, href: str) -> None:
    hands.google.account.add_person("c1")
    add_timed(hands.google, "e1")
    mirror = hands.pull(href)
    mirror.cursor = aged(mirror.cursor, 5.9)
    hands.pull(href)
    assert not mirror.pages[-1].complete
    mirror.cursor = aged(mirror.cursor, 6.1)
    hands.pull(href)
    assert mirror.pages[-1].complete
    assert mirror.received() == []
    assert len(mirror.items) == 1
    began = datetime.fromisoformat(json.loads(mirror.cursor or "")["full_at"])
    assert datetime.now(UTC) - began < timedelta(minutes=1)


def test_incremental_pulls_keep_the_time_of_the_full_one(hands: Hands) -> None:
    first = hands.pull().cursor
    second = hands.pull().cursor
    assert json.loads(first or "")["full_at"] == json.loads(second or "")["full_at"]


@pytest.mark.parametrize("href", ["people/me", OWN])
def test_cursor_for_other_fields_brings_everything_anew(hands: Hands, href: str) -> None:
    """After an update that asks for more fields the etags are the same, but not the bodies."""
    hands.google.account.add_person("c1")
    add_timed(hands.google, "e1")
    mirror = hands.pull(href)
    mirror.cursor = json.dumps(json.loads(mirror.cursor or "") | {"shape": "names"})
    hands.pull(href)
    assert len(mirror.received()) == 1
    assert mirror.pages[-1].complete


@pytest.mark.parametrize("href", ["people/me", OWN])
def test_server_that_gives_no_sync_token_is_listed_in_full_each_time(
    hands: Hands, href: str
) -> None:
    mirror = hands.pull(href)
    mirror.cursor = json.dumps(json.loads(mirror.cursor or "") | {"token": ""})
    assert hands.pull(href).pages[-1].complete


@pytest.mark.parametrize("href", ["people/me", OWN])
@pytest.mark.parametrize(
    "cursor", ["", "null", "[]", '{"token":1}', '{"token":"x","full_at":"yesterday","shape":""}']
)
def test_cursor_that_is_not_ours_is_expired(hands: Hands, href: str, cursor: str) -> None:
    with pytest.raises(CursorExpired):
        hands.pages(href, cursor, {})


@pytest.mark.parametrize("href", ["people/me", OWN])
def test_empty_page_with_a_successor_is_not_the_end(hands: Hands, href: str) -> None:
    hands.google.account.add_person("c1")
    add_timed(hands.google, "e1")
    hands.google.account.lists.starts_with_an_empty_page = True
    assert len(hands.pull(href).items) == 1


# --- events ---------------------------------------------------------------------------------


def test_event_is_kept_as_received_but_for_what_is_never_used(hands: Hands) -> None:
    add_timed(hands.google, "e1", description="<b>long</b>", iCalUID="uid-1")
    (item,) = hands.pull(OWN).items.values()
    assert (item.href, item.uid, item.kind) == ("e1", "uid-1", "event")
    body = json.loads(item.body)
    received = hands.google.account.events["ana@example.org"].live["e1"]
    assert body == {key: received[key] for key in body}
    assert "description" not in body


def test_exceptions_share_the_uid_of_their_master_even_when_they_name_none(hands: Hands) -> None:
    key = cancel_occurrence(hands.google, "e1")
    add_weekly(hands.google, "e1", iCalUID="uid-1")
    items = hands.pull(OWN).items
    assert {href: item.uid for href, item in items.items()} == {"e1": "uid-1", key: "uid-1"}
    assert "calendar.events.get" not in hands.google.requests


def test_cancelled_occurrence_alone_asks_for_the_uid_of_its_master(hands: Hands) -> None:
    add_weekly(hands.google, "e1", iCalUID="uid-1")
    hands.pull(OWN)
    key = cancel_occurrence(hands.google, "e1")
    assert hands.pull(OWN).items[key].uid == "uid-1"
    assert hands.google.requests.count("calendar.events.get") == 1


def test_cancelled_occurrence_of_an_unknown_master_comes_in_all_the_same(hands: Hands) -> None:
    key = cancel_occurrence(hands.google, "nowhere")
    assert hands.pull(OWN).items[key].uid == "nowhere@google.com"


def test_deleted_series_takes_its_exceptions_along(hands: Hands) -> None:
    add_weekly(hands.google, "e1")
    cancel_occurrence(hands.google, "e1")
    add_timed(hands.google, "e1x")
    hands.pull(OWN)
    hands.google.account.delete_event("e1")
    assert set(hands.pull(OWN).items) == {"e1x"}


def test_deleted_first_half_of_a_split_series_leaves_the_second_half_alone(hands: Hands) -> None:
    add_weekly(hands.google, "e1")
    cancel_occurrence(hands.google, "e1", "20260309T100000Z")
    add_weekly(hands.google, "e1_R20260316T100000")
    later = cancel_occurrence(hands.google, "e1", "20260323T100000Z")
    hands.pull(OWN)
    hands.google.account.delete_event("e1")
    assert set(hands.pull(OWN).items) == {"e1_R20260316T100000", later}


def test_stub_that_an_event_leaves_when_it_changes_its_organizer_is_a_deletion(
    hands: Hands,
) -> None:
    add_timed(hands.google, "e1")
    hands.pull(OWN)
    hands.google.account.put_event({"id": "e1", "status": "cancelled"})
    assert hands.pull(OWN).items == {}


def test_occurrence_that_is_an_exception_no_longer_goes_back_to_its_series(hands: Hands) -> None:
    """As Google sends it when a series is cut short before the exception: only an id."""
    add_weekly(hands.google, "e1")
    key = cancel_occurrence(hands.google, "e1")
    hands.pull(OWN)
    hands.google.account.put_event({"id": key, "status": "cancelled"})
    assert set(hands.pull(OWN).items) == {"e1"}


def test_full_listing_after_an_expired_token_removes_what_is_no_longer_named(hands: Hands) -> None:
    for key in ("e1", "e2", "e3"):
        add_timed(hands.google, key)
    mirror = hands.pull(OWN)
    hands.google.account.delete_event("e2")
    hands.google.account.lists.expire_sync_tokens()
    with pytest.raises(CursorExpired):
        hands.pull(OWN)
    mirror.cursor = None
    assert set(hands.pull(OWN).items) == {"e1", "e3"}
    assert mirror.received() == []


def test_each_calendar_has_its_own_token_and_the_same_meeting_its_uid_in_both(
    hands: Hands,
) -> None:
    hands.google.account.add_calendar("team", accessRole="owner", selected=True)
    add_timed(hands.google, "e1", iCalUID="uid-1")
    add_timed(hands.google, "e2", "team", iCalUID="uid-1")
    own, team = hands.pull(OWN), hands.pull("calendars/team")
    assert own.cursor != team.cursor
    assert [item.uid for item in own.items.values()] == ["uid-1"]
    assert [item.uid for item in team.items.values()] == ["uid-1"]
    hands.google.account.delete_event("e2", "team")
    assert set(hands.pull(OWN).items) == {"e1"}
    assert hands.pull("calendars/team").items == {}


def test_self_is_the_owner_only_in_the_accounts_own_calendar(hands: Hands) -> None:
    hands.google.account.add_calendar("boss", accessRole="writer", selected=True)
    add_timed(hands.google, "e1")
    add_timed(hands.google, "e2", "boss")
    assert b"isOwn" not in hands.pull(OWN).items["e1"].body
    assert b'"isOwn":false' in hands.pull("calendars/boss").items["e2"].body


def test_calendar_that_is_gone_says_so_and_keeps_what_it_brought(hands: Hands) -> None:
    connector = hands.connector()
    gone = replace(connector.collections()[1], href="calendars/gone", name="Old job")
    with pytest.raises(SourceError, match=r"Old job.*404.*stays as it was"):
        list(connector.pull(gone, None, {}))


# --- what travels ---------------------------------------------------------------------------


def test_pages_are_as_large_as_each_api_allows(google: GoogleServer, tmp_path: Path) -> None:
    """One list of calendars, one of groups, two pages of people, two of events."""
    hands = Hands(google, tmp_path, Limits())
    for number in range(1001):
        google.account.add_person(f"c{number}")
    for number in range(2501):
        add_timed(google, f"e{number}")
    connector = hands.connector()
    for one in connector.collections():
        list(connector.pull(one, None, {}))
    assert connector.requests_made == len(google.requests) == 1 + 1 + 2 + 2
    assert connector.request_budget == 3000


# --- servers that say less than Google ------------------------------------------------------


def test_things_without_an_etag_go_by_their_content(hands: Hands) -> None:
    """Some deleted events have none, and so have emulators."""
    add_timed(hands.google, "e1")
    live = hands.google.account.events["ana@example.org"].live
    live["e1"] = {key: value for key, value in live["e1"].items() if key != "etag"}
    mirror = hands.pull(OWN)
    assert mirror.items["e1"].etag
    mirror.cursor = None
    assert hands.pull(OWN).received() == []
    live["e1"] = {**live["e1"], "summary": "Changed"}
    mirror.cursor = None
    assert len(hands.pull(OWN).received()) == 1


def test_event_without_an_ical_uid_goes_by_its_id(hands: Hands) -> None:
    add_timed(hands.google, "e1")
    live = hands.google.account.events["ana@example.org"].live
    del live["e1"]["iCalUID"]
    assert hands.pull(OWN).items["e1"].uid == "e1"
