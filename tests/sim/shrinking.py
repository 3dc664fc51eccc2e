"""Makes a failing trial small: takes away people, steps, rules, features, days, until whatever more is taken away makes
the failure vanish.

Nothing here knows the plan's model by heart: every tuple in it may lose an element, every field with a default may get
it back, every predicate may become "everybody". What the reference cannot play is no smaller trial.
"""

from collections.abc import Callable, Iterator
from typing import Any

import attrs
from attrs import evolve, frozen
from tests.sim.comparing import Mismatch, mismatch, shown
from tests.sim.people import Person
from tests.sim.trials import Trial

from wakeup.plan.model import Arm, Branch, Journey, Jump, Plan, Split
from wakeup.plan.predicates import EVERYONE, And, Bought, Compare, Happened, HasTag, InTier, Not, Or

DAY = 86_400
PREDICATES = (And, Bought, Compare, Happened, HasTag, InTier, Not, Or)
FIXED = frozenset({"name", "title", "kind", "step", "salt", "id", "holdout_salt", "end", "follow_up"})
"""Fields that stay: names are how things refer to each other; the length of the run is shortened apart."""

Check = Callable[[Trial], Mismatch | None]


@frozen
class Shrunk:
    """The smallest trial that still fails in the same way, and how; tried: how many trials it took."""

    trial: Trial
    found: Mismatch
    tried: int
    complete: bool

    def __str__(self) -> str:
        cut = "" if self.complete else " (not yet the smallest: the number of tries is used up)"
        return f"\n{shown(self.trial, self.found)}\n[{self.tried} trials{cut}]"


class MismatchError(AssertionError):
    """Both simulators disagree; says the smallest trial that shows it."""


def assert_agree(trial: Trial, check: Check = mismatch, most: int = 1_500) -> None:
    """Play a trial on both simulators.

    Raises:
        MismatchError: they differ; the message is the smallest trial that shows it.
    """
    found = check(trial)
    if found is not None:
        raise MismatchError(str(shrink(trial, found, check, most)))


def shrink(trial: Trial, found: Mismatch, check: Check = mismatch, most: int = 1_500) -> Shrunk:
    """Return the smallest trial that fails in the way of `found`; at most so many trials are played."""
    return _Shrinking(check, found.kind, most).run(trial, found)


class _Shrinking:
    """One search: greedy, from large bites to small ones, again until nothing more can go."""

    def __init__(self, check: Check, kind: str, most: int) -> None:
        self._check, self._kind, self._most = check, kind, most
        self._tried = 0

    def run(self, trial: Trial, found: Mismatch) -> Shrunk:
        self._trial, self._found = trial, found
        again = True
        while again:
            again = self._people()
            again |= self._each(smaller)
        return Shrunk(self._trial, self._found, self._tried, self._tried < self._most)

    def _fails(self, trial: Trial) -> bool:
        """Say whether a trial fails in the same way; if so it is the one to go on with."""
        if self._tried >= self._most:
            return False
        self._tried += 1
        try:
            found = self._check(trial)
        except Exception:  # noqa: BLE001 - the reference cannot play it
            return False
        if found is None or found.kind != self._kind:
            return False
        self._trial, self._found = trial, found
        return True

    def _people(self) -> bool:
        """Leave out as many people at once as possible: halves, quarters, … one by one."""
        size, less = max(len(self._trial.people) // 2, 1), False
        while size:
            first = 0
            while first < len(self._trial.people) > 1:
                people = self._trial.people
                if self._fails(evolve(self._trial, people=people[:first] + people[first + size :])):
                    less = True
                else:
                    first += size
            size //= 2
        return less

    def _each(self, candidates: Callable[[Trial], Iterator[Trial]]) -> bool:
        """Try every candidate; after a success go on at the same place of what is left."""
        place, less = 0, False
        while True:
            every = list(candidates(self._trial))
            if place >= len(every) or self._tried >= self._most:
                return less
            if self._fails(every[place]):
                less = True
            else:
                place += 1


def smaller(trial: Trial) -> Iterator[Trial]:
    """Return trials that lack one thing, large things first."""
    plan = trial.plan
    if trial.scenario is not None:
        yield evolve(trial, scenario=None, plan=evolve(plan, scenarios=()))
    for days in (1, 2, 3, 5, 8, 13):
        if plan.start + days * DAY < plan.end:
            yield evolve(trial, plan=evolve(plan, end=plan.start + days * DAY))
    if plan.follow_up > DAY:
        yield evolve(trial, plan=evolve(plan, follow_up=DAY))
    if trial.as_of != plan.start:
        yield evolve(trial, as_of=plan.start)
    for each in _less(plan):
        yield evolve(trial, plan=each)
    for number, person in enumerate(trial.people):
        for less in _less(person):
            yield evolve(trial, people=(*trial.people[:number], less, *trial.people[number + 1 :]))


def _less(thing: Any) -> Iterator[Any]:
    """Return the same thing without one of its parts, or with one of its parts without one of theirs, …"""
    if isinstance(thing, PREDICATES) and thing != EVERYONE:
        yield EVERYONE
    for each in attrs.fields(type(thing)):
        if each.name in FIXED:
            continue
        value = getattr(thing, each.name)
        yield from (evolve(thing, **{each.name: less}) for less in _values(thing, each, value))


def _values(thing: Any, where: Any, value: Any) -> Iterator[Any]:
    default = where.default.factory() if isinstance(where.default, attrs.Factory) else where.default
    if default is not attrs.NOTHING and value != default and not isinstance(thing, Arm):
        yield default
    elif isinstance(value, int) and not isinstance(value, bool) and _is_length(thing, where.name) and value:
        yield 0
    elif isinstance(thing, Plan) and where.name == "holdout" and value != "0":
        yield "0"
    if isinstance(thing, Journey) and where.name == "program":
        yield from _programs(value)
    elif isinstance(value, tuple):
        yield from _shorter(value)
    elif attrs.has(type(value)):
        yield from _less(value)


def _is_length(thing: Any, name: str) -> bool:
    """Say whether a number may become 0: not an instant, not what others point at."""
    return name in ("cost", "threshold", "seconds", "count") and not isinstance(thing, Person)


def _shorter(items: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    for place, item in enumerate(items):
        yield (*items[:place], *items[place + 1 :])
        if attrs.has(type(item)):
            for less in _less(item):
                yield (*items[:place], less, *items[place + 1 :])


def _programs(program: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Return programs without one of their instructions, whose targets move with the rest, or with less in one."""
    for place in range(len(program)):
        if len(program) > 1:
            rest = (*program[:place], *program[place + 1 :])
            yield tuple(_moved(each, place) for each in rest)
    for place, item in enumerate(program):
        for less in _less(item):
            yield (*program[:place], less, *program[place + 1 :])


def _moved(instruction: Any, gone: int) -> Any:
    def moved(target: int) -> int:
        return target - (target > gone)

    match instruction:
        case Branch(otherwise=otherwise):
            return evolve(instruction, otherwise=moved(otherwise))
        case Jump(target=target):
            return evolve(instruction, target=moved(target))
        case Split(arms=arms):
            return evolve(instruction, arms=tuple(evolve(each, target=moved(each.target)) for each in arms))
        case _:
            return instruction
