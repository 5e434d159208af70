"""The report as plain text: the page's own sentences, without its pictures."""

from collections.abc import Iterator

from pipeline.commands.report import (
    caption_words,
    foot_words,
    number_words,
    opening_words,
    people_words,
)
from pipeline.commands.report.read_report import Report
from pipeline.terminal.styles import bold
from pipeline.terminal.terminal_text import day, pad, plain, width


def text_lines(report: Report) -> list[str]:
    """The report as lines of text, an empty one between two parts."""
    lines = [report.stale, ""] if report.stale else []
    lines += [f"{report.today:%A} {day(report.today, report.today)}", ""]
    lines += [" ".join(opening_words.answer(report))]
    for title, part in _parts(report):
        lines += ["", bold(title), *(f"  {line}" for line in part)]
    return lines


def _parts(report: Report) -> Iterator[tuple[str, list[str]]]:
    yield opening_words.today_title(report), _today(report)
    parts = (
        ("The people around you", _rings(report)),
        (
            "Three years, a thread each",
            caption_words.threads_caption(report) if report.threads else [],
        ),
        (
            "The stream",
            caption_words.stream_caption(report) if caption_words.has_stream(report) else [],
        ),
        ("Came closer this year", _moves(report, is_closer=True)),
        ("You saw less of", _moves(report, is_closer=False)),
        ("The year", caption_words.year_caption(report)),
        ("New faces", _faces(report)),
        ("Who asks whom", _balance(report)),
        (people_words.birthdays_title(report), _birthdays(report)),
        ("They might like each other", _introductions(report)),
        (
            "How fresh this is, and what was left out",
            [*foot_words.freshness(report), foot_words.could_not_read(report), *_left_out(report)],
        ),
    )
    yield from ((title, part) for title, part in parts if part)


def _today(report: Report) -> list[str]:
    due = opening_words.todays(report)
    lines = [] if due else opening_words.today_lede(report)
    for one in due:
        lines += [f"{plain(one['display_name'])}: {plain(one['reason'])}"]
    week = [
        f"{plain(one['display_name'])} on {people_words.birthday_day(one)}"
        for one in opening_words.birthdays_this_week(report)
    ]
    lines += [f"Birthdays this week: {number_words.listed(week)}."] if week else []
    return [*lines, *opening_words.today_after(report)]


def _rings(report: Report) -> list[str]:
    if not report.closest:
        return []
    lines = []
    for ring in (1, 2):
        names = [one.full_name for one in report.closest if one.ring == ring]
        if names:
            lines.append(f"{caption_words.RINGS[ring]}: {', '.join(names)}.")
    return [*lines, *caption_words.rings_caption(report)]


def _moves(report: Report, *, is_closer: bool) -> list[str]:
    return _aligned(
        [
            (report.people[one["person_id"]].full_name, caption_words.moved(one, report.today))
            for one in report.moves
            if one["is_closer"] == is_closer
        ]
    )


def _faces(report: Report) -> list[str]:
    if not report.faces:
        return []
    rows = [
        (plain(one["display_name"]), people_words.face_words(one, report.today))
        for one in report.faces
    ]
    return [people_words.faces_lede(report), *_aligned(rows)]


def _balance(report: Report) -> list[str]:
    lines = [people_words.balance_lede(report)] if report.balance else []
    for words, people, more in people_words.balance_bins(report):
        if people:
            names = [one.full_name for one in people]
            names += [f"{number_words.number(more)} more"] if more else []
            lines.append(f"{number_words.capital(words)}: {number_words.listed(names)}.")
    lines += people_words.answers(report)
    said = people_words.favours(report)
    return [*lines, said] if said else lines


def _birthdays(report: Report) -> list[str]:
    rows = [
        (
            people_words.birthday_day(one),
            ", ".join(
                part
                for part in (plain(one["display_name"]), people_words.birthday_words(one))
                if part
            ),
        )
        for one in report.birthdays
    ]
    more = people_words.more_birthdays(report)
    return [*_aligned(rows), *([more] if more else [])]


def _introductions(report: Report) -> list[str]:
    return [
        f"{plain(one['display_name'])} and {plain(one['other_name'])}: {plain(one['reason'])}."
        for one in report.introductions
    ]


def _left_out(report: Report) -> list[str]:
    return [*foot_words.not_counted(report), foot_words.LEFT_OUT]


def _aligned(rows: list[tuple[str, str]]) -> list[str]:
    longest = max((width(first) for first, _ in rows), default=0)
    return [f"{pad(first, longest)}  {second}" for first, second in rows]
