"""Who else is about to ask a channel's rate, from other lines of the program.

Places are taken in the order of people, whatever text they are due for; lines are played one after the other. So before
a line asks, the rate is told whom else to keep places for. Where that turns out otherwise, an answer is wrong like any
other, and is found.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from wakeup.plan.model import Send
from wakeup.sim.array.asking import due_to_ask
from wakeup.sim.array.block import Block
from wakeup.sim.array.book import Line
from wakeup.sim.array.codes import I64, Index, Phase, State

Group = tuple[Index, I64]
"""People (m,), and when they have come to a line."""


def foretell(block: Block, number: int, come: Mapping[int, Sequence[Group]]) -> Sequence[int]:
    """Tell the rate that a line of the program asks next who will ask it, of all who have `come` to lines.

    Returns:
        the lines of whose people it knows now; none where there is room for everybody.
    """
    asks, program = block.stage.book.asks_rate, block.stage.book.program
    rated = asks[number]
    lines = [each for each in come if asks[each] == rated >= 0]
    if len(lines) <= 1 or not block.shared.ordered:
        return ()
    rate, groups = block.shared.rates[rated], [(program[each], *group) for each in lines for group in come[each]]
    if rate.roomy(min(int(t.min()) for _, _, t in groups), sum(len(t) for _, _, t in groups)):
        return ()
    expected = [_asked(block, rows, t, line, rated) for line, rows, t in groups]
    rate.expect(*map(np.concatenate, zip(*expected, strict=True)))
    return lines


def _asked(block: Block, rows: Index, t: I64, line: Line, rated: int) -> tuple[I64, I64, I64]:
    """Return positions, instants and bounds of the requests that people will make, without those of fallbacks."""
    c, book, each = block.columns, block.stage.book, line.instruction
    assert isinstance(each, Send)
    held = c.state[rows] == State.HELD
    asks = due_to_ask(block, rows, t, book.message[each.message], [book.incentive[name] for name in each.incentives])
    asks &= ~held | (c.place[rated][rows] != t)  # they have had their place since they were held
    bound = np.minimum(np.where(held, c.first_due[rows], t) + each.expires, block.stage.plan.end)
    return block.at(rows, t, Phase.DUE)[asks], t[asks], bound[asks]
