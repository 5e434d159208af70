"""CSV exports of the well-known programs, and any other by a mapping."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from connectors.contract import Address, Contact, ContactPoint, Item, PartialDate, Reject, Related
from connectors.csv.contacts import read_body, read_mapping
from connectors.csv.source import CsvFile
from connectors.errors import SourceError, UsageError
from tests.contract.connector_contract import (
    access,
)


def read_file(
    folder: Path, content: bytes, mapping: Sequence[str] = ()
) -> tuple[list[Item], list[Reject]]:
    path = folder / "book.csv"
    path.write_bytes(content)
    source = CsvFile(CsvFile.Options(str(path), tuple(mapping)), access(folder))
    (collection,) = source.collections()
    pages = list(source.pull(collection, None, {}))
    items = [item for page in pages for item in page.items]
    return items, [reject for page in pages for reject in page.rejects]


def contacts(folder: Path, text: str, encoding: str = "utf-8") -> list[Contact]:
    items, _ = read_file(folder, text.encode(encoding))
    return [item.contact for item in items if item.contact is not None]


def contact(folder: Path, text: str, encoding: str = "utf-8") -> Contact:
    (only,) = contacts(folder, text, encoding)
    return only


# --- each dialect -------------------------------------------------------------------------


def test_google(tmp_path: Path) -> None:
    read = contact(
        tmp_path,
        "Name Prefix,First Name,Last Name,File As,Organization Name,Organization Title,Birthday,"
        "Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,"
        "Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Formatted,"
        "Address 1 - Street,Address 1 - City,Address 1 - Postal Code,Address 1 - Country,"
        "Relation 1 - Label,Relation 1 - Value,Event 1 - Label,Event 1 - Value,"
        "Website 1 - Label,Website 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value\n"
        'Dr.,Ana,Lima,"Lima, Ana",Acme,CTO, --04-12,"Line 1\nLine 2",'
        "* myContacts ::: Climbing ::: * starred,* Work,ana@work.example ::: a.lima@work.example,"
        "Home,ana@example.org,Mobile,'+351 910 000 001,Home,all of it,Rua A 1,Porto,4000,Portugal,"
        "Spouse,Rui Costa,Anniversary,2010-06-05,Blog,https://ana.example,Shoe size,39\n",
    )
    assert (read.prefix, read.full_name, read.given, read.family) == (
        "Dr.",
        "Ana Lima",
        "Ana",
        "Lima",
    )
    assert read.emails == (
        ContactPoint("ana@work.example", "work", is_preferred=True),
        ContactPoint("a.lima@work.example", "work"),
        ContactPoint("ana@example.org", "home"),
    )
    assert read.phones == (ContactPoint("+351 910 000 001", "mobile"),)
    assert read.birthday == PartialDate(month=4, day=12)
    assert read.anniversary == PartialDate(2010, 6, 5)
    assert read.categories == ("myContacts", "Climbing", "starred")
    assert read.note == "Line 1\nLine 2"
    assert (read.organization, read.title) == ("Acme", "CTO")
    assert read.addresses == (
        Address("Rua A 1", city="Porto", postal_code="4000", country="Portugal", label="home"),
    )
    assert read.related == (Related("Rui Costa", "spouse"),)
    assert read.urls == (ContactPoint("https://ana.example", "blog"),)
    assert ("shoe size", "39") in read.extra
    assert ("File As", "Lima, Ana") in read.extra


def test_google_two_addresses_in_one_cell(tmp_path: Path) -> None:
    read = contact(
        tmp_path,
        "First Name,Labels,Address 1 - Label,Address 1 - Street,Address 1 - City\n"
        "Ana,* myContacts,Home,Rua A 1 ::: Rua B 2,Porto ::: Lisboa\n",
    )
    assert [(one.street, one.city) for one in read.addresses] == [
        ("Rua A 1", "Porto"),
        ("Rua B 2", "Lisboa"),
    ]


def test_a_google_column_of_no_known_part_is_kept(tmp_path: Path) -> None:
    read = contact(
        tmp_path, "First Name,Labels,Address 1 - Planet,Address 1 - City\nAna,* a,Mars,Porto\n"
    )
    assert read.extra == (("Address 1 - Planet", "Mars"),)
    assert read.addresses == (Address(city="Porto"),)


def test_google_before_2023_in_utf_16(tmp_path: Path) -> None:
    read = contact(
        tmp_path,
        "Name,Given Name,Family Name,Yomi Name,Birthday,Group Membership,Occupation,"
        "E-mail 1 - Type,E-mail 1 - Value,IM 1 - Type,IM 1 - Service,IM 1 - Value,"
        "Organization 1 - Type,Organization 1 - Name,Organization 1 - Title,"
        "Organization 1 - Symbol\n"
        "Ana Lima,Ana,Lima,,1985-04-12,* My Contacts ::: Choir,Engineer,"
        "* ,ana@example.org,,Skype,ana.lima,,Acme,CTO,ACM\n",
        "utf-16",
    )
    assert read.full_name == "Ana Lima"
    assert read.emails == (ContactPoint("ana@example.org", None, is_preferred=True),)
    assert read.ims == (ContactPoint("skype:ana.lima"),)
    assert read.categories == ("My Contacts", "Choir")
    assert read.birthday == PartialDate(1985, 4, 12)
    assert (read.organization, read.title, read.role) == ("Acme", "CTO", "Engineer")
    assert ("Organization 1 - Symbol", "ACM") in read.extra


OUTLOOK = (
    '"Title","First Name","Middle Name","Last Name","Suffix","Company","Business Street",'
    '"Business Street 2","Business City","Business Country/Region","Home Phone","Business Fax",'
    '"Birthday","Anniversary","Categories","E-mail Address","E-mail Type","E-mail 2 Address",'
    '"E-mail 2 Type","Notes","Spouse","Web Page","Gender","Assistant\'s Phone"\r\n'
)


def test_outlook(tmp_path: Path) -> None:
    read = contact(
        tmp_path,
        OUTLOOK
        + '"Dr.","José",,"Müller","Jr.","Acme","Street 1","Floor 2","Köln","Germany","0221 1",'
        '"0221 9","4/12/1985","0/0/00","Friends;Work","jose@x.de","SMTP",'
        '"/o=First/cn=Recipients/cn=jose","EX","He said ""hi"".","Ana","x.de","Male","0221 5"\r\n',
        "cp1252",
    )
    assert (read.prefix, read.given, read.family, read.suffix) == ("Dr.", "José", "Müller", "Jr.")
    assert read.emails == (ContactPoint("jose@x.de"),)
    assert ("E-mail 2 Address", "/o=First/cn=Recipients/cn=jose") in read.extra
    assert read.addresses == (
        Address("Street 1\nFloor 2", city="Köln", country="Germany", label="work"),
    )
    assert read.birthday == PartialDate(1985, 4, 12)
    assert read.anniversary is None
    assert read.categories == ("Friends", "Work")
    assert ContactPoint("0221 9", "work fax") in read.phones
    assert ContactPoint("0221 5", "assistant") in read.phones
    assert read.note == 'He said "hi".'
    assert read.related == (Related("Ana", "spouse"),)
    assert ("Gender", "Male") in read.extra


def test_outlook_german_with_semicolons_has_days_first(tmp_path: Path) -> None:
    read = contact(
        tmp_path,
        "Anrede;Vorname;Nachname;Firma;Straße geschäftlich;Ort geschäftlich;Telefon geschäftlich;"
        "E-Mail-Adresse;Geburtstag;Jahrestag;Weiteres Fax\n"
        "Herr;Jörg;Groß;Acme;Weg 1;Köln;0221 1;j@x.de;04.12.1985;00.00.00;0221 9\n",
        "cp1252",
    )
    assert (read.given, read.family) == ("Jörg", "Groß")
    assert read.birthday == PartialDate(1985, 12, 4)
    assert read.addresses == (Address("Weg 1", city="Köln", label="work"),)
    assert read.anniversary is None


def test_the_file_itself_tells_whether_days_or_months_stand_first(tmp_path: Path) -> None:
    first, second = contacts(
        tmp_path,
        "First Name,E-mail Address,Birthday\nAna,a@x.org,4/12/1985\nRui,r@x.org,25/12/1980\n",
    )
    assert first.birthday == PartialDate(1985, 12, 4)
    assert second.birthday == PartialDate(1980, 12, 25)


def test_linkedin_below_its_preamble(tmp_path: Path) -> None:
    items, rejects = read_file(
        tmp_path,
        b"\xef\xbb\xbfNotes:\r\n"
        b'"When exporting your connection data, you may notice that some, ""e-mails"",\r\n'
        b'are missing."\r\n\r\n'
        b"First Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n"
        b'Ana,Lima,https://www.linkedin.com/in/ana,,"Acme, Inc.",CTO,12 Mar 2024\r\n'
        b",,,,,,\r\n"
        b"Rui,Costa,,rui@x.org,,,7-Feb-22\r\n"
        b"Eva,Stein,,,,,12. M\xc3\xa4rz 2021\r\n"
        b",,,,,,01 Apr 2023\r\n",
    )
    read = [item.contact for item in items if item.contact]
    assert [(one.full_name, one.first_met) for one in read] == [
        ("Ana Lima", date(2024, 3, 12)),
        ("Rui Costa", date(2022, 2, 7)),
        ("Eva Stein", date(2021, 3, 12)),
    ]
    assert read[0].organization == "Acme, Inc."
    assert read[0].urls == (ContactPoint("https://www.linkedin.com/in/ana", "linkedin"),)
    assert [(one.is_warning, one.position) for one in rejects] == [(True, 2), (False, 5)]


def test_thunderbird_with_a_birthday_in_three_columns(tmp_path: Path) -> None:
    header = (
        "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Work Phone,"
        "Home City,Birth Year,Birth Month,Birth Day,Custom 1,Notes,\n"
    )
    ana, rui, eva = contacts(
        tmp_path,
        header
        + "Ana,Lima,Ana L.,Nana,a@x.org,b@x.org,1,Porto,1985,04,12,blue,hello,\n"
        + "Rui,Costa,,,r@x.org,,,,,4,12,,,\n"
        + "Eva,Stein,,,e@x.org,,,,1990,,,,,\n",
    )
    assert ana.birthday == PartialDate(1985, 4, 12)
    assert rui.birthday == PartialDate(None, 4, 12)
    assert eva.birthday == PartialDate(1990)
    assert (ana.full_name, ana.nicknames) == ("Ana L.", ("Nana",))
    assert [one.value for one in ana.emails] == ["a@x.org", "b@x.org"]
    assert ana.extra == (("Custom 1", "blue"),)


def test_several_addresses_in_one_cell_and_one_beside_a_name(tmp_path: Path) -> None:
    ana, rui, eva = contacts(
        tmp_path,
        "First Name;E-mail Address\nAna;a@x.org, b@x.org\n"
        'Rui;"""Costa, Rui"" <r@x.org>"\nEva;eva at x.org\n',
    )
    assert [one.value for one in ana.emails] == ["a@x.org", "b@x.org"]
    assert [one.value for one in rui.emails] == ["r@x.org"]
    assert (eva.emails, eva.extra) == ((), (("E-mail Address", "eva at x.org"),))


