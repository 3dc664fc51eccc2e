"""The journeys of generated plans: blocks of instructions, branches and arms with forward jumps."""

from random import Random
from typing import Any

from tests.sim.cases import DAY, HOUR, MINUTE, Case, predicate

from wakeup.plan.model import (
    Arm,
    Branch,
    Elapsed,
    Exit,
    Grant,
    Incentive,
    Instruction,
    Journey,
    Jump,
    Message,
    Months,
    Send,
    Split,
    Until,
    Wait,
    Wave,
)
from wakeup.plan.predicates import EVERYONE, HasTag, InTier, Predicate


def journey(
    case: Case, number: int, messages: tuple[Message, ...], incentives: tuple[Incentive, ...], start: int
) -> Journey:
    r = case.stream(f"journey{number}")
    match: Predicate = EVERYONE
    if "tiers" in case.features and number == 0:
        match = r.choice((InTier("value", "high"), InTier("value", "middle"), InTier("sleep", "long"), HasTag("vip")))
    program = _Program(case, r, messages, incentives, start, f"j{number}")
    program.block(r.choice((2, 4, 6)), 0)
    per_day = r.choice((None, 1, 4, 9)) if "waves" in case.features else None
    return Journey(
        name=f"j{number}",
        match=match,
        wave=Wave(start + r.choice((0, 10 * HOUR, DAY + 2 * HOUR + 30 * MINUTE)), per_day),
        program=tuple(program.found),
        goal=r.choice(("order", "order", "", "click", "open", "claim", "join", "complete", "attend"))
        if "goals" in case.features
        else "order",
        salt=f"wave{number}",
    )


class _Program:
    """Writes a program: blocks of instructions, branches and arms with forward jumps."""

    def __init__(self, case: Case, r: Random, messages: Any, incentives: Any, start: int, name: str) -> None:
        self.case, self.r, self.messages, self.incentives = case, r, messages, incentives
        self.start, self.name = start, name
        self.found: list[Instruction] = []
        self.splits = 0

    def block(self, count: int, depth: int) -> None:
        for _ in range(count):
            self._one(depth)

    def _one(self, depth: int) -> None:
        draw = self.r.random()
        if draw < 0.08 and "grants" in self.case.features:
            self._grant()
        elif draw < 0.5:
            self._send()
        elif draw < 0.75 or depth == 2:
            self._wait()
        elif draw < 0.87 and "branches" in self.case.features:
            self._branch(depth)
        elif "split" in self.case.features:
            self._split(depth)
        if self.r.random() < 0.03:
            self.found.append(Exit())

    def _send(self) -> None:
        names = [each.name for each in self.incentives if self.r.random() < 0.3]
        expires = self.r.choice((3 * DAY, 3 * DAY, 5 * HOUR, 0))
        self.found.append(Send(f"s{len(self.found)}", self.r.choice(self.messages).name, tuple(names), expires))

    def _wait(self) -> None:
        length = self.r.choice(
            (Elapsed(6 * HOUR), Elapsed(DAY), Elapsed(2 * DAY), Elapsed(0), Months(1), Until(self.start + 2 * DAY))
        )
        outcomes = ("order", "open", "click", "claim", "join", "complete", "attend")
        self.found.append(Wait(length, tuple(self.r.sample(outcomes, self.r.choice((0, 0, 1, 1, 2, 3))))))

    def _grant(self) -> None:
        names = self.r.sample([each.name for each in self.incentives], self.r.choice((1, 2)))
        self.found.append(Grant(f"s{len(self.found)}", tuple(names)))

    def _branch(self, depth: int) -> None:
        place = len(self.found)
        asked = predicate(self.case, self.r)
        self.found.append(Exit())
        self.block(2, depth + 1)
        skip = len(self.found)
        self.found.append(Exit())
        self.found[place] = Branch(asked, len(self.found))
        self.block(1, depth + 1)
        self.found[skip] = Jump(len(self.found))

    def _split(self, depth: int) -> None:
        place, self.splits = len(self.found), self.splits + 1
        name = f"{self.name}split{self.splits}"
        bounds = ("0", *self.r.choice((("0.5",), ("0.2", "0.6"))), "1")
        self.found.append(Exit())
        targets, ends = [], []
        for _ in bounds[1:]:
            targets.append(len(self.found))
            self.block(self.r.choice((1, 2)), depth + 1)
            ends.append(len(self.found))
            self.found.append(Exit())
        for end in ends:
            self.found[end] = Jump(len(self.found))
        arms = tuple(
            Arm(f"a{n}", low, high, target)
            for n, (low, high, target) in enumerate(zip(bounds, bounds[1:], targets, strict=False))
        )
        self.found[place] = Split(name, f"salt{name}", arms)
