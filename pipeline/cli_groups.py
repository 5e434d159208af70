"""`--help` with the commands under their groups."""

from typing import Any

from typer.core import TyperGroup


class GroupedHelp(TyperGroup):
    """Lists the commands by their help panel, in the order in which they were registered."""

    def list_commands(self, ctx: Any) -> list[str]:
        """In the order of registration."""
        del ctx
        return list(self.commands)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """One section a group."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is None or command.hidden:
                continue
            panel = getattr(command, "rich_help_panel", None) or "Commands"
            groups.setdefault(str(panel), []).append((name, command.get_short_help_str(70)))
        for panel, rows in groups.items():
            with formatter.section(panel):
                formatter.write_dl(rows)
