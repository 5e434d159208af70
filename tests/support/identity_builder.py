"""A book of cards and invitations in a few words, for the tests of who is one human.

book = PersonBook()
book.card("home", full_name="Ana Lima", emails=["ana@lima.example"])     # record 1
book.invited("ana@lima.example", name="Ana Lima")                        # record 2
assert book.people() == [{1, 2}]
"""

from datetime import UTC, datetime
from typing import Any

from pipeline.sync import normalise
from tests.support.sql_tables import SqlBook

RECORD_TABLES = ("main.people", "main.contact_details", "main.merge_candidates")


class PersonBook(SqlBook):
    """Records are numbered from 1 in the order in which they are stated."""

    def __init__(self, as_of: str = "2026-09-01", **settings: Any) -> None:
        super().__init__(as_of, **settings)
        self.records = 0
        self.decided = 0
        self.insert("raw.sources", {"source": "home", "type": "caldav", "is_import": False})

    def card(self, source: str = "home", **fields: Any) -> int:
        """A card; emails and phones are texts, city is the address's, birthday (y, m, d).

        `etag` stands for its bytes, `file` is the one of a folder, `received_at` when it came.
        """
        self.records += 1
        item = {name: fields.pop(name, None) for name in ("etag", "file", "received_at")}
        if any(item.values()):
            self.insert("raw.items", {"item_id": self.records, "kind": "contact", **item})
        points = {
            field: [{"value": value, "label": None, "is_preferred": False} for value in values]
            for field in ("emails", "phones")
            if (values := fields.pop(field, None))
        }
        if city := fields.pop("city", None):
            names = ("street", "extended", "po_box", "region", "postal_code", "country", "label")
            points["addresses"] = [{**dict.fromkeys(names, ""), "city": city}]
        if birthday := fields.pop("birthday", None):
            year, month, day = birthday
            fields["birthday"] = {"year": year, "month": month, "day": day, "text": None}
        row = {
            "item_id": self.records,
            "record_id": self.records,
            "source": source,
            "collection": source,
            "uid": f"uid-{self.records}",
            "kind": "individual",
            "first_seen_at": datetime(2026, 1, self.records % 28 + 1, tzinfo=UTC),
        }
        self.insert("raw.contacts", {**row, **points, **fields})
        return self.records

    def imports(self, *names: str) -> None:
        """Imports by their names, to be used as import/NAME."""
        for name in names:
            row = {"source": f"import/{name}", "type": "import", "is_import": True}
            self.insert("raw.sources", row)

    def invited(
        self, email: str, name: str | None = None, source: str = "home", **fields: Any
    ) -> int:
        """Somebody invited to a meeting by this address."""
        self.records += 1
        person = {
            "record_id": self.records,
            "email": email,
            "name": name,
            "reply": "accepted",
            "role": "required",
            "kind": "individual",
            "is_owner": False,
            **fields,
        }
        meeting = {"item_id": 1000 + self.records, "source": source, "uid": f"m-{self.records}"}
        self.insert("raw.meetings", {**meeting, "attendees": [person]})
        return self.records

    def decide(self, verb: str, person_id: int, other_id: int | None = None, **fields: Any) -> str:
        """A decision, newer than those before it; its id."""
        self.decided += 1
        decision_id = f"d{self.decided}"
        row = {
            "decision_id": decision_id,
            "decided_at": datetime(2026, 6, 1, self.decided, tzinfo=UTC),
            "owner_id": "me",
            "verb": verb,
            "person_id": person_id,
            "other_id": other_id,
        }
        self.insert("raw.decisions", {**row, **fields})
        return decision_id

    def undo(self, decision_id: str) -> str:
        """The undoing of a decision; its own id."""
        self.decided += 1
        undo_id = f"d{self.decided}"
        row = {"decision_id": undo_id, "decided_at": datetime(2026, 6, 1, self.decided, tzinfo=UTC)}
        self.insert("raw.decisions", {**row, "verb": "undo", "undoes": decision_id})
        return undo_id

    def reckon(self, *tables: str) -> None:
        """Give the names and phones their keys and make the tables."""
        if self._may_differ:
            region = self.rows("select phone_region from raw.settings")[0][0] or ""
            normalise.give_keys(self.connection, region)
        self.build("identity.record_persons", *tables)

    def people(self) -> list[set[int]]:
        """The records of each person, by person_id."""
        self.reckon()
        found: dict[int, set[int]] = {}
        for record_id, person_id in self.rows(
            "select record_id, person_id from identity.record_persons order by person_id, record_id"
        ):
            found.setdefault(person_id, set()).add(record_id)
        return list(found.values())

    def waiting(self) -> list[tuple[int, int]]:
        """The pairs of people that wait for the user's word, likeliest first."""
        self.reckon("main.merge_candidates")
        return [
            (one, other)
            for one, other in self.rows(
                "select person_id, other_id from main.merge_candidates "
                "order by confidence desc, person_id, other_id"
            )
        ]

    def reason(self, record_id: int) -> str:
        """Why this record belongs to its person."""
        self.reckon("identity.record_persons")
        return str(
            self.rows(f"select reason from identity.record_persons where record_id = {record_id}")[
                0
            ][0]
        )
