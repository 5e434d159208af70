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

from pipeline.commands import daily, looking, mending, people, setup

Target = Callable[..., None] | typer.Typer

PANELS: dict[str, dict[str, Target]] = {
    "Daily": {
        "sync": daily.sync,
        "due": daily.due,
        "brief": daily.brief,
        "show": daily.show,
        "log": people.log,
    },
    "Now and then": {
        "import": setup.import_,
        "choose": people.choose,
        "review": people.review,
        "snooze": people.snooze,
        "mute": people.mute,
        "rest": people.rest,
        "wake": people.wake,
        "every": people.every,
        "circle": people.circle,
        "pause": people.pause,
        "merge": people.merge,
        "split": people.split,
        "introduce": people.introduce,
        "query": looking.query,
        "export": looking.export,
        "near": looking.near,
        "what-if": looking.what_if,
    },
    "Setting up and repair": {
        "init": setup.init,
        "auth": setup.AUTH,
        "schedule": setup.schedule,
        "pull": setup.pull,
        "build": setup.build,
        "push": setup.push,
        "status": looking.status,
        "runs": looking.runs,
        "digest": looking.digest,
        "doctor": mending.doctor,
        "rules": looking.rules,
        "rejects": looking.rejects,
        "undo": people.undo,
        "forget": mending.forget,
        "backup": mending.backup,
        "restore": mending.restore,
        "demo": setup.demo,
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
