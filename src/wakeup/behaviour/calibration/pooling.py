"""Partial pooling: cells (a channel, an incentive) borrow from their kind, the kind from what is assumed.

On the link's scale: kind ~ N(assumed, its sd), cell ~ N(kind, tau), data ~ binomial or normal given the cell. The
between-cell sd tau is not known: it is averaged over a grid with a half-normal prior, each value weighed by how well it
explains the cells (Laplace's approximation at the mode; the model is that of Gelman & Hill 2007, ch. 12).
"""

import math
from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TAU_SCALE: Final = 0.3
"""Scale of the half-normal prior of the between-cell sd: channels of one kind differ by about a third in their odds."""

_TAUS: Final = np.array([0.01, 0.05, 0.1, 0.2, 0.3, 0.45, 0.65, 0.95])


class Evidence(Protocol):
    """What the data of one cell say about its value on the link's scale."""

    def slope_and_weight(self, value: float) -> tuple[float, float]:
        """Return the derivative of the log-likelihood and minus its second derivative."""
        ...

    def likelihood(self, value: float) -> float:
        """Return the log-likelihood."""
        ...


@frozen
class Binomial:
    """`successes` of `trials` (which may be a sum of chances to have been seen), on the logit scale."""

    successes: float
    trials: float

    def slope_and_weight(self, value: float) -> tuple[float, float]:
        """Return the derivative of the log-likelihood and minus its second derivative."""
        chance = 1.0 / (1.0 + math.exp(-value))
        trials = max(self.trials, self.successes)
        return self.successes - trials * chance, trials * chance * (1.0 - chance)

    def likelihood(self, value: float) -> float:
        """Return the log-likelihood."""
        return self.successes * value - max(self.trials, self.successes) * float(np.logaddexp(0.0, value))


@frozen
class Normal:
    """An estimate on the link's scale with its standard error."""

    mean: float
    error: float

    def slope_and_weight(self, value: float) -> tuple[float, float]:
        """Return the derivative of the log-likelihood and minus its second derivative."""
        return (self.mean - value) / self.error**2, self.error**-2

    def likelihood(self, value: float) -> float:
        """Return the log-likelihood."""
        return -0.5 * ((value - self.mean) / self.error) ** 2


@frozen
class Pooled:
    """Posterior mean and sd on the link's scale: of the kind, and of each cell."""

    kind: tuple[float, float]
    cells: tuple[tuple[float, float], ...]


def pool(evidence: Sequence[Evidence], centre: float, sd: float) -> Pooled:
    """Return the posterior of a kind that is assumed to be N(centre, sd), and of its cells (at least one)."""
    fits = [_at(tau, evidence, centre, sd) for tau in _TAUS]
    ln_weight = np.array([fit[2] for fit in fits]) - 0.5 * (_TAUS / TAU_SCALE) ** 2 + np.log(np.gradient(_TAUS))
    weight = np.exp(ln_weight - ln_weight.max())
    weight /= weight.sum()
    means, variances = np.array([fit[0] for fit in fits]), np.array([fit[1] for fit in fits])
    mean = weight @ means
    spread = np.sqrt(weight @ (variances + (means - mean) ** 2))
    both = [(float(m), float(s)) for m, s in zip(mean, spread, strict=True)]
    return Pooled(both[0], tuple(both[1:]))


def _at(tau: float, evidence: Sequence[Evidence], centre: float, sd: float) -> tuple[Floats, Floats, float]:
    """Return means and variances of kind and cells, and the log of the marginal likelihood, for one tau."""
    count = len(evidence)
    place = np.full(count + 1, centre)
    tie, hold = tau**-2, sd**-2
    covariance = np.eye(count + 1)
    for _ in range(200):
        told = [each.slope_and_weight(float(at)) for each, at in zip(evidence, place[1:], strict=True)]
        slopes, weights = np.array([each[0] for each in told]), np.array([each[1] for each in told])
        apart = place[1:] - place[0]
        slope = np.concatenate([[hold * (centre - place[0]) + tie * apart.sum()], slopes - tie * apart])
        information = np.diag(np.concatenate([[hold + count * tie], weights + tie]))
        information[0, 1:] = information[1:, 0] = -tie
        covariance = np.linalg.inv(information)
        step = covariance @ slope
        # Where all or nothing happened the curve is flat: one unit of log-odds at a time.
        step *= min(1.0, 1.0 / max(float(np.abs(step).max()), 1e-300))
        place = place + step
        if np.abs(step).max() < 1e-9:
            break
    apart = place[1:] - place[0]
    explained = sum(each.likelihood(float(at)) for each, at in zip(evidence, place[1:], strict=True))
    explained -= 0.5 * tie * float(apart @ apart) + count * math.log(tau) + 0.5 * hold * (place[0] - centre) ** 2
    explained += 0.5 * float(np.linalg.slogdet(covariance)[1])
    return place, np.diag(covariance), float(explained)
