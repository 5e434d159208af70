"""What `kithbook backtest` says: the table, the strength, the answers, and an honest verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Any, Self

from pipeline.terminal.printing import fitted
from pipeline.terminal.terminal_text import count

RULES = {
    "learned": "kithbook",
    "every_90_days": "every 90 days",
    "twice_the_median": "twice the median",
}
"""The rules as columns: the cadence as it is learned, and two that anybody could follow."""

LEAST_NAMED = 100
LEAST_MONTHS = 12
LEAST_PEOPLE = 20
"""Below these the book is too short: namings of which a year is known, in so many months; and,
for the strength, people in touch and as many who are not."""

IN_FIVE = 0.8
NEAR = 0.05
"""Four in five holds when so near to it: what it was off by on the records it was chosen on."""

CLEAR = 2.0
"""A difference is clear from so many standard errors on."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Replay:
    """The past of a book by one set of rules."""

    months: Sequence[Row]
    """Rows of main.backtest."""
    answers: Row
    """The row of backtest_answers."""

    def strength(self) -> Row | None:
        """The last month of which a year before is known."""
        known = [one for one in self.months if one["strength_auc"] is not None]
        return known[-1] if known else None


@dataclass(frozen=True, slots=True)
class Totals:
    """What the months of a rule come to; but for the returns, those a year or more ago."""

    months: int = 0
    first: date | None = None
    last: date | None = None
    named: int = 0
    came_by_themselves: int = 0
    came_later: int = 0
    never_came: int = 0
    came_after_task: int = 0
    returns: int = 0
    returns_in_time: int = 0

    @classmethod
    def of(cls, months: Sequence[Row], rule: str) -> Self:
        """The sums over the months of a rule."""
        rows = [one for one in months if one["rule"] == rule]
        settled = [one for one in rows if one["is_settled"] and one["named"]]
        dates = [one["month_date"] for one in settled]

        def total(name: str, of: Sequence[Row] = settled) -> int:
            return sum(int(one[name]) for one in of)

        return cls(
            len(settled),
            min(dates, default=None),
            max(dates, default=None),
            total("named"),
            total("came_by_themselves"),
            total("came_later"),
            total("never_came"),
            total("came_after_task"),
            total("returns", rows),
            total("returns_in_time", rows),
        )

    @property
    def judged(self) -> int:
        """Of those named, whom no task of ours brought back."""
        return self.named - self.came_after_task

    @property
    def nags(self) -> float:
        """The share who came by themselves within a fortnight."""
        return self.came_by_themselves / max(self.judged, 1)

    @property
    def held(self) -> float:
        """The share of returns within the silence that the rule thinks usual."""
        return self.returns_in_time / max(self.returns, 1)

    @property
    def is_enough(self) -> bool:
        """Whether the book is long enough for a verdict."""
        return self.judged >= LEAST_NAMED and self.months >= LEAST_MONTHS


def screen(replays: Sequence[Replay]) -> list[str]:
    """All that is printed, for one set of rules or for two beside each other."""
    now = replays[0]
    columns = {title: Totals.of(now.months, rule) for rule, title in RULES.items()}
    if len(replays) > 1:
        columns = {"with your numbers": Totals.of(replays[1].months, "learned"), **columns}
    learned = columns[RULES["learned"]]
    return [
        f"Your book's past{_span(learned)}, judged by what was known then:",
        "",
        *(
            _table(columns)
            if learned.named
            else ["Nobody would have been named a year or more ago."]
        ),
        "",
        *strength_lines(now),
        *answer_lines(now.answers),
        "",
        *verdict(now),
        *(difference(learned, columns["with your numbers"]) if len(replays) > 1 else []),
    ]


def _span(learned: Totals) -> str:
    if learned.first is None or learned.last is None:
        return ""
    return f" from {learned.first:%B %Y} to {learned.last:%B %Y}"


def _table(columns: Mapping[str, Totals]) -> list[str]:
    """What each rule would have said, and what came of it in the year after."""
    found = list(columns.values())
    rows = [
        ("times it would have named somebody", *(f"{one.named:,}" for one in found)),
        (
            "  came by themselves within a fortnight",
            *(_share(one, "came_by_themselves") for one in found),
        ),
        ("  came later within a year", *(_share(one, "came_later") for one in found)),
        (
            "  did not come within a year: rightly named",
            *(_share(one, "never_came") for one in found),
        ),
        (
            "  came after a task of ours (in no share)",
            *(f"{one.came_after_task:,}" for one in found),
        ),
        ("returns within what it thinks usual", *(_percent(one.held) for one in found)),
    ]
    return fitted(("", *columns), rows)


