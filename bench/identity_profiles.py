"""Made-up books of the kinds on which programs for linking records are usually tried.

`born` has names and birthdays alone (as RLdata has: German names, one slip in a copy), `slips`
names, birthdays and cities with several slips a copy and up to five copies (as Febrl has), `mailed`
names of which one part is often missing, birthdays, cities and addresses with slips (as Splink's
example has). Nothing of those sets stands here: names and slips are made anew from a seed.
"""

import random
import string

from bench import identity_book

Rows = list[dict[str, str]]


def words_of(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


GIVEN = words_of("""
    Anna Peter Ursula Michael Karin Thomas Monika Andreas Renate Stefan Petra Juergen Sabine
    Klaus Brigitte Wolfgang Helga Frank Ingrid Hans Erika Bernd Heike Martin Christa Uwe Gabriele
    Ralf Susanne Heinz Claudia Horst Birgit Dieter Andrea Werner Barbara Manfred Silke Guenter
    Jannik Ayla Lennart Smilla Torben Wiebke Merle Henrik Elfriede Gisela Rolf Volker Anja Tanja
    """)
FAMILY = words_of("""
    Mueller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Bauer
    Richter Klein Wolf Schroeder Neumann Schwarz Zimmermann Braun Krueger Hofmann Hartmann Lange
    Werner Krause Lehmann Koehler Herrmann Walter Kaiser Fuchs Peters Lang Scholz Jung Hahn Vogel
    Friedrich Keller Guenther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht
    """)
STARTS = words_of(
    "Brad Camp Del Ever Fan Green Har Kirk Lock Mar Nor Pen Ris Stan Thom Und Wal Yar"
)
ENDS = words_of("bury combe den field ford gate ham ley low mere nell sett ton wick worth")
TOWNS = words_of("""
    London Leeds Swansea Bristol Liverpool Birmingham Manchester Plymouth Coventry Hull
    Sheffield Norwich Reading Portsmouth Aberdeen Cardiff Luton Bolton Leicester York
    """)


def make(profile: str, records: int, seed: int) -> tuple[Rows, Rows]:
    """Records and their truth, shuffled: profile is `born`, `slips` or `mailed`."""
    chosen = random.Random(f"{profile} {seed}")
    maker = {"born": born, "slips": slips, "mailed": mailed}[profile]
    rows: list[tuple[str, dict[str, str]]] = []
    number = 0
    while len(rows) < records:
        rows += [(f"P{number}", row) for row in maker(chosen)]
        number += 1
    chosen.shuffle(rows)
    header = words_of(identity_book.HEADER)
    found = [
        {
            **dict.fromkeys(header, ""),
            **row,
            "rec_id": f"r{place}",
            "source": "book",
            "display_name": f"{row['given']} {row['family']}".strip(),
        }
        for place, (_, row) in enumerate(rows)
    ]
    truth = [
        {"rec_id": f"r{place}", "entity_id": owner, "tags": profile}
        for place, (owner, _) in enumerate(rows)
    ]
    return found, truth


def born(chosen: random.Random) -> list[dict[str, str]]:
    """One in nine stands twice, once with one slip: in a name, or in one part of the birthday."""
    given, family = common(chosen, GIVEN), common(chosen, FAMILY)
    if chosen.random() < 0.3:
        family = chosen.choice(STARTS) + chosen.choice(ENDS)
    person = {"given": given, "family": family, "birthday": day(chosen)}
    if chosen.random() > 1 / 9:
        return [person]
    copy = dict(person)
    part = chosen.choice(["given", "family", "birthday", "birthday"])
    copy[part] = one_part(chosen, copy[part]) if part == "birthday" else slip(chosen, copy[part])
    return [person, copy]


def slips(chosen: random.Random) -> list[dict[str, str]]:
    """Up to five copies, each with slips in several fields, fields missing or swapped."""
    person = {
        "given": chosen.choice(GIVEN),
        "family": chosen.choice(STARTS) + chosen.choice(ENDS),
        "city": chosen.choice(STARTS) + chosen.choice(ENDS),
        "birthday": day(chosen),
    }
    copies = [person]
    for _ in range(chosen.choice([0, 0, 1, 1, 2, 3, 5])):
        copy = dict(person)
        for part in ("given", "family", "city"):
            if chosen.random() < 0.35:
                copy[part] = slip(chosen, copy[part], chosen.choice([1, 1, 2]))
            elif chosen.random() < 0.06:
                copy[part] = ""
            elif chosen.random() < 0.04:
                copy[part] = chosen.choice(GIVEN if part == "given" else STARTS)
        if chosen.random() < 0.06:
            copy["given"], copy["family"] = copy["family"], copy["given"]
        if chosen.random() < 0.1:
            copy["birthday"] = chosen.choice(["", one_part(chosen, copy["birthday"]), day(chosen)])
        if copy["given"] or copy["family"]:
            copies.append(copy)
    return copies


def mailed(chosen: random.Random) -> list[dict[str, str]]:
    """One to seven records, fields missing now and then, slips in some, names swapped."""
    given, family = common(chosen, GIVEN), common(chosen, [*STARTS, *FAMILY])
    local = chosen.choice([f"{given}.{family}", f"{given[0]}.{family}", f"{given}{family}"])
    domain = f"{chosen.choice(STARTS)}-{chosen.choice(ENDS)}.{chosen.choice(['com', 'net', 'org'])}"
    number = chosen.choice(["", str(chosen.randint(1, 99))])
    person = {
        "given": given,
        "family": family,
        "city": "London" if chosen.random() < 0.3 else chosen.choice(TOWNS),
        "emails": f"{local}{number}@{domain}".lower(),
        "birthday": day(chosen),
    }
    rows = []
    for _ in range(chosen.randint(1, 7)):
        row = dict(person)
        for part, missing in (("given", 0.2), ("family", 0.2), ("city", 0.2), ("emails", 0.25)):
            if chosen.random() < missing:
                row[part] = ""
            elif chosen.random() < (0.1 if part == "emails" else 0.22):
                row[part] = slip(chosen, row[part], chosen.choice([1, 2]))
        if chosen.random() < 0.08:
            row["given"], row["family"] = row["family"], row["given"]
        for _ in range(chosen.choice([0, 0, 0, 1, 2])):
            row["birthday"] = one_part(chosen, row["birthday"])
        rows.append(row)
    return rows


def common(chosen: random.Random, names: list[str]) -> str:
    """One of the names, the first ones far oftener than the last."""
    return names[min(int(chosen.expovariate(1) * len(names) / 3), len(names) - 1)]


def day(chosen: random.Random) -> str:
    """A birthday."""
    return f"{chosen.randint(1930, 2010)}-{chosen.randint(1, 12):02}-{chosen.randint(1, 28):02}"


def one_part(chosen: random.Random, birthday: str) -> str:
    """The birthday with another year, month or day."""
    year, month, number = birthday.split("-")
    part = chosen.choice(["year", "month", "day"])
    if part == "year":
        return f"{int(year) + chosen.choice([-10, -1, 1, 10])}-{month}-{number}"
    if part == "month":
        return f"{year}-{int(month) % 12 + 1:02}-{number}"
    return f"{year}-{month}-{int(number) % 28 + 1:02}"


def slip(chosen: random.Random, text: str, times: int = 1) -> str:
    """The text with letters doubled, left out, swapped or mistaken."""
    for _ in range(times if len(text) > 2 else 0):
        place = chosen.randrange(len(text) - 1)
        before, letter, after = text[:place], text[place], text[place + 1 :]
        text = chosen.choice(
            [
                before + letter * 2 + after,
                before + after,
                before + after[0] + letter + after[1:],
                before + chosen.choice(string.ascii_lowercase) + after,
            ]
        )
    return text
