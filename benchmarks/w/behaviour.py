"""How people behave in W: a behaviour object for both simulators of wakeup, in place of the default one."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.w import terms as w
from wakeup.behaviour.protocol import NEVER_AGAIN, Answers, Instants, Offer, State, Who
from wakeup.behaviour.timing import later
from wakeup.customers.population import Population
from wakeup.draws import normal, uniform
from wakeup.plan.model import Coupon, Plan, Scenario

Floats = NDArray[np.float64]
Numbers = NDArray[np.int32]
Keys = NDArray[np.uint64]
HOUR = 3600.0
_MEDIAN = np.array(w.MEDIAN_VALUE)
_GAP = 24.0 * HOUR / np.array(w.ORGANIC_PER_DAY)
GROUP_OF_MESSAGE = {"top": w.TOP, "coupon": w.COUPON, "kit": w.KIT, "low": w.LOW}
CHANNELS = {"text": w.TEXT, "app": w.APP, "mail": w.MAIL, "adviser": w.ADVISER}


class Behaviour:
    """Makes models of W; implements `wakeup.behaviour.protocol.Behaviour`."""

    def model(
        self, plan: Plan, population: Population, seed: int, replication: int, scenario: Scenario | None
    ) -> "Model":
        return Model(plan, population, seed, replication)


class Model:
    """W's probabilities and delays, bound to people; implements `wakeup.behaviour.protocol.Model`.

    A purchase after the run does not happen. Who unsubscribes wants no message of any channel: a complaint.
    """

    stretch = 1.0

    def __init__(self, plan: Plan, population: Population, seed: int, replication: int) -> None:
        self._plan, self._key, self._end, self._start = plan, population.key, plan.end, population.as_of
        self._seed, self._replication = seed, replication
        self._population = population

    def first_order(self, who: Who) -> Instants:
        return self._organic(who, self._start, 0)

    def next_order(self, who: Who, at: Instants, number: Numbers) -> Instants:
        return self._organic(who, at, number)

    def basket(self, who: Who, number: Numbers) -> NDArray[np.int64]:
        value = normal(self._draw(self._key.take(who), "basket", number))
        value *= w.VALUE_SPREAD
        np.exp(value, out=value)
        value *= _MEDIAN.take(self._tier(who))
        return np.maximum(np.rint(100.0 * value).astype(np.int64), 1)

    def reach(self, channel: int, who: Who) -> NDArray[np.bool_]:
        return np.ones(len(who), np.bool_)

    def press(self, pressure: Floats, pressed_at: Instants, at: Instants) -> Floats:
        return np.zeros(len(at))

    def touch(
        self, who: Who, at: Instants, message: int, offers: Sequence[Offer], occurrence: Numbers, state: State
    ) -> Answers:
        sent = self._plan.messages[message]
        name, channel = sent.name, CHANNELS[sent.channel]
        prefix, touch = name.split("_")
        group, k = GROUP_OF_MESSAGE[prefix], int(touch)
        key = self._key.take(who)
        delivered = self._draw(key, f"delivered:{name}") < w.DELIVERED[channel]
        left = delivered & (self._draw(key, f"unsubscribed:{name}") < w.UNSUBSCRIBED[channel])

        rows = np.flatnonzero(delivered & ~left & (self._draw(key, f"opened:{name}") < w.OPENED[channel]))
        key = key.take(rows)
        delay = np.exp(normal(self._draw(key, f"open_delay:{name}")))
        delay *= w.OPEN_HOURS * HOUR
        at_open = later(at.take(rows), delay)
        opened = _among(len(who), rows, at_open)

        some = np.flatnonzero(self._draw(key, f"clicked:{name}") < w.CLICKED[channel])
        rows, key = rows.take(some), key.take(some)
        at_click = later(at_open.take(some), self._wait(key, f"click_delay:{name}", w.CLICK_HOURS * HOUR))
        clicked = _among(len(who), rows, at_click)

        chance = self._liking(who.take(rows)) * (w.BUYS[group] * w.FATIGUE**k)
        some = np.flatnonzero((at_click < self._end) & (self._draw(key, f"ordered:{name}") < chance))
        rows, key = rows.take(some), key.take(some)
        at_order = later(at_click.take(some), self._wait(key, f"order_delay:{name}", w.BUY_HOURS * HOUR))
        some = np.flatnonzero((at_order - at.take(rows) < w.VALIDITY[group] * HOUR) & (at_order < self._end))
        ordered = _among(len(who), rows.take(some), at_order.take(some))

        never, leavers = np.full(len(who), NEVER_AGAIN), np.flatnonzero(left)
        return Answers(
            delivered=delivered,
            opened=opened,
            clicked=clicked,
            taken=tuple(never if self._is_coupon(offer) else ordered for offer in offers),
            opted_out=never,
            complained=_among(len(who), leavers, at.take(leavers) + 1),
            ordered=ordered,
        )

    def prompt(
        self, who: Who, at: Instants, incentive: int, offer: Offer | None, occurrence: Numbers, state: State
    ) -> Instants:
        return np.full(len(who), NEVER_AGAIN)

    def remembers(self, who: Who, incentive: int, number: Numbers) -> NDArray[np.bool_]:
        return np.zeros(len(who), np.bool_)

    def completes(self, who: Who, incentive: int, occurrence: Numbers) -> NDArray[np.bool_]:
        return np.zeros(len(who), np.bool_)

    def wins(self, who: Who, incentive: int, occurrence: Numbers) -> NDArray[np.bool_]:
        return np.zeros(len(who), np.bool_)

    def score(self, who: Who, incentive: int, occurrence: Numbers) -> NDArray[np.int64]:
        return np.full(len(who), 300)

    def subscribes(self, who: Who, message: int, occurrence: Numbers) -> NDArray[np.bool_]:
        return np.zeros(len(who), np.bool_)

    def handling(self, who: Who, staff: int, occurrence: Numbers) -> NDArray[np.int64]:
        return later(0, self._wait(self._key.take(who), "handling", w.SERVICE_HOURS * HOUR, occurrence))

    def _organic(self, who: Who, at: Instants | int, number: int | Numbers) -> Instants:
        wait = self._wait(self._key.take(who), "organic", 1.0, number)
        wait *= _GAP.take(self._tier(who))
        instants = later(at, wait)
        instants[instants >= self._end] = NEVER_AGAIN
        return instants

    def _tier(self, who: Who) -> NDArray[np.int8]:
        """Return the tier of people (m,): 0 is the highest."""
        value = self._population.average_order_value.take(who)
        return (value < 50_000).astype(np.int8) + (value < 20_000)

    def _liking(self, who: Who) -> Floats:
        """Return what is left of people's (m,) liking after the touches before the run and the time since an order."""
        people, touches = self._population, self._population.touches
        prior = 0 if touches is None else touches.offset.take(who + 1) - touches.offset.take(who)
        days = (people.as_of - people.last_order.take(who)) / 86_400.0
        return np.exp(-days / w.DORMANCY_DAYS) * w.FATIGUE**prior

    def _wait(self, key: Keys, purpose: str, mean: float, occurrence: int | Numbers = 0) -> Floats:
        wait = self._draw(key, purpose, occurrence)
        np.negative(wait, out=wait)
        np.log1p(wait, out=wait)
        wait *= -mean
        return wait

    def _is_coupon(self, offer: Offer) -> bool:
        return isinstance(self._plan.incentives[offer.incentive], Coupon)

    def _draw(self, key: Keys, purpose: str, occurrence: int | Numbers = 0) -> Floats:
        return uniform(self._seed, self._replication, key, purpose, occurrence)


def _among(count: int, rows: NDArray[np.intp], instants: Instants) -> Instants:
    whole = np.full(count, NEVER_AGAIN)
    whole[rows] = instants
    return whole
