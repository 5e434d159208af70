"""Addresses that a server gives, and where the password goes.

A server, or whoever answers in its place, writes a Location or an href so that the login lands
elsewhere. No test here has a second opinion about where that would be: the HTTP library is asked.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from niquests.models import PreparedRequest, parse_url  # type: ignore[attr-defined]

from connectors.dav.options import CalDavOptions
from connectors.dav.source import CalDav
from connectors.errors import ConfigError, KithbookError, OtherHost, SourceError
from connectors.ical.source import IcalFile, IcalOptions
from connectors.trusted_hosts import Trusted, check_hosts
from connectors.urls import BadUrl, join, origin
from tests.contract.connector_contract import PASSWORD, Mirror, access
from tests.support.dav_drivers import PATIENCE, CalendarDriver
from tests.support.dav_servers import USER, DavServer
from tests.support.failing_proxy import Proxy, run_proxy
from tests.support.web_file_server import Feed, make_certificate, run_feed

OWN = "https://dav.example.org/"

TWO_FACED = [
    "https://127.0.0.2:18443\\@127.0.0.1/x",
    "https://evil.test\\@dav.example.org/",
    "https://evil.test\\.dav.example.org/",
    "https:\\\\evil.test\\x",
    "/\\evil.test/x",
    "https://dav.example.org@evil.test/",
    "https://dav.example.org:443@evil.test/",
    "https://dav.example.org%40evil.test/",
    "https://evil.test%40dav.example.org/",
    "https://evil.test%2f@dav.example.org/",
    "https://evil.test%00.dav.example.org/",
    "https://dav.example.org%2eevil.test/",
    "https://user@dav.example.org/",
    "https://@dav.example.org/",
    "https://:@dav.example.org/",
    "https://evil.test#@dav.example.org\\/",
    "https://dav.example.org /x",
    " https://dav.example.org/",
    "https://dav.example.org/a b",
    "https://dav.exam\tple.org/",
    "https://evil.test\n.dav.example.org/",
    "https://dav.example.org/\r\nX-Evil: 1",
    "https://dav.example.org/\x00",
    "https://dav.example.org/\u0085",
    "https://dav.example.org/\u202egpj",
    "https://dav.example.org\u200b/",
    "https://dav.example.org:0/",
    "https://dav.example.org:65536/",
    "https://dav.example.org:443443/",
    "https://dav.example.org:-443/",
    "https://dav.example.org:4\u06643/",
    "https://evil[.test/",
    "https://[dav.example.org]/",
    "https://[::1/",
    "https://[::1]evil.test/",
    "https://ev\u2100il.test/",
    "https://dav\u3002evil.test/",
    "http://[",
    "file:///etc/passwd",
    "ftp://dav.example.org/",
    "javascript:alert(1)",
    "data:text/calendar,BEGIN:VCALENDAR",
    "",
]
"""Not one of them is an address that anything is sent to."""

ELSEWHERE = {
    "//evil.test/x": "evil.test",
    "https://evil.test/": "evil.test",
    "https://EVIL.test/": "evil.test",
    "https://dav.example.org.evil.test/": "dav.example.org.evil.test",
    "https://evildav.example.org/": "evildav.example.org",
    "https://sub.dav.example.org/": "sub.dav.example.org",
    "https://example.org/": "example.org",
    "https://other.example.org/": "other.example.org",
    "https://dav.example.org./": "dav.example.org.",
    "https://dav.example.org:8443/": "dav.example.org:8443",
    "https://d\u0430v.example.org/": "xn--dv-7kc.example.org",
    "https://127.0.0.1/": "127.0.0.1",
    "https://127.1/": "127.1",
    "https://2130706433/": "2130706433",
    "https://0x7f000001/": "0x7f000001",
    "https://0177.0.0.1/": "0177.0.0.1",
    "https://[::1]/": "[::1]",
    "https://[::ffff:127.0.0.1]/": "[::ffff:127.0.0.1]",
    "https://[fe80::1%25eth0]/": "[fe80::1%eth0]",
    "http://127.0.0.1:5232/": "127.0.0.1:5232",
}
"""Each is an address, and none is the account's: what the error calls its host."""


