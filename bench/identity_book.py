"""A made-up address book whose truth is known: three sources, and the cases that make it hard.

    python bench/identity_book.py [--people 2000] [--seed 1] [--folder FOLDER]

Writes records.csv and truth.csv into the folder and prints how many rows they have. Every person
has some of: a card, addresses that mail was seen from, a profile in a network. The cases: namesakes
in other towns and at one employer, households with one landline and one mailbox, father and son,
twins, a new family name, two family names, further given names, nicknames (with slips), initials,
first names alone, slips of the pen, swapped and transliterated names, names in their own script,
what stands before the @ as a name, +tags and dots, birthdays with a slip, former employers, office
and machine addresses. The truth says of each record which of them it is.
"""

import argparse
import csv
import json
import random
from dataclasses import dataclass, field, replace
from pathlib import Path

GIVEN = {
    "Robert": "Bob", "William": "Bill", "Elizabeth": "Liz", "Katherine": "Kate", "James": "Jim",
    "Margaret": "Peggy", "Thomas": "Tom", "Joseph": "Joe", "Michael": "Mike", "Susan": "Sue",
    "Ana": "", "Rui": "", "Inês": "", "João": "", "Jürgen": "", "Søren": "", "Łukasz": "",
    "Małgorzata": "Gosia", "Francisco": "Paco", "José": "Pepe", "Chiara": "", "Giuseppe": "Beppe",
    "Aleksandr": "Sasha", "Dmitry": "Dima", "Ekaterina": "Katya", "Hiroshi": "", "Yuki": "",
    "Wei": "", "Min": "", "Ayşe": "", "Mehmet": "", "Priya": "", "Arjun": "", "Fatima": "",
}  # fmt: skip
FAMILY_STARTS = (
    "Ald Bram Cor Dun Els Fal Gren Hart Ing Jes Kel Lang Mor Nord Oak Pem Quil Ros Sel Thorn Und "
    "Val Wex Yar Zell Bjør Grün Köh Ław Peñ Çel Šte"
)
FAMILY_ENDS = (
    "mann berg sen ström ski wicz ova enko ford ley worth ham stead quist ez eiro aldi ucci oğlu"
)
COMMON = ["Smith", "Jones", "Silva", "Müller", "García", "Rossi", "Wang", "Kim", "Kowalski"]
FIRMS = ["Harbour", "Lattice", "Juniper", "Kestrel", "Basalt", "Cobalt", "Meadow", "Tallow"]
TRADES = ["Labs", "Media", "Capital", "Foods", "Health", "Systems"]
TOWNS = ["Porto", "Oslo", "Lyon", "Graz", "Leeds", "Gdańsk", "Turin", "Osaka", "Quito", "Perth"]
PROVIDERS = ["gmail.com", "outlook.com", "yahoo.com", "icloud.com", "proton.me", "gmx.net"]
SPELLINGS = {
    "Aleksandr": ["Alexander", "Alexandr"], "Evgeny": ["Eugene", "Yevgeny", "Evgenii"],
    "Sergey": ["Sergei", "Serge"], "Dmitry": ["Dmitri", "Dimitri"], "Yulia": ["Julia", "Iuliia"],
    "Mehmet": ["Mehmed"], "Fatima": ["Fatma", "Fatimah"], "Ekaterina": ["Yekaterina", "Catherine"],
}  # fmt: skip
NATIVE_GIVEN = {
    "Haruka": "遥香", "Hiroshi": "浩", "Yuki": "由紀", "Yael": "יעל", "Noam": "נועם",
    "Deepika": "दीपिका", "Arjun": "अर्जुन", "Evgeny": "Евгений", "Sergey": "Сергей", "Yulia": "Юлия",
}  # fmt: skip
NATIVE_FAMILY = {
    "Sakuma": "佐久間", "Tanabe": "田辺", "Morioka": "森岡", "Bernstein": "ברנשטיין",
    "Peretz": "פרץ", "Varma": "वर्मा", "Kulkarni": "कुलकर्णी", "Golubev": "Голубев",
    "Sokolov": "Соколов",
}  # fmt: skip
SCRIPTS = (("遥浩由", "佐田森"), ("ינ", "בפ"), ("दअ", "वक"), ("ЕСЮ", "ГС"))
"""What the native names of one language begin with, given and family."""
PLAIN = str.maketrans(
    "áàãâäåçčéèêëíîïñńóòôõöøşšúùûüýžźłğıßÁÀÃÂÄÅÇČÉÍÑÓÖØŞŠÚÜŽŹŁ",
    "aaaaaacceeeeiiinnoooooossuuuuyzzlgisAAAAAACCEINOOOSSUUZZL",
)


