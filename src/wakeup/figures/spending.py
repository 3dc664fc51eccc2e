"""What each budget line paid, exactly: sends in micros, rounded once per line."""

from collections import defaultdict

import numpy as np

from wakeup.decide.money import minor_of
from wakeup.figures.events import Closing
from wakeup.figures.rows import Rows, prices
from wakeup.figures.totals import Spending
from wakeup.plan.model import Plan
from wakeup.terms.lists import Row


def spending(plan: Plan, rows: Rows, closing: Closing) -> tuple[Spending, ...]:
    """Return what left each line: the budget's lines in order, then "" for what has no line, if anything."""
    spent = _sends(plan, rows)
    tail: defaultdict[str, int] = defaultdict(int)
    for cost in plan.costs:
        spent[cost.line] += cost.amount
    for row in (Row.GIFTED, Row.SERVED, Row.COMPLETED, Row.REDEEMED):
        kept = rows.kept(row)
        for later, purse in ((False, spent), (True, tail)):
            chosen = kept.chosen((kept.t >= plan.end) == later)
            amounts = np.bincount(chosen.incentive, weights=chosen.amount, minlength=len(plan.incentives))
            for incentive, amount in zip(plan.incentives, amounts, strict=True):
                purse[incentive.line] += int(amount)
    held = dict(closing.reserved)
    lines = () if plan.budget is None else tuple(line.name for line in plan.budget.lines)
    loose = ("",) if spent[""] or tail[""] or held.get("") else ()
    return tuple(Spending(line, spent[line], tail[line], held.get(line, 0)) for line in (*lines, *loose))


def _sends(plan: Plan, rows: Rows) -> defaultdict[str, int]:
    default = "" if plan.budget is None else plan.budget.send_line
    line_of = {channel.name: channel.line or default for channel in plan.channels}
    sends = rows.within(Row.SENT, plan.start, plan.end)
    price = prices(plan)
    counts = np.zeros(price.shape, np.int64)
    np.add.at(counts, (sends.message, sends.arm), 1)
    micros: defaultdict[str, int] = defaultdict(int)
    for message, spent_on in zip(plan.messages, (counts * price).sum(axis=1), strict=True):
        micros[line_of[message.channel]] += int(spent_on)
    spent: defaultdict[str, int] = defaultdict(int)
    spent.update({line: minor_of(amount, plan.minor_digits) for line, amount in micros.items()})
    return spent
