"""A year through the whole pipeline is as its diary says, and as a person would wish it."""

from itertools import pairwise
from pathlib import Path

from tests.support.year_diary import DIARY, Year, told


def test_the_year_is_as_its_diary_says(tmp_path: Path) -> None:
    year = Year(tmp_path)
    diary = told(year)
    days = [part.splitlines() for part in diary.split("\n## ")[1:]]

    # Nothing about grandmother once she is dead, nor about Rui from the day that they part.
    after = diary.partition("grandmother dies")[2].partition("\n- stands")[2]
    assert "Maria Mota" not in after
    assert "Rui" not in after.replace("she and Rui separate", "").replace("puts Rui to rest", "")
    # No flood, not even after the holidays.
    written = {lines[0]: sum("- written" in line for line in lines) for lines in days}
    assert max(written.values()) <= 3
    stands = [line.count(";") + 1 for lines in days for line in lines if "- stands" in line]
    assert max(stands) <= 4 + 1  # a birthday is outside the caps
    # Nobody is asked about in two nights running, the dentist never.
    for earlier, later in pairwise(days):
        names = [
            {line.split("**")[1] for line in lines if "- written" in line and "check in" in line}
            for lines in (earlier, later)
        ]
        assert not names[0] & names[1]
    assert "dentist" not in diary.lower()
    colleagues = [lines[0] for lines in days if any("**Ingrid Berg**" in line for line in lines)]
    assert colleagues
    assert colleagues[0].endswith(("June", "July")), "sixty days after the last weekly"

    assert diary == DIARY.read_text("utf-8"), (
        "python -m tests.support.year_diary --regenerate, then read it"
    )
