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
from attrs import field, frozen
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

_CELLS: Final = 8
"""Cells per day in which a day is looked up."""

_MARGIN: Final = 1e-12
_FEW: Final = 64
"""Values that are looked up sooner by halves."""

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


class _Line:
    """A line that rises through points; what `numpy.interp` gives, but found in as many steps wherever it lies.

    x, y: float64 (k,), ascending, x from 0; the last point lies far behind the others.
    """

    def __init__(self, x: Floats, y: Floats) -> None:
        with np.errstate(divide="ignore", invalid="ignore"):  # between points at one place nobody looks
            slope = np.append(np.diff(y) / np.diff(x), 0.0)
        self._x, self._y, self._slope, self._next = x, y, slope, np.append(x[1:], np.inf)
        cells = _CELLS * len(x)
        self._cells = (1.0 - _MARGIN) * cells / max(float(x[-2]), 1.0)
        edges = np.arange(cells + 2) / self._cells
        # In which cell a value at an edge falls is a matter of its last bit.
        first, last = (np.searchsorted(x, edges * (1.0 + off), side="right") - 1 for off in (-_MARGIN, _MARGIN))
        last[-1] = len(x) - 1
        self._place = first[:-1]
        self._steps = int((last[1:] - first[:-1]).max())

    def at(self, values: Floats) -> Floats:
        """Return the line at some values from 0 on: float64 of their shape."""
        inside: Floats = np.minimum(values, self._x[-1])
        if inside.size < _FEW:
            place = self._x.searchsorted(inside, side="right") - 1
        else:
            place = self._place.take((inside * self._cells).astype(np.intp), mode="clip")
            for _ in range(self._steps):
                place += self._next.take(place) <= inside
        inside -= self._x.take(place)
        inside *= self._slope.take(place)
        inside += self._y.take(place)
        return inside


@frozen(eq=False)
class Clock:
    """Time that runs at a rate of its own: `passed` seconds of it at the instants `start` + `moments`.

    Both float64 (k,) from 0, ascending (`passed` stands still where the rate is 0). Without them time runs as it does.
    """

    start: int = 0
    moments: Floats | None = None
    passed: Floats | None = None
    _lines: tuple[_Line, _Line] | None = field(init=False)
    """How much has passed at a moment, and the moment at which so much has."""

    @_lines.default
    def _both(self) -> tuple[_Line, _Line] | None:
        if self.moments is None or self.passed is None:
            return None
        return _Line(self.moments, self.passed), _Line(self.passed, self.moments)

    def pace(self, at: Instants | int, seconds: Floats) -> Floats:
        """Return how many real seconds after `at` (>= start) the given seconds have passed on this clock."""
        if self._lines is None:
            return seconds
        passed, moment = self._lines
        since = np.asarray(at - self.start, np.float64)
        real = moment.at(seconds + passed.at(since))
        real -= since
        return real

    def elapsed(self, at: Instants | int, seconds: Floats | float) -> Floats | float:
        """Return how many seconds pass on this clock in the `seconds` real ones after `at` (>= start)."""
        if self._lines is None:
            return seconds
        passed, _ = self._lines
        since = np.asarray(at - self.start, np.float64)
        return passed.at(since + seconds) - passed.at(since)


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
