"""How fast time runs for orders: by the month, by the day of the week, and while a scenario lasts.

Organic time is a clock of its own that all waiting for orders passes on. In a month with the factor m it runs at
m^(1/shape) seconds per second, so that a factor for ever multiplies the odds by exactly m, and on a day of the week at
that day's factor over the mean of the seven: weekdays say when in a week, never how much. Months are not scaled: a
factor of one changes nothing, and what is declared for one month moves no other. Months and days begin at the local
midnights of the campaign's zone.
"""

import math
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.decide.calendar import instant, local
from wakeup.plan.model import Scenario

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]

MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_FOR_EVER = 1e12
"""Seconds (30,000 years) beyond the last day looked at, at the mean rate of a year."""


@frozen
class Season:
    """Factors of the odds of an order: twelve months from January, seven days from Monday; all > 0."""

    months: tuple[float, ...] = (1.0,) * 12
    weekdays: tuple[float, ...] = (1.0,) * 7

    @property
    def steady(self) -> bool:
        """Whether time runs the same on every day."""
        return set(self.months) == {1.0} and self.within_a_week is None

    @property
    def within_a_week(self) -> Floats | None:
        """Rates of the seven days, float64 (7,) with mean 1; None where they are all the same."""
        if len(set(self.weekdays)) == 1:
            return None
        days = np.array(self.weekdays)
        return np.asarray(days / days.mean())


@frozen
class Days:
    """The days whose calendar is known: from the instant `start` over `end`, in the zone `zone`. After them time runs
    at the mean rate of a year."""

    start: int
    end: int
    zone: str


@frozen(eq=False)
class Clock:
    """Time that runs at a rate of its own: `passed` seconds of it at the instants `start` + `moments`.

    Both float64 (k,) from 0, ascending (`passed` stands still where the rate is 0). Without them time runs as it does.
    """

    start: int = 0
    moments: Floats | None = None
    passed: Floats | None = None

    def pace(self, at: Instants | int, seconds: Floats) -> Floats:
        """Return how many real seconds after `at` (>= start) the given seconds have passed on this clock."""
        if self.moments is None or self.passed is None:
            return seconds
        since = np.asarray(at - self.start, np.float64)
        target = seconds + np.interp(since, self.moments, self.passed)
        return np.asarray(np.interp(target, self.passed, self.moments) - since)

    def elapsed(self, at: Instants | int, seconds: Floats | float) -> Floats | float:
        """Return how many seconds pass on this clock in the `seconds` real ones after `at` (>= start)."""
        if self.moments is None or self.passed is None:
            return seconds
        since = np.asarray(at - self.start, np.float64)
        before, after = (np.interp(each, self.moments, self.passed) for each in (since, since + seconds))
        return np.asarray(after - before)


STEADY: Final = Clock()
"""Time as it is."""


def organic_clock(season: Season, shape: float, days: Days, scenario: Scenario | None = None) -> Clock:
    """Return the clock of organic orders. shape: the law's exponent of time. A scenario acts while it lasts."""
    if season.steady and scenario is None:
        return STEADY
    months = np.array([_rate(factor, shape) for factor in season.months])
    week = season.within_a_week
    slowed = None if scenario is None else (scenario.start, scenario.end, _rate(float(scenario.organic), shape))
    return _clock(days, months, np.ones(7) if week is None else week, slowed)


def month_shares(at: int, seconds: int, zone: str) -> Floats:
    """Return how much of the `seconds` after `at` lies in each month: float64 (12,) that sums to 1."""
    midnights, month, _ = _calendar(Days(at, at + seconds, zone))
    within = np.clip(np.diff(np.clip(midnights, at, at + seconds)), 0, None)
    return np.asarray(np.bincount(month, within, minlength=12) / seconds)


def week_clock(season: Season, days: Days) -> Clock:
    """Return the clock on which people take their time to an order that they have decided on: of weekdays alone."""
    week = season.within_a_week
    return STEADY if week is None else _clock(days, np.ones(12), week, None)


def _rate(factor: float, shape: float) -> float:
    return math.exp(math.log(factor) / shape) if factor > 0.0 else 0.0


def _clock(days: Days, months: Floats, week: Floats, slowed: tuple[int, int, float] | None) -> Clock:
    midnights, month, weekday = _calendar(days)
    rate = np.append(months[month] * week[weekday], months.mean())
    begins = np.append(np.maximum(midnights[:-1] - days.start, 0), midnights[-1] - days.start).astype(np.float64)
    if slowed is not None:
        first, last = (float(max(each - days.start, 0)) for each in slowed[:2])
        edges = np.union1d(begins, [first, last])
        rate = rate[np.searchsorted(begins, edges, "right") - 1]
        rate[(edges >= first) & (edges < last)] *= slowed[2]
        begins = edges
    moments = np.append(begins, begins[-1] + _FOR_EVER)
    return Clock(days.start, moments, np.concatenate([[0.0], np.cumsum(np.diff(moments) * rate)]))


@lru_cache(maxsize=64)
def _calendar(days: Days) -> tuple[Instants, NDArray[np.intp], NDArray[np.intp]]:
    """Return the midnights that bound the days, int64 (n + 1,), and of each its month and weekday from 0, (n,)."""
    first = local(days.start, days.zone).date()
    count = max((local(days.end, days.zone).date() - first).days, 0) + 1
    dates: list[date] = [first + timedelta(days=day) for day in range(count + 1)]
    midnights = np.array([instant(day, 0, days.zone) for day in dates], np.int64)
    month = np.array([day.month - 1 for day in dates[:-1]], np.intp)
    return midnights, month, np.array([day.weekday() for day in dates[:-1]], np.intp)
