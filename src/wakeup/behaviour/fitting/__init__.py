"""Organic life fitted to a shop's own log: what the assumptions become once there is a past to look at.

Three steps, one module each: how returns fall with recency and rise with orders, and how far that moves (`slopes`); the
level of every month, split into a season, a slow drift and chance, and looked ahead for 90 days (`level`); the weekdays
(`week`). Here they become rows that are drawn independently and together spread a forecast as far as they should.
"""

import math
from datetime import UTC, datetime
from itertools import chain, combinations
from typing import Final

import numpy as np

from wakeup.behaviour.calendar import MONTHS, WEEKDAYS
from wakeup.behaviour.fitting.level import Level, Window, fit_level
from wakeup.behaviour.fitting.looks import RECENT, Floats, Look, logistic, looks
from wakeup.behaviour.fitting.slopes import Slopes, fit_slopes, prior_slopes
from wakeup.behaviour.fitting.week import fit_week
from wakeup.behaviour.organic import HORIZON
from wakeup.customers.imported import Snapshots
from wakeup.plan.model import Assumption
from wakeup.terms.behaviour import Prior, parameters
from wakeup.terms.lists import Grade

ENOUGH: Final = 50
"""Returns that a fit of level, slopes, shape and season needs."""

SOME: Final = 5
"""Returns that a fit of the level alone needs."""

SEEN: Final = 0.25
"""A month of which less than this was seen keeps its prior."""

_NAMES: Final = ("organic_level", "organic_dormancy", "organic_orders", "organic_shape")

_LEAST_VARIANCE = 0.05**2
"""Of the level: no quarter is known better than by a twentieth."""

_SHAPE_SD = 0.15
"""How much the logarithm of the shape differs between shops, and between quarters of one shop."""

_LAPSE_SHIFT, _LAPSE_SD = 0.5, 0.4
"""An order after 90 days without is followed less often than orders are: log-odds -.92 and -.11 in two shops."""

_GAP_FACTOR, _GAP_SD = 1.6, 0.2
"""And later: x1.86 and x1.41 in the same two."""


def fit_organic(snapshots: Snapshots) -> tuple[Assumption, ...]:
    """Return what a log says about organic life, as assumptions for everybody.

    Args:
        snapshots: grouped returns at origins in the past of the log.

    Returns:
        Rows for organic_level, organic_dormancy, organic_orders, organic_shape and organic_recent, for the months that
        the log shows and the weekdays, then lapse and usual_gap where the log shows them. With fewer than 50 returns
        only the level is fitted, with fewer than 5 nothing: the other rows are the priors, and their source says so.
        Rows are drawn independently, so their sds are chosen such that together they spread the log-odds of an order
        in the 90 days after as-of as far as the joint posterior does, month by month and person by person.
    """
    returned = int(snapshots.returned90.sum())
    if returned < SOME:
        return tuple(_prior_row(name, f"only {returned} returns in the log: ") for name in _NAMES)
    source, seen = _source(snapshots), looks(snapshots)
    if returned < ENOUGH:
        few = f"only {returned} returns in the log, level alone fitted: "
        slopes = prior_slopes(seen)
        level, _, _ = _rows_of_level(snapshots, seen, slopes, _prior(_NAMES[3]).median, source)
        return (level, *(_prior_row(name, few) for name in _NAMES[1:]), *_awake(snapshots, source))
    slopes = fit_slopes(seen)
    shape, shape_sd = _shape(seen, slopes)
    level, spread, months = _rows_of_level(snapshots, seen, slopes, shape, source)
    return (
        level,
        *(_fitted(name, float(slopes.value[i]), float(spread[i]), source) for i, name in enumerate(_NAMES[1:3])),
        _fitted(_NAMES[3], shape, shape_sd, source),
        _fitted("organic_recent", RECENT, 0.0, source),
        *months,
        *_weekdays(snapshots),
        *_awake(snapshots, source),
    )


def _rows_of_level(
    snapshots: Snapshots, seen: list[Look], slopes: Slopes, shape: float, source: str
) -> tuple[Assumption, Floats, tuple[Assumption, ...]]:
    """Return the row of the level, the sds of the two slopes, and the rows of the months that the log shows."""
    windows = [Window(look.at, *slopes.offset(look, look.returned30)) for look in seen]
    level = fit_level(windows, slopes.expected, shape)
    months = _months(level, source) if shape > 0.0 and int(snapshots.returned90.sum()) >= ENOUGH else ()
    factors, month_sds = np.ones(12), np.array([parameters()[f"season_{month}"].priors[0].sd for month in MONTHS])
    for row in months:
        place = MONTHS.index(row.parameter.removeprefix("season_"))
        factors[place], month_sds[place] = row.median, row.sd
    ahead = shape * math.log(float(level.ahead @ factors ** (1.0 / shape)))
    common, *spread = _independent(seen[-1], slopes, level.variance)
    from_months = float(level.ahead**2 @ month_sds**2)
    sd = math.sqrt(max(common - from_months, _LEAST_VARIANCE))
    median = level.median - float(slopes.centre @ slopes.value) - ahead
    return _fitted(_NAMES[0], median, sd, source), np.sqrt(spread), months


