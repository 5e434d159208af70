"""The list that the follow-ups go to, as `init` asks: there and one's own, or to be made."""

import tomllib
from pathlib import Path

from pipeline.commands.doctor.check_sources import task_findings
from pipeline.commands.init.config_writer import with_tasks
from pipeline.commands.init.draft_config import Setup, Tried
from pipeline.config import TASK_LIST, Config, Source, Tasks, parse
from pipeline.terminal.printing import say
from pipeline.terminal.terminal_text import plain


def _list_name(setup: Setup, default: str) -> str:
    return setup.questions.get(
        "--list",
        "List for the follow-ups" + ("" if default else " (Enter: none)"),
        setup.given.get("task_list"),
        str.strip,
        default=default,
    )


def ask_list(setup: Setup, name: str, tried: Tried) -> None:
    """Ask for the list of the follow-ups, where the source can hold one and none is named yet."""
    config = parse(tomllib.loads(setup.text), setup.path)
    source = config.source(name)
    if config.tasks is not None or setup.has_no_list or not _can_hold_tasks(source, setup):
        return
    default = TASK_LIST if source.type in {"caldav", "google"} else ""
    is_icloud = "icloud.com" in str(getattr(source.options, "url", ""))
    while True:
        if setup.questions.is_terminal:
            wanted = _list_name(setup, default)
        else:
            wanted = setup.given.get("task_list") or default
        if not wanted:
            return
        form = {"as": "event"} if is_icloud else {}
        text = with_tasks(setup.text, {"source": name, "list": wanted, **form})
        if tried.connector is None or not setup.questions.is_terminal:
            break
        tasks = parse(tomllib.loads(text), setup.path).tasks or Tasks(name, wanted)
        if _is_accepted(setup, tried, tasks):
            break
        setup.given = {**setup.given, "task_list": None}
    setup.settle(text)


def _is_accepted(setup: Setup, tried: Tried, tasks: Tasks) -> bool:
    """Whether the list is there and one's own, or is to be made."""
    listed = [one for one in tried.collections if one.name.casefold() == tasks.list_name.casefold()]
    if not listed:
        names = ", ".join(plain(one.name) for one in tried.collections if "task" in one.kinds)
        there = f"; there is: {names}" if names else ""
        question = (
            f'There is no list "{plain(tasks.list_name)}" yet{there}. Make it at the first sync?'
        )
        return setup.questions.agrees(question)
    for finding in task_findings(tried.connector, list(tried.collections), tasks):
        if finding.verdict == "ok":
            return True
        say(f"  {plain(finding.text)}", f"  → {plain(finding.hint)}")
        if finding.verdict == "look":
            return setup.questions.agrees("Use it anyway?", default=False)
    return False


def _can_hold_tasks(source: Source, setup: Setup) -> bool:
    if getattr(source.options, "is_subscription", False):
        return False
    path = getattr(source.options, "path", None)
    if path is not None:
        is_vdir = source.type == "ical" and Path(path).is_dir()
        return is_vdir and (setup.questions.is_terminal or bool(setup.given.get("task_list")))
    return source.type in {"caldav", "google"}


def wants_google_tasks(setup: Setup, config: Config) -> bool:
    """Asked before the login, which asks Google for no more than is needed."""
    if config.tasks is not None:
        return False
    question = "Write the few follow-ups into a list of Google Tasks?"
    setup.has_no_list = not setup.questions.agrees(question)
    return not setup.has_no_list
