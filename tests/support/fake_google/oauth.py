"""The OAuth side of the local Google: consent, codes, tokens, and their ends."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from tests.support.fake_google.discovery import Json

ALL_SCOPES = frozenset(
    f"https://www.googleapis.com/auth/{name}"
    for name in ("contacts.readonly", "contacts.other.readonly", "calendar.readonly", "tasks")
)
CLIENT = {"client_id": "client-1.apps.example", "client_secret": "client-secret"}


@dataclass
class Login:
    """What the OAuth side has given out."""

    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refresh_tokens: dict[str, frozenset[str]] = field(default_factory=dict)
    access_tokens: dict[str, frozenset[str]] = field(default_factory=dict)
    is_denied: bool = False
    unticked: frozenset[str] = frozenset()
    is_revoked: bool = False
    refreshed: int = 0

    def grant(self, scopes: frozenset[str]) -> tuple[str, str]:
        access, refresh = f"access-{secrets.token_hex(8)}", f"refresh-{secrets.token_hex(8)}"
        self.access_tokens[access] = scopes
        self.refresh_tokens[refresh] = scopes
        return access, refresh

    def consent(self, query: Mapping[str, str]) -> str:
        """The consent page of RFC 6749 section 4.1.1: where the browser is sent back to."""
        redirect = query["redirect_uri"]
        assert urlsplit(redirect).hostname == "127.0.0.1"
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert query["access_type"] == "offline"
        if self.is_denied:
            return f"{redirect}?{urlencode({'error': 'access_denied', 'state': query['state']})}"
        code = f"4/{secrets.token_hex(8)}"
        self.codes[code] = dict(query)
        given = {"state": query["state"], "code": code, "scope": query["scope"]}
        return f"{redirect}?{urlencode(given)}"

    def token(self, form: Mapping[str, str]) -> tuple[int, Json]:
        """The token endpoint (RFC 6749 sections 4.1.3 and 6)."""
        if form.get("client_id") != CLIENT["client_id"]:
            return 401, {"error": "invalid_client", "error_description": "not found"}
        if form.get("grant_type") == "refresh_token":
            scopes = self.refresh_tokens.get(form.get("refresh_token", ""))
            if scopes is None or self.is_revoked:
                description = "Token has been expired or revoked."
                return 400, {"error": "invalid_grant", "error_description": description}
            self.refreshed += 1
            access = f"access-{secrets.token_hex(8)}"
            self.access_tokens[access] = scopes
            return 200, {"access_token": access, "expires_in": 3599, "token_type": "Bearer"}
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant", "error_description": "Malformed auth code."}
        scopes = frozenset(asked["scope"].split()) - self.unticked
        access, refresh = self.grant(scopes)
        return 200, {
            "access_token": access,
            "refresh_token": refresh,
            "expires_in": 3599,
            "token_type": "Bearer",
            "scope": " ".join(sorted(scopes)),
        }