def _independent(look: Look, slopes: Slopes, variance: float) -> tuple[float, float, float]:
    """Return variances of level and slopes that, drawn independently, spread people's log-odds as they should.

    The posterior is about the people's centre (`slopes.centre`), the rows are about somebody who ordered once, a day
    ago. The three variances are those that come nearest to the right one over the groups of the last look (least
    squares, none below 0; the root of a group's size is its weight, so that small ones count too).
    """
    squares = np.column_stack([np.ones(len(look.n)), slopes.x(look) ** 2])
    wanted = variance + (slopes.x(look) - slopes.centre) ** 2 @ slopes.variance
    weight = np.sqrt(np.sqrt(look.n))
    best, found = math.inf, (variance, 0.0, 0.0)
    for some in chain.from_iterable(combinations(range(3), size) for size in (1, 2, 3)):
        kept = list(some)
        part, *_ = np.linalg.lstsq(squares[:, kept] * weight[:, None], wanted * weight, rcond=None)
        if (part >= 0.0).all():
            miss = float((weight**2 * (squares[:, kept] @ part - wanted) ** 2).sum())
            if miss < best:
                whole = np.zeros(3)
                whole[kept] = part
                best, found = miss, (float(whole[0]), float(whole[1]), float(whole[2]))
    return found


def _months(level: Level, source: str) -> tuple[Assumption, ...]:
    return tuple(
        _fitted(
            f"season_{name}",
            math.exp(float(level.season[i])),
            float(level.season_sd[i]),
            f"{source}; {level.seen[i]:.1f} of this month seen",
        )
        for i, name in enumerate(MONTHS)
        if level.seen[i] >= SEEN
    )


def _shape(seen: list[Look], slopes: Slopes) -> tuple[float, float]:
    """Exponent of time, and its sd on the log scale.

    Who came back within 90 days of an origin, against who came back within 30 of it and of the two origins after it:
    level and season are the same on both sides, so neither passes for the shape.
    """
    month = [slopes.offset(look, look.returned30)[0] for look in seen]
    exponents = [
        (slopes.offset(look, look.returned90)[0] - sum(month[i : i + 3]) / 3.0) / math.log(3.0)
        for i, look in enumerate(seen)
        if look.returned90 is not None
    ]
    weight = slopes.weight[: len(exponents)]
    found = max(float(weight @ exponents / weight.sum()), 0.2)
    apart = slopes.apart
    prior = _prior(_NAMES[3])
    ln_shape = (math.log(prior.median) + apart * math.log(found)) / (1.0 + apart)
    return math.exp(ln_shape), _SHAPE_SD / math.sqrt(1.0 + apart)


def _weekdays(snapshots: Snapshots) -> tuple[Assumption, ...]:
    prior = parameters()["weekday_monday"].priors[0]
    source = f"fitted to {int(snapshots.weekday_orders.sum())} orders in whole weeks before {_end(snapshots)}"
    factors, sds = fit_week(snapshots.weekday_orders, prior.sd)
    return tuple(
        _fitted(f"weekday_{name}", float(factors[i]), float(sds[i]), source) for i, name in enumerate(WEEKDAYS)
    )


def _awake(snapshots: Snapshots, source: str) -> tuple[Assumption, ...]:
    share, gap = snapshots.followed_share, snapshots.followed_gap_days
    if not (0.0 < share < 1.0 and gap > 0.0):
        return ()
    lapse = float(logistic(np.array([_LAPSE_SHIFT - math.log(share / (1.0 - share))]))[0])
    return (
        _fitted("lapse", lapse, _LAPSE_SD, source),
        _fitted("usual_gap", gap * _GAP_FACTOR, _GAP_SD, source),
    )


def _source(snapshots: Snapshots) -> str:
    last = len(snapshots.origins) - 1
    customers = int(snapshots.n[snapshots.origin == last].sum())
    months = len(snapshots.origins)
    origins = "1 monthly origin" if months == 1 else f"{months} monthly origins"
    return f"fitted to {customers} customers at {origins} before {_end(snapshots)}"


def _end(snapshots: Snapshots) -> str:
    return datetime.fromtimestamp(snapshots.origins[-1] + HORIZON, UTC).date().isoformat()


def _fitted(name: str, median: float, sd: float, source: str) -> Assumption:
    return Assumption(name, "", median, sd, parameters()[name].link, source, Grade.FITTED)


def _prior_row(name: str, why: str) -> Assumption:
    prior = _prior(name)
    return Assumption(name, "", prior.median, prior.sd, parameters()[name].link, why + prior.source, prior.grade)


def _prior(name: str) -> Prior:
    return parameters()[name].priors[0]
