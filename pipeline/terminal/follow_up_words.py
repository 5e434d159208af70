"""How the kinds of follow-ups are called, wherever people read them."""

from pipeline.terminal.terminal_text import plain

KINDS = {
    "check_in": "ring or write",
    "first_follow_up": "new, say hello",
    "birthday": "birthday",
    "reconnect": "pick up again",
    "introduction": "introduce",
}


def kind_words(kind: str) -> str:
    """What a follow-up asks for; a kind of a newer version by its own name."""
    return KINDS.get(kind, plain(kind).replace("_", " "))
