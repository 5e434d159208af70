"""Requests to Google: counted, and sent again where that may help.

google-api-python-client builds each request from its bundled discovery documents; this module
sends it. Reads are repeated with jittered backoff. A write is repeated only when Google said
clearly that it did not do it; otherwise `AnswerLost` tells the caller to look first, because the
write may have been done (httplib2 by itself would send it again on a closed connection).
"""

import http.client
import random
import ssl
import time
import weakref
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import google_auth_httplib2
import httplib2
from google.auth.exceptions import GoogleAuthError, RefreshError
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from connectors.errors import KithbookError, LoginError, SourceError, SourceUnreachable
from connectors.google import error_answers, token_file
from connectors.google.error_answers import AnswerLost, Refusal, Refused
from connectors.google.json_fields import JsonObject
from connectors.google.options import Limits
from connectors.http import AnswerBounds
from connectors.http_errors import too_large
from connectors.retry_after_and_date import lasting

VERSIONS = {"people": "v1", "calendar": "v3", "tasks": "v1"}
PATHS = {"people": "", "calendar": "calendar/v3/", "tasks": ""}
"""What an endpoint has to end with: only Calendar's document has a servicePath."""

NETWORK_ERRORS = (OSError, httplib2.HttpLib2Error, http.client.HTTPException, GoogleAuthError)


class GoogleSession:
    """One source's login, its three services, and the count of what was asked.

    `budget`: the requests that one run may make. `endpoint`: an emulator on this machine.
    """

    def __init__(
        self,
        source: str,
        token_path: Path,
        *,
        scopes: tuple[str, ...],
        limits: Limits,
        budget: int,
        endpoint: str | None,
    ) -> None:
        self.source = source
        self.limits = limits
        self.requests_made = 0
        self._budget = budget
        self._endpoint = endpoint
        self._token_path = token_path
        self._credentials = token_file.load(token_path, source)
        token_file.check_scopes(self._credentials, scopes, source)
        self._saved_token = self._credentials.token
        self._services: dict[str, Any] = {}
        self._reader = self._transport()
        weakref.finalize(self, self._reader.close)

    def service(self, name: str) -> Any:
        """`people`, `calendar` or `tasks`, made from the bundled discovery document."""
        if name not in self._services:
            options = {"api_endpoint": self._endpoint + PATHS[name]} if self._endpoint else {}
            self._services[name] = build(
                name,
                VERSIONS[name],
                http=self._reader,
                static_discovery=True,
                client_options=options,
            )
        return self._services[name]

    def read(self, request: Any, doing: str) -> JsonObject:
        """The answer to a request that changes nothing, asked for again while that may help.

        :raises LoginError, SourceError, SourceUnreachable, CursorExpired: `error_answers.explain`.
        """
        for attempt in range(self.limits.tries):
            refusal: Refusal | None = None
            try:
                return _object(self._send(request, self._reader))
            except Refused as error:
                refusal = error.refusal
                problem = self.explain(refusal, doing, request)
                if not refusal.may_pass:
                    raise problem from error
            except RefreshError as error:
                problem = token_file.refused(error, self.source)
                if isinstance(problem, LoginError):
                    raise problem from error
            except (*NETWORK_ERRORS, ValueError) as error:
                problem = self._unreachable(error, doing, request)
                if isinstance(error, ssl.SSLCertVerificationError):
                    raise problem from error
            if attempt + 1 < self.limits.tries:
                self._wait(attempt, refusal, doing)
        raise problem

    def find(self, request: Any, doing: str) -> JsonObject | None:
        """As `read`, but None where there is no such thing (any more)."""
        try:
            return self.read(request, doing)
        except SourceError as error:
            cause = error.__cause__
            if isinstance(cause, Refused) and cause.refusal.status in {404, 410}:
                return None
            raise

    def write(self, request: Any, doing: str, *, etag: str | None = None) -> JsonObject:
        """The answer to a write, sent once; again only after a clear "not now" (429, quota).

        `{}` where Google answers with nothing, as to a deletion.

        :raises Refused: answered with anything else, for the caller to read.
        :raises AnswerLost: no answer, or a server error: it may have been done.
        """
        if etag is not None:
            request.headers["If-Match"] = etag
        for attempt in range(self.limits.tries):
            try:
                answer = self._send(request, _SendOnce(self._transport()))
                return {} if answer == "" else _object(answer)
            except Refused as error:
                if error.refusal.status >= 500:
                    raise AnswerLost(str(error)) from error
                if not error.refusal.is_too_fast or attempt + 1 == self.limits.tries:
                    raise
                self._wait(attempt, error.refusal, doing)
            except RefreshError as error:
                raise token_file.refused(error, self.source) from error
            except (*NETWORK_ERRORS, ValueError) as error:
                message = f"{type(error).__name__}: {error}"
                raise AnswerLost(message) from error
        raise AssertionError("the last attempt returns or raises")

    def pause(self, attempt: int, at_least: float = 0.0) -> None:
        """Wait before the next attempt; jitter keeps many runs from coming back together."""
        span = self.limits.backoff(attempt) * random.uniform(0.5, 1.0)  # noqa: S311  (no secret)
        time.sleep(max(at_least, span))

    def explain(self, refusal: Refusal, doing: str, request: Any) -> KithbookError:
        """The error that a refusal of this request means to the user."""
        query = urlsplit(request.uri).query
        return error_answers.explain(
            refusal,
            self.source,
            doing,
            api=str(request.methodId or "people").partition(".")[0],
            had_token="syncToken=" in query or "pageToken=" in query,
        )

    # --- one request ----------------------------------------------------------------------

    def _send(self, request: Any, transport: Any) -> Any:
        """One request; a stale login is renewed once. A body that is no JSON comes as text."""
        for is_last in (False, True):
            if self.requests_made >= self._budget:
                raise SourceUnreachable(
                    f"[source.{self.source}] has used its {self._budget} requests of this run;"
                    " the rest waits for the next one.",
                    hint=f"Raise requests_a_run in [source.{self.source}] if that is too few.",
                )
            self.requests_made += 1
            try:
                return request.execute(http=transport)
            except HttpError as error:
                if error.resp.status == 401 and not is_last and self._credentials.refresh_token:
                    self._credentials.refresh(google_auth_httplib2.Request(self._reader.http))
                    continue
                phrase = str(error.resp.reason or "")
                raise Refused(
                    error_answers.read(error.resp, error.resp.status, phrase, error.content)
                ) from error
            finally:
                self._keep_token()
        raise AssertionError("the last attempt returns or raises")

    def _keep_token(self) -> None:
        """A renewed token is written down at once, so that the next run need not ask for one."""
        if self._credentials.token != self._saved_token:
            token_file.save(self._credentials, self._token_path)
            self._saved_token = self._credentials.token

    def _wait(self, attempt: int, refusal: Refusal | None, doing: str) -> None:
        """As long as Google asked for; not at all where that is too long."""
        longest = self.limits.longest_wait_seconds
        asked = 0.0
        if refusal is not None and refusal.retry_after is not None:
            asked = refusal.retry_after
            if asked > longest:
                raise SourceUnreachable(
                    f"Google is busy for another {lasting(asked)}, {doing} (HTTP {refusal.status})."
                    f" What [source.{self.source}] had brought stays as it was.",
                    hint="Try again later: kithbook sync",
                )
        self.pause(attempt, asked)

    def _unreachable(self, problem: Exception, doing: str, request: Any) -> SourceUnreachable:
        return SourceUnreachable(
            f"{urlsplit(request.uri).netloc} gave no usable answer, {doing}"
            f" ({type(problem).__name__}: {problem})."
            f" What [source.{self.source}] had brought stays as it was.",
            hint="Look at the network, then: kithbook sync",
        )

    def _transport(self) -> Any:
        """Redirects are not followed: these APIs have none, and credentials stay where they are."""
        proxy = None if self._endpoint else httplib2.proxy_info_from_environment
        plain = _BoundedTransport(timeout=self.limits.timeout_seconds, proxy_info=proxy)
        plain.bounds, plain.source = self.limits.bounds, self.source
        plain.follow_redirects = False
        return google_auth_httplib2.AuthorizedHttp(
            self._credentials, http=plain, refresh_status_codes=()
        )


