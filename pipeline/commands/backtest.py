"""`kithbook backtest`: the rules tried on the book's own past, with what was known then.

The rows are those of main.backtest, worked out anew from the state in memory: by the config as it
is now, and with --set as it might be.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import typer

from pipeline.book import build, run_lock, state_file, store
from pipeline.book.queries import query
from pipeline.command_session import Session, rows_as_dicts
from pipeline.commands.backtest_words import Replay, Totals, screen, verdict
from pipeline.commands.options import Changes, Json
from pipeline.commands.what_if import changed_config, published_clock
from pipeline.config import Config
from pipeline.terminal.printing import show_json, show_wrapped

TABLES = ("main.backtest", "judgement.monthly_strengths", "judgement.person_decisions")
"""The rows, and what the query of the answers reads."""

ROWS = "select * from main.backtest order by all"


def command(
    context: typer.Context,
    changes: Changes = None,
    as_json: Json = False,
) -> None:
    """How well the rules would have judged your own past; nothing is written.

    With --set: how other numbers would have, beside them.

    Example: kithbook backtest --set rules.check_in_floor_days=45
    """
    show_backtest(context.obj, changes or (), as_json=as_json)


def show_backtest(session: Session, changes: Sequence[str], *, as_json: bool = False) -> None:
    """Print what each rule would have said of the book's past, and what that proves.

    :raises UsageError: a change cannot be tried. :raises ConfigError: the config makes no sense.
    """
    session.looking().close()
    configs = [session.config_or_guess()]
    if changes:
        configs.append(changed_config(session, changes))
    with run_lock.acquire(session.folder, "backtest"):
        # in the layout of this version
        state_file.open_state(session.folder, configs[0].owner.time_zone).close()
        replays = [replay(session, config) for config in configs]
    if as_json:
        show_json([as_dict(one) for one in replays])
    else:
        show_wrapped(screen(replays))


def replay(session: Session, config: Config) -> Replay:
    """The book's past by these rules."""
    folder = session.folder
    with contextlib.closing(store.open_beside(folder, config.owner.time_zone)) as connection:
        now = published_clock(connection)
        build.build_layers(connection, config, folder, now, TABLES)
        months = rows_as_dicts(connection.execute(ROWS))
        answers = rows_as_dicts(connection.execute(query("backtest_answers")))[0]
    return Replay(months, answers)


def as_dict(found: Replay) -> dict[str, Any]:
    """A replay for a script: its rows, what they come to, and the verdict."""
    rules = dict.fromkeys(one["rule"] for one in found.months)
    return {
        "verdict": verdict(found),
        "totals": {rule: asdict(Totals.of(found.months, rule)) for rule in rules},
        "answers": found.answers,
        "months": found.months,
    }
