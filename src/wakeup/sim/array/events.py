"""What happens to people at their next event, kind by kind."""

import numpy as np

from wakeup.sim.array import activities, answers, grants, journey, orders
from wakeup.sim.array.block import Block
from wakeup.sim.array.codes import I16, I64, Index


def happen(block: Block, rows: Index, column: I16, t: I64) -> None:
    """Play one event of each person: the one of `column` (m,) of the layout, at `t` (m,).

    Organic and induced orders, columns side by side, are played as one.
    """
    organic, induced = block.stage.layout.organic, block.stage.layout.induced
    last = len(block.stage.layout.events) - 1  # most are due
    others = (column != last).nonzero()[0]
    if not len(others):
        _happen(block, last, rows, t)
        return
    due = (column == last).nonzero()[0]
    if len(due):
        _happen(block, last, rows.take(due), t.take(due))
    rows, column, t = rows.take(others), column.take(others), t.take(others)
    counts = np.bincount(column, minlength=induced + 1)
    counts[organic] += counts[induced]
    counts[induced] = 0
    order = np.argsort(column, kind="stable")  # sorts by digits, which is fast
    ends = np.cumsum(counts)
    for number in counts.nonzero()[0].tolist():
        mine = order[ends[number] - counts[number] : ends[number]]
        if number == organic:
            orders.order(block, rows[mine], t[mine], column[mine] == organic)
        else:
            _happen(block, number, rows[mine], t[mine])


def _happen(block: Block, number: int, rows: Index, t: I64) -> None:
    event = block.stage.layout.events[number]
    if block.beside:
        block = block.beside[max(event.campaign, 0)]
    match event.kind:
        case "freed":
            answers.end_service(block, rows, t, event.incentive, number)
        case "goal":
            answers.goal(block, rows, t)
        case "claim":
            answers.claim(block, rows, t, event.incentive)
        case "join":
            activities.join(block, rows, t, event.incentive)
        case "complete":
            activities.complete(block, rows, t, event.incentive, number)
        case "lapse":
            grants.lapse(block, rows, event.incentive)
        case "start":
            answers.start_service(block, rows, t, event.incentive)
        case "release":
            answers.release(block, rows, t, event.incentive)
        case "due":
            journey.due(block, rows, t)
