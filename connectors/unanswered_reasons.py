"""Why a server left an item unanswered, in words; and how many are asked for one by one.

Only what a source says is gone is gone. What was asked for and is missing in the answer, what met
a passing error, and what a full listing does not name any more is asked for again, by itself
where there are few; `pipeline.sync.pull` keeps what is open then, and asks again in the next run.
"""

from connectors.contract import Open

ALONE_AT_MOST = 50
"""How many items a pull of one collection asks for one by one."""

PASSING = frozenset({408, 423, 425, 429}) | frozenset(range(500, 600))
"""Statuses of one item that say nothing of it: the server is busy, fails, or has it locked."""


def omitted(href: str) -> Open:
    """It was asked for, and the answer does not name it."""
    return Open(href, "omitted", "left out of the server's answer")


def failing(href: str, status: int) -> Open:
    """The server has trouble with it for now."""
    words = "locked on the server" if status == 423 else f"the server answered {status}"
    return Open(href, "failing", words)


def unanswered(href: str) -> Open:
    """It was asked for by itself, and no answer came."""
    return Open(href, "failing", "the server gave no answer")


def not_listed(href: str) -> Open:
    """A full listing does not name it, and it was not asked for by itself."""
    return Open(href, "missing", "not in the server's list any more")


def not_asked(href: str) -> Open:
    """The server asked to come back later, or did not answer for another one."""
    return Open(href, "failing", "the server was too busy to be asked")