@pytest.mark.parametrize("address", TWO_FACED)
def test_address_that_could_be_read_in_two_ways_is_none(address: str) -> None:
    with pytest.raises(SourceError) as caught:
        Trusted("home", OWN).join(address)
    assert not isinstance(caught.value, OtherHost)
    said = f"{caught.value} {caught.value.hint}"
    assert len(address) < 5 or address not in said
    assert not re.search(r"evil|passwd|alert|18443|127\.0\.0\.2", said), "it is not repeated"


@pytest.mark.parametrize(("address", "host"), ELSEWHERE.items())
def test_another_host_is_named_with_the_line_to_write(address: str, host: str) -> None:
    with pytest.raises(OtherHost, match=r"the password was not sent there") as caught:
        Trusted("home", OWN, ("dav.example.net",)).join(address)
    assert f"names {host} as" in str(caught.value)
    assert f'hosts = ["dav.example.net", "{host}"] into [source.home]' in caught.value.hint
    assert "url =" not in caught.value.hint


@pytest.mark.parametrize(
    "address",
    [
        "http://dav.example.org/",
        "http://dav.example.org:443/",
        "http://evil.test/",
        "http:/\\dav.example.org",
    ],
)
def test_plain_http_gets_no_password_of_an_https_account(address: str) -> None:
    """Not even where `insecure` and `hosts` stand beside an https url."""
    for trusted in (
        Trusted("home", OWN),
        Trusted("home", OWN, ("dav.example.org", "evil.test"), insecure=True),
    ):
        with pytest.raises(SourceError):
            trusted.join(address)


@pytest.mark.parametrize(
    ("own", "there"),
    [
        (OWN, "/a"),
        (OWN, "a/b?c"),
        (OWN, "https:/a"),
        (OWN, "https://dav.example.org:443/a"),
        (OWN, "https://DAV.Example.ORG/a"),
        (OWN, "https://dav.example.org:/a"),
        (OWN, "/\u00fc/\u5c71.ics"),
        ("https://dav.example.org:8443/", "https://dav.example.org:8443/a"),
        ("https://b\u00fccher.example/", "https://xn--bcher-kva.example/a"),
        ("http://dav.example.org/", "https://dav.example.org/a"),
        ("http://dav.example.org:5232/", "https://dav.example.org:5232/a"),
        ("https://caldav.icloud.com/", "https://p42-caldav.icloud.com:443/a"),
        ("https://p42-caldav.icloud.com/", "https://p07-contacts.icloud.com/a"),
        ("https://caldav.icloud.com.cn/", "https://p201-caldav.icloud.com.cn/a"),
        ("https://caldav.fastmail.com/", "https://carddav.fastmail.com/a"),
    ],
)
def test_addresses_of_the_account_are_its_own(own: str, there: str) -> None:
    assert Trusted("home", own).has(Trusted("home", own).join(there))


@pytest.mark.parametrize(
    ("own", "there"),
    [
        ("https://example.co.uk/", "https://evil.co.uk/"),
        ("https://ana.duckdns.org/", "https://evil.duckdns.org/"),
        ("https://ana.github.io/", "https://evil.github.io/"),
        ("https://example.org/", "https://dav.example.org/"),
        ("https://dav.example.org:8443/", "https://dav.example.org/"),
        ("http://dav.example.org:5232/", "https://dav.example.org:8443/"),
        ("http://dav.example.org/", "https://dav.example.org:80/x"),
        ("https://caldav.icloud.com/", "https://p42-caldav.icloud.com:8443/"),
        ("https://caldav.icloud.com/", "http://p42-caldav.icloud.com/"),
        ("https://caldav.icloud.com/", "https://evil-caldav.icloud.com/"),
        ("https://caldav.icloud.com/", "https://www.icloud.com/"),
        ("https://caldav.icloud.com/", "https://p42-caldav.icloud.com.cn/"),
        ("https://caldav.icloud.com/", "https://p42-caldav.icloud.com.evil.test/"),
        ("https://caldav.icloud.com/", "https://p42-caldavXicloud.com/"),
        ("https://dav.example.org/", "https://p42-caldav.icloud.com/"),
        ("https://caldav.icloud.com:8443/", "https://p42-caldav.icloud.com/"),
    ],
)
def test_neighbours_by_name_are_strangers(own: str, there: str) -> None:
    assert not Trusted("home", own).has(there)
    with pytest.raises(SourceError):
        Trusted("home", own).join(there)


