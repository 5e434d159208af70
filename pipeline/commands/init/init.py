"""`kithbook init`: whose book, then source by source, each tried before the next; and again to add.

What is answered stands in config.toml.draft until it has been tried, so that a Ctrl-C or a server
that is down costs no answer: the next `init` proposes it.
"""

import sys
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from connectors.contract import Collection
from connectors.errors import ConfigError, KithbookError, LoginError, SourceUnreachable, UsageError
from pipeline.command_session import Session
from pipeline.commands.auth import log_in
from pipeline.commands.doctor.check_sources import account_hints, asked
from pipeline.commands.init.allow_hosts import reach, write_config
from pipeline.commands.init.ask_owner import ask_owner
from pipeline.commands.init.ask_password import Section, SourceQuestions
from pipeline.commands.init.ask_source import FILES, PLACES, SourcePlace, existing
from pipeline.commands.init.ask_task_list import ask_list, wants_google_tasks
from pipeline.commands.init.config_writer import with_owner, with_source
from pipeline.commands.init.draft_config import Setup, Tried
from pipeline.commands.init.prompts import GO_ON, Questions
from pipeline.config import Source, parse
from pipeline.terminal.printing import say
from pipeline.terminal.terminal_text import count, plain

OWNER = ("email", "time_zone", "phone_region")

AGAIN = (
    "Answer again (Enter), write it as it is (w), or leave it out (l)? ",
    "wl",
)


