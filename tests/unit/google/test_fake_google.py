"""The local Google is as strict as the discovery documents, or its word would be worth nothing."""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.fake_google.discovery import Api
from tests.support.fake_google.oauth import ALL_SCOPES
from tests.support.fake_google.server import GoogleServer

LISTS = {
    "people": "/v1/people/me/connections",
    "other": "/v1/otherContacts",
    "groups": "/v1/contactGroups",
    "calendars": "/calendar/v3/users/me/calendarList",
    "events": "/calendar/v3/calendars/ana%40example.org/events",
    "lists": "/tasks/v1/users/@me/lists",
}


@pytest.fixture
def google() -> Iterator[GoogleServer]:
    server = GoogleServer()
    yield server
    server.refused.clear()
    server.close()


def ask(
    google: GoogleServer, path: str, method: str = "GET", body: Any = None, **query: Any
) -> tuple[int, Any]:
    bearer = next(iter(google.login.access_tokens), None) or google.login.grant(ALL_SCOPES)[0]
    text = urllib.parse.urlencode(query, doseq=True)
    request = urllib.request.Request(
        f"{google.url}{path}{'?' if text else ''}{text}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {bearer}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=500) as answer:
            content = answer.read()
            return answer.status, json.loads(content) if content else None
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


# --- requests that the documents do not allow -----------------------------------------------


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/people/me/contacts", {}),
        ("/v1/people/me/connections", {"personFields": "names", "maxResults": 5}),
        ("/v1/people/me/connections", {"personFields": "names", "pageSize": "many"}),
        ("/v1/people/me/connections", {"personFields": "names", "sortOrder": "RANDOM"}),
        ("/calendar/v3/calendars/x/events", {"maxResults": 0}),
        ("/calendar/v3/calendars/x/events", {"singleEvents": "True"}),
        ("/calendar/v3/calendars/x/events", {"timeMin": "yesterday"}),
        ("/calendar/v3/calendars/x/events", {"fields": "items(nonsense)"}),
        ("/calendar/v3/calendars/x/events", {"fields": "items(id"}),
        ("/tasks/v1/users/me/lists", {}),
    ],
)
def test_requests_the_documents_do_not_have(
    google: GoogleServer, path: str, query: dict[str, Any]
) -> None:
    status, _ = ask(google, path, **query)
    assert status in {400, 404}
    assert len(google.refused) == 1


@pytest.mark.parametrize("body", [{"tittle": "x"}, {"title": 5}, [], None])
def test_bodies_the_documents_do_not_have(google: GoogleServer, body: Any) -> None:
    key = google.account.add_task_list("x")
    assert ask(google, f"/tasks/v1/lists/{key}/tasks", "POST", body)[0] == 400
    assert google.refused
    assert google.account.tasks[key] == {}


def test_refused_requests_and_broken_answers_fail_the_test() -> None:
    server = GoogleServer()
    ask(server, "/nowhere")
    with pytest.raises(AssertionError, match="requests"):
        server.close()
    server = GoogleServer()
    server.account.add_person("c1", names=[{"displayname": "wrong case"}])
    ask(server, LISTS["people"], personFields="names")
    with pytest.raises(AssertionError, match="answers"):
        server.close()


# --- what the documents say in words --------------------------------------------------------


def test_fields_of_people_must_be_named(google: GoogleServer) -> None:
    assert ask(google, LISTS["people"])[0] == 400
    assert ask(google, LISTS["people"], personFields="names,nonsense")[0] == 400
    assert ask(google, LISTS["other"], readMask="birthdays")[0] == 400
    assert ask(google, LISTS["people"], personFields="names", pageSize=1001)[0] == 400


def test_only_the_fields_asked_for_travel(google: GoogleServer) -> None:
    google.account.add_person("c1", names=[{"displayName": "x"}], urls=[{"value": "y"}])
    _, found = ask(google, LISTS["people"], personFields="names", fields="connections/names")
    assert found == {"connections": [{"names": [{"displayName": "x"}]}]}


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (LISTS["people"], {"personFields": "names", "pageSize": 2, "requestSyncToken": "true"}),
        (LISTS["events"], {"maxResults": 2}),
    ],
)
def test_sync_token_stands_on_the_last_page_only(
    google: GoogleServer, path: str, query: dict[str, Any]
) -> None:
    for number in range(3):
        google.account.add_person(f"c{number}")
        google.account.add_event(f"e{number}")
    _, first = ask(google, path, **query)
    assert "nextSyncToken" not in first
    _, last = ask(google, path, **query, pageToken=first["nextPageToken"])
    assert "nextPageToken" not in last
    assert ask(google, path, **query, syncToken=last["nextSyncToken"])[0] == 200
    other = {**query, "fields": "etag"} if path == LISTS["events"] else {**query, "pageSize": 3}
    if path == LISTS["people"]:
        assert ask(google, path, **other, syncToken=last["nextSyncToken"])[0] == 400
        assert ask(google, path, **other, pageToken=first["nextPageToken"])[0] == 400
    google.account.lists.expire_sync_tokens()
    status, refusal = ask(google, path, **query, syncToken=last["nextSyncToken"])
    assert status == (400 if path == LISTS["people"] else 410)
    assert ("EXPIRED_SYNC_TOKEN" in str(refusal)) == (path == LISTS["people"])


