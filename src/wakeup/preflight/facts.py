"""What the checks look at: the plan, its people as they enter the run, and a rehearsal of it."""

from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.behaviour import DefaultBehaviour
from wakeup.customers import Population, attribute
from wakeup.plan.model import Plan, Tier
from wakeup.plan.places import Places
from wakeup.plan.predicates import Predicate
from wakeup.preflight.rehearsal import SEED, Rehearsal, rehearse
from wakeup.preflight.worst import Worst, worst_case
from wakeup.sim.array.people import Cast, cast
from wakeup.sim.array.truth import Seen, yes

Index = NDArray[np.intp]
Bools = NDArray[np.bool_]
Values = NDArray[np.int64] | NDArray[np.float64]


@frozen(eq=False, slots=False)
class Facts:
    """A plan and its n people. `cast`: everybody as of the run's start, with journey, holdout, wave and band."""

    plan: Plan
    population: Population
    cast: Cast
    places: Places

    # --- at the start of the run -------------------------------------------------------------------------------------

    def meeting(self, predicate: Predicate) -> Bools:
        """Return who meets a predicate: bool (n,)."""
        return yes(predicate, self._seen)

    @cached_property
    def eligible(self) -> Bools:
        """Who is eligible: bool (n,)."""
        return self.meeting(self.plan.audience)

    def band(self, tier: Tier) -> NDArray[np.int8]:
        """Return the index of everybody's band, -1 for none: int8 (n,)."""
        return self.cast.membership.bands[self.plan.tiers.index(tier)]

    def values(self, tier: Tier) -> tuple[Values, Bools]:
        """Return what a tier goes by, and for whom it is known: both (n,)."""
        return attribute(self.cast.people, tier.attribute, self.plan.start)

    @cached_property
    def _seen(self) -> Seen:
        bands = {tier.name: self.band(tier) for tier in self.plan.tiers}
        instant = np.full(len(self.population), self.plan.start, np.int64)
        return Seen(self.plan, self.cast.people, instant, self.cast.zone, bands, {})

    # --- in the run --------------------------------------------------------------------------------------------------

    @cached_property
    def entering(self) -> Index:
        """Index of the treated whose wave enters before the run ends: intp (m,), ascending."""
        treated = self.cast.treated
        return treated[self.cast.membership.entry[treated] < self.plan.end]

    def of(self, journey: int, people: Index) -> Index:
        """Return those of `people` whose journey it is."""
        return people[np.flatnonzero(self.cast.membership.journey[people] == journey)]

    @cached_property
    def rehearsal(self) -> Rehearsal | None:
        """What those who enter are expected to do; None if nobody enters."""
        return rehearse(self.plan, self.population, self.cast.people, self.entering) if len(self.entering) else None

    @cached_property
    def worst(self) -> Worst:
        """The most that those who enter can use and cost."""
        return worst_case(self.plan, self.cast, self.entering)


def gathered(plan: Plan, population: Population, places: Places) -> Facts:
    """Bring the people to the start of the run and say who takes part in what, at the medians of all assumptions."""
    model = DefaultBehaviour().model(plan, population, SEED, 0, None)
    return Facts(plan, population, cast(plan, population, model), places)
