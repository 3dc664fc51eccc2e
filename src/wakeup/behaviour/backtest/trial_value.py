"""Money per person in one half of a campaign, forecast from the other: who pays, and how much payers pay."""

import math
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.behaviour.backtest.trial_model import DRAWS
from wakeup.draws import normal, uniform

Floats = NDArray[np.float64]

PAYERS: Final = 10
"""Payers that every arm of a half needs; below, money is not forecast."""

_MOST_SKEW: Final = 4.0
"""Of a mean: beyond, the approximation by a gamma distribution is not one."""


@frozen(eq=False)
class Amounts:
    """What payers of one half pay. payers, mean: (K,). spread: sd of one amount, (K,). skew: of one amount.
    freedom: degrees of freedom that the spread is known with: few where single large amounts make it."""

    payers: Floats
    mean: Floats
    spread: Floats
    skew: float
    freedom: float


def amounts(value: Floats, arm: NDArray[np.int64], arms: int) -> Amounts | None:
    """Learn from people's values (n,), 0 where nothing was paid; None where an arm has fewer than `PAYERS` payers.

    Arms differ in the mean; the distribution about it is learnt from all together, so that a large amount in one arm
    is thought possible in the others.
    """
    paid = [value[(arm == code) & (value != 0.0)] for code in range(arms)]
    payers = np.array([len(each) for each in paid], np.float64)
    if payers.min() < PAYERS:
        return None
    mean = np.array([each.mean() for each in paid])
    scale = mean if mean.min() > 0.0 else np.ones(arms)
    about = np.concatenate([(each - centre) / unit for each, centre, unit in zip(paid, mean, scale, strict=True)])
    variance = float((about**2).sum() / (payers.sum() - arms))
    if variance == 0.0:
        return Amounts(payers, mean, np.zeros(arms), 0.0, math.inf)
    skew = float((about**3).mean()) / variance**1.5
    # The variance of a variance (Satterthwaite): kurtosis makes it as uncertain as that of few normal amounts.
    kurtosis = float((about**4).mean()) / variance**2
    freedom = 2.0 * payers.sum() / max(kurtosis - 1.0, 0.1)
    return Amounts(payers, mean, scale * math.sqrt(variance), skew, max(freedom, 3.0))


def per_person(learnt: Amounts, shares: Floats, people: Floats, seed: int, number: int) -> Floats:
    """Return draws of the money per person, float64 (DRAWS, K), from draws of the share who pay (DRAWS, K)."""
    loose = np.ones(DRAWS)
    if math.isfinite(learnt.freedom):
        # Chi-square by the cube root (Wilson & Hilferty 1931).
        step = 2.0 / (9.0 * learnt.freedom)
        z = _normals(seed, number, "trial:value:spread")
        loose = np.maximum(1.0 - step + z * math.sqrt(step), 0.2) ** -1.5
    drawn = []
    for code, payers in enumerate(learnt.payers):
        count = np.maximum(np.rint(shares[:, code] * people[code]), 0.0)
        of_mean = _skewed(_normals(seed, number, f"trial:value:mean:{code}"), learnt.skew / math.sqrt(payers))
        of_people = _skewed(
            _normals(seed, number, f"trial:value:people:{code}"), learnt.skew / np.sqrt(np.maximum(count, 1.0))
        )
        doubt = of_mean / math.sqrt(payers) + of_people / np.sqrt(np.maximum(count, 1.0))
        drawn.append(count / people[code] * (learnt.mean[code] + learnt.spread[code] * loose * doubt))
    return np.column_stack(drawn)


def _skewed(z: Floats, skew: Floats | float) -> Floats:
    """Return deviates of mean 0, variance 1 and a skewness from normal ones: Pearson's third type, by the cube root."""
    bounded = np.clip(skew, -_MOST_SKEW, _MOST_SKEW)
    some = np.where(np.abs(bounded) < 1e-6, 1e-6, bounded)
    return np.asarray(2.0 / some * (np.maximum(1.0 + some * z / 6.0 - some**2 / 36.0, 0.0) ** 3 - 1.0))


def _normals(seed: int, number: int, purpose: str) -> Floats:
    return normal(uniform(seed, number, np.arange(DRAWS, dtype=np.uint64), purpose))
