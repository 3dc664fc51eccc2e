"""Adapter `queue`, and the work of those who carry it out: callers, shop staff.

A message is a task: it waits until somebody takes it (a lease, so that no two call the same person), and ends with a
word: done, not done, no answer, call back, do not call. The tasks live in the store of the campaign (`Tasks` is what it
must be able to do); the adapter only says that they are handed over. Who has no software works with a list instead.
"""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta, tzinfo
from typing import Any, Final, Protocol

from attrs import evolve, field, frozen

from wakeup.channels.bare import Bare
from wakeup.channels.protocol import (
    Answer,
    AnswerKind,
    Capabilities,
    Offered,
    Report,
    Request,
    Secret,
    Setup,
    Verdict,
)
from wakeup.channels.setting import Setting, SettingError
from wakeup.channels.sheet import LANGUAGE, TIMEZONE, Filled, Result, read_filled, told, written, zone
from wakeup.channels.values import values_of
from wakeup.diagnostics import Diagnostic, Say, WakeupError, diagnostic

SETTINGS: Final = (
    Setting("hours", "When people are called, local time of `timezone`.", default="09:00-20:00"),
    TIMEZONE,
    Setting("tries", "Calls without an answer after which it is given up.", default=3, kind="number"),
    Setting("again", "Seconds after a call without an answer until the next one.", default=14_400, kind="number"),
    Setting("lease", "Seconds for which a task belongs to who took it.", default=900, kind="number"),
    LANGUAGE,
)
MESSAGE_SETTINGS: Final[tuple[Setting, ...]] = ()

KEPT: Final = 10 * 366 * 86_400
"""Seconds for which the same ref is the same task: as long as there are tasks."""

_MOST_AT_ONCE: Final = 1_000
_HOURS: Final = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_COLUMNS: Final = ("row", "campaign", "message", "address", "text", "codes", "until", "tries", "result", "when", "note")


@frozen
class Task:
    """A message that somebody has to carry to one person.

    address: never shown in logs. due: not before (seconds UTC). deadline: after it nobody does it any more. tries:
    calls without an answer so far. until: how long it is taken. token: changes with every change; who took the task
    shows the token that they got. over: its end has been told already.
    """

    ref: str
    channel: str
    campaign: str
    message: str
    address: Secret
    text: str = field(repr=False)
    offers: tuple[Offered, ...] = ()
    deadline: int = 0
    due: int = 0
    tries: int = 0
    until: int = 0
    token: int = 0
    over: bool = False


class Tasks(Protocol):
    """Where the tasks of a channel are kept: durable, shared by all who work on them."""

    def free(self, now: int, limit: int) -> Sequence[Task]:
        """Return tasks that are due, taken by nobody and not over, in order of (due, deadline, ref); none of a campaign
        that is paused or stopped, none of somebody who does not want it any more."""

    def late(self, now: int, limit: int) -> Sequence[Task]:
        """Return tasks whose deadline has passed, taken by nobody and not over."""

    def find(self, ref: str) -> Task | None:
        """Return a task, also one that is over; None if there is none."""

    def keep(self, task: Task, answers: Sequence[Answer]) -> Task | None:
        """Replace a task and tell answers, both or nothing, if its token is still that of `task`; return it with its
        new token, else None."""


@frozen(eq=False)
class Rules:
    """How a channel's tasks are worked on. opens, closes: local minutes of the day, which may reach over midnight."""

    opens: int
    closes: int
    place: tzinfo
    tries: int
    again: int
    lease: int
    language: str


class QueueChannel(Bare):
    """Hands tasks over to whoever takes them; that they wait is all that it says: people tell the rest by `Desk`."""

    capabilities = Capabilities(address="phone", key_window=KEPT, batch=200, confirms=True)

    def send(self, requests: Sequence[Request]) -> Sequence[Report]:
        """Say of each that it waits; without an address nobody can be called."""
        return [self._handed_over(each) for each in requests]

    def check(self) -> str:
        """Nothing can be wrong."""
        return ""

    def _handed_over(self, request: Request) -> Report:
        if not request.address.reveal().strip():
            return Report(request.ref, Verdict.BAD_ADDRESS, code="empty")
        return Report(request.ref, Verdict.HANDED_OVER, provider_id=request.ref)


