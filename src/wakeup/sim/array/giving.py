"""A step that grants without a message (rule 69)."""

import numpy as np

from wakeup.plan.model import Grant
from wakeup.sim.array.block import Block
from wakeup.sim.array.book import Line
from wakeup.sim.array.codes import I64, Index, Phase
from wakeup.sim.array.grants import grant, granting, live, refusals
from wakeup.sim.array.pieces import pieces
from wakeup.terms.lists import Row


def give(block: Block, rows: Index, t: I64, line: Line) -> None:
    """Put incentives into the accounts of people due at `t` (m,), each by itself and in order."""
    step = line.instruction
    assert isinstance(step, Grant)
    order = np.argsort(t, kind="stable")
    rows, t = rows[order], t[order]
    for name in step.incentives:
        incentive = block.stage.book.incentive[name]
        where, limits = block.at(rows, t, Phase.DUE), granting(block, rows, t, incentive)
        for part in pieces(where, limits, lambda: np.ones(len(rows), np.bool_)):
            _give(block, rows[part], t[part], incentive, line.step)


def _give(block: Block, rows: Index, t: I64, incentive: int, step: int) -> None:
    was_live = live(block, rows, incentive, t)
    reason = refusals(block, rows, t, incentive, Phase.DUE)
    refused = reason > 0
    block.write(Row.REFUSED, rows[refused], t[refused], step=step, incentive=incentive, reason=reason[refused])
    new = ~was_live & ~refused
    grant(block, rows[new], incentive, t[new], Phase.DUE, step, -1)
    block.columns.known[incentive][rows[~refused]] = True
