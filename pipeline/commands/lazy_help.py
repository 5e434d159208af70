"""`--help` with the commands under their groups, and each command made only when it is called.

Importing a command and turning it into a parser cost more than all the rest of `--help`, and a call
needs one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_command_from_info
from typer.models import CommandInfo

Groups = Mapping[str, Mapping[str, tuple[str, str]]]
"""Group of commands → name → its module in pipeline/commands, and its line."""


@dataclass(frozen=True, slots=True)
class Commands(Mapping[str, Any]):
    """The parsers by name, each made when it is asked for."""

    modules: Mapping[str, str]

    def __getitem__(self, name: str) -> Any:
        target = import_module(f"pipeline.commands.{self.modules[name]}").command
        if isinstance(target, typer.Typer):
            command: Any = get_command(target)
            command.name = name
            return command
        made = CommandInfo(name=name, callback=target)
        return get_command_from_info(made, pretty_exceptions_short=True, rich_markup_mode=None)

    def __iter__(self) -> Iterator[str]:
        return iter(self.modules)

    def __len__(self) -> int:
        return len(self.modules)


class GroupedHelp(TyperGroup):
    """The commands of these groups, listed by group."""

    groups: ClassVar[Groups] = {}

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands: Any = Commands(
            {name: module for group in self.groups.values() for name, (module, _) in group.items()}
        )

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """One section a group."""
        del ctx
        for title, group in self.groups.items():
            with formatter.section(title):
                formatter.write_dl([(name, line) for name, (_, line) in group.items()])


def closest(name: str, groups: Groups) -> list[str]:
    """The commands that are spelt most like it, itself alone if it is one."""
    from difflib import get_close_matches

    known = [one for group in groups.values() for one in group]
    return [name] if name in known else get_close_matches(name, known, 2)
