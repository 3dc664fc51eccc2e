"""How small an effect an experiment can see: two proportions, normal approximation with unpooled variance.

The test is two-sided: the difference of the two observed shares over its standard error sqrt(p q / n + p' q' / n')
against the normal quantile at 1 - level / 2. Power counts both tails (Fleiss, Levin, Paik 2003, Statistical Methods for
Rates and Proportions, section 4.2, without the correction for continuity). Shares are 0..1, sizes are people.
"""

import math
from collections.abc import Callable
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
    return _first(lambda rise: power_of(base, base + rise, size, other_size, level) >= wanted, 0.0, most)


def size_needed(first: float, second: float, ratio: float = 1.0, level: float = LEVEL, wanted: float = POWER) -> int:
    """Return the people needed in the first group, if the second has `ratio` times as many, for the power wanted.

    Raises:
        ValueError: the shares are equal; no number of people shows a difference that is not there.
    """
    if first == second:
        raise ValueError(f"no size shows a difference between {first} and {second}")
    shift = _first(lambda each: _power_of_shift(each, level) >= wanted, 0.0, 40.0)
    variance = first * (1.0 - first) + second * (1.0 - second) / ratio
    return max(1, math.ceil(shift * shift * variance / (second - first) ** 2))


def _power_of_shift(shift: float, level: float) -> float:
    """Probability that a standard normal around `shift` lies beyond the two-sided bounds of the level."""
    bound = normal_quantile(1.0 - level / 2.0)
    return _normal_cdf(shift - bound) + _normal_cdf(-shift - bound)


def _normal_cdf(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def _first(enough: Callable[[float], bool], low: float, high: float) -> float:
    """Bisect for the least value of [low, high] that is enough, to the last bits; `high` is."""
    for _ in range(100):
        middle = (low + high) / 2.0
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
