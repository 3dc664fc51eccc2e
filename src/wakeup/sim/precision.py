"""When replications are enough: the value of a figure is known closely enough (docs/operations.md).

What is asked about is the value, the mean over replications: its 90 % interval shrinks with more of them. The interval
of one live run (`low`, `high` of a result) does not: more replications only draw its ends more sharply.

The decision is taken on the first 20, 30, 40, … replications in their order, never on those that happened to be done
first: so it does not depend on workers.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from wakeup.diagnostics import Listed, WakeupError, diagnostic, suggest
from wakeup.figures.definitions import COMPARED, MONEY, evaluate, plain_name, unit_of
from wakeup.figures.totals import Totals
from wakeup.plan.model import Plan
from wakeup.stats import t_quantile
from wakeup.terms.lists import FIGURES_COUNT, FIGURES_MONEY, FIGURES_RATIO

FIRST_LOOK: Final = 20
"""Replications before the first look: a spread estimated from fewer is too often too small by luck."""

EVERY: Final = 10
"""Replications between two looks: each look is another chance to stop by luck."""

_UPPER: Final = 0.95
"""The quantile at the upper end of a 90 % interval."""

FIGURES: Final = (
    *FIGURES_COUNT, *FIGURES_MONEY, *FIGURES_RATIO,
    *(f"{form}_{name}" for form in ("incremental", "uplift") for name in COMPARED),
)  # fmt: skip
"""The figures of a result."""


@frozen
class Precision:
    """Half-widths of the 90 % interval of values that are asked for, by figure, in the unit of the result (money in
    major units, shares 0 to 1)."""

    wanted: Mapping[str, float]

    @classmethod
    def of(cls, wanted: Mapping[str, float]) -> "Precision":
        """Return what is asked for.

        Raises:
            WakeupError: an unknown figure (WK5113), a half-width that is not above 0 (WK5114).
        """
        problems = [
            diagnostic("WK5113", name=name, known=Listed(suggest(name, FIGURES) or ("incremental_profit", "wake_rate")))
            for name in wanted
            if name not in FIGURES
        ]
        problems += [
            diagnostic("WK5114", name=name, found=f"{width:g}")
            for name, width in wanted.items()
            if not 0 < width < float("inf")
        ]
        if problems:
            raise WakeupError(problems)
        return cls(dict(wanted))


def parse_precision(text: str) -> dict[str, float]:
    """Return the half-widths in a text such as `incremental_profit=5000,wake_rate=0.2%`; percent only of shares.

    Raises:
        WakeupError: it is not written so (WK5114), an unknown figure (WK5113).
    """
    found: dict[str, float] = {}
    for piece in text.split(","):
        name, _, width = (each.strip() for each in piece.partition("="))
        share = width.endswith("%")
        try:
            number = float(width.removesuffix("%"))
        except ValueError:
            raise WakeupError([diagnostic("WK5114", name=name, found=width)]) from None
        if share and name in FIGURES and unit_of(name, "") != "share":
            raise WakeupError([diagnostic("WK5114", name=name, found=width)])
        found[name] = number / 100 if share else number
    Precision.of(found)
    return found


@define(eq=False)
class Watch:
    """Looks at the replications of one plan, which come in their order, until they are precise enough."""

    plan: Plan
    precision: Precision
    _values: dict[str, list[float]] = field(init=False)
    _count: int = 0

    def __attrs_post_init__(self) -> None:
        self._values = {name: [] for name in self.precision.wanted}

    def enough(self, totals: Totals) -> bool:
        """Take the next replication and return whether all so far are enough."""
        self._count += 1
        figures, minor = evaluate(self.plan, totals), 10.0**-self.plan.minor_digits
        for name, values in self._values.items():
            values.append(float(figures[name][0, 0]) * (minor if plain_name(name) in MONEY else 1.0))
        if self._count < FIRST_LOOK or (self._count - FIRST_LOOK) % EVERY:
            return False
        return all(width is not None and width <= self.precision.wanted[name] for name, width in self.reached().items())

    def reached(self) -> dict[str, float | None]:
        """Return the half-widths so far, by figure; None: it cannot be told."""
        return {name: half_width(np.array(values)) for name, values in self._values.items()}


def reached(plan: Plan, precision: Precision, replications: Iterable[Totals]) -> dict[str, float | None]:
    """Return the half-widths over some replications, by figure; None: it cannot be told."""
    watch = Watch(plan, precision)
    for totals in replications:
        watch.enough(totals)
    return watch.reached()


def half_width(values: NDArray[np.float64]) -> float | None:
    """Return half the 90 % interval of the mean, t x sd / sqrt(n); None with fewer than two values (NaN is none)."""
    known = values[~np.isnan(values)]
    if len(known) < 2:
        return None
    return t_quantile(_UPPER, len(known) - 1.0) * float(known.std(ddof=1)) / math.sqrt(len(known))
