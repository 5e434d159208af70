"""Where a source's secrets come from: a command, the environment or the keyring."""

import os
import subprocess
from typing import Any

from pipeline.errors import LoginError

COMMAND_SECONDS = 60


def password(source: str, options: Any) -> str:
    """The password, from `password_command`, `password_env` or the keyring, in that order.

    :raises LoginError: none could be had; the message names the place asked, never the secret.
    """
    if command := getattr(options, "password_command", ()):
        return _from_command(source, "password_command", tuple(command))
    if variable := getattr(options, "password_env", None):
        return _from_environment(source, variable)
    return _from_keyring(source)


def address(source: str, options: Any) -> str:
    """The web address that is a secret, from `url_command` or `url_env`.

    :raises LoginError: none could be had; the message names the place asked, never the address.
    """
    if command := getattr(options, "url_command", ()):
        return _from_command(source, "url_command", tuple(command))
    return _from_environment(source, options.url_env)


def _from_environment(source: str, variable: str) -> str:
    if not (value := os.environ.get(variable)):
        raise LoginError(
            f"[source.{source}]: the environment variable {variable} is not set.",
            f"Set {variable}; cron does not read your shell's profile.",
        )
    return value


def _from_command(source: str, key: str, command: tuple[str, ...]) -> str:
    what = "address" if key == "url_command" else "password"
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=COMMAND_SECONDS, check=False, text=True
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        why = "took too long" if isinstance(error, subprocess.TimeoutExpired) else str(error)
        raise LoginError(
            f"[source.{source}]: {key} {command[0]} could not be run: {why}.",
            f"Run it by hand; it has to print the {what}.",
        ) from error
    first = done.stdout.split("\n", 1)[0].strip("\r")
    if done.returncode or not first:
        raise LoginError(
            f"[source.{source}]: {key} {command[0]} ended with {done.returncode} "
            f"and {'no' if not first else 'a'} line.",
            f"Run it by hand; it has to print the {what} and end with 0.",
        )
    return first


def _from_keyring(source: str) -> str:
    import keyring
    import keyring.errors

    try:
        value = keyring.get_password("kithbook", source)
    except keyring.errors.KeyringError as error:
        raise LoginError(
            f"[source.{source}]: the keyring did not answer: {type(error).__name__}.",
            "Unlock it, or use password_command or password_env.",
        ) from error
    if not value:
        raise LoginError(
            f"[source.{source}]: no password: no password_command, no password_env, "
            "and nothing in the keyring.",
            f"`keyring set kithbook {source}` stores one, or write password_command in the config.",
        )
    return value