def test_yahoo(tmp_path: Path) -> None:
    read = contact(
        tmp_path,
        '"First","Last","Email","Category","Messenger ID","Home","Mobile","Yahoo! Phone",'
        '"Title","Company","Birthday","Comments","Skype ID"\r\n'
        '"Ana","Lima","a@x.org","Family;Choir","ana_y","1","2","","CTO","Acme","4/12/1985","hi",'
        '"ana.s"\r\n',
    )
    assert read.categories == ("Family", "Choir")
    assert read.ims == (ContactPoint("ymsgr:ana_y"), ContactPoint("skype:ana.s"))
    assert read.title == "CTO"
    assert read.birthday == PartialDate(1985, 4, 12)


def test_order_and_case_of_columns_do_not_matter(tmp_path: Path) -> None:
    read = contact(
        tmp_path, "LABELS,e-mail 1 - value,  Last Name ,first name\n* myContacts,a@x.org,Lima,Ana\n"
    )
    assert (read.full_name, read.emails[0].value) == ("Ana Lima", "a@x.org")


@pytest.mark.parametrize(
    ("header", "row", "encoding"),
    [
        (
            "Titre,Prénom,Nom,Titre,Société,Ville (domicile),Anniversaire,Adresse de messagerie",
            "Mme,Ana,Lima,CTO,Acme,Porto,12/4/1985,a@x.org",
            "cp1252",
        ),
        (
            "Tytuł;Imię;Nazwisko;Stanowisko;Firma;Adres domowy - miejscowość;Urodziny;Adres e-mail",
            "Mme;Ana;Lima;CTO;Acme;Porto;12.04.1985;a@x.org",
            "cp1250",
        ),
        (
            (
                "Обращение,Имя,Фамилия,Должность,Организация,"
                "Город (дом. адрес),День рождения,Адрес эл. почты"
            ),
            "Mme,Ana,Lima,CTO,Acme,Porto,12.04.1985,a@x.org",
            "cp1251",
        ),
        (
            "肩書き,名,姓,役職,会社名,市町村 (自宅),誕生日,電子メール アドレス",
            "Mme,Ana,Lima,CTO,Acme,Porto,1985/4/12,a@x.org",
            "cp932",
        ),
        (
            (
                "Titolo;Nome;Cognome;Posizione;Società;"
                "Città (ab.);Compleanno;Indirizzo posta elettronica"
            ),
            "Mme;Ana;Lima;CTO;Acme;Porto;12/04/1985;a@x.org",
            "utf-8-sig",
        ),
    ],
)
def test_outlook_in_other_languages_and_code_pages(
    tmp_path: Path, header: str, row: str, encoding: str
) -> None:
    read = contact(tmp_path, f"{header}\r\n{row}\r\n", encoding)
    assert read == Contact(
        full_name="Ana Lima",
        prefix="Mme",
        given="Ana",
        family="Lima",
        title="CTO",
        organization="Acme",
        addresses=(Address(city="Porto", label="home"),),
        birthday=PartialDate(1985, 4, 12),
        emails=(ContactPoint("a@x.org"),),
    )


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("Мария Иванова", "cp1251"),
        ("Łukasz Małecki żółty", "cp1250"),
        ("José Muñoz François", "cp1252"),
        ("山田 たろう さん", "cp932"),
    ],
)
def test_the_letters_tell_the_code_page_under_an_english_header(
    tmp_path: Path, name: str, encoding: str
) -> None:
    read = contact(tmp_path, f"{OUTLOOK}Dr.,{name},,Lima,,,,,,,,,,,,a@x.org\r\n", encoding)
    assert read.given == name


