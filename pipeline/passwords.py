"""Where a source's password comes from: a command, the environment or the keyring."""

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
        return _from_command(source, tuple(command))
    if variable := getattr(options, "password_env", None):
        if not (value := os.environ.get(variable)):
            raise LoginError(
                f"[source.{source}]: the environment variable {variable} is not set.",
                f"Set {variable}; cron does not read your shell's profile.",
            )
        return value
    return _from_keyring(source)


def _from_command(source: str, command: tuple[str, ...]) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=COMMAND_SECONDS, check=False, text=True
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        why = "took too long" if isinstance(error, subprocess.TimeoutExpired) else str(error)
        raise LoginError(
            f"[source.{source}]: password_command {command[0]} could not be run: {why}.",
            "Run it by hand; it has to print the password.",
        ) from error
    first = done.stdout.split("\n", 1)[0].strip("\r")
    if done.returncode or not first:
        raise LoginError(
            f"[source.{source}]: password_command {command[0]} ended with {done.returncode} "
            f"and {'no' if not first else 'a'} line.",
            "Run it by hand; it has to print the password and end with 0.",
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
