"""Which columns the address books of this world export, and where each belongs.

A table is "Column = target" (see `connectors.column_targets`), one a line; columns are matched by
name, in any case and order. A column that stands without a target belongs to the dialect and is
kept in `Contact.extra`, as is every column that no table knows.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.column_targets import ADDRESS_PARTS, Target, read_target
from connectors.csv.column_names import OUTLOOK_LANGUAGES, THUNDERBIRD_LANGUAGES
from connectors.dates import Order

EXTRA = Target("extra")

_OUTLOOK = """
Title = prefix                           First Name = given            Middle Name = middle
Last Name = family                       Suffix = suffix               Nickname = nickname
Given Yomi = phonetic_given              Surname Yomi = phonetic_family
Given Name Yomi = phonetic_given         Family Name Yomi = phonetic_family
Company = organization                   Department = department       Job Title = title
Profession = role                        Language = language           Company Yomi
E-mail Address = email                   E-mail 2 Address = email      E-mail 3 Address = email
E-mail Type                              E-mail 2 Type                 E-mail 3 Type
E-mail Display Name                      E-mail 2 Display Name         E-mail 3 Display Name
Business Phone = phone:work              Business Phone 2 = phone:work
Home Phone = phone:home                  Home Phone 2 = phone:home
Mobile Phone = phone:mobile              Other Phone = phone:other
Car Phone = phone:car                    Primary Phone = phone:main    Pager = phone:pager
Radio Phone = phone:radio                Callback = phone:callback     ISDN = phone:isdn
Telex = phone:telex                      TTY/TDD Phone = phone:tty
Company Main Phone = phone:company       Assistant's Phone = phone:assistant
Business Fax = phone:work fax            Home Fax = phone:home fax     Other Fax = phone:other fax
IMAddress = im                           Web Page = url                Personal Web Page = url:home
Birthday = birthday                      Anniversary = anniversary     Notes = note
Spouse = related:spouse                  Children = related:child
Manager's Name = related:manager         Assistant's Name = related:assistant
Referred By = related:referred by        Categories = category
Business Street = address.street:work    Business Street 2 = address.street:work
Business Street 3 = address.street:work  Business City = address.city:work
Business State = address.region:work     Business Postal Code = address.postal_code:work
Business Country = address.country:work  Business Country/Region = address.country:work
Business Address = address.formatted:work      Business Address PO Box = address.po_box:work
Home Street = address.street:home        Home Street 2 = address.street:home
Home Street 3 = address.street:home      Home City = address.city:home
Home State = address.region:home         Home Postal Code = address.postal_code:home
Home Country = address.country:home      Home Country/Region = address.country:home
Home Address = address.formatted:home    Home Address PO Box = address.po_box:home
Other Street = address.street:other      Other Street 2 = address.street:other
Other Street 3 = address.street:other    Other City = address.city:other
Other State = address.region:other       Other Postal Code = address.postal_code:other
Other Country = address.country:other    Other Country/Region = address.country:other
Other Address = address.formatted:other  Other Address PO Box = address.po_box:other
Account         Billing Information      Directory Server     Gender         Government ID Number
Hobby           Initials                 Internet Free Busy   Keywords       Location
Mileage         Office Location          Organizational ID Number            Priority
Private         Schools                  Sensitivity          User 1
User 2          User 3                   User 4
"""

_GOOGLE_NEW = """
Name = full_name              First Name = given            Middle Name = middle
Last Name = family            Name Prefix = prefix          Name Suffix = suffix
Phonetic First Name = phonetic_given                        Phonetic Last Name = phonetic_family
Phonetic Middle Name          Nickname = nickname           File As
Organization Name = organization                            Organization Title = title
Organization Department = department                        Birthday = birthday
Notes = note                  Photo                         Labels = category
"""

_GOOGLE_OLD = """
Name = full_name              Given Name = given            Additional Name = middle
Family Name = family          Name Prefix = prefix          Name Suffix = suffix
Given Name Yomi = phonetic_given                            Family Name Yomi = phonetic_family
Yomi Name                     Additional Name Yomi          Nickname = nickname
Birthday = birthday           Notes = note                  Group Membership = category
Occupation = role             Language = language           Initials
Short Name                    Maiden Name                   Gender
Location                      Billing Information           Directory Server
Mileage                       Hobby                         Sensitivity
Priority                      Subject                       Photo
"""

_LINKEDIN = """
First Name = given            Last Name = family            URL = url:linkedin
Email Address = email         Company = organization        Position = title
Connected On = first_met
"""

_THUNDERBIRD = """
First Name = given            Last Name = family            Display Name = full_name
Nickname = nickname           Primary Email = email         Secondary Email = email
Screen Name = im              Work Phone = phone:work       Home Phone = phone:home
Fax Number = phone:fax        Pager Number = phone:pager    Mobile Number = phone:mobile
Home Address = address.street:home                          Home Address 2 = address.street:home
Home City = address.city:home                               Home State = address.region:home
Home ZipCode = address.postal_code:home                     Home Country = address.country:home
Work Address = address.street:work                          Work Address 2 = address.street:work
Work City = address.city:work                               Work State = address.region:work
Work ZipCode = address.postal_code:work                     Work Country = address.country:work
Job Title = title             Department = department       Organization = organization
Web Page 1 = url:work         Web Page 2 = url:home         Notes = note
Birth Year = birthday.year    Birth Month = birthday.month  Birth Day = birthday.day
Custom 1                      Custom 2                      Custom 3
Custom 4
"""

_YAHOO = """
First = given                 Middle = middle               Last = family
Nickname = nickname           Email = email                 Alternate Email 1 = email
Alternate Email 2 = email     Category = category           Distribution Lists = category
Home = phone:home             Work = phone:work             Pager = phone:pager
Fax = phone:fax               Mobile = phone:mobile         Other = phone:other
Yahoo! Phone = phone:yahoo    Primary = phone:main          Title = title
Company = organization        Personal Website = url:home   Business Website = url:work
Work Address = address.street:work                          Work City = address.city:work
Work State = address.region:work                            Work ZIP = address.postal_code:work
Work Country = address.country:work                         Home Address = address.street:home
Home City = address.city:home                               Home State = address.region:home
Home ZIP = address.postal_code:home                         Home Country = address.country:home
Birthday = birthday           Anniversary = anniversary     Comments = note
Messenger ID = im:yahoo       Messenger ID1 = im:yahoo      Messenger ID2 = im:yahoo
Messenger ID3 = im:yahoo      Messenger ID4 = im:yahoo      Messenger ID5 = im:yahoo
Messenger ID6 = im:yahoo      Messenger ID7 = im:yahoo      Messenger ID8 = im:yahoo
Messenger ID9 = im:yahoo      Skype ID = im:skype           IRC ID = im:irc
ICQ ID = im:icq               Google ID = im:google         MSN ID = im:msn
AIM ID = im:aim               QQ ID = im:qq                 Custom 1
Custom 2                      Custom 3
"""

_OTHERS = """
Full Name = full_name         Contact = full_name           Forename = given
Firstname = given             Lastname = family             Surname = family
E-mail = email                Mail = email                  Email Address = email
Telephone = phone             Phone = phone                 Phone Number = phone
Cell = phone:mobile           Cell Phone = phone:mobile     Mobile Phone Number = phone:mobile
Organisation = organization   Employer = organization       Website = url
Street = address.street       Address = address.street      City = address.city
State = address.region        Zip = address.postal_code     Postcode = address.postal_code
Postal Code = address.postal_code                           Country = address.country
Date of Birth = birthday      DOB = birthday                Groups = category
Tags = category               Comment = note                Note = note
UID = uid
"""
"""Names that other programs use, for the proposal made for a CSV that nobody knows."""

_GOOGLE_GROUP = re.compile(
    r"(e-mail|phone|im|address|organization|relation|website|event|custom field)"
    r" (\d{1,3}) - ([a-z ]{1,30})"
)
_GOOGLE_FIELDS = {
    "e-mail": "email",
    "website": "url",
    "relation": "related",
    "custom field": "extra",
}
_GOOGLE_PARTS = {
    "type": "label",
    "extended address": "extended",
    "po box": "po_box",
    "postal code": "postal_code",
}
_GOOGLE_KNOWN_PARTS = ("label", "value", "service", "formatted")


@dataclass(frozen=True, slots=True)
class Dialect:
    """The columns of one program's export. Column names are in lower case."""

    name: str
    title: str
    columns: Mapping[str, Target]
    signature: frozenset[str] = frozenset()
    """Columns that no other program has."""
    order: Order = "mdy"
    is_google: bool = False
    least: int = 1
    """So many columns of the signature must be there."""

    def target(self, column: str) -> Target | None:
        """Where a column belongs; None when the dialect does not know it."""
        key = normal(column)
        if self.is_google and (match := _GOOGLE_GROUP.fullmatch(key)):
            return _google_target(match[1], match[2], match[3])
        return self.columns.get(key)

    def count_known(self, header: Sequence[str]) -> int:
        """How many columns of a header the dialect knows, 0 if it cannot be this one."""
        keys = [key for cell in header if (key := normal(cell))]
        known = sum(self.target(key) is not None for key in keys)
        own = sum(
            key in self.signature or (self.is_google and bool(_GOOGLE_GROUP.fullmatch(key)))
            for key in keys
        )
        return known if own >= self.least and known >= 2 else 0


