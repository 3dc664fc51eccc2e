"""What a plan's own counter-measures buy under a scenario: the campaign beside itself without them, same draws."""

from collections.abc import Sequence
from typing import Final

from wakeup.figures.definitions import evaluate, of_campaign
from wakeup.figures.estimates import Currency, estimate_all
from wakeup.figures.result import Countermeasure
from wakeup.figures.totals import Totals
from wakeup.figures.verdicts import missed
from wakeup.plan.model import Plan

_COMPARED: Final = {
    "incremental_profit": "incremental_profit",
    "incremental_orders": "incremental_orders",
    "incremental_opted_out": "opted_out",
    "incremental_complained": "complained",
}
"""What is told of a counter-measure: differences, which may lie below 0, of these figures."""


def countermeasure(
    plan: Plan,
    scenario: str,
    kind: str,
    names: tuple[str, ...],
    played: Sequence[tuple[Totals, Totals]],
    acted: int,
) -> Countermeasure:
    """Return what a counter-measure buys.

    Args:
        plan: with it.
        scenario: its name.
        kind: "guards" or "fallbacks".
        names: which of them.
        played: the sums of each replication with it and without it, at least one.
        acted: in how many of them it made a difference.
    """
    pairs = [(evaluate(plan, own), evaluate(plan, other)) for own, other in played]
    less = [{name: own[of][:, :1] - other[of][:, :1] for name, of in _COMPARED.items()} for own, other in pairs]
    found = estimate_all(less, Currency(plan.currency, plan.minor_digits))[0]
    figures = {of: found[name] for name, of in _COMPARED.items()}
    with_it, without = (missed(plan.goals, of_campaign([pair[side] for pair in pairs])) for side in (0, 1))
    change = {goal: with_it[goal] - without[goal] for goal in with_it}
    return Countermeasure(scenario, kind, names, acted, figures, change)
