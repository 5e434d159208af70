"""The two plots of docs/tie-strength.md, from the demo's book and the project's own SQL."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import matplotlib as mpl
from matplotlib import pyplot as plt

from pipeline.command_session import Session
from pipeline.commands.demo import demo_book
from pipeline.sync import run

HERE = Path(__file__).parent
AS_OF = "2026-11-18"

STRENGTHS = """
select ties.display_name, ties_by_month.month_date, ties_by_month.strength
from main.ties_by_month
inner join main.ties on ties_by_month.person_id = ties.person_id
where ties.strength_rank in (4, 7, 13) and month_date >= date '2024-06-01'
order by ties.strength_rank, month_date
"""

CADENCES = """
select
    cadences.typical_days,
    cadences.due_after_days,
    cadences.n_gaps
from judgement.cadences
where cadences.cadence_source = 'learned'
order by cadences.typical_days
"""


def main() -> None:
    """Write both plots beside this file."""
    # The same bytes for the same book, so that a change of a plot is a change of what it shows.
    mpl.rcParams.update({"svg.hashsalt": "kithbook", "svg.fonttype": "none", "font.size": 10})
    with tempfile.TemporaryDirectory() as folder:
        demo_book.write(Path(folder), date.fromisoformat(AS_OF))
        session = Session(Path(folder) / "config.toml", as_of=AS_OF)
        config = session.config()
        now = session.now(config.owner.zone)
        run.sync(config, now)
        layers = Path(folder) / "layers.duckdb"
        run.rebuild(config, now, layers=layers)
        with duckdb.connect(layers, read_only=True) as connection:
            plot_strengths(connection.execute(STRENGTHS).fetchall())
            plot_cadences(connection.execute(CADENCES).fetchall())


def plot_strengths(rows: list[tuple[Any, ...]]) -> None:
    """Three ties month by month: one steady, two cooling."""
    figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
    for name in dict.fromkeys(row[0] for row in rows):
        months = [row[1] for row in rows if row[0] == name]
        values = [row[2] for row in rows if row[0] == name]
        axes.plot(months, values, label=name)
    axes.set_ylabel("strength at the month's end")
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False)
    save(figure, "strength.svg")


def plot_cadences(rows: list[tuple[Any, ...]]) -> None:
    """Each person's usual silence against the silence after which they are due."""
    figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
    for label, least, most, marker in (
        ("up to 5 gaps", 0, 5, "x"),
        ("6 to 20", 6, 20, "o"),
        ("more than 20", 21, 100_000, "s"),
    ):
        some = [row for row in rows if least <= row[2] <= most]
        axes.scatter([r[0] for r in some], [r[1] for r in some], s=18, marker=marker, label=label)
    ends = [min(row[0] for row in rows), max(row[0] for row in rows)]
    axes.plot(ends, ends, color="grey", linewidth=0.8, label="due after the usual silence")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("usual silence, days")
    axes.set_ylabel("due after, days")
    axes.legend(frameon=False)
    save(figure, "cadence.svg")


def save(figure: Any, name: str) -> None:
    """As SVG without the date of its making."""
    figure.savefig(HERE / name, metadata={"Date": None})
    plt.close(figure)


if __name__ == "__main__":
    main()