def command(
    context: typer.Context,
    email: Annotated[str | None, typer.Option(help="Your addresses, commas between.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Like Europe/Lisbon.")] = None,
    phone_region: Annotated[
        str | None, typer.Option(help="Like PT, or none; of the time zone's country if left out.")
    ] = None,
    url: Annotated[str | None, typer.Option(help="A CalDAV/CardDAV server.")] = None,
    username: Annotated[str | None, typer.Option(help="Your name there.")] = None,
    password_command: Annotated[
        str | None, typer.Option(help="A command that prints the password.")
    ] = None,
    password_env: Annotated[
        str | None, typer.Option(help="An environment variable that holds it.")
    ] = None,
    google: Annotated[bool, typer.Option("--google", help="A Google account.")] = False,
    google_client: Annotated[
        str | None, typer.Option(help="Its client file (`kithbook auth google --guide`).")
    ] = None,
    path: Annotated[
        str | None, typer.Option(help="A file or folder to read at each sync: .vcf, .ics, a vdir.")
    ] = None,
    web: Annotated[
        str | None, typer.Option(help="A calendar or address book at a web address.")
    ] = None,
    web_env: Annotated[
        str | None, typer.Option(help="A variable that holds such an address, if it is a secret.")
    ] = None,
    files: Annotated[
        list[str] | None, typer.Option("--import", help="A file to bring in once; repeatable.")
    ] = None,
    task_list: Annotated[
        str | None, typer.Option("--list", help="For the follow-ups; an account's: Follow-ups.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="What to call the source.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the config.")] = False,
) -> None:
    """Write the config, each source tried at once; again to add a source.

    On a terminal it asks for what no option says. Without one every answer is an option.

    Example: kithbook init
    """
    given = {
        "email": email,
        "time_zone": time_zone,
        "phone_region": phone_region,
        "url": url,
        "username": username,
        "password_command": password_command,
        "password_env": password_env,
        "google": google,
        "google_client": google_client,
        "path": path,
        "web": web,
        "web_env": web_env,
        "files": files,
        "task_list": task_list,
        "name": name,
    }
    init(context.obj, given, force=force)


def init(session: Session, given: Mapping[str, Any], *, force: bool = False) -> None:
    """Ask for what was not given, try it, write the config, and say what was found.

    :raises ConfigError: there is a config, and what was given would write it anew.
    :raises UsageError: nobody can be asked, and an answer is missing; it names the option.
    :raises KithbookError: nobody can be asked, and a source does not work; it is written all the
        same, for it may be down.
    """
    setup = Setup(session, given, Questions(sys.stdin.isatty()))
    try:
        _ask_and_try(setup, force=force)
    except KeyboardInterrupt:
        if setup.draft.config_path.exists():
            say("", GO_ON)
        raise


def _ask_and_try(setup: Setup, *, force: bool) -> None:
    session, given = setup.session, setup.given
    has_config = setup.path.exists() and not force
    wanted = [place for place in PLACES.values() if any(given.get(one) for one in place.options)]
    files = list(given.get("files") or ())
    if has_config:
        _refuse_anew(setup, bool(wanted or files))
        session.config()
        setup.text = setup.path.read_bytes().decode("utf-8")
    elif setup.questions.is_terminal:
        _owner(setup)
    trouble = _from_options(setup, wanted, has_config=has_config)
    if setup.questions.is_terminal and not wanted and not files:
        _by_menu(setup)
    for one in files:
        _import(setup, one)
    _next(setup)
    if trouble:
        raise trouble


def _refuse_anew(setup: Setup, adds: bool) -> None:
    """A config is added to; to write it anew somebody has to say so.

    :raises ConfigError: it would be.
    """
    is_owner_given = any(setup.given.get(one) for one in OWNER)
    if is_owner_given or not (adds or setup.questions.is_terminal):
        raise ConfigError(
            f"There is a config already: {setup.path}. It was left as it is.",
            "`kithbook init --url …` (or --google, --path, --web, --import) adds to it; "
            "`kithbook init --force` replaces it.",
        )
    names = ", ".join(source.name for source in setup.session.config().sources)
    say(f"{setup.path} is there{f', with {names}' if names else ', without a source'}.")


def _owner(setup: Setup) -> None:
    """Ask whose book it is, and write that down at once."""
    left = setup.left_over()
    before = left.get("owner", {}).get("me", {})
    owner = ask_owner(
        setup.session,
        setup.questions,
        setup.given,
        before if isinstance(before, dict) else {},
        lambda so_far: setup.keep(_with_left(with_owner(so_far), left)),
    )
    _set_aside(setup)
    setup.settle(with_owner(owner))
    if "source" in left:
        setup.keep(_with_left(setup.text, left))
    say(f"Written: {setup.path} (it explains each key beside it).", "")


def _with_left(text: str, left: Mapping[str, Any]) -> str:
    """The sources that an earlier call left half answered stay in the draft."""
    for name, table in left.get("source", {}).items():
        if isinstance(table, dict):
            text = with_source(text, name, table)
    return text


def _set_aside(setup: Setup) -> None:
    """What --force writes over is kept."""
    if setup.path.exists():
        stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        aside = setup.path.with_name(f"{setup.path.name}.before-{stamp}")
        write_config(aside, setup.path.read_bytes().decode("utf-8", "replace"))
        say(f"What was there: {aside}")


def _from_options(
    setup: Setup, wanted: list[SourcePlace], *, has_config: bool
) -> KithbookError | None:
    """The sources that options name; without a terminal all is answered before any is written."""
    trouble: KithbookError | None = None
    if setup.questions.is_terminal:
        for place in wanted:
            _add(setup, place)
        return None
    text = setup.text
    if not has_config:
        owner = ask_owner(setup.session, setup.questions, setup.given, {}, lambda _: None)
        text = with_owner(owner)
    answered: dict[str, list[Section]] = {}
    for place in wanted:
        name = _free(text, place, setup)
        answered[name] = _sections(setup, place, name, {})
    if not has_config:
        _set_aside(setup)
        setup.settle(text)
        say(f"Written: {setup.path} (it explains each key beside it).")
    for name, sections in answered.items():
        tried = _try(setup, name, sections)
        setup.settle(tried.text)
        if tried.error:
            trouble = trouble or tried.error
            say(f"[source.{name}] is written as it is.")
        ask_list(setup, name, tried)
    return trouble


def _by_menu(setup: Setup) -> None:
    """Source after source, until that is all."""
    while True:
        say(
            "Where are your people and meetings? They are only read.",
            *(f"  {key}  {place.words}" for key, place in PLACES.items()),
            f"  {FILES}  files that you exported: they come in once",
        )
        key = setup.questions.chooses("Which one? (Enter when done) ", "12345")
        if not key:
            return
        if key == FILES:
            path = setup.questions.get("--import", "File, folder or archive", None, existing)
            _import(setup, path)
        else:
            _add(setup, PLACES[key])
        say("")


def _add(setup: Setup, place: SourcePlace) -> None:
    """Ask for a source until it works, or is written down or left out as it is."""
    name = _free(setup.text, place, setup)
    left = setup.left_over().get("source", {}).get(name, {})
    before: dict[str, Any] = dict(left) if isinstance(left, dict) else {}
    while True:
        sections = _sections(setup, place, name, before)
        tried = _try(setup, name, sections)
        if tried.error is None:
            break
        is_login = isinstance(tried.error, LoginError)  # what to do then is to answer again
        hint = "" if is_login else plain(tried.error.hint)
        say(plain(tried.error), *([f"  → {hint}"] if hint else []))
        choice = setup.questions.chooses(*AGAIN)
        if choice == "l":
            setup.draft.config_path.unlink(missing_ok=True)
            say("Left out; nothing of it was written.")
            return
        if choice == "w":
            say(f"Written as it is: [source.{name}] in {setup.path}")
            break
        before = {**tried.section, "asks_for_login": isinstance(tried.error, LoginError)}
    setup.settle(tried.text)
    ask_list(setup, name, tried)


def _sections(
    setup: Setup, place: SourcePlace, name: str, before: Mapping[str, Any]
) -> list[Section]:
    sections = place.ask(SourceQuestions(setup.session, setup.questions, setup.given, name, before))
    if setup.questions.is_terminal:
        setup.keep(with_source(setup.text, name, sections[0]))
    return sections


def _free(text: str, place: SourcePlace, setup: Setup) -> str:
    """The name of the new source: as asked for, or the usual one with a number if it is taken.

    :raises UsageError: a source has that name.
    """
    taken = set(tomllib.loads(text).get("source", {}))
    if name := setup.given.get("name"):
        if name in taken or "/" in name:
            why = "there is one already" if name in taken else "a name has no slash"
            raise UsageError(f"--name {plain(name)}: {why}. Nothing was written.")
        return str(name)
    numbers = (f"{place.name}{number}" for number in range(2, 1000))
    return next(one for one in (place.name, *numbers) if one not in taken)


def _try(setup: Setup, name: str, sections: list[Section]) -> Tried:
    """See what is there, by the first of the ways that leads anywhere."""
    failed: Tried | None = None
    for section in sections:
        text = with_source(setup.text, name, section)
        setup.keep(text)
        draft = setup.draft
        try:
            source = draft.config().source(name)
            if source.type == "google" and setup.questions.is_terminal:
                writes_tasks = wants_google_tasks(setup, draft.config())
                log_in(draft, source, writes_tasks=writes_tasks)
            connector, found = reach(draft, source, asked)
        except KithbookError as error:
            is_silent = isinstance(error, SourceUnreachable)
            if failed is None or (isinstance(failed.error, SourceUnreachable) and not is_silent):
                failed = Tried(section, text, error=error)
            if is_silent or section["type"] in {"ical", "vcard"}:
                continue  # by http; or it is an address book
            break
        _tell_found(name, found)
        for hint in account_hints(source, draft.config()):
            say(f"{hint.text}", f"  → {hint.hint}")
        return Tried(section, draft.config_path.read_bytes().decode("utf-8"), connector, found)
    if failed is None:
        raise UsageError("No way to it was named.", GO_ON)
    return failed


def _tell_found(name: str, found: Sequence[Collection]) -> None:
    for collection in found:
        kinds = ", ".join(sorted(collection.kinds))
        shared = " (shared with others!)" if collection.is_shared else ""
        say(f"  {plain(collection.name)}: {kinds}{shared}")
    say(f"{name}: {count(len(found), 'collection')} found.")


def _import(setup: Setup, path: str) -> None:
    """Bring a file in once; what is wrong with it is told, and the config stays."""
    from pipeline.commands.import_ import import_files, import_plan

    wanted = import_plan.Wanted.of([path], None, None, (), None, wait=False)
    session = Session(setup.path, setup.session.data, setup.session.as_of)
    try:
        import_files.import_files(session, wanted).raise_trouble()
    except KithbookError as error:
        if not setup.questions.is_terminal:
            raise
        say(plain(error), *([f"  → {plain(error.hint)}"] if error.hint else []))


def _next(setup: Setup) -> None:
    """What to type now."""
    config = parse(tomllib.loads(setup.text), setup.path)
    has_book = setup.session.folder.published.exists()
    if waiting := [one.name for one in config.sources if _waits_for_login(one, setup)]:
        say(f"Next: `kithbook auth google --source {waiting[0]}`, then `kithbook sync`.")
    elif config.sources:
        say("Next: `kithbook sync --dry-run`, then `kithbook choose`, then `kithbook sync`.")
    elif has_book:
        say(
            "Next: `kithbook choose` (whom to keep in touch with), `kithbook due`; "
            "`kithbook init` again brings in an account."
        )
    else:
        say("Next: `kithbook import FILE…`, or `kithbook init` again to add an account.")


def _waits_for_login(source: Source, setup: Setup) -> bool:
    if source.type != "google":
        return False
    from connectors.google.token_file import token_path

    return not token_path(source.options, setup.session.folder.path, source.name).exists()
