"""`--help` with the commands under their groups, and each command made only when it is called.

Turning a function into a parser costs more than all the rest of `--help`, and a call needs one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_command_from_info
from typer.models import CommandInfo

from pipeline.commands import daily as cli_daily
from pipeline.commands import looking as cli_looking
from pipeline.commands import mending as cli_mending
from pipeline.commands import people as cli_people
from pipeline.commands import setup as cli_setup

Target = Callable[..., None] | typer.Typer

PANELS: dict[str, dict[str, Target]] = {
    "Daily": {
        "sync": cli_daily.sync,
        "due": cli_daily.due,
        "brief": cli_daily.brief,
        "show": cli_daily.show,
        "log": cli_people.log,
    },
    "Now and then": {
        "import": cli_setup.import_,
        "choose": cli_people.choose,
        "review": cli_people.review,
        "snooze": cli_people.snooze,
        "mute": cli_people.mute,
        "rest": cli_people.rest,
        "wake": cli_people.wake,
        "every": cli_people.every,
        "circle": cli_people.circle,
        "pause": cli_people.pause,
        "merge": cli_people.merge,
        "split": cli_people.split,
        "introduce": cli_people.introduce,
        "query": cli_looking.query,
        "export": cli_looking.export,
        "near": cli_looking.near,
        "what-if": cli_looking.what_if,
    },
    "Setting up and repair": {
        "init": cli_setup.init,
        "auth": cli_setup.AUTH,
        "pull": cli_setup.pull,
        "build": cli_setup.build,
        "push": cli_setup.push,
        "status": cli_looking.status,
        "doctor": cli_mending.doctor,
        "rules": cli_looking.rules,
        "rejects": cli_looking.rejects,
        "undo": cli_people.undo,
        "forget": cli_mending.forget,
        "backup": cli_mending.backup,
        "restore": cli_mending.restore,
        "demo": cli_setup.demo,
    },
}
"""Every command, in the order of `kithbook --help`; a new one is a line here."""


@dataclass(frozen=True, slots=True)
class Commands(Mapping[str, Any]):
    """The parsers by name, each made when it is asked for."""

    targets: Mapping[str, Target]

    def __getitem__(self, name: str) -> Any:
        target = self.targets[name]
        if isinstance(target, typer.Typer):
            command: Any = get_command(target)
            command.name = name
            return command
        made = CommandInfo(name=name, callback=target)
        return get_command_from_info(made, pretty_exceptions_short=True, rich_markup_mode=None)

    def __iter__(self) -> Iterator[str]:
        return iter(self.targets)

    def __len__(self) -> int:
        return len(self.targets)


class GroupedHelp(TyperGroup):
    """The commands of PANELS, listed by group."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        targets = {name: one for panel in PANELS.values() for name, one in panel.items()}
        self.commands: Any = Commands(targets)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """One section a group."""
        del ctx
        for panel, targets in PANELS.items():
            with formatter.section(panel):
                formatter.write_dl([(name, summary(one)) for name, one in targets.items()])


def closest(name: str) -> list[str]:
    """The commands that are spelt most like it, itself alone if it is one."""
    from difflib import get_close_matches

    known = [one for panel in PANELS.values() for one in panel]
    return [name] if name in known else get_close_matches(name, known, 2)


def summary(target: Target) -> str:
    """The first line of a command's help, without its full stop."""
    text = target.info.help if isinstance(target, typer.Typer) else target.__doc__
    return (str(text or "").strip().splitlines() or [""])[0].rstrip(".")
