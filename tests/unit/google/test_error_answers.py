"""What Google says when it says no, and what the user is told then."""

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from connectors.errors import ConfigError, LoginError, SourceError, SourceUnreachable
from connectors.google.error_answers import read
from connectors.google.options import (
    CALENDAR_SCOPE,
    CONTACTS_SCOPE,
    OTHER_CONTACTS_SCOPE,
    TASKS_SCOPE,
    GoogleOptions,
    scopes,
)
from connectors.google.source import Google
from connectors.http import AnswerBounds
from connectors.http_errors import AnswerTooLarge
from tests.contract.connector_contract import access
from tests.support.fake_google.server import GoogleServer, Trouble
from tests.support.google_account import Hands, google, hands

__all__ = ["google", "hands"]

PEOPLE, CALENDAR = "people.people.connections.list", "calendar.calendarList.list"
TOO_FAST = ["rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded"]


# --- asking again ---------------------------------------------------------------------------


@pytest.mark.parametrize("reason", TOO_FAST)
@pytest.mark.parametrize("method", [PEOPLE, CALENDAR])
def test_quota_is_told_by_its_reason_and_waited_for(hands: Hands, reason: str, method: str) -> None:
    hands.google.account.add_person("c1")
    hands.google.trouble(Trouble(status=403, reason=reason, only=method, times=2))
    assert len(hands.pull().items) == 1
    assert hands.google.requests.count(method) == 3


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_server_errors_are_waited_for(hands: Hands, status: int) -> None:
    hands.google.trouble(Trouble(status=status, times=2))
    assert hands.pull().cursor


@pytest.mark.parametrize("reason", ["forbidden", "somethingNew"])
def test_other_refusals_are_not_asked_again(hands: Hands, reason: str) -> None:
    hands.google.trouble(Trouble(status=403, reason=reason, only=PEOPLE, times=None))
    with pytest.raises(SourceError, match="HTTP 403"):
        hands.pull()
    assert hands.google.requests.count(PEOPLE) == 1


def test_refusal_that_is_no_json_is_not_asked_again(hands: Hands) -> None:
    page = b"<html><body>Blocked by the proxy</body></html>"
    hands.google.trouble(Trouble(status=403, body=page, only=PEOPLE, times=None))
    with pytest.raises(SourceError) as caught:
        hands.pull()
    assert type(caught.value) is SourceError
    assert hands.google.requests.count(PEOPLE) == 1


def test_first_page_of_a_full_sync_has_a_quota_of_its_own(hands: Hands) -> None:
    """It is waited for a few times and then left for the next run, not asked for without end."""
    hands.google.trouble(Trouble(status=429, reason="RATE_LIMIT_EXCEEDED", only=PEOPLE, times=None))
    with pytest.raises(SourceUnreachable, match="429"):
        hands.pull()
    assert hands.google.requests.count(PEOPLE) == hands.limits.tries


def test_answer_of_no_end_is_not_read_into_memory(hands: Hands) -> None:
    hands.limits = replace(hands.limits, bounds=AnswerBounds(1 << 20))
    hands.google.trouble(Trouble(status=200, body=b" " * (2 << 20), only=PEOPLE, times=None))
    with pytest.raises(AnswerTooLarge, match="larger than 1 MB"):
        hands.pull()
    assert hands.google.requests.count(PEOPLE) == 1


def test_retry_after_as_a_date(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("connectors.google.http.time.sleep", waited.append)
    hands.limits = replace(hands.limits, longest_wait_seconds=3600.0)
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=1800), usegmt=True)
    hands.google.trouble(Trouble(status=503, headers=(("Retry-After", soon),)))
    assert hands.pull().cursor
    assert 60 < max(waited) <= 1800


@pytest.mark.parametrize("words", ["soon", "\u00b9"])  # the second is a digit, and no number
def test_retry_after_that_says_nothing_is_ignored(hands: Hands, words: str) -> None:
    hands.google.trouble(Trouble(status=503, headers=(("Retry-After", words),)))
    assert hands.pull().cursor


def test_answer_that_is_cut_off_is_no_empty_list(hands: Hands) -> None:
    """Without a Content-Length a body that ends early looks whole."""
    hands.google.account.add_person("c1")
    hands.google.trouble(Trouble(status=200, body=b"", only=PEOPLE))
    assert len(hands.pull().items) == 1
    hands.google.trouble(Trouble(status=200, body=b'{"connections":[{"resour', only=PEOPLE))
    assert len(hands.pull().items) == 1


