"""How decisions read in a list, in the words of whoever made them."""

from pipeline.book import decisions
from pipeline.book.decisions import Decision
from pipeline.terminal import parse_durations
from pipeline.terminal.terminal_text import plain

SENTENCES = {
    "keep": "keep in touch with {who}",
    "in_touch": "in touch with {who} anyway",
    "not_now": "not now: {who}",
    "never": "never remind of {who}",
    "mute": "mute {who}",
    "rest": "let {who} rest",
    "wake": "wake {who}",
    "every": "in touch with {who} every {every}",
    "snooze": "snooze {who} until {until}",
    "pause": "pause until {until}",
    "circle": "put {who} into {value}",
    "merge": "{who} and {other} are the same person",
    "split": "split {who} from {other}",
    "never_same": "{who} and {other} are two people",
    "introduce": "introduce {who} and {other}",
    "log": "in touch with {who} on {on}",
    "undo": "take back {undoes}",
}
"""How a decision reads in a list; `me` (whose book it is) is not among them: --me mends that."""


def sentence(one: Decision) -> str:
    """A decision in words."""
    if one.verb == "pause" and one.value == decisions.END_OF_PAUSE:
        return "end the pause"
    return SENTENCES[one.verb].format(
        who=plain(one.who.name) if one.who else "",
        other=plain(one.other.name) if one.other else "",
        every=parse_durations.every(one.every_days) if one.every_days else "",
        until=one.until_date,
        on=one.from_date,
        value=plain(one.value),
        undoes=one.undoes,
    )
