"""Calendars and address books at a web address: what is asked, refused and kept secret."""

import gzip
import json
import socket
import threading
import traceback
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import getproxies

import pytest

from connectors import urls
from connectors.contract import Page
from connectors.errors import ConfigError, KithbookError, LoginError, SourceError, SourceUnreachable
from connectors.http import Patience
from connectors.http_errors import AnswerTooLarge
from connectors.ical.source import IcalFile, IcalOptions
from connectors.vcard.source import VcardFile, VcardOptions
from connectors.web import download
from pipeline import cli
from tests.contract.connector_contract import (
    PASSWORD,
    Fault,
    Mirror,
    access,
)
from tests.contract.test_ical_source import calendar, event
from tests.contract.test_subscription import (
    PATIENCE,
    SECRET,
    CalendarDriver,
    certificate,
    feed,
    proxy,
    trusted,
)
from tests.contract.test_vcard_source import card
from tests.support.dav_servers import USER, free_port
from tests.support.demo_commands import Said, bytes_hold
from tests.support.failing_proxy import Proxy
from tests.support.web_file_server import Feed, run_feed

__all__ = ["certificate", "feed", "proxy", "trusted"]


# --- what is asked, and when ------------------------------------------------------------------


def source(url: str, **options: Any) -> IcalFile:
    return IcalFile(IcalOptions(url=url, **options), access(Path("/nowhere")), PATIENCE)


def pull(url: str, cursor: str | None = None, **options: Any) -> list[Page]:
    connector = source(url, **options)
    (collection,) = connector.collections()
    return list(connector.pull(collection, cursor, {}))


def pull_cards(url: str) -> list[Page]:
    connector = VcardFile(VcardOptions(url=url), access(Path("/nowhere")), PATIENCE)
    (collection,) = connector.collections()
    return list(connector.pull(collection, None, {}))


def cursor_of(pages: list[Page]) -> str:
    assert pages[-1].cursor
    return pages[-1].cursor


ONE = calendar(event("a", "Lunch"))
TWO = calendar(event("a", "Lunch"), event("b", "Dinner"))


@pytest.mark.parametrize("validators", [("etag",), ("modified",), ("etag", "modified")])
def test_unchanged_calendar_costs_one_answer_without_a_body(
    feed: Feed, validators: tuple[str, ...]
) -> None:
    feed.has_etag, feed.has_modified = "etag" in validators, "modified" in validators
    feed.write(ONE)
    first = cursor_of(pull(feed.url))
    assert pull(feed.url, first) == [Page(cursor=first)]
    assert feed.answered == [200, 304]
    feed.write(TWO)
    (page,) = pull(feed.url, first)
    assert [item.uid for item in page.items] == ["a", "b"]
    assert page.complete


def test_same_bytes_from_a_server_without_validators_are_nothing_new(feed: Feed) -> None:
    feed.has_etag = False
    feed.write(ONE)
    first = cursor_of(pull(feed.url))
    assert pull(feed.url, first) == [Page(cursor=first)]
    assert feed.answered == [200, 200]


def test_validators_are_not_asked_about_at_another_address(feed: Feed) -> None:
    feed.write(ONE)
    first = cursor_of(pull(feed.url))
    feed.path = "/another.ics"
    (page,) = pull(feed.url, first)
    assert [item.uid for item in page.items] == ["a"]
    assert "If-None-Match" not in feed.seen[-1].headers


@pytest.mark.parametrize(
    "cursor", ["", "[]", "null", '{"etag": 1}', '{"what": "else"}', "8c1f", '{"address": null}']
)
def test_cursor_of_anything_else_starts_afresh(feed: Feed, cursor: str) -> None:
    feed.write(ONE)
    (page,) = pull(feed.url, cursor)
    assert page.complete
    assert len(page.items) == 1


def test_hour_of_the_download_in_each_event_is_no_change(feed: Feed) -> None:
    """Google's calendars have DTSTAMP of now in every event, at every request."""
    mirror = Mirror()
    for year in ("2026", "2027"):
        stamp = f"DTSTAMP:{year}"
        feed.write(TWO.replace(b"DTSTAMP:2026", stamp.encode()))
        connector = source(feed.url)
        mirror.pull(connector, connector.collections()[0])
    assert mirror.received() == []
    assert len(mirror.pages[-1].unchanged) == 2
    assert mirror.pages[-1].complete


