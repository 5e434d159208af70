"""Which room of the code knows of which, and what an instant command loads."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.errors import ConfigError, UsageError
from pipeline import cli
from tests.support.paths import ROOT

MAY_NOT = {
    "connectors": ("pipeline",),
    "pipeline/terminal": ("pipeline.commands", "pipeline.sync"),
    "pipeline/book": ("pipeline.commands", "pipeline.sync"),
    "pipeline/sync": ("pipeline.commands",),
}


@pytest.mark.parametrize("room", MAY_NOT)
def test_a_room_knows_nothing_of_the_rooms_above_it(room: str) -> None:
    modules = sorted((ROOT / room).rglob("*.py"))
    assert modules
    assert [
        (str(path.relative_to(ROOT)), name)
        for path in modules
        for name in imported(path)
        if any(name == other or name.startswith(f"{other}.") for other in MAY_NOT[room])
    ] == []


def imported(path: Path) -> set[str]:
    """Every module that a file names in an import, at its head or within, but for types alone."""
    tree = ast.parse(path.read_text("utf-8"))
    found = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        is_for_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        waiting += [] if is_for_types else ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{one.name}" for one in node.names}
    return found


@pytest.mark.parametrize(
    ("command", "code_of_it"), [("due", "2"), ("status", "2"), ("pull --quiet", "0")]
)
def test_what_runs_every_day_loads_no_parser(command: str, code_of_it: str, tmp_path: Path) -> None:
    """Of an empty folder: there is no book yet (2), or nothing to pull (0)."""
    config = tmp_path / "config.toml"
    config.write_text('[owner.me]\nemails = ["me@example.org"]\ntime_zone = "UTC"\n', "utf-8")
    code = (
        "import sys\nfrom pipeline import cli\n"
        "code = cli.run(sys.argv[1:])\n"
        "print(code, *sorted({'typer', 'pydantic', 'niquests', 'googleapiclient', 'vobject'}"
        " & sys.modules.keys()))"
    )
    arguments = ["--config", str(config), "--data", str(tmp_path / "data"), *command.split()]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.splitlines()[-1] == code_of_it, done.stdout + done.stderr


@pytest.mark.parametrize("place", ["--config", "--data"])
@pytest.mark.parametrize("value", ["", " ", "--quiet"])
def test_a_place_that_is_none_is_left_to_the_parser_to_refuse(place: str, value: str) -> None:
    assert cli.run([place, value, "sync", "--quiet"]) == UsageError.exit_code


def test_a_config_that_is_not_there_is_told_to_cron_as_to_anybody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = str(tmp_path / "nowhere.toml")
    told = []
    for arguments in (["sync", "--quiet"], ["sync", "--quiet", "--wait"]):
        assert cli.run(["--config", nowhere, *arguments]) == ConfigError.exit_code
        told.append(capsys.readouterr().err)
    assert told[0] == told[1]
    assert nowhere in told[0]
