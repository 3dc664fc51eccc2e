"""Journeys as indented steps, with the latest day that each comes."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from attrs import frozen

from wakeup.diagnostics import Say, tell
from wakeup.plan.model import Branch, Elapsed, Exit, Grant, Journey, Jump, Plan, Send, Split, Until, Wait
from wakeup.plan.predicates import EVERYONE
from wakeup.plan.wording import INDENT, Wording, share, waited

_DAY = 86_400


@frozen
class Journeys:
    """Writes journeys, one at a time."""

    plan: Plan
    words: Wording

    def journey(self, journey: Journey) -> Iterator[str]:
        """Yield one journey: whom it is for, who enters when, its steps."""
        words = self.words
        whom = words.say("everybody else") if journey.match == EVERYONE else words.condition(journey.match)
        yield words.say("Journey {name}, for {whom}", name=journey.name, whom=whom)
        first = words.moment(journey.wave.first)
        if journey.wave.per_day is None:
            yield INDENT + words.say("all enter at {moment}", moment=first)
        else:
            number = f"{journey.wave.per_day:,}"
            yield INDENT + words.say("{number} people a day enter from {moment}", number=number, moment=first)
        if journey.goal:
            yield INDENT + words.say("who is in it leaves at once with {event}", event=self._end(journey.goal))
        else:
            yield INDENT + words.say("who is in it stays to the last step")
        lines, _ = self._steps(journey, 0, len(journey.program), 1, 0)
        yield from lines

    def _steps(self, journey: Journey, start: int, stop: int, depth: int, clock_s: int) -> tuple[list[str], int]:
        """The instructions [start, stop) as lines; `clock_s` seconds after entry at the latest, before and after."""
        at, pad = start, INDENT * depth
        lines: list[str] = []
        while at < stop:
            instruction = journey.program[at]
            match instruction:
                case Send():
                    lines.append(f"{pad}{self._day(clock_s)}{self._send(instruction)}")
                case Grant():
                    given = self.words.listed(instruction.incentives)
                    told = self.words.say("grant {incentives} without a message", incentives=given)
                    lines.append(f"{pad}{self._day(clock_s)}{told}")
                case Wait():
                    lines.append(f"{pad}{self._wait(instruction)}")
                    clock_s = _after(instruction, journey, clock_s)
                case Branch():
                    block, clock_s, at = self._branch(journey, instruction, (at, stop), depth, clock_s)
                    lines += block
                    continue
                case Split():
                    block, clock_s, at = self._split(journey, instruction, (at, stop), depth, clock_s)
                    lines += block
                    continue
                case Exit():
                    lines.append(pad + self.words.say("leave"))
                case Jump():
                    pass  # the end of a block, shown by the indent
            at += 1
        return lines, clock_s

    def _branch(
        self, journey: Journey, branch: Branch, where: tuple[int, int], depth: int, clock_s: int
    ) -> tuple[list[str], int, int]:
        """`where`: the branch, and the end of the block it stands in. The last result is where its two ways meet."""
        (at, stop), pad = where, INDENT * depth
        middle = min(branch.otherwise, stop)
        last = journey.program[middle - 1]
        join = min(last.target, stop) if isinstance(last, Jump) and middle - 1 > at else middle
        then, first = self._steps(journey, at + 1, middle, depth + 1, clock_s)
        otherwise, second = self._steps(journey, middle, join, depth + 1, clock_s)
        lines = [pad + self.words.say("if {condition}:", condition=self.words.condition(branch.predicate)), *then]
        if otherwise:
            lines += [pad + self.words.say("else:"), *otherwise]
        return lines, max(first, second), join

    def _split(
        self, journey: Journey, split: Split, where: tuple[int, int], depth: int, clock_s: int
    ) -> tuple[list[str], int, int]:
        """`where`: the split, and the end of the block it stands in. The last result is where its arms meet."""
        (at, stop), pad = where, INDENT * depth
        starts = [max(at + 1, min(arm.target, stop)) for arm in split.arms]
        leave = journey.program[starts[1] - 1] if len(starts) > 1 else None
        join = min(leave.target, stop) if isinstance(leave, Jump) else stop
        lines, latest = [pad + self._promotion(journey, split)], clock_s
        for arm, start, end in zip(split.arms, starts, [*starts[1:], join], strict=True):
            body, after = self._steps(journey, start, end, depth + 2, clock_s)
            lines += [f"{pad}{INDENT}{share(str(Decimal(arm.high) - Decimal(arm.low)))} {arm.name}:", *body]
            latest = max(latest, after)
        return lines, latest, join

    def _promotion(self, journey: Journey, split: Split) -> str:
        words = self.words
        for each in self.plan.promotions:
            if (each.journey, each.split) == (journey.name, split.name):
                return words.say(
                    "split {name} (the better {figure} takes all newcomers after {after} if {sure} sure):",
                    name=split.name,
                    figure=words.word(each.figure),
                    after=words.lasting(Elapsed(each.after)),
                    sure=share(each.sure),
                )
        return words.say("split {name}:", name=split.name)

    def _send(self, send: Send) -> str:
        message = next(each for each in self.plan.messages if each.name == send.message)
        told = self.words.say("send {step} by {channel}", step=send.step, channel=message.channel)
        if not send.incentives:
            return told
        return told + self.words.say(", offering {incentives}", incentives=self.words.listed(send.incentives))

    def _wait(self, wait: Wait) -> str:
        length = waited(wait.length, self.words)
        if not wait.outcomes:
            return self.words.say("wait {length}", length=length)
        events = self.words.listed(map(self._end, wait.outcomes), "or")
        if isinstance(wait.length, Until):
            return self.words.say("wait {length} for {events}", length=length, events=events)
        return self.words.say("wait up to {length} for {events}", length=length, events=events)

    def _end(self, outcome: str) -> str:
        """An outcome as what a wait or a journey ends with."""
        return tell(_ENDS[outcome], self.words.lang)

    def _day(self, clock_s: int) -> str:
        """Days since entry at the latest; a part of a day counts as the day it lies in."""
        return self.words.say("day {number}: ", number=clock_s // _DAY)


def _after(wait: Wait, journey: Journey, clock_s: int) -> int:
    """Seconds since entry when the wait is over at the latest; a month is counted as 31 days."""
    match wait.length:
        case Elapsed(seconds=seconds):
            return clock_s + seconds
        case Until(instant=instant):
            return max(clock_s, instant - journey.wave.first)
        case _:
            return clock_s + wait.length.months * 31 * _DAY


_ENDS: Final = {
    "order": Say("an order"),
    "open": Say("an opened message"),
    "click": Say("a click"),
    "claim": Say("a claim"),
    "join": Say("a join"),
    "complete": Say("a completion"),
    "attend": Say("attendance"),
}
"""Outcomes as what a wait or a journey ends with."""