@pytest.mark.parametrize("found", ['"none"', "[1]", '{"a": 1}', '[["x"]]'])
def test_answer_of_another_shape_is_a_source_error(hands: Hands, found: str) -> None:
    body = f'{{"connections": {found}}}'.encode()
    hands.google.trouble(Trouble(status=200, body=body, only=PEOPLE, times=None))
    with pytest.raises(SourceError, match="not a list of objects"):
        hands.pull()


def test_redirect_is_not_followed(hands: Hands) -> None:
    elsewhere = (("Location", "http://127.0.0.1:9/"),)
    hands.google.trouble(Trouble(status=302, headers=elsewhere, only=PEOPLE))
    with pytest.raises(SourceError, match="HTTP 302"):
        hands.pull()


def test_server_that_gives_the_same_page_again_and_again(hands: Hands) -> None:
    again = json.dumps({"connections": [], "nextPageToken": "same"}).encode()
    hands.google.trouble(Trouble(status=200, body=again, only=PEOPLE, times=None))
    with pytest.raises(SourceError, match="again and again"):
        hands.pull()


def test_no_run_asks_for_more_than_its_budget(hands: Hands) -> None:
    connector = hands.connector(requests_a_run=2)
    contacts, *_ = connector.collections()
    with pytest.raises(SourceUnreachable, match="its 2 requests") as caught:
        list(connector.pull(contacts, None, {}))
    assert "requests_a_run" in caught.value.hint
    assert connector.requests_made == len(hands.google.requests) == 2


def test_nothing_is_asked_before_it_is_needed(hands: Hands) -> None:
    assert hands.connector().requests_made == 0
    assert hands.google.requests == []


# --- refusals that the user can do something about ------------------------------------------


@pytest.mark.parametrize(
    ("method", "reason", "name"),
    [
        (PEOPLE, "SERVICE_DISABLED", "People API"),
        (CALENDAR, "accessNotConfigured", "Google Calendar API"),
        (CALENDAR, "SERVICE_DISABLED", "Google Calendar API"),
    ],
)
def test_api_that_is_not_enabled_is_named_with_its_switch(
    hands: Hands, method: str, reason: str, name: str
) -> None:
    hands.google.trouble(Trouble(status=403, reason=reason, only=method, times=None))
    with pytest.raises(SourceError, match=f"{name} is not enabled") as caught:
        hands.pull()
    assert "https://console.cloud.google.com/apis/library/" in caught.value.hint
    assert "kithbook sync" in caught.value.hint


def test_account_without_a_calendar_still_has_contacts(hands: Hands) -> None:
    hands.google.account.has_calendar = False
    assert [one.name for one in hands.connector().collections()] == ["Contacts"]
    with pytest.raises(SourceError, match="no calendar 'Work'"):
        hands.connector(calendars=("Work",)).collections()


def test_scope_that_google_finds_missing(hands: Hands) -> None:
    """The token file may claim more than was granted."""
    token = next(iter(hands.google.login.access_tokens))
    hands.google.login.access_tokens[token] = frozenset({CALENDAR_SCOPE})
    with pytest.raises(LoginError, match="does not allow") as caught:
        hands.pull()
    assert "kithbook auth google" in caught.value.hint


# --- the login ------------------------------------------------------------------------------


def test_least_scopes() -> None:
    assert scopes(GoogleOptions(), writes_tasks=False) == (CONTACTS_SCOPE, CALENDAR_SCOPE)
    everything = scopes(GoogleOptions(other_contacts=True), writes_tasks=True)
    assert set(everything) == {CONTACTS_SCOPE, CALENDAR_SCOPE, OTHER_CONTACTS_SCOPE, TASKS_SCOPE}


def test_login_that_does_not_cover_the_config_is_refused_before_any_request(
    google: GoogleServer, tmp_path: Path
) -> None:
    hands = Hands(google, tmp_path)
    google.token_file(tmp_path, frozenset({CONTACTS_SCOPE, CALENDAR_SCOPE}))
    assert hands.connector().collections()
    before = len(google.requests)
    with pytest.raises(LoginError, match=r"contacts\.other\.readonly"):
        hands.connector(other_contacts=True).collections()
    with pytest.raises(LoginError, match="allow tasks"):
        hands.connector(writes_tasks=True).collections()
    assert len(google.requests) == before


