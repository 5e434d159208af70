"""What a run did, in a few lines of words (on stderr: the words are not data)."""

from collections.abc import Sequence

from pipeline.config import Config
from pipeline.sync.pull_outcome import Outcome
from pipeline.sync.push import OUTSIDE, Change
from pipeline.sync.run import RunResult
from pipeline.terminal.follow_up_words import kind_words
from pipeline.terminal.printing import say
from pipeline.terminal.terminal_text import count, plain

DONE = {"create": "new", "update": "changed", "tick": "ticked", "withdraw": "withdrawn"}
LOST = ("close", "lost")
NOUNS = {"contact": "card", "event": "event", "task": "task"}
PLANNED = {
    "create": "write",
    "update": "change",
    "tick": "tick",
    "withdraw": "withdraw",
    "close": "close",
}


def tell(ran: RunResult, config: Config, *, dry_run: bool = False) -> None:
    """Say what was pulled, and what was or would be written."""
    say(*source_lines(ran))
    if dry_run:
        say(*change_lines(ran.changes))
    elif line := task_line(ran, config):
        say(line)
    if ran.unmatched:
        found = count(ran.unmatched, "open task")
        say(f"{found} of ours that may be anybody's: left alone; `kithbook status` lists them.")
    tell_once(ran)
    if not _did_anything(ran):
        say("Nothing changed.")


def tell_once(ran: RunResult) -> None:
    """Said once, also in a quiet run: nobody leaves or is listed otherwise without a word."""
    say(*(_lost(one.title) for one in ran.changes if (one.action, one.reason) == LOST))
    if ran.upgraded:
        say(plain(ran.upgraded))
    say(*(plain(note) for one in ran.outcomes for note in one.notes))


def _lost(title: str) -> str:
    return (
        f"The task {plain(title)} is not to be found any more: given up, and no dismissal."
        " A new one comes when it is time."
    )


def source_lines(ran: RunResult) -> list[str]:
    """A line for each source that brought or lost something."""
    lines = []
    for one in ran.outcomes:
        parts = [
            f"{_things(one)} new or changed" if one.changed else "",
            f"{one.gone} gone" if one.gone else "",
            f"{one.rejected} could not be read (kithbook rejects)" if one.rejected else "",
            _unread(one),
        ]
        said = [part for part in parts if part]
        if said:
            lines.append(f"{plain(one.source)}: {', '.join(said)}.")
    return lines


def _unread(outcome: Outcome) -> str:
    """What could not be read, told with its reason at the end."""
    if outcome.is_unread:
        return "not reached; what it had stays"
    names = ", ".join(plain(one.name) for one in outcome.unread)
    return f"not read: {names}" if names else ""


def _things(outcome: Outcome) -> str:
    """48 cards; 770 events, 7 tasks."""
    return ", ".join(count(number, NOUNS[kind]) for kind, number in outcome.by_kind.items())


def task_line(ran: RunResult, config: Config) -> str:
    """What was written into the task list."""
    made = ran.pushed.made
    parts = [f"{made[action]} {word}" for action, word in DONE.items() if made.get(action)]
    if ran.adopted:
        parts.append(f"{ran.adopted} found there and adopted")
    later = len(ran.pushed.later)
    if later:
        parts.append(f"{later} changed meanwhile, read again next time")
    name = plain(config.tasks.list_name) if config.tasks else ""
    return f"Tasks in {name}: {', '.join(parts)}." if parts else ""


def change_lines(changes: Sequence[Change]) -> list[str]:
    """What a push would do, a line each."""
    return [
        f"would {PLANNED[one.action]} {plain(one.title)}"
        f" ({kind_words(one.kind)},"
        f" due {one.due_date or 'any day'}): {plain(one.reason).replace('_', ' ')}"
        for one in changes
        if one.action in OUTSIDE
    ]


def _did_anything(ran: RunResult) -> bool:
    changed = any(one.changed or one.gone or one.rejected for one in ran.outcomes)
    wrote = ran.pushed.count or ran.pushed.later or ran.adopted
    return changed or bool(wrote or ran.trouble or ran.changes)
