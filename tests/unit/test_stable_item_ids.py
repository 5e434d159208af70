from connectors.contract import Contact, ContactPoint
from connectors.stable_item_ids import Hrefs, card_key


def test_a_uid_names_a_card_before_anything_else() -> None:
    assert card_key(Contact(uid="A-1", full_name="Ana Lima"), b"") == "uid:A-1"


def test_a_name_counts_the_same_in_any_case_and_spacing() -> None:
    one = card_key(Contact(full_name="Ana  Lima"), b"1")
    other = card_key(Contact(given="ANA", family="Lima"), b"2")
    assert one == other == "name:ana lima"


def test_without_a_name_the_first_point_names_the_card_and_then_its_bytes() -> None:
    point = (ContactPoint("Ana@Example.org"),)
    assert card_key(Contact(emails=point), b"") == "email:ana@example.org"
    assert card_key(Contact(organization="Pizza Milano"), b"") == "org:pizza milano"
    assert card_key(Contact(), b"x") != card_key(Contact(), b"y")


def test_equal_names_are_numbered() -> None:
    hrefs = Hrefs()
    assert [hrefs.give("name:ana") for _ in range(3)] == ["name:ana", "name:ana~2", "name:ana~3"]


def test_a_hostile_name_gives_a_short_href_of_one_line() -> None:
    href = card_key(Contact(full_name="\x1b[31mA\r\n\x00" + "b" * 10_000_000), b"")
    assert len(href) < 200
    assert href.isprintable()
