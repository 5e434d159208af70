"""How far one call of `init` is: the config so far, and what is being tried."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.contract import Collection, Connector
from connectors.errors import ConfigError, KithbookError
from pipeline.book.folder import read_toml
from pipeline.command_session import Session
from pipeline.commands.init.allow_hosts import write_config
from pipeline.commands.init.ask_password import Section
from pipeline.commands.init.prompts import Questions


@dataclass(slots=True)
class Setup:
    """One call of `init`."""

    session: Session
    given: Mapping[str, Any]
    questions: Questions
    has_no_list: bool = False
    """The follow-ups are to stand nowhere."""
    text: str = ""
    """The config as it is to be, all tried."""

    @property
    def path(self) -> Path:
        """The config."""
        return self.session.config_path

    @property
    def draft(self) -> Session:
        """What is being tried stands beside the config, so that paths in it mean the same."""
        path = self.path.with_name(self.path.name + ".draft")
        return Session(path, self.session.data, self.session.as_of)

    def keep(self, text: str) -> None:
        """As far as answered."""
        write_config(self.draft.config_path, text)

    def left_over(self) -> dict[str, Any]:
        """What an earlier call left in the draft."""
        try:
            return read_toml(self.draft.config_path) if self.draft.config_path.exists() else {}
        except ConfigError:
            return {}

    def settle(self, text: str) -> None:
        """It is the config now."""
        self.text = text
        write_config(self.path, text)
        self.draft.config_path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a source: the section, the config with it, and what it has or why not."""

    section: Section
    text: str
    connector: Connector | None = None
    collections: Sequence[Collection] = ()
    error: KithbookError | None = None
