"""The one definition of every figure, over sums (SEMANTICS 14, 26 to 28, 35, 37; docs/result.md says it in words).

All arrays are float64 (1 + GROUPS, segments): row 0 holds the sums of everybody, row g + 1 those without random group
g, scaled up to as many people. Money is in minor units; NaN is a figure without a value.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wakeup.decide.money import per_minor
from wakeup.figures.totals import CHANNEL_METRICS, HELD_OUT, METRICS, TREATED, Totals
from wakeup.plan.model import Plan

Values = NDArray[np.float64]

COMPARED: Final = (
    "woken", "converted", "orders", "revenue", "margin", "profit", "wake_rate", "conversion", "aov", "aov_change",
    "active_months",
)  # fmt: skip
"""Figures that have an `incremental_` form against the twins and an `uplift_` form against the held-out."""

_RATIOS: Final = frozenset({"wake_rate", "conversion", "aov", "aov_change", "active_months"})
_SUMMED: Final = (
    "enrolled", "touched", "sent", "delivered", "opened", "clicked", "claimed", "joined", "completed", "attended",
    "woken", "converted", "orders", "redemptions", "grants", "subsidised_orders", "opted_out", "complained",
    "tail_orders", "tail_redemptions",
)  # fmt: skip

MONEY: Final = frozenset(
    {"revenue", "margin", "profit", "discount_cost", "subsidy_cost", "gift_cost", "send_cost", "staff_cost",
     "fixed_cost", "spent", "tail_revenue", "tail_discount_cost", "aov"}
)  # fmt: skip
"""Figures in minor units here and in major units in a result; so are their incremental and uplift forms."""

_MAY_BE_NEGATIVE: Final = frozenset({"margin", "profit", "aov_change", "roi"})

_UNITS: Final = {
    **dict.fromkeys(("targeted", "held_out", "enrolled", "touched", "woken", "converted"), "people"),
    **dict.fromkeys(
        ("wake_rate", "conversion", "complaint_rate", "opt_out_rate", "redemption_rate", "aov_change"), "share"
    ),
    "touches_per_person": "per person",
    "active_months": "months",
    "satisfaction": "score",
    "roi": "ratio",
}


_TOGETHER: Final = 4
"""Replications whose figures are taken at once: those of more do not stay in the cache, and take twice as long."""


def plain_name(figure: str) -> str:
    """Return the name of a figure without `incremental_` or `uplift_`."""
    return figure.removeprefix("incremental_").removeprefix("uplift_")


def floor_of(figure: str) -> float | None:
    """Return the value that a figure cannot lie below, None where it may be negative."""
    return None if plain_name(figure) != figure or figure in _MAY_BE_NEGATIVE else 0.0


def unit_of(figure: str, currency: str) -> str:
    """Return the unit of a figure: a word, or the currency for money."""
    plain = plain_name(figure)
    return currency if plain in MONEY else _UNITS.get(plain, "count")


def evaluate(plan: Plan, totals: Totals) -> dict[str, Values]:
    """Return every figure of every segment of a replication, by name."""
    return evaluate_all(plan, (totals,))[0]


def evaluate_all(plan: Plan, replications: Sequence[Totals]) -> list[dict[str, Values]]:
    """Return the same of each replication: a call of NumPy takes hardly longer for some of them than for one."""
    found = []
    for first in range(0, len(replications), _TOGETHER):
        some = replications[first : first + _TOGETHER]
        figures = _figures(plan, np.stack([each.sums for each in some], axis=1))
        found += [{name: values[number] for name, values in figures.items()} for number in range(len(some))]
    return found


def _figures(plan: Plan, sums: NDArray[np.int64]) -> dict[str, Values]:
    """Return the figures of replications with sums (sides, replications, GROUPS, segments, METRICS), by name."""
    place = METRICS.index("people")
    own, control = (_columns(METRICS, each, each[..., place]) for each in (sums[TREATED], sums[HELD_OUT]))
    people, held = own["people"], control["people"]
    figures: dict[str, Values] = {"targeted": people, "held_out": held}
    figures |= {name: own[name] for name in _SUMMED}
    figures |= _money(plan, own)
    compared = _compared(plan, people, own)
    compared["profit"] = compared["margin"] - _costs(figures)
    nothing = np.zeros_like(people)
    twins = _compared(plan, people, {name: own.get(f"twin_{name}", nothing) for name in METRICS})
    others = _compared(plan, held, control)
    figures |= compared | _rates(figures)
    figures["satisfaction"] = ratio(own["score"], own["ratings"]) / 100.0
    for name in COMPARED:
        figures[f"incremental_{name}"] = compared[name] - twins[name]
        other = others[name] if name in _RATIOS else ratio(others[name], held) * people
        figures[f"uplift_{name}"] = compared[name] - other
    figures["roi"] = ratio(figures["incremental_profit"], figures["spent"])
    return figures


def of_campaign(replications: Sequence[Mapping[str, Values]]) -> dict[str, Values]:
    """Return the figures of the whole campaign, float64 (replications,), from what `evaluate` returns of each."""
    return {name: np.array([each[name][0, 0] for each in replications]) for name in replications[0]}


def evaluate_channels(plan: Plan, totals: Totals) -> dict[str, Values]:
    """Return the figures of every channel of a replication, by name: float64 (1 + GROUPS, channels)."""
    people = totals.sums[TREATED, :, :1, METRICS.index("people")]
    sums = _columns(CHANNEL_METRICS, totals.channels, np.broadcast_to(people, totals.channels.shape[:2]))
    figures = {name: sums[name] for name in CHANNEL_METRICS if name != "send_micros"}
    figures["send_cost"] = _minor(plan, sums["send_micros"])
    figures["complaint_rate"] = ratio(sums["complained"], sums["delivered"])
    figures["opt_out_rate"] = ratio(sums["opted_out"], sums["delivered"])
    return figures


def ratio(above: Values, below: Values) -> Values:
    """Return above / below, NaN where below is 0."""
    quotient: Values = np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below != 0)
    return quotient


def _columns(names: tuple[str, ...], sums: NDArray[np.int64], people: NDArray[np.int64]) -> dict[str, Values]:
    """Put sums (..., GROUPS, segments, names) into columns, float64 (..., 1 + GROUPS, segments); `people` (..., GROUPS,
    segments) scales the rows without a group."""
    whole = sums.sum(axis=-3, keepdims=True)
    everybody = people.sum(axis=-2, keepdims=True)
    # Multiplied first: so a figure that is the same for every person stays whole.
    scaled = ((whole - sums) * everybody[..., np.newaxis]).astype(np.float64)
    without = ratio(scaled, np.broadcast_to((everybody - people)[..., np.newaxis], scaled.shape).astype(np.float64))
    table = np.concatenate((whole.astype(np.float64), without), axis=-3)
    return dict(zip(names, np.ascontiguousarray(np.moveaxis(table, -1, 0)), strict=True))


def _money(plan: Plan, own: Mapping[str, Values]) -> dict[str, Values]:
    # Fixed costs belong to the campaign, not to any part of its people.
    fixed = np.zeros_like(own["people"])
    fixed[..., 0] = sum(cost.amount for cost in plan.costs)
    money = {
        "discount_cost": own["discount"],
        "subsidy_cost": own["subsidy_cost"],
        "gift_cost": own["gift_cost"],
        "send_cost": _minor(plan, own["send_micros"]),
        "staff_cost": own["staff_cost"],
        "fixed_cost": fixed,
        "tail_revenue": own["tail_value"] - own["tail_discount"],
        "tail_discount_cost": own["tail_discount"],
    }
    return money | {"spent": _costs(money) + money["discount_cost"]}


def _costs(money: Mapping[str, Values]) -> Values:
    return money["gift_cost"] + money["staff_cost"] + money["send_cost"] + money["fixed_cost"]


def _minor(plan: Plan, micros: Values) -> Values:
    """Return micros as minor units, half up, once."""
    return np.floor(micros / per_minor(plan.minor_digits) + 0.5)


def _compared(plan: Plan, people: Values, sums: Mapping[str, Values]) -> dict[str, Values]:
    """Return the figures that people, twins and held-out have alike; profit before any cost of the campaign."""
    goods, parts = (1 - Decimal(plan.margin)).as_integer_ratio()
    revenue = sums["value"] - sums["discount"]
    # What the shop pays for goods does not follow a scenario's prices.
    margin = revenue - np.floor((sums["value"] - sums["markup"]) * goods / parts + 0.5)
    return {
        "woken": sums["woken"],
        "converted": sums["converted"],
        "orders": sums["orders"],
        "revenue": revenue,
        "margin": margin,
        "profit": margin,
        "wake_rate": ratio(sums["woken"], people),
        "conversion": ratio(sums["converted"], sums["woken"]),
        "aov": ratio(revenue, sums["orders"]),
        "aov_change": ratio(sums["known_paid"], sums["known_base"]) - 1,
        "active_months": ratio(sums["active_months"], sums["woken"]),
    }


def _rates(figures: Mapping[str, Values]) -> dict[str, Values]:
    return {
        "complaint_rate": ratio(figures["complained"], figures["delivered"]),
        "opt_out_rate": ratio(figures["opted_out"], figures["delivered"]),
        "redemption_rate": ratio(figures["redemptions"], figures["grants"]),
        "touches_per_person": ratio(figures["sent"], figures["targeted"]),
    }