class _BoundedTransport(httplib2.Http):  # type: ignore[misc]  # no stubs
    """httplib2's, which reads a whole answer into memory, with a bound on it."""

    bounds: AnswerBounds
    source: str

    def _conn_request(self, conn: Any, *request: Any) -> Any:
        """Whatever connection it is sent on, its answer is read up to the bound alone."""
        conn.response_class = partial(_BoundedResponse, self.bounds, self.source, conn.host)
        return super()._conn_request(conn, *request)


class _BoundedResponse(http.client.HTTPResponse):
    """An answer that is not read beyond its bound."""

    def __init__(self, bounds: AnswerBounds, source: str, host: str, *of: Any, **more: Any) -> None:
        super().__init__(*of, **more)
        self._bounds, self._source, self._host = bounds, source, host

    def read(self, amt: int | None = None) -> bytes:
        """The body.

        :raises AnswerTooLarge: there is more of it than is taken.
        """
        most = self._bounds.max_bytes
        if self.length is not None and self.length <= most:
            return super().read(amt)  # to its end, or it says that the end is missing
        body = super().read(most + 1)
        if len(body) > most:
            raise too_large(self._source, self._host, most)
        return body


class _SendOnce:
    """A transport for one write, on connections of its own that refuse to send twice."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport

    def request(self, uri: str, method: str = "GET", **rest: Any) -> Any:
        """As httplib2's, but the connection class is ours."""
        kind = _OnceHttps if uri.startswith("https:") else _OnceHttp
        try:
            return self._transport.request(uri, method, connection_type=kind, **rest)
        finally:
            self._transport.close()


class _Once:
    """httplib2 sends again when a connection closes without an answer; this refuses."""

    _is_sent = False

    def request(self, *rest: Any, **more: Any) -> None:
        if self._is_sent:
            raise ConnectionError("the connection closed without an answer")
        self._is_sent = True
        super().request(*rest, **more)  # type: ignore[misc]  # of the connection beside it


class _OnceHttp(_Once, httplib2.HTTPConnectionWithTimeout):  # type: ignore[misc]  # no stubs
    pass


class _OnceHttps(_Once, httplib2.HTTPSConnectionWithTimeout):  # type: ignore[misc]  # no stubs
    pass


def _object(answer: Any) -> JsonObject:
    """The library hands out a body that is no JSON, as a truncated one, as text."""
    if not isinstance(answer, dict):
        raise ValueError("the answer is cut off or is not a JSON object")  # noqa: TRY004  (of data)
    return answer
