"""What people are expected to ask for if nothing runs out: one replication of a sample, scaled up.

All assumptions are at their medians (replication 0). Stock, budget, guards and the rates of channels are lifted, so
that what comes out is what is asked for, not what is left over. Waves and desks shrink with the sample.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from math import ceil
from typing import Final

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from wakeup.behaviour import DefaultBehaviour
from wakeup.behaviour.organic import DAY
from wakeup.customers import Population
from wakeup.customers.slices import taken
from wakeup.decide.calendar import quarter_hour
from wakeup.decide.money import per_minor
from wakeup.decide.promotion import OUTCOMES
from wakeup.figures.naming import Columns
from wakeup.figures.trace import Trace
from wakeup.plan.model import Activity, Coupon, Incentive, Journey, Message, Plan, Promotion, Split, Staff
from wakeup.preflight.sample import by_columns, sampled, with_scores
from wakeup.sim import array
from wakeup.sim.task import Task
from wakeup.terms.lists import ROW_OF, Outcome, Reason, Row

Index = NDArray[np.intp]
Bools = NDArray[np.bool_]

SAMPLE: Final = 20_000
"""People of a rehearsal, at most."""

SEED: Final = 1

_PAID: Final = (Row.REDEEMED, Row.GIFTED, Row.SERVED, Row.COMPLETED)
_USES: Final = (Row.REDEEMED, Row.GIFTED, Row.SERVED, Row.JOINED)


@frozen
class Holding:
    """How many of an incentive are asked for: `granted` and `used` in all, at most `peak` open or used at once."""

    granted: float
    used: float
    peak: float


@frozen
class Arms:
    """What a split is judged by: people per arm, the share of them with a success, and its figure.

    people: those whom the promotion will count, or all until the run ends if nothing is promoted. days: from its first
    people until it is judged, or until the run ends; 0 if nobody comes to it.
    """

    people: tuple[float, ...]
    rate: float
    figure: str
    days: int


@frozen
class Payment:
    """What goes to an incentive, a channel or a fixed cost: minor units, on a budget line ("": on none)."""

    name: str
    line: str
    amount: float


@frozen(eq=False)
class Rehearsal:
    """The rows of the sample. Whatever is counted is scaled up: each of the `people` stands for `scale` people.

    journey: int16 (people,) index into Plan.journeys.
    """

    plan: Plan
    scale: float
    people: int
    journey: NDArray[np.int16]
    rows: Columns = field(repr=False)
    twins: Columns = field(repr=False)

    # --- waking up -----------------------------------------------------------------------------------------------

    @property
    def uplift(self) -> float:
        """Share of the people who wake up and would not have done so by themselves; nobody counts as one."""
        woken = self._happened(self.plan.awake) & (self.rows["t"] < self.plan.end)
        alone = self.twins["who"][self.twins["t"] < self.plan.end]
        by_themselves = len(np.unique(alone)) if Outcome.ORDER in self.plan.awake else 0
        return max(len(np.unique(self.rows["who"][woken])) - by_themselves, 1) / self.people

    def arms(self, journey: int, step: int, split: Split) -> Arms:
        """Return what is expected of a split, `step` of a journey. A success nobody has is counted as one."""
        mine = self._assigned(journey, step)
        who, t, arm = (self.rows[name][mine] for name in ("who", "t", "arm"))
        figure, within = "wake_rate", self.plan.end - self.plan.start
        first, judged = int(t.min(initial=self.plan.end)), self.plan.end
        promotion = promotion_of(self.plan, self.plan.journeys[journey], split)
        if promotion is not None and len(t):
            figure, within = promotion.figure, promotion.within
            judged = min(quarter_hour(first + max(promotion.after, 1), self.plan.start), judged)
            counted = t + within <= judged
            who, t, arm = who[counted], t[counted], arm[counted]
        successes = int(self._followed(who, t, within, OUTCOMES.get(figure, self.plan.awake)).sum())
        people = np.bincount(arm, minlength=len(split.arms)) * self.scale
        days = round((judged - first) / DAY)
        return Arms(tuple(people.tolist()), max(successes, 1) / max(len(who), 1), figure, days)

    def days_until(self, journey: int, step: int, split: Split, wanted: int) -> int | None:
        """Return after how many days from its first people a split has `wanted` people in its smallest arm.

        Each watched for as long as its promotion asks; None if not before the run ends, or if nothing is promoted.
        """
        t = np.sort(self.rows["t"][self._assigned(journey, step)])
        promotion = promotion_of(self.plan, self.plan.journeys[journey], split)
        # Of everybody: those who come after the promotion of the rehearsal are all in one arm.
        least = min(float(arm.high) - float(arm.low) for arm in split.arms)
        place = ceil(wanted / (least * self.scale)) - 1
        if promotion is None or place >= len(t):
            return None
        days = ceil((int(t[place]) + promotion.within - int(t[0])) / DAY)
        return days if int(t[0]) + days * DAY < self.plan.end else None

    def _assigned(self, journey: int, step: int) -> Bools:
        return np.asarray(self._rows(Row.ASSIGNED) & (self.rows["step"] == step) & self._in(journey))

    def _followed(
        self, who: NDArray[np.int64], since: NDArray[np.int64], within: int, outcomes: Collection[str]
    ) -> Bools:
        """Whether an outcome fell between each instant (m,) and `within` seconds after it, inside the run."""
        seen = self._happened(outcomes) & (self.rows["t"] < self.plan.end)
        span = 2 * (self.plan.end - self.plan.start) + 1  # keeps one person's instants apart from the next one's
        instants = np.sort(self.rows["who"][seen] * span + self.rows["t"][seen] - self.plan.start)
        first = np.searchsorted(instants, who * span + since - self.plan.start, side="right")
        last = np.searchsorted(instants, who * span + np.minimum(since + within, self.plan.end) - self.plan.start)
        return np.asarray(first < last)

    def _happened(self, outcomes: Collection[str]) -> Bools:
        """Whether a row is one of some outcomes."""
        seen = self._rows(*(ROW_OF[each] for each in outcomes if each != Outcome.ATTEND))
        if Outcome.ATTEND in outcomes:
            events = [index for index, each in enumerate(self.plan.incentives) if each.kind == "event"]
            seen |= self._rows(Row.COMPLETED) & np.isin(self.rows["incentive"], events)
        return seen

    # --- incentives ----------------------------------------------------------------------------------------------

    def holding(self, incentive: int) -> Holding:
        """Return how many of an incentive are granted, used, and held at once."""
        mine = self.rows["incentive"] == incentive
        granted, lapsed = (mine & self._rows(row) for row in (Row.GRANTED, Row.LAPSED))
        change = granted.astype(np.int64) - lapsed
        moved = np.flatnonzero(change)
        # In one second what lapses comes back before anything is granted.
        order = np.lexsort((change[moved], self.rows["t"][moved]))
        peak = int(np.cumsum(change[moved][order]).max(initial=0))
        used = int((mine & self._rows(*_USES)).sum())
        return Holding(int(granted.sum()) * self.scale, used * self.scale, peak * self.scale)

    def claims(self, incentive: int) -> tuple[float, float]:
        """Return how often a service is claimed, and how often it is given."""
        mine = self.rows["incentive"] == incentive
        claimed, served = (int((mine & self._rows(row)).sum()) for row in (Row.CLAIMED, Row.SERVED))
        return claimed * self.scale, served * self.scale

    def joined(self, activity: int) -> tuple[float, float]:
        """Return how often an activity is joined, and how often it is completed."""
        mine = self.rows["incentive"] == activity
        joins, completions = (int((mine & self._rows(row)).sum()) for row in (Row.JOINED, Row.COMPLETED))
        return joins * self.scale, completions * self.scale

    def unserved(self, message: int) -> tuple[float, float]:
        """Return how often a message is sent or given up, and how often it is given up because nobody came to it."""
        mine = self.rows["message"] == message
        sent = int((mine & self._rows(Row.SENT)).sum())
        left = int(
            (mine & self._rows(Row.REFUSED) & np.isin(self.rows["reason"], (Reason.EXPIRED, Reason.ENDED))).sum()
        )
        return (sent + left) * self.scale, left * self.scale

    def sends(self, journey: int, step: int) -> tuple[float, float]:
        """Return how often a step's message is sent, and how often it is refused because of its incentives."""
        mine = (self.rows["step"] == step) & self._in(journey)
        sent = int((mine & self._rows(Row.SENT)).sum())
        refused = mine & self._rows(Row.REFUSED) & (self.rows["reason"] == Reason.INCENTIVE_INVALID)
        refused &= self.rows["incentive"] < 0  # a reward that is refused is no refused send
        return sent * self.scale, int(refused.sum()) * self.scale

    # --- money ---------------------------------------------------------------------------------------------------

    def payments(self) -> Iterator[Payment]:
        """What is paid for incentives (also after the run), for the sends of each channel, and fixed costs."""
        for index, incentive in enumerate(self.plan.incentives):
            paid = self._rows(*_PAID) & (self.rows["incentive"] == index)
            yield Payment(incentive.name, incentive.line, float(self.rows["amount"][paid].sum()) * self.scale)
        sent = self._rows(Row.SENT)
        counts = Counter(zip(self.rows["message"][sent].tolist(), self.rows["arm"][sent].tolist(), strict=True))
        for channel in self.plan.channels:
            costs = [
                _price(self.plan.messages[message], variant) * count * self.scale
                for (message, variant), count in counts.items()
                if self.plan.messages[message].channel == channel.name
            ]
            line = channel.line or ("" if self.plan.budget is None else self.plan.budget.send_line)
            yield Payment(channel.name, line, sum(costs) / per_minor(self.plan.minor_digits))
        for cost in self.plan.costs:
            yield Payment(cost.name, cost.line, float(cost.amount))

    # --- rows ----------------------------------------------------------------------------------------------------

    def _rows(self, *kinds: Row) -> Bools:
        return np.isin(self.rows["row"], kinds)

    def _in(self, journey: int) -> Bools:
        return np.asarray(self.journey[self.rows["who"]] == journey)


