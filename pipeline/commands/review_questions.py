"""The questions of `kithbook review` on a terminal: one key each, many alike at once, or back.

Each answer is written down as it is given, so what was answered stays whatever ends the round.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline import people
from pipeline.book import decisions
from pipeline.book.decisions import Decision
from pipeline.command_session import Session
from pipeline.commands import record_decision
from pipeline.terminal.printing import ask, say
from pipeline.terminal.terminal_text import count, plain

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]

PAIR_KEYS = ("m  the same person: merge them", "n  two: never the same")
DECEASED_KEYS = ("r  let them rest", "l  they are alive")
ALWAYS = "Enter  not now   b  one step back   q  enough"
PAIR_VERBS = {"m": "merge", "n": "never_same"}
DECEASED_VERBS = {"r": "rest", "l": "wake"}

LEAST_ALIKE = 3
"""From so many pairs with the same evidence on, they can be joined together."""

SURE = 0.75
"""How likely such a pair is at the least; and nothing may speak against it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One question that was asked, and what came of it."""

    place: int
    answered: tuple[int, ...] = ()
    """The places of the questions that were answered with it."""
    said: tuple[Decision, ...] = ()


@dataclass(slots=True)
class Round:
    """The questions that are open, and the steps taken."""

    session: Session
    connection: "duckdb.DuckDBPyConnection"
    found: list[Row]
    portraits: Callable[[Row], list[str]]
    steps: list[Step] = field(default_factory=list)

    def ask_all(self) -> int:
        """Ask until all is answered or enough; returns how many questions were answered."""
        say(f"{count(len(self.found), 'question')}; one key each, then Enter.")
        place = 0
        while place < len(self.found):
            answered = self._answered()
            if place in answered:
                place += 1
                continue
            answer = self._ask(place)
            if answer == "q":
                break
            if answer == "b":
                place = self._step_back(place)
            elif answer == "a":
                self._join_alike(place)
            else:
                self._note(place, [place] if answer else [], answer)
                place += 1
        n_answered = len(self._answered())
        say("", *record_decision.noted(n_answered))
        return n_answered

    def _answered(self) -> set[int]:
        return {place for step in self.steps for place in step.answered}

    def _ask(self, place: int) -> str:
        """The verb answered; empty to pass over, `b`, `a` or `q`."""
        one = self.found[place]
        lines = ["", *self.portraits(one)]
        keys, verbs = list(DECEASED_KEYS), dict(DECEASED_VERBS)
        if "other_id" in one:
            lines.append(f"The same person? Evidence: {plain(one['reason'])}.")
            keys, verbs = list(PAIR_KEYS), dict(PAIR_VERBS)
            if alike := self._alike(place):
                keys.append(
                    f"a  look at all {len(alike)} with this evidence, to merge them at once"
                )
                verbs["a"] = "a"
        else:
            lines.append("A card says they have died; nothing is written about them.")
        say(*lines)
        while True:
            say(*(f"  {key}" for key in (*keys, ALWAYS)))
            try:
                answer = ask("  > ").lower()
            except EOFError:
                return "q"
            if answer in {"", "q", "b"}:
                return answer
            if answer in verbs:
                return verbs[answer]

    def _alike(self, place: int) -> list[int]:
        """The open pairs with the evidence of this one, if nothing speaks against it."""
        reason = self.found[place]["reason"]
        answered = self._answered()
        places = [
            number
            for number, one in enumerate(self.found)
            if one.get("reason") == reason and one["confidence"] >= SURE and number not in answered
        ]
        is_alike = "but " not in reason and place in places and len(places) >= LEAST_ALIKE
        return places if is_alike else []

    def _join_alike(self, place: int) -> None:
        """Show all pairs alike, and merge those that are wanted."""
        places = self._alike(place)
        people_in = Counter(person for number in places for person in self._pair(number))
        lines = []
        for ordinal, number in enumerate(places, 1):
            one = self.found[number]
            more = any(people_in[person] > 1 for person in self._pair(number))
            person = f"{plain(one['person_name'])} (id {one['person_id']})"
            other = f"{plain(one['other_name'])} (id {one['other_id']})"
            lines.append(
                f"  {ordinal:>3}  {person} = {other}{', in another pair too' if more else ''}"
            )
        say("", *lines)
        say("Enter merges none. `all` merges them all; `all but 2 5` leaves those out.")
        while True:
            try:
                words = ask("  > ").lower().replace(",", " ").split()
            except EOFError:
                return
            if not words:
                return
            left_out = {int(word) for word in words[2:] if word.isdecimal()}
            is_said = words[:1] == ["all"] and (
                len(words) == 1 or (words[1] == "but" and len(left_out) == len(words) - 2 > 0)
            )
            if is_said and left_out <= {*range(1, len(places) + 1)}:
                chosen = [
                    number for ordinal, number in enumerate(places, 1) if ordinal not in left_out
                ]
                self._note(place, chosen, "merge")
                say(f"{count(len(chosen), 'pair')} merged.")
                return
            say("  Say `all`, `all but` and numbers of the list, or Enter.")

    def _pair(self, place: int) -> tuple[int, int]:
        one = self.found[place]
        return one["person_id"], one["other_id"]

    def _note(self, place: int, places: list[int], verb: str) -> None:
        """Write the answer down, for one question, several (all of them or none), or none."""
        said = []
        for number in places:
            one = self.found[number]
            who = people.who(self.connection, one["person_id"])
            other = people.who(self.connection, one["other_id"]) if "other_id" in one else None
            said.append(Decision(verb, who=who, other=other))
        clock = record_decision.clock(self.session)
        stamped = decisions.append_all(self.session.folder.path, said, clock)
        self.steps.append(Step(place, tuple(places), tuple(stamped)))

    def _step_back(self, place: int) -> int:
        """The place of the question before, with what was answered there taken back."""
        if not self.steps:
            say("  This is the first question.")
            return place
        step = self.steps.pop()
        undone = [Decision("undo", undoes=one.decision_id) for one in step.said]
        decisions.append_all(self.session.folder.path, undone, record_decision.clock(self.session))
        if undone:
            say(f"  Taken back: {count(len(undone), 'answer')}.")
        return step.place
