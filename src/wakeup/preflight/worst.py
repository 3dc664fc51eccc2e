"""The most that people can use and cost: every message sent, every incentive used as often as its limit allows.

Caps, guards and limits of the budget are left out; stock is not: what is not there cannot be given away. Two bounds are
taken for a line and the lower one holds: the dearest way through the journey for each person, and for each incentive by
itself the most that its stock, its codes, its prizes or its places allow. A price for every order is taken to be used
once a day, if nothing limits it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.decide.money import per_minor
from wakeup.plan.model import (
    Activity,
    AmountOff,
    Branch,
    Coupon,
    Exit,
    Gift,
    Grant,
    Incentive,
    Instruction,
    Journey,
    Jump,
    Message,
    PercentOff,
    Plan,
    Send,
    Service,
    Split,
)
from wakeup.plan.periods import DAY, longest
from wakeup.sim.array.people import Cast
from wakeup.sim.array.truth import band_index

Index = NDArray[np.intp]
Floats = NDArray[np.float64]

MOST_WAYS: Final = 64
"""Beyond so many different ways through a journey they are taken as one that does what any of them does."""

Way = tuple[int, ...]
"""How often each message is sent and each incentive used: messages first, both in the order of the plan."""


@frozen(eq=False)
class Worst:
    """uses: float64 (incentives,), the most uses of each if stock were no matter. lines: the most that each line pays,
    minor units, "" for what has no line; total: the most that all of them pay. Fixed costs included."""

    uses: Floats
    lines: Mapping[str, float]
    total: float


def worst_case(plan: Plan, cast: Cast, entering: Index) -> Worst:
    """Return the most that those who enter (intp (m,)) can use and cost."""
    parts = [
        _Part.of(plan, cast, entering[cast.membership.journey[entering] == index], ways(plan, journey))
        for index, journey in enumerate(plan.journeys)
    ]
    stocks = [_stock(each) for each in plan.incentives]
    owners = _lines(plan)
    fixed = {name: float(sum(cost.amount for cost in plan.costs if cost.line == name)) for name in owners}
    lines = {name: fixed[name] + _bound(parts, stocks, _paying(plan, name)) for name in owners}
    everything = np.ones(len(plan.messages) + len(plan.incentives))
    total = sum(fixed.values()) + _bound(parts, stocks, everything)
    uses = np.sum([part.uses for part in parts], axis=0, initial=0.0)
    return Worst(np.broadcast_to(uses, len(plan.incentives)), lines, min(total, sum(lines.values())))


@frozen(eq=False)
class _Part:
    """The people of one journey. ways: float64 (w, messages + incentives); prices: float64 (m, messages + incentives),
    minor units of one send or use for each person."""

    ways: Floats
    prices: Floats
    messages: int

    @staticmethod
    def of(plan: Plan, cast: Cast, people: Index, ways: Sequence[Way]) -> "_Part":
        micros = np.array([_dearest_text(each) for each in plan.messages], np.float64) / per_minor(plan.minor_digits)
        prices = np.zeros((len(people), len(plan.messages) + len(plan.incentives)))
        prices[:, : len(micros)] = micros
        for index, incentive in enumerate(plan.incentives, start=len(micros)):
            match incentive:
                case Coupon():
                    prices[:, index] = faces(plan, cast, incentive, people)
                case Gift() | Service() | Activity():
                    prices[:, index] = incentive.cost
        return _Part(np.array(ways, np.float64), prices, len(plan.messages))

    @property
    def uses(self) -> Floats:
        """The most uses of each incentive: float64 (incentives,)."""
        return np.asarray(self.ways[:, self.messages :].max(axis=0) * len(self.prices))

    def dearest(self, paying: Floats) -> float:
        """The sum over people of the dearest way for each, of what `paying` (messages + incentives,) says is paid."""
        return float((self.prices @ (self.ways * paying).T).max(axis=1, initial=0.0).sum())


def _bound(parts: Sequence[_Part], stocks: Sequence[float], paying: Floats) -> float:
    """The lower of the two bounds on what is paid for, by all people."""
    by_person = sum(part.dearest(paying) for part in parts)
    by_stock = sum(part.dearest(np.where(np.arange(len(paying)) < part.messages, paying, 0.0)) for part in parts)
    for index, stock in enumerate(stocks):
        at = len(paying) - len(stocks) + index
        dearest = max((part.prices[:, at].max(initial=0.0) for part in parts), default=0.0)
        if paying[at] and dearest:
            alone = np.where(np.arange(len(paying)) == at, paying, 0.0)
            by_stock += min(sum(part.dearest(alone) for part in parts), dearest * stock)
    return float(min(by_person, by_stock))


def _lines(plan: Plan) -> tuple[str, ...]:
    named = [*(each.line for each in plan.incentives), *(each.line for each in plan.costs)]
    declared = () if plan.budget is None else tuple(each.name for each in plan.budget.lines)
    return tuple(dict.fromkeys((*declared, *named, *_message_lines(plan))))


def _message_lines(plan: Plan) -> tuple[str, ...]:
    default = "" if plan.budget is None else plan.budget.send_line
    lines = {each.name: each.line or default for each in plan.channels}
    return tuple(lines[each.channel] for each in plan.messages)


def _paying(plan: Plan, line: str) -> Floats:
    """1 for each message and incentive that the line pays for, else 0."""
    return np.array([name == line for name in (*_message_lines(plan), *(each.line for each in plan.incentives))], float)


def faces(plan: Plan, cast: Cast, coupon: Coupon, people: Index) -> Floats:
    """Return what a coupon is worth to each person (m,): its amount, or its share of the usual basket, at least of the
    threshold (rule 23 of the semantics); 0 where it has no rung for them."""
    worth = np.zeros(len(people))
    tiers = {tier.name: bands[people] for tier, bands in zip(plan.tiers, cast.membership.bands, strict=True)}
    for rung in reversed(coupon.rungs):
        fits = tiers[rung.tier] == band_index(plan, rung.tier, rung.band) if rung.tier else np.full(len(people), True)
        match rung.discount:
            case AmountOff(amount=amount):
                worth[fits] = amount
            case PercentOff(share=share, threshold=threshold):
                basket = np.maximum(cast.people.average_order_value[people[fits]], threshold)
                worth[fits] = np.floor(float(share) * basket + 0.5)
    return worth


# --- ways through a journey ------------------------------------------------------------------------------------------


def ways(plan: Plan, journey: Journey) -> tuple[Way, ...]:
    """Return what may be sent and used on the ways through a journey that no other way surpasses."""
    program = journey.program
    reached: list[set[Way]] = [set() for _ in range(len(program) + 1)]
    reached[0].add((0,) * (len(plan.messages) + len(plan.incentives)))
    for at, instruction in enumerate(program):
        for target, after in _following(plan, instruction, at, len(program), _few(reached[at])):
            reached[target].update(after)
    return _few(reached[-1])


def _following(
    plan: Plan, instruction: Instruction, at: int, end: int, before: tuple[Way, ...]
) -> Iterator[tuple[int, tuple[Way, ...]]]:
    match instruction:
        case Send():
            yield at + 1, tuple(after for way in before for after in _sent(plan, instruction, way))
        case Grant(incentives=incentives):
            yield at + 1, tuple(_given(plan, incentives, way) for way in before)
        case Branch(otherwise=otherwise):
            yield from ((at + 1, before), (otherwise, before))
        case Jump(target=target):
            yield target, before
        case Split(arms=arms):
            yield from ((arm.target, before) for arm in arms)
        case Exit():
            yield end, before
        case _:
            yield at + 1, before


def _sent(plan: Plan, send: Send, way: Way) -> Iterator[Way]:
    """The way after a send, by the message itself or by one of its fallbacks."""
    counts = _given(plan, send.incentives, way)
    by_name = {each.name: index for index, each in enumerate(plan.messages)}
    name = send.message
    while name:
        yield tuple(count + (place == by_name[name]) for place, count in enumerate(counts))
        name = plan.messages[by_name[name]].fallback


def _given(plan: Plan, given: Sequence[str], way: Way) -> Way:
    """The way after incentives were given, with what they reward."""
    rewards = [each.reward for each in plan.incentives if isinstance(each, Activity) and each.name in given]
    counts = list(way)
    for index, incentive in enumerate(plan.incentives, start=len(plan.messages)):
        times = (incentive.name in given) + rewards.count(incentive.name)
        more = counts[index] + times * _uses(incentive)
        counts[index] = more if incentive.limit is None else min(more, incentive.limit)
    return tuple(counts)


def _uses(incentive: Incentive) -> int:
    """The most uses of one grant."""
    if not isinstance(incentive, Coupon) or not incentive.reusable:
        return 1
    longest_s = max((longest(rung.valid) for rung in incentive.rungs), default=0)
    return -(-longest_s // DAY) if incentive.limit is None else incentive.limit


def _stock(incentive: Incentive) -> float:
    """The most uses of an incentive by all people."""
    bounds = [incentive.stock]
    match incentive:
        case Coupon(codes=codes):
            bounds.append(codes)
        case Activity(wins=wins, places=places):
            bounds += [wins, places]
        case _:
            pass
    return min((bound * _uses(incentive) for bound in bounds if bound is not None), default=float("inf"))


def _dearest_text(message: Message) -> int:
    """Micros of the dearest text of a message."""
    return max((message.cost_micros, *(each.cost_micros for each in message.variants)))


def _few(found: set[Way]) -> tuple[Way, ...]:
    """The ways that no other surpasses in everything; too many of them become one."""
    if len(found) > MOST_WAYS:
        return (tuple(map(max, *found)),)
    best = [way for way in found if not any(_surpasses(other, way) for other in found)]
    return tuple(sorted(best))


def _surpasses(other: Way, way: Way) -> bool:
    return other != way and all(map(int.__ge__, other, way))