def test_excels_own_line_above_the_header_is_passed_over(tmp_path: Path) -> None:
    items, _ = read_file(tmp_path, b"sep=;\r\nWer;Post\r\nAna;a@x.org\r\n", ["Wer=given"])
    assert [item.contact.given for item in items if item.contact] == ["Ana"]
    with pytest.raises(SourceError, match="Wer, Post"):
        read_file(tmp_path, b"sep=;\r\nWer;Post\r\nAna;a@x.org\r\n")


def test_thunderbird_in_german_has_the_day_where_outlook_has_the_birthday(tmp_path: Path) -> None:
    read = contact(
        tmp_path,
        "Vorname,Nachname,Anzeigename,Primäre E-Mail-Adresse,Geburtsjahr,Geburtsmonat,Geburtstag\n"
        "Ana,Lima,Ana L.,a@x.org,1985,4,12\n",
    )
    assert read.birthday == PartialDate(1985, 4, 12)
    assert read.full_name == "Ana L."


def test_a_second_column_of_a_name_is_not_lost(tmp_path: Path) -> None:
    read = contact(
        tmp_path,
        "First Name,E-mail Address,Home Phone,Home Phone,First Name\nAna,a@x.org,1,2,Nana\n",
    )
    assert [one.value for one in read.phones] == ["1", "2"]
    assert read.extra == (("First Name (2)", "Nana"),)


