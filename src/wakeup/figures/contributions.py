"""What each channel adds: the campaign beside itself without the channel, with the same draws (SEMANTICS, Figures).

Credit shares out all orders whatever caused them; this is the difference that the channel makes. Channels that do each
other's work add little one by one, so the parts need not come to the whole.
"""

from collections.abc import Mapping, Sequence

from wakeup.figures.definitions import Values, evaluate
from wakeup.figures.estimates import Currency, estimate_all
from wakeup.figures.result import Contribution
from wakeup.figures.totals import Totals
from wakeup.plan.model import Plan

_COMPARED = ("incremental_orders", "incremental_woken", "incremental_profit")


def contributions(
    plan: Plan, forecast: Sequence[Totals], without: Mapping[str, Sequence[Totals]]
) -> tuple[Contribution, ...]:
    """Return what each channel adds.

    Args:
        plan: the plan.
        forecast: sums of the replications.
        without: per channel those of the same replications in which nobody can be reached on it.
    """
    currency = Currency(plan.currency, plan.minor_digits)
    found = []
    for channel, totals in without.items():
        pairs = zip(forecast, totals, strict=True)
        figures = estimate_all([_less(plan, own, other) for own, other in pairs], currency)[0]
        found.append(Contribution(channel, *(figures[name] for name in _COMPARED)))
    return tuple(found)


def _less(plan: Plan, own: Totals, other: Totals) -> dict[str, Values]:
    """Return by how much the campaign's figures differ, (1 + GROUPS, 1) each."""
    values, others = evaluate(plan, own), evaluate(plan, other)
    return {name: values[name][:, :1] - others[name][:, :1] for name in _COMPARED}
