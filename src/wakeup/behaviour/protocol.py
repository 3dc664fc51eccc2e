"""What a behaviour must answer. Arrays in, arrays out; the reference calls it with arrays of length 1.

All arrays are contiguous with shape (m,); instants int64 seconds UTC; an event that does not happen is at NEVER_AGAIN.
Every answer is a pure function of the arguments and of keyed draws, element by element: the value for a person does
not depend on who else is in the call.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.population import Population
from wakeup.plan.model import Plan, Scenario

NEVER_AGAIN = np.iinfo(np.int64).max
"""Instant of an event that will not happen."""

Who = NDArray[np.int32]
Instants = NDArray[np.int64]


@frozen(eq=False)
class State:
    """What a touch finds: last_order int64 (NEVER if none), orders int32 so far, pressure float64 (felt contacts
    before this one, already decayed to the instant by `press`). bonded: bool, a bond (membership, community) holds at
    the instant. matched: bool, the message has a wording or a content made for the person (never so in a prompt).
    bands: int8 (m, tiers), the band of each of Plan.tiers that the person is in since the start of the run, by its
    place in Tier.bands, -1 for none.

    A simulator may look a column up when it is asked for: states and offers are good only during the call."""

    last_order: Instants
    orders: NDArray[np.int32]
    pressure: NDArray[np.float64]
    bonded: NDArray[np.bool_]
    matched: NDArray[np.bool_]
    bands: NDArray[np.int8]


@frozen(eq=False)
class Offer:
    """One incentive shown by a message. `incentive`: index into Plan.incentives. For coupons `amount` int64 (discount
    in minor units at the person's average order value or threshold) and `threshold` int64; for others zeros.
    `end`: int64 end of the grant's validity. `live`: bool, the grant was there before this message."""

    incentive: int
    amount: NDArray[np.int64]
    threshold: NDArray[np.int64]
    end: Instants
    live: NDArray[np.bool_]


@frozen(eq=False)
class Answers:
    """What the touched will do, sampled at the touch. `taken[i]`: instant at which offer i is claimed (gift, service)
    or joined (activity), NEVER_AGAIN for coupons. `ordered`: instant of an induced order. All later than the touch."""

    delivered: NDArray[np.bool_]
    opened: Instants
    clicked: Instants
    taken: tuple[Instants, ...]
    opted_out: Instants
    complained: Instants
    ordered: Instants


class Model(Protocol):
    """Behaviour bound to a population, a replication's parameters and its draws."""

    stretch: float
    """Share of a coupon's threshold from which a basket is topped up to it."""

    def first_order(self, who: Who) -> Instants:
        """Organic time of the first order after the population's as_of (spell 0)."""

    def next_order(self, who: Who, at: Instants, number: NDArray[np.int32]) -> Instants:
        """Organic time of the order after order `number` (1 = first since as_of), which happened at `at`."""

    def basket(self, who: Who, number: NDArray[np.int32]) -> NDArray[np.int64]:
        """Value before discount (minor units, >= 1) of order `number` (1 = first since as_of)."""

    def reach(self, channel: int, who: Who) -> NDArray[np.bool_]:
        """Whether the person can be reached on Plan.channels[channel] where the data do not say."""

    def press(self, pressure: NDArray[np.float64], pressed_at: Instants, at: Instants) -> NDArray[np.float64]:
        """Pressure at `at`, decayed since `pressed_at`, the last send (NEVER: none). A send then adds 1."""

    def touch(
        self, who: Who, at: Instants, message: int, offers: Sequence[Offer], occurrence: NDArray[np.int32], state: State
    ) -> Answers:
        """Answers to Plan.messages[message], sent at `at` for the `occurrence`-th time (from 0)."""

    def prompt(
        self, who: Who, at: Instants, incentive: int, offer: Offer | None, occurrence: NDArray[np.int32], state: State
    ) -> Instants:
        """Induced order after a service done or an activity completed (offer None), or a reward received, at `at`."""

    def remembers(self, who: Who, incentive: int, number: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Whether an organic order `number` uses the coupon if it can."""

    def completes(self, who: Who, incentive: int, occurrence: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Whether the challenge that was joined for the `occurrence`-th time is kept up, the event attended."""

    def wins(self, who: Who, incentive: int, occurrence: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Whether the `occurrence`-th join (from 0) of a draw wins, with the plan's odds."""

    def score(self, who: Who, incentive: int, occurrence: NDArray[np.int32]) -> NDArray[np.int64]:
        """Score of the `occurrence`-th answer (from 0) to a survey: hundredths, 100 (worst) to 500 (best)."""

    def subscribes(self, who: Who, message: int, occurrence: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Whether the click on Plan.messages[message] permits one more send; `occurrence` is that of its `touch`."""

    def handling(self, who: Who, staff: int, occurrence: NDArray[np.int32]) -> NDArray[np.int64]:
        """Seconds (>= 1) that Plan.staff[staff] take for the person's `occurrence`-th service."""


class Behaviour(Protocol):
    """Makes models; replaceable by an object of the user's own."""

    def model(
        self, plan: Plan, population: Population, seed: int, replication: int, scenario: Scenario | None
    ) -> Model:
        """Bind to people; parameters are drawn per replication, medians at replication 0 (SEMANTICS 9).

        `population` may be a part of all: a simulator binds a model to each chunk of people. What is known of a person
        beforehand is looked up by `population.key`, never by place, and does not depend on who else is there.
        """
