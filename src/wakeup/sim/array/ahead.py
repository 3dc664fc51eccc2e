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


def foretell(block: Block, come: Group, line: Line, others: Mapping[int, Sequence[Group]]) -> None:
    """Tell the rate of what a line sends who will ask it from others, before the people who have `come` to it do."""
    asks = block.stage.book.asks_rate
    rated = asks[line.number]
    if rated < 0 or not block.shared.ordered:
        return
    rate, program = block.shared.rates[rated], block.stage.book.program
    groups = [(program[number], *group) for number, some in others.items() if asks[number] == rated for group in some]
    instants = [come[1], *(t for _, _, t in groups)]
    if not groups or rate.roomy(min(int(t.min()) for t in instants), sum(map(len, instants))):
        rate.expect()
        return
    expected = [_asked(block, rows, t, each, rated) for each, rows, t in groups]
    rate.expect(*map(np.concatenate, zip(*expected, strict=True)))


def _asked(block: Block, rows: Index, t: I64, line: Line, rated: int) -> tuple[I64, I64, I64]:
    """Return positions, instants and bounds of the requests that people will make, without those of fallbacks."""
    c, book, each = block.columns, block.stage.book, line.instruction
    assert isinstance(each, Send)
    held = c.state[rows] == State.HELD
    asks = due_to_ask(block, rows, t, book.message[each.message], [book.incentive[name] for name in each.incentives])
    asks &= ~held | (c.place[rated][rows] != t)  # they have had their place since they were held
    bound = np.minimum(np.where(held, c.first_due[rows], t) + each.expires, block.stage.plan.end)
    return block.at(rows, t, Phase.DUE)[asks], t[asks], bound[asks]
