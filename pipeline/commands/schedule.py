"""`kithbook schedule`: a nightly `kithbook sync` by what this machine starts things with.

systemd (a user's service and timer), launchd (an agent of macOS) or cron. What is written names
this installation, the config and the data folder by their whole paths, and no secret: passwords
come from where the config says, at each run.
"""

import os
import plistlib
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Annotated

import typer

from connectors.errors import ConfigError, StorageError, UsageError
from pipeline.command_session import Session
from pipeline.config import Config, Source
from pipeline.terminal.printing import say, show_text

SYSTEMD, LAUNCHD, CRON = "systemd", "launchd", "cron"
KINDS = (SYSTEMD, LAUNCHD, CRON)

UNIT = "kithbook"
LABEL = "org.kithbook.sync"
MARK = "# kithbook schedule"
"""What ends a line of ours in a crontab."""

CRON_PATH = "/usr/bin:/bin"
"""All that a cron job is sure to have."""

TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
SECONDS = 60

SERVICE = """\
# written by `kithbook schedule`; `kithbook schedule --remove` takes it away
[Unit]
Description=kithbook: read the address books and calendars, write the follow-ups
# A machine that has just woken up may not be online yet: three more tries.
StartLimitIntervalSec=2h
StartLimitBurst=4

[Service]
Type=oneshot
ExecStart={command}
Restart=on-failure
RestartSec=10min
RestartPreventExitStatus=1 2 3 5 6
"""

TIMER = """\
# written by `kithbook schedule`; `kithbook schedule --remove` takes it away
[Unit]
Description=kithbook every night

[Timer]
OnCalendar=*-*-* {at}:00
# A night that the machine slept through is made up for.
Persistent=true

[Install]
WantedBy=timers.target
"""


def command(
    context: typer.Context,
    at: Annotated[str, typer.Option(help="The time of day, like 5:17.")] = "5:17",
    systemd: Annotated[bool, typer.Option("--systemd", help="A user's service and timer.")] = False,
    launchd: Annotated[bool, typer.Option("--launchd", help="An agent of macOS.")] = False,
    cron: Annotated[bool, typer.Option("--cron", help="A line in the crontab.")] = False,
    prints: Annotated[
        bool, typer.Option("--print", help="Show what would be written, and where; write nothing.")
    ] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Take away what was written.")] = False,
) -> None:
    """Run `kithbook sync` every night, by what this machine starts things with.

    Without a choice it is systemd or launchd where they run, else cron.

    Example: kithbook schedule --at 6:30
    """
    asked = {SYSTEMD: systemd, LAUNCHD: launchd, CRON: cron}
    kinds = [kind for kind, is_wanted in asked.items() if is_wanted]
    if len(kinds) > 1 or (prints and remove):
        raise UsageError(
            "These options exclude each other. Nothing was written.",
            "Example: kithbook schedule --cron --print",
        )
    kind = kinds[0] if kinds else None
    schedule(context.obj, kind, at, prints=prints, removes=remove)


@dataclass(frozen=True, slots=True)
class SchedulePlan:
    """What is to stand where: files, or a line of the crontab."""

    kind: str
    files: dict[Path, str] = field(default_factory=dict)
    line: str = ""

    def text(self) -> str:
        """All of it, as --print shows it."""
        if self.kind == CRON:
            return f"{self.line}\n"
        return "\n".join(f"# {path}\n{text}" for path, text in self.files.items())


def schedule(
    session: Session, kind: str | None, at: str, *, prints: bool = False, removes: bool = False
) -> None:
    """Write it, show it or take it away.

    :raises UsageError: the time of day is none. :raises StorageError: it cannot be written.
    """
    chosen = kind or fitting()
    if removes:
        _remove([kind] if kind else KINDS)
        return
    plan = plan_of(chosen, command_of(session), _time(at))
    if prints:
        show_text(plan.text())
        return
    notes = _notes(session.config())
    (_write_crontab if chosen == CRON else _write_files)(plan)
    say(*_told(plan, _time(at)), *notes)