@dataclass(frozen=True, slots=True)
class Human:
    """What is true of one person."""

    entity_id: str
    given: str
    family: str
    middle: str
    firm: str
    former_firm: str
    town: str
    birthday: str
    mobile: str
    landline: str
    private_mail: str
    work_mail: str
    former_family: str = ""
    second_family: str = ""
    house_mail: str = ""
    native: str = ""
    tag: str = ""


@dataclass(slots=True)
class Book:
    """The rows so far, and whose they are."""

    random: random.Random
    rows: list[dict[str, str]] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    """Addresses given away: nobody else gets them."""

    def add(self, entity_id: str, source: str, tags: str = "", **cells: str) -> None:
        """One record of one entity; cells not named are empty."""
        row = dict.fromkeys(HEADER.split(), "")
        self.rows.append({**row, "source": source, **cells})
        self.owners.append(entity_id)
        self.tags.append(" ".join(sorted(set(tags.split()))))

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self.random.random() < share


HEADER = "rec_id source display_name given family emails phones org title city birthday"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to write the two files")
    options = parser.parse_args()
    records, truth = make(options.people, options.seed)
    if options.folder is not None:
        write(options.folder / "records.csv", records)
        write(options.folder / "truth.csv", truth)
    entities = len({row["entity_id"] for row in truth})
    print(json.dumps({"records": len(records), "entities": entities}))


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def make(people: int, seed: int) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Records and their truth, shuffled; the same for the same seed."""
    book = Book(random.Random(seed))
    humans: list[Human] = []
    while len(humans) < people:
        human = make_human(book, len(humans))
        if book.chance(0.12):
            other = relative(book, human, len(humans) + 1)
            humans += [replace(human, tag=other.tag, house_mail=other.house_mail), other]
        elif book.chance(0.06):
            humans += [replace(human, tag="namesake"), namesake(book, human, len(humans) + 1)]
        else:
            humans.append(human)
    for human in humans:
        card_records(book, human)
        mail_records(book, human)
        profile_records(book, human)
    office_records(book, people // 25)
    order = list(range(len(book.rows)))
    book.random.shuffle(order)
    records = [{**book.rows[n], "rec_id": f"r{place}"} for place, n in enumerate(order)]
    truth = [
        {"rec_id": f"r{place}", "entity_id": book.owners[n], "tags": book.tags[n]}
        for place, n in enumerate(order)
    ]
    return records, truth


# --- people -------------------------------------------------------------------------------


def make_human(book: Book, number: int) -> Human:
    """A person of a name that one in seven shares with very many."""
    pick = book.random.choice
    given = pick(list(GIVEN))
    family = (
        pick(COMMON)
        if book.chance(0.15)
        else pick(FAMILY_STARTS.split()) + pick(FAMILY_ENDS.split())
    )
    native = ""
    if book.chance(0.03):
        givens, families = pick(SCRIPTS)
        given = pick([name for name, signs in NATIVE_GIVEN.items() if signs[0] in givens])
        family = pick([name for name, signs in NATIVE_FAMILY.items() if signs[0] in families])
        signs = [NATIVE_GIVEN[given], NATIVE_FAMILY[family]]
        native = " ".join(signs[::-1] if given in {"Haruka", "Hiroshi", "Yuki"} else signs)
    elif book.chance(0.04):
        given = pick(list(SPELLINGS))
    firm = f"{pick(FIRMS)} {pick(TRADES)}"
    return with_addresses(
        book,
        Human(
            entity_id=f"P{number}",
            native=native,
            second_family=(
                pick(["Pérez", "Soler", "Ruiz", "Navarro", "Lobo"])
                if given in {"Francisco", "José", "Ana"} and book.chance(0.5)
                else ""
            ),
            given=given,
            family=family,
            middle=pick(list(GIVEN)) if book.chance(0.2) else "",
            firm=firm,
            former_firm=f"{pick(FIRMS)} {pick(TRADES)}" if book.chance(0.2) else "",
            town=pick(TOWNS),
            birthday=(
                f"{book.random.randint(1940, 2005)}-{book.random.randint(1, 12):02}"
                f"-{book.random.randint(1, 28):02}"
            ),
            mobile=f"+447700{book.random.randint(100000, 999999)}",
            landline=f"+44161{book.random.randint(1000000, 9999999)}",
            private_mail="",
            work_mail="",
            former_family=pick(FAMILY_STARTS.split()) + "er" if book.chance(0.04) else "",
        ),
    )


def with_addresses(book: Book, human: Human, suffix: str = "") -> Human:
    """The person with a private and a work address made from the name."""
    first, last = plain(human.given), plain(human.family)
    shapes = [f"{first}.{last}", f"{first}{last}", f"{first[0]}{last}", f"{last}.{first}"]
    shape = book.random.choice(shapes)
    private = f"{shape}{book.random.choice(['', '', str(book.random.randint(1, 99))])}"
    domain = plain(human.firm if book.chance(0.5) else human.firm.split()[0])
    work = book.random.choice([f"{first}.{last}", f"{first[0]}{last}", first])
    return replace(
        human,
        private_mail=free(book, private + suffix, book.random.choice(PROVIDERS)),
        work_mail=free(book, work + suffix, f"{domain}.example"),
    )


def free(book: Book, local: str, domain: str) -> str:
    """This address, or one with a number where somebody else has it."""
    mail, number = f"{local}@{domain}", 2
    while mail in book.taken:
        mail, number = f"{local}{number}@{domain}", number + 1
    book.taken.add(mail)
    return mail


def relative(book: Book, human: Human, number: int) -> Human:
    """Somebody of the same house: another given name, a twin, or a child of the same one."""
    tag = book.random.choices(["junior", "twin", "household"], [0.2, 0.15, 0.65])[0]
    house = free(book, f"{plain(human.family)}family", book.random.choice(PROVIDERS))
    child = replace(
        make_human(book, number),
        family=human.family,
        given=(
            human.given
            if tag == "junior"
            else book.random.choice([name for name in GIVEN if name != human.given])
        ),
        native="",
        town=human.town,
        landline=human.landline,
        house_mail=house if book.chance(0.4) else "",
        tag=tag,
    )
    if tag == "twin":
        child = replace(child, birthday=human.birthday)
    return with_addresses(book, child, suffix="2" if tag == "junior" else "")


def namesake(book: Book, human: Human, number: int) -> Human:
    """Somebody else of the same name, one in five at the same employer."""
    other = replace(
        make_human(book, number),
        given=human.given,
        family=human.family,
        native=human.native,
        tag="namesake",
    )
    if book.chance(0.2):
        other = replace(other, firm=human.firm)
    return with_addresses(book, other, suffix=str(book.random.randint(2, 99)))


def plain(text: str) -> str:
    """Lower-case letters without accents or gaps."""
    return text.translate(PLAIN).lower().replace(" ", "").replace("-", "").replace("'", "")


# --- records ------------------------------------------------------------------------------


def card_records(book: Book, human: Human) -> None:
    """No card, one, or a few from different years."""
    for _ in range(book.random.choice([0, 1, 1, 1, 2])):
        phones = [human.mobile] if book.chance(0.7) else []
        if book.chance(0.25):
            phones.append(human.landline)
        if phones and book.chance(0.3):
            phones[0] = phones[0].replace("+44", "0")
        mails = [mail for mail in (human.private_mail, human.work_mail) if book.chance(0.5)]
        if human.house_mail and book.chance(0.4):
            mails.append(human.house_mail)
        shown, given, family, tags = written(book, human)
        has_parts = book.chance(0.7) and "native" not in tags
        born, slip_tag = birthday(book, human) if book.chance(0.2) else ("", "")
        book.add(
            human.entity_id,
            "addressbook",
            f"{tags} {slip_tag} {human.tag}",
            display_name=shown,
            given=given if has_parts else "",
            family=family if has_parts else "",
            emails=";".join(tagged(book, mail) for mail in mails),
            phones=";".join(phones),
            org=human.firm if book.chance(0.4) else "",
            city=human.town if book.chance(0.3) else "",
            birthday=born,
        )


def birthday(book: Book, human: Human) -> tuple[str, str]:
    """The day as somebody would note it, one in ten with a slip; and what slip."""
    year, month, day = human.birthday.split("-")
    if book.chance(0.9):
        return human.birthday, ""
    if int(day) <= 12 and day != month and book.chance(0.5):
        return f"{year}-{day}-{month}", "birthday_turned"
    if book.chance(0.5):
        return f"{int(year) + book.random.choice([-10, -1, 1, 10])}-{month}-{day}", "birthday_slip"
    return f"{year}-{month}-{int(day) % 28 + 1:02}", "birthday_slip"


def mail_records(book: Book, human: Human) -> None:
    """What stood in the From of letters over the years."""
    old = f"{plain(human.given)}.{plain(human.family)}@{plain(human.former_firm)}.example"
    mails = [human.private_mail, human.work_mail]
    mails += [old] if human.former_firm else []
    mails += [human.house_mail] if human.house_mail else []
    for mail in mails:
        for _ in range(book.random.choice([0, 0, 1, 1, 2])):
            shown, _, _, tags = written(book, human)
            if book.chance(0.1):
                shown, tags = "", "nameless"
            elif book.chance(0.04) and mail != human.house_mail:
                shown, tags = mail.partition("@")[0], "local_part"
            if mail == human.house_mail:
                tags += " house_mail"
            tags += f" {human.tag}"
            book.add(human.entity_id, "mail", tags, display_name=shown, emails=tagged(book, mail))


def profile_records(book: Book, human: Human) -> None:
    """A profile in a network, with or without an address."""
    if book.chance(0.45):
        given, family = human.given, human.family
        book.add(
            human.entity_id,
            "network",
            f"profile {human.tag}",
            display_name=f"{given} {family}" + (", PhD" if book.chance(0.05) else ""),
            given=given,
            family=family,
            emails=human.private_mail if book.chance(0.2) else "",
            org=human.firm + book.random.choice(["", "", " Ltd", " GmbH"]),
            title=book.random.choice(["Nurse", "Engineer", "Partner", "Teacher"]),
            city=human.town if book.chance(0.5) else "",
        )


def office_records(book: Book, offices: int) -> None:
    """Addresses behind which people change, and machines that write under their names."""
    for _ in range(offices):
        firm = f"{book.random.choice(FIRMS)} {book.random.choice(TRADES)}"
        office = book.random.choice(["info", "sales", "support", "no-reply", "notifications"])
        mail = f"{office}@{plain(firm)}.example"
        for _ in range(book.random.randint(1, 3)):
            someone = book.random.choice(list(GIVEN))
            shown = book.random.choice(["", firm, f"{firm} {office}", f"{someone} from {firm}"])
            book.add(mail, "mail", "office", display_name=shown, emails=mail)


def written(book: Book, human: Human) -> tuple[str, str, str, str]:
    """A name as somebody would write it: as shown, given name, family name; and which cases."""
    if human.native and book.chance(0.4):
        return human.native, "", "", "native"
    given, given_tag = written_given(book, human)
    family, family_tag = written_family(book, human)
    tags = [given_tag, family_tag]
    if book.chance(0.1):
        given, family = given.translate(PLAIN), family.translate(PLAIN)
    if book.chance(0.05):
        family = slip(book, family)
        tags.append("slip")
    if book.chance(0.06):
        given = f"{given[0]}."
        tags.append("initial")
    if book.chance(0.05):
        return given, given, "", " ".join([*tags, "given_only"])
    middle = ""
    if human.middle and book.chance(0.5):
        middle = f" {human.middle}" if book.chance(0.4) else f" {human.middle[0]}."
        tags.append("middle")
    shapes = [(f"{given}{middle} {family}", "")] * 8
    shapes += [(f"{family}, {given}{middle}", "comma"), (f"{family} {given}{middle}", "turned")]
    shown, shape = book.random.choice(shapes)
    return shown, given, family, " ".join([*tags, shape])


def written_given(book: Book, human: Human) -> tuple[str, str]:
    """The given name, a short form of it or another spelling; and which case that is."""
    if GIVEN.get(human.given) and book.chance(0.15):
        short = GIVEN[human.given]
        has_slip = len(short) > 4 and book.chance(0.2)
        return (slip(book, short), "nickname_slip") if has_slip else (short, "nickname")
    if human.given in SPELLINGS and book.chance(0.4):
        return book.random.choice(SPELLINGS[human.given]), "transliterated"
    return human.given, ""


def written_family(book: Book, human: Human) -> tuple[str, str]:
    """The family name, the former one, or both of two; and which case that is."""
    if human.former_family and book.chance(0.4):
        former = human.former_family
        return f"{human.family}-{former}" if book.chance(0.3) else former, "married"
    if human.second_family and book.chance(0.5):
        return f"{human.family} {human.second_family}", "two_families"
    return human.family, ""


def slip(book: Book, word: str) -> str:
    """A letter doubled, left out, or swapped with the next."""
    place = book.random.randrange(1, len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    return book.random.choice(
        [before + letter * 2 + after, before + after, before + after[0] + letter + after[1:]]
    )


def tagged(book: Book, mail: str) -> str:
    """An address with a tag, a dot or capitals now and then."""
    local, _, domain = mail.partition("@")
    if book.chance(0.08):
        local += "+news"
    if domain == "gmail.com" and book.chance(0.2):
        local = f"{local[0]}.{local[1:]}"
    return f"{local.upper()}@{domain}" if book.chance(0.08) else f"{local}@{domain}"


if __name__ == "__main__":
    main()
