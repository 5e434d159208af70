"""The token file of a Google login: read, written whole, and what it means when it is refused.

The file is google-auth's own format plus the `expiry`, as `Credentials.to_json` writes it.
"""

import json
import os
import stat
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors import file_modes_and_fsync
from connectors.errors import LoginError, SourceUnreachable
from connectors.google.options import GoogleOptions, is_loopback
from connectors.urls import web_address

LOG_IN = "kithbook auth google"
GUIDE = f"`{LOG_IN} --guide`"
"""Prints docs/google.md: who installed the command alone has no folder of that name."""

TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105  (an address, no secret)


def token_path(options: GoogleOptions, folder: Path, source: str) -> Path:
    """Where the login of a source is kept."""
    name = options.token_file
    return folder / Path(name).expanduser() if name else folder / f"google-{source}.token.json"


def load(path: Path, source: str) -> Any:
    """The `google.oauth2.credentials.Credentials` in a token file.

    :raises LoginError: there is no such file, or it is not one of ours.
    """
    from google.oauth2.credentials import Credentials  # 21 ms

    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        token_uri = kept.get("token_uri") or TOKEN_URI
        check_address(token_uri, path)
        credentials = Credentials(  # type: ignore[no-untyped-call]
            token=kept.get("token"),
            refresh_token=kept.get("refresh_token"),
            token_uri=token_uri,
            client_id=kept.get("client_id"),
            client_secret=kept.get("client_secret"),
            scopes=kept.get("scopes"),
            expiry=_expiry(kept.get("expiry")),
        )
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            file_modes_and_fsync.keep_private(path)
    except FileNotFoundError:
        raise LoginError(
            f"There is no login for [source.{source}] yet: {path} does not exist.", hint=LOG_IN
        ) from None
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise LoginError(
            f"The login of [source.{source}] in {path} cannot be read; nothing was changed.",
            hint=LOG_IN,
        ) from error
    return credentials


def save(credentials: Any, path: Path) -> None:
    """Write the token file: whole or not at all, readable by its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # made 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(credentials.to_json())
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(beside).unlink()
        raise


def check_scopes(credentials: Any, wanted: Sequence[str], source: str) -> None:
    """See that the login covers what the config asks for.

    :raises LoginError: it does not; the message names what is missing.
    """
    granted = credentials.granted_scopes or credentials.scopes
    if granted is None:
        return
    missing = [one for one in wanted if one not in granted and _wider(one) not in granted]
    if missing:
        raise missing_scopes(missing, source)


def missing_scopes(scopes: Sequence[str], source: str) -> LoginError:
    """A box was left unticked, or the config asks for more than it did at the login."""
    names = ", ".join(scope.rpartition("/")[2] for scope in scopes) or "what was asked for"
    return LoginError(
        f"The login of [source.{source}] does not allow {names}.",
        hint=f"Log in again and leave every box ticked: {LOG_IN}",
        refusal=f"the login does not allow {names}",
    )


def refused(error: Exception, source: str) -> LoginError | SourceUnreachable:
    """What a failed renewal means (google.auth.exceptions.RefreshError).

    Only an answer that OAuth knows (RFC 6749 section 5.2) is about the login; a web page, a 502 or
    another passing trouble of the token endpoint says nothing about it.
    """
    said = str(error)
    if "invalid_rapt" in said:
        return LoginError(
            f"Google wants a new login for [source.{source}] (invalid_rapt): your organisation"
            " lets logins end after a while.",
            hint=LOG_IN,
        )
    if "invalid_grant" in said:
        return LoginError(
            f"Google no longer takes the login of [source.{source}] (invalid_grant): it was"
            " revoked, or its app is in Testing, where every login ends after 7 days.",
            hint=f"Publish the app ({GUIDE}, step 3), then: {LOG_IN}",
        )
    if "invalid_client" in said or "unauthorized_client" in said or "deleted_client" in said:
        return LoginError(
            f"Google does not know the client of [source.{source}] any more: it was deleted, or"
            " its secret was changed.",
            hint=f"Download the client again ({GUIDE}, step 4), then: {LOG_IN}",
        )
    if "invalid_scope" in said:
        return missing_scopes((), source)
    if _is_passing(error):
        return SourceUnreachable(
            f"Google did not renew the login of [source.{source}] just now. What it had brought"
            " stays as it was.",
            hint="Try again later: kithbook sync",
        )
    return LoginError(f"Google did not renew the login of [source.{source}].", hint=LOG_IN)


def _is_passing(error: Exception) -> bool:
    """The token endpoint answered, but not in OAuth's words."""
    from google.auth.exceptions import RefreshError

    if not isinstance(error, RefreshError):
        return False
    answer = error.args[1] if len(error.args) > 1 else None
    is_of_oauth = isinstance(answer, Mapping) and isinstance(answer.get("error"), str)
    is_ours = "necessary fields" in str(error)  # the token file has no refresh token
    return bool(error.retryable) or not (is_of_oauth or is_ours)


def check_address(url: str, path: Path) -> None:
    """Secrets travel over https only, but for this very machine.

    :raises LoginError: they would not.
    """
    parts = web_address(url)
    if parts is None or "@" in parts.netloc or (parts.scheme != "https" and not is_loopback(url)):
        raise LoginError(
            f"{path} names an address that no secret is sent to: it has to begin with https://.",
            hint=f"Download the client again ({GUIDE}, step 4), then: {LOG_IN}",
        )


def _wider(scope: str) -> str:
    """The scope that also allows writing."""
    return scope.removesuffix(".readonly")


def _expiry(text: str | None) -> datetime | None:
    """google-auth keeps it naive, in UTC."""
    if not text:
        return None
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return instant.astimezone(UTC).replace(tzinfo=None)
