"""Commands by which the user says something; each only appends a decision, and `undo` takes back.

None of them waits for a run: what was said is noted at once, and the next sync acts on it.
"""

from typing import Annotated

import typer

from pipeline.commands.daily import Json

Person = Annotated[str, typer.Argument(help="Part of the name, an e-mail, or the id.")]
Whole = Annotated[list[str], typer.Argument(help="Part of the name, an e-mail, or the id.")]


def log(
    context: typer.Context,
    person: Whole,
    on: Annotated[str | None, typer.Option(help="The day, like 2026-11-20 or yesterday.")] = None,
    gave: Annotated[bool, typer.Option("--gave", help="You did them a favour.")] = False,
    asked: Annotated[bool, typer.Option("--asked", help="They did you a favour.")] = False,
    note: Annotated[str | None, typer.Option(help="A line for yourself.")] = None,
) -> None:
    """You were in touch: a call or a letter that no calendar knows of.

    Example: kithbook log ana --on yesterday --gave --note "proofread the application"
    """
    from pipeline.commands import person_decisions

    person_decisions.log(context.obj, " ".join(person), on=on, gave=gave, asked=asked, note=note)


def choose(
    context: typer.Context,
    keep: Annotated[
        list[str] | None, typer.Option(help="Keep in touch with this person; may be repeated.")
    ] = None,
) -> None:
    """Choose whom to keep in touch with: one key a person.

    Example: kithbook choose
    """
    from pipeline.commands.choose import choose as ask

    ask(context.obj, keep=keep)


def review(context: typer.Context, as_json: Json = False) -> None:
    """Who may be the same person, and who may have died: one key each.

    Example: kithbook review
    """
    from pipeline.commands.review import review as ask

    ask(context.obj, as_json=as_json)


def snooze(
    context: typer.Context,
    person: Person,
    until: Annotated[list[str], typer.Argument(help="A span or a day: 3 weeks, 2026-12-24.")],
) -> None:
    """No reminder about somebody for a while.

    Example: kithbook snooze ana 3 weeks
    """
    from pipeline.commands import person_decisions

    person_decisions.snooze(context.obj, person, " ".join(until))


def mute(context: typer.Context, person: Whole) -> None:
    """No reminders about somebody, until `wake`.

    They stay in every list; `rest` takes them out of those too.

    Example: kithbook mute ana
    """
    from pipeline.commands import person_decisions

    person_decisions.mute(context.obj, " ".join(person))


def rest(context: typer.Context, person: Whole) -> None:
    """Let somebody rest: out of every list and export, until `wake`.

    Nothing is deleted; `forget` does that.

    Example: kithbook rest "wilhelm keller"
    """
    from pipeline.commands import person_decisions

    person_decisions.rest(context.obj, " ".join(person))


def wake(context: typer.Context, person: Whole) -> None:
    """Bring back somebody who was muted or at rest.

    Example: kithbook wake ana
    """
    from pipeline.commands import person_decisions

    person_decisions.wake(context.obj, " ".join(person))


def every(
    context: typer.Context,
    person: Person,
    span: Annotated[list[str], typer.Argument(help="A span of time: 6 weeks, 2 months.")],
) -> None:
    """How often you want to be in touch with somebody.

    Example: kithbook every ana 2 months
    """
    from pipeline.commands import person_decisions

    person_decisions.every(context.obj, person, " ".join(span))


def circle(
    context: typer.Context,
    person: Person,
    name: Annotated[list[str], typer.Argument(help="The circle's name.")],
) -> None:
    """Put somebody into a circle.

    Example: kithbook circle ana mentors
    """
    from pipeline.commands import person_decisions

    person_decisions.circle(context.obj, person, " ".join(name))


def pause(
    context: typer.Context,
    span: Annotated[list[str], typer.Argument(help="A span or a day; or off.")],
) -> None:
    """Put all reminders on hold for a while.

    Untouched tasks are taken back, and no flood follows. `pause off` ends it sooner.

    Example: kithbook pause 3 weeks
    """
    from pipeline.commands import person_decisions

    person_decisions.pause(context.obj, " ".join(span))


def introduce(context: typer.Context, person: Person, other: Person) -> None:
    """Introduce two people to each other: it becomes a follow-up.

    Example: kithbook introduce ana omar
    """
    from pipeline.commands import pair_decisions

    pair_decisions.introduce(context.obj, person, other)


def merge(context: typer.Context, person: Person, other: Person) -> None:
    """Two entries are the same person.

    Example: kithbook merge ana@example.org "ana lima"
    """
    from pipeline.commands import pair_decisions

    pair_decisions.merge(context.obj, person, other)


def split(
    context: typer.Context,
    person: Person,
    other: Annotated[str | None, typer.Argument(help="Two people: never the same.")] = None,
    card: Annotated[int | None, typer.Option(help="Which card is somebody else's.")] = None,
) -> None:
    """One card is somebody else's; or two people are never the same.

    Example: kithbook split ana --card 2
    """
    from pipeline.commands import pair_decisions

    if other is None:
        pair_decisions.split(context.obj, person, card)
    else:
        pair_decisions.never_same(context.obj, person, other)


def undo(
    context: typer.Context,
    decision: Annotated[str | None, typer.Argument(help="Its id; default: the last.")] = None,
    listing: Annotated[bool, typer.Option("--list", help="The last ten.")] = False,
    as_json: Json = False,
) -> None:
    """Take back the last thing you said, or the one named.

    Example: kithbook undo --list
    """
    from pipeline.commands import undo

    if listing:
        undo.show_decisions(context.obj, as_json=as_json)
    else:
        undo.undo(context.obj, decision)
