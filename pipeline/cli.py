"""The command. Each entry calls one function and prints; errors are printed here, once.

COMMANDS lists them: the name, its module in pipeline/commands, and its line in `--help`. Typer's
rich help and its value coercion cost more than the whole of `due`, so help is plain text, and the
commands of PLAIN run without the parser when they are called as cron and habit call them.
"""

import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from connectors.errors import ConfigError, KithbookError, UsageError, machine_error
from pipeline.book.folder import default_path
from pipeline.command_session import Session
from pipeline.terminal.printing import say, show
from pipeline.terminal.terminal_text import plain

if TYPE_CHECKING:
    import typer

COMMANDS: dict[str, dict[str, tuple[str, str]]] = {
    "Daily": {
        "sync": ("sync", "Pull, build and push: what cron runs every night"),
        "due": ("due", "Who is due, and why"),
        "brief": ("brief", "The next meetings: who comes, when you last met, whom you both know"),
        "show": ("show", "Everything known of one person, and why"),
        "report": ("report.report", "How you are doing with your people: one page, or plain text"),
        "log": ("log", "You were in touch: a call or a letter that no calendar knows of"),
    },
    "Now and then": {
        "import": ("import_.command", "Bring in an old address book or calendar of any kind"),
        "choose": ("choose", "Choose whom to keep in touch with: one key a person"),
        "review": ("review", "Who may be the same person, and who may have died: one key each"),
        "snooze": ("snooze", "No reminder about somebody for a while"),
        "mute": ("mute", "No reminders about somebody, until `wake`"),
        "rest": ("rest", "Let somebody rest: out of every list and export, until `wake`"),
        "wake": ("wake", "Bring back somebody who was muted or at rest"),
        "every": ("every", "How often you want to be in touch with somebody"),
        "circle": ("circle", "Put somebody into a circle"),
        "pause": ("pause", "Put all reminders on hold for a while"),
        "merge": ("merge", "Two entries are the same person"),
        "split": ("split", "One card is somebody else's; or two people are never the same"),
        "introduce": ("introduce", "Introduce two people to each other: it becomes a follow-up"),
        "query": ("query", "Ask the published file in SQL: read-only, with access to nothing else"),
        "export": (
            "export",
            "Write a table to a file; people also as vCards, birthdays as a calendar",
        ),
        "near": ("near", "Who lives or works in a place, the closest first"),
        "what-if": ("what_if", "Who would be overdue with other rules; nothing is written"),
        "backtest": (
            "backtest",
            "How well the rules would have judged your own past; nothing is written",
        ),
    },
    "Setting up and repair": {
        "init": ("init.init", "Write the config, each source tried at once; again to add a source"),
        "auth": ("auth", "Log in where a password is not enough"),
        "schedule": (
            "schedule",
            "Run `kithbook sync` every night, by what this machine starts things with",
        ),
        "pull": ("pull", "Fetch what changed; what you query stays as it is until a build"),
        "build": ("build", "Work it all out again from what was pulled, and publish it"),
        "push": ("push", "Write the follow-ups into the task list, by the last pull"),
        "status": ("status", "How fresh each source is, what is open, what needs a look"),
        "runs": (
            "runs",
            "The last runs: each source, what came of it, how long it took, what went wrong",
        ),
        "digest": (
            "digest",
            (
                "What was new in the last sync: who is due, birthdays, trouble; "
                "nothing where nothing was"
            ),
        ),
        "doctor": ("doctor.doctor", "Check everything: folder, passwords, sources, task list"),
        "rules": ("rules", "What counts as contact: each rule, and how many meetings it decided"),
        "rejects": ("rejects", "What could not be read, where and why"),
        "undo": ("undo", "Take back the last thing you said, or the one named"),
        "forget": ("forget.forget", "Delete all that is kept of somebody, for good"),
        "backup": ("backup", "Decisions, config and state into one file, for you alone"),
        "restore": (
            "restore",
            "Bring back what `backup` wrote; what stood there is kept beside it",
        ),
        "demo": ("demo.demo", "Try kithbook on a made-up book: no server, no account"),
    },
}
"""Every command by its group, as `--help` lists them: its module, and the line it has there.

A new one is a line here; `command` of the module is what it does.
"""

INTERRUPTED = 130
"""What shells say of a command that Ctrl-C ended: 128 and the signal's number."""

DUCKDB_INTERRUPTED = "Query interrupted"
"""What DuckDB raises a RuntimeError with when Ctrl-C meets one of its queries."""