def test_nothing_is_asked_before_the_first_pull(feed: Feed) -> None:
    (found,) = source(feed.url).collections()
    assert (found.name, found.is_read_only) == ("test", True)
    assert feed.seen == []


def test_webcal_is_https(trusted: Path) -> None:
    with run_feed(trusted) as feed:
        feed.write(ONE)
        (page,) = pull(f" webcal://127.0.0.1:{feed.port}{feed.path}#today ")
        assert len(page.items) == 1
        assert feed.seen[-1].path == feed.path


def test_certificate_that_nobody_vouches_for_is_refused(certificate: Path) -> None:
    with run_feed(certificate) as feed, pytest.raises(SourceUnreachable, match="certificate"):
        pull(feed.url)
    assert feed.seen == []


def test_login_of_the_users_netrc_is_not_sent(
    feed: Feed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ana password hunter2\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    feed.write(ONE)
    pull(feed.url)
    assert "Authorization" not in feed.seen[-1].headers


def test_server_that_wants_a_digest_gets_one(feed: Feed, proxy: Proxy, tmp_path: Path) -> None:
    driver = CalendarDriver(feed, proxy, tmp_path)
    proxy.wants_digest = True
    driver.reach(driver.connector())
    with pytest.raises(LoginError, match="refused the login of ana"):
        driver.reach(driver.connector_with_password("wrong"))


def test_proxy_of_the_environment_is_used(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    feed.write(ONE)
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", feed.origin)
    feed.path = f"http://calendar.example/{SECRET}.ics"
    monkeypatch.setattr("niquests.utils.getproxies", getproxies)  # the library's looks but once
    (page,) = pull(feed.path, insecure=True)
    assert len(page.items) == 1


def test_password_is_asked_for_once(feed: Feed, proxy: Proxy) -> None:
    asked: list[str] = []

    def secret() -> str:
        asked.append("asked")
        return PASSWORD

    feed.write(ONE)
    proxy.wants_digest = True
    feed.redirects["/old.ics"] = (302, feed.path)
    options = IcalOptions(url=f"{proxy.url}/old.ics", username=USER)
    handed = replace(access(Path("/nowhere")), secret=secret)
    connector = IcalFile(options, handed, PATIENCE)
    connector.probe()
    connector.probe()
    assert asked == ["asked"]


# --- what takes nothing away ------------------------------------------------------------------


def lead(feed: Feed, status: int, location: str) -> None:
    feed.redirects[feed.path] = (status, location)


def refused(feed: Feed, kind: type[KithbookError] = SourceError, **options: Any) -> KithbookError:
    """The error of a pull, after seeing that neither it nor what `--debug` prints has the path."""
    with pytest.raises(kind) as caught:
        pull(feed.url, **options)
    said = "".join(traceback.format_exception(caught.value))
    assert SECRET not in said + caught.value.hint
    assert "127.0.0.1" in str(caught.value)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "an empty answer"),
        (b"\r\n \r\n", "an empty answer"),
        (b"<!DOCTYPE html><title>Log in</title>", "a web page .* perhaps to log in"),
        (b"\xef\xbb\xbf\n<html>\nBEGIN:VCALENDAR\nEND:VCALENDAR\n</html>", "a web page"),
        (b'{"error": "not_found"}', "something else than a calendar"),
        (b"DESCRIPTION:x\r\n BEGIN:VCALENDAR\r\n END:VCALENDAR\r\n", "something else"),
        (card("a", "Ana Lima"), "what a source of type vcard reads"),
        (ONE.removesuffix(b"END:VCALENDAR\r\n"), "breaks off: END:VCALENDAR is missing"),
        (TWO[:-60], "breaks off"),
        (ONE.decode().encode("utf-16")[:-20], "breaks off"),
        (ONE + b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "breaks off"),
    ],
)
def test_answer_that_is_no_whole_calendar_is_an_error(feed: Feed, body: bytes, said: str) -> None:
    feed.write(body)
    error = refused(feed)
    assert "Nothing was changed" in str(error)
    with pytest.raises(SourceError, match=said):
        pull(feed.url)


def test_calendar_where_cards_are_meant_is_told_with_the_right_type(feed: Feed) -> None:
    feed.write(ONE)
    with pytest.raises(SourceError, match="type ical") as caught:
        pull_cards(feed.url)
    assert caught.value.hint == 'Write type = "ical" into [source.test].'


