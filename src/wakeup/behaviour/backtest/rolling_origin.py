"""The backtest of a log: fit before each origin, forecast the horizon after, hold it against what came."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.behaviour.backtest.coverage import Coverage, Held, coverage
from wakeup.behaviour.backtest.forecasters import baselines, organic
from wakeup.behaviour.backtest.judging import LEVELS, Judged, judge, together
from wakeup.behaviour.backtest.origins import Origins, place
from wakeup.behaviour.backtest.past import LEAST_PEOPLE, Forecaster, past_at
from wakeup.customers.rolling import BINS, Rolling
from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.draws import uniform

DRAWS: Final = 1_000
"""Draws of a forecast."""


@frozen(eq=False)
class Backtest:
    """A log's forecasts and what came. Arrays have the shape (origins, bins).

    people, came: int64 people of a bin of recency at an origin, and those who ordered within the horizon after.
    used: bool, the bin had at least `LEAST_PEOPLE` people; all that follows speaks of these cells alone. ours,
    baselines: the forecasts, NaN where there is none. learnt: by origin, whether the past was enough to fit anything;
    else the priors forecast. seed, draws: of the forecasts.
    """

    origins: Origins
    zone: str
    first_time: int
    end: int
    people: NDArray[np.int64]
    came: NDArray[np.int64]
    used: NDArray[np.bool_]
    learnt: tuple[bool, ...]
    ours: Judged
    baselines: Mapping[str, Judged]
    seed: int
    draws: int

    @property
    def left_out(self) -> int:
        """Cells with some people but too few."""
        return int(((self.people > 0) & ~self.used).sum())

    def held(self, level: float) -> Held:
        """Return which intervals of a level held, to be pooled by `coverage`."""
        return Held(self.ours.inside[LEVELS.index(level)], self.origins.block)

    def coverage(self, level: float) -> Coverage:
        """Return the coverage at a level, pooled over origins and bins."""
        return coverage([self.held(level)], seed=self.seed)


def backtest(
    log: Rolling,
    *,
    count: int,
    horizon_days: int,
    seed: int = 1,
    draws: int = DRAWS,
    forecaster: Forecaster = organic,
    others: Mapping[str, Forecaster] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Backtest:
    """Forecast from up to `count` origins and judge the forecasts.

    Args:
        log: an open order log.
        count: origins asked for, >= 1.
        horizon_days: whole days that are forecast, >= 1.
        seed: of the forecasts.
        draws: of each forecast.
        forecaster: what is judged; wakeup's organic life by default.
        others: what it is compared with, by name; the three baselines by default.
        progress: called with the origins done and their number.

    Raises:
        WakeupError: WK6140 the log is too short, WK6144 no bin has enough people at any origin, WK6146 scipy is not
            installed.
    """
    origins = place(log.first_time, log.end, count=count, horizon_days=horizon_days, zone=log.zone)
    people, came = log.counted(origins.instants, origins.horizon)
    used = people >= LEAST_PEOPLE
    if not used.any():
        raise WakeupError([diagnostic("WK6144", least=LEAST_PEOPLE, most=int(people.max()))])
    everybody = {"": forecaster, **(baselines() if others is None else others)}
    found: dict[str, list[Judged]] = {name: [] for name in everybody}
    learnt = []
    for row, at in enumerate(origins.instants):
        if progress is not None:
            progress(row, len(origins.instants))
        past = past_at(log, at, origins.horizon, seed=seed, draws=draws)
        learnt.append(past.learnt)
        scatter, ties = _uniforms(seed, draws, at)
        for name, each in everybody.items():
            shares = np.where(used[row], each(past), np.nan)
            found[name].append(judge(shares, people[row], came[row], scatter, ties))
    ours, *compared = (together(each) for each in found.values())
    return Backtest(
        origins=origins,
        zone=log.zone,
        first_time=log.first_time,
        end=log.end,
        people=people,
        came=came,
        used=used,
        learnt=tuple(learnt),
        ours=ours,
        baselines=dict(zip(list(found)[1:], compared, strict=True)),
        seed=seed,
        draws=draws,
    )


def pooled(tests: Sequence[Backtest], level: float, *, seed: int = 1) -> Coverage:
    """Return the coverage of several logs' intervals together; origins are drawn anew within each log."""
    return coverage([each.held(level) for each in tests], seed=seed)


def _uniforms(seed: int, draws: int, at: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what tells people's luck, (draws, bins), and equal draws apart, (bins,), at an origin.

    All forecasters share them, so that their difference is theirs.
    """
    key = np.arange((draws + 1) * BINS, dtype=np.uint64)
    both = uniform(seed, 0, key, f"backtest:luck:{at}").reshape(draws + 1, BINS)
    return both[1:], both[0]
