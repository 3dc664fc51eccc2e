import numpy as np
import pytest
from scipy import special, stats

from wakeup.stats import beta_cdf, binomial_cdf, normal_quantile, t_quantile
from wakeup.stats.distributions import chi_square_tail, ln_beta, normal_cdf, normal_tails, t_tails

P = [0.001, 0.01, 0.05, 0.3, 0.5, 0.8, 0.95, 0.975, 0.9999]


@pytest.mark.parametrize("df", [1, 2, 3, 4, 9, 19, 38, 200, 2.5])
def test_student_quantiles(df: float) -> None:
    for p in P:
        assert t_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-9, abs=1e-12)


def test_normal_quantiles() -> None:
    for p in P:
        assert normal_quantile(p) == pytest.approx(stats.norm.ppf(p), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("a", "b"), [(1, 1), (0.5, 0.5), (1, 40), (40, 1), (3, 7), (300, 4_000), (20_001, 1_001)])
def test_beta_distribution(a: float, b: float) -> None:
    x = np.concatenate([np.linspace(0, 1, 301), stats.beta.ppf(np.linspace(0.001, 0.999, 50), a, b)])
    assert np.allclose(beta_cdf(x, a, b), stats.beta.cdf(x, a, b), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("n", "p"), [(1, 0.5), (10, 0.1), (1_000, 0.97), (50_000, 0.003)])
def test_binomial_distribution(n: int, p: float) -> None:
    for k in {-1, 0, n // 100, int(n * p), n - 1, n, n + 1}:
        assert binomial_cdf(k, n, p) == pytest.approx(stats.binom.cdf(k, n, p), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("df", [0.7, 3.0, 41.5, 900.0, 2e6])
@pytest.mark.parametrize("t", [0.0, -0.4, 1.96, 7.5])
def test_both_tails_of_student(t: float, df: float) -> None:
    assert t_tails(t, df) == pytest.approx(2 * stats.t.sf(abs(t), df), rel=1e-9)


@pytest.mark.parametrize("df", [1, 2, 3, 6, 11, 200])
@pytest.mark.parametrize("x", [0.0, 0.02, 1.3, 10.8, 150.0])
def test_the_tail_of_chi_square(x: float, df: int) -> None:
    assert chi_square_tail(x, df) == pytest.approx(stats.chi2.sf(x, df), rel=1e-9)


def test_the_normal_distribution() -> None:
    z = np.array([[-9.0, -1.96, 0.0], [0.3, 2.5, 8.0]])
    assert normal_cdf(z) == pytest.approx(stats.norm.cdf(z), rel=1e-9)
    assert normal_tails(z) == pytest.approx(2 * stats.norm.sf(np.abs(z)), rel=1e-9)
    assert float(normal_tails(1.0)) == pytest.approx(2 * stats.norm.sf(1.0))


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (3.0, 12.0), (10.0, 9.99), (1e5, 2e6), (5.0, 1e6), (5e6, 0.5)])
def test_the_beta_function_keeps_its_digits(a: float, b: float) -> None:
    # Digits that count are those of its exponential.
    assert ln_beta(a, b) == pytest.approx(special.betaln(a, b), abs=2e-9)
    assert ln_beta(a, b) == ln_beta(b, a)


def test_large_beta_distributions() -> None:
    for a, b, x in ((1e5, 2e6, 0.0477), (5.0, 1e6, 4e-6), (3_000.0, 17_000.0, 0.15)):
        assert beta_cdf(x, a, b)[0] == pytest.approx(special.betainc(a, b, x), rel=1e-9)
