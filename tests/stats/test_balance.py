"""The sample-ratio check: against SciPy, and on assignments that were made."""

import numpy as np
import pytest
from scipy import stats

from wakeup.draws import share
from wakeup.stats import MISMATCH, sample_ratio


@pytest.mark.parametrize(
    ("people", "shares"),
    [
        ((5_030, 4_970), (0.5, 0.5)),
        ((812, 9_300), (0.1, 0.9)),
        ((330, 300, 371), (1, 1, 1)),
        ((10, 20, 30, 40), (1, 2, 3, 4)),
    ],
)
def test_it_is_scipys_chi_square(people: tuple[int, ...], shares: tuple[float, ...]) -> None:
    found = sample_ratio(people, shares)
    assert found is not None
    expected = np.array(shares) / sum(shares) * sum(people)
    theirs = stats.chisquare(people, expected)
    assert found.statistic == pytest.approx(theirs.statistic, abs=1e-9)
    assert found.p == pytest.approx(theirs.pvalue, abs=1e-9)
    assert found.expected == pytest.approx(expected)


def test_the_bound() -> None:
    # (5000 - x)^2 / 5000 twice: 10.83 is reached at x = 165 of 10,000
    close, far = sample_ratio((5_164, 4_836), (1, 1)), sample_ratio((5_165, 4_835), (1, 1))
    assert close is not None
    assert far is not None
    assert close.sound
    assert not far.sound


def test_nothing_to_compare() -> None:
    assert sample_ratio((0, 0), (1, 1)) is None
    assert sample_ratio((10,), (1,)) is None


def test_sound_assignments_are_called_broken_once_in_a_thousand() -> None:
    counts = np.random.default_rng(4).multinomial(9_000, [0.5, 0.3, 0.2], 20_000)
    broken = np.mean([not sample_ratio(each, (5, 3, 2)).sound for each in counts.tolist()])  # type: ignore[union-attr]  # of three arms there is one
    assert broken == pytest.approx(MISMATCH, abs=4 * np.sqrt(MISMATCH / 20_000))


def test_the_hash_that_assigns_people_passes_and_a_leak_does_not() -> None:
    keys = np.arange(40_000, dtype=np.uint64)
    place = share(keys, "split:offers")
    arms = [int((place < 0.5).sum()), int((place >= 0.5).sum())]
    found = sample_ratio(arms, (0.5, 0.5))
    assert found is not None
    assert found.sound
    # One arm of twenty in a hundred loses its people: a link that does not open on old phones.
    leaking = sample_ratio([arms[0], int(arms[1] * 0.96)], (0.5, 0.5))
    assert leaking is not None
    assert not leaking.sound