@pytest.mark.parametrize(
    ("host", "there", "is_ours"),
    [
        ("p01.example.net", "https://p01.example.net/a", True),
        ("P01.Example.net", "https://p01.example.net:443/a", True),
        ("p01.example.net:8443", "https://p01.example.net:8443/a", True),
        ("[2001:db8::1]:8443", "https://[2001:db8::1]:8443/a", True),
        ("p01.example.net", "https://p01.example.net:8443/a", False),
        ("p01.example.net", "http://p01.example.net/a", False),
        ("p01.example.net", "https://p02.example.net/a", False),
        ("p01.example.net", "https://a.p01.example.net/a", False),
        ("127.0.0.1:5232", "http://127.0.0.1:5232/a", True),
    ],
)
def test_listed_host_is_that_host_and_port_alone(host: str, there: str, *, is_ours: bool) -> None:
    check_hosts("[source.home]", (host,))
    assert Trusted("home", OWN, (host,)).has(there) == is_ours


@pytest.mark.parametrize(
    "host",
    [
        "https://a.example",
        "a.example/x",
        "",
        " ",
        "*.a.example",
        "a@b.example",
        "a.example:0",
        "a\\b",
    ],
)
def test_what_is_no_host_is_not_listed(host: str) -> None:
    with pytest.raises(ConfigError, match="not a host"):
        check_hosts("[source.home]", (host,))


TEXTS = st.text(
    st.sampled_from([*"ab.:/?#@[]%\\0123456789 \t\n\rxX-_~", "\u00fc", "\u3002", "\u202e", "."]),
    max_size=24,
)


@given(TEXTS, TEXTS)
@example("evil.test\\", "dav.example.org/")
@example("evil.test", "dav.example.org")
def test_judged_host_is_the_one_that_the_library_asks(one: str, other: str) -> None:
    """Whatever a server writes: what was judged is what the HTTP library makes of it."""
    for reference in (f"https://{one}@{other}", f"https://{one}{other}", f"//{one}/{other}", one):
        try:
            url = join(OWN, reference)
        except BadUrl:
            continue
        request = PreparedRequest()
        request.prepare_url(url, None)
        sent = parse_url(request.url)
        judged = origin(url)
        assert (sent.scheme, sent.host, sent.port or 443) == (
            judged.scheme,
            judged.host,
            judged.port,
        )
        assert sent.auth is None


# --- with real servers ------------------------------------------------------------------------


@pytest.fixture
def server(radicale: DavServer) -> DavServer:
    return radicale


@pytest.fixture
def driver(server: DavServer, proxy: Proxy, tmp_path: Path) -> Iterator[CalendarDriver]:
    driver = CalendarDriver(server, proxy, tmp_path)
    yield driver
    driver.close()


@pytest.fixture
def thief(server: DavServer) -> Iterator[Proxy]:
    """A second server, which would answer as well as the first."""
    with run_proxy(server.address) as other:
        yield other


def told(driver: CalendarDriver, **options: object) -> KithbookError:
    """The error of a run."""
    with pytest.raises(SourceError) as caught:
        CalDav(
            CalDavOptions(driver.proxy.url, USER, **options),  # type: ignore[arg-type]
            access(driver.folder),
            PATIENCE,
        ).collections()
    assert PASSWORD not in f"{caught.value} {caught.value.hint}"
    return caught.value


