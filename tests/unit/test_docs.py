"""What the documents say is so: paths exist, links lead somewhere, snippets load, codes agree."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from connectors import errors
from connectors.errors import KithbookError
from docs import make_docs, make_layers
from pipeline import config
from pipeline.cli import COMMANDS, build_app
from tests.support.paths import ROOT

PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md"]
SUFFIXES = (".py", ".sql", ".md", ".toml", ".lock", ".json")
RUNTIME = {"digest.json", "config.toml"}
"""Named in the documents, but made by the command."""
PLACEHOLDER = re.compile("NAME|LAYER")
"""What stands for a name in the documents."""


def text(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text(page), re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", text(page))
    here = (ROOT / page).parent
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (here / link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_exist(page: str) -> None:
    named = {
        name
        for name in re.findall(r"`([\w./-]+)`", text(page))
        if name.endswith(SUFFIXES) and name not in RUNTIME and not PLACEHOLDER.search(name)
    }
    folders = ("", "pipeline/", "connectors/", "docs/", "tests/")
    lost = {name for name in named if not any((ROOT / (at + name)).exists() for at in folders)}
    assert lost == set()


@pytest.mark.parametrize("folder", ["connectors", "pipeline", "sql"])
def test_files_that_the_code_names_exist(folder: str) -> None:
    """A module or table that gets another name gets it in the comments and docstrings too."""
    places = [ROOT / top for top in ("connectors", "pipeline", "sql", "tests")]
    files = {path.name for place in places for path in place.rglob("*.*")}
    named = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / folder).rglob("*.*")
        if path.suffix in {".py", ".sql"}
        for name in re.findall(r"\b\w+\.(?:py|sql)\b", path.read_text("utf-8"))
        if name not in files and not PLACEHOLDER.search(name)
    }
    assert named == set()


def test_the_config_shown_in_the_readme_loads(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("\n".join(blocks("README.md", "toml")), "utf-8")
    loaded = config.load(path)
    assert loaded.notify
    assert loaded.owner.emails[0] == "ana@example.org"
    assert loaded.tasks
    assert loaded.tasks.list_name == "Follow-ups"


def test_the_exit_codes_of_the_readme_are_those_of_the_errors() -> None:
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", text("README.md"), re.MULTILINE)}
    classes = [one for one in vars(errors).values() if isinstance(one, type)]
    known = {one.exit_code for one in classes if issubclass(one, KithbookError)}
    assert codes == known | {0}


def test_one_is_the_code_of_a_bug_alone() -> None:
    """What a user can be told has a class of its own, with a code that says what is amiss."""
    told = [
        one
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, KithbookError) and one is not KithbookError
    ]
    assert [one.__name__ for one in told if one.exit_code == KithbookError.exit_code] == []
    raised = [
        path.relative_to(ROOT)
        for folder in ("pipeline", "connectors")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if re.search(r"(?<!class )\bKithbookError\(", path.read_text("utf-8"))
    ]
    assert raised == []


def test_the_short_pages_are_short() -> None:
    assert len(text("docs/architecture.md").splitlines()) <= 100


def test_the_command_page_is_what_help_says() -> None:
    assert text("docs/cli.md") == make_docs.cli_page(), "run `make docs`"


def test_the_schema_page_is_what_the_comments_say() -> None:
    assert text("docs/schema.md") == make_docs.schema_page(), "run `make docs`"


def test_every_table_and_column_of_main_says_what_it_is() -> None:
    page = make_docs.schema_page()
    assert re.findall(r"^\| `(\w+)` \| [^|]+ \|  \|$", page, re.MULTILINE) == []
    assert re.findall(r"^## (\w+)\n\n\n", page, re.MULTILINE) == []


@pytest.mark.parametrize("name", sorted(make_docs.helps()))
def test_each_help_ends_with_an_example_that_names_its_command(name: str) -> None:
    said = make_docs.helps()[name]
    paragraphs = [" ".join(part.split()) for part in said.split("\n\n")]
    (example,) = [part for part in paragraphs if part.startswith("Example: ")]
    assert example.startswith(f"Example: {name}")
    assert f"### {name}\n" in text("docs/cli.md") or name == "kithbook"


@pytest.mark.parametrize("name", sorted(make_docs.helps()))
def test_the_example_can_be_typed_as_it_stands(name: str) -> None:
    (example,) = re.findall(r"Example: (.+)", " ".join(make_docs.helps()[name].split()))
    typed = shlex.split(re.sub(r" (Arguments|Options|Commands): .*| Daily: .*", "", example))
    command: Any = get_command(build_app())
    context = None
    for word in typed[1:]:
        if word not in getattr(command, "commands", {}):
            break
        command, typed = command.commands[word], typed[1:]
    with command.make_context(name, typed[1:], parent=context) as parsed:
        assert parsed.params or not command.params


def test_the_help_has_the_groups_of_the_design() -> None:
    said = make_docs.helps()["kithbook"]
    assert [line[:-1] for line in said.splitlines() if re.fullmatch(r"[A-Z][\w ]+:", line)] == [
        "Options",
        *COMMANDS,
    ]
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.parametrize(
    ("name", "line"), [(name, line) for one in COMMANDS.values() for name, (_, line) in one.items()]
)
def test_the_list_of_commands_says_what_each_says_of_itself(name: str, line: str) -> None:
    commands: Any = get_command(build_app())
    assert commands.commands[name].help.splitlines()[0] == f"{line}."


def test_the_picture_of_the_layers_is_up_to_date() -> None:
    assert text("docs/layers.svg") == make_layers.picture(), "run `make docs`"
