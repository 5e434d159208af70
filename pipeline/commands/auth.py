"""`kithbook auth google`: log in at Google and try the login at once."""

import os
import select
import sys
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from connectors.errors import UsageError
from pipeline.command_session import packaged
from pipeline.terminal.printing import say, show
from pipeline.terminal.terminal_text import count, plain

if TYPE_CHECKING:
    from pipeline.command_session import Session
    from pipeline.config import Config, Source


command = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    help="Log in where a password is not enough.",
    epilog="Example: kithbook auth google",
)


@command.callback()
def auth() -> None:
    """A group, also while it has one command."""


@command.command("google")
def auth_google(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(help="Which source, if there are several.")] = None,
    browser: Annotated[
        bool | None, typer.Option("--browser/--no-browser", help="Open a browser here.")
    ] = None,
    guide: Annotated[bool, typer.Option("--guide", help="Show how it is done, and end.")] = False,
) -> None:
    """Log in at Google, with or without a browser on this machine.

    Example: kithbook auth google
    """
    if guide:
        show_guide()
        return
    sign_in(context.obj, source, open_browser=browser)


def sign_in(session: "Session", name: str | None, *, open_browser: bool | None) -> None:
    """Log the source in and say what it can see.

    `open_browser` None: where there is a screen.

    :raises UsageError: no source of that name, or several to choose from.
    :raises LoginError: the login did not come about; nothing was written.
    """
    from pipeline.sync.fetch import connect

    config = session.config()
    source = _google_source(config, name)
    log_in(session, source, open_browser=open_browser)
    found = connect(source, config).collections()
    calendars = [plain(one.name) for one in found if one.kinds == {"event"}]
    names = f": {', '.join(calendars)}" if calendars else ""
    say(
        f"Logged in. kithbook reads the contacts and {count(len(calendars), 'calendar')}{names}.",
        "Next: `kithbook sync`",
    )


def log_in(
    session: "Session",
    source: "Source",
    *,
    writes_tasks: bool = False,
    open_browser: bool | None = None,
) -> None:
    """Write the token of a source; `writes_tasks`: also where the config does not say so yet.

    :raises LoginError: the login did not come about; nothing was written.
    """
    from connectors.google import login, options, token_file

    config = session.config()
    writes_tasks = writes_tasks or bool(config.tasks and config.tasks.source == source.name)
    pasting = Pasting()
    try:
        login.login(
            login.client_path(source.options, config.data),
            token_file.token_path(source.options, config.data, source.name),
            options.scopes(source.options, writes_tasks=writes_tasks),
            open_browser=_has_screen() if open_browser is None else open_browser,
            ask=pasting,
            say=say,
        )
    finally:
        pasting.end()
    say("")


LOOK_SECONDS = 0.2
"""How often it is seen whether the browser has answered."""


def show_guide() -> None:
    """The page that explains how to make a client, and what is asked for."""
    show(*packaged("docs/google.md").splitlines())


def _google_source(config: "Config", name: str | None) -> "Source":
    found = [source for source in config.sources if source.type == "google"]
    named = [source for source in found if name in {None, source.name}]
    if len(named) == 1:
        return named[0]
    if not found:
        raise UsageError(
            f"{config.path} has no source at Google; nothing was done.",
            'Add two lines, [source.google] and type = "google", then: kithbook auth google',
        )
    names = ", ".join(source.name for source in found)
    if not named:
        raise UsageError(f"There is no source at Google named {name}; there is: {names}.")
    raise UsageError(
        f"There are several sources at Google: {names}.", "Name one with --source NAME."
    )


def _has_screen() -> bool:
    """Whether a browser here would be seen; a text browser in the terminal would be in the way."""
    if "SSH_CONNECTION" in os.environ:
        return False
    return sys.platform in {"darwin", "win32"} or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


class Pasting:
    """Waits for what is pasted, until the browser has answered first.

    The line typed after that is another question's: `init` goes on asking. It is read without a
    buffer and only when it is there: Python kills itself (SIGABRT) when it ends while a thread
    waits in a buffered stdin.
    """

    def __init__(self) -> None:
        self._is_over = threading.Event()
        self._reading = threading.Lock()

    def __call__(self, question: str) -> str:
        """The line, empty when it is no longer needed.

        :raises EOFError: nobody is there to type.
        """
        print(question, end="", file=sys.stderr, flush=True)
        line = bytearray()
        while not self._is_over.is_set():
            with self._reading:
                is_typed = bool(select.select([sys.stdin], [], [], LOOK_SECONDS)[0])
                if not is_typed or self._is_over.is_set():
                    continue
                byte = os.read(sys.stdin.fileno(), 1)
            if not byte and not line:
                raise EOFError
            if byte in (b"", b"\n"):
                return line.decode("utf-8", "replace")
            line += byte
        return ""

    def end(self) -> None:
        """Nothing is read any more once this has returned."""
        self._is_over.set()
        with self._reading:
            return