def fitting() -> str:
    """What this machine starts things with."""
    if sys.platform == "darwin":
        return LAUNCHD
    return SYSTEMD if Path("/run/systemd/system").is_dir() else CRON


def plan_of(kind: str, command: Sequence[str], at: time) -> SchedulePlan:
    """What is to be written for this command at this time of day."""
    if kind == SYSTEMD:
        folder = _config_home() / "systemd" / "user"
        words = " ".join(_systemd_word(word) for word in command)
        return SchedulePlan(
            kind,
            {
                folder / f"{UNIT}.service": SERVICE.format(command=words),
                folder / f"{UNIT}.timer": TIMER.format(at=f"{at:%H:%M}"),
            },
        )
    if kind == LAUNCHD:
        log = Path.home() / "Library" / "Logs" / "kithbook.log"
        agent = {
            "Label": LABEL,
            "ProgramArguments": list(command),
            "StartCalendarInterval": {"Hour": at.hour, "Minute": at.minute},
            "ProcessType": "Background",
            "StandardErrorPath": str(log),
        }
        return SchedulePlan(kind, {_agent(): plistlib.dumps(agent, sort_keys=False).decode()})
    line = " ".join(shlex.quote(word) for word in command).replace("%", r"\%")
    return SchedulePlan(kind, line=f"{at.minute} {at.hour} * * * {line} {MARK}")


def command_of(session: Session) -> list[str]:
    """`kithbook sync --quiet` with whole paths: of this installation, the config and the data."""
    command = [*_installation(), "--config", str(session.config_path.absolute())]
    folder = session.config().data.absolute()
    if session.data or os.environ.get("KITHBOOK_DATA"):
        command += ["--data", str(folder)]
    command += ["sync", "--quiet"]
    if any(not word.isprintable() for word in command):
        raise UsageError(
            "A path with a line break or another control character cannot be scheduled.",
            "Nothing was written; move what it names.",
        )
    return command


def _installation() -> list[str]:
    """The command beside the interpreter at work, which stays where it is when it is upgraded."""
    beside = Path(sys.executable).with_name("kithbook")
    if beside.is_file():
        return [str(beside)]
    if found := shutil.which("kithbook"):
        return [str(Path(found).absolute())]
    return [sys.executable, "-m", "pipeline.cli"]


def _systemd_word(word: str) -> str:
    """As systemd.service(5) has it under COMMAND LINES: quoted, with % and $ for themselves."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return escaped if re.fullmatch(r"[\w@+=:,./-]+", word) else f'"{escaped}"'


def _time(at: str) -> time:
    match = TIME.fullmatch(at.strip())
    if not match:
        raise UsageError(f'--at "{at}" is not a time of day.', 'Write it like "5:17".')
    return time(int(match[1]), int(match[2]))


# --- writing and taking away ------------------------------------------------------------------


def _write_files(plan: SchedulePlan) -> None:
    for path, text in plan.files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        except OSError as error:
            raise StorageError(
                f"{path} could not be written: {error.strerror}.",
                "`kithbook schedule --print` shows what it would hold.",
            ) from error
    for command in _starting(plan.kind):
        _run(command)


def _starting(kind: str) -> list[list[str]]:
    """What makes the machine take note of the files."""
    if kind == SYSTEMD:
        return [
            ["systemctl", "--user", "daemon-reload"],
            ["systemctl", "--user", "enable", "--now", f"{UNIT}.timer"],
        ]
    return [
        ["launchctl", "bootout", f"gui/{os.getuid()}/{LABEL}"],
        ["launchctl", "bootstrap", f"gui/{os.getuid()}", str(_agent())],
    ]


def _run(command: Sequence[str]) -> bool:
    """Whether it went well; if not, it is told, for the user to type."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        is_done = done.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        is_done = False
    # launchctl: nothing of that name was running
    if not is_done and "bootout" not in command:
        say(f"This did not work here; run it yourself: {shlex.join(command)}")
    return is_done


def _write_crontab(plan: SchedulePlan) -> None:
    lines = [line for line in _crontab() if not _is_ours(line)]
    _set_crontab([*lines, plan.line])


