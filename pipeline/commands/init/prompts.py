"""Questions of `init`: each answer is checked before the next is asked.

Without a terminal every answer is an option of the command, and what is missing is named.
"""

import sys
import termios
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from connectors.errors import KithbookError, UsageError
from pipeline.terminal.printing import ask, say
from pipeline.terminal.terminal_text import plain

AnswerT = TypeVar("AnswerT")

GO_ON = "What was answered is kept: `kithbook init` goes on from there."


@dataclass(frozen=True, slots=True)
class Questions:
    """Who is asked. `is_terminal`: somebody types; otherwise options alone answer."""

    is_terminal: bool

    def get(
        self,
        option: str,
        question: str,
        given: str | None,
        check: Callable[[str], AnswerT],
        *,
        default: str | None = None,
    ) -> AnswerT:
        """The checked answer: the option's, or else what is typed; Enter takes the default.

        :raises UsageError: nobody types, and the option is missing.
        :raises KithbookError: nobody types, and the option's answer is refused by `check`.
        """
        if given is not None:
            try:
                return check(given)
            except KithbookError as error:
                if not self.is_terminal:
                    raise type(error)(
                        f"{option}: {error} Nothing was written.", error.hint
                    ) from error
                _tell(error)
        if not self.is_terminal:
            raise UsageError(
                f"{option} is missing: {question[0].lower()}{question[1:]}. Nothing was written.",
                "There is no terminal to ask on: say it as an option; all: `kithbook init --help`",
            )
        while True:
            text = typed(f"{question}{f' [{plain(default)}]' if default else ''}: ")
            try:
                return check(text or default or "")
            except KithbookError as error:
                _tell(error)

    def agrees(self, question: str, *, default: bool = True) -> bool:
        """Yes or no; the default on Enter, and where nobody types."""
        if not self.is_terminal:
            return default
        answer = typed(f"{question} [{'Y/n' if default else 'y/N'}] ").lower()
        return answer in {"y", "yes"} if answer else default

    def chooses(self, question: str, choices: str) -> str:
        """One of these letters, or nothing on Enter."""
        while True:
            answer = typed(question).lower()
            if not answer or answer in choices:
                return answer
            say(f"  One of {', '.join(choices)}, or Enter.")


def typed(question: str) -> str:
    """A line from the terminal.

    :raises UsageError: nobody types any more.
    """
    try:
        return ask(question)
    except EOFError as error:
        raise UsageError("No answer.", GO_ON) from error


def typed_unseen(question: str) -> str:
    """A line that the terminal does not show."""
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    unseen = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
    try:
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, unseen)
        return typed(question)
    finally:
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)
        say("")


def _tell(error: KithbookError) -> None:
    say(f"  {plain(error)}", *([f"  → {plain(error.hint)}"] if error.hint else []))
