"""What sources of every format do alike that are a file or folder, or else a web address."""

from pathlib import Path

from connectors.contract import Access
from connectors.file_source import size_of
from connectors.http import Patience
from connectors.web.options import PlaceOptions
from connectors.web.subscription import SubscribedFormat, Subscription


class FileOrUrlSource:
    """Where a source stands. Nothing is read or asked before the first pull."""

    def __init__(
        self,
        options: PlaceOptions,
        access: Access,
        form: SubscribedFormat,
        patience: Patience | None,
    ) -> None:
        """:param form: how what stands at an address is read."""
        self._access = access
        self._path = Path(options.path or "").expanduser()
        options.check(f"[source.{access.source}]")
        self._subscription = (
            Subscription(options, access, form, patience) if options.is_subscription else None
        )

    def size(self) -> int:
        """How many bytes there are to read; an address says only when it is asked."""
        return 0 if self._subscription is not None else size_of(self._path)

    def probe(self) -> None:
        """Try the address, of which the collections say nothing; a path they have tried.

        :raises LoginError, SourceUnreachable, SourceError: it cannot be read.
        """
        if self._subscription is not None:
            self._subscription.probe()
