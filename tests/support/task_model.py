"""What ought to stand in the task list, reckoned in plain Python from what was said and done.

A model of the table "The life of a task" for check-ins with a given cadence: `Model.night` takes
the list as the user left it and returns what it has to be once the syncs of that night are quiet.
Nothing of the pipeline is used.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from connectors.contract import Task

BOOKED_DAYS = 14
EXPIRY_DAYS = 21
WEEK = timedelta(days=7)
CHOICES = ("keep", "in_touch", "not_now", "never", "every")
SPANS = {"day": 1.0, "week": 7.0, "month": 30.4375}
UNKNOWN: dict[str, Any] = {"title": "\0", "notes": "\0", "priority": -1}
"""Of a field that the user changed before the book was lost: no text is that."""
WHY = "Ring or write: "
MOST_WEIGHT = 3.0
"""What urgency and waiting add to a rank at most."""


@dataclass(frozen=True)
class Wanted:
    """A task as it is to stand; the title and each line of the notes may be of any merged name."""

    titles: frozenset[str]
    notes: frozenset[str]
    due: date | None
    status: str
    priority: int | None


@dataclass(frozen=True)
class Opening:
    """A follow-up whose time has come; the caps decide how many of them get a task."""

    group: frozenset[str]
    task: Wanted
    rank: tuple[int, float, int]
    """Less is earlier; equals may come in any order."""


@dataclass
class Night:
    """What is to stand after a night: these, and of the openings the first so many."""

    stands: dict[str, Wanted]
    openings: list[Opening]
    slots: int


@dataclass
class Link:
    """A task that we wrote."""

    person: str
    opened: date
    anchor: date
    wrote: Task
    closed: tuple[date, str] | None = None
    last: str = "needs-action"
    """Its status when it was last seen."""
    noted: tuple[date, str] | None = None
    """When it was first seen that its cycle is over, and why."""
    is_closed_now: bool = False
    ours: frozenset[str] = frozenset()
    """The fields that were ours to write this night."""
    met: date = date.min
    """The day that was noted when we ticked it."""
    is_adopted: bool = False
    """It was found in the list after a loss."""


@dataclass(frozen=True)
class Said:
    """One decision, typed or written into a task."""

    verb: str
    day: date
    name: str = ""
    other: str = ""
    days: int = 0
    until: date = date.min
    uid: str = ""
    """The task that it stands in."""


@dataclass
class Circle:
    """The one circle of the config."""

    members: set[str]
    every: int
    in_touch: bool = False


@dataclass
class Model:
    """People, their meetings, what the user said, and the tasks that were written."""

    names: list[str]
    circle: Circle
    called: dict[str, str]
    """Name at the beginning, by which people go here → name on the card."""
    meetings: dict[str, tuple[str, date]] = field(default_factory=dict)
    """uid → name and day of those that stand."""
    said: list[Said] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
    lost: dict[str, Link] = field(default_factory=dict)
    """Of tasks that were not in the list when the book was lost, and of which nothing is known."""
    are_events: bool = False
    """Then a tick has no day of its own, only that of the last change."""
    moved: set[str] = field(default_factory=set)
    """UIDs of tasks that the user moved to another list."""
    repeats: set[str] = field(default_factory=set)
    """UIDs of tasks that the user made to repeat."""
    detail: str = "ways"
    open_at_most: int = 5
    per_week: int = 5

    # --- people ---------------------------------------------------------------------------

    def group(self, name: str) -> frozenset[str]:
        """Everybody whom the user made one with this person."""
        newest = {
            frozenset((one.name, one.other)): one.verb
            for one in self.said
            if one.verb in ("merge", "split")
        }
        found, waiting = {name}, [name]
        while waiting:
            one = waiting.pop()
            for pair, verb in newest.items():
                if verb == "merge" and one in pair and not pair <= found:
                    waiting += pair - found
                    found |= pair
        return frozenset(found)

    def groups(self) -> set[frozenset[str]]:
        return {self.group(name) for name in self.names}

    def last_contact(self, group: frozenset[str], today: date) -> date:
        """The last day in touch: a meeting that is over, a log, a tick."""
        days = [day for name, day in self.meetings.values() if name in group and day < today]
        days += [one.day for one in self._about(group) if one.verb == "log"]
        days += [
            min(link.closed[0], today)
            for link in self.links.values()
            if link.person in group and link.closed and link.closed[1] == "ticked"
        ]
        return max(days)

    def _about(self, group: frozenset[str]) -> list[Said]:
        return [one for one in self.said if one.name in group]

    def _newest(self, group: frozenset[str], *verbs: str) -> Said | None:
        found = [one for one in self._about(group) if one.verb in verbs]
        return found[-1] if found else None

    def _is_on(self, group: frozenset[str], verb: str) -> bool:
        newest = self._newest(group, verb, "wake")
        return newest is not None and newest.verb == verb

    def _every(self, group: frozenset[str]) -> int | None:
        """The cadence of the person over the circle's; without either, none that was given."""
        if newest := self._newest(group, "every", "keep"):
            return newest.days
        return self.circle.every if group & self.circle.members else None

    def _is_paused(self, today: date) -> bool:
        pauses = [one.until for one in self.said if one.verb == "pause"]
        return bool(pauses) and pauses[-1] > today

    def _slots_after_pause(self, today: date) -> int:
        """One a day from the first run after a pause that opens any."""
        pauses = [one.until for one in self.said if one.verb == "pause"]
        if not pauses or pauses[-1] > today:
            return len(self.names)
        since = [link.opened for link in self.links.values() if link.opened >= pauses[-1]]
        days = (today - min(since, default=today)).days
        return days + 1 - len(since) if days <= self.per_week else len(self.names)

    def _snoozed_until(self, group: frozenset[str], today: date) -> date | None:
        newest = self._newest(group, "snooze")
        return newest.until if newest and newest.until > today else None

    def _is_booked(self, group: frozenset[str], today: date) -> bool:
        end = today + timedelta(days=BOOKED_DAYS)
        return any(name in group and today <= day <= end for name, day in self.meetings.values())

    def _is_silent(self, group: frozenset[str]) -> bool:
        """No check-in is wanted, or nobody asked for one."""
        choice = self._newest(group, *CHOICES)
        if choice is None:
            is_wanted = bool(group & self.circle.members) and not self.circle.in_touch
        else:
            is_wanted = choice.verb in ("keep", "every")
        return not is_wanted or self._is_on(group, "mute") or self._is_on(group, "rest")

    def _is_unasked(self, group: frozenset[str]) -> bool:
        """Nobody asked for a check-in, and nobody refused one."""
        is_refused = self._is_on(group, "mute") or self._is_on(group, "rest")
        choice = self._newest(group, *CHOICES)
        return choice is None and not is_refused and not group & self.circle.members

    def _is_dismissed(self, group: frozenset[str], every: int, today: date) -> bool:
        last = self.last_contact(group, today)
        renewed = self._newest(group, "keep", "every", "wake")
        since = max(last, renewed.day if renewed else last)
        days = [
            link.closed[0]
            for link in self.links.values()
            if link.person in group
            and link.closed
            and link.closed[1] in ("dismissed", "expired")
            and link.closed[0] > since
        ]
        if not days:
            return False
        silent = max(days) + timedelta(days=every * (2 if len(days) > 1 else 1))
        return len(days) > 2 or silent > today

    # --- a night --------------------------------------------------------------------------

    def night(self, before: Mapping[str, Task], today: date) -> Night:
        """What is to stand, of the tasks we know and of new ones.

        :param before: our tasks as the user left them.
        """
        for uid in before.keys() & self.lost.keys():
            self.links[uid] = self._adopted(self.lost.pop(uid), before[uid])
        for uid, link in self.links.items():
            self._read(link, before.get(uid), today)
            self._hear(uid, link, before.get(uid), today)
        night = Night({}, [], 0)
        for group in self.groups():
            self._group_night(night, group, before, today)
        this_week = sum(link.opened > today - WEEK for link in self.links.values())
        is_open = [
            link
            for link in self.links.values()
            if self._is_open(link) and not self._snoozed_until(self.group(link.person), today)
        ]
        night.slots = min(
            self.open_at_most - len(is_open),
            self.per_week - this_week,
            self._slots_after_pause(today),
        )
        for uid, task in before.items():
            link_now = self.links.get(uid)
            if link_now is None or (not self._is_open(link_now) and not link_now.is_closed_now):
                night.stands[uid] = as_it_stands(task)
        return night

    def _read(self, link: Link, task: Task | None, today: date) -> None:
        """What the user did to one task."""
        link.is_closed_now, link.ours = False, frozenset()
        was = link.last
        if task is None:
            link.last = "gone" if was != "completed" else "completed"
        else:
            link.last = task.status
        is_ours = link.wrote.status == "completed"
        if link.last == "completed":
            if task is not None and not is_ours:
                assert task.completed_at
                day = task.completed_at.date()
                if self.are_events and link.noted and link.noted[1] == "ticked":
                    day = min(day, link.noted[0])
                if link.is_adopted and link.met > date.min:
                    day = link.met
                link.closed = (day, "ticked")
        elif link.last in ("gone", "cancelled"):
            if link.closed is None or (
                link.closed[1] in ("ticked", "dismissed", "reopened")
                and was != link.last
                and was not in ("gone", "cancelled")
            ):
                reason = "met" if is_ours and not link.is_adopted else "dismissed"
                link.closed = (today, reason)
        elif link.closed and link.closed[1] in ("ticked", "met", "dismissed"):
            link.closed = (link.closed[0], "reopened")
        if link.closed and not link.noted:
            link.noted = (today, link.closed[1])

    def _hear(self, uid: str, link: Link, task: Task | None, today: date) -> None:
        """What the user wrote into it, alone on a line; it is said when it is first seen."""
        if task is None:
            return
        now = [(verb, days) for verb, days in map(meant, lines_of(task)) if verb]
        before = [(one.verb, one.days) for one in self.said if one.uid == uid]
        if now != before:
            self.said = [one for one in self.said if one.uid != uid]
            self.said += [Said(verb, today, link.person, days=days, uid=uid) for verb, days in now]

    def _is_open(self, link: Link) -> bool:
        is_there = link.last in ("needs-action", "in-process")
        return is_there and (link.closed is None or link.closed[1] == "reopened")

    def _group_night(
        self, night: Night, group: frozenset[str], before: Mapping[str, Task], today: date
    ) -> None:
        last = self.last_contact(group, today)
        every = self._every(group)
        due = date.max if every is None else last + timedelta(days=every)
        open_links = [
            (uid, link)
            for uid, link in self.links.items()
            if link.person in group and self._is_open(link)
        ]
        touched = {
            uid: is_touched(link, before[uid]) or uid in self.moved | self.repeats
            for uid, link in open_links
        }
        is_due_now = (
            due <= today
            and every is not None
            and not self._is_silent(group)
            and not self._is_paused(today)
            and not self._snoozed_until(group, today)
            and not self._is_booked(group, today)
            and not self._is_dismissed(group, every, today)
        )
        # one that repeats goes on reminding after a tick
        is_reminded = any(
            link.person in group and not self._is_open(link)
            for link in map(self.links.get, self.repeats & before.keys())
            if link
        )
        open_links.sort(key=lambda one: (not touched[one[0]], one[1].opened, one[0]))
        is_kept = is_closing = False
        for number, (uid, link) in enumerate(open_links):
            snooze = self._snoozed_until(group, today)
            is_theirs = touched[uid] and not self._is_refused(group, link, before[uid])
            reason = self._ends(
                group,
                link,
                number,
                last,
                due,
                today,
                touched=is_theirs,
                again=is_due_now,
                repeats=uid in self.repeats,
            )
            if reason == "met":
                night.stands[uid] = self._ticked(link, before[uid], last)
                link.last, link.wrote = "completed", replace(link.wrote, status="completed")
                link.met = last
            elif reason is None:
                is_kept = True
                night.stands[uid] = self._kept(group, link, before[uid], snooze)
            if reason:
                is_closing = True
                link.closed, link.is_closed_now = (today, reason), True
                link.noted = link.noted or link.closed
                link.last = link.last if reason == "met" else "gone"
        # what ends tonight may silence for a while
        is_dismissed = every is not None and self._is_dismissed(group, every, today)
        is_held = is_kept or is_dismissed or is_reminded
        if is_due_now and every is not None and not is_held:
            notes = self._notes(group) | (self._why(last, today) if self._notes(group) else set())
            new = Wanted(self._titles(group), notes, today, "needs-action", 5)
            over = (today - due).days
            score = min(over / every, MOST_WEIGHT) + min(over / 28, MOST_WEIGHT)
            # whoever's task ends tonight waits until it has ended
            night.openings.append(Opening(group, new, (int(is_closing), -round(score, 9), -over)))

    def _is_refused(self, group: frozenset[str], link: Link, task: Task) -> bool:
        """The user wrote "never" or "in touch" into it, and nothing else of their own."""
        ours = {*lines_of(link.wrote)}
        verbs = {meant(line)[0] for line in lines_of(task)}
        is_only_that = all(meant(line)[0] or line in ours for line in lines_of(task))
        choice = self._newest(group, *CHOICES)
        holds = self._is_on(group, "mute") or (
            choice is not None and choice.verb in ("never", "in_touch")
        )
        is_resting = self._is_on(group, "rest")
        return bool(verbs & {"never", "in_touch"}) and is_only_that and holds and not is_resting

    def _ends(
        self,
        group: frozenset[str],
        link: Link,
        number: int,
        last: date,
        due: date,
        today: date,
        *,
        touched: bool,
        again: bool,
        repeats: bool,
    ) -> str | None:
        """Why an open task is ticked or withdrawn."""
        is_resting = self._is_on(group, "rest")
        if is_resting:
            return "withdrawn"
        # an old meeting that was moved is no answer when it would be asked again
        is_answer = last >= link.opened or not again
        is_asking = link.wrote.status != "completed" and not repeats
        if is_asking and last > link.anchor and is_answer:
            return "met"
        if touched:
            return None
        # what an earlier book asked for is not withdrawn because nobody asked this one
        is_over = (
            number > 0
            or (self._is_silent(group) and not (link.is_adopted and self._is_unasked(group)))
            or self._is_paused(today)
            or self._is_booked(group, today)
            or (due > today and not link.is_adopted)
        )
        if is_over:
            return "withdrawn"
        since = max(
            link.opened,
            link.wrote.due_date or link.opened,
            self._snoozed_until(group, today) or link.opened,
        )
        return "expired" if since + timedelta(days=EXPIRY_DAYS) <= today else None

    def _kept(self, group: frozenset[str], link: Link, task: Task, snooze: date | None) -> Wanted:
        if link.wrote.status == "completed" or self._is_on(group, "rest"):
            return as_it_stands(task)
        due = link.wrote.due_date
        if snooze and due and snooze > due:
            due = snooze
        fields = ("title", "notes")
        link.ours = frozenset(
            name for name in fields if getattr(task, name) == getattr(link.wrote, name)
        )
        # why it opened stays as it was written
        why = {line for line in link.wrote.notes.splitlines()[:1] if line.startswith(WHY)}
        is_due_theirs = task.due_date != link.wrote.due_date
        if not is_due_theirs:
            link.wrote = replace(link.wrote, due_date=due)
        return Wanted(
            self._titles(group) if "title" in link.ours else frozenset({task.title}),
            self._notes(group) | why
            if "notes" in link.ours
            else frozenset(task.notes.splitlines()),
            task.due_date if is_due_theirs else due,
            task.status,
            task.priority,
        )

    def _ticked(self, link: Link, task: Task, last: date) -> Wanted:
        lines = task.notes.splitlines()
        if task.notes == link.wrote.notes:
            lines.append(f"In touch on {last.day} {last:%B %Y}.")
        return Wanted(
            frozenset({task.title}), frozenset(lines), task.due_date, "completed", task.priority
        )

    def _titles(self, group: frozenset[str]) -> frozenset[str]:
        return frozenset(self.called[name] for name in group)

    def _notes(self, group: frozenset[str]) -> frozenset[str]:
        if self.detail == "none":
            return frozenset()
        return frozenset(f"{name.split()[0].lower()}@example.org" for name in group)

    # --- a loss ---------------------------------------------------------------------------

    def lose(self, before: Mapping[str, Task], *, everything: bool) -> None:
        """The state is lost, or all that was said too.

        :param before: our tasks as they stand in the list.
        """
        links, self.links = self.links, {}
        if everything:
            self.said = []
        for uid, link in links.items():
            is_told = link.closed and link.closed[1] in ("ticked", "dismissed", "expired")
            if everything:
                link.closed = link.noted = None
            if uid in before:
                self.links[uid] = self._adopted(link, before[uid])
            elif is_told and not everything:
                self.links[uid] = replace(link, opened=date.min)
            else:
                self.lost[uid] = link

    def lose_list(self, standing: set[str], today: date) -> None:
        """The list is deleted: what stood open in it is lost, and nobody dismissed.

        :param standing: UIDs of what is left, in other lists.
        """
        for uid, link in self.links.items():
            if uid not in standing and self._is_open(link):
                link.closed, link.last = (today, "lost"), "gone"

    def _adopted(self, link: Link, task: Task) -> Link:
        """What the task itself tells of it."""
        unknown: dict[str, Any] = {
            name: None if name == "due_date" else UNKNOWN[name]
            for name in ("title", "notes", "due_date", "priority")
            if getattr(task, name) != getattr(link.wrote, name)
        }
        wrote = replace(link.wrote, **unknown)
        if task.status == "completed" and wrote.status == "completed":
            wrote = replace(wrote, status="needs-action")
            return replace(link, wrote=wrote, closed=(link.met, "ticked"), is_adopted=True)
        return replace(link, wrote=wrote, is_adopted=True)

    def _why(self, last: date, today: date) -> set[str]:
        """What the first line may be: the last day in touch, met or told."""
        year = "" if last.year == today.year else f" {last.year}"
        return {f"{WHY}last {how} {last.day} {last:%B}{year}" for how in ("seen", "in touch")}

    # --- after it -----------------------------------------------------------------------------

    def wrote(self, after: Mapping[str, Task], whose: Mapping[str, str], today: date) -> None:
        """Note what stands there now: of the fields that are not the user's, what we wrote.

        :param whose: UID → name, for the tasks that are new.
        """
        for uid, task in after.items():
            link = self.links.get(uid)
            if link is None:
                anchor = self.last_contact(self.group(whose[uid]), today)
                self.links[uid] = Link(whose[uid], today, anchor, task)
                continue
            if task.status == "completed" and link.wrote.status == "completed":
                link.wrote = replace(link.wrote, notes=task.notes)
            link.wrote = replace(
                link.wrote, **{name: getattr(task, name) for name in sorted(link.ours)}
            )