def test_book_that_ends_within_a_card_is_an_error(feed: Feed) -> None:
    cut = card("a", "Ana") + card("b", "Rui")[:-12]
    feed.write(cut)
    with pytest.raises(SourceError, match="END:VCARD is missing"):
        pull_cards(feed.url)


@pytest.mark.parametrize(
    "body",
    [
        ONE.replace(b"\r\n", b"\n"),
        ONE.replace(b"\r\n", b"\r"),
        b"\xef\xbb\xbf" + ONE,
        ONE.decode().encode("utf-16"),
        ONE.decode().encode("utf-16-be"),
        b"\r\n\r\n" + ONE + b"\r\n\x1a",
        ONE.lower().replace(b"uid:a", b"UID:a"),
        ONE + ONE.replace(b"UID:a", b"UID:b"),
    ],
    ids=["lf", "cr", "bom", "utf-16", "utf-16-be", "blank lines", "lower case", "two calendars"],
)
def test_calendar_in_any_dress_is_one(feed: Feed, body: bytes) -> None:
    feed.kind = "text/html"  # as many servers say
    feed.write(body)
    (page,) = pull(feed.url)
    assert page.items[0].uid == "a"
    assert page.complete


def test_calendar_without_events_is_whole(feed: Feed) -> None:
    feed.write(calendar())
    (page,) = pull(feed.url)
    assert page.complete
    assert page.items == []


def test_marks_across_the_pieces_in_which_it_is_looked_at_are_seen(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed.write(TWO)
    for size in range(1, 40):
        monkeypatch.setattr("connectors.web.subscription._CHUNK", size)
        (page,) = pull(feed.url)
        assert len(page.items) == 2


def test_calendar_of_undeclared_length_is_whole_by_its_end(feed: Feed) -> None:
    feed.framing = "close"
    feed.write(TWO)
    (page,) = pull(feed.url)
    assert page.complete


def test_book_of_undeclared_length_may_be_longer_and_takes_nothing_away(feed: Feed) -> None:
    feed.framing = "close"
    feed.write(card("a", "Ana"))
    (page,) = pull_cards(feed.url)
    assert len(page.items) == 1
    assert not page.complete
    assert page.cursor


def test_book_in_chunks_is_whole_with_the_last_of_them(feed: Feed) -> None:
    feed.framing = "chunked"
    feed.write(card("a", "Ana") + card("b", "Rui"))
    (page,) = pull_cards(feed.url)
    assert len(page.items) == 2
    assert page.complete
    feed.framing = "cut"
    with pytest.raises(SourceUnreachable, match="no answer from"):
        pull_cards(feed.url)


def test_not_modified_that_nobody_asked_about_is_an_error(feed: Feed) -> None:
    feed.write(ONE)
    feed.status = 304
    assert "answered 304" in str(refused(feed))


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (204, SourceError, "answered 204"),
        (206, SourceError, "answered 206"),
        (400, SourceError, "answered 400"),
        (401, LoginError, "does not let everybody read this address"),
        (403, LoginError, "does not let everybody read this address"),
        (404, SourceError, "nothing at this address any more"),
        (410, SourceError, "nothing at this address any more"),
        (500, SourceError, "answered 500"),
    ],
)
def test_status_is_told(feed: Feed, status: int, kind: type[KithbookError], said: str) -> None:
    feed.status = status
    error = refused(feed, kind)
    assert said in str(error)
    assert "What was read before stays" in str(error)


def test_calendar_that_vanishes_leaves_what_was_read(feed: Feed) -> None:
    mirror = Mirror()
    feed.write(TWO)
    connector = source(feed.url)
    (collection,) = connector.collections()
    mirror.pull(connector, collection)
    for body, status in ((ONE, 404), (b"<html>", 200), (b"", 200), (TWO[:-30], 200)):
        feed.status = status
        feed.write(body)
        with pytest.raises(SourceError):
            mirror.pull(source(feed.url), collection)
    assert mirror.uids() == {"a", "b"}


def test_answer_without_end_is_cut(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "BYTES_AT_MOST", 1 << 20)
    feed.write(b"X" * 65536)
    feed.pieces, feed.framing = 1_000_000, "close"
    assert "larger than 1 MB" in str(refused(feed, AnswerTooLarge))


