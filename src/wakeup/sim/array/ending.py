"""The end of journeys: of everybody's when a guard stops the campaign or the run is over, and of grants after it."""

import numpy as np

from wakeup.customers.population import NEVER
from wakeup.sim.array import grants
from wakeup.sim.array.block import Block
from wakeup.sim.array.codes import FAR, I64, Index, State
from wakeup.terms.lists import Reason, Row


def stop(block: Block, t: int) -> None:
    """Let a guard end everybody's journey at `t`; who has not entered never will (rule 53)."""
    due = block.columns.when[block.stage.layout.due]
    coming = ((block.columns.state == State.COMING) & (due < FAR)).nonzero()[0]
    _refuse_entry(block, coming, due[coming])
    _end_journeys(block, t)


def finish(block: Block) -> None:
    """End the run: journeys end, claims and joins no longer count (rules 3, 53)."""
    end = block.stage.plan.end
    late = (block.columns.state == State.COMING).nonzero()[0]
    _refuse_entry(block, late, np.full(len(late), end, np.int64))
    _end_journeys(block, end)
    for number, event in block.stage.layout.own:
        if event.kind not in ("freed", "organic", "induced", "lapse"):
            block.columns.when[number] = FAR


def forget(block: Block) -> None:
    """Let nothing happen to anybody in a campaign any more, and no order look at its coupons (rule T8)."""
    for number, event in block.stage.layout.own:
        if event.campaign == block.stage.layout.number:
            block.columns.when[number] = FAR
    block.columns.known[:] = False


def lapse_the_rest(block: Block) -> None:
    """Write the rows of open grants that end before the horizon, however they were counted."""
    c = block.columns
    for incentive in range(len(block.stage.plan.incentives)):
        end = c.end[incentive]
        grants.lapse(block, ((end > NEVER) & (end < block.stage.horizon)).nonzero()[0], incentive)


def _refuse_entry(block: Block, rows: Index, t: I64) -> None:
    block.write(Row.NOT_ENTERED, rows, t, reason=int(Reason.NOT_ENTERED))
    block.columns.state[rows] = State.OVER
    block.columns.when[block.stage.layout.due][rows] = FAR


def _end_journeys(block: Block, t: int) -> None:
    inside = ((block.columns.state != State.COMING) & (block.columns.state != State.OVER)).nonzero()[0]
    block.leave(inside, np.full(len(inside), t, np.int64), Row.ENDED)
