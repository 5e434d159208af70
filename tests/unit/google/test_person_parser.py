"""What a Person of the People API becomes, case by case."""

from typing import Any

import pytest

from connectors.contract import Address, Contact, ContactPoint, PartialDate, Related
from connectors.google.json_fields import NotAsPromised
from connectors.google.person_parser import read

OWN = {"source": {"type": "CONTACT", "id": "c1"}}
PROFILE = {"source": {"type": "PROFILE", "id": "117"}}
PRIMARY = {"primary": True}


def contact(groups: dict[str, str] | None = None, **fields: Any) -> Contact:
    metadata = {
        "sources": [
            {"type": "CONTACT", "id": "c1", "updateTime": "2026-01-01T00:00:00Z"},
            {"type": "PROFILE", "id": "117"},
        ]
    }
    return read({"resourceName": "people/c1", "metadata": metadata} | fields, groups or {})


def name(**parts: str) -> list[dict[str, Any]]:
    return [{"metadata": PRIMARY | OWN, **parts}]


def test_whole_name() -> None:
    found = contact(
        names=name(
            displayName="Dr. Ana Maria Lima Jr.",
            honorificPrefix="Dr.",
            givenName="Ana",
            middleName="Maria",
            familyName="Lima",
            honorificSuffix="Jr.",
            phoneticGivenName="Ahna",
            phoneticFamilyName="Leema",
        )
    )
    assert found.full_name == "Dr. Ana Maria Lima Jr."
    assert (found.prefix, found.given, found.middle) == ("Dr.", "Ana", "Maria")
    assert (found.family, found.suffix) == ("Lima", "Jr.")
    assert (found.phonetic_given, found.phonetic_family) == ("Ahna", "Leema")


@pytest.mark.parametrize(
    ("fields", "full_name", "kind"),
    [
        ({"names": name(unstructuredName="Ana Lima")}, "Ana Lima", "individual"),
        ({"names": name(givenName="Ana", familyName="Lima")}, "Ana Lima", "individual"),
        ({"names": name(displayName="Cher", givenName="Cher")}, "Cher", "individual"),
        ({"organizations": [{"name": "Pizza Milano"}]}, "Pizza Milano", "organization"),
        ({"emailAddresses": [{"value": "ana@example.org"}]}, "ana@example.org", "individual"),
        ({"phoneNumbers": [{"value": "+351 1"}]}, None, "individual"),
        ({}, None, "individual"),
    ],
)
def test_who_it_is_when_the_name_is_short(
    fields: dict[str, Any], full_name: str | None, kind: str
) -> None:
    found = contact(**fields)
    assert (found.full_name, found.kind) == (full_name, kind)


def test_the_users_own_words_come_before_the_profiles() -> None:
    found = contact(
        names=[
            {"displayName": "A. Lima, CEO", "metadata": PROFILE | PRIMARY},
            {"displayName": "Ana Lima", "metadata": OWN},
        ]
    )
    assert found.full_name == "Ana Lima"
    assert ("names", "A. Lima, CEO") in found.extra


def test_the_same_value_from_card_and_profile_is_one() -> None:
    found = contact(
        emailAddresses=[
            {"value": "Ana@Example.org", "metadata": PROFILE},
            {"value": "ana@example.org", "type": "home", "metadata": OWN | PRIMARY},
            {"value": "ana@work.example", "type": "Work", "metadata": PROFILE},
        ],
        phoneNumbers=[
            {"value": "912 345 678", "canonicalForm": "+351912345678", "metadata": OWN},
            {"value": "+351 912345678", "canonicalForm": "+351912345678", "metadata": PROFILE},
            {"value": "ext. 12", "type": "work", "metadata": OWN},
        ],
    )
    assert found.emails == (
        ContactPoint("ana@example.org", "home", is_preferred=True),
        ContactPoint("ana@work.example", "work"),
    )
    assert [one.value for one in found.phones] == ["912 345 678", "ext. 12"]


@pytest.mark.parametrize(
    ("birthday", "expected"),
    [
        ({"date": {"year": 1980, "month": 3, "day": 4}}, PartialDate(1980, 3, 4)),
        ({"date": {"year": 0, "month": 3, "day": 4}}, PartialDate(None, 3, 4)),
        ({"date": {"month": 2, "day": 29}}, PartialDate(None, 2, 29)),
        ({"date": {"year": 1980}}, PartialDate(1980)),
        ({"date": {"year": 1980, "month": 3}}, PartialDate(1980, 3)),
        ({"date": {"year": 1981, "month": 2, "day": 29}}, PartialDate(text="1981-02-29")),
        ({"date": {}, "text": "1980-03-04"}, PartialDate(1980, 3, 4)),
        ({"text": "March 4"}, PartialDate(None, 3, 4)),
        ({"text": "03/04/1980"}, PartialDate(text="03/04/1980")),
        ({"text": "when the swallows come"}, PartialDate(text="when the swallows come")),
        ({}, None),
    ],
)
def test_birthdays_with_and_without_year_and_as_text(
    birthday: dict[str, Any], expected: PartialDate | None
) -> None:
    assert contact(birthdays=[birthday]).birthday == expected