def _is_ours(line: str) -> bool:
    return line.rstrip().endswith(MARK)


def _crontab() -> list[str]:
    """The lines of the user's crontab; none where there is none yet.

    :raises StorageError: it cannot be read.
    """
    done = _crontab_program("-l")
    if done.returncode and "no crontab" not in done.stderr:
        raise StorageError(
            f"The crontab could not be read: {done.stderr.strip()}",
            "Nothing was changed. `kithbook schedule --cron --print` shows the line for it.",
        )
    return [] if done.returncode else done.stdout.splitlines()


def _set_crontab(lines: Sequence[str]) -> None:
    done = _crontab_program("-", "".join(f"{line}\n" for line in lines))
    if done.returncode:
        raise StorageError(
            f"The crontab could not be written: {done.stderr.strip()}",
            "It is as it was. `kithbook schedule --cron --print` shows the line for it.",
        )


def _crontab_program(argument: str, given: str = "") -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["crontab", argument],
            input=given,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "LC_ALL": "C"},
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ConfigError(
            "`crontab` does not work on this machine.",
            "Nothing was written. `kithbook schedule --cron --print` shows the line for a cron "
            "that is elsewhere; --systemd and --launchd write for the others.",
        ) from error


def _remove(kinds: Sequence[str]) -> None:
    """What we wrote, wherever it is."""
    gone: list[str] = []
    units = [_config_home() / "systemd" / "user" / f"{UNIT}.{end}" for end in ("timer", "service")]
    if SYSTEMD in kinds and any(one.exists() for one in units):
        _run(["systemctl", "--user", "disable", "--now", f"{UNIT}.timer"])
        gone += [_unlinked(one) for one in units if one.exists()]
        _run(["systemctl", "--user", "daemon-reload"])
    if LAUNCHD in kinds and _agent().exists():
        _run(["launchctl", "bootout", f"gui/{os.getuid()}/{LABEL}"])
        gone.append(_unlinked(_agent()))
    if CRON in kinds and shutil.which("crontab"):
        lines = _crontab()
        if any(_is_ours(line) for line in lines):
            _set_crontab([line for line in lines if not _is_ours(line)])
            gone.append("the line in the crontab")
    say(f"Removed: {', '.join(gone)}." if gone else "Nothing of kithbook's was scheduled here.")


def _unlinked(path: Path) -> str:
    path.unlink()
    return str(path)


def _config_home() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser()


def _agent() -> Path:
    return Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist"


# --- words ------------------------------------------------------------------------------------


def _told(plan: SchedulePlan, at: time) -> list[str]:
    """What was written, and what becomes of a night that the machine sleeps through."""
    when = f"Every night at {at:%H:%M}"
    if plan.kind == CRON:
        return [
            f"{when}, by this line in your crontab:",
            f"  {plan.line}",
            "cron does not make up for a night when the machine was off; the next run brings all.",
        ]
    lines = [f"{when}, by {' and '.join(str(path) for path in plan.files)}."]
    if plan.kind == LAUNCHD:
        return [*lines, "A night the Mac slept through is made up for when it wakes."]
    return [
        *lines,
        "A night the machine slept through is made up for. To run it while you are not",
        "logged in as well: loginctl enable-linger",
    ]


def _notes(config: Config) -> list[str]:
    """What works in a shell and not at night."""
    return [note for source in config.sources for note in _notes_of(source)]


def _notes_of(source: Source) -> Iterator[str]:
    for key in ("password_env", "url_env"):
        if variable := getattr(source.options, key, None):
            yield (
                f"[source.{source.name}] takes a secret from ${variable}, which a scheduled run "
                f"does not have: use {key.removesuffix('_env')}_command, or the keyring."
            )
    for key in ("password_command", "url_command"):
        program = next(iter(getattr(source.options, key, ())), "")
        found = shutil.which(program) if program else None
        if found and not shutil.which(program, path=CRON_PATH):
            yield (
                f"[source.{source.name}]: a scheduled run may not find {program}; write its whole "
                f"path in {key}: {Path(found).absolute()}"
            )
