"""Organic life fitted to a shop's own log: what the assumptions become once there is a past to look at.

The law's log-odds are fitted by penalised logistic regression to who came back within 90 days at monthly origins. It
looks at the dormant (90 days and more) where there are enough of them: over all customers the fall with recency is
flatter, and the longest asleep would be thought to return twice as often as they do (docs/semantics/behaviour.md).
"""

import math
from datetime import UTC, datetime
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.behaviour.organic import HORIZON, ln_orders
from wakeup.customers.imported import Snapshots
from wakeup.plan.model import Assumption
from wakeup.stats import normal_quantile, t_quantile
from wakeup.terms.behaviour import Prior, parameters
from wakeup.terms.lists import Grade

Floats = NDArray[np.float64]

DORMANT_DAYS: Final = 90.0
"""From when a customer counts as dormant for the fit."""

ENOUGH: Final = 50
"""Returns that a fit of level, slopes and shape needs."""

SOME: Final = 5
"""Returns that a fit of the level alone needs."""

_NAMES: Final = ("organic_level", "organic_dormancy", "organic_orders", "organic_shape")

_LEVEL_SD = 2.0
"""The level is free; this only keeps it finite where everybody or nobody came back."""

_ORIGINS_SD, _ORIGINS_WEIGHT = 0.35, 2.0
"""Between-origin sd seen in two shops (.46 and .1 to .15), and how many origins apart from each other it weighs."""

_SHAPE_SD = 0.15
"""How much the logarithm of the shape moves between quarters of one shop."""

_LEAST_SHAPE = 0.2
"""Where everybody came back in the first month: time must go on."""

_LAPSE_SHIFT, _LAPSE_SD = 0.5, 0.4
"""An order after 90 days without is followed less often than orders are: log-odds -.92 and -.11 in two shops."""

_GAP_FACTOR, _GAP_SD = 1.6, 0.2
"""And later: x1.86 and x1.41 in the same two."""


def fit_organic(snapshots: Snapshots, dormant_days: float = DORMANT_DAYS) -> tuple[Assumption, ...]:
    """Return what a log says about organic life, as assumptions for everybody.

    Args:
        snapshots: grouped returns at origins in the past of the log.
        dormant_days: the fit looks at people dormant at least this long, if 50 of them returned; else at all.

    Returns:
        Rows for organic_level, organic_dormancy, organic_orders and organic_shape, then lapse and usual_gap where the
        log shows them. With fewer than 50 returns only the level is fitted, with fewer than 5 nothing: the other rows
        are the priors, and their source says so. The level's sd contains how much it moved from origin to origin, so
        that a forecast from a new origin covers; the slopes' sds are what is left when the others are known, because
        parameters are drawn independently.
    """
    rows = _rows(snapshots, dormant_days)
    returned = int(rows.returned90.sum())
    if returned < SOME:
        return tuple(_prior_row(name, f"only {returned} returns in the log: ") for name in _NAMES)
    source = _source(snapshots, rows)
    level_only = returned < ENOUGH
    fit, information = _newton(rows, level_only)
    level = _fitted(_NAMES[0], float(fit[0]), math.sqrt(1.0 / information[0] + _between_origins(rows, fit)), source)
    if level_only:
        few = f"only {returned} returns in the log, level alone fitted: "
        return (level, *(_prior_row(name, few) for name in _NAMES[1:]), *_awake(snapshots, source))
    return (
        level,
        _fitted(_NAMES[1], float(fit[1]), float(information[1] ** -0.5), source),
        _fitted(_NAMES[2], float(fit[2]), float(information[2] ** -0.5), source),
        _fitted(_NAMES[3], *_shape(rows, fit), source),
        *_awake(snapshots, source),
    )


@frozen(eq=False)
class _Rows:
    """Grouped returns with `x` (g, 3): 1, ln days dormant, ln orders. `overlap`: how many origins see one order."""

    origin: NDArray[np.int32]
    x: Floats
    n: Floats
    returned30: Floats
    returned90: Floats
    overlap: float


def _rows(snapshots: Snapshots, dormant_days: float) -> _Rows:
    dormant = snapshots.dormancy_days >= dormant_days
    if int(snapshots.returned90[dormant].sum()) < ENOUGH:
        dormant = np.ones(len(snapshots.n), np.bool_)
    days = np.log(np.maximum(snapshots.dormancy_days[dormant], 1.0))
    step = np.diff(snapshots.origins).min() if len(snapshots.origins) > 1 else HORIZON
    return _Rows(
        origin=snapshots.origin[dormant],
        x=np.column_stack([np.ones(len(days)), days, ln_orders(snapshots.orders[dormant])]),
        n=snapshots.n[dormant].astype(np.float64),
        returned30=snapshots.returned30[dormant].astype(np.float64),
        returned90=snapshots.returned90[dormant].astype(np.float64),
        overlap=max(1.0, HORIZON / float(step)),
    )


