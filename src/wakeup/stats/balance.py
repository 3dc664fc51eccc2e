"""Whether the people of a test came to its arms in the shares that were planned (sample-ratio check)."""

from collections.abc import Sequence
from typing import Final

from attrs import frozen

from wakeup.stats.distributions import chi_square_tail

MISMATCH: Final = 0.001
"""Level of the check: one sound test in a thousand is called broken. Stricter than usual, because it is asked of every
test and because a broken assignment of any size shows at once (Fabijan et al. 2019, KDD, use 0.0005)."""


@frozen
class SampleRatio:
    """expected: people per arm by the planned shares. statistic: chi-square. p: chance of so large a deviation."""

    expected: tuple[float, ...]
    statistic: float
    p: float

    @property
    def sound(self) -> bool:
        """Whether the counts are what the shares say."""
        return self.p >= MISMATCH


def sample_ratio(people: Sequence[float], shares: Sequence[float]) -> SampleRatio | None:
    """Compare the people of each arm with the shares planned (> 0, any sum), by Pearson's chi-square.

    Returns:
        None without people or with one arm only: there is nothing to compare.
    """
    total, whole = sum(people), sum(shares)
    if total == 0 or len(people) < 2:
        return None
    expected = tuple(total * share / whole for share in shares)
    statistic = sum((seen - due) ** 2 / due for seen, due in zip(people, expected, strict=True))
    return SampleRatio(expected, statistic, chi_square_tail(statistic, len(expected) - 1))
