"""A backtest as JSON (docs/backtest.md, docs/schema/backtest.schema.json): shares 0 to 1, dates of the log's zone."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from wakeup.behaviour.backtest.coverage import Coverage
from wakeup.behaviour.backtest.judging import LEVELS, Judged
from wakeup.behaviour.backtest.past import LEAST_PEOPLE
from wakeup.behaviour.backtest.rolling_origin import Backtest
from wakeup.behaviour.backtest.summary import BinRow, ScoreRow, Summary
from wakeup.customers.zones import local_day
from wakeup.forms import as_json

FORMAT_VERSION: Final = "1.0"
_DAY: Final = 86_400


def to_json(test: Backtest, told: Summary, timing: Mapping[str, float]) -> bytes:
    """Return the backtest and its summary as JSON; `timing` (seconds) alone may differ between two equal runs."""
    tree = {
        "format_version": FORMAT_VERSION,
        "origins": len(test.origins.instants),
        "asked": test.origins.asked,
        "dates": [_date(test, at) for at in test.origins.instants],
        "horizon_days": test.origins.horizon // _DAY,
        "step_days": test.origins.step_days,
        "block": test.origins.block,
        "zone": test.zone,
        "log": {"first": _date(test, test.first_time), "end": _date(test, test.end)},
        "seed": test.seed,
        "draws": test.draws,
        "learnt": sum(test.learnt),
        "least_people": LEAST_PEOPLE,
        "left_out": test.left_out,
        "coverage": {_percent(level): _coverage(each) for level, each in told.coverage.items()},
        "bins": [_bin(test, each) for each in told.bins],
        "scores": {
            "wakeup": {"interval_score": told.interval_score, "crps": told.crps, "cells": int(test.used.sum())},
            **{each.name: _score(each) for each in told.baselines},
        },
        "places": list(told.places),
        "timing": dict(timing),
    }
    return as_json(tree)


def _coverage(found: Coverage) -> dict[str, Any]:
    return {
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "held": found.held,
        "intervals": found.intervals,
    }


def _bin(test: Backtest, row: BinRow) -> dict[str, Any]:
    return {
        "days": [row.first, row.last],
        "origins": row.origins,
        "people": row.people,
        "came": row.came,
        "forecast": row.forecast,
        "bias": row.bias,
        "coverage": {
            _percent(level): {"value": held / row.origins, "held": held, "intervals": row.origins}
            for level, held in row.held.items()
        },
        "scores": {
            name: None if each is None else {"interval_score": each[0], "crps": each[1]}
            for name, each in row.scores.items()
        },
        "at": [_cell(test, origin, row.at) for origin in map(int, np.flatnonzero(test.used[:, row.at]))],
    }


def _cell(test: Backtest, origin: int, at: int) -> dict[str, Any]:
    people, came = int(test.people[origin, at]), int(test.came[origin, at])
    return {
        "date": _date(test, test.origins.instants[origin]),
        "people": people,
        "came": came / people,
        **_forecast(test.ours, origin, at),
        "baselines": {
            name: None if np.isnan(each.value[origin, at]) else _forecast(each, origin, at)
            for name, each in test.baselines.items()
        },
    }


def _forecast(judged: Judged, origin: int, at: int) -> dict[str, Any]:
    return {
        "forecast": float(judged.value[origin, at]),
        "intervals": {
            _percent(level): [float(judged.low[row, origin, at]), float(judged.high[row, origin, at])]
            for row, level in enumerate(LEVELS)
        },
    }


def _score(row: ScoreRow) -> dict[str, Any]:
    return {
        "interval_score": row.interval_score,
        "crps": row.crps,
        "cells": row.cells,
        "wakeup": {"interval_score": row.our_interval_score, "crps": row.our_crps},
        "skill": {"interval_score": row.interval_skill, "crps": row.crps_skill},
        "coverage_90": row.covered,
    }


def _percent(level: float) -> str:
    return f"{level * 100:.0f}"


def _date(test: Backtest, instant: int) -> str:
    return local_day(instant, test.zone).isoformat()
