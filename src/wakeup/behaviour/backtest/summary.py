"""What a backtest says in a few numbers: per bin of recency, and in total beside the baselines."""

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.behaviour.backtest.coverage import Coverage
from wakeup.behaviour.backtest.judging import LEVELS, Judged
from wakeup.behaviour.backtest.rolling_origin import Backtest
from wakeup.customers.rolling import RECENCY

Floats = NDArray[np.float64]

PLACES = 10
"""Bars of the histogram of places."""


@frozen
class BinRow:
    """A bin of recency: customers whose last order is `first` to `last` days ago, the ends inside; last None: more.

    origins: where it had enough people. people, came, forecast: means over them, the latter two shares. bias: forecast
    less came. coverage: level -> intervals that held, of one per origin. scores: forecaster ("wakeup" is ours) -> mean
    interval score and mean CRPS, None without a forecast.
    """

    at: int
    first: int
    last: int | None
    origins: int
    people: float
    came: float
    forecast: float
    bias: float
    held: dict[float, int]
    scores: dict[str, tuple[float, float] | None]


@frozen
class ScoreRow:
    """A baseline beside wakeup, on the cells for which both have a forecast: means over bins of means over origins.

    cells: how many. interval_score, crps: the baseline's; our_…: wakeup's on the same cells. covered: share of its 90 %
    intervals that held.
    """

    name: str
    cells: int
    interval_score: float
    crps: float
    our_interval_score: float
    our_crps: float
    covered: float

    @property
    def interval_skill(self) -> float | None:
        """Our interval score over the baseline's: below 1 where wakeup is the better."""
        return self.our_interval_score / self.interval_score if self.interval_score > 0.0 else None

    @property
    def crps_skill(self) -> float | None:
        """Our CRPS over the baseline's: below 1 where wakeup is the better."""
        return self.our_crps / self.crps if self.crps > 0.0 else None


@frozen
class Summary:
    """All of it: coverage by level, bins with enough people anywhere, our mean scores over all cells, baselines, and
    how many outcomes lie in each tenth of what was forecast (as many in each for an honest forecast)."""

    coverage: dict[float, Coverage]
    bins: tuple[BinRow, ...]
    interval_score: float
    crps: float
    baselines: tuple[ScoreRow, ...]
    places: tuple[int, ...]


def summarise(test: Backtest) -> Summary:
    """Return a backtest in a few numbers."""
    forecasters = {"wakeup": test.ours, **test.baselines}
    return Summary(
        coverage={level: test.coverage(level) for level in LEVELS},
        bins=tuple(_bin(test, forecasters, at) for at in range(test.used.shape[1]) if test.used[:, at].any()),
        interval_score=_over_bins(test.ours.score, test.used),
        crps=_over_bins(test.ours.crps, test.used),
        baselines=tuple(_compared(test)),
        places=tuple(int(each) for each in np.histogram(test.ours.place[test.used], PLACES, (0.0, 1.0))[0]),
    )


def _bin(test: Backtest, forecasters: dict[str, Judged], at: int) -> BinRow:
    used = test.used[:, at]
    came = test.came[used, at] / test.people[used, at]
    forecast = test.ours.value[used, at]
    return BinRow(
        at=at,
        first=0 if at == 0 else RECENCY[at - 1] + 1,
        last=RECENCY[at] if at < len(RECENCY) else None,
        origins=int(used.sum()),
        people=float(test.people[used, at].mean()),
        came=float(came.mean()),
        forecast=float(forecast.mean()),
        bias=float((forecast - came).mean()),
        held={level: int(test.ours.inside[row, used, at].sum()) for row, level in enumerate(LEVELS)},
        scores={name: _scores(each, used, at) for name, each in forecasters.items()},
    )


def _scores(judged: Judged, used: NDArray[np.bool_], at: int) -> tuple[float, float] | None:
    known = used & ~np.isnan(judged.score[:, at])
    if not known.any():
        return None
    return float(judged.score[known, at].mean()), float(judged.crps[known, at].mean())


def _compared(test: Backtest) -> Iterator[ScoreRow]:
    for name, other in test.baselines.items():
        both = test.used & ~np.isnan(other.score)
        if both.any():
            yield ScoreRow(
                name=name,
                cells=int(both.sum()),
                interval_score=_over_bins(other.score, both),
                crps=_over_bins(other.crps, both),
                our_interval_score=_over_bins(test.ours.score, both),
                our_crps=_over_bins(test.ours.crps, both),
                covered=float(other.inside[-1][both].mean()),
            )


def _over_bins(score: Floats, cells: NDArray[np.bool_]) -> float:
    """Return the mean over bins of the mean over their origins: every bin counts alike."""
    return float(np.mean([score[cells[:, at], at].mean() for at in range(cells.shape[1]) if cells[:, at].any()]))