class Desk:
    """What people who carry messages do with their tasks. Instants are seconds UTC.

    Every method that ends or moves a task takes the token that came with it, and raises `WakeupError` (WK7074) when the
    lease has ended and somebody else may have the task.
    """

    def __init__(self, tasks: Tasks, channel: str, rules: Rules) -> None:
        self._tasks = tasks
        self._channel = channel
        self._rules = rules

    def take(self, now: int, most: int = 1, seconds: int | None = None) -> list[Task]:
        """Take at most so many tasks that are due, for `seconds` (the channel's lease), within the hours; nobody else
        gets them meanwhile."""
        self.expire(now)
        if self._next_open(now) != now:
            return []
        taken: list[Task] = []
        until = now + (self._rules.lease if seconds is None else seconds)
        while len(taken) < most:
            free = self._tasks.free(now, most - len(taken))
            mine = [self._tasks.keep(evolve(each, until=until), ()) for each in free]
            taken += [each for each in mine if each is not None]
            # Somebody else was faster with those that are missing; what is left is asked for again.
            if None not in mine:
                break
        return taken

    def done(self, ref: str, token: int, at: int) -> None:
        """The person was reached and told."""
        self._end(self._mine(ref, token), AnswerKind.SENT, at)

    def not_done(self, ref: str, token: int, at: int) -> None:
        """It will not be done."""
        self._end(self._mine(ref, token), AnswerKind.NOT_SENT, at)

    def do_not_call(self, ref: str, token: int, at: int) -> None:
        """The person does not want to be called any more."""
        self._end(self._mine(ref, token), AnswerKind.OPTED_OUT, at)

    def no_answer(self, ref: str, token: int, at: int) -> None:
        """Nobody answered: it is tried again later, or given up after so many tries."""
        task = self._mine(ref, token)
        tries = task.tries + 1
        due = self._next_open(at + self._rules.again)
        if tries >= self._rules.tries or due >= task.deadline:
            self._end(evolve(task, tries=tries), AnswerKind.NOT_SENT, at)
        else:
            self._keep(evolve(task, tries=tries, due=due, until=0))

    def call_back(self, ref: str, token: int, at: int) -> int:
        """The person wants to be called at another time; return when they will be, within the hours.

        Raises:
            WakeupError: WK7074 the task is not yours any more, WK7075 that is after the deadline.
        """
        task = self._mine(ref, token)
        due = self._next_open(at)
        if due >= task.deadline:
            raise WakeupError([diagnostic("WK7075", latest=told(task.deadline, self._rules.place))])
        self._keep(evolve(task, due=due, until=0))
        return due

    def give_back(self, ref: str, token: int) -> None:
        """Somebody else may do it."""
        self._keep(evolve(self._mine(ref, token), until=0))

    def expire(self, now: int) -> int:
        """End tasks that nobody did in time; return how many. A task that somebody has at the moment is left alone."""
        late = self._tasks.late(now, _MOST_AT_ONCE)
        return sum(self._ended(each, AnswerKind.NOT_SENT, each.deadline) for each in late)

    def hand_out(self, now: int, most: int, seconds: int) -> tuple[bytes, int]:
        """Take tasks for `seconds` and return them as a list to be worked through without software, and how many."""
        rules = self._rules
        tasks = self.take(now, most, seconds)
        rows = [
            {
                "row": f"r{each.ref}",
                "campaign": each.campaign,
                "message": each.message,
                "address": each.address.reveal(),
                "text": each.text,
                "codes": " ".join(offer.code for offer in each.offers if offer.code),
                "until": told(each.deadline, rules.place),
                "tries": str(each.tries),
            }
            for each in tasks
        ]
        return written(_COLUMNS, rows, rules.language), len(tasks)

    def take_back(self, data: bytes, file: str, now: int) -> tuple[int, list[Diagnostic]]:
        """Read a list that was filled in; return how many rows were taken, and what is wrong with others. A row whose
        task is over already is passed by: the same list may be read again."""
        filled, problems = read_filled(data, file, self._rules.place)
        count = 0
        for each in filled:
            task = self._tasks.find(each.key.removeprefix("r"))
            if task is None:
                problem = Say("no task has this key")
                problems.append(diagnostic("WK7073", file=file, row=each.line, problem=problem))
            elif not task.over:
                try:
                    self._filled(task, each, now)
                except WakeupError as error:
                    problems += error.diagnostics
                else:
                    count += 1
        return count, problems

    def _filled(self, task: Task, row: Filled, now: int) -> None:
        at = row.when or now
        match row.result:
            case Result.DONE:
                self.done(task.ref, task.token, min(at, now))
            case Result.NOT_DONE:
                self.not_done(task.ref, task.token, min(at, now))
            case Result.OPTED_OUT:
                self.do_not_call(task.ref, task.token, min(at, now))
            case Result.NO_ANSWER:
                self.no_answer(task.ref, task.token, min(at, now))
            case Result.CALL_BACK:
                self.call_back(task.ref, task.token, max(at, now))

    def _mine(self, ref: str, token: int) -> Task:
        task = self._tasks.find(ref)
        if task is None or task.over or task.token != token:
            raise WakeupError([diagnostic("WK7074")])
        return task

    def _end(self, task: Task, kind: AnswerKind, at: int) -> None:
        if not self._ended(task, kind, at):
            raise WakeupError([diagnostic("WK7074")])

    def _ended(self, task: Task, kind: AnswerKind, at: int) -> bool:
        answer = Answer(
            source=f"queue:{self._channel}",
            event_id=f"{task.ref}:{kind}",
            kind=kind,
            t=at,
            ref=task.ref,
            channel=self._channel,
            campaign=task.campaign,
        )
        return self._tasks.keep(evolve(task, over=True, until=0), (answer,)) is not None

    def _keep(self, task: Task) -> None:
        if self._tasks.keep(task, ()) is None:
            raise WakeupError([diagnostic("WK7074")])

    def _next_open(self, at: int) -> int:
        """The instant itself within the hours, else when they begin next."""
        rules = self._rules
        local = datetime.fromtimestamp(at, rules.place)
        minute = local.hour * 60 + local.minute
        if rules.opens <= rules.closes:
            inside = rules.opens <= minute < rules.closes
        else:
            inside = minute >= rules.opens or minute < rules.closes
        if inside:
            return at
        day = local.date() + timedelta(days=minute >= rules.opens)
        opens = datetime.combine(day, time(rules.opens // 60, rules.opens % 60), rules.place)
        return int(opens.timestamp())


def open_queue(setup: Setup) -> QueueChannel:
    """Open it.

    Raises:
        SettingError: a setting cannot be.
    """
    rules_of(setup.settings)
    return QueueChannel()


def rules_of(settings: Any) -> Rules:
    """Return how the tasks of a channel are worked on, by its settings.

    Raises:
        SettingError: a setting cannot be.
    """
    given = values_of(SETTINGS, settings)
    found = _HOURS.fullmatch(str(given["hours"]).strip())
    opens, closes = ((int(found[1]) * 60 + int(found[2])), (int(found[3]) * 60 + int(found[4]))) if found else (0, 0)
    if found is None or opens == closes or opens >= 1_440 or closes > 1_440 or int(found[2]) > 59 or int(found[4]) > 59:
        raise SettingError("hours", Say("hours are written like `09:00-20:00`"))
    return Rules(
        opens=opens,
        closes=closes,
        place=zone(str(given["timezone"])),
        tries=int(given["tries"]),
        again=int(given["again"]),
        lease=int(given["lease"]),
        language=str(given["language"]),
    )
