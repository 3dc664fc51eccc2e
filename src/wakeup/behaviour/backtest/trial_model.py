"""What one half of a campaign says about the other: odds by features and arm, learnt with priors, drawn with all doubt.

    logit P(outcome) = level + effect of the arm + slopes . features

The effect of an arm multiplies the odds of everybody assigned to it, as `advertising` does in `docs/semantics`; before
anything is seen it is thought to be none, give or take. Laplace's approximation about the mode.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.draws import normal, uniform

Floats = NDArray[np.float64]

EFFECT: Final = 2.0 * math.log(1.8)
"""Scale of the prior of an arm's effect on the log of the odds, a Cauchy about none: half of it lies within twice what
a promotional e-mail was measured to do to everybody mailed (x1.8, docs/semantics), up or down. No effect is its middle,
so that nothing need be proven to be nothing; its tails are long, so that a large effect stays as large as seen."""

SLOPE_SD: Final = 0.5
"""Prior sd of a slope, per standard deviation of the feature."""

LEVEL_SD: Final = 10.0
"""The level is free."""

HALVES: Final = 0.5
"""Of an outcome, and of none, that every arm is thought to have had before (Jeffreys): a forecast from few outcomes
then leans to neither side."""

DRAWS: Final = 999
"""Draws of a forecast: with 999 the quantiles of 50, 80 and 90 % fall on draws and are exact."""

_BLOCK: Final = 256
_STEPS: Final = 60
_LONGEST_STEP: Final = 2.0
_COUNTED_BELOW: Final = 40.0
"""Expected outcomes below which their number is drawn by counting up, beyond it by its first three moments."""


@frozen(eq=False)
class Learnt:
    """Parameters: float64 (K + q,): level, effects of arms 1..K-1, slopes. covariance: (K + q, K + q)."""

    mode: Floats
    covariance: Floats


@frozen(eq=False)
class Expected:
    """What is expected of people whose arms and features are known: by arm, arrays (K,) and draws (DRAWS, K).

    people: how many. rate: share with the outcome. narrower: by how much their differing odds make the number of
    outcomes scatter less than a binomial with the same rate, in (0, 1]. rates: draws of the rate.
    """

    people: Floats
    rate: Floats
    narrower: Floats
    rates: Floats


def rows(arm: NDArray[np.int64], x: Floats, arms: int) -> Floats:
    """Return the law's columns: float64 (n, K + q) for arms (n,) and features (n, q)."""
    return np.column_stack([np.ones(len(arm)), *(arm == code for code in range(1, arms)), x])


def learn(columns: Floats, outcome: Floats, arms: int, start: Floats | None = None) -> Learnt:
    """Return the mode and the covariance about it, for rows of the law (n, K + q) and outcomes 0.0 or 1.0 (n,).

    start: where the search begins, such as the mode of a similar half; the mode does not depend on it.
    """
    sd = np.full(columns.shape[1], SLOPE_SD)
    sd[0] = LEVEL_SD
    precision = sd**-2.0
    typical = rows(np.arange(arms), np.zeros((arms, columns.shape[1] - arms)), arms)
    mode = np.zeros(columns.shape[1]) if start is None else start.copy()
    if start is None:
        share = (outcome.sum() + 0.5) / (len(outcome) + 1.0)
        mode[0] = math.log(share / (1.0 - share))
    hessian = np.diag(precision)
    blocks = _blocks(columns)
    for _ in range(_STEPS):
        # A Cauchy is a normal whose precision is itself drawn: its expectation where the effect stands (EM).
        precision[1:arms] = 2.0 / (EFFECT**2 + mode[1:arms] ** 2)
        chance, half = logistic(times(columns, mode)), logistic(typical @ mode)
        slope = times(columns.T, outcome - chance) + typical.T @ (HALVES - 2.0 * HALVES * half) - precision * mode
        weight, light = chance * (1.0 - chance), 2.0 * HALVES * half * (1.0 - half)
        hessian = _gram(columns, blocks, weight) + (typical.T * light) @ typical + np.diag(precision)
        step = np.linalg.solve(hessian, slope)
        # Far from the mode a full step may overshoot.
        step *= min(1.0, _LONGEST_STEP / max(float(np.abs(step).max()), 1e-300))
        mode += step
        if float(np.abs(step).max()) < 1e-7:
            break
    return Learnt(mode, np.asarray(np.linalg.inv(hessian), np.float64))


