from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special, stats

from wakeup.stats import expected_loss, probability_best

counts = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=2, max_size=4)


def by_quadrature(successes: list[int], trials: list[int]) -> list[float]:
    arms = [stats.beta(1 + s, 1 + n - s) for s, n in zip(successes, trials, strict=True)]
    edges = sorted({min(max(arm.mean() + c * arm.std(), 0), 1) for arm in arms for c in (-9, -4, -1, 1, 4, 9)} | {0, 1})

    def best(i: int) -> float:
        def integrand(x: float) -> float:
            return float(arms[i].pdf(x) * np.prod([arm.cdf(x) for j, arm in enumerate(arms) if j != i]))

        return sum(integrate.quad(integrand, low, high, epsabs=1e-13, epsrel=1e-12)[0] for low, high in pairwise(edges))

    return [best(i) for i in range(len(arms))]


@pytest.mark.parametrize(
    ("successes", "trials"),
    [
        ([10, 15], [100, 100]),
        ([0, 0], [0, 0]),
        ([0, 1], [5, 2_000]),
        ([120, 131, 90], [1_000, 1_020, 800]),
        ([0, 50], [10_000, 60]),
        ([3_000, 3_100], [20_000, 20_000]),
    ],
)
def test_it_is_the_integral(successes: list[int], trials: list[int]) -> None:
    assert probability_best(successes, trials) == pytest.approx(by_quadrature(successes, trials), abs=1e-9)


@given(counts)
def test_somebody_is_best(pairs: list[tuple[int, int]]) -> None:
    successes = [min(pair) for pair in pairs]
    trials = [max(pair) for pair in pairs]
    found = probability_best(successes, trials)
    assert found.sum() == pytest.approx(1.0, abs=1e-9)
    assert np.allclose(probability_best(successes[::-1], trials[::-1]), found[::-1], atol=1e-12)


def test_equal_arms_are_equally_good() -> None:
    assert probability_best([7, 7, 7], [50, 50, 50]) == pytest.approx([1 / 3] * 3, abs=1e-10)
    assert probability_best([7], [50]).tolist() == [1.0]


# --- expected loss ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("successes", "trials"),
    [([10, 15], [100, 100]), ([0, 1], [5, 2_000]), ([120, 131, 90], [1_000, 1_020, 800]), ([274, 225], [2_326, 2_310])],
)
def test_the_loss_is_what_the_best_has_more(successes: list[int], trials: list[int]) -> None:
    arms = [stats.beta(1 + s, 1 + n - s) for s, n in zip(successes, trials, strict=True)]
    edges = sorted({min(max(arm.mean() + c * arm.std(), 0), 1) for arm in arms for c in (-9, -4, -1, 1, 4, 9)} | {0, 1})

    def above(x: float) -> float:
        return 1.0 - float(np.prod([arm.cdf(x) for arm in arms]))

    best = sum(integrate.quad(above, low, high, epsabs=1e-14, epsrel=1e-12)[0] for low, high in pairwise(edges))
    assert expected_loss(successes, trials) == pytest.approx([best - arm.mean() for arm in arms], abs=1e-9)


def test_the_loss_of_two_arms_by_the_closed_form() -> None:
    # Stucchio 2015, Bayesian A/B testing at VWO: E[max(q - p, 0)] by sums over one arm's successes
    a, b, c, d = 11, 91, 16, 86  # Beta(11, 91) and Beta(16, 86)

    def better(a: int, b: int, c: int, d: int) -> float:
        """P(second > first): sum over the second's whole alpha (Miller 2014)."""
        terms = [
            special.betaln(a + i, b + d) - np.log(d + i) - special.betaln(1 + i, d) - special.betaln(a, b)
            for i in range(c)
        ]
        return float(np.exp(terms).sum())

    gain = np.exp(special.betaln(c + 1, d) - special.betaln(c, d)) * better(a, b, c + 1, d)
    given = np.exp(special.betaln(a + 1, b) - special.betaln(a, b)) * better(a + 1, b, c, d)
    assert expected_loss([10, 15], [100, 100])[0] == pytest.approx(gain - given, abs=1e-9)
