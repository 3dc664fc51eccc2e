"""The backtest of a campaign as JSON: `docs/backtest-campaign.md` says what each key is."""

import math
from collections.abc import Mapping
from typing import Any, Final

from wakeup.behaviour.backtest.coverage import Coverage
from wakeup.behaviour.backtest.randomised import ERROR_RATE, Randomised
from wakeup.behaviour.backtest.trial import FORECAST, Arm, Kept, TrialBacktest
from wakeup.behaviour.backtest.trial_effect import Bounds, Effect
from wakeup.forms import as_json

FORMAT_VERSION: Final = "1.0"

_MONEY: Final = frozenset({"value", "value_lift"})


def to_json(found: TrialBacktest, *, currency: str, minor_digits: int) -> bytes:
    """Return the backtest as UTF-8 JSON: shares 0..1, money in major units of `currency`; equal arguments give equal
    bytes. Where the arms are not random `coverage`, `width`, `scores` and `effect` are empty."""
    unit = 10.0**minor_digits
    tree = {
        "format_version": FORMAT_VERSION,
        "table": {"name": found.name, "people": found.people, "columns": dict(found.columns)},
        "arms": [_arm(arm, at == 0, unit) for at, arm in enumerate(found.arms)],
        "features": list(found.features),
        "randomised": _randomised(found.checked, found),
        "splits": found.splits if found.kept else 0,
        "seed": found.seed,
        "coverage": {kind: _levels(each.coverage, _coverage) for kind, each in found.kept.items()},
        "width": {kind: _width(each, unit if kind in _MONEY else 1.0) for kind, each in found.kept.items()},
        "scores": {kind: _scores(each, unit if kind in _MONEY else 1.0) for kind, each in found.kept.items()},
        "effect": {
            each.arm: _effect(each, between, unit) for each, between in zip(found.effects, found.between, strict=True)
        },
        "forecast": [kind for kind in FORECAST if kind in found.kept],
        "currency": currency if found.arms[0].value is not None else None,
        "largest_payer": found.largest,
        "independent_splits": False,
        "warnings": [each.code for each in found.warnings],
    }
    return as_json(tree)


def _arm(arm: Arm, control: bool, unit: float) -> dict[str, Any]:
    return {
        "name": arm.name,
        "control": control,
        "people": arm.people,
        "outcomes": arm.outcomes,
        "rate": arm.rate,
        "value_per_person": None if arm.value is None else arm.value / unit,
    }


def _randomised(checked: Randomised, found: TrialBacktest) -> dict[str, Any]:
    return {
        "random": checked.random,
        "checked": checked.p is not None,
        "p": checked.p,
        "df": checked.df,
        "error_rate": ERROR_RATE,
        "p_shares": checked.p_shares,
        "p_missing": checked.p_missing,
        "telling": list(checked.telling),
        "differences": [
            {"feature": each.feature, "arm": found.arms[each.arm].name, "standard_deviations": each.deviations}
            for each in checked.differences
        ],
    }


def _levels(by_level: Mapping[float, Any], told: Any) -> dict[str, Any]:
    return {f"{100 * level:.0f}": told(each) for level, each in by_level.items()}


def _coverage(each: Coverage) -> dict[str, Any]:
    return {
        "value": each.value, "low": each.low, "high": each.high, "held": each.held, "intervals": each.intervals
    }  # fmt: skip


def _width(each: Kept, unit: float) -> dict[str, Any]:
    return {
        f"{100 * level:.0f}": {
            "forecast": width / unit,
            "two_sample": each.analytic[level] / unit,
            "ratio": width / each.analytic[level] if each.analytic[level] else None,
        }
        for level, width in each.width.items()
    }


def _scores(each: Kept, unit: float) -> dict[str, Any]:
    return {"interval_score": each.score / unit, "two_sample": each.analytic_score / unit}


def _effect(each: Effect, between: float, unit: float) -> dict[str, Any]:
    return {
        "difference": {**_bounds(each.difference, 1.0), "level": each.level},
        "intervals": _levels(each.intervals, lambda bounds: _bounds(bounds, 1.0)),
        "ratio": None if each.ratio is None else {**_bounds(each.ratio, 1.0), "level": each.level},
        "seen": each.seen,
        "smallest_visible": each.smallest,
        "value_per_person": None if each.value is None else {**_bounds(each.value, unit), "level": each.level},
        "halves_differ_by": between if math.isfinite(between) else None,
    }


def _bounds(each: Bounds, unit: float) -> dict[str, float]:
    return {"value": each.value / unit, "low": each.low / unit, "high": each.high / unit}
