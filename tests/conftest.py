"""Fixtures that several test files share: the servers, each started once a session."""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.contract.connector_contract")  # before anything imports it

from tests.contract.connector_contract import PASSWORD  # noqa: E402 -- see above
from tests.support.build_cache import OWN, REMEMBERING  # noqa: E402 -- see above
from tests.support.dav_servers import USER, DavServer, run_radicale, run_xandikos  # noqa: E402 -- see above
from tests.support.demo_commands import Hand, copy_book, lay_out  # noqa: E402 -- see above
from tests.support.failing_proxy import Proxy, run_proxy  # noqa: E402 -- see above
from tests.support.faulty_dav_server import Bendable, run_bendable  # noqa: E402 -- see above
from tests.support.new_user import Kithbook, typist  # noqa: E402 -- see above

# The same examples each time, so that a failure is the change's; `make soak` draws new ones.
settings.register_profile("same", derandomize=True)
settings.register_profile("new")
settings.load_profile("same")

for name in ("KITHBOOK_CONFIG", "KITHBOOK_DATA", "COLUMNS"):
    os.environ.pop(name, None)  # before all: what a module shares is made before a test's own home


@pytest.fixture(autouse=True)
def home(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A command that is not told where its data is never finds the book of who runs the tests."""
    mark = sha256(request.node.nodeid.encode()).hexdigest()[:16]
    base = tmp_path_factory.getbasetemp() / f"home-{mark}"
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(base / name))


for module, name, remembering in REMEMBERING:  # also before all
    setattr(module, name, remembering)


@pytest.fixture(autouse=True)
def builds(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build in a test works out nothing that another has worked out (`support.build_cache`)."""
    if request.node.get_closest_marker("builds_anew"):
        for module, name, own in OWN:
            monkeypatch.setattr(module, name, own)


SHARED_SECONDS = 1800
"""Against hangs, for the first test that a shared fixture is made for."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that needs something shared may be the one that waits until it is made."""
    for item in items:
        needs = item._fixtureinfo.name2fixturedefs if isinstance(item, pytest.Function) else {}
        scopes = {used[-1].scope for name, used in needs.items() if name != "tmp_path_factory"}
        if scopes & {"module", "session"} and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(SHARED_SECONDS))


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DavServer]:
    with run_radicale(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture(scope="session")
def xandikos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DavServer]:
    with run_xandikos(tmp_path_factory.mktemp("xandikos")) as server:
        yield server


@pytest.fixture
def bendable() -> Iterator[Bendable]:
    """A server that can be bent, fresh for each test."""
    with run_bendable() as one:
        yield one


@pytest.fixture(params=["radicale", "xandikos"])
def server(request: pytest.FixtureRequest) -> DavServer:
    """Each of the servers in turn."""
    found: DavServer = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def proxy(server: DavServer) -> Iterator[Proxy]:
    """A proxy before the server; it asks for the login where the server does not."""
    credentials = None if server.asks_for_login else (USER, PASSWORD)
    with run_proxy(server.address, credentials) as one:
        yield one


@pytest.fixture(scope="session")
def demo_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's folder, laid out once; tests work on copies of it."""
    return lay_out(tmp_path_factory.mktemp("demo") / "book")


@pytest.fixture
def hand(
    demo_book: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Hand:
    """The demo's book as one's own."""
    copy_book(demo_book, tmp_path / "book")
    return Hand(tmp_path / "book", capsys, monkeypatch)


@pytest.fixture
def kithbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Kithbook:
    """The command without a config, with the data folder tmp_path/book."""
    return typist(tmp_path, capsys, monkeypatch)