def test_of_several_birthdays_the_cards_own_is_taken() -> None:
    found = contact(
        birthdays=[
            {"date": {"year": 1979, "month": 1, "day": 1}, "metadata": PROFILE | PRIMARY},
            {"date": {"year": 1980, "month": 3, "day": 4}, "metadata": OWN},
        ]
    )
    assert found.birthday == PartialDate(1980, 3, 4)


def test_current_organisation_before_a_former_one() -> None:
    found = contact(
        organizations=[
            {"name": "Old Ltd", "title": "Clerk", "current": False},
            {"name": "Older Ltd", "endDate": {"year": 2001}},
            {"name": "New Ltd", "department": "R&D", "title": "Head", "current": True},
        ]
    )
    assert (found.organization, found.department, found.title) == ("New Ltd", "R&D", "Head")
    assert ("organizations", "Clerk, Old Ltd") in found.extra


def test_groups_become_categories_but_not_those_that_say_nothing() -> None:
    groups = {
        "contactGroups/myContacts": "myContacts",
        "contactGroups/starred": "starred",
        "contactGroups/7": "Book club",
    }
    memberships: list[dict[str, Any]] = [
        {"contactGroupMembership": {"contactGroupResourceName": key}}
        for key in [*groups, "contactGroups/unknown"]
    ]
    memberships.append({"domainMembership": {"inViewerDomain": True}})
    assert contact(groups, memberships=memberships).categories == ("starred", "Book club")


def test_generated_photo_is_no_photo() -> None:
    assert not contact(photos=[{"url": "https://example.org/a", "default": True}]).has_photo
    assert contact(photos=[{"url": "https://example.org/a"}]).has_photo


def test_events_relations_nicknames_and_notes() -> None:
    found = contact(
        events=[
            {"type": "other", "formattedType": "Other", "date": {"month": 5, "day": 6}},
            {"type": "anniversary", "date": {"year": 2001, "month": 6, "day": 7}},
        ],
        relations=[{"person": "Rui", "type": "spouse"}, {"type": "child"}],
        nicknames=[{"value": "Ani"}, {"value": "Sousa", "type": "MAIDEN_NAME"}],
        biographies=[{"value": "<p>Likes <b>tea</b> &amp; cake</p>", "contentType": "TEXT_HTML"}],
    )
    assert found.anniversary == PartialDate(2001, 6, 7)
    assert ("events:other", "--05-06") in found.extra
    assert found.related == (Related("Rui", "spouse"),)
    assert found.nicknames == ("Ani",)
    assert ("maiden_name", "Sousa") in found.extra
    assert found.note == "Likes tea & cake"


def test_plain_note_is_left_as_it_is() -> None:
    assert contact(biographies=[{"value": "1 < 2 & <b>"}]).note == "1 < 2 & <b>"


def test_addresses_and_ways_to_reach() -> None:
    found = contact(
        addresses=[
            {"streetAddress": "Rua A 1", "city": "Lisboa", "countryCode": "PT", "type": "home"},
            {"formattedValue": "Somewhere\nFar", "type": "other"},
            {"type": "work"},
        ],
        urls=[{"value": "https://example.org", "type": "homePage"}],
        imClients=[
            {"username": "ana", "protocol": "jabber", "type": "home"},
            {"username": "live:ana", "protocol": "skype"},
            {"username": "Ana", "protocol": "jabber"},
            {"username": "ana_y", "protocol": "yahoo", "metadata": PRIMARY},
        ],
        sipAddresses=[{"value": "sip:ana@example.org", "type": "work"}],
        locales=[{"value": "pt-PT"}],
    )
    assert found.addresses == (
        Address(street="Rua A 1", city="Lisboa", country="PT", label="home"),
        Address(street="Somewhere\nFar", label="other"),
    )
    assert found.urls == (ContactPoint("https://example.org", "homepage"),)
    assert found.ims == (
        ContactPoint("ymsgr:ana_y", is_preferred=True),
        ContactPoint("xmpp:ana", "home"),
        ContactPoint("skype:live:ana"),
        ContactPoint("sip:ana@example.org", "work"),
    )
    assert found.language == "pt-PT"


def test_what_has_no_field_is_kept_in_extra() -> None:
    found = contact(
        userDefined=[{"key": "Shoe size", "value": "39"}],
        externalIds=[{"type": "customer", "value": "7"}],
        skills=[{"value": "basket weaving"}],
    )
    assert found.extra == (
        ("externalIds:customer", "7"),
        ("skills", "basket weaving"),
        ("userDefined:Shoe size", "39"),
    )


def test_identity_is_the_card_and_not_the_resource_name() -> None:
    linked = contact(resourceName="people/117")
    assert linked.uid == contact().uid == "c1"
    assert linked.revised_at == "2026-01-01T00:00:00Z"
    assert read({"resourceName": "people/117"}, {}).uid == "people/117"


def test_broken_promise_is_an_error_for_the_caller_to_reject() -> None:
    with pytest.raises(NotAsPromised):
        contact(names=["no object"])