def _price(message: Message, variant: int) -> int:
    """Micros of a send; a variant below 0 is the message's own text."""
    return message.cost_micros if variant < 0 else message.variants[variant].cost_micros


def promotion_of(plan: Plan, journey: Journey, split: Split) -> Promotion | None:
    """Return the promotion of a split's winner, None if there is none."""
    same = (each for each in plan.promotions if (each.journey, each.split) == (journey.name, split.name))
    return next(same, None)


# --- running it ------------------------------------------------------------------------------------------------------


def rehearse(plan: Plan, population: Population, at_start: Population, entering: Index) -> Rehearsal:
    """Rehearse a plan with some of those who enter.

    Args:
        plan: the plan.
        population: everybody, as the data have them.
        at_start: everybody, as of the run's start.
        entering: index of the treated whose wave enters before the run ends: intp (m,), m >= 1, ascending.
    """
    who = sampled(population.key, entering, SAMPLE)
    people = with_scores(taken(population, who), who, at_start, plan.start)
    trace = Trace()
    array.run(Task(unlimited(plan, len(who) / len(entering)), people, DefaultBehaviour(), SEED, 0), trace)
    return Rehearsal(plan, len(entering) / len(who), len(who), trace.journeys(len(who)), trace.table(), trace.twins())


def unlimited(plan: Plan, fraction: float) -> Plan:
    """Return the plan for a `fraction` of its people, with nothing that could run out or be stopped."""
    plan = by_columns(plan)
    return evolve(
        plan,
        incentives=tuple(_in_plenty(each) for each in plan.incentives),
        channels=tuple(evolve(each, rate=0) for each in plan.channels),
        staff=tuple(_share_of(each, fraction) for each in plan.staff),
        journeys=tuple(_slower(each, fraction) for each in plan.journeys),
        budget=None,
        guards=(),
    )


def _in_plenty(incentive: Incentive) -> Incentive:
    match incentive:
        case Coupon():
            return evolve(incentive, stock=None, codes=None)
        case Activity():
            return evolve(incentive, stock=None, wins=None, places=None)
        case _:
            return evolve(incentive, stock=None)


def _slower(journey: Journey, fraction: float) -> Journey:
    wave = journey.wave
    return (
        journey if wave.per_day is None else evolve(journey, wave=evolve(wave, per_day=ceil(wave.per_day * fraction)))
    )


def _share_of(staff: Staff, fraction: float) -> Staff:
    """The same load on each: what cannot be said in whole people is said in the time that each service takes."""
    wanted = staff.people * fraction
    people = max(1, round(wanted)) if wanted else 0
    return evolve(staff, people=people, handles=max(1, round(staff.handles * people / wanted)) if wanted else 1)
