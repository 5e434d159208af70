"""The warnings that reading one item leaves: lines that were left out or read by guess."""

from collections.abc import Sequence
from dataclasses import replace

from connectors.content_lines import numbered_lines
from connectors.contract import Reject

MAX_WARNINGS = 20


class Notes:
    """The warnings of one expansion, each with the line; after MAX_WARNINGS only their number."""

    def __init__(self) -> None:
        self.rejects: list[Reject] = []
        self._left_out = 0

    def warn(self, reason: str, line: str = "") -> None:
        """Note that a line or property was left out or read by guess."""
        if len(self.rejects) < MAX_WARNINGS:
            content = line[:1000].encode("utf-8", "replace")
            self.rejects.append(Reject(reason, content=content, is_warning=True))
        else:
            self._left_out += 1

    def finish(self, bodies: Sequence[bytes]) -> list[Reject]:
        """All of them, with the number of the line where it can be found in one of the bodies."""
        lines: dict[bytes, int] = {}
        if any(reject.content for reject in self.rejects):
            for body in bodies:
                for number, line in numbered_lines(body):
                    lines.setdefault(line.rpartition(b":")[2][:1000], number)
        found = [
            replace(reject, position=lines.get(reject.content.rpartition(b":")[2]))
            if reject.content
            else reject
            for reject in self.rejects
        ]
        if self._left_out:
            reason = f"{self._left_out:,} more warnings of this kind were left out"
            found.append(Reject(reason, is_warning=True))
        return found