def main() -> None:
    """The console entry: run the command, print what went wrong, exit with its code."""
    os.umask(0o077)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # Names are in every script; cron's C locale would stop at the first of them.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command with these arguments and return its exit code (DESIGN section 8)."""
    debug = "--debug" in arguments or bool(os.environ.get("KITHBOOK_DEBUG"))
    sessions: list[Session] = []
    try:
        _refuse_bytes(arguments)
        if plain_call := _plain_call(arguments):
            session, work = plain_call
            sessions.append(session)
            work(session)
            return 0
        return _run_typer(arguments, sessions.append)
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        # The reader (head, less) has seen enough; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if isinstance(error, RuntimeError) and str(error) == DUCKDB_INTERRUPTED:
            return _interrupted()
        if debug:
            raise
        return _explain(error, sessions)


def _refuse_bytes(arguments: Sequence[str]) -> None:
    """What is typed is text: the book, the config and the files of ours hold no other bytes.

    The files of an import are somebody else's: one that is there may be called anything.

    :raises UsageError: an argument or a place named by the environment is no UTF-8.
    """
    named = [os.environ.get(name, "") for name in ("KITHBOOK_CONFIG", "KITHBOOK_DATA")]
    is_import, is_undo = "import" in arguments, "--undo" in arguments
    for one in (*arguments, *named):
        if is_import and (is_undo or Path(one).exists()):
            continue
        if any("\ud800" <= character <= "\udfff" for character in one):
            shown = os.fsencode(one).decode("utf-8", "backslashreplace")
            raise UsageError(
                f'"{shown}" is not written in UTF-8. Nothing was done.',
                "Type it in a terminal set to UTF-8; a file of such a name: rename it, or name "
                "its folder.",
            )


def _interrupted() -> int:
    say("", "kithbook: interrupted; what was published before stays.")
    return INTERRUPTED


def _explain(error: Exception, sessions: Sequence[Session]) -> int:
    """Say what a user can be told of an error; returns the exit code."""
    told = error if isinstance(error, KithbookError) else machine_error(error)
    if told is None and sessions:
        from pipeline.book.folder import damaged, not_ours
        from pipeline.sync.upgrade_report import other_version

        folder = sessions[0].folder
        told = other_version(error, folder) or not_ours(error, folder) or damaged(error, folder)
    if told:
        return tell(told)
    say(
        f"kithbook: a bug: {type(error).__name__}: {plain(error)}",
        "  → Nothing half-done was published. Please report what `kithbook --debug …` prints.",
    )
    return 1


def tell(error: KithbookError) -> int:
    """Print what went wrong and what to do; returns the exit code."""
    first, *more = [plain(line) for line in str(error).splitlines()] or [""]
    say(f"kithbook: {first}", *more, *([f"  → {plain(error.hint)}"] if error.hint else []))
    return error.exit_code


def _due(session: Session) -> None:
    from pipeline.commands.due_list import show_due

    show_due(session)


def _status(session: Session) -> None:
    from pipeline.commands.status_report import show_status

    show_status(session)


def _sync(session: Session, *, quiet: bool = False) -> None:
    from pipeline.commands.pull_and_sync import sync

    sync(session, quiet=quiet)


def _pull(session: Session, *, quiet: bool = False) -> None:
    from pipeline.commands.pull_and_sync import pull

    pull(session, quiet=quiet)


PLAIN: dict[tuple[str, ...], Callable[[Session], None]] = {
    ("due",): _due,
    ("status",): _status,
    ("sync",): _sync,
    ("sync", "--quiet"): partial(_sync, quiet=True),
    ("pull",): _pull,
    ("pull", "--quiet"): partial(_pull, quiet=True),
}
"""What runs without the parser, behind `--config FILE` and `--data FOLDER` or without them."""


def _plain_call(arguments: Sequence[str]) -> tuple[Session, Callable[[Session], None]] | None:
    """The session and the work of a call that needs no parser; None: the parser is to see it."""
    named: dict[str, Path] = {}
    rest = tuple(arguments)
    if data := os.environ.get("KITHBOOK_DATA", "").strip():
        named["--data"] = Path(data).expanduser()
    while rest and rest[0] in {"--config", "--data"}:
        value = rest[1] if len(rest) > 1 else ""
        if not value.strip() or value.startswith("-"):
            return None
        named[rest[0]] = Path(value).expanduser()
        rest = rest[2:]
    work = PLAIN.get(rest)
    if work is None:
        return None
    config = named.get("--config")
    if config:
        _refuse_missing(config)
    return Session(config or default_path(), named.get("--data")), work


