"""Where a source's secrets come from: a command, the environment or the keyring."""

import os
import subprocess
from threading import Thread
from typing import NoReturn

from connectors.errors import LoginError
from pipeline.config import Config, Source

COMMAND_SECONDS = 60
OUTPUT_BYTES_AT_MOST = 64 * 1024
"""Of a command, notes below the password included, as `pass` keeps them."""
SECRET_CHARACTERS_AT_MOST = 4096


def password(source: Source, config: Config) -> str:
    """The password, from `password_command`, `password_env` or the keyring, in that order.

    :raises LoginError: none could be had; the message names the place asked, never the secret.
    """
    options = source.options
    if command := getattr(options, "password_command", ()):
        return _from_command(source, config, "password_command", tuple(command))
    if variable := getattr(options, "password_env", None):
        return _from_environment(source, variable)
    return _from_keyring(source)


def address(source: Source, config: Config) -> str:
    """The web address that is a secret, from `url_command` or `url_env`.

    :raises LoginError: none could be had; the message names the place asked, never the address.
    """
    options = source.options
    if command := getattr(options, "url_command", ()):
        return _from_command(source, config, "url_command", tuple(command))
    return _from_environment(source, options.url_env)


def environment(source: Source | None, config: Config) -> dict[str, str]:
    """What a command of this source sees: all but the variables in which others keep secrets.

    A command of no source sees none of them.
    """
    own = _secret_variables(source) if source else set()
    others = {name for one in config.sources for name in _secret_variables(one)}
    return {name: value for name, value in os.environ.items() if name not in others - own}


def _secret_variables(source: Source) -> set[str]:
    names = (getattr(source.options, key, None) for key in ("password_env", "url_env"))
    return {name for name in names if name}


def _from_environment(source: Source, variable: str) -> str:
    if not (value := os.environ.get(variable)):
        raise LoginError(
            f"[source.{source.name}]: the environment variable {variable} is not set.",
            f"Set {variable}; cron does not read your shell's profile.",
        )
    if trouble := _trouble(value):
        raise LoginError(
            f"[source.{source.name}]: what is in the environment variable {variable} {trouble}.",
            f"Set {variable} to the secret alone.",
        )
    return value


def _from_command(source: Source, config: Config, key: str, command: tuple[str, ...]) -> str:
    """The first line that a command prints.

    :raises LoginError: it prints none, or what cannot be one, or does not end well.
    """
    what = "address" if key == "url_command" else "password"
    by_hand = f"Run it by hand; it has to print the {what} on one line and end with 0."

    def fail(why: str, cause: Exception | None = None) -> NoReturn:
        raise LoginError(f"[source.{source.name}]: {key} {command[0]} {why}.", by_hand) from cause

    try:
        code, said = _output(command, environment(source, config))
    except (OSError, ValueError) as error:
        # ValueError: a NUL in the command itself
        fail(f"could not be run: {getattr(error, 'strerror', None) or error}", error)
    except subprocess.TimeoutExpired as error:
        fail("could not be run: it took too long", error)
    if len(said) > OUTPUT_BYTES_AT_MOST:
        fail(f"prints more than {OUTPUT_BYTES_AT_MOST // 1024} KB, which is too long for a {what}")
    first = said.split(b"\n", 1)[0].strip(b"\r")
    if code or not first:
        fail(f"ended with {code} and {'a' if first else 'no'} line")
    try:
        secret = first.decode("utf-8")
    except UnicodeDecodeError:
        fail("prints bytes that are no text in UTF-8")
    if trouble := _trouble(secret):
        fail(f"prints what {trouble}")
    return secret


def _output(command: tuple[str, ...], seen: dict[str, str]) -> tuple[int, bytes]:
    """Exit code and output, of which no more is read than is looked at.

    The reading has a thread of its own: what the command started may keep the pipe open for ever.

    :raises OSError, ValueError: it cannot be started. :raises TimeoutExpired: it does not end.
    """
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=seen)
    said: list[bytes] = []

    def read() -> None:
        if process.stdout is not None:
            with process.stdout as pipe:
                said.append(pipe.read(OUTPUT_BYTES_AT_MOST + 1))

    reading = Thread(target=read, name="secret", daemon=True)
    reading.start()
    try:
        reading.join(COMMAND_SECONDS)
        if not said:
            raise subprocess.TimeoutExpired(command, COMMAND_SECONDS)
        if len(said[0]) > OUTPUT_BYTES_AT_MOST:
            return 0, said[0]
        return process.wait(COMMAND_SECONDS), said[0]
    finally:
        process.kill()
        process.wait()


def _from_keyring(source: Source) -> str:
    import keyring
    import keyring.errors

    name = source.name
    try:
        value = keyring.get_password("kithbook", name)
    except keyring.errors.KeyringError as error:
        raise LoginError(
            f"[source.{name}]: the keyring did not answer: {type(error).__name__}.",
            "Unlock it, or use password_command or password_env.",
        ) from error
    if not value:
        raise LoginError(
            f"[source.{name}]: no password: no password_command, no password_env, "
            "and nothing in the keyring.",
            f"`keyring set kithbook {name}` stores one, or write password_command in the config.",
        )
    if trouble := _trouble(value):
        raise LoginError(
            f"[source.{name}]: what the keyring has {trouble}.",
            f"`keyring set kithbook {name}` stores it again.",
        )
    return value


def _trouble(secret: str) -> str | None:
    """Why a text can be no secret that is sent (RFC 7617 section 2: no control characters)."""
    if len(secret) > SECRET_CHARACTERS_AT_MOST:
        return f"is longer than {SECRET_CHARACTERS_AT_MOST} characters"
    if any("\ud800" <= one <= "\udfff" for one in secret):
        return "is not UTF-8 text"
    if any(ord(one) < 32 or 127 <= ord(one) < 160 for one in secret):
        return "has a control character in it"
    return None