def normal(column: str) -> str:
    """A column's name as it is compared."""
    return " ".join(column.strip("\ufeff \t'\"").casefold().split())


def find_dialect(header: Sequence[str]) -> Dialect | None:
    """The dialect that knows most of these columns, or None."""
    best = max(DIALECTS, key=lambda dialect: dialect.count_known(header))
    return best if best.count_known(header) else None


def propose(column: str) -> str | None:
    """A target, as a user would write it, for a column of a file that nobody knows."""
    return _PROPOSALS.get(normal(column))


def _google_target(kind: str, number: str, part: str) -> Target:
    field_name = _GOOGLE_FIELDS.get(kind, kind)
    part = _GOOGLE_PARTS.get(part, part)
    group = f"{kind} {number}"
    if kind == "organization" and part != "label":
        part = {"name": "organization"}.get(part, part)
        if part not in ("organization", "title", "department"):
            return EXTRA
    elif part not in _GOOGLE_KNOWN_PARTS and not (kind == "address" and part in ADDRESS_PARTS):
        return EXTRA
    return Target(field_name, part, group=group)


def _table(text: str) -> dict[str, str]:
    """Column in lower case → target as written; "extra" where there is none."""
    table = {}
    for cell in re.split(r"\n|\s{2,}", text.strip()):
        column, _, target = cell.partition(" = ")
        table[normal(column)] = target.strip() or "extra"
    return table