def test_little_that_unpacks_to_much_is_cut(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "BYTES_AT_MOST", 1 << 20)
    feed.has_gzip = True
    feed.write(bytes(8 << 20))
    assert "larger than 1 MB" in str(refused(feed, AnswerTooLarge))


def test_answer_that_takes_for_ever_is_given_up(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "SECONDS_AT_MOST", 0.0)
    feed.write(ONE)
    assert "for one answer" in str(refused(feed, SourceUnreachable))


def test_head_that_comes_a_letter_at_a_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each letter is an answer within the socket's timeout."""
    monkeypatch.setattr(download, "SECONDS_AT_MOST", 0.5)
    listening = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()

    def drip() -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while not stopped.wait(0.1):
                connection.sendall(b"x")

    dripping = threading.Thread(target=drip, daemon=True)
    dripping.start()
    patience = Patience(connect_seconds=0.5, timeout_seconds=0.5, tries=1)
    options = IcalOptions(url=f"http://127.0.0.1:{listening.getsockname()[1]}/{SECRET}")
    connector = IcalFile(options, access(Path("/nowhere")), patience)
    with listening, pytest.raises(SourceUnreachable, match="it took too long"):
        connector.probe()
    stopped.set()
    dripping.join(timeout=5)


def test_trouble_with_the_network_does_not_tell_the_address(feed: Feed, proxy: Proxy) -> None:
    proxy.credentials = None
    proxy.fault = Fault(cut_after_bytes=3)
    feed.write(ONE)
    for url in (f"http://127.0.0.1:{free_port()}{feed.path}", proxy.url + feed.path):
        with pytest.raises(SourceUnreachable, match="no answer from 127") as caught:
            pull(url)
        said = "".join(traceback.format_exception(caught.value))
        assert SECRET not in said + caught.value.hint


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (gzip.compress(TWO)[:-9], "breaks off"),
        (gzip.compress(TWO)[:20], "breaks off"),
        (b"BEGIN:VCALENDAR", "cannot be unpacked"),
        (gzip.compress(TWO) + b"more", "cannot be unpacked"),
    ],
    ids=["without its end", "almost nothing", "not packed", "with more behind"],
)
def test_packed_answer_that_is_not_whole_is_no_answer(
    feed: Feed, proxy: Proxy, body: bytes, said: str
) -> None:
    """The library takes the first two for whole."""
    proxy.credentials = None
    proxy.answer_instead["GET"] = (200, {"Content-Encoding": "gzip"}, body)
    with pytest.raises(SourceUnreachable, match=said):
        pull(proxy.url + feed.path)
    assert proxy.count() == 2


def test_packed_answer_in_two_parts_is_one(feed: Feed, proxy: Proxy) -> None:
    proxy.credentials = None
    body = gzip.compress(TWO[:100]) + gzip.compress(TWO[100:])
    proxy.answer_instead["GET"] = (200, {"Content-Encoding": "gzip"}, body)
    (page,) = pull(proxy.url + feed.path)
    assert len(page.items) == 2


def test_packing_that_was_not_asked_for_is_told(feed: Feed, proxy: Proxy) -> None:
    proxy.credentials = None
    proxy.answer_instead["GET"] = (200, {"Content-Encoding": "br"}, b"x")
    with pytest.raises(SourceError, match="compressed with 'br'"):
        pull(proxy.url + feed.path)


# --- redirects --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_on_the_host_is_followed(feed: Feed, status: int) -> None:
    feed.write(ONE)
    feed.redirects["/old.ics"] = (status, feed.path)
    (page,) = pull(f"{feed.origin}/old.ics")
    assert len(page.items) == 1


def test_cookie_of_a_redirect_is_not_sent_back(feed: Feed) -> None:
    feed.write(ONE)
    feed.cookie = "who=ana; Path=/"
    feed.redirects["/old.ics"] = (302, feed.path)
    pull(f"{feed.origin}/old.ics")
    assert [(one.path, one.headers.get("Cookie")) for one in feed.seen] == [
        ("/old.ics", None),
        (feed.path, None),
    ]


def test_redirect_to_another_host_is_followed_without_the_login(
    feed: Feed, proxy: Proxy, tmp_path: Path, trusted: Path
) -> None:
    driver = CalendarDriver(feed, proxy, tmp_path)
    with run_feed(trusted) as other:
        other.write(ONE)
        lead(feed, 302, f"https://localhost:{other.port}{other.path}")
        driver.reach(driver.connector())
        assert [one.headers.get("Authorization") for one in other.seen] == [None]
        assert proxy.seen[0].headers["Authorization"].startswith("Basic ")