def faces(thief: Proxy, own: Proxy) -> list[str]:
    """Addresses that lead to the thief by one reading or another."""
    port = thief.port
    return [
        f"{thief.url}\\@127.0.0.1:{own.port}/x",
        f"http://127.0.0.1:{own.port}@127.0.0.1:{port}/x",
        f"http://127.0.0.1:{own.port}%40127.0.0.1:{port}/x",
        f"//127.0.0.1:{port}/x",
        f"http://localhost:{port}/x",
        f"http://127.1:{port}/x",
        f"http://2130706433:{port}/x",
        f"{thief.url}/x",
        f"{thief.url}#@127.0.0.1:{own.port}/x",
        f"{thief.url}?@127.0.0.1:{own.port}/x",
    ]


@pytest.mark.parametrize("at", range(10))
def test_location_that_leads_to_a_thief(driver: CalendarDriver, thief: Proxy, at: int) -> None:
    location = faces(thief, driver.proxy)[at]
    driver.proxy.answer_instead["PROPFIND"] = (302, {"Location": location}, b"")
    told(driver)
    assert thief.seen == []


@pytest.mark.parametrize("place", ["principal", "home"])
@pytest.mark.parametrize("at", range(10))
def test_href_that_leads_to_a_thief(
    driver: CalendarDriver, thief: Proxy, at: int, place: str
) -> None:
    location = faces(thief, driver.proxy)[at].encode()
    pattern = {
        "principal": rb"(<current-user-principal><href>)[^<]*",
        "home": rb"(<C:calendar-home-set><href>)[^<]*",
    }[place]
    driver.proxy.rewrite_answers.append(
        (re.compile(pattern), lambda found: found[1] + location.replace(b"&", b"&amp;"))
    )
    told(driver)
    assert thief.seen == []


@pytest.mark.parametrize("at", range(10))
def test_collection_that_is_listed_at_a_thiefs(
    driver: CalendarDriver, thief: Proxy, at: int
) -> None:
    """It is that collection's trouble alone, and nothing is sent there."""
    location = faces(thief, driver.proxy)[at].encode().replace(b"&", b"&amp;")
    pattern = re.compile(rb"(<response><href>)" + re.escape(driver.path.encode()))
    driver.proxy.rewrite_answers.append((pattern, lambda found: found[1] + location))
    connector = CalDav(CalDavOptions(driver.proxy.url, USER), access(driver.folder), PATIENCE)
    errors = [one.error for one in connector.listing().troubles]
    assert [one for one in errors if isinstance(one, SourceError)]
    assert all(PASSWORD not in f"{one} {one.hint}" for one in errors)
    assert thief.seen == []


def test_well_known_address_that_leads_to_a_thief(driver: CalendarDriver, thief: Proxy) -> None:
    driver.proxy.answer_instead["/"] = (404, {}, b"")
    for name in ("caldav", "carddav"):
        there = {"Location": f"{thief.url}/"}
        driver.proxy.answer_instead[f"/.well-known/{name}"] = (301, there, b"")
    error = told(driver)
    assert isinstance(error, OtherHost)
    assert error.line == f'hosts = ["127.0.0.1:{thief.port}"]'
    assert thief.seen == []


def test_chain_of_redirects_does_not_end_at_a_thief(driver: CalendarDriver, thief: Proxy) -> None:
    proxy = driver.proxy
    proxy.answer_instead["/"] = (301, {"Location": "/one"}, b"")
    proxy.answer_instead["/one"] = (308, {"Location": f"http://127.0.0.1:{proxy.port}/two"}, b"")
    proxy.answer_instead["/two"] = (307, {"Location": f"{thief.url}/{USER}/"}, b"")
    assert isinstance(told(driver), OtherHost)
    assert thief.seen == []


def test_listed_host_gets_the_login_and_the_book_is_read(
    driver: CalendarDriver, thief: Proxy
) -> None:
    """What an account on two hosts needs, and no more."""
    driver.proxy.answer_instead["/"] = (301, {"Location": f"{thief.url}/"}, b"")
    options = driver.options(driver.proxy.url)
    options = CalDavOptions(
        options.url, USER, calendars=options.calendars, hosts=(f"127.0.0.1:{thief.port}",)
    )
    connector = CalDav(options, access(driver.folder), PATIENCE)
    mirror = Mirror()
    mirror.pull(connector, driver.collection(connector))
    assert len(mirror.uids()) == 7
    assert all("Authorization" in one.headers for one in thief.seen)