def _targets(table: Mapping[str, str]) -> dict[str, Target]:
    return {column: _target(text) for column, text in table.items()}


def _target(text: str) -> Target:
    if ".formatted" in text:
        return Target("address", "formatted", text.partition(":")[2])
    return read_target(text)


def _localised(
    name: str, title: str, table: Mapping[str, str], languages: Mapping[str, str]
) -> list[Dialect]:
    """The same dialect under the column names of other languages, where days stand first."""
    dialects = []
    for language, columns in languages.items():
        pairs = [cell.split(" = ") for cell in re.split(r"; |\n", columns.strip())]
        targets = {normal(theirs): _target(table[normal(english)]) for theirs, english in pairs}
        # A mixed header is common: columns that the program's translators forgot.
        known = {**_targets(table), **targets}
        own = frozenset(targets) - frozenset(table)
        dialects.append(
            Dialect(f"{name}-{language}", f"{title} ({language})", known, own, "dmy", least=2)
        )
    return dialects


def _keys(*columns: str) -> frozenset[str]:
    return frozenset(normal(column) for column in columns)


DIALECTS = [
    Dialect(
        "google",
        "Google Contacts CSV",
        _targets(_table(_GOOGLE_NEW)),
        _keys("Labels", "Organization Name", "Phonetic First Name"),
        is_google=True,
    ),
    Dialect(
        "google-old",
        "Google Contacts CSV (before 2023)",
        _targets(_table(_GOOGLE_OLD)),
        _keys("Group Membership", "Given Name Yomi"),
        is_google=True,
    ),
    Dialect("linkedin", "LinkedIn connections", _targets(_table(_LINKEDIN)), _keys("Connected On")),
    Dialect(
        "thunderbird",
        "Thunderbird CSV",
        _targets(_table(_THUNDERBIRD)),
        _keys("Primary Email", "Secondary Email", "Screen Name"),
    ),
    Dialect(
        "yahoo",
        "Yahoo CSV",
        _targets(_table(_YAHOO)),
        _keys("Messenger ID", "Yahoo! Phone", "Alternate Email 1"),
    ),
    Dialect(
        "outlook",
        "Outlook CSV",
        _targets(_table(_OUTLOOK)),
        _keys("E-mail Address", "Business Phone", "Business Street"),
    ),
    *_localised("outlook", "Outlook CSV", _table(_OUTLOOK), OUTLOOK_LANGUAGES),
    *_localised("thunderbird", "Thunderbird CSV", _table(_THUNDERBIRD), THUNDERBIRD_LANGUAGES),
]

BY_NAME = {dialect.name: dialect for dialect in DIALECTS}

_PROPOSALS = {
    column: target.text()
    for dialect in [*reversed(DIALECTS), Dialect("", "", _targets(_table(_OTHERS)))]
    for column, target in dialect.columns.items()
    if target.field != "extra" and target.part != "formatted"
}
"""Column of any program in any language → field, the English ones last and so winning."""
