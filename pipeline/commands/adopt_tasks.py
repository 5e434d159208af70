"""`kithbook push --adopt`: tasks of ours that fit one person by name or address alone.

An earlier kithbook, or a book that was lost, wrote them: the user sees whose each would be, and
says whether that is right. From then on they are like any other.
"""

from pipeline.book.queries import query
from pipeline.command_session import Session
from pipeline.terminal.printing import confirm, show_table
from pipeline.terminal.terminal_text import count, plain


def choose(session: Session, *, yes: bool, dry_run: bool) -> dict[str, int]:
    """Show them and ask; UID → person_id of those to take up.

    :raises UsageError: the answer is not yes, or nobody is there to answer.
    """
    with session.looking() as connection:
        rows = connection.execute(query("adopt_likely")).fetchall()
    if not rows:
        return {}
    show_table(
        ("task", "due", "", "person"),
        [
            (plain(title), due or "", "done" if is_over else "open", plain(name))
            for _, _, title, due, is_over, name in rows
        ],
    )
    if dry_run:
        return {}
    if not yes:
        confirm(f"{count(len(rows), 'task')} would be adopted.", "Is that right?")
    return {uid: person_id for uid, person_id, *_ in rows}
