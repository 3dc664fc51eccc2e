"""Forecast against fact: where each figure of a run lies in what was forecast for this very instant, and an alarm."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.figures.result import Figures
from wakeup.stats import interval, t_quantile

COMPARED: Final = (
    "enrolled", "touched", "sent", "delivered", "opened", "clicked", "claimed", "joined", "completed", "opted_out",
    "complained", "woken", "wake_rate", "orders", "redemptions", "revenue", "discount_cost", "gift_cost", "send_cost",
    "spent",
)  # fmt: skip
"""Figures that are held against the forecast, in order."""

WATCHED: Final = (
    "sent", "delivered", "opened", "clicked", "woken", "orders", "redemptions", "revenue", "spent", "opted_out",
    "complained",
)  # fmt: skip
"""Figures that may raise the alarm."""

FALSE_ALARMS: Final = 0.05
"""Share of runs in which the forecast is right and an alarm is raised all the same, at most, over all looks."""

Place = Literal["below", "within", "above"]


@frozen
class Beside:
    """A figure: its forecast with the band in which nine of ten runs lie, and the fact. place: where that lies.

    alarm: it lies so far off that chance and what nobody knew hardly explain it. Money in major units.
    """

    figure: str
    unit: str
    expected: float
    low: float
    high: float
    fact: float
    place: Place
    alarm: bool


def beside(fact: Figures, expected: Mapping[str, NDArray[np.float64]], looks: int) -> tuple[Beside, ...]:
    """Hold the figures of a run against its forecast.

    Args:
        fact: figures so far.
        expected: of each figure the value in every replication of the forecast, up to the same instant, in the unit of
            the result: float64 (replications,), NaN for none; at least two replications.
        looks: how often the run is looked at in all (once a day: its days).
    """
    found = []
    for name in COMPARED:
        figure, values = fact.get(name), expected.get(name)
        if figure is None or figure.value is None or values is None:
            continue
        known = values[~np.isnan(values)]
        spread = interval(known) if len(known) > 1 else None
        if spread is None or not (figure.value or known.any()):
            continue  # nothing of it in the plan
        low, high = max(0.0, spread[0]), spread[1]
        place: Place = "below" if figure.value < low else "above" if figure.value > high else "within"
        alarm = name in WATCHED and far_off(figure.value, known, looks, counted=figure.unit in ("count", "people"))
        found.append(Beside(name, figure.unit, float(known.mean()), low, high, figure.value, place, alarm))
    return tuple(found)


def far_off(fact: float, expected: NDArray[np.float64], looks: int, *, counted: bool) -> bool:
    """Return whether a value is no likely next draw after those expected, float64 (n,), n >= 2.

    The prediction interval of Student's t; its level leaves `FALSE_ALARMS` for all watched figures and looks together
    (Bonferroni). A count scatters at least as a Poisson number does, also where the draws happen to agree.
    """
    level = FALSE_ALARMS / (len(WATCHED) * max(looks, 1))
    count, mean = len(expected), float(expected.mean())
    least = max(mean, 1.0) ** 0.5 if counted else 0.0
    error = max(float(expected.std(ddof=1)), least) * (1.0 + 1.0 / count) ** 0.5
    return bool(abs(fact - mean) > t_quantile(1.0 - level / 2.0, count - 1.0) * error)


def alarms(found: Sequence[Beside]) -> tuple[str, ...]:
    """Return the figures that raise the alarm."""
    return tuple(each.figure for each in found if each.alarm)


def to_dict(found: Sequence[Beside]) -> dict[str, Any]:
    """Return the documented form as plain dicts, lists, texts and numbers."""
    return {
        "false_alarms": FALSE_ALARMS,
        "alarms": list(alarms(found)),
        "figures": {
            each.figure: {
                "fact": each.fact,
                "expected": each.expected,
                "low": each.low,
                "high": each.high,
                "unit": each.unit,
                "lies": each.place,
                "alarm": each.alarm,
            }
            for each in found
        },
    }
