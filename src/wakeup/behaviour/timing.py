"""When things happen: delays from uniforms, in whole seconds."""

import math
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.behaviour.calendar import STEADY, Clock
from wakeup.draws import normal

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]

LONGEST: Final = 1e11
"""Seconds (3,000 years) after which it does not matter any more; keeps instants within int64."""

_STEPS: Final = 1024
_LAST_FIFTH: Final = 0.8


def later(at: Instants | int, seconds: Floats) -> Instants:
    """Return the instants `seconds` after `at`, rounded up to whole seconds, at least one; changes `seconds`."""
    np.ceil(seconds, out=seconds)
    np.maximum(seconds, 1.0, out=seconds)
    np.minimum(seconds, LONGEST, out=seconds)
    instants = seconds.astype(np.int64)
    instants += at
    return instants


@frozen
class Delay:
    """A lognormal delay: logarithm of the median in seconds, standard deviation of the logarithm."""

    ln_median: float
    spread: float

    def after(self, at: Instants, u: Floats, clock: Clock = STEADY) -> Instants:
        """Return the instants after `at` that the uniforms stand for; the delay passes on the clock."""
        z = normal(u)
        z *= self.spread
        z += self.ln_median
        np.exp(z, out=z)
        return later(at, clock.pace(at, z))


@frozen(eq=False)
class Redemption:
    """When a coupon that is used is used, in units of its validity: inverse distribution function at even steps."""

    table: Floats

    def between(self, start: Instants, end: Instants, u: Floats, clock: Clock = STEADY) -> Instants:
        """Return instants after `start` and, where there is room, before `end`: a coupon does not hold at its end.

        What is left of the validity is measured on the clock.
        """
        place = u * _STEPS
        step = place.astype(np.int64)
        place -= step
        moment = self.table[step]
        place *= self.table[step + 1] - moment
        moment += place
        moment *= clock.elapsed(start, (end - start).astype(np.float64))
        instants = np.minimum(later(start, clock.pace(start, moment)), end - 1)
        return np.maximum(instants, start + 1)


def redemption(decay: float, early: float, bump: float) -> Redemption:
    """Return the two-mode timing: density (early exp(-x / decay) + 1 - early) (1 + bump [x >= .8]), x in [0, 1).

    Many use a coupon at once, some just before it ends (Inman & McAlister 1994; both modes measured in two grocery
    panels). The hazard of redemption is small, so it is the density's shape.
    """
    x = np.linspace(0.0, 1.0, 10 * _STEPS + 1)
    rise = early * decay * (1.0 - np.exp(-x / decay)) + (1.0 - early) * x if decay > 0.0 else (1.0 - early) * x
    fifth = np.searchsorted(x, _LAST_FIFTH)
    rise[fifth:] += bump * (rise[fifth:] - rise[fifth])
    if not math.isfinite(rise[-1]) or rise[-1] <= 0.0:
        return Redemption(np.zeros(_STEPS + 1))
    return Redemption(np.interp(np.linspace(0.0, 1.0, _STEPS + 1), rise / rise[-1], x))
