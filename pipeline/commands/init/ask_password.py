"""User name and password of a source, as `init` asks: never written anywhere but in the keyring."""

import os
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.errors import ConfigError, LoginError
from pipeline.command_session import Session
from pipeline.commands.init.prompts import Questions, typed_unseen
from pipeline.terminal.terminal_text import plain

Section = dict[str, Any]
"""The keys of a source."""


@dataclass(frozen=True, slots=True)
class SourceQuestions:
    """What a place is asked with."""

    session: Session
    questions: Questions
    given: Mapping[str, Any]
    name: str
    before: Mapping[str, Any]

    def get(
        self, key: str, question: str, check: Callable[[str], Any], default: str | None = None
    ) -> Any:
        """The answer to one question, by option `--key` or typed."""
        option = f"--{key.replace('_', '-')}"
        before = self.before.get(key)
        known = str(before) if before is not None else default
        return self.questions.get(option, question, self.given.get(key), check, default=known)


def ask_password(asked: SourceQuestions) -> Section:
    """Where the password comes from: a command, a variable, or the keyring.

    :raises LoginError: nobody types, and there is none.
    """
    if name := asked.given.get("password_env"):
        return {"password_env": name}
    command = asked.given.get("password_command")
    if command:
        return {"password_command": shlex.split(command)}
    if not asked.questions.is_terminal:
        if _has_in_keyring(asked.name):
            return {}
        raise LoginError(
            "--password-command or --password-env is missing, and the keyring has no password "
            f"for [source.{asked.name}]. Nothing was written.",
            f"Name one, or store it first: keyring set kithbook {asked.name}",
        )
    before = shlex.join(asked.before.get("password_command", ())) or (
        f"${asked.before['password_env']}" if "password_env" in asked.before else ""
    )

    def way(text: str) -> Section:
        if text.startswith("$"):
            name = text.strip("${}")
            if not os.environ.get(name):
                raise ConfigError(f"The variable {plain(name)} is not set.", f"export {name}=…")
            return {"password_env": name}
        if text:
            try:
                return {"password_command": shlex.split(text)}
            except ValueError as error:
                raise ConfigError(
                    f"That is not a command: {error}.", "Like pass show dav"
                ) from error
        _store(asked.name)
        return {}

    question = "Command that prints the password (or $NAME, or Enter to type it)"
    found: Section = asked.questions.get("--password-command", question, None, way, default=before)
    return found


def _has_in_keyring(name: str) -> bool:
    import keyring
    import keyring.errors

    try:
        return bool(keyring.get_password("kithbook", name))
    except keyring.errors.KeyringError:
        return False


def _store(name: str) -> None:
    """Type the password; the keyring keeps it.

    :raises ConfigError: there is no keyring here, or it is shut.
    """
    import keyring
    import keyring.errors

    try:
        keyring.set_password("kithbook", name, typed_unseen("Password (not shown): "))
    except keyring.errors.KeyringError as error:
        raise ConfigError(
            "There is no keyring here that could keep it.",
            "Name a command that prints it, like pass show dav, or a variable as $NAME.",
        ) from error


def something(what: str) -> Callable[[str], str]:
    """A check that anything was typed at all; `what` says what is needed."""

    def check(text: str) -> str:
        if not text.strip():
            raise ConfigError(f"{what[0].upper()}{what[1:]} is needed.")
        return text.strip()

    return check