def _share(one: Totals, name: str) -> str:
    return _percent(getattr(one, name) / one.judged) if one.judged else "-"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def strength_lines(found: Replay) -> list[str]:
    """How well the strength of a year ago tells who is in touch now."""
    last = found.strength()
    if last is None or not _is_telling(last):
        return [
            (
                "Strength: too few people were known a year ago to say how well it tells; it takes"
                f" {LEAST_PEOPLE} who are in touch now and {LEAST_PEOPLE} who are not."
            )
        ]
    return [
        (
            "Strength: of two people known a year ago, one in touch now and one not, it put the"
            f" right one first in {_in_hundred(last['strength_auc'])} cases of 100; how long they"
            f" had been silent did in {_in_hundred(last['silence_auc'])}, a coin does in 50"
            f" ({last['in_touch']:,} of {count(last['known'], 'person', 'people')} are in touch)."
        )
    ]


def answer_lines(answers: Row) -> list[str]:
    """How the answers given in `choose` agree with the ranks."""
    if not answers["pairs"]:
        return ["Your answers: none yet to hold the ranks against; `kithbook choose` asks."]
    return [
        (
            f"Your answers: {answers['kept']:,} kept, {answers['put_off']:,} put off; whom you kept"
            f" ranked above whom you put off in {_in_hundred(answers['agreed'] / answers['pairs'])}"
            " cases of 100."
        )
    ]


def _in_hundred(share: float) -> int:
    return round(100 * share)


def _is_telling(row: Row) -> bool:
    return bool(min(row["in_touch"], row["known"] - row["in_touch"]) >= LEAST_PEOPLE)


def verdict(found: Replay) -> list[str]:
    """What the figures prove, and what they do not."""
    by_rule = {rule: Totals.of(found.months, rule) for rule in RULES}
    learned = by_rule.pop("learned")
    if not learned.is_enough:
        return [
            (
                "Verdict: your book is too short to say. A year or more ago somebody would have"
                f" been named {count(learned.judged, 'time')} in {count(learned.months, 'month')};"
                f" it takes {LEAST_NAMED} in {LEAST_MONTHS} to tell a rule from luck."
            )
        ]
    rarest = min(
        (one for one in by_rule.values() if one.judged), key=lambda one: one.nags, default=None
    )
    lines = []
    if rarest is None:
        lines.append("Verdict: the two simple rules would have named nobody.")
    elif is_clear(learned, rarest):
        better = learned.nags < rarest.nags
        lines.append(
            "Verdict: kithbook would have nagged you less than either simple rule."
            if better
            else "Verdict: a simple rule would have nagged you less than kithbook. Try a longer"
            " floor: `kithbook backtest --set rules.check_in_floor_days=60`."
        )
    else:
        lines.append("Verdict: no clear difference between kithbook and the better simple rule.")
    lines.append(_calibration(learned))
    last = found.strength()
    if last is not None and _is_telling(last):
        lines.append(
            "The strength tells who stays in touch."
            if last["strength_auc"] >= 0.7
            else "The strength tells little of who stays in touch."
        )
    return lines


def _calibration(learned: Totals) -> str:
    """Whether four in five returns came before it was called long."""
    off = learned.held - IN_FIVE
    if abs(off) <= NEAR:
        return f"“Four in five” held: {_percent(learned.held)} of the returns came in time."
    way = "too patient" if off > 0 else "too impatient"
    z = "0.5244" if off > 0 else "1.2816"
    return (
        f"“Four in five” did not hold: {_percent(learned.held)} of the returns came in time, so it"
        f" is {way}. Try `kithbook backtest --set rules.cadence_quantile_z={z}`."
    )


def difference(now: Totals, then: Totals) -> list[str]:
    """What other numbers would change."""
    if not (now.is_enough and then.is_enough):
        return ["With your numbers: too little to say."]
    fewer = "fewer" if then.nags < now.nags else "more"
    what = f"{fewer} nags" if is_clear(now, then) else "no clear difference in nags"
    return [
        (
            f"With your numbers: {what} ({_percent(then.nags)}, now {_percent(now.nags)}),"
            f" {then.named:,} named where it is {now.named:,}."
        )
    ]


def is_clear(one: Totals, other: Totals) -> bool:
    """Whether two shares of nags differ by more than chance (pooled standard error)."""
    both = one.judged + other.judged
    share = (one.came_by_themselves + other.came_by_themselves) / both
    error = sqrt(share * (1 - share) * (1 / one.judged + 1 / other.judged))
    return abs(one.nags - other.nags) > CLEAR * error
