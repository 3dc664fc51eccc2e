"""How a campaign sorts its people: tiers and causes with how long they have slept and what they are worth."""

import numpy as np

from wakeup.behaviour import DefaultBehaviour
from wakeup.customers import NEVER, Population
from wakeup.customers.profile import DAY, Part, Sorted
from wakeup.plan.model import Plan, Tier
from wakeup.preflight.rehearsal import SEED
from wakeup.sim.array.codes import Bools
from wakeup.sim.array.people import Cast, cast
from wakeup.sim.needs import require


def sorting(plan: Plan, population: Population) -> tuple[Sorted, ...]:
    """Sort everybody into every tier of the plan.

    Raises:
        WakeupError: the data lack what the plan looks at.
    """
    require(plan, population)
    everybody = cast(plan, population, DefaultBehaviour().model(plan, population, SEED, 0, None))
    return tuple(_sorted(plan, everybody, number, tier) for number, tier in enumerate(plan.tiers))


def _sorted(plan: Plan, everybody: Cast, number: int, tier: Tier) -> Sorted:
    bands = everybody.membership.bands[number]
    parts = [_part(plan, everybody, band.name, bands == index) for index, band in enumerate(tier.bands)]
    if (bands < 0).any():
        parts.append(_part(plan, everybody, "", bands < 0))
    return Sorted(tier.name, tier.unit == "rule", tuple(parts))


def _part(plan: Plan, everybody: Cast, band: str, inside: Bools) -> Part:
    people = everybody.people
    bought = inside & (people.last_order != NEVER)
    days = (plan.start - people.last_order[bought]) // DAY
    return Part(
        band,
        int(inside.sum()),
        int((inside & (everybody.membership.journey >= 0)).sum()),
        int(np.median(days)) if len(days) else None,
        int(np.median(people.average_order_value[bought])) if len(days) else None,
    )