def lines_of(task: Task) -> list[str]:
    """What stands in it alone on a line, in its title or in its notes."""
    lines = [task.title, *task.notes.splitlines()]
    return [line.strip().lower() for line in lines if line.strip()]


def meant(line: str) -> tuple[str, int]:
    """The decision that a line is, and its days; an empty verb when it is none."""
    if line in ("never", "in touch"):
        return line.replace(" ", "_"), 0
    if found := re.fullmatch(r"every (\d+) (day|week|month)s", line):
        return "every", round(int(found[1]) * SPANS[found[2]])
    return "", 0


def is_touched(link: Link, task: Task) -> bool:
    """The user changed anything at all, or brought it back."""
    wrote = link.wrote
    return (
        (task.title, task.notes, task.due_date, task.priority)
        != (wrote.title, wrote.notes, wrote.due_date, wrote.priority)
        or task.status == "in-process"
        or wrote.status == "completed"
        or link.closed is not None
    )


def as_it_stands(task: Task) -> Wanted:
    """Nothing of it is to change."""
    return Wanted(
        frozenset({task.title}),
        frozenset(task.notes.splitlines()),
        task.due_date,
        task.status,
        task.priority,
    )


def as_wanted(task: Task, wanted: Wanted) -> bool:
    """Whether a task stands as it is to."""
    return (
        task.title in wanted.titles
        and {*task.notes.splitlines()} <= wanted.notes
        and bool(task.notes) == bool(wanted.notes)
        and (task.due_date, task.status, task.priority)
        == (wanted.due, wanted.status, wanted.priority)
    )


def differences(after: Mapping[str, Task], whose: Mapping[str, str], night: Night) -> Iterable[str]:
    """What stands and should not, what is missing, and what stands otherwise."""
    for uid, one in night.stands.items():
        if uid not in after:
            yield f"{uid} is missing: {one}"
        elif not as_wanted(after[uid], one):
            yield f"{uid} is {after[uid]}, not {one}"
    waiting = sorted(night.openings, key=lambda opening: opening.rank)
    opened: list[Opening] = []
    for uid in after.keys() - night.stands.keys():
        found = [one for one in waiting if whose[uid] in one.group and one not in opened]
        if not found:
            yield f"{uid} of {whose[uid]} is too much: {after[uid]}"
        elif not as_wanted(after[uid], found[0].task):
            yield f"{uid} is {after[uid]}, not {found[0].task}"
        opened += found[:1]
    right = [one.rank for one in waiting[: max(night.slots, 0)]]
    if sorted(one.rank for one in opened) != right:
        yield f"{night.slots} of these are to open: {waiting}, not {opened}"
