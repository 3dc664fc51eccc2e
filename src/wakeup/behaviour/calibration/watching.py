"""From people and contacts to a study: when each waited, from when to when, and what the organic law says of it."""

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.behaviour.organic import DAY, Law, days_dormant, ln_orders, ln_since
from wakeup.customers.past.units import Units
from wakeup.customers.population import NEVER

Floats = NDArray[np.float64]
Index = NDArray[np.int64]

STRETCH: Final = 3.0 * DAY
"""Orders are told apart to stretches of so many seconds: the day itself says more about lags than about effects."""

_LN_REFERENCE: Final = math.log(120.0)
_LN_LONGEST: Final = math.log(395.0)


@frozen(eq=False)
class Watch:
    """Who waited, u people and c contacts: the fields are those of `Study`, and `since` (c,), seconds from the origin
    to each contact; days, experience: the columns of the organic slopes at the origin (u,) and at the contacts (c,)."""

    ordered: NDArray[np.bool_]
    low: Floats
    high: Floats
    since: Floats
    ln_dormant: Floats
    days: tuple[Floats, Floats]
    experience: tuple[Floats, Floats]

    def come(self, unit: Index, share: Callable[[Floats], Floats]) -> tuple[Floats, Floats]:
        """Return the share of orders of each contact that have come by `low` and by `high`: float64 (c,) each."""
        return share(self.low[unit] - self.since), share(self.high[unit] - self.since)


def watch(units: Units, contacts_at: Index, law: Law) -> Watch:
    """Return who waited from when to when; contacts_at: int64 (c,), the instant of each contact."""
    ordered = (units.ordered != NEVER) & (units.ordered < units.until)
    seconds = np.where(ordered, units.ordered - units.origin, units.until - units.origin).astype(np.float64)
    seconds = np.maximum(seconds, 0.0)
    since = (contacts_at - units.origin[units.unit]).astype(np.float64)
    # Stretches begin with the last contact, so that the next one, which an order prevents, does not fall into them.
    last = np.zeros(len(seconds))
    np.maximum.at(last, units.unit, since)
    begun = np.minimum(last, seconds)
    low = np.where(ordered, begun + np.floor((seconds - begun) / STRETCH) * STRETCH, seconds)
    dormant = days_dormant(units.origin, units.last_order)
    then = days_dormant(contacts_at, units.last_order[units.unit])
    experience = ln_orders(units.orders)
    return Watch(
        ordered=ordered,
        low=low,
        high=np.where(ordered, low + STRETCH, seconds),
        since=since,
        ln_dormant=np.minimum(np.log(then), _LN_LONGEST) - _LN_REFERENCE,
        days=(ln_since(dormant, law.recent), ln_since(then, law.recent)),
        experience=(experience, experience[units.unit]),
    )