def test_wider_login_covers_the_narrower(google: GoogleServer, tmp_path: Path) -> None:
    hands = Hands(google, tmp_path)
    wide = [scope.removesuffix(".readonly") for scope in (CONTACTS_SCOPE, CALENDAR_SCOPE)]
    kept = json.loads(hands.token_file.read_text())
    hands.token_file.write_text(json.dumps(kept | {"scopes": wide}))
    assert hands.pull().cursor


def test_revoked_login_says_why_it_may_have_ended(hands: Hands) -> None:
    hands.google.login.is_revoked = True
    hands.google.expire_access_tokens()
    with pytest.raises(LoginError, match=r"invalid_grant.*Testing.*7 days") as caught:
        hands.pull()
    assert "`kithbook auth google --guide`" in caught.value.hint
    assert "kithbook auth google" in caught.value.hint


def test_client_that_was_deleted(hands: Hands) -> None:
    kept = json.loads(hands.token_file.read_text())
    hands.token_file.write_text(json.dumps(kept | {"client_id": "gone", "token": "stale"}))
    with pytest.raises(LoginError, match="does not know the client"):
        hands.pull()


def test_renewed_login_is_written_at_once_for_the_owner_only(hands: Hands) -> None:
    before = json.loads(hands.token_file.read_text())
    hands.google.expire_access_tokens()
    hands.token_file.chmod(0o644)
    hands.pull()
    after = json.loads(hands.token_file.read_text())
    assert after["token"] != before["token"]
    assert after["refresh_token"] == before["refresh_token"]
    assert set(after["scopes"]) == set(before["scopes"])
    assert stat.S_IMODE(hands.token_file.stat().st_mode) == 0o600
    assert [path.name for path in hands.folder.iterdir()] == [hands.token_file.name]
    hands.pull()
    assert hands.google.login.refreshed == 1


def test_expired_login_is_renewed_before_it_is_used(hands: Hands) -> None:
    kept = json.loads(hands.token_file.read_text())
    hands.token_file.write_text(json.dumps(kept | {"expiry": "2026-01-01T00:00:00Z"}))
    hands.pull()
    assert hands.google.login.refreshed == 1


def test_login_never_made(tmp_path: Path) -> None:
    options = GoogleOptions(api_endpoint="http://127.0.0.1:9")
    with pytest.raises(LoginError, match="no login") as caught:
        Google(options, access(tmp_path)).collections()
    assert caught.value.hint == "kithbook auth google"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"expiry": "soon"}', "\x00"])
def test_login_that_cannot_be_read(tmp_path: Path, content: str) -> None:
    path = tmp_path / "token.json"
    path.write_text(content)
    options = GoogleOptions(api_endpoint="http://127.0.0.1:9", token_file=str(path))
    with pytest.raises(LoginError, match="cannot be read"):
        Google(options, access(tmp_path)).collections()
    assert path.read_text() == content


def test_secrets_are_sent_over_https_only(tmp_path: Path) -> None:
    path = tmp_path / "token.json"
    path.write_text(json.dumps({"token": "t", "token_uri": "http://tokens.example/"}))
    options = GoogleOptions(token_file=str(path))
    with pytest.raises(LoginError, match="has to begin with https"):
        Google(options, access(tmp_path)).collections()


@pytest.mark.parametrize("endpoint", ["https://evil.example", "ftp://127.0.0.1", "127.0.0.1:9000"])
def test_endpoint_must_be_on_this_machine(tmp_path: Path, endpoint: str) -> None:
    with pytest.raises(ConfigError, match="api_endpoint"):
        Google(GoogleOptions(api_endpoint=endpoint), access(tmp_path))


# --- reading a refusal ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reasons"),
    [
        ({"error": {"errors": [{"reason": "quotaExceeded"}]}}, {"quotaExceeded"}),
        (
            {"error": {"status": "PERMISSION_DENIED", "details": [{"reason": "SERVICE_DISABLED"}]}},
            {"PERMISSION_DENIED", "SERVICE_DISABLED"},
        ),
        ({"error": "invalid_grant"}, set()),
        ({"error": {"errors": "many", "details": [1], "message": 5}}, set()),
        ([], set()),
        (None, set()),
    ],
)
def test_refusals_in_all_their_forms(body: object, reasons: set[str]) -> None:
    refusal = read({}, 403, "Forbidden", json.dumps(body).encode())
    assert refusal.reasons == reasons
    assert refusal.message == "Forbidden"
