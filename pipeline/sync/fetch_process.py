"""Long files are read in a process of their own: parsing and writing then share no interpreter.

The child imports no DuckDB and writes nothing; it tells what it reads through a pipe and blocks
when the writer is behind, so that memory does not grow with the file. When we end, however we
end, its next word meets a closed pipe and ends it too.
"""

import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Generator, Mapping
from dataclasses import replace
from typing import IO, cast

from connectors.errors import KithbookError, SourceError
from pipeline.book.bulk_insert import seldom_collecting
from pipeline.config import Config, Source
from pipeline.sync.fetch import Delivery, Known, connect, deliveries

PIPE_BYTES = 1 << 20

ALLOCATOR = {"MALLOC_TOP_PAD_": str(16 << 20)}
"""For glibc: do not give a page back only to ask for it again (a twentieth of the time)."""

AT_ONCE = threading.BoundedSemaphore(2)
"""Of many long files only so many are read side by side."""

CHILD = """
import pickle, sys
try:
    sys.path[:] = pickle.load(sys.stdin.buffer)
except EOFError:
    sys.exit()  # nobody listens any more
from pipeline.sync.fetch_process import main
main()
"""


def deliveries_apart(
    source: Source, config: Config, known: Mapping[str, Known]
) -> Generator[Delivery]:
    """What `fetch.deliveries` gives, from a child process."""
    with AT_ONCE, _child() as child:
        try:
            yield from _heard(child, source, config, known)
        finally:
            child.kill()


def _child() -> "subprocess.Popen[bytes]":
    """No cwd in its path; and Ctrl-C is for us alone, who know what to say then."""
    return subprocess.Popen(
        [sys.executable, "-P", "-c", CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=PIPE_BYTES,
        pipesize=PIPE_BYTES,
        start_new_session=True,
        env=ALLOCATOR | os.environ,
    )


def _heard(
    child: "subprocess.Popen[bytes]", source: Source, config: Config, known: Mapping[str, Known]
) -> Generator[Delivery]:
    ask, answers = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
    try:
        with ask:
            for told in (sys.path, (source, config, dict(known))):
                pickle.dump(told, ask, pickle.HIGHEST_PROTOCOL)
        while True:
            delivery: Delivery = pickle.load(answers)  # noqa: S301 (our own child's words)
            is_last = delivery.finished
            yield delivery
            del delivery  # while the next one is waited for
            if is_last:
                return
    except (EOFError, BrokenPipeError, pickle.UnpicklingError):
        yield Delivery(source.name, error=_ended(source, child.wait()), finished=True)


def _ended(source: Source, code: int) -> SourceError:
    how = f"was stopped by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
    return SourceError(
        f"{source.name}: the process that reads it {how}. What was read before stays; nothing was "
        "taken for gone.",
        "Run it again; if that repeats, check that there is enough memory: free -m",
    )


def main() -> None:
    """The child: a source and what is known of it on stdin, what it says on stdout."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        source, config, known = pickle.load(sys.stdin.buffer)  # noqa: S301 (our own parent's words)
    except (EOFError, pickle.UnpicklingError):
        return  # nobody listens any more
    with os.fdopen(os.dup(1), "wb", PIPE_BYTES) as out, seldom_collecting():
        os.dup2(2, 1)  # nobody's print may get between our words
        for delivery in deliveries(connect(source, config), source.name, known):
            _tell(delivery, out)
            del delivery  # while the next one is made


def _tell(delivery: Delivery, out: IO[bytes]) -> None:
    if delivery.error and not isinstance(delivery.error, KithbookError):
        delivery = replace(delivery, error=_portable(delivery.error))
    pickle.dump(delivery, out, pickle.HIGHEST_PROTOCOL)
    out.flush()


def _portable(error: BaseException) -> BaseException:
    """A bug's error with its traceback, which a pickle leaves behind."""
    trace = "".join(traceback.format_exception(error))
    try:
        copied: BaseException = pickle.loads(pickle.dumps(error))  # noqa: S301 (made just here)
    except Exception:  # noqa: BLE001 (whatever a foreign class does when it is copied)
        copied = RuntimeError(f"{type(error).__name__}: {error}")
    copied.add_note(f"In the process that reads the source:\n{trace}")
    return copied
