"""`kithbook rejects`: what could not be read, where and why."""

import json

from pipeline.errors import UsageError
from pipeline.session import Session, rows_as_dicts
from pipeline.text import count, plain, table

REJECTS = """
select source, collection, href, position, reason, is_warning
from main.rejects
where $1 is null or source = $1
order by is_warning, source, collection, href, position
"""


def show_rejects(session: Session, source: str | None, *, as_json: bool = False) -> None:
    """Print the rejects of the last build."""
    with session.looking() as connection:
        found = rows_as_dicts(connection.execute(REJECTS, [source]))
        known = {row[0] for row in connection.execute("select source from raw.runs").fetchall()}
    if source and source not in known:
        raise UsageError(
            f"There is no source {plain(source)}.",
            "There are: " + ", ".join(sorted(plain(one) for one in known)) + ".",
        )
    if as_json:
        print(json.dumps(found, default=str, ensure_ascii=False, indent=2))
        return
    if not found:
        print("Everything could be read.")
        return
    rows = [
        (
            one["source"],
            one["href"] or "",
            one["position"] or "",
            "a line" if one["is_warning"] else "whole",
            one["reason"],
        )
        for one in found
    ]
    for line in table(("source", "item", "place", "what", "why"), rows, most=70):
        print(line)
    lost = sum(not one["is_warning"] for one in found)
    print(
        plain(
            f"{count(lost, 'item')} did not come in; "
            f"{count(len(found) - lost, 'line')} of others were passed over. "
            "The bytes of each are kept in state.duckdb, raw.rejects."
        )
    )
