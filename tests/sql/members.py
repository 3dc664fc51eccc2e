"""Who is in the audience, by the array predicates that the simulator and the preflight check use."""

from typing import Any

import numpy as np
from attrs import evolve

from wakeup.customers.population import Population
from wakeup.plan.model import Plan
from wakeup.sim.array.localtime import Zone
from wakeup.sim.array.truth import Seen, bands_of, yes

Answer = set[tuple[Any, ...]]
"""Rows of the query: id, band of each tier (None for none), journey (None for none)."""


def members(plan: Plan, people: Population) -> Answer:
    """The rows that the query should return for these people at the run's start."""
    seen = Seen(plan, people, np.full(len(people), plan.start, np.int64), Zone(plan.zone), {}, {})
    sorted_into = bands_of(plan, seen)
    seen = evolve(seen, bands=sorted_into)
    matches = [yes(each.match, seen) for each in plan.journeys]
    return {
        (
            people.ids[i],
            *(_name([band.name for band in tier.bands], sorted_into[tier.name][i]) for tier in plan.tiers),
            next((each.name for each, match in zip(plan.journeys, matches, strict=True) if match[i]), None),
        )
        for i in np.flatnonzero(yes(plan.audience, seen))
    }


def _name(names: list[str], index: int) -> str | None:
    return None if index < 0 else names[index]
