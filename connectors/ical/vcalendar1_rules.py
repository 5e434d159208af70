"""Recurrence rules of vCalendar 1.0, as Palm, Nokia and old Outlook wrote them.

`W1 TU TH #5` is every week on Tuesday and Thursday, five times; `MP1 2- SU #0` the last but one
Sunday of each month for ever (vCalendar 1.0, section "Recurrence Rule Grammar"). They are turned
into the words of RFC 5545.
"""

import re

_RULE = re.compile(r"(D|W|MP|MD|YM|YD|M)(\d{1,4})((?: +[0-9A-Z#+$-]+)*) *", re.ASCII)
_FREQUENCIES = {
    "D": ("DAILY", ""),
    "W": ("WEEKLY", "BYDAY"),
    "MP": ("MONTHLY", "BYDAY"),
    "MD": ("MONTHLY", "BYMONTHDAY"),
    "YM": ("YEARLY", "BYMONTH"),
    "YD": ("YEARLY", "BYYEARDAY"),
    "M": ("MINUTELY", ""),
}
_UNTIL = re.compile(r"\d{8}(?:T\d{4,6}Z?)?", re.ASCII)
_TIME = re.compile(r"\d{4}", re.ASCII)
_NUMBER = re.compile(r"(\d{1,3})([+-]?)", re.ASCII)
_USUAL_COUNT = "2"
"""What a rule means that says neither how often nor until when."""


def modern(text: str) -> str:
    """The same rule as RFC 5545 writes it; what is no rule of that kind comes back as it is."""
    found = _RULE.fullmatch(text.strip().upper()[:2000])
    if not found:
        return text
    frequency, by = _FREQUENCIES[found[1]]
    end = f"COUNT={_USUAL_COUNT}"
    days: list[str] = []
    ordinals: list[str] = []
    is_named = False  # whether the ordinals have had their weekdays
    for word in found[3].replace("$", "").split():
        if word.startswith("#"):
            end = f"COUNT={word[1:]}" if word.strip("#0") else ""
        elif _UNTIL.fullmatch(word):
            end = f"UNTIL={word}"
        elif found[1] in ("D", "W", "MP") and _TIME.fullmatch(word):
            continue  # a time of day: the start says it
        elif found[1] == "MP" and (number := _NUMBER.fullmatch(word)):
            ordinals = [*([] if is_named else ordinals), f"{number[2] or '+'}{number[1]}"]
            is_named = False
        elif found[1] == "MP":
            days += [f"{ordinal}{word}" for ordinal in ordinals or [""]]
            is_named = True
        else:
            days.append(_day(word))
    parts = [f"FREQ={frequency}", f"INTERVAL={found[2]}", end]
    if by and days:
        parts.append(f"{by}={','.join(days)}")
    return ";".join(part for part in parts if part)


def _day(word: str) -> str:
    """`2-` is the last but one day, `LD` the last."""
    if word == "LD":
        return "-1"
    number = _NUMBER.fullmatch(word)
    return f"-{number[1]}" if number and number[2] == "-" else word.rstrip("+")
