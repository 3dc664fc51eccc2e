"""What each budget line paid, exactly: sends in micros, rounded once per line."""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from wakeup.decide.money import minor_of
from wakeup.figures.events import Closing
from wakeup.figures.tables import Tables
from wakeup.figures.totals import Spending
from wakeup.plan.model import Plan


def spending(
    tables: Tables, texts: NDArray[np.int64], paid: NDArray[np.int64], closing: Closing
) -> tuple[Spending, ...]:
    """Return what left each line: the budget's lines in order, then "" for what has no line, if anything.

    texts, paid: as in `wakeup.figures.sums.Sums`.
    """
    plan = tables.plan
    spent = _sends(plan, (texts * tables.price).sum(axis=1))
    tail: defaultdict[str, int] = defaultdict(int)
    for cost in plan.costs:
        spent[cost.line] += cost.amount
    for incentive, (inside, after) in zip(plan.incentives, paid.T.tolist(), strict=True):
        spent[incentive.line] += inside
        tail[incentive.line] += after
    held = dict(closing.reserved)
    lines = () if plan.budget is None else tuple(line.name for line in plan.budget.lines)
    loose = ("",) if spent[""] or tail[""] or held.get("") else ()
    return tuple(Spending(line, spent[line], tail[line], held.get(line, 0)) for line in (*lines, *loose))


def _sends(plan: Plan, micros: NDArray[np.int64]) -> defaultdict[str, int]:
    """Return minor units per line from micros per message, int64 (messages,)."""
    default = "" if plan.budget is None else plan.budget.send_line
    line_of = {channel.name: channel.line or default for channel in plan.channels}
    by_line: defaultdict[str, int] = defaultdict(int)
    for message, spent_on in zip(plan.messages, micros.tolist(), strict=True):
        by_line[line_of[message.channel]] += spent_on
    spent: defaultdict[str, int] = defaultdict(int)
    spent.update({line: minor_of(amount, plan.minor_digits) for line, amount in by_line.items()})
    return spent
