"""What Google says when it says no, and what that means to the user."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.errors import (
    CursorExpired,
    KithbookError,
    LoginError,
    SourceError,
    SourceUnreachable,
)
from connectors.google import token_file
from connectors.retry_after_and_date import retry_after

CONSOLE = {
    "people": ("People API", "people.googleapis.com"),
    "calendar": ("Google Calendar API", "calendar-json.googleapis.com"),
    "tasks": ("Google Tasks API", "tasks.googleapis.com"),
}

TOO_FAST = frozenset(
    {
        "rateLimitExceeded",
        "userRateLimitExceeded",
        "quotaExceeded",
        "dailyLimitExceeded",
        "limitExceeded",
        "RATE_LIMIT_EXCEEDED",
        "RESOURCE_EXHAUSTED",
    }
)
NOT_ENABLED = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
NO_SCOPE = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer of Google's that is not a success."""

    status: int
    reasons: frozenset[str]
    message: str
    retry_after: float | None
    """Seconds."""

    @property
    def is_too_fast(self) -> bool:
        """The quota is used up for now, and nothing was done (403 is told by its reason)."""
        return self.status == 429 or (self.status == 403 and bool(self.reasons & TOO_FAST))

    @property
    def may_pass(self) -> bool:
        """Whether asking again can help."""
        return self.is_too_fast or self.status >= 500


class Refused(Exception):
    """The request was answered, with something other than success."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"HTTP {refusal.status} {refusal.message}")
        self.refusal = refusal


class AnswerLost(Exception):
    """A write was sent and may have been done; nobody knows yet."""


def read(headers: Mapping[str, str], status: int, phrase: str, content: bytes) -> Refusal:
    """Status, reasons and message of an error in either of Google's two formats, or in none.

    The older one has `error.errors[].reason`, the newer `error.status` and, in `error.details[]`,
    a google.rpc.ErrorInfo with a reason; proxies answer in HTML.
    """
    try:
        found = json.loads(content)["error"]
    except (ValueError, KeyError, TypeError):
        found = {}
    if not isinstance(found, dict):
        found = {}
    parts = [*_objects(found.get("errors")), *_objects(found.get("details")), found]
    reasons = {str(part[key]) for part in parts for key in ("reason", "status") if part.get(key)}
    message = found.get("message")
    return Refusal(
        status=status,
        reasons=frozenset(reasons),
        message=message if isinstance(message, str) else phrase,
        retry_after=retry_after(headers.get("retry-after", "")),
    )


def explain(
    refusal: Refusal, source: str, doing: str, *, api: str, had_token: bool
) -> KithbookError:
    """The error to raise.

    `api` is `people`, `calendar` or `tasks`; `had_token`: the request carried a sync or page
    token of an earlier answer, which may have expired (400 in People, 410 in Calendar).
    """
    said = f"Google, {doing}: HTTP {refusal.status} {refusal.message}".rstrip(" .")
    said = f"{said}. What [source.{source}] had brought stays as it was."
    if refusal.status in {400, 410} and had_token:
        return CursorExpired(said, hint="The next sync lists it in full.")
    if refusal.may_pass:
        return SourceUnreachable(said, hint="Try again later: kithbook sync")
    if refusal.status == 401:
        said = f"Google did not accept the login of [source.{source}], {doing} (HTTP 401)."
        return LoginError(said, hint=token_file.LOG_IN)
    if refusal.reasons & NO_SCOPE:
        return token_file.missing_scopes((), source)
    if refusal.reasons & NOT_ENABLED:
        name, host = CONSOLE[api]
        why = f"The {name} is not enabled in the Google project of this login"
        return SourceError(
            f"{why}. {said}",
            hint=f"Enable it at https://console.cloud.google.com/apis/library/{host},"
            " wait a minute, then: kithbook sync",
            refusal=why,
        )
    is_lasting = 400 <= refusal.status < 500
    why = f"Google answers {refusal.status} {refusal.message}".rstrip(" .") if is_lasting else ""
    return SourceError(said, hint="kithbook doctor", refusal=why)


def _objects(found: Any) -> list[Mapping[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