def _newton(rows: _Rows, level_only: bool) -> tuple[Floats, Floats]:
    """Maximise the penalised likelihood; returns the three numbers and the diagonal of the information."""
    priors = [_prior(name) for name in _NAMES[:3]]
    centre = np.array([prior.median for prior in priors])
    precision = np.array([_LEVEL_SD, *(prior.sd for prior in priors[1:])]) ** -2.0
    free = np.array([0]) if level_only else np.arange(3)
    fit = centre.copy()
    hessian = np.eye(len(free))
    for _ in range(100):
        chance = _logistic(rows.x @ fit)
        slope = (rows.x.T @ (rows.returned90 - rows.n * chance)) / rows.overlap - precision * (fit - centre)
        weight = rows.n * chance * (1.0 - chance) / rows.overlap
        hessian = ((rows.x.T * weight) @ rows.x + np.diag(precision))[np.ix_(free, free)]
        # Half a unit of log-odds at most: far from the maximum the full step may overshoot.
        step = np.clip(np.linalg.solve(hessian, slope[free]), -0.5, 0.5)
        fit[free] += step
        if np.abs(step).max() < 1e-10:
            break
    return fit, np.diag(hessian)


def _between_origins(rows: _Rows, fit: Floats) -> float:
    """Variance of the level at an origin to come about the fitted one.

    The variance between origins, drawn towards what other shops showed as origins are few or overlap; that of their
    mean on top; and widened as Student's t is, since few origins tell a variance badly.
    """
    origins = np.unique(rows.origin)
    squares = 0.0
    for origin in origins:
        here = rows.origin == origin
        offset, variance = _offset(rows.x[here] @ fit, rows.n[here], float(rows.returned90[here].sum()))
        squares += max(offset * offset - variance, 0.0)
    apart = len(origins) / rows.overlap
    freedom = _ORIGINS_WEIGHT + max(apart - 1.0, 0.0)
    between = (_ORIGINS_WEIGHT * _ORIGINS_SD**2 + apart * squares / len(origins)) / freedom
    return between * (1.0 + 1.0 / apart) * (t_quantile(0.95, freedom) / normal_quantile(0.95)) ** 2


def _offset(log_odds: Floats, n: Floats, returned: float) -> tuple[float, float]:
    """Return the shift of the log-odds that gives the returns seen, and its sampling variance.

    Half a return is added on either side, so that nobody or everybody returning leaves it finite.
    """
    total = float(n.sum())
    wanted = (returned + 0.5) / (total + 1.0) * total
    low, high = -30.0, 30.0
    for _ in range(60):
        middle = (low + high) / 2.0
        if float((n * _logistic(log_odds + middle)).sum()) < wanted:
            low = middle
        else:
            high = middle
    chance = _logistic(log_odds + low)
    return low, 1.0 / max(float((n * chance * (1.0 - chance)).sum()), 1e-9)


def _shape(rows: _Rows, fit: Floats) -> tuple[float, float]:
    """Exponent of time from who had returned within 30 of the 90 days, and its sd on the log scale.

    It moves with the season, so one quarter says little: drawn towards the prior as origins are few or overlap.
    """
    month, _ = _offset(rows.x @ fit, rows.n, float(rows.returned30.sum()))
    quarter, _ = _offset(rows.x @ fit, rows.n, float(rows.returned90.sum()))
    seen = max((quarter - month) / math.log(3.0), _LEAST_SHAPE)
    prior = _prior(_NAMES[3])
    apart = len(np.unique(rows.origin)) / rows.overlap
    trust, weight = prior.sd**-2, apart * _SHAPE_SD**-2
    ln_shape = (trust * math.log(prior.median) + weight * math.log(seen)) / (trust + weight)
    return math.exp(ln_shape), (trust + weight) ** -0.5


def _awake(snapshots: Snapshots, source: str) -> tuple[Assumption, ...]:
    share, gap = snapshots.followed_share, snapshots.followed_gap_days
    if not (0.0 < share < 1.0 and gap > 0.0):
        return ()
    lapse = float(_logistic(np.array([_LAPSE_SHIFT - math.log(share / (1.0 - share))]))[0])
    return (
        _fitted("lapse", lapse, _LAPSE_SD, source),
        _fitted("usual_gap", gap * _GAP_FACTOR, _GAP_SD, source),
    )


def _source(snapshots: Snapshots, rows: _Rows) -> str:
    last = len(snapshots.origins) - 1
    customers = int(snapshots.n[snapshots.origin == last].sum())
    before = datetime.fromtimestamp(snapshots.origins[last] + HORIZON, UTC).date().isoformat()
    months = len(np.unique(rows.origin))
    origins = "1 monthly origin" if months == 1 else f"{months} monthly origins"
    return f"fitted to {customers} customers at {origins} before {before}"


def _fitted(name: str, median: float, sd: float, source: str) -> Assumption:
    return Assumption(name, "", median, sd, parameters()[name].link, source, Grade.FITTED)


def _prior_row(name: str, why: str) -> Assumption:
    prior = _prior(name)
    return Assumption(
        name, "", prior.median, prior.sd, parameters()[name].link, why + prior.source, prior.grade
    )  # fmt: skip


def _prior(name: str) -> Prior:
    return parameters()[name].priors[0]


def _logistic(log_odds: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -500.0, 500.0))))
