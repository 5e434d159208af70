"""The pictures: a Vega-Lite spec each (specs/), filled with rows and drawn as static SVG.

Each is drawn for three widths of the screen; the page shows the one that fits. Colours are the
page's own variables, so one drawing serves the light, the dark and paper.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

from connectors.errors import UsageError
from pipeline.commands.report import caption_words
from pipeline.commands.report.labels import label
from pipeline.commands.report.read_report import Report, RingLayout, layout_for
from pipeline.commands.report.tidy_svg import tidy

Drawn = dict[str, str]
"""An SVG each for wide, medium and narrow screens."""

VEGA_LITE = "6.1"
"""The version that the specs are written for."""

LIBRARIES = ("vl_convert", "jinja2")
"""What draws and fills the page: the extra `report` of pyproject.toml."""
INSTALL = "pipx install --force '.[report]' from the checkout (or: uv tool install '.[report]')"

TODAY = 1096
"""The day of report_threads that is today."""
AHEAD = 75
"""Days after today that a thread has room for."""
LAST_YEAR = 731
"""The day from which a narrow picture shows threads."""
PLOT_WIDTH = {"wide": 720, "narrow": 350}
ROW_HEIGHT = {"wide": 25, "narrow": 46}

STREAM = {
    "wide": (1128, 300, 102),
    "medium": (680, 240, 96),
    "narrow": (350, 230, 84),
}
"""Width, height, and the room of the words at the right."""
CALENDAR = {"wide": (6, 23, 195, 166), "medium": (4, 22, 174, 158), "narrow": (3, 15, 122, 116)}
"""Months a row, a day's side, a month's width and height."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """All pictures of a page; one that has nothing to show is empty."""

    rings: Drawn
    threads: Drawn
    stream: Drawn
    year: Drawn


def draw(report: Report) -> Pictures:
    """Draw what there is to draw.

    :raises UsageError: a library of the extra `report` is not installed.
    """
    if not can_draw():
        raise UsageError(
            "The page needs two libraries that are not installed. Nothing was written.", INSTALL
        )
    render = _renderer() if report.closest else _nothing_to_draw
    return Pictures(
        rings=dict(_rings(report, render)) if report.closest else {},
        threads=dict(_threads(report, render)) if report.threads else {},
        stream=dict(_stream(report, render)) if caption_words.has_stream(report) else {},
        year=dict(_year(report, render)) if caption_words.year_caption(report) else {},
    )


def can_draw() -> bool:
    """Whether the libraries are there, without loading them."""
    return all(find_spec(name) for name in LIBRARIES)


Render = Callable[[dict[str, Any]], str]


def _renderer() -> Render:
    """Spec → SVG. It is heavy (1.4 s the first time), so only what draws imports it."""
    import vl_convert

    def render(spec: dict[str, Any]) -> str:
        return str(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[]))

    return render


def _nothing_to_draw(spec: dict[str, Any]) -> str:
    raise AssertionError(spec["description"])


def _filled(
    name: str, width: float, height: float, params: dict[str, Any], **datasets: object
) -> dict[str, Any]:
    """The spec of that name with its numbers and rows."""
    text = files(__package__).joinpath("specs", f"{name}.vl.json").read_text("utf-8")
    spec: dict[str, Any] = json.loads(text)
    spec |= {"width": width, "height": height, "datasets": datasets}
    spec["params"] = [
        one | {"value": params.get(one["name"], one["value"])} for one in spec["params"]
    ]
    return spec


def _rings(report: Report, render: Render) -> Iterator[tuple[str, str]]:
    n_close = sum(one.ring <= 4 for one in report.people.values())
    for name, places in report.rings.items():
        layout = layout_for(name, n_close)
        spec = _ring_spec(report, layout, places)
        yield name, tidy(render(spec), f"rings {name}", label="Names, each a link to its paragraph")


def _ring_spec(report: Report, layout: RingLayout, places: list[dict[str, Any]]) -> dict[str, Any]:
    big, small, moon, gap = (14, 12.5, 169, 10.5) if layout.is_whole else (13.5, 12, 121, 9.5)
    outer = layout.radii[-1]
    reach = outer + gap + layout.limits[-1]
    middle_x, width = (reach, 2 * reach) if layout.is_whole else (14, 14 + reach)
    middle_y = outer + 14
    people = []
    lines = []
    for place in places:
        person = report.people[place["person_id"]]
        is_close = place["ring"] == 1
        side = 1 if place["is_right"] else -1
        people.append(
            {
                "x": middle_x + place["x"],
                "y": middle_y + place["y"],
                "label_x": middle_x + place["x"] + side * gap,
                "is_right": place["is_right"],
                "is_close": is_close,
                "look": person.look,
                "link": f"#p{person.person_id}",
                "label": label(
                    person.name,
                    layout.limits[place["ring"] - 1],
                    big if is_close else small,
                    person.place,
                    is_bold=is_close,
                ),
            }
        )
        for curve in place["curves"]:
            line = f"{person.person_id} {curve['other_id']}"
            lines += [
                {
                    "line": line,
                    "step": step,
                    "shared": curve["shared"],
                    "x": middle_x + x,
                    "y": middle_y + y,
                }
                for step, (x, y) in enumerate(curve["points"])
            ]
    many = len({one["line"] for one in lines}) > 30
    return _filled(
        "rings",
        width,
        2 * middle_y,
        {
            "name_size": small,
            "close_size": big,
            "moon_size": moon,
            "line_opacity": 0.6 if many else 1,
            "owner_align": "center" if layout.is_whole else "left",
        },
        rings=[
            {"x": middle_x, "y": middle_y, "size": (2 * radius) ** 2} for radius in layout.radii
        ],
        lines=lines,
        people=people,
        owner=[{"x": middle_x, "y": middle_y, "name": report.owner or "You"}],
    )


def thread_rows(report: Report) -> list[tuple[int, int | None]]:
    """The rows of the threads: a ring's name before those in it, then a person's thread each.

    As (ring, number of the thread), with None for the name of a ring.
    """
    rows: list[tuple[int, int | None]] = []
    for number, thread in enumerate(report.threads):
        ring = report.people[thread["person_id"]].ring
        if not rows or rows[-1][0] != ring:
            rows.append((ring, None))
        rows.append((ring, number))
    return rows


def _threads(report: Report, render: Render) -> Iterator[tuple[str, str]]:
    for name in PLOT_WIDTH:
        spec = _thread_spec(report, is_narrow=name == "narrow")
        shown = "narrow" if name == "narrow" else "not-narrow"
        yield name, tidy(render(spec), shown, is_stretched=True)


def _thread_spec(report: Report, *, is_narrow: bool) -> dict[str, Any]:
    name = "narrow" if is_narrow else "wide"
    width, row_height = PLOT_WIDTH[name], ROW_HEIGHT[name]
    begin = LAST_YEAR if is_narrow else 0
    long, short = (7.6, 4.4) if is_narrow else (7.2, 4.2)
    rows = thread_rows(report)

    def across(day: float) -> float:
        clipped = min(max(day, begin), TODAY + AHEAD)
        return round((clipped - begin) * width / (TODAY + AHEAD - begin), 1)

    marks: dict[str, list[dict[str, Any]]] = {
        one: [] for one in ("rhythm", "quiet", "company", "alone", "today")
    }
    for place, (_, number) in enumerate(rows):
        if number is None:
            continue
        # On a phone the name stands above the thread.
        y = (place + (0.72 if is_narrow else 0.5)) * row_height
        thread = report.threads[number]
        marks["rhythm"] += [
            {"x": across(first), "x2": across(last), "y": y}
            for first, last in thread["stretches"]
            if last > begin
        ]
        if thread["quiet_from"] is not None:
            marks["quiet"].append({"x": across(thread["quiet_from"]), "x2": across(TODAY), "y": y})
        for kind, half in (("company", short), ("alone", long)):
            for day in thread[f"{kind}_days"]:
                if day >= begin:
                    x = across(day)
                    marks[kind] += [
                        {"row": place, "x": x, "y": y - half},
                        {"row": place, "x": x, "y": y + half},
                        {"row": place, "x": x, "y": None},
                    ]
        if is_narrow:
            marks["today"].append({"x": across(TODAY), "y": y - 10, "y2": y + 10})
    height = len(rows) * row_height
    if not is_narrow:
        marks["today"].append({"x": across(TODAY), "y": 0, "y2": height})
    return _filled("threads", width, height, {"band_width": 11 if is_narrow else 10.5}, **marks)


def _stream(report: Report, render: Render) -> Iterator[tuple[str, str]]:
    for name, (width, height, words) in STREAM.items():
        yield name, tidy(render(_stream_spec(report, width, height, words)), name)


def _stream_spec(report: Report, width: int, height: int, words: int) -> dict[str, Any]:
    months = report.stream
    step = (width - words) / (len(months) - 1)
    middle = (height + 20) / 2
    most = max(max(one["mean150"], one["mean50"]) for one in months)
    unit = (height - 20) / 2 / most
    bounds = ("mean5", "mean15", "mean50", "mean150")
    layers = []
    for number, one in enumerate(months):
        inner = 0.0
        for layer, bound in enumerate(bounds, start=1):
            outer = max(inner, float(one[bound]))
            layers += [
                {"month": number, "layer": layer, "side": side, "inner": inner, "outer": outer}
                for side in (1, -1)
            ]
            inner = outer
    years = [
        {
            "month": number,
            "year": str(one["month_date"].year),
            "y": 20,
            "y2": height,
            "label_y": 2,
        }
        for number, one in enumerate(months)
        if one["month_date"].month == 1 and number < len(months) - 2
    ]
    return _filled(
        "stream",
        width,
        height,
        {"step": step, "middle": middle, "unit": unit, "label_x": width - words + 8},
        layers=layers,
        years=years,
        labels=_stream_labels(months[-1], middle, unit),
    )


def _stream_labels(last: dict[str, Any], middle: float, unit: float) -> list[dict[str, Any]]:
    """What each layer is today, beside its end; pushed apart where two would touch."""
    named = [("closest", last["n5"]), ("close", last["n15"]), ("good ties", last["n50"])]
    named.append(("others", last["n150"]))
    found: list[dict[str, Any]] = []
    inner, y = 0, middle + 18
    for words, outer in named:
        if outer > inner or not found:
            centre = middle if not found else middle - (inner + outer) / 2 * unit
            y = min(centre, y - 18)
            found.append({"y": y, "text": f"{outer - inner:,} {words}"})
        inner = max(inner, outer)
    return found


def _year(report: Report, render: Render) -> Iterator[tuple[str, str]]:
    first: dict[int, Any] = {}
    days = []
    for one in report.year:
        first.setdefault(one["month_number"], one["date"])
        if one["people"] is not None:
            days.append({key: value for key, value in one.items() if key != "date"})
    months = [
        {
            "month_number": number,
            "name": f"{when:%B %Y}" if number == 0 or when.month == 1 else f"{when:%B}",
        }
        for number, when in first.items()
    ]
    for name, (per_row, cell, month_width, month_height) in CALENDAR.items():
        params = {
            "per_row": per_row,
            "cell": cell,
            "month_width": month_width,
            "month_height": month_height,
        }
        width = (per_row - 1) * month_width + 7 * cell
        height = 12 // per_row * month_height
        spec = _filled("year", width, height, params, days=days, months=months)
        yield name, tidy(render(spec), name)
