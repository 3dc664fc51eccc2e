"""How small an effect an experiment can see: two proportions, normal approximation with unpooled variance.

The test is two-sided: the difference of the two observed shares over its standard error sqrt(p q / n + p' q' / n')
against the normal quantile at 1 - level / 2. Power counts both tails (Fleiss, Levin, Paik 2003, Statistical Methods for
Rates and Proportions, section 4.2, without the correction for continuity). Shares are 0..1, sizes are people.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from wakeup.stats.distributions import normal_quantile

LEVEL: Final = 0.05
"""Two-sided level at which an effect counts as seen."""

POWER: Final = 0.8
"""Probability with which an effect should be seen."""


def power_of(first: float, second: float, first_size: float, second_size: float, level: float = LEVEL) -> float:
    """Return the probability that groups of these sizes (> 0) show shares `first` and `second` to be different."""
    error = math.sqrt(first * (1.0 - first) / first_size + second * (1.0 - second) / second_size)
    if error == 0.0:
        return level if first == second else 1.0
    return _power_of_shift(abs(second - first) / error, level)


def smallest_rise(
    base: float, size: float, other_size: float, level: float = LEVEL, wanted: float = POWER
) -> float | None:
    """Return the smallest rise above `base` that is seen with the power wanted; None if not even a rise to 1 is.

    Args:
        base: share in the group of `size` people.
        size: people with the base share.
        other_size: people in whom the share is higher.
        level: two-sided.
        wanted: power.
    """
    most = 1.0 - base
    if min(size, other_size) <= 0 or power_of(base, 1.0, size, other_size, level) < wanted:
        return None
    # The power only grows with the rise.
    return first_enough(lambda rise: power_of(base, base + rise, size, other_size, level) >= wanted, 0.0, most)


def rise_of_shift(base: float, size: float, other_size: float, shift: float) -> float | None:
    """Return the rise above `base` that is `shift` (> 0) standard errors large, None if not even a rise to 1 is.

    With `visible_shift()` it is `smallest_rise`; with `always_valid_shift` what the always-valid rule sees.
    """
    most = 1.0 - base

    def enough(rise: float) -> bool:
        other = base + rise
        return rise >= shift * math.sqrt(base * most / size + other * (1.0 - other) / other_size)

    if min(size, other_size) <= 0 or not enough(most):
        return None
    return first_enough(enough, 0.0, most)


def size_needed(first: float, second: float, ratio: float = 1.0, level: float = LEVEL, wanted: float = POWER) -> int:
    """Return the people needed in the first group, if the second has `ratio` times as many, for the power wanted.

    Raises:
        ValueError: the shares are equal; no number of people shows a difference that is not there.
    """
    if first == second:
        raise ValueError(f"no size shows a difference between {first} and {second}")
    shift = visible_shift(level, wanted)
    variance = first * (1.0 - first) + second * (1.0 - second) / ratio
    return max(1, math.ceil(shift * shift * variance / (second - first) ** 2))


@lru_cache(maxsize=64)
def visible_shift(level: float = LEVEL, wanted: float = POWER) -> float:
    """Return the effect, in standard errors of its estimate, that a test sees with the power wanted: 2.80 by default.

    Times the standard error it is the smallest visible effect of any estimate that is nearly normal, money included.
    """
    return first_enough(lambda shift: _power_of_shift(shift, level) >= wanted, 0.0, 40.0)


def _power_of_shift(shift: float, level: float) -> float:
    """Probability that a standard normal around `shift` lies beyond the two-sided bounds of the level."""
    bound = normal_quantile(1.0 - level / 2.0)
    return _normal_cdf(shift - bound) + _normal_cdf(-shift - bound)


def _normal_cdf(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def first_enough(enough: Callable[[float], bool], low: float, high: float, halvings: int = 100) -> float:
    """Bisect for the least value of [low, high] that is enough; `high` is. 100 halvings: to the last bits."""
    for _ in range(halvings):
        middle = (low + high) / 2.0
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
