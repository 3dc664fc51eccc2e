import numpy as np
import pytest
from scipy import stats

from wakeup.stats import beta_cdf, binomial_cdf, normal_quantile, t_quantile

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