def test_redirect_to_http_elsewhere_is_not_followed(feed: Feed) -> None:
    with run_feed() as other:
        lead(feed, 302, other.url)
        error = refused(feed)
        assert f"redirects to http://127.0.0.1:{other.port}, which is not followed" in str(error)
        assert other.seen == []


def test_redirect_from_https_to_http_is_not_followed(trusted: Path, feed: Feed) -> None:
    with run_feed(trusted) as secure:
        lead(secure, 301, feed.url)
        assert "is not followed" in str(refused(secure, insecure=True))
    assert feed.seen == []


@pytest.mark.parametrize(
    "location", ["", "ftp://example.org/a", "file:///etc", "https://", "http://["]
)
def test_redirect_to_nowhere_is_not_followed(feed: Feed, location: str) -> None:
    lead(feed, 302, location)
    assert "is not followed" in str(refused(feed))


def test_body_of_a_redirect_is_not_read(feed: Feed) -> None:
    feed.redirects["/old.ics"] = (302, "/nothing")
    feed.write(b"X" * 65536)
    feed.pieces, feed.framing = 1_000_000, "close"
    with pytest.raises(SourceError, match="nothing at this address"):
        pull(f"{feed.origin}/old.ics")


def test_host_that_was_not_told_the_login_did_not_refuse_it(
    feed: Feed, proxy: Proxy, tmp_path: Path, trusted: Path
) -> None:
    driver = CalendarDriver(feed, proxy, tmp_path)
    with run_feed(trusted) as other:
        other.status = 403
        lead(feed, 302, f"https://localhost:{other.port}{other.path}")
        with pytest.raises(LoginError, match="does not let everybody read"):
            driver.reach(driver.connector())


def test_redirects_in_a_ring_end(feed: Feed) -> None:
    lead(feed, 302, feed.path)
    assert "redirects more than 5 times" in str(refused(feed))
    assert len(feed.seen) == 6


# --- the section in the config ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "path is missing"),
        ({"path": "a", "url": "https://h/x"}, "path and url are both there"),
        ({"url": "https://h/x", "url_env": "X"}, "url and url_env are both there"),
        ({"path": "https://h/3f9c1d7e"}, "path is a web address"),
        ({"path": "a", "username": "ana"}, "username goes with a url"),
        ({"path": "a", "insecure": True}, "insecure goes with a url"),
        ({"url": "https://h/x", "password_env": "X"}, "username is missing"),
        ({"url": "h/3f9c1d7e"}, "not a web address"),
        ({"url": "ftp://h/3f9c1d7e"}, "not a web address"),
        ({"url": "https://h:port/3f9c1d7e"}, "not a web address"),
        ({"url": "https://[/3f9c1d7e"}, "not a web address"),
        ({"url": "https:///3f9c1d7e"}, "not a web address"),
        ({"url": "https://ana:3f9c1d7e@h/x"}, "has a login in it"),
        ({"url": "https://3f9c1d7e@h/x"}, "has a login in it"),
        ({"url": "http://h/3f9c1d7e"}, "http://h would travel unencrypted"),
    ],
)
@pytest.mark.parametrize("kind", [IcalFile, VcardFile])
def test_section_that_cannot_be_meant_is_told(
    kind: type[IcalFile | VcardFile], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        kind(kind.Options(**options), access(Path("/nowhere")))
    assert "source.test" in str(caught.value)
    assert caught.value.hint
    assert SECRET not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/3f9c1d7e?token=x", "example.org"),
        ("https://ana:3f9c1d7e@example.org:8443/", "example.org:8443"),
        ("https://[::1]:8443/3f9c1d7e", "[::1]:8443"),
    ],
)
def test_of_an_address_only_host_and_port_are_shown(url: str, shown: str) -> None:
    assert urls.host_of(url) == shown


def test_calendars_are_not_chosen_at_an_address() -> None:
    with pytest.raises(ConfigError, match="calendars goes with a path"):
        source("https://example.org/a.ics", calendars=("Work",))


def test_address_is_no_place_for_tasks(feed: Feed) -> None:
    with pytest.raises(SourceError, match="a web address is only read; tasks need a folder"):
        source(feed.url).task_list("Follow-ups", "task")
    assert feed.seen == []


