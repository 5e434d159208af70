"""`import --dry-run`: the import on a copy of the book: what would come, and who would join."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import duckdb

from pipeline import decisions, store
from pipeline.config import IMPORT_PREFIX
from pipeline.folder import Folder
from pipeline.importing.intake import Intake
from pipeline.importing.planning import Wanted
from pipeline.printing import say
from pipeline.session import Session
from pipeline.text import count, plain

SHOWN = 20

JOINED = """
select people.display_name, contacts.full_name, any_value(contact_details.why)
from raw.contacts
inner join identity.record_persons on contacts.record_id = record_persons.record_id
inner join main.people on record_persons.person_id = people.person_id
inner join main.contact_details on contacts.record_id = contact_details.record_id
where
    contacts.source in (select unnest($1::varchar[]))
    and contacts.gone_at is null
    and contacts.record_id not in (select unnest($2::bigint[]))
    and exists (
        select 1
        from identity.record_persons as others
        where
            others.person_id = record_persons.person_id
            and others.record_id not in (
                select record_id from raw.contacts where source in (select unnest($1::varchar[]))
            )
    )
group by people.display_name, contacts.full_name, contacts.record_id
order by people.display_name, contacts.record_id
"""

CARDS = """
select count(*), count(*) filter (where record_id in (select unnest($2::bigint[])))
from raw.contacts
where source in (select unnest($1::varchar[])) and gone_at is null and kind <> 'group'
"""


def preview(session: Session, wanted: Wanted) -> None:
    """Print what the import would bring, and which cards would join whom. Nothing is kept."""
    config = session.config_or_guess()
    with tempfile.TemporaryDirectory(prefix="kithbook-") as name:
        shadow = Folder(Path(name))
        _copy(Folder(config.data), shadow, wait=wanted.wait)
        rehearsal = Session(session.config_path, shadow.path, session.as_of)
        config = replace(config, data=shadow.path)
        here = _cards_here(shadow)
        ran = Intake(rehearsal, config, wanted, is_rehearsal=True).bring_in()
        if ran.has_published:
            _print_joined(rehearsal, [outcome.source for outcome in ran.outcomes], here)
    say("Nothing was kept: this was a rehearsal. Without --dry-run it comes in.")


def _copy(folder: Folder, shadow: Folder, *, wait: bool) -> None:
    """The state and the decisions, while nobody writes them."""
    if not folder.path.exists():
        return
    with store.run_lock(folder, "import --dry-run", wait):
        for path in (folder.state, folder.path / decisions.FILE_NAME):
            if path.exists():
                shutil.copy(path, shadow.path / path.name)


def _cards_here(shadow: Folder) -> list[int]:
    """The records of the cards that imports have brought already."""
    if not shadow.state.exists():
        return []
    with duckdb.connect(str(shadow.state), read_only=True) as state:
        rows = state.execute(
            "select distinct record_id from raw.contacts"
            " where starts_with(source, $1) and gone_at is null",
            [IMPORT_PREFIX],
        ).fetchall()
    return [int(row[0]) for row in rows]


def _print_joined(rehearsal: Session, sources: list[str], here: list[int]) -> None:
    with rehearsal.published() as connection:
        joined = connection.execute(JOINED, [sources, here]).fetchall()
        row = connection.execute(CARDS, [sources, here]).fetchone()
    cards, known = row or (0, 0)
    if not cards:
        return
    print(
        f"{count(cards, 'card')}: {f'{known:,} already in the book, ' if known else ''}"
        f"{len(joined):,} would join people the book has, "
        f"{cards - known - len(joined):,} would be new."
    )
    for name, card, why in joined[:SHOWN]:
        print(f"  {plain(card)} → {plain(name)} ({plain(why)})")
    if len(joined) > SHOWN:
        print(f"  … and {len(joined) - SHOWN:,} more")