def expect(
    learnt: Learnt, groups: Sequence[Floats], seed: int, number: int, purpose: str, draws: int = DRAWS
) -> Expected:
    """Return what is expected of groups of people, one an arm, given as rows of the law.

    The doubt about the parameters is carried to the log-odds of each group's rate by their slopes there, where it is
    nearly normal, and drawn jointly for all groups; keys: `seed`, `number`, `purpose`.
    """
    people, rate, narrower, slopes = [], [], [], []
    for group in groups:
        chance = logistic(times(group, learnt.mode))
        mean = float(chance.mean())
        spread = chance * (1.0 - chance)
        people.append(float(len(group)))
        rate.append(mean)
        narrower.append(float(spread.mean()) / (mean * (1.0 - mean)))
        slopes.append(times(group.T, spread) / (len(group) * mean * (1.0 - mean)))
    slope, at = np.array(slopes), np.array(rate)
    values, vectors = np.linalg.eigh(slope @ learnt.covariance @ slope.T)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    z = np.column_stack(
        [normal(_uniforms(seed, number, f"{purpose}:law:{code}", draws)) for code in range(len(groups))]
    )
    rates = logistic(np.log(at / (1.0 - at)) + z @ root.T)
    return Expected(np.array(people), at, np.array(narrower), rates)


def shares(expected: Expected, seed: int, number: int, purpose: str) -> Floats:
    """Return draws of the share with the outcome among so many people, float64 (DRAWS, K): doubt about the rate and
    the scatter of finitely many people. A number of outcomes stands for the half unit about it: see `jitter`."""
    drawn = []
    for code, people in enumerate(expected.people):
        # The rarer of having and not having it is counted.
        swapped = bool(expected.rate[code] > 0.5)
        rates = 1.0 - expected.rates[:, code] if swapped else expected.rates[:, code]
        counts = _counts(
            rates * people,
            np.maximum(1.0 - expected.narrower[code] * (1.0 - rates), 1e-12),
            _uniforms(seed, number, f"{purpose}:count:{code}"),
            _uniforms(seed, number, f"{purpose}:tie:{code}"),
        )
        drawn.append(1.0 - counts / people if swapped else counts / people)
    return np.column_stack(drawn)


def jitter(seed: int, number: int, arms: int, purpose: str) -> Floats:
    """Return (K,) places in the half unit about a count, -.5 to .5: so that few outcomes, whose number is lumpy, lie
    within an interval as often as it claims and not more (Czado, Gneiting & Held 2009, Biometrics 65)."""
    return uniform(seed, number, np.arange(arms, dtype=np.uint64), f"{purpose}:seen") - 0.5


def times(matrix: Floats, vector: Floats) -> Floats:
    """Return matrix x vector, (m, n) and (n,): always added up in the same order, however many processors there are."""
    return np.asarray(np.einsum("ij,j->i", matrix, vector))


def logistic(x: Floats) -> Floats:
    """Return 1 / (1 + e^-x)."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -500.0, 500.0))))


def _blocks(columns: Floats) -> Floats:
    """Return the rows in blocks (b, _BLOCK, c), without the last ones that fill none; a view."""
    whole = len(columns) // _BLOCK
    return columns[: whole * _BLOCK].reshape(whole, _BLOCK, columns.shape[1])


def _gram(columns: Floats, blocks: Floats, weight: Floats) -> Floats:
    """Return columns' x weight x columns, block by block: so small a product is not shared out among processors, which
    would wait for each other longer than they work, and is always added up in the same order."""
    whole = len(blocks) * _BLOCK
    weighted = blocks * weight[:whole].reshape(-1, _BLOCK, 1)
    rest = columns[whole:]
    return np.asarray((blocks.transpose(0, 2, 1) @ weighted).sum(axis=0) + (rest.T * weight[whole:]) @ rest)


def _counts(mean: Floats, chance: Floats, u: Floats, tie: Floats) -> Floats:
    """Return quantiles `u` of numbers of outcomes with a mean and the variance mean x (1 - chance), (DRAWS,).

    A sum of unlike chances is close to the binomial with its mean and variance. Many: by mean, variance and skewness
    (Cornish & Fisher); few: counted up from zero, plus a place in the half unit about the count.
    """
    variance = mean * (1.0 - chance)
    if float(variance.min()) >= _COUNTED_BELOW:
        z = normal(u)
        sd = np.sqrt(variance)
        return mean + sd * z + (1.0 - 2.0 * chance) * (z * z - 1.0) / 6.0
    size = np.maximum(np.rint(mean / chance), 1.0)
    odds = chance / np.maximum(1.0 - chance, 1e-12)
    mass = np.exp(size * np.log1p(-np.minimum(chance, 1.0 - 1e-12)))
    below, count = mass.copy(), np.zeros(len(u))
    most = int(np.ceil(float(mean.max() + 10.0 * math.sqrt(float(variance.max()) + 1.0) + 10.0)))
    for k in range(most):
        behind = u > below
        if not behind.any():
            break
        count[behind] += 1.0
        mass = mass * np.maximum(size - k, 0.0) / (k + 1.0) * odds
        below += mass
    return count + tie - 0.5


def _uniforms(seed: int, number: int, purpose: str, draws: int = DRAWS) -> Floats:
    return uniform(seed, number, np.arange(draws, dtype=np.uint64), purpose)
