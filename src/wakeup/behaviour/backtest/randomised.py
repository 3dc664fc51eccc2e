"""Whether the arms of a campaign were drawn at random: nothing that was known before may tell who is in which arm."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from wakeup.behaviour.backtest.trial_design import Design, design
from wakeup.customers.population import Field
from wakeup.stats.balance import MISMATCH, sample_ratio
from wakeup.stats.distributions import chi_square_tail

Floats = NDArray[np.float64]

ERROR_RATE: Final = MISMATCH
"""How often a campaign that was drawn by lot is called not random, by each of the checks (one in a thousand)."""

_PEOPLE_A_VALUE: Final = 20
"""People that the values of a feature must have on the average for them to tell the arm other than by chance."""

_SAME: Final = 1e-9
"""Columns whose part of the variance is below this say what others say."""


@frozen
class Difference:
    """How far a feature's mean in an arm lies from that of the rest, in standard deviations, at its largest column."""

    feature: str
    arm: int
    deviations: float
    p: float


@frozen
class Randomised:
    """What the check found.

    p: chance of differences as large between arms drawn by lot, None without features. df: degrees of freedom.
    differences: by feature, the largest first. p_shares: of the counts of people under the shares stated, None without
    any. p_missing: that outcomes are missing from all arms alike, None where none is. telling: features from whose
    value everybody's arm can be told.
    """

    p: float | None
    df: int
    differences: tuple[Difference, ...]
    p_shares: float | None
    p_missing: float | None
    telling: tuple[str, ...] = ()

    @property
    def random(self) -> bool:
        """Whether nothing speaks against a draw by lot at `ERROR_RATE`."""
        return all(each is None or each >= ERROR_RATE for each in (self.p, self.p_shares, self.p_missing))


def randomised(
    arm: NDArray[np.int64],
    features: Mapping[str, Field],
    *,
    shares: Sequence[float] | None = None,
    missing: Sequence[tuple[int, int]] = (),
) -> Randomised:
    """Check the arms of a campaign against its people.

    Args:
        arm: code of each person's arm from 0 on; int64 (n,), each code up to the largest taken by somebody.
        features: known before the campaign; arrays (n,). See `wakeup.customers.population.Field`.
        shares: planned share of each arm, any sum; None: not known.
        missing: (people, of them without an outcome) of each arm.

    The omnibus test asks all features at once. It adds up, over arms, the squared distance of an arm's means from those
    of everybody, in units of what a draw by lot would scatter (Hansen & Bowers 2008, Statistical Science 23; for
    several arms that is the score test of a multinomial logistic law of the arm). Features correlate as they do.
    """
    found = balance(arm, design(features, len(arm)), shares=shares, missing=missing)
    return evolve(found, telling=tuple(name for name, field in features.items() if tells(arm, field)))


def tells(arm: NDArray[np.int64], field: Field) -> bool:
    """Return whether everybody's arm can be told from a feature of few values: each value occurs in one arm alone."""
    values = np.asarray(field.values)
    different, code = np.unique(values, return_inverse=True)
    if not 2 <= len(different) <= len(arm) / _PEOPLE_A_VALUE:
        return False
    arms = int(arm.max()) + 1
    counts = np.bincount(code * arms + arm, minlength=len(different) * arms).reshape(len(different), arms)
    return bool(((counts > 0).sum(axis=1) == 1).all())


def balance(
    arm: NDArray[np.int64],
    columns: Design,
    *,
    shares: Sequence[float] | None = None,
    missing: Sequence[tuple[int, int]] = (),
) -> Randomised:
    """Check the arms as `randomised` does, with the features as columns already."""
    people = np.bincount(arm).astype(np.float64)
    counted = None if shares is None else sample_ratio(people.tolist(), shares)
    p, df, differences = (None, 0, ()) if not columns.x.size else _omnibus(arm, people, columns)
    return Randomised(p, df, differences, None if counted is None else counted.p, _attrition(missing))


def _omnibus(arm: NDArray[np.int64], people: Floats, columns: Design) -> tuple[float, int, tuple[Difference, ...]]:
    x = columns.x
    n = float(len(arm))
    means = np.stack([x[arm == code].mean(axis=0) for code in range(len(people))])
    covariance = x.T @ x / (n - 1.0)
    values, vectors = np.linalg.eigh(covariance)
    kept = values > _SAME * max(float(values[-1]), 1.0)
    whitened = means @ vectors[:, kept] / np.sqrt(values[kept])
    statistic = float((people[:, None] * whitened**2).sum())
    df = int(kept.sum()) * (len(people) - 1)
    return chi_square_tail(statistic, df), df, _differences(people, means, columns)


def _differences(people: Floats, means: Floats, columns: Design) -> tuple[Difference, ...]:
    """Return for each feature the arm and column that stand out most; the p-value is that of the mean alone."""
    n = people.sum()
    # mean - rest = mean x n / (n - people); drawn by lot, its sd is sqrt(n / (people (n - people))).
    deviations = means * (n / (n - people))[:, None]
    z = np.abs(deviations) * np.sqrt(people * (n - people) / n)[:, None]
    found = []
    for at, name in enumerate(columns.names):
        own = np.flatnonzero(columns.owner == at)
        if own.size:
            code, column = np.unravel_index(int(z[:, own].argmax()), (len(people), own.size))
            largest = float(z[code, own[column]])
            p = math.erfc(largest / math.sqrt(2.0))
            found.append(Difference(name, int(code), float(deviations[code, own[column]]), p))
    return tuple(sorted(found, key=lambda each: (-abs(each.deviations), each.feature)))


def _attrition(missing: Sequence[tuple[int, int]]) -> float | None:
    """Return the chance that outcomes are missing as unevenly, if they were missing from all arms alike."""
    lost = [float(each) for _, each in missing]
    if sum(lost) == 0.0:
        return None
    kept = [float(people) - each for (people, _), each in zip(missing, lost, strict=True)]
    total, everybody = sum(lost), sum(lost) + sum(kept)
    statistic = sum(
        (seen - due) ** 2 / due
        for counts, whole in ((lost, total), (kept, everybody - total))
        for seen, due in (
            (count, whole * (gone + stayed) / everybody) for count, gone, stayed in zip(counts, lost, kept, strict=True)
        )
        if due > 0.0
    )
    return chi_square_tail(statistic, len(missing) - 1)
