"""A sync every night, by systemd, launchd or cron: what is written runs as it stands."""

import os
import plistlib
import re
import shutil
import subprocess
import sys
from datetime import time
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.commands import schedule
from tests.support.paths import ROOT

CONFIG = """
data = "book"
[owner.me]
emails = ["me@example.org"]
time_zone = "Europe/Lisbon"
"""
CRONTAB = """#!/bin/sh
if [ "$1" = -l ]; then
    [ -f "$CRONTAB" ] || { echo "no crontab for ana" >&2; exit 1; }
    exec cat "$CRONTAB"
fi
exec cat > "$CRONTAB"
"""
SYSTEMCTL = """#!/bin/sh
echo "$@" >> "$CALLED"
"""
KITHBOOK = Path(sys.executable).with_name("kithbook")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a config in a folder of an awkward name, and programs that only note."""
    home = tmp_path / "home"
    (home / "bin").mkdir(parents=True)
    for name, text in (
        ("crontab", CRONTAB),
        ("systemctl", SYSTEMCTL),
        ("launchctl", SYSTEMCTL),
    ):
        program = home / "bin" / name
        program.write_text(text)
        program.chmod(0o755)
    for name in ("KITHBOOK_CONFIG", "KITHBOOK_DATA", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", f"{home / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("CRONTAB", str(home / "crontab.txt"))
    monkeypatch.setenv("CALLED", str(home / "called.txt"))
    config = home / "ana's 100% $HOME" / "config.toml"
    config.parent.mkdir()
    config.write_text(CONFIG)
    return home


def config(home: Path) -> Path:
    return home / "ana's 100% $HOME" / "config.toml"


def kithbook(home: Path, *arguments: str) -> int:
    return cli.run(["--config", str(config(home)), "schedule", *arguments])


def as_cron_runs(line: str, home: Path) -> subprocess.CompletedProcess[str]:
    """A line of a crontab: five fields, then a command for sh, in which \\% is %."""
    command = line.split(maxsplit=5)[5].replace(r"\%", "%")
    return subprocess.run(
        ["/bin/sh", "-c", command],
        env={"PATH": "/usr/bin:/bin", "HOME": str(home)},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_line_for_cron_runs_under_crons_path(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "crontab.txt").write_text("MAILTO=ana\n5 4 * * * backup\n")
    assert kithbook(home, "--cron", "--at", "6:05") == 0
    assert kithbook(home, "--cron", "--at", "6:30") == 0  # takes the place of the first
    kept, other, line = (home / "crontab.txt").read_text().splitlines()
    assert (kept, other) == ("MAILTO=ana", "5 4 * * * backup")
    assert line.startswith("30 6 * * * ")
    assert line.endswith("sync --quiet # kithbook schedule")
    assert "a night when the machine was off" in capsys.readouterr().err
    done = as_cron_runs(line, home)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (config(home).parent / "book" / "kithbook.duckdb").exists()
    assert kithbook(home, "--remove") == 0
    assert (home / "crontab.txt").read_text() == "MAILTO=ana\n5 4 * * * backup\n"


def test_readmes_line_for_cron_finds_the_command_where_it_is_installed(home: Path) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    (line,) = re.findall(r"^\d+ \d+ \* \* \* .*kithbook.*$", readme, re.MULTILINE)
    place = home / ".local" / "bin"
    place.mkdir(parents=True)
    (place / "kithbook").symlink_to(KITHBOOK)
    done = as_cron_runs(line, home)
    assert done.returncode == 2  # there is no config in this home
    assert "There is no config" in done.stderr


def test_units_of_systemd_are_ones_that_it_takes(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert kithbook(home, "--systemd") == 0
    service, timer = (
        home / ".config" / "systemd" / "user" / f"kithbook.{kind}" for kind in ("service", "timer")
    )
    assert "OnCalendar=*-*-* 05:17:00\n" in timer.read_text()
    assert "Persistent=true\n" in timer.read_text()
    (start,) = re.findall("^ExecStart=(.*)$", service.read_text(), re.MULTILINE)
    assert start.startswith(f"{KITHBOOK} --config ")
    assert "100%% $$HOME" in start
    if analyze := shutil.which("systemd-analyze"):
        verified = subprocess.run(
            [analyze, "verify", "--user", "--man=no", str(service), str(timer)],
            env={**os.environ, "XDG_RUNTIME_DIR": str(home)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert str(service.name) not in verified.stderr, verified.stderr
        assert verified.returncode == 0, verified.stderr
    assert (home / "called.txt").read_text() == (
        "--user daemon-reload\n--user enable --now kithbook.timer\n"
    )
    assert "made up for" in capsys.readouterr().err
    assert kithbook(home, "--remove") == 0
    assert not service.exists()
    assert not timer.exists()
    assert "disable --now kithbook.timer" in (home / "called.txt").read_text()


def test_the_agent_of_launchd_is_a_property_list(home: Path) -> None:
    assert kithbook(home, "--launchd", "--at", "5:07") == 0
    path = home / "Library" / "LaunchAgents" / "org.kithbook.sync.plist"
    agent = plistlib.loads(path.read_bytes())
    assert agent["ProgramArguments"] == [
        str(KITHBOOK),
        "--config",
        str(config(home)),
        "sync",
        "--quiet",
    ]
    assert agent["StartCalendarInterval"] == {"Hour": 5, "Minute": 7}
    # every key as launchd.plist(5) has it, and of its kind
    documented = {
        "Label": str,
        "ProgramArguments": list,
        "StartCalendarInterval": dict,
        "ProcessType": str,
        "StandardErrorPath": str,
    }
    assert {key: type(value) for key, value in agent.items()} == documented
    assert agent["ProcessType"] in {"Background", "Standard", "Adaptive", "Interactive"}
    assert kithbook(home, "--remove", "--launchd") == 0
    assert not path.exists()


@pytest.mark.parametrize("kind", ["--systemd", "--launchd", "--cron"])
def test_print_shows_it_and_writes_nothing(
    home: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    before = sorted(home.rglob("*"))
    assert kithbook(home, kind, "--print") == 0
    assert str(KITHBOOK) in capsys.readouterr().out
    assert sorted(home.rglob("*")) == before


def test_no_secret_is_written_and_what_a_night_would_not_find_is_told(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAV_PASSWORD", "correct-horse")
    (home / "bin" / "pass").write_text("#!/bin/sh\n")
    (home / "bin" / "pass").chmod(0o755)
    account = '[source.{}]\ntype = "caldav"\nurl = "https://dav.example.org"\nusername = "ana"\n'
    config(home).write_text(
        CONFIG
        + account.format("home")
        + 'password_env = "DAV_PASSWORD"\n'
        + account.format("work")
        + 'password_command = ["pass", "show", "dav"]\n'
    )
    assert kithbook(home, "--cron") == 0
    said = capsys.readouterr().err
    assert "correct-horse" not in (home / "crontab.txt").read_text() + said
    assert "[source.home] takes a secret from $DAV_PASSWORD" in said
    assert f"write its whole path in password_command: {home}/bin/pass" in said


def test_a_data_folder_that_was_named_goes_along(home: Path, tmp_path: Path) -> None:
    there = str(tmp_path / "elsewhere")
    code = cli.run(["--config", str(config(home)), "--data", there, "schedule", "--cron"])
    assert code == 0
    assert f"--data {there} sync --quiet" in (home / "crontab.txt").read_text()


def test_without_crontab_it_says_what_to_do(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "bin" / "crontab").unlink()
    monkeypatch.setenv("PATH", str(home / "bin"))
    assert kithbook(home, "--cron") == 2
    assert "--cron --print" in capsys.readouterr().err
    assert kithbook(home, "--remove") == 0
    assert "Nothing of kithbook's" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [("--at", "25:00"), ("--at", "noon"), ("--cron", "--systemd"), ("--print", "--remove")],
)
def test_what_cannot_be_meant_writes_nothing(home: Path, arguments: tuple[str, ...]) -> None:
    before = sorted(home.rglob("*"))
    assert kithbook(home, *arguments) == 2
    assert sorted(home.rglob("*")) == before


def test_a_service_quotes_what_systemd_would_read() -> None:
    plan = schedule.plan_of("systemd", ['/a "b" \\ c/kithbook', "sync"], time(5, 17))
    (service, _) = plan.files.values()
    assert 'ExecStart="/a \\"b\\" \\\\ c/kithbook" sync\n' in service
