"""Several comparisons: against the definition by brute force, against SciPy, and on families without any effect."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from wakeup.stats import benjamini_hochberg, holm

families = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=7)


def closed(p: list[float]) -> list[float]:
    """Holm's procedure is the closure of Bonferroni: the worst p-value of any set that holds the comparison."""
    sets = [each for size in range(1, len(p) + 1) for each in combinations(range(len(p)), size)]
    return [max(min(len(s) * min(p[j] for j in s), 1.0) for s in sets if i in s) for i in range(len(p))]


@given(families)
def test_holm_is_the_closure_of_bonferroni(p: list[float]) -> None:
    assert holm(p) == pytest.approx(closed(p), abs=1e-12)


@given(families)
def test_benjamini_hochberg_is_scipys(p: list[float]) -> None:
    assert benjamini_hochberg(p) == pytest.approx(stats.false_discovery_control(p, method="bh"), abs=1e-12)


def test_as_published() -> None:
    # Benjamini and Hochberg 1995, section 3.3: of 15 tests at 5 % Bonferroni finds 3, this one 4
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.759,
        1,
    ]
    assert int((benjamini_hochberg(p) <= 0.05).sum()) == 4
    assert int((holm(p) <= 0.05).sum()) == 3


def test_each_family_by_itself() -> None:
    table = np.array([[0.01, 0.04, 0.03], [0.5, 0.001, 0.2]])
    for correct in (holm, benjamini_hochberg):
        assert correct(table) == pytest.approx(np.stack([correct(row) for row in table]))


def test_four_arms_alike_err_as_a_family() -> None:
    # Three arms against one control, 20,000 families: without correction one in eight finds something.
    means = np.random.default_rng(11).standard_normal((20_000, 4))
    p = 2 * stats.norm.sf(np.abs(means[:, 1:] - means[:, :1]) / np.sqrt(2))
    plain, corrected = ((each <= 0.05).any(axis=1).mean() for each in (p, holm(p)))
    assert 0.10 < plain < 0.14
    assert 0.03 < corrected <= 0.05
