"""Guards: a figure over what happened so far, and whether it is in breach (SEMANTICS 25)."""

import operator
from collections.abc import Callable, Mapping
from typing import Final

from wakeup.decide.money import per_minor
from wakeup.plan.model import Guard
from wakeup.terms.lists import Row

COUNTS: Final = (
    "sent", "delivered", "opened", "clicked", "claimed", "joined", "completed", "attended", "orders", "redemptions",
    "grants", "opted_out", "complained",
)  # fmt: skip
"""Figures of guards that count rows."""

COUNTED: Final[Mapping[Row, str]] = {
    Row.SENT: "sent", Row.DELIVERED: "delivered", Row.OPENED: "opened", Row.CLICKED: "clicked",
    Row.CLAIMED: "claimed", Row.JOINED: "joined", Row.COMPLETED: "completed", Row.ORDERED: "orders",
    Row.REDEEMED: "redemptions", Row.GRANTED: "grants", Row.OPTED_OUT: "opted_out", Row.COMPLAINED: "complained",
}  # fmt: skip
"""The figure that a row counts for; a completion of an event counts for `attended` too."""

MONEY: Final = ("spent", "send_cost", "gift_cost", "staff_cost", "discount_cost", "fixed_cost")
"""Figures of guards in micros."""

RATIOS: Final[Mapping[str, tuple[str, str]]] = {
    "complaint_rate": ("complained", "delivered"),
    "opt_out_rate": ("opted_out", "delivered"),
    "redemption_rate": ("redemptions", "grants"),
}
"""Figures of guards that are a ratio of two counts."""

_OPERATORS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def breached(guard: Guard, tally: Mapping[str, int], total: int, minor_digits: int) -> bool:
    """Return whether the guard's condition holds.

    Args:
        guard: the guard.
        tally: counts and micros so far, by figure; what is missing is 0.
        total: the budget's total in micros (0: none), for shares of the budget.
        minor_digits: decimals of the currency.

    Raises:
        ValueError: the figure is none that a guard can watch.
    """
    if guard.after_figure and tally.get(guard.after_figure, 0) < guard.after:
        return False
    figure = _figure(guard, tally, total, minor_digits)
    return figure is not None and _OPERATORS[guard.op](figure, float(guard.value))


def _figure(guard: Guard, tally: Mapping[str, int], total: int, minor_digits: int) -> float | None:
    """Return the figure in the unit of the guard's value, None where its denominator is empty."""
    if guard.figure in RATIOS:
        above, below = RATIOS[guard.figure]
        return _ratio(tally.get(above, 0), tally.get(below, 0))
    if guard.figure not in COUNTS + MONEY:
        raise ValueError(f"no guard can watch {guard.figure}")
    amount = tally.get(guard.figure, 0)
    if guard.unit == "budget_share":
        return _ratio(amount, total)
    return amount / per_minor(minor_digits) if guard.figure in MONEY else float(amount)


def _ratio(above: int, below: int) -> float | None:
    return above / below if below else None