def _run_typer(arguments: list[str], on_session: Callable[[Session], None]) -> int:
    from typer.main import get_command

    command = get_command(build_app(on_session))
    try:
        code = command.main(args=arguments, prog_name="kithbook", standalone_mode=False)
    except Exception as error:
        show_help = getattr(error, "show", None)
        if show_help is None:
            raise
        if type(error).__name__ != "NoArgsIsHelpError":
            raise _refused(error, arguments) from error
        show_help()
        return UsageError.exit_code
    if code == INTERRUPTED:
        raise KeyboardInterrupt  # typer makes an exit code of it and says nothing
    return int(code or 0)


def _refused(error: Any, arguments: list[str]) -> UsageError:
    """What the parser does not take, told as all other troubles are."""
    from pipeline.commands.lazy_help import closest

    message = str(error.format_message())
    unknown = re.match(r"No such command '(.*?)'\.", message)
    if unknown:
        message = unknown[0]
        meant = [f"`kithbook {name}`" for name in closest(unknown[1], COMMANDS)]
        said = f"Did you mean {' or '.join(meant)}? " if meant else ""
        return UsageError(message, f"{said}`kithbook --help` lists the commands.")
    path = error.ctx.command_path if error.ctx else "kithbook"
    words = str(error.ctx.command.help if error.ctx else "").split("Example: ")
    example = f"Example: {' '.join(words[1].split())}; more: " if len(words) > 1 else ""
    if not error.ctx and arguments and closest(arguments[0], COMMANDS)[:1] == arguments[:1]:
        path = f"kithbook {arguments[0]}"
    return UsageError(message, f"{example}`{path} --help`")


def _version(value: bool) -> None:
    if value:
        import typer

        from pipeline.version import version

        show(f"kithbook {version()}")
        raise typer.Exit


MAKE_A_CONFIG = ("init", "restore", "demo")
"""Commands for which the config named with --config need not be there."""


def _refuse_missing(config: Path) -> None:
    """A name that was typed is meant: without this the book of another place would be used.

    KITHBOOK_CONFIG says where the config is to be, also before there is one.

    :raises ConfigError: --config names a file that is not there.
    """
    if config.is_dir():
        raise ConfigError(
            f"{config} is a folder. Nothing was done.", f"Name the file: {config / 'config.toml'}"
        )
    if not config.exists():
        beside = config.with_name(config.name + ".restored")
        if beside.exists():
            raise ConfigError(
                f"There is no config at {config}; `restore` laid the backup's beside it.",
                f"Check which commands and addresses are in it, then: `mv {beside} {config}`",
            )
        raise ConfigError(
            f"There is no config at {config}. Nothing was done.",
            f"Correct the name, or leave --config out; `kithbook --config {config} init` writes"
            " one.",
        )


def build_app(on_session: Callable[[Session], None] | None = None) -> "typer.Typer":
    """The app with all its commands. `on_session` is told of the session that a command starts."""
    import typer

    from pipeline.commands.lazy_help import GroupedHelp
    from pipeline.commands.options import path_named

    class Listed(GroupedHelp):
        groups = COMMANDS

    app = typer.Typer(
        cls=Listed,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        no_args_is_help=True,
        help=(
            "The people you know and when you last met them, from the places where they already "
            "are, in one DuckDB file; and the few follow-ups you chose, as tasks in your calendar."
        ),
        epilog="Example: kithbook demo",
    )

    @app.callback()
    def root(
        context: typer.Context,
        config: Annotated[
            Path | None,
            typer.Option(
                help="The config file.",
                envvar="KITHBOOK_CONFIG",
                parser=path_named,
                metavar="<path>",
            ),
        ] = None,
        data: Annotated[
            Path | None,
            typer.Option(
                help="The data folder.",
                envvar="KITHBOOK_DATA",
                parser=path_named,
                metavar="<path>",
            ),
        ] = None,
        as_of: Annotated[
            str | None, typer.Option(help="The day to judge by, like 2026-09-01.")
        ] = None,
        debug: Annotated[  # noqa: ARG001 (`run` has looked for it)
            bool, typer.Option("--debug", help="Show tracebacks.")
        ] = False,
        version: Annotated[  # noqa: ARG001 (its callback prints and ends)
            bool, typer.Option("--version", help="Print the version.", callback=_version)
        ] = False,
    ) -> None:
        source = context.get_parameter_source("config")
        is_typed = source is not None and source.name == "COMMANDLINE"
        if config and is_typed and context.invoked_subcommand not in MAKE_A_CONFIG:
            _refuse_missing(config)
        session = context.obj = Session(config or default_path(), data, as_of)
        if on_session:
            on_session(session)
        session.day()  # no command takes a day that is none

    return app


if __name__ == "__main__":
    main()
