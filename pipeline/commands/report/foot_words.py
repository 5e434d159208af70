"""What the report ends with: how fresh it is, what could not be read, what was left out and why."""

from pipeline.commands.report.number_words import capital, counted, number
from pipeline.commands.report.read_report import Report
from pipeline.terminal.terminal_text import count, plain


def freshness(report: Report) -> list[str]:
    """What was read, and when."""
    lines = []
    for one in report.freshness:
        name = plain(one["collection_name"]) or plain(one["source"])
        if not one["pulled_at"]:
            lines.append(f"{name}: not read yet.")
            continue
        ago = (report.today - one["pulled_at"].date()).days
        when = "today" if ago <= 0 else "yesterday" if ago == 1 else f"{number(ago)} days ago"
        verb = "came in" if one["status"] == "import" else "read"
        trouble = " It could not be read since." if one["error"] else ""
        lines.append(f"{name}: {count(one['items'], 'entry', 'entries')}, {verb} {when}.{trouble}")
    return lines


def could_not_read(report: Report) -> str:
    """What could not be read."""
    rejects, problems = report.rejects["rejects"], report.rejects["problems"]
    said = (
        f"{capital(counted(rejects, 'entry', 'entries'))} could not be read: `kithbook rejects`."
        if rejects
        else "Everything could be read; nothing was set aside."
    )
    looks = (
        f" {capital(counted(problems, 'thing needs', 'things need'))} a look: `kithbook status`."
        if problems
        else ""
    )
    return said + looks


def not_counted(report: Report) -> list[str]:
    """Which meetings did not count, and by which rule."""
    if not report.left_out:
        return ["Every meeting counts as being in touch."]
    first = report.left_out[0]
    rules = [
        f"{plain(one['words'])} ({one['meetings']:,})" for one in report.left_out if one["words"]
    ]
    return [
        f"Of {first['n_meetings']:,} calendar entries {first['n_counted']:,} count.",
        f"Left out, and why: {', '.join(rules)}.",
    ]


LEFT_OUT = (
    "Left out of this page: people at rest, people who died, titles of private events, phone "
    "numbers and addresses. What is left out here is still in your book."
)
