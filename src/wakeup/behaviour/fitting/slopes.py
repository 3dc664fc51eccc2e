"""How returns fall with recency and rise with the number of orders, and how much that moves from quarter to quarter."""

from typing import Final

import numpy as np
from attrs import frozen

from wakeup.behaviour.fitting.looks import RECENT, Floats, Look, logistic, offset
from wakeup.behaviour.organic import HORIZON, ln_since
from wakeup.stats import normal_quantile, t_quantile
from wakeup.terms.behaviour import parameters

_CENTRE: Final = np.array([-0.65, 0.95])
"""Where the slopes are expected: with `RECENT` days the fall is -.5 to -.95 in two shops, the rise as the prior's."""

_PRECISION: Final = np.array([0.3, 0.3]) ** -2.0

_HALF_LIFE = 90 * 86_400.0
"""A look counts half of one a quarter later: the longer a log, the more of people's past it shows, and slopes move."""

_MOVED_SD, _MOVED_WEIGHT = 0.15, 2.0
"""How far slopes are thought to move between quarters, and how many quarters of one's own that weighs. Two shops show
.03 to .2; it also stands for what two slopes cannot say of people."""


@frozen(eq=False)
class Slopes:
    """The two slopes (recency, orders), each float64 (2,): value, variance of a quarter's to come about the centre.

    centre: mean of the two regressors among those whose return is uncertain. weight: of each look with known 90 days.
    apart: how many quarters lie apart from each other among them, by weight. expected: log-odds within 90 days of the
    centre by what is assumed without a log. recent: days of `organic_recent`.
    """

    value: Floats
    variance: Floats
    centre: Floats
    weight: Floats
    apart: float
    expected: float
    recent: float

    def x(self, look: Look) -> Floats:
        """Return the regressors: float64 (g, 2), logarithms of days dormant and of orders."""
        return _regressors(look, self.recent)

    def offset(self, look: Look, returned: Floats) -> tuple[float, float]:
        """Return the log-odds of the centre that give the returns of a look, and their sampling variance."""
        return offset((self.x(look) - self.centre) @ self.value, look.n, float(returned.sum()))


def prior_slopes(looks: list[Look]) -> Slopes:
    """Return the slopes that are assumed without a log, for these looks."""
    priors = [parameters()[name].priors[0] for name in ("organic_dormancy", "organic_orders")]
    return _slopes(
        looks, np.array([prior.median for prior in priors]), np.array([prior.sd**2 for prior in priors]), 0.0
    )


def fit_slopes(looks: list[Look]) -> Slopes:
    """Fit by penalised logistic regression to who came back within 90 days, with a level of its own for every look."""
    known, weights = _known(looks)
    value = _CENTRE.copy()
    hessian = np.diag(_PRECISION)
    parts: list[tuple[Floats, Floats]] = []
    for _ in range(50):
        parts = [_score(look, value) for look in known]
        slope = -_PRECISION * (value - _CENTRE) + sum(w * part[0] for w, part in zip(weights, parts, strict=True))
        hessian = np.diag(_PRECISION) + sum(w * part[1] for w, part in zip(weights, parts, strict=True))
        # A third at most: far from the maximum the full step may overshoot.
        step = np.clip(np.linalg.solve(hessian, slope), -0.3, 0.3)
        value = value + step
        if np.abs(step).max() < 1e-7:
            break
    variance = _moved(parts, weights, _overlap(known)) + np.diag(np.linalg.inv(hessian))
    return _slopes(looks, value, variance, RECENT)


def _slopes(looks: list[Look], value: Floats, variance: Floats, recent: float) -> Slopes:
    known, weights = _known(looks)
    chances = [logistic(_uncentred(look, value, recent)) for look in known]
    uncertain = [w * look.n * p * (1.0 - p) for w, look, p in zip(weights, known, chances, strict=True)]
    x = np.concatenate([_regressors(look, recent) for look in known])
    centre = np.average(x, axis=0, weights=np.concatenate(uncertain) + 1e-12)
    priors = [parameters()[f"organic_{name}"].priors[0].median for name in ("level", "dormancy", "orders")]
    plain = np.concatenate([_regressors(look, 0.0) for look in known])
    expected = priors[0] + np.average(plain, axis=0, weights=np.concatenate(uncertain) + 1e-12) @ priors[1:]
    return Slopes(value, variance, centre, weights, _apart(known, weights), float(expected), recent)


def _known(looks: list[Look]) -> tuple[list[Look], Floats]:
    known = [look for look in looks if look.returned90 is not None]
    age = np.array([known[-1].at - look.at for look in known], np.float64)
    return known, np.asarray(0.5 ** (age / _HALF_LIFE) / _overlap(known))


def _overlap(known: list[Look]) -> float:
    """How many looks see one order: 90 days hold three of those that lie 30 apart."""
    return max(1.0, HORIZON / (known[1].at - known[0].at)) if len(known) > 1 else 1.0


def _apart(known: list[Look], weights: Floats) -> float:
    return max(float(weights.sum() ** 2 / (weights**2).sum()) / _overlap(known), 1e-9)


def _regressors(look: Look, recent: float) -> Floats:
    return np.column_stack([ln_since(look.days, recent), np.log(look.orders)])


def _uncentred(look: Look, value: Floats, recent: float) -> Floats:
    """Return the log-odds of a look's groups with the level that gives its returns within 90 days."""
    assert look.returned90 is not None
    log_odds = _regressors(look, recent) @ value
    return np.asarray(log_odds + offset(log_odds, look.n, float(look.returned90.sum()))[0])


def _score(look: Look, value: Floats) -> tuple[Floats, Floats]:
    """Gradient (2,) and information (2, 2) of the slopes at one look, its level profiled out."""
    assert look.returned90 is not None
    chance = logistic(_uncentred(look, value, RECENT))
    weight = look.n * chance * (1.0 - chance)
    x = _regressors(look, RECENT)
    x = x - np.average(x, axis=0, weights=weight + 1e-12)
    return x.T @ (look.returned90 - look.n * chance), (x.T * weight) @ x


def _moved(parts: list[tuple[Floats, Floats]], weights: Floats, overlap: float) -> Floats:
    """Variance of a quarter's slopes to come about the fitted ones, (2,).

    That between looks (one step of each from the common fit, less its sampling variance), drawn towards what is thought
    beforehand as quarters are few; that of their mean on top; widened as Student's t is.
    """
    squares = np.zeros(2)
    for weight, (score, information) in zip(weights, parts, strict=True):
        sampling = np.linalg.inv(information + np.eye(2))
        squares += weight * np.maximum((sampling @ score) ** 2 - np.diag(sampling), 0.0)
    squares /= weights.sum()
    apart = float(weights.sum() ** 2 / (weights**2).sum()) / overlap
    freedom = _MOVED_WEIGHT + apart
    between = (_MOVED_WEIGHT * _MOVED_SD**2 + apart * squares) / freedom
    widened: float = (t_quantile(0.95, freedom) / normal_quantile(0.95)) ** 2
    return np.asarray(between * (1.0 + 1.0 / max(apart, 1.0)) * widened)
