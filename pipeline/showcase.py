"""`kithbook demo`: the main job on the bundled fictional book, in a folder of its own."""

import sys
from pathlib import Path

from pipeline import demo, run, telling
from pipeline.due import show_due
from pipeline.session import Session
from pipeline.text import count

QUERIES = (
    "select display_name, strength_rank, layer, trend from ties order by strength_rank limit 10",
    "select display_name, last_contact_date, days_since from last_contacts order by days_since",
    "select * from birthdays order by next_birthday_date limit 10",
)


def run_demo(folder: Path, as_of: str | None) -> None:
    """Lay the book out, sync it, print the due list, and say where everything is."""
    session = Session(folder / "config.toml", as_of=as_of)
    from zoneinfo import ZoneInfo

    today = session.now(ZoneInfo("Europe/Berlin")).date()
    demo.write(folder, today)
    config = session.config()
    ran = run.sync(config, session.now(config.owner.zone), command="demo")
    sys.stdout.flush()
    telling.tell(ran, config)
    show_due(session)
    tasks = sorted((folder / "tasks").rglob("*.ics"))
    print(f"\n{count(len(tasks), 'task')} in {folder / 'tasks'}, the book in")
    print(f"{session.folder.published}. Ask it:")
    for query in QUERIES:
        print(f'  kithbook --config {session.config_path} query "{query}"')
    ran.raise_trouble()