@pytest.mark.parametrize("href", ["http://[", "https://evil[.test/", "//[/", "http://ev\u2100il/"])
def test_href_that_cannot_be_parsed_is_the_sources_trouble(
    driver: CalendarDriver, href: str
) -> None:
    principal = re.compile(rb"(<current-user-principal><href>)[^<]*")
    driver.proxy.rewrite_answers.append((principal, lambda found: found[1] + href.encode()))
    assert "nothing was sent there" in str(told(driver))


def test_item_whose_href_cannot_be_parsed_takes_no_other_with_it(
    driver: CalendarDriver,
) -> None:
    other = b"<response><href>http://[</href><status>HTTP/1.1 404 Not Found</status></response>"
    end = re.compile(rb"</multistatus>")
    driver.proxy.rewrite_answers.append((end, other + b"</multistatus>"))
    connector = driver.connector()
    mirror = Mirror()
    mirror.pull(connector, driver.collection(connector))
    assert len(mirror.uids()) == 7


def test_challenge_that_cannot_be_answered_is_the_sources_trouble(driver: CalendarDriver) -> None:
    """A digest without realm or nonce: the library falls over it."""
    driver.proxy.answer_instead["PROPFIND"] = (401, {"WWW-Authenticate": "Digest x=y"}, b"")
    with pytest.raises(SourceError, match="cannot be understood"):
        driver.connector().collections()


def test_cookie_of_one_host_is_not_sent_to_another(driver: CalendarDriver) -> None:
    with run_proxy(driver.server.address) as other:
        there = {"Location": f"http://localhost:{other.port}/", "Set-Cookie": "session=3f9c"}
        driver.proxy.answer_instead["/"] = (302, there, b"")
        options = CalDavOptions(driver.proxy.url, USER, hosts=(f"localhost:{other.port}",))
        CalDav(options, access(driver.folder), PATIENCE).collections()
        assert other.seen
        assert not any("Cookie" in one.headers for one in other.seen)


