"""Who rests: only whose card the user deleted, never whose book went (through the command)."""

from tests.support.demo_commands import Hand

CARD = "BEGIN:VCARD\nVERSION:3.0\nUID:{uid}\nFN:{name}\nEMAIL:{uid}@choir.example\nEND:VCARD\n"
NAMES = {"tilda": "Tilda Moss", "ivo": "Ivo Brandt", "runa": "Runa Vik"}


def in_people(hand: Hand) -> set[str]:
    names = {name for (name,) in hand.rows("select display_name from people")}
    return names & set(NAMES.values())


def test_a_deleted_card_puts_to_rest_and_a_book_that_went_does_not(hand: Hand) -> None:
    choir = hand.folder / "choir"
    choir.mkdir()
    for uid, name in NAMES.items():
        (choir / f"{uid}.vcf").write_text(CARD.format(uid=uid, name=name))
    config = hand.folder / "config.toml"
    without = config.read_text("utf-8")
    source = '[source.choir]\ntype = "vcard"\npath = "choir"\n\n'
    config.write_text(without.replace("[circle.family]", f"{source}[circle.family]"), "utf-8")
    hand.ok("sync")
    assert in_people(hand) == set(NAMES.values())
    (choir / "runa.vcf").unlink()
    hand.ok("sync")
    assert in_people(hand) == {"Tilda Moss", "Ivo Brandt"}
    config.write_text(without, "utf-8")
    hand.ok("sync")
    assert in_people(hand) == {"Tilda Moss", "Ivo Brandt"}


def test_two_cards_of_one_uid_are_two_people_and_a_line_in_problems(hand: Hand) -> None:
    two = hand.folder / "two.vcf"
    two.write_text(CARD.format(uid="same", name="Paulo Nunes").replace("same@", "paulo@"))
    with two.open("a") as file:
        file.write(CARD.format(uid="same", name="Sara Melo").replace("same@", "sara@"))
    hand.ok("import", str(two))
    found = hand.rows(
        "select display_name from people where display_name in ('Paulo Nunes', 'Sara Melo')"
    )
    assert len(found) == 2
    (problem,) = hand.rows("select problem from problems where name = 'one_uid_twice'")
    assert problem == ("2 cards have one UID: Paulo Nunes, Sara Melo",)
    hand.ok("merge", "Paulo Nunes", "Sara Melo")
    hand.build()
    (paulo,) = hand.rows("select emails from people where display_name = 'Paulo Nunes'")
    assert set(paulo[0]) == {"paulo@choir.example", "sara@choir.example"}
    hand.ok("split", "Paulo Nunes", "--card", "2")
    hand.build()
    found = hand.rows(
        "select display_name from people where display_name in ('Paulo Nunes', 'Sara Melo')"
    )
    assert len(found) == 2


def test_whom_one_puts_to_rest_is_gone_at_once_from_every_command_but_query(hand: Hand) -> None:
    name = hand.due()[0]
    asked = (
        ("due",),
        ("due", "--json"),
        ("brief",),
        ("choose",),
        ("review",),
        ("near", "Lisbon"),
        ("export", "people"),
        ("export", "ties"),
        ("export", "contacts"),
    )
    assert name in hand.ok("due").out
    hand.ok("rest", name)
    for command in asked:
        said = hand.kithbook(*command)
        assert name not in said.out, command
    assert hand.kithbook("show", name).code == 2
    assert name in hand.ok("query", "select display_name from people").out
    hand.ok("undo")
    assert name in hand.ok("due").out
    hand.ok("rest", name)
    hand.ok("wake", name)
    assert name in hand.ok("due").out