# --- any other CSV ------------------------------------------------------------------------

STRANGE = b"Wer|Post|Geburt|Schuhe\nAna Lima|ana@x.org|12.4.1985|39\n"


def test_unknown_columns_get_an_error_with_the_command_that_would_do(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read_file(tmp_path, b"Full Name,Mail,Shoes\nAna Lima,ana@x.org,39\n")
    assert "Full Name, Mail, Shoes" in str(caught.value)
    assert '--map "Full Name=full_name" --map "Mail=email"' in caught.value.hint


def test_a_mapping_takes_what_it_names_and_loses_nothing_else(tmp_path: Path) -> None:
    mapping = ["Wer=full_name", "post=email:work", "Geburt=birthday"]
    ((item,), rejects) = read_file(tmp_path, STRANGE, mapping)
    assert rejects == []
    assert item.contact == Contact(
        full_name="Ana Lima",
        emails=(ContactPoint("ana@x.org", "work"),),
        birthday=PartialDate(1985, 4, 12),
        extra=(("Schuhe", "39"),),
    )


def test_a_file_without_a_line_of_names_has_columns_by_number(tmp_path: Path) -> None:
    rows = b"Lima,Ana,Acme,+351 910 000 001\nCosta,Rui,,+351 910 000 002\n"
    items, _ = read_file(tmp_path, rows, ["column 1=family", "column 2=given", "column 4=phone"])
    read = [item.contact for item in items if item.contact]
    assert [(one.full_name, one.phones[0].value) for one in read] == [
        ("Ana Lima", "+351 910 000 001"),
        ("Rui Costa", "+351 910 000 002"),
    ]
    assert read[0].extra == (("column 3", "Acme"),)
    with pytest.raises(SourceError, match="column 1, column 2"):
        read_file(tmp_path, rows)


def test_a_mapping_that_cannot_be_meant_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no field 'shoe'") as caught:
        read_mapping(["Wer=shoe"])
    assert "full_name" in caught.value.hint
    with pytest.raises(UsageError, match="does not say"):
        read_mapping(["Wer"])
    with pytest.raises(UsageError, match="no column 'who'") as caught:
        read_file(tmp_path, STRANGE, ["Who=full_name", "Wer=note"])
    assert "Wer, Post" in caught.value.hint
    assert read_mapping(["a=b=given"]) == {"a=b": "given"}


# --- a newer export -----------------------------------------------------------------------


def test_more_columns_another_order_and_other_rows_change_nobody(tmp_path: Path) -> None:
    before, _ = read_file(
        tmp_path,
        b"First Name,Labels,E-mail 1 - Value\nAna,* myContacts,a@x.org\nRui,* myContacts,r@x.org\n",
    )
    after, _ = read_file(
        tmp_path,
        b"Labels,First Name,E-mail 1 - Value,E-mail 2 - Value\n"
        b"* myContacts,Eva,e@x.org,\n* myContacts,Rui,r@x.org,\n* myContacts,Ana,a@x.org,b@x.org\n",
    )
    old = {item.href: item.etag for item in before}
    new = {item.href: item.etag for item in after}
    assert old["name:rui"] == new["name:rui"]
    assert old["name:ana"] != new["name:ana"]
    assert set(new) - set(old) == {"name:eva"}


def test_a_row_can_be_read_again_from_its_body(tmp_path: Path) -> None:
    ((item,), _) = read_file(tmp_path, STRANGE, ["Wer=full_name", "Post=email"])
    assert read_body(item.body) == (item.contact, [])
    assert json.loads(item.body)["cells"][0] == ["Wer", "Ana Lima"]


# --- hostile and broken -------------------------------------------------------------------


def test_formulas_markup_and_escapes_stay_data(tmp_path: Path) -> None:
    names = ["=HYPERLINK(1)", "[red]x[/]", "\x1b[31mred", "<script>", "+1+1", "a\x00b"]
    rows = "".join(f"{name},a@x.org\n" for name in names)
    read = contacts(tmp_path, "First Name,E-mail Address\n" + rows)
    assert [one.given for one in read] == [*names[:-1], "ab"]


def test_a_quote_that_is_never_closed_costs_its_own_row_only(tmp_path: Path) -> None:
    read = contacts(
        tmp_path,
        'First Name,Last Name,E-mail Address\n"Ana,Lima,a@x.org\nRui,Costa,r@x.org\n'
        '"Eva","Stein","e@x.org"\n',
    )
    assert [one.full_name for one in read] == ["Ana Lima", "Rui Costa", "Eva Stein"]


def test_bytes_that_are_no_utf_8_in_one_row_leave_the_others(tmp_path: Path) -> None:
    rows = "".join(f"Ana{n},a{n}@x.org,é\n" for n in range(20_000))
    content = f"First Name,E-mail Address,Notes\n{rows}".encode() + b"Jos\xe9,j@x.org,\x81\n"
    items, _ = read_file(tmp_path, content)
    assert items[0].contact is not None
    assert items[0].contact.note == "é"
    assert items[-1].contact is not None
    assert items[-1].contact.given == "José"


def test_more_cells_than_columns_are_kept(tmp_path: Path) -> None:
    read = contact(tmp_path, "First Name,E-mail Address\nAna,a@x.org,extra one\n")
    assert read.extra == (("column 3", "extra one"),)


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not a CSV"):
        read_file(tmp_path, b"Dear Ana,\nsee you soon\n")


@pytest.mark.parametrize("piece", [b'x","\n', b'"', b'"\n""\n', b"a" * 999 + b",", b"\n", b",\n"])
def test_no_rows_take_long(tmp_path: Path, piece: bytes) -> None:
    header = b"First Name,Last Name,E-mail Address\n"
    items, rejects = read_file(tmp_path, header + piece * ((1 << 18) // len(piece)))
    assert len(items) + len(rejects) <= 1 << 18