def test_login_for_this_machine_does_not_go_through_a_proxy(
    driver: CalendarDriver, thief: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """http is allowed to loopback because it does not leave the machine."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", thief.url)
    monkeypatch.setenv("all_proxy", thief.url)
    driver.connector().collections()
    assert thief.seen == []
    assert driver.proxy.seen


def test_other_protocol_at_another_port_is_not_gone_on_with(
    driver: CalendarDriver, thief: Proxy
) -> None:
    """An alternative service (RFC 7838) is on a port that the user did not name."""
    services = [f'{name}=":{thief.port}"' for name in ("h3", "h2", "h2c")]
    offer = {"Location": f"/{USER}/", "Alt-Svc": ", ".join([*services, 'h3="[::1]:1"'])}
    driver.proxy.answer_instead["/"] = (301, offer, b"")
    connector = driver.connector()
    mirror = Mirror()
    mirror.pull(connector, driver.collection(connector))
    assert len(mirror.uids()) == 7
    assert thief.seen == []


# --- subscriptions ----------------------------------------------------------------------------

EVENTS = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    b"DTSTAMP:20260101T000000Z\r\nDTSTART:20260101T100000Z\r\nSUMMARY:A\r\nEND:VEVENT\r\n"
    b"END:VCALENDAR\r\n"
)


@pytest.fixture
def feed() -> Iterator[Feed]:
    with run_feed() as one:
        yield one


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls") / "server.pem")


def read(feed: Feed, **options: object) -> None:
    source = IcalOptions(url=feed.url, username=USER, **options)  # type: ignore[arg-type]
    IcalFile(source, access(Path("/nowhere")), PATIENCE).probe()


@pytest.mark.parametrize(
    "address", [one for one in TWO_FACED if not re.search(r"[\r\n\0]|^ ", one)]
)
def test_subscription_goes_on_to_no_two_faced_address(feed: Feed, address: str) -> None:
    feed.redirects[feed.path] = (302, address.encode("utf-8").decode("latin-1"))
    with pytest.raises(SourceError, match="is not followed") as caught:
        read(feed)
    assert not re.search(r"evil|passwd|alert|18443", f"{caught.value} {caught.value.hint}")
    assert len(feed.seen) == 1


def test_subscription_that_went_astray_and_came_back_has_no_login(
    feed: Feed, certificate: Path
) -> None:
    """A stranger may not have us ask our own server, as ourselves, for what the stranger likes."""
    with run_feed(certificate) as own, run_feed(certificate) as stranger:
        own.write(EVENTS)
        own.redirects["/start"] = (302, f"https://localhost:{stranger.port}/on")
        stranger.redirects["/on"] = (302, own.url)
        options = IcalOptions(url=f"{own.origin}/start", username=USER, ca_file=str(certificate))
        IcalFile(options, access(Path("/nowhere")), PATIENCE).probe()
        assert ["Authorization" in one.headers for one in own.seen] == [True, False]
        assert ["Authorization" in one.headers for one in stranger.seen] == [False]


def test_stranger_does_not_choose_how_the_login_is_sent(feed: Feed, certificate: Path) -> None:
    """A digest challenge of another host changes nothing for ours."""
    with run_feed(certificate) as own, run_feed(certificate) as stranger:
        own.redirects[own.path] = (302, f"https://localhost:{stranger.port}/on")
        stranger.status = 401
        options = IcalOptions(url=own.url, username=USER, ca_file=str(certificate))
        connector = IcalFile(options, access(Path("/nowhere")), PATIENCE)
        for _ in range(2):
            with pytest.raises(KithbookError):
                connector.probe()
        assert {one.headers["Authorization"][:6] for one in own.seen} == {"Basic "}
        assert len(stranger.seen) == 2


def test_listed_host_of_a_subscription_gets_the_login(feed: Feed, certificate: Path) -> None:
    with run_feed(certificate) as own, run_feed(certificate) as second:
        second.write(EVENTS)
        own.redirects[own.path] = (302, f"https://localhost:{second.port}{second.path}")
        options = IcalOptions(
            url=own.url,
            username=USER,
            hosts=(f"localhost:{second.port}",),
            ca_file=str(certificate),
        )
        IcalFile(options, access(Path("/nowhere")), PATIENCE).probe()
        assert ["Authorization" in one.headers for one in second.seen] == [True]


# --- certificates -----------------------------------------------------------------------------


def test_certificate_of_ones_own_is_taken_by_its_file_alone(
    feed: Feed, certificate: Path, tmp_path: Path
) -> None:
    with run_feed(certificate) as own:
        own.write(EVENTS)
        url = own.url
        with pytest.raises(SourceError, match="certificate is not to be trusted") as caught:
            IcalFile(IcalOptions(url=url), access(tmp_path), PATIENCE).probe()
        assert 'ca_file = "server.pem" into [source.test]' in caught.value.hint
        IcalFile(IcalOptions(url=url, ca_file=str(certificate)), access(tmp_path), PATIENCE).probe()
        other = make_certificate(tmp_path / "other.pem")
        with pytest.raises(SourceError, match="certificate is not to be trusted"):
            IcalFile(IcalOptions(url=url, ca_file=str(other)), access(tmp_path), PATIENCE).probe()


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_file_without_a_certificate_trusts_nobody(
    feed: Feed, certificate: Path, tmp_path: Path, content: bytes | None
) -> None:
    named = tmp_path / "ca.pem"
    if content is not None:
        named.write_bytes(content)
    with run_feed(certificate) as own:
        options = IcalOptions(url=own.url, ca_file=str(named))
        with pytest.raises(ConfigError, match="ca_file"):
            IcalFile(options, access(tmp_path), PATIENCE).probe()
        assert own.seen == []
