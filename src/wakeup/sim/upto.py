"""A forecast for an instant within the run: the same replications, each with what happens before it."""

from collections.abc import Callable

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from wakeup.behaviour.protocol import Behaviour
from wakeup.customers.population import Population
from wakeup.customers.shards import Shards
from wakeup.figures.definitions import MONEY, evaluate
from wakeup.figures.events import Closing, EventBatch, Part
from wakeup.figures.tally import Tally
from wakeup.plan.model import Plan
from wakeup.sim.jobs import Job, Setting, run
from wakeup.sim.needs import require


class Until:
    """Hands on to a tally what happens before an instant (a `wakeup.figures.events.Sink`)."""

    def __init__(self, tally: Tally, until: int) -> None:
        self._tally, self._until = tally, until

    def begin(self) -> None:
        """Make ready for a replication."""
        self._tally.begin()

    def add(self, part: Part) -> None:
        """Hand on the part of the rows that lies before the instant."""
        who, t, amount = part.twins
        early = t < self._until
        batches = [_before(each, self._until) for each in part.batches]
        self._tally.add(evolve(part, written=batches, place=None, twins=(who[early], t[early], amount[early])))

    def close(self, closing: Closing) -> None:
        """Hand on the closing: it says nothing of an instant within the run, and counts in none of the figures."""
        self._tally.close(closing)


def _before(batch: EventBatch, until: int) -> EventBatch:
    early = batch.t < until
    columns = ("who", "t", "step", "message", "incentive", "occurrence", "reason", "arm", "amount", "subsidised")
    return EventBatch(row=batch.row, **{name: getattr(batch, name)[early] for name in columns})


def expected_upto(
    plan: Plan,
    population: Population | Shards,
    behaviour: Behaviour,
    *,
    until: int,
    seed: int,
    replications: int,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, NDArray[np.float64]]:
    """Return each figure of the campaign up to an instant, in the unit of a result, in every replication.

    float64 (replications,) each, NaN where a replication has no value. The replications are those of `simulate`.

    Raises:
        WakeupError: the data lack what the plan looks at (WK5102 to WK5104).
    """
    require(plan, population)
    setting = Setting(plan, population, behaviour, seed, "array")
    found = []
    for number in range(1, replications + 1):
        tally = Tally(plan)
        run(setting, Job(number), Until(tally, until))
        found.append(evaluate(plan, tally.totals()))
        if progress is not None:
            progress(number, replications)
    major = 10.0**-plan.minor_digits
    return {
        name: np.array([float(each[name][0, 0]) for each in found]) * (major if name in MONEY else 1.0)
        for name in found[0]
    }
