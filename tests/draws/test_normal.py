import numpy as np
from scipy import special, stats

from wakeup.draws import normal, uniform


def test_quantiles_are_exact_to_the_last_digits() -> None:
    u = np.concatenate(
        [
            np.linspace(1e-6, 1 - 1e-6, 100_001),
            np.logspace(-300, -6, 2_000),
            1 - np.logspace(-15, -6, 200),
            [0.075, 0.925, 0.425, 2.0**-53],
        ]
    )
    expected = special.ndtri(u)
    assert np.allclose(normal(u), expected, rtol=1e-13, atol=1e-15)
    assert normal(np.array([0.5]))[0] == 0.0


def test_quantiles_rise_and_mirror() -> None:
    u = np.sort(uniform(1, 0, np.arange(100_000, dtype=np.uint64), "x"))
    z = normal(u)
    assert (np.diff(z) >= 0).all()
    assert stats.kstest(z, "norm").pvalue > 1e-3
    mirrored = np.linspace(2.0**-20, 0.5, 1_000)
    assert np.allclose(normal(1 - mirrored), -normal(mirrored), rtol=1e-9)


def test_one_at_a_time_is_all_at_once_bit_for_bit() -> None:
    u = np.concatenate([uniform(1, 0, np.arange(2_000, dtype=np.uint64), "x"), np.logspace(-300, -1, 500)])
    together = normal(u)
    assert together.tolist() == [float(normal(u[i : i + 1])[0]) for i in range(len(u))]
    assert together[::3].tolist() == normal(u[::3].copy()).tolist()
