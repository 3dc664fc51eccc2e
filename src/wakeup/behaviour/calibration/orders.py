"""What an order log alone tells: organic life, what happens after an order, what baskets are worth."""

import math
from typing import Final

from wakeup.behaviour.calibration.learnt import Kept, Learnt, fitted, prior_of
from wakeup.behaviour.fitting import fit_organic
from wakeup.customers.imported import Snapshots
from wakeup.customers.past.baskets import Baskets
from wakeup.diagnostics import Count, Say
from wakeup.plan.model import Assumption
from wakeup.terms.behaviour import parameters
from wakeup.terms.lists import Grade

_WEEKDAY: Final = "weekday_"
ORGANIC: Final = ("organic_", "season_", _WEEKDAY, "lapse", "usual_gap")
"""How the names of parameters begin that an order log tells about life without campaigns."""

ENOUGH: Final = 30
"""Customers below which nothing is said about baskets."""

_SPREAD_ERROR = 1.17
"""A standard deviation told from the middle half scatters this much more than 1 / sqrt(n): 1.65 / sqrt 2."""


def learn_orders(
    snapshots: Snapshots, baskets: Baskets, *, minor_digits: int, before: str
) -> tuple[list[Learnt], list[Kept]]:
    """Return what an order log tells; `before` is the ISO day of its as-of, for the sources."""
    organic = fit_organic(snapshots)
    customers = Count(int(snapshots.n[snapshots.origin == len(snapshots.origins) - 1].sum()), "customer")
    ordered = Count(int(snapshots.weekday_orders.sum()), "order")
    learnt = [
        Learnt(row, ordered if row.parameter.startswith(_WEEKDAY) else customers)
        for row in organic
        if row.grade == Grade.FITTED
    ]
    kept = _left(organic)
    source = "fitted to {count} customers before " + before
    if baskets.first_orders >= ENOUGH:
        mean = baskets.first_mean / 10**minor_digits
        row = _drawn("usual_basket", mean, baskets.first_sd, source.format(count=baskets.first_orders))
        learnt.append(Learnt(row, Count(baskets.first_orders, "customer")))
    if baskets.repeated >= ENOUGH and baskets.spread > 0.0:
        sd = _SPREAD_ERROR / math.sqrt(baskets.repeated)
        row = _drawn("basket_spread", baskets.spread, sd, source.format(count=baskets.repeated))
        learnt.append(Learnt(row, Count(baskets.repeated, "customer")))
    return learnt, [*kept, *_unknown_baskets(baskets)]


def _unknown_baskets(baskets: Baskets) -> list[Kept]:
    few = Say("fewer than {least} customers tell of it", least=ENOUGH)
    kept = [Kept(("usual_basket",), few)] if baskets.first_orders < ENOUGH else []
    if baskets.repeated >= ENOUGH and baskets.spread > 0.0:
        return kept
    if baskets.repeated >= ENOUGH:
        return [*kept, Kept(("basket_spread",), Say("the amounts do not vary"))]
    if not baskets.repeated and not kept:
        return [Kept(("basket_spread",), Say("nobody ordered twice"))]
    return [Kept(("usual_basket", "basket_spread") if kept else ("basket_spread",), few)]


def _left(organic: tuple[Assumption, ...]) -> list[Kept]:
    told = {row.parameter for row in organic if row.grade == Grade.FITTED}
    left = tuple(name for name in parameters() if name.startswith(ORGANIC) and name not in told)
    return [Kept(left, Say("too few people came back in the log, or it is too short"))] if left else []


def _drawn(name: str, seen: float, sd: float, source: str) -> Assumption:
    """Draw a value on the logarithmic scale towards what is assumed, by the weight of either."""
    prior = prior_of(parameters()[name])
    assert prior is not None
    trust, weight = prior.sd**-2, max(sd, 1e-4) ** -2
    # What a basket is worth is each shop's own: only its spread, alike in shops, is drawn towards the others'.
    if name == "usual_basket":
        trust = 0.0
    middle = (trust * math.log(prior.median) + weight * math.log(seen)) / (trust + weight)
    return fitted(name, "", math.exp(middle), (trust + weight) ** -0.5, source)
