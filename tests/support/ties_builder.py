"""A book whose people are given and not found: for tests of what was when and what it means.

identity.persons, record_persons, person_keys and circle_members are rows that the test states;
everything else is made by the files of sql/ from the raw tables.

    book = TieBook(as_of="2026-09-01")
    ana = book.person("Ana Lima")
    book.meeting("2026-08-03", ana)
    book.build("judgement.strengths")
"""

from datetime import date, datetime, timedelta
from typing import Any

from tests.support.sql_tables import SqlBook, layers

GIVEN = {
    "identity.record_persons": "record_id bigint, person_id bigint",
    "identity.persons": (
        "owner_id varchar, person_id bigint, display_name varchar, kind varchar,"
        " kind_reason varchar, is_owner boolean, is_colleague boolean,"
        " is_deceased_hint boolean, is_resting boolean, is_muted boolean,"
        " first_seen_at timestamptz, has_card boolean, is_import_only boolean,"
        " categories varchar[], organization varchar, emails varchar[], phones varchar[],"
        ' city varchar, birthday struct("year" integer, "month" integer, "day" integer)'
    ),
    "identity.person_keys": (
        "person_id bigint, task_key varchar, record_id bigint, choice_order integer,"
        " is_alone boolean"
    ),
    "identity.circle_members": "owner_id varchar, circle varchar, person_id bigint",
}
OWNER = 1
PERSON: dict[str, Any] = {
    "owner_id": "me",
    "kind": "person",
    "is_owner": False,
    "is_colleague": False,
    "is_deceased_hint": False,
    "is_resting": False,
    "is_muted": False,
    "first_seen_at": "2020-01-01 00:00:00+00",
    "has_card": True,
    "is_import_only": False,
    "categories": [],
    "emails": [],
    "phones": [],
}


class TieBook(SqlBook):
    """An in-memory book with given people; record 1 is the owner."""

    given = frozenset(GIVEN)

    def __init__(self, as_of: str = "2026-09-01", **settings: Any) -> None:
        super().__init__(as_of, **settings)
        self.as_of = date.fromisoformat(as_of)
        for table, columns in GIVEN.items():
            self.connection.execute(f"create table {table} ({columns})")
        self._last = OWNER
        self._items = 0
        self._decisions = 0
        self.insert(
            "identity.persons",
            PERSON
            | {"person_id": OWNER, "display_name": "Eva Mota", "is_owner": True, "has_card": False},
        )
        self.insert("identity.record_persons", {"record_id": OWNER, "person_id": OWNER})

    def person(self, name: str, **columns: Any) -> int:
        """Somebody known, by one record; returns the number."""
        self._last += 1
        row = PERSON | {"person_id": self._last, "display_name": name} | columns
        self.insert("identity.persons", row)
        self.insert("identity.record_persons", {"record_id": self._last, "person_id": self._last})
        for email in row["emails"]:
            self.key(self._last, email, 1)
        self.key(self._last, name.lower(), 4)
        return self._last

    def key(
        self, person: int, task_key: str, choice_order: int = 1, record: int | None = None
    ) -> None:
        """A key that somebody is known by, on a record of theirs."""
        row = {"person_id": person, "task_key": task_key, "record_id": record or person}
        self.insert("identity.person_keys", row | {"choice_order": choice_order, "is_alone": True})

    def meeting(self, day: str, *people: int, **columns: Any) -> int:
        """A meeting of an hour at noon, organised and accepted by the owner; returns its item."""
        self._items += 1
        start = datetime.fromisoformat(f"{day}T12:00:00+00:00")
        owner = attendee(OWNER, is_owner=True)
        row = {
            "item_id": self._items,
            "source": "home",
            "collection": "calendar",
            "uid": f"event-{self._items}",
            "recurrence_id": "",
            "starts_at": start,
            "ends_at": start + timedelta(hours=1),
            "is_all_day": False,
            "is_recurring": False,
            "summary": "Catch-up",
            "status": "confirmed",
            "visibility": "public",
            "event_type": "default",
            "categories": [],
            "organizer": owner if people else None,
            "attendees": [owner, *(attendee(person) for person in people)] if people else [],
        }
        self.insert("raw.meetings", row | columns)
        return self._items

    def decide(self, verb: str, person: int | None = None, **columns: Any) -> str:
        """A decision of the user, a minute after the one before."""
        self._decisions += 1
        decision_id = f"d{self._decisions:03}"
        row = {
            "decision_id": decision_id,
            "decided_at": f"{self.as_of.isoformat()} 00:{self._decisions % 60:02}:00+00",
            "owner_id": "me",
            "verb": verb,
            "person_id": person,
        }
        self.insert("raw.decisions", row | columns)
        return decision_id

    def circle(self, name: str, *people: int, **columns: Any) -> None:
        """A circle of the config and its members."""
        self.insert("raw.circles", {"circle": name, "owner_id": "me"} | columns)
        for person in people:
            self.insert(
                "identity.circle_members", {"owner_id": "me", "circle": name, "person_id": person}
            )

    def sql_file(self, schema: str, name: str) -> str:
        """The text of a file of sql/."""
        return next(file.text for file in layers() if file.table == f"{schema}.{name}")

    def one(self, query: str) -> tuple[Any, ...]:
        """The only row of a query."""
        found = self.rows(query)
        assert len(found) == 1, found
        return found[0]


def attendee(record: int, reply: str = "accepted", **columns: Any) -> dict[str, Any]:
    """Somebody invited."""
    return {
        "record_id": record,
        "email": f"p{record}@example.org",
        "name": None,
        "reply": reply,
        "role": "required",
        "kind": "individual",
        "is_owner": False,
    } | columns