def test_probe_tells_what_a_pull_would(feed: Feed) -> None:
    feed.write(ONE)
    source(feed.url).probe()
    feed.write(b"<html>")
    with pytest.raises(SourceError, match="a web page"):
        source(feed.url).probe()


# --- through the whole of it ------------------------------------------------------------------


class Book:
    """A config with a calendar at a secret address, and commands as they are typed."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capture = capture

    def configure(self, section: str, more: str = "") -> None:
        owner = '[owner.me]\nemails = ["me@example.org"]\ntime_zone = "Europe/Lisbon"\n'
        (self.folder / "config.toml").write_text(
            f'data = "data"\n{owner}[source.team]\ntype = "ical"\n{section}\n{more}'
        )

    def kithbook(self, *arguments: str) -> Said:
        """Type a command; what it prints has nothing of the address but the host."""
        self.capture.readouterr()
        code = cli.run(["--config", str(self.folder / "config.toml"), *arguments])
        printed = self.capture.readouterr()
        assert SECRET not in printed.out + printed.err
        return Said(code, printed.out, printed.err)

    def holds_secret(self) -> list[str]:
        """The files in the data folder with the secret path in them."""
        files = [path for path in (self.folder / "data").rglob("*") if path.is_file()]
        return [path.name for path in files if bytes_hold(path, SECRET)]


@pytest.fixture
def book(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Book:
    for name in ("KITHBOOK_CONFIG", "KITHBOOK_DATA"):
        monkeypatch.delenv(name, raising=False)
    return Book(tmp_path, capsys)


def test_secret_address_is_read_and_stands_nowhere(
    book: Book, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAM_CALENDAR", feed.url)
    book.configure('url_env = "TEAM_CALENDAR"')
    whole = calendar(*(event(f"e{number}", "Lunch") for number in range(30)))
    feed.write(whole)
    assert book.kithbook("sync").code == 0
    again = book.kithbook("sync")
    assert "Nothing changed." in again.out + again.err
    assert feed.answered == [200, 304]
    few, page = calendar(event("e1", "Lunch")), b"<html>"
    for body, said in ((few, "29 items of team are gone at once"), (page, "a web page")):
        feed.write(body)
        assert said in book.kithbook("sync").err
    assert "a web page" in book.kithbook("status").out
    (shown,) = json.loads(book.kithbook("status", "--json").out)["sources"]
    assert (shown["collection_name"], shown["items"]) == ("team", 30)
    assert book.holds_secret() == []


def test_doctor_tries_the_address(book: Book, feed: Feed) -> None:
    feed.write(ONE)
    address = json.dumps(["echo", feed.url])
    book.configure(f"url_command = {address}")
    assert "source team: answers: 1 collection with events" in book.kithbook("doctor").out
    feed.status = 404
    said = book.kithbook("doctor")
    assert said.code == 4
    assert "nothing at this address any more" in said.out


@pytest.mark.parametrize(
    ("section", "code", "said"),
    [
        ('url_env = "NOT_SET_ANYWHERE"', 3, "NOT_SET_ANYWHERE is not set"),
        ('url_command = ["false"]', 3, "url_command false ended with 1"),
        (f'url_command = ["echo", "{SECRET}"]', 2, "the url is not a web address"),
        (f'url = "{SECRET}"', 2, "the url is not a web address"),
        (f'url = ["https://example.org/{SECRET}"]', 2, "url is a text in quotes, not a list"),
    ],
)
def test_address_that_cannot_be_had_is_told(book: Book, section: str, code: int, said: str) -> None:
    book.configure(section)
    found = book.kithbook("pull")
    assert found.code == code
    assert said in found.err


def test_address_as_the_place_of_tasks_is_refused_before_anything_is_asked(
    book: Book, feed: Feed
) -> None:
    book.configure(f'url = "{feed.url}"', '[tasks]\nsource = "team"\n')
    found = book.kithbook("sync")
    assert found.code == 2
    assert "is a web address, which is only read" in found.err
    assert feed.seen == []


def test_import_of_an_address_says_what_to_do_instead(book: Book, feed: Feed) -> None:
    book.configure(f'url = "{feed.url}"')
    found = book.kithbook("import", feed.url)
    assert found.code == 2
    assert 'url = "https://…"' in found.err
    assert feed.seen == []
    assert not (book.folder / "data").exists()
