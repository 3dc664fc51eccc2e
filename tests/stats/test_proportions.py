"""Two shares: against published intervals, against the likelihood maximised by SciPy, and on tests that were run."""

import math

import numpy as np
import pytest
from scipy import optimize, stats

from wakeup.stats import difference_interval, newcombe, ratio_interval, share_test

COUNTS = [
    (56, 70, 48, 80),
    (9, 10, 3, 10),
    (5, 56, 0, 29),
    (7, 34, 1, 34),
    (812, 40_000, 95, 4_000),
    (3, 9_000, 0, 500),
]


# --- published -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "score", "hybrid"),
    [
        ((56, 70, 48, 80), (0.0528, 0.3382), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1700, 0.8406), (0.1705, 0.8090)),
        ((5, 56, 0, 29), (-0.0326, 0.1933), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1658, 0.2844), (-0.1611, 0.2775)),
        ((10, 10, 0, 20), (0.7156, 1.0000), (0.6791, 1.0000)),
    ],
)
def test_as_newcombe_printed(
    counts: tuple[int, int, int, int], score: tuple[float, float], hybrid: tuple[float, float]
) -> None:
    # Newcombe 1998, Statistics in Medicine 17, table II: methods 6 and 10
    assert difference_interval(*counts) == pytest.approx(score, abs=5.1e-5)
    assert newcombe(*counts) == pytest.approx(hybrid, abs=5.1e-5)


# --- the definition, by numerical likelihood -------------------------------------------------------------------------


def likelihood(p: float, q: float, counts: tuple[int, int, int, int]) -> float:
    x, n, y, m = counts
    terms = ((x, p), (n - x, 1 - p), (y, q), (m - y, 1 - q))
    return -sum(count * math.log(max(share, 1e-300)) for count, share in terms if count)


def chi_of_difference(delta: float, counts: tuple[int, int, int, int]) -> float:
    x, n, y, m = counts
    low, high = max(0.0, -delta), min(1.0, 1.0 - delta)
    q = optimize.minimize_scalar(
        lambda at: likelihood(at + delta, at, counts), bounds=(low, high), method="bounded", options={"xatol": 1e-13}
    ).x
    p = q + delta
    return float((x / n - y / m - delta) ** 2 / ((p * (1 - p) / n + q * (1 - q) / m) * (n + m) / (n + m - 1)))


def chi_of_ratio(logarithm: float, counts: tuple[int, int, int, int]) -> float:
    x, n, y, m = counts
    ratio = math.exp(logarithm)
    q = optimize.minimize_scalar(
        lambda at: likelihood(at * ratio, at, counts),
        bounds=(0.0, min(1.0, 1 / ratio)),
        method="bounded",
        options={"xatol": 1e-13},
    ).x
    p = q * ratio
    variance = p * (1 - p) / n + ratio**2 * q * (1 - q) / m
    return float((x / n - ratio * y / m) ** 2 / (variance * (n + m) / (n + m - 1)))


@pytest.mark.parametrize("counts", COUNTS)
@pytest.mark.parametrize("level", [0.9, 0.95, 0.999])
def test_the_edges_are_where_the_score_test_just_rejects(counts: tuple[int, int, int, int], level: float) -> None:
    bound = stats.chi2.isf(1 - level, 1)
    for edge in map(float, difference_interval(*counts, level=level)):
        assert chi_of_difference(edge, counts) == pytest.approx(bound, rel=1e-5)
    for edge in map(float, ratio_interval(*counts, level=level)):
        if 0 < edge < math.inf:
            assert chi_of_ratio(math.log(edge), counts) == pytest.approx(bound, rel=1e-5)


@pytest.mark.parametrize("counts", COUNTS[:2])
def test_the_edges_to_nine_digits(counts: tuple[int, int, int, int]) -> None:
    # Away from the rims the likeliest shares solve the derivative of the likelihood: found by brentq, then the edge.
    x, n, y, m = counts
    bound = stats.chi2.isf(0.05, 1)

    def restricted(delta: float) -> float:
        def slope(q: float) -> float:
            p = q + delta
            return x / p - (n - x) / (1 - p) + y / q - (m - y) / (1 - q)

        rim = 1e-12
        return float(optimize.brentq(slope, max(0, -delta) + rim, min(1, 1 - delta) - rim, xtol=1e-15, rtol=1e-14))

    def excess(delta: float) -> float:
        q = restricted(delta)
        p = q + delta
        variance = (p * (1 - p) / n + q * (1 - q) / m) * (n + m) / (n + m - 1)
        return float((x / n - y / m - delta) ** 2 / variance - bound)

    gap = x / n - y / m
    edges = [
        optimize.brentq(excess, gap - 0.45, gap, xtol=1e-14, rtol=1e-13),
        optimize.brentq(excess, gap, min(gap + 0.45, 0.999), xtol=1e-14, rtol=1e-13),
    ]
    assert difference_interval(*counts) == pytest.approx(edges, abs=1e-9)


def test_the_published_ratio() -> None:
    # Koopman 1984, Biometrics 40: 36 of 40 against 16 of 80 is 2.94 to 7.15 without the factor N / (N - 1)
    assert ratio_interval(36, 40, 16, 80) == pytest.approx((2.94, 7.15), abs=0.02)


def test_a_ratio_without_anybody() -> None:
    assert float(ratio_interval(0, 10, 20, 20)[0]) == 0.0
    assert float(ratio_interval(10, 10, 0, 20)[1]) == math.inf
    assert [float(edge) for edge in ratio_interval(0, 10, 0, 20)] == [0.0, math.inf]


def test_the_ratio_turned_over_is_one_over_it() -> None:
    low, high = ratio_interval(30, 400, 45, 420)
    assert ratio_interval(45, 420, 30, 400) == pytest.approx((1 / high, 1 / low), rel=1e-9)


# --- the test --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("counts", COUNTS)
def test_the_p_value_is_scipys(counts: tuple[int, int, int, int]) -> None:
    x, n, y, m = counts
    expected = stats.chi2_contingency([[x, n - x], [y, m - y]], correction=False).pvalue
    assert float(share_test(*counts)) == pytest.approx(expected, abs=1e-9)


def test_nobody_anywhere_is_no_difference() -> None:
    assert float(share_test(0, 10, 0, 20)) == 1.0
    assert float(share_test(10, 10, 20, 20)) == 1.0


# --- tests that were run ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "other", "people", "others"),
    [(0.05, 0.04, 9_000, 1_000), (0.024, 0.024, 2_300, 2_300), (0.3, 0.2, 300, 150), (0.01, 0.006, 4_000, 4_000)],
)
def test_ninety_five_of_a_hundred_intervals_hold_the_truth(
    first: float, other: float, people: int, others: int
) -> None:
    # 10,000 tests: 0.95 has a standard error of 0.0022, so the band of one point is 4.6 of them
    random = np.random.default_rng(7)
    drawn = np.stack((random.binomial(people, first, 10_000), random.binomial(others, other, 10_000)))
    (won, other_won), times = np.unique(drawn, axis=1, return_counts=True)  # equal counts have equal intervals
    for method in (difference_interval, newcombe):
        low, high = method(won, people, other_won, others)
        assert 0.94 <= np.average((low <= first - other) & (first - other <= high), weights=times) <= 0.96
    low, high = ratio_interval(won, people, other_won, others)
    assert 0.94 <= np.average((low <= first / other) & (first / other <= high), weights=times) <= 0.96
