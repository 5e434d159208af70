"""Numbers, lists and names as people write them: "three people", "Ana, Lena and Rui"."""

from collections.abc import Iterable, Sequence

from pipeline.commands.report.read_report import Person

NUMBERS = [
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
]


def number(whole: int) -> str:
    """A number as people write it: to twelve as a word."""
    return NUMBERS[whole] if 0 <= whole < len(NUMBERS) else f"{whole:,}"


def counted(whole: int, one: str, many: str = "") -> str:
    """A number with its noun: three people, 1,204 meetings."""
    return f"{number(whole)} {one if whole == 1 else many or one + 's'}"


def listed(names: Iterable[str]) -> str:
    """Names side by side: "Ana, Lena and Rui"."""
    *before, last = [*names] or [""]
    return f"{', '.join(before)} and {last}" if before else last


def capital(text: str) -> str:
    """With a capital at its beginning, as a sentence has."""
    return text[:1].upper() + text[1:]


def first_names(people: Sequence[Person]) -> list[str]:
    """Given names, whole where two of them have the same."""
    firsts = [one.first_name for one in people]
    return [
        one.first_name if firsts.count(one.first_name) == 1 else one.full_name for one in people
    ]
