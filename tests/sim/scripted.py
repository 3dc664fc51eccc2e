"""A behaviour whose every answer is written down per customer, so that a run can be computed by hand.

`Scripted({"ann": Life(first=..., replies={("nudge", 0): Reply(opened=60)})})` answers for the customer "ann"; who
is not in the table does nothing. Delays are seconds after the touch, None means never.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from wakeup.behaviour.protocol import NEVER_AGAIN, Answers, Instants, Offer, State, Who
from wakeup.customers.population import Population
from wakeup.plan.model import Plan, Scenario


@frozen
class Reply:
    """Answers to one touch; `taken`: delay per incentive name."""

    delivered: bool = True
    opened: int | None = None
    clicked: int | None = None
    taken: Mapping[str, int] = field(factory=dict)
    opted_out: int | None = None
    complained: int | None = None
    ordered: int | None = None


@frozen
class Life:
    """What one customer will do.

    first: instant of the first organic order after the data. later: delay of the next organic order after order 1, 2, …
    baskets: of order 1, 2, … (the last goes on). replies: per (message, occurrence). prompts: delay of an induced order
    per (incentive, occurrence). remembers: incentives that organic orders look at. completes: challenges kept up.
    wins: (draw, join from 0) that win. scores: hundredths per (survey, answer from 0), else 300. subscribes: (message,
    sending from 0) whose click permits one more. handling: seconds per (staff, occurrence). unreachable: channels
    without an address. needs_bond, needs_match: messages and incentives whose order only comes while a bond holds,
    or where something in the message suits the person.
    """

    first: int | None = None
    later: tuple[int | None, ...] = ()
    baskets: tuple[int, ...] = (10_000,)
    replies: Mapping[tuple[str, int], Reply] = field(factory=dict)
    prompts: Mapping[tuple[str, int], int] = field(factory=dict)
    remembers: frozenset[str] = frozenset()
    completes: frozenset[str] = frozenset()
    wins: frozenset[tuple[str, int]] = frozenset()
    scores: Mapping[tuple[str, int], int] = field(factory=dict)
    subscribes: frozenset[tuple[str, int]] = frozenset()
    needs_bond: frozenset[str] = frozenset()
    needs_match: frozenset[str] = frozenset()
    handling: Mapping[tuple[str, int], int] = field(factory=dict)
    unreachable: frozenset[str] = frozenset()


@frozen
class Scripted:
    """A Behaviour that reads its answers from a table of lives by customer id."""

    lives: Mapping[str, Life]
    stretch: float = 0.8

    def model(
        self, plan: Plan, population: Population, seed: int, replication: int, scenario: Scenario | None
    ) -> "ScriptedModel":
        return ScriptedModel(plan, [self.lives.get(each, Life()) for each in population.ids], self.stretch)


def _at(start: int, delay: int | None) -> int:
    return NEVER_AGAIN if delay is None else start + delay


def _instants(values: Sequence[int]) -> Instants:
    return np.array(values, dtype=np.int64)


@frozen
class ScriptedModel:
    """A Model over written lives, one element at a time."""

    plan: Plan
    lives: Sequence[Life]
    stretch: float

    def first_order(self, who: Who) -> Instants:
        return _instants([_at(0, self.lives[w].first) for w in who])

    def next_order(self, who: Who, at: Instants, number: NDArray[np.int32]) -> Instants:
        gaps = [dict(enumerate(self.lives[w].later, 1)).get(int(k)) for w, k in zip(who, number, strict=True)]
        return _instants([_at(int(t), gap) for t, gap in zip(at, gaps, strict=True)])

    def basket(self, who: Who, number: NDArray[np.int32]) -> NDArray[np.int64]:
        chosen = [self.lives[w].baskets[:k] for w, k in zip(who, number, strict=True)]
        return _instants([baskets[-1] for baskets in chosen])

    def reach(self, channel: int, who: Who) -> NDArray[np.bool_]:
        name = self.plan.channels[channel].name
        return np.array([name not in self.lives[w].unreachable for w in who], dtype=np.bool_)

    def press(self, pressure: NDArray[np.float64], pressed_at: Instants, at: Instants) -> NDArray[np.float64]:
        return pressure.copy()

    def touch(
        self, who: Who, at: Instants, message: int, offers: Sequence[Offer], occurrence: NDArray[np.int32], state: State
    ) -> Answers:
        name = self.plan.messages[message].name
        replies = [self.lives[w].replies.get((name, int(n)), Reply()) for w, n in zip(who, occurrence, strict=True)]

        def when(delays: Sequence[int | None]) -> Instants:
            reached = [d if r.delivered else None for d, r in zip(delays, replies, strict=True)]
            return _instants([_at(int(t), delay) for t, delay in zip(at, reached, strict=True)])

        shown = [self.plan.incentives[offer.incentive].name for offer in offers]
        return Answers(
            delivered=np.array([r.delivered for r in replies], dtype=np.bool_),
            opened=when([r.opened for r in replies]),
            clicked=when([r.clicked for r in replies]),
            taken=tuple(when([r.taken.get(each) for r in replies]) for each in shown),
            opted_out=when([r.opted_out for r in replies]),
            complained=when([r.complained for r in replies]),
            ordered=when(self._moved(name, who, [r.ordered for r in replies], state)),
        )

    def prompt(
        self, who: Who, at: Instants, incentive: int, offer: Offer | None, occurrence: NDArray[np.int32], state: State
    ) -> Instants:
        name = self.plan.incentives[incentive].name
        delays = [self.lives[w].prompts.get((name, int(n))) for w, n in zip(who, occurrence, strict=True)]
        moved = self._moved(name, who, delays, state)
        return _instants([_at(int(t), delay) for t, delay in zip(at, moved, strict=True)])

    def _moved(self, name: str, who: Who, delays: Sequence[int | None], state: State) -> list[int | None]:
        """The delays of induced orders, for those whom what the state says lets order."""
        columns = zip(who, delays, state.bonded, state.matched, strict=True)
        return [
            delay
            if (bonded or name not in self.lives[w].needs_bond) and (matched or name not in self.lives[w].needs_match)
            else None
            for w, delay, bonded, matched in columns
        ]

    def remembers(self, who: Who, incentive: int, number: NDArray[np.int32]) -> NDArray[np.bool_]:
        name = self.plan.incentives[incentive].name
        return np.array([name in self.lives[w].remembers for w in who], dtype=np.bool_)

    def completes(self, who: Who, incentive: int, occurrence: NDArray[np.int32]) -> NDArray[np.bool_]:
        name = self.plan.incentives[incentive].name
        return np.array([name in self.lives[w].completes for w in who], dtype=np.bool_)

    def wins(self, who: Who, incentive: int, occurrence: NDArray[np.int32]) -> NDArray[np.bool_]:
        name = self.plan.incentives[incentive].name
        won = [(name, int(n)) in self.lives[w].wins for w, n in zip(who, occurrence, strict=True)]
        return np.array(won, dtype=np.bool_)

    def score(self, who: Who, incentive: int, occurrence: NDArray[np.int32]) -> NDArray[np.int64]:
        name = self.plan.incentives[incentive].name
        scores = [self.lives[w].scores.get((name, int(n)), 300) for w, n in zip(who, occurrence, strict=True)]
        return _instants(scores)

    def subscribes(self, who: Who, message: int, occurrence: NDArray[np.int32]) -> NDArray[np.bool_]:
        name = self.plan.messages[message].name
        permitted = [(name, int(n)) in self.lives[w].subscribes for w, n in zip(who, occurrence, strict=True)]
        return np.array(permitted, dtype=np.bool_)

    def handling(self, who: Who, staff: int, occurrence: NDArray[np.int32]) -> NDArray[np.int64]:
        desk = self.plan.staff[staff]
        keys = [(desk.name, int(n)) for n in occurrence]
        return _instants([self.lives[w].handling.get(k, desk.handles) for w, k in zip(who, keys, strict=True)])
