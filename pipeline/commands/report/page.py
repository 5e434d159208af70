"""The page: templates/ filled with what was read and drawn. Whatever is put in is escaped.

Names come from strangers' invitations, so every value goes through Jinja's escaping; what does not
is the style sheet, and pictures, which `tidy_svg` rebuilt from known elements.
"""

import re
from calendar import month_abbr
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pipeline.commands.report import (
    caption_words,
    foot_words,
    number_words,
    opening_words,
    people_words,
)
from pipeline.commands.report.pictures import (
    AHEAD,
    LAST_YEAR,
    TODAY,
    Pictures,
    thread_rows,
)
from pipeline.commands.report.read_report import Person, Report, Rows, brief
from pipeline.terminal.terminal_text import plain

if TYPE_CHECKING:
    import jinja2
    import markupsafe

SECTIONS = (
    ("today", "Today"),
    ("rings", "The rings"),
    ("threads", "The threads"),
    ("stream", "The stream"),
    ("year", "The year"),
    ("faces", "New faces"),
    ("balance", "Who asks whom"),
    ("birthdays", "Birthdays"),
    ("introductions", "Introductions"),
    ("people", "Everyone"),
    ("foot", "What was left out"),
)
COMMAND = re.compile(r"`([^`]+)`")
AXIS_MONTHS = {1, 4, 7, 10}


def page(report: Report, pictures: Pictures) -> str:
    """The whole file, of what `pictures.draw` has drawn."""
    environment = _environment()
    template = environment.get_template("report.html")
    folder = files(__package__).joinpath("templates")
    markup = environment.filters["safe_svg"]
    return template.render(
        report=report,
        pictures=pictures,
        caption_words=caption_words,
        foot_words=foot_words,
        number_words=number_words,
        opening_words=opening_words,
        people_words=people_words,
        style=markup(folder.joinpath("style.css").read_text("utf-8")),
        today=f"{report.today:%A} {report.today.day} {report.today:%B %Y}",
        contents=list(_contents(report, pictures)),
        looks={one.look for one in report.people.values()},
        wider=[one for one in report.people.values() if one.ring == 4],
        friends=caption_words.friends_of(report),
        by_ring=[
            (ring, [*those])
            for ring, those in groupby(report.people.values(), key=lambda one: one.ring)
        ],
        axis={"wide": [*_axis(report, 0)], "narrow": [*_axis(report, LAST_YEAR)]},
        thread_rows=[
            (
                ring,
                None if number is None else report.people[report.threads[number]["person_id"]],
            )
            for ring, number in thread_rows(report)
        ],
        ring_rows=_ring_table(report),
        thread_table=_thread_table(report),
        stream_table=_stream_table(report),
        year_table=_year_table(report.year),
        balance_table=_balance_table(report),
    )


def _environment() -> "jinja2.Environment":
    import jinja2
    import markupsafe

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__, "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    environment.filters |= {
        "plain": plain,
        "brief": brief,
        "capital": number_words.capital,
        "side_by_side": _side_by_side,
        "line_of": line_of,
        "sentence": _sentence,
        "safe_svg": markupsafe.Markup,
    }
    return environment


def _sentence(text: str) -> "markupsafe.Markup":
    """A sentence of ours, with the commands in it as code; all else in it is escaped."""
    from markupsafe import Markup, escape

    # a pattern with one group: what it found is every second piece
    pieces = enumerate(COMMAND.split(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if place % 2 else escape(piece)
        for place, piece in pieces
    )


def _side_by_side(text: str) -> str:
    return " · ".join(plain(line) for line in text.splitlines() if line.strip())


def line_of(values: Sequence[float]) -> str:
    """A word-sized line of months as the path of an SVG, 88 wide and 22 high."""
    if len(values) < 2 or max(values) <= min(values):
        return "M0,11H88"
    low, span = min(values), max(values) - min(values)
    step = 88 / (len(values) - 1)
    points = [
        f"{number * step:.1f},{20 - 18 * (value - low) / span:.1f}"
        for number, value in enumerate(values)
    ]
    return "M" + "L".join(points)


def _contents(report: Report, pictures: Pictures) -> Iterator[tuple[str, str]]:
    there: dict[str, object] = {
        "today": True,
        "rings": pictures.rings,
        "threads": pictures.threads,
        "stream": pictures.stream or report.moves,
        "year": pictures.year,
        "faces": report.faces,
        "balance": report.balance or report.favours,
        "birthdays": report.birthdays,
        "introductions": report.introductions,
        "people": report.people,
        "foot": True,
    }
    yield from ((anchor, title) for anchor, title in SECTIONS if there[anchor])


def _axis(report: Report, begin: int) -> Iterator[tuple[str, str]]:
    """Where years (of a narrow picture: quarters) begin, in hundredths of the width; then today."""
    last = report.today.toordinal()
    span = TODAY + AHEAD - begin
    for ordinal in range(last - (TODAY - begin), last - 40):
        when = date.fromordinal(ordinal)
        is_marked = when.month == 1 if begin == 0 else when.month in AXIS_MONTHS
        if when.day == 1 and is_marked:
            name = str(when.year) if begin == 0 else month_abbr[when.month]
            yield f"{100 * (ordinal - last + TODAY - begin) / span:.2f}", name
    yield f"{100 * (TODAY - begin) / span:.2f}", "today"


def _ring_table(report: Report) -> list[list[str]]:
    friends = caption_words.friends_of(report)
    return [
        [
            one.full_name,
            caption_words.RINGS[one.ring],
            caption_words.LOOKS[one.look],
            caption_words.last_seen(one, report.today),
            _names(friends.get(one.person_id, [])),
        ]
        for one in report.people.values()
        if one.ring <= 4
    ]


def _names(people: Iterable[Person]) -> str:
    return ", ".join(one.full_name for one in people)


def _thread_table(report: Report) -> list[list[str]]:
    return [
        [
            person.full_name,
            f"{len(one['alone_days']) + len(one['company_days']):,}",
            f"{len(one['alone_days']):,}",
            caption_words.last_seen(person, report.today),
            caption_words.rhythm(person),
        ]
        for one in report.threads
        if (person := report.people.get(one["person_id"]))
    ]


def _stream_table(report: Report) -> list[list[str]]:
    return [
        [
            f"{one['month_date']:%B %Y}",
            *(f"{one[name]:,}" for name in ("n5", "n15", "n50", "n_all")),
        ]
        for one in reversed(report.stream)
    ]


def _year_table(year: Rows) -> list[list[str]]:
    rows = []
    for _, days in groupby(year, key=lambda one: one["month_number"]):
        month = [*days]
        people = [one["people"] or 0 for one in month]
        rows.append(
            [f"{month[0]['date']:%B %Y}", f"{sum(bool(one) for one in people)}", f"{max(people):,}"]
        )
    return rows


def _balance_table(report: Report) -> list[list[str]]:
    def of(one: dict[str, Any], yes: str, asked: str) -> str:
        return f"{one[yes]:,} of {one[asked]:,}" if one[asked] else ""

    return [
        [
            report.people[one["person_id"]].full_name,
            f"{one['owner_days']:,}",
            f"{one['person_days']:,}",
            of(one, "times_yes", "times_asked"),
            of(one, "owner_times_yes", "owner_times_asked"),
        ]
        for one in report.balance
    ]