def test_no_sync_token_unless_asked_for(google: GoogleServer) -> None:
    assert "nextSyncToken" not in ask(google, LISTS["people"], personFields="names")[1]


@pytest.mark.parametrize("name", ["q", "iCalUID", "timeMin", "updatedMin", "orderBy"])
def test_parameters_that_cannot_come_with_a_sync_token(google: GoogleServer, name: str) -> None:
    token = ask(google, LISTS["events"])[1]["nextSyncToken"]
    value = {"orderBy": "updated"}.get(name, "2026-01-01T00:00:00Z")
    assert ask(google, LISTS["events"], syncToken=token, **{name: value})[0] == 400
    assert ask(google, LISTS["events"], syncToken=token, showDeleted="false")[0] == 400


def test_deleted_things_appear_in_sync_answers_only(google: GoogleServer) -> None:
    google.account.add_event("e1")
    token = ask(google, LISTS["events"])[1]["nextSyncToken"]
    google.account.delete_event("e1")
    (event,) = ask(google, LISTS["events"], syncToken=token)[1]["items"]
    assert (event["id"], event["status"]) == ("e1", "cancelled")
    assert "items" not in ask(google, LISTS["events"])[1]


def test_tasks_hidden_deleted_and_completed(google: GoogleServer) -> None:
    key = google.account.add_task_list("x")
    google.account.add_task(key, title="open")
    done = google.account.add_task(key, title="done")
    google.account.change_task(key, done["id"], status="completed", hidden=True)
    gone = google.account.add_task(key, title="gone")
    google.account.change_task(key, gone["id"], deleted=True)
    path = f"/tasks/v1/lists/{key}/tasks"

    def titles(**query: str) -> list[str]:
        return [task["title"] for task in ask(google, path, **query)[1]["items"]]

    assert titles() == ["open"]
    assert titles(showHidden="true") == ["open", "done"]
    assert titles(showHidden="true", showCompleted="false") == ["open"]
    assert titles(showDeleted="true") == ["open", "gone"]


def test_due_loses_its_time_and_if_match_is_honoured(google: GoogleServer) -> None:
    path = f"/tasks/v1/lists/{google.account.add_task_list('x')}/tasks"
    _, made = ask(google, path, "POST", {"title": "x", "due": "2026-02-28T15:30:00Z"})
    assert made["due"] == "2026-02-28T00:00:00.000Z"
    _, ticked = ask(google, f"{path}/{made['id']}", "PATCH", {"status": "completed"})
    assert ticked["etag"] != made["etag"]
    assert ticked["completed"]
    assert ask(google, f"{path}/{made['id']}", "DELETE") == (204, None)
    assert ask(google, path, "POST", {"title": "x", "notes": "y" * 8193})[0] == 400


def test_logins_and_scopes(google: GoogleServer) -> None:
    google.login.grant(frozenset({"https://www.googleapis.com/auth/tasks"}))
    assert ask(google, LISTS["lists"])[0] == 200
    status, refusal = ask(google, LISTS["calendars"])
    assert (status, refusal["error"]["errors"][0]["reason"]) == (403, "insufficientPermissions")
    status, refusal = ask(google, LISTS["groups"])
    assert refusal["error"]["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    google.login.access_tokens = {"stale": frozenset()}
    google.expire_access_tokens()
    google.login.access_tokens["none"] = frozenset()
    assert ask(google, LISTS["calendars"])[0] == 403


def test_judge_knows_every_method_of_the_documents() -> None:
    judge = Api("calendar", "v3")
    found = judge.find("GET", "/calendar/v3/calendars/en%23holiday%40x/events/e1")
    assert found is not None
    method, path = found
    assert method["id"] == "calendar.events.get"
    assert path == {"calendarId": "en#holiday@x", "eventId": "e1"}
    assert judge.find("PUT", "/calendar/v3/calendars/x/events") is None
