"""WebDAV's XML, the rules of the road, and servers that answer in ways of their own.

Where a server is needed it is Radicale; what other servers do differently is played by the proxy.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from connectors import urls
from connectors.dav import multistatus
from connectors.dav.body_readers import glance
from connectors.dav.client import DavPatience
from connectors.dav.options import CalDavOptions
from connectors.dav.server_quirks import ways_of
from connectors.dav.source import CalDav
from connectors.errors import ConfigError, CursorExpired, LoginError, SourceError, SourceUnreachable
from connectors.retry_after_and_date import retry_after, seconds_to_wait
from tests.contract.connector_contract import PASSWORD, SEED, Mirror, access
from tests.support.dav_drivers import DELETED, PATIENCE, CalendarDriver, event
from tests.support.dav_servers import USER, DavServer, run_xandikos
from tests.support.failing_proxy import Proxy, run_proxy
from tests.support.faulty_dav_server import run_bendable

XML_HEAD = b'<multistatus xmlns="DAV:">'
XML = {"Content-Type": "application/xml"}


@pytest.fixture
def server(radicale: DavServer) -> DavServer:
    return radicale


@pytest.fixture
def driver(server: DavServer, proxy: Proxy, tmp_path: Path) -> Iterator[CalendarDriver]:
    driver = CalendarDriver(server, proxy, tmp_path)
    yield driver
    driver.close()


def pull(driver: CalendarDriver, mirror: Mirror, *, afresh: bool = False) -> None:
    connector = driver.connector()
    mirror.pull(connector, driver.collection(connector), afresh=afresh)


@pytest.fixture
def mirror(driver: CalendarDriver) -> Mirror:
    """After the first pull and the first change, with which the first token comes."""
    mirror = Mirror()
    pull(driver, mirror)
    driver.edit("seed-7", "Edited First")
    pull(driver, mirror)
    return mirror


def account(url: str, *, insecure: bool = False, patience: DavPatience = PATIENCE) -> CalDav:
    options = CalDavOptions(url, USER, insecure=insecure)
    return CalDav(options, access(Path("/nowhere")), patience)


# --- XML ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "canonical"),
    [
        ("/a/b%40c.ics", "/a/b@c.ics"),
        ("/a/b@c.ics", "/a/b@c.ics"),
        ("/a/b+c.ics", "/a/b%2Bc.ics"),
        ("/a/b%2bc.ics", "/a/b%2Bc.ics"),
        ("/a/b%2Fc.ics", "/a/b%2Fc.ics"),
        ("https://dav.example.org:443/a/ü.ics", "/a/%C3%BC.ics"),
        ("/a/100%25.ics", "/a/100%25.ics"),
    ],
)
def test_hrefs_have_one_spelling(sent: str, canonical: str) -> None:
    assert multistatus.canonical(sent) == canonical
    assert multistatus.canonical(canonical) == canonical


def test_weak_etags_are_the_strong_ones() -> None:
    body = XML_HEAD + (
        b"<response><href>/a</href><propstat><prop><getetag>W/&quot;1&quot;</getetag></prop>"
        b"<status>HTTP/1.1 200 OK</status></propstat></response></multistatus>"
    )
    (response,) = multistatus.read(body).responses
    assert response.etag == '"1"'


def test_properties_that_are_not_there_are_absent() -> None:
    body = XML_HEAD + (
        b"<response><href>/a</href>"
        b"<propstat><prop><getetag/></prop><status>HTTP/1.1 404 Not Found</status></propstat>"
        b"</response><response><href>/b</href><status>HTTP/1.1 404 Not Found</status></response>"
        b"<sync-token>t1</sync-token></multistatus>"
    )
    answer = multistatus.read(body)
    assert [one.status for one in answer.responses] == [200, 404]
    assert [one.etag for one in answer.responses] == [None, None]
    assert answer.sync_token == "t1"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body><p>Hello",
        b"<html/>",
        (
            b'<!DOCTYPE x [<!ENTITY a "b">]><multistatus xmlns="DAV:"><response><href>&a;</href>'
            b"</response></multistatus>"
        ),
        (
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><multistatus xmlns="DAV:">'
            b"<response><href>&a;</href></response></multistatus>"
        ),
        (
            b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
            b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>'
            b'<multistatus xmlns="DAV:"><sync-token>&d;&d;&d;&d;</sync-token></multistatus>'
        ),
        XML_HEAD + b"<response><href>/a</href>&#55356;</response></multistatus>",
    ],
    ids=["empty", "html", "xhtml", "entity", "external", "laughs", "surrogate"],
)
def test_what_is_not_a_plain_multistatus_is_refused(body: bytes) -> None:
    with pytest.raises(multistatus.XmlRefused):
        multistatus.read(body)


def test_names_of_lists_cannot_break_out_of_our_requests() -> None:
    body = multistatus.mkcalendar("</displayname><evil/>&", "VTODO")
    assert b"<evil/>" not in body
    assert b"&lt;evil/&gt;&amp;" in body


# --- which URLs, how long, why ----------------------------------------------------------------


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://[::1]:1/", "http://localhost/"])
def test_loopback_needs_no_https(url: str) -> None:
    urls.check_url("home", url, insecure=False)


@pytest.mark.parametrize(
    "url", ["http://dav.example.org/", "http://192.168.1.5/", "http://127.0.0.1.example.org/"]
)
def test_http_elsewhere_must_be_allowed(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        account(url)
    assert "insecure = true" in caught.value.hint
    account(url, insecure=True)


@pytest.mark.parametrize("url", ["dav.example.org", "ftp://dav.example.org/", "https://", ""])
def test_what_is_no_web_address_is_said_so(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        account(url)
    assert "source.test" in str(caught.value)


def test_password_in_the_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(ConfigError) as caught:
        account("https://ana:hunter2@dav.example.org/")
    assert "hunter2" not in f"{caught.value} {caught.value.hint}"


def test_retry_after_may_be_a_date() -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert 25 < seconds_to_wait({"Retry-After": when}, 1.0) <= 30
    assert seconds_to_wait({"retry-after": "7"}, 1.0) == 7
    assert seconds_to_wait({"retry-after": "soon"}, 1.5) == 1.5
    assert seconds_to_wait({"retry-after": "\u00b9"}, 1.5) == 1.5
    assert seconds_to_wait({}, 2.0) == 2.0


def test_connection_closed_between_requests_is_opened_again(
    driver: CalendarDriver, proxy: Proxy
) -> None:
    connector = driver.connector()
    collection = driver.collection(connector)
    proxy.drops = 1
    (*pages, last) = connector.pull(collection, None, {})
    assert sum(len(page.items) for page in pages) == len(SEED)
    assert last.complete


def test_connection_closed_each_time_is_unreachable(driver: CalendarDriver, proxy: Proxy) -> None:
    proxy.drops = 99
    with pytest.raises(SourceUnreachable):
        driver.connector().collections()
    assert len(proxy.seen) == 2


def test_redirect_on_the_same_host_is_followed(driver: CalendarDriver, proxy: Proxy) -> None:
    proxy.answer_instead["/moved"] = (301, {"Location": "/"}, b"")
    options = driver.options(f"{proxy.url}/moved")
    (collection,) = CalDav(options, access(driver.folder), PATIENCE).collections()
    assert collection.href == driver.path


def test_redirect_to_another_host_gets_no_password(driver: CalendarDriver, proxy: Proxy) -> None:
    with run_proxy(driver.server.address) as other:
        proxy.answer_instead["PROPFIND"] = (302, {"Location": f"{other.url}/"}, b"")
        with pytest.raises(SourceError) as caught:
            driver.connector().collections()
        assert other.seen == []
    assert f"127.0.0.1:{other.port}" in str(caught.value)
    assert f'hosts = ["127.0.0.1:{other.port}"]' in caught.value.hint


def test_home_on_another_host_gets_no_password(driver: CalendarDriver, proxy: Proxy) -> None:
    with run_proxy(driver.server.address) as other:
        home = f"<href>{other.url}/ana/</href>".encode()
        proxy.rewrite_answers.append((re.compile(rb"<href>/ana/</href>"), home))
        with pytest.raises(SourceError) as caught:
            driver.connector().collections()
        assert other.seen == []
    assert "was not sent there" in str(caught.value)


def test_redirects_in_a_circle_end(driver: CalendarDriver, proxy: Proxy) -> None:
    proxy.answer_instead["PROPFIND"] = (302, {"Location": "/"}, b"")
    with pytest.raises(SourceError):
        driver.connector().collections()
    assert len(proxy.seen) < 30


def test_login_is_sent_with_the_first_request(driver: CalendarDriver, proxy: Proxy) -> None:
    driver.connector().collections()
    assert all("Authorization" in one.headers for one in proxy.seen)


def test_password_may_hold_any_character(driver: CalendarDriver, proxy: Proxy) -> None:
    with run_proxy(driver.server.address, (USER, "pä§s: 山✓")) as strict:
        options = driver.options(strict.url)
        strict.headers_to_drop.add("authorization")
        with pytest.raises(LoginError, match="refused"):  # the proxy lets it in, Radicale does not
            CalDav(options, access(driver.folder, "pä§s: 山✓"), PATIENCE).collections()
        assert strict.count() == 1


def test_server_that_wants_a_digest_gets_one(xandikos: DavServer, tmp_path: Path) -> None:
    """As Baikal does when it is new."""
    with run_proxy(xandikos.address, (USER, PASSWORD)) as strict:
        strict.wants_digest = True
        connector = CalDav(CalDavOptions(strict.url, USER), access(tmp_path), PATIENCE)
        connector.collections()
        connector.collections()
        tries = [one.headers.get("Authorization", "")[:6] for one in strict.seen]
        assert tries.count("Basic ") == 1
        wrong = access(tmp_path, "wrong")
        with pytest.raises(LoginError):
            CalDav(CalDavOptions(strict.url, USER), wrong, PATIENCE).collections()


def test_self_made_certificate_is_refused_and_said_so(tmp_path: Path) -> None:
    refusing = pytest.raises(SourceUnreachable, match="certificate")
    with run_xandikos(tmp_path, https=True) as server, refusing as caught:
        account(f"https://127.0.0.1:{server.port}/").collections()
    assert 'ca_file = "server.pem" into [source.test]' in caught.value.hint


def test_host_that_is_not_there_is_said_so() -> None:
    with pytest.raises(SourceUnreachable, match="no host of that name") as caught:
        account("https://nonexistent.invalid/").collections()
    assert "kithbook pull --source test" in caught.value.hint


# --- finding the account --------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", f"/{USER}/", f"/{USER}", "/.well-known/caldav"])
def test_account_is_found_from(driver: CalendarDriver, proxy: Proxy, path: str) -> None:
    options = driver.options(proxy.url + path)
    (collection,) = CalDav(options, access(driver.folder), PATIENCE).collections()
    assert (collection.href, collection.name) == (driver.path, driver.name)
    assert proxy.count() <= 5


def test_account_is_found_from_a_calendar_in_it(driver: CalendarDriver, proxy: Proxy) -> None:
    options = driver.options(proxy.url + driver.path)
    (collection,) = CalDav(options, access(driver.folder), PATIENCE).collections()
    assert collection.href == driver.path


@pytest.mark.parametrize("status", [403, 404, 405])
def test_well_known_address_helps_where_the_url_does_not(
    driver: CalendarDriver, proxy: Proxy, status: int
) -> None:
    proxy.answer_instead["/start"] = (status, {}, b"")
    options = driver.options(f"{proxy.url}/start")
    (collection,) = CalDav(options, access(driver.folder), PATIENCE).collections()
    assert collection.href == driver.path


def test_a_web_page_is_not_an_account(driver: CalendarDriver, proxy: Proxy) -> None:
    proxy.answer_instead["PROPFIND"] = (200, {"Content-Type": "text/html"}, b"<html>Hello</html>")
    with pytest.raises(SourceError) as caught:
        driver.connector().collections()
    assert "url of [source.test]" in caught.value.hint


def test_calendar_without_a_principal_is_an_account_of_its_own(
    driver: CalendarDriver, proxy: Proxy
) -> None:
    nobody = re.compile(rb"<current-user-principal>.*?</current-user-principal>", re.DOTALL)
    proxy.rewrite_answers.append((nobody, b""))
    homes = re.compile(rb"<C:calendar-home-set>.*?</C:calendar-home-set>", re.DOTALL)
    proxy.rewrite_answers.append((homes, b""))
    (collection,) = account(proxy.url + driver.path).collections()
    assert collection.href == driver.path


def test_unknown_calendar_name_lists_those_that_are_there(
    driver: CalendarDriver, proxy: Proxy
) -> None:
    options = CalDavOptions(proxy.url, USER, calendars=("Nonesuch",))
    with pytest.raises(SourceError) as caught:
        CalDav(options, access(driver.folder), PATIENCE).collections()
    assert "Nonesuch" in str(caught.value)
    assert driver.name in str(caught.value)


def test_somebody_elses_calendar_is_shared(driver: CalendarDriver, proxy: Proxy) -> None:
    connector = driver.connector()
    assert not driver.collection(connector).is_shared
    owner = re.compile(rb"<owner><href>/ana/</href></owner>")
    proxy.rewrite_answers.append((owner, b"<owner><href>/rui/</href></owner>"))
    assert driver.collection(driver.connector()).is_shared


def test_calendar_to_which_somebody_is_invited_is_shared(
    driver: CalendarDriver, proxy: Proxy
) -> None:
    name = f"<displayname>{driver.name}</displayname>".encode()
    invite = (
        b'<S:invite xmlns:S="http://calendarserver.org/ns/"><S:user>'
        b"<href>mailto:rui@example.org</href></S:user></S:invite>"
    )
    proxy.rewrite_answers.append((re.compile(name), name + invite))
    assert driver.collection(driver.connector()).is_shared


def test_own_list_that_sabre_marks_shared_owner_is_not_shared(tmp_path: Path) -> None:
    with run_bendable() as server:
        server.make_calendar("Follow-ups", "VTODO", "VEVENT")
        server.bend("shared_owner")
        connector = CalDav(CalDavOptions(server.url, USER), access(tmp_path), PATIENCE)
        assert [one.is_shared for one in connector.collections()] == [False]


@pytest.mark.parametrize(
    ("url", "headers", "name"),
    [
        ("https://h/SOGo/dav/ana/", {}, "SOGo"),
        ("https://h/caldav.php/ana/", {}, "DAViCal"),
        ("https://h/x/", {"x-davical-version": "DAViCal/1.1.12"}, "DAViCal"),
        ("https://h/dav/", {"Server": "Cyrus-HTTP/3.6.1 Cyrus-SASL/2.1.28"}, "Cyrus"),
        ("https://h/remote.php/dav/", {"X-Sabre-Version": "4.7"}, "Nextcloud or ownCloud"),
        ("https://h/baikal/html/dav.php/cal/", {}, "sabre/dav"),
        ("https://h/x/", {"X-Sabre-Version": "4.7.0"}, "sabre/dav"),
        ("https://SOGo.example/dav/", {"Server": "nginx"}, None),
    ],
)
def test_servers_are_known_by_their_address_or_headers(
    url: str, headers: dict[str, str], name: str | None
) -> None:
    found = ways_of(url, headers)
    assert {one.partition(": ")[0] for one in found} == ({name} if name else set())


def test_ways_of_a_server_are_those_of_the_last_answer(
    driver: CalendarDriver, proxy: Proxy
) -> None:
    connector = driver.connector()
    connector.collections()
    assert connector.ways() == []
    proxy.headers_to_add["X-Sabre-Version"] = "4.7.0"
    connector.collections()
    assert any("only what others see" in one for one in connector.ways())


def test_calendar_without_the_right_to_write_is_read_only(
    driver: CalendarDriver, proxy: Proxy
) -> None:
    assert not driver.collection(driver.connector()).is_read_only
    writing = re.compile(rb"<privilege><(all|write|write-properties|write-content) ?/></privilege>")
    proxy.rewrite_answers.append((writing, b""))
    assert driver.collection(driver.connector()).is_read_only


# --- tokens that lie --------------------------------------------------------------------------


def test_delta_without_anything_while_the_ctag_moved_is_not_believed(
    driver: CalendarDriver, proxy: Proxy, mirror: Mirror
) -> None:
    """As sabre and SOGo answer when a collection was made anew."""
    proxy.rewrite_answers.append((DELETED, b""))
    driver.delete("seed-2")
    pull(driver, mirror)
    assert mirror.uids() == set(SEED) - {"seed-2"}
    assert mirror.received() == []


@pytest.mark.parametrize("status", [400, 403, 409, 412, 418])
def test_refused_token_expires_the_cursor(
    driver: CalendarDriver, proxy: Proxy, mirror: Mirror, status: int
) -> None:
    driver.delete("seed-2")
    proxy.answer_instead["REPORT"] = (status, {}, b"")
    with pytest.raises(CursorExpired):
        pull(driver, mirror)


@pytest.mark.parametrize(
    ("asked", "instead"),
    [
        (rb"(?s)<sync-collection.*</sync-collection>", b'<unheard-of xmlns="DAV:"/>'),
        (rb"<sync-token></sync-token>", b"<sync-token>refused with 403</sync-token>"),
    ],
    ids=["207 with nothing", "403"],
)
def test_server_without_sync_collection_is_listed_by_etags(
    driver: CalendarDriver, proxy: Proxy, asked: bytes, instead: bytes
) -> None:
    proxy.rewrite_requests.append((re.compile(asked), instead))
    mirror = Mirror()
    pull(driver, mirror)
    assert mirror.uids() == set(SEED)
    driver.delete("seed-2")
    driver.edit("seed-3", "Edited Twice")
    pull(driver, mirror)
    assert mirror.uids() == set(SEED) - {"seed-2"}
    assert {item.uid for item in mirror.received()} == {"seed-3"}
    pull(driver, mirror)
    assert mirror.received() == []
    assert mirror.uids() == set(SEED) - {"seed-2"}


def test_truncated_delta_is_asked_for_to_the_end(
    driver: CalendarDriver, proxy: Proxy, mirror: Mirror
) -> None:
    """507 for the collection itself means that there is more (RFC 6578 section 3.6)."""
    driver.edit("seed-3", "Edited Twice")
    first = (
        XML_HEAD.decode()
        + f"<response><href>{driver.path}seed-1.ics</href><propstat><prop>"
        + "<getetag>&quot;new&quot;</getetag></prop><status>HTTP/1.1 200 OK</status></propstat>"
        + f"</response><response><href>{driver.path}</href>"
        + "<status>HTTP/1.1 507 Insufficient Storage</status></response>"
        + "<sync-token>next</sync-token></multistatus>"
    )
    assert mirror.cursor is not None
    (token,) = re.findall(r"http://radicale.org/ns/sync/\w+", mirror.cursor)
    next_token = re.compile(rb"<sync-token>next</sync-token>")
    proxy.rewrite_requests.append((next_token, f"<sync-token>{token}</sync-token>".encode()))
    answers = iter([first.encode()])
    whole = re.compile(rb"(?s)<\?xml.*<sync-token>.*</multistatus>")
    proxy.rewrite_answers.append((whole, lambda match: next(answers, match[0])))
    pull(driver, mirror)
    assert {item.uid for item in mirror.received()} == {"seed-1", "seed-3"}


def test_cursor_is_not_moved_by_a_pull_that_nobody_finished(
    driver: CalendarDriver, mirror: Mirror
) -> None:
    driver.edit("seed-3", "Edited Twice")
    connector = driver.connector()
    pages = connector.pull(driver.collection(connector), mirror.cursor, mirror.known)
    assert next(pages).cursor is None
    pull(driver, mirror)
    assert {item.uid for item in mirror.received()} == {"seed-3"}


# --- bodies that do not come as they should -----------------------------------------------------


def test_item_that_vanished_between_listing_and_fetching_is_left_out(
    driver: CalendarDriver, proxy: Proxy
) -> None:
    ghost = f"<href>{driver.path}ghost.ics</href>".encode()
    proxy.rewrite_answers.append(
        (re.compile(rb"<href>[^<]*seed-4.ics</href>(?=<propstat><prop><getetag>)"), ghost)
    )
    mirror = Mirror()
    pull(driver, mirror)
    assert mirror.uids() == set(SEED) - {"seed-4"}
    assert mirror.rejected() == []


def test_whole_report_answered_404_for_one_missing_item(
    driver: CalendarDriver, proxy: Proxy
) -> None:
    """As sabre 1.8 does: the rest is found by halving, and the one is asked for by itself."""
    asked = re.compile(rb"(?s).*calendar-multiget.*seed-4\.ics.*")
    proxy.rewrite_requests.append((asked, b"NOT FOUND"))
    refused = re.compile(rb"Bad Request")
    proxy.rewrite_answers.append((refused, b"gone"))
    proxy.status_instead[400] = 404
    mirror = Mirror()
    pull(driver, mirror)
    assert mirror.uids() == set(SEED)


def test_illegal_xml_in_one_item_is_fetched_alone(driver: CalendarDriver, proxy: Proxy) -> None:
    """As SOGo writes an emoji: a surrogate, which no XML may hold."""
    driver.edit("seed-4", "Cake EMOJI")
    xml_only = re.compile(rb"(?s)(<\?xml.*)EMOJI")
    proxy.rewrite_answers.append((xml_only, rb"\1&#55356;"))
    mirror = Mirror()
    pull(driver, mirror)
    assert mirror.uids() == set(SEED)
    titles = {driver.title(item) for item in mirror.received()}
    assert "Cake EMOJI" in titles


def test_item_above_the_bound_is_a_reject(
    driver: CalendarDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.dav.multiget.ITEM_BYTES_AT_MOST", 2**20)
    driver.server.put(f"{driver.path}huge.ics", event("huge", "x", f"COMMENT:{'x' * 2**20}\r\n"))
    mirror = Mirror()
    pull(driver, mirror)
    assert mirror.uids() == set(SEED)
    (reject,) = mirror.rejected()
    assert reject.reason == "larger than 1 MB"
    assert 0 < len(reject.content) <= 64 * 1024


def test_answer_above_the_bound_is_not_read(
    driver: CalendarDriver, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.dav.client.ANSWER_BYTES_AT_MOST", 1000)
    with pytest.raises(SourceError, match="larger than"):
        driver.connector().collections()
    assert PASSWORD.encode() not in proxy.seen[0].body


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (event("a", "x"), ("VEVENT", "a")),
        (b"BEGIN:VCALENDAR\nBEGIN:VTODO\nUID;X=1:long\n er\nEND:VTODO\n", ("VTODO", "longer")),
        (
            b"BEGIN:VEVENT\nBEGIN:VALARM\nUID:alarm\nEND:VALARM\nUID:event\\,1\nEND:VEVENT",
            ("VEVENT", "event,1"),
        ),
        (
            b"BEGIN:VTIMEZONE\nTZID:x\nEND:VTIMEZONE\nbegin:vevent\nuid:z\nend:vevent",
            ("VEVENT", "z"),
        ),
        (b"BEGIN:VEVENT\nSUMMARY:UID:no\nEND:VEVENT\nUID:outside", ("VEVENT", None)),
        (b"", (None, None)),
        (b"<html>", (None, None)),
    ],
)
def test_component_and_uid_at_a_glance(
    body: bytes, expected: tuple[str | None, str | None]
) -> None:
    assert glance(body) == expected


def test_request_for_properties_names_each_in_its_namespace() -> None:
    body = multistatus.propfind(["getetag", "C:calendar-data", "S:getctag"]).decode()
    assert "<getetag/><C:calendar-data/><S:getctag/>" in body
    assert 'xmlns:S="http://calendarserver.org/ns/"' in body


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30", 30.0),
        (" 30\x1c", 30.0),
        ("٣", 3.0),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 0.0),
        ("Mon, 01 Jan 2001 00:00:00", 0.0),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
        ("²", None),
        ("-1", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_or_nothing(text: str, seconds: float | None) -> None:
    assert retry_after(text) == seconds
